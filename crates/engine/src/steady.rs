//! Steady states: what is asked, and how the search ended.

use std::fmt;

use crate::EngineError;

/// Settings of a steady state search.
#[derive(Debug, Clone, PartialEq)]
pub struct SteadyOptions {
    /// Largest scaled residual max_i |f_i| T / (typical_i + |y_i|): the relative change of any
    /// state within the time scale T.
    pub residual_tolerance: f64,
    /// Largest relative correction |δ_i| / (typical_i + |y_i|) that a last Newton step would still
    /// make: an estimate of the distance to the exact steady state that, unlike the residual, sees
    /// slow processes as well.
    pub correction_tolerance: f64,
    /// The time scale T, in the unit of time.
    pub time_scale: f64,
    /// Largest number of continuation steps, accepted and rejected together.
    pub maximum_steps: usize,
    /// Whether eigenvalues are computed where the course itself has settled. They cost more than all else there; without
    /// them such a state is [`SteadyStatus::Settled`]. A search by long implicit steps, which saddles attract, has them
    /// always.
    pub eigenvalues: bool,
    /// States that remember what is over and that nothing at rest acts on: they come to rest with the others, and how fast they
    /// would come back does not count. Eigenvalues are those of the others with these held where they are.
    pub memories: Vec<usize>,
}

impl Default for SteadyOptions {
    fn default() -> Self {
        Self {
            residual_tolerance: 1e-8,
            correction_tolerance: 1e-6,
            time_scale: 1.0,
            maximum_steps: 1000,
            eigenvalues: true,
            memories: Vec::new(),
        }
    }
}

impl SteadyOptions {
    /// Checks every setting.
    ///
    /// # Errors
    /// [`EngineError::Option`] names the setting, what was found and what is allowed.
    pub fn validate(&self) -> Result<(), EngineError> {
        for (option, value) in [
            ("residual_tolerance", self.residual_tolerance),
            ("correction_tolerance", self.correction_tolerance),
            ("time_scale", self.time_scale),
        ] {
            if !(value > 0.0 && value.is_finite()) {
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

/// How a steady state search ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SteadyStatus {
    /// Converged, and every eigenvalue of the Jacobian that counts has a negative real part.
    ///
    /// Eigenvalues do not count along declared linear invariants (they are zero there), nor among
    /// states that are absent: see [`SteadyState::absent`].
    Stable,
    /// Converged where the course, followed far beyond the memory of any model, has settled; eigenvalues were not asked
    /// for ([`SteadyOptions::eigenvalues`]).
    Settled,
    /// Converged, but some eigenvalue has a positive real part: a disturbance would grow.
    Unstable {
        /// The largest real part, per unit of time.
        real_part: f64,
    },
    /// Converged, but some eigenvalue is zero within rounding: a conserved quantity that is not
    /// declared, a state that nothing changes, or a model at a turning point.
    Neutral {
        /// The largest real part, per unit of time.
        real_part: f64,
    },
    /// No steady state was found within the number of steps allowed.
    NotConverged {
        /// Scaled residual at the end.
        residual: f64,
        /// Steps tried.
        steps: usize,
    },
    /// The equations give no finite value on the way.
    NotFinite,
}

impl SteadyStatus {
    /// Whether the state found is a stable steady state, or one where the course settled.
    #[must_use]
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Stable | Self::Settled)
    }
}

impl fmt::Display for SteadyStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stable => write!(formatter, "stable steady state"),
            Self::Settled => write!(formatter, "steady state where the course settled"),
            Self::Unstable { real_part } => {
                write!(
                    formatter,
                    "unstable steady state: disturbances grow at rate {real_part:.3e}"
                )
            }
            Self::Neutral { real_part } => write!(
                formatter,
                "neutral steady state: rate {real_part:.3e} is zero within rounding; declare what \
                 is conserved"
            ),
            Self::NotConverged { residual, steps } => write!(
                formatter,
                "no steady state after {steps} steps; scaled residual {residual:.3e}"
            ),
            Self::NotFinite => write!(formatter, "the equations give no finite value"),
        }
    }
}

/// The answer of a steady state search.
#[derive(Debug, Clone, PartialEq)]
pub struct SteadyState {
    /// How the search ended. Look at it first.
    pub status: SteadyStatus,
    /// The steady state; where none was found, the last state of the search.
    pub state: Vec<f64>,
    /// Scaled residual there, see [`SteadyOptions::residual_tolerance`].
    pub residual: f64,
    /// Relative size of the last Newton correction; infinite where Newton's method was not reached.
    pub correction: f64,
    /// Largest real part of the eigenvalues that count, per unit of time; absent where none was
    /// found or asked for.
    pub real_part: Option<f64>,
    /// States that are exactly zero and stay so because only absent states could make them (a
    /// strain or guild that was not put in).
    pub absent: Vec<usize>,
    /// Largest real part among absent states: positive where they would grow if put in.
    pub invasion: Option<f64>,
    /// Continuation steps tried.
    pub steps: usize,
    /// Newton steps made.
    pub newton_steps: usize,
}
