//! The simulation behind a trial.

use crate::scenario::{Care, Inclusion, Scenario};
use gutskin_engine::program::{Program, ProgramError, ProgramOptions, ScalarProgram};
use gutskin_engine::random::{RandomStream, StreamId};
use gutskin_engine::{EngineError, Options, Run, Schedule, Solver, States, Status, SteadyOptions};
use gutskin_people::sampler::{Sampler, SamplerError};
use std::sync::Arc;
use thiserror::Error;

/// How many people are drawn for each one wanted before a population counts as empty.
const DRAWS_PER_PLACE: usize = 100;

/// Why a trial could not be run at all. A single patient's trouble is a status in the result instead.
#[derive(Debug, Error)]
pub enum TrialError {
    /// The model could not be compiled.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// A malformed request to the solver: a fault of this crate.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Spreads or correlations that cannot be drawn from.
    #[error(transparent)]
    Sampler(#[from] SamplerError),
    /// Too few people satisfy the inclusion rules.
    #[error(
        "only {included} of {screened} people drawn satisfy the inclusion rules, but an arm needs {wanted}; widen [[population.include]] or lower the size{}",
        no_rest(*without_steady_state, first_without.as_deref())
    )]
    EmptyPopulation {
        /// People drawn.
        screened: usize,
        /// People included.
        included: usize,
        /// People left out for want of a steady state.
        without_steady_state: usize,
        /// Why none was found for the first of them.
        first_without: Option<String>,
        /// People wanted.
        wanted: usize,
    },
    /// Hardly anyone has a steady state: the model, not the inclusion rules, is at fault.
    #[error(
        "{without_steady_state} of {screened} people drawn have no stable steady state, so that no arm can be filled; the first: {reason}. Look at the changes of parameters and inputs, with gutskin model check"
    )]
    NoSteadyState {
        /// People drawn.
        screened: usize,
        /// People left out for want of a steady state.
        without_steady_state: usize,
        /// Why none was found for the first of them.
        reason: String,
    },
}

fn no_rest(count: usize, reason: Option<&str>) -> String {
    match (count, reason) {
        (0, _) | (_, None) => String::new(),
        (count, Some(reason)) => {
            format!("; {count} have no stable steady state (the first: {reason})")
        }
    }
}

/// One included person.
#[derive(Clone, Debug)]
pub struct Patient {
    /// Number of the draw: with the seed it fixes everything about the person.
    pub draw: u32,
    /// Endpoint observable at the visits, true value, one entry an arm; or why the solve failed.
    pub arms: Vec<Result<Vec<f64>, String>>,
    /// Factor of placebo and natural course at the visits.
    pub placebo: Vec<f64>,
    /// Standard normal noise of the reading at the visits.
    pub noise: Vec<f64>,
    /// The comparator without the care that every arm gets; absent where there is none.
    pub without_care: Option<Vec<f64>>,
}

/// Everyone's courses, and what it cost.
#[derive(Clone, Debug)]
pub struct TrialRun {
    /// Included people, in the order drawn.
    pub patients: Vec<Patient>,
    /// People drawn.
    pub screened: usize,
    /// People drawn for whom no stable steady state was found; they are not included.
    pub without_steady_state: usize,
    /// Why none was found for the first of them.
    pub first_without: Option<String>,
    /// Relative tolerance of the solves.
    pub relative_tolerance: f64,
    /// Steps accepted over all solves.
    pub steps_accepted: usize,
    /// Steps rejected over all solves.
    pub steps_rejected: usize,
}

