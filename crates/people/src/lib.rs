//! Patients, populations, stool profiles, twins.

pub mod balance;
pub mod baselines;
pub mod correlations;
pub mod courses;
pub mod drawing;
pub mod error;
pub mod person;
pub mod profile;
pub mod proposal;
pub mod random;
pub mod sampler;
mod shipped;
pub mod store;
pub mod taxonomy;
pub mod weights;

pub use error::{PeopleError, Result};
pub use shipped::tables as shipped_tables;
