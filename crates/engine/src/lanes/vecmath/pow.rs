//! Powers with real exponents.

use super::exp::exp_of_sum;
use super::ln::exponent_and_mantissa;
use super::{LN2_HIGH, clamp, fast_two_sum, multiply_add, select, two_product};

/// Minimax coefficients of `(2 atanh s − 2 s − ⅔ s³) / s⁵` in `s²`, relative error 2⁻⁷³ in
/// `2 atanh s`.
const P: [f64; 8] = [
    0.399_999_999_999_999_8,
    0.285_714_285_714_452_2,
    0.222_222_222_175_105_43,
    0.181_818_188_734_984_07,
    0.153_845_566_535_343_3,
    0.133_363_257_964_236_76,
    0.116_746_482_153_736_65,
    0.119_904_334_373_729_2,
];
const TWO_THIRDS_HIGH: f64 = 0.666_666_666_666_666_6;
const TWO_THIRDS_LOW: f64 = 3.700_743_415_417_188e-17;
/// ln 2 − `LN2_HIGH`, in two parts.
const LN2_MIDDLE: f64 = 1.908_214_929_270_587_7e-10;
/// Beyond, every base but one over- or underflows, and the exponent is an even integer.
const EXPONENT_LIMIT: f64 = 1e20;
const SIGN: u64 = 0x8000_0000_0000_0000;

/// `xʸ`.
#[inline(always)]
#[must_use]
pub fn pow<const FMA: bool>(x: f64, y: f64) -> f64 {
    let magnitude = x.abs();
    let (high, low) = ln_extended::<FMA>(magnitude);
    let exponent = clamp(y, -EXPONENT_LIMIT, EXPONENT_LIMIT);
    let (product, error) = two_product::<FMA>(exponent, high);
    let correction = multiply_add::<FMA>(exponent, low, error);
    let correction = select(product.abs() < 800.0, correction, 0.0);
    let value = exp_of_sum::<FMA>(product, correction);

    let (integer, odd) = parity(exponent);
    let negative = x.to_bits() & SIGN != 0;
    let sign = if negative & odd { SIGN } else { 0 };
    let value = f64::from_bits(value.to_bits() | sign);
    let undefined = negative & !integer & (magnitude > 0.0) & (magnitude < f64::INFINITY);
    let value = select(undefined, f64::NAN, value);
    select((y == 0.0) | (x == 1.0), 1.0, value)
}

/// Whether `y` is an integer, and whether it is an odd one.
#[inline(always)]
fn parity(y: f64) -> (bool, bool) {
    let integer = y.trunc() == y;
    let half = y * 0.5;
    (integer, integer & (half.trunc() != half))
}

/// `ln x` for `x ≥ 0` as a sum of two numbers, relative error about 2⁻⁶⁵; ±∞ and NaN sit in the
/// first.
#[inline(always)]
fn ln_extended<const FMA: bool>(x: f64) -> (f64, f64) {
    let (k, m) = exponent_and_mantissa(x);
    // s = f / u to twice the working precision, from one division.
    let f = m - 1.0;
    let u = m + 1.0;
    let u_low = m - (u - 1.0);
    let inverse = 1.0 / u;
    let s = f * inverse;
    let (su, su_low) = two_product::<FMA>(s, u);
    let s_low = (((f - su) - su_low) - s * u_low) * inverse;

    // z = s² likewise, then the cubic term s·z·(⅔ + z·p).
    let (z, z_error) = two_product::<FMA>(s, s);
    let z_low = multiply_add::<FMA>(2.0 * s, s_low, z_error);
    let (c, c_low) = cubic_coefficient::<FMA>(z, z_low);
    let (t, t_error) = two_product::<FMA>(s, z);
    let t_low = multiply_add::<FMA>(s, z_low, multiply_add::<FMA>(s_low, z, t_error));
    let (cubic, cubic_error) = two_product::<FMA>(t, c);
    let cubic_low = multiply_add::<FMA>(t, c_low, multiply_add::<FMA>(t_low, c, cubic_error));

    let (mantissa, mantissa_low) = fast_two_sum(2.0 * s, cubic);
    let mantissa_low = mantissa_low + (2.0 * s_low + cubic_low);
    // k·LN2_HIGH is exact and, for k ≠ 0, larger than the mantissa's logarithm.
    let (high, high_low) = fast_two_sum(k * LN2_HIGH, mantissa);
    let middle = k * LN2_MIDDLE;
    let (high, low) = fast_two_sum(high, high_low + (mantissa_low + middle));

    let high = select(x < f64::INFINITY, high, x);
    (select(x == 0.0, f64::NEG_INFINITY, high), low)
}

/// `⅔ + z·p(z)` as a sum of two numbers.
#[inline(always)]
fn cubic_coefficient<const FMA: bool>(z: f64, z_low: f64) -> (f64, f64) {
    let z2 = z * z;
    let p01 = multiply_add::<FMA>(P[1], z, P[0]);
    let p23 = multiply_add::<FMA>(P[3], z, P[2]);
    let p45 = multiply_add::<FMA>(P[5], z, P[4]);
    let p67 = multiply_add::<FMA>(P[7], z, P[6]);
    let p4567 = multiply_add::<FMA>(p67, z2, p45);
    let p2to7 = multiply_add::<FMA>(p4567, z2, p23);
    let p = multiply_add::<FMA>(p2to7, z2, p01);
    let (zp, zp_error) = two_product::<FMA>(z, p);
    let zp_low = multiply_add::<FMA>(z_low, p, zp_error);
    let (c, c_low) = fast_two_sum(TWO_THIRDS_HIGH, zp);
    (c, c_low + (TWO_THIRDS_LOW + zp_low))
}
