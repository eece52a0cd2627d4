//! The unit itself: arithmetic, comparison, conversion.

use std::fmt;
use std::sync::Arc;

use crate::dimension::Dimension;
use crate::error::UnitError;
use crate::scale::Scale;
use crate::{parse, print};

/// A unit of measurement, cheap to clone and to compare.
///
/// A unit that comes from [`Unit::parse`] keeps the text that was written and
/// prints it; a computed unit prints a canonical text that parses back to an
/// equal unit.
///
/// Two units are equal when their dimensions are equal and their factors agree
/// within 1e-9 relative; the text plays no part.
#[derive(Clone)]
pub struct Unit {
    pub(crate) dimension: Dimension,
    pub(crate) scale: Scale,
    text: Option<Arc<str>>,
}

/// Largest denominator of a rational exponent.
const LARGEST_DENOMINATOR: u16 = 1000;

impl Unit {
    /// Reads a unit; see the crate's documentation for the grammar.
    ///
    /// # Errors
    /// Empty text, unknown or refused symbols (with a suggestion), text that
    /// the grammar does not accept, exponents or factors out of range.
    pub fn parse(text: &str) -> Result<Unit, UnitError> {
        let trimmed = text.trim();
        let (dimension, scale) = parse::parse(trimmed)?;
        Ok(Unit {
            dimension,
            scale,
            text: Some(trimmed.into()),
        })
    }

    /// The unit of a pure number.
    pub fn dimensionless() -> Unit {
        Unit::from_parts(Dimension::ONE, Scale::ONE)
    }

    fn from_parts(dimension: Dimension, scale: Scale) -> Unit {
        Unit {
            dimension,
            scale,
            text: None,
        }
    }

    /// The product of two units. Exponents out of range give a unit that is
    /// [not representable](Unit::is_representable).
    #[must_use]
    pub fn mul(&self, other: &Unit) -> Unit {
        if other.is_exactly_one() {
            return self.clone();
        }
        if self.is_exactly_one() {
            return other.clone();
        }
        Unit::from_parts(
            self.dimension.mul(&other.dimension),
            self.scale.mul(&other.scale),
        )
    }

    /// The quotient of two units.
    #[must_use]
    pub fn div(&self, other: &Unit) -> Unit {
        if other.is_exactly_one() {
            return self.clone();
        }
        Unit::from_parts(
            self.dimension.div(&other.dimension),
            self.scale.div(&other.scale),
        )
    }

    /// A whole power.
    #[must_use]
    pub fn powi(&self, power: i32) -> Unit {
        self.rational_power(power, 1)
    }

    /// The square root.
    #[must_use]
    pub fn sqrt(&self) -> Unit {
        self.rational_power(1, 2)
    }

    /// A power whose exponent is a rational p/q with q ≤ 1000; any finite
    /// exponent when the unit is dimensionless with factor 1.
    ///
    /// # Errors
    /// The exponent is not finite or not such a rational, or the result is out
    /// of range.
    pub fn pow(&self, exponent: f64) -> Result<Unit, UnitError> {
        let refuse = |reason| UnitError::Power {
            unit: self.to_string(),
            exponent,
            reason,
        };
        if !exponent.is_finite() {
            return Err(refuse("the exponent is not finite"));
        }
        if self.is_exactly_one() {
            return Ok(self.clone());
        }
        let (numerator, denominator) = rational(exponent).ok_or_else(|| {
            refuse(
                "the exponent is not a ratio of small whole numbers; divide the base by a reference \
                 value first, so that it has dimension one",
            )
        })?;
        let result = self.rational_power(numerator, denominator);
        if !result.is_representable() {
            return Err(refuse("the result is out of range"));
        }
        Ok(result)
    }

    fn rational_power(&self, numerator: i32, denominator: u16) -> Unit {
        if (numerator, denominator) == (1, 1) {
            return self.clone();
        }
        Unit::from_parts(
            self.dimension.pow(numerator, denominator),
            self.scale.pow(numerator, denominator),
        )
    }

    /// The dimension.
    pub fn dimension(&self) -> Dimension {
        self.dimension
    }

    /// The factor to the coherent base unit: `value · factor` is the value in
    /// metres, kilograms, seconds and so on.
    pub fn factor(&self) -> f64 {
        self.scale.value
    }

    /// The text that was parsed, or `None` for a computed unit.
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// Whether the dimension is one and the factor is 1, so that a value in
    /// this unit is a plain number. A percentage is not.
    pub fn is_dimensionless(&self) -> bool {
        self.dimension.is_one() && self.scale.same(&Scale::ONE)
    }

