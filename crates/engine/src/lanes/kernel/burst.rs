//! As many multiply-adds as the machine can do.

use crate::lanes::vecmath::multiply_add;

const CHAINS: usize = 8;
const WIDTH: usize = 16;

/// Multiply-adds in a round of [`multiply_add_burst`](super::multiply_add_burst).
pub const MULTIPLY_ADDS_A_ROUND: u64 = (CHAINS * WIDTH) as u64;

#[inline(always)]
pub(super) fn burst<const FMA: bool>(rounds: u64) -> f64 {
    let factor = std::hint::black_box(0.999_999);
    let mut sums = [[1.0; WIDTH]; CHAINS];
    for _ in 0..rounds {
        for sum in &mut sums {
            for value in sum.iter_mut() {
                *value = multiply_add::<FMA>(*value, factor, 1e-6);
            }
        }
    }
    sums.iter().flatten().sum()
}
