//! Inputs that switch, states that jump, decisions: exact times, order of events, restarts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod problems;

use gutskin_engine::random::{RandomStream, StreamId};
use gutskin_engine::{
    Action, Change, Decision, EngineError, Options, Run, Schedule, States, Status, Target,
};
use problems::{Compartment, Model, Number, run, solver};

const INFLOW: Target = Target::Input(0);
const AMOUNT: Target = Target::State(0);

fn change(time: f64, target: Target, action: Action) -> Change {
    Change {
        time,
        target,
        action,
    }
}

/// Exact amount of the compartment after piecewise constant inflow and jumps.
fn exact(rate: f64, initial: f64, changes: &[Change], time: f64) -> f64 {
    let (mut amount, mut inflow, mut now) = (initial, 0.0, 0.0);
    for change in changes.iter().filter(|change| change.time < time) {
        amount = step(rate, amount, inflow, change.time - now);
        now = change.time;
        match change.target {
            Target::Input(_) => inflow = change.action.apply(inflow),
            Target::State(_) => amount = change.action.apply(amount),
        }
    }
    step(rate, amount, inflow, time - now)
}

fn step(rate: f64, amount: f64, inflow: f64, duration: f64) -> f64 {
    inflow / rate + (amount - inflow / rate) * (-rate * duration).exp()
}

fn switching_run(model: &Compartment, changes: Vec<Change>, outputs: Vec<f64>) -> Run {
    let mut run = run(model, outputs);
    run.schedule = Schedule::new(changes).unwrap();
    run
}

#[test]
fn ten_switches_and_jumps_follow_the_exact_solution() {
    for rate in [0.1, 5.0, 1e4] {
        let model = Compartment { rate };
        let mut changes = Vec::new();
        for i in 0..10_u32 {
            let time = 0.37 + 0.9 * f64::from(i);
            changes.push(change(
                time,
                INFLOW,
                Action::Set(rate * f64::from((i * 7) % 5 + 1)),
            ));
            let jump = match i % 4 {
                0 => Action::Add(0.5),
                1 => Action::Multiply(0.25),
                2 => Action::Set(0.7),
                _ => continue,
            };
            changes.push(change(time + 0.4, AMOUNT, jump));
        }
        let outputs: Vec<_> = (1..=1000).map(|i| 0.01 * f64::from(i)).collect();
        let run = switching_run(&model, changes.clone(), outputs);
        let rtol = 1e-7;
        let solution = solver(&model, Options::with_tolerance(rtol))
            .solve(&run)
            .unwrap();
        assert_eq!(solution.status, Status::Complete);
        assert_eq!(solution.statistics.restarts, changes.len());
        let mut largest = 0.0;
        for (row, &time) in solution.trajectory.times().iter().enumerate() {
            let expected = exact(rate, 1.0, &changes, time);
            let found = solution.trajectory.states(row)[0];
            largest = f64::max(largest, (found - expected).abs() / (1.0 + expected));
        }
        println!(
            "rate {rate:e}: error {largest:.1e}, {:?}",
            solution.statistics
        );
        assert!(largest < 10.0 * rtol, "rate {rate}: {largest:e}");
    }
}

/// A switch that changes nothing is no restart.
#[test]
fn idle_switch_costs_no_restart() {
    let model = Compartment { rate: 1.0 };
    let run = switching_run(&model, vec![change(5.0, INFLOW, Action::Set(0.0))], vec![]);
    let solution = solver(&model, Options::default()).solve(&run).unwrap();
    assert_eq!(solution.statistics.restarts, 0);
}

#[test]
fn output_and_decision_see_the_value_before_a_change_at_their_time() {
    let model = Compartment { rate: 1e-9 };
    let mut run = switching_run(
        &model,
        vec![
            change(2.0, AMOUNT, Action::Set(5.0)),
            change(2.0, AMOUNT, Action::Add(1.0)),
        ],
        vec![0.0, 2.0, 3.0, 10.0],
    );
    run.decisions = vec![2.0];
    let mut seen = Vec::new();
    let solution = solver(&model, Options::default())
        .solve_with(&run, &mut |context| {
            seen.push((
                context.time,
                context.state[0],
                context.observables[0],
                context.inputs[0],
            ));
            Vec::new()
        })
        .unwrap();
    let amounts: Vec<_> = (0..4)
        .map(|row| solution.trajectory.states(row)[0].round())
        .collect();
    assert_eq!(amounts, [1.0, 1.0, 6.0, 6.0]);
    assert_eq!(seen.len(), 1);
    assert_eq!((seen[0].0, seen[0].3), (2.0, 0.0));
    assert!((seen[0].1 - 1.0).abs() < 1e-6 && (seen[0].2 - 1.0).abs() < 1e-6);
}

