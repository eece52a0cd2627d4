//! Tails of the normal, Student and chi-squared distributions.

use statrs::distribution::{ChiSquared, ContinuousCDF, StudentsT};
use statrs::function::erf::erfc;

/// Two-sided normal quantile of 95 %.
pub const Z95: f64 = 1.959_963_984_540_054;

/// Chance that a standard normal number is further from 0 than `z`.
#[must_use]
pub fn two_sided_normal(z: f64) -> f64 {
    erfc(z.abs() / std::f64::consts::SQRT_2)
}

/// Chance that a number of Student's distribution with `df` degrees of freedom is further from 0 than `t`; NaN where
/// either is no number or no degree of freedom is left.
#[must_use]
pub fn two_sided_student(t: f64, df: f64) -> f64 {
    match StudentsT::new(0.0, 1.0, df) {
        Ok(student) if t.is_finite() => 2.0 * student.cdf(-t.abs()),
        _ => f64::NAN,
    }
}

/// The value below which lies `probability` of Student's distribution; NaN where no degree of freedom is left.
#[must_use]
pub fn student_quantile(probability: f64, df: f64) -> f64 {
    StudentsT::new(0.0, 1.0, df).map_or(f64::NAN, |s| s.inverse_cdf(probability))
}

/// Chance that a chi-squared number with `df` degrees of freedom exceeds `x`.
#[must_use]
pub fn chi_squared_upper(x: f64, df: f64) -> f64 {
    match ChiSquared::new(df) {
        Ok(chi) if x >= 0.0 => chi.sf(x),
        _ => f64::NAN,
    }
}
