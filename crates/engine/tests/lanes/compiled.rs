//! Kernels compiled ahead of time against the interpreter, on the loop: small enough for debug builds. The benchmark
//! model has the same check as a program of its own (`bytes` in `benches/peers`).

use std::path::Path;
use std::sync::Arc;

use gutskin_engine::Options;
use gutskin_engine::lanes::{Ensemble, InstructionSet, LaneCount, LaneProgram, emit};

use crate::bytes::all_bytes;
use crate::loop_kernels::KERNELS;
use crate::models::{LoopCohort, loop_model};

fn compiled(tolerance: f64) -> Ensemble {
    let program = LaneProgram::with_kernels(Arc::new(loop_model()), &[&KERNELS]).unwrap();
    Ensemble::new(Arc::new(program), Options::with_tolerance(tolerance)).unwrap()
}

/// `GUTSKIN_KEEP_KERNELS=1 cargo test --workspace --test lanes kernels_are` writes the file anew.
#[test]
fn the_kernels_are_those_of_the_program() {
    let source = emit(&LaneProgram::for_kernels(Arc::new(loop_model())).unwrap());
    if std::env::var_os("GUTSKIN_KEEP_KERNELS").is_some() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lanes/loop_kernels.rs");
        std::fs::write(file, &source).unwrap();
        return;
    }
    assert!(
        source == include_str!("loop_kernels.rs"),
        "keep the kernels anew: see above"
    );
}

#[test]
fn compiled_kernels_give_the_bytes_of_the_interpreter() {
    let cohort = LoopCohort::healthy(40);
    let mut served = 0;
    for set in [InstructionSet::Avx512, InstructionSet::Avx2] {
        if !set.is_available() {
            println!("skipped: no {set:?} here");
            continue;
        }
        for tolerance in [1e-4, 1e-7] {
            let kernels = compiled(tolerance).with_instruction_set(set);
            assert!(kernels.is_compiled());
            let interpreter = kernels.clone().interpreted();
            assert!(!interpreter.is_compiled());
            let (found, expected) = (kernels.solve(&cohort), interpreter.solve(&cohort));
            assert!(all_bytes(&found) == all_bytes(&expected), "{set:?}");
            served += found.len();
        }
    }
    println!("{served} patients by compiled kernels");
}

/// Kernels of another program, an instruction set without kernels, or more than eight lanes: the interpreter serves.
#[test]
fn the_interpreter_serves_where_no_kernels_fit() {
    let portable = compiled(1e-6).with_instruction_set(InstructionSet::Portable);
    assert!(!portable.is_compiled());
    assert!(!compiled(1e-6).with_lanes(LaneCount::Sixteen).is_compiled());
    let mut edited = loop_model();
    edited.observables.swap(0, 1);
    let program = LaneProgram::with_kernels(Arc::new(edited), &[&KERNELS]).unwrap();
    let ensemble = Ensemble::new(Arc::new(program), Options::with_tolerance(1e-6)).unwrap();
    assert!(!ensemble.is_compiled());
}
