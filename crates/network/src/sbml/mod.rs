//! SBML Level 3: the exchange format of systems biology.
//!
//! [`write()`] gives Level 3 Version 2 core. States are non-constant parameters with rate rules, named intermediates and
//! observables are assignment rules, inputs are non-constant parameters that events change, and the named smooth
//! functions are function definitions. What SBML has no place for (typical sizes, spreads, sources, links, processes,
//! invariants, contents of elements) stands in annotations under `urn:gutskin:annotation:1`, so that [`read()`] gives
//! back the same network.
//!
//! [`read()`] also takes models of other programs: parameters, rules, function definitions, events at fixed times,
//! compartments of constant size, species and reactions. What it cannot represent is refused by name, never dropped.

mod graft;
mod ids;
mod mathml;
mod read;
mod units;
mod write;
mod xml;
mod xml_text;

pub use ids::sid;
pub use read::{Imported, read};
pub use write::write;

use thiserror::Error;

/// Namespace of this crate's annotations.
pub const ANNOTATION: &str = "urn:gutskin:annotation:1";
/// Namespace of SBML as written.
const CORE: &str = "http://www.sbml.org/sbml/level3/version2/core";
/// Namespace of MathML.
const MATHML: &str = "http://www.w3.org/1998/Math/MathML";
/// Namespace of notes.
const XHTML: &str = "http://www.w3.org/1999/xhtml";
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
