//! Solves networks: stiff integration, steady states, ensembles.

mod decision;
mod error;
pub mod lanes;
mod options;
pub mod program;
pub mod random;
mod run;
pub mod scalar;
mod status;
mod steady;
mod system;

pub use decision::{Decide, Decision, DecisionContext};
pub use error::EngineError;
pub use gutskin_network::{Action, Change, Schedule, Target};
pub use options::{Method, Options, States};
pub use run::{Run, Solution, Trajectory};
pub use scalar::Solver;
pub use status::{FailureReason, Rejection, Statistics, Status};
pub use steady::{SteadyOptions, SteadyState, SteadyStatus};
pub use system::System;
