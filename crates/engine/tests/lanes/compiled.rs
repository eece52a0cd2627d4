//! Kernels compiled ahead of time against the interpreter, on the loop: small enough for debug builds. The benchmark
//! model has the same check as a program of its own (`bytes` in `benches/peers`).

use std::path::Path;
use std::sync::Arc;

use gutskin_engine::lanes::{
    Cohort, Ensemble, InstructionSet, LaneCount, LaneProgram, PatientSpec, emit,
};
use gutskin_engine::program::{ProgramOptions, ScalarProgram};
use gutskin_engine::{Decision, DecisionContext, FailureReason, Options, Solver, States, Status};

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

/// Patients of the loop of whom one operand of `min` or `max` is no number.
#[test]
fn an_undefined_operand_shows_in_every_kernel() {
    let mut cohort = LoopCohort::healthy(24);
    cohort.hostile = |i| {
        let mut parameters = vec![1e4, 0.4, 0.7, 2.5, 1e4, 1e-4];
        match i % 3 {
            0 => parameters[4] = -1.0,
            1 => parameters[5] = -1.0,
            _ => {}
        }
        Some(parameters)
    };
    let base = compiled(1e-6);
    let mut ways = vec![base.clone().with_instruction_set(InstructionSet::Portable)];
    for set in [InstructionSet::Avx512, InstructionSet::Avx2] {
        if set.is_available() {
            let kernels = base.clone().with_instruction_set(set);
            assert!(kernels.is_compiled());
            ways.extend([kernels.clone(), kernels.interpreted()]);
        }
    }
    for ensemble in ways {
        for result in ensemble.solve(&cohort) {
            let status = result.outcome.as_ref().unwrap().status;
            if result.index % 3 == 2 {
                assert!(status.is_success(), "{}: {status}", result.index);
            } else {
                assert!(is_undefined(status), "{}: {status}", result.index);
            }
        }
    }
    // The scalar solver says the same.
    let program = Arc::new(loop_model());
    for index in 0..3 {
        let mut spec = cohort.patient(index);
        let mut system = ScalarProgram::new(program.clone());
        system.set_patient(&spec.parameters, &spec.switches);
        spec.run.initial = vec![0.0; program.dimension()];
        system.initial(&mut spec.run.initial);
        spec.run.inputs.clone_from(&program.input_defaults);
        let states = States::of_program(&program).unwrap();
        let mut solver = Solver::new(system, states, Options::with_tolerance(1e-6)).unwrap();
        let status = solver
            .solve_with(&spec.run, &mut |_| Vec::new())
            .unwrap()
            .status;
        assert_eq!(is_undefined(status), index != 2, "{index}: {status}");
    }
}

fn is_undefined(status: Status) -> bool {
    let Status::Failed { reason, time } = status else {
        return false;
    };
    time == 0.0 && reason == FailureReason::NotFinite
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
