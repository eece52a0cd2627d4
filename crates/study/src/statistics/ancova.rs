//! Analysis of covariance of two arms, in closed form.

use super::{Interval, student_quantile, two_sided_student};

/// One person: value at entry and outcome.
pub type Pair = (f64, f64);

/// Difference of two arms, adjusted to the same value at entry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adjusted {
    /// Outcome of the second arm minus that of the first.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Degrees of freedom.
    pub degrees: f64,
    /// Two-sided p against no difference.
    pub p: f64,
    /// Standard deviation of outcomes around the two parallel lines.
    pub residual_sd: f64,
}

impl Adjusted {
    /// The 95 % interval.
    #[must_use]
    pub fn interval(&self) -> Interval {
        let t = student_quantile(0.975, self.degrees);
        Interval::around(self.estimate, t * self.standard_error)
    }
}

/// Means and sums of squares of one arm.
struct Sums {
    n: f64,
    x: f64,
    y: f64,
    xx: f64,
    xy: f64,
    yy: f64,
}

impl Sums {
    fn of(arm: &[Pair]) -> Self {
        let n = arm.len() as f64;
        let x = arm.iter().map(|p| p.0).sum::<f64>() / n;
        let y = arm.iter().map(|p| p.1).sum::<f64>() / n;
        let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
        for (a, b) in arm {
            xx += (a - x) * (a - x);
            xy += (a - x) * (b - y);
            yy += (b - y) * (b - y);
        }
        Self {
            n,
            x,
            y,
            xx,
            xy,
            yy,
        }
    }
}

/// Outcome on value at entry and arm, by least squares with a common slope. Where nobody differs at entry the slope
/// is left out. Nothing where too few people are left.
#[must_use]
pub fn ancova(first: &[Pair], second: &[Pair]) -> Option<Adjusted> {
    ancova_of_cells(&[(first, -1.0), (second, 1.0)])
}

/// The same for several cells of people, each with its weight in the difference; weights sum to 0. What lies between
/// cells is not in the residual.
#[must_use]
pub fn ancova_of_cells(cells: &[(&[Pair], f64)]) -> Option<Adjusted> {
    if cells.iter().any(|(people, _)| people.is_empty()) {
        return None;
    }
    let sums: Vec<(Sums, f64)> = cells
        .iter()
        .map(|(people, w)| (Sums::of(people), *w))
        .collect();
    let over = |f: &dyn Fn(&Sums, f64) -> f64| sums.iter().map(|(s, w)| f(s, *w)).sum::<f64>();
    let (xx, xy, yy) = (over(&|s, _| s.xx), over(&|s, _| s.xy), over(&|s, _| s.yy));
    let (slope, used) = if xx > 0.0 { (xy / xx, 1.0) } else { (0.0, 0.0) };
    let degrees = over(&|s, _| s.n) - cells.len() as f64 - used;
    if degrees < 1.0 {
        return None;
    }
    let apart = over(&|s, w| w * s.x);
    let estimate = over(&|s, w| w * s.y) - slope * apart;
    let residual = (yy - slope * xy).max(0.0) / degrees;
    let leverage = if xx > 0.0 { apart * apart / xx } else { 0.0 };
    let standard_error = (residual * (over(&|s, w| w * w / s.n) + leverage)).sqrt();
    Some(Adjusted {
        estimate,
        standard_error,
        degrees,
        p: two_sided_student(estimate / standard_error, degrees),
        residual_sd: residual.sqrt(),
    })
}
