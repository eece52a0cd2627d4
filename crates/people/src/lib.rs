//! Patients, populations, stool profiles, twins.

pub mod error;
pub mod profile;
pub mod random;
pub mod sampler;
pub mod taxonomy;

#[cfg(test)]
mod test_support;

pub use error::{PeopleError, Result};
