//! Accuracy on the classic problems against stored references.
//!
//! Error measure: |y − ref| / (atol_i + |ref|) over all states and output times.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod problems;

use gutskin_engine::{Method, Options, Statistics};
use problems::{
    E5, Hires, Model, Oregonator, Pollution, ProtheroRobinson, Reference, Robertson, VanDerPol,
    relative_errors, run, solver,
};

struct Accuracy {
    median: f64,
    percentile95: f64,
    largest: f64,
    statistics: Statistics,
}

fn accuracy(model: &impl Model, reference: &Reference, method: Method, rtol: f64) -> Accuracy {
    let options = Options {
        method,
        ..Options::with_tolerance(rtol)
    };
    let solution = solver(model, options)
        .solve(&run(model, reference.times.clone()))
        .unwrap();
    assert!(
        solution.status.is_success(),
        "{}: {}",
        model.name(),
        solution.status
    );
    let rows: Vec<_> = (0..solution.trajectory.len())
        .map(|row| solution.trajectory.states(row).to_vec())
        .collect();
    let absolute: Vec<_> = model
        .states()
        .typical()
        .iter()
        .map(|size| rtol * size)
        .collect();
    let errors = relative_errors(&rows, &reference.states, &absolute);
    let at = |share: f64| errors[((errors.len() - 1) as f64 * share).round() as usize];
    let found = Accuracy {
        median: at(0.5),
        percentile95: at(0.95),
        largest: at(1.0),
        statistics: solution.statistics,
    };
    println!(
        "{:12} {method:?} rtol {rtol:.0e}: median {:.1e}, 95 % {:.1e}, max {:.1e}; {} steps, {} rejected",
        model.name(),
        found.median,
        found.percentile95,
        found.largest,
        found.statistics.accepted,
        found.statistics.rejected,
    );
    found
}

/// The error follows the tolerance: at each of three tolerances the median is within it, and the
/// 95th percentile within `factor` times it.
fn check(model: &impl Model, reference: &Reference, factor: f64) {
    for method in [Method::Rodas5P, Method::Rodas4] {
        for rtol in [1e-4, 1e-6, 1e-8] {
            let found = accuracy(model, reference, method, rtol);
            let (median, high) = (found.median, found.percentile95);
            assert!(median < rtol, "{method:?} {rtol:e}: median {median:e}");
            assert!(
                high < factor * rtol,
                "{method:?} {rtol:e}: 95th percentile {high:e}"
            );
        }
    }
}

fn check_stored(model: &impl Model, factor: f64) {
    check(model, &Reference::read(&model.name()), factor);
}

/// The slow species decays over eleven decades, and its relative error grows on the way.
#[test]
fn robertson() {
    check_stored(&Robertson, 100.0);
}

#[test]
fn hires() {
    check_stored(&Hires, 10.0);
}

#[test]
fn oregonator() {
    check_stored(&Oregonator, 10.0);
}

#[test]
fn pollution() {
    check_stored(&Pollution, 1.0);
}

/// Down to concentrations of 1e-22: possible only because the declared invariant y1 = y2 + y3 is
/// kept against rounding, which otherwise leaves some 1e-21 of it.
#[test]
fn e5() {
    check_stored(&E5, 100.0);
}

#[test]
fn van_der_pol() {
    check_stored(&VanDerPol, 10.0);
}

/// Every output, at the steps or inside them, is within ten tolerances of the exact solution,
/// whatever the stiffness: without control of the dense output the error here is 1e-2 at a
/// tolerance of 1e-6.
#[test]
fn forced_problem_is_accurate_between_the_steps() {
    for stiffness in [1.0, 1e1, 1e2, 1e3, 1e4, 1e6, 1e8] {
        let model = ProtheroRobinson { stiffness };
        let times: Vec<_> = (1..=50).map(|i| 0.2 * f64::from(i)).collect();
        let states = times.iter().map(|&t| model.exact(t).unwrap()).collect();
        let reference = Reference { times, states };
        for method in [Method::Rodas5P, Method::Rodas4] {
            for rtol in [1e-4, 1e-6, 1e-8] {
                let largest = accuracy(&model, &reference, method, rtol).largest;
                assert!(
                    largest < 10.0 * rtol,
                    "{method:?} {stiffness:e} {rtol:e}: {largest:e}"
                );
            }
        }
    }
}
