//! Who is simulated, and what comes back.

use super::kernel::ArithmeticClass;
use crate::{Decision, DecisionContext, EngineError, Run, Solution};

/// One patient: parameters, switches, and what happens.
#[derive(Clone, Debug)]
pub struct PatientSpec {
    /// Parameters in the program's order; missing ones keep their defaults.
    pub parameters: Vec<f64>,
    /// Switches in the program's order; missing ones keep their defaults.
    pub switches: Vec<f64>,
    /// Span, start, changes, decisions, outputs. An empty `initial` stands for the program's own initial values, an
    /// empty `inputs` for its default inputs.
    pub run: Run,
}

/// Patients by number. They are asked for when a lane is free, so that a large cohort need not be in memory at once.
/// Answers must depend on the arguments only: then results do not depend on threads, lanes or blocks.
pub trait Cohort: Sync {
    /// Number of patients.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A patient.
    fn patient(&self, index: usize) -> PatientSpec;

    /// What is decided for a patient at a decision time.
    fn decide(&self, index: usize, context: &DecisionContext<'_>) -> Vec<Decision> {
        let _ = (index, context);
        Vec::new()
    }
}

/// How a patient was solved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Path {
    /// In a lane throughout.
    Lanes,
    /// In a lane, then with pivoting from the time where pivots could not be trusted.
    Scalar,
}

/// The answer for one patient.
#[derive(Clone, Debug)]
pub struct PatientResult {
    /// Number in the cohort.
    pub index: usize,
    /// What came out, or what was wrong with the request.
    pub outcome: Result<Solution, EngineError>,
    /// How it was solved.
    pub path: Path,
    /// Class of the lanes' arithmetic. Steps on the scalar path are the same in every class.
    pub class: ArithmeticClass,
}
