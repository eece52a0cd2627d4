//! Why: each route from body to skin, or each link, cut alone; the same people with the same random numbers.

use super::TrialError;
use super::clinic::Clinic;
use super::contrast::contrasts;
use super::run::{Patient, TrialRun, follow};
use super::truth::individuals;
use crate::scenario::Scenario;
use crate::statistics::{Interval, mean};
use gutskin_biology::axis::ROUTES;
use serde::Serialize;

/// People who are followed with each link cut.
const PEOPLE: usize = 200;

/// What is cut one at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parts {
    /// Routes from body to skin; links, where a model has no routes.
    Routes,
    /// Every link.
    Links,
}

/// What the parts carry in one comparison.
#[derive(Clone, Debug, Serialize)]
pub struct Why {
    /// The comparison.
    pub arm: String,
    /// What is cut one at a time: `routes` or `links`.
    pub parts: &'static str,
    /// People followed: the first of the pool, the same for every part.
    pub people: usize,
    /// Their mean effect with everything as the scenario has it.
    pub whole: Interval,
    /// The routes or links that are on.
    pub links: Vec<Carried>,
    /// Their mean effect with all of these cut at once.
    pub without_all: f64,
}

/// What goes with one route or link.
#[derive(Clone, Debug, Serialize)]
pub struct Carried {
    /// Name of the link, or the route in words.
    pub link: String,
    /// Grade of evidence of a link; empty for a route.
    pub grade: &'static str,
    /// Mean effect with it cut.
    pub without: f64,
    /// What is lost with it: the whole effect minus that.
    pub carried: f64,
}

impl Why {
    /// What was cut, the largest part first.
    #[must_use]
    pub fn by_size(&self) -> Vec<&Carried> {
        let mut all: Vec<&Carried> = self.links.iter().collect();
        all.sort_by(|a, b| b.carried.abs().total_cmp(&a.carried.abs()));
        all
    }

    /// What all together carry minus the sum of what each carries alone: 0 where they do not interact.
    #[must_use]
    pub fn interaction(&self) -> f64 {
        let alone: f64 = self.links.iter().map(|l| l.carried).sum();
        self.whole.mean - self.without_all - alone
    }
}

/// A switch that can be cut, and what it is called.
struct Part {
    switch: u32,
    name: String,
    grade: &'static str,
}

/// Routes or links that are on.
fn parts(scenario: &Scenario, asked: Parts) -> (&'static str, Vec<Part>) {
    let network = &scenario.network;
    let on = |switch: u32| {
        let value = scenario.switches.get(switch as usize);
        value.is_some_and(|&v| v != 0.0)
    };
    let route = |(switch, words): (&str, &str)| {
        Some(Part {
            switch: network.switch(switch)?,
            name: words.to_owned(),
            grade: "",
        })
    };
    let routes: Vec<Part> = ROUTES
        .into_iter()
        .filter_map(route)
        .filter(|r| on(r.switch))
        .collect();
    if asked == Parts::Routes && !routes.is_empty() {
        return ("routes", routes);
    }
    let link = |l: &gutskin_network::Link| Part {
        switch: l.switch,
        name: l.name.clone(),
        grade: l.grade.code(),
    };
    let links = network.links.iter().filter(|l| on(l.switch));
    ("links", links.map(link).collect())
}

/// Cuts the routes or links that are on one at a time, then all of them; one entry a comparison. `progress` is told how
/// many cuts are done, and of how many.
///
/// # Errors
/// [`TrialError`].
pub fn why(
    scenario: &Scenario,
    run: &TrialRun,
    asked: Parts,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Vec<Why>, TrialError> {
    let (kind, links) = parts(scenario, asked);
    let first: Vec<u32> = run.patients.iter().take(PEOPLE).map(|p| p.draw).collect();
    let mut cuts: Vec<Vec<u32>> = links.iter().map(|l| vec![l.switch]).collect();
    cuts.push(links.iter().map(|l| l.switch).collect());
    let mut cut: Vec<Vec<Patient>> = Vec::with_capacity(cuts.len());
    for switches in &cuts {
        cut.push(without(scenario, run, switches, &first)?);
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
                grade: link.grade,
                without,
                carried: all.mean - without,
            }
        });
        Why {
            arm: contrast.name.clone(),
            parts: kind,
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
fn without(
    scenario: &Scenario,
    run: &TrialRun,
    cut: &[u32],
    draws: &[u32],
) -> Result<Vec<Patient>, TrialError> {
    let mut other = scenario.clone();
    for &switch in cut {
        if let Some(value) = other.switches.get_mut(switch as usize) {
            *value = 0.0;
        }
    }
    let mut clinic = Clinic::new(&other)?;
    clinic.placebo_sizes.clone_from(&run.placebo_sizes);
    let mut people = Vec::with_capacity(draws.len());
    for person in clinic.at_rest(draws)? {
        people.extend(person.ok());
    }
    follow(&mut clinic, &other, &people)
}
