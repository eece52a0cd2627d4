//! Kernels compiled ahead of time against the interpreter, on the loop: small enough for debug builds. The benchmark
//! model has the same check as a program of its own (`bytes` in `benches/peers`).

use std::path::Path;
use std::sync::Arc;

use gutskin_engine::lanes::{
    Cohort, Ensemble, InstructionSet, LaneCount, LaneProgram, PatientSpec, emit,
};
use gutskin_engine::program::ProgramOptions;
use gutskin_engine::{Decision, DecisionContext, Options};

use crate::bytes::all_bytes;
use crate::loop_kernels::KERNELS;
use crate::models::{LoopCohort, loop_model, loop_network};

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

/// A selection of the observables runs by the kernels of all of them, and is the same bytes.
#[test]
fn selected_observables_keep_the_kernels() {
    if !InstructionSet::Avx2.is_available() {
        println!("skipped: no kernels for this machine");
        return;
    }
    let whole = compiled(1e-6).solve(&LoopCohort::healthy(20));
    let prepare = |names: &[&str]| {
        let options = ProgramOptions {
            observables: Some(names.iter().map(|&name| name.to_owned()).collect()),
        };
        let program = LaneProgram::of_network(&loop_network(), &options, &[&KERNELS]).unwrap();
        Ensemble::new(Arc::new(program), Options::with_tolerance(1e-6)).unwrap()
    };
    let seen = prepare(&["pool.seen"]);
    assert!(seen.is_compiled());
    for ensemble in [seen.clone(), seen.interpreted()] {
        let found = ensemble.solve(&Seeing(LoopCohort::healthy(20)));
        for (found, whole) in found.iter().zip(&whole) {
            let (found, whole) = (found.outcome.as_ref(), whole.outcome.as_ref());
            let (found, whole) = (&found.unwrap().trajectory, &whole.unwrap().trajectory);
            assert_eq!(found.times(), whole.times());
            for row in 0..whole.len() {
                assert_eq!(found.observables(row), &whole.observables(row)[1..]);
                assert_eq!(found.states(row), whole.states(row));
            }
        }
    }
    // A state is no declared observable: the kernels do not report it.
    assert!(!prepare(&["response"]).is_compiled());
}

/// The loop's patients, whose decisions read the first observable; here it is not reported.
struct Seeing(LoopCohort);

impl Cohort for Seeing {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn patient(&self, index: usize) -> PatientSpec {
        self.0.patient(index)
    }

    fn decide(&self, index: usize, context: &DecisionContext<'_>) -> Vec<Decision> {
        assert_eq!(context.observables, [2.0 * context.state[0]]);
        let score = context.state[2].exp() + (context.state[0] + 1.0).sqrt();
        let observables = [score, context.observables[0]];
        let context = DecisionContext {
            observables: &observables,
            ..*context
        };
        self.0.decide(index, &context)
    }
}

#[test]
fn switching_keeps_what_was_forced_and_arranges_for_the_interpreter() {
    let plain = LaneProgram::new(Arc::new(loop_model())).unwrap();
    let plain = Ensemble::new(Arc::new(plain), Options::with_tolerance(1e-6)).unwrap();
    let interpreted = compiled(1e-6).interpreted();
    assert_eq!(interpreted.lanes(), plain.lanes());
    let forced = compiled(1e-6).with_lanes(LaneCount::SixtyFour);
    assert_eq!(forced.lanes(), LaneCount::SixtyFour);
    assert_eq!(forced.interpreted().lanes(), LaneCount::SixtyFour);
    // The arrangement is the plain interpreter's.
    assert_eq!(
        interpreted.program().fingerprint(),
        plain.program().fingerprint()
    );
}
