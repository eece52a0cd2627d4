//! The unit check as a table: expressions in declared units, right ones and wrong ones.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use gutskin_network::{Builder, Expr, ParameterTable, Rule, check};

/// Symbols of a small model: x, y in mmol, mass in g, kilo in kg, r dimensionless, k in 1/d, percent in %.
#[derive(Clone, Copy)]
struct Symbols<'b> {
    x: Expr<'b>,
    y: Expr<'b>,
    g: Expr<'b>,
    kg: Expr<'b>,
    r: Expr<'b>,
    k: Expr<'b>,
    percent: Expr<'b>,
    free: Expr<'b>,
    t: Expr<'b>,
}

/// Messages about the units of a variable declared in `unit`.
fn findings(unit: &str, write: impl for<'b> Fn(Symbols<'b>) -> Expr<'b>) -> Vec<String> {
    let table = ParameterTable::new();
    let m = Builder::new("units", "d", &table);
    let state = |name, unit| m.state(name, unit).typical(1.0).add();
    let s = Symbols {
        x: state("x", "mmol"),
        y: state("y", "mmol"),
        g: state("mass", "g"),
        kg: state("kilo", "kg"),
        r: state("r", "1"),
        k: m.input("k", "1/d", 1.0, ""),
        percent: state("percent", "%"),
        free: m.number("free", 2.0),
        t: m.time(),
    };
    m.variable("v", unit, write(s), "");
    let report = check(&m.finish().unwrap());
    report
        .findings
        .iter()
        .filter(|f| f.rule == Rule::Units)
        .map(|f| format!("{}: {}", f.place, f.message))
        .collect()
}

macro_rules! good {
    ($($unit:literal: $s:ident => $e:expr;)*) => {
        $(assert_eq!(findings($unit, |$s| $e), Vec::<String>::new(), "{}", stringify!($e));)*
    };
}

macro_rules! bad {
    ($($unit:literal: $s:ident => $e:expr, [$($part:literal),*];)*) => {
        $({
            let found = findings($unit, |$s| $e);
            assert_eq!(found.len(), 1, "{}: {found:?}", stringify!($e));
            $(assert!(found[0].contains($part), "{} is to say {:?}: {}", stringify!($e), $part, found[0]);)*
        })*
    };
}

#[test]
fn consistent_expressions_stay_quiet() {
    good! {
        "mmol": s => s.x + s.y;
        "mmol": s => s.x - s.y * s.r;
        "mmol": s => s.x.max(0.0);
        "mmol": s => 0.0 - s.x;
        "mmol": s => s.x.min(s.y);
        "mmol/d": s => s.k * s.x;
        "1": s => (s.k * s.t).sin();
        "1": s => (s.x / s.y).exp() + (s.x / s.y).ln();
        "mmol^2": s => s.x.pow(2.0);
        "mmol^0.5": s => s.x.sqrt();
        "mmol": s => (s.x * s.y).sqrt();
        "1/mmol": s => s.x.pow(-1.0);
        "1": s => (s.x / s.y).pow(s.r);
        "1": s => s.x.if_less(s.y, 1.0, s.r);
        "mmol": s => s.r.if_less(1.0, s.x, 0.0);
        "mmol": s => s.x.smooth_plus(s.y);
        "mmol": s => s.x.smooth_plus_zero(s.y);
        "mmol^2": s => s.x.smooth_pow(2.0, s.y);
        "1": s => (s.x / s.y).smooth_pow(s.r, 0.01);
        "1": s => s.r.logistic() + s.r.softplus();
        "mmol": s => s.x.soft_clip(s.y, s.y * 2.0);
        "mmol": s => s.x.soft_cap(s.y);
        "1": s => s.r.bounded(3.0);
        "1": s => s.r.ph_window([s.r, s.r + 1.0, s.r + 2.0, s.r + 3.0]);
        // A symbol without a unit fits everywhere.
        "mmol": s => s.free + s.x;
        "score": s => s.free * s.x;
        "1": s => (s.free * s.x).exp();
        "g": s => s.g;
        "%": s => s.percent + s.percent;
        "d": s => s.t;
    }
}

#[test]
fn inconsistent_expressions_name_both_sides() {
    bad! {
        "mmol": s => s.x + s.g, ["in \"x + mass\"", "\"x\" is in \"mmol\" (amount)", "\"mass\" is \"g\" (mass)", "dimensions differ"];
        "g": s => s.g - s.kg, ["factor of 0.001 apart"];
        "mmol": s => s.x + 1.0, ["\"1\" is \"1\" (dimensionless)"];
        "1": s => s.x.exp(), ["in \"exp(x)\"", "argument \"x\" is in \"mmol\""];
        "1": s => s.percent.exp(), ["argument \"percent\" is in \"%\""];
        "1": s => s.k.ln(), ["\"1/d\" (time⁻¹)"];
        "1": s => s.t.sin(), ["\"d\" (time)"];
        "1": s => s.x.tanh(), ["plain number"];
        "1": s => s.x.logistic(), ["plain number"];
        "1": s => s.x.softplus(), ["plain number"];
        "mmol": s => s.x.pow(s.r), ["exponent \"r\" is not a literal"];
        "1": s => s.r.pow(s.x), ["exponent \"x\" is in \"mmol\""];
        "mmol": s => s.x.min(s.k), ["\"x\"", "\"k\""];
        "1": s => s.x.if_less(s.k, 1.0, 2.0), ["\"x\"", "\"k\""];
        "mmol": s => s.r.if_less(1.0, s.x, s.k), ["\"x\"", "\"k\""];
        "mmol": s => s.x.smooth_plus(1e-3), ["\"1e-3\" is \"1\""];
        "mmol": s => s.x.soft_clip(s.y, s.k), ["\"k\""];
        "mmol": s => s.x.soft_cap(s.r), ["\"r\""];
        "1": s => s.x.bounded(3.0), ["\"3\""];
        "1": s => s.r.ph_window([s.r, s.r, s.x, s.r]), ["\"x\""];
        "mmol": s => s.x.smooth_pow(s.r, s.y), ["not a literal"];
        "mmol": s => s.x * s.k, ["variable v", "the declared unit is \"mmol\""];
        "mg": s => s.g, ["factor of 1000 apart"];
        "1": s => s.x.pow(1.0 / 3.0), ["variable v"];
    }
}

#[test]
fn one_mistake_gives_one_finding() {
    let found = findings("mmol", |s| ((s.x + s.g) * s.r + s.y) / s.r);
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn equations_of_states_processes_and_observables() {
    let table = ParameterTable::new();
    let m = Builder::new("units", "d", &table);
    let (k, a) = (m.input("k", "1/d", 1.0, ""), m.input("a", "mmol", 1.0, ""));
    let x = m.state("x", "mmol").initial(3.0).add();
    let y = m.state("y", "g").initial(a * 2.0).add();
    m.rate(x, -x);
    m.process("p", "mmol/h", k * x)
        .uses(x, 1.0)
        .makes(y, 1.0)
        .add();
    m.observe("o", "g", x, "");
    let report = check(&m.finish().unwrap());
    let places: Vec<&str> = report
        .findings
        .iter()
        .filter(|f| f.rule == Rule::Units)
        .map(|f| f.place.as_str())
        .collect();
    assert_eq!(
        places,
        [
            "rate of x",
            "rate of process p",
            "rate of y",
            "initial value of y",
            "observable o",
            "process p",
        ]
    );
}
