//! The Jacobian and the time derivative of whole random networks, as programs give them, against dual numbers.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../../network/tests/common/dual.rs"]
mod dual;
#[allow(dead_code)]
#[path = "../../network/tests/common/random_network.rs"]
mod random_network;

use dual::{Memo, dual};
use gutskin_engine::program::{Program, ProgramOptions, ScalarProgram};
use gutskin_network::Network;
use gutskin_network::expr::Node;
use num_dual::Dual64;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use std::sync::Arc;

/// What the network is differentiated by.
#[derive(Clone, Copy, PartialEq)]
enum By {
    State(u32),
    Time,
}

const TIME: f64 = 0.6;

/// State `i`: distinct values away from corners.
fn state(i: u32) -> f64 {
    0.7 + 0.13 * f64::from(i)
}

/// Rates and their derivatives by one symbol, in dual numbers. Nothing where some part of the equations is no number:
/// comparisons and products with zero may hide that, each in its own way.
fn derivatives(network: &Network, by: By) -> Option<Vec<Dual64>> {
    let mut pool = network.pool.clone();
    let (parameters, inputs) = (network.parameter_values(), network.input_values());
    let switches = network.switch_values();
    let seeded = |value: f64, this: By| {
        let value = Dual64::from(value);
        if this == by {
            value.derivative()
        } else {
            value
        }
    };
    let leaf = |node: &Node| match *node {
        Node::State(i) => Some(seeded(state(i), By::State(i))),
        Node::Time => Some(seeded(TIME, By::Time)),
        Node::Parameter(i) => Some(Dual64::from(parameters[i as usize])),
        Node::Input(i) => Some(Dual64::from(inputs[i as usize])),
        Node::Switch(i) => Some(Dual64::from(switches[i as usize])),
        _ => None,
    };
    let mut memo = Memo::new();
    let rates = network
        .states
        .iter()
        .map(|s| dual(&mut pool, s.rate, &leaf, &mut memo))
        .collect();
    let is_number = |value: &Dual64| !value.re.is_nan();
    memo.values().all(is_number).then_some(rates)
}

/// The dense Jacobian, its pattern's gaps as `None`, and the time derivative.
fn of_program(network: &Network) -> (Vec<Vec<Option<f64>>>, Vec<f64>) {
    let program = Arc::new(Program::new(network, &ProgramOptions::default()).unwrap());
    let n = program.dimension();
    let mut scalar = ScalarProgram::new(program.clone());
    scalar.set_patient(&network.parameter_values(), &network.switch_values());
    scalar.set_inputs(&network.input_values());
    let y: Vec<f64> = (0..n as u32).map(state).collect();
    let (mut entries, mut dfdt) = (vec![0.0; program.pattern.len()], vec![0.0; n]);
    scalar.jacobian(TIME, &y, &mut entries, &mut dfdt);
    let mut dense = vec![vec![None; n]; n];
    for (value, (row, column)) in entries.iter().zip(program.pattern.positions()) {
        dense[row][column] = Some(*value);
    }
    (dense, dfdt)
}

/// Entries compared, and entries that are no number where dual numbers give one.
#[derive(Default)]
struct Tally {
    compared: usize,
    undefined: usize,
}

impl Tally {
    /// Compares where the rate and its derivative are of ordinary size.
    fn entry(&mut self, got: Option<f64>, want: Dual64, what: &str) -> Result<(), TestCaseError> {
        let value = got.unwrap_or(0.0);
        let ordinary = |x: f64| x.abs() < 1e8; // NaN is not
        if !ordinary(want.re) || !ordinary(want.eps) {
            return Ok(());
        }
        if value.is_nan() {
            // The chain rule of a power has the logarithm of its base, here times zero.
            self.undefined += 1;
            return Ok(());
        }
        let close = (value - want.eps).abs() <= 1e-8 * (1.0 + want.eps.abs());
        prop_assert!(close, "{what}: {got:?} against {}", want.eps);
        self.compared += usize::from(want.eps != 0.0);
        Ok(())
    }

    fn network(&mut self, network: &Network) -> Result<(), TestCaseError> {
        let (jacobian, dfdt) = of_program(network);
        let at = |row: usize, column: usize| jacobian[row][column];
        for column in 0..network.states.len() {
            let want = derivatives(network, By::State(column as u32));
            for (row, want) in want.into_iter().flatten().enumerate() {
                let what = format!("d rate {row} / d state {column}");
                self.entry(at(row, column), want, &what)?;
            }
        }
        let want = derivatives(network, By::Time);
        for (row, want) in want.into_iter().flatten().enumerate() {
            self.entry(Some(dfdt[row]), want, &format!("d rate {row} / dt"))?;
        }
        Ok(())
    }
}

#[test]
fn jacobian_of_random_networks_agrees_with_dual_numbers() {
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 2000,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let tally = std::cell::RefCell::new(Tally::default());
    runner
        .run(&random_network::recipes(), |recipe| {
            tally.borrow_mut().network(&recipe.build().0)
        })
        .unwrap();
    let Tally {
        compared,
        undefined,
    } = tally.into_inner();
    assert!(compared > 1000, "only {compared} derivatives were compared");
    assert!(
        undefined < compared / 50,
        "{undefined} undefined beside {compared}"
    );
}
