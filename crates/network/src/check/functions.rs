//! Units of the named functions.

use super::units::{Inference, Measure, Wrong};
use crate::expr::{ExprId, Function};

impl Inference<'_> {
    /// The unit of a named function of these arguments.
    pub(super) fn call(&self, function: Function, a: &[ExprId]) -> Result<Measure, Wrong> {
        match function {
            Function::SmoothPlus
            | Function::SmoothPlusZero
            | Function::SoftClip
            | Function::SoftCap
            | Function::Bounded => self.same(a),
            Function::SmoothPow => {
                self.same(&[a[0], a[2]])?;
                self.power(a[0], a[1])
            }
            Function::Logistic | Function::Softplus => {
                self.dimensionless(a[0], "argument")?;
                Ok(Measure::one())
            }
            Function::PhWindow => {
                self.same(a)?;
                Ok(Measure::one())
            }
        }
    }
}
