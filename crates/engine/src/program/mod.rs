//! Network → Program: the straight-line arithmetic that every kernel runs.
//!
//! A [`Program`] holds one list of operations ([`Tape`]) in evaluation order, split into sections by how often a
//! value changes: once a patient (parameters), once an input change, at every stage (states, time). It knows where
//! rates, sparse Jacobian, time derivative and observables end up. Scalar and lane kernels are built from it.

mod build;
mod pattern;
mod scalar;
mod tape;

pub use build::{ProgramError, ProgramOptions};
pub use pattern::Pattern;
pub use scalar::ScalarProgram;
pub use tape::{Op, Section, Tape, ValueId};

use std::ops::Range;

/// What a program computes, as positions on its tape.
#[derive(Clone, Debug)]
pub struct Program {
    /// Name of the model.
    pub name: String,
    /// The operations.
    pub tape: Tape,
    /// Ranges of the tape, in order of [`Section::ALL`].
    pub sections: [Range<usize>; Section::ALL.len()],
    /// Value at the start, one a state.
    pub initial: Vec<ValueId>,
    /// dState/dt, one a state.
    pub rates: Vec<ValueId>,
    /// Where the Jacobian ∂rate/∂state may be non-zero.
    pub pattern: Pattern,
    /// Jacobian entries, in the order of the pattern.
    pub jacobian: Vec<ValueId>,
    /// ∂rate/∂time, one a state.
    pub time_derivative: Vec<ValueId>,
    /// Observables asked for, in order.
    pub observables: Vec<ValueId>,
    /// Names of those observables.
    pub observable_names: Vec<String>,
    /// Names of the states.
    pub state_names: Vec<String>,
    /// Typical sizes of the states.
    pub typical: Vec<f64>,
    /// Which states may not fall below zero.
    pub non_negative: Vec<bool>,
    /// Central parameter values.
    pub parameter_defaults: Vec<f64>,
    /// Names of the parameters.
    pub parameter_names: Vec<String>,
    /// Default input values.
    pub input_defaults: Vec<f64>,
    /// Names of the inputs.
    pub input_names: Vec<String>,
    /// Default switch values, 0 or 1.
    pub switch_defaults: Vec<f64>,
    /// Names of the switches.
    pub switch_names: Vec<String>,
    /// Declared linear invariants that hold whatever the inputs: (state, weight) lists.
    pub invariants: Vec<Vec<(u32, f64)>>,
}

impl Program {
    /// Number of states.
    pub fn dimension(&self) -> usize {
        self.rates.len()
    }

    /// The tape range of a section.
    pub fn section(&self, section: Section) -> Range<usize> {
        self.sections[section as usize].clone()
    }
}
