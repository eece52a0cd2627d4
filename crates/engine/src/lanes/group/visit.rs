//! What happens to a patient between steps: decisions, changes, the end.

use super::super::cohort::Path;
use super::Group;
use crate::error::{require_change, require_times};
use crate::{
    Change, Decision, DecisionContext, EngineError, FailureReason, Solution, Status, Target,
};

/// What becomes of a patient after a visit.
enum Visit {
    GoOn,
    Ended(Status),
}

impl<const N: usize> Group<'_, N> {
    /// Ends the patient in a lane.
    fn end(&mut self, lane: usize, status: Status) {
        let state = self.vector(self.program().vectors.state, lane);
        if let Some(patient) = self.lanes[lane].take() {
            let solution = Solution {
                status,
                trajectory: patient.trajectory,
                time: patient.time,
                state,
                inputs: patient.inputs,
                statistics: patient.statistics,
            };
            self.finish(patient.index, Ok(solution), Path::Lanes);
        }
    }

    pub(super) fn fail(&mut self, lane: usize, reason: FailureReason) {
        let time = self.lanes[lane].as_ref().map_or(f64::NAN, |p| p.time);
        self.end(lane, Status::Failed { time, reason });
    }

    /// Decisions and changes that are due in a lane, and the end where it is reached.
    pub(super) fn visit(&mut self, lane: usize) {
        match self.decide_and_change(lane) {
            Ok(Visit::GoOn) => {}
            Ok(Visit::Ended(status)) => self.end(lane, status),
            Err(error) => {
                if let Some(patient) = self.lanes[lane].take() {
                    self.finish(patient.index, Err(error), Path::Lanes);
                }
            }
        }
    }

    fn decide_and_change(&mut self, lane: usize) -> Result<Visit, EngineError> {
        let decisions = self.decisions(lane);
        let program = self.program();
        let Some(patient) = self.lanes[lane].as_mut() else {
            return Ok(Visit::GoOn);
        };
        let (now, end) = (patient.time, patient.run().end);
        let mut changes = Vec::new();
        if now < end {
            while let Some(change) = patient.agenda.take_due(now) {
                changes.push(change);
            }
        }
        let (inputs, states) = (patient.inputs.len(), program.dimension());
        let what = "decisions taken at one time";
        let mut stopped = false;
        for (index, decision) in decisions.into_iter().enumerate() {
            match decision {
                Decision::Stop => {
                    stopped = true;
                    break;
                }
                Decision::Now { target, action } => {
                    let change = Change {
                        time: now,
                        target,
                        action,
                    };
                    require_change(what, index, &change, inputs, states)?;
                    changes.push(change);
                }
                Decision::Later(change) => {
                    require_times(what, std::iter::once(change.time), now, end)?;
                    require_change(what, index, &change, inputs, states)?;
                    patient.agenda.insert(change);
                }
            }
        }
        if now < end {
            // What was decided for later may be due at once.
            while let Some(change) = patient.agenda.take_due(now).filter(|_| !stopped) {
                changes.push(change);
            }
            self.apply(lane, &changes);
        }
        Ok(if stopped {
            Visit::Ended(Status::Stopped { time: now })
        } else if now >= end {
            Visit::Ended(Status::Complete)
        } else {
            Visit::GoOn
        })
    }

    fn decisions(&mut self, lane: usize) -> Vec<Decision> {
        let mut decisions = Vec::new();
        loop {
            let due = self.lanes[lane].as_ref().is_some_and(|patient| {
                patient.run().decisions.get(patient.next_decision) == Some(&patient.time)
            });
            if !due {
                return decisions;
            }
            let observables = self.observe(lane);
            let state = self.vector(self.program().vectors.state, lane);
            if let Some(patient) = self.lanes[lane].as_mut() {
                let context = DecisionContext {
                    index: patient.next_decision,
                    time: patient.time,
                    state: &state,
                    observables: &observables,
                    inputs: &patient.inputs,
                };
                decisions.extend(self.cohort.decide(patient.index, &context));
                patient.next_decision += 1;
            }
        }
    }

    fn apply(&mut self, lane: usize, changes: &[Change]) {
        let first = self.program().vectors.state;
        let Some(patient) = self.lanes[lane].as_mut() else {
            return;
        };
        let mut inputs_changed = false;
        for change in changes {
            match change.target {
                Target::State(state) => {
                    let row = first + state as usize;
                    let before = self.memory.get(row, lane);
                    let after = change.action.apply(before);
                    patient.changed |= before != after;
                    self.memory.set(row, lane, after);
                }
                Target::Input(input) => {
                    let place = &mut patient.inputs[input as usize];
                    let after = change.action.apply(*place);
                    inputs_changed |= *place != after;
                    *place = after;
                }
            }
        }
        if inputs_changed {
            patient.changed = true;
            let inputs = patient.inputs.clone();
            self.load_inputs(lane, &inputs);
        }
    }
}
