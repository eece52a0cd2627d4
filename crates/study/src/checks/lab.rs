//! A bench for experiments on one network: set, rest, push, read.

use super::CheckError;
use super::together::Desk;
use gutskin_biology::parameter_table;
use gutskin_engine::lanes::PatientSpec;
use gutskin_engine::program::{Program, ProgramOptions, ScalarProgram};
use gutskin_engine::random::{RandomStream, StreamId};
use gutskin_engine::{
    Action, Change, FailureReason, Options, Rejection, Run, Schedule, Solution, Solver, States,
    Status, SteadyOptions, SteadyState, SteadyStatus, System, Target,
};
use gutskin_network::{Network, ParameterTable, Spread};
use gutskin_people::sampler::{SampledParameter, Sampler};
use std::sync::{Arc, OnceLock};

/// The shipped parameters, read once: drawn people ask for settings by the thousand.
///
/// # Errors
/// A file does not read.
pub(crate) fn table() -> Result<&'static ParameterTable, CheckError> {
    static TABLE: OnceLock<ParameterTable> = OnceLock::new();
    if let Some(table) = TABLE.get() {
        return Ok(table);
    }
    let read = parameter_table()?;
    Ok(TABLE.get_or_init(|| read))
}

/// Value of a parameter of the shipped files that need not be in a network (arrival times, carriage, cohorts), in its
/// own unit.
///
/// # Errors
/// No file has a row of that name.
pub(crate) fn setting(name: &str) -> Result<f64, CheckError> {
    table()?
        .get(name)
        .map(|entry| entry.value)
        .ok_or_else(|| Lab::unknown("parameter", name))
}

/// One network with a person in it.
pub struct Lab {
    /// The network.
    pub network: Arc<Network>,
    /// This person's parameters.
    pub parameters: Vec<f64>,
    /// Switches.
    pub switches: Vec<f64>,
    /// Inputs in force.
    pub inputs: Vec<f64>,
    /// States.
    pub state: Vec<f64>,
    start: Vec<f64>,
    program: Arc<Program>,
    solver: Solver<ScalarProgram>,
    sampler: Arc<Sampler>,
    /// Where each sampled parameter stands among those of the network.
    sampled: Vec<usize>,
    who: String,
    /// Where solves are asked for, of people who are solved together.
    desk: Option<Desk>,
}

impl Lab {
    /// A bench with the central person at the network's start.
    ///
    /// # Errors
    /// The network does not compile.
    pub fn new(network: Network) -> Result<Self, CheckError> {
        let program = Arc::new(Program::new(&network, &ProgramOptions::default())?);
        let states = States::of_program(&program)?;
        let scalar = ScalarProgram::new(program.clone());
        let mut start = vec![0.0; network.states.len()];
        scalar.initial(&mut start);
        let sampled: Vec<usize> = (0..network.parameters.len())
            .filter(|i| network.parameters[*i].spread != Spread::Fixed)
            .collect();
        let spreads = sampled
            .iter()
            .map(|i| SampledParameter::from(&network.parameters[*i]))
            .collect();
        Ok(Self {
            parameters: network.parameters.iter().map(|p| p.value).collect(),
            switches: network
                .switches
                .iter()
                .map(|s| f64::from(u8::from(s.default)))
                .collect(),
            inputs: network.inputs.iter().map(|i| i.default).collect(),
            state: start.clone(),
            start,
            program,
            solver: Solver::new(scalar, states, Options::default())?,
            sampler: Arc::new(Sampler::new(spreads, &[])?),
            sampled,
            network: Arc::new(network),
            who: "the central person".to_owned(),
            desk: None,
        })
    }

    /// A bench with the same network and switches, and the central person at its start, whose solves are asked for at a desk.
    ///
    /// # Errors
    /// The solver is refused.
    pub(super) fn beside(&self, desk: Desk) -> Result<Self, CheckError> {
        let states = States::of_program(&self.program)?;
        let scalar = ScalarProgram::new(self.program.clone());
        let mut bench = Self {
            network: self.network.clone(),
            parameters: Vec::new(),
            switches: self.switches.clone(),
            inputs: Vec::new(),
            state: Vec::new(),
            start: self.start.clone(),
            program: self.program.clone(),
            solver: Solver::new(scalar, states, Options::default())?,
            sampler: self.sampler.clone(),
            sampled: self.sampled.clone(),
            who: String::new(),
            desk: Some(desk),
        };
        bench.reset();
        Ok(bench)
    }

    /// The network as it was compiled.
    pub(super) fn program(&self) -> &Arc<Program> {
        &self.program
    }

    /// What messages call the person who is in it.
    pub(super) fn call(&mut self, who: String) {
        self.who = who;
    }

    /// Back to the central person at the network's start.
    pub fn reset(&mut self) {
        self.parameters = self.network.parameters.iter().map(|p| p.value).collect();
        self.inputs = self.network.inputs.iter().map(|i| i.default).collect();
        self.state.clone_from(&self.start);
        self.who = "the central person".to_owned();
    }

