//! Many people on one network: drawn, brought to rest, screened, followed in lanes.

use super::super::CheckError;
use crate::followed::{Listed, each, is_slow};
use gutskin_engine::lanes::{Cohort, Ensemble, LaneProgram, PatientSpec, Plan};
use gutskin_engine::program::{Program, ProgramOptions, ScalarProgram};
use gutskin_engine::{Change, Options, Run, Schedule, SteadyOptions};
use gutskin_network::{Network, Spread};
use gutskin_people::sampler::{SampledParameter, Sampler};
use std::sync::Arc;

/// People drawn for each one wanted before a population counts as empty.
const DRAWS_PER_PLACE: usize = 60;
/// People brought to rest at a time.
const BATCH: usize = 256;

/// One network with its solver and the spreads between people.
pub(super) struct Clinic {
    pub(super) network: Network,
    program: Arc<Program>,
    ensemble: Ensemble,
    sampler: Sampler,
    fixed: Vec<(usize, f64)>,
}

/// Someone at rest, untreated.
#[derive(Clone, Debug)]
pub(super) struct Person {
    /// Number of the draw: with the seed it fixes everything about the person.
    pub(super) draw: u32,
    /// States at rest, by name, so that networks with drugs can take the person over.
    rest: Vec<f64>,
    /// Observables at rest, in the order of the network without drugs.
    seen: Vec<f64>,
}

/// People admitted, and what it took to find them.
#[derive(Clone, Debug)]
pub(super) struct People {
    pub(super) seed: u64,
    pub(super) people: Vec<Person>,
    states: Vec<String>,
    observables: Vec<String>,
    /// People drawn in all.
    pub(super) screened: usize,
    /// Draws left out because they have no stable rest.
    pub(super) without_rest: usize,
    /// Draws left out because their slowest time constant exceeds three years.
    pub(super) too_slow: usize,
}

impl People {
    /// An observable at rest, one value a person.
    pub(super) fn seen(&self, observable: &str) -> Result<Vec<f64>, CheckError> {
        let i = position(&self.observables, "observable", observable)?;
        Ok(self.people.iter().map(|p| p.seen[i]).collect())
    }

    /// The people that satisfy a rule, in order.
    pub(super) fn filtered(&self, keep: impl Fn(usize) -> bool) -> Self {
        let mut kept = self.clone();
        let mut index = 0;
        kept.people.retain(|_| {
            index += 1;
            keep(index - 1)
        });
        kept
    }

    /// The first people only.
    pub(super) fn first(&self, count: usize) -> Self {
        self.filtered(|i| i < count)
    }
}

/// What is done with people: the same for all, except for changes drawn for each.
pub(super) struct Protocol<'p> {
    pub(super) days: f64,
    pub(super) visits: &'p [f64],
    /// Inputs in force from the start.
    pub(super) inputs: &'p [(&'p str, f64)],
    /// Switches that are turned off.
    pub(super) off: &'p [String],
    /// Changes of a person, given the number of the draw.
    pub(super) changes: &'p (dyn Fn(u32) -> Vec<Change> + Sync),
}

/// Observables of everyone at the visits.
pub(super) struct Courses {
    observables: Vec<String>,
    visits: usize,
    people: Vec<Vec<f64>>,
}

impl Courses {
    /// An observable: person, then visit.
    pub(super) fn of(&self, observable: &str) -> Result<Vec<Vec<f64>>, CheckError> {
        let i = position(&self.observables, "observable", observable)?;
        let width = self.observables.len();
        let course = |values: &Vec<f64>| (0..self.visits).map(|v| values[v * width + i]).collect();
        Ok(self.people.iter().map(course).collect())
    }
}

/// A rule of entry: given the draw and how to read an observable at rest.
type Entry<'e> = &'e dyn Fn(u32, &dyn Fn(&str) -> f64) -> bool;

/// Recorded observables, visit by visit, and the last state.
type Followed = (Vec<f64>, Vec<f64>);

fn position(names: &[String], what: &'static str, name: &str) -> Result<usize, CheckError> {
    let found = names.iter().position(|n| n == name);
    found.ok_or_else(|| CheckError::Unknown {
        what,
        name: name.to_owned(),
    })
}

