//! Why: each link cut alone, the same people with the same random numbers.

use super::TrialError;
use super::clinic::Clinic;
use super::contrast::contrasts;
use super::run::{Patient, TrialRun, follow};
use super::truth::individuals;
use crate::scenario::Scenario;
use crate::statistics::{Interval, mean};
use serde::Serialize;

/// People who are followed with each link cut.
const PEOPLE: usize = 200;

/// What the links carry in one comparison.
#[derive(Clone, Debug, Serialize)]
pub struct Why {
    /// The comparison.
    pub arm: String,
    /// People followed: the first of the pool, the same for every link.
    pub people: usize,
    /// Their mean effect with every link as the scenario has it.
    pub whole: Interval,
    /// The links that are on.
    pub links: Vec<Carried>,
    /// Their mean effect with all of these links cut at once.
    pub without_all: f64,
}

/// What goes with one link.
#[derive(Clone, Debug, Serialize)]
pub struct Carried {
    /// Name of the link.
    pub link: String,
    /// Grade of evidence.
    pub grade: &'static str,
    /// Mean effect with it cut.
    pub without: f64,
    /// What is lost with it: the whole effect minus that.
    pub carried: f64,
}

impl Why {
    /// What all links together carry minus the sum of what each carries alone: 0 where links do not interact.
    #[must_use]
    pub fn interaction(&self) -> f64 {
        let alone: f64 = self.links.iter().map(|l| l.carried).sum();
        self.whole.mean - self.without_all - alone
    }
}

/// Cuts the links that are on one at a time, then all of them; one entry a comparison. `progress` is told how many cuts
/// are done, and of how many.
///
/// # Errors
/// [`TrialError`].
pub fn why(
    scenario: &Scenario,
    run: &TrialRun,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Vec<Why>, TrialError> {
    let on = |switch: u32| {
        scenario
            .switches
            .get(switch as usize)
            .is_some_and(|&v| v != 0.0)
    };
    let links: Vec<_> = scenario
        .network
        .links
        .iter()
        .filter(|l| on(l.switch))
        .collect();
    let first: Vec<u32> = run.patients.iter().take(PEOPLE).map(|p| p.draw).collect();
    let mut cuts: Vec<Vec<u32>> = links.iter().map(|l| vec![l.switch]).collect();
    cuts.push(links.iter().map(|l| l.switch).collect());
    let mut cut: Vec<Vec<Patient>> = Vec::with_capacity(cuts.len());
    for switches in &cuts {
        cut.push(without(scenario, switches, &first)?);
        progress(cut.len(), cuts.len());
    }
    let whole = &run.patients[..first.len()];
    let of = |contrast| {
        let effect = |patients: &[Patient]| individuals(scenario, patients, contrast);
        let all = Interval::of_mean(&effect(whole));
        let carried = links.iter().zip(&cut).map(|(link, patients)| {
            let without = mean(&effect(patients));
            Carried {
                link: link.name.clone(),
                grade: link.grade.code(),
                without,
                carried: all.mean - without,
            }
        });
        Why {
            arm: contrast.name.clone(),
            people: first.len(),
            links: carried.collect(),
            without_all: cut
                .last()
                .map_or(f64::NAN, |patients| mean(&effect(patients))),
            whole: all,
        }
    };
    Ok(contrasts(scenario).iter().map(of).collect())
}

/// The same people with some links cut, from their own rest without them.
fn without(scenario: &Scenario, cut: &[u32], draws: &[u32]) -> Result<Vec<Patient>, TrialError> {
    let mut other = scenario.clone();
    for &switch in cut {
        if let Some(value) = other.switches.get_mut(switch as usize) {
            *value = 0.0;
        }
    }
    let mut clinic = Clinic::new(&other)?;
    let mut people = Vec::with_capacity(draws.len());
    for person in clinic.at_rest(draws)? {
        people.extend(person.ok());
    }
    follow(&mut clinic, &other, &people)
}
