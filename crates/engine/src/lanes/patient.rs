//! What a lane knows of the patient in it.

use crate::lanes::cohort::PatientSpec;
use crate::scalar::advance::fit_step;
use crate::scalar::agenda::Agenda;
use crate::scalar::controller::{Controller, Rule};
use crate::scalar::invariants::Invariants;
use crate::{FailureReason, Options, Rejection, Run, Statistics, Trajectory};

/// A patient under way.
#[derive(Debug)]
pub(crate) struct Patient {
    /// Number in the cohort.
    pub index: usize,
    pub spec: PatientSpec,
    pub time: f64,
    pub inputs: Vec<f64>,
    pub agenda: Agenda,
    pub next_decision: usize,
    pub next_output: usize,
    pub trajectory: Trajectory,
    pub statistics: Statistics,
    pub controller: Controller,
    /// Step to try next; absent at the first time.
    pub step: Option<f64>,
    /// Longest step across which the dense output is expected to be accurate, once known.
    pub dense_step: Option<f64>,
    pub invariants: Invariants,
    /// Whether states or inputs have changed since the last step.
    pub changed: bool,
    /// Tries whose factorisation could not be trusted, less steps accepted since.
    pub untrusted: u32,
    pub trial: Trial,
    /// What was before the last accepted step, should its end turn out to be no place to go on from.
    pub before: Option<Before>,
}

/// The step being tried.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Trial {
    pub stop: f64,
    pub wanted: f64,
    pub step: f64,
    pub end: f64,
}

/// A point to return to.
#[derive(Clone, Debug)]
pub(crate) struct Before {
    pub time: f64,
    pub step: f64,
    pub next_output: usize,
    pub rows: usize,
    pub controller: Controller,
}

impl Patient {
    pub(crate) fn new(
        index: usize,
        spec: PatientSpec,
        embedded_order: usize,
        trajectory: Trajectory,
        invariants: Invariants,
    ) -> Self {
        Self {
            index,
            time: spec.run.start,
            inputs: spec.run.inputs.clone(),
            agenda: Agenda::new(&spec.run),
            next_decision: 0,
            next_output: 0,
            trajectory,
            statistics: Statistics::default(),
            controller: Controller::new(embedded_order).with_rule(Rule::Predictive),
            step: None,
            dense_step: None,
            invariants,
            changed: true,
            untrusted: 0,
            trial: Trial::default(),
            before: None,
            spec,
        }
    }

    pub(crate) fn run(&self) -> &Run {
        &self.spec.run
    }

    /// The next time at which something is due.
    pub(crate) fn next_stop(&self) -> f64 {
        let decision = self.run().decisions.get(self.next_decision).copied();
        [decision, self.agenda.next_time()]
            .into_iter()
            .flatten()
            .fold(self.run().end, f64::min)
    }

    /// Chooses the step to try.
    pub(crate) fn plan(&mut self, options: &Options) -> Result<(), FailureReason> {
        let limit = options.maximum_steps;
        if self.statistics.accepted + self.statistics.rejected >= limit {
            return Err(FailureReason::TooManySteps { limit });
        }
        let stop = self.next_stop();
        let remaining = stop - self.time;
        let wanted = options
            .fixed_step
            .or(self.step)
            .unwrap_or(remaining)
            .min(options.maximum_step.unwrap_or(f64::INFINITY));
        let mut step = fit_step(wanted, remaining);
        if options.fixed_step.is_none() && self.has_output_before(self.time + step) {
            step = self.dense_step.map_or(step, |longest| step.min(longest));
        }
        let end = if step >= remaining {
            stop
        } else {
            self.time + step
        };
        self.trial = Trial {
            stop,
            wanted,
            step,
            end,
        };
        Ok(())
    }

    /// Whether an output is due strictly before this time.
    pub(crate) fn has_output_before(&self, time: f64) -> bool {
        let next = self.run().outputs.get(self.next_output);
        next.is_some_and(|&output| output < time)
    }

    /// Notes an accepted step with this error; outputs and time follow.
    pub(crate) fn accept(&mut self, error: f64) {
        let Trial { wanted, step, .. } = self.trial;
        self.before = Some(Before {
            time: self.time,
            step,
            next_output: self.next_output,
            rows: self.trajectory.len(),
            controller: self.controller.clone(),
        });
        self.statistics.accepted += 1;
        self.untrusted = self.untrusted.saturating_sub(1);
        let next = step * self.controller.accepted(error, step < wanted);
        self.step = Some(if step < wanted {
            next.max(wanted)
        } else {
            next
        });
    }

    /// Chooses a smaller step after a rejection, or gives up.
    pub(crate) fn reject(
        &mut self,
        last: Rejection,
        options: &Options,
    ) -> Result<(), FailureReason> {
        let step = self.trial.step;
        self.statistics.rejected += 1;
        let factor = match last {
            Rejection::Error { norm } => self.controller.rejected(norm),
            Rejection::NotFinite => self.controller.rejected_otherwise(0.25),
            _ => self.controller.rejected_otherwise(0.5),
        };
        let smaller = step * factor;
        let smallest = (16.0 * f64::EPSILON * self.time.abs()).max(f64::MIN_POSITIVE);
        if smaller < smallest || options.fixed_step.is_some() {
            return Err(FailureReason::StepTooSmall { step, last });
        }
        self.step = Some(smaller);
        Ok(())
    }

    /// Undoes the last accepted step; `false` where there is none to undo.
    pub(crate) fn revert(&mut self) -> bool {
        let Some(before) = self.before.take() else {
            return false;
        };
        self.time = before.time;
        self.trial.step = before.step;
        self.next_output = before.next_output;
        self.trajectory.truncate(before.rows);
        self.controller = before.controller;
        self.statistics.accepted -= 1;
        true
    }
}
