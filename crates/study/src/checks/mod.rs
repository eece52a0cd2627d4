//! Running the acceptance windows: each experiment computes the values of one or more rows.

mod body;
mod error;
pub(crate) mod gut;
mod lab;
mod skin;
pub(crate) mod together;
mod windows;

pub use error::CheckError;
pub use gut::{
    Bloom, ClosureOutcome, ClosureRow, Drawn, Paired, PairedOutcome, Ranked, blooms,
    changed_reference, closures, draw_people, paired, reference_state, stage_reference,
};
pub use lab::Lab;
pub(crate) use lab::table;
pub use skin::{Fit, Fitted, PlaceboPart, fit, fittable, placebo_parts};
pub use windows::{Windows, windows_of};

use gutskin_biology::checks::{CHANGES, Check, CheckKind, TEXT, checks};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// What an experiment returns: pairs of row and value, in the unit of the row.
pub type RowValues = Vec<(&'static str, f64)>;

/// An experiment: the rows it serves and what computes them.
pub struct Experiment {
    /// Name, for messages.
    pub name: &'static str,
    /// Rows whose values it returns.
    pub rows: &'static [&'static str],
    /// Runs it.
    pub run: fn() -> Result<RowValues, CheckError>,
}

/// Rows that need real stool, and the acid of each.
const PAIRED_ROWS: [(&str, &str); 2] = [("gut-27g", "butyrate"), ("gut-27h", "propionate")];

/// Experiments of each room, one line a room.
static ROOMS: &[&[Experiment]] = &[gut::EXPERIMENTS, body::EXPERIMENTS, skin::EXPERIMENTS];

/// All rooms, the statements after those that they rest on.
fn rooms() -> impl Iterator<Item = &'static [Experiment]> {
    ROOMS.iter().chain(crate::claims::ROOMS).copied()
}

/// All experiments that stand.
fn experiments() -> impl Iterator<Item = &'static Experiment> {
    rooms().flatten()
}

/// Outcome of one row.
#[derive(Clone, Debug, Serialize)]
pub struct CheckOutcome {
    /// Row.
    pub id: String,
    /// Module.
    pub module: String,
    /// What agreement means.
    pub kind: String,
    /// Who, what dose, how long, when read.
    pub experiment: String,
    /// What is compared.
    pub observable: String,
    /// Its unit.
    pub unit: String,
    /// Lower bound.
    pub low: Option<f64>,
    /// Upper bound.
    pub high: Option<f64>,
    /// What the model gives; absent where no experiment stands or it failed.
    pub value: Option<f64>,
    /// In the window? Absent where the row was not run.
    pub holds: Option<bool>,
    /// May it be looked at while tuning?
    pub tuned: bool,
    /// Where the window comes from.
    pub source: String,
    /// Why there is no value.
    pub failure: Option<String>,
}

/// Score of one kind of row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Score {
    /// Rows in the window.
    pub holds: usize,
    /// Rows outside, or whose experiment failed.
    pub fails: usize,
    /// Rows without an experiment.
    pub not_run: usize,
}

/// All outcomes of a run.
#[derive(Clone, Debug, Serialize)]
pub struct CheckTable {
    /// One a row.
    pub checks: Vec<CheckOutcome>,
    /// SHA-256 of the table of windows.
    pub table_sha256: String,
    /// The log of changes to the windows.
    pub changes: String,
}

impl CheckTable {
    /// Score of a kind.
    pub fn score(&self, kind: CheckKind) -> Score {
        let mut score = Score::default();
        for row in self.checks.iter().filter(|c| c.kind == kind.word()) {
            match (row.holds, &row.failure) {
                (Some(true), _) => score.holds += 1,
                (Some(false), _) | (None, Some(_)) => score.fails += 1,
                (None, None) => score.not_run += 1,
            }
        }
        score
    }
}

/// Which rows to run.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Modules, numbered checks, statements or rows (`gut`, `gut-01`, `claim-western-diet`, `gut-01a`); all where empty.
    pub only: Vec<String>,
    /// Only rows that may be looked at while tuning.
    pub tuned_only: bool,
    /// Real stool with metabolites, for the rows that need it.
    pub paired: Option<Paired>,
}

impl Selection {
    fn takes(&self, row: &Check) -> bool {
        let named = self.only.is_empty() || self.only.iter().any(|name| names(name, row));
        named && (row.tuned || !self.tuned_only)
    }

    /// Every name must mean at least one row, so that a slip does not pass as an empty table.
    fn verify(&self, rows: &[Check]) -> Result<(), CheckError> {
        for name in &self.only {
            if !rows.iter().any(|row| names(name, row)) {
                return Err(CheckError::NoRow { name: name.clone() });
            }
        }
        Ok(())
    }
}

/// `gut` means a module, `gut-01` a numbered check, `claim-western-diet` a statement, `gut-01a` a row.
fn names(name: &str, row: &Check) -> bool {
    let whole = row.id.strip_suffix(row.part.as_str());
    let whole = whole.map(|id| id.strip_suffix('-').unwrap_or(id));
    name == row.module || name == row.id || whole == Some(name)
}

