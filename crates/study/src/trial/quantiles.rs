//! What is seen at the visits over the whole pool, for tables.

use super::record::{Source, record};
use super::run::{Patient, TrialRun};
use crate::scenario::{Arm, Scenario};
use crate::statistics::{mean, quantile, sorted};
use gutskin_network::Observable;

/// One observable in one arm at one visit or day, over the pool.
#[derive(Clone, Debug)]
pub struct VisitQuantiles {
    /// Name of the arm.
    pub arm: String,
    /// Name of the observable.
    pub observable: String,
    /// Its unit.
    pub unit: String,
    /// Day from randomisation.
    pub day: f64,
    /// People.
    pub people: u64,
    /// Mean over them.
    pub mean: f64,
    /// 5, 25, 50, 75 and 95 % quantiles.
    pub quantiles: [f64; 5],
}

impl VisitQuantiles {
    /// Over the values of people, in any order.
    pub(super) fn of(arm: &Arm, observable: &Observable, day: f64, values: Vec<f64>) -> Self {
        let values = sorted(values);
        let unit = observable.unit.as_ref();
        Self {
            arm: arm.name.clone(),
            observable: observable.name.clone(),
            unit: unit.map_or(String::new(), ToString::to_string),
            day,
            people: values.len() as u64,
            mean: mean(&values),
            quantiles: [0.05, 0.25, 0.5, 0.75, 0.95].map(|q| quantile(&values, q)),
        }
    }
}

/// Endpoint and what is looked at beside, arm by arm and visit by visit: readings with noise and placebo course,
/// everyone followed.
pub fn visit_quantiles(scenario: &Scenario, run: &TrialRun) -> Vec<VisitQuantiles> {
    let mut rows = Vec::new();
    let endpoints = std::iter::once(&scenario.endpoint).chain(&scenario.secondary);
    for (number, endpoint) in endpoints.enumerate() {
        let observable = &scenario.network.observables[endpoint.observable as usize];
        for (index, arm) in scenario.arms.iter().enumerate() {
            let of = |p: &Patient| {
                let course = p.arms.get(index)?.as_ref().ok()?;
                Some(record(scenario, (number, endpoint), (p, course), &Source::Pool).readings)
            };
            let people: Vec<Vec<f64>> = run.patients.iter().filter_map(of).collect();
            for (visit, &day) in scenario.visits.iter().enumerate() {
                let values = people.iter().map(|p| p[visit]).collect();
                rows.push(VisitQuantiles::of(arm, observable, day, values));
            }
        }
    }
    rows
}
