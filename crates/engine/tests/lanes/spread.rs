//! The benchmark model with every one of its parameters spread by a decade either way, far beyond any person: who leaves
//! the lanes?

use std::sync::Arc;

use gutskin_engine::lanes::{Cohort, Path, PatientResult, PatientSpec};
use gutskin_engine::program::{Program, ScalarProgram};
use gutskin_engine::{Options, Solution, Solver, States, Status};

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

fn complete(result: &PatientResult) -> bool {
    result.outcome.as_ref().unwrap().status == Status::Complete
}

/// A thousand patients: who leaves the lanes, who fails. Kinetics as usually written overflow in two of a hundred of them.
#[test]
fn nobody_leaves_the_lanes_and_everybody_comes_to_the_end() {
    let Some(cohort) = spread_cohort(1000) else {
        return;
    };
    let results = ensemble(cohort.program(), TOLERANCE).solve(&cohort);
    let left = results.iter().filter(|r| r.path == Path::Scalar).count();
    let failed = results.iter().filter(|r| !complete(r)).count();
    let count = results.len();
    println!("{left} of {count} were sent to pivoting, {failed} failed");
    assert_eq!((left, failed), (0, 0));
}

/// Two plain ones, and some in whom a cytokine grows to 1e11 to 1e71 times its typical size beside others that stay.
#[test]
fn the_lanes_agree_with_the_scalar_solver_on_them() {
    let Some(cohort) = spread_cohort(1000) else {
        return;
    };
    let program = Arc::new(cohort.program());
    let results = ensemble(cohort.program(), TOLERANCE).solve(&cohort);
    for index in [0, 1, 20, 36, 84, 907, 971] {
        let lanes = results[index].outcome.as_ref().unwrap();
        let scalar = alone(&program, &cohort.patient(index));
        assert_eq!(scalar.status, Status::Complete, "patient {index}");
        let sizes = scalar.state.iter().zip(&program.typical);
        for (state, ((a, size), b)) in sizes.zip(&lanes.state).enumerate() {
            let bound = 3e-6 * (a.abs() + size);
            let name = &program.state_names[state];
            assert!(
                (a - b).abs() <= bound,
                "patient {index}, {name}: {a} and {b}"
            );
        }
    }
}
