//! The inner loops, compiled once for each instruction set and chosen at run time.
//!
//! Bodies are plain loops over lanes marked `inline(always)`; thin wrappers with `target_feature` give them to the
//! vectoriser under wider instructions. All unsafe code of the crate is in this module: calls of those wrappers
//! after detection, and reads of rows by numbers that [`Code`] and [`FactorPlan`] have been checked for.

#![expect(
    unsafe_code,
    reason = "instruction sets chosen at run time and unchecked row access; see the SAFETY comments"
)]

mod arithmetic;
mod burst;
mod factor;
mod rows;
mod step;
pub mod vector;

use super::compile::{Code, FactorPlan, LaneProgram};
use super::compiled::{CompiledKernels, KernelTable};
use super::memory::Row;
use rows::{AllLanes, OneLane};
pub(crate) use step::{Combination, Finish};
pub(crate) use vector::Eight;

/// How additions and multiplications are rounded: results are the same bytes within a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArithmeticClass {
    /// Products are added with one rounding: AVX-512, AVX2 with FMA.
    Fused,
    /// Products are rounded before they are added.
    Unfused,
}

impl ArithmeticClass {
    /// The name that receipts carry.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Fused => "fma",
            Self::Unfused => "no-fma",
        }
    }
}

/// An instruction set that kernels exist for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InstructionSet {
    /// 512-bit vectors.
    Avx512,
    /// 256-bit vectors with fused multiply-add.
    Avx2,
    /// What every machine has.
    Portable,
}

impl InstructionSet {
    /// All, best first.
    pub const ALL: [Self; 3] = [Self::Avx512, Self::Avx2, Self::Portable];

    /// Whether this machine has it.
    #[must_use]
    pub fn is_available(self) -> bool {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => {
                is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("fma")
            }
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
            #[cfg(not(target_arch = "x86_64"))]
            Self::Avx512 | Self::Avx2 => false,
            Self::Portable => true,
        }
    }

    /// The best one that this machine has.
    #[must_use]
    pub fn best() -> Self {
        Self::ALL
            .into_iter()
            .find(|set| set.is_available())
            .unwrap_or(Self::Portable)
    }

    /// Its arithmetic class.
    #[must_use]
    pub fn class(self) -> ArithmeticClass {
        match self {
            Self::Avx512 | Self::Avx2 => ArithmeticClass::Fused,
            Self::Portable => ArithmeticClass::Unfused,
        }
    }
}

