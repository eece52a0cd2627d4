//! Patients, populations, stool profiles, twins.

pub mod sampler;
