//! The same bytes for every lane count, order, neighbour and instruction set of a class.

use std::sync::Arc;

use gutskin_engine::lanes::{ArithmeticClass, Cohort, InstructionSet, LaneCount, PatientResult};
use gutskin_engine::program::ScalarProgram;
use gutskin_engine::{DecisionContext, Options, Solution, Solver, States, Status};

use crate::models::{LoopCohort, SurrogateCohort, ensemble, loop_model};

const LANES: [LaneCount; 4] = [
    LaneCount::Eight,
    LaneCount::Sixteen,
    LaneCount::ThirtyTwo,
    LaneCount::SixtyFour,
];

fn bytes(result: &PatientResult) -> Vec<u64> {
    let solution: &Solution = result.outcome.as_ref().unwrap();
    let trajectory = &solution.trajectory;
    let mut all: Vec<u64> = vec![solution.time.to_bits(), solution.statistics.accepted as u64];
    for row in 0..trajectory.len() {
        all.push(trajectory.times()[row].to_bits());
        all.extend(trajectory.observables(row).iter().map(|x| x.to_bits()));
        all.extend(trajectory.states(row).iter().map(|x| x.to_bits()));
    }
    all.extend(solution.state.iter().map(|x| x.to_bits()));
    all
}

pub fn all_bytes(results: &[PatientResult]) -> Vec<Vec<u64>> {
    results.iter().map(bytes).collect()
}

#[test]
fn lane_counts_give_the_same_bytes() {
    let base = ensemble(loop_model(), 1e-6);
    let cohort = LoopCohort::healthy(70);
    let expected = all_bytes(&base.solve(&cohort));
    for lanes in LANES {
        let found = all_bytes(&base.clone().with_lanes(lanes).solve(&cohort));
        assert!(found == expected, "{lanes:?}");
    }
}

#[test]
fn instruction_sets_of_a_class_give_the_same_bytes() {
    let Some(surrogate) = SurrogateCohort::read(24) else {
        return;
    };
    let loops = LoopCohort::healthy(30);
    for class in [ArithmeticClass::Fused, ArithmeticClass::Unfused] {
        let mut expected = None;
        let sets = InstructionSet::ALL.into_iter();
        for set in sets.filter(|set| set.is_available() && set.class() == class) {
            let small = ensemble(loop_model(), 1e-6).with_instruction_set(set);
            let large = ensemble(surrogate.program(), 1e-6).with_instruction_set(set);
            assert_eq!(small.class(), class);
            let found = (
                all_bytes(&small.solve(&loops)),
                all_bytes(&large.solve(&surrogate)),
            );
            assert!(
                expected.get_or_insert_with(|| found.clone()) == &found,
                "{set:?}"
            );
        }
    }
}

#[test]
fn the_order_of_patients_does_not_matter() {
    let base = ensemble(loop_model(), 1e-6);
    let forward = all_bytes(&base.solve(&LoopCohort::healthy(50)));
    let turned = LoopCohort {
        order: |i| 49 - i,
        ..LoopCohort::healthy(50)
    };
    let mut backward = all_bytes(&base.solve(&turned));
    backward.reverse();
    assert!(forward == backward);
}

/// Every third patient is NaN, extremely stiff, or explosive.
fn hostile(i: usize) -> Option<Vec<f64>> {
    match i % 9 {
        1 => Some(vec![f64::NAN; 4]),
        4 => Some(vec![1e12, 0.4, 0.7, 2.5]),
        7 => Some(vec![1e4, 1e300, 0.7, -40.0]),
        _ => None,
    }
}

#[test]
fn neighbours_in_trouble_leave_no_trace() {
    let base = ensemble(loop_model(), 1e-6);
    let expected = base.solve(&LoopCohort::healthy(54));
    let cohort = LoopCohort {
        hostile,
        ..LoopCohort::healthy(54)
    };
    for lanes in LANES {
        let found = base.clone().with_lanes(lanes).solve(&cohort);
        for (i, (found, expected)) in found.iter().zip(&expected).enumerate() {
            match i % 9 {
                1 => {
                    let status = found.outcome.as_ref().unwrap().status;
                    assert!(matches!(status, Status::Failed { .. }), "{status}");
                }
                4 => assert!(found.outcome.as_ref().unwrap().status.is_success()),
                7 => {}
                _ => assert!(bytes(found) == bytes(expected), "patient {i}, {lanes:?}"),
            }
        }
    }
}

/// Solutions of the scalar solver are the same bytes on every machine and under every mathematics library. Whoever changes
/// the method or a function of it keeps the new number.
#[test]
fn the_scalar_solver_has_the_same_bytes_everywhere() {
    let program = Arc::new(loop_model());
    let cohort = LoopCohort::healthy(12);
    let states = States::of_program(&program).unwrap();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for index in 0..cohort.len() {
        let mut spec = cohort.patient(index);
        let mut system = ScalarProgram::new(program.clone());
        system.set_patient(&spec.parameters, &spec.switches);
        spec.run.initial = vec![0.0; program.dimension()];
        system.initial(&mut spec.run.initial);
        spec.run.inputs.clone_from(&program.input_defaults);
        let options = Options::with_tolerance(1e-6);
        let mut solver = Solver::new(system, states.clone(), options).unwrap();
        let mut decide = |context: &DecisionContext<'_>| cohort.decide(index, context);
        let solution = solver.solve_with(&spec.run, &mut decide).unwrap();
        assert!(solution.status.is_success());
        for value in &solution.state {
            hash = (hash ^ value.to_bits()).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    assert_eq!(format!("{hash:016x}"), "9c1b979c3862a5b9");
}
