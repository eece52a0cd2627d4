//! A number with its unit.

use std::fmt;

use crate::error::UnitError;
use crate::unit::Unit;

/// A value and the unit it is in, as written in parameter files:
/// `1.01 1/h`, `10 g/d`, `1e10 CFU/d`, `5 %`.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// The value, in `unit`.
    pub value: f64,
    /// The unit.
    pub unit: Unit,
}

impl Quantity {
    /// A value in a unit.
    pub fn new(value: f64, unit: Unit) -> Quantity {
        Quantity { value, unit }
    }

    /// Reads a number and, after it, a unit; a number alone is dimensionless.
    ///
    /// # Errors
    /// No finite number at the start, or what [`Unit::parse`] refuses; offsets
    /// count from the start of `text`.
    pub fn parse(text: &str) -> Result<Quantity, UnitError> {
        let number_error = || UnitError::Number {
            text: text.chars().take(80).collect(),
        };
        let start = text.len() - text.trim_start().len();
        let length = number_length(&text[start..]);
        let (number, rest) = text[start..].split_at(length);
        let value: f64 = number.parse().map_err(|_| number_error())?;
        if !value.is_finite() {
            return Err(number_error());
        }
        let unit = rest.trim();
        if unit.is_empty() {
            return Ok(Quantity::new(value, Unit::dimensionless()));
        }
        let at = start + length + rest.len() - rest.trim_start().len();
        match Unit::parse(unit) {
            Ok(unit) => Ok(Quantity::new(value, unit)),
            Err(error) => Err(error.shifted(text, at)),
        }
    }

    /// The value in another unit.
    ///
    /// # Errors
    /// As [`Unit::convert`].
    pub fn value_in(&self, unit: &Unit) -> Result<f64, UnitError> {
        self.unit.convert(self.value, unit)
    }

    /// The same quantity in another unit.
    ///
    /// # Errors
    /// As [`Unit::convert`].
    pub fn convert(&self, unit: &Unit) -> Result<Quantity, UnitError> {
        Ok(Quantity::new(self.value_in(unit)?, unit.clone()))
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.value.abs();
        if size != 0.0 && !(1e-4..1e7).contains(&size) {
            write!(f, "{:e}", self.value)?;
        } else {
            write!(f, "{}", self.value)?;
        }
        let unit = self.unit.to_string();
        if unit != "1" {
            write!(f, " {unit}")?;
        }
        Ok(())
    }
}

impl std::str::FromStr for Quantity {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Quantity, UnitError> {
        Quantity::parse(text)
    }
}

/// Length in bytes of the decimal number at the start.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at
    };
    let signed = |at: usize| at + usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
    let mut end = digits(signed(0));
    if bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
        end = digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let exponent = signed(end + 1);
        if bytes.get(exponent).is_some_and(u8::is_ascii_digit) {
            end = digits(exponent);
        }
    }
    end
}
