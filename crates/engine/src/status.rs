//! How a run ended, and what it cost.

use std::fmt;

/// How the run of one patient ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Status {
    /// The whole span was integrated within tolerance.
    Complete,
    /// A decision ended the run early (drop-out); everything up to `time` is valid.
    Stopped {
        /// When the decision was taken.
        time: f64,
    },
    /// The integration could not go on; everything up to `time` is valid.
    Failed {
        /// Last time reached.
        time: f64,
        /// Why it could not go on.
        reason: FailureReason,
    },
}

impl Status {
    /// Whether the run ended as asked (to the end of the span, or stopped by a decision).
    #[must_use]
    pub fn is_success(&self) -> bool {
        !matches!(self, Self::Failed { .. })
    }
}

impl fmt::Display for Status {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Complete => write!(formatter, "complete"),
            Self::Stopped { time } => write!(formatter, "stopped by a decision at time {time}"),
            Self::Failed { time, reason } => write!(formatter, "failed at time {time}: {reason}"),
        }
    }
}

/// Why an integration could not go on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FailureReason {
    /// The step became as small as rounding allows; `last` is what the last step was rejected for.
    StepTooSmall {
        /// Length of the last step tried.
        step: f64,
        /// Why it was rejected.
        last: Rejection,
    },
    /// The number of steps, accepted and rejected, reached its limit.
    TooManySteps {
        /// The limit.
        limit: usize,
    },
    /// The run that the patient belongs to was cancelled. Blocks with such patients are not handed over.
    Interrupted,
    /// The right-hand side or its Jacobian is not finite at the last valid state.
    NotFinite,
    /// A quantity declared as a linear invariant is not conserved by the equations.
    InvariantBroken {
        /// Position of the invariant among those declared.
        invariant: usize,
    },
    /// An observable is not finite at an output time.
    ObservableNotFinite {
        /// Index of the observable.
        observable: usize,
    },
}

impl FailureReason {
    /// The state, observable or invariant at fault by name, where the reason points at one: `state` and `observable`
    /// give the names of an index.
    #[must_use]
    pub fn at_fault<'n>(
        &self,
        state: impl Fn(usize) -> Option<&'n str>,
        observable: impl Fn(usize) -> Option<&'n str>,
    ) -> Option<&'n str> {
        match self {
            Self::StepTooSmall {
                last: Rejection::Negative { state: index },
                ..
            } => state(*index),
            Self::ObservableNotFinite { observable: index } => observable(*index),
            _ => None,
        }
    }
}

impl fmt::Display for FailureReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StepTooSmall { step, last } => {
                write!(formatter, "step {step:.3e} is too small to go on; {last}")
            }
            Self::TooManySteps { limit } => write!(formatter, "more than {limit} steps"),
            Self::Interrupted => write!(formatter, "the run was cancelled"),
            Self::NotFinite => write!(formatter, "the equations give no finite value here"),
            Self::InvariantBroken { invariant } => write!(
                formatter,
                "declared linear invariant {invariant} is not conserved; correct or remove it"
            ),
            Self::ObservableNotFinite { observable } => {
                write!(formatter, "observable {observable} is not finite")
            }
        }
    }
}

/// Why a step was rejected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rejection {
    /// The estimated error was larger than the tolerance.
    Error {
        /// Weighted error; 1 is the tolerance.
        norm: f64,
    },
    /// A stage or the result was not finite.
    NotFinite,
    /// The matrix of the step could not be factorised.
    Singular,
    /// A state declared non-negative fell below minus its absolute tolerance.
    Negative {
        /// Index of the state.
        state: usize,
    },
}

impl fmt::Display for Rejection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Error { norm } => {
                write!(
                    formatter,
                    "the estimated error was {norm:.3e} times the tolerance"
                )
            }
            Self::NotFinite => write!(formatter, "a stage was not finite"),
            Self::Singular => write!(formatter, "the matrix of the step was singular"),
            Self::Negative { state } => write!(formatter, "state {state} became negative"),
        }
    }
}

/// What a run cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Steps accepted.
    pub accepted: usize,
    /// Steps rejected.
    pub rejected: usize,
    /// Evaluations of the right-hand side.
    pub rhs: usize,
    /// Evaluations of the Jacobian.
    pub jacobians: usize,
    /// Factorisations.
    pub factorisations: usize,
    /// Restarts after a change of inputs or states.
    pub restarts: usize,
}