    /// A person drawn from the spreads of all parameters, at the network's start with default inputs.
    pub fn draw(&mut self, seed: u64, person: u32) {
        self.reset();
        let values = self.sampler.draw(seed, person);
        for (i, value) in self.sampled.iter().zip(values) {
            self.parameters[*i] = value;
        }
        self.who = format!("person {person} of seed {seed}");
    }

    /// The network's start for this person's parameters, with the inputs in force.
    pub fn begin(&mut self) {
        self.admit();
        let mut state = std::mem::take(&mut self.state);
        self.solver.system_mut().initial(&mut state);
        self.state = state;
    }

    /// Turns a switch on or off.
    ///
    /// # Errors
    /// The network has none of that name.
    pub fn set_switch(&mut self, name: &str, on: bool) -> Result<(), CheckError> {
        let found = self.network.switches.iter().position(|s| s.name == name);
        let i = found.ok_or_else(|| Self::unknown("switch", name))?;
        self.switches[i] = f64::from(u8::from(on));
        Ok(())
    }

    /// A uniform number of this person for a use of its own.
    pub fn uniform(seed: u64, person: u32, purpose: &str) -> f64 {
        RandomStream::new(seed, person, StreamId::named("check", purpose)).uniform_at(0)
    }

    /// A standard normal number of this person for a use of its own.
    pub fn normal(seed: u64, person: u32, purpose: &str) -> f64 {
        RandomStream::new(seed, person, StreamId::named("check", purpose)).normal_at(0)
    }

    fn unknown(what: &'static str, name: &str) -> CheckError {
        CheckError::Unknown {
            what,
            name: name.to_owned(),
        }
    }

    /// Position of an input.
    ///
    /// # Errors
    /// The network has none of that name.
    pub fn input_index(&self, name: &str) -> Result<usize, CheckError> {
        let found = self.network.inputs.iter().position(|i| i.name == name);
        found.ok_or_else(|| Self::unknown("input", name))
    }

    /// Position of a parameter.
    ///
    /// # Errors
    /// The network has none of that name.
    pub fn parameter_index(&self, name: &str) -> Result<usize, CheckError> {
        let found = self.network.parameters.iter().position(|p| p.name == name);
        found.ok_or_else(|| Self::unknown("parameter", name))
    }

    /// Position of a state.
    ///
    /// # Errors
    /// The network has none of that name.
    pub fn state_index(&self, name: &str) -> Result<usize, CheckError> {
        let found = self.network.states.iter().position(|s| s.name == name);
        found.ok_or_else(|| Self::unknown("state", name))
    }

    /// Value of an input in force.
    ///
    /// # Errors
    /// The network has none of that name.
    pub fn input(&self, name: &str) -> Result<f64, CheckError> {
        Ok(self.inputs[self.input_index(name)?])
    }

    /// Sets an input.
    ///
    /// # Errors
    /// The network has none of that name.
    pub fn set_input(&mut self, name: &str, value: f64) -> Result<(), CheckError> {
        let i = self.input_index(name)?;
        self.inputs[i] = value;
        Ok(())
    }

    /// Value of a parameter.
    ///
    /// # Errors
    /// The network has none of that name.
    pub fn parameter(&self, name: &str) -> Result<f64, CheckError> {
        Ok(self.parameters[self.parameter_index(name)?])
    }

    /// Sets a parameter of this person.
    ///
    /// # Errors
    /// The network has none of that name.
    pub fn set_parameter(&mut self, name: &str, value: f64) -> Result<(), CheckError> {
        let i = self.parameter_index(name)?;
        self.parameters[i] = value;
        Ok(())
    }

    fn admit(&mut self) {
        let (parameters, switches) = (self.parameters.clone(), self.switches.clone());
        self.solver.system_mut().set_patient(&parameters, &switches);
    }

    /// Brings the person to rest under the inputs in force.
    ///
    /// # Errors
    /// None is found, or it is not stable.
    pub fn rest(&mut self) -> Result<(), CheckError> {
        /// Where the direct search fails, a year of this person's life often brings it within reach.
        const YEAR: f64 = 365.0;
        if self.search()?.is_success() {
            return Ok(());
        }
        self.run(YEAR, &[], Vec::new())?;
        let status = self.search()?;
        if status.is_success() {
            return Ok(());
        }
        Err(self.not_steady(format!("{status:?}")))
    }

    /// This person has no steady state.
    pub(super) fn not_steady(&self, why: String) -> CheckError {
        CheckError::NotSteady {
            who: self.who.clone(),
            why,
        }
    }

    /// A run of this person failed.
    pub(super) fn failed(&self, status: &Status) -> CheckError {
        CheckError::Failed {
            who: self.who.clone(),
            why: self.told(status),
        }
    }

