//! Accuracy against correctly rounded arbitrary precision, and special values against `std`.

use std::fmt::Debug;

use dashu_float::FBig;
use dashu_float::round::mode::HalfEven;

use super::{TRIG_LIMIT, cos, cosines, exp, ln, pow, sin, sines, tanh};

type Real = FBig<HalfEven, 2>;
type Pair = fn(f64) -> f64;

const BITS: usize = 140;

/// SplitMix64, so that the sample does not depend on anything outside this file.
struct Sampler(u64);

impl Sampler {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * ((self.next() >> 11) as f64 / (1u64 << 53) as f64)
    }

    /// Any finite number, each exponent equally likely.
    fn any_finite(&mut self) -> f64 {
        loop {
            let x = f64::from_bits(self.next());
            if x.is_finite() {
                return x;
            }
        }
    }

    fn subnormal(&mut self) -> f64 {
        f64::from_bits(self.next() & 0x000f_ffff_ffff_ffff)
    }
}

fn real(x: f64) -> Real {
    Real::try_from(x)
        .expect("finite")
        .with_precision(BITS)
        .value()
}

/// Spacing of numbers at the magnitude of `x`.
fn ulp(x: f64) -> f64 {
    let x = x.abs().max(f64::MIN_POSITIVE);
    f64::from_bits(x.to_bits() + 1) - x
}

fn error_in_ulps(value: f64, reference: &Real) -> f64 {
    let rounded = reference.to_f64().value();
    if value == rounded {
        // Overflow, underflow to zero and exact hits; the half ulp of rounding is not counted.
        return if rounded.is_infinite() {
            0.0
        } else {
            (real(value) - reference).to_f64().value().abs() / ulp(rounded)
        };
    }
    assert!(value.is_finite(), "{value} against {rounded}");
    if rounded.is_infinite() {
        return (value.abs() - f64::MAX).abs() / ulp(f64::MAX) + 1.0;
    }
    (real(value) - reference).to_f64().value().abs() / ulp(rounded)
}

#[derive(Default)]
struct Worst {
    error: f64,
    at: String,
}

impl Worst {
    fn note(&mut self, error: f64, at: impl Debug) {
        if error > self.error {
            self.error = error;
            self.at = format!("{at:?}");
        }
    }

    fn check(&self, name: &str, bound: f64) {
        println!("{name}: {:.3} ulp at {}", self.error, self.at);
        assert!(
            self.error <= bound,
            "{name}: {} ulp at {}",
            self.error,
            self.at
        );
    }
}

fn measure(
    name: &str,
    bound: f64,
    functions: [Pair; 2],
    reference: fn(Real) -> Real,
    mut sample: impl FnMut(&mut Sampler, usize) -> f64,
) {
    measure_also(name, bound, functions, reference, &[], &mut sample);
}

/// The same, and at these points.
fn measure_also(
    name: &str,
    bound: f64,
    functions: [Pair; 2],
    reference: fn(Real) -> Real,
    points: &[f64],
    sample: &mut dyn FnMut(&mut Sampler, usize) -> f64,
) {
    for (class, function) in ["two roundings", "fused"].iter().zip(functions) {
        let mut sampler = Sampler(1);
        let mut worst = Worst::default();
        for index in 0..6000 + points.len() {
            let known = index.checked_sub(6000).map(|place| points[place]);
            let x = known.unwrap_or_else(|| sample(&mut sampler, index));
            worst.note(error_in_ulps(function(x), &reference(real(x))), x);
        }
        worst.check(&format!("{name}, {class}"), bound);
    }
}

#[test]
fn exp_is_accurate() {
    measure(
        "exp",
        1.0,
        [exp::<false>, exp::<true>],
        |x| x.exp(),
        |s, i| match i % 4 {
            0 => s.uniform(-1.0, 1.0),
            1 => s.uniform(-745.0, 709.7),
            2 => s.uniform(-745.0, -708.0),
            _ => s.any_finite() % 1e-3,
        },
    );
}

#[test]
fn ln_is_accurate() {
    measure(
        "ln",
        0.8,
        [ln::<false>, ln::<true>],
        |x| x.ln(),
        |s, i| match i % 4 {
            0 => s.uniform(0.5, 2.0),
            1 => s.uniform(0.99, 1.01),
            2 => s.subnormal().max(f64::from_bits(1)),
            _ => s.any_finite().abs().max(f64::from_bits(1)),
        },
    );
}

