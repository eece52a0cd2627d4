//! Network → SBML → network gives the same network.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::describe::{describe, describe_schedule};
use common::random_network::recipes;
use gutskin_network::sbml;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn random_networks_come_back(recipe in recipes()) {
        let (network, schedule) = recipe.build();
        let text = sbml::write(&network, &schedule);
        let back = sbml::read(&text).map_err(|e| TestCaseError::fail(format!("{e}\n{text}")))?;
        prop_assert_eq!(describe(&network), describe(&back.network), "{}", text);
        prop_assert_eq!(describe_schedule(&schedule), describe_schedule(&back.schedule), "{}", text);
        prop_assert_eq!(network.model_hash(), back.network.model_hash());
        prop_assert_eq!(network.parameter_hash(), back.network.parameter_hash());
        prop_assert_eq!(text, sbml::write(&back.network, &back.schedule));
    }
}

#[test]
fn the_sample_comes_back() {
    let (network, schedule) = common::sample::sample();
    let back = sbml::read(&sbml::write(&network, &schedule)).unwrap();
    assert_eq!(describe(&network), describe(&back.network));
    assert_eq!(schedule, back.schedule);
}

#[test]
fn shared_parts_and_long_sums_stay_small_and_come_back() {
    let table = gutskin_network::ParameterTable::new();
    let m = gutskin_network::Builder::new("shared", "d", &table);
    let x = m.state("a.x", "1").add();
    let mut doubled = x;
    for _ in 0..60 {
        doubled = doubled.sin() * doubled;
    }
    let mut sum = x;
    for i in 0..3000 {
        sum = sum + (x * f64::from(i)).cos();
    }
    let mut nested = x;
    for _ in 0..3000 {
        nested = (nested + 1.0).sin();
    }
    m.rate(x, doubled - sum + nested);
    let network = m.finish().unwrap();
    let text = sbml::write(&network, &gutskin_network::Schedule::default());
    assert!(text.len() < 2_000_000, "{} bytes", text.len());
    let back = sbml::read(&text).unwrap().network;
    assert_eq!(
        text,
        sbml::write(&back, &gutskin_network::Schedule::default())
    );
    let values = gutskin_network::expr::Values {
        states: vec![0.7],
        ..Default::default()
    };
    let value = |n: &gutskin_network::Network| n.pool.evaluate(&[n.states[0].rate], &values)[0];
    assert_eq!(value(&network), value(&back));
}

#[test]
fn foreign_ids_that_are_words_of_the_text_form_come_through_it() {
    let ids = [
        "if", "min", "exp", "nan", "inf", "time", "state", "model", "softplus", "end", "e1",
    ];
    let parameters: String = ids
        .iter()
        .map(|id| format!("<parameter id=\"{id}\" value=\"1\" constant=\"false\"/>"))
        .collect();
    let rules: String = ids
        .windows(2)
        .map(|w| {
            format!(
                "<rateRule variable=\"{}\"><math xmlns=\"http://www.w3.org/1998/Math/MathML\"><apply><sin/><ci>{}</ci></apply></math></rateRule>",
                w[0], w[1]
            )
        })
        .collect();
    let document = format!(
        "<sbml xmlns=\"http://www.sbml.org/sbml/level3/version2/core\" level=\"3\" version=\"2\"><model>
        <listOfParameters>{parameters}</listOfParameters><listOfRules>{rules}</listOfRules></model></sbml>"
    );
    let network = sbml::read(&document).unwrap().network;
    let text = gutskin_network::text::write(&network);
    let back = gutskin_network::text::read(&text).unwrap_or_else(|e| panic!("{e}\n{text}"));
    assert_eq!(describe(&network), describe(&back));
}

#[test]
fn what_parameters_alone_define_is_a_constant() {
    let table = gutskin_network::ParameterTable::new();
    let m = gutskin_network::Builder::new("still", "d", &table);
    let x = m.state("a.x", "1").add();
    let k = m.switch("switch.k", true, "");
    let square = m.variable("a.square", "1", k * k + 1.0, "");
    let moving = m.variable("a.moving", "1", square * x, "");
    m.rate(x, (k + 0.5).exp() * moving - x);
    let network = m.finish().unwrap();
    let text = sbml::write(&network, &gutskin_network::Schedule::default());
    let count = |what: &str| text.matches(what).count();
    assert_eq!(
        count("<initialAssignment symbol=\"a__square\""),
        1,
        "{text}"
    );
    assert_eq!(count("<initialAssignment symbol=\"_shared_"), 1, "{text}");
    assert_eq!(count("<assignmentRule variable=\"a__moving\""), 1, "{text}");
    assert_eq!(count("<assignmentRule "), 1, "{text}");
    let back = sbml::read(&text).unwrap().network;
    assert_eq!(describe(&network), describe(&back));
}
