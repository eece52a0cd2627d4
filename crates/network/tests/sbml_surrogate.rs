//! The benchmark model read from SBML.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::describe::describe;
use gutskin_network::expr::Values;
use gutskin_network::{Action, Change, Target, sbml};

fn surrogate() -> Option<String> {
    gutskin_testing::shared_text("bench/surrogate.xml.gz")
}

#[test]
fn counts_values_and_events() {
    let Some(text) = surrogate() else { return };
    let imported = sbml::read(&text).unwrap();
    let network = &imported.network;
    assert_eq!(network.states.len(), 116);
    assert_eq!(network.variables.len(), 215);
    assert_eq!(network.inputs.len(), 1);
    assert_eq!(network.inputs[0].name, "u");
    assert_eq!(network.parameters.len(), 585 - 116 - 215 - 1);
    let stress = network.parameter("stress").unwrap();
    assert_eq!(network.parameters[stress as usize].value, 0.5);
    let x = network.state("X0_0").unwrap() as usize;
    let initial = network.states[x].initial;
    assert_eq!(network.pool.as_constant(initial), Some(0.461916382416581));
    let change = |time, value| Change {
        time,
        target: Target::Input(0),
        action: Action::Set(value),
    };
    assert_eq!(
        imported.schedule.changes(),
        [change(28.0, 1.0), change(112.0, 0.0)]
    );
}

#[test]
fn rates_are_finite_at_the_start() {
    let Some(text) = surrogate() else { return };
    let network = sbml::read(&text).unwrap().network;
    let roots: Vec<_> = network.states.iter().map(|s| s.initial).collect();
    let values = Values {
        parameters: network.parameter_values(),
        inputs: network.input_values(),
        ..Values::default()
    };
    let states = network.pool.evaluate(&roots, &values);
    let rates: Vec<_> = network.states.iter().map(|s| s.rate).collect();
    let slopes = network.pool.evaluate(&rates, &Values { states, ..values });
    assert!(slopes.iter().all(|s| s.is_finite()));
    // ker' = 0.25·(0.1 + 1.1·Hill(sk17)) − 0.25·ker, written out by hand from the file.
    let ker = network.state("ker").unwrap() as usize;
    assert_eq!(
        network.text(network.states[ker].rate),
        "0.25*(0.1 + 1.1*(sk17^nk/(Kk^nk + sk17^nk))) - 0.25*ker"
    );
}

#[test]
fn written_and_read_back_it_is_the_same() {
    let Some(text) = surrogate() else { return };
    let first = sbml::read(&text).unwrap();
    let written = sbml::write(&first.network, &first.schedule);
    let second = sbml::read(&written).unwrap();
    assert_eq!(describe(&first.network), describe(&second.network));
    assert_eq!(first.schedule, second.schedule);
}
