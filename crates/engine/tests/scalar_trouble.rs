//! Bad requests are errors, patients in trouble have a status; nothing panics.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod problems;

use gutskin_engine::program::{Pattern, ScalarProgram};
use gutskin_engine::{
    Action, Change, EngineError, FailureReason, Options, Rejection, Run, Schedule, Solver, States,
    Status, System, Target,
};
use problems::{Compartment, Robertson, program, run, solver};

/// A system of one state from a function, Jacobian by differences.
struct Scalar {
    rhs: fn(f64, f64) -> f64,
    observable: fn(f64) -> f64,
    pattern: Pattern,
}

impl Scalar {
    fn new(rhs: fn(f64, f64) -> f64) -> Self {
        Self {
            rhs,
            observable: |y| y,
            pattern: Pattern::from_pairs(1, vec![(0, 0)]),
        }
    }
}

impl System for Scalar {
    fn dimension(&self) -> usize {
        1
    }

    fn inputs(&self) -> usize {
        0
    }

    fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    fn rhs(&mut self, t: f64, y: &[f64], _inputs: &[f64], dydt: &mut [f64]) {
        dydt[0] = (self.rhs)(t, y[0]);
    }

    fn jacobian(
        &mut self,
        t: f64,
        y: &[f64],
        _inputs: &[f64],
        values: &mut [f64],
        dfdt: &mut [f64],
    ) {
        let step = 1e-6 * (1.0 + y[0].abs());
        values[0] = ((self.rhs)(t, y[0] + step) - (self.rhs)(t, y[0] - step)) / (2.0 * step);
        dfdt[0] = ((self.rhs)(t + 1e-6, y[0]) - (self.rhs)(t - 1e-6, y[0])) / 2e-6;
    }

    fn observables(&self) -> usize {
        1
    }

    fn observe(&mut self, _t: f64, y: &[f64], _inputs: &[f64], out: &mut [f64]) {
        out[0] = (self.observable)(y[0]);
    }
}

fn status(system: Scalar, initial: f64, non_negative: bool, options: Options) -> Status {
    let states = States::new(vec![1.0])
        .unwrap()
        .with_non_negative(vec![non_negative])
        .unwrap();
    let mut run = Run::new(0.0, 10.0, vec![initial]);
    run.outputs = (0..=10).map(f64::from).collect();
    let solution = Solver::new(system, states, options)
        .unwrap()
        .solve(&run)
        .unwrap();
    let valid = solution
        .trajectory
        .times()
        .iter()
        .all(|&time| time <= solution.time);
    let reported = matches!(
        solution.status,
        Status::Failed {
            reason: FailureReason::ObservableNotFinite { .. },
            ..
        }
    );
    assert!(valid || reported, "an output after the end");
    println!("{}", solution.status);
    solution.status
}

fn reason(status: Status) -> (f64, FailureReason) {
    match status {
        Status::Failed { time, reason } => (time, reason),
        other => panic!("{other}"),
    }
}

#[test]
fn blow_up_fails_just_before_its_time() {
    let (time, reason) = reason(status(
        Scalar::new(|_, y| y * y),
        1.0,
        false,
        Options::default(),
    ));
    assert!((time - 1.0).abs() < 1e-3, "time {time}");
    assert!(matches!(
        reason,
        FailureReason::StepTooSmall { .. } | FailureReason::TooManySteps { .. }
    ));
}

#[test]
fn equations_without_value_fail_where_they_end() {
    let root = Scalar::new(|_, y| -1.0 - y.sqrt());
    let (time, reason) = reason(status(root, 1.0, false, Options::default()));
    // y' = −1 − √y from 1 reaches 0 at 2 − 2 ln 2.
    assert!((time - (2.0 - 2.0 * 2f64.ln())).abs() < 1e-3, "time {time}");
    assert!(
        !matches!(reason, FailureReason::TooManySteps { .. }),
        "{reason}"
    );
}

#[test]
fn equations_without_value_at_the_start_fail_at_once() {
    let found = reason(status(
        Scalar::new(|_, y| y.ln()),
        -1.0,
        false,
        Options::default(),
    ));
    assert_eq!(found, (0.0, FailureReason::NotFinite));
}

#[test]
fn state_declared_non_negative_does_not_cross_zero() {
    let (time, reason) = reason(status(
        Scalar::new(|_, _| -1.0),
        1.0,
        true,
        Options::default(),
    ));
    assert!((time - 1.0).abs() < 1e-3, "time {time}");
    let FailureReason::StepTooSmall { last, .. } = reason else {
        panic!("{reason}")
    };
    assert_eq!(last, Rejection::Negative { state: 0 });
    assert_eq!(
        status(Scalar::new(|_, _| -1.0), 1.0, false, Options::default()),
        Status::Complete
    );
}

#[test]
fn too_many_steps_are_reported() {
    let options = Options {
        maximum_steps: 20,
        ..Options::with_tolerance(1e-10)
    };
    let (_, reason) = reason(status(
        Scalar::new(|t, _| (20.0 * t).sin()),
        0.0,
        false,
        options,
    ));
    assert_eq!(reason, FailureReason::TooManySteps { limit: 20 });
}

#[test]
fn observable_without_value_is_reported() {
    let mut system = Scalar::new(|_, _| -1.0);
    system.observable = f64::ln;
    let (_, reason) = reason(status(system, 2.5, false, Options::default()));
    assert_eq!(reason, FailureReason::ObservableNotFinite { observable: 0 });
}

