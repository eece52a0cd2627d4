//! What each spelling means, what is refused, and with which words.
#![allow(clippy::unwrap_used, clippy::panic)]

use gutskin_units::{Base, Quantity, SbmlKind, Unit, UnitError};

fn unit(text: &str) -> Unit {
    Unit::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn message(text: &str) -> String {
    Unit::parse(text).unwrap_err().to_string()
}

/// Spelling, factor to the coherent base unit, dimension.
const MEANINGS: &[(&str, f64, &str)] = &[
    ("1", 1.0, "dimensionless"),
    ("%", 0.01, "dimensionless"),
    ("% points", 0.01, "dimensionless"),
    ("pH", 1.0, "dimensionless"),
    ("g/g", 1.0, "dimensionless"),
    ("g per g", 1.0, "dimensionless"),
    ("mmol/kg", 1e-3, "mass⁻¹·amount"),
    ("pg/mL", 1e-9, "mass·length⁻³"),
    ("pg/ml", 1e-9, "mass·length⁻³"),
    ("ng/mL", 1e-6, "mass·length⁻³"),
    ("mg/L", 1e-3, "mass·length⁻³"),
    ("mg/dL", 1e-2, "mass·length⁻³"),
    ("ug/g", 1e-6, "dimensionless"),
    ("µg/g", 1e-6, "dimensionless"),
    ("μg/g", 1e-6, "dimensionless"),
    ("mcg/g", 1e-6, "dimensionless"),
    ("1/d", 1.0 / 86_400.0, "time⁻¹"),
    ("/d", 1.0 / 86_400.0, "time⁻¹"),
    ("per d", 1.0 / 86_400.0, "time⁻¹"),
    ("d^-1", 1.0 / 86_400.0, "time⁻¹"),
    ("d⁻¹", 1.0 / 86_400.0, "time⁻¹"),
    ("d-1", 1.0 / 86_400.0, "time⁻¹"),
    ("% per week", 0.01 / 604_800.0, "time⁻¹"),
    ("g/d", 1e-3 / 86_400.0, "mass·time⁻¹"),
    ("gDW/d", 1e-3 / 86_400.0, "mass·time⁻¹"),
    ("CFU/d", 1.0 / 86_400.0, "CFU·time⁻¹"),
    ("CFU/g", 1e3, "CFU·mass⁻¹"),
    ("cells/g", 1e3, "cells·mass⁻¹"),
    ("1e12 cells", 1e12, "cells"),
    ("10^12 cells", 1e12, "cells"),
    ("mmol/L", 1.0, "amount·length⁻³"),
    ("mM", 1.0, "amount·length⁻³"),
    ("M", 1e3, "amount·length⁻³"),
    ("µM", 1e-3, "amount·length⁻³"),
    ("uM", 1e-3, "amount·length⁻³"),
    ("nmol/L", 1e-6, "amount·length⁻³"),
    ("L/min", 1e-3 / 60.0, "length³·time⁻¹"),
    ("kg/m^2", 1.0, "mass·length⁻²"),
    ("kg/m²", 1.0, "mass·length⁻²"),
    ("kg/m2", 1.0, "mass·length⁻²"),
    ("g/m²/h", 1e-3 / 3600.0, "mass·length⁻²·time⁻¹"),
    ("µmol/cm²/h", 1e-2 / 3600.0, "amount·length⁻²·time⁻¹"),
    ("cm⁻²·h⁻¹", 1e4 / 3600.0, "length⁻²·time⁻¹"),
    ("g/(L*d)", 1.0 / 86_400.0, "mass·length⁻³·time⁻¹"),
    ("g/d/L", 1.0 / 86_400.0, "mass·length⁻³·time⁻¹"),
    ("pg/mL/h", 1e-9 / 3600.0, "mass·length⁻³·time⁻¹"),
    ("µmol/kg/min", 1e-6 / 60.0, "mass⁻¹·amount·time⁻¹"),
    ("g/d*L", 1e-6 / 86_400.0, "mass·length³·time⁻¹"),
    ("EU/mL", 1e6, "EU·length⁻³"),
    ("IU", 1.0, "IU"),
    ("IU/d", 1.0 / 86_400.0, "IU·time⁻¹"),
    ("kcal/d", 4184.0 / 86_400.0, "mass·length²·time⁻³"),
    ("mmHg", 133.322387415, "mass·length⁻¹·time⁻²"),
    ("Pa", 1.0, "mass·length⁻¹·time⁻²"),
    ("mPa", 1e-3, "mass·length⁻¹·time⁻²"),
    ("J/cm^2", 1e4, "mass·time⁻²"),
    ("ohm*cm^2", 1e-4, "mass·length⁴·current⁻²·time⁻³"),
    ("kDa", 1.66053906660e-24, "mass"),
    ("Da", 1.66053906660e-27, "mass"),
    ("cd", 1.0, "luminous intensity"),
    ("min", 60.0, "time"),
    ("wk", 604_800.0, "time"),
    ("weeks", 604_800.0, "time"),
    ("y", 31_557_600.0, "time"),
    ("ms", 1e-3, "time"),
    ("score", 1.0, "score"),
    ("points", 1.0, "score"),
    ("lesions", 1.0, "count"),
    ("species", 1.0, "count"),
    ("m^(1/2)", 1.0, "length^(1/2)"),
    ("m^0.5", 1.0, "length^(1/2)"),
];

#[test]
fn spellings_mean_what_the_table_says() {
    for (text, factor, dimension) in MEANINGS {
        let unit = unit(text);
        assert_eq!(unit.dimension().to_string(), *dimension, "{text}");
        let error = (unit.factor() - factor).abs() / factor;
        assert!(error < 1e-14, "{text}: {} for {factor}", unit.factor());
        assert_eq!(unit.to_string(), *text);
    }
}

#[test]
fn clock_of_the_interface_page_is_exact() {
    for (value, from, to, expected) in [
        (1.01, "1/h", "1/d", 1.01 * 24.0),
        (0.5, "1/min", "1/d", 720.0),
        (0.58, "1/wk", "1/d", 0.58 / 7.0),
        (1.0, "1/y", "1/d", 1.0 / 365.25),
        (3.0, "d", "h", 72.0),
        (0.024, "mg/dL", "mg/L", 0.24),
        (70.0, "kg", "g", 70_000.0),
        (250.0, "mM", "µmol/L", 250_000.0),
        (12.0, "%", "1", 0.12),
    ] {
        let converted = unit(from).convert(value, &unit(to)).unwrap();
        assert_eq!(converted, expected, "{value} {from} to {to}");
    }
}

#[test]
fn computed_units_print_as_people_write_them() {
    for (above, below, text) in [
        ("mmol", "d", "mmol/d"),
        ("mmol", "L", "mmol/L"),
        ("g", "L*d", "g/(L*d)"),
        ("pg/mL", "h", "ng/(L*h)"),
        ("kg", "m^2", "kg/m^2"),
        ("CFU", "d", "CFU/d"),
        ("g", "kg", "1e-3"),
        ("g/100", "g", "%"),
        ("kcal", "1", "4184*kg*m^2/s^2"),
        ("mmol/d", "mmol", "1/d"),
        ("m^0.5", "1", "m^(1/2)"),
    ] {
        let computed = unit(above).div(&unit(below));
        assert_eq!(computed.canonical(), text, "{above} over {below}");
    }
}

#[test]
fn messages_name_both_sides_and_the_equation() {
    let error = unit("mg/L").convert(1.0, &unit("1/d")).unwrap_err();
    assert_eq!(
        error.context("equation of plasma.crp").to_string(),
        "equation of plasma.crp: cannot convert \"mg/L\" (mass·length⁻³) to \"1/d\" (time⁻¹): \
         the dimensions differ"
    );
    let error = unit("g/L").require_same(&unit("mg/L")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "\"g/L\" and \"mg/L\" have the same dimension (mass·length⁻³) but differ by a factor of \
         1000; convert one of them"
    );
}

#[test]
fn messages_point_and_suggest() {
    for (text, offset, part) in [
        ("mmol/lb", 5, "unknown unit \"lb\""),
        ("mmoll/L", 0, "did you mean \"mmol\"?"),
        ("MMOL/L", 0, "did you mean \"mmol\"?"),
        ("g/Day", 2, "did you mean \"day\"?"),
        ("g/month", 2, "28 to 31 days"),
        ("°C", 0, "write kelvin"),
        ("log10 CFU/g", 0, "take the logarithm in the equation"),
        ("12 U/mL", 3, "enzyme units"),
        ("mg/kg d", 5, "parentheses or an explicit operator"),
        ("(g/L", 4, "expected \")\", found the end"),
        ("g/", 2, "expected a unit"),
        ("g//d", 2, "expected a unit"),
        ("m^", 2, "expected an exponent"),
        ("m^(1/0)", 5, "other than zero"),
        ("m^99999", 1, "between -32767 and 32767"),
        ("0/1", 0, "a positive finite number"),
        ("0-1", 0, "a positive finite number"),
        ("5 + g", 2, "'+'"),
        ("mg%", 0, "write mg/dL"),
    ] {
        let error = Unit::parse(text).unwrap_err();
        assert_eq!(error.offset(), Some(offset), "{text}: {error}");
        assert!(error.to_string().contains(part), "{text}: {error}");
    }
    assert_eq!(Unit::parse("  "), Err(UnitError::Empty));
    assert!(message(&"m".repeat(300)).contains("at most 256"));
    assert!(message(&format!("{}m", "(".repeat(100))).contains("nested"));
    assert!(message("((m^99)^99)^99*mg^99").contains("out of range"));
}

#[test]
fn quantities() {
    for (text, value, unit_text) in [
        ("1.01 1/h", 1.01, "1/h"),
        ("10 g/d", 10.0, "g/d"),
        ("10g/d", 10.0, "g/d"),
        ("1e10 CFU/d", 1e10, "CFU/d"),
        ("-3 %", -3.0, "%"),
        ("5", 5.0, "1"),
        ("  2.5e-3   mol ", 2.5e-3, "mol"),
        ("3 1e12 cells", 3.0, "1e12 cells"),
        ("7/d", 7.0, "1/d"),
    ] {
        let quantity = Quantity::parse(text).unwrap();
        assert_eq!(quantity, Quantity::new(value, unit(unit_text)), "{text}");
        assert_eq!(Quantity::parse(&quantity.to_string()).unwrap(), quantity);
    }
    let rate = Quantity::parse("1.01 1/h").unwrap();
    assert_eq!(rate.value_in(&unit("1/d")).unwrap(), 1.01 * 24.0);
    for text in ["", "g", "nan g", "inf", "1e999 g", "--1", "."] {
        assert!(
            matches!(Quantity::parse(text), Err(UnitError::Number { .. })),
            "{text}"
        );
    }
    let error = Quantity::parse("10 g/dya").unwrap_err();
    assert_eq!(error.offset(), Some(5));
    assert!(
        error.to_string().contains("did you mean \"day\"?"),
        "{error}"
    );
}

#[test]
fn powers() {
    let area = unit("cm^2");
    assert_eq!(area.sqrt(), unit("cm"));
    assert_eq!(area.pow(1.5).unwrap(), unit("cm^3"));
    assert_eq!(area.powi(-1), unit("cm^-2"));
    assert_eq!(area.pow(0.0).unwrap(), Unit::dimensionless());
    let third = unit("L").pow(1.0 / 3.0).unwrap();
    assert_eq!(third, unit("dm"));
    assert_eq!(third.dimension().exponent(Base::Length), (1, 1));
    assert!(area.pow(std::f64::consts::PI).is_err());
    assert!(area.pow(f64::NAN).is_err());
    assert!(Unit::dimensionless().pow(std::f64::consts::PI).is_ok());
    let huge = area.powi(i32::MAX);
    assert!(!huge.is_representable());
    assert!(!huge.same_dimension(&huge));
}

#[test]
fn sbml_parts() {
    let parts = unit("pg/mL/h").to_sbml_parts();
    let kinds: Vec<_> = parts.iter().map(|part| part.kind).collect();
    assert_eq!(
        kinds,
        [SbmlKind::Kilogram, SbmlKind::Metre, SbmlKind::Second]
    );
    for (text, _, _) in MEANINGS {
        let unit = unit(text);
        let factor: f64 = unit
            .to_sbml_parts()
            .iter()
            .map(|part| (part.multiplier * 10_f64.powi(part.scale)).powf(part.exponent))
            .product();
        let error = (factor - unit.factor()).abs() / unit.factor();
        assert!(error < 1e-12, "{text}: {factor}");
        for base in Base::ALL {
            let (numerator, denominator) = unit.dimension().exponent(base);
            if base == Base::Time {
                let seconds: f64 = unit
                    .to_sbml_parts()
                    .iter()
                    .filter(|part| part.kind == SbmlKind::Second)
                    .map(|part| part.exponent)
                    .sum();
                assert_eq!(seconds, f64::from(numerator) / f64::from(denominator));
            }
        }
    }
}
