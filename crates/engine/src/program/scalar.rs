//! A program run for one patient, one operation after the other: every operation rounded by itself, and all functions
//! portable code, so that the bytes are the same on every machine.

use super::{Op, Program, Section, ValueId};
use crate::lanes::vecmath::pow;
use gutskin_network::expr::{larger, smaller};
use std::sync::Arc;

/// One patient's working copy of a program. All methods are pure in (parameters, switches, inputs, t, y): the stored
/// numbers are only a cache.
#[derive(Clone, Debug)]
pub struct ScalarProgram {
    program: Arc<Program>,
    values: Vec<f64>,
    parameters: Vec<f64>,
    switches: Vec<f64>,
    inputs: Vec<f64>,
}

impl ScalarProgram {
    /// A copy with the program's central parameters, default switches and inputs.
    pub fn new(program: Arc<Program>) -> Self {
        let mut this = Self {
            values: vec![0.0; program.tape.len()],
            parameters: program.parameter_defaults.clone(),
            switches: program.switch_defaults.clone(),
            inputs: program.input_defaults.clone(),
            program,
        };
        this.refresh();
        this
    }

    /// The program behind it.
    pub fn program(&self) -> &Arc<Program> {
        &self.program
    }

    /// Sets this patient's parameters and switches. Missing numbers keep their defaults.
    pub fn set_patient(&mut self, parameters: &[f64], switches: &[f64]) {
        copy_prefix(&mut self.parameters, parameters);
        copy_prefix(&mut self.switches, switches);
        self.refresh();
    }

    /// Sets all inputs; recomputes what depends on them where they changed.
    pub fn set_inputs(&mut self, inputs: &[f64]) {
        if self
            .inputs
            .iter()
            .zip(inputs)
            .any(|(a, b)| a.to_bits() != b.to_bits())
        {
            copy_prefix(&mut self.inputs, inputs);
            self.run(Section::Inputs, 0.0, &[]);
        }
    }

    fn refresh(&mut self) {
        self.run(Section::Patient, 0.0, &[]);
        self.run(Section::Inputs, 0.0, &[]);
    }

    /// Values at the start.
    pub fn initial(&self, y: &mut [f64]) {
        self.gather(&self.program.initial, y);
    }

    /// dy/dt at (t, y).
    pub fn rates(&mut self, t: f64, y: &[f64], dydt: &mut [f64]) {
        self.run(Section::Rates, t, y);
        self.gather(&self.program.rates, dydt);
    }

    /// Jacobian entries in the order of the pattern, and ∂f/∂t, at (t, y).
    pub fn jacobian(&mut self, t: f64, y: &[f64], entries: &mut [f64], dfdt: &mut [f64]) {
        for section in [Section::Rates, Section::Jacobian, Section::TimeDerivative] {
            self.run(section, t, y);
        }
        self.gather(&self.program.jacobian, entries);
        self.gather(&self.program.time_derivative, dfdt);
    }

    /// Observables at (t, y).
    pub fn observe(&mut self, t: f64, y: &[f64], out: &mut [f64]) {
        self.run(Section::Rates, t, y);
        self.run(Section::Observables, t, y);
        self.gather(&self.program.observables, out);
    }

    fn gather(&self, list: &[ValueId], out: &mut [f64]) {
        for (slot, &value) in out.iter_mut().zip(list) {
            *slot = self.values[value as usize];
        }
    }

    fn run(&mut self, section: Section, t: f64, y: &[f64]) {
        let at = |list: &[f64], i: u32| list.get(i as usize).copied().unwrap_or(f64::NAN);
        for position in self.program.section(section) {
            let v = |id: ValueId| self.values[id as usize];
            let value = match self.program.tape.ops[position] {
                Op::Constant(c) => c,
                Op::Time => t,
                Op::State(i) => at(y, i),
                Op::Parameter(i) => at(&self.parameters, i),
                Op::Input(i) => at(&self.inputs, i),
                Op::Switch(i) => at(&self.switches, i),
                Op::Unary(op, a) => op.apply(v(a)),
                Op::Add(a, b) => v(a) + v(b),
                Op::Sub(a, b) => v(a) - v(b),
                Op::Mul(a, b) => v(a) * v(b),
                Op::Div(a, b) => v(a) / v(b),
                Op::Pow(a, b) => pow::<false>(v(a), v(b)),
                Op::Min(a, b) => smaller(v(a), v(b)),
                Op::Max(a, b) => larger(v(a), v(b)),
                Op::Select(relation, [left, right, then, otherwise]) => {
                    if relation.holds(v(left), v(right)) {
                        v(then)
                    } else {
                        v(otherwise)
                    }
                }
            };
            self.values[position] = value;
        }
    }
}

fn copy_prefix(to: &mut [f64], from: &[f64]) {
    for (slot, &value) in to.iter_mut().zip(from) {
        *slot = value;
    }
}
