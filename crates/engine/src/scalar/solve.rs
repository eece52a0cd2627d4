//! Integration of one patient across switches, jumps and decisions.

use super::controller::{Controller, Tolerance};
use super::invariants::Invariants;
use super::patient::Patient;
use super::rosenbrock::Stepper;
use super::steady::SteadyMatrices;
use crate::error::{require_change, require_length, require_times};
use crate::{
    Change, Decide, Decision, DecisionContext, EngineError, Options, Run, Solution, States,
    Statistics, Status, System, Trajectory,
};

/// Solves runs of one system. Workspace is kept from run to run; results do not depend on what
/// was solved before.
pub struct Solver<S> {
    pub(super) system: S,
    pub(super) states: States,
    pub(super) options: Options,
    pub(super) tolerance: Tolerance,
    pub(super) stepper: Stepper,
    /// Planned by the first search of a steady state.
    pub(super) steady: Option<SteadyMatrices>,
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
        let dimension = system.dimension();
        require_length("Jacobian pattern", system.pattern().dimension(), dimension)?;
        if let Some(&row) = system
            .pattern()
            .rows()
            .iter()
            .find(|&&row| row >= dimension)
        {
            return Err(EngineError::Pattern { row, dimension });
        }
        let tolerance = Tolerance::new(options.relative_tolerance, states.typical());
        let stepper = Stepper::new(&system, states.typical(), options.method.tableau());
        Ok(Self {
            system,
            states,
            options,
            tolerance,
            stepper,
            steady: None,
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
        run.validate(&self.states, self.system.inputs())?;
        if !run.decisions.is_empty() {
            return Err(EngineError::NoDecisionFunction {
                count: run.decisions.len(),
            });
        }
        self.integrate(run, &mut |_| Vec::new())
    }

    /// Integrates one run and calls `decide` at its decision times.
    ///
    /// # Errors
    /// [`EngineError`] where the request or an action of `decide` is malformed; numerical trouble
    /// is in [`Solution::status`].
    pub fn solve_with(&mut self, run: &Run, decide: Decide<'_>) -> Result<Solution, EngineError> {
        run.validate(&self.states, self.system.inputs())?;
        self.integrate(run, decide)
    }

    /// Goes on with a patient who has been under way elsewhere: `run` is what is left, and the steps in `statistics`
    /// count towards the limit. A state may stand below zero by its tolerance, as within any run. Before each step
    /// `interrupted` is asked whether to give up.
    pub(crate) fn go_on(
        &mut self,
        run: &Run,
        statistics: Statistics,
        decide: Decide<'_>,
        interrupted: &dyn Fn() -> bool,
    ) -> Result<Solution, EngineError> {
        let mut patient = self.admit(run);
        patient.interrupted = interrupted;
        patient.statistics = statistics;
        self.finish(patient, decide)
    }

    /// Integrates a run that was found valid.
    fn integrate(&mut self, run: &Run, decide: Decide<'_>) -> Result<Solution, EngineError> {
        let patient = self.admit(run);
        self.finish(patient, decide)
    }

    fn finish(
        &mut self,
        mut patient: Patient<'_>,
        decide: Decide<'_>,
    ) -> Result<Solution, EngineError> {
        let status = match self.record_now(&mut patient) {
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
        let trajectory = Trajectory::new(self.system.observables(), recorded_states);
        let controller = Controller::new(self.options.method.tableau().embedded_order);
        Patient::new(
            run,
            trajectory,
            controller,
            Invariants::new(&self.states, &run.initial),
        )
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
}
