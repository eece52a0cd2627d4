//! Sparse patterns by columns.

/// Positions that may be non-zero in a square matrix, column by column, rows ascending within a column.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Pattern {
    dimension: usize,
    column_starts: Vec<usize>,
    rows: Vec<usize>,
}

impl Pattern {
    /// A pattern from (row, column) pairs in any order; doubles are merged.
    pub fn from_pairs(dimension: usize, mut pairs: Vec<(usize, usize)>) -> Self {
        pairs.sort_unstable_by_key(|&(row, column)| (column, row));
        pairs.dedup();
        let mut column_starts = vec![0; dimension + 1];
        for &(_, column) in &pairs {
            column_starts[column + 1] += 1;
        }
        for column in 0..dimension {
            column_starts[column + 1] += column_starts[column];
        }
        Self {
            dimension,
            column_starts,
            rows: pairs.into_iter().map(|(row, _)| row).collect(),
        }
    }

    /// Rows (= columns) of the matrix.
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// Number of stored positions.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True where no position is stored.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Start of each column in [`Pattern::rows`]; `dimension + 1` numbers.
    pub fn column_starts(&self) -> &[usize] {
        &self.column_starts
    }

    /// Row of each stored position, column by column.
    pub fn rows(&self) -> &[usize] {
        &self.rows
    }

    /// (row, column) of each stored position, in order.
    pub fn positions(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        (0..self.dimension).flat_map(move |column| {
            self.rows[self.column_starts[column]..self.column_starts[column + 1]]
                .iter()
                .map(move |&row| (row, column))
        })
    }

    /// Where position (row, column) stands in the order of [`Pattern::rows`], if it is stored.
    pub fn find(&self, row: usize, column: usize) -> Option<usize> {
        let (&start, &end) = (
            self.column_starts.get(column)?,
            self.column_starts.get(column + 1)?,
        );
        let found = self.rows[start..end].binary_search(&row).ok()?;
        Some(start + found)
    }

    /// Adds the product of the matrix with these values and `x` to `out`.
    pub(crate) fn add_product(&self, values: &[f64], x: &[f64], out: &mut [f64]) {
        for (column, &factor) in x.iter().enumerate() {
            for entry in self.column_starts[column]..self.column_starts[column + 1] {
                out[self.rows[entry]] += values[entry] * factor;
            }
        }
    }
}
