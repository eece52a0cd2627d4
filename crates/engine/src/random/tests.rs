//! Known answers, distributions, independence of order.

use super::*;

/// Random123, tests/kat_vectors: counter, key, result.
#[test]
fn philox_known_answers() {
    for (counter, key, expected) in [
        (
            [0; 4],
            [0; 2],
            [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8],
        ),
        (
            [u32::MAX; 4],
            [u32::MAX; 2],
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd],
        ),
        (
            [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
            [0xa409_3822, 0x299f_31d0],
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
        ),
    ] {
        assert_eq!(philox4x32(counter, key), expected);
    }
}

#[test]
fn coordinates_fill_key_and_counter() {
    let seed = 0x299f_31d0_a409_3822;
    let stream = RandomStream::new(seed, 0x85a3_08d3, StreamId(0x0370_7344_1319_8a2e));
    assert_eq!(stream.block(0x243f_6a88)[0], 0xd16c_fe09);
    let block = stream.block(0);
    assert_eq!([0, 1, 2, 3].map(|i| stream.u32_at(i)), block);
    assert_eq!(
        stream.u64_at(0),
        u64::from(block[0]) | u64::from(block[1]) << 32
    );
    assert_eq!(
        stream.u64_at(1),
        u64::from(block[2]) | u64::from(block[3]) << 32
    );
    assert_eq!(
        stream.u64_at(u32::MAX) as u32,
        stream.block(u32::MAX / 2)[2]
    );
}

/// The published values of 64-bit FNV-1a.
#[test]
fn stream_names_hash_as_fnv_1a() {
    for (text, hash) in [
        ("", 0xcbf2_9ce4_8422_2325),
        ("a", 0xaf63_dc4c_8601_ec8c),
        ("foobar", 0x8594_4171_f739_67e8),
    ] {
        assert_eq!(fnv1a(text.bytes()), hash);
    }
    assert_ne!(StreamId::named("ab", "c"), StreamId::named("a", "bc"));
}

/// The bytes that a seed stands for; a change here changes every stored result.
#[test]
fn bytes_stay() {
    let stream = RandomStream::new(42, 7, StreamId::named("parameter", "barrier.leak"));
    assert_eq!(stream.u64_at(0), 0x879a_74cd_3a8b_e9a2);
    assert_eq!(stream.uniform_at(1).to_bits(), 0x3fa3_c99e_c317_3690);
    assert_eq!(stream.normal_at(2).to_bits(), 0xbff4_2f30_12fc_8428);
    assert_eq!(stream.exponential_at(3).to_bits(), 0x3ffb_f3f3_761a_3ef2);
}

/// Probability and quantile, from 50-digit arithmetic.
const QUANTILES: &[(f64, f64)] = &[
    (1.1102230246251565e-16, -8.209536151601387),
    (1e-300, -37.0470962993612),
    (1e-20, -9.262340089798407),
    (1e-12, -7.034483825301132),
    (1e-06, -4.753424308822899),
    (0.001, -3.0902323061678136),
    (0.0749, -1.4402382675279637),
    (0.0751, -1.43882539275254),
    (0.2, -0.8416212335729142),
    (0.25, -0.6744897501960817),
    (0.4, -0.2533471031357997),
    (0.499, -0.002506630899571766),
];

/// Value and probability below it, from 50-digit arithmetic.
const PROBABILITIES: &[(f64, f64)] = &[
    (-38.0, 2.88542835e-316),
    (-10.0, 7.619853024160525e-24),
    (-5.5, 1.8989562465887718e-08),
    (-2.0, 0.02275013194817921),
    (-1.0, 0.15865525393145705),
    (-0.3, 0.3820885778110474),
    (0.0, 0.5),
    (0.3, 0.6179114221889527),
    (1.0, 0.8413447460685429),
    (2.5, 0.9937903346742238),
    (6.0, 0.9999999990134123),
];

