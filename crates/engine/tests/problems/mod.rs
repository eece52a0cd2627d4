//! Classic and analytic initial value problems, shared by the tests of every solver.
//!
//! Each right-hand side is written once, over [`Number`]: over plain numbers it gives f, over
//! expressions a network.
#![allow(dead_code, unused_imports, missing_docs)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod classic;
mod equilibria;
mod linear;
mod number;
mod reference;

use std::sync::Arc;

pub use classic::*;
pub use equilibria::*;
pub use linear::*;
pub use number::Number;
pub use reference::{Reference, relative_errors};

use gutskin_engine::program::{Program, ProgramOptions, ScalarProgram};
use gutskin_engine::{Options, Run, Solver, States};
use gutskin_network::{Builder, Network, ParameterTable};

/// An initial value problem with what the solvers need to know of its states.
pub trait Model {
    /// Name, also that of its reference file.
    fn name(&self) -> String;
    /// Right-hand side.
    fn rhs<N: Number>(&self, t: &N, y: &[N], inputs: &[N]) -> Vec<N>;
    /// Initial state, at the first time of the span.
    fn initial(&self) -> Vec<f64>;
    /// First and last time.
    fn span(&self) -> (f64, f64);
    /// Typical sizes, signs, invariants.
    fn states(&self) -> States;
    /// Inputs at the start.
    fn inputs(&self) -> Vec<f64> {
        Vec::new()
    }
    /// Exact solution where there is one.
    fn exact(&self, _t: f64) -> Option<Vec<f64>> {
        None
    }
}

/// The model as a network: states `model.y0`…, all observed, and inputs `model.u0`….
pub fn network(model: &impl Model) -> Network {
    let table = ParameterTable::new();
    let builder = Builder::new(&model.name(), "s", &table);
    let declared = model.states();
    let mut y = Vec::new();
    for (i, value) in model.initial().into_iter().enumerate() {
        let spec = builder
            .state(&format!("model.y{i}"), "1")
            .typical(declared.typical()[i])
            .initial(value);
        y.push(
            if declared.non_negative()[i] {
                spec
            } else {
                spec.signed()
            }
            .add(),
        );
    }
    let inputs: Vec<_> = model
        .inputs()
        .into_iter()
        .enumerate()
        .map(|(i, value)| builder.input(&format!("model.u{i}"), "1", value, "an input"))
        .collect();
    for (&state, rate) in y.iter().zip(model.rhs(&builder.time(), &y, &inputs)) {
        builder.rate(state, rate);
    }
    for (i, &state) in y.iter().enumerate() {
        builder.observe(&format!("model.y{i}"), "1", state, "a state");
    }
    for (i, terms) in declared.invariants().iter().enumerate() {
        let terms: Vec<_> = terms
            .iter()
            .map(|&(state, weight)| (y[state as usize], weight))
            .collect();
        builder.invariant(&format!("model.invariant{i}"), &terms, "conserved");
    }
    builder.finish().unwrap()
}

/// The model as a compiled program.
pub fn program(model: &impl Model) -> Arc<Program> {
    Arc::new(Program::new(&network(model), &ProgramOptions::default()).unwrap())
}

/// A scalar solver for the model.
pub fn solver(model: &impl Model, options: Options) -> Solver<ScalarProgram> {
    let program = program(model);
    let states = States::of_program(&program).unwrap();
    Solver::new(ScalarProgram::new(program), states, options).unwrap()
}

/// A run of the model over its span, all states recorded.
pub fn run(model: &impl Model, outputs: Vec<f64>) -> Run {
    let (start, end) = model.span();
    let mut run = Run::new(start, end, model.initial());
    run.inputs = model.inputs();
    run.outputs = outputs;
    run.record_states = true;
    run
}
