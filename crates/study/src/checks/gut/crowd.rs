//! Adults of the rows: the same people in all of them, brought to rest once, followed together in lanes.

use super::super::{CheckError, Lab};
use super::catalogue;
use super::people::furnish;
use crate::checks::table;
use crate::followed::{Listed, each};
use crate::kernels;
use gutskin_biology::colon::{ColonOptions, network};
use gutskin_engine::lanes::{Ensemble, PatientSpec, Plan};
use gutskin_engine::{Change, Options, Run, Schedule, Solution, SteadyOptions};
use gutskin_network::Network;
use std::sync::OnceLock;

/// People of a row: the table asks for at least so many, whatever the size of the study.
pub(crate) const PEOPLE: usize = 200;
/// People drawn: those of row 2d, of whom the other rows take the first that came to rest.
pub(super) const DRAWN: u32 = 500;
/// Seed of their draws, those of row 2d.
pub(crate) const SEED: u64 = 2;

/// One of the crowd.
#[derive(Clone, Debug)]
pub(crate) struct Adult {
    /// Number of the draw.
    pub person: u32,
    parameters: Vec<f64>,
    inputs: Vec<f64>,
    state: Vec<f64>,
}

/// Whose turn it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Who {
    /// Place in the crowd.
    pub index: usize,
    /// Number of the draw, for random numbers of the person's own.
    pub person: u32,
}

/// People on one network. What is asked of one after the other is asked of a [`Lab`] in which the person stands; runs and
/// searches of rest take all of them together.
pub(crate) struct Crowd {
    lab: Lab,
    ensemble: Ensemble,
    /// Everybody, as they are now.
    pub people: Vec<Adult>,
}

/// People at rest on the colon as it is: number of the draw and states.
struct Rested {
    states: Vec<String>,
    people: Vec<(u32, Vec<f64>)>,
}

/// The people of all rows at rest, found when they are first asked for.
fn rested() -> Result<&'static Rested, CheckError> {
    static CACHE: OnceLock<Rested> = OnceLock::new();
    if let Some(rested) = CACHE.get() {
        return Ok(rested);
    }
    let crowd = Crowd::drawn(plain()?, SEED, 0..DRAWN)?;
    let states = crowd.lab.network.states.iter();
    let found = Rested {
        states: states.map(|s| s.name.clone()).collect(),
        people: (crowd.people.into_iter())
            .map(|adult| (adult.person, adult.state))
            .collect(),
    };
    Ok(CACHE.get_or_init(|| found))
}

fn plain() -> Result<Network, CheckError> {
    Ok(network(table()?, catalogue()?, &ColonOptions::default())?)
}

impl Crowd {
    fn empty(network: Network) -> Result<Self, CheckError> {
        let lab = Lab::new(network)?;
        let lanes = kernels::lanes(lab.program()).map_err(|e| CheckError::Failed {
            who: format!("everyone on {}", lab.network.name),
            why: e.to_string(),
        })?;
        Ok(Self {
            ensemble: Ensemble::new(lanes, Options::default())?,
            lab,
            people: Vec::new(),
        })
    }

    /// Those of these draws who come to rest on a network, with their own diets and carriage.
    ///
    /// # Errors
    /// The network does not compile.
    pub fn drawn(
        network: Network,
        seed: u64,
        draws: std::ops::Range<u32>,
    ) -> Result<Self, CheckError> {
        let mut crowd = Self::empty(network)?;
        for person in draws {
            let adult = crowd.born(seed, person)?;
            crowd.people.push(adult);
        }
        let found = crowd.settle()?;
        let mut found = found.iter().map(Option::is_none);
        crowd.people.retain(|_| found.next().unwrap_or(false));
        Ok(crowd)
    }

    /// As many of the people of all rows, on another law of the colon.
    ///
    /// # Errors
    /// The network does not compile.
    pub fn on(network: Network, count: usize) -> Result<Self, CheckError> {
        /// Draws without rest are fewer than one in so many.
        const SPARE: usize = 10;
        let draws = u32::try_from(count + count / SPARE).unwrap_or(u32::MAX);
        let mut crowd = Self::drawn(network, SEED, 0..draws)?;
        crowd.people.truncate(count);
        Ok(crowd)
    }

    /// The first [`PEOPLE`] at rest, on the colon with what a row adds.
    ///
    /// # Errors
    /// The network does not build; what is added moves people who were at rest.
    pub fn adults(options: &ColonOptions) -> Result<Self, CheckError> {
        Self::part(options, 0, PEOPLE)
    }

