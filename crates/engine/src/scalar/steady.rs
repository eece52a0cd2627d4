//! Steady states by pseudo-transient continuation, then Newton's method.
//!
//! Continuation follows the trajectory by linearly implicit Euler steps that grow as long as the
//! equations are close to linear across them, so that a system with several steady states ends in
//! the one that it would reach in time. References: C. T. Kelley and D. E. Keyes, *Convergence
//! analysis of pseudo-transient continuation*, SIAM J. Numer. Anal. 35:508 (1998); P. Deuflhard,
//! *Newton Methods for Nonlinear Problems*, Springer 2011, section 6.4.

use super::linear::ShiftedMatrix;
use super::newton::BorderedMatrix;
use super::rosenbrock::all_finite;
use super::solve::Solver;
use super::stability::{Stability, assess};
use crate::error::{require_finite, require_length};
use crate::program::Pattern;
use crate::{EngineError, States, SteadyOptions, SteadyState, SteadyStatus, System};

/// Correction of a second Newton iteration, relative to the step, up to which the step may grow.
const NEARLY_LINEAR: f64 = 0.05;
/// The same up to which the step is accepted.
const ACCEPTABLE: f64 = 0.3;
/// Largest change of a state in one step, relative to its size: it may vanish or double.
const LONGEST_MOVE: f64 = 1.0;
/// Growth of the step where the equations are nearly linear across it, and elsewhere.
const GROWTH: (f64, f64) = (5.0, 1.5);
/// Newton's method is tried below this scaled residual.
const NEWTON_RESIDUAL: f64 = 1e-2;
/// A first Newton correction larger than this might leave for another steady state.
const NEWTON_REACH: f64 = 0.1;
/// Newton steps in one attempt.
const NEWTON_STEPS: usize = 12;
/// Rounding errors of a sum, in units of the rounding of its largest terms.
const ROUNDING: f64 = 64.0 * f64::EPSILON;

/// A state on the way, with everything evaluated there.
#[derive(Clone)]
struct Place {
    state: Vec<f64>,
    slope: Vec<f64>,
    jacobian: Vec<f64>,
    residual: f64,
}

/// An unstable steady state close by. Long implicit steps would be drawn into it, along directions
/// in which the true trajectory leaves.
struct Saddle {
    /// Steps short enough to let disturbances grow.
    longest_step: f64,
    /// Smallest residual seen near it.
    closest: f64,
}

impl Saddle {
    fn new(stability: &Stability, place: &Place) -> Self {
        let rate = stability.real_part.unwrap_or(f64::INFINITY);
        Self {
            longest_step: 0.5 / rate,
            closest: place.residual,
        }
    }
}

/// The matrices of a search, planned once for many.
pub(super) struct SteadyMatrices {
    shifted: ShiftedMatrix,
    bordered: BorderedMatrix,
}

/// One search.
struct Search<'a, S> {
    system: &'a mut S,
    states: &'a States,
    options: &'a SteadyOptions,
    interrupted: &'a dyn Fn() -> bool,
    time: f64,
    inputs: &'a [f64],
    absolute: &'a [f64],
    pattern: Pattern,
    matrix: &'a mut ShiftedMatrix,
    bordered: &'a mut BorderedMatrix,
    /// Non-negative states that are exactly zero from the start: guilds and doses that may be absent.
    vacant: Vec<bool>,
    steps: usize,
    newton_steps: usize,
    correction: f64,
}

impl<S: System> Solver<S> {
    /// Searches the steady state that the system would reach from `initial` with these inputs, the
    /// clock standing still at `time`.
    ///
    /// Declared linear invariants keep the values that they have at `initial`.
    ///
    /// # Errors
    /// [`EngineError`] for malformed settings, vectors or invariants; a search without success is
    /// in [`SteadyState::status`].
    pub fn steady_state(
        &mut self,
        time: f64,
        initial: &[f64],
        inputs: &[f64],
        options: &SteadyOptions,
    ) -> Result<SteadyState, EngineError> {
        self.steady_state_unless(&|| false, (time, inputs), initial, options)
    }

    /// The same; before each step `interrupted` is asked whether to give up.
    ///
    /// # Errors
    /// As [`Solver::steady_state`].
    pub(crate) fn steady_state_unless(
        &mut self,
        interrupted: &dyn Fn() -> bool,
        (time, inputs): (f64, &[f64]),
        initial: &[f64],
        options: &SteadyOptions,
    ) -> Result<SteadyState, EngineError> {
        let mut search = self.search(time, initial, inputs, options)?;
        search.interrupted = interrupted;
        Ok(search.run(initial))
    }

