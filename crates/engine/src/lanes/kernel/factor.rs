//! Factorisation and substitution over all lanes.

use super::Row;
use super::rows::{Access, AllLanes};
use super::step::StageRows;
use crate::lanes::compile::{FactorPlan, RowId};
use crate::lanes::vecmath::multiply_add;

/// A pivot left over from cancelling numbers this much larger has lost too many digits.
pub(super) const CANCELLATION: f64 = 1e-8;

/// Factorises J − shift·I in place. The result is positive in lanes where every pivot can be trusted.
///
/// # Safety
/// Every row number of the plan exists.
#[inline(always)]
pub(super) unsafe fn factorise<const N: usize, const FMA: bool>(
    rows: &mut [Row<N>],
    plan: &FactorPlan,
    shift: &Row<N>,
) -> Row<N> {
    let access = AllLanes::new(rows);
    let mut dots = plan.dots.iter();
    let mut pairs = plan.pairs.as_slice();
    let mut trusted = [1.0; N];
    for row in &plan.rows {
        for dot in dots.by_ref().take(usize::from(row.lower)) {
            let (own, rest) = pairs.split_at(usize::from(dot.pairs));
            pairs = rest;
            // SAFETY: the caller vouches for the rows.
            unsafe {
                let mut sum = add_products::<N, FMA>(access, access.load(dot.start), own);
                let pivot = access.load(dot.pivot);
                for lane in 0..N {
                    sum[lane] *= pivot[lane];
                }
                access.store(dot.destination, sum);
            }
        }
        for dot in dots.by_ref().take(1) {
            let (own, rest) = pairs.split_at(usize::from(dot.pairs));
            pairs = rest;
            // SAFETY: the caller vouches for the rows.
            unsafe {
                let inverse = pivot::<N, FMA>(access, dot.start, own, shift, &mut trusted);
                access.store(dot.destination, inverse);
            }
        }
        for dot in dots.by_ref().take(usize::from(row.upper)) {
            let (own, rest) = pairs.split_at(usize::from(dot.pairs));
            pairs = rest;
            // SAFETY: the caller vouches for the rows.
            unsafe {
                let sum = add_products::<N, FMA>(access, access.load(dot.start), own);
                access.store(dot.destination, sum);
            }
        }
    }
    Row(trusted)
}

#[inline(always)]
unsafe fn add_products<const N: usize, const FMA: bool>(
    access: AllLanes<N>,
    start: [f64; N],
    pairs: &[[RowId; 2]],
) -> [f64; N] {
    let mut sum = start;
    for &[a, b] in pairs {
        // SAFETY: the caller vouches for the rows.
        let (a, b) = unsafe { (access.load(a), access.load(b)) };
        for lane in 0..N {
            sum[lane] = multiply_add::<FMA>(a[lane], b[lane], sum[lane]);
        }
    }
    sum
}

/// The negated inverse of a pivot; marks lanes in which it is zero, not finite or all cancellation.
#[inline(always)]
unsafe fn pivot<const N: usize, const FMA: bool>(
    access: AllLanes<N>,
    start: RowId,
    pairs: &[[RowId; 2]],
    shift: &Row<N>,
    trusted: &mut [f64; N],
) -> [f64; N] {
    // SAFETY: the caller vouches for the rows.
    let start = unsafe { access.load(start) };
    let (mut sum, mut size) = ([0.0; N], [0.0; N]);
    for lane in 0..N {
        sum[lane] = start[lane] - shift.0[lane];
        size[lane] = start[lane].abs() + shift.0[lane];
    }
    for &[a, b] in pairs {
        // SAFETY: the caller vouches for the rows.
        let (a, b) = unsafe { (access.load(a), access.load(b)) };
        for lane in 0..N {
            sum[lane] = multiply_add::<FMA>(a[lane], b[lane], sum[lane]);
            size[lane] = multiply_add::<FMA>(a[lane].abs(), b[lane].abs(), size[lane]);
        }
    }
    let mut inverse = [0.0; N];
    for lane in 0..N {
        inverse[lane] = -1.0 / sum[lane];
        let fine = sum[lane].abs() > CANCELLATION * size[lane];
        trusted[lane] = if fine { trusted[lane] } else { -1.0 };
    }
    inverse
}

