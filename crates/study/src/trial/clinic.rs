//! Compiled model, solver and sampler of one scenario: people come to rest, and are followed in lanes.

use super::modes::{self, LEAD, Ongoing, Recording, Sibling};
use super::{TrialError, guilds};
use crate::bursts::Draw;
use crate::followed::{Deciding, Effort, Listed, SLOW, coming_to_rest, each, is_slow};
use crate::kernels;
use crate::scenario::{Care, Scenario};
use gutskin_engine::lanes::{Cohort, Ensemble, PatientSpec, Plan};
use gutskin_engine::program::{Program, ProgramOptions, ScalarProgram};
use gutskin_engine::{DecisionContext, Options, Run, Schedule, Solution, Status};
use gutskin_network::{Change, Spread};
use gutskin_people::sampler::{SampledParameter, Sampler};
use std::sync::Arc;

/// Someone at rest, untreated.
pub(crate) struct AtRest {
    pub draw: u32,
    pub states: Vec<f64>,
    pub parameters: Vec<f64>,
    pub observables: Vec<f64>,
}

/// One course to be followed.
pub(crate) struct Task<'t> {
    pub person: &'t AtRest,
    pub schedule: Schedule,
    pub care: Option<Care>,
}

/// What is recorded of a course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recorded {
    /// As it is at that moment.
    Observable(u32),
    /// Of one kind with the reading at entry: in a window a mean of the last day where daily means are compared.
    Reading(u32),
    State(u32),
}

/// What was recorded, observable by observable and visit by visit, or why the solve failed.
pub(crate) type Followed = Result<Vec<Vec<f64>>, String>;

pub(crate) struct Clinic<'s> {
    scenario: &'s Scenario,
    program: Arc<Program>,
    ensemble: Ensemble,
    /// The model in its other mode, where the scenario needs both.
    sibling: Option<Sibling<'s>>,
    sampler: Sampler,
    /// Values of parameters that are the same in everybody because they are not known, by index.
    unknown: Vec<(usize, f64)>,
    recorded: Vec<Recorded>,
    /// Days from randomisation at which it is recorded.
    outputs: Vec<f64>,
    /// What solves have cost since it was last asked.
    effort: Effort,
    pub relative_tolerance: f64,
    /// Sizes of the placebo courses of the endpoints over the usual ones.
    pub placebo_sizes: Vec<f64>,
}

/// Gains of links with a spread: what is not known, rather than how people differ.
fn unknown(scenario: &Scenario) -> Vec<usize> {
    let gains = scenario.network.links.iter().filter_map(|l| l.gain);
    let mut gains: Vec<usize> = gains.map(|g| g as usize).collect();
    gains.sort_unstable();
    gains.dedup();
    gains.retain(|&g| {
        let parameter = scenario.network.parameters.get(g);
        parameter.is_some_and(|p| p.spread != Spread::Fixed)
    });
    gains
}

/// How many parameters are not known rather than different between people.
pub(super) fn unknown_count(scenario: &Scenario) -> usize {
    unknown(scenario).len()
}

impl<'s> Clinic<'s> {
    /// A clinic with central values of what is not known.
    pub fn new(scenario: &'s Scenario) -> Result<Self, TrialError> {
        Self::with_options(scenario, Options::default())
    }

    /// The same with another relative tolerance.
    pub fn with_tolerance(
        scenario: &'s Scenario,
        relative_tolerance: f64,
    ) -> Result<Self, TrialError> {
        let options = Options {
            relative_tolerance,
            ..Options::default()
        };
        Self::with_options(scenario, options)
    }

