//! Changes to parameters, priors, switches, inputs and catalogue rows, from `--set` or a file, without a compiler.
//!
//! | written | changes |
//! |---|---|
//! | `gut.loss=0.5 1/h` | a parameter; the unit may be left away where it is 1, and where lists show the only one there is (parameters of a catalogue's tables and of models read from files) |
//! | `gut.loss.spread=lognormal(sd_ln=0.3)` | its spread: `fixed`, `normal(sd=…)`, `lognormal(sd_ln=…)` or `(cv=…)`, `uniform(low=…, high=…)`, `log_uniform(…)`, `truncated_normal(sd=…, low=…, high=…)` |
//! | `link.leak-to-tone=off` | a switch: `on`, `off`, `true`, `false`, `1`, `0` |
//! | `input.feed=2 mmol/d` | the default of an input |
//! | `catalogue.foods.oats.fructans_g=3` | a row of a table, by the catalogue's own [`Rows`] |
//!
//! A file says the same in TOML (see [`read_toml`]), in the sections `[parameters]`, `[priors]` (the spread of a parameter), `[switches]`,
//! `[inputs]` and `[catalogue]`; dotted names may be written as nested tables. Parameters are changed in the
//! [`ParameterTable`](crate::ParameterTable) before a model is built ([`apply_to_table`]), the rest in the network ([`apply_to_network`]). A
//! changed parameter is marked as assumed and names `override` as its source.

mod apply;
mod file;
mod spread;

pub use apply::{NoRows, Rows, apply_to_network, apply_to_table};
pub use file::{read_sections, read_toml};

use gutskin_units::{Quantity, Unit};
use std::ops::Range;
use thiserror::Error;

/// Source key of overridden parameters.
pub const SOURCE: &str = "override";

/// Why a change cannot be made.
#[derive(Clone, Debug, Error, PartialEq)]
#[error("{origin}: {message}")]
pub struct OverrideError {
    /// Where the change was asked for: `--set NAME=VALUE`, or file, line and key.
    pub origin: String,
    /// The bytes of the file that ask for it, where a file does.
    pub span: Option<Range<usize>>,
    /// What was found, what was expected, what to do.
    pub message: String,
}

/// One change asked for; what its text means depends on what the name names.
#[derive(Clone, Debug, PartialEq)]
pub struct Override {
    /// Full name of what is changed.
    pub name: String,
    /// The new value as written.
    pub value: String,
    /// Where it was asked for, for messages.
    pub origin: String,
    /// The bytes of the file that ask for it, where a file does.
    pub span: Option<Range<usize>>,
}

impl Override {
    /// Reads the argument of `--set`: `name=value`.
    ///
    /// # Errors
    /// No `=`, no name or no value.
    pub fn parse(text: &str) -> Result<Override, OverrideError> {
        let origin = format!("--set {text}");
        let error = |message: &str| OverrideError {
            origin: origin.clone(),
            span: None,
            message: message.to_owned(),
        };
        let (name, value) = text.split_once('=').ok_or_else(|| {
            error("expected NAME=VALUE, such as colon.transit_time=30 h; found no \"=\"")
        })?;
        let (name, value) = (name.trim(), value.trim());
        if name.is_empty() {
            return Err(error("expected a name before \"=\""));
        }
        if value.is_empty() {
            return Err(error("expected a value after \"=\""));
        }
        Ok(Override {
            name: name.to_owned(),
            value: value.to_owned(),
            origin,
            span: None,
        })
    }

    fn error(&self, message: impl Into<String>) -> OverrideError {
        OverrideError {
            origin: self.origin.clone(),
            span: self.span.clone(),
            message: message.into(),
        }
    }

    /// The parameter whose spread is changed, where one is.
    fn spread_of(&self) -> Option<&str> {
        self.name.strip_suffix(".spread")
    }

    /// The value as a number in `unit`.
    fn number(&self, unit: Option<&Unit>, bare: Bare) -> Result<f64, OverrideError> {
        number(&self.value, unit, bare).map_err(|m| self.error(format!("\"{}\": {m}", self.name)))
    }

    /// The value as on or off.
    fn switch(&self) -> Result<bool, OverrideError> {
        match self.value.as_str() {
            "on" | "true" | "1" => Ok(true),
            "off" | "false" | "0" => Ok(false),
            other => Err(self.error(format!(
                "\"{}\" is a switch; found \"{other}\", expected on, off, true, false, 1 or 0",
                self.name
            ))),
        }
    }
}

/// Whether a number may stand without its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bare {
    /// It is in the unit that lists show.
    Allowed,
    /// Only where that unit is 1, or the number 0: a file of parameters may keep another unit than a model, and lists
    /// show that of the model.
    WhereNothingIsToConvert,
}

/// A finite number in `unit`: alone, or with a unit that is converted.
fn number(text: &str, unit: Option<&Unit>, bare: Bare) -> Result<f64, String> {
    let value = match text.trim().parse::<f64>() {
        Ok(value) => match unit {
            Some(unit) if bare == Bare::WhereNothingIsToConvert && needs_unit(unit, value) => {
                return Err(format!(
                    "found {value} without a unit, which may be read in more than one; write the one that you mean (a list of parameters may show another than \"{unit}\", in which its file has it)"
                ));
            }
            _ => value,
        },
        Err(_) => {
            let quantity = Quantity::parse(text).map_err(|e| e.to_string())?;
            match unit {
                Some(unit) => quantity.value_in(unit).map_err(|e| e.to_string())?,
                None => {
                    return Err(format!(
                        "found the unit \"{}\", but it has no unit to convert to; give the number alone",
                        quantity.unit
                    ));
                }
            }
        }
    };
    match value.is_finite() {
        true => Ok(value),
        false => Err(format!("found {value}; expected a finite number")),
    }
}

fn needs_unit(unit: &Unit, value: f64) -> bool {
    value.is_finite() && value != 0.0 && unit.to_string() != "1"
}
