//! Compiled model and solver of one forecast: drawn people come to rest in their own habits, and are followed.

use super::TwinError;
use crate::bursts::Draw;
use crate::followed::{Deciding, Effort, Listed, SLOW, coming_to_rest, each, is_slow};
use crate::kernels;
use crate::models::has_clock;
use gutskin_engine::lanes::{Ensemble, PatientSpec, Plan};
use gutskin_engine::program::{Program, ProgramOptions, ScalarProgram};
use gutskin_engine::{DecisionContext, Options, Run, Schedule, Solution, Status};
use gutskin_network::Network;
use gutskin_people::drawing::Individual;
use std::sync::Arc;

/// People are followed in their habits for so long on the way to rest, d …
const LONG: f64 = 10_000.0;
/// … this loosely: errors on the way are gone when it is reached …
const LOOSE: f64 = 1e-3;
/// … in so many steps at most; who needs more has no rest.
const STEPS: usize = 2_000;

/// Someone at rest in their own habits.
#[derive(Clone, Debug)]
pub(crate) struct Resting {
    pub individual: Individual,
    pub states: Vec<f64>,
    pub observables: Vec<f64>,
}

/// One course.
pub(crate) struct Task<'t> {
    pub person: &'t Resting,
    pub schedule: Schedule,
    /// Inputs from the beginning; those of the person but for care.
    pub inputs: Vec<f64>,
}

/// Observable by observable and time by time, or why the solve failed.
pub(crate) type Followed = Result<Vec<Vec<f64>>, String>;

pub(crate) struct Ward<'n> {
    network: &'n Network,
    switches: Vec<f64>,
    program: Arc<Program>,
    ensemble: Ensemble,
    /// The same at the loose tolerance.
    loose: Ensemble,
    /// Bursts of bacterial DNA, where they are drawn.
    pub bursts: Option<Draw>,
    /// Steady states sought.
    pub rests: usize,
    /// Courses followed.
    pub courses: usize,
    pub relative_tolerance: f64,
    /// What the courses took.
    pub effort: Effort,
}

impl<'n> Ward<'n> {
    pub fn new(network: &'n Network, switches: Vec<f64>) -> Result<Self, TwinError> {
        if has_clock(&network.name) {
            let model = network.name.clone();
            return Err(TwinError::ByTheClock { model });
        }
        let program = Arc::new(Program::new(network, &ProgramOptions::default())?);
        let lanes = kernels::lanes(&program)?;
        let options = Options::default();
        let loose = Options {
            maximum_steps: STEPS,
            ..Options::with_tolerance(LOOSE)
        };
        Ok(Self {
            loose: Ensemble::new(lanes.clone(), loose)?,
            relative_tolerance: options.relative_tolerance,
            network,
            switches,
            program,
            ensemble: Ensemble::new(lanes, options)?,
            bursts: None,
            rests: 0,
            courses: 0,
            effort: Effort::default(),
        })
    }

    /// The same with some switches off.
    pub fn without(&self, off: &[u32]) -> Self {
        let mut switches = self.switches.clone();
        for &switch in off {
            if let Some(value) = switches.get_mut(switch as usize) {
                *value = 0.0;
            }
        }
        Self {
            network: self.network,
            relative_tolerance: self.relative_tolerance,
            switches,
            program: self.program.clone(),
            ensemble: self.ensemble.clone(),
            loose: self.loose.clone(),
            bursts: self.bursts,
            rests: 0,
            courses: 0,
            effort: Effort::default(),
        }
    }

