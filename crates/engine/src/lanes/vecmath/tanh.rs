//! The hyperbolic tangent.

use super::exp::{expm1_reduced, reduce};
use super::{clamp, multiply_add, power_of_two};

/// Beyond, the result rounds to one.
const SATURATION: f64 = 22.0;

/// `tanh x`.
#[inline(always)]
#[must_use]
pub fn tanh<const FMA: bool>(x: f64) -> f64 {
    // With e = exp(2|x|) − 1, tanh |x| = e / (e + 2); e is formed without cancellation.
    let doubled = 2.0 * clamp(x.abs(), 0.0, SATURATION);
    let (k, r) = reduce::<FMA>(doubled);
    let scale = power_of_two(k);
    let e = multiply_add::<FMA>(scale, expm1_reduced::<FMA>(r), scale - 1.0);
    (e / (e + 2.0)).copysign(x)
}
