//! Program → what lanes run: rewritten graph, grouped order, rows of the working memory, plan of the factorisation.

mod code;
mod elimination;
mod factors;
mod flatten;
mod graph;
mod rows;
mod schedule;

pub(crate) use code::{Code, Opcode, RowId};
pub(crate) use factors::{FactorPlan, FactorRow};
pub(crate) use graph::SumShape;

use std::sync::Arc;

use gutskin_network::Network;

use crate::program::{Program, ProgramError, ProgramOptions, Section};
use elimination::Elimination;
use rows::{Allocation, assemble};
use schedule::Arrangement;

use super::compiled::CompiledKernels;

/// A program prepared for lanes of any number.
#[derive(Clone, Debug)]
pub struct LaneProgram {
    pub(crate) source: Arc<Program>,
    /// Number of rows of the working memory.
    pub(crate) rows: usize,
    /// Rows and values of the literals.
    pub(crate) constants: Vec<(RowId, f64)>,
    /// Rows and indices of parameters, inputs and switches in use.
    pub(crate) parameters: Vec<(RowId, usize)>,
    pub(crate) inputs: Vec<(RowId, usize)>,
    pub(crate) switches: Vec<(RowId, usize)>,
    /// Row of the time at which code is evaluated.
    pub(crate) time: RowId,
    pub(crate) vectors: Vectors,
    pub(crate) code: Sections,
    /// Rows of initial states, of rates, of ∂f/∂t where it is not zero throughout, and of observables.
    pub(crate) initial: Vec<RowId>,
    pub(crate) rates: Vec<RowId>,
    pub(crate) jacobian: Vec<RowId>,
    /// Rows of the Jacobian's diagonal entries.
    pub(crate) diagonal: Vec<RowId>,
    pub(crate) time_derivative: Option<Vec<RowId>>,
    pub(crate) observables: Vec<RowId>,
    /// States that observables depend on.
    pub(crate) observed_states: Vec<u16>,
    pub(crate) factors: FactorPlan,
    factor_entries: usize,
    /// The same program arranged for compiled kernels, with them.
    pub(crate) compiled: Option<Compiled>,
}

/// Compiled kernels and the arrangement that they were emitted from.
#[derive(Clone, Debug)]
pub(crate) struct Compiled {
    pub kernels: &'static CompiledKernels,
    pub program: Arc<LaneProgram>,
}

/// First rows of vectors with one row a state.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Vectors {
    /// Where code reads the states.
    pub argument: usize,
    /// States at the start of the step.
    pub state: usize,
    /// States at the start of the step before.
    pub previous: usize,
    /// States at the end of the step tried.
    pub result: usize,
    /// Stage increments, one vector after the other, and one more for the error of the dense output.
    pub stages: usize,
    /// Coefficients of the dense output.
    pub dense: usize,
}

impl Vectors {
    /// One more than the last row of all vectors.
    pub(crate) fn end(&self) -> usize {
        // The dense output's are the last ones.
        self.dense + rows::DENSE_VECTORS * (self.state - self.argument)
    }
}

/// Code by purpose.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sections {
    /// Once a patient.
    pub patient: Code,
    /// Once an input change.
    pub inputs: Code,
    /// Every stage.
    pub rates: Code,
    /// After the rates, once a step: Jacobian and time derivative.
    pub derivatives: Code,
    /// At outputs: complete in itself.
    pub observables: Code,
}

/// Size of a lane program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProgramSize {
    /// States.
    pub states: usize,
    /// Rows of the working memory: times 8 bytes times lanes is the working set.
    pub rows: usize,
    /// Operations a stage.
    pub rates: usize,
    /// Further operations a step, for Jacobian and time derivative.
    pub derivatives: usize,
    /// Entries of both triangular factors.
    pub factor_entries: usize,
    /// Multiply-adds of a factorisation.
    pub factor_products: usize,
    /// Additions and multiplications of a stage's rates; functions and divisions count as one.
    pub rate_products: usize,
}

/// The model needs more rows than row numbers can tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the program needs {rows} rows of working memory, lanes have at most 65536; solve it with a `Solver` over a `ScalarProgram`, one patient at a time"
)]
pub struct TooLarge {
    /// Rows needed.
    pub rows: usize,
}

/// Why a network cannot be prepared for lanes.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PrepareError {
    /// It cannot be compiled at all.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// It is too large for lanes.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
}

