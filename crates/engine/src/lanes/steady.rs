//! Steady states of a cohort, over threads.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use super::cohort::Cohort;
use super::ensemble::Ensemble;
use super::settings::Settings;
use crate::program::ScalarProgram;
use crate::{EngineError, Solver, SteadyOptions, SteadyState};

impl Ensemble {
    /// The steady state of each patient at the start, initial state and inputs of its run, by the scalar solver: each
    /// thread takes the next patient. Results stand in the cohort's order and do not depend on the threads.
    #[must_use]
    pub fn steady_states(
        &self,
        cohort: &dyn Cohort,
        options: &SteadyOptions,
        threads: usize,
    ) -> Vec<Result<SteadyState, EngineError>> {
        let settings = self.settings();
        let next = AtomicUsize::new(0);
        let (sender, receiver) = mpsc::channel();
        std::thread::scope(|scope| {
            for _ in 0..threads.max(1) {
                let (sender, next) = (sender.clone(), &next);
                scope.spawn(move || {
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        if index >= cohort.len() {
                            return;
                        }
                        let found = steady_state(settings, cohort, index, options);
                        if sender.send((index, found)).is_err() {
                            return;
                        }
                    }
                });
            }
            drop(sender);
            let mut all: Vec<_> = receiver.iter().collect();
            all.sort_by_key(|(index, _)| *index);
            all.into_iter().map(|(_, found)| found).collect()
        })
    }
}

fn steady_state(
    settings: &Settings,
    cohort: &dyn Cohort,
    index: usize,
    options: &SteadyOptions,
) -> Result<SteadyState, EngineError> {
    let source = &settings.program.source;
    let mut spec = cohort.patient(index);
    let mut system = ScalarProgram::new(source.clone());
    system.set_patient(&spec.parameters, &spec.switches);
    if spec.run.initial.is_empty() {
        spec.run.initial = vec![0.0; source.dimension()];
        system.initial(&mut spec.run.initial);
    }
    if spec.run.inputs.is_empty() {
        spec.run.inputs.clone_from(&source.input_defaults);
    }
    let mut solver = Solver::new(system, settings.states.clone(), settings.options.clone())?;
    solver.steady_state(spec.run.start, &spec.run.initial, &spec.run.inputs, options)
}
