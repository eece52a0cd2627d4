//! What is asked of the solver for one patient, and what comes back.

use crate::error::{require_change, require_finite, require_length, require_times};
use crate::{EngineError, Schedule, States, Statistics, Status};

/// One patient's integration: span, starting point, changes, decision times, output.
///
/// At a time where several things happen the order is: output, decision, scheduled changes,
/// what was decided. So an output or a decision sees the value just *before* a change at
/// its own time, as a visit sees a patient before the new treatment. Changes at the very end of
/// the span have no effect.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// First time.
    pub start: f64,
    /// Last time.
    pub end: f64,
    /// States at the first time.
    pub initial: Vec<f64>,
    /// Inputs from the first time on.
    pub inputs: Vec<f64>,
    /// Changes at known times.
    pub schedule: Schedule,
    /// Times at which the caller decides, in order.
    pub decisions: Vec<f64>,
    /// Times of output, in order.
    pub outputs: Vec<f64>,
    /// Whether all states are recorded next to the observables.
    pub record_states: bool,
}

impl Run {
    /// A run without inputs, changes, decisions or output.
    #[must_use]
    pub fn new(start: f64, end: f64, initial: Vec<f64>) -> Self {
        Self {
            start,
            end,
            initial,
            inputs: Vec::new(),
            schedule: Schedule::default(),
            decisions: Vec::new(),
            outputs: Vec::new(),
            record_states: false,
        }
    }

    /// Checks the whole request against the system's numbers of states and inputs.
    ///
    /// # Errors
    /// The first fault found: span, lengths, numbers that are not finite, times out of order or
    /// outside the span, unknown inputs or states, negative starting values.
    pub fn validate(&self, states: &States, inputs: usize) -> Result<(), EngineError> {
        let (start, end) = (self.start, self.end);
        if !(start.is_finite() && end.is_finite() && start < end) {
            return Err(EngineError::Span { start, end });
        }
        require_length("initial state", self.initial.len(), states.len())?;
        require_finite("initial state", &self.initial)?;
        require_length("inputs", self.inputs.len(), inputs)?;
        require_finite("inputs", &self.inputs)?;
        for (state, &value) in self.initial.iter().enumerate() {
            if value < 0.0 && states.non_negative()[state] {
                return Err(EngineError::NegativeInitial { state, value });
            }
        }
        let changes = self.schedule.changes();
        require_times(
            "schedule",
            changes.iter().map(|change| change.time),
            start,
            end,
        )?;
        for (index, change) in changes.iter().enumerate() {
            require_change("schedule", index, change, inputs, states.len())?;
        }
        require_times("decision times", self.decisions.iter().copied(), start, end)?;
        require_times("output times", self.outputs.iter().copied(), start, end)
    }
}

/// Recorded values: one row an output time, up to the time where the run ended.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Trajectory {
    times: Vec<f64>,
    observables: Vec<f64>,
    states: Vec<f64>,
    observable_count: usize,
    state_count: usize,
}

impl Trajectory {
    /// An empty trajectory with rows of these widths; `state_count` is 0 where states are not
    /// recorded.
    pub(crate) fn new(observable_count: usize, state_count: usize) -> Self {
        Self {
            observable_count,
            state_count,
            ..Self::default()
        }
    }

    /// Makes room for this many more rows.
    pub(crate) fn reserve(&mut self, rows: usize) {
        self.times.reserve_exact(rows);
        self.observables.reserve_exact(rows * self.observable_count);
        self.states.reserve_exact(rows * self.state_count);
    }

    /// Appends a row and gives access to its observables and states.
    pub(crate) fn push(&mut self, time: f64) -> (&mut [f64], &mut [f64]) {
        self.times.push(time);
        let (observables, states) = (self.observables.len(), self.states.len());
        self.observables
            .resize(observables + self.observable_count, f64::NAN);
        self.states.resize(states + self.state_count, f64::NAN);
        (
            &mut self.observables[observables..],
            &mut self.states[states..],
        )
    }

    /// Forgets all rows but the first ones.
    pub(crate) fn truncate(&mut self, rows: usize) {
        self.times.truncate(rows);
        self.observables.truncate(rows * self.observable_count);
        self.states.truncate(rows * self.state_count);
    }

    /// Appends the rows of a trajectory of the same widths.
    pub(crate) fn append(&mut self, other: &Self) {
        self.times.extend_from_slice(&other.times);
        self.observables.extend_from_slice(&other.observables);
        self.states.extend_from_slice(&other.states);
    }

    /// Output times reached: all of those asked for, unless the run ended early.
    #[must_use]
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// Observables of a row; empty where the row does not exist.
    #[must_use]
    pub fn observables(&self, row: usize) -> &[f64] {
        slice(&self.observables, row, self.observable_count)
    }

    /// States of a row; empty where the row does not exist or states were not asked for.
    #[must_use]
    pub fn states(&self, row: usize) -> &[f64] {
        slice(&self.states, row, self.state_count)
    }
}

fn slice(values: &[f64], row: usize, width: usize) -> &[f64] {
    values.get(row * width..(row + 1) * width).unwrap_or(&[])
}

/// The answer to a [`Run`].
#[derive(Debug, Clone, PartialEq)]
pub struct Solution {
    /// How the run ended. Look at it first.
    pub status: Status,
    /// Recorded values.
    pub trajectory: Trajectory,
    /// Last time reached.
    pub time: f64,
    /// States at the last time reached.
    pub state: Vec<f64>,
    /// Inputs in force at the last time reached.
    pub inputs: Vec<f64>,
    /// What the run cost.
    pub statistics: Statistics,
}
