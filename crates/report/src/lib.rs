//! Figures, HTML reports, receipts.

pub mod error;
pub mod profile;

pub use error::{ReportError, Result};