/// Draws people until an arm is full, and follows each through every arm. `progress` is told the number of people
/// included so far.
///
/// # Errors
/// [`TrialError`]; a patient whose solve fails is in the result with the reason.
pub fn run(scenario: &Scenario, progress: &mut dyn FnMut(usize)) -> Result<TrialRun, TrialError> {
    let mut clinic = Clinic::new(scenario)?;
    let wanted = scenario.population.size;
    let mut result = TrialRun {
        patients: Vec::with_capacity(wanted),
        screened: 0,
        without_steady_state: 0,
        first_without: None,
        relative_tolerance: clinic.options.relative_tolerance,
        steps_accepted: 0,
        steps_rejected: 0,
    };
    while result.patients.len() < wanted {
        if result.screened >= wanted.saturating_mul(DRAWS_PER_PLACE) {
            return Err(empty(result, wanted));
        }
        let draw = u32::try_from(result.screened).unwrap_or(u32::MAX);
        result.screened += 1;
        match clinic.screen(draw)? {
            Screening::NoSteadyState(reason) => {
                result.without_steady_state += 1;
                result.first_without.get_or_insert(reason);
            }
            Screening::Excluded => {}
            Screening::Included(entry) => {
                let patient = clinic.follow(draw, &entry, &mut result)?;
                result.patients.push(patient);
                progress(result.patients.len());
            }
        }
    }
    Ok(result)
}

/// Why an arm could not be filled: the rules, or a model in which hardly anyone comes to rest.
fn empty(result: TrialRun, wanted: usize) -> TrialError {
    let (screened, without_steady_state) = (result.screened, result.without_steady_state);
    match result.first_without {
        Some(reason) if 2 * without_steady_state > screened => TrialError::NoSteadyState {
            screened,
            without_steady_state,
            reason,
        },
        first_without => TrialError::EmptyPopulation {
            screened,
            included: result.patients.len(),
            without_steady_state,
            first_without,
            wanted,
        },
    }
}

enum Screening {
    /// With the reason.
    NoSteadyState(String),
    Excluded,
    /// States at entry.
    Included(Vec<f64>),
}

/// Compiled model, solver and sampler of one scenario.
struct Clinic<'s> {
    scenario: &'s Scenario,
    solver: Solver<ScalarProgram>,
    sampler: Sampler,
    options: Options,
    inputs: Vec<f64>,
}

impl<'s> Clinic<'s> {
    fn new(scenario: &'s Scenario) -> Result<Self, TrialError> {
        let network = &scenario.network;
        let program = Arc::new(Program::new(network, &ProgramOptions::default())?);
        let options = Options::default();
        let states = States::of_program(&program)?;
        Ok(Self {
            scenario,
            inputs: network.input_values(),
            solver: Solver::new(ScalarProgram::new(program), states, options.clone())?,
            sampler: Sampler::new(
                network.parameters.iter().map(Into::into).collect(),
                &scenario.population.correlations,
            )?,
            options,
        })
    }

    /// Brings a person to their own steady state and looks whether they may enter.
    fn screen(&mut self, draw: u32) -> Result<Screening, TrialError> {
        let parameters = self.sampler.draw(self.scenario.seed, draw);
        let system = self.solver.system_mut();
        system.set_patient(&parameters, &self.scenario.switches);
        let mut start = vec![0.0; self.scenario.network.states.len()];
        system.initial(&mut start);
        let steady =
            self.solver
                .steady_state(0.0, &start, &self.inputs, &SteadyOptions::default())?;
        if !steady.status.is_success() {
            return Ok(Screening::NoSteadyState(steady.status.to_string()));
        }
        let mut state = steady.state;
        // Solutions may lie below zero within the tolerance of the solver; a run may not start there.
        for (value, spec) in state.iter_mut().zip(&self.scenario.network.states) {
            if spec.non_negative {
                *value = value.max(0.0);
            }
        }
        let mut seen = vec![0.0; self.scenario.network.observables.len()];
        let inputs = self.inputs.clone();
        let system = self.solver.system_mut();
        system.set_inputs(&inputs);
        system.observe(0.0, &state, &mut seen);
        let noise = self.noise(draw, 0);
        let fits = |rule: &Inclusion| {
            let value = seen[rule.observable as usize];
            // The endpoint is read with noise at entry too: that is what makes regression to the mean.
            let read = if rule.observable == self.scenario.endpoint.observable {
                self.scenario.observation.read(value, noise)
            } else {
                value
            };
            (rule.low..=rule.high).contains(&read)
        };
        Ok(if self.scenario.population.include.iter().all(fits) {
            Screening::Included(state)
        } else {
            Screening::Excluded
        })
    }

