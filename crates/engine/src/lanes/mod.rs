//! The batched half: thousands of patients in structure-of-arrays lanes.

#[cfg(test)]
mod checks;
mod cohort;
mod compile;
mod ensemble;
mod fallback;
mod group;
mod kernel;
mod memory;
mod patient;
mod settings;
pub mod vecmath;

pub use cohort::{Cohort, Path, PatientResult, PatientSpec};
pub use compile::{LaneProgram, ProgramSize, TooLarge};
pub use ensemble::{Ensemble, LaneCount};
pub use kernel::{ArithmeticClass, InstructionSet};
