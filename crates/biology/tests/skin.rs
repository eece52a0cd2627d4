//! The skin modules alone: clean networks, steady states, neutral drives.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use gutskin_biology::catalogue::shipped_skin_drugs;
use gutskin_biology::grade::Grades;
use gutskin_biology::{acne, ad, early, parameter_table, pso, skin};
use gutskin_engine::program::{Program, ProgramOptions, ScalarProgram};
use gutskin_engine::{
    Action, Change, Options, Run, Schedule, Solver, States, SteadyOptions, System, Target,
};
use gutskin_network::Network;
use std::sync::Arc;

fn solver(network: &Network) -> (Solver<ScalarProgram>, Vec<f64>) {
    let program = Arc::new(Program::new(network, &ProgramOptions::default()).unwrap());
    let states = States::of_program(&program).unwrap();
    let scalar = ScalarProgram::new(program);
    let mut start = vec![0.0; network.states.len()];
    scalar.initial(&mut start);
    (
        Solver::new(scalar, states, Options::default()).unwrap(),
        start,
    )
}

/// Observables at rest under these inputs.
fn rest(network: &Network, inputs: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let (mut solver, start) = solver(network);
    let found = solver
        .steady_state(0.0, &start, inputs, &SteadyOptions::default())
        .unwrap();
    assert!(
        found.status.is_success(),
        "{}: {}",
        network.name,
        found.status
    );
    let mut out = vec![0.0; network.observables.len()];
    System::observe(solver.system_mut(), 0.0, &found.state, inputs, &mut out);
    (found.state, out)
}

fn read(network: &Network, values: &[f64], name: &str) -> f64 {
    values[network
        .observables
        .iter()
        .position(|o| o.name == name)
        .unwrap()]
}

#[test]
fn networks_are_clean_without_drugs_and_with_each() {
    let table = parameter_table().unwrap();
    let drugs = shipped_skin_drugs().unwrap();
    let clean = |network: Network| {
        let report = gutskin_network::check::check(&network);
        assert!(report.findings.is_empty(), "{}: {report}", network.name);
    };
    clean(skin::network(&table).unwrap());
    clean(early::network(&table).unwrap());
    clean(pso::switch::network(&table).unwrap());
    clean(ad::network(&table, &[]).unwrap());
    clean(pso::network(&table, &[]).unwrap());
    clean(acne::network(&table, &[]).unwrap());
    for drug in &drugs {
        let network = match drug.condition.as_str() {
            "ad" => ad::network(&table, &[drug]),
            "pso" => pso::network(&table, &[drug]),
            _ => acne::network(&table, &[drug]),
        };
        clean(network.unwrap());
    }
}

#[test]
fn untreated_psoriasis_rests_at_one_and_every_untreated_patient_stays() {
    let table = parameter_table().unwrap();
    for network in [
        ad::network(&table, &[]).unwrap(),
        pso::network(&table, &[]).unwrap(),
        acne::network(&table, &[]).unwrap(),
        skin::network(&table).unwrap(),
    ] {
        let inputs = network.input_values();
        let (state, before) = rest(&network, &inputs);
        if network.name == "pso" {
            for (spec, value) in network.states.iter().zip(&state) {
                if spec.name.starts_with("pso.") {
                    assert!((value - 1.0).abs() < 1e-6, "{} {value}", spec.name);
                }
            }
        }
        let (mut solver, _) = solver(&network);
        let state = state.iter().map(|v| v.max(0.0)).collect();
        let mut run = Run::new(0.0, 365.0, state);
        run.inputs = inputs;
        run.outputs = vec![365.0];
        let solution = solver.solve(&run).unwrap();
        assert!(solution.status.is_success());
        for (a, b) in before.iter().zip(solution.trajectory.observables(0)) {
            assert!(
                (a - b).abs() <= 0.01 * a.abs().max(1e-3),
                "{}",
                network.name
            );
        }
    }
}

#[test]
fn drives_move_each_skin_the_right_way() {
    let table = parameter_table().unwrap();
    for (network, drive, score) in [
        (
            ad::network(&table, &[]).unwrap(),
            "clamped.th2",
            "score.easi",
        ),
        (
            ad::network(&table, &[]).unwrap(),
            "clamped.tone",
            "score.easi",
        ),
        (
            pso::network(&table, &[]).unwrap(),
            "clamped.th17",
            "score.pasi",
        ),
        (
            acne::network(&table, &[]).unwrap(),
            "clamped.tone",
            "acne.inflammatory",
        ),
        (
            acne::network(&table, &[]).unwrap(),
            "clamped.igf",
            "acne.inflammatory",
        ),
    ] {
        let mut inputs = network.input_values();
        let (_, before) = rest(&network, &inputs);
        let i = network.inputs.iter().position(|i| i.name == drive).unwrap();
        inputs[i] += 0.5;
        let (_, after) = rest(&network, &inputs);
        let change = read(&network, &after, score) / read(&network, &before, score) - 1.0;
        assert!(change > 0.003, "{drive} moves {score} by {change}");
    }
}

