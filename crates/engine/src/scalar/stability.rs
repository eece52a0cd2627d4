//! Stability of a steady state from the eigenvalues of its Jacobian.

use faer::Mat;
use gutskin_network::expr::larger;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

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
/// projected out. Absent states form a block of their own: it is reported apart. Memories are held where they are.
pub(super) fn assess(
    pattern: &Pattern,
    (jacobian, slope): (&[f64], &[f64]),
    state: &[f64],
    (vacant, memories): (&[bool], &[usize]),
    states: &States,
    time_scale: f64,
) -> Stability {
    let absent = absent_states(pattern, jacobian, slope, state, vacant);
    let mut is_absent = vec![false; state.len()];
    absent.iter().for_each(|&i| is_absent[i] = true);
    let counts = |i: &usize| !is_absent[*i] && !memories.contains(i);
    let present: Vec<_> = (0..state.len()).filter(counts).collect();
    let weights = scaled_weights(states);
    // A quantity that present states share is not conserved among the absent ones alone.
    let within = |row: &&Vec<f64>| {
        row.iter()
            .zip(&is_absent)
            .all(|(w, &gone)| gone || *w == 0.0)
    };
    let own: Vec<_> = weights.iter().filter(within).cloned().collect();
    let scaled = ScaledJacobian::new(pattern, jacobian, states.typical());
    let (present_part, largest) = scaled.largest_real_part(&present, &weights);
    Stability {
        real_part: present_part,
        tolerance: SLOWEST / time_scale + 1e-14 * present.len() as f64 * largest,
        invasion: scaled.largest_real_part(&absent, &own).0,
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

/// The entries of D⁻¹ J D that are not zero, D the typical sizes.
struct ScaledJacobian {
    dimension: usize,
    entries: Vec<(usize, usize, f64)>,
}

impl ScaledJacobian {
    fn new(pattern: &Pattern, jacobian: &[f64], sizes: &[f64]) -> Self {
        let entries = pattern.positions().zip(jacobian);
        Self {
            dimension: pattern.dimension(),
            entries: entries
                .filter(|(_, value)| **value != 0.0)
                .map(|((row, column), &value)| (row, column, value * sizes[column] / sizes[row]))
                .collect(),
        }
    }

    /// Largest real part of the eigenvalues of the rows and columns `chosen` off the invariants `weights`, `None` where
    /// none is left; and the largest entry there.
    ///
    /// States that act on one another in circles, and states that share an invariant, are kept together; in the order in
    /// which such blocks drive each other the matrix is block triangular, so that its eigenvalues are those of the blocks.
    /// That is cheaper than the whole, and more exact: what one block does to another has no part in it.
    fn largest_real_part(&self, chosen: &[usize], weights: &[Vec<f64>]) -> (Option<f64>, f64) {
        let mut place = vec![usize::MAX; self.dimension];
        chosen.iter().enumerate().for_each(|(k, &i)| place[i] = k);
        let entries: Vec<_> = (self.entries.iter())
            .map(|&(row, column, value)| (place[row], place[column], value))
            .filter(|&(row, column, _)| row.max(column) != usize::MAX)
            .collect();
        let weights: Vec<Vec<f64>> = weights
            .iter()
            .map(|row| chosen.iter().map(|&i| row[i]).collect())
            .collect();
        let largest = entries.iter().fold(0.0, |top, e| f64::max(top, e.2.abs()));
        let mut real_part = None;
        for block in Block::all(chosen.len(), &entries, &weights) {
            let found = block.largest_real_part();
            real_part = match (real_part, found) {
                (Some(a), Some(b)) => Some(larger(a, b)),
                (a, b) => a.or(b),
            };
        }
        (real_part, largest)
    }
}

/// States that depend on one another.
struct Block {
    matrix: Mat<f64>,
    /// Invariants among them.
    weights: Vec<Vec<f64>>,
}

impl Block {
    /// Divides a matrix of `n` rows, given by its entries.
    fn all(n: usize, entries: &[(usize, usize, f64)], weights: &[Vec<f64>]) -> Vec<Self> {
        let members = components(n, entries, weights);
        let mut owner = vec![(0, 0); n];
        for (number, block) in members.iter().enumerate() {
            block
                .iter()
                .enumerate()
                .for_each(|(k, &i)| owner[i] = (number, k));
        }
        let mut blocks: Vec<_> = members
            .iter()
            .map(|block| Self {
                matrix: Mat::zeros(block.len(), block.len()),
                weights: weights
                    .iter()
                    .map(|row| block.iter().map(|&i| row[i]).collect::<Vec<_>>())
                    .filter(|row| row.iter().any(|&weight| weight != 0.0))
                    .collect(),
            })
            .collect();
        for &(row, column, value) in entries {
            let ((number, i), (other, j)) = (owner[row], owner[column]);
            if number == other {
                blocks[number].matrix[(i, j)] = value;
            }
        }
        blocks
    }

    fn largest_real_part(self) -> Option<f64> {
        if self.matrix.nrows() == 1 && self.weights.is_empty() {
            return Some(self.matrix[(0, 0)]);
        }
        project(self.matrix, &self.weights).map(|matrix| largest_real_part(&matrix))
    }
}

/// Strongly connected components of the graph of who acts on whom; an invariant ties its states together.
fn components(n: usize, entries: &[(usize, usize, f64)], weights: &[Vec<f64>]) -> Vec<Vec<usize>> {
    let mut graph = DiGraph::<(), (), usize>::with_capacity(n, entries.len());
    (0..n).for_each(|_| {
        graph.add_node(());
    });
    let mut tie = |from: usize, to: usize| {
        graph.add_edge(NodeIndex::new(from), NodeIndex::new(to), ());
    };
    for &(row, column, _) in entries {
        tie(column, row);
    }
    for row in weights {
        let members: Vec<_> = (0..n).filter(|&i| row[i] != 0.0).collect();
        for pair in members.windows(2) {
            tie(pair[0], pair[1]);
            tie(pair[1], pair[0]);
        }
    }
    let mut components: Vec<Vec<usize>> = kosaraju_scc(&graph)
        .into_iter()
        .map(|nodes| nodes.into_iter().map(NodeIndex::index).collect())
        .collect();
    components
        .iter_mut()
        .for_each(|block| block.sort_unstable());
    components
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
            .fold(f64::NEG_INFINITY, larger),
        Err(_) => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{RandomStream, StreamId};

    /// Blocks that drive later ones, in a shuffled order, with or without an exchange that conserves a sum across two of
    /// them: the dense matrix as one block has the same largest real part.
    #[test]
    fn blocks_have_the_eigenvalues_of_the_whole() {
        for case in 0..60 {
            let stream = RandomStream::new(7, case, StreamId::named("test", "blocks"));
            let (blocks, size) = (2 + case as usize % 4, 1 + case as usize % 5);
            let n = blocks * size;
            let place = |k: usize| (k * 7 + 3) % n;
            let shuffled = n % 7 != 0;
            let at = |k: usize| if shuffled { place(k) } else { k };
            let mut dense = Mat::<f64>::zeros(n, n);
            for row in 0..n {
                for column in 0..n {
                    let value = stream.normal_at((row * n + column) as u32);
                    let inside = row / size == column / size;
                    if inside || (row / size > column / size && value > 0.8) {
                        dense[(at(row), at(column))] = value;
                    }
                }
                dense[(at(row), at(row))] -= 1.5;
            }
            let mut weights = Vec::new();
            if case % 2 == 1 {
                // What leaves the last states of the first two blocks arrives in one more that nothing leaves.
                let (a, b) = (at(size - 1), at(2 * size - 1));
                for column in 0..n {
                    dense[(b, column)] = -dense[(a, column)];
                }
                let mut row = vec![0.0; n];
                (row[a], row[b]) = (1.0, 1.0);
                weights.push(row);
            }
            let entries: Vec<_> = (0..n * n)
                .map(|k| (k / n, k % n, dense[(k / n, k % n)]))
                .filter(|entry| entry.2 != 0.0)
                .collect();
            let whole = Block {
                matrix: dense,
                weights: weights.clone(),
            };
            let expected = whole.largest_real_part();
            let scaled = ScaledJacobian {
                dimension: n,
                entries,
            };
            let all: Vec<_> = (0..n).collect();
            let (found, _) = scaled.largest_real_part(&all, &weights);
            match (found, expected) {
                (Some(found), Some(expected)) => assert!(
                    (found - expected).abs() < 1e-7,
                    "case {case}: {found} against {expected}"
                ),
                (found, expected) => assert_eq!(found, expected, "case {case}"),
            }
        }
    }

    #[test]
    fn a_chain_falls_into_single_states() {
        let entries: Vec<_> = (0..500)
            .flat_map(|i| [(i, i, -1.0 - i as f64), (i + 1, i, 2.0)])
            .filter(|entry| entry.0 < 500)
            .collect();
        assert_eq!(components(500, &entries, &[]).len(), 500);
        let ring: Vec<_> = entries.into_iter().chain([(0, 499, 1.0)]).collect();
        assert_eq!(components(500, &ring, &[]).len(), 1);
    }
}
