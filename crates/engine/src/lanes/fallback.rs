//! The scalar path of a patient whose pivots could not be trusted.

use super::cohort::Cohort;
use super::patient::Patient;
use super::settings::Settings;
use crate::program::ScalarProgram;
use crate::{DecisionContext, EngineError, Options, Run, Schedule, Solution, Solver};

/// Integrates from where the lane stopped to the end, with pivoting.
pub(crate) fn finish(
    settings: &Settings,
    cohort: &dyn Cohort,
    patient: Patient,
    state: Vec<f64>,
    interrupted: &dyn Fn() -> bool,
) -> Result<Solution, EngineError> {
    let mut system = ScalarProgram::new(settings.program.source.clone());
    system.set_patient(&patient.spec.parameters, &patient.spec.switches);
    let options = Options {
        initial_step: patient
            .step
            .map(|step| 0.5 * step)
            .or(settings.options.initial_step),
        ..settings.options.clone()
    };
    let mut solver = Solver::new(system, settings.states.clone(), options)?;
    let run = remaining(&patient, state);
    let first_decision = patient.next_decision;
    let index = patient.index;
    let mut decide = |context: &DecisionContext<'_>| {
        cohort.decide(
            index,
            &DecisionContext {
                index: first_decision + context.index,
                ..*context
            },
        )
    };
    let rest = solver.go_on(&run, patient.statistics, &mut decide, interrupted)?;
    let mut trajectory = patient.trajectory;
    trajectory.append(&rest.trajectory);
    Ok(Solution { trajectory, ..rest })
}

/// What is left of a patient's run.
fn remaining(patient: &Patient, state: Vec<f64>) -> Run {
    let run = patient.run();
    Run {
        start: patient.time,
        end: run.end,
        initial: state,
        inputs: patient.inputs.clone(),
        schedule: Schedule::new(patient.agenda.pending().to_vec()).unwrap_or_default(),
        decisions: run.decisions[patient.next_decision..].to_vec(),
        outputs: run.outputs[patient.next_output..].to_vec(),
        record_states: run.record_states,
    }
}
