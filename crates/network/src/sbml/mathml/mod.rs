//! Content MathML as SBML uses it.

mod functions;
mod read;
mod write;

pub(super) use functions::Functions;
pub(super) use read::{MathReader, operator};
pub(super) use write::{MathWriter, Symbols, clock, literal, math};
