//! Running a trial: draw people, bring each to their own steady state, follow each through every arm with the same
//! random numbers; then draw trials of the planned size from them, and say what was found.
//!
//! `run` makes the pool of simulated people, `summarise` everything that is said of it: `truth` in the whole pool,
//! `operating` over many drawn trials, `reported` in the first of them.

mod chance;
mod clinic;
mod error;
mod estimate;
mod interim;
mod operating;
mod person;
mod record;
mod reported;
mod run;
mod subgroup;
mod summary;
mod truth;
mod uncertainty;

pub use error::TrialError;
pub use interim::InterimResult;
pub use operating::{Operating, Share};
pub use reported::{ArmResponse, Repeated, Reported, SecondaryResult};
pub use run::{Course, Patient, Rescued, TrialRun, run};
pub use subgroup::{Half, SubgroupResult};
pub use summary::{ArmSummary, Comparison, DesignSummary, Flow, TrialSummary, summarise};
pub use uncertainty::Uncertainty;

pub use crate::statistics::Interval;
