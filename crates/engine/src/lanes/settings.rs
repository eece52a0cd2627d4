//! What all lanes of an ensemble share.

use std::sync::Arc;

use super::compile::LaneProgram;
use super::compiled::CompiledKernels;
use super::kernel::InstructionSet;
use crate::scalar::controller::Tolerance;
use crate::scalar::rosenbrock::DEFECT_PLACE;
use crate::scalar::{MAXIMUM_STAGES, Tableau};
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
    /// Where the error of the dense output is estimated.
    pub middle: Middle,
    pub instruction_set: InstructionSet,
    /// Compiled kernels in use.
    pub kernels: Option<&'static CompiledKernels>,
}

/// The dense output at [`DEFECT_PLACE`] in terms of the stage increments.
#[derive(Clone, Debug)]
pub(crate) struct Middle {
    /// y(θ) − y0 as factors of increments.
    pub place: Vec<(usize, f64)>,
    /// −h y'(θ) as factors of all increments.
    pub negative_slope: [f64; MAXIMUM_STAGES],
}

impl Middle {
    /// From y(θ) = y0 + θ (y1 − y0) + (θ − θ²) Σ_k θ^k Σ_j H_kj u_j and y1 − y0 = Σ_j b_j u_j.
    fn new(tableau: &Tableau) -> Self {
        let (theta, last) = (DEFECT_PLACE, tableau.stages - 1);
        let mut negative_slope = [0.0; MAXIMUM_STAGES];
        let mut place = Vec::new();
        for stage in 0..tableau.stages {
            let whole = if stage == last {
                1.0
            } else {
                tableau.a[last][stage]
            };
            let (mut value, mut slope) = (0.0, 0.0);
            for row in tableau.dense.iter().rev() {
                slope = slope * theta + value;
                value = value * theta + row[stage];
            }
            place.push((stage, theta * (whole + (1.0 - theta) * value)));
            negative_slope[stage] =
                -(whole + (1.0 - 2.0 * theta) * value + theta * (1.0 - theta) * slope);
        }
        Self {
            place,
            negative_slope,
        }
    }
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
            middle: Middle::new(options.method.tableau()),
            tableau: options.method.tableau(),
            non_negative,
            kernels: None,
            program,
            states,
            options,
            tolerance,
            instruction_set,
        })
    }

    /// The same program and kernels with other options.
    pub(crate) fn with_options(&self, options: Options) -> Result<Self, EngineError> {
        let kernels = self.kernels;
        let other = Self::new(self.program.clone(), options, self.instruction_set)?;
        Ok(Self { kernels, ..other })
    }
}
