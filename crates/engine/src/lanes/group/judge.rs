//! Whether a step is accepted.

#![expect(
    clippy::needless_range_loop,
    reason = "a lane is a number into several lists at once"
)]

use super::super::cohort::Path;
use super::super::fallback;
use super::super::kernel::Outcome;
use super::super::memory::Row;
use super::Group;
use crate::{FailureReason, Rejection};

/// After this many untrusted factorisations in excess of accepted steps the patient goes on with pivoting: in a row, or
/// because the step grows into distrust again and again.
const PATIENCE: u32 = 4;

/// What becomes of a step.
#[derive(Clone, Copy, Debug)]
pub(super) enum Verdict {
    /// No patient in the lane.
    Idle,
    /// The step holds, with this weighted error.
    Accepted { norm: f64 },
    /// Another, smaller step is tried.
    Rejected(Rejection),
    /// The patient ends.
    Failed(FailureReason),
}

impl<const N: usize> Group<'_, N> {
    /// Judges every busy lane's step.
    pub(super) fn judge(&mut self, trusted: &Row<N>, outcome: &Outcome<N>) -> [Verdict; N] {
        let mut verdicts = [Verdict::Idle; N];
        for lane in 0..N {
            let (squares, margin) = (outcome.error.0[lane], outcome.margin.0[lane]);
            verdicts[lane] = self.verdict(lane, trusted.0[lane], squares, margin);
        }
        self.check_dense_output(&mut verdicts);
        for lane in 0..N {
            if let Verdict::Accepted { .. } = verdicts[lane] {
                verdicts[lane] = self.settle(lane, verdicts[lane]);
            }
        }
        verdicts
    }

    /// The verdict on the end of a lane's step.
    fn verdict(&mut self, lane: usize, trusted: f64, squares: f64, margin: f64) -> Verdict {
        let options = &self.settings.options;
        let Some(patient) = self.lanes[lane].as_mut() else {
            return Verdict::Idle;
        };
        patient.statistics.jacobians += 1;
        patient.statistics.factorisations += 1;
        patient.statistics.rhs += self.settings.tableau.stages;
        let norm = (squares / self.settings.absolute.len() as f64).sqrt();
        if trusted.is_nan() || trusted <= 0.0 {
            patient.untrusted += 1;
            Verdict::Rejected(Rejection::Singular)
        } else if !norm.is_finite() {
            Verdict::Rejected(Rejection::NotFinite)
        } else if options.fixed_step.is_some() {
            Verdict::Accepted { norm }
        } else if norm > 1.0 {
            Verdict::Rejected(Rejection::Error { norm })
        } else if margin < 0.0 {
            Verdict::Rejected(self.negative_state(lane))
        } else {
            Verdict::Accepted { norm }
        }
    }

    /// Rejects steps with outputs inside across which the dense output is not accurate: the error estimate at the end
    /// of a step says nothing of its middle. The defect of the polynomial, taken through the matrix of the step, is one
    /// stage more.
    fn check_dense_output(&mut self, verdicts: &mut [Verdict; N]) {
        if self.settings.options.fixed_step.is_some() {
            return;
        }
        let mut wanted = [false; N];
        for lane in 0..N {
            let patient = self.lanes[lane].as_ref();
            wanted[lane] = matches!(verdicts[lane], Verdict::Accepted { .. })
                && patient.is_some_and(|p| p.has_output_before(p.trial.end));
        }
        if !wanted.contains(&true) {
            return;
        }
        let squares = self.defect();
        for lane in 0..N {
            let Some(patient) = self.lanes[lane].as_mut().filter(|_| wanted[lane]) else {
                continue;
            };
            patient.statistics.rhs += 1;
            let norm = (squares.0[lane] / self.settings.absolute.len() as f64).sqrt();
            if !norm.is_finite() {
                verdicts[lane] = Verdict::Rejected(Rejection::NotFinite);
                continue;
            }
            let longest = patient.trial.step * patient.controller.proportional(norm);
            patient.dense_step = Some(longest);
            if norm > 1.0 {
                verdicts[lane] = Verdict::Rejected(Rejection::Error { norm });
            }
        }
    }

    /// Takes rounding out of the invariants at the end of an accepted step; where something happens there, its slope
    /// must be finite (elsewhere the next step finds out).
    fn settle(&mut self, lane: usize, verdict: Verdict) -> Verdict {
        let program = self.program();
        let (n, first) = (program.dimension(), program.vectors.result);
        let Some(patient) = self.lanes[lane].as_ref() else {
            return verdict;
        };
        let trial = patient.trial;
        if !patient.invariants.is_empty() {
            let mut state = self.vector(first, lane);
            let stiffness = trial.step * self.fastest[lane];
            if let Err(invariant) = patient.invariants.project(&mut state, stiffness) {
                return Verdict::Failed(FailureReason::InvariantBroken { invariant });
            }
            self.set_vector(first, lane, &state);
        }
        if trial.end < trial.stop {
            return verdict;
        }
        self.memory.set(program.time.into(), lane, trial.end);
        for i in 0..n {
            let value = self.memory.get(first + i, lane);
            self.memory.set(program.vectors.argument + i, lane, value);
        }
        self.kernels
            .run_lane(&mut self.memory.rows, &program.code.rates, lane);
        let mut rates = program.rates.iter();
        if rates.all(|&row| self.memory.get(row.into(), lane).is_finite()) {
            verdict
        } else {
            Verdict::Rejected(Rejection::NotFinite)
        }
    }

    /// Acts on the verdicts; says which lanes go on to the ends of their steps.
    pub(super) fn carry_out(&mut self, verdicts: &[Verdict; N]) -> [bool; N] {
        let mut accepted = [false; N];
        for lane in 0..N {
            let Some(patient) = self.lanes[lane].as_mut() else {
                continue;
            };
            match verdicts[lane] {
                Verdict::Idle => {}
                Verdict::Accepted { norm } => {
                    patient.accept(norm);
                    accepted[lane] = true;
                }
                Verdict::Failed(reason) => self.fail(lane, reason),
                Verdict::Rejected(_) if patient.untrusted > PATIENCE => self.leave_lanes(lane),
                Verdict::Rejected(rejection) => {
                    match patient.reject(rejection, &self.settings.options) {
                        Ok(()) => {}
                        // No smaller step is left, or none is allowed: pivoting may do with this one.
                        Err(_) if rejection == Rejection::Singular => self.leave_lanes(lane),
                        Err(reason) => self.fail(lane, reason),
                    }
                }
            }
        }
        accepted
    }

    /// Finds the state behind a rejection for a negative value.
    fn negative_state(&self, lane: usize) -> Rejection {
        let first = self.program().vectors.result;
        let mut states = self.settings.non_negative.iter().copied();
        let below = |&i: &usize| self.memory.get(first + i, lane) < -self.settings.absolute[i];
        Rejection::Negative {
            state: states.find(below).unwrap_or(0),
        }
    }

    /// Goes on with pivoting.
    fn leave_lanes(&mut self, lane: usize) {
        let state = self.vector(self.program().vectors.state, lane);
        if let Some(patient) = self.lanes[lane].take() {
            let index = patient.index;
            let (settings, cohort) = (self.settings, self.cohort);
            let outcome = fallback::finish(settings, cohort, patient, state, self.interrupted);
            self.finish(index, outcome, Path::Scalar);
        }
    }
}