    /// The same where the course from `initial` has been followed to `settled`, in so many steps: Newton's method from
    /// there, and the whole search where that does not end in a stable steady state.
    ///
    /// # Errors
    /// As [`Solver::steady_state`].
    pub(crate) fn steady_state_near(
        &mut self,
        interrupted: &dyn Fn() -> bool,
        (time, inputs): (f64, &[f64]),
        initial: &[f64],
        (settled, steps): (Vec<f64>, usize),
        options: &SteadyOptions,
    ) -> Result<SteadyState, EngineError> {
        require_length("settled state", settled.len(), self.states.len())?;
        let mut search = self.search(time, initial, inputs, options)?;
        search.steps = steps;
        match search.near(settled) {
            Some(found) => Ok(found),
            None => self.steady_state_unless(interrupted, (time, inputs), initial, options),
        }
    }

    fn search<'a>(
        &'a mut self,
        time: f64,
        initial: &[f64],
        inputs: &'a [f64],
        options: &'a SteadyOptions,
    ) -> Result<Search<'a, S>, EngineError> {
        options.validate()?;
        require_length("initial state", initial.len(), self.states.len())?;
        require_finite("initial state", initial)?;
        require_length("inputs", inputs.len(), self.system.inputs())?;
        require_finite("inputs", inputs)?;
        require_finite("time", &[time])?;
        let pattern = self.system.pattern().clone();
        let matrices = match self.steady.take() {
            Some(planned) => planned,
            None => SteadyMatrices {
                shifted: ShiftedMatrix::new(&pattern),
                bordered: BorderedMatrix::new(&pattern, &self.states)?,
            },
        };
        let matrices = self.steady.insert(matrices);
        matrices.bordered.keep(initial);
        Ok(Search {
            matrix: &mut matrices.shifted,
            bordered: &mut matrices.bordered,
            absolute: self.tolerance.absolute(),
            system: &mut self.system,
            states: &self.states,
            options,
            interrupted: &|| false,
            time,
            inputs,
            pattern,
            vacant: vacant(&self.states, initial),
            steps: 0,
            newton_steps: 0,
            correction: f64::INFINITY,
        })
    }
}

fn vacant(states: &States, initial: &[f64]) -> Vec<bool> {
    let flags = states.non_negative().iter().zip(initial);
    flags.map(|(&flag, &value)| flag && value == 0.0).collect()
}

