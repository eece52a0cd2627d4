//! Lanes whose pivots cannot be trusted.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use gutskin_engine::lanes::{
    Cohort, Ensemble, LaneProgram, Path, PatientResult, PatientSpec, Plan,
};
use gutskin_engine::program::{Program, ProgramOptions, ScalarProgram};
use gutskin_engine::{
    Action, Change, Decision, DecisionContext, FailureReason, Options, Run, Schedule, Solution,
    Solver, States, Status, Target,
};
use gutskin_network::{Builder, ParameterTable};

/// Two compartments that exchange at a rate of each patient's own, and a slow third one that follows. After the first
/// pivot the second is the difference of two numbers as large as the rate.
fn exchange() -> Program {
    let table = ParameterTable::new();
    let m = Builder::new("exchange", "d", &table);
    let rate = m.number("rate", 1.0);
    let left = m.state("left", "1").initial(3.0).add();
    let right = m.state("right", "1").initial(0.0).add();
    let slow = m.state("slow", "1").initial(0.0).add();
    m.rate(left, rate * (right - left));
    m.rate(right, rate * (left - right));
    m.rate(slow, left - slow);
    Program::new(&m.finish().unwrap(), &ProgramOptions::default()).unwrap()
}

struct Rates(Vec<f64>);

impl Cohort for Rates {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn patient(&self, index: usize) -> PatientSpec {
        let mut run = Run::new(0.0, 20.0, Vec::new());
        run.outputs = vec![0.0, 5.0, 10.0, 20.0];
        run.record_states = true;
        PatientSpec {
            parameters: vec![self.0[index]],
            switches: Vec::new(),
            run,
        }
    }
}

#[test]
fn cancelling_pivots_go_to_the_scalar_path_and_come_out_right() {
    let program = LaneProgram::new(Arc::new(exchange())).unwrap();
    let base = Ensemble::new(Arc::new(program), Options::with_tolerance(1e-6)).unwrap();
    // Patients of both kinds side by side.
    let rates: Vec<f64> = (0..24)
        .map(|i| {
            if i % 3 == 1 {
                1e13
            } else {
                10.0 + f64::from(i)
            }
        })
        .collect();
    let results = base.solve(&Rates(rates.clone()));
    for (result, rate) in results.iter().zip(&rates) {
        let expected = if *rate > 1e6 {
            Path::Scalar
        } else {
            Path::Lanes
        };
        let solution = result.outcome.as_ref().unwrap();
        assert_eq!(result.path, expected, "rate {rate:e}: {}", solution.status);
        assert_eq!(solution.status, Status::Complete, "rate {rate:e}");
        assert_eq!(solution.trajectory.times(), [0.0, 5.0, 10.0, 20.0]);
        for row in 1..4 {
            let states = solution.trajectory.states(row);
            let time = solution.trajectory.times()[row];
            let slow = 1.5 * (1.0 - (-time).exp());
            assert!((states[0] - 1.5).abs() < 1e-5, "rate {rate:e}: {states:?}");
            assert!((states[1] - 1.5).abs() < 1e-5, "rate {rate:e}: {states:?}");
            // The slow one also keeps what the first moments added: at most 1.5 over twice the rate.
            let early = 0.75 / rate;
            assert!(
                (states[2] - slow).abs() < 1e-5 + early,
                "rate {rate:e}: {states:?}"
            );
        }
    }
    // The rest are as if the others were not there.
    let quiet: Vec<f64> = rates.iter().copied().filter(|&rate| rate < 1e6).collect();
    let alone = base.solve(&Rates(quiet));
    let healthy = results.iter().filter(|r| r.path == Path::Lanes);
    for (together, alone) in healthy.zip(&alone) {
        let (a, b) = (
            together.outcome.as_ref().unwrap(),
            alone.outcome.as_ref().unwrap(),
        );
        assert_eq!(a.trajectory, b.trajectory);
    }
}

/// What one lane and the scalar solver make of the same patients.
fn both(program: &Program, cohort: &dyn Cohort, options: &Options) -> Vec<[Outcome; 2]> {
    let program = Arc::new(program.clone());
    let lanes = LaneProgram::new(program.clone()).unwrap();
    let ensemble = Ensemble::new(Arc::new(lanes), options.clone()).unwrap();
    let results = ensemble.solve(cohort);
    let scalar = |index: usize| {
        let mut spec = cohort.patient(index);
        let mut system = ScalarProgram::new(program.clone());
        system.set_patient(&spec.parameters, &spec.switches);
        spec.run.initial = vec![0.0; program.dimension()];
        system.initial(&mut spec.run.initial);
        spec.run.inputs.clone_from(&program.input_defaults);
        let states = States::of_program(&program).unwrap();
        let mut solver = Solver::new(system, states, options.clone()).unwrap();
        let mut decide = |context: &DecisionContext<'_>| cohort.decide(index, context);
        (
            Path::Scalar,
            solver.solve_with(&spec.run, &mut decide).unwrap(),
        )
    };
    let lane = |result: PatientResult| (result.path, result.outcome.unwrap());
    results
        .into_iter()
        .map(|result| {
            let index = result.index;
            [lane(result), scalar(index)]
        })
        .collect()
}