    pub fn network(&self) -> &'n Network {
        self.network
    }

    /// Method of integration and class of arithmetic.
    pub fn method(&self) -> String {
        kernels::method(&self.ensemble)
    }

    /// Follows people in their habits for so long that they are all but at rest. That takes a tenth of the time of the search
    /// of the steady state itself, and is enough to see what they would show there.
    pub fn near_rest(
        &mut self,
        people: Vec<Individual>,
        starts: &[Option<Vec<f64>>],
    ) -> Result<Vec<Result<Resting, String>>, TwinError> {
        let cohort = Listed(people.len(), |index: usize| {
            let mut spec = self.waiting(&people[index], starts.get(index));
            spec.run.end = LONG;
            spec.run.outputs = vec![LONG];
            spec
        });
        let mut found = Vec::with_capacity(people.len());
        each(&self.loose, &cohort, &mut |_, solution| {
            found.push(match solution.status {
                Status::Complete => Ok(solution),
                other => Err(other.to_string()),
            });
        })?;
        let resting = |(found, person): (Result<Solution, String>, &Individual)| {
            let solution = found?;
            Ok(Resting {
                individual: person.clone(),
                observables: solution.trajectory.observables(0).to_vec(),
                states: self.lifted(solution.state),
            })
        };
        let mut near: Vec<Result<Resting, String>> =
            found.into_iter().zip(&people).map(resting).collect();
        // Who cannot be followed so loosely may yet be brought to rest by the search itself.
        let lost: Vec<usize> = (0..near.len()).filter(|&at| near[at].is_err()).collect();
        let others = lost.iter().map(|&at| people[at].clone()).collect();
        let starts: Vec<_> = lost
            .iter()
            .map(|&at| starts.get(at).cloned().flatten())
            .collect();
        for (at, found) in lost.into_iter().zip(self.at_rest(others, &starts)?) {
            near[at] = found;
        }
        Ok(near)
    }

    /// Brings people to rest, each from a start of its own where there is one.
    pub fn at_rest(
        &mut self,
        people: Vec<Individual>,
        starts: &[Option<Vec<f64>>],
    ) -> Result<Vec<Result<Resting, String>>, TwinError> {
        self.rests += people.len();
        let cohort = Listed(people.len(), |index: usize| {
            self.waiting(&people[index], starts.get(index))
        });
        let plaques = self
            .program
            .state_names
            .iter()
            .any(|s| s.starts_with("pso."));
        let options = coming_to_rest(plaques, &self.program.state_names);
        let threads = Plan::default().threads;
        let found = self.ensemble.steady_states(&cohort, &options, threads);
        let mut system = ScalarProgram::new(self.program.clone());
        let mut resting = Vec::with_capacity(people.len());
        for (steady, individual) in found.into_iter().zip(people) {
            let steady = steady?;
            resting.push(if plaques && is_slow(&steady) {
                Err(SLOW.to_owned())
            } else if steady.status.is_success() {
                let states = self.lifted(steady.state);
                Ok(Resting {
                    observables: self.look(&mut system, &individual, &states),
                    individual,
                    states,
                })
            } else {
                Err(steady.status.to_string())
            });
        }
        Ok(resting)
    }

    /// A person in their habits, from this start or the model's own.
    fn waiting(&self, person: &Individual, start: Option<&Option<Vec<f64>>>) -> PatientSpec {
        let start = start.cloned().flatten();
        PatientSpec {
            parameters: person.parameters.clone(),
            switches: self.switches.clone(),
            run: Run {
                inputs: person.inputs.clone(),
                ..Run::new(0.0, 1.0, start.unwrap_or_else(|| self.beginning(person)))
            },
        }
    }

    /// The model's own start, without what is absent.
    fn beginning(&self, person: &Individual) -> Vec<f64> {
        let mut system = ScalarProgram::new(self.program.clone());
        system.set_patient(&person.parameters, &self.switches);
        let mut states = vec![0.0; self.network.states.len()];
        system.initial(&mut states);
        for &state in &person.absent {
            states[state as usize] = 0.0;
        }
        states
    }

    /// The model's own start, with what the states of another model are where it has them.
    pub fn start_of(&self, person: &Individual, (other, states): (&Network, &[f64])) -> Vec<f64> {
        let mut own = self.beginning(person);
        for (value, spec) in own.iter_mut().zip(&self.network.states) {
            if let Some(at) = other.state(&spec.name) {
                *value = states[at as usize];
            }
        }
        own
    }

    /// Solutions may lie below zero within the tolerance of the solver; a run may not start there.
    fn lifted(&self, mut state: Vec<f64>) -> Vec<f64> {
        for (value, spec) in state.iter_mut().zip(&self.network.states) {
            if spec.non_negative {
                *value = value.max(0.0);
            }
        }
        state
    }

    fn look(&self, system: &mut ScalarProgram, person: &Individual, states: &[f64]) -> Vec<f64> {
        let mut seen = vec![0.0; self.network.observables.len()];
        system.set_patient(&person.parameters, &self.switches);
        system.set_inputs(&person.inputs);
        system.observe(0.0, states, &mut seen);
        seen
    }

    /// Follows courses over a span; these observables at these times.
    pub fn follow(
        &mut self,
        tasks: &[Task<'_>],
        (begin, end): (f64, f64),
        (observables, times): (&[u32], &[f64]),
    ) -> Result<Vec<Followed>, TwinError> {
        self.courses += tasks.len();
        let cohort = Listed(tasks.len(), |index: usize| {
            let task = &tasks[index];
            PatientSpec {
                parameters: task.person.individual.parameters.clone(),
                switches: self.switches.clone(),
                run: Run {
                    inputs: task.inputs.clone(),
                    outputs: times.to_vec(),
                    schedule: task.schedule.clone(),
                    decisions: self.bursts.map_or_else(Vec::new, |b| {
                        b.times(task.person.individual.number, (begin, end))
                    }),
                    ..Run::new(begin, end, task.person.states.clone())
                },
            }
        });
        let decide = |index: usize, context: &DecisionContext<'_>| {
            let person = tasks[index].person.individual.number;
            self.bursts
                .map_or_else(Vec::new, |b| b.decide(person, context))
        };
        let cohort = Deciding(cohort, decide);
        let mut followed = Vec::with_capacity(tasks.len());
        self.effort += each(&self.ensemble, &cohort, &mut |_, solution| {
            followed.push(match solution.status {
                Status::Complete | Status::Stopped { .. } => {
                    let seen = &solution.trajectory;
                    let of = |&o: &u32| {
                        (0..seen.len())
                            .map(|row| seen.observables(row)[o as usize])
                            .collect()
                    };
                    Ok(observables.iter().map(of).collect())
                }
                failed @ Status::Failed { .. } => Err(failed.to_string()),
            });
        })?;
        Ok(followed)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use gutskin_biology::body::{Mode, network};

    /// The search for rest would freeze the clock at midnight.
    #[test]
    fn people_do_not_rest_under_the_clock() {
        let table = gutskin_biology::parameter_table().unwrap();
        let clock = network(&table, Mode::WithinDay).unwrap();
        let refused = Ward::new(&clock, clock.switch_values()).err().unwrap();
        assert!(
            refused.to_string().contains("without _within_day"),
            "{refused}"
        );
        let daily = network(&table, Mode::Daily).unwrap();
        assert!(Ward::new(&daily, daily.switch_values()).is_ok());
    }
}
