//! Running a trial: draw people, bring each to their own steady state, follow each through every arm with the same
//! random numbers; then draw trials of the planned size from them, and say what was found.
//!
//! `run` makes the pool of simulated people, `summarise` everything that is said of it: `truth` in the whole pool,
//! `operating` over many drawn trials, `reported` in the first of them.

mod chance;
mod clinic;
mod contrast;
mod daily;
mod error;
mod estimate;
mod guilds;
mod interim;
mod journal;
mod modes;
mod operating;
mod person;
mod quantiles;
mod record;
mod reported;
mod residual;
mod run;
mod sizes;
mod subgroup;
mod summary;
mod tighter;
mod truth;
mod uncertainty;
mod why;

pub(crate) use clinic::{AtRest, Clinic, Followed, Recorded};
pub use daily::daily_quantiles;
pub use error::TrialError;
pub use estimate::Estimate;
pub use guilds::GuildShare;
pub use interim::InterimResult;
pub use journal::{Journal, NoJournal};
pub use operating::{Operating, Share};
pub use quantiles::{VisitQuantiles, visit_quantiles};
pub use reported::{ArmResponse, Repeated, Reported, SecondaryResult};
pub(crate) use run::courses;
pub use run::{Course, Patient, Rescued, TrialRun, refusal, run, run_on};
pub use subgroup::{Half, SubgroupResult};
pub use summary::{ArmSummary, Comparison, DesignSummary, Flow, TrialSummary, summarise};
pub use tighter::Tighter;
pub use uncertainty::Uncertainty;
pub use why::{Carried, Parts, Why, why};

pub use crate::statistics::Interval;