#[test]
fn normal_quantile_and_probability_are_accurate() {
    for (probability, expected) in QUANTILES {
        let error = (standard_normal_quantile(*probability) / expected - 1.0).abs();
        assert!(error < 1e-15, "{probability}: {error:e}");
        if *probability > 1e-3 {
            let mirrored = standard_normal_quantile(1.0 - probability);
            assert!((mirrored / expected + 1.0).abs() < 1e-13, "{probability}");
        }
    }
    for (x, expected) in PROBABILITIES {
        let error = (standard_normal_probability(*x) / expected - 1.0).abs();
        assert!(error < 1e-13, "{x}: {error:e}");
    }
    assert_eq!(standard_normal_quantile(0.5), 0.0);
    assert_eq!(standard_normal_quantile(0.0), f64::NEG_INFINITY);
    assert_eq!(standard_normal_quantile(1.0), f64::INFINITY);
    for outside in [-0.1, 1.1, f64::NAN] {
        assert!(standard_normal_quantile(outside).is_nan());
    }
}

#[test]
fn uniform_is_open() {
    assert_eq!(open_unit(0), 2.0_f64.powi(-53));
    assert_eq!(open_unit(u64::MAX), 1.0 - 2.0_f64.powi(-53));
}

/// Mean, variance, skewness and excess kurtosis of 200,000 numbers.
fn moments(draw: impl Fn(u32) -> f64) -> [f64; 4] {
    const COUNT: u32 = 200_000;
    let mean_of =
        |f: &dyn Fn(f64) -> f64| (0..COUNT).map(|i| f(draw(i))).sum::<f64>() / f64::from(COUNT);
    let mean = mean_of(&|x| x);
    let central = |power| mean_of(&|x| (x - mean).powi(power));
    let variance = central(2);
    [
        mean,
        variance,
        central(3) / variance.powf(1.5),
        central(4) / variance.powi(2) - 3.0,
    ]
}

/// Bounds are five standard errors of each moment at 200,000 numbers.
#[test]
fn moments_are_those_of_the_distributions() {
    let stream = RandomStream::new(1, 2, StreamId(3));
    let close = |found: [f64; 4], expected: [f64; 4], errors: [f64; 4]| {
        for i in 0..4 {
            let difference = (found[i] - expected[i]).abs();
            assert!(difference < 5.0 * errors[i], "{found:?} for {expected:?}");
        }
    };
    let uniform = moments(|i| stream.uniform_at(i));
    close(
        uniform,
        [0.5, 1.0 / 12.0, 0.0, -1.2],
        [6.5e-4, 1.7e-4, 3e-3, 3e-3],
    );
    let normal = moments(|i| stream.normal_at(i));
    close(
        normal,
        [0.0, 1.0, 0.0, 0.0],
        [2.3e-3, 3.2e-3, 5.5e-3, 1.1e-2],
    );
    let exponential = moments(|i| stream.exponential_at(i));
    close(
        exponential,
        [1.0, 1.0, 2.0, 6.0],
        [2.3e-3, 6.4e-3, 3.5e-2, 0.4],
    );
}

/// Correlation between neighbours in each coordinate, over 100,000 pairs.
#[test]
fn neighbours_are_uncorrelated() {
    const COUNT: u32 = 100_000;
    let at = |seed: u64, patient: u32, stream: u64, index: u32| {
        RandomStream::new(seed, patient, StreamId(stream)).uniform_at(index) - 0.5
    };
    let correlation = |pair: &dyn Fn(u32) -> (f64, f64)| {
        (0..COUNT)
            .map(|i| {
                let (a, b) = pair(i);
                12.0 * a * b
            })
            .sum::<f64>()
            / f64::from(COUNT)
    };
    let bound = 5.0 / f64::from(COUNT).sqrt();
    assert!(correlation(&|i| (at(1, 1, 1, i), at(1, 1, 1, i + 1))).abs() < bound);
    assert!(correlation(&|i| (at(1, 1, 1, i), at(2, 1, 1, i))).abs() < bound);
    assert!(correlation(&|i| (at(1, i, 1, 0), at(1, i + 1, 1, 0))).abs() < bound);
    assert!(
        correlation(&|i| (at(1, 1, u64::from(i), 0), at(1, 1, u64::from(i) + 1, 0))).abs() < bound
    );
}
