//! A sweep as a table and as a figure.

use crate::ReportError;
use crate::figure::sweep;
use crate::series::cell;
use gutskin_study::sweep::Point;
use std::fmt::Write;

/// One row a value and comparison.
#[must_use]
pub fn csv(points: &[Point]) -> String {
    let mut out = String::from(
        "value,comparison,against,effect,effect_low,effect_high,unit,trials_mean,power,power_error,per_arm,per_arm_for_80\n",
    );
    for p in points {
        for c in &p.summary.comparisons {
            let text = |v: Option<f64>| v.map_or(String::new(), |v| v.to_string());
            let t = c.trials.as_ref();
            let _ = writeln!(
                out,
                "{},{},{},{},{},{},{},{},{},{},{},{}",
                cell(&p.value),
                cell(&c.arm),
                cell(&c.against),
                c.effect.mean,
                c.effect.low,
                c.effect.high,
                cell(&p.summary.unit),
                text(t.map(|t| t.mean)),
                text(t.map(|t| t.power.share)),
                text(t.map(|t| t.power.monte_carlo_error)),
                p.summary.design.per_arm,
                text(t.and_then(|t| t.per_arm_80)),
            );
        }
    }
    out
}

/// Effect and power over the values.
///
/// # Errors
/// [`ReportError::Figure`].
pub fn figure(name: &str, points: &[Point]) -> Result<String, ReportError> {
    sweep(name, points)
}
