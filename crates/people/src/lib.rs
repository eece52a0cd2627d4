//! Patients, populations, stool profiles, twins.
