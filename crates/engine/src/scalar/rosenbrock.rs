//! One step of a Rosenbrock method, and the polynomial across it.

use super::linear::ShiftedMatrix;
use super::tableau::Tableau;
use crate::{Rejection, Statistics, System};

/// Where in a step the error of the dense output is estimated: not in the middle, where that of
/// a polynomial of odd degree can vanish.
pub(crate) const DEFECT_PLACE: f64 = 0.3;

/// Where a step starts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Point<'a> {
    pub time: f64,
    pub state: &'a [f64],
    pub inputs: &'a [f64],
}

/// Workspace of a Rosenbrock method for one system.
pub(crate) struct Stepper {
    tableau: &'static Tableau,
    matrix: ShiftedMatrix,
    typical: Vec<f64>,
    jacobian: Vec<f64>,
    diagonal: Vec<usize>,
    time_derivative: Vec<f64>,
    slope: Vec<f64>,
    next_slope: Vec<f64>,
    stages: Vec<Vec<f64>>,
    argument: Vec<f64>,
    result: Vec<f64>,
    dense: Vec<Vec<f64>>,
    defect: Vec<f64>,
    dense_ready: bool,
}

impl Stepper {
    /// For states of these typical sizes.
    pub(crate) fn new(system: &impl System, typical: &[f64], tableau: &'static Tableau) -> Self {
        let n = system.dimension();
        Self {
            tableau,
            matrix: ShiftedMatrix::new(system.pattern()),
            typical: typical.to_vec(),
            jacobian: vec![0.0; system.pattern().len()],
            diagonal: (0..n).filter_map(|i| system.pattern().find(i, i)).collect(),
            time_derivative: vec![0.0; n],
            slope: vec![0.0; n],
            next_slope: vec![0.0; n],
            stages: vec![vec![0.0; n]; tableau.stages],
            argument: vec![0.0; n],
            result: vec![0.0; n],
            dense: vec![vec![0.0; n]; tableau.dense.len()],
            defect: vec![0.0; n],
            dense_ready: false,
        }
    }

    /// The state at the end of the last step tried.
    pub(crate) fn result(&self) -> &[f64] {
        &self.result
    }

    /// The same, to take rounding out of it.
    pub(crate) fn result_mut(&mut self) -> &mut [f64] {
        &mut self.result
    }

    /// The fastest rate at the point last linearised: the largest diagonal entry of ∂f/∂y.
    pub(crate) fn fastest_rate(&self) -> f64 {
        self.diagonal
            .iter()
            .map(|&place| self.jacobian[place].abs())
            .fold(0.0, f64::max)
    }

    /// Estimated error of the last step tried.
    pub(crate) fn error(&self) -> &[f64] {
        &self.stages[self.tableau.stages - 1]
    }

    /// y' at the start of the step.
    pub(crate) fn slope(&self) -> &[f64] {
        &self.slope
    }

    /// Evaluates y' at a point; says whether all of it is finite.
    pub(crate) fn evaluate(
        &mut self,
        system: &mut impl System,
        point: Point<'_>,
        statistics: &mut Statistics,
    ) -> bool {
        system.rhs(point.time, point.state, point.inputs, &mut self.slope);
        statistics.rhs += 1;
        all_finite(&self.slope)
    }

    /// Evaluates ∂f/∂y and ∂f/∂t at a point; says whether all of it is finite.
    pub(crate) fn linearise(
        &mut self,
        system: &mut impl System,
        point: Point<'_>,
        statistics: &mut Statistics,
    ) -> bool {
        let Point {
            time,
            state,
            inputs,
        } = point;
        system.jacobian(
            time,
            state,
            inputs,
            &mut self.jacobian,
            &mut self.time_derivative,
        );
        statistics.jacobians += 1;
        all_finite(&self.jacobian) && all_finite(&self.time_derivative)
    }

    /// y'' = J y' + ∂f/∂t at the point last linearised.
    pub(crate) fn curvature(&mut self, system: &impl System) -> &[f64] {
        self.argument.copy_from_slice(&self.time_derivative);
        system
            .pattern()
            .add_product(&self.jacobian, &self.slope, &mut self.argument);
        &self.argument
    }

    /// Tries a step of length `step` from the point last evaluated and linearised.
    pub(crate) fn attempt(
        &mut self,
        system: &mut impl System,
        point: Point<'_>,
        step: f64,
        statistics: &mut Statistics,
    ) -> Result<(), Rejection> {
        self.dense_ready = false;
        statistics.factorisations += 1;
        self.matrix.measure(&self.typical, point.state);
        self.matrix
            .factorise(1.0 / (step * self.tableau.gamma), &self.jacobian)
            .map_err(|_| Rejection::Singular)?;
        for stage in 0..self.tableau.stages {
            self.solve_stage(stage, system, point, step, statistics);
        }
        let last = &self.stages[self.tableau.stages - 1];
        for ((result, &argument), &increment) in
            self.result.iter_mut().zip(&self.argument).zip(last)
        {
            *result = argument + increment;
        }
        if all_finite(&self.result) && all_finite(last) {
            Ok(())
        } else {
            Err(Rejection::NotFinite)
        }
    }

