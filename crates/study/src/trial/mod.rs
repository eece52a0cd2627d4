//! Running a trial: draw people, bring each to their own steady state, follow each through every arm with the same
//! random numbers, and say what was found.

mod run;
mod summary;

pub use run::{Patient, TrialError, TrialRun, run};
pub use summary::{ArmSummary, Comparison, Interval, TrialSummary, summarise};
