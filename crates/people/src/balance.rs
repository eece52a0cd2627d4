//! Weights that give a population wanted moments and are otherwise as even as they can be (entropy balancing, Hainmueller
//! 2012, doi:10.1093/pan/mpr025): w ∝ exp(λ·m), with λ from the convex dual, and a little ridge where moments cannot all be met.

use crate::weights::Weights;
use faer::linalg::solvers::Solve;
use faer::{Mat, Side};

/// Newton steps at most.
const STEPS: usize = 100;
/// Newton steps are halved so often at most.
const HALVINGS: usize = 30;
/// Relative changes of the dual that are rounding.
const ROUNDING: f64 = 1e-14;

/// Weights of people under which each column of `moments` (person by person) has a mean near 0. `ridge` is the square of the
/// distance from 0 that costs as much as one unit of entropy; 0 asks for exactly 0. Nothing where there is no one or no
/// solution is found.
#[must_use]
pub fn balance(moments: &[Vec<f64>], ridge: f64) -> Option<Weights> {
    let width = moments.first()?.len();
    let mut lambda = vec![0.0; width];
    let mut value = dual(moments, &lambda, ridge);
    for _ in 0..STEPS {
        let weights = tilted(moments, &lambda)?;
        let mean: Vec<f64> = (0..width)
            .map(|j| {
                weights
                    .shares()
                    .iter()
                    .zip(moments)
                    .map(|(w, m)| w * m[j])
                    .sum()
            })
            .collect();
        let gradient: Vec<f64> = (0..width).map(|j| mean[j] + ridge * lambda[j]).collect();
        if gradient.iter().all(|g| g.abs() < 1e-9) {
            return Some(weights);
        }
        let mut curvature = Mat::<f64>::zeros(width, width);
        for (w, m) in weights.shares().iter().zip(moments) {
            for i in 0..width {
                for j in 0..width {
                    curvature[(i, j)] += w * (m[i] - mean[i]) * (m[j] - mean[j]);
                }
            }
        }
        for i in 0..width {
            curvature[(i, i)] += ridge + 1e-12;
        }
        let right = Mat::from_fn(width, 1, |i, _| -gradient[i]);
        let step = curvature.llt(Side::Lower).ok()?.solve(&right);
        let mut scale = 1.0;
        let mut moved = false;
        for _ in 0..HALVINGS {
            let tried: Vec<f64> = (0..width)
                .map(|i| lambda[i] + scale * step[(i, 0)])
                .collect();
            let there = dual(moments, &tried, ridge);
            // Near its lowest point the dual is flat within rounding, where a whole step still sharpens the moments.
            let flat = scale == 1.0 && there <= value + ROUNDING * (1.0 + value.abs());
            if there < value || flat {
                (lambda, value, moved) = (tried, there, true);
                break;
            }
            scale *= 0.5;
        }
        if !moved {
            break;
        }
    }
    tilted(moments, &lambda)
}

fn exponents(moments: &[Vec<f64>], lambda: &[f64]) -> Vec<f64> {
    moments
        .iter()
        .map(|m| m.iter().zip(lambda).map(|(m, l)| m * l).sum())
        .collect()
}

fn tilted(moments: &[Vec<f64>], lambda: &[f64]) -> Option<Weights> {
    Weights::from_logarithms(&exponents(moments, lambda))
}

/// ln Σ exp(λ·m) + ridge·|λ|²/2, which the weights that are sought minimise.
fn dual(moments: &[Vec<f64>], lambda: &[f64], ridge: f64) -> f64 {
    let exponents = exponents(moments, lambda);
    let top = exponents.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = exponents.iter().map(|e| (e - top).exp()).sum();
    let square: f64 = lambda.iter().map(|l| l * l).sum();
    let value = top + sum.ln() + 0.5 * ridge * square;
    if value.is_finite() {
        value
    } else {
        f64::INFINITY
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use gutskin_engine::random::{RandomStream, StreamId};

    /// A normal sample tilted to mean 0.5: the weights are those of a normal with that mean, whose effective share is
    /// exp(−0.25).
    #[test]
    fn a_normal_sample_is_tilted_to_another_mean_at_the_known_cost() {
        let stream = RandomStream::new(1, 1, StreamId::named("test", "balance"));
        let x: Vec<f64> = (0..20_000).map(|i| stream.normal_at(i)).collect();
        let moments: Vec<Vec<f64>> = x.iter().map(|x| vec![x - 0.5]).collect();
        let weights = balance(&moments, 0.0).unwrap();
        assert!((weights.mean(&x) - 0.5).abs() < 1e-8);
        let share = weights.effective() / 20_000.0;
        assert!((share - (-0.25_f64).exp()).abs() < 0.02, "{share}");
    }

    #[test]
    fn what_cannot_be_met_is_approached_and_does_not_diverge() {
        let moments: Vec<Vec<f64>> = (0..50).map(|i| vec![f64::from(i) + 10.0]).collect();
        let weights = balance(&moments, 0.01).unwrap();
        let first = moments.iter().map(|m| m[0]).collect::<Vec<_>>();
        assert!(weights.mean(&first) < 12.0);
        assert!(weights.shares().iter().all(|w| w.is_finite()));
        assert!(balance(&[], 0.0).is_none());
    }
}
