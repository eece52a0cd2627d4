//! The batched half: thousands of patients in structure-of-arrays lanes.

#[cfg(test)]
mod checks;
mod cohort;
mod compile;
mod dispatch;
mod ensemble;
mod fallback;
mod group;
mod kernel;
mod memory;
mod patient;
mod quantiles;
mod settings;
mod steady;
mod table;
pub mod vecmath;

pub use cohort::{Cohort, Path, PatientResult, PatientSpec};
pub use compile::{LaneProgram, ProgramSize, TooLarge};
pub use dispatch::{Block, Plan, Progress};
pub use ensemble::{Ensemble, LaneCount};
pub use kernel::{ArithmeticClass, InstructionSet, MULTIPLY_ADDS_A_ROUND, multiply_add_burst};
pub use quantiles::Quantiles;
pub use table::{outcomes, trajectories};