impl<S: System> Search<'_, S> {
    fn run(&mut self, initial: &[f64]) -> SteadyState {
        let Some(start) = self.place(initial.to_vec()) else {
            return self.answer(SteadyStatus::NotFinite, initial.to_vec(), f64::INFINITY);
        };
        match self.follow(start) {
            Ok((place, stability)) => self.conclude(place, stability),
            Err(place) => {
                let (residual, steps) = (place.residual, self.steps);
                let status = SteadyStatus::NotConverged { residual, steps };
                self.answer(status, place.state, residual)
            }
        }
    }

    /// Newton's method from a place where a course has settled; nothing where that ends in no stable steady state.
    fn near(&mut self, settled: Vec<f64>) -> Option<SteadyState> {
        let settled = self.lifted(settled);
        let place = self.place(settled)?;
        if place.residual > NEWTON_RESIDUAL {
            return None;
        }
        let solution = self.newton(&place)?;
        if !self.options.eigenvalues {
            let state = self.lifted(solution.state);
            return Some(self.answer(SteadyStatus::Settled, state, solution.residual));
        }
        let stability = self.assess(&solution);
        let found = self.conclude(solution, stability);
        found.status.is_success().then_some(found)
    }

    /// Continuation with attempts at Newton's method; the place where it gave up on failure.
    fn follow(&mut self, mut place: Place) -> Result<(Place, Stability), Place> {
        let mut step = self.first_step(&place);
        let mut try_newton_below = NEWTON_RESIDUAL;
        let mut saddle: Option<Saddle> = None;
        loop {
            if place.residual <= try_newton_below {
                if let Some(solution) = self.newton(&place) {
                    let stability = self.assess(&solution);
                    if !stability.unstable() || self.converged(&place) {
                        return Ok((solution, stability));
                    }
                    saddle = Some(Saddle::new(&stability, &place));
                }
                // Once more when the continuation has come clearly closer.
                try_newton_below = 0.1 * place.residual;
            }
            if let Some(near) = &mut saddle {
                step = step.min(near.longest_step);
                near.closest = near.closest.min(place.residual);
                if place.residual > 10.0 * near.closest {
                    saddle = None;
                    try_newton_below = NEWTON_RESIDUAL;
                }
            }
            let given_up = self.steps >= self.options.maximum_steps || (self.interrupted)();
            if given_up || !step.is_normal() {
                return Err(place);
            }
            self.steps += 1;
            match self.step(&place, step) {
                Some((next, curvature)) => {
                    place = next;
                    step *= if curvature < NEARLY_LINEAR {
                        GROWTH.0
                    } else {
                        GROWTH.1
                    };
                    step = step.min(f64::MAX.sqrt());
                }
                None => step *= 0.25,
            }
        }
    }

    fn assess(&self, place: &Place) -> Stability {
        assess(
            &self.pattern,
            (&place.jacobian, &place.slope),
            &place.state,
            (&self.vacant, &self.options.memories),
            self.states,
            self.options.time_scale,
        )
    }

    /// A step that changes no state by more than a tenth of its size at the present slope.
    fn first_step(&self, place: &Place) -> f64 {
        let fastest = self.largest_ratio(&place.slope, &place.state);
        if fastest > 0.0 {
            (0.1 / fastest).min(self.options.time_scale)
        } else {
            self.options.time_scale
        }
    }

    /// One linearly implicit Euler step; `None` where it is not acceptable. With the step comes the
    /// relative size of what a second Newton iteration would change.
    fn step(&mut self, place: &Place, step: f64) -> Option<(Place, f64)> {
        self.matrix.measure(self.states.typical(), &place.state);
        self.matrix.factorise(1.0 / step, &place.jacobian).ok()?;
        let mut change = place.slope.clone();
        self.matrix.solve(&mut change);
        let state: Vec<_> = place
            .state
            .iter()
            .zip(&change)
            .map(|(y, d)| y + d)
            .collect();
        if !all_finite(&state) || self.negative(&state) {
            return None;
        }
        let mut defect = vec![0.0; state.len()];
        self.system.rhs(self.time, &state, self.inputs, &mut defect);
        for (defect, change) in defect.iter_mut().zip(&change) {
            *defect -= change / step;
        }
        self.matrix.solve(&mut defect);
        let moved = self.largest_ratio(&change, &place.state);
        let curvature = self.largest_ratio(&defect, &place.state) / moved.max(1e-12);
        if !(moved <= LONGEST_MOVE && curvature <= ACCEPTABLE) {
            return None;
        }
        Some((self.place(state)?, curvature))
    }

    /// Newton's method from a place; `None` where it does not converge at once.
    fn newton(&mut self, start: &Place) -> Option<Place> {
        let mut place = start.clone();
        let mut previous = NEWTON_REACH;
        for _ in 0..NEWTON_STEPS {
            let change = self
                .bordered
                .newton_step(&place.jacobian, &place.slope, &place.state)?;
            let size = self.largest_ratio(&change, &place.state);
            if size.is_nan() || size > previous {
                return None;
            }
            let converged = self.converged(&place);
            if converged && size <= self.options.correction_tolerance {
                self.correction = size;
                // The last correction is made if it does not spoil the residual.
                return Some(
                    self.moved(&place, &change)
                        .filter(|next| self.converged(next))
                        .unwrap_or(place),
                );
            }
            place = self.moved(&place, &change)?;
            self.newton_steps += 1;
            previous = if converged {
                size.max(f64::EPSILON)
            } else {
                size
            };
        }
        None
    }

    fn moved(&mut self, place: &Place, change: &[f64]) -> Option<Place> {
        let state: Vec<_> = place.state.iter().zip(change).map(|(y, d)| y + d).collect();
        if self.negative(&state) {
            None
        } else {
            self.place(state)
        }
    }

    /// Evaluates everything at a state; `None` where something is not finite.
    fn place(&mut self, state: Vec<f64>) -> Option<Place> {
        let n = state.len();
        let (mut slope, mut by_time) = (vec![0.0; n], vec![0.0; n]);
        let mut jacobian = vec![0.0; self.pattern.len()];
        self.system.rhs(self.time, &state, self.inputs, &mut slope);
        self.system
            .jacobian(self.time, &state, self.inputs, &mut jacobian, &mut by_time);
        if !(all_finite(&state) && all_finite(&slope) && all_finite(&jacobian)) {
            return None;
        }
        let residual = self.largest_ratio(&slope, &state) * self.options.time_scale;
        Some(Place {
            state,
            slope,
            jacobian,
            residual,
        })
    }

    /// max_i |x_i| / (typical_i + |y_i|).
    fn largest_ratio(&self, x: &[f64], y: &[f64]) -> f64 {
        let sizes = self
            .states
            .typical()
            .iter()
            .zip(y)
            .map(|(size, y)| size + y.abs());
        let ratios = x.iter().zip(sizes).map(|(x, size)| x.abs() / size);
        ratios.fold(0.0, |largest, ratio| {
            if ratio > largest || ratio.is_nan() {
                ratio
            } else {
                largest
            }
        })
    }

    /// Whether the residual is within its tolerance, state by state, or within the rounding of the
    /// terms that cancel in it.
    fn converged(&self, place: &Place) -> bool {
        let mut gross = vec![0.0; place.state.len()];
        let sizes: Vec<_> = place.state.iter().map(|y| y.abs()).collect();
        let values: Vec<_> = place.jacobian.iter().map(|value| value.abs()).collect();
        self.pattern.add_product(&values, &sizes, &mut gross);
        let tolerance = self.options.residual_tolerance / self.options.time_scale;
        (0..gross.len()).all(|i| {
            let size = self.states.typical()[i] + sizes[i];
            place.slope[i].abs() <= tolerance * size + ROUNDING * gross[i]
        })
    }

    fn negative(&self, state: &[f64]) -> bool {
        let flags = self.states.non_negative().iter();
        let mut states = state.iter().zip(flags).zip(self.absolute);
        states.any(|((&value, &flag), &bound)| flag && value < -bound)
    }

    /// Classifies a steady state by its eigenvalues.
    fn conclude(&self, place: Place, stability: Stability) -> SteadyState {
        let Stability {
            real_part,
            tolerance,
            absent,
            invasion,
        } = stability;
        let status = match real_part {
            Some(real_part) if real_part.is_nan() => SteadyStatus::NotFinite,
            Some(real_part) if real_part > tolerance => SteadyStatus::Unstable { real_part },
            Some(real_part) if real_part >= -tolerance => SteadyStatus::Neutral { real_part },
            _ => SteadyStatus::Stable,
        };
        let answer = self.answer(status, self.lifted(place.state), place.residual);
        SteadyState {
            real_part,
            absent,
            invasion,
            ..answer
        }
    }

    /// Non-negative states may lie below zero within the tolerance; a run may not start there.
    fn lifted(&self, mut state: Vec<f64>) -> Vec<f64> {
        for (value, &flag) in state.iter_mut().zip(self.states.non_negative()) {
            if flag {
                *value = value.max(0.0);
            }
        }
        state
    }

    fn answer(&self, status: SteadyStatus, state: Vec<f64>, residual: f64) -> SteadyState {
        SteadyState {
            status,
            state,
            residual,
            correction: self.correction,
            real_part: None,
            absent: Vec::new(),
            invasion: None,
            steps: self.steps,
            newton_steps: self.newton_steps,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;
    use crate::program::{Program, ProgramOptions, ScalarProgram};
    use gutskin_network::{Builder, ParameterTable};
    use std::cell::Cell;
    use std::sync::Arc;

    #[test]
    fn a_search_stops_when_it_is_told_to() {
        let table = ParameterTable::new();
        let m = Builder::new("logistic", "d", &table);
        let size = m.state("size", "1").initial(1e-6).add();
        m.rate(size, size * (1.0 - size));
        let network = m.finish().expect("a model");
        let program = Program::new(&network, &ProgramOptions::default()).expect("a program");
        let states = States::of_program(&program).expect("states");
        let system = ScalarProgram::new(Arc::new(program));
        let mut solver = Solver::new(system, states, Options::default()).expect("a solver");
        let options = SteadyOptions::default();
        let whole = solver.steady_state(0.0, &[1e-6], &[], &options);
        let whole = whole.expect("a search");
        assert!(whole.status.is_success() && whole.steps > 3, "{whole:?}");
        let asked = Cell::new(0);
        let thrice = || asked.replace(asked.get() + 1) >= 3;
        let part = solver.steady_state_unless(&thrice, (0.0, &[]), &[1e-6], &options);
        let part = part.expect("a search");
        assert!(matches!(
            part.status,
            SteadyStatus::NotConverged { steps: 3, .. }
        ));
    }
}
