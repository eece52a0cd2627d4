//! Working memory: rows of one value a lane.

/// One value of every lane, aligned for the widest vectors.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub struct Row<const N: usize>(
    /// The values.
    pub [f64; N],
);

impl<const N: usize> Row<N> {
    /// Zeros.
    pub const ZERO: Self = Self([0.0; N]);

    /// The same value in every lane.
    #[must_use]
    pub fn splat(value: f64) -> Self {
        Self([value; N])
    }
}

/// The rows of one group of lanes.
#[derive(Clone, Debug)]
pub(crate) struct Memory<const N: usize> {
    pub rows: Vec<Row<N>>,
}

impl<const N: usize> Memory<N> {
    pub(crate) fn new(rows: usize) -> Self {
        Self {
            rows: vec![Row::ZERO; rows],
        }
    }

    pub(crate) fn get(&self, row: usize, lane: usize) -> f64 {
        self.rows[row].0[lane]
    }

    pub(crate) fn set(&mut self, row: usize, lane: usize, value: f64) {
        self.rows[row].0[lane] = value;
    }
}