/// The kernels of one instruction set for `N` lanes.
#[derive(Clone, Copy)]
pub(crate) struct Kernels<const N: usize> {
    run: unsafe fn(&mut [Row<N>], &Code),
    run_lane: unsafe fn(&mut [Row<N>], &Code, usize),
    factorise: unsafe fn(&mut [Row<N>], &FactorPlan, &Row<N>) -> Row<N>,
    argument: unsafe fn(&mut [Row<N>], &Combination<'_>),
    solve: unsafe fn(&mut [Row<N>], &FactorPlan, &step::StageRows, &[Row<N>], Option<&Row<N>>),
    right_side: unsafe fn(&mut [Row<N>], &FactorPlan, &step::StageRows, &[Row<N>], Option<&Row<N>>),
    finish: unsafe fn(&mut [Row<N>], &Finish<'_>) -> step::Outcome<N>,
    size: unsafe fn(&mut [Row<N>], &Finish<'_>) -> Row<N>,
    dense: unsafe fn(&mut [Row<N>], &step::DenseRows<'_>),
    interpolate: unsafe fn(&mut [Row<N>], &step::DenseRows<'_>, &Row<N>),
    accept: unsafe fn(&mut [Row<N>], &step::AcceptRows, &[bool; N]),
    /// Compiled kernels in place of the interpreter's; only for eight lanes.
    compiled: Option<KernelTable>,
}

pub(crate) use step::{AcceptRows, DenseRows, Outcome, StageRows};

macro_rules! instruction_set {
    ($module:ident, $fused:literal $(, $features:literal)?) => {
        mod $module {
            use super::*;

            $(#[target_feature(enable = $features)])?
            unsafe fn run<const N: usize>(rows: &mut [Row<N>], code: &Code) {
                assert!(code.rows() <= rows.len());
                // SAFETY: every row number of the code is below `code.rows()`.
                unsafe { arithmetic::execute::<N, $fused, _>(AllLanes::new(rows), code) }
            }

            $(#[target_feature(enable = $features)])?
            unsafe fn run_lane<const N: usize>(rows: &mut [Row<N>], code: &Code, lane: usize) {
                assert!(code.rows() <= rows.len() && lane < N);
                // SAFETY: every row number of the code is below `code.rows()`, the lane below N.
                unsafe { arithmetic::execute::<1, $fused, _>(OneLane::new(rows, lane), code) }
            }

            $(#[target_feature(enable = $features)])?
            unsafe fn factorise<const N: usize>(
                rows: &mut [Row<N>],
                plan: &FactorPlan,
                shift: &Row<N>,
            ) -> Row<N> {
                assert!(plan.row_limit <= rows.len());
                // SAFETY: every row number of the plan is below its limit.
                unsafe { factor::factorise::<N, $fused>(rows, plan, shift) }
            }

            $(#[target_feature(enable = $features)])?
            unsafe fn argument<const N: usize>(rows: &mut [Row<N>], what: &Combination<'_>) {
                step::argument::<N, $fused>(rows, what);
            }

            $(#[target_feature(enable = $features)])?
            unsafe fn solve<const N: usize>(
                rows: &mut [Row<N>],
                plan: &FactorPlan,
                stage: &StageRows,
                weights: &[Row<N>],
                time_weight: Option<&Row<N>>,
            ) {
                let end = stage.stages + stage.states * (weights.len() + 1);
                assert!(plan.row_limit <= rows.len() && end <= rows.len());
                assert!(plan.states <= stage.states);
                let last = stage.time_derivative.map_or(0, |first| first + stage.states);
                assert!(last <= rows.len());
                // SAFETY: row numbers of the plan are below its limit, states below the number of states, and the
                // vectors named by `stage` lie within the rows.
                unsafe { factor::solve::<N, $fused>(rows, plan, stage, weights, time_weight) }
            }

            $(#[target_feature(enable = $features)])?
            unsafe fn right_side<const N: usize>(
                rows: &mut [Row<N>],
                plan: &FactorPlan,
                stage: &StageRows,
                weights: &[Row<N>],
                time_weight: Option<&Row<N>>,
            ) {
                let end = stage.stages + stage.states * (weights.len() + 1);
                assert!(plan.row_limit <= rows.len() && end <= rows.len());
                assert!(plan.states <= stage.states);
                let last = stage.time_derivative.map_or(0, |first| first + stage.states);
                assert!(last <= rows.len());
                // SAFETY: row numbers of the plan are below its limit, states below the number of states, and the
                // vectors named by `stage` lie within the rows.
                unsafe { factor::right_side::<N, $fused>(rows, plan, stage, weights, time_weight) }
            }

            $(#[target_feature(enable = $features)])?
            unsafe fn finish<const N: usize>(rows: &mut [Row<N>], what: &Finish<'_>) -> Outcome<N> {
                step::finish::<N, $fused>(rows, what)
            }

            $(#[target_feature(enable = $features)])?
            unsafe fn size<const N: usize>(rows: &mut [Row<N>], what: &Finish<'_>) -> Row<N> {
                step::size::<N, $fused>(rows, what)
            }

            $(#[target_feature(enable = $features)])?
            unsafe fn dense<const N: usize>(rows: &mut [Row<N>], what: &DenseRows<'_>) {
                step::dense::<N, $fused>(rows, what);
            }

            $(#[target_feature(enable = $features)])?
            unsafe fn interpolate<const N: usize>(
                rows: &mut [Row<N>],
                what: &DenseRows<'_>,
                theta: &Row<N>,
            ) {
                step::interpolate::<N, $fused>(rows, what, theta);
            }

            $(#[target_feature(enable = $features)])?
            unsafe fn accept<const N: usize>(rows: &mut [Row<N>], what: &AcceptRows, lanes: &[bool; N]) {
                step::accept(rows, what, lanes);
            }

            $(#[target_feature(enable = $features)])?
            pub(super) unsafe fn burst(rounds: u64) -> f64 {
                burst::burst::<$fused>(rounds)
            }

            pub(super) fn kernels<const N: usize>() -> Kernels<N> {
                Kernels {
                    run,
                    run_lane,
                    factorise,
                    argument,
                    solve,
                    right_side,
                    finish,
                    size,
                    dense,
                    interpolate,
                    accept,
                    compiled: None,
                }
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
instruction_set!(avx512, true, "avx512f,avx512dq,avx512vl,avx512bw,avx2,fma");
#[cfg(target_arch = "x86_64")]
instruction_set!(avx2, true, "avx2,fma");
instruction_set!(portable, false);

/// Does [`MULTIPLY_ADDS_A_ROUND`] multiply-adds a round on numbers in registers, at the rate of the machine: the
/// yardstick for how much of its arithmetic a computation uses. The sum it returns only keeps them from being skipped.
#[must_use]
pub fn multiply_add_burst(set: InstructionSet, rounds: u64) -> f64 {
    #[cfg(target_arch = "x86_64")]
    if set.is_available() {
        // SAFETY: the machine has just reported the instruction set.
        match set {
            InstructionSet::Avx512 => return unsafe { avx512::burst(rounds) },
            InstructionSet::Avx2 => return unsafe { avx2::burst(rounds) },
            InstructionSet::Portable => {}
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = set;
    // SAFETY: portable code runs everywhere.
    unsafe { portable::burst(rounds) }
}

pub use burst::MULTIPLY_ADDS_A_ROUND;

/// Lanes of compiled kernels.
const LANES_OF_COMPILED: usize = 8;

/// The same rows where they have eight lanes.
fn eight<const N: usize>(rows: &mut [Row<N>]) -> Option<&mut [Eight]> {
    // SAFETY: the type is the same where N is eight.
    (N == LANES_OF_COMPILED).then(|| unsafe {
        std::slice::from_raw_parts_mut(rows.as_mut_ptr().cast::<Eight>(), rows.len())
    })
}

impl<const N: usize> Kernels<N> {
    /// The kernels of an instruction set; the portable ones where the machine does not have it.
    pub(crate) fn new(set: InstructionSet) -> Self {
        #[cfg(target_arch = "x86_64")]
        if set.is_available() {
            match set {
                InstructionSet::Avx512 => return avx512::kernels(),
                InstructionSet::Avx2 => return avx2::kernels(),
                InstructionSet::Portable => {}
            }
        }
        #[cfg(not(target_arch = "x86_64"))]
        let _ = set;
        portable::kernels()
    }

    /// These with compiled kernels in place of the interpreter's, where there are some for the instruction set and for
    /// `N` lanes.
    pub(crate) fn with_compiled(
        self,
        set: InstructionSet,
        kernels: Option<&CompiledKernels>,
    ) -> Self {
        let fits = N == LANES_OF_COMPILED && set.is_available();
        let table = kernels.filter(|_| fits).and_then(|k| k.table(set)).copied();
        Self {
            compiled: table,
            ..self
        }
    }

    /// Rates at argument and time.
    pub(crate) fn rates(&self, rows: &mut [Row<N>], program: &LaneProgram) {
        match (&self.compiled, eight(rows)) {
            // SAFETY: the machine has the instruction set of these kernels; here and below.
            (Some(compiled), Some(rows)) => unsafe { (compiled.rates)(rows) },
            _ => self.run(rows, &program.code.rates),
        }
    }

    /// Rates, Jacobian and time derivative at argument and time.
    pub(crate) fn linearise(&self, rows: &mut [Row<N>], program: &LaneProgram) {
        match (&self.compiled, eight(rows)) {
            // SAFETY: see `rates`.
            (Some(compiled), Some(rows)) => unsafe { (compiled.linearise)(rows) },
            _ => {
                self.run(rows, &program.code.rates);
                self.run(rows, &program.code.derivatives);
            }
        }
    }

    /// Observables at argument and time.
    pub(crate) fn observables(&self, rows: &mut [Row<N>], program: &LaneProgram) {
        match (&self.compiled, eight(rows)) {
            // SAFETY: see `rates`.
            (Some(compiled), Some(rows)) => unsafe { (compiled.observables)(rows) },
            _ => self.run(rows, &program.code.observables),
        }
    }

    /// Runs code for all lanes.
    pub(crate) fn run(&self, rows: &mut [Row<N>], code: &Code) {
        // SAFETY: `new` chose these kernels after the machine reported their instruction set; here and below.
        unsafe { (self.run)(rows, code) }
    }

    /// Runs code for one lane.
    pub(crate) fn run_lane(&self, rows: &mut [Row<N>], code: &Code, lane: usize) {
        // SAFETY: see `run`.
        unsafe { (self.run_lane)(rows, code, lane) }
    }

    /// Factorises J − σI; positive where every pivot of a lane can be trusted.
    pub(crate) fn factorise(
        &self,
        rows: &mut [Row<N>],
        program: &LaneProgram,
        shift: &Row<N>,
    ) -> Row<N> {
        if let (Some(compiled), Some(rows)) = (&self.compiled, eight(rows)) {
            let mut trusted = Eight::splat(1.0);
            let all: [f64; LANES_OF_COMPILED] = std::array::from_fn(|lane| shift.0[lane]);
            // SAFETY: see `rates`.
            unsafe { (compiled.factorise)(rows, &Row(all), &mut trusted) }
            return Row(std::array::from_fn(|lane| trusted.0[lane]));
        }
        // SAFETY: see `run`.
        unsafe { (self.factorise)(rows, &program.factors, shift) }
    }

    /// Forms a stage's argument.
    pub(crate) fn argument(&self, rows: &mut [Row<N>], what: &Combination<'_>) {
        // SAFETY: see `run`.
        unsafe { (self.argument)(rows, what) }
    }

    /// Forms a stage's right-hand side and solves for its increment.
    pub(crate) fn solve(
        &self,
        rows: &mut [Row<N>],
        program: &LaneProgram,
        stage: &StageRows,
        weights: &[Row<N>],
        time_weight: Option<&Row<N>>,
    ) {
        if let Some(compiled) = &self.compiled {
            // SAFETY: see `run`.
            unsafe { (self.right_side)(rows, &program.factors, stage, weights, time_weight) }
            if let Some(rows) = eight(rows) {
                let own = stage.stages + weights.len() * stage.states;
                // SAFETY: see `rates`.
                unsafe { (compiled.substitute)(rows, own) }
            }
            return;
        }
        // SAFETY: see `run`.
        unsafe { (self.solve)(rows, &program.factors, stage, weights, time_weight) }
    }

    /// Forms the result of a step and judges it.
    pub(crate) fn finish(&self, rows: &mut [Row<N>], what: &Finish<'_>) -> Outcome<N> {
        // SAFETY: see `run`.
        unsafe { (self.finish)(rows, what) }
    }

    /// Sum of squares of a vector in units of the tolerance at the start of the step.
    pub(crate) fn size(&self, rows: &mut [Row<N>], what: &Finish<'_>) -> Row<N> {
        // SAFETY: see `run`.
        unsafe { (self.size)(rows, what) }
    }

    /// Forms the polynomial across a step.
    pub(crate) fn dense(&self, rows: &mut [Row<N>], what: &DenseRows<'_>) {
        // SAFETY: see `run`.
        unsafe { (self.dense)(rows, what) }
    }

    /// Evaluates the polynomial at one fraction a lane.
    pub(crate) fn interpolate(&self, rows: &mut [Row<N>], what: &DenseRows<'_>, theta: &Row<N>) {
        // SAFETY: see `run`.
        unsafe { (self.interpolate)(rows, what, theta) }
    }

    /// Moves the marked lanes to the end of their step.
    pub(crate) fn accept(&self, rows: &mut [Row<N>], what: &AcceptRows, lanes: &[bool; N]) {
        // SAFETY: see `run`.
        unsafe { (self.accept)(rows, what, lanes) }
    }
}