    fn with_options(scenario: &'s Scenario, options: Options) -> Result<Self, TrialError> {
        let network = &scenario.network;
        let program = Arc::new(Program::new(network, &ProgramOptions::default())?);
        let lanes = kernels::lanes(&program)?;
        let mut sampled: Vec<SampledParameter> =
            network.parameters.iter().map(Into::into).collect();
        for gain in unknown(scenario) {
            if let Some(p) = sampled.get_mut(gain) {
                p.spread = Spread::Fixed;
            }
        }
        let endpoints = std::iter::once(&scenario.endpoint).chain(&scenario.secondary);
        Ok(Self {
            scenario,
            program,
            relative_tolerance: options.relative_tolerance,
            sibling: Sibling::new(scenario, options.clone())?,
            ensemble: Ensemble::new(lanes, options)?,
            sampler: Sampler::new(sampled, &scenario.population.correlations)?,
            unknown: Vec::new(),
            recorded: endpoints
                .map(|e| e.observable)
                .chain(guilds::shares(network))
                .map(Recorded::Reading)
                .collect(),
            outputs: scenario.visits.clone(),
            effort: Effort::default(),
            placebo_sizes: vec![1.0; 1 + scenario.secondary.len()],
        })
    }

    /// What solves have cost since this was last asked.
    pub fn take_effort(&mut self) -> Effort {
        std::mem::take(&mut self.effort)
    }

    /// Records these in place of the endpoints.
    pub fn recording(mut self, recorded: Vec<Recorded>) -> Self {
        self.recorded = recorded;
        self
    }

    /// Records on these days from randomisation in place of the visits.
    pub fn on_days(mut self, days: Vec<f64>) -> Self {
        self.outputs = days;
        self
    }

    /// From now on everybody has the central value of every parameter.
    pub fn alike(mut self) -> Self {
        let parameters = self.scenario.network.parameters.iter();
        self.unknown = parameters.map(|p| p.value).enumerate().collect();
        self
    }

