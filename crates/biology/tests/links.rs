//! No link is there in name only: every switch that is turned moves a rate or something that is read.
#![allow(clippy::unwrap_used, clippy::panic)]

use gutskin_biology::axis::{AxisOptions, SkinKind, network};
use gutskin_biology::body::{self, Mode};
use gutskin_biology::catalogue::Catalogue;
use gutskin_biology::references::link_sources;
use gutskin_biology::{early, parameter_table, thin};
use gutskin_engine::System;
use gutskin_engine::program::{Program, ProgramOptions, ScalarProgram};
use gutskin_network::Network;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Links whose cause a skin does not show: only eczema itches, and neither acne nor healthy skin has a severity that reaches the body.
const WITHOUT_CAUSE: &[(&str, &[&str])] = &[
    ("axis_pso", &["itch_to_sleep"]),
    ("axis_acne", WITHOUT_SEVERITY),
    ("axis_healthy", WITHOUT_SEVERITY),
];
const WITHOUT_SEVERITY: &[&str] = &[
    "severity_to_stress",
    "itch_to_sleep",
    "severity_to_cytokines",
    "severity_to_helpers",
];

/// Rates and observables away from rest, with every input away from usual and every gain away from nothing.
fn seen(network: &Network, system: &mut ScalarProgram, switches: &[f64]) -> Vec<f64> {
    let unknown = |p: &gutskin_network::Parameter| if p.value == 0.0 { 0.2 } else { p.value };
    let parameters: Vec<f64> = network.parameters.iter().map(unknown).collect();
    system.set_patient(&parameters, switches);
    let mut state = vec![0.0; network.states.len()];
    system.initial(&mut state);
    for (i, (value, spec)) in state.iter_mut().zip(&network.states).enumerate() {
        *value = *value * (1.1 + 0.01 * (i % 7) as f64) + 0.1 * spec.typical;
    }
    let moved = |usual: f64| if usual == 0.0 { 0.4 } else { 1.3 * usual };
    let inputs: Vec<f64> = network.inputs.iter().map(|i| moved(i.default)).collect();
    let mut rates = vec![0.0_f64; network.states.len()];
    let mut observables = vec![0.0; network.observables.len()];
    System::rhs(system, 0.3, &state, &inputs, &mut rates);
    System::observe(system, 0.3, &state, &inputs, &mut observables);
    rates.extend(observables);
    assert!(rates.iter().all(|r| r.is_finite()), "{}", network.name);
    rates
}

/// Every model that has links of its own.
fn all() -> Vec<Network> {
    let table = parameter_table().unwrap();
    let catalogue = Catalogue::shipped().unwrap();
    let mut networks: Vec<Network> = [Mode::Daily, Mode::WithinDay]
        .map(|mode| body::network(&table, mode).unwrap())
        .into();
    for skin in [
        SkinKind::Eczema,
        SkinKind::Psoriasis,
        SkinKind::Acne,
        SkinKind::Healthy,
    ] {
        networks.push(network(&table, &catalogue, &AxisOptions::plain(skin)).unwrap());
    }
    networks.push(early::network(&table).unwrap());
    networks.push(thin::network(&table).unwrap());
    networks
}

#[test]
fn every_link_says_what_it_rests_on_and_graded_ones_name_a_paper_or_that_there_is_none() {
    let sources = link_sources();
    let mut seen = BTreeSet::new();
    for network in all() {
        for link in &network.links {
            let rows: Vec<_> = sources.iter().filter(|s| s.link == link.name).collect();
            let [source] = rows.as_slice() else {
                panic!(
                    "{} {}: {} rows in catalogue/link_sources.csv",
                    network.name,
                    link.name,
                    rows.len()
                );
            };
            let without = ["assumption", "no known", "no study"];
            let told = without.iter().any(|w| source.says.contains(w));
            assert!(!source.references.is_empty() || told, "{}", link.name);
            seen.insert(link.name.clone());
        }
    }
    let known: BTreeSet<String> = sources.into_iter().map(|s| s.link).collect();
    assert_eq!(known, seen);
}

#[test]
fn every_switch_moves_something() {
    let table = parameter_table().unwrap();
    let catalogue = Catalogue::shipped().unwrap();
    let skins = [
        SkinKind::Eczema,
        SkinKind::Psoriasis,
        SkinKind::Acne,
        SkinKind::Healthy,
    ];
    let mut networks: Vec<Network> = [Mode::Daily, Mode::WithinDay]
        .map(|mode| body::network(&table, mode).unwrap())
        .into();
    networks.extend(skins.map(|s| network(&table, &catalogue, &AxisOptions::plain(s)).unwrap()));
    for network in &networks {
        let program = Arc::new(Program::new(network, &ProgramOptions::default()).unwrap());
        let mut system = ScalarProgram::new(program);
        let all_on = vec![1.0; network.switches.len()];
        let usual = seen(network, &mut system, &all_on);
        let mut idle = Vec::new();
        for link in &network.links {
            let mut cut = all_on.clone();
            cut[link.switch as usize] = 0.0;
            if seen(network, &mut system, &cut) == usual {
                idle.push(link.name.as_str());
            }
        }
        let expected = WITHOUT_CAUSE.iter().find(|(name, _)| *name == network.name);
        assert_eq!(idle, expected.map_or(&[][..], |e| e.1), "{}", network.name);
    }
}
