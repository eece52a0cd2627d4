//! Figures, HTML reports, receipts. Nothing here solves anything.

pub mod error;
mod escape;
pub mod figure;
pub mod map;
pub mod population;
pub mod profile;
pub mod receipt;
pub mod series;
mod sources;
pub mod sweep;
mod table;
pub mod trial;
pub mod twin;
pub mod units;

pub use error::{ReportError, Result};

/// The value at two decimals, without the sign that rounding leaves on a zero.
#[must_use]
pub fn hundredths(value: f64) -> f64 {
    rounded(value, 2)
}

/// The value at so many decimals, without the sign that rounding leaves on a zero.
#[must_use]
pub fn rounded(value: f64, decimals: usize) -> f64 {
    let unit = 10_f64.powi(i32::try_from(decimals).unwrap_or(i32::MAX));
    // Adding a positive zero turns −0 into 0.
    (value * unit).round() / unit + 0.0
}
