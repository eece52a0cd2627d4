//! Branch-free elementary functions for lanes (but for sines of arguments beyond [`TRIG_LIMIT`]).
//!
//! Each function is a straight line of additions, multiplications, bit operations and selects on
//! one `f64`, so that a loop over lanes becomes vector code under whatever instruction set the
//! surrounding kernel enables, and gives the same bytes under each. The const parameter `FMA`
//! names the arithmetic class: `true` rounds `a·b + c` once, `false` twice.
//!
//! Special values follow C99 and the standard library: NaN propagates, `pow(x, 0) = 1`,
//! `pow(1, y) = 1`, signed zeros and odd integer powers keep their sign, subnormal arguments and
//! results are exact to the stated bound.
//!
//! Largest error seen against a reference of 140 bits or more (units in the last place, both classes,
//! samples of millions of points; the tests of this module repeat a small part): `exp` 0.92,
//! `ln` 0.72, `pow` 1.01, `tanh` 2.70 (about |x| = 0.221, where its exponential is a little more
//! than one), `sin` and `cos` 1.43 for arguments up to [`TRIG_LIMIT`]. These are findings, no proofs.

mod exp;
mod ln;
mod pow;
mod tanh;
mod trig;

#[cfg(test)]
mod accuracy;

pub use exp::exp;
pub use ln::ln;
pub use pow::pow;
pub use tanh::tanh;
pub use trig::{TRIG_LIMIT, cos, cosines, sin, sines};

/// Adding and subtracting 1.5·2⁵² rounds a number below 2⁵¹ to the nearest integer and leaves that
/// integer in the low bits of the sum.
const ROUNDER: f64 = 6_755_399_441_055_744.0;
const LOG2_E: f64 = std::f64::consts::LOG2_E;
/// High part of ln 2, 32 bits, so that its product with an exponent is exact.
const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// `a·b + c`, rounded once when `FMA`, twice otherwise.
#[inline(always)]
#[must_use]
pub fn multiply_add<const FMA: bool>(a: f64, b: f64, c: f64) -> f64 {
    if FMA { a.mul_add(b, c) } else { a * b + c }
}

/// `if condition { a } else { b }`, written so that it compiles to a blend.
#[inline(always)]
fn select(condition: bool, a: f64, b: f64) -> f64 {
    if condition { a } else { b }
}

/// Limits `x` to `[low, high]`; NaN stays NaN.
#[inline(always)]
fn clamp(x: f64, low: f64, high: f64) -> f64 {
    let x = select(x > high, high, x);
    select(x < low, low, x)
}

/// The product as an unevaluated sum of two numbers (exact barring overflow).
#[inline(always)]
fn two_product<const FMA: bool>(a: f64, b: f64) -> (f64, f64) {
    let product = a * b;
    if FMA {
        return (product, a.mul_add(b, -product));
    }
    let (a_high, a_low) = split(a);
    let (b_high, b_low) = split(b);
    let error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
    (product, error)
}

/// Veltkamp's splitting into two halves of at most 27 bits.
#[inline(always)]
fn split(a: f64) -> (f64, f64) {
    let scaled = a * 134_217_729.0;
    let high = scaled - (scaled - a);
    (high, a - high)
}

/// The sum as an unevaluated sum of two numbers, for `|a| ≥ |b|`.
#[inline(always)]
fn fast_two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    (sum, b - (sum - a))
}

/// 2ᵏ for an integer `k` in −1022..=1023 given as a float.
#[inline(always)]
fn power_of_two(k: f64) -> f64 {
    f64::from_bits((k + ROUNDER).to_bits().wrapping_add(1023) << 52)
}