    /// So many of the people at rest after the first `skipped`.
    ///
    /// # Errors
    /// The network does not build; what is added moves people who were at rest.
    pub fn part(options: &ColonOptions, skipped: usize, count: usize) -> Result<Self, CheckError> {
        let mut crowd = Self::empty(network(table()?, catalogue()?, options)?)?;
        let rested = rested()?;
        let places: Vec<Option<usize>> = (crowd.lab.network.states.iter())
            .map(|s| rested.states.iter().position(|name| *name == s.name))
            .collect();
        for (person, state) in rested.people.iter().skip(skipped).take(count) {
            let mut adult = crowd.born(SEED, *person)?;
            for (value, place) in adult.state.iter_mut().zip(&places) {
                if let Some(place) = place {
                    *value = state[*place];
                }
            }
            crowd.people.push(adult);
        }
        crowd.settles_in()?;
        Ok(crowd)
    }

    /// Someone of these draws, at the network's start.
    fn born(&mut self, seed: u64, person: u32) -> Result<Adult, CheckError> {
        furnish(&mut self.lab, seed, person)?;
        Ok(Adult {
            person,
            parameters: self.lab.parameters.clone(),
            inputs: self.lab.inputs.clone(),
            state: self.lab.state.clone(),
        })
    }

    /// What a row adds must leave alone who does not take it. People live in it first, for it may shift a rest by thousandths;
    /// nobody moves by more than a hundredth of what they hold.
    fn settles_in(&mut self) -> Result<(), CheckError> {
        const LONG: f64 = 100.0;
        const MOVES: f64 = 1e-2;
        let rested = self.people.clone();
        self.live(LONG)?;
        self.each(|lab, who| {
            let before = &rested[who.index].state;
            let states = lab.network.states.iter().zip(&lab.state).zip(before);
            let moved = states
                .filter(|((spec, x), b)| (**x - **b).abs() > MOVES * (spec.typical + b.abs()))
                .map(|((spec, x), b)| format!("{} from {b:e} to {x:e} in {LONG} d", spec.name))
                .next();
            match moved {
                Some(what) => Err(lab.not_steady(format!("what the row adds moves {what}"))),
                None => Ok(()),
            }
        })?;
        Ok(())
    }

    /// Puts a person into the bench.
    fn seat(lab: &mut Lab, adult: &Adult) {
        lab.parameters.clone_from(&adult.parameters);
        lab.inputs.clone_from(&adult.inputs);
        lab.state.clone_from(&adult.state);
        lab.call(format!("person {} of seed {SEED}", adult.person));
    }

    /// Asks something of each, or changes them, one after the other.
    ///
    /// # Errors
    /// The first that fails.
    pub fn each<T>(
        &mut self,
        mut ask: impl FnMut(&mut Lab, Who) -> Result<T, CheckError>,
    ) -> Result<Vec<T>, CheckError> {
        let mut answers = Vec::with_capacity(self.people.len());
        for (index, adult) in self.people.iter_mut().enumerate() {
            Self::seat(&mut self.lab, adult);
            let person = adult.person;
            answers.push(ask(&mut self.lab, Who { index, person })?);
            adult.parameters.clone_from(&self.lab.parameters);
            adult.inputs.clone_from(&self.lab.inputs);
            adult.state.clone_from(&self.lab.state);
        }
        Ok(answers)
    }

    /// An observable of each.
    ///
    /// # Errors
    /// The network has none of that name.
    pub fn read(&mut self, name: &str) -> Result<Vec<f64>, CheckError> {
        self.each(|lab, _| lab.read(name))
    }

    /// Runs everybody for `days` with each one's own changes and hands over each solution; people stay where it ends.
    ///
    /// # Errors
    /// Anyone whose run fails.
    pub fn run<T>(
        &mut self,
        days: f64,
        outputs: &[f64],
        changes: impl FnMut(&mut Lab, Who) -> Result<Vec<Change>, CheckError>,
        mut take: impl FnMut(&mut Lab, Who, &Solution) -> Result<T, CheckError>,
    ) -> Result<Vec<T>, CheckError> {
        let planned = self.each(changes)?;
        let schedules: Vec<Schedule> = planned
            .into_iter()
            .map(Schedule::sorted)
            .collect::<Result<_, _>>()?;
        let Self {
            lab,
            ensemble,
            people,
        } = self;
        let switches = lab.switches.clone();
        let cohort = Listed(people.len(), |index: usize| {
            let adult: &Adult = &people[index];
            PatientSpec {
                parameters: adult.parameters.clone(),
                switches: switches.clone(),
                run: Run {
                    inputs: adult.inputs.clone(),
                    schedule: schedules[index].clone(),
                    outputs: outputs.to_vec(),
                    record_states: true,
                    ..Run::new(0.0, days, adult.state.clone())
                },
            }
        });
        let mut ends = Vec::with_capacity(people.len());
        let mut taken = Vec::with_capacity(people.len());
        let mut fault = None;
        each(ensemble, &cohort, &mut |index, solution| {
            if fault.is_some() {
                return;
            }
            let adult = &people[index];
            Self::seat(lab, adult);
            if !solution.status.is_success() {
                fault = Some(lab.failed(&solution.status));
                return;
            }
            lab.stay(&solution);
            ends.push((lab.state.clone(), lab.inputs.clone()));
            let person = adult.person;
            match take(lab, Who { index, person }, &solution) {
                Ok(value) => taken.push(value),
                Err(error) => fault = Some(error),
            }
        })?;
        if let Some(error) = fault {
            return Err(error);
        }
        for (adult, (state, inputs)) in people.iter_mut().zip(ends) {
            adult.state = state;
            adult.inputs = inputs;
        }
        Ok(taken)
    }

