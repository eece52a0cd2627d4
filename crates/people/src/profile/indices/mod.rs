//! Indices of health and risk, each with the limits of what it may be used for.

pub mod gmwi2;
pub mod lps;