/// Forms a stage's right-hand side (rate, weighted earlier increments, weighted time derivative) and solves.
///
/// # Safety
/// Every row number of the plan exists, and so do the vectors that `stage` names.
#[inline(always)]
pub(super) unsafe fn solve<const N: usize, const FMA: bool>(
    rows: &mut [Row<N>],
    plan: &FactorPlan,
    stage: &StageRows,
    weights: &[Row<N>],
    time_weight: Option<&Row<N>>,
) {
    let access = AllLanes::new(rows);
    let own = stage.stages + weights.len() * stage.states;
    let mut pairs = plan.forward_pairs.as_slice();
    for row in &plan.forward {
        let (list, rest) = pairs.split_at(usize::from(row.pairs));
        pairs = rest;
        // SAFETY: the caller vouches for rows and vectors.
        unsafe {
            let mut sum = access.load(row.row);
            if let (Some(first), Some(weight)) = (stage.time_derivative, time_weight) {
                let derivative = access.load((first + usize::from(row.state)) as RowId);
                for lane in 0..N {
                    sum[lane] = multiply_add::<FMA>(weight.0[lane], derivative[lane], sum[lane]);
                }
            }
            let mut place = stage.stages + usize::from(row.state);
            for weight in weights {
                let increment = access.load(place as RowId);
                for lane in 0..N {
                    sum[lane] = multiply_add::<FMA>(weight.0[lane], increment[lane], sum[lane]);
                }
                place += stage.states;
            }
            let sum = substitute::<N, FMA>(access, sum, list, own);
            access.store((own + usize::from(row.state)) as RowId, sum);
        }
    }
    let mut pairs = plan.backward_pairs.as_slice();
    for row in &plan.backward {
        let (list, rest) = pairs.split_at(usize::from(row.pairs));
        pairs = rest;
        let place = (own + usize::from(row.state)) as RowId;
        // SAFETY: the caller vouches for rows and vectors.
        unsafe {
            let mut sum = substitute::<N, FMA>(access, access.load(place), list, own);
            let pivot = access.load(row.row);
            for lane in 0..N {
                sum[lane] *= pivot[lane];
            }
            access.store(place, sum);
        }
    }
}

#[inline(always)]
unsafe fn substitute<const N: usize, const FMA: bool>(
    access: AllLanes<N>,
    start: [f64; N],
    pairs: &[[u16; 2]],
    own: usize,
) -> [f64; N] {
    let mut sum = start;
    for &[factor, state] in pairs {
        // SAFETY: the caller vouches for rows and vectors.
        let (a, b) = unsafe {
            let value = access.load((own + usize::from(state)) as RowId);
            (access.load(factor), value)
        };
        for lane in 0..N {
            sum[lane] = multiply_add::<FMA>(a[lane], b[lane], sum[lane]);
        }
    }
    sum
}

/// Forms a stage's right-hand side in its own vector (rate, weighted earlier increments, weighted time derivative).
///
/// # Safety
/// Every row number of the plan exists, and so do the vectors that `stage` names.
#[inline(always)]
pub(super) unsafe fn right_side<const N: usize, const FMA: bool>(
    rows: &mut [Row<N>],
    plan: &FactorPlan,
    stage: &StageRows,
    weights: &[Row<N>],
    time_weight: Option<&Row<N>>,
) {
    let access = AllLanes::new(rows);
    let own = stage.stages + weights.len() * stage.states;
    for row in &plan.forward {
        // SAFETY: the caller vouches for rows and vectors.
        unsafe {
            let mut sum = access.load(row.row);
            if let (Some(first), Some(weight)) = (stage.time_derivative, time_weight) {
                let derivative = access.load((first + usize::from(row.state)) as RowId);
                for lane in 0..N {
                    sum[lane] = multiply_add::<FMA>(weight.0[lane], derivative[lane], sum[lane]);
                }
            }
            let mut place = stage.stages + usize::from(row.state);
            for weight in weights {
                let increment = access.load(place as RowId);
                for lane in 0..N {
                    sum[lane] = multiply_add::<FMA>(weight.0[lane], increment[lane], sum[lane]);
                }
                place += stage.states;
            }
            access.store((own + usize::from(row.state)) as RowId, sum);
        }
    }
}