#[test]
fn tanh_is_accurate() {
    // The worst of four million points, fused and not.
    let known = [0.220_928_100_768_368_27, 0.221_562_739_560_996_84];
    measure_also(
        "tanh",
        2.75,
        [tanh::<false>, tanh::<true>],
        |x| x.tanh(),
        &known,
        &mut |s, i| match i % 4 {
            // Most of them where the error is largest.
            0 => s.uniform(0.17, 0.27),
            1 => s.uniform(-25.0, 25.0),
            2 => s.uniform(-1.0, 1.0) * 1e-3,
            _ => s.uniform(0.0, 1e-200),
        },
    );
}

#[test]
fn sines_of_large_arguments_are_those_of_libm() {
    let mut sampler = Sampler(3);
    for _ in 0..2000 {
        let x = sampler.any_finite();
        if x.abs() <= TRIG_LIMIT {
            continue;
        }
        let lanes = [0.3, x, -x, f64::NAN, 1e5, x, f64::INFINITY, -0.0];
        let (sines, cosines) = (sines::<8, true>(lanes), cosines::<8, false>(lanes));
        for lane in [1, 2, 5] {
            assert_eq!(sines[lane].to_bits(), libm::sin(lanes[lane]).to_bits());
            assert_eq!(cosines[lane].to_bits(), libm::cos(lanes[lane]).to_bits());
        }
        assert_eq!(sines[0].to_bits(), sin::<true>(0.3).to_bits());
        assert!(sines[6].is_nan() && sines[3].is_nan() && cosines[6].is_nan());
        assert!(sines[7] == 0.0 && sines[7].is_sign_negative());
    }
}

#[test]
fn sine_and_cosine_are_accurate() {
    let sample = |s: &mut Sampler, i: usize| match i % 3 {
        0 => s.uniform(-7.0, 7.0),
        1 => s.uniform(-TRIG_LIMIT, TRIG_LIMIT),
        _ => s.uniform(-1e-3, 1e-3),
    };
    measure("sin", 1.5, [sin::<false>, sin::<true>], |x| x.sin(), sample);
    measure("cos", 1.5, [cos::<false>, cos::<true>], |x| x.cos(), sample);
}

#[test]
fn pow_is_accurate() {
    for (class, function) in [
        ("two roundings", pow::<false> as fn(f64, f64) -> f64),
        ("fused", pow::<true>),
    ] {
        let mut sampler = Sampler(2);
        let mut worst = Worst::default();
        for index in 0..6000 {
            let (x, y) = match index % 4 {
                0 => (sampler.uniform(0.0, 10.0), sampler.uniform(-6.0, 6.0)),
                1 => (sampler.uniform(0.99, 1.01), sampler.uniform(-7e4, 7e4)),
                2 => {
                    // Results over the whole exponent range, the subnormal end included.
                    let x = sampler.any_finite().abs().max(f64::from_bits(1));
                    (x, sampler.uniform(-744.0, 709.0) / x.ln())
                }
                _ => (
                    sampler.subnormal().max(f64::from_bits(1)),
                    sampler.uniform(-0.9, 1.0),
                ),
            };
            let exact = (real(x).ln() * real(y)).exp();
            worst.note(error_in_ulps(function(x, y), &exact), (x, y));
        }
        worst.check(&format!("pow, {class}"), 1.1);
    }
}

#[test]
fn special_values_are_those_of_std() {
    let values = [
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.5,
        -0.5,
        2.0,
        -2.0,
        3.0,
        -3.0,
        1e300,
        -1e300,
        1e-300,
        -1e-300,
        f64::MIN_POSITIVE,
        5e-324,
        -5e-324,
        f64::MAX,
        f64::MIN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
        4_503_599_627_370_497.0,
        -4_503_599_627_370_497.0,
        9_007_199_254_740_993.0,
        720.0,
        -760.0,
        2.5,
    ];
    let agree = |name: &str, ours: f64, std: f64, at: &dyn Debug| {
        let close = (ours - std).abs() <= 3.0 * ulp(std);
        let same = ours == std && ours.is_sign_negative() == std.is_sign_negative();
        assert!(
            close || same || (ours.is_nan() && std.is_nan()),
            "{name}{at:?}: {ours} for {std}"
        );
    };
    for &x in &values {
        agree("exp", exp::<true>(x), x.exp(), &x);
        agree("exp", exp::<false>(x), x.exp(), &x);
        agree("ln", ln::<true>(x), x.ln(), &x);
        agree("ln", ln::<false>(x), x.ln(), &x);
        agree("tanh", tanh::<true>(x), x.tanh(), &x);
        agree("tanh", tanh::<false>(x), x.tanh(), &x);
        agree("sin", sin::<true>(x), x.sin(), &x);
        agree("cos", cos::<false>(x), x.cos(), &x);
        for &y in &values {
            agree("pow", pow::<true>(x, y), x.powf(y), &(x, y));
            agree("pow", pow::<false>(x, y), x.powf(y), &(x, y));
        }
    }
}
