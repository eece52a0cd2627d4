//! One patient under way.

use super::agenda::Agenda;
use super::controller::Controller;
use super::invariants::Invariants;
use super::rosenbrock::Point;
use crate::{Action, Run, Statistics, Target, Trajectory};

/// Where a patient is, what is still to happen, and what was recorded.
pub(super) struct Patient<'r> {
    pub run: &'r Run,
    pub time: f64,
    pub state: Vec<f64>,
    pub inputs: Vec<f64>,
    pub agenda: Agenda,
    pub next_decision: usize,
    pub next_output: usize,
    pub trajectory: Trajectory,
    pub statistics: Statistics,
    pub controller: Controller,
    pub invariants: Invariants,
    /// Step to try next; absent at the first time.
    pub step: Option<f64>,
    /// Longest step across which the dense output is expected to be accurate, once known.
    pub dense_step: Option<f64>,
    /// Whether the slope at the current point has to be evaluated anew.
    pub changed: bool,
    /// Asked before each step: whether to give up.
    pub interrupted: &'r dyn Fn() -> bool,
}

impl<'r> Patient<'r> {
    pub(super) fn new(
        run: &'r Run,
        trajectory: Trajectory,
        controller: Controller,
        invariants: Invariants,
    ) -> Self {
        Self {
            run,
            time: run.start,
            state: run.initial.clone(),
            inputs: run.inputs.clone(),
            agenda: Agenda::new(run),
            next_decision: 0,
            next_output: 0,
            trajectory,
            statistics: Statistics::default(),
            controller,
            invariants,
            step: None,
            dense_step: None,
            changed: true,
            interrupted: &|| false,
        }
    }

    /// The current point, with the statistics to count what is evaluated there.
    pub(super) fn point(&mut self) -> (Point<'_>, &mut Statistics) {
        let point = Point {
            time: self.time,
            state: &self.state,
            inputs: &self.inputs,
        };
        (point, &mut self.statistics)
    }

    /// Carries a change out that has been checked.
    pub(super) fn apply(&mut self, target: Target, action: Action) {
        let place = match target {
            Target::Input(input) => &mut self.inputs[input as usize],
            Target::State(state) => &mut self.state[state as usize],
        };
        let after = action.apply(*place);
        self.changed |= after != *place;
        *place = after;
    }

    /// The next time at which something is due.
    pub(super) fn next_stop(&self) -> f64 {
        let decision = self.run.decisions.get(self.next_decision).copied();
        [decision, self.agenda.next_time()]
            .into_iter()
            .flatten()
            .fold(self.run.end, f64::min)
    }

    /// Whether an output lies strictly inside a step of this length.
    pub(super) fn has_output_within(&self, step: f64) -> bool {
        let next = self.run.outputs.get(self.next_output);
        next.is_some_and(|&time| time < self.time + step)
    }
}
