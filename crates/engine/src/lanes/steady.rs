//! Steady states of a cohort, over threads.
//!
//! Patients settle in lanes: their courses are followed loosely for a long time, which is what the search means, then
//! Newton's method with pivoting takes each from there. Who does not settle, and models that the clock drives, which has
//! to stand still, are searched one by one.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::cohort::{Cohort, PatientResult, PatientSpec};
use super::dispatch::{Dispatch, Plan, Progress, Sender, Share};
use super::ensemble::{Ensemble, LaneCount, follow};
use super::settings::Settings;
use crate::program::{Op, Program, ScalarProgram};
use crate::{
    EngineError, Options, Run, Schedule, Solver, Status, SteadyOptions, SteadyState, System,
};

/// How long courses are followed, in time scales of the search: far beyond the memory of any model.
const LONG: f64 = 1e5;
/// How closely; Newton's method does the rest.
const LOOSE: f64 = 1e-3;
/// Steps after which someone counts as not settling.
const PATIENCE: usize = 300;

/// Steady states of patients with consecutive numbers.
#[derive(Debug)]
pub struct SteadyBlock {
    /// Number of the block; its first patient is this times the block size.
    pub number: usize,
    /// What was found, or what was wrong with the request, in the cohort's order.
    pub results: Vec<Result<SteadyState, EngineError>>,
}

impl Ensemble {
    /// The steady state of each patient at the start, initial state and inputs of its run. Results stand in the cohort's
    /// order and do not depend on the threads.
    #[must_use]
    pub fn steady_states(
        &self,
        cohort: &dyn Cohort,
        options: &SteadyOptions,
        threads: usize,
    ) -> Vec<Result<SteadyState, EngineError>> {
        let plan = Plan {
            threads,
            block_size: 64,
            first_block: 0,
        };
        let mut all = Vec::with_capacity(cohort.len());
        let never = AtomicBool::new(false);
        self.run_steady_states(cohort, options, &plan, &never, &mut |block| {
            all.extend(block.results);
            ControlFlow::Continue(())
        });
        all
    }

    /// Searches steady states block by block over threads, with the plan, order, cancellation and panics of
    /// [`Ensemble::run`]. What is found depends on the patient and the class of arithmetic alone.
    pub fn run_steady_states(
        &self,
        cohort: &dyn Cohort,
        options: &SteadyOptions,
        plan: &Plan,
        cancel: &AtomicBool,
        sink: &mut dyn FnMut(SteadyBlock) -> ControlFlow<()>,
    ) -> Progress {
        let settings = self.settings();
        let loose = Options {
            relative_tolerance: LOOSE,
            maximum_steps: PATIENCE,
            method: settings.options.method,
            ..Options::default()
        };
        let settling = settings.with_options(loose);
        let settling = settling
            .ok()
            .filter(|s| !driven_by_clock(&s.program.source));
        let task = Task {
            settings,
            cohort,
            options,
        };
        let in_lanes = match self.lanes() {
            LaneCount::Eight => settle::<8>,
            LaneCount::Sixteen => settle::<16>,
            LaneCount::ThirtyTwo => settle::<32>,
            LaneCount::SixtyFour => settle::<64>,
        };
        Dispatch::new(plan, cohort.len(), cancel).run(
            plan,
            &|dispatch, sender| match &settling {
                Some(settling) => in_lanes(task, settling, dispatch, sender),
                None => one_by_one(task, dispatch, sender),
            },
            &mut |number, results| sink(SteadyBlock { number, results }),
        )
    }
}

/// Does a rate depend on the clock?
fn reads_clock(program: &Program) -> bool {
    let mut reads: Vec<bool> = Vec::with_capacity(program.tape.len());
    for op in &program.tape.ops {
        let inherits = op.operands().any(|operand| reads[operand as usize]);
        reads.push(inherits || matches!(op, Op::Time));
    }
    program.rates.iter().any(|&rate| reads[rate as usize])
}

/// Does the clock move a model that is left to itself, at its start with default parameters and inputs? A clock that only
/// weighs what comes and goes leaves it alone, and its courses settle.
fn driven_by_clock(program: &Arc<Program>) -> bool {
    if !reads_clock(program) {
        return false;
    }
    /// Hours that no harmonic of a day has alike.
    const TIMES: [f64; 3] = [0.0, 0.29, 0.71];
    let mut system = ScalarProgram::new(program.clone());
    let mut state = vec![0.0; program.dimension()];
    system.initial(&mut state);
    let rates = TIMES.map(|time| {
        let mut rates = vec![0.0; state.len()];
        system.rhs(time, &state, &program.input_defaults, &mut rates);
        rates
    });
    let [first, others @ ..] = &rates;
    // Rates that are no numbers count as driven.
    let same = |other: &Vec<f64>| {
        let mut pairs = first.iter().zip(other);
        pairs.all(|(a, b)| (a - b).abs() <= 1e-12 * a.abs())
    };
    !others.iter().all(same)
}

type Found = Result<SteadyState, EngineError>;

