//! Why a trial could not be run.

use gutskin_engine::EngineError;
use gutskin_engine::lanes::TooLarge;
use gutskin_engine::program::ProgramError;
use gutskin_network::ScheduleError;
use gutskin_people::sampler::SamplerError;
use thiserror::Error;

/// Why a trial could not be run at all. A single patient's trouble is a status in the result instead.
#[derive(Debug, Error)]
pub enum TrialError {
    /// The model could not be compiled.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// The compiled model cannot be run for many people at a time.
    #[error(transparent)]
    Lanes(#[from] TooLarge),
    /// A malformed request to the solver: a fault of this crate.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// What an arm gives cannot be put in order: a fault of this crate.
    #[error(transparent)]
    Schedule(#[from] ScheduleError),
    /// Spreads or correlations that cannot be drawn from.
    #[error(transparent)]
    Sampler(#[from] SamplerError),
    /// Too few people satisfy the inclusion rules.
    #[error(
        "only {included} of {screened} people drawn satisfy the inclusion rules, but {wanted} are needed{}; widen them or lower the size{}",
        rules.iter().map(|rule| format!("; {rule}")).collect::<String>(),
        no_rest(*without_steady_state, first_without.as_deref())
    )]
    EmptyPopulation {
        /// People drawn.
        screened: usize,
        /// People included.
        included: usize,
        /// People left out for want of a steady state.
        without_steady_state: usize,
        /// Why none was found for the first of them.
        first_without: Option<String>,
        /// People wanted.
        wanted: usize,
        /// The rules, where they stand, and what drawn people have.
        rules: Vec<String>,
    },
    /// Hazards of early life, which nobody reads off a child.
    #[error(
        "the model \"early\" gives chances, which no visit reads: a trial of them would look as if a handful of children were enough. Follow them with gutskin simulate, and compare early.incidence between arms"
    )]
    Chances,
    /// Hardly anyone has a steady state: the model, not the inclusion rules, is at fault.
    #[error(
        "{without_steady_state} of {screened} people drawn have no stable steady state, so that no arm can be filled; the first: {reason}. Look at the changes of parameters and inputs, with gutskin model check"
    )]
    NoSteadyState {
        /// People drawn.
        screened: usize,
        /// People left out for want of a steady state.
        without_steady_state: usize,
        /// Why none was found for the first of them.
        reason: String,
    },
}

fn no_rest(count: usize, reason: Option<&str>) -> String {
    match (count, reason) {
        (0, _) | (_, None) => String::new(),
        (count, Some(reason)) => {
            format!("; {count} have no stable steady state (the first: {reason})")
        }
    }
}
