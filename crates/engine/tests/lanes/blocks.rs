//! Blocks, threads, cancellation, tables.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use gutskin_engine::lanes::{Block, Plan, outcomes, trajectories};

use crate::bytes::all_bytes;
use crate::models::{LoopCohort, ensemble, loop_model};

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
            ControlFlow::Continue(())
        },
    );
}

#[test]
fn an_empty_cohort_is_no_work() {
    let results = ensemble(loop_model(), 1e-6).solve(&LoopCohort::healthy(0));
    assert!(results.is_empty());
}
