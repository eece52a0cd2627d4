//! Some of the people once more, a hundred times as exact: how far the solver's tolerance moves results.

use super::TrialError;
use super::clinic::Clinic;
use super::run::{TrialRun, follow};
use crate::scenario::Scenario;
use serde::Serialize;

/// The tolerance is divided by this.
const TIGHTER: f64 = 100.0;
/// At least so many people are solved again.
const LEAST: usize = 5;

/// Differences from solutions a hundred times as exact.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Tighter {
    /// People solved again: one in a hundred of the pool, the first.
    pub people: usize,
    /// Relative tolerance of these solves.
    pub relative_tolerance: f64,
    /// Largest difference of the endpoint's observable over arms and visits, relative to its value at entry.
    pub largest_difference: f64,
}

/// Solves one person in a hundred again.
pub(super) fn again(scenario: &Scenario, run: &TrialRun) -> Result<Option<Tighter>, TrialError> {
    let count = (run.patients.len() / 100)
        .max(LEAST)
        .min(run.patients.len());
    let draws: Vec<u32> = run.patients[..count].iter().map(|p| p.draw).collect();
    let relative_tolerance = run.relative_tolerance / TIGHTER;
    let mut clinic = Clinic::with_tolerance(scenario, relative_tolerance)?;
    clinic.placebo_sizes.clone_from(&run.placebo_sizes);
    let mut people = Vec::with_capacity(count);
    for person in clinic.at_rest(&draws)? {
        people.extend(person.ok());
    }
    let exact = follow(&mut clinic, scenario, &people)?;
    let mut largest: Option<f64> = None;
    for fine in &exact {
        let Some(coarse) = run.patients.iter().find(|p| p.draw == fine.draw) else {
            continue;
        };
        for pair in coarse.arms.iter().zip(&fine.arms) {
            if let (Ok(a), Ok(b)) = pair {
                let entry = b.values[0][0].abs().max(f64::MIN_POSITIVE);
                let off = a.values[0]
                    .iter()
                    .zip(&b.values[0])
                    .map(|(a, b)| (a - b).abs() / entry);
                largest = off.chain(largest).reduce(f64::max);
            }
        }
    }
    Ok(largest.map(|largest_difference| Tighter {
        people: exact.len(),
        relative_tolerance,
        largest_difference,
    }))
}
