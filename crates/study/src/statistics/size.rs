//! How many people a trial needs.

use super::Z95;
use gutskin_engine::random::standard_normal_quantile;

/// People an arm for this power at p < 0.05, two-sided, from the z values that trials with `people` an arm have, their mean and
/// standard deviation: the size at which the test itself has the power, whatever drop-out, rescue or censoring do to its
/// estimates. Nothing where the mean is zero or no number. With Guenther's
/// correction for Student's distribution.
#[must_use]
pub fn per_arm(mean: f64, sd: f64, people: usize, power: f64) -> Option<f64> {
    let z = Z95 + sd * standard_normal_quantile(power);
    let needed = people as f64 * (z / mean).powi(2) + Z95 * Z95 / 4.0;
    needed.is_finite().then(|| needed.ceil())
}
