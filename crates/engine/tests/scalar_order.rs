//! Order of convergence with fixed steps, at the steps and inside them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod problems;

use gutskin_engine::{Method, Options};
use problems::{Model, ProtheroRobinson, Smooth, run, solver};

/// Output points a step, to see the error of the dense output.
const POINTS: usize = 7;

/// Largest error at the ends of `steps` equal steps, and anywhere.
fn errors(model: &impl Model, method: Method, steps: usize) -> (f64, f64) {
    let (start, end) = model.span();
    let step = (end - start) / steps as f64;
    let options = Options {
        method,
        fixed_step: Some(step),
        ..Options::default()
    };
    let outputs = (1..POINTS * steps)
        .map(|i| start + i as f64 * step / POINTS as f64)
        .chain([end])
        .collect();
    let solution = solver(model, options).solve(&run(model, outputs)).unwrap();
    assert!(solution.status.is_success(), "{}", solution.status);
    let (mut at_steps, mut anywhere) = (0.0, 0.0);
    for (row, &time) in solution.trajectory.times().iter().enumerate() {
        let exact = model.exact(time).unwrap();
        let state = solution.trajectory.states(row);
        let error = state
            .iter()
            .zip(exact)
            .map(|(y, x)| (y - x).abs())
            .fold(0.0, f64::max);
        anywhere = f64::max(anywhere, error);
        if (row + 1) % POINTS == 0 {
            at_steps = f64::max(at_steps, error);
        }
    }
    (at_steps, anywhere)
}

/// Slope of the line through (ln step, ln error) by least squares.
fn order(steps: &[usize], errors: &[f64]) -> f64 {
    let points: Vec<_> = steps
        .iter()
        .zip(errors)
        .map(|(&n, &e)| (-(n as f64).ln(), e.ln()))
        .collect();
    let count = points.len() as f64;
    let mean = |f: fn(&(f64, f64)) -> f64| points.iter().map(f).sum::<f64>() / count;
    let (x, y) = (mean(|p| p.0), mean(|p| p.1));
    let covariance: f64 = points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum();
    let variance: f64 = points.iter().map(|p| (p.0 - x).powi(2)).sum();
    covariance / variance
}

/// Observed orders at the steps and anywhere, for the worst of several problems.
fn observed_orders<M: Model>(models: &[M], method: Method, steps: &[usize]) -> (f64, f64) {
    let (at_steps, anywhere): (Vec<_>, Vec<_>) = steps
        .iter()
        .map(|&n| {
            models
                .iter()
                .map(|model| errors(model, method, n))
                .fold((0.0, 0.0), |worst, e| {
                    (f64::max(worst.0, e.0), f64::max(worst.1, e.1))
                })
        })
        .unzip();
    println!("{method:?}: {steps:?} steps, errors {at_steps:?}, dense {anywhere:?}");
    (order(steps, &at_steps), order(steps, &anywhere))
}

#[test]
fn smooth_problem_converges_with_the_full_order() {
    for (method, order) in [(Method::Rodas4, 4.0), (Method::Rodas5P, 5.0)] {
        let (at_steps, anywhere) = observed_orders(&[Smooth], method, &[20, 40, 80, 160]);
        assert!(
            (at_steps - order).abs() < 0.4,
            "{method:?}: order {at_steps} at the steps"
        );
        let dense = f64::from(method.tableau().dense_order as u32);
        assert!(
            anywhere > dense - 0.2,
            "{method:?}: order {anywhere} of the dense output"
        );
    }
}

/// On the forced problem the error is taken as the worst over stiffness, for each step: a bound
/// that holds whatever the stiffness.
#[test]
fn forced_problem_converges_with_order_four_whatever_the_stiffness() {
    let stiffness = (0..=32).map(|k| 10f64.powf(0.25 * f64::from(k)));
    let models: Vec<_> = stiffness
        .map(|stiffness| ProtheroRobinson { stiffness })
        .collect();
    let (at_steps, anywhere) = observed_orders(&models, Method::Rodas5P, &[20, 40, 80, 160]);
    assert!(at_steps > 3.8, "order {at_steps} at the steps");
    assert!(anywhere > 3.8, "order {anywhere} of the dense output");
}

#[test]
fn rodas4_loses_order_on_the_forced_problem() {
    let models: Vec<_> = (0..=32)
        .map(|k| ProtheroRobinson {
            stiffness: 10f64.powf(0.25 * f64::from(k)),
        })
        .collect();
    let (at_steps, _) = observed_orders(&models, Method::Rodas4, &[20, 40, 80, 160]);
    assert!((2.0..3.5).contains(&at_steps), "order {at_steps}");
}
