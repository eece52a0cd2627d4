//! Steady states of cohorts: in blocks, cancelled, taken up again.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use gutskin_engine::lanes::{Cohort, Ensemble, PatientSpec, Plan};
use gutskin_engine::program::{Program, ProgramOptions};
use gutskin_engine::{EngineError, Run, SteadyOptions, SteadyState, SteadyStatus};
use gutskin_network::{Builder, ParameterTable};

use crate::models::{LoopCohort, ensemble, loop_model};

/// The loop without its rhythm; every fifth patient has no finite equations, every seventh a malformed start.
struct Resting;

const COUNT: usize = 60;

impl Cohort for Resting {
    fn len(&self) -> usize {
        COUNT
    }

    fn patient(&self, index: usize) -> PatientSpec {
        let mut spec = LoopCohort::healthy(COUNT).patient(index);
        spec.switches = vec![0.0];
        if index % 5 == 4 {
            spec.parameters.extend([-1.0]);
        }
        if index % 7 == 6 {
            spec.run.initial = vec![0.5];
        }
        spec
    }
}

type Found = Result<SteadyState, EngineError>;

fn plan(threads: usize, block_size: usize, first_block: usize) -> Plan {
    Plan {
        threads,
        block_size,
        first_block,
    }
}

/// All of a run in the order of its blocks.
fn collect(base: &Ensemble, plan: &Plan) -> Vec<Found> {
    let mut all = Vec::new();
    let mut next = plan.first_block;
    let progress = base.run_steady_states(
        &Resting,
        &SteadyOptions::default(),
        plan,
        &AtomicBool::new(false),
        &mut |block| {
            assert_eq!(block.number, next);
            next += 1;
            all.extend(block.results);
            ControlFlow::Continue(())
        },
    );
    assert!(progress.finished);
    all
}

#[test]
fn steady_states_do_not_depend_on_threads_and_blocks() {
    let base = ensemble(loop_model(), 1e-6);
    let whole = base.steady_states(&Resting, &SteadyOptions::default(), 1);
    assert_eq!(whole.len(), COUNT);
    for (index, found) in whole.iter().enumerate() {
        let stable = found.as_ref().map(|f| f.status.is_success());
        match (index % 7 == 6, index % 5 == 4) {
            (true, _) => assert!(matches!(stable, Err(EngineError::Length { .. }))),
            (false, broken) => assert_eq!(stable, Ok(!broken), "{index}"),
        }
    }
    // A solver that has searched before, and one of a patient's own.
    for (threads, block_size) in [(1, 1), (1, 60), (2, 7), (3, 16)] {
        let found = collect(&base, &plan(threads, block_size, 0));
        assert!(found == whole, "{threads} threads, blocks of {block_size}");
    }
}

#[test]
fn a_search_that_was_cancelled_goes_on_where_it_stopped() {
    let base = ensemble(loop_model(), 1e-6);
    let whole = base.steady_states(&Resting, &SteadyOptions::default(), 2);
    for by_flag in [true, false] {
        let cancel = AtomicBool::new(false);
        let mut all: Vec<Found> = Vec::new();
        let options = SteadyOptions::default();
        let progress =
            base.run_steady_states(&Resting, &options, &plan(2, 4, 0), &cancel, &mut |block| {
                all.extend(block.results);
                match (block.number == 3, by_flag) {
                    (true, false) => return ControlFlow::Break(()),
                    (true, true) => cancel.store(true, Ordering::Relaxed),
                    _ => {}
                }
                ControlFlow::Continue(())
            });
        assert!(!progress.finished);
        // Blocks that were complete by then may still be handed over.
        assert!(progress.next_block >= 4);
        assert_eq!(all.len(), 4 * progress.next_block);
        all.extend(collect(&base, &plan(2, 4, progress.next_block)));
        assert!(all == whole, "cancelled by flag: {by_flag}");
    }
}

/// People who grow to a size and make a product, each at a rate of their own; the fourth has no finite equations.
struct Growing;

impl Cohort for Growing {
    fn len(&self) -> usize {
        20
    }

    fn patient(&self, index: usize) -> PatientSpec {
        let rate = if index == 3 {
            f64::NAN
        } else {
            0.1 + index as f64
        };
        PatientSpec {
            parameters: vec![rate],
            switches: Vec::new(),
            run: Run::new(0.0, 1.0, Vec::new()),
        }
    }
}

fn growing() -> Program {
    let table = ParameterTable::new();
    let m = Builder::new("growing", "d", &table);
    let [size, product] = ["size", "product"].map(|name| m.state(name, "1").initial(0.1).add());
    let rate = m.number("rate", 1.0);
    m.rate(size, rate * size * (1.0 - size));
    m.rate(product, size * size - 0.3 * product);
    Program::new(&m.finish().unwrap(), &ProgramOptions::default()).unwrap()
}

/// Where courses have settled, eigenvalues say no more of the state.
#[test]
fn without_eigenvalues_the_same_states_are_found() {
    let base = ensemble(growing(), 1e-6);
    let courses_alone = SteadyOptions {
        eigenvalues: false,
        ..SteadyOptions::default()
    };
    let stable = base.steady_states(&Growing, &SteadyOptions::default(), 1);
    let settled = base.steady_states(&Growing, &courses_alone, 1);
    for (index, (stable, settled)) in stable.iter().zip(&settled).enumerate() {
        let (stable, settled) = (stable.as_ref().unwrap(), settled.as_ref().unwrap());
        if index == 3 {
            assert!(!stable.status.is_success() && !settled.status.is_success());
            continue;
        }
        assert_eq!(stable.state, settled.state);
        assert_eq!(stable.status, SteadyStatus::Stable);
        assert_eq!(settled.status, SteadyStatus::Settled);
        assert!(stable.real_part.is_some() && settled.real_part.is_none());
    }
}

/// People who stand a thousandth off a saddle and leave it at a rate of their own.
struct Leaving;

impl Cohort for Leaving {
    fn len(&self) -> usize {
        5
    }

    fn patient(&self, index: usize) -> PatientSpec {
        PatientSpec {
            parameters: vec![10_f64.powi(index as i32 - 3)],
            switches: Vec::new(),
            run: Run::new(0.0, 1.0, vec![1e-3, 0.0]),
        }
    }
}

/// Long implicit steps damp what grows slowly; the way there is short enough not to.
#[test]
fn a_course_leaves_a_saddle() {
    let table = ParameterTable::new();
    let m = Builder::new("saddle", "d", &table);
    let [place, follower] = ["place", "follower"].map(|name| m.state(name, "1").add());
    let rate = m.number("rate", 1.0);
    m.rate(place, rate * place * (1.0 - place * place));
    m.rate(follower, 20.0 * (place - follower));
    let program = Program::new(&m.finish().unwrap(), &ProgramOptions::default()).unwrap();
    let options = SteadyOptions {
        eigenvalues: false,
        ..SteadyOptions::default()
    };
    for found in ensemble(program, 1e-6).steady_states(&Leaving, &options, 1) {
        let found = found.unwrap();
        assert_eq!(found.status, SteadyStatus::Settled);
        assert!((found.state[0] - 1.0).abs() < 1e-6, "{:?}", found.state);
    }
}