impl LaneProgram {
    /// Prepares a program.
    ///
    /// # Errors
    /// [`TooLarge`] for models of several ten thousand intermediate values.
    pub fn new(program: Arc<Program>) -> Result<Self, TooLarge> {
        Self::ordered(program, Arrangement::Grouped)
    }

    /// Prepares a program, with the compiled kernels among these that belong to it where there are some. They report what
    /// the program reports: for a selection of a shipped model's observables see [`LaneProgram::of_network`].
    ///
    /// # Errors
    /// [`TooLarge`], as for [`LaneProgram::new`].
    pub fn with_kernels(
        program: Arc<Program>,
        available: &[&'static CompiledKernels],
    ) -> Result<Self, TooLarge> {
        let mut this = Self::new(program.clone())?;
        if !available.is_empty() {
            let local = Self::for_kernels(program)?;
            let fingerprint = local.fingerprint();
            let found = available.iter().find(|k| k.fingerprint == fingerprint);
            this.compiled = found.map(|&kernels| Compiled {
                kernels,
                program: Arc::new(local),
            });
        }
        Ok(this)
    }

    /// Compiles and prepares a network, with the compiled kernels among these that belong to it. Those are of all
    /// declared observables: where only declared ones are asked for, they are picked from what the kernels report.
    /// Otherwise, and where no kernels fit, the interpreter serves alone.
    ///
    /// # Errors
    /// [`PrepareError`].
    pub fn of_network(
        network: &Network,
        options: &ProgramOptions,
        available: &[&'static CompiledKernels],
    ) -> Result<Self, PrepareError> {
        if !available.is_empty() {
            let all = Program::new(network, &ProgramOptions::default())?;
            let places = options.observables.as_ref().map(|names| {
                let place = |name| all.observable_names.iter().position(|known| known == name);
                names.iter().map(place).collect::<Option<Vec<_>>>()
            });
            // A name that is not among them may be a state's or a variable's.
            if places != Some(None) {
                let whole = Self::with_kernels(Arc::new(all), available)?;
                if whole.compiled.is_some() {
                    return Ok(match places.flatten() {
                        Some(places) => whole.reporting(&places),
                        None => whole,
                    });
                }
            }
        }
        Ok(Self::new(Arc::new(Program::new(network, options)?))?)
    }

    /// The same computation, of which only these observables are reported.
    fn reporting(mut self, places: &[usize]) -> Self {
        let mut source = Program::clone(&self.source);
        source.observables = places.iter().map(|&i| source.observables[i]).collect();
        let names = places.iter().map(|&i| source.observable_names[i].clone());
        source.observable_names = names.collect();
        self.source = Arc::new(source);
        self.observables = places.iter().map(|&i| self.observables[i]).collect();
        self.compiled = self.compiled.map(|compiled| Compiled {
            program: Arc::new(LaneProgram::clone(&compiled.program).reporting(places)),
            ..compiled
        });
        self
    }

    /// Prepares a program for [`emit`](crate::lanes::emit): what is computed is used soon.
    ///
    /// # Errors
    /// [`TooLarge`], as for [`LaneProgram::new`].
    pub fn for_kernels(program: Arc<Program>) -> Result<Self, TooLarge> {
        Self::ordered(program, Arrangement::Local)
    }

    fn ordered(program: Arc<Program>, arrangement: Arrangement) -> Result<Self, TooLarge> {
        let (graph, roots) = graph::read(&program);
        let (graph, roots) = flatten::flatten(&graph, &roots);
        let order = schedule::Order::new(&graph, &roots, arrangement);
        let elimination = Elimination::new(&program.pattern);
        let allocation = Allocation::new(&program, &graph, &roots, &order, &elimination)?;
        Ok(assemble(
            program,
            &graph,
            &roots,
            &order,
            &elimination,
            allocation,
        ))
    }

    /// The program behind it.
    #[must_use]
    pub fn program(&self) -> &Arc<Program> {
        &self.source
    }

    /// How large it is.
    #[must_use]
    pub fn size(&self) -> ProgramSize {
        ProgramSize {
            states: self.source.dimension(),
            rows: self.rows,
            rates: self.code.rates.len(),
            derivatives: self.code.derivatives.len(),
            factor_entries: self.factor_entries,
            factor_products: self.factors.pairs.len(),
            rate_products: self.code.rates.products(),
        }
    }

    pub(crate) fn dimension(&self) -> usize {
        self.source.dimension()
    }
}

const DYNAMIC: [Section; 4] = [
    Section::Rates,
    Section::Jacobian,
    Section::TimeDerivative,
    Section::Observables,
];
