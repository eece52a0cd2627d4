//! Figures, HTML reports, receipts. Nothing here solves anything.

pub mod error;
mod escape;
pub mod figure;
pub mod map;
pub mod profile;
pub mod receipt;
pub mod series;
pub mod sweep;
mod table;
pub mod trial;
pub mod twin;

pub use error::{ReportError, Result};

/// The value at two decimals, without the sign that rounding leaves on a zero.
#[must_use]
pub fn hundredths(value: f64) -> f64 {
    // Adding a positive zero turns −0 into 0.
    (value * 100.0).round() / 100.0 + 0.0
}
