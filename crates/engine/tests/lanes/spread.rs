//! The benchmark model with every one of its parameters spread by a decade either way, far beyond any person: who leaves
//! the lanes, and has that patient a solution at all?

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use diffsol::{FaerLU, FaerMat, OdeBuilder, OdeSolverMethod, OdeSolverStopReason};
use gutskin_engine::lanes::{Cohort, Path, PatientResult, PatientSpec};
use gutskin_engine::program::{Program, ScalarProgram};
use gutskin_engine::{Options, Solution, Solver, States, Status, System};

use crate::models::{SurrogateCohort, ensemble};

const TOLERANCE: f64 = 1e-6;

fn spread_cohort(count: usize) -> Option<SurrogateCohort> {
    let mut cohort = SurrogateCohort::read(count)?;
    cohort.spread = 1.0;
    cohort.everything = true;
    Some(cohort)
}

/// The scalar solver from the start.
fn alone(program: &Arc<Program>, spec: &PatientSpec) -> Solution {
    let mut system = ScalarProgram::new(program.clone());
    system.set_patient(&spec.parameters, &spec.switches);
    let states = States::of_program(program).unwrap();
    let mut run = spec.run.clone();
    run.inputs.clone_from(&program.input_defaults);
    let options = Options::with_tolerance(TOLERANCE);
    Solver::new(system, states, options)
        .unwrap()
        .solve(&run)
        .unwrap()
}

/// Whether another solver, of another method, comes to the end; the day it came to.
fn by_diffsol(program: &Arc<Program>, spec: &PatientSpec) -> (bool, f64) {
    let system = RefCell::new(ScalarProgram::new(program.clone()));
    system
        .borrow_mut()
        .set_patient(&spec.parameters, &spec.switches);
    let (pattern, n) = (program.pattern.clone(), program.dimension());
    let mut inputs = program.input_defaults.clone();
    let mut state = spec.run.initial.clone();
    let mut from = spec.run.start;
    let changes = spec.run.schedule.changes();
    let mut stops: Vec<f64> = changes.iter().map(|c| c.time).collect();
    stops.push(spec.run.end);
    for (part, &to) in stops.iter().enumerate() {
        if to > from {
            let given = inputs.clone();
            let problem = OdeBuilder::<FaerMat<f64>>::new()
                .t0(from)
                .rtol(TOLERANCE)
                .atol(program.typical.iter().map(|size| TOLERANCE * size))
                .rhs_implicit(
                    |y, _, t, dydt| system.borrow_mut().rhs(t, y, &given, dydt),
                    |y, _, t, v, product| {
                        let (mut values, mut by_time) = (vec![0.0; pattern.len()], vec![0.0; n]);
                        let mut system = system.borrow_mut();
                        System::jacobian(&mut *system, t, y, &given, &mut values, &mut by_time);
                        product.fill(0.0);
                        for ((row, column), value) in pattern.positions().zip(values) {
                            product[row] += value * v[column];
                        }
                    },
                )
                .init(|_, _, y| y.copy_from_slice(&state), n)
                .build()
                .unwrap();
            let mut solver = problem.bdf::<FaerLU<f64>>().unwrap();
            solver.set_stop_time(to).unwrap();
            for step in 0.. {
                match solver.step() {
                    Ok(OdeSolverStopReason::TstopReached) => break,
                    Ok(_) if step < 20_000 => {}
                    _ => return (false, solver.state().t),
                }
            }
            let end: Vec<f64> = (0..n).map(|i| solver.state().y[i]).collect();
            drop(solver);
            state = end;
            from = to;
        }
        if let Some(change) = changes.get(part) {
            let gutskin_engine::Target::Input(input) = change.target else {
                panic!("the benchmark changes inputs only")
            };
            let gutskin_engine::Action::Set(value) = change.action else {
                panic!("the benchmark sets its input")
            };
            inputs[input as usize] = value;
        }
    }
    (state.iter().all(|y| y.is_finite()), from)
}

fn complete(result: &PatientResult) -> bool {
    result.outcome.as_ref().unwrap().status == Status::Complete
}

struct Tally {
    /// Patients who came to the end, in lanes or with pivoting from the start.
    completed: usize,
    /// Of these, who left the lanes.
    sent: usize,
    /// Patients who left the lanes and have no solution that the scalar solver could follow.
    hopeless: Vec<(usize, Solution)>,
}

fn tally(cohort: &SurrogateCohort) -> Tally {
    let program = Arc::new(cohort.program());
    let results = ensemble(cohort.program(), TOLERANCE).solve(cohort);
    let mut tally = Tally {
        completed: 0,
        sent: 0,
        hopeless: Vec::new(),
    };
    for result in results {
        let left = result.path == Path::Scalar;
        if complete(&result) {
            tally.completed += 1;
            tally.sent += usize::from(left);
        } else {
            let found = alone(&program, &cohort.patient(result.index));
            if found.status == Status::Complete {
                tally.completed += 1;
                tally.sent += 1;
            } else {
                tally.hopeless.push((result.index, found));
            }
        }
    }
    tally
}

/// Of those whom the scalar solver can follow to the end nobody is sent to it.
#[test]
fn who_can_be_followed_stays_in_the_lanes() {
    let Some(cohort) = spread_cohort(64) else {
        return;
    };
    let Tally {
        completed,
        sent,
        hopeless,
    } = tally(&cohort);
    println!(
        "{sent} of {completed} were sent, {} cannot be followed",
        hopeless.len()
    );
    assert!(completed > cohort.len() / 2);
    assert_eq!(sent, 0);
}

/// Minutes: a thousand patients, and `diffsol` on thirty of those that neither path completes.
#[test]
#[ignore = "a measurement"]
fn whoever_leaves_the_lanes_has_no_solution() {
    let Some(cohort) = spread_cohort(1000) else {
        return;
    };
    let Tally {
        completed,
        sent,
        hopeless,
    } = tally(&cohort);
    println!(
        "{sent} of {completed} were sent, {} cannot be followed",
        hopeless.len()
    );
    let program = Arc::new(cohort.program());
    let mut reasons = BTreeMap::new();
    for (index, solution) in &hopeless {
        let Status::Failed { reason, time } = solution.status else {
            continue;
        };
        let text = format!("{reason}");
        let kind: String = text.chars().filter(|c| !c.is_ascii_digit()).collect();
        *reasons.entry(kind).or_insert(0) += 1;
        let sizes = solution.state.iter().zip(&program.typical).enumerate();
        let (state, size) =
            sizes
                .map(|(i, (y, typical))| (i, y.abs() / typical))
                .fold(
                    (0, 0.0),
                    |top, next| if next.1 > top.1 { next } else { top },
                );
        if *index < 200 {
            let name = &program.state_names[state];
            println!(
                "  {index}: day {time:.4}, {name} is {size:.1e} times its typical size; {text}"
            );
        }
    }
    println!("{reasons:#?}");
    let mut theirs = 0;
    for (index, solution) in hopeless.iter().take(30) {
        let (done, day) = by_diffsol(&program, &cohort.patient(*index));
        println!(
            "  {index}: diffsol to day {day:.4}, done {done}; ours to {}",
            solution.time
        );
        theirs += usize::from(done);
    }
    println!("diffsol completes {theirs} of those");
    assert!(sent as f64 <= 0.001 * completed as f64);
    assert_eq!(theirs, 0);
}