type Outcome = (Path, Solution);

/// A pool that two compartments exchange with from a switch on, a drug that decays on its own.
fn late_exchange() -> Program {
    let table = ParameterTable::new();
    let m = Builder::new("late", "d", &table);
    let (rate, decay) = (m.number("rate", 1e13), m.number("decay", 50.0));
    let on = m.input("on", "1", 0.0, "starts the exchange");
    let left = m.state("left", "1").initial(3.0).add();
    let right = m.state("right", "1").initial(0.0).add();
    let drug = m.state("drug", "1").initial(1.0).add();
    m.rate(left, on * rate * (right - left));
    m.rate(right, on * rate * (left - right));
    m.rate(drug, -(decay * drug));
    m.observe("drug.seen", "1", drug * 1.0, "the drug");
    Program::new(&m.finish().unwrap(), &ProgramOptions::default()).unwrap()
}

struct Scheduled {
    count: usize,
    run: fn(usize) -> Run,
    decide: fn(&DecisionContext<'_>) -> Vec<Decision>,
}

impl Cohort for Scheduled {
    fn len(&self) -> usize {
        self.count
    }

    fn patient(&self, index: usize) -> PatientSpec {
        PatientSpec {
            parameters: vec![1e13, 10.0 + 5.0 * index as f64],
            switches: Vec::new(),
            run: (self.run)(index),
        }
    }

    fn decide(&self, _: usize, context: &DecisionContext<'_>) -> Vec<Decision> {
        (self.decide)(context)
    }
}

fn change(time: f64, target: Target, action: Action) -> Change {
    Change {
        time,
        target,
        action,
    }
}

/// A decayed drug stands a hair below zero when its patient leaves the lanes.
#[test]
fn a_state_below_zero_by_its_tolerance_goes_on_with_pivoting() {
    let cohort = Scheduled {
        count: 40,
        run: |_| {
            let mut run = Run::new(0.0, 20.0, Vec::new());
            run.outputs = (0..=20).map(f64::from).collect();
            let on = change(10.0, Target::Input(0), Action::Set(1.0));
            run.schedule = Schedule::new(vec![on]).unwrap();
            run
        },
        decide: |_| Vec::new(),
    };
    let mut below = 0;
    for [(path, lane), (_, scalar)] in
        both(&late_exchange(), &cohort, &Options::with_tolerance(1e-6))
    {
        assert_eq!((path, scalar.status), (Path::Scalar, Status::Complete));
        assert_eq!(lane.status, Status::Complete);
        assert_eq!(lane.trajectory.times(), scalar.trajectory.times());
        assert!((lane.state[0] - 1.5).abs() < 1e-5, "{:?}", lane.state);
        below += usize::from(lane.trajectory.observables(10)[0] < 0.0);
    }
    println!("{below} of 40 below zero");
    assert!(below > 0);
}

/// Steps in lanes and steps with pivoting count towards one limit, which the message names.
#[test]
fn the_step_limit_is_one_for_both_paths() {
    let cohort = Scheduled {
        count: 1,
        run: |_| {
            let mut run = Run::new(0.0, 20.0, Vec::new());
            let at = |k: u32| 4.0 + 0.05 * f64::from(k);
            let set = |k: u32| Action::Set(f64::from(1 + k % 2));
            let changes = (0..200).map(|k| change(at(k), Target::Input(0), set(k)));
            run.schedule = Schedule::new(changes.collect()).unwrap();
            run
        },
        decide: |_| Vec::new(),
    };
    let options = Options {
        maximum_steps: 30,
        ..Options::with_tolerance(1e-6)
    };
    for (path, solution) in both(&late_exchange(), &cohort, &options).concat() {
        assert_eq!(path, Path::Scalar);
        let Status::Failed { reason, .. } = solution.status else {
            panic!("{}", solution.status);
        };
        assert_eq!(reason, FailureReason::TooManySteps { limit: 30 });
        let statistics = solution.statistics;
        assert_eq!(statistics.accepted + statistics.rejected, 30);
    }
}

#[test]
fn fixed_steps_go_on_with_pivoting() {
    let cohort = Scheduled {
        count: 2,
        run: |_| {
            let mut run = Run::new(0.0, 5.0, Vec::new());
            run.outputs = vec![0.0, 1.0, 3.0, 5.0];
            let on = change(0.0, Target::Input(0), Action::Set(1.0));
            run.schedule = Schedule::new(vec![on]).unwrap();
            run
        },
        decide: |_| Vec::new(),
    };
    let options = Options {
        fixed_step: Some(0.1),
        ..Options::with_tolerance(1e-6)
    };
    for [(path, lane), (_, scalar)] in both(&late_exchange(), &cohort, &options) {
        assert_eq!(path, Path::Scalar);
        assert_eq!(scalar.status, Status::Complete);
        assert_eq!(lane.status, Status::Complete);
        assert_eq!(lane.trajectory, scalar.trajectory);
    }
}

/// A decision for later whose time is now takes effect at once, after the others; at the end it has no effect.
#[test]
fn later_may_be_now() {
    let cohort = Scheduled {
        count: 1,
        run: |_| {
            let mut run = Run::new(0.0, 5.0, Vec::new());
            run.decisions = vec![0.0, 2.0, 2.0, 5.0];
            run.outputs = vec![1.0, 2.0, 3.0, 5.0];
            run.record_states = true;
            run
        },
        decide: |context| {
            let double = change(context.time, Target::State(0), Action::Multiply(2.0));
            let add = Decision::Now {
                target: Target::State(0),
                action: Action::Add(1.0),
            };
            vec![Decision::Later(double), add]
        },
    };
    for [(path, lane), (_, scalar)] in
        both(&late_exchange(), &cohort, &Options::with_tolerance(1e-6))
    {
        assert_eq!(path, Path::Lanes);
        assert_eq!(scalar.status, Status::Complete);
        assert_eq!(lane.status, Status::Complete);
        // (3 + 1)·2 at the start; (8 + 1 + 1)·2·2 at the two decisions of one time.
        for (row, left) in [8.0, 8.0, 40.0, 40.0].into_iter().enumerate() {
            let (lane, scalar) = (&lane.trajectory, &scalar.trajectory);
            assert!((lane.states(row)[0] - left).abs() < 1e-9);
            assert!((scalar.states(row)[0] - left).abs() < 1e-9);
        }
    }
}

/// Sines of arguments far beyond any clock are the same in lanes and in the scalar solver.
#[test]
fn large_angles_are_the_same_on_both_paths() {
    let table = ParameterTable::new();
    let m = Builder::new("angle", "d", &table);
    let angle = m.number("angle", 1.0) * 1e7;
    let turned = m.state("turned", "1").initial(0.5).signed().add();
    m.rate(turned, (turned * 1e-6 + angle).sin() + (angle * 3.0).cos());
    let program = Program::new(&m.finish().unwrap(), &ProgramOptions::default()).unwrap();
    let cohort = Scheduled {
        count: 1,
        run: |_| Run::new(0.0, 5.0, Vec::new()),
        decide: |_| Vec::new(),
    };
    for [(_, lane), (_, scalar)] in both(&program, &cohort, &Options::with_tolerance(1e-6)) {
        let slope = libm::sin(1e20) + libm::cos(3e20);
        assert_eq!(lane.status, Status::Complete);
        assert!(
            (lane.state[0] - 0.5 - 5.0 * slope).abs() < 1e-9,
            "{:?}",
            lane.state
        );
        assert!((lane.state[0] - scalar.state[0]).abs() < 1e-12);
    }
}

/// One patient who leaves the lanes at day 10 and has a thousand steps before them; cancelled at day 12.
struct Cancelled {
    cancel: AtomicBool,
    decided_at: Mutex<Vec<f64>>,
}

impl Cohort for Cancelled {
    fn len(&self) -> usize {
        1
    }

