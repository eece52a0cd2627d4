//! LU factorisation with partial pivoting of one matrix after another of the same pattern.

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::lu::partial_pivoting::{factor, solve};
use faer::perm::PermRef;
use faer::sparse::linalg::lu::{LuRef, NumericLu, SymbolicLu, factorize_symbolic_lu};
use faer::sparse::{SparseColMatRef, SymbolicSparseColMatRef};
use faer::{Conj, MatMut, MatRef, Par};

use crate::program::Pattern;

/// Up to this many rows a dense factorisation is used; see `benches/linear.rs`.
const DENSE_LIMIT: usize = 24;

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
pub(crate) struct ShiftedMatrix {
    places: Vec<usize>,
    diagonal: Vec<usize>,
    values: Vec<f64>,
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
            factorisation,
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
        self.factorisation.factorise(&self.values)
    }

    /// Solves with the last matrix factorised, in place.
    pub(crate) fn solve(&mut self, right_hand_side: &mut [f64]) {
        self.factorisation.solve(right_hand_side);
    }
}

/// The same pattern with every diagonal entry in it.
fn with_diagonal(pattern: &Pattern) -> Pattern {
    let n = pattern.dimension();
    let diagonal = (0..n).map(|i| (i, i));
    Pattern::from_pairs(n, pattern.positions().chain(diagonal).collect())
}
