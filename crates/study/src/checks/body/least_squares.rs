//! Damped Gauss–Newton for the fits that are run by hand.

use faer::linalg::solvers::Solve;
use faer::{Mat, Side};

/// Where a fit ended.
pub(super) struct Fitted {
    pub at: Vec<f64>,
    /// Inverse of the normal matrix there.
    pub covariance: Mat<f64>,
    pub residuals: Vec<f64>,
}

/// The sum of squares.
pub(super) fn cost(residuals: &[f64]) -> f64 {
    residuals.iter().map(|r| r * r).sum()
}

/// The place of least squares that is reached from `start`, by steps of one-sided differences of 0.02.
pub(super) fn least_squares(
    start: &[f64],
    mut residuals: impl FnMut(&[f64]) -> Vec<f64>,
) -> Fitted {
    let mut at = start.to_vec();
    let mut now = residuals(&at);
    let mut damping = 1.0;
    let mut normal = Mat::zeros(at.len(), at.len());
    for round in 0..25 {
        let columns: Vec<Vec<f64>> = (0..at.len())
            .map(|j| {
                const STEP: f64 = 0.02;
                let mut shifted = at.clone();
                shifted[j] += STEP;
                let other = residuals(&shifted);
                let pairs = other.iter().zip(&now);
                pairs.map(|(a, b)| (a - b) / STEP).collect()
            })
            .collect();
        let jacobian = Mat::from_fn(now.len(), at.len(), |i, j| columns[j][i]);
        normal = jacobian.transpose() * &jacobian;
        let gradient = jacobian.transpose() * Mat::from_fn(now.len(), 1, |i, _| now[i]);
        let mut better = false;
        for _ in 0..6 {
            let mut damped = normal.clone();
            for j in 0..at.len() {
                damped[(j, j)] *= 1.0 + damping;
            }
            let step = damped.llt(Side::Lower).unwrap().solve(&gradient);
            let trial: Vec<f64> = (0..at.len()).map(|j| at[j] - step[(j, 0)]).collect();
            let found = residuals(&trial);
            let gain = cost(&now) - cost(&found);
            if gain > 0.0 {
                (at, now) = (trial, found);
                damping /= 5.0;
                better = gain > 1e-3;
                break;
            }
            damping *= 5.0;
        }
        println!("round {round}: cost {:.4}", cost(&now));
        if !better {
            break;
        }
    }
    let covariance = normal
        .llt(Side::Lower)
        .unwrap()
        .solve(Mat::<f64>::identity(at.len(), at.len()));
    Fitted {
        at,
        covariance,
        residuals: now,
    }
}
