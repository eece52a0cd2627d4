//! The exponential function.

use super::{LN2_HIGH, LN2_LOW, LOG2_E, ROUNDER, clamp, multiply_add, power_of_two, select};

/// Above, the result overflows for certain.
const HIGHEST: f64 = 710.0;
/// Below, the result rounds to zero for certain.
const LOWEST: f64 = -746.0;

/// Minimax coefficients of `(eʳ − 1 − r) / r²` for `|r| ≤ ½ ln 2`, relative error 2⁻⁵⁷·⁹ in `eʳ`.
const Q: [f64; 10] = [
    0.500_000_000_000_001_1,
    0.166_666_666_666_664_1,
    0.041_666_666_666_529_73,
    0.008_333_333_333_494_98,
    0.001_388_888_894_375_989_3,
    0.000_198_412_695_057_660_4,
    2.480_149_294_966_484e-5,
    2.755_758_681_128_234_7e-6,
    2.763_030_624_795_987_4e-7,
    2.500_001_637_788_809e-8,
];

/// `eˣ`.
#[inline(always)]
#[must_use]
pub fn exp<const FMA: bool>(x: f64) -> f64 {
    exp_of_sum::<FMA>(x, 0.0)
}

/// `e^(high + low)` with `|low|` far below `|high|`.
#[inline(always)]
pub(super) fn exp_of_sum<const FMA: bool>(high: f64, low: f64) -> f64 {
    let x = clamp(high, LOWEST, HIGHEST);
    let (k, r) = reduce::<FMA>(x);
    let r = r + select(x == high, low, 0.0);
    let mantissa = 1.0 + expm1_reduced::<FMA>(r);
    // Two factors: the first product is exact, the second rounds once into the subnormal range.
    let half = k * 0.5 + ROUNDER - ROUNDER;
    mantissa * power_of_two(half) * power_of_two(k - half)
}

/// `x = k ln 2 + r` with `|r| ≤ ½ ln 2`.
#[inline(always)]
pub(super) fn reduce<const FMA: bool>(x: f64) -> (f64, f64) {
    let k = multiply_add::<FMA>(x, LOG2_E, ROUNDER) - ROUNDER;
    let r = multiply_add::<FMA>(-k, LN2_HIGH, x);
    (k, multiply_add::<FMA>(-k, LN2_LOW, r))
}

/// `eʳ − 1` for `|r| ≤ ½ ln 2`, accurate relative to itself.
#[inline(always)]
pub(super) fn expm1_reduced<const FMA: bool>(r: f64) -> f64 {
    let r2 = r * r;
    let r4 = r2 * r2;
    let q01 = multiply_add::<FMA>(Q[1], r, Q[0]);
    let q23 = multiply_add::<FMA>(Q[3], r, Q[2]);
    let q45 = multiply_add::<FMA>(Q[5], r, Q[4]);
    let q67 = multiply_add::<FMA>(Q[7], r, Q[6]);
    let q89 = multiply_add::<FMA>(Q[9], r, Q[8]);
    let q0123 = multiply_add::<FMA>(q23, r2, q01);
    let q4567 = multiply_add::<FMA>(q67, r2, q45);
    let q4to9 = multiply_add::<FMA>(q89, r4, q4567);
    let q = multiply_add::<FMA>(q4to9, r4, q0123);
    multiply_add::<FMA>(q, r2, r)
}
