//! Lowered programs against plain evaluation of the same expressions.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use gutskin_engine::program::{Program, ProgramError, ProgramOptions, ScalarProgram};
use gutskin_engine::{Action, Change, Options, Run, Schedule, Solver, States, Target};
use gutskin_network::expr::{Differentiator, Node, Values};
use gutskin_network::{Builder, Network, ParameterTable};
use std::sync::Arc;

fn example() -> Network {
    let table = ParameterTable::new();
    let m = Builder::new("example", "d", &table);
    let (k, half, corner) = (
        m.number("k", 2.0),
        m.number("half", 0.5),
        m.number("corner", 5.0),
    );
    let dose = m.input("dose", "1", 0.25, "");
    let on = m.switch("link.x", true, "");
    let x = m.state("x", "1").initial(k / half).add();
    let y = m.state("y", "1").initial(1.5).add();
    let uptake = m.variable("uptake", "1", k * x / (half + x), "");
    m.rate(x, dose - uptake + (m.time() * k).sin());
    m.rate(
        y,
        on * uptake.pow(3.0) - y.smooth_pow(0.4, 0.01) / (x + y).pow(-2.0),
    );
    m.rate(
        y,
        y.ph_window([corner, corner + 1.0, corner + 2.0, corner + 4.0]),
    );
    m.observe("sum", "1", (x + y).ln() * uptake, "");
    m.finish().unwrap()
}

#[test]
fn program_agrees_with_plain_evaluation() {
    let network = example();
    let program = Arc::new(Program::new(&network, &ProgramOptions::default()).unwrap());
    let mut scalar = ScalarProgram::new(program.clone());
    scalar.set_patient(&[1.7, 0.3, 4.9], &[1.0]);
    scalar.set_inputs(&[0.8]);
    let (t, y) = (0.6, [1.1, 5.3]);
    let values = Values {
        time: t,
        states: y.to_vec(),
        parameters: vec![1.7, 0.3, 4.9],
        inputs: vec![0.8],
        switches: vec![1.0],
    };

    let mut pool = network.pool.clone();
    let roots: Vec<_> = network.states.iter().map(|s| s.rate).collect();
    let want = pool.evaluate(&roots, &values);
    let mut got = [0.0; 2];
    scalar.rates(t, &y, &mut got);
    for (g, w) in got.iter().zip(&want) {
        assert!((g - w).abs() < 1e-12 * w.abs(), "{g} against {w}");
    }

    let mut entries = vec![0.0; program.pattern.len()];
    let mut dfdt = [0.0; 2];
    scalar.jacobian(t, &y, &mut entries, &mut dfdt);
    let differentiator = Differentiator::new(&mut pool, &roots);
    for (position, (row, column)) in program.pattern.positions().enumerate() {
        let symbol = pool.intern(Node::State(column as u32));
        let d = differentiator.derivatives(&mut pool, symbol)[&roots[row]];
        let want = pool.evaluate(&[d], &values)[0];
        assert!(
            (entries[position] - want).abs() <= 1e-12 * want.abs(),
            "({row},{column})"
        );
    }
    assert!((dfdt[0] - 1.7 * (0.6f64 * 1.7).cos()).abs() < 1e-14);
    assert_eq!(program.pattern.len(), 3, "x does not depend on y");

    let mut sum = [0.0];
    scalar.observe(t, &y, &mut sum);
    let want = network
        .pool
        .evaluate(&[network.observables[0].expression], &values)[0];
    assert!((sum[0] - want).abs() < 1e-14);
    let mut start = [0.0; 2];
    scalar.initial(&mut start);
    assert_eq!(start, [1.7 / 0.3, 1.5]);
}

#[test]
fn unknown_observable_suggests_the_nearest() {
    let options = ProgramOptions {
        observables: Some(vec!["summ".into()]),
    };
    let error = Program::new(&example(), &options).unwrap_err();
    assert!(matches!(error, ProgramError::UnknownObservable { .. }));
    assert!(
        error.to_string().contains("did you mean \"sum\""),
        "{error}"
    );
}

#[test]
fn states_and_variables_can_be_observed_by_name() {
    let options = ProgramOptions {
        observables: Some(vec!["x".into(), "uptake".into()]),
    };
    let program = Program::new(&example(), &options).unwrap();
    let mut scalar = ScalarProgram::new(Arc::new(program));
    let mut out = [0.0; 2];
    scalar.observe(0.0, &[2.0, 1.0], &mut out);
    assert_eq!(out, [2.0, 2.0 * 2.0 / 2.5]);
}

/// An exchange and, where asked for, an input that adds to it: only without it is the sum kept by projection.
#[test]
fn sums_that_an_input_adds_to_are_not_kept() {
    let build = |fed: bool| {
        let table = ParameterTable::new();
        let m = Builder::new("exchange", "d", &table);
        let rate = m.number("rate", 1e9);
        let feed = m.input("feed", "1", 0.0, "");
        let x = m.state("x", "1").initial(2.0).add();
        let y = m.state("y", "1").initial(0.0).add();
        m.rate(x, rate * (y - x) + if fed { feed } else { 0.0 * feed });
        m.rate(y, rate * (x - y));
        m.invariant("sum", &[(x, 1.0), (y, 1.0)], "");
        Program::new(&m.finish().unwrap(), &ProgramOptions::default()).unwrap()
    };
    assert_eq!(build(false).invariants.len(), 1);
    let program = Arc::new(build(true));
    assert!(program.invariants.is_empty());
    let states = States::of_program(&program).unwrap();
    let mut solver = Solver::new(ScalarProgram::new(program), states, Options::default()).unwrap();
    let switch = Change {
        time: 5.0,
        target: Target::Input(0),
        action: Action::Set(0.1),
    };
    let run = Run {
        inputs: vec![0.0],
        schedule: Schedule::sorted(vec![switch]).unwrap(),
        outputs: vec![100.0],
        record_states: true,
        ..Run::new(0.0, 100.0, vec![2.0, 0.0])
    };
    let found = solver.solve(&run).unwrap();
    assert!(found.status.is_success(), "{}", found.status);
    let sum: f64 = found.trajectory.states(0).iter().sum();
    assert!((sum - 11.5).abs() < 1e-4, "{sum}");
}
