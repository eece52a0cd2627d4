//! Patients, populations, stool profiles, twins.

pub mod error;
pub mod profile;
pub mod random;
pub mod sampler;
mod shipped;
pub mod taxonomy;

pub use error::{PeopleError, Result};
pub use shipped::tables as shipped_tables;
