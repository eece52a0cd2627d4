//! A group of lanes that step together, each with its own patient, time, step, error and status.

#![expect(
    clippy::needless_range_loop,
    reason = "a lane is a number into several lists at once"
)]

use super::cohort::{Cohort, Path, PatientResult, PatientSpec};
use super::compile::{LaneProgram, RowId};
use super::kernel::{AcceptRows, Combination, DenseRows, Finish, Kernels, StageRows};
use super::memory::{Memory, Row};
use super::patient::Patient;
use super::settings::Settings;
use crate::error::{require_change, require_times};
use crate::scalar::advance::{FIRST_FRACTION, RESTART_SHRINK};
use crate::{
    Change, Decision, DecisionContext, EngineError, FailureReason, Rejection, Solution, Status,
    Target, Trajectory,
};

/// After this many untrusted factorisations in a row the patient goes on with pivoting.
const PATIENCE: u32 = 4;

/// Lanes over one program.
pub(crate) struct Group<'a, const N: usize> {
    settings: &'a Settings,
    cohort: &'a dyn Cohort,
    kernels: Kernels<N>,
    memory: Memory<N>,
    lanes: Vec<Option<Patient>>,
    finished: Vec<PatientResult>,
    all_states: Vec<u16>,
}

/// What becomes of a patient after a visit.
enum Visit {
    GoOn,
    Ended(Status),
}

impl<'a, const N: usize> Group<'a, N> {
    pub(crate) fn new(settings: &'a Settings, cohort: &'a dyn Cohort) -> Self {
        let program = &settings.program;
        let mut memory = Memory::new(program.rows);
        for &(row, value) in &program.constants {
            memory.rows[usize::from(row)] = Row::splat(value);
        }
        Self {
            settings,
            cohort,
            kernels: Kernels::new(settings.instruction_set),
            memory,
            lanes: (0..N).map(|_| None).collect(),
            finished: Vec::new(),
            all_states: (0..program.dimension() as u16).collect(),
        }
    }

