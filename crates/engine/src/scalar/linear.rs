//! LU factorisation with partial pivoting of one matrix after another of the same pattern.

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::lu::partial_pivoting::{factor, solve};
use faer::perm::PermRef;
use faer::sparse::linalg::lu::{LuRef, NumericLu, SymbolicLu, factorize_symbolic_lu};
use faer::sparse::{SparseColMatRef, SymbolicSparseColMatRef};
use faer::{Conj, MatMut, MatRef, Par};

use crate::program::Pattern;

/// Up to this many rows a dense factorisation is used; `measure_dense_against_sparse` below finds the
/// crossing.
const DENSE_LIMIT: usize = 16;

/// The matrix cannot be factorised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Singular;

/// A factorisation that can be redone for new values on the same pattern.
pub(crate) enum Factorisation {
    /// Dense, for small systems and for patterns without a symbolic factorisation.
    Dense(Dense),
    /// Sparse, with the symbolic factorisation done once.
    Sparse(Box<Sparse>),
}

impl Factorisation {
    /// Plans the factorisation of matrices with this pattern, which must hold the diagonal.
    pub(crate) fn new(pattern: &Pattern) -> Self {
        if pattern.dimension() > DENSE_LIMIT
            && let Some(sparse) = Sparse::new(pattern)
        {
            return Self::Sparse(Box::new(sparse));
        }
        Self::Dense(Dense::new(pattern))
    }

    /// Factorises the matrix with these values, in the order of the pattern.
    pub(crate) fn factorise(&mut self, values: &[f64]) -> Result<(), Singular> {
        if values.iter().any(|value| !value.is_finite()) {
            return Err(Singular);
        }
        match self {
            Self::Dense(dense) => dense.factorise(values),
            Self::Sparse(sparse) => sparse.factorise(values),
        }
    }

    /// Solves with the last matrix factorised, in place.
    pub(crate) fn solve(&mut self, right_hand_side: &mut [f64]) {
        match self {
            Self::Dense(dense) => dense.solve(right_hand_side),
            Self::Sparse(sparse) => sparse.solve(right_hand_side),
        }
    }
}

/// Dense LU, column-major.
pub(crate) struct Dense {
    dimension: usize,
    places: Vec<usize>,
    factors: Vec<f64>,
    forward: Vec<usize>,
    inverse: Vec<usize>,
    memory: MemBuffer,
}

impl Dense {
    fn new(pattern: &Pattern) -> Self {
        let dimension = pattern.dimension();
        let places = pattern
            .positions()
            .map(|(row, column)| row + column * dimension)
            .collect();
        let requirement = factor::lu_in_place_scratch::<usize, f64>(
            dimension,
            dimension,
            Par::Seq,
            Default::default(),
        )
        .or(solve::solve_in_place_scratch::<usize, f64>(
            dimension,
            1,
            Par::Seq,
        ));
        Self {
            dimension,
            places,
            factors: vec![0.0; dimension * dimension],
            forward: vec![0; dimension],
            inverse: vec![0; dimension],
            memory: MemBuffer::new(requirement),
        }
    }

    fn factorise(&mut self, values: &[f64]) -> Result<(), Singular> {
        let n = self.dimension;
        self.factors.fill(0.0);
        for (&place, &value) in self.places.iter().zip(values) {
            self.factors[place] = value;
        }
        factor::lu_in_place(
            MatMut::from_column_major_slice_mut(&mut self.factors, n, n),
            &mut self.forward,
            &mut self.inverse,
            Par::Seq,
            MemStack::new(&mut self.memory),
            Default::default(),
        );
        let usable = |pivot: f64| pivot != 0.0 && pivot.is_finite();
        if (0..n).all(|i| usable(self.factors[i * (n + 1)])) {
            Ok(())
        } else {
            Err(Singular)
        }
    }

    fn solve(&mut self, right_hand_side: &mut [f64]) {
        let n = self.dimension;
        let factors = MatRef::from_column_major_slice(&self.factors, n, n);
        solve::solve_in_place_with_conj(
            factors,
            factors,
            PermRef::new_checked(&self.forward, &self.inverse, n),
            Conj::No,
            MatMut::from_column_major_slice_mut(right_hand_side, n, 1),
            Par::Seq,
            MemStack::new(&mut self.memory),
        );
    }
}

/// Sparse LU with a fill-reducing column order found once.
pub(crate) struct Sparse {
    column_starts: Vec<usize>,
    rows: Vec<usize>,
    symbolic: SymbolicLu<usize>,
    numeric: NumericLu<usize, f64>,
    factorised: bool,
    memory: MemBuffer,
}

