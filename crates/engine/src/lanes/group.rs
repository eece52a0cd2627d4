//! A group of lanes that step together, each with its own patient, time, step, error and status.

mod judge;
mod output;
mod step;
mod visit;

use super::cohort::{Cohort, Path, PatientResult, PatientSpec};
use super::compile::{LaneProgram, RowId};
use super::kernel::Kernels;
use super::memory::{Memory, Row};
use super::patient::Patient;
use super::settings::Settings;
use crate::scalar::invariants::Invariants;
use crate::{EngineError, Solution, Trajectory};

/// Lanes over one program.
pub(crate) struct Group<'a, const N: usize> {
    settings: &'a Settings,
    cohort: &'a dyn Cohort,
    /// Asked on the scalar path, which may be long, whether the run has been cancelled.
    interrupted: &'a dyn Fn() -> bool,
    kernels: Kernels<N>,
    memory: Memory<N>,
    lanes: Vec<Option<Patient>>,
    finished: Vec<PatientResult>,
    all_states: Vec<u16>,
    /// The fastest rate of each lane at the start of its step; only where invariants are declared.
    fastest: [f64; N],
}

impl<'a, const N: usize> Group<'a, N> {
    pub(crate) fn new(
        settings: &'a Settings,
        cohort: &'a dyn Cohort,
        interrupted: &'a dyn Fn() -> bool,
    ) -> Self {
        let program = &settings.program;
        let mut memory = Memory::new(program.rows);
        for &(row, value) in &program.constants {
            memory.rows[usize::from(row)] = Row::splat(value);
        }
        Self {
            settings,
            cohort,
            interrupted,
            kernels: Kernels::new(settings.instruction_set)
                .with_compiled(settings.instruction_set, settings.kernels),
            memory,
            lanes: (0..N).map(|_| None).collect(),
            finished: Vec::new(),
            all_states: (0..program.dimension() as u16).collect(),
            fastest: [0.0; N],
        }
    }

    fn program(&self) -> &'a LaneProgram {
        &self.settings.program
    }

    /// Notes how a patient ended.
    fn finish(&mut self, index: usize, outcome: Result<Solution, EngineError>, path: Path) {
        self.finished.push(PatientResult {
            index,
            outcome,
            path,
            class: self.settings.instruction_set.class(),
        });
    }

    /// Results since the last call.
    pub(crate) fn take_finished(&mut self) -> Vec<PatientResult> {
        std::mem::take(&mut self.finished)
    }

    /// Fills free lanes from `next`; says whether any lane is busy.
    pub(crate) fn fill(&mut self, next: &mut dyn FnMut() -> Option<usize>) -> bool {
        for lane in 0..N {
            while self.lanes[lane].is_none() {
                let Some(index) = next() else {
                    return self.lanes.iter().any(Option::is_some);
                };
                self.admit(lane, index);
            }
        }
        true
    }

    /// Places a patient in a lane, unless its request is malformed or over at once.
    fn admit(&mut self, lane: usize, index: usize) {
        let mut spec = self.cohort.patient(index);
        self.load_parameters(lane, &mut spec);
        let inputs = self.program().source.input_defaults.len();
        if let Err(error) = spec.run.validate(&self.settings.states, inputs) {
            self.finish(index, Err(error), Path::Lanes);
            return;
        }
        let n = self.program().dimension();
        let recorded = if spec.run.record_states { n } else { 0 };
        let mut trajectory = Trajectory::new(self.program().observables.len(), recorded);
        trajectory.reserve(spec.run.outputs.len());
        let order = self.settings.tableau.embedded_order;
        for (i, &value) in spec.run.initial.iter().enumerate() {
            self.memory
                .set(self.program().vectors.state + i, lane, value);
        }
        let invariants = Invariants::new(&self.settings.states, &spec.run.initial);
        self.lanes[lane] = Some(Patient::new(index, spec, order, trajectory, invariants));
        if let Err(reason) = self.record_in_place(lane) {
            self.fail(lane, reason);
        } else {
            self.visit(lane);
        }
    }

    fn load_parameters(&mut self, lane: usize, spec: &mut PatientSpec) {
        let program = self.program();
        let source = &program.source;
        let pick = |given: &[f64], defaults: &[f64], i: usize| {
            given
                .get(i)
                .or(defaults.get(i))
                .copied()
                .unwrap_or(f64::NAN)
        };
        for &(row, i) in &program.parameters {
            let value = pick(&spec.parameters, &source.parameter_defaults, i);
            self.memory.set(row.into(), lane, value);
        }
        for &(row, i) in &program.switches {
            let value = pick(&spec.switches, &source.switch_defaults, i);
            self.memory.set(row.into(), lane, value);
        }
        self.kernels
            .run_lane(&mut self.memory.rows, &program.code.patient, lane);
        if spec.run.initial.is_empty() {
            spec.run.initial = self.gather(&program.initial, lane);
        }
        if spec.run.inputs.is_empty() {
            spec.run.inputs.clone_from(&source.input_defaults);
        }
        self.load_inputs(lane, &spec.run.inputs);
    }

    fn load_inputs(&mut self, lane: usize, inputs: &[f64]) {
        let program = self.program();
        for &(row, i) in &program.inputs {
            let value = inputs.get(i).copied().unwrap_or(f64::NAN);
            self.memory.set(row.into(), lane, value);
        }
        self.kernels
            .run_lane(&mut self.memory.rows, &program.code.inputs, lane);
    }

    fn gather(&self, rows: &[RowId], lane: usize) -> Vec<f64> {
        rows.iter()
            .map(|&row| self.memory.get(row.into(), lane))
            .collect()
    }

    fn vector(&self, first: usize, lane: usize) -> Vec<f64> {
        (first..first + self.program().dimension())
            .map(|row| self.memory.get(row, lane))
            .collect()
    }

    fn set_vector(&mut self, first: usize, lane: usize, values: &[f64]) {
        for (i, &value) in values.iter().enumerate() {
            self.memory.set(first + i, lane, value);
        }
    }
}
