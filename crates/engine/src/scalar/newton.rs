//! Newton steps at a steady state with conserved quantities.

use super::linear::Factorisation;
use super::rosenbrock::all_finite;
use crate::program::Pattern;
use crate::{EngineError, States};

/// The Jacobian bordered by the declared invariants:
///
/// ⎡ J  Gᵀ⎤ ⎡δ⎤   ⎡ −f       ⎤
/// ⎣ G  0 ⎦ ⎣λ⎦ = ⎣ c − G y  ⎦
///
/// J alone is singular, since G J = 0; the bordered matrix is not, λ is zero at the solution, and
/// the conserved quantities keep their values c. All in units of the typical sizes.
pub(super) struct BorderedMatrix {
    pattern: Pattern,
    /// Place of each entry of J, and its factor size_column / size_row.
    places: Vec<(usize, f64)>,
    /// Places and values of G and Gᵀ.
    border: Vec<(usize, f64)>,
    sizes: Vec<f64>,
    weights: Vec<Vec<f64>>,
    totals: Vec<f64>,
    factorisation: Factorisation,
}

impl BorderedMatrix {
    /// Plans the matrix.
    pub(super) fn new(jacobian: &Pattern, states: &States) -> Result<Self, EngineError> {
        let n = jacobian.dimension();
        let sizes = states.typical().to_vec();
        let weights = scaled_weights(states);
        if let Some(index) = first_dependent(&weights) {
            return Err(EngineError::DependentInvariant { index });
        }
        let border: Vec<_> = weights
            .iter()
            .enumerate()
            .flat_map(|(k, row)| {
                let terms = row.iter().enumerate().filter(|(_, weight)| **weight != 0.0);
                terms.map(move |(state, &weight)| (n + k, state, weight))
            })
            .collect();
        let mut pairs: Vec<_> = jacobian.positions().collect();
        pairs.extend((0..n + weights.len()).map(|i| (i, i)));
        pairs.extend(
            border
                .iter()
                .flat_map(|&(row, column, _)| [(row, column), (column, row)]),
        );
        let pattern = Pattern::from_pairs(n + weights.len(), pairs);
        let places = jacobian
            .positions()
            .filter_map(|(row, column)| {
                Some((pattern.find(row, column)?, sizes[column] / sizes[row]))
            })
            .collect();
        let border = border
            .iter()
            .flat_map(|&(row, column, weight)| {
                [pattern.find(row, column), pattern.find(column, row)].map(|p| Some((p?, weight)))
            })
            .flatten()
            .collect();
        let factorisation = Factorisation::new(&pattern);
        Ok(Self {
            pattern,
            places,
            border,
            sizes,
            totals: vec![0.0; weights.len()],
            weights,
            factorisation,
        })
    }

    /// Takes the conserved quantities of this state as those to keep.
    pub(super) fn keep(&mut self, state: &[f64]) {
        for (kept, row) in self.totals.iter_mut().zip(&self.weights) {
            *kept = total(row, state, &self.sizes);
        }
    }

    /// The Newton correction of the state; `None` where the matrix is singular.
    pub(super) fn newton_step(
        &mut self,
        jacobian: &[f64],
        slope: &[f64],
        state: &[f64],
    ) -> Option<Vec<f64>> {
        let mut values = vec![0.0; self.pattern.len()];
        for (&(place, factor), &value) in self.places.iter().zip(jacobian) {
            values[place] = value * factor;
        }
        for &(place, weight) in &self.border {
            values[place] += weight;
        }
        self.factorisation.factorise(&values).ok()?;
        let mut solution: Vec<_> = slope
            .iter()
            .zip(&self.sizes)
            .map(|(f, size)| -f / size)
            .collect();
        for (row, &kept) in self.weights.iter().zip(&self.totals) {
            solution.push(kept - total(row, state, &self.sizes));
        }
        self.factorisation.solve(&mut solution);
        solution.truncate(slope.len());
        for (change, size) in solution.iter_mut().zip(&self.sizes) {
            *change *= size;
        }
        all_finite(&solution).then_some(solution)
    }
}

/// Invariants in units of the typical sizes, each of length 1 (0 where it has no terms).
pub(super) fn scaled_weights(states: &States) -> Vec<Vec<f64>> {
    let scale = |terms: &Vec<(u32, f64)>| {
        let mut row = vec![0.0; states.len()];
        for &(state, weight) in terms {
            row[state as usize] += weight * states.typical()[state as usize];
        }
        normalise(&mut row);
        row
    };
    states.invariants().iter().map(scale).collect()
}

fn normalise(row: &mut [f64]) {
    let length = row.iter().map(|value| value * value).sum::<f64>().sqrt();
    if length > 0.0 {
        row.iter_mut().for_each(|value| *value /= length);
    }
}

/// An orthonormal basis of the span of rows of length 1 (modified Gram–Schmidt, twice), and which
/// rows added nothing to it.
pub(super) fn orthonormal(rows: &[Vec<f64>]) -> (Vec<Vec<f64>>, Vec<usize>) {
    let (mut basis, mut dependent): (Vec<Vec<f64>>, _) = (Vec::new(), Vec::new());
    for (index, row) in rows.iter().enumerate() {
        let mut rest = row.clone();
        for _ in 0..2 {
            for direction in &basis {
                let overlap: f64 = rest.iter().zip(direction).map(|(a, b)| a * b).sum();
                rest.iter_mut()
                    .zip(direction)
                    .for_each(|(a, b)| *a -= overlap * b);
            }
        }
        let length = rest.iter().map(|value| value * value).sum::<f64>().sqrt();
        if length > 1e-10 {
            normalise(&mut rest);
            basis.push(rest);
        } else {
            dependent.push(index);
        }
    }
    (basis, dependent)
}

fn first_dependent(rows: &[Vec<f64>]) -> Option<usize> {
    orthonormal(rows).1.first().copied()
}

fn total(row: &[f64], state: &[f64], sizes: &[f64]) -> f64 {
    row.iter()
        .zip(state.iter().zip(sizes))
        .map(|(weight, (y, size))| weight * y / size)
        .sum()
}
