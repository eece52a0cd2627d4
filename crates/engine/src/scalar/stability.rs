//! Stability of a steady state from the eigenvalues of its Jacobian.

use faer::Mat;

use super::newton::{orthonormal, scaled_weights};
use crate::States;
use crate::program::Pattern;

/// Eigenvalues below this rate, per time scale, are not told from zero.
const SLOWEST: f64 = 1e-9;

/// What the eigenvalues say.
pub(super) struct Stability {
    /// Largest real part of the eigenvalues that count; absent where none does, NaN where they
    /// could not be computed.
    pub real_part: Option<f64>,
    /// Real parts of this size are zero within rounding.
    pub tolerance: f64,
    /// States that are zero and stay zero by themselves.
    pub absent: Vec<usize>,
    /// Largest real part among those.
    pub invasion: Option<f64>,
}

impl Stability {
    /// Whether disturbances grow.
    pub(super) fn unstable(&self) -> bool {
        self.real_part
            .is_some_and(|real_part| real_part > self.tolerance)
    }
}

/// Assesses a steady state. Along declared invariants the Jacobian has eigenvalue zero: they are
/// projected out. Absent states form a block of their own: it is reported apart.
pub(super) fn assess(
    pattern: &Pattern,
    jacobian: &[f64],
    slope: &[f64],
    state: &[f64],
    vacant: &[bool],
    states: &States,
    time_scale: f64,
) -> Stability {
    let absent = absent_states(pattern, jacobian, slope, state, vacant);
    let mut is_absent = vec![false; state.len()];
    absent.iter().for_each(|&i| is_absent[i] = true);
    let present: Vec<_> = (0..state.len()).filter(|&i| !is_absent[i]).collect();
    let weights = scaled_weights(states);
    // A quantity that present states share is not conserved among the absent ones alone.
    let within = |row: &&Vec<f64>| {
        row.iter()
            .zip(&is_absent)
            .all(|(w, &gone)| gone || *w == 0.0)
    };
    let own: Vec<_> = weights.iter().filter(within).cloned().collect();
    let block = |chosen: &[usize], weights: &[Vec<f64>]| {
        let dense = scaled_block(pattern, jacobian, states.typical(), chosen);
        let rows: Vec<Vec<f64>> = weights
            .iter()
            .map(|row| chosen.iter().map(|&i| row[i]).collect())
            .collect();
        project(dense, &rows)
    };
    let matrix = block(&present, &weights);
    let largest = matrix.as_ref().map_or(0.0, |matrix| matrix.norm_max());
    Stability {
        real_part: matrix.map(|matrix| largest_real_part(&matrix)),
        tolerance: SLOWEST / time_scale + 1e-14 * present.len() as f64 * largest,
        invasion: block(&absent, &own).map(|matrix| largest_real_part(&matrix)),
        absent,
    }
}

/// The largest set of states that were vacant at the start, are exactly zero still, do not change, and are made by no
/// state outside the set. Zero alone is not absence: a signed state may rest there, unstably.
fn absent_states(
    pattern: &Pattern,
    jacobian: &[f64],
    slope: &[f64],
    state: &[f64],
    vacant: &[bool],
) -> Vec<usize> {
    let mut member: Vec<_> = state
        .iter()
        .zip(slope)
        .zip(vacant)
        .map(|((&y, &f), &vacant)| vacant && y == 0.0 && f == 0.0)
        .collect();
    loop {
        let mut changed = false;
        for ((row, column), &value) in pattern.positions().zip(jacobian) {
            if member[row] && !member[column] && value != 0.0 {
                member[row] = false;
                changed = true;
            }
        }
        if !changed {
            return (0..state.len()).filter(|&i| member[i]).collect();
        }
    }
}

/// Rows and columns `chosen` of D⁻¹ J D, D the typical sizes.
fn scaled_block(pattern: &Pattern, jacobian: &[f64], sizes: &[f64], chosen: &[usize]) -> Mat<f64> {
    let mut place = vec![usize::MAX; pattern.dimension()];
    chosen.iter().enumerate().for_each(|(k, &i)| place[i] = k);
    let mut dense = Mat::zeros(chosen.len(), chosen.len());
    for ((row, column), &value) in pattern.positions().zip(jacobian) {
        if place[row] != usize::MAX && place[column] != usize::MAX {
            dense[(place[row], place[column])] = value * sizes[column] / sizes[row];
        }
    }
    dense
}

/// Restricts a matrix to the complement of some rows; `None` where nothing is left.
fn project(matrix: Mat<f64>, rows: &[Vec<f64>]) -> Option<Mat<f64>> {
    let n = matrix.nrows();
    let lengths = rows
        .iter()
        .map(|row| row.iter().map(|value| value * value).sum::<f64>().sqrt());
    let rows: Vec<Vec<f64>> = rows
        .iter()
        .zip(lengths)
        .filter(|(_, length)| *length > 1e-10)
        .map(|(row, length)| row.iter().map(|value| value / length).collect())
        .collect();
    let basis = orthonormal(&rows).0;
    if basis.is_empty() {
        return (n > 0).then_some(matrix);
    }
    if basis.len() >= n {
        return None;
    }
    let columns = Mat::from_fn(n, basis.len(), |i, k| basis[k][i]);
    let orthogonal = columns.qr().compute_Q();
    let complement = orthogonal.subcols(basis.len(), n - basis.len());
    Some(complement.transpose() * matrix * complement)
}

fn largest_real_part(matrix: &Mat<f64>) -> f64 {
    match matrix.eigenvalues() {
        Ok(values) => values
            .iter()
            .map(|value| value.re)
            .fold(f64::NEG_INFINITY, f64::max),
        Err(_) => f64::NAN,
    }
}
