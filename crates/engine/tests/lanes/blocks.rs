//! Blocks, threads, cancellation, tables.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow::array::AsArray;
use arrow::datatypes::Float64Type;
use gutskin_engine::lanes::{
    Block, CLASS_KEY, Cohort, LaneCount, PatientSpec, Plan, outcomes, trajectories,
};
use gutskin_engine::{Decision, DecisionContext};

use crate::bytes::all_bytes;
use crate::models::{LoopCohort, ensemble, loop_model, loop_patient};

fn plan(threads: usize, block_size: usize, first_block: usize) -> Plan {
    Plan {
        threads,
        block_size,
        first_block,
    }
}

#[test]
fn threads_and_block_sizes_give_the_same_bytes_in_order() {
    let base = ensemble(loop_model(), 1e-6);
    let cohort = LoopCohort::healthy(75);
    let expected = all_bytes(&base.solve(&cohort));
    for (threads, block_size) in [(1, 10), (2, 7), (2, 64), (3, 1)] {
        let mut found = Vec::new();
        let mut numbers = Vec::new();
        let progress = base.run(
            &cohort,
            &plan(threads, block_size, 0),
            &AtomicBool::new(false),
            &mut |block| {
                numbers.push(block.number);
                found.extend(all_bytes(&block.results));
                ControlFlow::Continue(())
            },
        );
        assert!(progress.finished);
        assert_eq!(
            numbers,
            (0..75usize.div_ceil(block_size)).collect::<Vec<_>>()
        );
        assert!(
            found == expected,
            "{threads} threads, blocks of {block_size}"
        );
    }
}

#[test]
fn a_cancelled_run_goes_on_where_it_stopped() {
    let base = ensemble(loop_model(), 1e-6);
    let cohort = LoopCohort::healthy(75);
    let expected = all_bytes(&base.solve(&cohort));
    let mut found = Vec::new();
    let cancel = AtomicBool::new(false);
    let first = base.run(&cohort, &plan(2, 10, 0), &cancel, &mut |block: Block| {
        found.extend(all_bytes(&block.results));
        cancel.store(block.number >= 2, Ordering::Relaxed);
        ControlFlow::Continue(())
    });
    assert!(!first.finished && first.next_block >= 3, "{first:?}");
    assert_eq!(found.len(), 10 * first.next_block);
    let second = base.run(
        &cohort,
        &plan(1, 10, first.next_block),
        &AtomicBool::new(false),
        &mut |block| {
            found.extend(all_bytes(&block.results));
            if block.number == 5 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        },
    );
    assert_eq!(second.next_block, 6);
    let third = base.run(
        &cohort,
        &plan(2, 10, 6),
        &AtomicBool::new(false),
        &mut |block| {
            found.extend(all_bytes(&block.results));
            ControlFlow::Continue(())
        },
    );
    assert!(third.finished);
    assert!(found == expected);
}

#[test]
fn tables_hold_what_the_solutions_hold() {
    let program = loop_model();
    let base = ensemble(program.clone(), 1e-6);
    let cohort = LoopCohort {
        hostile: |i| (i == 2).then(|| vec![f64::NAN; 4]),
        ..LoopCohort::healthy(5)
    };
    base.run(
        &cohort,
        &plan(1, 5, 0),
        &AtomicBool::new(false),
        &mut |block| {
            let values = trajectories(&program, &block).unwrap();
            let ends = outcomes(&block).unwrap();
            let rows: usize = block
                .results
                .iter()
                .map(|r| r.outcome.as_ref().unwrap().trajectory.len())
                .sum();
            assert_eq!(values.num_rows(), rows);
            assert_eq!(values.schema().field(2).name(), "score");
            assert_eq!(ends.num_rows(), 5);
            // Recorded states stand beside the observables.
            assert_eq!(values.schema().field(4).name(), "state.pool");
            assert_eq!(values.num_columns(), 2 + 2 + 3);
            let column = values.column(4).as_primitive::<Float64Type>();
            let states = block.results.iter().flat_map(|r| {
                let trajectory = &r.outcome.as_ref().unwrap().trajectory;
                (0..trajectory.len()).map(|row| trajectory.states(row)[0])
            });
            assert!(column.iter().eq(states.map(Some)));
            // The class of arithmetic is named in every result.
            assert!(block.results.iter().all(|r| r.class == base.class()));
            assert_eq!(block.class, base.class());
            for table in [&values, &ends] {
                assert_eq!(table.schema().metadata()[CLASS_KEY], base.class().name());
            }
            ControlFlow::Continue(())
        },
    );
}

#[test]
fn an_empty_cohort_is_no_work() {
    let results = ensemble(loop_model(), 1e-6).solve(&LoopCohort::healthy(0));
    assert!(results.is_empty());
}

/// A cohort or a sink that panics at the fourth patient or the second block.
struct Panicking {
    patient: bool,
    decide: bool,
}

impl Cohort for Panicking {
    fn len(&self) -> usize {
        600
    }

    fn patient(&self, index: usize) -> PatientSpec {
        assert!(!(self.patient && index == 3), "no such patient");
        let mut spec = loop_patient(index);
        spec.run.end = 1.0;
        spec.run.schedule = Default::default();
        spec.run.decisions = vec![0.5];
        spec.run.outputs.clear();
        spec
    }

    fn decide(&self, index: usize, _: &DecisionContext<'_>) -> Vec<Decision> {
        assert!(!(self.decide && index == 3), "no such patient");
        Vec::new()
    }
}

/// Far more blocks than may be under way at a time, so that everybody waits for the one that will not come.
#[test]
fn a_panic_ends_the_run_and_is_passed_on() {
    for threads in [1, 2] {
        for fault in ["patient", "decide", "sink"] {
            let (sender, receiver) = std::sync::mpsc::channel();
            std::thread::spawn(move || {
                let cohort = Panicking {
                    patient: fault == "patient",
                    decide: fault == "decide",
                };
                let base = ensemble(loop_model(), 1e-3).with_lanes(LaneCount::Eight);
                let run = std::panic::AssertUnwindSafe(|| {
                    base.run(
                        &cohort,
                        &plan(threads, 4, 0),
                        &AtomicBool::new(false),
                        &mut |block| {
                            assert!(fault != "sink" || block.number < 1, "no such patient");
                            ControlFlow::Continue(())
                        },
                    )
                });
                let panic = std::panic::catch_unwind(run).unwrap_err();
                let text = panic.downcast_ref::<&str>().copied().unwrap_or_default();
                sender.send(text.to_owned()).unwrap();
            });
            let text = receiver.recv_timeout(std::time::Duration::from_secs(120));
            assert_eq!(text.as_deref(), Ok("no such patient"), "{threads} {fault}");
        }
    }
}
