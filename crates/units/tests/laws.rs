//! Laws that hold for all units: printing and reading, conversion there and
//! back, and the algebra of products and powers.
#![allow(clippy::unwrap_used)]

use gutskin_units::Unit;
use proptest::prelude::*;

fn symbol() -> impl Strategy<Value = String> {
    let metric = (
        prop::sample::select(vec!["", "k", "d", "c", "m", "u", "µ", "n", "p", "f"]),
        prop::sample::select(vec![
            "g", "mol", "M", "L", "m", "s", "Pa", "J", "cal", "IU", "EU", "K", "A", "Da",
        ]),
    )
        .prop_map(|(prefix, symbol)| format!("{prefix}{symbol}"));
    let plain = prop::sample::select(vec![
        "min", "h", "d", "wk", "y", "CFU", "cells", "count", "score", "%", "mmHg", "atm", "1",
        "pH", "gDW", "1e12",
    ])
    .prop_map(str::to_owned);
    prop_oneof![metric, plain]
}

fn factor() -> impl Strategy<Value = String> {
    let power = prop::sample::select(vec![
        "", "", "^2", "^-1", "²", "⁻³", "^(1/2)", "^0.25", "^(-2/3)",
    ]);
    (symbol(), power).prop_map(|(symbol, power)| format!("{symbol}{power}"))
}

fn unit_text() -> impl Strategy<Value = String> {
    let operator = prop::sample::select(vec!["*", "/", "·", ".", " per "]);
    let tail = prop::collection::vec((operator, factor()), 0..4);
    (factor(), tail).prop_map(|(head, tail)| {
        tail.iter().fold(head, |text, (operator, factor)| {
            // "1.1" would read as one number.
            let operator = if *operator == "." { "·" } else { operator };
            format!("{text}{operator}{factor}")
        })
    })
}

fn unit() -> impl Strategy<Value = Unit> {
    unit_text().prop_map(|text| Unit::parse(&text).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, max_global_rejects: 1_000_000, ..ProptestConfig::default() })]

    #[test]
    fn printed_text_reads_back(unit in unit()) {
        prop_assert_eq!(&Unit::parse(&unit.to_string()).unwrap(), &unit);
        prop_assert_eq!(&Unit::parse(&unit.canonical()).unwrap(), &unit);
    }

    #[test]
    fn canonical_text_is_a_fixed_point(unit in unit()) {
        let canonical = unit.canonical();
        prop_assert_eq!(Unit::parse(&canonical).unwrap().canonical(), canonical);
    }

    #[test]
    fn conversion_there_and_back(
        a in unit(),
        scale in prop::sample::select(vec!["1", "%", "d/h", "kcal/J", "wk/y", "mmHg/Pa"]),
        value in -1e6..1e6,
    ) {
        let b = a.mul(&Unit::parse(scale).unwrap());
        let back = b.convert(a.convert(value, &b).unwrap(), &a).unwrap();
        prop_assert!((back - value).abs() <= 1e-12 * f64::abs(value), "{} {}", back, value);
    }

    #[test]
    fn products_commute_and_associate(a in unit(), b in unit(), c in unit()) {
        prop_assert_eq!(a.mul(&b), b.mul(&a));
        prop_assert_eq!(a.mul(&b).mul(&c), a.mul(&b.mul(&c)));
        prop_assert_eq!(a.div(&b).mul(&b), a.clone());
        prop_assert_eq!(a.div(&b), a.mul(&b.powi(-1)));
        prop_assert!(a.div(&a).is_dimensionless());
        prop_assert_eq!(a.mul(&Unit::dimensionless()), a);
    }

    #[test]
    fn powers_follow_the_exponents(a in unit(), b in unit(), n in -4_i32..5, m in -4_i32..5) {
        let largest = [a.powi(8), a.powi(-8), b.powi(8), b.powi(-8), a.mul(&b).powi(4)];
        prop_assume!(largest.iter().all(Unit::is_representable));
        prop_assert_eq!(a.mul(&b).powi(n), a.powi(n).mul(&b.powi(n)));
        prop_assert_eq!(a.powi(n).mul(&a.powi(m)), a.powi(n + m));
        prop_assert_eq!(a.powi(2).sqrt(), a.clone());
        prop_assert_eq!(a.pow(f64::from(n) / 3.0).unwrap().powi(3), a.powi(n));
    }

    #[test]
    fn different_dimensions_never_convert(a in unit(), value in -1e3..1e3) {
        let b = a.mul(&Unit::parse("CFU").unwrap());
        let message = a.convert(value, &b).unwrap_err().to_string();
        let (from, to) = (format!("\"{a}\""), format!("\"{b}\""));
        prop_assert!(message.contains(&from) && message.contains(&to), "{message}");
    }

    #[test]
    fn any_text_is_answered(text in "\\PC{0,40}") {
        let _ = Unit::parse(&text);
    }
}