#[test]
fn change_at_the_start_acts_and_at_the_end_does_not() {
    let model = Compartment { rate: 1.0 };
    let run = switching_run(
        &model,
        vec![
            change(0.0, AMOUNT, Action::Set(3.0)),
            change(10.0, AMOUNT, Action::Set(9.0)),
        ],
        vec![0.0, 1.0],
    );
    let solution = solver(&model, Options::default()).solve(&run).unwrap();
    assert_eq!(solution.trajectory.states(0)[0], 1.0);
    assert!((solution.trajectory.states(1)[0] - 3.0 * (-1f64).exp()).abs() < 1e-5);
    assert!(solution.state[0] < 1e-3);
}

#[test]
fn decision_overrides_the_schedule_of_its_time() {
    let model = Compartment { rate: 1.0 };
    let mut run = switching_run(&model, vec![change(4.0, INFLOW, Action::Set(1.0))], vec![]);
    run.decisions = vec![4.0];
    let solution = solver(&model, Options::default())
        .solve_with(&run, &mut |_| {
            vec![Decision::Now {
                target: INFLOW,
                action: Action::Set(7.0),
            }]
        })
        .unwrap();
    assert_eq!(solution.inputs, [7.0]);
}

/// Titration: the dose is raised by one each week until the amount passes the goal.
#[test]
fn titration_reaches_its_goal_and_stops_there() {
    let model = Compartment { rate: 1.0 };
    let mut run = run(&model, vec![]);
    run.end = 100.0;
    run.decisions = (1..14).map(|week| 7.0 * f64::from(week)).collect();
    let mut doses = Vec::new();
    let solution = solver(&model, Options::default())
        .solve_with(&run, &mut |context| {
            if context.state[0] > 2.5 {
                return Vec::new();
            }
            let dose = context.inputs[0] + 1.0;
            doses.push((context.time, dose));
            vec![Decision::Now {
                target: INFLOW,
                action: Action::Set(dose),
            }]
        })
        .unwrap();
    assert_eq!(doses, [(7.0, 1.0), (14.0, 2.0), (21.0, 3.0)]);
    assert!((solution.state[0] - 3.0).abs() < 1e-5);
}

/// Rescue medication: started at a visit, ended by a change scheduled at the same visit.
#[test]
fn course_of_rescue_medication_ends_when_scheduled() {
    let model = Compartment { rate: 2.0 };
    let mut run = run(&model, vec![6.0]);
    run.decisions = vec![1.0, 2.0, 3.0];
    let solution = solver(&model, Options::default())
        .solve_with(&run, &mut |context| match context.index {
            1 => vec![
                Decision::Now {
                    target: INFLOW,
                    action: Action::Set(10.0),
                },
                Decision::Later(change(5.0, INFLOW, Action::Set(0.0))),
                Decision::Later(change(5.0, AMOUNT, Action::Multiply(0.5))),
            ],
            _ => Vec::new(),
        })
        .unwrap();
    let changes = [
        change(2.0, INFLOW, Action::Set(10.0)),
        change(5.0, INFLOW, Action::Set(0.0)),
        change(5.0, AMOUNT, Action::Multiply(0.5)),
    ];
    let expected = exact(2.0, 1.0, &changes, 6.0);
    assert!((solution.trajectory.states(0)[0] - expected).abs() < 1e-5);
}

#[test]
fn drop_out_ends_the_run_with_a_status_of_its_own() {
    let model = Compartment { rate: 1.0 };
    let mut run = run(&model, vec![1.0, 2.0, 3.0, 4.0]);
    run.decisions = vec![1.5, 2.5, 3.5];
    let solution = solver(&model, Options::default())
        .solve_with(&run, &mut |context| {
            if context.time > 2.0 {
                vec![Decision::Stop]
            } else {
                Vec::new()
            }
        })
        .unwrap();
    assert_eq!(solution.status, Status::Stopped { time: 2.5 });
    assert!(solution.status.is_success());
    assert_eq!(solution.trajectory.times(), [1.0, 2.0]);
    assert_eq!(solution.time, 2.5);
}

