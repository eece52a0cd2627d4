//! The table of unit symbols.

use crate::dimension::{Base, Dimension};
use crate::scale::{Exact, Scale};

/// One unit: its spellings, its exact factor and its dimension.
struct Symbol {
    /// The first spelling is the one suggested and printed.
    spellings: &'static [&'static str],
    prefixable: bool,
    /// Numerator, denominator and power of ten of the factor.
    factor: (u64, u64, i16),
    powers: &'static [(Base, i16)],
}

const fn plain(
    spellings: &'static [&'static str],
    factor: (u64, u64, i16),
    powers: &'static [(Base, i16)],
) -> Symbol {
    Symbol {
        spellings,
        prefixable: false,
        factor,
        powers,
    }
}

const fn metric(
    spellings: &'static [&'static str],
    factor: (u64, u64, i16),
    powers: &'static [(Base, i16)],
) -> Symbol {
    Symbol {
        spellings,
        prefixable: true,
        factor,
        powers,
    }
}

const ONE: (u64, u64, i16) = (1, 1, 0);
const ENERGY: &[(Base, i16)] = &[(Base::Mass, 1), (Base::Length, 2), (Base::Time, -2)];
const PRESSURE: &[(Base, i16)] = &[(Base::Mass, 1), (Base::Length, -1), (Base::Time, -2)];
const POTENTIAL: &[(Base, i16)] = &[
    (Base::Mass, 1),
    (Base::Length, 2),
    (Base::Time, -3),
    (Base::Current, -1),
];
const RESISTANCE: &[(Base, i16)] = &[
    (Base::Mass, 1),
    (Base::Length, 2),
    (Base::Time, -3),
    (Base::Current, -2),
];

const SYMBOLS: &[Symbol] = &[
    // Amounts and concentrations.
    metric(
        &["g", "gDW", "gram", "grams"],
        (1, 1, -3),
        &[(Base::Mass, 1)],
    ),
    plain(&["mcg"], (1, 1, -9), &[(Base::Mass, 1)]),
    // CODATA 2018.
    metric(&["Da"], (166_053_906_660, 1, -38), &[(Base::Mass, 1)]),
    metric(&["mol", "mole", "moles"], ONE, &[(Base::Amount, 1)]),
    metric(&["M"], (1, 1, 3), &[(Base::Amount, 1), (Base::Length, -3)]),
    metric(
        &["L", "l", "litre", "liter", "litres", "liters"],
        (1, 1, -3),
        &[(Base::Length, 3)],
    ),
    metric(&["m", "metre", "meter"], ONE, &[(Base::Length, 1)]),
    // Time.
    metric(&["s"], ONE, &[(Base::Time, 1)]),
    plain(&["sec", "second", "seconds"], ONE, &[(Base::Time, 1)]),
    plain(
        &["min", "minute", "minutes"],
        (60, 1, 0),
        &[(Base::Time, 1)],
    ),
    plain(
        &["h", "hr", "hour", "hours"],
        (3600, 1, 0),
        &[(Base::Time, 1)],
    ),
    plain(&["d", "day", "days"], (86_400, 1, 0), &[(Base::Time, 1)]),
    plain(
        &["wk", "week", "weeks"],
        (604_800, 1, 0),
        &[(Base::Time, 1)],
    ),
    plain(
        &["y", "yr", "year", "years"],
        (31_557_600, 1, 0),
        &[(Base::Time, 1)],
    ),
    // Own dimensions.
    plain(
        &[
            "count", "counts", "item", "items", "lesion", "lesions", "species", "read", "reads",
            "copy", "copies", "serving", "servings", "event", "events",
        ],
        ONE,
        &[(Base::Count, 1)],
    ),
    plain(&["cells", "cell"], ONE, &[(Base::Cells, 1)]),
    plain(&["CFU", "cfu"], ONE, &[(Base::ColonyFormingUnits, 1)]),
    metric(&["EU"], ONE, &[(Base::EndotoxinUnits, 1)]),
    metric(&["IU"], ONE, &[(Base::InternationalUnits, 1)]),
    plain(
        &["score", "scores", "point", "points"],
        ONE,
        &[(Base::Score, 1)],
    ),
    // Dimension one.
    plain(&["%", "percent"], (1, 1, -2), &[]),
    plain(&["‰"], (1, 1, -3), &[]),
    plain(&["ppm"], (1, 1, -6), &[]),
    plain(
        &[
            "dimensionless",
            "pH",
            "ratio",
            "fold",
            "fraction",
            "share",
            "relative",
            "unitless",
        ],
        ONE,
        &[],
    ),
    // Other SI units.
    metric(&["A"], ONE, &[(Base::Current, 1)]),
    metric(&["K", "kelvin"], ONE, &[(Base::Temperature, 1)]),
    metric(&["cd"], ONE, &[(Base::LuminousIntensity, 1)]),
    metric(&["lm"], ONE, &[(Base::LuminousIntensity, 1)]),
    metric(
        &["lx", "lux"],
        ONE,
        &[(Base::LuminousIntensity, 1), (Base::Length, -2)],
    ),
    metric(&["Hz"], ONE, &[(Base::Time, -1)]),
    metric(
        &["N"],
        ONE,
        &[(Base::Mass, 1), (Base::Length, 1), (Base::Time, -2)],
    ),
    metric(&["Pa"], ONE, PRESSURE),
    metric(&["bar"], (1, 1, 5), PRESSURE),
    plain(&["atm"], (101_325, 1, 0), PRESSURE),
    plain(&["mmHg"], (133_322_387_415, 1, -9), PRESSURE),
    metric(&["J"], ONE, ENERGY),
    metric(&["cal"], (4184, 1, -3), ENERGY),
    metric(
        &["W"],
        ONE,
        &[(Base::Mass, 1), (Base::Length, 2), (Base::Time, -3)],
    ),
    metric(&["V"], ONE, POTENTIAL),
    metric(&["ohm", "Ω", "Ω"], ONE, RESISTANCE),
    metric(&["kat"], ONE, &[(Base::Amount, 1), (Base::Time, -1)]),
];

