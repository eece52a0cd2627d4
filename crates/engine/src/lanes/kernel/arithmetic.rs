//! The interpreter: runs of one opcode at a time.

use gutskin_network::expr::{Relation, Unary, larger, smaller};

use super::rows::Access;
use crate::lanes::compile::{Code, Opcode, RowId, SumShape};
use crate::lanes::vecmath::{cosines, exp, ln, multiply_add, pow, sines, tanh};

/// Runs code.
///
/// # Safety
/// `access` reaches every row below `code.rows()`.
#[inline(always)]
pub(super) unsafe fn execute<const M: usize, const FMA: bool, A: Access<M>>(
    access: A,
    code: &Code,
) {
    let mut operands = code.operands();
    for run in code.runs() {
        let length = run.opcode.width() * run.count as usize;
        let (list, rest) = operands.split_at(length);
        operands = rest;
        // SAFETY: the caller vouches for the rows.
        unsafe { execute_run::<M, FMA, A>(access, run.opcode, list) }
    }
}

#[inline(always)]
unsafe fn execute_run<const M: usize, const FMA: bool, A: Access<M>>(
    access: A,
    opcode: Opcode,
    list: &[RowId],
) {
    // SAFETY: the caller vouches for the rows.
    unsafe {
        match opcode {
            Opcode::Copy => unary(access, list, |a| a),
            Opcode::Reciprocal => unary(access, list, |a| 1.0 / a),
            Opcode::Unary(Unary::Neg) => unary(access, list, |a| -a),
            Opcode::Unary(Unary::Exp) => unary(access, list, exp::<FMA>),
            Opcode::Unary(Unary::Ln) => unary(access, list, ln::<FMA>),
            Opcode::Unary(Unary::Sqrt) => unary(access, list, f64::sqrt),
            Opcode::Unary(Unary::Tanh) => unary(access, list, tanh::<FMA>),
            Opcode::Unary(Unary::Sin) => all_lanes(access, list, sines::<M, FMA>),
            Opcode::Unary(Unary::Cos) => all_lanes(access, list, cosines::<M, FMA>),
            Opcode::Unary(Unary::Abs) => unary(access, list, f64::abs),
            Opcode::Unary(Unary::Floor) => unary(access, list, f64::floor),
            Opcode::Add => binary(access, list, |a, b| a + b),
            Opcode::Sub => binary(access, list, |a, b| a - b),
            Opcode::Mul => binary(access, list, |a, b| a * b),
            Opcode::Div => binary(access, list, |a, b| a / b),
            Opcode::Pow => binary(access, list, pow::<FMA>),
            Opcode::Min => binary(access, list, smaller),
            Opcode::Max => binary(access, list, larger),
            Opcode::Select(Relation::Less) => select(access, list, |a, b| a < b),
            Opcode::Select(Relation::LessEqual) => select(access, list, |a, b| a <= b),
            Opcode::Select(Relation::Equal) => select(access, list, |a, b| a == b),
            Opcode::Sum(shape) => sums::<M, FMA, A>(access, shape, list),
            Opcode::Product(factors) => products(access, usize::from(factors), list),
        }
    }
}

#[inline(always)]
unsafe fn unary<const M: usize, A: Access<M>>(access: A, list: &[RowId], f: impl Fn(f64) -> f64) {
    for &[destination, a] in list.as_chunks().0 {
        // SAFETY: the caller vouches for the rows.
        unsafe {
            let a = access.load(a);
            let mut result = [0.0; M];
            for lane in 0..M {
                result[lane] = f(a[lane]);
            }
            access.store(destination, result);
        }
    }
}

/// As `unary`, by a function of all lanes at once.
#[inline(always)]
unsafe fn all_lanes<const M: usize, A: Access<M>>(
    access: A,
    list: &[RowId],
    f: impl Fn([f64; M]) -> [f64; M],
) {
    for &[destination, a] in list.as_chunks().0 {
        // SAFETY: the caller vouches for the rows.
        unsafe { access.store(destination, f(access.load(a))) }
    }
}

#[inline(always)]
unsafe fn binary<const M: usize, A: Access<M>>(
    access: A,
    list: &[RowId],
    f: impl Fn(f64, f64) -> f64,
) {
    for &[destination, a, b] in list.as_chunks().0 {
        // SAFETY: the caller vouches for the rows.
        unsafe {
            let (a, b) = (access.load(a), access.load(b));
            let mut result = [0.0; M];
            for lane in 0..M {
                result[lane] = f(a[lane], b[lane]);
            }
            access.store(destination, result);
        }
    }
}

#[inline(always)]
unsafe fn select<const M: usize, A: Access<M>>(
    access: A,
    list: &[RowId],
    holds: impl Fn(f64, f64) -> bool,
) {
    for &[destination, left, right, then, otherwise] in list.as_chunks().0 {
        // SAFETY: the caller vouches for the rows.
        unsafe {
            let (left, right) = (access.load(left), access.load(right));
            let (then, otherwise) = (access.load(then), access.load(otherwise));
            let mut result = [0.0; M];
            for lane in 0..M {
                result[lane] = if holds(left[lane], right[lane]) {
                    then[lane]
                } else {
                    otherwise[lane]
                };
            }
            access.store(destination, result);
        }
    }
}

#[inline(always)]
unsafe fn products<const M: usize, A: Access<M>>(access: A, factors: usize, list: &[RowId]) {
    for operation in list.chunks_exact(1 + factors) {
        // SAFETY: the caller vouches for the rows; a product has two factors or more.
        unsafe {
            let mut result = access.load(operation[1]);
            for &factor in &operation[2..] {
                let factor = access.load(factor);
                for lane in 0..M {
                    result[lane] *= factor[lane];
                }
            }
            access.store(operation[0], result);
        }
    }
}

#[inline(always)]
unsafe fn sums<const M: usize, const FMA: bool, A: Access<M>>(
    access: A,
    shape: SumShape,
    list: &[RowId],
) {
    let first = 1 + usize::from(shape.added);
    let second = first + usize::from(shape.subtracted);
    let third = second + 2 * usize::from(shape.products_added);
    for operation in list.chunks_exact(1 + shape.operands()) {
        // SAFETY: the caller vouches for the rows.
        unsafe {
            let (mut result, mut taken) = ([0.0; M], 0);
            if shape.added > 0 {
                result = access.load(operation[1]);
                taken = 1;
            }
            for &term in &operation[1 + taken..first] {
                let term = access.load(term);
                for lane in 0..M {
                    result[lane] += term[lane];
                }
            }
            for &term in &operation[first..second] {
                let term = access.load(term);
                for lane in 0..M {
                    result[lane] -= term[lane];
                }
            }
            for &[a, b] in operation[second..third].as_chunks().0 {
                let (a, b) = (access.load(a), access.load(b));
                for lane in 0..M {
                    result[lane] = multiply_add::<FMA>(a[lane], b[lane], result[lane]);
                }
            }
            for &[a, b] in operation[third..].as_chunks().0 {
                let (a, b) = (access.load(a), access.load(b));
                for lane in 0..M {
                    result[lane] = multiply_add::<FMA>(-a[lane], b[lane], result[lane]);
                }
            }
            access.store(operation[0], result);
        }
    }
}