    /// Whether exponents and factor stayed within range.
    pub fn is_representable(&self) -> bool {
        self.dimension.is_representable() && self.scale.is_usable()
    }

    /// Whether the dimensions are equal (a conversion exists).
    pub fn same_dimension(&self, other: &Unit) -> bool {
        self.dimension == other.dimension && self.dimension.is_representable()
    }

    /// Whether dimension and factor are equal (no conversion is needed).
    pub fn same(&self, other: &Unit) -> bool {
        self.same_dimension(other) && self.scale.same(&other.scale)
    }

    /// Checks that this unit is `expected`, dimension and factor.
    ///
    /// # Errors
    /// [`UnitError::Mismatch`] or [`UnitError::FactorMismatch`], naming both.
    pub fn require_same(&self, expected: &Unit) -> Result<(), UnitError> {
        self.require_same_dimension(expected)?;
        if self.scale.same(&expected.scale) {
            return Ok(());
        }
        Err(UnitError::FactorMismatch {
            found: self.to_string(),
            expected: expected.to_string(),
            dimension: self.dimension.to_string(),
            ratio: self.scale.div(&expected.scale).value,
        })
    }

    /// Checks that this unit has the dimension of `expected`.
    ///
    /// # Errors
    /// [`UnitError::Mismatch`], naming both.
    pub fn require_same_dimension(&self, expected: &Unit) -> Result<(), UnitError> {
        if self.same_dimension(expected) {
            return Ok(());
        }
        Err(UnitError::Mismatch {
            from: self.to_string(),
            from_dimension: self.dimension.to_string(),
            to: expected.to_string(),
            to_dimension: expected.dimension.to_string(),
        })
    }

    /// Converts a value in this unit to another unit. The ratio of the factors
    /// is an exact rational where both are, so `1/h` to `1/d` multiplies by
    /// exactly 24.
    ///
    /// # Errors
    /// [`UnitError::Mismatch`] when the dimensions differ;
    /// [`UnitError::OutOfRange`] when a factor is zero or infinite.
    pub fn convert(&self, value: f64, to: &Unit) -> Result<f64, UnitError> {
        self.require_same_dimension(to)?;
        for unit in [self, to] {
            if !unit.is_representable() {
                return Err(UnitError::OutOfRange {
                    text: unit.to_string(),
                });
            }
        }
        Ok(self.scale.div(&to.scale).apply(value))
    }

    fn is_exactly_one(&self) -> bool {
        self.dimension.is_one() && self.scale.exact == Scale::ONE.exact
    }

    /// The canonical text, whatever was written: it parses back to an equal
    /// unit.
    pub fn canonical(&self) -> String {
        print::canonical(self)
    }

    /// Factors of an SBML `unitDefinition` (Level 3): the product of
    /// `(multiplier · 10^scale · kind)^exponent` over the parts. The own
    /// dimensions of this crate (count, cells, CFU, EU, IU, score) become
    /// `item`.
    pub fn to_sbml_parts(&self) -> Vec<print::SbmlPart> {
        print::sbml_parts(self)
    }
}

impl PartialEq for Unit {
    fn eq(&self, other: &Unit) -> bool {
        self.same(other)
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.text {
            Some(text) => f.pad(text),
            None => f.pad(&self.canonical()),
        }
    }
}

impl fmt::Debug for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Unit({self}: {:e} × {})",
            self.scale.value, self.dimension
        )
    }
}

impl std::str::FromStr for Unit {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Unit, UnitError> {
        Unit::parse(text)
    }
}

/// The rational with the smallest denominator that a finite exponent stands
/// for, by continued fractions.
pub(crate) fn rational(exponent: f64) -> Option<(i32, u16)> {
    if exponent.abs() > 1e6 {
        return None;
    }
    let (mut previous, mut current) = ((0_i64, 1_i64), (1_i64, 0_i64));
    let mut rest = exponent;
    loop {
        let whole = rest.floor();
        if whole.abs() > 1e9 {
            return None;
        }
        let next = (
            whole as i64 * current.0 + previous.0,
            whole as i64 * current.1 + previous.1,
        );
        if next.1 > i64::from(LARGEST_DENOMINATOR) {
            return None;
        }
        let candidate = next.0 as f64 / next.1 as f64;
        if (candidate - exponent).abs() <= 1e-12 * exponent.abs().max(1.0) {
            return Some((i32::try_from(next.0).ok()?, u16::try_from(next.1).ok()?));
        }
        (previous, current) = (current, next);
        rest = 1.0 / (rest - whole);
    }
}