impl Clinic {
    /// A clinic in which people differ by every spread but those of gains of links: these say what is not known, not
    /// how people differ.
    ///
    /// # Errors
    /// The network does not compile.
    pub(super) fn new(network: Network) -> Result<Self, CheckError> {
        let program = Arc::new(Program::new(&network, &ProgramOptions::default())?);
        let lanes = LaneProgram::new(program.clone()).map_err(|e| CheckError::Failed {
            who: format!("everyone on {}", network.name),
            why: e.to_string(),
        })?;
        let gains: Vec<u32> = network.links.iter().filter_map(|l| l.gain).collect();
        let mut sampled: Vec<SampledParameter> =
            network.parameters.iter().map(Into::into).collect();
        for gain in gains {
            if let Some(p) = sampled.get_mut(gain as usize) {
                p.spread = Spread::Fixed;
            }
        }
        Ok(Self {
            program,
            ensemble: Ensemble::new(Arc::new(lanes), Options::default())?,
            sampler: Sampler::new(sampled, &[])?,
            network,
            fixed: Vec::new(),
        })
    }

    /// A clinic in which people differ by lognormal spreads only.
    ///
    /// # Errors
    /// The network does not compile.
    pub(super) fn of_people(mut network: Network) -> Result<Self, CheckError> {
        for p in &mut network.parameters {
            if !matches!(p.spread, Spread::LogNormal { .. }) {
                p.spread = Spread::Fixed;
            }
        }
        Self::new(network)
    }

    /// A clinic in which all people have the central parameters.
    ///
    /// # Errors
    /// The network does not compile.
    pub(super) fn alike(network: Network) -> Result<Self, CheckError> {
        let mut clinic = Self::new(network)?;
        let values = clinic.network.parameters.iter().map(|p| p.value);
        clinic.fixed = values.enumerate().collect();
        Ok(clinic)
    }

    /// People at the start of the network instead of at rest.
    pub(super) fn newborn(&self, seed: u64, count: usize) -> People {
        let start = ScalarProgram::new(self.program.clone());
        let mut rest = vec![0.0; self.network.states.len()];
        start.initial(&mut rest);
        let person = |draw: usize| Person {
            draw: u32::try_from(draw).unwrap_or(u32::MAX),
            rest: rest.clone(),
            seen: Vec::new(),
        };
        People {
            people: (0..count).map(person).collect(),
            screened: count,
            ..self.nobody(seed)
        }
    }

    fn nobody(&self, seed: u64) -> People {
        People {
            seed,
            people: Vec::new(),
            states: self.network.states.iter().map(|s| s.name.clone()).collect(),
            observables: self.names(),
            screened: 0,
            without_rest: 0,
            too_slow: 0,
        }
    }

    fn parameters(&self, seed: u64, draw: u32) -> Vec<f64> {
        let mut values = self.sampler.draw(seed, draw);
        for (i, value) in &self.fixed {
            values[*i] = *value;
        }
        values
    }

    /// Draws until so many people are at a stable rest, are not slower than three years and satisfy the rule of entry,
    /// which is given the draw and the observables at rest.
    ///
    /// # Errors
    /// Too few satisfy it.
    pub(super) fn admit(
        &self,
        seed: u64,
        count: usize,
        entry: Entry<'_>,
    ) -> Result<People, CheckError> {
        let mut found = self.nobody(seed);
        while found.people.len() < count {
            if found.screened > DRAWS_PER_PLACE * count {
                return Err(CheckError::NotSteady {
                    who: format!("{} of {count} people", count - found.people.len()),
                    why: format!("only so many of {} drawn may enter", found.screened),
                });
            }
            let wanted = (count - found.people.len()).clamp(BATCH / 4, BATCH);
            for person in self.at_rest(&mut found, wanted)? {
                let read = |name: &str| {
                    let i = found.observables.iter().position(|o| o == name);
                    i.map_or(f64::NAN, |i| person.seen[i])
                };
                if found.people.len() < count && entry(person.draw, &read) {
                    found.people.push(person);
                }
            }
        }
        Ok(found)
    }

    fn names(&self) -> Vec<String> {
        self.network
            .observables
            .iter()
            .map(|o| o.name.clone())
            .collect()
    }