const PREFIXES: &[(&str, i16)] = &[
    ("T", 12),
    ("G", 9),
    ("M", 6),
    ("k", 3),
    ("h", 2),
    ("d", -1),
    ("c", -2),
    ("m", -3),
    ("u", -6),
    ("µ", -6),
    ("μ", -6),
    ("n", -9),
    ("p", -12),
    ("f", -15),
];

/// Words that people write as units and that are none, with what to do.
const REFUSED: &[(&[&str], &str)] = &[
    (
        &["month", "months", "mo"],
        "a month is 28 to 31 days; write days, weeks or years",
    ),
    (
        &["degC", "°C", "C", "celsius", "Celsius", "℃", "°F", "degF"],
        "a temperature scale with an offset is not a factor; write kelvin (37 °C is 310.15 K, and a \
         difference of 1 °C is 1 K)",
    ),
    (
        &["U", "units", "unit"],
        "enzyme units, bioassay units and international units differ; write µmol/min, EU or IU",
    ),
    (
        &["log10", "log", "ln", "log2", "dB"],
        "a logarithm is a scale, not a unit; write \"1\" and take the logarithm in the equation",
    ),
    (
        &[
            "r", "Spearman", "Pearson", "SMD", "SD", "OR", "RR", "HR", "Cohen", "Bray",
        ],
        "a statistic has dimension one; write \"1\" and put the statistic into the name",
    ),
    (&["DW", "dw"], "write dry weight as gDW"),
    (
        &["ppb", "ppt"],
        "billion and trillion differ between languages; write 1e-9 or 1e-12",
    ),
    (
        &["t", "ton", "tonne", "tonnes"],
        "write the tonne as Mg or 1000 kg",
    ),
];

/// What a symbol means.
pub(crate) enum Meaning {
    Unit(Dimension, Scale),
    Refused(&'static str),
    Unknown,
}

pub(crate) fn look_up(symbol: &str) -> Meaning {
    if let Some(entry) = find(symbol) {
        return entry.with_prefix(0);
    }
    if let Some((_, reason)) = REFUSED.iter().find(|(names, _)| names.contains(&symbol)) {
        return Meaning::Refused(reason);
    }
    for (prefix, power) in PREFIXES {
        let Some(entry) = symbol.strip_prefix(prefix).and_then(find) else {
            continue;
        };
        if entry.prefixable {
            return entry.with_prefix(*power);
        }
    }
    Meaning::Unknown
}

fn find(symbol: &str) -> Option<&'static Symbol> {
    SYMBOLS
        .iter()
        .find(|entry| entry.spellings.contains(&symbol))
}

impl Symbol {
    fn with_prefix(&self, power: i16) -> Meaning {
        let (numerator, denominator, own) = self.factor;
        match Exact::new(numerator, denominator, own + power) {
            Some(exact) => Meaning::Unit(
                Dimension::from_powers(self.powers),
                Scale::from_exact(exact),
            ),
            None => Meaning::Unknown,
        }
    }
}

/// The known symbol nearest to one that is not known: equal but for case, else
/// at most two edits away (one edit for symbols of up to three letters).
pub(crate) fn nearest(symbol: &str) -> Option<String> {
    let folded = symbol.to_lowercase();
    let mut best: Option<(usize, String)> = None;
    let mut offer = |candidate: String| {
        let distance = if candidate.to_lowercase() == folded {
            0
        } else {
            strsim::osa_distance(&candidate, symbol)
        };
        if best.as_ref().is_none_or(|(least, _)| distance < *least) {
            best = Some((distance, candidate));
        }
    };
    for spelling in SYMBOLS.iter().flat_map(|entry| entry.spellings) {
        offer((*spelling).to_owned());
    }
    for entry in SYMBOLS.iter().filter(|entry| entry.prefixable) {
        for prefix in ["m", "u", "n", "p", "k", "c"] {
            offer(format!("{prefix}{}", entry.spellings[0]));
        }
    }
    let letters = symbol.chars().count();
    let allowed = match letters {
        0 | 1 => 0,
        2 | 3 => 1,
        _ => 2,
    };
    best.filter(|(distance, _)| *distance <= allowed)
        .map(|(_, candidate)| candidate)
}
