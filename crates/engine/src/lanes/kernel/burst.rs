//! As many multiply-adds as the machine can do.

use crate::lanes::vecmath::multiply_add;

const CHAINS: u64 = 8;
const WIDTH: usize = 16;

/// Multiply-adds in a round of [`multiply_add_burst`](super::multiply_add_burst).
pub const MULTIPLY_ADDS_A_ROUND: u64 = CHAINS * WIDTH as u64;

#[inline(always)]
fn advance<const FMA: bool>(sum: &mut [f64; WIDTH], factor: f64) {
    for value in sum {
        *value = multiply_add::<FMA>(*value, factor, 1e-6);
    }
}

/// Chains by name, since an array of them would live in memory and measure that.
#[inline(always)]
pub(super) fn burst<const FMA: bool>(rounds: u64) -> f64 {
    let factor = std::hint::black_box(0.999_999);
    let start = std::hint::black_box([[1.0; WIDTH]; CHAINS as usize]);
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = start;
    for _ in 0..rounds {
        advance::<FMA>(&mut a, factor);
        advance::<FMA>(&mut b, factor);
        advance::<FMA>(&mut c, factor);
        advance::<FMA>(&mut d, factor);
        advance::<FMA>(&mut e, factor);
        advance::<FMA>(&mut f, factor);
        advance::<FMA>(&mut g, factor);
        advance::<FMA>(&mut h, factor);
    }
    [a, b, c, d, e, f, g, h].iter().flatten().sum()
}