    /// The next draws, at rest.
    fn at_rest(&self, found: &mut People, count: usize) -> Result<Vec<Person>, CheckError> {
        let first = found.screened;
        found.screened += count;
        let draw = |index: usize| u32::try_from(first + index).unwrap_or(u32::MAX);
        let cohort = Listed(count, |index: usize| PatientSpec {
            parameters: self.parameters(found.seed, draw(index)),
            switches: Vec::new(),
            run: Run::new(0.0, 1.0, Vec::new()),
        });
        let threads = Plan::default().threads;
        let options = SteadyOptions::default();
        let mut people = Vec::new();
        let states = self.ensemble.steady_states(&cohort, &options, threads);
        for (index, steady) in states.into_iter().enumerate() {
            let steady = steady?;
            if !steady.status.is_success() {
                found.without_rest += 1;
            } else if is_slow(&steady) {
                found.too_slow += 1;
            } else {
                people.push(Person {
                    draw: draw(index),
                    rest: self.lifted(steady.state),
                    seen: Vec::new(),
                });
            }
        }
        self.look(found.seed, &mut people)?;
        Ok(people)
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

    /// Reads the observables at rest.
    fn look(&self, seed: u64, people: &mut [Person]) -> Result<(), CheckError> {
        const MOMENT: f64 = 1e-3;
        let cohort = Listed(people.len(), |index: usize| PatientSpec {
            parameters: self.parameters(seed, people[index].draw),
            switches: Vec::new(),
            run: Run {
                inputs: self.network.input_values(),
                outputs: vec![0.0],
                ..Run::new(0.0, MOMENT, people[index].rest.clone())
            },
        });
        let seen = self.solve(&cohort)?;
        for (person, (values, _)) in people.iter_mut().zip(seen) {
            person.seen = values;
        }
        Ok(())
    }

    /// Follows people from their rest; also gives everyone at the end.
    ///
    /// # Errors
    /// An input or switch that the network does not have; anyone whose run fails.
    pub(super) fn follow(
        &self,
        people: &People,
        protocol: &Protocol<'_>,
    ) -> Result<(Courses, People), CheckError> {
        let mut inputs = self.network.input_values();
        for (name, value) in protocol.inputs {
            let found = self.network.inputs.iter().position(|i| i.name == *name);
            inputs[found.ok_or_else(|| CheckError::Unknown {
                what: "input",
                name: (*name).to_owned(),
            })?] = *value;
        }
        let mut switches = self.network.switch_values();
        for name in protocol.off {
            let names: Vec<String> = self
                .network
                .switches
                .iter()
                .map(|s| s.name.clone())
                .collect();
            switches[position(&names, "switch", name)?] = 0.0;
        }
        let starts = self.starts(people)?;
        let plan = |p: &Person| {
            Schedule::sorted((protocol.changes)(p.draw)).map_err(|e| CheckError::Failed {
                who: format!("person {}", p.draw),
                why: e.to_string(),
            })
        };
        let schedules: Vec<Schedule> = people.people.iter().map(plan).collect::<Result<_, _>>()?;
        let cohort = Listed(people.people.len(), |index: usize| {
            let draw = people.people[index].draw;
            PatientSpec {
                parameters: self.parameters(people.seed, draw),
                switches: switches.clone(),
                run: Run {
                    inputs: inputs.clone(),
                    outputs: protocol.visits.to_vec(),
                    schedule: schedules[index].clone(),
                    ..Run::new(0.0, protocol.days, starts[index].clone())
                },
            }
        });
        let solved = self.solve(&cohort)?;
        let mut after = people.clone();
        after.states = self.network.states.iter().map(|s| s.name.clone()).collect();
        let mut courses = Vec::with_capacity(solved.len());
        for ((values, state), person) in solved.into_iter().zip(&mut after.people) {
            courses.push(values);
            person.rest = self.lifted(state);
        }
        let courses = Courses {
            observables: self.names(),
            visits: protocol.visits.len(),
            people: courses,
        };
        Ok((courses, after))
    }

    /// Everyone's states in this network: at rest where the people come from, nothing of a drug they did not have.
    fn starts(&self, people: &People) -> Result<Vec<Vec<f64>>, CheckError> {
        let mut from = Vec::with_capacity(self.network.states.len());
        for state in &self.network.states {
            let found = people.states.iter().position(|s| *s == state.name);
            let own = state.name.starts_with("drugs.") || state.name == "acne.gland_loss";
            if found.is_none() && !own {
                return Err(CheckError::Unknown {
                    what: "state",
                    name: state.name.clone(),
                });
            }
            from.push(found);
        }
        let start = |p: &Person| from.iter().map(|i| i.map_or(0.0, |i| p.rest[i])).collect();
        Ok(people.people.iter().map(start).collect())
    }

    /// Recorded observables and last state of everyone.
    fn solve(&self, cohort: &dyn Cohort) -> Result<Vec<Followed>, CheckError> {
        let mut solved = Vec::with_capacity(cohort.len());
        let mut failed = None;
        each(&self.ensemble, cohort, &mut |person, solution| {
            if !solution.status.is_success() {
                failed.get_or_insert((person, solution.status.to_string()));
                return;
            }
            let trajectory = &solution.trajectory;
            let values = (0..trajectory.len()).flat_map(|row| trajectory.observables(row).to_vec());
            solved.push((values.collect(), solution.state));
        })?;
        if let Some((person, why)) = failed {
            return Err(CheckError::Failed {
                who: format!("person {person} of the cohort"),
                why,
            });
        }
        Ok(solved)
    }
}

/// Nothing happens.
pub(super) fn nothing(_: u32) -> Vec<Change> {
    Vec::new()
}
