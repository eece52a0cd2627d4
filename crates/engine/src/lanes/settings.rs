//! What all lanes of an ensemble share.

use std::sync::Arc;

use super::compile::LaneProgram;
use super::kernel::InstructionSet;
use crate::scalar::Tableau;
use crate::scalar::controller::Tolerance;
use crate::{EngineError, Options, States};

/// Program, tolerances, method, kernels.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub program: Arc<LaneProgram>,
    pub states: States,
    pub options: Options,
    pub tolerance: Tolerance,
    pub absolute: Vec<f64>,
    pub non_negative: Vec<usize>,
    pub tableau: &'static Tableau,
    pub instruction_set: InstructionSet,
}

impl Settings {
    pub(crate) fn new(
        program: Arc<LaneProgram>,
        options: Options,
        instruction_set: InstructionSet,
    ) -> Result<Self, EngineError> {
        options.validate()?;
        let states = States::of_program(&program.source)?;
        let tolerance = Tolerance::new(options.relative_tolerance, states.typical());
        let non_negative = states
            .non_negative()
            .iter()
            .enumerate()
            .filter_map(|(i, &flag)| flag.then_some(i))
            .collect();
        Ok(Self {
            absolute: tolerance.absolute().to_vec(),
            tableau: options.method.tableau(),
            non_negative,
            program,
            states,
            options,
            tolerance,
            instruction_set,
        })
    }
}
