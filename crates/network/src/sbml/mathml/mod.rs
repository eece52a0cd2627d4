//! Content MathML as SBML uses it.

mod functions;
mod read;

pub(super) use functions::Functions;
pub(super) use read::{MathReader, operator};
