//! Stool profiles: reading them, saying what they hold, refusing what is none.

pub mod cohort;
pub mod read;
