//! Lanes give what the scalar solver gives.

use std::sync::Arc;

use gutskin_engine::lanes::{Cohort, Path};
use gutskin_engine::program::ScalarProgram;
use gutskin_engine::{DecisionContext, Options, Solution, Solver, States, Status, SteadyOptions};

use crate::models::{
    LoopCohort, SurrogateCohort, ensemble, loop_decision, loop_model, loop_patient,
};

const TOLERANCE: f64 = 1e-8;

fn scalar_loop(i: usize) -> Solution {
    let program = Arc::new(loop_model());
    let mut system = ScalarProgram::new(program.clone());
    let mut spec = loop_patient(i);
    system.set_patient(&spec.parameters, &spec.switches);
    spec.run.initial = vec![0.0; program.dimension()];
    system.initial(&mut spec.run.initial);
    spec.run.inputs = program.input_defaults.clone();
    let states = States::of_program(&program).unwrap();
    let mut solver = Solver::new(system, states, Options::with_tolerance(TOLERANCE)).unwrap();
    let mut decide = |context: &DecisionContext<'_>| loop_decision(i, context);
    solver.solve_with(&spec.run, &mut decide).unwrap()
}

fn assert_agrees(i: usize, lanes: &Solution, scalar: &Solution) {
    assert_eq!(lanes.status, scalar.status, "patient {i}");
    assert_eq!(lanes.inputs, scalar.inputs, "patient {i}");
    assert_eq!(
        lanes.trajectory.times(),
        scalar.trajectory.times(),
        "patient {i}"
    );
    let close = |a: &[f64], b: &[f64]| {
        a.len() == b.len()
            && a.iter()
                .zip(b)
                .all(|(a, b)| (a - b).abs() <= 1e-5 * (1.0 + b.abs()))
    };
    assert!(close(&lanes.state, &scalar.state), "patient {i}");
    for row in 0..lanes.trajectory.len() {
        let (a, b) = (&lanes.trajectory, &scalar.trajectory);
        assert!(
            close(a.observables(row), b.observables(row)),
            "patient {i}, row {row}"
        );
        assert!(
            close(a.states(row), b.states(row)),
            "patient {i}, row {row}"
        );
    }
}

#[test]
fn changes_jumps_decisions_and_outputs_mean_the_same() {
    let results = ensemble(loop_model(), TOLERANCE).solve(&LoopCohort::healthy(40));
    let mut stopped = 0;
    for (i, result) in results.iter().enumerate() {
        assert_eq!(result.path, Path::Lanes);
        let solution = result.outcome.as_ref().unwrap();
        assert_agrees(i, solution, &scalar_loop(i));
        stopped += usize::from(matches!(solution.status, Status::Stopped { .. }));
    }
    assert!(stopped > 0, "the drop-outs must be among them");
}

#[test]
fn the_surrogate_comes_out_as_in_the_reference() {
    let Some(cohort) = SurrogateCohort::read(20) else {
        return;
    };
    let results = ensemble(cohort.program(), 1e-8).solve(&cohort);
    let solution = |patient: usize| results[patient].outcome.as_ref().unwrap();
    let (maximum, rms) = cohort.surrogate.reference.error(|patient, day, state| {
        let trajectory = &solution(patient).trajectory;
        trajectory
            .observables((day / 14.0) as usize)
            .get(state)
            .copied()
            .unwrap_or(f64::NAN)
    });
    println!("error {maximum:.2e} at most, {rms:.2e} rms");
    assert!(maximum < 5e-5 && rms < 1e-6);
}

#[test]
fn hardly_any_patient_leaves_the_lanes() {
    let Some(mut cohort) = SurrogateCohort::read(200) else {
        return;
    };
    for spread in [0.0, 1.0] {
        cohort.spread = spread;
        let results = ensemble(cohort.program(), 1e-6).solve(&cohort);
        let left = results.iter().filter(|r| r.path == Path::Scalar).count();
        let complete = results
            .iter()
            .filter(|r| r.outcome.as_ref().unwrap().status == Status::Complete)
            .count();
        println!(
            "spread {spread}: {left} of {} left the lanes, {complete} complete",
            cohort.len()
        );
        assert_eq!(left, 0);
        assert_eq!(complete, cohort.len());
    }
}

#[test]
fn steady_states_are_those_of_the_scalar_solver() {
    let Some(cohort) = SurrogateCohort::read(6) else {
        return;
    };
    let base = ensemble(cohort.program(), 1e-6);
    let options = SteadyOptions::default();
    let one = base.steady_states(&cohort, &options, 1);
    let two = base.steady_states(&cohort, &options, 2);
    assert_eq!(one.len(), 6);
    let program = Arc::new(cohort.program());
    for (index, (one, two)) in one.iter().zip(&two).enumerate() {
        let (one, two) = (one.as_ref().unwrap(), two.as_ref().unwrap());
        let spec = cohort.patient(index);
        let mut system = ScalarProgram::new(program.clone());
        system.set_patient(&spec.parameters, &spec.switches);
        let states = States::of_program(&program).unwrap();
        let mut solver = Solver::new(system, states, Options::with_tolerance(1e-6)).unwrap();
        let alone = solver
            .steady_state(0.0, &spec.run.initial, &program.input_defaults, &options)
            .unwrap();
        // Both are exact to the last Newton correction; the ways there differ.
        assert_eq!(one.state, two.state);
        let sizes = program.typical.iter().zip(&alone.state);
        for ((a, b), size) in one
            .state
            .iter()
            .zip(&alone.state)
            .zip(sizes.map(|(t, y)| t + y))
        {
            assert!(
                (a - b).abs() < 2.0 * options.correction_tolerance * size,
                "{a} {b}"
            );
        }
        assert_eq!(one.status, alone.status);
    }
}