#[test]
fn jump_out_of_the_domain_is_a_failure_of_the_patient() {
    let model = Compartment { rate: 1.0 };
    let mut run = run(&model, vec![]);
    let jump = Change {
        time: 3.0,
        target: Target::State(0),
        action: Action::Set(-1.0),
    };
    run.schedule = Schedule::new(vec![jump]).unwrap();
    let solution = solver(&model, Options::default()).solve(&run).unwrap();
    let (time, reason) = reason(solution.status);
    assert_eq!(time, 3.0);
    assert!(matches!(
        reason,
        FailureReason::StepTooSmall {
            last: Rejection::Negative { state: 0 },
            ..
        }
    ));
}

#[test]
fn declared_invariant_that_is_none_is_a_failure() {
    let system = Scalar::new(|_, y| -0.1 * y);
    let states = States::new(vec![1.0])
        .unwrap()
        .with_invariants(vec![vec![(0, 1.0)]])
        .unwrap();
    let run = Run::new(0.0, 10.0, vec![1.0]);
    let solution = Solver::new(system, states, Options::default())
        .unwrap()
        .solve(&run)
        .unwrap();
    let (_, reason) = reason(solution.status);
    assert_eq!(reason, FailureReason::InvariantBroken { invariant: 0 });
}

fn fails(edit: impl FnOnce(&mut Run), expected: &str) {
    let model = Compartment { rate: 1.0 };
    let mut run = run(&model, vec![1.0]);
    edit(&mut run);
    let error = solver(&model, Options::default())
        .solve(&run)
        .unwrap_err()
        .to_string();
    assert!(error.contains(expected), "{error}");
}

#[test]
fn malformed_runs_are_errors_that_say_where() {
    let change = |time, target, value| Change {
        time,
        target,
        action: Action::Set(value),
    };
    let schedule = |changes| Schedule::new(changes).unwrap();
    fails(
        |run| run.outputs = vec![1.0, 11.0],
        "output times, entry 1: time 11 is outside",
    );
    fails(
        |run| run.outputs = vec![-0.5],
        "output times, entry 0: time -0.5 is outside",
    );
    fails(
        |run| run.outputs = vec![2.0, 1.0],
        "output times, entry 1: time 1 comes after 2",
    );
    fails(
        |run| run.outputs = vec![f64::NAN],
        "output times, entry 0: found NaN",
    );
    fails(
        |run| run.decisions = vec![3.0, 2.0],
        "decision times, entry 1",
    );
    fails(
        |run| run.end = 0.0,
        "expected finite times with start < end",
    );
    fails(
        |run| run.end = f64::INFINITY,
        "expected finite times with start < end",
    );
    fails(
        |run| run.initial = vec![],
        "initial state: found 0 values, expected 1",
    );
    fails(
        |run| run.initial = vec![f64::NAN],
        "initial state, entry 0: found NaN",
    );
    fails(|run| run.initial = vec![-1.0], "declared non-negative");
    fails(
        |run| run.inputs = vec![],
        "inputs: found 0 values, expected 1",
    );
    fails(|run| run.inputs = vec![f64::INFINITY], "inputs, entry 0");
    fails(
        |run| run.schedule = schedule(vec![change(20.0, Target::Input(0), 1.0)]),
        "schedule, entry 0: time 20 is outside the span 0 to 10",
    );
    fails(
        |run| run.schedule = schedule(vec![change(1.0, Target::Input(4), 1.0)]),
        "schedule, entry 0: input 4 does not exist; the system has 1",
    );
    fails(
        |run| run.schedule = schedule(vec![change(1.0, Target::State(9), 1.0)]),
        "schedule, entry 0: state 9 does not exist",
    );
    let backwards = vec![
        change(2.0, Target::Input(0), 1.0),
        change(1.0, Target::Input(0), 0.0),
    ];
    assert!(Schedule::new(backwards).is_err());
}

#[test]
fn malformed_settings_are_errors() {
    let new = |options| {
        let system = ScalarProgram::new(program(&Robertson));
        Solver::new(system, States::new(vec![1.0; 3]).unwrap(), options).err()
    };
    let defaults = Options::default;
    for options in [
        Options::with_tolerance(-1e-6),
        Options::with_tolerance(0.0),
        Options::with_tolerance(f64::NAN),
        Options::with_tolerance(1.0),
        Options {
            initial_step: Some(0.0),
            ..defaults()
        },
        Options {
            maximum_step: Some(-1.0),
            ..defaults()
        },
        Options {
            fixed_step: Some(f64::INFINITY),
            ..defaults()
        },
        Options {
            maximum_steps: 0,
            ..defaults()
        },
    ] {
        assert!(
            matches!(new(options.clone()), Some(EngineError::Option { .. })),
            "{options:?}"
        );
    }
    assert_eq!(new(defaults()), None);
    let system = ScalarProgram::new(program(&Robertson));
    let short = Solver::new(system, States::new(vec![1.0]).unwrap(), defaults()).err();
    assert!(matches!(
        short,
        Some(EngineError::Length {
            found: 1,
            expected: 3,
            ..
        })
    ));
    for typical in [vec![0.0], vec![-1.0], vec![f64::NAN], vec![f64::INFINITY]] {
        assert!(States::new(typical).is_err());
    }
    let states = || States::new(vec![1.0; 2]).unwrap();
    assert!(states().with_non_negative(vec![true]).is_err());
    assert!(states().with_invariants(vec![vec![(2, 1.0)]]).is_err());
    assert!(states().with_invariants(vec![vec![(0, f64::NAN)]]).is_err());
}

#[test]
fn pattern_outside_the_matrix_is_an_error() {
    let mut system = Scalar::new(|_, y| -y);
    system.pattern = Pattern::from_pairs(1, vec![(1, 0)]);
    let error = Solver::new(system, States::new(vec![1.0]).unwrap(), Options::default()).err();
    assert_eq!(
        error,
        Some(EngineError::Pattern {
            row: 1,
            dimension: 1
        })
    );
}
