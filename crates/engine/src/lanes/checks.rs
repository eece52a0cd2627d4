//! Kernels against the scalar program: rates, Jacobian, factorisation and solve, under every instruction set.

use std::sync::Arc;

use gutskin_surrogate::Surrogate;

use super::compile::LaneProgram;
use super::kernel::{InstructionSet, Kernels, StageRows};
use super::memory::{Memory, Row};
use crate::program::{Program, ProgramOptions, ScalarProgram};

const LANES: usize = 16;

struct Case {
    surrogate: Surrogate,
    program: Arc<Program>,
    lanes: LaneProgram,
}

fn case() -> Option<Case> {
    let Some(folder) = Surrogate::folder() else {
        println!("skipped: the benchmark model is not here");
        return None;
    };
    let surrogate = Surrogate::read(&folder, 1e-3).expect("readable");
    let program = Program::new(&surrogate.model.network, &ProgramOptions::default());
    let program = Arc::new(program.expect("a program"));
    let lanes = LaneProgram::new(program.clone()).expect("small enough");
    Some(Case {
        surrogate,
        program,
        lanes,
    })
}

/// A memory with one patient of the surrogate a lane, at its initial state.
fn loaded(case: &Case, kernels: &Kernels<LANES>) -> Memory<LANES> {
    let lanes = &case.lanes;
    let mut memory = Memory::new(lanes.rows);
    for &(row, value) in &lanes.constants {
        memory.rows[usize::from(row)] = Row::splat(value);
    }
    for lane in 0..LANES {
        let patient = &case.surrogate.patients[lane];
        for &(row, i) in &lanes.parameters {
            memory.set(row.into(), lane, patient.parameters[i]);
        }
        for &(row, i) in &lanes.inputs {
            memory.set(row.into(), lane, case.program.input_defaults[i]);
        }
        for (i, &value) in patient.initial.iter().enumerate() {
            memory.set(lanes.vectors.argument + i, lane, value);
        }
        kernels.run_lane(&mut memory.rows, &lanes.code.patient, lane);
        kernels.run_lane(&mut memory.rows, &lanes.code.inputs, lane);
    }
    memory
}

/// (rates, Jacobian) of the scalar program.
fn scalar(case: &Case, lane: usize) -> (Vec<f64>, Vec<f64>) {
    let n = case.program.dimension();
    let patient = &case.surrogate.patients[lane];
    let mut scalar = ScalarProgram::new(case.program.clone());
    scalar.set_patient(&patient.parameters, &[]);
    let (mut rates, mut time) = (vec![0.0; n], vec![0.0; n]);
    let mut jacobian = vec![0.0; case.program.jacobian.len()];
    scalar.rates(0.0, &patient.initial, &mut rates);
    scalar.jacobian(0.0, &patient.initial, &mut jacobian, &mut time);
    (rates, jacobian)
}

fn assert_close(what: &str, at: usize, found: f64, expected: f64, size: f64) {
    let error = (found - expected).abs() / size;
    assert!(error < 1e-11, "{what} {at}: {found} for {expected}");
}

#[test]
fn rates_and_jacobian_are_those_of_the_scalar_program() {
    let Some(case) = case() else { return };
    for set in InstructionSet::ALL
        .into_iter()
        .filter(|set| set.is_available())
    {
        let kernels = Kernels::<LANES>::new(set);
        let mut memory = loaded(&case, &kernels);
        kernels.run(&mut memory.rows, &case.lanes.code.rates);
        kernels.run(&mut memory.rows, &case.lanes.code.derivatives);
        for lane in 0..LANES {
            let (rates, jacobian) = scalar(&case, lane);
            let size = |list: &[f64]| list.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
            let (r, j) = (size(&rates), size(&jacobian));
            for (i, &row) in case.lanes.rates.iter().enumerate() {
                assert_close("rate", i, memory.get(row.into(), lane), rates[i], r);
            }
            for (i, &row) in case.lanes.jacobian.iter().enumerate() {
                assert_close("entry", i, memory.get(row.into(), lane), jacobian[i], j);
            }
        }
    }
}

#[test]
fn a_stage_solves_the_shifted_system() {
    let Some(case) = case() else { return };
    let n = case.program.dimension();
    for set in InstructionSet::ALL
        .into_iter()
        .filter(|set| set.is_available())
    {
        let kernels = Kernels::<LANES>::new(set);
        let mut memory = loaded(&case, &kernels);
        kernels.run(&mut memory.rows, &case.lanes.code.rates);
        kernels.run(&mut memory.rows, &case.lanes.code.derivatives);
        let shift = Row(std::array::from_fn(|lane| 0.5 + lane as f64));
        let trusted = kernels.factorise(&mut memory.rows, &case.lanes, &shift);
        let rows = StageRows {
            states: n,
            stages: case.lanes.vectors.stages,
            time_derivative: None,
        };
        kernels.solve(&mut memory.rows, &case.lanes, &rows, &[], None);
        for lane in 0..LANES {
            assert!(trusted.0[lane] > 0.0);
            let (rates, jacobian) = scalar(&case, lane);
            let u = |i: usize| memory.get(case.lanes.vectors.stages + i, lane);
            let mut residual: Vec<f64> = (0..n).map(|i| shift.0[lane] * u(i) - rates[i]).collect();
            let mut size: Vec<f64> = residual.iter().map(|x| x.abs()).collect();
            for (value, (row, column)) in jacobian.iter().zip(case.program.pattern.positions()) {
                residual[row] -= value * u(column);
                size[row] += (value * u(column)).abs();
            }
            for i in 0..n {
                assert!(
                    residual[i].abs() <= 1e-11 * (size[i] + rates[i].abs()) + 1e-300,
                    "row {i}"
                );
            }
        }
    }
}
