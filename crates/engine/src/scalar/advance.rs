//! Integration from one stop to the next: steps, their control, output.

use super::patient::Patient;
use super::solve::Solver;
use crate::{FailureReason, Rejection, System};

/// After a change the step is not cut below this fraction of the one before: a rejection costs
/// less than growing from far below.
pub(crate) const RESTART_SHRINK: f64 = 1e-4;
/// First step at most, as a fraction of the way to the first change.
pub(crate) const FIRST_FRACTION: f64 = 0.1;

impl<S: System> Solver<S> {
    /// Integrates to `stop` without a change on the way.
    pub(super) fn advance(
        &mut self,
        patient: &mut Patient<'_>,
        stop: f64,
    ) -> Result<(), FailureReason> {
        while patient.time < stop {
            if (patient.interrupted)() {
                return Err(FailureReason::Interrupted);
            }
            self.prepare(patient, stop)?;
            self.step(patient, stop)?;
        }
        Ok(())
    }

    /// Evaluates what the next step needs at its start, and finds a step after a change.
    fn prepare(&mut self, patient: &mut Patient<'_>, stop: f64) -> Result<(), FailureReason> {
        let changed = patient.changed;
        let (point, statistics) = patient.point();
        if changed && !self.stepper.evaluate(&mut self.system, point, statistics) {
            return Err(FailureReason::NotFinite);
        }
        if !self.stepper.linearise(&mut self.system, point, statistics) {
            return Err(FailureReason::NotFinite);
        }
        if changed {
            patient.changed = false;
            patient.invariants.restart(&patient.state);
            patient.controller.restart();
            patient.dense_step = None;
            patient.step = Some(self.restart_step(patient, stop));
        }
        Ok(())
    }

    /// A step to try at the start or after a change.
    fn restart_step(&mut self, patient: &mut Patient<'_>, stop: f64) -> f64 {
        let state = &patient.state;
        let slope = self.tolerance.norm(self.stepper.slope(), state, state);
        let curvature = self.stepper.curvature(&self.system);
        let curvature = self.tolerance.norm(curvature, state, state);
        let estimate = patient
            .controller
            .first_step(slope, curvature)
            .unwrap_or(f64::INFINITY);
        match patient.step {
            Some(previous) => {
                patient.statistics.restarts += 1;
                estimate.clamp(previous * RESTART_SHRINK, previous)
            }
            None => {
                let limit = FIRST_FRACTION * (stop - patient.time);
                self.options.initial_step.unwrap_or(estimate.min(limit))
            }
        }
    }

    /// Takes one accepted step towards `stop`, however many tries it needs.
    fn step(&mut self, patient: &mut Patient<'_>, stop: f64) -> Result<(), FailureReason> {
        loop {
            let statistics = &patient.statistics;
            let limit = self.options.maximum_steps;
            if statistics.accepted + statistics.rejected >= limit {
                return Err(FailureReason::TooManySteps { limit });
            }
            let wanted = self.wanted_step(patient, stop);
            let mut step = fit_step(wanted, stop - patient.time);
            if self.options.fixed_step.is_none() && patient.has_output_within(step) {
                step = patient.dense_step.map_or(step, |longest| step.min(longest));
            }
            let outcome = match self.attempt(patient, step) {
                Ok(error) if self.settle(patient, step)? => Ok(error),
                Ok(_) => Err(Rejection::NotFinite),
                Err(rejection) => Err(rejection),
            };
            match outcome {
                Ok(error) => {
                    let last = step >= stop - patient.time;
                    let end = if last { stop } else { patient.time + step };
                    patient.statistics.accepted += 1;
                    let next = step * patient.controller.accepted(error, step < wanted);
                    patient.step = Some(if step < wanted {
                        next.max(wanted)
                    } else {
                        next
                    });
                    return self.finish_step(patient, end);
                }
                Err(rejection) => self.shrink(patient, step, rejection)?,
            }
        }
    }

    fn wanted_step(&self, patient: &Patient<'_>, stop: f64) -> f64 {
        let longest = self.options.maximum_step.unwrap_or(f64::INFINITY);
        let wanted = self.options.fixed_step.or(patient.step);
        wanted.unwrap_or(stop - patient.time).min(longest)
    }

    /// Tries one step; returns the weighted error.
    fn attempt(&mut self, patient: &mut Patient<'_>, step: f64) -> Result<f64, Rejection> {
        let (point, statistics) = patient.point();
        self.stepper
            .attempt(&mut self.system, point, step, statistics)?;
        let norm = self
            .tolerance
            .norm(self.stepper.error(), point.state, self.stepper.result());
        if !norm.is_finite() {
            return Err(Rejection::NotFinite);
        }
        if self.options.fixed_step.is_none() {
            if norm > 1.0 {
                return Err(Rejection::Error { norm });
            }
            if let Some(state) = self.negative_state(self.stepper.result()) {
                return Err(Rejection::Negative { state });
            }
            if patient.has_output_within(step) {
                self.check_dense_output(patient, step)?;
            }
        }
        Ok(norm)
    }

