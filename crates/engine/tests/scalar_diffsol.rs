//! Agreement with the BDF solver of `diffsol`, an independent implementation of another method.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod problems;

use std::cell::RefCell;

use diffsol::{FaerLU, FaerMat, OdeBuilder, OdeSolverMethod};
use gutskin_engine::program::ScalarProgram;
use gutskin_engine::{Options, System};
use problems::{
    Hires, Model, Oregonator, Pollution, ProtheroRobinson, Robertson, program, relative_errors,
    run, solver,
};

/// Absolute tolerances from typical sizes, but none below 1e-18: diffsol's first step on the
/// pollution model becomes too small otherwise.
fn absolute(model: &impl Model, rtol: f64) -> Vec<f64> {
    model
        .states()
        .typical()
        .iter()
        .map(|size| rtol * size.max(1e-10))
        .collect()
}

/// States by output time from diffsol.
fn diffsol(model: &impl Model, times: &[f64], rtol: f64) -> Vec<Vec<f64>> {
    let system = RefCell::new(ScalarProgram::new(program(model)));
    let pattern = system.borrow().pattern().clone();
    let initial = model.initial();
    let dimension = initial.len();
    let problem = OdeBuilder::<FaerMat<f64>>::new()
        .t0(model.span().0)
        .rtol(rtol)
        .atol(absolute(model, rtol))
        .rhs_implicit(
            |y, _, t, dydt| system.borrow_mut().rhs(t, y, &[], dydt),
            |y, _, t, v, product| {
                let (mut values, mut by_time) = (vec![0.0; pattern.len()], vec![0.0; dimension]);
                System::jacobian(
                    &mut *system.borrow_mut(),
                    t,
                    y,
                    &[],
                    &mut values,
                    &mut by_time,
                );
                product.fill(0.0);
                for ((row, column), value) in pattern.positions().zip(values) {
                    product[row] += value * v[column];
                }
            },
        )
        .init(|_, _, y| y.copy_from_slice(&initial), dimension)
        .build()
        .unwrap();
    let mut solver = problem.bdf::<FaerLU<f64>>().unwrap();
    let (columns, _) = solver.solve_dense(times).unwrap();
    (0..times.len())
        .map(|column| (0..dimension).map(|row| columns[(row, column)]).collect())
        .collect()
}

/// The two solvers at rtol 1e-8 agree within `limit` for 95 % of all states and times.
fn check(model: &impl Model, times: Vec<f64>, limit: f64) {
    let rtol = 1e-8;
    let theirs = diffsol(model, &times, rtol);
    let solution = solver(model, Options::with_tolerance(rtol))
        .solve(&run(model, times))
        .unwrap();
    assert!(solution.status.is_success(), "{}", solution.status);
    let ours: Vec<_> = (0..theirs.len())
        .map(|row| solution.trajectory.states(row).to_vec())
        .collect();
    let errors = relative_errors(&ours, &theirs, &absolute(model, rtol));
    let percentile = errors[(errors.len() - 1) * 95 / 100];
    println!("{}: 95 % within {percentile:.1e}", model.name());
    assert!(percentile < limit, "{}: {percentile:e}", model.name());
}

fn even(end: f64, count: u32) -> Vec<f64> {
    (1..=count)
        .map(|i| end * f64::from(i) / f64::from(count))
        .collect()
}

#[test]
fn robertson() {
    check(
        &Robertson,
        vec![0.4, 4.0, 40.0, 400.0, 4e3, 4e4, 4e5, 4e6],
        1e-5,
    );
}

#[test]
fn hires() {
    check(&Hires, even(321.8122, 20), 1e-5);
}

#[test]
fn oregonator() {
    check(&Oregonator, even(360.0, 24), 1e-4);
}

#[test]
fn pollution() {
    check(&Pollution, even(60.0, 12), 1e-5);
}

#[test]
fn forced_problem() {
    check(&ProtheroRobinson { stiffness: 1e3 }, even(10.0, 20), 1e-6);
}
