//! Strains: which of the residents survive, and strains that are eaten.

mod added;
mod survival;

pub(crate) use added::{Added, add, occupancy, permissive, rows};
pub(crate) use survival::{Survival, survival};
