//! The benchmark model of the shared data against its reference, and its steady states.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod problems;
mod surrogate;

use gutskin_engine::program::ScalarProgram;
use gutskin_engine::{
    Method, Options, Run, Solver, States, Statistics, SteadyOptions, SteadyStatus,
};
use problems::relative_errors;
use surrogate::{SPAN, Surrogate, benchmark_errors};

fn solver(data: &Surrogate, options: Options) -> Solver<ScalarProgram> {
    let states = States::of_program(&data.program).unwrap();
    Solver::new(ScalarProgram::new(data.program.clone()), states, options).unwrap()
}

fn run(data: &Surrogate, patient: usize, outputs: &[f64]) -> Run {
    let mut run = Run::new(SPAN.0, SPAN.1, data.patients[patient].initial.clone());
    run.inputs = data.program.input_defaults.clone();
    run.schedule = data.schedule.clone();
    run.outputs = outputs.to_vec();
    run.record_states = true;
    run
}

struct Found {
    benchmark_largest: f64,
    benchmark_rms: f64,
    median: f64,
    percentile95: f64,
    statistics: Statistics,
}

fn accuracy(data: &Surrogate, method: Method, rtol: f64) -> Found {
    let mut solver = solver(
        data,
        Options {
            method,
            ..Options::with_tolerance(rtol)
        },
    );
    let absolute: Vec<_> = data
        .program
        .typical
        .iter()
        .map(|size| rtol * size)
        .collect();
    let (mut errors, mut largest, mut squares) = (Vec::new(), 0.0, 0.0);
    let mut total = Statistics::default();
    for (patient, reference) in data.reference.iter().enumerate() {
        solver
            .system_mut()
            .set_patient(&data.patients[patient].parameters, &[]);
        let solution = solver.solve(&run(data, patient, &data.times)).unwrap();
        assert!(
            solution.status.is_success(),
            "patient {patient}: {}",
            solution.status
        );
        let rows: Vec<_> = (0..data.times.len())
            .map(|row| solution.trajectory.states(row).to_vec())
            .collect();
        let (top, rms) = benchmark_errors(&rows, reference);
        largest = f64::max(largest, top);
        squares += rms * rms;
        errors.extend(relative_errors(&rows, reference, &absolute));
        total.accepted += solution.statistics.accepted;
        total.rejected += solution.statistics.rejected;
        total.rhs += solution.statistics.rhs;
    }
    errors.sort_by(f64::total_cmp);
    let at = |share: f64| errors[((errors.len() - 1) as f64 * share).round() as usize];
    let found = Found {
        benchmark_largest: largest,
        benchmark_rms: (squares / data.reference.len() as f64).sqrt(),
        median: at(0.5),
        percentile95: at(0.95),
        statistics: total,
    };
    println!(
        "{method:?} rtol {rtol:.0e}: benchmark max {:.1e}, rms {:.1e}; median {:.1e}, 95 % {:.1e}; \
         {} steps, {} rejected, {} evaluations",
        found.benchmark_largest,
        found.benchmark_rms,
        found.median,
        found.percentile95,
        total.accepted,
        total.rejected,
        total.rhs,
    );
    found
}

#[test]
fn error_follows_the_tolerance() {
    let Some(data) = Surrogate::read() else {
        return;
    };
    assert_eq!(data.reference.len(), 20);
    for (rtol, largest, rms) in [(1e-4, 1e-3, 1e-5), (1e-6, 1e-4, 1e-6), (1e-8, 1e-6, 1e-8)] {
        let found = accuracy(&data, Method::Rodas5P, rtol);
        assert!(
            found.benchmark_largest < largest,
            "{:e}",
            found.benchmark_largest
        );
        assert!(found.benchmark_rms < rms, "{:e}", found.benchmark_rms);
        assert!(found.median < rtol, "{:e}", found.median);
        assert!(found.percentile95 < 10.0 * rtol, "{:e}", found.percentile95);
        assert!(found.statistics.rejected < found.statistics.accepted);
    }
    accuracy(&data, Method::Rodas4, 1e-6);
}

#[test]
fn steady_states_are_those_of_long_integrations() {
    let Some(data) = Surrogate::read() else {
        return;
    };
    let mut solver = solver(&data, Options::default());
    for (patient, who) in data.patients.iter().enumerate().take(20) {
        solver.system_mut().set_patient(&who.parameters, &[]);
        let inputs = &data.program.input_defaults;
        let found = solver
            .steady_state(0.0, &who.initial, inputs, &SteadyOptions::default())
            .unwrap();
        println!(
            "patient {patient}: {}; residual {:.1e}, real part {:?}, {} + {} steps",
            found.status, found.residual, found.real_part, found.steps, found.newton_steps
        );
        assert_eq!(found.status, SteadyStatus::Stable, "patient {patient}");
        let mut long = run(&data, patient, &[]);
        long.schedule = Default::default();
        long.end = 5000.0;
        let end = solver.solve(&long).unwrap();
        assert!(end.status.is_success());
        let errors = relative_errors(
            &[found.state],
            &[end.state],
            &data
                .program
                .typical
                .iter()
                .map(|size| 1e-3 * size)
                .collect::<Vec<_>>(),
        );
        assert!(
            errors[errors.len() - 1] < 1e-4,
            "patient {patient}: {:?}",
            errors.last()
        );
    }
}
