//! Unchecked access to rows.

use super::Row;
use crate::lanes::compile::RowId;

/// Access to `M` values of each row: all lanes, or one.
pub(super) trait Access<const M: usize>: Copy {
    /// # Safety
    /// The row exists.
    unsafe fn load(self, row: RowId) -> [f64; M];
    /// # Safety
    /// The row exists.
    unsafe fn store(self, row: RowId, values: [f64; M]);
}

/// All lanes of each row.
#[derive(Clone, Copy)]
pub(super) struct AllLanes<const N: usize>(*mut Row<N>);

impl<const N: usize> AllLanes<N> {
    #[inline(always)]
    pub(super) fn new(rows: &mut [Row<N>]) -> Self {
        Self(rows.as_mut_ptr())
    }
}

impl<const N: usize> Access<N> for AllLanes<N> {
    #[inline(always)]
    unsafe fn load(self, row: RowId) -> [f64; N] {
        // SAFETY: the caller vouches for the row.
        unsafe { (*self.0.add(usize::from(row))).0 }
    }

    #[inline(always)]
    unsafe fn store(self, row: RowId, values: [f64; N]) {
        // SAFETY: the caller vouches for the row.
        unsafe { (*self.0.add(usize::from(row))).0 = values }
    }
}

/// One lane of each row.
#[derive(Clone, Copy)]
pub(super) struct OneLane<const N: usize> {
    first: *mut Row<N>,
    lane: usize,
}

impl<const N: usize> OneLane<N> {
    #[inline(always)]
    pub(super) fn new(rows: &mut [Row<N>], lane: usize) -> Self {
        debug_assert!(lane < N);
        Self {
            first: rows.as_mut_ptr(),
            lane,
        }
    }
}

impl<const N: usize> Access<1> for OneLane<N> {
    #[inline(always)]
    unsafe fn load(self, row: RowId) -> [f64; 1] {
        // SAFETY: the caller vouches for the row; the lane was checked.
        unsafe { [(*self.first.add(usize::from(row))).0[self.lane]] }
    }

    #[inline(always)]
    unsafe fn store(self, row: RowId, values: [f64; 1]) {
        // SAFETY: the caller vouches for the row; the lane was checked.
        unsafe { (*self.first.add(usize::from(row))).0[self.lane] = values[0] }
    }
}
