//! Properties over random systems: exact solutions, conserved quantities, signs, split runs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod problems;

use gutskin_engine::program::Pattern;
use gutskin_engine::{
    Action, Change, Options, Run, Schedule, Solver, States, Status, SteadyOptions, SteadyStatus,
    System, Target,
};
use problems::{E5, Enzyme, Hires, Model, Pollution, Robertson, run, solver};
use proptest::prelude::*;

/// y' = A y + u, with one input for each state.
struct Linear {
    matrix: Vec<Vec<f64>>,
    pattern: Pattern,
}

impl Linear {
    fn new(matrix: Vec<Vec<f64>>) -> Self {
        let n = matrix.len();
        let pairs = (0..n).flat_map(|i| (0..n).map(move |j| (i, j)));
        let used = pairs.filter(|&(i, j)| matrix[i][j] != 0.0).collect();
        Self {
            pattern: Pattern::from_pairs(n, used),
            matrix,
        }
    }
}

impl System for Linear {
    fn dimension(&self) -> usize {
        self.matrix.len()
    }

    fn inputs(&self) -> usize {
        self.matrix.len()
    }

    fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    fn rhs(&mut self, _t: f64, y: &[f64], inputs: &[f64], dydt: &mut [f64]) {
        for ((slope, row), input) in dydt.iter_mut().zip(&self.matrix).zip(inputs) {
            *slope = input + row.iter().zip(y).map(|(a, y)| a * y).sum::<f64>();
        }
    }

    fn jacobian(
        &mut self,
        _t: f64,
        _y: &[f64],
        _inputs: &[f64],
        values: &mut [f64],
        dfdt: &mut [f64],
    ) {
        for (value, (row, column)) in values.iter_mut().zip(self.pattern.positions()) {
            *value = self.matrix[row][column];
        }
        dfdt.fill(0.0);
    }
}

/// Q x and Qᵀ x for a product of reflections, so that Q is orthogonal.
fn reflect(directions: &[Vec<f64>], x: &mut [f64]) {
    for direction in directions {
        let length: f64 = direction.iter().map(|d| d * d).sum();
        let overlap: f64 = direction.iter().zip(&*x).map(|(d, x)| d * x).sum();
        for (x, d) in x.iter_mut().zip(direction) {
            *x -= 2.0 * overlap / length * d;
        }
    }
}

fn spectral(directions: &[Vec<f64>], x: &[f64], factors: &[f64]) -> Vec<f64> {
    let reversed: Vec<_> = directions.iter().rev().cloned().collect();
    let mut result = x.to_vec();
    reflect(&reversed, &mut result);
    result
        .iter_mut()
        .zip(factors)
        .for_each(|(x, factor)| *x *= factor);
    reflect(directions, &mut result);
    result
}

/// Closed compartments: fluxes from one to another, each at its rate.
fn compartments(n: usize, fluxes: &[(usize, usize, f64)]) -> Linear {
    let mut matrix = vec![vec![0.0; n]; n];
    // A ring makes every compartment reachable. Rates of few binary digits add up exactly: rounding
    // of a fast exchange next to a slow one would make the matrix itself lose some of the total.
    let ring = (0..n).map(|i| (i, i + 1, 0.125));
    for (from, to, rate) in ring.chain(fluxes.iter().copied()) {
        let rate = (rate * 1024.0).ceil() / 1024.0;
        matrix[to % n][from % n] += rate;
        matrix[from % n][from % n] -= rate;
    }
    Linear::new(matrix)
}

fn rates() -> impl Strategy<Value = f64> {
    (-2.0..6.0_f64).prop_map(|exponent| 10f64.powf(exponent))
}

/// A random linear problem: rates, directions of reflections, initial state.
fn linear_problems() -> impl Strategy<Value = (Vec<f64>, Vec<Vec<f64>>, Vec<f64>)> {
    (1..30_usize).prop_flat_map(|n| {
        let entries = || prop::collection::vec(-1.0..1.0_f64, n);
        let direction = entries().prop_filter("not zero", |v| v.iter().any(|x| x.abs() > 0.1));
        (
            prop::collection::vec(rates(), n),
            prop::collection::vec(direction, 3),
            entries(),
        )
    })
}

