//! Sine and cosine.

use super::{ROUNDER, multiply_add, select};

/// Largest argument of the branch-free forms; beyond, the portable ones of `libm` serve, which reduce by as many digits of
/// π as it takes. Clock angles (2π times days) stay far below.
pub const TRIG_LIMIT: f64 = 1e6;

/// π/2 in three parts; products of the first two with integers below 2²⁰ are exact.
const HALF_PI: [f64; 3] = [
    1.570_796_326_734_125_6,
    6.077_100_506_303_966e-11,
    2.022_266_248_795_950_6e-21,
];

const SINE: [f64; 6] = [
    -1.666_666_666_666_663_2e-1,
    8.333_333_333_322_49e-3,
    -1.984_126_982_985_795e-4,
    2.755_731_370_707_006_8e-6,
    -2.505_076_025_340_686_3e-8,
    1.589_690_995_211_55e-10,
];
const COSINE: [f64; 6] = [
    4.166_666_666_666_66e-2,
    -1.388_888_888_887_411e-3,
    2.480_158_728_947_673e-5,
    -2.755_731_435_139_066_3e-7,
    2.087_572_321_298_175e-9,
    -1.135_964_755_778_819_5e-11,
];

/// `sin x`.
#[inline(always)]
#[must_use]
pub fn sin<const FMA: bool>(x: f64) -> f64 {
    let [y] = sines::<1, FMA>([x]);
    y
}

/// `cos x`.
#[inline(always)]
#[must_use]
pub fn cos<const FMA: bool>(x: f64) -> f64 {
    let [y] = cosines::<1, FMA>([x]);
    y
}

/// `sin x` in every lane.
#[inline(always)]
#[must_use]
pub fn sines<const N: usize, const FMA: bool>(x: [f64; N]) -> [f64; N] {
    near_or_far(x, |x| quadrant_value::<FMA>(x, 0), libm::sin)
}

/// `cos x` in every lane.
#[inline(always)]
#[must_use]
pub fn cosines<const N: usize, const FMA: bool>(x: [f64; N]) -> [f64; N] {
    near_or_far(x, |x| quadrant_value::<FMA>(x, 1), libm::cos)
}

/// Lanes beyond [`TRIG_LIMIT`] take the other function; one test serves all lanes.
#[inline(always)]
fn near_or_far<const N: usize>(
    x: [f64; N],
    near: impl Fn(f64) -> f64,
    far: fn(f64) -> f64,
) -> [f64; N] {
    let (mut y, mut any_far) = (x, false);
    for value in &mut y {
        any_far |= value.abs() > TRIG_LIMIT;
        *value = near(*value);
    }
    if any_far {
        replace_far(&x, &mut y, far);
    }
    y
}

#[cold]
#[inline(never)]
fn replace_far(x: &[f64], y: &mut [f64], far: fn(f64) -> f64) {
    for (&x, y) in x.iter().zip(y) {
        if x.abs() > TRIG_LIMIT {
            *y = far(x);
        }
    }
}

/// `sin(x + shift·π/2)`.
#[inline(always)]
fn quadrant_value<const FMA: bool>(x: f64, shift: u64) -> f64 {
    let rounded = multiply_add::<FMA>(x, std::f64::consts::FRAC_2_PI, ROUNDER);
    let n = rounded - ROUNDER;
    let quadrant = rounded.to_bits().wrapping_add(shift);
    let first = multiply_add::<FMA>(-n, HALF_PI[0], x);
    let second = n * HALF_PI[1];
    let r = first - second;
    let r_low = multiply_add::<FMA>(-n, HALF_PI[2], (first - r) - second);

    let z = r * r;
    let sine = reduced_sine::<FMA>(r, r_low, z);
    let cosine = reduced_cosine::<FMA>(r, r_low, z);
    let value = select(quadrant & 1 != 0, cosine, sine);
    let signed = f64::from_bits(value.to_bits() ^ ((quadrant & 2) << 62));
    // Keeps the sign of zero and turns infinities into NaN.
    select((x == 0.0) & (shift == 0), x, signed)
}

#[inline(always)]
fn reduced_sine<const FMA: bool>(r: f64, r_low: f64, z: f64) -> f64 {
    let mut p = SINE[5];
    for &coefficient in SINE[1..5].iter().rev() {
        p = multiply_add::<FMA>(p, z, coefficient);
    }
    let cube = z * r;
    let half_low = 0.5 * r_low;
    let tail = multiply_add::<FMA>(z, half_low - cube * p, -r_low);
    r - (tail - cube * SINE[0])
}

#[inline(always)]
fn reduced_cosine<const FMA: bool>(r: f64, r_low: f64, z: f64) -> f64 {
    let mut p = COSINE[5];
    for &coefficient in COSINE[0..5].iter().rev() {
        p = multiply_add::<FMA>(p, z, coefficient);
    }
    let half = 0.5 * z;
    let w = 1.0 - half;
    w + (((1.0 - w) - half) + multiply_add::<FMA>(z * z, p, -(r * r_low)))
}