    fn solve_stage(
        &mut self,
        stage: usize,
        system: &mut impl System,
        point: Point<'_>,
        step: f64,
        statistics: &mut Statistics,
    ) {
        let tableau = self.tableau;
        let (earlier, rest) = self.stages.split_at_mut(stage);
        let increment = &mut rest[0];
        if stage == 0 {
            increment.copy_from_slice(&self.slope);
        } else {
            self.argument.copy_from_slice(point.state);
            accumulate(&tableau.a[stage], 1.0, earlier, &mut self.argument);
            let time = point.time + tableau.alpha[stage] * step;
            system.rhs(time, &self.argument, point.inputs, increment);
            statistics.rhs += 1;
            accumulate(&tableau.c[stage], 1.0 / step, earlier, increment);
        }
        let weight = tableau.gamma_sums[stage] * step;
        if weight != 0.0 {
            for (value, &derivative) in increment.iter_mut().zip(&self.time_derivative) {
                *value += weight * derivative;
            }
        }
        self.matrix.solve(increment);
    }

    /// Evaluates y' at the end of the step just tried; says whether all of it is finite.
    pub(crate) fn evaluate_result(
        &mut self,
        system: &mut impl System,
        time: f64,
        inputs: &[f64],
        statistics: &mut Statistics,
    ) -> bool {
        system.rhs(time, &self.result, inputs, &mut self.next_slope);
        statistics.rhs += 1;
        all_finite(&self.next_slope)
    }

    /// Moves to the end of the step: the slope found by [`evaluate_result`](Self::evaluate_result)
    /// becomes the slope at the start of the next one.
    pub(crate) fn accept(&mut self) {
        std::mem::swap(&mut self.slope, &mut self.next_slope);
    }

    /// Writes the state at the fraction `theta` of the step just tried, which started at `start`.
    pub(crate) fn interpolate(&mut self, start: &[f64], theta: f64, out: &mut [f64]) {
        self.prepare_dense();
        let rest = 1.0 - theta;
        for (i, value) in out.iter_mut().enumerate() {
            let polynomial = self
                .dense
                .iter()
                .rev()
                .fold(0.0, |sum, row| sum * theta + row[i]);
            *value = rest * start[i] + theta * (self.result[i] + rest * polynomial);
        }
    }

    /// Estimates the error of the dense output inside the step just tried: the defect
    /// f(p) − p' of the polynomial p at a third of it, through the matrix of the step. Without the matrix the
    /// defect of a stiff component is its error times its rate; with it the estimate is about
    /// the error itself, whether stiff or not.
    pub(crate) fn dense_error(
        &mut self,
        system: &mut impl System,
        point: Point<'_>,
        step: f64,
        statistics: &mut Statistics,
    ) -> &[f64] {
        let mut inside = std::mem::take(&mut self.argument);
        self.interpolate(point.state, DEFECT_PLACE, &mut inside);
        let time = point.time + DEFECT_PLACE * step;
        system.rhs(time, &inside, point.inputs, &mut self.defect);
        statistics.rhs += 1;
        for (i, defect) in self.defect.iter_mut().enumerate() {
            // y(θ) = y0 + θ (y1 − y0) + (θ − θ²) P(θ), P(θ) = Σ_k θ^k row_k.
            let (mut value, mut slope) = (0.0, 0.0);
            for row in self.dense.iter().rev() {
                slope = slope * DEFECT_PLACE + value;
                value = value * DEFECT_PLACE + row[i];
            }
            let change = self.result[i] - point.state[i]
                + (1.0 - 2.0 * DEFECT_PLACE) * value
                + DEFECT_PLACE * (1.0 - DEFECT_PLACE) * slope;
            *defect -= change / step;
        }
        self.matrix.solve(&mut self.defect);
        self.argument = inside;
        &self.defect
    }

    fn prepare_dense(&mut self) {
        if !self.dense_ready {
            for (row, weights) in self.dense.iter_mut().zip(self.tableau.dense) {
                row.fill(0.0);
                accumulate(weights, 1.0, &self.stages, row);
            }
            self.dense_ready = true;
        }
    }
}

/// Adds scale · Σ_j weights_j · vectors_j to `out`.
fn accumulate(weights: &[f64], scale: f64, vectors: &[Vec<f64>], out: &mut [f64]) {
    for (&weight, vector) in weights.iter().zip(vectors) {
        if weight != 0.0 {
            let factor = weight * scale;
            for (value, &entry) in out.iter_mut().zip(vector) {
                *value += factor * entry;
            }
        }
    }
}

pub(crate) fn all_finite(values: &[f64]) -> bool {
    values.iter().all(|value| value.is_finite())
}