impl Sparse {
    fn new(pattern: &Pattern) -> Option<Self> {
        let n = pattern.dimension();
        let (starts, rows) = (pattern.column_starts(), pattern.rows());
        let structure = SymbolicSparseColMatRef::new_checked(n, n, starts, None, rows);
        let symbolic = factorize_symbolic_lu(structure, Default::default()).ok()?;
        let requirement = symbolic
            .factorize_numeric_lu_scratch::<f64>(Par::Seq, Default::default())
            .or(symbolic.solve_in_place_scratch::<f64>(1, Par::Seq));
        Some(Self {
            column_starts: starts.to_vec(),
            rows: rows.to_vec(),
            symbolic,
            numeric: NumericLu::new(),
            factorised: false,
            memory: MemBuffer::new(requirement),
        })
    }

    fn factorise(&mut self, values: &[f64]) -> Result<(), Singular> {
        let n = self.column_starts.len() - 1;
        let structure =
            SymbolicSparseColMatRef::new_checked(n, n, &self.column_starts, None, &self.rows);
        let result = self.symbolic.factorize_numeric_lu(
            &mut self.numeric,
            SparseColMatRef::new(structure, values),
            Par::Seq,
            MemStack::new(&mut self.memory),
            Default::default(),
        );
        self.factorised = result.is_ok();
        result.map(|_| ()).map_err(|_| Singular)
    }

    fn solve(&mut self, right_hand_side: &mut [f64]) {
        if !self.factorised {
            right_hand_side.fill(f64::NAN);
            return;
        }
        let n = self.column_starts.len() - 1;
        LuRef::new_unchecked(&self.symbolic, &self.numeric).solve_in_place_with_conj(
            Conj::No,
            MatMut::from_column_major_slice_mut(right_hand_side, n, 1),
            Par::Seq,
            MemStack::new(&mut self.memory),
        );
    }
}

/// The matrix shift·I − J for varying shift and values of J, factorised and solved with.
///
/// Rows and columns are measured in units of the sizes of their states, so that pivots are chosen among numbers that can be
/// compared: one state of 1e20 beside others of 1 drowns these otherwise. Units are powers of two, which round nothing.
pub(crate) struct ShiftedMatrix {
    places: Vec<usize>,
    diagonal: Vec<usize>,
    values: Vec<f64>,
    /// Row and column of each value.
    positions: Vec<(usize, usize)>,
    units: Vec<f64>,
    factorisation: Factorisation,
}

impl ShiftedMatrix {
    /// Plans for Jacobians of this pattern.
    pub(crate) fn new(jacobian: &Pattern) -> Self {
        let pattern = with_diagonal(jacobian);
        let place = |(row, column)| pattern.find(row, column);
        let places = jacobian.positions().filter_map(place).collect();
        let diagonal = (0..pattern.dimension())
            .filter_map(|i| place((i, i)))
            .collect();
        let values = vec![0.0; pattern.len()];
        let factorisation = Factorisation::new(&pattern);
        Self {
            places,
            diagonal,
            values,
            positions: pattern.positions().collect(),
            units: vec![1.0; pattern.dimension()],
            factorisation,
        }
    }

    /// Measures states in units of the larger of their typical size and their value, from the next factorisation on.
    pub(crate) fn measure(&mut self, typical: &[f64], state: &[f64]) {
        for ((unit, &typical), &value) in self.units.iter_mut().zip(typical).zip(state) {
            *unit = power_of_two_below(f64::max(typical, value.abs()));
        }
    }

    /// Factorises shift·I − J.
    pub(crate) fn factorise(&mut self, shift: f64, jacobian: &[f64]) -> Result<(), Singular> {
        self.values.fill(0.0);
        for (&place, &value) in self.places.iter().zip(jacobian) {
            self.values[place] = -value;
        }
        for &place in &self.diagonal {
            self.values[place] += shift;
        }
        for (value, &(row, column)) in self.values.iter_mut().zip(&self.positions) {
            *value *= self.units[column] / self.units[row];
        }
        self.factorisation.factorise(&self.values)
    }

    /// Solves with the last matrix factorised, in place.
    pub(crate) fn solve(&mut self, right_hand_side: &mut [f64]) {
        for (value, unit) in right_hand_side.iter_mut().zip(&self.units) {
            *value /= unit;
        }
        self.factorisation.solve(right_hand_side);
        for (value, unit) in right_hand_side.iter_mut().zip(&self.units) {
            *value *= unit;
        }
    }
}

/// The largest power of two not above a positive normal number, within bounds whose ratio is finite; 1 for what is none.
fn power_of_two_below(size: f64) -> f64 {
    const EXPONENT: u64 = 0x7ff0_0000_0000_0000;
    let power = f64::from_bits(size.to_bits() & EXPONENT);
    if power.is_normal() && size > 0.0 {
        let far = f64::from_bits((1023 + 500) << 52);
        power.clamp(1.0 / far, far)
    } else {
        1.0
    }
}

