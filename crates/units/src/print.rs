//! Canonical text and SBML parts of a unit.
//!
//! Both come from one decomposition: customary units (d, g, mmol, L …) whose
//! factors multiply to the unit's own, or else a coefficient and coherent base
//! units.

use std::fmt::Write;

use crate::dimension::{Base, Dimension};
use crate::scale::{Exact, Scale};
use crate::unit::Unit;

/// Base units of SBML that this crate uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SbmlKind {
    /// `metre`
    Metre,
    /// `kilogram`
    Kilogram,
    /// `second`
    Second,
    /// `ampere`
    Ampere,
    /// `kelvin`
    Kelvin,
    /// `mole`
    Mole,
    /// `candela`
    Candela,
    /// `item`
    Item,
    /// `dimensionless`
    Dimensionless,
}

impl SbmlKind {
    /// The value of the `kind` attribute.
    pub fn as_str(self) -> &'static str {
        match self {
            SbmlKind::Metre => "metre",
            SbmlKind::Kilogram => "kilogram",
            SbmlKind::Second => "second",
            SbmlKind::Ampere => "ampere",
            SbmlKind::Kelvin => "kelvin",
            SbmlKind::Mole => "mole",
            SbmlKind::Candela => "candela",
            SbmlKind::Item => "item",
            SbmlKind::Dimensionless => "dimensionless",
        }
    }
}

/// One `unit` element of an SBML `unitDefinition`: it stands for
/// `(multiplier · 10^scale · kind)^exponent`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SbmlPart {
    /// The base unit.
    pub kind: SbmlKind,
    /// The exponent; fractions are allowed in Level 3.
    pub exponent: f64,
    /// The power of ten.
    pub scale: i32,
    /// The factor.
    pub multiplier: f64,
}

/// A customary unit of one base dimension (or of its cube, for volumes).
#[derive(Clone, Copy)]
struct Customary {
    symbol: &'static str,
    /// Power of the base dimension that the symbol stands for.
    power: i32,
    /// Power of ten of the whole symbol's factor.
    ten: i32,
    /// Factor besides the power of ten (time only).
    seconds: u64,
    cost: u32,
}

const fn decimal(symbol: &'static str, power: i32, ten: i32, cost: u32) -> Customary {
    Customary {
        symbol,
        power,
        ten,
        seconds: 1,
        cost,
    }
}

const fn clock(symbol: &'static str, seconds: u64, cost: u32) -> Customary {
    Customary {
        symbol,
        power: 1,
        ten: 0,
        seconds,
        cost,
    }
}

const TIMES: &[Customary] = &[
    clock("d", 86_400, 0),
    clock("h", 3_600, 1),
    clock("min", 60, 2),
    clock("s", 1, 2),
    clock("wk", 604_800, 2),
    clock("y", 31_557_600, 3),
];
const MASSES: &[Customary] = &[
    decimal("g", 1, -3, 0),
    decimal("kg", 1, 0, 1),
    decimal("mg", 1, -6, 1),
    decimal("µg", 1, -9, 2),
    decimal("ng", 1, -12, 3),
    decimal("pg", 1, -15, 4),
];
const AMOUNTS: &[Customary] = &[
    decimal("mmol", 1, -3, 0),
    decimal("mol", 1, 0, 1),
    decimal("µmol", 1, -6, 1),
    decimal("nmol", 1, -9, 2),
    decimal("pmol", 1, -12, 3),
];
const LENGTHS: &[Customary] = &[
    decimal("m", 1, 0, 0),
    decimal("cm", 1, -2, 1),
    decimal("mm", 1, -3, 1),
    decimal("µm", 1, -6, 2),
];
const VOLUMES: &[Customary] = &[
    decimal("L", 3, -3, 0),
    decimal("mL", 3, -6, 1),
    decimal("m", 1, 0, 2),
    decimal("µL", 3, -9, 3),
];

/// One symbol of the decomposition with its exponent.
struct Piece {
    base: Base,
    unit: Customary,
    numerator: i32,
    denominator: i32,
}

struct Decomposition {
    coefficient: Scale,
    pieces: Vec<Piece>,
}

fn coherent(base: Base) -> Customary {
    let symbol = match base {
        Base::Count => "count",
        Base::Cells => "cells",
        Base::ColonyFormingUnits => "CFU",
        Base::EndotoxinUnits => "EU",
        Base::InternationalUnits => "IU",
        Base::Score => "score",
        Base::Length => "m",
        Base::Mass => "kg",
        Base::Amount => "mol",
        Base::Current => "A",
        Base::Temperature => "K",
        Base::LuminousIntensity => "cd",
        Base::Time => "s",
    };
    decimal(symbol, 1, 0, 0)
}

fn pieces_of(dimension: Dimension, choose: impl Fn(Base) -> Customary) -> Vec<Piece> {
    Base::ALL
        .into_iter()
        .filter_map(|base| {
            let (numerator, denominator) = dimension.exponent(base);
            let unit = choose(base);
            (numerator != 0).then_some(Piece {
                base,
                unit,
                numerator: numerator / unit.power,
                denominator,
            })
        })
        .collect()
}

fn decompose(unit: &Unit) -> Decomposition {
    customary(unit).unwrap_or_else(|| Decomposition {
        coefficient: unit.scale,
        pieces: pieces_of(unit.dimension, coherent),
    })
}

