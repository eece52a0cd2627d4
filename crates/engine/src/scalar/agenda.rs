//! What is still to happen to a patient, in order of time.

use crate::{Change, Run};

/// Pending changes of a patient: those of the schedule and those that decisions have added.
#[derive(Debug)]
pub(crate) struct Agenda {
    changes: Vec<Change>,
    next: usize,
}

impl Agenda {
    pub(crate) fn new(run: &Run) -> Self {
        Self {
            changes: run.schedule.changes().to_vec(),
            next: 0,
        }
    }

    /// Time of the next change.
    pub(crate) fn next_time(&self) -> Option<f64> {
        self.changes.get(self.next).map(|change| change.time)
    }

    /// Takes the next change if it is due.
    pub(crate) fn take_due(&mut self, time: f64) -> Option<Change> {
        let change = *self.changes.get(self.next)?;
        if change.time > time {
            return None;
        }
        self.next += 1;
        Some(change)
    }

    /// Changes still to come.
    pub(crate) fn pending(&self) -> &[Change] {
        &self.changes[self.next..]
    }

    /// Adds a change, after those already pending for the same time.
    pub(crate) fn insert(&mut self, change: Change) {
        let pending = &self.changes[self.next..];
        let place = self.next + pending.partition_point(|other| other.time <= change.time);
        self.changes.insert(place, change);
    }
}