fn closed_problems() -> impl Strategy<Value = (usize, Vec<(usize, usize, f64)>, Vec<f64>)> {
    (2..40_usize).prop_flat_map(|n| {
        let flux = (0..n, 0..n, rates());
        (
            Just(n),
            prop::collection::vec(flux, 0..2 * n),
            prop::collection::vec(0.0..10.0_f64, n),
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// y' = −Q Λ Qᵀ y has the solution Q exp(−Λ t) Qᵀ y0; Λ over eight decades.
    #[test]
    fn stiff_linear_systems_follow_the_matrix_exponential(
        (rates, directions, initial) in linear_problems()
    ) {
        let n = rates.len();
        let negative: Vec<_> = rates.iter().map(|rate| -rate).collect();
        let mut matrix = vec![vec![0.0; n]; n];
        for column in 0..n {
            let mut unit = vec![0.0; n];
            unit[column] = 1.0;
            for (row, value) in spectral(&directions, &unit, &negative).into_iter().enumerate() {
                matrix[row][column] = value;
            }
        }
        let states = States::new(vec![1.0; n]).unwrap();
        let mut solver = Solver::new(Linear::new(matrix), states, Options::default()).unwrap();
        let mut run = Run::new(0.0, 10.0, initial.clone());
        run.inputs = vec![0.0; n];
        run.outputs = vec![1e-5, 1e-3, 0.1, 0.5, 1.0, 3.0, 10.0];
        run.record_states = true;
        let solution = solver.solve(&run).unwrap();
        prop_assert_eq!(solution.status, Status::Complete);
        for (row, &time) in run.outputs.iter().enumerate() {
            let decay: Vec<_> = rates.iter().map(|rate| (-rate * time).exp()).collect();
            let exact = spectral(&directions, &initial, &decay);
            for (found, exact) in solution.trajectory.states(row).iter().zip(exact) {
                prop_assert!((found - exact).abs() < 1e-5 * (1.0 + exact.abs()), "t {time}: {found} for {exact}");
            }
        }
    }

    /// Closed compartments keep their total and stay non-negative; at their steady state what enters
    /// each of them leaves it, and the total is kept there as well.
    #[test]
    fn closed_compartments_keep_their_total((n, fluxes, initial) in closed_problems()) {
        let total: f64 = initial.iter().sum();
        let states = States::new(vec![1.0; n])
            .unwrap()
            .with_non_negative(vec![true; n])
            .unwrap()
            .with_invariants(vec![(0..n as u32).map(|i| (i, 1.0)).collect()])
            .unwrap();
        let system = compartments(n, &fluxes);
        let mut solver = Solver::new(system, states, Options::default()).unwrap();
        let mut run = Run::new(0.0, 1e5, initial.clone());
        run.inputs = vec![0.0; n];
        run.outputs = (0..=50).map(|i| 10f64.powf(-5.0 + 0.2 * f64::from(i))).collect();
        run.record_states = true;
        let solution = solver.solve(&run).unwrap();
        prop_assert_eq!(solution.status, Status::Complete);
        for row in 0..solution.trajectory.len() {
            let state = solution.trajectory.states(row);
            let sum: f64 = state.iter().sum();
            prop_assert!((sum - total).abs() <= 1e-10 * total.max(1.0), "{sum} for {total}");
            prop_assert!(state.iter().all(|&y| y > -1e-5));
        }
        let steady =
            solver.steady_state(0.0, &initial, &run.inputs, &SteadyOptions::default()).unwrap();
        // Rates far apart make the slowest mode as slow as rounding: neutral, or at rest to the last
        // digit without the proof that Newton's method would give.
        if let SteadyStatus::NotConverged { residual, .. } = steady.status {
            prop_assert!(residual < 1e-12, "{}", steady.status);
            return Ok(());
        }
        let found = matches!(steady.status, SteadyStatus::Stable | SteadyStatus::Neutral { .. });
        prop_assert!(found, "{}", steady.status);
        prop_assert!((steady.state.iter().sum::<f64>() - total).abs() <= 1e-10 * total.max(1.0));
        for row in &solver.system().matrix {
            let net: f64 = row.iter().zip(&steady.state).map(|(a, y)| a * y).sum();
            let gross: f64 = row.iter().zip(&steady.state).map(|(a, y)| (a * y).abs()).sum();
            prop_assert!(net.abs() <= 1e-8 * (1.0 + gross), "net {net} of {gross}");
        }
    }

    /// A run with random switches and jumps is the same, within tolerance, as two runs one after
    /// the other.
    #[test]
    fn split_runs_meet_the_whole(
        mut changes in prop::collection::vec((0.0..10.0_f64, 0..6_u32, 0.0..2.0_f64), 0..12),
        split in 0.5..9.5_f64,
    ) {
        changes.sort_by(|a, b| a.0.total_cmp(&b.0));
        let changes: Vec<_> = changes
            .into_iter()
            .map(|(time, target, value)| match target {
                0..3 => Change { time, target: Target::Input(target), action: Action::Set(value) },
                3 => Change { time, target: Target::State(0), action: Action::Add(value) },
                4 => Change { time, target: Target::State(1), action: Action::Multiply(value) },
                _ => Change { time, target: Target::State(2), action: Action::Set(value) },
            })
            .collect();
        let system = compartments(3, &[(0, 2, 50.0), (1, 0, 3.0), (2, 1, 400.0)]);
        let states = States::new(vec![1.0; 3]).unwrap();
        let mut solver = Solver::new(system, states, Options::default()).unwrap();
        let mut solve = |start: f64, end: f64, initial: &[f64], inputs: &[f64]| {
            let mut run = Run::new(start, end, initial.to_vec());
            run.inputs = inputs.to_vec();
            let within = |change: &&Change| change.time >= start && change.time < end;
            let own = changes.iter().filter(within).copied().collect();
            run.schedule = Schedule::new(own).unwrap();
            solver.solve(&run).unwrap()
        };
        let whole = solve(0.0, 10.0, &[1.0, 2.0, 3.0], &[0.0; 3]);
        let first = solve(0.0, split, &[1.0, 2.0, 3.0], &[0.0; 3]);
        let second = solve(split, 10.0, &first.state, &first.inputs);
        prop_assert_eq!(&second.inputs, &whole.inputs);
        for (a, b) in second.state.iter().zip(&whole.state) {
            prop_assert!((a - b).abs() < 1e-5 * (1.0 + b.abs()), "{a} and {b}");
        }
    }
}

/// Drift of the declared invariants over the whole span, relative to the sum of the largest terms.
fn largest_drift(model: &impl Model, rtol: f64) -> f64 {
    let (start, end) = model.span();
    let outputs =
        (0..=100).map(|i| start + (end - start) * 1e-8_f64.powf(1.0 - f64::from(i) / 100.0));
    let outputs: Vec<_> = std::iter::once(start)
        .chain(outputs.map(|t| t.min(end)))
        .collect();
    let solution = solver(model, Options::with_tolerance(rtol))
        .solve(&run(model, outputs))
        .unwrap();
    assert!(
        solution.status.is_success(),
        "{}: {}",
        model.name(),
        solution.status
    );
    let rows: Vec<_> = (0..solution.trajectory.len())
        .map(|row| solution.trajectory.states(row))
        .collect();
    let mut largest = 0.0;
    for terms in model.states().invariants() {
        let value = |row: &[f64]| terms.iter().map(|&(i, w)| w * row[i as usize]).sum::<f64>();
        let top = |i: u32| {
            rows.iter()
                .map(|row| row[i as usize].abs())
                .fold(0.0, f64::max)
        };
        let size: f64 = terms.iter().map(|&(i, w)| w.abs() * top(i)).sum();
        for row in &rows {
            largest = f64::max(largest, (value(row) - value(rows[0])).abs() / size);
        }
    }
    println!("{}: drift {largest:.1e}", model.name());
    largest
}

#[test]
fn declared_invariants_are_kept_to_1e_10() {
    for rtol in [1e-4, 1e-6, 1e-8] {
        for drift in [
            largest_drift(&Robertson, rtol),
            largest_drift(&Hires, rtol),
            largest_drift(&Pollution, rtol),
            largest_drift(&E5, rtol),
            largest_drift(&Enzyme { declared: true }, rtol),
        ] {
            assert!(drift < 1e-10, "rtol {rtol:e}: {drift:e}");
        }
    }
}
