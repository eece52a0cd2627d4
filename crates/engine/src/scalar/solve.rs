//! Integration of one patient across switches, jumps and decisions.

use super::agenda::Agenda;
use super::controller::{Controller, Tolerance};
use super::rosenbrock::{Point, Stepper};
use crate::error::{require_change, require_length, require_times};
use crate::{
    Action, Change, Decide, Decision, DecisionContext, EngineError, FailureReason, Options,
    Rejection, Run, Solution, States, Statistics, Status, System, Target, Trajectory,
};

/// After a change the step is not cut below this fraction of the one before: a rejection costs
/// less than growing from far below.
const RESTART_SHRINK: f64 = 1e-4;
/// First step at most, as a fraction of the way to the first change.
const FIRST_FRACTION: f64 = 0.1;

/// Solves runs of one system. Workspace is kept from run to run; results do not depend on what
/// was solved before.
pub struct Solver<S> {
    pub(super) system: S,
    pub(super) states: States,
    pub(super) options: Options,
    pub(super) tolerance: Tolerance,
    pub(super) stepper: Stepper,
}

/// One patient under way.
struct Patient<'r> {
    run: &'r Run,
    time: f64,
    state: Vec<f64>,
    inputs: Vec<f64>,
    agenda: Agenda,
    next_decision: usize,
    next_output: usize,
    trajectory: Trajectory,
    statistics: Statistics,
    controller: Controller,
    /// Step to try next; absent at the first time.
    step: Option<f64>,
    /// Whether the slope at the current point has to be evaluated anew.
    changed: bool,
}

enum Visit {
    GoOn,
    Stop,
}

impl<S: System> Solver<S> {
    /// A solver for this system.
    ///
    /// # Errors
    /// [`EngineError`] for settings out of range or a length that does not match the system.
    pub fn new(system: S, states: States, options: Options) -> Result<Self, EngineError> {
        options.validate()?;
        require_length("typical sizes", states.len(), system.dimension())?;
        require_length(
            "Jacobian pattern",
            system.pattern().dimension(),
            system.dimension(),
        )?;
        let tolerance = Tolerance::new(options.relative_tolerance, states.typical());
        let stepper = Stepper::new(&system, options.method.tableau());
        Ok(Self {
            system,
            states,
            options,
            tolerance,
            stepper,
        })
    }

    /// The system.
    pub fn system(&self) -> &S {
        &self.system
    }

    /// The system, to give it the parameters of the next patient.
    pub fn system_mut(&mut self) -> &mut S {
        &mut self.system
    }

    /// Integrates one run without decision times.
    ///
    /// # Errors
    /// [`EngineError`] where the request is malformed; numerical trouble is in
    /// [`Solution::status`].
    pub fn solve(&mut self, run: &Run) -> Result<Solution, EngineError> {
        if !run.decisions.is_empty() {
            return Err(EngineError::NoDecisionFunction {
                count: run.decisions.len(),
            });
        }
        self.solve_with(run, &mut |_| Vec::new())
    }

    /// Integrates one run and calls `decide` at its decision times.
    ///
    /// # Errors
    /// [`EngineError`] where the request or an action of `decide` is malformed; numerical trouble
    /// is in [`Solution::status`].
    pub fn solve_with(&mut self, run: &Run, decide: Decide<'_>) -> Result<Solution, EngineError> {
        run.validate(&self.states, self.system.inputs())?;
        let mut patient = self.admit(run);
        let status = match self.record_at_start(&mut patient) {
            Ok(()) => self.follow(&mut patient, decide)?,
            Err(reason) => Status::Failed {
                time: patient.time,
                reason,
            },
        };
        Ok(Solution {
            status,
            trajectory: patient.trajectory,
            time: patient.time,
            state: patient.state,
            inputs: patient.inputs,
            statistics: patient.statistics,
        })
    }

