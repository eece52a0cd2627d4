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

/// Substitutions a factorisation: the stages, and the one for the dense output.
const SUBSTITUTIONS: usize = 9;
/// Orders tried at most.
const TRIALS: usize = 64;
/// Word operations spent on trials beyond the first, about: a tenth of a second.
const EFFORT: usize = 300_000_000;
/// A trial prefers a candidate to another whose fill is up to this share smaller.
const NOISE: f64 = 0.5;

impl Elimination {
    /// Of several orders the one with the least work in a step, each by the rule of least fill on the diagonal; all but
    /// the first disturb the rule by pseudo-random shares, always the same ones. The rule is blind to what its ties and
    /// near-ties lead to: on the benchmark model the best of 64 orders takes a tenth less work than the first, and a
    /// sixth less than Markowitz's rule.
    pub(crate) fn new(pattern: &Pattern) -> Self {
        let n = pattern.dimension();
        let start = Remaining::new(pattern);
        let mut shares = Shares(0x9e37_79b9_7f4a_7c15);
        let (mut best, mut work) = start.clone().eliminate(|fill| fill as f64);
        let effort_of_one = (n * n * (1 + pattern.len() / n.max(1)) * start.words()).max(1);
        for _ in 1..TRIALS.min(1 + EFFORT / effort_of_one) {
            let disturbed = |fill: usize| (fill as f64 + 0.5) * (1.0 + NOISE * shares.next());
            let (order, found) = start.clone().eliminate(disturbed);
            if found < work {
                (best, work) = (order, found);
            }
        }
        start.factors(best)
    }

    /// Entries of both factors off the diagonal.
    pub(crate) fn entries(&self) -> usize {
        let count = |rows: &[Vec<usize>]| rows.iter().map(Vec::len).sum::<usize>();
        count(&self.lower) + count(&self.upper)
    }
}

/// Fractions in [0, 1) that are the same in every run (xorshift).
struct Shares(u64);

impl Shares {
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// A set of numbers below a bound.
#[derive(Clone)]
struct Set(Vec<u64>);

impl Set {
    fn empty(bound: usize) -> Self {
        Self(vec![0; bound.div_ceil(64)])
    }

    fn insert(&mut self, i: usize) {
        self.0[i / 64] |= 1 << (i % 64);
    }

    fn remove(&mut self, i: usize) {
        self.0[i / 64] &= !(1 << (i % 64));
    }

    fn contains(&self, i: usize) -> bool {
        self.0[i / 64] >> (i % 64) & 1 == 1
    }

    fn include(&mut self, other: &Self) {
        for (word, &more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }

    fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(a, b)| a & b != 0)
    }

    fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// How many are not in `other`.
    fn beyond(&self, other: &Self) -> usize {
        let words = self.0.iter().zip(&other.0);
        words.map(|(a, b)| (a & !b).count_ones() as usize).sum()
    }

    fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(place, &word)| {
            let next = |rest: &u64| Some(rest & rest.wrapping_sub(1)).filter(|&rest| rest != 0);
            std::iter::successors(Some(word).filter(|&word| word != 0), next)
                .map(move |rest| 64 * place + rest.trailing_zeros() as usize)
        })
    }
}

/// The matrix that is left to eliminate: rows and columns of what has been eliminated are taken out of the sets.
#[derive(Clone)]
struct Remaining {
    rows: Vec<Set>,
    columns: Vec<Set>,
}

impl Remaining {
    fn new(pattern: &Pattern) -> Self {
        let n = pattern.dimension();
        let mut this = Self {
            rows: vec![Set::empty(n); n],
            columns: vec![Set::empty(n); n],
        };
        for (row, column) in pattern.positions().chain((0..n).map(|i| (i, i))) {
            this.rows[row].insert(column);
            this.columns[column].insert(row);
        }
        this
    }

    fn words(&self) -> usize {
        self.rows.first().map_or(0, |row| row.0.len())
    }

    /// Entries that elimination of this state would add.
    fn fill(&self, state: usize) -> usize {
        let rows = self.columns[state].iter();
        rows.map(|row| self.rows[state].beyond(&self.rows[row]))
            .sum()
    }

