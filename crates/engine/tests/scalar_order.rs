//! Order of convergence with fixed steps.

mod problems;

use gutskin_engine::{Method, Options};
use problems::{Model, ProtheroRobinson, Smooth, run, solver};

/// Largest error at the end of the span with `steps` equal steps, and inside the steps.
fn errors<M: Model>(model: M, method: Method, steps: usize) -> (f64, f64) {
    let (start, end) = model.span();
    let step = (end - start) / steps as f64;
    let options = Options {
        method,
        fixed_step: Some(step),
        ..Options::default()
    };
    let mut outputs: Vec<_> = (1..=7 * steps)
        .map(|i| start + i as f64 * step / 7.0)
        .collect();
    if let Some(last) = outputs.last_mut() {
        *last = end;
    }
    let run = run(&model, outputs);
    let mut solver = solver(&model, options);
    let solution = solver.solve(&run).unwrap();
    assert!(solution.status.is_success(), "{}", solution.status);
    let error = |time: f64, state: &[f64]| {
        let exact = model.exact(time).unwrap();
        state
            .iter()
            .zip(exact)
            .map(|(y, exact)| (y - exact).abs())
            .fold(0.0, f64::max)
    };
    let inside = (0..solution.trajectory.len())
        .map(|row| {
            error(
                solution.trajectory.times()[row],
                solution.trajectory.states(row),
            )
        })
        .fold(0.0, f64::max);
    (error(solution.time, &solution.state), inside)
}

#[test]
fn print() {
    for method in [Method::Rodas4, Method::Rodas5P] {
        for steps in [10, 20, 40, 80] {
            println!(
                "{method:?} smooth {steps} {:?}",
                errors(Smooth, method, steps)
            );
        }
        for stiffness in [1.0, 1e2, 1e4, 1e6] {
            for steps in [10, 20, 40, 80] {
                println!(
                    "{method:?} PR {stiffness:e} {steps} {:?}",
                    errors(ProtheroRobinson { stiffness }, method, steps)
                );
            }
        }
    }
}