#[test]
fn malformed_decisions_are_errors() {
    let model = Compartment { rate: 1.0 };
    let mut run = run(&model, vec![]);
    run.decisions = vec![5.0];
    let now = |target| Decision::Now {
        target,
        action: Action::Set(1.0),
    };
    for (decision, expected) in [
        (now(Target::Input(1)), "input 1 does not exist"),
        (now(Target::State(3)), "state 3 does not exist"),
        (
            Decision::Later(change(4.0, INFLOW, Action::Set(1.0))),
            "outside the span 5 to 10",
        ),
        (
            Decision::Later(change(11.0, INFLOW, Action::Set(1.0))),
            "outside the span",
        ),
        (
            Decision::Later(change(f64::NAN, INFLOW, Action::Set(1.0))),
            "finite",
        ),
        (
            Decision::Now {
                target: INFLOW,
                action: Action::Set(f64::INFINITY),
            },
            "finite",
        ),
    ] {
        let error = solver(&model, Options::default())
            .solve_with(&run, &mut |_| vec![decision])
            .unwrap_err()
            .to_string();
        assert!(error.contains(expected), "{error}");
    }
    let error = solver(&model, Options::default()).solve(&run).unwrap_err();
    assert_eq!(error, EngineError::NoDecisionFunction { count: 1 });
}

/// Onset of a disease: the hazard 0.02 (1 + sin² t) is integrated as a state.
struct Hazard;

impl Model for Hazard {
    fn name(&self) -> String {
        "hazard".into()
    }

    fn rhs<N: Number>(&self, t: &N, y: &[N], _inputs: &[N]) -> Vec<N> {
        vec![(t.sine() * t.sine() + 1.0) * 0.02 + y[0].clone() * 0.0]
    }

    fn initial(&self) -> Vec<f64> {
        vec![0.0]
    }

    fn span(&self) -> (f64, f64) {
        (0.0, 60.0)
    }

    fn states(&self) -> States {
        States::new(vec![1.0]).unwrap()
    }
}

/// A patient has the onset at the first day end at which the integrated hazard passes a unit
/// exponential drawn before: the share with onset by day d is 1 − exp(−H(d)).
#[test]
fn hazard_against_a_drawn_exponential_gives_the_right_onsets() {
    let patients = 4000;
    let mut run = run(&Hazard, vec![]);
    run.decisions = (1..=60).map(f64::from).collect();
    let mut solver = solver(&Hazard, Options::default());
    let mut onsets = vec![0_u32; 61];
    for patient in 0..patients {
        let stream = RandomStream::new(7, patient, StreamId::named("hazard", "onset"));
        let threshold = stream.exponential_at(0);
        let solution = solver
            .solve_with(&run, &mut |context| {
                if context.state[0] >= threshold {
                    vec![Decision::Stop]
                } else {
                    Vec::new()
                }
            })
            .unwrap();
        if let Status::Stopped { time } = solution.status {
            onsets[time as usize] += 1;
        }
    }
    let mut so_far = 0;
    for (day, onsets) in onsets.iter().enumerate().skip(1) {
        so_far += onsets;
        let t = day as f64;
        let integrated = 0.02 * (1.5 * t - (2.0 * t).sin() / 4.0);
        let expected = 1.0 - (-integrated).exp();
        let share = f64::from(so_far) / f64::from(patients);
        let deviation = (expected * (1.0 - expected) / f64::from(patients)).sqrt();
        assert!(
            (share - expected).abs() < 4.5 * deviation,
            "day {day}: {share} for {expected}"
        );
    }
}

/// A run gives the same bytes whatever the solver did before.
#[test]
fn results_do_not_depend_on_what_was_solved_before() {
    let model = Compartment { rate: 3.0 };
    let changes = vec![
        change(1.0, INFLOW, Action::Set(2.0)),
        change(4.0, AMOUNT, Action::Add(1.0)),
    ];
    let run = switching_run(&model, changes, vec![0.5, 1.5, 7.0]);
    let fresh = solver(&model, Options::default()).solve(&run).unwrap();
    let mut used = solver(&model, Options::default());
    let mut other = run.clone();
    other.initial = vec![100.0];
    other.inputs = vec![50.0];
    other.schedule = Schedule::default();
    used.solve(&other).unwrap();
    assert_eq!(used.solve(&run).unwrap(), fresh);
}
