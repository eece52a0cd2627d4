//! Cohorts over threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::cohort::{Cohort, PatientResult};
use super::compile::LaneProgram;
use super::group::Group;
use super::kernel::{ArithmeticClass, InstructionSet};
use super::settings::Settings;
use crate::{EngineError, Options};

/// How many patients step together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LaneCount {
    /// 8 lanes.
    Eight,
    /// 16 lanes.
    Sixteen,
    /// 32 lanes.
    ThirtyTwo,
    /// 64 lanes.
    SixtyFour,
}

impl LaneCount {
    /// The number of lanes.
    #[must_use]
    pub fn number(self) -> usize {
        match self {
            Self::Eight => 8,
            Self::Sixteen => 16,
            Self::ThirtyTwo => 32,
            Self::SixtyFour => 64,
        }
    }
}

/// Solves cohorts of one program.
#[derive(Clone, Debug)]
pub struct Ensemble {
    settings: Settings,
    lanes: LaneCount,
}

impl Ensemble {
    /// An ensemble with the best instruction set of the machine and a lane count that fits the program.
    ///
    /// # Errors
    /// [`EngineError`] for settings out of range.
    pub fn new(program: Arc<LaneProgram>, options: Options) -> Result<Self, EngineError> {
        Ok(Self {
            settings: Settings::new(program, options, InstructionSet::best())?,
            lanes: LaneCount::Sixteen,
        })
    }

    /// Forces the number of lanes.
    #[must_use]
    pub fn with_lanes(mut self, lanes: LaneCount) -> Self {
        self.lanes = lanes;
        self
    }

    /// Forces the instruction set; the portable one is taken where the machine does not have it.
    #[must_use]
    pub fn with_instruction_set(mut self, set: InstructionSet) -> Self {
        self.settings.instruction_set = if set.is_available() {
            set
        } else {
            InstructionSet::Portable
        };
        self
    }

    /// The arithmetic class of the results.
    #[must_use]
    pub fn class(&self) -> ArithmeticClass {
        self.settings.instruction_set.class()
    }

    /// Solves the whole cohort on this thread; results in the cohort's order.
    #[must_use]
    pub fn solve(&self, cohort: &dyn Cohort) -> Vec<PatientResult> {
        let next = AtomicUsize::new(0);
        let mut results = match self.lanes {
            LaneCount::Eight => work::<8>(&self.settings, cohort, &next),
            LaneCount::Sixteen => work::<16>(&self.settings, cohort, &next),
            LaneCount::ThirtyTwo => work::<32>(&self.settings, cohort, &next),
            LaneCount::SixtyFour => work::<64>(&self.settings, cohort, &next),
        };
        results.sort_by_key(|result| result.index);
        results
    }
}

fn work<const N: usize>(
    settings: &Settings,
    cohort: &dyn Cohort,
    next: &AtomicUsize,
) -> Vec<PatientResult> {
    let mut group = Group::<N>::new(settings, cohort);
    let mut take = || {
        let index = next.fetch_add(1, Ordering::Relaxed);
        (index < cohort.len()).then_some(index)
    };
    let mut results = Vec::new();
    while group.fill(&mut take) {
        group.step();
        results.append(&mut group.take_finished());
    }
    results.append(&mut group.take_finished());
    results
}
