//! Patients, populations, stool profiles, twins.

pub mod error;
pub mod profile;
pub mod random;
pub mod sampler;
pub mod taxonomy;

pub use error::{PeopleError, Result};