    fn program(&self) -> &'a LaneProgram {
        &self.settings.program
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
            self.finished.push(PatientResult {
                index,
                outcome: Err(error),
                path: Path::Lanes,
            });
            return;
        }
        let n = self.program().dimension();
        let recorded = if spec.run.record_states { n } else { 0 };
        let trajectory = Trajectory::new(self.program().observables.len(), recorded);
        let order = self.settings.tableau.embedded_order;
        for (i, &value) in spec.run.initial.iter().enumerate() {
            self.memory
                .set(self.program().vectors.state + i, lane, value);
        }
        self.lanes[lane] = Some(Patient::new(index, spec, order, trajectory));
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

    /// Observables of a lane at its current time and state.
    fn observe(&mut self, lane: usize) -> Vec<f64> {
        let program = self.program();
        let time = self.lanes[lane].as_ref().map_or(0.0, |p| p.time);
        self.memory.set(program.time.into(), lane, time);
        for i in 0..program.dimension() {
            let value = self.memory.get(program.vectors.state + i, lane);
            self.memory.set(program.vectors.argument + i, lane, value);
        }
        self.kernels
            .run_lane(&mut self.memory.rows, &program.code.observables, lane);
        self.gather(&program.observables, lane)
    }

    /// Records the current state once for each output time that equals the current time.
    fn record_in_place(&mut self, lane: usize) -> Result<(), FailureReason> {
        loop {
            let Some(patient) = self.lanes[lane].as_mut() else {
                return Ok(());
            };
            if patient.run().outputs.get(patient.next_output) != Some(&patient.time) {
                return Ok(());
            }
            let values = self.observe(lane);
            let vectors = self.program().vectors;
            let state = self.vector(vectors.state, lane);
            if let Some(patient) = self.lanes[lane].as_mut() {
                let time = patient.time;
                record(patient, time, &values, &state)?;
            }
        }
    }

    /// Ends the patient in a lane.
    fn end(&mut self, lane: usize, status: Status) {
        let state = self.vector(self.program().vectors.state, lane);
        if let Some(patient) = self.lanes[lane].take() {
            self.finished.push(PatientResult {
                index: patient.index,
                outcome: Ok(Solution {
                    status,
                    trajectory: patient.trajectory,
                    time: patient.time,
                    state,
                    inputs: patient.inputs,
                    statistics: patient.statistics,
                }),
                path: Path::Lanes,
            });
        }
    }

    fn fail(&mut self, lane: usize, reason: FailureReason) {
        let time = self.lanes[lane].as_ref().map_or(f64::NAN, |p| p.time);
        self.end(lane, Status::Failed { time, reason });
    }

    /// Decisions and changes that are due in a lane, and the end where it is reached.
    fn visit(&mut self, lane: usize) {
        match self.decide_and_change(lane) {
            Ok(Visit::GoOn) => {}
            Ok(Visit::Ended(status)) => self.end(lane, status),
            Err(error) => {
                if let Some(patient) = self.lanes[lane].take() {
                    self.finished.push(PatientResult {
                        index: patient.index,
                        outcome: Err(error),
                        path: Path::Lanes,
                    });
                }
            }
        }
    }

    fn decide_and_change(&mut self, lane: usize) -> Result<Visit, EngineError> {
        let decisions = self.decisions(lane);
        let program = self.program();
        let Some(patient) = self.lanes[lane].as_mut() else {
            return Ok(Visit::GoOn);
        };
        let (now, end) = (patient.time, patient.run().end);
        let mut changes = Vec::new();
        if now < end {
            while let Some(change) = patient.agenda.take_due(now) {
                changes.push(change);
            }
        }
        let (inputs, states) = (patient.inputs.len(), program.dimension());
        let what = "decisions taken at one time";
        let mut stopped = false;
        for (index, decision) in decisions.into_iter().enumerate() {
            match decision {
                Decision::Stop => {
                    stopped = true;
                    break;
                }
                Decision::Now { target, action } => {
                    let change = Change {
                        time: now,
                        target,
                        action,
                    };
                    require_change(what, index, &change, inputs, states)?;
                    changes.push(change);
                }
                Decision::Later(change) => {
                    require_times(what, std::iter::once(change.time), now, end)?;
                    require_change(what, index, &change, inputs, states)?;
                    patient.agenda.insert(change);
                }
            }
        }
        if now < end {
            self.apply(lane, &changes);
        }
        Ok(if stopped {
            Visit::Ended(Status::Stopped { time: now })
        } else if now >= end {
            Visit::Ended(Status::Complete)
        } else {
            Visit::GoOn
        })
    }

    fn decisions(&mut self, lane: usize) -> Vec<Decision> {
        let mut decisions = Vec::new();
        loop {
            let due = self.lanes[lane].as_ref().is_some_and(|patient| {
                patient.run().decisions.get(patient.next_decision) == Some(&patient.time)
            });
            if !due {
                return decisions;
            }
            let observables = self.observe(lane);
            let state = self.vector(self.program().vectors.state, lane);
            if let Some(patient) = self.lanes[lane].as_mut() {
                let context = DecisionContext {
                    index: patient.next_decision,
                    time: patient.time,
                    state: &state,
                    observables: &observables,
                    inputs: &patient.inputs,
                };
                decisions.extend(self.cohort.decide(patient.index, &context));
                patient.next_decision += 1;
            }
        }
    }

    fn apply(&mut self, lane: usize, changes: &[Change]) {
        let first = self.program().vectors.state;
        let Some(patient) = self.lanes[lane].as_mut() else {
            return;
        };
        let mut inputs_changed = false;
        for change in changes {
            match change.target {
                Target::State(state) => {
                    let row = first + state as usize;
                    let before = self.memory.get(row, lane);
                    let after = change.action.apply(before);
                    patient.changed |= before != after;
                    self.memory.set(row, lane, after);
                }
                Target::Input(input) => {
                    let place = &mut patient.inputs[input as usize];
                    let after = change.action.apply(*place);
                    inputs_changed |= *place != after;
                    *place = after;
                }
            }
        }
        if inputs_changed {
            patient.changed = true;
            let inputs = patient.inputs.clone();
            self.load_inputs(lane, &inputs);
        }
    }

    /// Tries one step in every busy lane.
    pub(crate) fn step(&mut self) {
        self.linearise();
        let shift = self.plan();
        let program = self.program();
        let trusted = self
            .kernels
            .factorise(&mut self.memory.rows, program, &shift);
        self.stages();
        let vectors = program.vectors;
        let last = self.settings.tableau.stages - 1;
        let outcome = self.kernels.finish(
            &mut self.memory.rows,
            &Finish {
                states: program.dimension(),
                state: vectors.state,
                argument: vectors.argument,
                result: vectors.result,
                error: vectors.stages + last * program.dimension(),
                relative: self.settings.options.relative_tolerance,
                absolute: &self.settings.absolute,
                non_negative: &self.settings.non_negative,
            },
        );
        let mut accepted = [false; N];
        for lane in 0..N {
            let judged = self.judge(
                lane,
                trusted.0[lane],
                outcome.error.0[lane],
                outcome.margin.0[lane],
            );
            accepted[lane] = judged;
        }
        if accepted.contains(&true) {
            self.outputs(&accepted);
            self.accept(&accepted);
        }
    }

    /// Rates and Jacobian at the start of the step; a step whose end has no finite slope is taken back.
    fn linearise(&mut self) {
        let program = self.program();
        for lane in 0..N {
            let time = self.lanes[lane].as_ref().map_or(0.0, |p| p.time);
            self.memory.set(program.time.into(), lane, time);
        }
        self.copy_state_to_argument();
        self.kernels.run(&mut self.memory.rows, &program.code.rates);
        let mut finite = [0.0; N];
        for &row in &program.rates {
            let rate = &self.memory.rows[usize::from(row)].0;
            for lane in 0..N {
                finite[lane] += rate[lane] * 0.0;
            }
        }
        let mut reverted = false;
        for lane in 0..N {
            if finite[lane] != 0.0 && self.lanes[lane].is_some() {
                reverted |= self.leave_bad_point(lane);
            }
        }
        if reverted {
            self.linearise_again();
        }
        self.kernels
            .run(&mut self.memory.rows, &program.code.derivatives);
    }

    /// Once more after lanes went back to where they came from.
    fn linearise_again(&mut self) {
        let program = self.program();
        for lane in 0..N {
            let time = self.lanes[lane].as_ref().map_or(0.0, |p| p.time);
            self.memory.set(program.time.into(), lane, time);
        }
        self.copy_state_to_argument();
        self.kernels.run(&mut self.memory.rows, &program.code.rates);
    }

    fn copy_state_to_argument(&mut self) {
        let program = self.program();
        self.kernels.argument(
            &mut self.memory.rows,
            &Combination {
                states: program.dimension(),
                destination: program.vectors.argument,
                start: program.vectors.state,
                vectors: program.vectors.stages,
                factors: &[],
            },
        );
    }

    /// The slope at a lane's point is not finite: fail where the point was set, go back where a step led there.
    fn leave_bad_point(&mut self, lane: usize) -> bool {
        let vectors = self.program().vectors;
        let options = &self.settings.options;
        let Some(patient) = self.lanes[lane].as_mut() else {
            return false;
        };
        if patient.changed || !patient.revert() {
            self.fail(lane, FailureReason::NotFinite);
            return false;
        }
        let rejected = patient.reject(Rejection::NotFinite, options);
        for i in 0..self.program().dimension() {
            let value = self.memory.get(vectors.previous + i, lane);
            self.memory.set(vectors.state + i, lane, value);
        }
        if let Err(reason) = rejected {
            self.fail(lane, reason);
        }
        true
    }

    /// Chooses every lane's step; returns the shifts 1/(γh).
    fn plan(&mut self) -> Row<N> {
        let gamma = self.settings.tableau.gamma;
        let mut shift = Row::splat(1.0);
        for lane in 0..N {
            self.restart(lane);
            let Some(patient) = self.lanes[lane].as_mut() else {
                continue;
            };
            match patient.plan(&self.settings.options) {
                Ok(()) => shift.0[lane] = 1.0 / (patient.trial.step * gamma),
                Err(reason) => self.fail(lane, reason),
            }
        }
        shift
    }

    /// A step to try at the start or after a change.
    fn restart(&mut self, lane: usize) {
        let program = self.program();
        let Some(patient) = self.lanes[lane].as_mut() else {
            return;
        };
        if !patient.changed {
            return;
        }
        patient.changed = false;
        patient.before = None;
        patient.controller.restart();
        let n = program.dimension();
        let value = |row: usize| self.memory.get(row, lane);
        let state: Vec<f64> = (0..n).map(|i| value(program.vectors.state + i)).collect();
        let slope: Vec<f64> = program.rates.iter().map(|&r| value(r.into())).collect();
        let mut curvature: Vec<f64> = match &program.time_derivative {
            Some(rows) => rows.iter().map(|&r| value(r.into())).collect(),
            None => vec![0.0; n],
        };
        for (&entry, (row, column)) in program
            .jacobian
            .iter()
            .zip(program.source.pattern.positions())
        {
            curvature[row] += value(entry.into()) * slope[column];
        }
        let tolerance = &self.settings.tolerance;
        let slope = tolerance.norm(&slope, &state, &state);
        let curvature = tolerance.norm(&curvature, &state, &state);
        let estimate = patient
            .controller
            .first_step(slope, curvature)
            .unwrap_or(f64::INFINITY);
        patient.statistics.rhs += 1;
        patient.step = Some(match patient.step {
            Some(previous) => {
                patient.statistics.restarts += 1;
                estimate.clamp(previous * RESTART_SHRINK, previous)
            }
            None => {
                let limit = FIRST_FRACTION * (patient.next_stop() - patient.time);
                self.settings
                    .options
                    .initial_step
                    .unwrap_or(estimate.min(limit))
            }
        });
    }

    fn stages(&mut self) {
        let program = self.program();
        let tableau = self.settings.tableau;
        let n = program.dimension();
        let vectors = program.vectors;
        let rows = StageRows {
            states: n,
            stages: vectors.stages,
            time_derivative: program
                .time_derivative
                .as_ref()
                .and_then(|rows| rows.first())
                .map(|&r| r.into()),
        };
        let mut weights = [Row::<N>::ZERO; crate::scalar::MAXIMUM_STAGES];
        for stage in 0..tableau.stages {
            if stage > 0 {
                self.stage_argument(stage);
                for lane in 0..N {
                    let (time, step) = self.lanes[lane]
                        .as_ref()
                        .map_or((0.0, 0.0), |p| (p.time, p.trial.step));
                    let at = time + tableau.alpha[stage] * step;
                    self.memory.set(program.time.into(), lane, at);
                }
                self.kernels.run(&mut self.memory.rows, &program.code.rates);
            }
            let mut time_weight = Row::ZERO;
            for lane in 0..N {
                let step = self.lanes[lane].as_ref().map_or(1.0, |p| p.trial.step);
                time_weight.0[lane] = tableau.gamma_sums[stage] * step;
                for (earlier, weight) in weights.iter_mut().enumerate().take(stage) {
                    weight.0[lane] = tableau.c[stage][earlier] / step;
                }
            }
            let time_weight = (tableau.gamma_sums[stage] != 0.0).then_some(&time_weight);
            self.kernels.solve(
                &mut self.memory.rows,
                program,
                &rows,
                &weights[..stage],
                time_weight,
            );
        }
    }

    /// The argument of a stage. Where its coefficients are those of the stage before and one more, it is one more
    /// addition to the argument still there.
    fn stage_argument(&mut self, stage: usize) {
        let tableau = self.settings.tableau;
        let program = self.program();
        let (row, before) = (&tableau.a[stage], &tableau.a[stage - 1]);
        let continues =
            stage > 1 && row[..stage - 1] == before[..stage - 1] && row[stage - 1] == 1.0;
        let factors: Vec<(usize, f64)> = if continues {
            vec![(stage - 1, 1.0)]
        } else {
            let all = row.iter().copied().enumerate().take(stage);
            all.filter(|&(_, factor)| factor != 0.0).collect()
        };
        self.kernels.argument(
            &mut self.memory.rows,
            &Combination {
                states: program.dimension(),
                destination: program.vectors.argument,
                start: if continues {
                    program.vectors.argument
                } else {
                    program.vectors.state
                },
                vectors: program.vectors.stages,
                factors: &factors,
            },
        );
    }

    /// Judges a lane's step; says whether it is accepted.
    fn judge(&mut self, lane: usize, trusted: f64, squares: f64, margin: f64) -> bool {
        let tableau = self.settings.tableau;
        let options = &self.settings.options;
        let Some(patient) = self.lanes[lane].as_mut() else {
            return false;
        };
        patient.statistics.jacobians += 1;
        patient.statistics.factorisations += 1;
        patient.statistics.rhs += tableau.stages;
        let norm = (squares / self.settings.absolute.len() as f64).sqrt();
        let rejection = if trusted.is_nan() || trusted <= 0.0 {
            patient.untrusted += 1;
            Some(Rejection::Singular)
        } else if !norm.is_finite() {
            Some(Rejection::NotFinite)
        } else if options.fixed_step.is_some() {
            None
        } else if norm > 1.0 {
            Some(Rejection::Error { norm })
        } else if margin < 0.0 {
            Some(Rejection::Negative { state: 0 })
        } else {
            None
        };
        let Some(rejection) = rejection else {
            patient.accept(norm);
            return true;
        };
        if patient.untrusted > PATIENCE {
            self.leave_lanes(lane);
            return false;
        }
        let rejection = self.name_state(lane, rejection);
        if let Some(patient) = self.lanes[lane].as_mut()
            && let Err(reason) = patient.reject(rejection, options)
        {
            self.fail(lane, reason);
        }
        false
    }

    /// Finds the state behind a rejection for a negative value.
    fn name_state(&self, lane: usize, rejection: Rejection) -> Rejection {
        if !matches!(rejection, Rejection::Negative { .. }) {
            return rejection;
        }
        let first = self.program().vectors.result;
        let mut states = self.settings.non_negative.iter().copied();
        let below = |&i: &usize| self.memory.get(first + i, lane) < -self.settings.absolute[i];
        Rejection::Negative {
            state: states.find(below).unwrap_or(0),
        }
    }

    /// Goes on with pivoting.
    fn leave_lanes(&mut self, lane: usize) {
        let state = self.vector(self.program().vectors.state, lane);
        if let Some(patient) = self.lanes[lane].take() {
            let index = patient.index;
            let outcome = super::fallback::finish(self.settings, self.cohort, patient, state);
            self.finished.push(PatientResult {
                index,
                outcome,
                path: Path::Scalar,
            });
        }
    }

    /// Records what lies within the accepted steps.
    fn outputs(&mut self, accepted: &[bool; N]) {
        let program = self.program();
        let pending = |patient: &Patient| {
            let output = patient.run().outputs.get(patient.next_output).copied();
            output.filter(|&time| time <= patient.trial.end)
        };
        let mut formed = false;
        loop {
            let (mut theta, mut due) = (Row::splat(1.0), [false; N]);
            let mut states_wanted = false;
            for lane in 0..N {
                if let Some(patient) = self.lanes[lane].as_ref()
                    && accepted[lane]
                    && let Some(time) = pending(patient)
                {
                    due[lane] = true;
                    theta.0[lane] = if time == patient.trial.end {
                        1.0
                    } else {
                        (time - patient.time) / (patient.trial.end - patient.time)
                    };
                    self.memory.rows[usize::from(program.time)].0[lane] = time;
                }
                states_wanted |= self.lanes[lane]
                    .as_ref()
                    .is_some_and(|p| p.run().record_states);
            }
            if !due.contains(&true) {
                return;
            }
            let list = if states_wanted {
                &self.all_states
            } else {
                &program.observed_states
            };
            let rows = DenseRows {
                total: program.dimension(),
                states: list,
                state: program.vectors.state,
                result: program.vectors.result,
                stages: program.vectors.stages,
                dense: program.vectors.dense,
                argument: program.vectors.argument,
                weights: self.settings.tableau.dense,
            };
            if !formed {
                self.kernels.dense(&mut self.memory.rows, &rows);
                formed = true;
            }
            self.kernels
                .interpolate(&mut self.memory.rows, &rows, &theta);
            self.kernels
                .run(&mut self.memory.rows, &program.code.observables);
            for lane in 0..N {
                if due[lane] {
                    self.record_interpolated(lane);
                }
            }
        }
    }

    fn record_interpolated(&mut self, lane: usize) {
        let program = self.program();
        let Some(patient) = self.lanes[lane].as_mut() else {
            return;
        };
        let Some(&time) = patient.spec.run.outputs.get(patient.next_output) else {
            return;
        };
        patient.next_output += 1;
        let (observables, states) = patient.trajectory.push(time);
        let mut wrong = None;
        for (place, (slot, &row)) in observables.iter_mut().zip(&program.observables).enumerate() {
            *slot = self.memory.rows[usize::from(row)].0[lane];
            if !slot.is_finite() && wrong.is_none() {
                wrong = Some(place);
            }
        }
        for (i, slot) in states.iter_mut().enumerate() {
            *slot = self.memory.rows[program.vectors.argument + i].0[lane];
        }
        if let Some(observable) = wrong {
            self.fail(lane, FailureReason::ObservableNotFinite { observable });
        }
    }

    /// Moves accepted lanes to the end of their steps.
    fn accept(&mut self, accepted: &[bool; N]) {
        let program = self.program();
        let rows = AcceptRows {
            states: program.dimension(),
            previous: program.vectors.previous,
            state: program.vectors.state,
            result: program.vectors.result,
        };
        self.kernels.accept(&mut self.memory.rows, &rows, accepted);
        for lane in 0..N {
            if let Some(patient) = self.lanes[lane].as_mut()
                && accepted[lane]
            {
                patient.time = patient.trial.end;
                if patient.time >= patient.trial.stop {
                    self.visit(lane);
                }
            }
        }
    }
}

/// Appends a row to a patient's trajectory.
fn record(
    patient: &mut Patient,
    time: f64,
    values: &[f64],
    state: &[f64],
) -> Result<(), FailureReason> {
    patient.next_output += 1;
    let (observables, states) = patient.trajectory.push(time);
    observables.copy_from_slice(values);
    if !states.is_empty() {
        states.copy_from_slice(state);
    }
    match values.iter().position(|value| !value.is_finite()) {
        Some(observable) => Err(FailureReason::ObservableNotFinite { observable }),
        None => Ok(()),
    }
}
