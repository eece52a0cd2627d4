//! Steady states: values, stability, conserved quantities, and what is reported where there is none.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod problems;

use gutskin_engine::{EngineError, Options, States, SteadyOptions, SteadyState, SteadyStatus};
use problems::{
    Brusselator, Compartment, Enzyme, Growth, Hires, Invasion, Model, Pollution, Robertson,
    ToggleSwitch, VanDerPol, run, solver,
};

fn search(model: &impl Model) -> SteadyState {
    let found = solver(model, Options::default())
        .steady_state(
            0.0,
            &model.initial(),
            &model.inputs(),
            &SteadyOptions::default(),
        )
        .unwrap();
    println!(
        "{}: {}; residual {:.1e}, correction {:.1e}, real part {:?}, {} + {} steps",
        model.name(),
        found.status,
        found.residual,
        found.correction,
        found.real_part,
        found.steps,
        found.newton_steps
    );
    found
}

fn assert_close(found: &[f64], expected: &[f64], tolerance: f64) {
    for (i, (y, x)) in found.iter().zip(expected).enumerate() {
        assert!(
            (y - x).abs() <= tolerance * x.abs().max(1e-12),
            "state {i}: {y}, expected {x}"
        );
    }
}

#[test]
fn compartment_fills_to_inflow_over_rate() {
    let model = Compartment { rate: 4.0 };
    let found = solver(&model, Options::default())
        .steady_state(0.0, &[1.0], &[2.0], &SteadyOptions::default())
        .unwrap();
    assert_eq!(found.status, SteadyStatus::Stable);
    assert_close(&found.state, &[0.5], 1e-12);
    assert!((found.real_part.unwrap() + 4.0).abs() < 1e-12);
}

#[test]
fn memories_come_to_rest_and_have_no_part_in_the_eigenvalues() {
    let options = SteadyOptions {
        memories: vec![1],
        ..SteadyOptions::default()
    };
    let model = ToggleSwitch {
        initial: [3.0, 0.1],
    };
    let find = |options: &SteadyOptions| {
        solver(&model, Options::default())
            .steady_state(0.0, &model.initial, &[], options)
            .unwrap()
    };
    let (all, without) = (find(&SteadyOptions::default()), find(&options));
    assert_close(&without.state, &all.state, 1e-9);
    assert!(all.real_part.unwrap() > -0.9);
    // With the other held each switch decays at its own rate, 1.
    assert!((without.real_part.unwrap() + 1.0).abs() < 1e-9);
}

#[test]
fn bistable_switch_ends_where_time_would_take_it() {
    let (high, low) = ((3.0 + 5f64.sqrt()) / 2.0, (3.0 - 5f64.sqrt()) / 2.0);
    for (initial, expected) in [
        ([0.5, 0.4], [high, low]),
        ([0.4, 0.5], [low, high]),
        ([3.0, 2.9], [high, low]),
        ([0.0, 0.01], [low, high]),
        ([10.0, 9.0], [high, low]),
        ([10.0, 9.999], [high, low]),
        ([0.7, 0.7 + 1e-6], [low, high]),
    ] {
        let found = search(&ToggleSwitch { initial });
        assert_eq!(found.status, SteadyStatus::Stable, "from {initial:?}");
        assert_close(&found.state, &expected, 1e-8);
    }
}

#[test]
fn saddle_is_reported_as_unstable() {
    let found = search(&ToggleSwitch {
        initial: [0.7, 0.7],
    });
    let SteadyStatus::Unstable { real_part } = found.status else {
        panic!("{}", found.status)
    };
    assert!(real_part > 0.1);
    assert!((found.state[0] - found.state[1]).abs() < 1e-9);
}

#[test]
fn unstable_focus_is_reported_with_its_growth_rate() {
    let found = search(&Brusselator);
    let SteadyStatus::Unstable { real_part } = found.status else {
        panic!("{}", found.status)
    };
    assert!((real_part - 0.5).abs() < 1e-9);
}

#[test]
fn conserved_quantities_are_kept() {
    let found = search(&Enzyme { declared: true });
    assert_eq!(found.status, SteadyStatus::Stable);
    let [e, s, c, p] = found.state[..] else {
        panic!("four states")
    };
    assert!((e + c - 0.1).abs() < 1e-12 && (s + c + p - 2.0).abs() < 1e-12);
    assert!((e * s - 0.1 * c).abs() < 1e-10 && (e * p - 2.0 * c).abs() < 1e-9);
}