/// The cheapest product of customary units with exactly this factor.
fn customary(unit: &Unit) -> Option<Decomposition> {
    let exact = printable(&unit.scale)?;
    let whole = Base::ALL
        .iter()
        .all(|base| unit.dimension.exponent(*base).1 == 1);
    if !whole {
        return None;
    }
    let exponent = |base| unit.dimension.exponent(base).0;
    let lengths = if exponent(Base::Length).abs() == 3 {
        VOLUMES
    } else {
        LENGTHS
    };
    let options = |base, table: &'static [Customary]| {
        let needed = exponent(base) != 0;
        if needed { table } else { &table[..1] }
    };
    let shift = |base, choice: &Customary| match exponent(base) {
        0 => 0,
        power => choice.ten * (power / choice.power),
    };
    let mut best: Option<(u32, [Customary; 4])> = None;
    for time in options(Base::Time, TIMES) {
        let Some(ten) = without_time(exact, time.seconds, exponent(Base::Time)) else {
            continue;
        };
        for mass in options(Base::Mass, MASSES) {
            for amount in options(Base::Amount, AMOUNTS) {
                for length in options(Base::Length, lengths) {
                    let total = shift(Base::Mass, mass)
                        + shift(Base::Amount, amount)
                        + shift(Base::Length, length);
                    let cost = time.cost + mass.cost + amount.cost + length.cost;
                    if total == ten && best.as_ref().is_none_or(|(least, _)| cost < *least) {
                        best = Some((cost, [*time, *mass, *amount, *length]));
                    }
                }
            }
        }
    }
    let (_, [time, mass, amount, length]) = best?;
    let choose = |base| match base {
        Base::Time => time,
        Base::Mass => mass,
        Base::Amount => amount,
        Base::Length => length,
        other => coherent(other),
    };
    Some(Decomposition {
        coefficient: Scale::ONE,
        pieces: pieces_of(unit.dimension, choose),
    })
}

/// The power of ten that is left when the time unit's factor is taken out.
fn without_time(exact: Exact, seconds: u64, exponent: i32) -> Option<i32> {
    let time = Scale::from_exact(Exact::new(seconds, 1, 0)?).pow(exponent, 1);
    let rest = Scale::from_exact(exact).div(&time).exact?;
    rest.power_of_ten().map(i32::from)
}

pub(crate) fn canonical(unit: &Unit) -> String {
    if unit.dimension.is_one() && printable(&unit.scale) == Exact::new(1, 1, -2) {
        return "%".to_owned();
    }
    let parts = decompose(unit);
    let mut above = Vec::new();
    let mut below = Vec::new();
    let (numerator, denominator) = coefficient_text(&parts.coefficient);
    above.extend(numerator);
    below.extend(denominator);
    for piece in &parts.pieces {
        let list = if piece.numerator > 0 {
            &mut above
        } else {
            &mut below
        };
        let mut text = piece.unit.symbol.to_owned();
        // Writing to a String cannot fail.
        let _ = match (piece.numerator.abs(), piece.denominator) {
            (1, 1) => Ok(()),
            (n, 1) => write!(text, "^{n}"),
            (n, d) => write!(text, "^({n}/{d})"),
        };
        list.push(text);
    }
    if above.is_empty() {
        above.push("1".to_owned());
    }
    let above = above.join("*");
    match below.as_slice() {
        [] => above,
        [one] => format!("{above}/{one}"),
        many => format!("{above}/({})", many.join("*")),
    }
}

/// The rational that a factor prints as: its own, or that of its shortest
/// decimal text, where these have at most 15 digits.
fn printable(scale: &Scale) -> Option<Exact> {
    scale
        .exact
        .filter(|exact| exact.decimal().is_some())
        .or_else(|| Exact::from_decimal(&format!("{:e}", scale.value)))
}

/// Decimal texts of numerator and denominator, `None` where they are 1.
fn coefficient_text(scale: &Scale) -> (Option<String>, Option<String>) {
    let parts = printable(scale).and_then(|exact| Some((exact, exact.decimal()?)));
    let Some((exact, (whole, ten))) = parts else {
        return (Some(format!("{:e}", scale.value)), None);
    };
    let numerator = match (whole, ten) {
        (1, 0) => None,
        (_, 0) => Some(whole.to_string()),
        _ => Some(format!("{whole}e{ten}")),
    };
    let denominator = (exact.denominator != 1).then(|| exact.denominator.to_string());
    (numerator, denominator)
}

pub(crate) fn sbml_parts(unit: &Unit) -> Vec<SbmlPart> {
    let decomposition = decompose(unit);
    let mut parts = Vec::new();
    if decomposition.pieces.is_empty() || decomposition.coefficient.exact != Some(Exact::ONE) {
        parts.push(SbmlPart {
            kind: SbmlKind::Dimensionless,
            exponent: 1.0,
            scale: 0,
            multiplier: decomposition.coefficient.value,
        });
    }
    parts.extend(decomposition.pieces.iter().map(|piece| SbmlPart {
        kind: kind(piece.base),
        exponent: f64::from(piece.numerator * piece.unit.power) / f64::from(piece.denominator),
        scale: piece.unit.ten / piece.unit.power,
        multiplier: piece.unit.seconds as f64,
    }));
    parts
}

fn kind(base: Base) -> SbmlKind {
    match base {
        Base::Length => SbmlKind::Metre,
        Base::Mass => SbmlKind::Kilogram,
        Base::Amount => SbmlKind::Mole,
        Base::Current => SbmlKind::Ampere,
        Base::Temperature => SbmlKind::Kelvin,
        Base::LuminousIntensity => SbmlKind::Candela,
        Base::Time => SbmlKind::Second,
        Base::Count
        | Base::Cells
        | Base::ColonyFormingUnits
        | Base::EndotoxinUnits
        | Base::InternationalUnits
        | Base::Score => SbmlKind::Item,
    }
}