    /// The person stays where a run ended.
    pub(super) fn stay(&mut self, solution: &Solution) {
        self.state.clone_from(&solution.state);
        self.lift();
        self.inputs.clone_from(&solution.inputs);
    }

    /// Searches the steady state from where the person is; the person moves there where it is found.
    fn search(&mut self) -> Result<SteadyStatus, CheckError> {
        let found = self.steady_state()?;
        if found.status.is_success() {
            self.state = found.state;
            self.lift();
        }
        Ok(found.status)
    }

    fn steady_state(&mut self) -> Result<SteadyState, CheckError> {
        if let Some(desk) = &self.desk {
            /// Which day it would be does not matter to a search of rest.
            const DAY: f64 = 1.0;
            let mut run = Run::new(0.0, DAY, self.state.clone());
            run.inputs.clone_from(&self.inputs);
            return Ok(desk.rest(self.asked(run)).ok_or_else(|| self.alone())??);
        }
        self.admit();
        let options = SteadyOptions::default();
        Ok(self
            .solver
            .steady_state(0.0, &self.state, &self.inputs, &options)?)
    }

    fn solve(&mut self, run: Run) -> Result<Solution, CheckError> {
        if let Some(desk) = &self.desk {
            return Ok(desk.course(self.asked(run)).ok_or_else(|| self.alone())??);
        }
        self.admit();
        Ok(self.solver.solve(&run)?)
    }

    fn alone(&self) -> CheckError {
        CheckError::Failed {
            who: self.who.clone(),
            why: "nobody solves any more".to_owned(),
        }
    }

    fn asked(&self, run: Run) -> PatientSpec {
        PatientSpec {
            parameters: self.parameters.clone(),
            switches: self.switches.clone(),
            run,
        }
    }

    /// Solutions may lie below zero within the tolerance of the solver; a run may not start there.
    pub(super) fn lift(&mut self) {
        for (state, spec) in self.state.iter_mut().zip(&self.network.states) {
            if spec.non_negative {
                *state = state.max(0.0);
            }
        }
    }

    /// Rates of change of a state under the inputs in force.
    pub fn rates(&mut self, state: &[f64]) -> Vec<f64> {
        self.admit();
        let mut out = vec![f64::NAN; state.len()];
        System::rhs(self.solver.system_mut(), 0.0, state, &self.inputs, &mut out);
        out
    }

    /// Observables of the present state.
    pub fn observables(&mut self) -> Vec<f64> {
        self.admit();
        let mut out = vec![f64::NAN; self.network.observables.len()];
        System::observe(
            self.solver.system_mut(),
            0.0,
            &self.state,
            &self.inputs,
            &mut out,
        );
        out
    }

    /// How a run ended, with the name of the state that stopped it.
    fn told(&self, status: &Status) -> String {
        let named = match status {
            Status::Failed {
                reason:
                    FailureReason::StepTooSmall {
                        last: Rejection::Negative { state },
                        ..
                    },
                ..
            } => self.network.states.get(*state),
            _ => None,
        };
        named.map_or_else(
            || status.to_string(),
            |s| format!("{status} (state {})", s.name),
        )
    }

    /// Position of an observable.
    ///
    /// # Errors
    /// The network has none of that name.
    pub fn observable_index(&self, name: &str) -> Result<usize, CheckError> {
        let found = self.network.observables.iter().position(|o| o.name == name);
        found.ok_or_else(|| Self::unknown("observable", name))
    }

    /// One observable of the present state.
    ///
    /// # Errors
    /// The network has none of that name.
    pub fn read(&mut self, name: &str) -> Result<f64, CheckError> {
        let i = self.observable_index(name)?;
        Ok(self.observables()[i])
    }

    /// A change of an input at a time.
    ///
    /// # Errors
    /// The network has none of that name.
    pub fn input_change(&self, time: f64, name: &str, value: f64) -> Result<Change, CheckError> {
        let i = u32::try_from(self.input_index(name)?).unwrap_or(u32::MAX);
        Ok(Change {
            time,
            target: Target::Input(i),
            action: Action::Set(value),
        })
    }

    /// Runs from the present state for `days` with these changes; the person stays where the run ends, inputs as the
    /// last change left them.
    ///
    /// # Errors
    /// The run fails.
    pub fn run(
        &mut self,
        days: f64,
        outputs: &[f64],
        mut changes: Vec<Change>,
    ) -> Result<Solution, CheckError> {
        changes.sort_by(|a, b| a.time.total_cmp(&b.time));
        let mut run = Run::new(0.0, days, self.state.clone());
        run.inputs.clone_from(&self.inputs);
        run.schedule = Schedule::new(changes)?;
        run.outputs = outputs.to_vec();
        run.record_states = true;
        let solution = self.solve(run)?;
        if !solution.status.is_success() {
            return Err(self.failed(&solution.status));
        }
        self.stay(&solution);
        Ok(solution)
    }
}