/// The same pattern with every diagonal entry in it.
fn with_diagonal(pattern: &Pattern) -> Pattern {
    let n = pattern.dimension();
    let diagonal = (0..n).map(|i| (i, i));
    Pattern::from_pairs(n, pattern.positions().chain(diagonal).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{RandomStream, StreamId};

    /// A matrix like those of networks: a diagonal and about `extra` entries more in each column.
    fn sample(dimension: usize, extra: usize) -> (Pattern, Vec<f64>) {
        let stream = RandomStream::new(1, dimension as u32, StreamId::named("test", "matrix"));
        let mut pairs: Vec<_> = (0..dimension).map(|i| (i, i)).collect();
        for column in 0..dimension {
            for k in 0..extra {
                let index = (column * extra + k) as u32;
                pairs.push((stream.u32_at(index) as usize % dimension, column));
            }
        }
        let pattern = Pattern::from_pairs(dimension, pairs);
        let values = (0..pattern.len())
            .map(|i| stream.normal_at(100_000 + i as u32) * 10f64.powi(i as i32 % 7 - 3))
            .collect();
        (pattern, values)
    }

    fn residual(pattern: &Pattern, values: &[f64], x: &[f64], b: &[f64]) -> f64 {
        let mut rest: Vec<_> = b.iter().map(|value| -value).collect();
        pattern.add_product(values, x, &mut rest);
        let mut scale = vec![0.0; x.len()];
        let sizes: Vec<_> = values.iter().map(|value| value.abs()).collect();
        let lengths: Vec<_> = x.iter().map(|value| value.abs()).collect();
        pattern.add_product(&sizes, &lengths, &mut scale);
        let top = |values: &[f64]| values.iter().fold(0.0, |top, v| f64::max(top, v.abs()));
        top(&rest) / (top(&scale) + top(b))
    }

    fn check(mut factorisation: Factorisation, pattern: &Pattern, values: &[f64]) {
        let b: Vec<_> = (0..pattern.dimension()).map(|i| 1.0 + i as f64).collect();
        for scale in [1.0, 1e-3, 1e5] {
            let values: Vec<_> = values.iter().map(|value| value * scale).collect();
            factorisation.factorise(&values).unwrap();
            let mut x = b.clone();
            factorisation.solve(&mut x);
            let error = residual(pattern, &values, &x, &b);
            assert!(
                error < 1e-13,
                "n {}: backward error {error:e}",
                pattern.dimension()
            );
        }
    }

    #[test]
    fn dense_and_sparse_solve() {
        for dimension in [1, 2, 5, 20, 60, 150] {
            let (pattern, values) = sample(dimension, 4);
            check(
                Factorisation::Dense(Dense::new(&pattern)),
                &pattern,
                &values,
            );
            let sparse = Box::new(Sparse::new(&pattern).unwrap());
            check(Factorisation::Sparse(sparse), &pattern, &values);
        }
    }

    #[test]
    fn singular_matrix_is_told() {
        let pattern = Pattern::from_pairs(2, vec![(0, 0), (1, 0), (0, 1), (1, 1)]);
        let mut dense = Factorisation::Dense(Dense::new(&pattern));
        assert_eq!(dense.factorise(&[1.0, 2.0, 2.0, 4.0]), Err(Singular));
        assert_eq!(dense.factorise(&[1.0, f64::NAN, 2.0, 4.0]), Err(Singular));
        assert_eq!(dense.factorise(&[0.0, 1.0, 1.0, 0.0]), Ok(()));
        // The sparse factorisation lets a zero pivot pass: the solution is then not finite.
        let mut sparse = Factorisation::Sparse(Box::new(Sparse::new(&pattern).unwrap()));
        let mut x = vec![1.0, 1.0];
        if sparse.factorise(&[1.0, 2.0, 2.0, 4.0]).is_ok() {
            sparse.solve(&mut x);
            assert!(x.iter().any(|value| !value.is_finite()));
        }
    }

    /// One factorisation and eight solves, dense and sparse. Run with
    /// `cargo test --release -p gutskin-engine --lib measure_dense -- --ignored --nocapture`.
    #[test]
    #[ignore = "a measurement"]
    fn measure_dense_against_sparse() {
        for dimension in [3, 8, 12, 16, 20, 24, 32, 48, 64, 116] {
            let (pattern, values) = sample(dimension, 4);
            let time = |mut factorisation: Factorisation| {
                let mut x = vec![1.0; dimension];
                let start = std::time::Instant::now();
                for _ in 0..2000 {
                    factorisation.factorise(&values).unwrap();
                    for _ in 0..8 {
                        x.fill(1.0);
                        factorisation.solve(&mut x);
                    }
                }
                start.elapsed().as_secs_f64() / 2000.0 * 1e6
            };
            let dense = time(Factorisation::Dense(Dense::new(&pattern)));
            let sparse = time(Factorisation::Sparse(Box::new(
                Sparse::new(&pattern).unwrap(),
            )));
            println!("n {dimension:3}: dense {dense:6.1} us, sparse {sparse:6.1} us");
        }
    }
}
