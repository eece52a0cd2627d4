//! Tolerances, methods, and what the solvers know of each state.

use crate::EngineError;
use crate::error::{require_finite, require_length};
use crate::program::Program;

/// Integration method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// Rodas5P, order 5(4), eight stages (Steinebach 2023): the default.
    #[default]
    Rodas5P,
    /// RODAS, order 4(3), six stages (Hairer and Wanner 1996): for comparison.
    Rodas4,
}

/// Settings of an integration.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Integration method.
    pub method: Method,
    /// Relative tolerance. The absolute tolerance of state i is this times its typical size.
    pub relative_tolerance: f64,
    /// First step, in the unit of time; estimated where absent.
    pub initial_step: Option<f64>,
    /// Largest step, in the unit of time; the span where absent.
    pub maximum_step: Option<f64>,
    /// Largest number of steps, accepted and rejected together, in one run.
    pub maximum_steps: usize,
    /// Steps of this length without error control: for studies of the order of convergence.
    pub fixed_step: Option<f64>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            method: Method::default(),
            relative_tolerance: 1e-6,
            initial_step: None,
            maximum_step: None,
            maximum_steps: 100_000,
            fixed_step: None,
        }
    }
}

impl Options {
    /// The defaults at another relative tolerance.
    #[must_use]
    pub fn with_tolerance(relative_tolerance: f64) -> Self {
        Self {
            relative_tolerance,
            ..Self::default()
        }
    }

    /// Checks every setting.
    ///
    /// # Errors
    /// [`EngineError::Option`] names the setting, what was found and what is allowed.
    pub fn validate(&self) -> Result<(), EngineError> {
        let tolerance = self.relative_tolerance;
        if !(1e-14..=0.1).contains(&tolerance) {
            return Err(EngineError::Option {
                option: "relative_tolerance",
                value: tolerance,
                expected: "a number from 1e-14 to 0.1",
            });
        }
        for (option, value) in [
            ("initial_step", self.initial_step),
            ("maximum_step", self.maximum_step),
            ("fixed_step", self.fixed_step),
        ] {
            if let Some(value) = value
                && !(value > 0.0 && value.is_finite())
            {
                return Err(EngineError::Option {
                    option,
                    value,
                    expected: "a positive number",
                });
            }
        }
        if self.maximum_steps == 0 {
            return Err(EngineError::Option {
                option: "maximum_steps",
                value: 0.0,
                expected: "1 or more",
            });
        }
        Ok(())
    }
}

/// What the solvers know of the states, apart from the equations.
#[derive(Debug, Clone, PartialEq)]
pub struct States {
    typical: Vec<f64>,
    non_negative: Vec<bool>,
    invariants: Vec<Vec<(u32, f64)>>,
}

impl States {
    /// States of these typical sizes (each in the unit of its state), all of any sign.
    ///
    /// # Errors
    /// [`EngineError::Option`] where a size is not a positive finite number.
    pub fn new(typical: Vec<f64>) -> Result<Self, EngineError> {
        require_finite("typical sizes", &typical)?;
        if let Some(&value) = typical.iter().find(|&&size| size <= 0.0) {
            return Err(EngineError::Option {
                option: "typical size",
                value,
                expected: "a positive number in the unit of the state",
            });
        }
        let non_negative = vec![false; typical.len()];
        Ok(Self {
            typical,
            non_negative,
            invariants: Vec::new(),
        })
    }

    /// Declares which states cannot be negative: a step that takes one below minus its absolute
    /// tolerance is rejected.
    ///
    /// # Errors
    /// [`EngineError::Length`] unless there is one flag a state.
    pub fn with_non_negative(mut self, non_negative: Vec<bool>) -> Result<Self, EngineError> {
        require_length("non-negative flags", non_negative.len(), self.typical.len())?;
        self.non_negative = non_negative;
        Ok(self)
    }

    /// Declares conserved quantities Σ w_i y_i, one list of (state, weight) each. A state that
    /// nothing changes is one as well. The steady state is sought at their initial values; in
    /// integrations the method keeps them by itself.
    ///
    /// # Errors
    /// [`EngineError`] for a state that does not exist or a weight that is not finite.
    pub fn with_invariants(
        mut self,
        invariants: Vec<Vec<(u32, f64)>>,
    ) -> Result<Self, EngineError> {
        let (what, kind, count) = ("linear invariants", "state", self.typical.len());
        for (index, terms) in invariants.iter().enumerate() {
            for &(state, value) in terms {
                let found = state as usize;
                if found >= count {
                    return Err(EngineError::UnknownIndex {
                        what,
                        index,
                        kind,
                        found,
                        count,
                    });
                }
                if !value.is_finite() {
                    return Err(EngineError::NotFinite { what, index, value });
                }
            }
        }
        self.invariants = invariants;
        Ok(self)
    }

    /// What a program says of its states.
    ///
    /// # Errors
    /// [`EngineError`] where a typical size is not a positive finite number.
    pub fn of_program(program: &Program) -> Result<Self, EngineError> {
        Self::new(program.typical.clone())?
            .with_non_negative(program.non_negative.clone())?
            .with_invariants(program.invariants.clone())
    }

    /// Number of states.
    #[must_use]
    pub fn len(&self) -> usize {
        self.typical.len()
    }

    /// Whether there are no states.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.typical.is_empty()
    }

    /// Typical size of each state, in its unit.
    #[must_use]
    pub fn typical(&self) -> &[f64] {
        &self.typical
    }

    /// Which states cannot be negative.
    #[must_use]
    pub fn non_negative(&self) -> &[bool] {
        &self.non_negative
    }

    /// (State, weight) terms of the conserved quantities.
    #[must_use]
    pub fn invariants(&self) -> &[Vec<(u32, f64)>] {
        &self.invariants
    }
}
