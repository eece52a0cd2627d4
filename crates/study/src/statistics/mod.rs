//! Statistics of trials, on plain numbers: what a statistician would run on the data of one trial.
//!
//! Each is checked against statsmodels by golden numbers (`crosscheck/make_statistics_golden.py`).

mod ancova;
mod describe;
mod distribution;
mod mixed;
mod multiplicity;
mod proportion;
mod size;
mod survival;

pub use ancova::{Adjusted, Pair, ancova, ancova_of_cells};
pub use describe::{mean, quantile, sorted, variance};
pub use distribution::{
    Z95, chi_squared_upper, student_quantile, two_sided_normal, two_sided_student,
};
pub use mixed::{MixedFit, Reading, mixed_model};
pub use multiplicity::{benjamini_hochberg, holm};
pub use proportion::{
    Counts, NumberNeeded, number_needed, paired_risk_difference, risk_difference,
};
pub use size::per_arm;
pub use survival::{LogRank, Survival, at_risk, kaplan_meier, log_rank};

use serde::Serialize;

/// A mean or other estimate with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// Estimate.
    pub mean: f64,
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

impl Interval {
    /// The mean of values with the normal interval of the mean.
    #[must_use]
    pub fn of_mean(values: &[f64]) -> Self {
        let half = Z95 * (variance(values) / values.len() as f64).sqrt();
        Self::around(mean(values), half)
    }

    /// An estimate and half the width of its interval.
    #[must_use]
    pub fn around(mean: f64, half: f64) -> Self {
        Self {
            mean,
            low: mean - half,
            high: mean + half,
        }
    }
}
