//! SBML Level 3: the exchange format of systems biology.
//!
//! [`read`] takes Level 3 core. States are non-constant parameters with rate rules, named intermediates and
//! observables are assignment rules, inputs are non-constant parameters that events change, and the named smooth
//! functions are function definitions.
//!
//! [`read`] takes models of other programs: parameters, rules, function definitions, events at fixed times,
//! compartments of constant size, species and reactions. What it cannot represent is refused by name, never dropped.

mod graft;
mod ids;
mod mathml;
mod read;
mod units;
mod xml;

pub use ids::sid;
pub use read::{Imported, read};

use thiserror::Error;

/// Namespace of this crate's annotations.
pub const ANNOTATION: &str = "urn:gutskin:annotation:1";
/// The `definitionURL` of the clock.
const TIME: &str = "http://www.sbml.org/sbml/symbols/time";

/// What is wrong with an SBML text, and where.
#[derive(Clone, Debug, Error, PartialEq)]
#[error("line {line}, {element}: {message}")]
pub struct SbmlError {
    /// Line, from 1.
    pub line: u32,
    /// The element with its id, for example `rateRule "barrier__leak"`.
    pub element: String,
    /// What was found, what was expected, what to do.
    pub message: String,
}
