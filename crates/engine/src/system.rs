//! What the solvers need to know of a model: right-hand side, sparse Jacobian, read-outs.

use crate::program::{Pattern, ScalarProgram};

/// An initial value problem y' = f(t, y, inputs) with a sparse Jacobian.
///
/// Inputs are constant between the switches of a [`Schedule`](crate::Schedule). Evaluation takes
/// `&mut self` so that an implementation may keep scratch space; a call must depend on its
/// arguments only. Where f is not defined, write NaN: the solver then takes a smaller step.
pub trait System {
    /// Number of states.
    fn dimension(&self) -> usize;

    /// Number of inputs.
    fn inputs(&self) -> usize;

    /// Places where ∂f/∂y may differ from zero.
    fn pattern(&self) -> &Pattern;

    /// Writes f(t, y, inputs) into `dydt` (length [`dimension`](Self::dimension)).
    fn rhs(&mut self, t: f64, y: &[f64], inputs: &[f64], dydt: &mut [f64]);

    /// Writes ∂f/∂y into `values`, one number an entry of [`pattern`](Self::pattern) in its order,
    /// and ∂f/∂t at constant y and inputs into `dfdt`.
    fn jacobian(&mut self, t: f64, y: &[f64], inputs: &[f64], values: &mut [f64], dfdt: &mut [f64]);

    /// Number of observables.
    fn observables(&self) -> usize {
        0
    }

    /// Writes the observables at (t, y, inputs) into `out`.
    fn observe(&mut self, t: f64, y: &[f64], inputs: &[f64], out: &mut [f64]) {
        let _ = (t, y, inputs, out);
    }
}

impl<T: System + ?Sized> System for Box<T> {
    fn dimension(&self) -> usize {
        (**self).dimension()
    }

    fn inputs(&self) -> usize {
        (**self).inputs()
    }

    fn pattern(&self) -> &Pattern {
        (**self).pattern()
    }

    fn rhs(&mut self, t: f64, y: &[f64], inputs: &[f64], dydt: &mut [f64]) {
        (**self).rhs(t, y, inputs, dydt);
    }

    fn jacobian(
        &mut self,
        t: f64,
        y: &[f64],
        inputs: &[f64],
        values: &mut [f64],
        dfdt: &mut [f64],
    ) {
        (**self).jacobian(t, y, inputs, values, dfdt);
    }

    fn observables(&self) -> usize {
        (**self).observables()
    }

    fn observe(&mut self, t: f64, y: &[f64], inputs: &[f64], out: &mut [f64]) {
        (**self).observe(t, y, inputs, out);
    }
}

impl System for ScalarProgram {
    fn dimension(&self) -> usize {
        self.program().dimension()
    }

    fn inputs(&self) -> usize {
        self.program().input_defaults.len()
    }

    fn pattern(&self) -> &Pattern {
        &self.program().pattern
    }

    fn rhs(&mut self, t: f64, y: &[f64], inputs: &[f64], dydt: &mut [f64]) {
        self.set_inputs(inputs);
        self.rates(t, y, dydt);
    }

    fn jacobian(
        &mut self,
        t: f64,
        y: &[f64],
        inputs: &[f64],
        values: &mut [f64],
        dfdt: &mut [f64],
    ) {
        self.set_inputs(inputs);
        ScalarProgram::jacobian(self, t, y, values, dfdt);
    }

    fn observables(&self) -> usize {
        self.program().observables.len()
    }

    fn observe(&mut self, t: f64, y: &[f64], inputs: &[f64], out: &mut [f64]) {
        self.set_inputs(inputs);
        ScalarProgram::observe(self, t, y, out);
    }
}