    fn follow(
        &mut self,
        draw: u32,
        entry: &[f64],
        result: &mut TrialRun,
    ) -> Result<Patient, TrialError> {
        let scenario = self.scenario;
        let mut arms = Vec::with_capacity(scenario.arms.len());
        for arm in &scenario.arms {
            arms.push(self.course(entry, &arm.schedule, scenario.care, result)?);
        }
        let without_care = match (scenario.care, scenario.arms.first()) {
            (Some(_), Some(first)) => self.course(entry, &first.schedule, None, result)?.ok(),
            _ => None,
        };
        Ok(Patient {
            draw,
            arms,
            placebo: self.placebo(draw),
            noise: (0..scenario.visits.len())
                .map(|visit| self.noise(draw, visit))
                .collect(),
            without_care,
        })
    }

    /// The endpoint's observable at the visits.
    fn course(
        &mut self,
        entry: &[f64],
        schedule: &Schedule,
        care: Option<Care>,
        result: &mut TrialRun,
    ) -> Result<Result<Vec<f64>, String>, TrialError> {
        let scenario = self.scenario;
        let mut run = Run::new(0.0, scenario.duration, entry.to_vec());
        run.inputs.clone_from(&self.inputs);
        if let Some(care) = care {
            run.inputs[care.input as usize] = care.scale;
        }
        run.schedule = schedule.clone();
        run.outputs.clone_from(&scenario.visits);
        let solution = self.solver.solve(&run)?;
        result.steps_accepted += solution.statistics.accepted;
        result.steps_rejected += solution.statistics.rejected;
        Ok(match solution.status {
            Status::Complete | Status::Stopped { .. } => {
                let endpoint = scenario.endpoint.observable as usize;
                let course = (0..solution.trajectory.len())
                    .map(|row| solution.trajectory.observables(row)[endpoint]);
                Ok(course.collect())
            }
            failed @ Status::Failed { .. } => Err(self.named(failed)),
        })
    }

    /// A failure with the name of the state or observable that it points at.
    fn named(&self, failed: Status) -> String {
        let network = &self.scenario.network;
        let at_fault = match failed {
            Status::Failed { reason, .. } => reason.at_fault(
                |i| network.states.get(i).map(|s| s.name.as_str()),
                |i| network.observables.get(i).map(|o| o.name.as_str()),
            ),
            _ => None,
        };
        match at_fault {
            Some(name) => format!("{failed} ({name})"),
            None => failed.to_string(),
        }
    }

    /// exp(f(t)·(ln µ + σ·z)), f(t) = 1 − e^(−t/τ), or exp(−f(t)·e) in those who improve by far more; z, e and who
    /// that is are the person's traits, the same in every arm.
    fn placebo(&self, draw: u32) -> Vec<f64> {
        let o = &self.scenario.observation;
        let own = |name: &str| {
            RandomStream::new(
                self.scenario.seed,
                draw,
                StreamId::named("observation", name),
            )
        };
        let exponent = if own("improver").uniform_at(0) < o.improver_share {
            -o.improver_mean * own("improvement").exponential_at(0)
        } else {
            o.placebo_ratio.ln() + o.placebo_sd_ln * own("placebo").normal_at(0)
        };
        self.scenario
            .visits
            .iter()
            .map(|t| ((1.0 - (-t / o.placebo_time).exp()) * exponent).exp())
            .collect()
    }

    fn noise(&self, draw: u32, visit: usize) -> f64 {
        let index = u32::try_from(visit).unwrap_or(u32::MAX);
        let stream = StreamId::named("observation", "noise");
        RandomStream::new(self.scenario.seed, draw, stream).normal_at(index)
    }
}