#[test]
fn undeclared_conserved_quantity_is_neutral() {
    let found = search(&Enzyme { declared: false });
    assert!(
        matches!(found.status, SteadyStatus::Neutral { .. }),
        "{}",
        found.status
    );
}

#[test]
fn slow_end_of_robertson_is_not_called_stable() {
    let found = search(&Robertson);
    assert!(!found.status.is_success(), "{}", found.status);
}

#[test]
fn absent_invader_does_not_make_the_resident_unstable() {
    let found = search(&Invasion { invader: 0.0 });
    assert_eq!(found.status, SteadyStatus::Stable);
    assert_eq!(found.absent, [1, 2]);
    assert!((found.invasion.unwrap() - 0.2).abs() < 1e-9);
    assert_close(&found.state, &[1.0, 0.0, 0.0], 1e-9);
    let with_invader = search(&Invasion { invader: 1e-3 });
    assert_eq!(with_invader.status, SteadyStatus::Stable);
    assert!(with_invader.absent.is_empty());
    assert!(with_invader.state[1] > 0.1);
}

#[test]
fn rest_at_the_origin_of_an_oscillator_is_not_called_stable() {
    let found = search(&VanDerPol);
    assert!(!found.status.is_success(), "{}", found.status);
    assert!(found.absent.is_empty());
}

#[test]
fn a_seeded_invader_is_not_absent() {
    let found = search(&Invasion { invader: 1e-7 });
    let invaded = found.state[1] > 0.1;
    assert!(invaded || !found.status.is_success(), "{:?}", found.state);
}

#[test]
fn growth_without_end_is_not_converged() {
    let found = search(&Growth);
    assert!(
        matches!(found.status, SteadyStatus::NotConverged { .. }),
        "{}",
        found.status
    );
}

#[test]
fn same_as_long_integration() {
    let mut reference = solver(&Hires, Options::with_tolerance(1e-9));
    let mut long = run(&Hires, vec![]);
    long.end = 1e5;
    let end = reference.solve(&long).unwrap();
    assert!(end.status.is_success());
    let found = search(&Hires);
    assert_eq!(found.status, SteadyStatus::Stable);
    assert_close(&found.state, &end.state, 1e-7);
}

/// The pollution model makes CO2, HNO3 and sulfate without end, but its declared sulfur is kept.
#[test]
fn open_end_products_leave_no_stable_state() {
    let found = search(&Pollution);
    assert!(!found.status.is_success(), "{}", found.status);
}

#[test]
fn repeated_invariant_is_an_error() {
    let model = Enzyme { declared: false };
    let twice = vec![vec![(0, 1.0), (2, 1.0)], vec![(0, -2.0), (2, -2.0)]];
    let states = States::new(vec![1.0; 4])
        .unwrap()
        .with_invariants(twice)
        .unwrap();
    let system = gutskin_engine::program::ScalarProgram::new(problems::program(&model));
    let mut solver = gutskin_engine::Solver::new(system, states, Options::default()).unwrap();
    let error = solver.steady_state(0.0, &model.initial(), &[], &SteadyOptions::default());
    assert_eq!(error, Err(EngineError::DependentInvariant { index: 1 }));
}

#[test]
fn malformed_settings_are_errors() {
    let mut solver = solver(&Growth, Options::default());
    for options in [
        SteadyOptions {
            residual_tolerance: -1.0,
            ..SteadyOptions::default()
        },
        SteadyOptions {
            correction_tolerance: 0.0,
            ..SteadyOptions::default()
        },
        SteadyOptions {
            time_scale: f64::NAN,
            ..SteadyOptions::default()
        },
        SteadyOptions {
            maximum_steps: 0,
            ..SteadyOptions::default()
        },
    ] {
        let found = solver.steady_state(0.0, &[0.0], &[], &options);
        assert!(
            matches!(found, Err(EngineError::Option { .. })),
            "{options:?}"
        );
    }
    let defaults = SteadyOptions::default();
    assert!(matches!(
        solver.steady_state(0.0, &[0.0, 1.0], &[], &defaults),
        Err(EngineError::Length { .. })
    ));
    assert!(matches!(
        solver.steady_state(0.0, &[f64::NAN], &[], &defaults),
        Err(EngineError::NotFinite { .. })
    ));
}
