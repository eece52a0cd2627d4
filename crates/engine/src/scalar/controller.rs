//! Step size control: weighted error norm, two rules for the next step, first steps.

use crate::lanes::vecmath;

/// Factor below 1 that makes the next step likely to be accepted.
const SAFETY: f64 = 0.9;
/// Largest growth from one step to the next.
const GROWTH_LIMIT: f64 = 8.0;
/// Smallest factor after a rejection for its error.
const SHRINK_LIMIT: f64 = 0.1;
/// Errors below this do not speak about the right step any more.
const ERROR_FLOOR: f64 = 1e-8;
/// Shares of the proportional and integral parts (Gustafsson 1991; Hairer and Wanner 1996, IV.2).
const INTEGRAL: f64 = 0.7;
const PROPORTIONAL: f64 = 0.4;
/// Powers of the predictive rule (Gustafsson 1994): fully predictive would be 2, 1, 1; damped as here it takes the
/// fewest steps, rejected ones included, on the benchmark model.
const ERROR_POWER: f64 = 1.4;
const PREVIOUS_POWER: f64 = 0.7;
const RATIO_POWER: f64 = 0.7;

/// Relative and absolute tolerance of each state.
#[derive(Debug, Clone)]
pub(crate) struct Tolerance {
    relative: f64,
    absolute: Vec<f64>,
}

impl Tolerance {
    /// Absolute tolerances are `relative` times the typical sizes.
    pub(crate) fn new(relative: f64, typical: &[f64]) -> Self {
        let absolute = typical.iter().map(|size| relative * size).collect();
        Self { relative, absolute }
    }

    /// Absolute tolerance of each state, in its unit.
    pub(crate) fn absolute(&self) -> &[f64] {
        &self.absolute
    }

    /// Root mean square of `x` in units of the tolerance at the larger of |y| and |z|.
    pub(crate) fn norm(&self, x: &[f64], y: &[f64], z: &[f64]) -> f64 {
        if x.is_empty() {
            return 0.0;
        }
        let mut sum = 0.0;
        for i in 0..x.len() {
            let scaled = x[i] / (self.absolute[i] + self.relative * y[i].abs().max(z[i].abs()));
            sum += scaled * scaled;
        }
        (sum / x.len() as f64).sqrt()
    }
}

/// How the next step follows from the errors seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    /// Proportional and integral parts; settles at an error well below the tolerance.
    Cautious,
    /// The error, the one before and the ratio of the steps between them, so that it keeps up where steps grow
    /// steadily; settles just below the tolerance. A third fewer steps.
    Predictive,
}

/// Step size control.
#[derive(Debug, Clone)]
pub(crate) struct Controller {
    /// The local error goes with this power of the step.
    error_order: f64,
    previous_error: Option<f64>,
    after_rejection: bool,
    /// The next step over the last one.
    ratio: f64,
    rule: Rule,
}

impl Controller {
    /// For a method whose embedded solution has this order.
    pub(crate) fn new(embedded_order: usize) -> Self {
        let error_order = (embedded_order + 1) as f64;
        Self {
            error_order,
            previous_error: None,
            after_rejection: false,
            ratio: 1.0,
            rule: Rule::Cautious,
        }
    }

    /// The same with another rule.
    pub(crate) fn with_rule(self, rule: Rule) -> Self {
        Self { rule, ..self }
    }

    /// Forgets the past, as after a jump.
    pub(crate) fn restart(&mut self) {
        self.previous_error = None;
        self.after_rejection = false;
        self.ratio = 1.0;
    }

    /// Factor for the next step after an accepted one with this error. The error of a step that
    /// was cut short to end on time is not remembered.
    pub(crate) fn accepted(&mut self, error: f64, cut_short: bool) -> f64 {
        let error = error.max(ERROR_FLOOR);
        let factor = match self.previous_error {
            Some(previous) if self.rule == Rule::Predictive => {
                // The target lies inside the powers: outside, the rule would settle at an error far below it.
                let target = power(SAFETY, self.error_order);
                let errors =
                    power(target / error, ERROR_POWER) * power(previous / target, PREVIOUS_POWER);
                power(errors, 1.0 / self.error_order) * power(self.ratio, RATIO_POWER)
            }
            Some(previous) => {
                SAFETY
                    * power(error, -INTEGRAL / self.error_order)
                    * power(previous, PROPORTIONAL / self.error_order)
            }
            None => SAFETY * power(error, -1.0 / self.error_order),
        };
        let limit = if self.after_rejection {
            1.0
        } else {
            GROWTH_LIMIT
        };
        let factor = factor.clamp(0.2, limit);
        if !cut_short {
            self.previous_error = Some(error.max(1e-4));
            self.ratio = factor;
        }
        self.after_rejection = false;
        factor
    }

    /// Factor for another try after a step rejected for this error.
    pub(crate) fn rejected(&mut self, error: f64) -> f64 {
        self.ratio = 1.0;
        self.after_rejection = true;
        (SAFETY * power(error, -1.0 / self.error_order)).clamp(SHRINK_LIMIT, SAFETY)
    }

    /// Notes a rejection for another reason than the error; passes the factor on.
    pub(crate) fn rejected_otherwise(&mut self, factor: f64) -> f64 {
        self.ratio = 1.0;
        self.after_rejection = true;
        factor
    }

    /// Factor to the step at which an error of this order would just be tolerable.
    pub(crate) fn proportional(&self, error: f64) -> f64 {
        let factor = SAFETY * power(error.max(ERROR_FLOOR), -1.0 / self.error_order);
        factor.clamp(SHRINK_LIMIT, GROWTH_LIMIT)
    }

    /// A first step from the weighted norms of y' and y'': with the rate λ = |y''|/|y'| the
    /// derivative of order k is about |y'| λ^(k−1), and the step is where its Taylor term reaches
    /// the tolerance. It does not depend on the unit of time.
    ///
    /// `None` where nothing moves.
    pub(crate) fn first_step(&self, slope: f64, curvature: f64) -> Option<f64> {
        if !(slope > 0.0 && slope.is_finite() && curvature.is_finite()) {
            return None;
        }
        // Without curvature, bound the change itself.
        let rate = (curvature / slope).max(slope * 1e-8);
        let amplitude = slope / rate;
        Some(power(TAYLOR_SCALE / amplitude, 1.0 / self.error_order) / rate)
    }
}

/// Inverse size of the constant in the leading error term against a Taylor term.
const TAYLOR_SCALE: f64 = 10.0;

/// A positive number to some power. Steps must not depend on the system's mathematics library: they decide the bytes of
/// the results.
fn power(base: f64, exponent: f64) -> f64 {
    vecmath::exp::<false>(exponent * vecmath::ln::<false>(base))
}
