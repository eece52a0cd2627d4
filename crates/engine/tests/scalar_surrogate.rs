//! The benchmark model of the shared data against its reference, and its steady states.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod problems;
mod surrogate;

use std::cell::RefCell;

use diffsol::{FaerLU, FaerMat, OdeBuilder, OdeSolverMethod};
use gutskin_engine::program::ScalarProgram;
use gutskin_engine::{
    Action, Change, Method, Options, Run, Schedule, Solver, States, Statistics, SteadyOptions,
    SteadyStatus, System, Target,
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

/// Ten switches of the input, against diffsol's BDF restarted at each of them: the same end of
/// every period, at a tolerance a hundred times smaller.
#[test]
fn ten_input_changes_agree_with_another_solver() {
    let Some(data) = Surrogate::read() else {
        return;
    };
    let switches: Vec<_> = (1..=10).map(|i| 17.5 * f64::from(i)).collect();
    let level = |period: usize| 0.25 * ((period * 3) % 5) as f64;
    let rtol = 1e-6;
    let mut solver = solver(&data, Options::with_tolerance(rtol));
    let absolute: Vec<_> = data
        .program
        .typical
        .iter()
        .map(|size| rtol * size)
        .collect();
    for patient in [7, 13] {
        solver
            .system_mut()
            .set_patient(&data.patients[patient].parameters, &[]);
        let ends: Vec<_> = switches.iter().copied().chain([SPAN.1]).collect();
        let mut run = run(&data, patient, &ends);
        let changes = switches.iter().enumerate().map(|(i, &time)| Change {
            time,
            target: Target::Input(0),
            action: Action::Set(level(i + 1)),
        });
        run.schedule = Schedule::new(changes.collect()).unwrap();
        run.inputs = vec![level(0)];
        let solution = solver.solve(&run).unwrap();
        assert!(solution.status.is_success(), "{}", solution.status);
        assert_eq!(solution.statistics.restarts, 10);
        let rows: Vec<_> = (0..ends.len())
            .map(|row| solution.trajectory.states(row).to_vec())
            .collect();
        let inputs: Vec<_> = (0..ends.len()).map(level).collect();
        let theirs = diffsol(&data, patient, &ends, &inputs);
        let errors = relative_errors(&rows, &theirs, &absolute);
        let at = |share: f64| errors[((errors.len() - 1) as f64 * share).round() as usize];
        println!(
            "patient {patient}: median {:.1e}, 95 % {:.1e}, max {:.1e}; {:?}",
            at(0.5),
            at(0.95),
            at(1.0),
            solution.statistics
        );
        assert!(at(0.95) < 10.0 * rtol, "patient {patient}: {:e}", at(0.95));
    }
}

/// States at the ends of periods of constant input.
fn diffsol(data: &Surrogate, patient: usize, ends: &[f64], inputs: &[f64]) -> Vec<Vec<f64>> {
    let mut program = ScalarProgram::new(data.program.clone());
    program.set_patient(&data.patients[patient].parameters, &[]);
    let system = RefCell::new(program);
    let pattern = data.program.pattern.clone();
    let (mut start, mut state) = (SPAN.0, data.patients[patient].initial.clone());
    let mut rows = Vec::new();
    for (&end, &input) in ends.iter().zip(inputs) {
        let initial = state.clone();
        let problem = OdeBuilder::<FaerMat<f64>>::new()
            .t0(start)
            .rtol(1e-8)
            .atol(data.program.typical.iter().map(|size| 1e-8 * size))
            .rhs_implicit(
                |y, _, t, slope| system.borrow_mut().rhs(t, y, &[input], slope),
                |y, _, t, v, product| {
                    let mut values = vec![0.0; pattern.len()];
                    let mut by_time = vec![0.0; y.len()];
                    let system = &mut *system.borrow_mut();
                    System::jacobian(system, t, y, &[input], &mut values, &mut by_time);
                    product.fill(0.0);
                    for ((row, column), value) in pattern.positions().zip(values) {
                        product[row] += value * v[column];
                    }
                },
            )
            .init(|_, _, y| y.copy_from_slice(&initial), initial.len())
            .build()
            .unwrap();
        let mut solver = problem.bdf::<FaerLU<f64>>().unwrap();
        let (columns, _) = solver.solve_dense(&[end]).unwrap();
        let next: Vec<_> = (0..initial.len()).map(|row| columns[(row, 0)]).collect();
        rows.push(next.clone());
        (start, state) = (end, next);
    }
    rows
}
