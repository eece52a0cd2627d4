//! People an arm for a power, by drawing trials of the size that the last ones ask for until it stays.

use super::chance::Chance;
use super::contrast::Contrast;
use super::estimate::Estimate;
use super::interim::{self, Look};
use super::operating::{better, one_trial};
use super::run::Patient;
use crate::scenario::{Interim, Scenario};
use crate::statistics::{Z95, mean, per_arm, variance};
use gutskin_engine::random::standard_normal_quantile;
use rayon::prelude::*;

/// Larger trials are extrapolated only.
const LARGEST: f64 = 20_000.0;
/// Times that a size is tried.
const ROUNDS: usize = 5;
/// A size that moves by less than this factor has settled.
const SETTLED: f64 = 1.1;

/// Trials of any size for one comparison.
pub(super) struct Sized<'t> {
    scenario: &'t Scenario,
    contrast: &'t Contrast,
    pool: &'t [&'t Patient],
    /// People drawn for one size, and the least number of trials.
    budget: (f64, f64),
}

impl<'t> Sized<'t> {
    /// Of these people; with a look there is nothing but the share that succeeds to go by, and more are drawn.
    pub fn of(
        scenario: &'t Scenario,
        contrast: &'t Contrast,
        pool: &'t [&'t Patient],
        look: bool,
    ) -> Self {
        Self {
            scenario,
            contrast,
            pool,
            budget: match look {
                true => (1_000_000.0, 200.0),
                false => (200_000.0, 40.0),
            },
        }
    }

    /// Trials with so many people an arm; people may be in one twice: a large trial that used the pool up would differ too little from
    /// the next one.
    fn looks(&self, size: f64) -> Vec<Look> {
        const MOST: f64 = 1_000.0;
        let people = size * self.scenario.arms.len() as f64;
        let trials = (self.budget.0 / people).clamp(self.budget.1, MOST) as usize;
        let one = std::slice::from_ref(self.contrast);
        let (seed, visits) = (self.scenario.seed, self.scenario.visits.len());
        let chance = |replicate| Chance::of(seed, replicate, visits).endless();
        let sized = (self.scenario, size as usize);
        (0..trials)
            .into_par_iter()
            .flat_map_iter(|replicate| one_trial(sized, one, self.pool, &chance(replicate)))
            .collect()
    }

    /// Sizes for 80 and 90 % power from `start` on; nothing where that is beyond what is drawn.
    pub fn sizes(&self, truth: f64, start: f64) -> Option<[f64; 2]> {
        let (mut size, mut found) = (start, None);
        for _ in 0..ROUNDS {
            if !(2.0..=LARGEST).contains(&size) {
                return found;
            }
            let z = ZValues::of_looks(&self.looks(size), truth)?;
            let needed = |power: f64| per_arm(z.mean, z.sd, size as usize, power);
            let next = [needed(0.8)?, needed(0.9)?];
            found = Some(next);
            if (next[0] / size).ln().abs() < SETTLED.ln() {
                break;
            }
            size = next[0];
        }
        found
    }

    /// The size at which so many trials are not stopped at their look and have p < 0.05, as if their number followed a normal
    /// test; nothing where no size that is drawn has that power.
    pub fn size_with_look(&self, (interim, power): (Interim, f64), start: f64) -> Option<f64> {
        /// Powers beyond these are not told from 0 and 1 by so few trials.
        const TOLD: (f64, f64) = (0.02, 0.995);
        /// A size grows by no more at a time.
        const STEP: f64 = 4.0;
        let wanted = Z95 + standard_normal_quantile(power);
        let mut size = start;
        for _ in 0..2 * ROUNDS {
            if !(2.0..=LARGEST).contains(&size) {
                return None;
            }
            let found = interim::over(&interim, &self.looks(size), better(self.scenario));
            let share = found.power.share.clamp(TOLD.0, TOLD.1);
            let z = Z95 + standard_normal_quantile(share);
            let factor = match z > 0.0 {
                true => (wanted / z).powi(2).clamp(1.0 / STEP, STEP),
                false => STEP,
            };
            let next = (size * factor).ceil();
            if factor.ln().abs() < SETTLED.ln() {
                return Some(next);
            }
            size = next;
        }
        None
    }
}

/// The z values of trials, from their p values: what decides whether a trial finds something.
pub(super) struct ZValues {
    pub mean: f64,
    pub sd: f64,
}

impl ZValues {
    /// Of trials of one size; those without an estimate find nothing.
    fn of_looks(looks: &[Look], truth: f64) -> Option<Self> {
        let estimates: Vec<Estimate> = looks.iter().filter_map(|look| look.at_end).collect();
        if estimates.len() < 2 {
            return None;
        }
        let values: Vec<f64> = estimates.iter().map(|e| e.value).collect();
        let spread = (mean(&values), variance(&values).sqrt(), truth);
        let found = Self::of(&estimates, spread)?;
        // A mixture with those that find nothing.
        let share = estimates.len() as f64 / looks.len() as f64;
        let mean = share * found.mean;
        let square = share * (found.sd.powi(2) + found.mean.powi(2));
        Some(Self {
            mean,
            sd: (square - mean * mean).max(0.0).sqrt(),
        })
    }

    /// Where estimates centre on the truth the mean is that of the truth, which holds no chance of the trials drawn;
    /// where drop-out, rescue or the scale of the estimate move them, it is that of the trials.
    pub fn of(estimates: &[Estimate], (centre, sd, truth): (f64, f64, f64)) -> Option<Self> {
        /// Beyond this z no p value is told from 0.
        const LARGEST: f64 = 37.0;
        /// Standard errors within which the mean of estimates is that of the truth.
        const ALIKE: f64 = 3.0;
        let z = |e: &Estimate| {
            let size = -standard_normal_quantile(e.p / 2.0);
            if size.is_finite() { size } else { LARGEST }
                .min(LARGEST)
                .copysign(e.value)
        };
        let values: Vec<f64> = estimates.iter().map(z).collect();
        let error = sd / (values.len() as f64).sqrt();
        let of_truth = || {
            let pairs = estimates.iter().zip(&values);
            let steep = pairs
                .filter(|(e, _)| e.value != 0.0)
                .map(|(e, z)| z / e.value);
            truth * mean(&steep.collect::<Vec<_>>())
        };
        let centred = truth.is_finite() && (centre - truth).abs() <= ALIKE * error;
        let found = if centred { of_truth() } else { mean(&values) };
        found.is_finite().then(|| Self {
            mean: found,
            sd: variance(&values).sqrt(),
        })
    }
}
