//! Run-time units: parse, check, convert, print.
//!
//! A [`Unit`] is a [`Dimension`] (small rational exponents of the base
//! dimensions) and a factor to the coherent base unit (metre, kilogram,
//! second, ampere, kelvin, mole, candela and, each of its own dimension,
//! count, cell, CFU, EU, IU and score point). Factors are held as exact
//! rationals while they fit, so `1/h` to `1/d` is exactly 24.
//!
//! ```
//! use gutskin_units::Unit;
//! # fn main() -> Result<(), gutskin_units::UnitError> {
//! let per_hour = Unit::parse("1/h")?;
//! let per_day = Unit::parse("1/d")?;
//! assert_eq!(per_hour.convert(1.01, &per_day)?, 1.01 * 24.0);
//! let mismatch = Unit::parse("mg/L")?.convert(1.0, &per_day).unwrap_err();
//! assert_eq!(
//!     mismatch.to_string(),
//!     "cannot convert \"mg/L\" (mass·length⁻³) to \"1/d\" (time⁻¹): the dimensions differ"
//! );
//! # Ok(())
//! # }
//! ```
//!
//! # Grammar
//!
//! ```text
//! unit     = ["/" | "per"] factor { operator factor }
//! operator = "*" | "·" | "×" | "." | blank      multiply
//!          | "/" | "÷" | "per"                  divide by the next factor only
//! factor   = (number | symbol | "(" unit ")") [power]
//! power    = "^" ["-"] integer ["." digits] | "^(" ["-"] integer "/" integer ")"
//!          | superscripts (², ³, ⁻¹) | digits that touch a symbol (m2, s-1)
//! ```
//!
//! * Operators of equal rank are read from left to right: `a/b/c` is
//!   `a/(b·c)`, and `a/b*c` is `(a/b)·c`.
//! * A blank after a division (`a/b c`) is refused, since people mean
//!   `a/(b c)` as often as `(a/b) c`; the message asks for parentheses.
//! * A leading `/` or `per` divides 1: `/d` and `per d` are `1/d`.
//! * Numbers are factors: `1e12 cells`, `10^6 CFU`, `1/d`; they must be
//!   positive.
//!
//! # Symbols
//!
//! A symbol that is in the table as a whole wins; only then is a prefix split
//! off: `min` is the minute, `cd` the candela, `Pa` the pascal, `h` the hour,
//! `d` the day, `M` mol/L, `mM` millimolar, `EU` the endotoxin unit, `pH` not a
//! prefixed henry. Prefixes are `T G M k h d c m µ n p f` (`u`, `µ` U+00B5 and
//! `μ` U+03BC alike), with metric symbols only: never with `d`, `h`, `min`, `%`
//! or a word written out.
//!
//! Decisions that a reader should know:
//!
//! * `gDW` (dry weight) is the gram: dry mass is mass; what it is the mass of
//!   belongs to the quantity's name.
//! * `pH`, `%`, `ppm`, `ratio`, `fold`, `share`, `fraction`, `relative` have
//!   dimension one (`%` with factor 0.01).
//! * `count`, `lesions`, `species`, `reads`, `copies` are the same count.
//! * `score` and `points` are one dimension of their own, so that a clinical
//!   score is never added to a concentration or a count.
//! * `y` is 365.25 d, `wk` 7 d. The month is refused as ambiguous.
//! * Degrees Celsius are refused (an offset is not a factor): write kelvin.
//! * `U` is refused: enzyme units, bioassay units and IU differ.
//! * `kcal` is the thermochemical calorie (4184 J), `mmHg` 133.322387415 Pa.

mod dimension;
mod error;
mod parse;
mod print;
mod quantity;
mod scale;
mod symbols;
mod unit;

pub use dimension::{Base, Dimension};
pub use error::UnitError;
pub use print::{SbmlKind, SbmlPart};
pub use quantity::Quantity;
pub use unit::Unit;
