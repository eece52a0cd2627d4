//! The natural logarithm.

use super::{LN2_HIGH, LN2_LOW, multiply_add, select};

/// Minimax coefficients of `(2 atanh s − 2 s) / s³` in `s²` for `|s| ≤ (√2 − 1)/(√2 + 1)`,
/// relative error 2⁻⁶⁶ in `2 atanh s`.
const R: [f64; 8] = [
    0.666_666_666_666_666_6,
    0.400_000_000_000_062_86,
    0.285_714_285_690_729_65,
    0.222_222_226_487_507_5,
    0.181_817_755_084_859_3,
    0.153_870_976_532_139_21,
    0.132_499_619_618_506_76,
    0.132_527_554_954_922_22,
];

const TWO_POW_54: f64 = 18_014_398_509_481_984.0;
/// Bits of √½, where the mantissa's range begins.
const SQRT_HALF_BITS: u64 = 0x3fe6_a09e_667f_3bcd;
const ONE_BITS: u64 = 0x3ff0_0000_0000_0000;
const MANTISSA: u64 = 0x000f_ffff_ffff_ffff;

/// `ln x`; −∞ at zero, NaN below.
#[inline(always)]
#[must_use]
pub fn ln<const FMA: bool>(x: f64) -> f64 {
    let (k, m) = exponent_and_mantissa(x);
    let f = m - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let z2 = z * z;
    let r01 = multiply_add::<FMA>(R[1], z, R[0]);
    let r23 = multiply_add::<FMA>(R[3], z, R[2]);
    let r45 = multiply_add::<FMA>(R[5], z, R[4]);
    let r67 = multiply_add::<FMA>(R[7], z, R[6]);
    let r4567 = multiply_add::<FMA>(r67, z2, r45);
    let r2to7 = multiply_add::<FMA>(r4567, z2, r23);
    let r = z * multiply_add::<FMA>(r2to7, z2, r01);
    let half_square = 0.5 * f * f;
    let low = multiply_add::<FMA>(s, half_square + r, k * LN2_LOW);
    let value = multiply_add::<FMA>(k, LN2_HIGH, f - (half_square - low));
    special_cases(x, value)
}

/// `x = 2ᵏ m` with `√½ ≤ m < √2`, for positive finite `x`.
#[inline(always)]
pub(super) fn exponent_and_mantissa(x: f64) -> (f64, f64) {
    let subnormal = x < f64::MIN_POSITIVE;
    let scaled = select(subnormal, x * TWO_POW_54, x);
    let shifted = scaled.to_bits().wrapping_add(ONE_BITS - SQRT_HALF_BITS);
    let m = f64::from_bits((shifted & MANTISSA).wrapping_add(SQRT_HALF_BITS));
    // The biased exponent below 2¹¹ becomes a float by setting the exponent bits of 2⁵².
    let biased = f64::from_bits((shifted >> 52) | 0x4330_0000_0000_0000);
    let bias = select(
        subnormal,
        4_503_599_627_370_496.0 + 1077.0,
        4_503_599_627_370_496.0 + 1023.0,
    );
    (biased - bias, m)
}

#[inline(always)]
fn special_cases(x: f64, value: f64) -> f64 {
    let value = select(x < f64::INFINITY, value, x);
    let value = select(x == 0.0, f64::NEG_INFINITY, value);
    select(x < 0.0, f64::NAN, value)
}
