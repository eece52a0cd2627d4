//! What changes at which time: inputs that switch, doses that jump a state.

use thiserror::Error;

/// What a change acts on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// Input number i.
    Input(u32),
    /// State number i.
    State(u32),
}

/// What is done to the target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Action {
    /// Becomes the value.
    Set(f64),
    /// Grows by the value.
    Add(f64),
    /// Is multiplied by the value.
    Multiply(f64),
}

impl Action {
    /// The target's value afterwards.
    pub fn apply(self, before: f64) -> f64 {
        match self {
            Action::Set(v) => v,
            Action::Add(v) => before + v,
            Action::Multiply(v) => before * v,
        }
    }
}

/// One change at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// When, in the network's time unit.
    pub time: f64,
    /// On what.
    pub target: Target,
    /// What.
    pub action: Action,
}

/// Changes in the order of their times; changes at one time act in the order given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schedule {
    changes: Vec<Change>,
}

/// Why a list of changes is no schedule.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
pub enum ScheduleError {
    /// Times run backwards.
    #[error(
        "change {position} is at time {time}, before the one in front of it at {previous}; sort changes by time"
    )]
    OutOfOrder {
        /// Position in the list, from 0.
        position: usize,
        /// Its time.
        time: f64,
        /// Time of the change in front of it.
        previous: f64,
    },
    /// A time or value that is not a finite number.
    #[error("change {position} has a time or value that is not finite")]
    NotFinite {
        /// Position in the list, from 0.
        position: usize,
    },
}

impl Schedule {
    /// A schedule from changes that are already in order.
    ///
    /// # Errors
    /// [`ScheduleError`] where times run backwards or a number is not finite.
    pub fn new(changes: Vec<Change>) -> Result<Self, ScheduleError> {
        let mut previous = f64::NEG_INFINITY;
        for (position, change) in changes.iter().enumerate() {
            let (Action::Set(v) | Action::Add(v) | Action::Multiply(v)) = change.action;
            if !change.time.is_finite() || !v.is_finite() {
                return Err(ScheduleError::NotFinite { position });
            }
            if change.time < previous {
                return Err(ScheduleError::OutOfOrder {
                    position,
                    time: change.time,
                    previous,
                });
            }
            previous = change.time;
        }
        Ok(Self { changes })
    }

    /// A schedule from changes in any order (stable for equal times).
    ///
    /// # Errors
    /// [`ScheduleError::NotFinite`].
    pub fn sorted(mut changes: Vec<Change>) -> Result<Self, ScheduleError> {
        changes.sort_by(|a, b| a.time.total_cmp(&b.time));
        Self::new(changes)
    }

    /// The changes, in order.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }
}
