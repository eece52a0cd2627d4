//! Steady states of a cohort, over threads.

use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

use super::cohort::Cohort;
use super::dispatch::{Dispatch, Plan, Progress, Sender, Share};
use super::ensemble::Ensemble;
use super::settings::Settings;
use crate::program::ScalarProgram;
use crate::{EngineError, Solver, SteadyOptions, SteadyState};

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
            block_size: 16,
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
    /// [`Ensemble::run`]. Each thread has a scalar solver that it uses for one patient after the other; what is found
    /// depends on the patient alone.
    pub fn run_steady_states(
        &self,
        cohort: &dyn Cohort,
        options: &SteadyOptions,
        plan: &Plan,
        cancel: &AtomicBool,
        sink: &mut dyn FnMut(SteadyBlock) -> ControlFlow<()>,
    ) -> Progress {
        let settings = self.settings();
        Dispatch::new(plan, cohort.len(), cancel).run(
            plan,
            &|dispatch, sender| work(settings, cohort, options, dispatch, sender),
            &mut |number, results| sink(SteadyBlock { number, results }),
        )
    }
}

type Found = Result<SteadyState, EngineError>;

fn work(
    settings: &Settings,
    cohort: &dyn Cohort,
    options: &SteadyOptions,
    dispatch: &Dispatch<'_>,
    sender: &Sender<Found>,
) {
    let system = ScalarProgram::new(settings.program.source.clone());
    let mut solver = Solver::new(system, settings.states.clone(), settings.options.clone());
    let mut share = Share::default();
    while !dispatch.is_stopped() {
        let Some(index) = share.next(dispatch) else {
            if dispatch.wait_for_work() {
                continue;
            }
            return;
        };
        let found = match &mut solver {
            Ok(solver) => steady_state(solver, settings, cohort, index, options),
            Err(error) => Err(error.clone()),
        };
        if sender.send((index, found)).is_err() {
            return;
        }
    }
}

fn steady_state(
    solver: &mut Solver<ScalarProgram>,
    settings: &Settings,
    cohort: &dyn Cohort,
    index: usize,
    options: &SteadyOptions,
) -> Found {
    let source = &settings.program.source;
    let mut spec = cohort.patient(index);
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
    solver.steady_state(spec.run.start, &spec.run.initial, &spec.run.inputs, options)
}
