//! The batched half: thousands of patients in structure-of-arrays lanes.

mod cache;
#[cfg(test)]
mod checks;
mod cohort;
mod compile;
mod compiled;
mod dispatch;
mod ensemble;
mod fallback;
mod group;
mod kernel;
mod memory;
mod patient;
#[cfg(test)]
mod plan_checks;
mod quantiles;
mod settings;
mod steady;
mod table;
pub mod vecmath;

pub use cohort::{Cohort, Path, PatientResult, PatientSpec};
pub use compile::{LaneProgram, PrepareError, ProgramSize, TooLarge};
pub use compiled::{CompiledKernels, KernelTable, emit};
pub use dispatch::{Block, Plan, Progress};
pub use ensemble::{Ensemble, LaneCount};
pub use kernel::vector::{Eight, Present, Vector, negated_inverse};
#[cfg(target_arch = "x86_64")]
pub use kernel::vector::{avx2, avx512};
pub use kernel::{ArithmeticClass, InstructionSet, MULTIPLY_ADDS_A_ROUND, multiply_add_burst};
pub use memory::Row;
pub use quantiles::Quantiles;
pub use steady::SteadyBlock;
pub use table::{CLASS_KEY, outcomes, trajectories};