#[test]
fn healthy_skin_is_nearly_clear_and_repairs_more_slowly_under_stress() {
    let table = parameter_table().unwrap();
    let network = skin::network(&table).unwrap();
    let inputs = network.input_values();
    let (state, values) = rest(&network, &inputs);
    assert!(read(&network, &values, "score.easi") < 1.0);
    let recovered = |name: Option<&str>| {
        let mut inputs = network.input_values();
        if let Some(name) = name {
            inputs[network.inputs.iter().position(|i| i.name == name).unwrap()] = 2.0;
        }
        let (mut solver, _) = solver(&network);
        let mut start: Vec<f64> = state.iter().map(|v| v.max(0.0)).collect();
        start[network
            .states
            .iter()
            .position(|s| s.name == "skin.stripped")
            .unwrap()] = 1.0;
        let mut run = Run::new(0.0, 1.0, start);
        run.inputs = inputs;
        run.outputs = vec![1.0];
        let solution = solver.solve(&run).unwrap();
        read(&network, solution.trajectory.observables(0), "skin.tewl")
    };
    let usual = recovered(None);
    assert!(usual > read(&network, &values, "skin.tewl") + 5.0);
    assert!(recovered(Some("clamped.stress")) > usual);
    assert!(recovered(Some("clamped.sleep_loss")) > usual);
}

/// What happened in the first year raises the hazard for good; what happens later does not.
#[test]
fn a_course_of_antibiotics_in_the_first_year_is_remembered() {
    let table = parameter_table().unwrap();
    let network = early::network(&table).unwrap();
    let input = network.input("early.antibiotics").unwrap();
    let risk = |day: f64| {
        let (mut solver, start) = solver(&network);
        let change = |time, value| Change {
            time,
            target: Target::Input(input),
            action: Action::Set(value),
        };
        let mut run = Run::new(0.0, 1200.0, start);
        run.inputs = network.input_values();
        run.schedule = Schedule::new(vec![change(day, 1.0), change(day + 5.0, 0.0)]).unwrap();
        run.outputs = vec![day - 1.0, 1200.0];
        let solution = solver.solve(&run).unwrap();
        assert!(solution.status.is_success());
        [0, 1].map(|row| read(&network, solution.trajectory.observables(row), "early.risk"))
    };
    let ratio = table.get("early.ratio_antibiotics").unwrap().value;
    let [before, after] = risk(60.0);
    assert!((after / before - ratio).abs() < 0.02, "{before} {after}");
    let [before, after] = risk(900.0);
    assert!((after / before - 1.0).abs() < 1e-3, "{before} {after}");
}

/// Published, the loads of staphylococci of this person run away from one another.
#[test]
fn loads_of_staphylococci_stay_bounded_where_they_harm_each_other() {
    let mut table = parameter_table().unwrap();
    table.get_mut("ad.aureus_by_others").unwrap().value *= 1e4;
    let network = ad::network(&table, &[]).unwrap();
    let (state, values) = rest(&network, &network.input_values());
    let load = |name: &str| state[network.states.iter().position(|s| s.name == name).unwrap()];
    for name in ["ad.aureus", "ad.staphylococci"] {
        assert!(
            load(name).is_finite() && load(name) <= 7.0,
            "{name} {}",
            load(name)
        );
    }
    assert_eq!(load("ad.aureus"), read(&network, &values, "ad.aureus"));
}

#[test]
fn drugs_lower_their_scores_and_wear_off() {
    let table = parameter_table().unwrap();
    let drugs = shipped_skin_drugs().unwrap();
    for (id, score) in [
        ("dupilumab", "score.easi"),
        ("ixekizumab", "score.pasi"),
        ("isotretinoin", "acne.inflammatory"),
    ] {
        let drug = drugs.iter().find(|d| d.id == id).unwrap();
        let network = match drug.condition.as_str() {
            "ad" => ad::network(&table, &[drug]),
            "pso" => pso::network(&table, &[drug]),
            _ => acne::network(&table, &[drug]),
        }
        .unwrap();
        let inputs = network.input_values();
        let (state, before) = rest(&network, &inputs);
        let (mut solver, _) = solver(&network);
        let mut run = Run::new(0.0, 700.0, state.iter().map(|v| v.max(0.0)).collect());
        run.inputs = inputs;
        run.schedule = Schedule::sorted(drug.taken(&network, 0.0, 112.0, None)).unwrap();
        run.outputs = vec![112.0, 700.0];
        let solution = solver.solve(&run).unwrap();
        assert!(solution.status.is_success());
        let at = |row| read(&network, solution.trajectory.observables(row), score);
        let before = read(&network, &before, score);
        assert!(at(0) < 0.6 * before, "{id}: {} of {before}", at(0));
        assert!(at(1) > at(0) + 0.1 * before, "{id} does not wear off");
    }
}

/// A global assessment in the network is the one that readings are cut from.
#[test]
fn observed_grades_are_those_of_the_table() {
    let table = parameter_table().unwrap();
    let cases: [(Network, &str, &str, &str); 3] = [
        (
            ad::network(&table, &[]).unwrap(),
            "iga",
            "score.easi",
            "score.iga",
        ),
        (
            pso::network(&table, &[]).unwrap(),
            "pga",
            "score.pasi",
            "score.pga",
        ),
        (
            acne::network(&table, &[]).unwrap(),
            "acne_iga",
            "score.acne_burden",
            "score.acne_iga",
        ),
    ];
    for (network, assessment, score, graded) in cases {
        let (_, seen) = rest(&network, &network.input_values());
        let grades = Grades::of(&table, assessment).unwrap();
        let expected = grades.grade(read(&network, &seen, score));
        let found = read(&network, &seen, graded);
        assert!(
            (found - expected).abs() < 1e-9,
            "{graded}: {found} {expected}"
        );
        assert!(
            (2.5..4.9).contains(&found),
            "{graded}: {found} in a patient"
        );
    }
}
