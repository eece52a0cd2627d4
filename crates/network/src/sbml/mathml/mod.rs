//! Content MathML as SBML uses it.

mod functions;
mod read;
mod write;

/// The middle between both flanks of a pH window.
pub(super) const WINDOW_MIDDLE: &str = "ph_window_middle";
/// A Newton step towards the maximum of a pH window.
pub(super) const WINDOW_STEP: &str = "ph_window_step";
/// The product of both flanks of a pH window.
pub(super) const WINDOW_PRODUCT: &str = "ph_window_product";

pub(super) use functions::Functions;
pub(super) use read::{MathReader, operator};
pub(super) use write::{MathWriter, Symbols, clock, literal, math};