/// Runs the experiments of the rows selected. `progress` is told each experiment's name before it starts.
///
/// # Errors
/// The table of windows does not read, or a name of the selection means no row; an experiment that fails is in its
/// rows' outcome.
pub fn run(
    selection: &Selection,
    progress: &mut dyn FnMut(&str),
) -> Result<CheckTable, CheckError> {
    let all = checks()?;
    selection.verify(&all)?;
    let rows: Vec<Check> = all.into_iter().filter(|row| selection.takes(row)).collect();
    let mut outcomes: Vec<CheckOutcome> = rows.iter().map(blank).collect();
    for experiment in experiments() {
        if !rows
            .iter()
            .any(|r| experiment.rows.contains(&r.id.as_str()))
        {
            continue;
        }
        progress(experiment.name);
        match (experiment.run)() {
            Ok(values) => {
                for (id, value) in values {
                    enter(&rows, &mut outcomes, id, value);
                }
                let silent = |o: &&mut CheckOutcome| {
                    o.value.is_none() && experiment.rows.contains(&o.id.as_str())
                };
                for outcome in outcomes.iter_mut().filter(silent) {
                    outcome.failure = Some("the experiment gave no value".to_owned());
                }
            }
            // What rests on rows without an experiment is not run either.
            Err(CheckError::NotRun { .. }) => {}
            Err(error) => {
                for outcome in &mut outcomes {
                    if experiment.rows.contains(&outcome.id.as_str()) {
                        outcome.failure = Some(error.to_string());
                    }
                }
            }
        }
    }
    let real = |row: &Check| PAIRED_ROWS.iter().any(|(id, _)| *id == row.id);
    if rows.iter().any(real) {
        match &selection.paired {
            Some(data) => {
                progress("real stool with metabolites");
                for acid in gut::paired(data)?.acids {
                    let row = PAIRED_ROWS.iter().find(|(_, name)| *name == acid.acid);
                    if let Some((id, _)) = row {
                        enter(&rows, &mut outcomes, id, acid.model);
                    }
                }
            }
            None => {
                progress("real stool with metabolites: not run, it needs data of others (--paired)")
            }
        }
    }
    Ok(CheckTable {
        checks: outcomes,
        table_sha256: hash(TEXT),
        changes: CHANGES.to_owned(),
    })
}

fn enter(rows: &[Check], outcomes: &mut [CheckOutcome], id: &str, value: f64) {
    for (row, outcome) in rows.iter().zip(outcomes.iter_mut()) {
        if row.id == id {
            if value.is_finite() {
                outcome.value = Some(value);
                outcome.holds = Some(row.holds(value));
            } else {
                outcome.failure = Some(format!("the value is {value}"));
            }
        }
    }
}

fn blank(row: &Check) -> CheckOutcome {
    CheckOutcome {
        id: row.id.clone(),
        module: row.module.clone(),
        kind: row.kind.word().to_owned(),
        experiment: row.experiment.clone(),
        observable: row.observable.clone(),
        unit: row.unit.clone(),
        low: row.low,
        high: row.high,
        value: None,
        holds: None,
        tuned: row.tuned,
        source: row.source.clone(),
        failure: None,
    }
}

fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn experiments_serve_rows_that_stand_and_no_row_twice() {
        let rows = checks().unwrap();
        let mut seen = std::collections::BTreeSet::new();
        for experiment in experiments() {
            for id in experiment.rows {
                assert!(rows.iter().any(|r| r.id == *id), "{id} is not a row");
                assert!(seen.insert(*id), "{id} is served twice");
            }
        }
    }

    #[test]
    fn a_selection_runs_its_rows_and_no_others() {
        let selection = Selection {
            only: vec!["gut-01".to_owned(), "gut-02a".to_owned()],
            tuned_only: true,
            paired: None,
        };
        let mut told = Vec::new();
        let table = run(&selection, &mut |name| told.push(name.to_owned())).unwrap();
        assert_eq!(told, ["reference person"]);
        assert_eq!(table.checks.len(), 4);
        for row in &table.checks {
            let value = row.value.unwrap();
            let inside = row.low.unwrap() <= value && value <= row.high.unwrap();
            assert_eq!(row.holds, Some(inside), "{row:?}");
        }
        assert_eq!(table.table_sha256.len(), 64);
    }

    #[test]
    fn rows_without_an_experiment_are_not_run_rather_than_holding() {
        let ids: Vec<&str> = experiments().flat_map(|e| e.rows).copied().collect();
        let Some(silent) = checks()
            .unwrap()
            .into_iter()
            .find(|r| !ids.contains(&r.id.as_str()))
        else {
            return;
        };
        let selection = Selection {
            only: vec![silent.id.clone()],
            tuned_only: false,
            paired: None,
        };
        let table = run(&selection, &mut |_| {}).unwrap();
        assert_eq!(table.checks[0].holds, None);
        assert_eq!(table.score(silent.kind).not_run, 1);
    }

    #[test]
    fn a_statement_names_all_its_rows() {
        let rows = checks().unwrap();
        let named = |name: &str| rows.iter().filter(|r| names(name, r)).count();
        // Parts a to d and the cut.
        assert_eq!(named("claim-western-diet"), 5);
        assert_eq!(named("gut-01"), 3);
        assert_eq!(named("claim-western"), 0);
    }

    #[test]
    fn a_name_without_rows_is_an_error() {
        let selection = Selection {
            only: vec!["gutt".to_owned()],
            tuned_only: false,
            paired: None,
        };
        let error = run(&selection, &mut |_| {}).unwrap_err().to_string();
        assert!(error.contains("gutt"), "{error}");
    }
}
