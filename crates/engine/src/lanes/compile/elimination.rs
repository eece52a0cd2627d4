//! Sparse elimination without pivoting, planned once: order, fill, and the list of multiplications.

use crate::program::Pattern;

/// Order and pattern of the factors of a matrix with the given pattern and a full diagonal.
#[derive(Clone, Debug)]
pub(crate) struct Elimination {
    /// State at each position of the order.
    pub order: Vec<usize>,
    /// Columns (as positions) of each row of L, ascending, without the diagonal.
    pub lower: Vec<Vec<usize>>,
    /// Columns (as positions) of each row of U, ascending, without the diagonal.
    pub upper: Vec<Vec<usize>>,
}

impl Elimination {
    /// Markowitz's rule on the diagonal: eliminate next where the fewest updates arise.
    pub(crate) fn new(pattern: &Pattern) -> Self {
        let n = pattern.dimension();
        let mut rows = vec![vec![false; n]; n];
        for (row, column) in pattern.positions() {
            rows[row][column] = true;
        }
        for (i, row) in rows.iter_mut().enumerate() {
            row[i] = true;
        }
        let mut remaining: Vec<usize> = (0..n).collect();
        let mut order = Vec::with_capacity(n);
        while let Some(place) = cheapest(&rows, &remaining) {
            let pivot = remaining.remove(place);
            order.push(pivot);
            let columns: Vec<usize> = remaining
                .iter()
                .copied()
                .filter(|&column| rows[pivot][column])
                .collect();
            for &row in &remaining {
                if rows[row][pivot] {
                    for &column in &columns {
                        rows[row][column] = true;
                    }
                }
            }
        }
        let split = |keep: &dyn Fn(usize, usize) -> bool| -> Vec<Vec<usize>> {
            (0..n)
                .map(|i| {
                    (0..n)
                        .filter(|&j| keep(i, j) && rows[order[i]][order[j]])
                        .collect()
                })
                .collect()
        };
        Self {
            lower: split(&|i, j| j < i),
            upper: split(&|i, j| j > i),
            order,
        }
    }

    /// Entries of both factors off the diagonal.
    pub(crate) fn entries(&self) -> usize {
        let count = |rows: &[Vec<usize>]| rows.iter().map(Vec::len).sum::<usize>();
        count(&self.lower) + count(&self.upper)
    }
}

fn cheapest(rows: &[Vec<bool>], remaining: &[usize]) -> Option<usize> {
    let cost = |&pivot: &usize| {
        let in_row = remaining.iter().filter(|&&j| rows[pivot][j]).count() - 1;
        let in_column = remaining.iter().filter(|&&i| rows[i][pivot]).count() - 1;
        in_row * in_column
    };
    remaining
        .iter()
        .enumerate()
        .min_by_key(|(place, pivot)| (cost(pivot), *place))
        .map(|(place, _)| place)
}
