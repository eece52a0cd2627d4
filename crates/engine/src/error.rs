//! The one error type of the crate: mistakes in what the caller asked for.
//!
//! Numerical trouble on the way (a step that cannot be made small enough, a singular matrix) is
//! not an error but a [`Status`](crate::Status) of the patient concerned.

use thiserror::Error;

use crate::{Action, Change, Target};

/// What is wrong with a request, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum EngineError {
    /// A Jacobian pattern with a row outside the matrix.
    #[error("Jacobian pattern: found row {row}, expected rows below {dimension}")]
    Pattern {
        /// What was found.
        row: usize,
        /// Number of states.
        dimension: usize,
    },
    /// A vector whose length does not match the system.
    #[error("{what}: found {found} values, expected {expected}")]
    Length {
        /// Which vector.
        what: &'static str,
        /// Its length.
        found: usize,
        /// The length that the system needs.
        expected: usize,
    },
    /// A number that must be finite and is not.
    #[error("{what}, entry {index}: found {value}, expected a finite number")]
    NotFinite {
        /// Which vector.
        what: &'static str,
        /// Which entry of it.
        index: usize,
        /// What was found.
        value: f64,
    },
    /// A setting outside its range.
    #[error("option `{option}`: found {value}, expected {expected}")]
    Option {
        /// Name of the setting.
        option: &'static str,
        /// What was found.
        value: f64,
        /// The range allowed, in words.
        expected: &'static str,
    },
    /// A state declared non-negative whose starting value is negative.
    #[error(
        "initial value of state {state}: found {value}, but the state is declared non-negative; start it at 0 or more"
    )]
    NegativeInitial {
        /// Index of the state.
        state: usize,
        /// What was found.
        value: f64,
    },
    /// A time span that does not run forward.
    #[error("time span: found start {start} and end {end}, expected finite times with start < end")]
    Span {
        /// First time.
        start: f64,
        /// Last time.
        end: f64,
    },
    /// A list of times that goes backwards.
    #[error("{what}, entry {index}: time {time} comes after {previous}; sort the entries by time")]
    OutOfOrder {
        /// Which list.
        what: &'static str,
        /// Position of the offending entry, from 0.
        index: usize,
        /// Its time.
        time: f64,
        /// The time of the entry before it.
        previous: f64,
    },
    /// A time that is not within the span.
    #[error(
        "{what}, entry {index}: time {time} is outside the span {start} to {end}; remove it or widen the span"
    )]
    OutsideSpan {
        /// Which list.
        what: &'static str,
        /// Position of the offending entry, from 0.
        index: usize,
        /// Its time.
        time: f64,
        /// First time of the span.
        start: f64,
        /// Last time of the span.
        end: f64,
    },
    /// An input or state number that the system does not have.
    #[error(
        "{what}, entry {index}: {kind} {found} does not exist; the system has {count}, numbered from 0"
    )]
    UnknownIndex {
        /// Which list.
        what: &'static str,
        /// Position of the offending entry, from 0.
        index: usize,
        /// `input` or `state`.
        kind: &'static str,
        /// The number found.
        found: usize,
        /// How many there are.
        count: usize,
    },
    /// Decision times without anyone to decide.
    #[error(
        "the run has {count} decision times but no decision function; call `solve_with`, or remove them"
    )]
    NoDecisionFunction {
        /// Number of decision times.
        count: usize,
    },
    /// Declared invariants that repeat one another or say nothing.
    #[error(
        "linear invariant {index}: it is zero or a combination of the ones before it; declare each conserved quantity once"
    )]
    DependentInvariant {
        /// Position of the offending invariant, from 0.
        index: usize,
    },
}

/// Checks that every entry of `values` is finite.
pub(crate) fn require_finite(what: &'static str, values: &[f64]) -> Result<(), EngineError> {
    match values.iter().position(|value| !value.is_finite()) {
        Some(index) => Err(EngineError::NotFinite {
            what,
            index,
            value: values[index],
        }),
        None => Ok(()),
    }
}

/// Checks that a vector has the length that the system needs.
pub(crate) fn require_length(
    what: &'static str,
    found: usize,
    expected: usize,
) -> Result<(), EngineError> {
    if found == expected {
        Ok(())
    } else {
        Err(EngineError::Length {
            what,
            found,
            expected,
        })
    }
}

/// Checks that times are finite, do not go backwards and lie within `start..=end`.
pub(crate) fn require_times(
    what: &'static str,
    times: impl Iterator<Item = f64>,
    start: f64,
    end: f64,
) -> Result<(), EngineError> {
    let mut previous = f64::NEG_INFINITY;
    for (index, time) in times.enumerate() {
        if !time.is_finite() {
            return Err(EngineError::NotFinite {
                what,
                index,
                value: time,
            });
        }
        if time < previous {
            return Err(EngineError::OutOfOrder {
                what,
                index,
                time,
                previous,
            });
        }
        if time < start || time > end {
            return Err(EngineError::OutsideSpan {
                what,
                index,
                time,
                start,
                end,
            });
        }
        previous = time;
    }
    Ok(())
}

/// Checks that a change acts on something that exists, with a finite number.
pub(crate) fn require_change(
    what: &'static str,
    index: usize,
    change: &Change,
    inputs: usize,
    states: usize,
) -> Result<(), EngineError> {
    let (kind, found, count) = match change.target {
        Target::Input(input) => ("input", input as usize, inputs),
        Target::State(state) => ("state", state as usize, states),
    };
    if found >= count {
        return Err(EngineError::UnknownIndex {
            what,
            index,
            kind,
            found,
            count,
        });
    }
    let (Action::Set(value) | Action::Add(value) | Action::Multiply(value)) = change.action;
    if value.is_finite() {
        Ok(())
    } else {
        Err(EngineError::NotFinite { what, index, value })
    }
}
