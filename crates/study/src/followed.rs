//! People followed in lanes: what trials, twins and checks share.

use gutskin_engine::lanes::{Cohort, Ensemble, Path, PatientResult, PatientSpec, Plan};
use gutskin_engine::{
    Decision, DecisionContext, EngineError, Solution, SteadyOptions, SteadyState,
};
use serde::{Deserialize, Serialize};
use std::ops::{AddAssign, ControlFlow};
use std::sync::atomic::AtomicBool;

/// What solves cost, and which way they went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effort {
    /// Steps accepted.
    pub accepted: usize,
    /// Steps rejected.
    pub rejected: usize,
    /// Solves: courses, or stretches of them.
    pub solves: usize,
    /// Of these, those that left the lanes and went on with pivoting.
    pub pivoted: usize,
}

impl AddAssign for Effort {
    fn add_assign(&mut self, other: Self) {
        self.accepted += other.accepted;
        self.rejected += other.rejected;
        self.solves += other.solves;
        self.pivoted += other.pivoted;
    }
}

impl Effort {
    fn of(solution: &Solution, path: Path) -> Self {
        Self {
            accepted: solution.statistics.accepted,
            rejected: solution.statistics.rejected,
            solves: 1,
            pivoted: usize::from(path == Path::Scalar),
        }
    }
}

/// Solves a cohort on all threads, hands over each solution in order, and says what it took.
///
/// # Errors
/// What was wrong with the request; a solve that fails is a solution with its status.
pub(crate) fn each(
    ensemble: &Ensemble,
    cohort: &dyn Cohort,
    take: &mut dyn FnMut(usize, Solution),
) -> Result<Effort, EngineError> {
    // Blocks small enough that the last ones do not wait for one another.
    let plan = Plan {
        block_size: 64,
        ..Plan::default()
    };
    let mut effort = Effort::default();
    let mut fault = None;
    let never = AtomicBool::new(false);
    let mut one = |result: PatientResult| {
        let solution = result.outcome?;
        effort += Effort::of(&solution, result.path);
        take(result.index, solution);
        Ok(())
    };
    ensemble.run(cohort, &plan, &never, &mut |block| {
        for result in block.results {
            if let Err(error) = one(result) {
                fault = Some(error);
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    });
    fault.map_or(Ok(effort), Err)
}

/// Draws whose slowest time constant exceeds this have no rest that a study would see, d.
const SLOWEST: f64 = 3.0 * 365.25;

/// Why such a draw is drawn again.
pub(crate) const SLOW: &str = "slowest time constant above three years";

/// How people come to rest in a model with these states: with eigenvalues where slow draws are drawn again, which is where they
/// have plaques; elsewhere that the course settles is enough.
pub(crate) fn coming_to_rest(plaques: bool, states: &[String]) -> SteadyOptions {
    SteadyOptions {
        eigenvalues: plaques,
        memories: memories(states),
        ..SteadyOptions::default()
    }
}

/// States that hold which strains a drug has cost: without it nothing acts on them, and who has not had it rests as in a model
/// without it.
fn memories(states: &[String]) -> Vec<usize> {
    let of_strains = |name: &String| {
        ["strains.active.", "strains.lost."]
            .iter()
            .any(|p| name.starts_with(p))
    };
    let at = states.iter().enumerate();
    at.filter(|(_, name)| of_strains(name))
        .map(|(at, _)| at)
        .collect()
}

/// Is the way to this rest slower than any study is long?
pub(crate) fn is_slow(steady: &SteadyState) -> bool {
    steady.real_part.is_some_and(|r| -1.0 / r > SLOWEST)
}

/// A cohort from a function.
pub(crate) struct Listed<F>(pub usize, pub F);

impl<F: Fn(usize) -> PatientSpec + Sync> Cohort for Listed<F> {
    fn len(&self) -> usize {
        self.0
    }

    fn patient(&self, index: usize) -> PatientSpec {
        (self.1)(index)
    }
}

/// A cohort whose patients are decided on by a function of their number.
pub(crate) struct Deciding<C, D>(pub C, pub D);

impl<C, D> Cohort for Deciding<C, D>
where
    C: Cohort,
    D: Fn(usize, &DecisionContext<'_>) -> Vec<Decision> + Sync,
{
    fn len(&self) -> usize {
        self.0.len()
    }

    fn patient(&self, index: usize) -> PatientSpec {
        self.0.patient(index)
    }

    fn decide(&self, index: usize, context: &DecisionContext<'_>) -> Vec<Decision> {
        (self.1)(index, context)
    }
}