    /// Everybody lives so many days under the inputs in force.
    ///
    /// # Errors
    /// Anyone whose run fails.
    pub fn live(&mut self, days: f64) -> Result<(), CheckError> {
        self.run(days, &[], |_, _| Ok(Vec::new()), |_, _, _| Ok(()))?;
        Ok(())
    }

    /// Everybody comes to rest under the inputs in force.
    ///
    /// # Errors
    /// Anyone who does not.
    pub fn rest(&mut self) -> Result<(), CheckError> {
        match self.settle()?.into_iter().flatten().next() {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    /// Brings to rest whoever does, and says of the others why not. As with one alone, who does not get there directly
    /// is given a year of life and tries again.
    fn settle(&mut self) -> Result<Vec<Option<CheckError>>, CheckError> {
        const YEAR: f64 = 365.0;
        let all: Vec<usize> = (0..self.people.len()).collect();
        let first = self.search(&all)?;
        let late: Vec<usize> = all.into_iter().filter(|i| first[*i].is_some()).collect();
        let mut faults: Vec<Option<CheckError>> = Vec::new();
        faults.resize_with(self.people.len(), || None);
        if late.is_empty() {
            return Ok(faults);
        }
        let mut others = Self::empty((*self.lab.network).clone())?;
        others.lab.switches.clone_from(&self.lab.switches);
        others.people = late.iter().map(|i| self.people[*i].clone()).collect();
        others.live(YEAR)?;
        let everyone: Vec<usize> = (0..late.len()).collect();
        let second = others.search(&everyone)?;
        for ((index, adult), fault) in late.into_iter().zip(others.people).zip(second) {
            self.people[index] = adult;
            faults[index] = fault;
        }
        Ok(faults)
    }

    /// The steady states of these people; they move there where one is found.
    fn search(&mut self, who: &[usize]) -> Result<Vec<Option<CheckError>>, CheckError> {
        let people = &self.people;
        let switches = &self.lab.switches;
        let cohort = Listed(who.len(), |index: usize| {
            let adult: &Adult = &people[who[index]];
            PatientSpec {
                parameters: adult.parameters.clone(),
                switches: switches.clone(),
                run: Run {
                    inputs: adult.inputs.clone(),
                    ..Run::new(0.0, 1.0, adult.state.clone())
                },
            }
        });
        let threads = Plan::default().threads;
        let found = self
            .ensemble
            .steady_states(&cohort, &SteadyOptions::default(), threads);
        let mut faults = Vec::with_capacity(who.len());
        for (index, steady) in who.iter().zip(found) {
            let steady = steady?;
            let adult = &mut self.people[*index];
            Self::seat(&mut self.lab, adult);
            if steady.status.is_success() {
                self.lab.state = steady.state;
                self.lab.lift();
                adult.state.clone_from(&self.lab.state);
                faults.push(None);
            } else {
                faults.push(Some(self.lab.not_steady(steady.status.to_string())));
            }
        }
        Ok(faults)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::people::adult;
    use super::*;

    /// People of the crowd rest where they rest alone, and live as they live alone.
    #[test]
    fn a_crowd_is_people_one_by_one() {
        const COUNT: u32 = 6;
        let mut crowd = Crowd::drawn(plain().unwrap(), SEED, 0..COUNT).unwrap();
        let mut lab = Lab::new(plain().unwrap()).unwrap();
        let name = "colon.scfa_total.dist";
        let rested = crowd.read(name).unwrap();
        crowd
            .each(|lab, _| lab.set_input("input.diet.starch", 40.0))
            .unwrap();
        crowd.live(7.0).unwrap();
        let after = crowd.read(name).unwrap();
        for (i, person) in (0..COUNT).enumerate() {
            assert!(adult(&mut lab, SEED, person).unwrap());
            let near = |a: f64, b: f64| (a / b - 1.0).abs() < 1e-4;
            assert!(near(lab.read(name).unwrap(), rested[i]), "{person}");
            lab.set_input("input.diet.starch", 40.0).unwrap();
            lab.run(7.0, &[], Vec::new()).unwrap();
            assert!(near(lab.read(name).unwrap(), after[i]), "{person}");
        }
    }
}