    /// Eliminates everything, next where the rated fill is least (the first of equals); returns order and work.
    fn eliminate(mut self, mut rate: impl FnMut(usize) -> f64) -> (Vec<usize>, usize) {
        let mut candidates: Vec<usize> = (0..self.rows.len()).collect();
        let mut fills: Vec<usize> = candidates.iter().map(|&i| self.fill(i)).collect();
        let (mut order, mut work) = (Vec::with_capacity(candidates.len()), 0);
        while !candidates.is_empty() {
            let mut least = (f64::INFINITY, 0);
            for (place, &candidate) in candidates.iter().enumerate() {
                let rated = rate(fills[candidate]);
                if rated < least.0 {
                    least = (rated, place);
                }
            }
            let pivot = candidates.remove(least.1);
            order.push(pivot);
            let (rows, columns) = self.take(pivot);
            let (below, beside) = (rows.len(), columns.len());
            work += below * beside + SUBSTITUTIONS * (below + beside);
            for &candidate in &candidates {
                let (own_row, own_column) = (&self.rows[candidate], &self.columns[candidate]);
                let touched = rows.contains(candidate) || columns.contains(candidate);
                if touched || own_column.meets(&rows) && own_row.meets(&columns) {
                    fills[candidate] = self.fill(candidate);
                }
            }
        }
        (order, work)
    }

    /// Eliminates a state; returns the rows below and the columns beside its pivot.
    fn take(&mut self, pivot: usize) -> (Set, Set) {
        let mut rows = std::mem::replace(&mut self.columns[pivot], Set(Vec::new()));
        let mut columns = std::mem::replace(&mut self.rows[pivot], Set(Vec::new()));
        rows.remove(pivot);
        columns.remove(pivot);
        for row in rows.iter() {
            self.rows[row].remove(pivot);
            self.rows[row].include(&columns);
        }
        for column in columns.iter() {
            self.columns[column].remove(pivot);
            self.columns[column].include(&rows);
        }
        (rows, columns)
    }

    /// Patterns of the factors in this order.
    fn factors(mut self, order: Vec<usize>) -> Elimination {
        let n = order.len();
        let mut position = vec![0; n];
        for (place, &state) in order.iter().enumerate() {
            position[state] = place;
        }
        let (mut lower, mut upper) = (vec![Vec::new(); n], vec![Vec::new(); n]);
        for (place, &pivot) in order.iter().enumerate() {
            let (rows, columns) = self.take(pivot);
            for row in rows.iter() {
                lower[position[row]].push(place);
            }
            upper[place] = columns.iter().map(|column| position[column]).collect();
            upper[place].sort_unstable();
        }
        Elimination {
            order,
            lower,
            upper,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An arrow: its head first would fill everything.
    #[test]
    fn an_arrow_is_eliminated_from_its_tail() {
        let n = 70;
        let pairs = (1..n).flat_map(|i| [(0, i), (i, 0), (i, i)]).collect();
        let found = Elimination::new(&Pattern::from_pairs(n, pairs));
        assert_eq!(found.order.len(), n);
        assert_eq!(found.entries(), 2 * (n - 1));
    }

    /// The planned pattern holds every entry that a plain elimination of the permuted matrix fills.
    #[test]
    fn the_pattern_is_that_of_a_dense_elimination() {
        let n = 40;
        let mut shares = Shares(7);
        let mut pairs = Vec::new();
        for _ in 0..4 * n {
            let mut pick = || (shares.next() * n as f64) as usize;
            pairs.push((pick(), pick()));
        }
        let pattern = Pattern::from_pairs(n, pairs);
        let found = Elimination::new(&pattern);
        let mut seen = found.order.clone();
        seen.sort_unstable();
        assert!(seen.iter().copied().eq(0..n));
        let mut full = vec![vec![false; n]; n];
        for (places, &row) in full.iter_mut().zip(&found.order) {
            for (place, &column) in places.iter_mut().zip(&found.order) {
                *place = row == column || pattern.find(row, column).is_some();
            }
        }
        for k in 0..n {
            for i in k + 1..n {
                for j in k + 1..n {
                    full[i][j] |= full[i][k] && full[k][j];
                }
            }
        }
        for (i, row) in full.iter().enumerate() {
            let below: Vec<usize> = (0..i).filter(|&j| row[j]).collect();
            let beyond: Vec<usize> = (i + 1..n).filter(|&j| row[j]).collect();
            assert_eq!(found.lower[i], below);
            assert_eq!(found.upper[i], beyond);
        }
    }
}