    fn admit<'r>(&self, run: &'r Run) -> Patient<'r> {
        let recorded_states = if run.record_states {
            self.system.dimension()
        } else {
            0
        };
        Patient {
            run,
            time: run.start,
            state: run.initial.clone(),
            inputs: run.inputs.clone(),
            agenda: Agenda::new(run),
            next_decision: 0,
            next_output: 0,
            trajectory: Trajectory::new(self.system.observables(), recorded_states),
            statistics: Statistics::default(),
            controller: Controller::new(self.options.method.tableau().embedded_order),
            step: None,
            changed: true,
        }
    }

    /// Alternates between visits and integration up to the next one.
    fn follow(
        &mut self,
        patient: &mut Patient<'_>,
        decide: Decide<'_>,
    ) -> Result<Status, EngineError> {
        loop {
            if let Visit::Stop = self.visit(patient, decide)? {
                return Ok(Status::Stopped { time: patient.time });
            }
            if patient.time >= patient.run.end {
                return Ok(Status::Complete);
            }
            let stop = patient.next_stop();
            if let Err(reason) = self.advance(patient, stop) {
                return Ok(Status::Failed {
                    time: patient.time,
                    reason,
                });
            }
        }
    }

    /// Decisions and changes that are due now.
    fn visit(
        &mut self,
        patient: &mut Patient<'_>,
        decide: Decide<'_>,
    ) -> Result<Visit, EngineError> {
        let mut decisions = Vec::new();
        let mut observables = Vec::new();
        while patient.run.decisions.get(patient.next_decision) == Some(&patient.time) {
            observables.resize(self.system.observables(), 0.0);
            let Patient {
                time,
                state,
                inputs,
                ..
            } = &*patient;
            self.system.observe(*time, state, inputs, &mut observables);
            decisions.extend(decide(&DecisionContext {
                index: patient.next_decision,
                time: *time,
                state,
                observables: &observables,
                inputs,
            }));
            patient.next_decision += 1;
        }
        // Changes at the end of the span have no effect.
        if patient.time < patient.run.end {
            while let Some(change) = patient.agenda.take_due(patient.time) {
                patient.apply(change.target, change.action);
            }
        }
        for (index, decision) in decisions.into_iter().enumerate() {
            if let Visit::Stop = self.act(patient, index, decision)? {
                return Ok(Visit::Stop);
            }
        }
        Ok(Visit::GoOn)
    }

    fn act(
        &self,
        patient: &mut Patient<'_>,
        index: usize,
        decision: Decision,
    ) -> Result<Visit, EngineError> {
        let what = "decisions taken at one time";
        let (inputs, states) = (patient.inputs.len(), patient.state.len());
        let (now, end) = (patient.time, patient.run.end);
        match decision {
            Decision::Stop => return Ok(Visit::Stop),
            Decision::Now { target, action } => {
                let change = Change {
                    time: now,
                    target,
                    action,
                };
                require_change(what, index, &change, inputs, states)?;
                if now < end {
                    patient.apply(target, action);
                }
            }
            Decision::Later(change) => {
                require_times(what, std::iter::once(change.time), now, end)?;
                require_change(what, index, &change, inputs, states)?;
                patient.agenda.insert(change);
            }
        }
        Ok(Visit::GoOn)
    }

    /// Integrates to `stop` without a change on the way.
    fn advance(&mut self, patient: &mut Patient<'_>, stop: f64) -> Result<(), FailureReason> {
        while patient.time < stop {
            self.prepare(patient, stop)?;
            self.step(patient, stop)?;
        }
        Ok(())
    }

    /// Evaluates what the next step needs at its start, and finds a step after a change.
    fn prepare(&mut self, patient: &mut Patient<'_>, stop: f64) -> Result<(), FailureReason> {
        let Patient {
            time,
            state,
            inputs,
            statistics,
            ..
        } = patient;
        let point = Point {
            time: *time,
            state,
            inputs,
        };
        if patient.changed && !self.stepper.evaluate(&mut self.system, point, statistics) {
            return Err(FailureReason::NotFinite);
        }
        if !self.stepper.linearise(&mut self.system, point, statistics) {
            return Err(FailureReason::NotFinite);
        }
        if patient.changed {
            patient.changed = false;
            patient.controller.restart();
            patient.step = Some(self.restart_step(patient, stop));
        }
        Ok(())
    }

    /// A step to try at the start or after a change.
    fn restart_step(&mut self, patient: &mut Patient<'_>, stop: f64) -> f64 {
        let state = &patient.state;
        let slope = self.tolerance.norm(self.stepper.slope(), state, state);
        let curvature = self.stepper.curvature(&self.system);
        let curvature = self.tolerance.norm(curvature, state, state);
        let estimate = patient
            .controller
            .first_step(slope, curvature)
            .unwrap_or(f64::INFINITY);
        match patient.step {
            Some(previous) => {
                patient.statistics.restarts += 1;
                estimate.clamp(previous * RESTART_SHRINK, previous)
            }
            None => {
                let limit = FIRST_FRACTION * (stop - patient.time);
                self.options.initial_step.unwrap_or(estimate.min(limit))
            }
        }
    }

    /// Takes one accepted step towards `stop`, however many tries it needs.
    fn step(&mut self, patient: &mut Patient<'_>, stop: f64) -> Result<(), FailureReason> {
        loop {
            let statistics = &mut patient.statistics;
            let limit = self.options.maximum_steps;
            if statistics.accepted + statistics.rejected >= limit {
                return Err(FailureReason::TooManySteps { limit });
            }
            let wanted = self.wanted_step(patient, stop);
            let step = fit_step(wanted, stop - patient.time);
            let last = step >= stop - patient.time;
            match self.attempt(patient, step) {
                Ok(error) => {
                    let end = if last { stop } else { patient.time + step };
                    patient.statistics.accepted += 1;
                    let next = step * patient.controller.accepted(error, step < wanted);
                    patient.step = Some(if step < wanted {
                        next.max(wanted)
                    } else {
                        next
                    });
                    return self.finish_step(patient, end);
                }
                Err(rejection) => self.shrink(patient, step, rejection)?,
            }
        }
    }

    fn wanted_step(&self, patient: &Patient<'_>, stop: f64) -> f64 {
        let longest = self.options.maximum_step.unwrap_or(f64::INFINITY);
        self.options
            .fixed_step
            .or(patient.step)
            .unwrap_or(stop - patient.time)
            .min(longest)
    }

    /// Tries one step; returns the weighted error.
    fn attempt(&mut self, patient: &mut Patient<'_>, step: f64) -> Result<f64, Rejection> {
        let Patient {
            time,
            state,
            inputs,
            statistics,
            ..
        } = patient;
        let point = Point {
            time: *time,
            state,
            inputs,
        };
        self.stepper
            .attempt(&mut self.system, point, step, statistics)?;
        let norm = self
            .tolerance
            .norm(self.stepper.error(), state, self.stepper.result());
        if !norm.is_finite() {
            return Err(Rejection::NotFinite);
        }
        if self.options.fixed_step.is_none() {
            if norm > 1.0 {
                return Err(Rejection::Error { norm });
            }
            if let Some(state) = self.negative_state(self.stepper.result()) {
                return Err(Rejection::Negative { state });
            }
        }
        if self
            .stepper
            .evaluate_result(&mut self.system, *time + step, inputs, statistics)
        {
            Ok(norm)
        } else {
            Err(Rejection::NotFinite)
        }
    }

    /// The first state declared non-negative that lies below minus its tolerance.
    pub(super) fn negative_state(&self, state: &[f64]) -> Option<usize> {
        let flags = self.states.non_negative().iter();
        let bounds = self.tolerance.absolute().iter();
        state
            .iter()
            .zip(flags)
            .zip(bounds)
            .position(|((&value, &non_negative), &bound)| non_negative && value < -bound)
    }

    /// Chooses a smaller step after a rejection, or gives up.
    fn shrink(
        &self,
        patient: &mut Patient<'_>,
        step: f64,
        last: Rejection,
    ) -> Result<(), FailureReason> {
        patient.statistics.rejected += 1;
        let factor = if let Rejection::Error { norm } = last {
            patient.controller.rejected(norm)
        } else {
            patient.controller.rejected_otherwise();
            if last == Rejection::NotFinite {
                0.25
            } else {
                0.5
            }
        };
        let smaller = step * factor;
        let smallest = (16.0 * f64::EPSILON * patient.time.abs()).max(f64::MIN_POSITIVE);
        if smaller < smallest || self.options.fixed_step.is_some() {
            return Err(FailureReason::StepTooSmall { step, last });
        }
        patient.step = Some(smaller);
        Ok(())
    }

    /// Records the outputs within the step and moves to its end.
    fn finish_step(&mut self, patient: &mut Patient<'_>, end: f64) -> Result<(), FailureReason> {
        let start = patient.time;
        let mut state = Vec::new();
        while let Some(&time) = patient.run.outputs.get(patient.next_output)
            && time <= end
        {
            if time == end {
                break;
            }
            state.resize(patient.state.len(), 0.0);
            let theta = (time - start) / (end - start);
            self.stepper.interpolate(&patient.state, theta, &mut state);
            self.record(patient, time, &state)?;
        }
        patient.time = end;
        patient.state.copy_from_slice(self.stepper.result());
        self.stepper.accept();
        self.record_now(patient)
    }

    fn record_at_start(&mut self, patient: &mut Patient<'_>) -> Result<(), FailureReason> {
        self.record_now(patient)
    }

    /// Records the current state once for each output time that equals the current time.
    fn record_now(&mut self, patient: &mut Patient<'_>) -> Result<(), FailureReason> {
        while patient.run.outputs.get(patient.next_output) == Some(&patient.time) {
            let state = std::mem::take(&mut patient.state);
            let recorded = self.record(patient, patient.time, &state);
            patient.state = state;
            recorded?;
        }
        Ok(())
    }

    fn record(
        &mut self,
        patient: &mut Patient<'_>,
        time: f64,
        state: &[f64],
    ) -> Result<(), FailureReason> {
        patient.next_output += 1;
        let (observables, states) = patient.trajectory.push(time);
        self.system
            .observe(time, state, &patient.inputs, observables);
        if !states.is_empty() {
            states.copy_from_slice(state);
        }
        match observables.iter().position(|value| !value.is_finite()) {
            Some(observable) => Err(FailureReason::ObservableNotFinite { observable }),
            None => Ok(()),
        }
    }
}

impl Patient<'_> {
    /// Carries a change out that has been checked.
    fn apply(&mut self, target: Target, action: Action) {
        let place = match target {
            Target::Input(input) => &mut self.inputs[input as usize],
            Target::State(state) => &mut self.state[state as usize],
        };
        let after = action.apply(*place);
        self.changed |= after != *place;
        *place = after;
    }

    /// The next time at which something is due.
    fn next_stop(&self) -> f64 {
        let decision = self.run.decisions.get(self.next_decision).copied();
        [decision, self.agenda.next_time()]
            .into_iter()
            .flatten()
            .fold(self.run.end, f64::min)
    }
}

/// Shortens a step so that the way to the stop is not left with a sliver.
fn fit_step(wanted: f64, remaining: f64) -> f64 {
    if wanted * 1.01 >= remaining {
        remaining
    } else if wanted * 2.0 > remaining {
        0.5 * remaining
    } else {
        wanted
    }
}