/// What is asked.
#[derive(Clone, Copy)]
struct Task<'t> {
    settings: &'t Settings,
    cohort: &'t dyn Cohort,
    options: &'t SteadyOptions,
}

/// The cohort left to itself for a long time.
struct Settling<'t>(Task<'t>);

impl Cohort for Settling<'_> {
    fn len(&self) -> usize {
        self.0.cohort.len()
    }

    fn patient(&self, index: usize) -> PatientSpec {
        let mut spec = self.0.cohort.patient(index);
        let start = spec.run.start;
        spec.run = Run {
            end: start + LONG * self.0.options.time_scale,
            schedule: Schedule::default(),
            decisions: Vec::new(),
            outputs: Vec::new(),
            record_states: false,
            ..spec.run
        };
        spec
    }
}

fn settle<const N: usize>(
    task: Task<'_>,
    settling: &Settings,
    dispatch: &Dispatch<'_>,
    sender: &Sender<Found>,
) {
    let interrupted = || dispatch.is_stopped();
    let mut search = Search::new(task, &interrupted);
    let cohort = Settling(task);
    follow::<N, _>((settling, &cohort), dispatch, sender, &mut |settled| {
        search.near(settled)
    });
}

fn one_by_one(task: Task<'_>, dispatch: &Dispatch<'_>, sender: &Sender<Found>) {
    let interrupted = || dispatch.is_stopped();
    let mut search = Search::new(task, &interrupted);
    let mut share = Share::default();
    while !dispatch.is_stopped() {
        let Some(index) = share.next(dispatch) else {
            if dispatch.wait_for_work() {
                continue;
            }
            return;
        };
        if sender.send((index, search.whole(index))).is_err() {
            return;
        }
    }
}

/// A scalar solver for one patient after the other.
struct Search<'t> {
    task: Task<'t>,
    solver: Result<Solver<ScalarProgram>, EngineError>,
    /// Asked before each step of a search alone, which may be long, whether the run has been cancelled.
    interrupted: &'t dyn Fn() -> bool,
}

impl<'t> Search<'t> {
    fn new(task: Task<'t>, interrupted: &'t dyn Fn() -> bool) -> Self {
        let Settings {
            program,
            states,
            options,
            ..
        } = task.settings;
        let system = ScalarProgram::new(program.source.clone());
        Self {
            task,
            interrupted,
            solver: Solver::new(system, states.clone(), options.clone()),
        }
    }

    /// From where the course has settled.
    fn near(&mut self, settled: PatientResult) -> Found {
        let index = settled.index;
        let end = settled.outcome.ok();
        let Some(end) = end.filter(|end| end.status == Status::Complete) else {
            return self.whole(index);
        };
        let steps = end.statistics.accepted + end.statistics.rejected;
        let interrupted = self.interrupted;
        self.with(index, |solver, run, options| {
            let still = (run.start, run.inputs.as_slice());
            let settled = (end.state, steps);
            solver.steady_state_near(interrupted, still, &run.initial, settled, options)
        })
    }

    /// From the start.
    fn whole(&mut self, index: usize) -> Found {
        let interrupted = self.interrupted;
        self.with(index, |solver, run, options| {
            let still = (run.start, run.inputs.as_slice());
            solver.steady_state_unless(interrupted, still, &run.initial, options)
        })
    }

    fn with(
        &mut self,
        index: usize,
        find: impl FnOnce(&mut Solver<ScalarProgram>, &Run, &SteadyOptions) -> Found,
    ) -> Found {
        let solver = self.solver.as_mut().map_err(|error| error.clone())?;
        let source = &self.task.settings.program.source;
        let mut spec = self.task.cohort.patient(index);
        let system = solver.system_mut();
        system.set_patient(&source.parameter_defaults, &source.switch_defaults);
        system.set_patient(&spec.parameters, &spec.switches);
        if spec.run.initial.is_empty() {
            spec.run.initial = vec![0.0; source.dimension()];
            system.initial(&mut spec.run.initial);
        }
        if spec.run.inputs.is_empty() {
            spec.run.inputs.clone_from(&source.input_defaults);
        }
        find(solver, &spec.run, self.task.options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::ProgramOptions;
    use gutskin_network::{Builder, ParameterTable};

    /// One state that starts where it rests, and is drawn there at a rate that goes by the clock; `pushed` by the clock too.
    fn driven(pushed: f64) -> bool {
        let table = ParameterTable::new();
        let m = Builder::new("clocked", "d", &table);
        let x = m.state("x", "1").initial(1.0).add();
        let hour = (m.time() * std::f64::consts::TAU).cos();
        m.rate(x, (2.0 + hour) * (1.0 - x) + pushed * hour);
        let network = m.finish().unwrap();
        let program = Program::new(&network, &ProgramOptions::default()).unwrap();
        assert!(reads_clock(&program));
        driven_by_clock(&Arc::new(program))
    }

    #[test]
    fn a_clock_that_weighs_drives_nobody() {
        assert!(!driven(0.0));
        assert!(driven(0.1));
    }
}
