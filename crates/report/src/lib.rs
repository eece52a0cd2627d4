//! Figures, HTML reports, receipts. Nothing here solves anything.

pub mod error;
mod escape;
pub mod figure;
pub mod profile;
pub mod receipt;
pub mod trial;

pub use error::{ReportError, Result};