    /// Takes rounding out of the invariants at the end of the step just tried, and evaluates the
    /// slope there; `Ok(false)` where that is not finite.
    fn settle(&mut self, patient: &mut Patient<'_>, step: f64) -> Result<bool, FailureReason> {
        let end = patient.time + step;
        let Patient {
            inputs,
            statistics,
            invariants,
            ..
        } = patient;
        if !invariants.is_empty() {
            let stiffness = step * self.stepper.fastest_rate();
            invariants
                .project(self.stepper.result_mut(), stiffness)
                .map_err(|invariant| FailureReason::InvariantBroken { invariant })?;
        }
        Ok(self
            .stepper
            .evaluate_result(&mut self.system, end, inputs, statistics))
    }

    /// Rejects a step with outputs inside across which the dense output is not accurate: the error
    /// estimate at the end of a step says nothing of a stiff component in its middle.
    fn check_dense_output(
        &mut self,
        patient: &mut Patient<'_>,
        step: f64,
    ) -> Result<(), Rejection> {
        let (point, statistics) = patient.point();
        let error = self
            .stepper
            .dense_error(&mut self.system, point, step, statistics);
        let norm = self.tolerance.norm(error, point.state, point.state);
        if !norm.is_finite() {
            return Err(Rejection::NotFinite);
        }
        patient.dense_step = Some(step * patient.controller.proportional(norm));
        if norm > 1.0 {
            Err(Rejection::Error { norm })
        } else {
            Ok(())
        }
    }

    /// The first state declared non-negative that lies below minus its tolerance.
    pub(super) fn negative_state(&self, state: &[f64]) -> Option<usize> {
        let flags = self.states.non_negative().iter();
        let bounds = self.tolerance.absolute().iter();
        state
            .iter()
            .zip(flags)
            .zip(bounds)
            .position(|((&value, &non_negative), &bound)| non_negative && value < -bound)
    }

    /// Chooses a smaller step after a rejection, or gives up.
    fn shrink(
        &self,
        patient: &mut Patient<'_>,
        step: f64,
        last: Rejection,
    ) -> Result<(), FailureReason> {
        patient.statistics.rejected += 1;
        let factor = match last {
            Rejection::Error { norm } => patient.controller.rejected(norm),
            Rejection::NotFinite => patient.controller.rejected_otherwise(0.25),
            _ => patient.controller.rejected_otherwise(0.5),
        };
        let smaller = step * factor;
        let smallest = (16.0 * f64::EPSILON * patient.time.abs()).max(f64::MIN_POSITIVE);
        if smaller < smallest || self.options.fixed_step.is_some() {
            return Err(FailureReason::StepTooSmall { step, last });
        }
        patient.step = Some(smaller);
        Ok(())
    }

    /// Records the outputs within the step just tried and moves to its end.
    fn finish_step(&mut self, patient: &mut Patient<'_>, end: f64) -> Result<(), FailureReason> {
        let start = patient.time;
        let mut state = Vec::new();
        while let Some(&time) = patient.run.outputs.get(patient.next_output)
            && time < end
        {
            state.resize(patient.state.len(), 0.0);
            let theta = (time - start) / (end - start);
            self.stepper.interpolate(&patient.state, theta, &mut state);
            let stiffness = (end - start) * self.stepper.fastest_rate();
            patient
                .invariants
                .project(&mut state, stiffness)
                .map_err(|invariant| FailureReason::InvariantBroken { invariant })?;
            self.record(patient, time, &state)?;
        }
        patient.time = end;
        patient.state.copy_from_slice(self.stepper.result());
        self.stepper.accept();
        self.record_now(patient)
    }

    /// Records the current state once for each output time that equals the current time.
    pub(super) fn record_now(&mut self, patient: &mut Patient<'_>) -> Result<(), FailureReason> {
        while patient.run.outputs.get(patient.next_output) == Some(&patient.time) {
            let state = std::mem::take(&mut patient.state);
            let recorded = self.record(patient, patient.time, &state);
            patient.state = state;
            recorded?;
        }
        Ok(())
    }

    fn record(
        &mut self,
        patient: &mut Patient<'_>,
        time: f64,
        state: &[f64],
    ) -> Result<(), FailureReason> {
        patient.next_output += 1;
        let (observables, states) = patient.trajectory.push(time);
        self.system
            .observe(time, state, &patient.inputs, observables);
        if !states.is_empty() {
            states.copy_from_slice(state);
        }
        match observables.iter().position(|value| !value.is_finite()) {
            Some(observable) => Err(FailureReason::ObservableNotFinite { observable }),
            None => Ok(()),
        }
    }
}

/// Shortens a step so that the way to the stop is not left with a sliver.
pub(crate) fn fit_step(wanted: f64, remaining: f64) -> f64 {
    if wanted * 1.01 >= remaining {
        remaining
    } else if wanted * 2.0 > remaining {
        0.5 * remaining
    } else {
        wanted
    }
}
