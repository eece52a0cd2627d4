//! Cohorts over threads.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::cache::working_set;
use super::cohort::{Cohort, PatientResult};
use super::compile::LaneProgram;
use super::dispatch::{Block, Dispatch, Plan, Progress, Sender, Share};
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
    /// The most lanes whose working memory fits these bytes, 32 at most: beyond, dispatch costs nothing any more and
    /// small cohorts leave lanes empty.
    pub(super) fn for_rows(rows: usize, bytes: usize) -> Self {
        [Self::ThirtyTwo, Self::Sixteen]
            .into_iter()
            .find(|count| count.number() * rows * size_of::<f64>() <= bytes)
            .unwrap_or(Self::Eight)
    }

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
    /// As arranged for the interpreter; with compiled kernels where there are some.
    program: Arc<LaneProgram>,
    forced_lanes: Option<LaneCount>,
    interpreted: bool,
}

impl Ensemble {
    /// An ensemble with the best instruction set of the machine, compiled kernels where the program has some for it, and
    /// a lane count that fits the program.
    ///
    /// # Errors
    /// [`EngineError`] for settings out of range.
    pub fn new(program: Arc<LaneProgram>, options: Options) -> Result<Self, EngineError> {
        let settings = Settings::new(program.clone(), options, InstructionSet::best())?;
        let this = Self {
            settings,
            lanes: LaneCount::Eight,
            program,
            forced_lanes: None,
            interpreted: false,
        };
        Ok(this.arranged())
    }

    /// Chooses between compiled kernels and the interpreter, each with its own arrangement of the program.
    fn arranged(mut self) -> Self {
        let set = self.settings.instruction_set;
        let eight = |lanes| lanes == LaneCount::Eight;
        let wanted = !self.interpreted && self.forced_lanes.is_none_or(eight);
        let compiled = self.program.compiled.as_ref();
        match compiled.filter(|c| wanted && c.kernels.table(set).is_some()) {
            Some(compiled) => {
                self.settings.program = compiled.program.clone();
                self.settings.kernels = Some(compiled.kernels);
                self.lanes = LaneCount::Eight;
            }
            None => {
                self.settings.program = self.program.clone();
                self.settings.kernels = None;
                let fitting = LaneCount::for_rows(self.program.rows, working_set());
                self.lanes = self.forced_lanes.unwrap_or(fitting);
            }
        }
        self
    }

    /// Interprets the program even where it has compiled kernels.
    #[must_use]
    pub fn interpreted(mut self) -> Self {
        self.interpreted = true;
        self.arranged()
    }

    /// Whether compiled kernels serve: the program has some for this instruction set, and no other number of lanes than
    /// eight is forced.
    #[must_use]
    pub fn is_compiled(&self) -> bool {
        self.settings.kernels.is_some()
    }

    /// Forces the number of lanes.
    #[must_use]
    pub fn with_lanes(mut self, lanes: LaneCount) -> Self {
        self.forced_lanes = Some(lanes);
        self.arranged()
    }

    /// The program as it is arranged for what serves it, compiled kernels or the interpreter.
    #[must_use]
    pub fn program(&self) -> &Arc<LaneProgram> {
        &self.settings.program
    }

    /// Number of lanes.
    #[must_use]
    pub fn lanes(&self) -> LaneCount {
        self.lanes
    }

    /// Forces the instruction set; the portable one is taken where the machine does not have it.
    #[must_use]
    pub fn with_instruction_set(mut self, set: InstructionSet) -> Self {
        self.settings.instruction_set = if set.is_available() {
            set
        } else {
            InstructionSet::Portable
        };
        self.arranged()
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The arithmetic class of the results.
    #[must_use]
    pub fn class(&self) -> ArithmeticClass {
        self.settings.instruction_set.class()
    }

    /// Solves the whole cohort on this thread; results in the cohort's order.
    #[must_use]
    pub fn solve(&self, cohort: &dyn Cohort) -> Vec<PatientResult> {
        let mut results = match self.lanes {
            LaneCount::Eight => solve_here::<8>(&self.settings, cohort),
            LaneCount::Sixteen => solve_here::<16>(&self.settings, cohort),
            LaneCount::ThirtyTwo => solve_here::<32>(&self.settings, cohort),
            LaneCount::SixtyFour => solve_here::<64>(&self.settings, cohort),
        };
        results.sort_by_key(|result| result.index);
        results
    }

    /// Solves a cohort block by block over threads and hands each block to `sink`, in order. Results do not depend on
    /// the plan. Few blocks are under way at a time, so that memory stays bounded whatever the cohort's size.
    ///
    /// A run ends early, within a step of each lane, when `cancel` becomes true or `sink` breaks;
    /// [`Progress::next_block`] then says where a later run with the same block size goes on.
    ///
    /// A panic of the cohort or of `sink` ends the run and is passed on to the caller.
    pub fn run(
        &self,
        cohort: &dyn Cohort,
        plan: &Plan,
        cancel: &AtomicBool,
        sink: &mut dyn FnMut(Block) -> ControlFlow<()>,
    ) -> Progress {
        let dispatch = Dispatch::new(plan, cohort.len(), cancel);
        let work = match self.lanes {
            LaneCount::Eight => work::<8>,
            LaneCount::Sixteen => work::<16>,
            LaneCount::ThirtyTwo => work::<32>,
            LaneCount::SixtyFour => work::<64>,
        };
        let class = self.class();
        dispatch.run(
            plan,
            &|dispatch, sender| work(&self.settings, cohort, dispatch, sender),
            &mut |number, results| {
                sink(Block {
                    number,
                    class,
                    results,
                })
            },
        )
    }
}

fn solve_here<const N: usize>(settings: &Settings, cohort: &dyn Cohort) -> Vec<PatientResult> {
    let mut group = Group::<N>::new(settings, cohort, &|| false);
    let mut patients = 0..cohort.len();
    let mut results = Vec::with_capacity(cohort.len());
    while group.fill(&mut || patients.next()) {
        group.step();
        results.append(&mut group.take_finished());
    }
    results.append(&mut group.take_finished());
    results
}

fn work<const N: usize>(
    settings: &Settings,
    cohort: &dyn Cohort,
    dispatch: &Dispatch<'_>,
    sender: &Sender<PatientResult>,
) {
    follow::<N, _>((settings, cohort), dispatch, sender, &mut |result| result);
}

/// Follows what a thread claims in lanes and sends what `make` makes of each result.
pub(super) fn follow<const N: usize, T>(
    (settings, cohort): (&Settings, &dyn Cohort),
    dispatch: &Dispatch<'_>,
    sender: &Sender<T>,
    make: &mut dyn FnMut(PatientResult) -> T,
) {
    let interrupted = || dispatch.is_stopped();
    let mut group = Group::<N>::new(settings, cohort, &interrupted);
    let mut share = Share::default();
    while !dispatch.is_stopped() {
        let busy = group.fill(&mut || share.next(dispatch));
        if busy {
            group.step();
        }
        for result in group.take_finished() {
            if sender.send((result.index, make(result))).is_err() {
                return;
            }
        }
        if !busy && !dispatch.wait_for_work() {
            return;
        }
    }
}
