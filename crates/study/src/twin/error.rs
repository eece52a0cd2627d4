//! Why there is no twin.

use gutskin_engine::EngineError;
use gutskin_engine::lanes::TooLarge;
use gutskin_engine::program::ProgramError;
use gutskin_network::ScheduleError;
use gutskin_people::drawing::DrawingError;
use thiserror::Error;

/// Why a person could not be followed at all. A single draw's trouble is counted in the result instead.
#[derive(Debug, Error)]
pub enum TwinError {
    /// The model could not be compiled.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// The compiled model cannot be run for many people at a time.
    #[error(transparent)]
    Lanes(#[from] TooLarge),
    /// A malformed request to the solver: a fault of this crate.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// What an option gives cannot be put in order: a fault of this crate.
    #[error(transparent)]
    Schedule(#[from] ScheduleError),
    /// People cannot be drawn.
    #[error(transparent)]
    Drawing(#[from] DrawingError),
    /// A reading of something that the model does not show.
    #[error("the model \"{model}\" does not show {what} ({observable})")]
    NotShown {
        /// Name of the model.
        model: String,
        /// What was read.
        what: String,
        /// Its observable.
        observable: String,
    },
    /// A model with the clock, in which nobody rests.
    #[error(
        "the model \"{model}\" has the clock within the day, in which nobody comes to rest; take the one without _within_day"
    )]
    ByTheClock {
        /// Name of the model.
        model: String,
    },
    /// Nobody drawn could be brought to rest.
    #[error("none of {drawn} draws has a stable steady state; the first: {reason}")]
    NobodyRests {
        /// People drawn.
        drawn: usize,
        /// Why the first was not.
        reason: String,
    },
    /// The readings fit too few of those drawn.
    #[error(
        "the readings fit the equivalent of {effective:.1} of {drawn} draws, and at least {least} are needed to say anything. The reading that most draws contradict: {worst}. Look at its unit and date, leave it out, or draw more (--draws)"
    )]
    TooFewFit {
        /// Effective sample size.
        effective: f64,
        /// People drawn.
        drawn: usize,
        /// What is needed.
        least: usize,
        /// The reading that fits worst, with what the draws would read.
        worst: String,
    },
    /// Hardly anyone could be followed.
    #[error("of {asked} people none could be followed through every option; the first: {reason}")]
    NobodyFollowed {
        /// People asked for.
        asked: usize,
        /// Why the first failed.
        reason: String,
    },
}
