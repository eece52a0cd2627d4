//! Decision times: the caller reads a patient and acts.

use crate::{Action, Change, Target};

/// What the caller sees of a patient at a decision time: values just before any change that is
/// due at that time.
#[derive(Debug, Clone, Copy)]
pub struct DecisionContext<'a> {
    /// Position among the decision times of the run, from 0.
    pub index: usize,
    /// The decision time.
    pub time: f64,
    /// All states.
    pub state: &'a [f64],
    /// All observables.
    pub observables: &'a [f64],
    /// The inputs in force.
    pub inputs: &'a [f64],
}

/// What the caller can do at a decision time. Decisions are carried out in the order given, after
/// the scheduled changes of the same time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Decision {
    /// A change at once.
    Now {
        /// On what.
        target: Target,
        /// What.
        action: Action,
    },
    /// A change at a later time within the span, added to the schedule.
    Later(Change),
    /// The end of this patient's run (drop-out).
    Stop,
}

/// A function that is called at each decision time.
pub type Decide<'a> = &'a mut dyn FnMut(&DecisionContext<'_>) -> Vec<Decision>;
