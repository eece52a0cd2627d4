//! Shipped examples, and shipped models at rest, against their stored results.
#![allow(clippy::unwrap_used, clippy::panic)]

use gutskin_biology::parameter_table;
use gutskin_engine::program::{Program, ProgramOptions, ScalarProgram};
use gutskin_engine::{Options, Solver, States, SteadyOptions};
use gutskin_study::trial::{run, summarise};
use gutskin_study::{build_model, scenario};
use gutskin_testing::Tolerance;
use serde_json::json;
use std::sync::Arc;

/// Above what solver tolerance and the order of sums leave open, below any change of model or draw.
const RELATIVE: f64 = 1e-4;
/// What is zero but for rounding.
const ABSOLUTE: f64 = 1e-9;

fn kept(name: &str, result: &serde_json::Value) {
    let tolerance = Tolerance {
        relative: RELATIVE,
        absolute: ABSOLUTE,
    };
    gutskin_testing::baseline_within(name, result, tolerance);
}

fn example(name: &str, text: &str) {
    let text = text.replace("size = 200", "size = 16");
    let file = format!("{name}.toml");
    let scenario = scenario::read(&file, &text, &parameter_table().unwrap()).unwrap();
    let summary = summarise(&scenario, &run(&scenario, &mut |_| {}).unwrap());
    let arms: Vec<_> = summary
        .arms
        .iter()
        .map(|arm| {
            json!({
                "name": arm.name, "completed": arm.completed, "failed": arm.failed,
                "seen": arm.seen, "modelled": arm.modelled, "course": arm.course,
            })
        })
        .collect();
    let comparisons: Vec<_> = summary
        .comparisons
        .iter()
        .map(|c| {
            let trials = c.trials.as_ref().unwrap();
            let reported = c.reported.as_ref().unwrap();
            json!({
                "arm": c.arm, "effect": c.effect, "between_people": c.between_people,
                "individual": c.individual, "mean": trials.mean, "sd": trials.sd,
                "quantiles": trials.quantiles, "power": trials.power, "coverage": trials.coverage,
                "reported": reported.estimate, "risk_difference": reported.risk_difference,
                "repeated": reported.repeated,
            })
        })
        .collect();
    let result = json!({
        "unit": summary.unit, "flow": summary.flow, "arms": arms, "comparisons": comparisons,
        "from_screening": summary.from_screening, "from_noise": summary.from_noise, "from_placebo": summary.from_placebo,
    });
    kept(&format!("study/{name}"), &result);
}

#[test]
fn acne_fibre() {
    example(
        "acne-fibre",
        include_str!("../../../examples/acne-fibre.toml"),
    );
}

#[test]
fn eczema_dupilumab() {
    example(
        "eczema-dupilumab",
        include_str!("../../../examples/eczema-dupilumab.toml"),
    );
}

#[test]
fn psoriasis_ixekizumab() {
    example(
        "psoriasis-ixekizumab",
        include_str!("../../../examples/psoriasis-ixekizumab.toml"),
    );
}

/// Observables of the central person at rest.
fn rest(model: &str) {
    let network = build_model(model, &parameter_table().unwrap()).unwrap();
    let program = Arc::new(Program::new(&network, &ProgramOptions::default()).unwrap());
    let mut system = ScalarProgram::new(program.clone());
    system.set_patient(&program.parameter_defaults, &program.switch_defaults);
    let mut initial = vec![0.0; program.dimension()];
    system.initial(&mut initial);
    let states = States::of_program(&program).unwrap();
    let mut solver = Solver::new(system, states, Options::default()).unwrap();
    let inputs = program.input_defaults.clone();
    let found = solver
        .steady_state(0.0, &initial, &inputs, &SteadyOptions::default())
        .unwrap();
    assert!(found.status.is_success(), "{model}: {}", found.status);
    let mut values = vec![0.0; program.observable_names.len()];
    solver.system_mut().set_inputs(&inputs);
    solver.system_mut().observe(0.0, &found.state, &mut values);
    let named: serde_json::Map<_, _> = program
        .observable_names
        .iter()
        .cloned()
        .zip(values.into_iter().map(|v| json!(v)))
        .collect();
    kept(&format!("rest/{model}"), &json!(named));
}

#[test]
fn gut_body_and_skins_at_rest() {
    for model in ["colon", "colon_lean", "body", "ad", "pso", "acne", "skin"] {
        rest(model);
    }
}
