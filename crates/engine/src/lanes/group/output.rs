//! What is recorded.

#![expect(
    clippy::needless_range_loop,
    reason = "a lane is a number into several lists at once"
)]

use super::super::kernel::DenseRows;
use super::super::memory::Row;
use super::super::patient::Patient;
use super::Group;
use crate::FailureReason;

impl<const N: usize> Group<'_, N> {
    /// Observables of a lane at its current time and state.
    pub(super) fn observe(&mut self, lane: usize) -> Vec<f64> {
        let program = self.program();
        let time = self.lanes[lane].as_ref().map_or(0.0, |p| p.time);
        self.memory.set(program.time.into(), lane, time);
        for i in 0..program.dimension() {
            let value = self.memory.get(program.vectors.state + i, lane);
            self.memory.set(program.vectors.argument + i, lane, value);
        }
        self.kernels
            .run_lane(&mut self.memory.rows, &program.code.observables, lane);
        self.gather(&program.observables, lane)
    }

    /// Records the current state once for each output time that equals the current time.
    pub(super) fn record_in_place(&mut self, lane: usize) -> Result<(), FailureReason> {
        loop {
            let Some(patient) = self.lanes[lane].as_mut() else {
                return Ok(());
            };
            if patient.run().outputs.get(patient.next_output) != Some(&patient.time) {
                return Ok(());
            }
            let values = self.observe(lane);
            let vectors = self.program().vectors;
            let state = self.vector(vectors.state, lane);
            if let Some(patient) = self.lanes[lane].as_mut() {
                let time = patient.time;
                record(patient, time, &values, &state)?;
            }
        }
    }

    /// Records what lies within the accepted steps.
    pub(super) fn outputs(&mut self, accepted: &[bool; N]) {
        let program = self.program();
        let pending = |patient: &Patient| {
            let output = patient.run().outputs.get(patient.next_output).copied();
            output.filter(|&time| time <= patient.trial.end)
        };
        let mut formed = false;
        loop {
            let (mut theta, mut due) = (Row::splat(1.0), [false; N]);
            let mut states_wanted = false;
            for lane in 0..N {
                if let Some(patient) = self.lanes[lane].as_ref()
                    && accepted[lane]
                    && let Some(time) = pending(patient)
                {
                    due[lane] = true;
                    theta.0[lane] = if time == patient.trial.end {
                        1.0
                    } else {
                        (time - patient.time) / (patient.trial.end - patient.time)
                    };
                    self.memory.rows[usize::from(program.time)].0[lane] = time;
                }
                states_wanted |= self.lanes[lane]
                    .as_ref()
                    .is_some_and(|p| p.run().record_states);
            }
            if !due.contains(&true) {
                return;
            }
            let list = if states_wanted || !self.settings.states.invariants().is_empty() {
                &self.all_states
            } else {
                &program.observed_states
            };
            let rows = DenseRows {
                total: program.dimension(),
                states: list,
                state: program.vectors.state,
                result: program.vectors.result,
                stages: program.vectors.stages,
                dense: program.vectors.dense,
                argument: program.vectors.argument,
                weights: self.settings.tableau.dense,
            };
            if !formed {
                self.kernels.dense(&mut self.memory.rows, &rows);
                formed = true;
            }
            self.kernels
                .interpolate(&mut self.memory.rows, &rows, &theta);
            for lane in 0..N {
                if due[lane]
                    && let Err(reason) = self.settle_output(lane)
                {
                    due[lane] = false;
                    self.fail(lane, reason);
                }
            }
            self.kernels.observables(&mut self.memory.rows, program);
            for lane in 0..N {
                if due[lane] {
                    self.record_interpolated(lane);
                }
            }
        }
    }

    /// Takes rounding out of the invariants at an output within a step.
    fn settle_output(&mut self, lane: usize) -> Result<(), FailureReason> {
        let first = self.program().vectors.argument;
        let Some(patient) = self.lanes[lane].as_ref() else {
            return Ok(());
        };
        if patient.invariants.is_empty() {
            return Ok(());
        }
        let mut state = self.vector(first, lane);
        patient
            .invariants
            .project(&mut state, patient.trial.step * self.fastest[lane])
            .map_err(|invariant| FailureReason::InvariantBroken { invariant })?;
        self.set_vector(first, lane, &state);
        Ok(())
    }

    fn record_interpolated(&mut self, lane: usize) {
        let program = self.program();
        let Some(patient) = self.lanes[lane].as_mut() else {
            return;
        };
        let Some(&time) = patient.spec.run.outputs.get(patient.next_output) else {
            return;
        };
        patient.next_output += 1;
        let (observables, states) = patient.trajectory.push(time);
        let mut wrong = None;
        for (place, (slot, &row)) in observables.iter_mut().zip(&program.observables).enumerate() {
            *slot = self.memory.rows[usize::from(row)].0[lane];
            if !slot.is_finite() && wrong.is_none() {
                wrong = Some(place);
            }
        }
        for (i, slot) in states.iter_mut().enumerate() {
            *slot = self.memory.rows[program.vectors.argument + i].0[lane];
        }
        if let Some(observable) = wrong {
            self.fail(lane, FailureReason::ObservableNotFinite { observable });
        }
    }
}

/// Appends a row to a patient's trajectory.
fn record(
    patient: &mut Patient,
    time: f64,
    values: &[f64],
    state: &[f64],
) -> Result<(), FailureReason> {
    patient.next_output += 1;
    let (observables, states) = patient.trajectory.push(time);
    observables.copy_from_slice(values);
    if !states.is_empty() {
        states.copy_from_slice(state);
    }
    match values.iter().position(|value| !value.is_finite()) {
        Some(observable) => Err(FailureReason::ObservableNotFinite { observable }),
        None => Ok(()),
    }
}
