//! What is not known, apart from how people differ: the same people under other draws of the gains of links.

use super::TrialError;
use super::clinic::{Clinic, unknown_count};
use super::contrast::{Contrast, contrasts};
use super::run::{TrialRun, follow};
use super::truth::individuals;
use crate::scenario::Scenario;
use crate::statistics::{mean, quantile, sorted, variance};
use serde::Serialize;

/// People who are followed under each draw.
const PEOPLE: usize = 100;

/// Mean effects under several draws of what is not known.
#[derive(Clone, Debug, Serialize)]
pub struct Uncertainty {
    /// Draws.
    pub draws: usize,
    /// Parameters drawn: gains of links with a spread.
    pub parameters: usize,
    /// People followed under each draw: the first of the pool, the same in all.
    pub people: usize,
    /// One entry a comparison.
    pub arms: Vec<Spread>,
}

/// Mean effects of one arm.
#[derive(Clone, Debug, Serialize)]
pub struct Spread {
    /// Name of the arm.
    pub arm: String,
    /// Mean effect under each draw.
    pub effects: Vec<f64>,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation: what is not known.
    pub sd: f64,
    /// 5 and 95 % quantiles.
    pub range: [f64; 2],
    /// Standard deviation of the effect between people under central values: how people differ.
    pub between_people: f64,
}

/// Follows the first people of the pool under each draw.
pub(super) fn under_other_draws(
    clinic: &mut Clinic<'_>,
    scenario: &Scenario,
    run: &TrialRun,
) -> Result<Option<Uncertainty>, TrialError> {
    let count = scenario.population.parameter_draws;
    if count == 0 {
        return Ok(None);
    }
    let people = run.patients.len().min(PEOPLE);
    let contrasts = contrasts(scenario);
    let mut effects: Vec<Vec<f64>> = vec![Vec::new(); contrasts.len()];
    let draws: Vec<u32> = run.patients.iter().take(people).map(|p| p.draw).collect();
    for number in 0..count {
        clinic.draw_unknown(u32::try_from(number).unwrap_or(u32::MAX))?;
        let rested = clinic.at_rest(&draws)?;
        let included: Vec<_> = rested.into_iter().filter_map(Result::ok).collect();
        let patients = follow(clinic, scenario, &included)?;
        for (contrast, list) in contrasts.iter().zip(&mut effects) {
            list.push(mean(&individuals(scenario, &patients, contrast)));
        }
    }
    let spread = |(contrast, effects): (&Contrast, Vec<f64>)| {
        let known = individuals(scenario, &run.patients, contrast);
        let effects: Vec<f64> = effects.into_iter().filter(|e| e.is_finite()).collect();
        let ordered = sorted(effects.clone());
        Spread {
            arm: contrast.name.clone(),
            mean: mean(&effects),
            sd: variance(&effects).sqrt(),
            range: [0.05, 0.95].map(|q| quantile(&ordered, q)),
            between_people: variance(&known).sqrt(),
            effects,
        }
    };
    Ok(Some(Uncertainty {
        draws: count,
        parameters: unknown_count(scenario),
        people,
        arms: contrasts.iter().zip(effects).map(spread).collect(),
    }))
}
