//! Dimensions: rational exponents of the base dimensions.

use std::fmt;

/// The base dimensions, in the order in which they print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Base {
    /// Number of things that can be counted (lesions, species, reads).
    Count,
    /// Number of cells.
    Cells,
    /// Colony-forming units.
    ColonyFormingUnits,
    /// Endotoxin units.
    EndotoxinUnits,
    /// International units of biological activity.
    InternationalUnits,
    /// Points of a clinical score.
    Score,
    /// Mass, coherent unit kilogram.
    Mass,
    /// Amount of substance, coherent unit mole.
    Amount,
    /// Length, coherent unit metre.
    Length,
    /// Electric current, coherent unit ampere.
    Current,
    /// Thermodynamic temperature, coherent unit kelvin.
    Temperature,
    /// Luminous intensity, coherent unit candela.
    LuminousIntensity,
    /// Time, coherent unit second.
    Time,
}

impl Base {
    /// Number of base dimensions.
    pub const COUNT: usize = 13;

    /// All base dimensions, in the order in which they print.
    pub const ALL: [Base; Base::COUNT] = [
        Base::Count,
        Base::Cells,
        Base::ColonyFormingUnits,
        Base::EndotoxinUnits,
        Base::InternationalUnits,
        Base::Score,
        Base::Mass,
        Base::Amount,
        Base::Length,
        Base::Current,
        Base::Temperature,
        Base::LuminousIntensity,
        Base::Time,
    ];

    /// Name of the dimension, as used in messages.
    pub fn name(self) -> &'static str {
        match self {
            Base::Count => "count",
            Base::Cells => "cells",
            Base::ColonyFormingUnits => "CFU",
            Base::EndotoxinUnits => "EU",
            Base::InternationalUnits => "IU",
            Base::Score => "score",
            Base::Length => "length",
            Base::Mass => "mass",
            Base::Amount => "amount",
            Base::Current => "current",
            Base::Temperature => "temperature",
            Base::LuminousIntensity => "luminous intensity",
            Base::Time => "time",
        }
    }
}

/// Exponents of the base dimensions: rationals with one common denominator,
/// always in lowest terms, so that equality is comparison of a few bytes.
///
/// An exponent that leaves the range of `i16` makes the whole dimension
/// unrepresentable (denominator 0); such a dimension equals no other one in
/// [`crate::Unit::same_dimension`] and converts to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dimension {
    numerators: [i16; Base::COUNT],
    denominator: u16,
}

impl Dimension {
    /// The dimension of a pure number.
    pub const ONE: Dimension = Dimension {
        numerators: [0; Base::COUNT],
        denominator: 1,
    };

    const UNREPRESENTABLE: Dimension = Dimension {
        numerators: [0; Base::COUNT],
        denominator: 0,
    };

    pub(crate) fn from_powers(powers: &[(Base, i16)]) -> Dimension {
        let mut dimension = Dimension::ONE;
        for &(base, power) in powers {
            dimension.numerators[base as usize] = power;
        }
        dimension
    }

    /// Whether all exponents are zero.
    pub fn is_one(&self) -> bool {
        *self == Dimension::ONE
    }

    /// Whether the exponents stayed within range.
    pub fn is_representable(&self) -> bool {
        self.denominator != 0
    }

    /// Exponent of one base dimension as numerator and denominator, in lowest
    /// terms; (0, 0) when the dimension is unrepresentable.
    pub fn exponent(&self, base: Base) -> (i32, i32) {
        let numerator = i32::from(self.numerators[base as usize]);
        let denominator = i32::from(self.denominator);
        let divisor = greatest_common_divisor(
            u64::from(numerator.unsigned_abs()),
            u64::from(self.denominator),
        )
        .max(1) as i32;
        (numerator / divisor, denominator / divisor)
    }

    pub(crate) fn mul(&self, other: &Dimension) -> Dimension {
        self.combine(other, 1)
    }

    pub(crate) fn div(&self, other: &Dimension) -> Dimension {
        self.combine(other, -1)
    }

    fn combine(&self, other: &Dimension, sign: i64) -> Dimension {
        if !self.is_representable() || !other.is_representable() {
            return Dimension::UNREPRESENTABLE;
        }
        let (a, b) = (i64::from(self.denominator), i64::from(other.denominator));
        let numerators = std::array::from_fn(|i| {
            i64::from(self.numerators[i]) * b + sign * i64::from(other.numerators[i]) * a
        });
        Dimension::reduced(numerators, a * b)
    }

    pub(crate) fn pow(&self, numerator: i32, denominator: u16) -> Dimension {
        if !self.is_representable() || denominator == 0 {
            return Dimension::UNREPRESENTABLE;
        }
        let numerators = self.numerators.map(|n| i64::from(n) * i64::from(numerator));
        Dimension::reduced(
            numerators,
            i64::from(self.denominator) * i64::from(denominator),
        )
    }

    fn reduced(numerators: [i64; Base::COUNT], denominator: i64) -> Dimension {
        let divisor = numerators
            .iter()
            .fold(denominator.unsigned_abs(), |divisor, n| {
                greatest_common_divisor(n.unsigned_abs(), divisor)
            })
            .max(1) as i64;
        let mut dimension = Dimension::ONE;
        for (target, numerator) in dimension.numerators.iter_mut().zip(numerators) {
            let Ok(value) = i16::try_from(numerator / divisor) else {
                return Dimension::UNREPRESENTABLE;
            };
            *target = value;
        }
        let Ok(denominator) = u16::try_from(denominator / divisor) else {
            return Dimension::UNREPRESENTABLE;
        };
        dimension.denominator = denominator;
        dimension
    }
}

impl fmt::Display for Dimension {
    /// Writes for example `mass·length⁻³·time⁻¹`, or `dimensionless`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_representable() {
            return f.write_str("exponents out of range");
        }
        if self.is_one() {
            return f.write_str("dimensionless");
        }
        let mut separator = "";
        for base in Base::ALL {
            let (numerator, denominator) = self.exponent(base);
            if numerator == 0 {
                continue;
            }
            write!(f, "{separator}{}", base.name())?;
            separator = "·";
            match (numerator, denominator) {
                (1, 1) => {}
                (n, 1) => write_superscript(f, n)?,
                (n, d) => write!(f, "^({n}/{d})")?,
            }
        }
        Ok(())
    }
}

fn write_superscript(f: &mut fmt::Formatter<'_>, value: i32) -> fmt::Result {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    use fmt::Write;
    for byte in value.to_string().bytes() {
        match byte {
            b'-' => f.write_char('⁻')?,
            digit => f.write_char(DIGITS[usize::from(digit - b'0') % 10])?,
        }
    }
    Ok(())
}

pub(crate) fn greatest_common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