    fn patient(&self, _: usize) -> PatientSpec {
        let mut run = Run::new(0.0, 20.0, Vec::new());
        let on = change(10.0, Target::Input(0), Action::Set(1.0));
        run.schedule = Schedule::new(vec![on]).unwrap();
        run.decisions = (1..20).map(f64::from).collect();
        PatientSpec {
            parameters: Vec::new(),
            switches: Vec::new(),
            run,
        }
    }

    fn decide(&self, _: usize, context: &DecisionContext<'_>) -> Vec<Decision> {
        self.decided_at.lock().unwrap().push(context.time);
        if context.time == 12.0 {
            self.cancel.store(true, Ordering::Relaxed);
        }
        Vec::new()
    }
}

/// The scalar path of one patient may be as long as a whole block in lanes.
#[test]
fn a_cancelled_run_does_not_wait_for_the_scalar_path() {
    let program = LaneProgram::new(Arc::new(late_exchange())).unwrap();
    let options = Options {
        maximum_step: Some(0.01),
        ..Options::with_tolerance(1e-6)
    };
    let base = Ensemble::new(Arc::new(program), options).unwrap();
    let fresh = || Cancelled {
        cancel: AtomicBool::new(false),
        decided_at: Mutex::new(Vec::new()),
    };
    assert_eq!(base.solve(&fresh())[0].path, Path::Scalar);
    let cohort = fresh();
    let plan = Plan {
        threads: 1,
        block_size: 1,
        first_block: 0,
    };
    let progress = base.run(&cohort, &plan, &cohort.cancel, &mut |block| {
        panic!("block {} of a cancelled run", block.number)
    });
    assert!(!progress.finished && progress.next_block == 0);
    let decided_at = cohort.decided_at.lock().unwrap();
    assert_eq!(decided_at.last(), Some(&12.0));
}
