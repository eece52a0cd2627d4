//! Network → text → network gives the same network.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::describe::describe;
use common::random_network::recipes;
use gutskin_network::{Builder, Network, ParameterTable, expr::Values, sbml, text};
use proptest::prelude::*;

fn rates(n: &Network, state: f64) -> Vec<f64> {
    let values = Values {
        time: 0.5,
        states: vec![state; n.states.len()],
        parameters: n.parameter_values(),
        inputs: n.input_values(),
        switches: n.switch_values(),
    };
    let ids: Vec<_> = n.states.iter().map(|s| s.rate).collect();
    n.pool.evaluate(&ids, &values)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn random_networks_come_back(recipe in recipes()) {
        let (network, _) = recipe.build();
        let written = text::write(&network);
        let back = text::read(&written).map_err(|e| TestCaseError::fail(format!("{e}\n{written}")))?;
        prop_assert_eq!(describe(&network), describe(&back), "{}", written);
        prop_assert_eq!(&written, &text::write(&back));
        prop_assert_eq!(network.model_hash(), back.model_hash());
        prop_assert_eq!(network.parameter_hash(), back.parameter_hash());
        let bits = |n: &Network| rates(n, 0.7).iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        prop_assert_eq!(bits(&network), bits(&back));
    }

    #[test]
    fn imported_networks_come_back(recipe in recipes()) {
        let (network, schedule) = recipe.build();
        let network = sbml::read(&sbml::write(&network, &schedule)).unwrap().network;
        let written = text::write(&network);
        let back = text::read(&written).map_err(|e| TestCaseError::fail(format!("{e}\n{written}")))?;
        prop_assert_eq!(describe(&network), describe(&back), "{}", written);
    }
}

#[test]
fn the_sample_reads_as_a_modeller_wants_it() {
    let (network, _) = common::sample::sample();
    let written = text::write(&network);
    assert_eq!(written, include_str!("data/sample.model"), "{written}");
    assert_eq!(describe(&network), describe(&text::read(&written).unwrap()));
}

#[test]
fn order_does_not_matter_to_definitions() {
    let text = "
        observable a.y [1] = v.late
        variable v.late = v.early*2 # used before it stands
        state a.x typical 1 initial p.k rate -p.k*_1
        let _1 = v.late + a.x
        variable v.early = a.x + 1
        parameter p.k = 3 mark assumed
        model forward";
    let n = text::read(text).unwrap();
    assert_eq!(n.text(n.states[0].rate), "-p.k*(v.late + a.x)");
    let names: Vec<&str> = n.variables.iter().map(|v| v.name.as_str()).collect();
    assert_eq!(names, ["v.early", "v.late"]);
    assert_eq!(rates(&n, 0.5), [-3.0 * (3.0 + 0.5)]);
}

#[test]
fn processes_are_not_added_to_rates_again() {
    let table = ParameterTable::new();
    let m = Builder::new("flow", "d", &table);
    let x = m.state("a.x", "1").add();
    m.process("a.out", "1", x * 2.0).uses(x, 1.0).add();
    let network = m.finish().unwrap();
    let back = text::read(&text::write(&network)).unwrap();
    assert_eq!(rates(&network, 1.5), [-3.0]);
    assert_eq!(rates(&back, 1.5), [-3.0]);
}

#[test]
fn long_sums_and_deep_and_shared_expressions_come_back() {
    let table = ParameterTable::new();
    let m = Builder::new("large", "d", &table);
    let x = m.state("a.x", "1").add();
    let (mut sum, mut nested, mut doubled, mut ladder) = (x, x, x, x);
    for i in 0..10_000 {
        sum = sum + (x * f64::from(i)).cos();
    }
    for i in 0..5_000 {
        nested = (nested + 1.0).sin();
        ladder = (ladder + x) * (x - f64::from(i));
    }
    for _ in 0..60 {
        doubled = doubled.sin() * doubled;
    }
    m.rate(x, sum - nested + doubled - ladder.tanh());
    let network = m.finish().unwrap();
    let written = text::write(&network);
    assert!(written.len() < 1_000_000, "{} bytes", written.len());
    let back = text::read(&written).unwrap();
    assert_eq!(written, text::write(&back));
    assert_eq!(rates(&network, 0.7), rates(&back, 0.7));
}

#[test]
fn a_tree_deeper_than_the_call_stack_prints() {
    let table = ParameterTable::new();
    let m = Builder::new("deep", "d", &table);
    let x = m.state("a.x", "1").add();
    let mut nested = x;
    for _ in 0..1_000_000 {
        nested = nested.sin();
    }
    m.rate(x, nested);
    let network = m.finish().unwrap();
    assert_eq!(network.text(network.states[0].rate).len(), 5_000_003);
}

#[test]
fn a_million_terms_are_read() {
    let mut text = "model m state a.x typical 1 initial 0 rate a.x".to_owned();
    text.push_str(&" - a.x".repeat(1_000_000));
    let n = text::read(&text).unwrap();
    assert_eq!(n.pool.len(), 1_000_002);
}

#[test]
fn hashes_tell_equations_from_numbers_and_words() {
    let base = "model m clock [d] parameter p.k = 1 [1/d] mark assumed spread normal(sd 0.1) \"k\"
        switch s.on = on state a.x [mmol] typical 1 initial 1 rate -p.k*a.x";
    let change = |from: &str, to: &str| {
        assert!(base.contains(from));
        let n = text::read(&base.replace(from, to)).unwrap();
        (n.model_hash(), n.parameter_hash())
    };
    let (model, parameters) = change("model m", "model m");
    assert_eq!(model.len(), 64);
    for (from, to) in [
        ("\"k\"", "\"rate\""),
        ("assumed", "read source S"),
        ("model m", "model n"),
    ] {
        assert_eq!(
            change(from, to),
            (model.clone(), parameters.clone()),
            "{to}"
        );
    }
    for (from, to) in [("= 1", "= 2"), ("0.1", "0.2")] {
        let (m, p) = change(from, to);
        assert!(m == model && p != parameters, "{to}");
    }
    for (from, to) in [
        ("-p.k*a.x", "p.k*a.x"),
        ("typical 1", "typical 2"),
        ("initial 1", "initial 2"),
        ("= on", "= off"),
        ("[mmol]", "[mol]"),
    ] {
        let (m, p) = change(from, to);
        assert!(m != model && p == parameters, "{to}");
    }
}

#[test]
fn written_text_of_imports_with_reserved_names_comes_back() {
    let document = "<sbml xmlns=\"http://www.sbml.org/sbml/level3/version2/core\" level=\"3\" version=\"2\"><model>
        <listOfParameters><parameter id=\"inf\" value=\"3\" constant=\"true\"/>
        <parameter id=\"nan\" value=\"2\" constant=\"false\"/></listOfParameters>
        <listOfRules><rateRule variable=\"nan\"><math xmlns=\"http://www.w3.org/1998/Math/MathML\"><ci>inf</ci></math></rateRule></listOfRules>
        </model></sbml>";
    let network = sbml::read(document).unwrap().network;
    let written = text::write(&network);
    assert!(written.contains("rate `inf`"), "{written}");
    assert_eq!(describe(&network), describe(&text::read(&written).unwrap()));
}
