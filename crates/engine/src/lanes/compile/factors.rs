//! The plan of a factorisation and of the solves with it, as row numbers.
//!
//! With M = J − σI the stages solve −M u = b. The rows hold U of M, `−1/u_ii`, and the negated multipliers of L, so
//! that factorisation and both substitutions only ever add products.

use super::code::RowId;
use super::elimination::Elimination;

/// Σ of products added to a starting value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dot {
    pub destination: RowId,
    pub start: RowId,
    /// Number of pairs, taken from the stream of pairs.
    pub pairs: u16,
    /// Row of `−1/u_jj` by which an entry of L is multiplied; the entry's own for a diagonal one.
    pub pivot: RowId,
}

/// One row of the factorisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FactorRow {
    pub lower: u16,
    pub upper: u16,
}

/// A row of a substitution: the state it belongs to and the number of pairs (factor row, other state).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SubstitutionRow {
    pub state: u16,
    pub pairs: u16,
    /// Forward: row of the rate. Backward: row of `−1/u_ii`.
    pub row: RowId,
}

/// Everything that factorisation and substitution read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FactorPlan {
    pub rows: Vec<FactorRow>,
    /// Entries row by row: L ascending, the diagonal, U ascending.
    pub dots: Vec<Dot>,
    pub pairs: Vec<[RowId; 2]>,
    pub forward: Vec<SubstitutionRow>,
    pub forward_pairs: Vec<[u16; 2]>,
    pub backward: Vec<SubstitutionRow>,
    pub backward_pairs: Vec<[u16; 2]>,
    /// One more than the largest row number.
    pub row_limit: usize,
    /// Number of states.
    pub states: usize,
}

/// Where the parts of the factors are kept.
pub(crate) struct FactorPlaces<'p> {
    pub elimination: &'p Elimination,
    /// Row of each entry of L and U, in the order of the elimination's lists.
    pub lower: &'p [Vec<RowId>],
    pub upper: &'p [Vec<RowId>],
    /// Row of each `−1/u_ii`.
    pub pivots: &'p [RowId],
    /// Row of each rate, by state.
    pub rates: &'p [RowId],
}

impl FactorPlan {
    /// `jacobian(row state, column state)` is the row that holds the entry, or zero where there is none.
    pub(crate) fn new(places: &FactorPlaces<'_>, jacobian: &dyn Fn(usize, usize) -> RowId) -> Self {
        let elimination = places.elimination;
        let n = elimination.order.len();
        let mut plan = Self::default();
        let mut upper_at = vec![vec![None; n]; n];
        for (i, (columns, rows)) in elimination.upper.iter().zip(places.upper).enumerate() {
            for (&column, &row) in columns.iter().zip(rows) {
                upper_at[i][column] = Some(row);
            }
        }
        for i in 0..n {
            let (lower, upper) = (&elimination.lower[i], &elimination.upper[i]);
            plan.rows.push(FactorRow {
                lower: lower.len() as u16,
                upper: upper.len() as u16,
            });
            let start = |j: usize| jacobian(elimination.order[i], elimination.order[j]);
            let mut entry = |j: usize, destination: RowId, pivot: RowId| {
                let before = plan.pairs.len();
                for (&k, &row) in lower.iter().zip(&places.lower[i]) {
                    if k < j.min(i)
                        && let Some(other) = upper_at[k][j]
                    {
                        plan.pairs.push([row, other]);
                    }
                }
                plan.dots.push(Dot {
                    destination,
                    start: start(j),
                    pairs: (plan.pairs.len() - before) as u16,
                    pivot,
                });
            };
            for (&j, &row) in lower.iter().zip(&places.lower[i]) {
                entry(j, row, places.pivots[j]);
            }
            entry(i, places.pivots[i], places.pivots[i]);
            for (&j, &row) in upper.iter().zip(&places.upper[i]) {
                entry(j, row, places.pivots[i]);
            }
        }
        plan.substitutions(places);
        plan.states = n;
        plan.row_limit = plan.largest_row() + 1;
        plan
    }

    fn largest_row(&self) -> usize {
        let dots = self
            .dots
            .iter()
            .flat_map(|d| [d.destination, d.start, d.pivot]);
        let pairs = self.pairs.iter().flatten().copied();
        let ends = self.forward.iter().chain(&self.backward).map(|r| r.row);
        let factors = self
            .forward_pairs
            .iter()
            .chain(&self.backward_pairs)
            .map(|p| p[0]);
        let rows = dots.chain(pairs).chain(ends).chain(factors);
        rows.max().map_or(0, usize::from)
    }

    fn substitutions(&mut self, places: &FactorPlaces<'_>) {
        let elimination = places.elimination;
        let n = elimination.order.len();
        let pairs = |columns: &[usize], rows: &[RowId]| -> Vec<[u16; 2]> {
            columns
                .iter()
                .zip(rows)
                .map(|(&column, &row)| [row, elimination.order[column] as u16])
                .collect()
        };
        for i in 0..n {
            let list = pairs(&elimination.lower[i], &places.lower[i]);
            let state = elimination.order[i];
            self.forward.push(SubstitutionRow {
                state: state as u16,
                pairs: list.len() as u16,
                row: places.rates[state],
            });
            self.forward_pairs.extend(list);
        }
        for i in (0..n).rev() {
            let list = pairs(&elimination.upper[i], &places.upper[i]);
            self.backward.push(SubstitutionRow {
                state: elimination.order[i] as u16,
                pairs: list.len() as u16,
                row: places.pivots[i],
            });
            self.backward_pairs.extend(list);
        }
    }
}
