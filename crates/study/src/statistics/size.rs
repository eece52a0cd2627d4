//! How many people a trial needs.

use super::Z95;
use gutskin_engine::random::standard_normal_quantile;

/// People an arm for this power at p < 0.05, two-sided, given the effect and the standard error that trials with
/// `people` an arm have; drop-out and missing values are in it as far as they are in that error. Nothing where the
/// effect or the error is zero or no number. With Guenther's correction for Student's distribution.
#[must_use]
pub fn per_arm(effect: f64, standard_error: f64, people: usize, power: f64) -> Option<f64> {
    let z = Z95 + standard_normal_quantile(power);
    let needed = people as f64 * (z * standard_error / effect).powi(2) + Z95 * Z95 / 4.0;
    (needed.is_finite() && standard_error > 0.0).then(|| needed.ceil())
}