    pub fn scenario(&self) -> &'s Scenario {
        self.scenario
    }

    /// Method of integration and class of arithmetic, for the receipt.
    pub fn method(&self) -> String {
        kernels::method(&self.ensemble)
    }

    /// From now on what is not known has the values of this draw.
    pub fn draw_unknown(&mut self, number: u32) -> Result<(), TrialError> {
        let entries = self.scenario.network.parameters.iter().map(Into::into);
        // Counted down from the top, where no person's draw comes.
        let values =
            Sampler::new(entries.collect(), &[])?.draw(self.scenario.seed, u32::MAX - number);
        let chosen = unknown(self.scenario).into_iter();
        self.unknown = chosen.filter_map(|i| Some((i, *values.get(i)?))).collect();
        Ok(())
    }

    fn parameters(&self, draw: u32) -> Vec<f64> {
        let mut values = self.sampler.draw(self.scenario.seed, draw);
        for &(index, value) in &self.unknown {
            if let Some(v) = values.get_mut(index) {
                *v = value;
            }
        }
        values
    }

    /// Brings people to their own steady states; for each the person, or why there is none. Under a model with the
    /// clock they rest in its daily mode and then live some days by the clock. Where life begins with the study, people
    /// are as they are born.
    pub fn at_rest(&self, draws: &[u32]) -> Result<Vec<Result<AtRest, String>>, TrialError> {
        let parameters: Vec<Vec<f64>> = draws.iter().map(|&d| self.parameters(d)).collect();
        if self.scenario.from_birth {
            let drawn = draws.iter().zip(parameters);
            return Ok(drawn.map(|(&draw, p)| Ok(self.born(draw, p))).collect());
        }
        let daily = self.daily();
        let cohort = Listed(parameters.len(), |index: usize| PatientSpec {
            parameters: daily.map_or_else(
                || parameters[index].clone(),
                |daily| daily.parameters(&parameters[index]),
            ),
            switches: daily
                .map_or(&self.scenario.switches, |d| &d.switches)
                .clone(),
            run: Run::new(0.0, 1.0, Vec::new()),
        });
        let threads = Plan::default().threads;
        let plaques = self.scenario.condition == "pso";
        let program = daily.map_or(&self.program, |d| &d.program);
        let options = coming_to_rest(plaques, &program.state_names);
        let ensemble = daily.map_or(&self.ensemble, |d| &d.ensemble);
        let mut rests = Vec::with_capacity(draws.len());
        for steady in ensemble.steady_states(&cohort, &options, threads) {
            let steady = steady?;
            rests.push(if !steady.status.is_success() {
                Err(steady.status.to_string())
            } else if plaques && is_slow(&steady) {
                Err(SLOW.to_owned())
            } else {
                Ok(steady.state)
            });
        }
        if let Some(daily) = daily {
            self.live_by_the_clock(daily, &parameters, &mut rests)?;
        }
        self.live_on_background(&parameters, &mut rests)?;
        let mut system = ScalarProgram::new(self.program.clone());
        let people = rests.into_iter().zip(parameters).zip(draws);
        Ok(people
            .map(|((rest, parameters), &draw)| {
                let states = self.lifted(rest?);
                Ok(AtRest {
                    observables: self.look(&mut system, &parameters, &states),
                    draw,
                    states,
                    parameters,
                })
            })
            .collect())
    }

    /// The daily mode, where the scenario's model has the clock.
    fn daily(&self) -> Option<&Sibling<'s>> {
        self.sibling
            .as_ref()
            .filter(|_| self.scenario.windows.is_empty())
    }

    /// From rest in daily means through some days by the clock, on usual inputs.
    fn live_by_the_clock(
        &self,
        daily: &Sibling<'s>,
        parameters: &[Vec<f64>],
        rests: &mut [Result<Vec<f64>, String>],
    ) -> Result<(), TrialError> {
        let own = (&self.program, self.scenario);
        let rested: Vec<usize> = (0..rests.len()).filter(|i| rests[*i].is_ok()).collect();
        let start = |i: usize| {
            let rest = rests[i].as_deref().unwrap_or_default();
            daily.back_at_midnight(rest, own, &parameters[i])
        };
        let begun: Vec<Vec<f64>> = rested.iter().map(|&i| self.lifted(start(i))).collect();
        self.live((-LEAD, Vec::new()), (&rested, begun), parameters, rests)
    }

    /// On what everybody is on before the study: courses that are over, and doses that go on.
    fn live_on_background(
        &self,
        parameters: &[Vec<f64>],
        rests: &mut [Result<Vec<f64>, String>],
    ) -> Result<(), TrialError> {
        let background = &self.scenario.population.background;
        if background.begin >= 0.0 {
            return Ok(());
        }
        let rested: Vec<usize> = (0..rests.len()).filter(|i| rests[*i].is_ok()).collect();
        let begun = rested.iter().map(|&i| rests[i].clone().unwrap_or_default());
        let begun = begun.map(|state| self.lifted(state)).collect();
        let lead = (background.begin, background.before());
        self.live(lead, (&rested, begun), parameters, rests)
    }

    /// From a day before the study to its beginning, on usual inputs but for these changes.
    fn live(
        &self,
        (from, changes): (f64, Vec<Change>),
        (who, begun): (&[usize], Vec<Vec<f64>>),
        parameters: &[Vec<f64>],
        rests: &mut [Result<Vec<f64>, String>],
    ) -> Result<(), TrialError> {
        let schedule = Schedule::sorted(changes)?;
        let cohort = Listed(who.len(), |index: usize| PatientSpec {
            parameters: parameters[who[index]].clone(),
            switches: self.scenario.switches.clone(),
            run: Run {
                inputs: self.scenario.network.input_values(),
                schedule: schedule.clone(),
                ..Run::new(from, 0.0, begun[index].clone())
            },
        });
        let mut lived = Vec::with_capacity(who.len());
        each(&self.ensemble, &cohort, &mut |_, solution| {
            lived.push(match solution.status {
                Status::Failed { .. } => Err(solution.status.to_string()),
                _ => Ok(solution.state),
            });
        })?;
        for (&i, state) in who.iter().zip(lived) {
            rests[i] = state;
        }
        Ok(())
    }

    fn born(&self, draw: u32, parameters: Vec<f64>) -> AtRest {
        let mut system = ScalarProgram::new(self.program.clone());
        system.set_patient(&parameters, &self.scenario.switches);
        let mut states = vec![0.0; self.scenario.network.states.len()];
        system.initial(&mut states);
        AtRest {
            observables: self.look(&mut system, &parameters, &states),
            draw,
            states,
            parameters,
        }
    }

    fn lifted(&self, state: Vec<f64>) -> Vec<f64> {
        modes::lifted(state, &self.scenario.network)
    }

    fn look(&self, system: &mut ScalarProgram, parameters: &[f64], states: &[f64]) -> Vec<f64> {
        let mut seen = vec![0.0; self.scenario.network.observables.len()];
        system.set_patient(parameters, &self.scenario.switches);
        system.set_inputs(&self.scenario.network.input_values());
        system.observe(0.0, states, &mut seen);
        seen
    }

    /// Follows courses from rest through run-in, treatment and follow-up.
    pub fn follow(&mut self, tasks: &[Task<'_>]) -> Result<Vec<Followed>, TrialError> {
        let scenario = self.scenario;
        let run_in = scenario.design.run_in;
        let end = run_in + scenario.end();
        let outputs: Vec<f64> = (self.outputs.iter())
            .map(|v| (run_in + v).min(end))
            .collect();
        if !scenario.windows.is_empty() {
            return self.follow_in_windows(tasks, &outputs, end);
        }
        let record_states = self.records_states();
        let bursts = Draw::of_scenario(scenario);
        let cohort = Listed(tasks.len(), |index: usize| {
            let task = &tasks[index];
            let inputs = inputs(scenario, task);
            let asked = bursts.map(|b| b.times(task.person.draw, (0.0, end)));
            PatientSpec {
                parameters: task.person.parameters.clone(),
                switches: scenario.switches.clone(),
                run: Run {
                    inputs,
                    outputs: outputs.clone(),
                    schedule: task.schedule.clone(),
                    decisions: asked.unwrap_or_default(),
                    record_states,
                    ..Run::new(0.0, end, task.person.states.clone())
                },
            }
        });
        let decide = |index: usize, context: &DecisionContext<'_>| {
            bursts.map_or_else(Vec::new, |b| b.decide(tasks[index].person.draw, context))
        };
        self.solve(&Deciding(cohort, decide))
    }

    fn records_states(&self) -> bool {
        let state = |r: &Recorded| matches!(r, Recorded::State(_));
        self.recorded.iter().any(state)
    }

    /// The same, in daily means but for the scenario's windows, which are lived by the clock.
    fn follow_in_windows(
        &mut self,
        tasks: &[Task<'_>],
        outputs: &[f64],
        end: f64,
    ) -> Result<Vec<Followed>, TrialError> {
        let scenario = self.scenario;
        let Some(sibling) = &self.sibling else {
            return Ok(Vec::new());
        };
        let begin = |task| Ongoing::begin(task, inputs(scenario, task), self.recorded.len());
        let people = tasks.iter().map(begin).collect();
        let recording = Recording {
            what: &self.recorded,
            outputs,
            end,
        };
        let modes = (&self.ensemble, sibling);
        modes::follow(
            scenario,
            modes,
            (tasks, people),
            &recording,
            &mut self.effort,
        )
    }

    fn solve(&mut self, cohort: &dyn Cohort) -> Result<Vec<Followed>, TrialError> {
        let mut followed = Vec::with_capacity(cohort.len());
        self.effort += each(&self.ensemble, cohort, &mut |_, solution| {
            followed.push(self.recorded(&solution));
        })?;
        Ok(followed)
    }

    fn recorded(&self, solution: &Solution) -> Followed {
        match solution.status {
            Status::Complete | Status::Stopped { .. } => {
                let trajectory = &solution.trajectory;
                let of = |&what: &Recorded| {
                    let value = |row| match what {
                        Recorded::Observable(i) | Recorded::Reading(i) => {
                            trajectory.observables(row)[i as usize]
                        }
                        Recorded::State(i) => trajectory.states(row)[i as usize],
                    };
                    (0..trajectory.len()).map(value).collect()
                };
                Ok(self.recorded.iter().map(of).collect())
            }
            failed @ Status::Failed { .. } => Err(self.named(failed)),
        }
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
}

/// Inputs from the beginning: usual ones and the care that everybody gets.
fn inputs(scenario: &Scenario, task: &Task<'_>) -> Vec<f64> {
    let mut inputs = scenario.network.input_values();
    if let Some(care) = task.care {
        inputs[care.input as usize] = care.scale;
    }
    inputs
}
