//! Patients, populations, stool profiles, twins.

<<<<<<< HEAD
pub mod sampler;
=======
pub mod error;
pub mod profile;
pub mod random;
pub mod taxonomy;

#[cfg(test)]
mod test_support;

pub use error::{PeopleError, Result};
>>>>>>> f5886b6 (Stool profiles: names, guild table, readers of every format)
