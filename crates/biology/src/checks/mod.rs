//! The acceptance windows: what each module must show, as data.
//!
//! The rows were written before any model was tuned. This module holds only the data; the experiments that compute a
//! row's value live where models can be solved.

mod claims;

use crate::catalogue::CatalogueError;
use crate::catalogue::table::Table;

pub use claims::{Claim, claims};

/// The table as shipped.
pub const TEXT: &str = include_str!("../../../../checks/checks.csv");

/// Changes to the table, each with its reason.
pub const CHANGES: &str = include_str!("../../../../checks/CHANGES.md");

/// What agreement with a row means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckKind {
    /// An observation that no fit used.
    Validation,
    /// A fit or an input used it, so that agreement is fit.
    Calibration,
    /// Balance, uniqueness, drift, modes, cuts.
    Structural,
    /// Counts only where that part is built.
    Optional,
}

impl CheckKind {
    /// The word of the table.
    pub fn word(self) -> &'static str {
        match self {
            CheckKind::Validation => "validation",
            CheckKind::Calibration => "calibration",
            CheckKind::Structural => "structural",
            CheckKind::Optional => "optional",
        }
    }

    /// The kind of that word.
    pub fn from_word(word: &str) -> Option<CheckKind> {
        [
            CheckKind::Validation,
            CheckKind::Calibration,
            CheckKind::Structural,
            CheckKind::Optional,
        ]
        .into_iter()
        .find(|k| k.word() == word)
    }
}

/// One row: an experiment, what is read, and the window it must fall into.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Name, for example `gut-01a`.
    pub id: String,
    /// `gut`, `body`, `ad`, `pso`, `acne`, `cross`, `claim`.
    pub module: String,
    /// Letter of the part.
    pub part: String,
    /// Who, what dose, how long, when read.
    pub experiment: String,
    /// What is compared.
    pub observable: String,
    /// Its unit.
    pub unit: String,
    /// Lower bound, inclusive; open where absent.
    pub low: Option<f64>,
    /// Upper bound, inclusive; open where absent.
    pub high: Option<f64>,
    /// What agreement means.
    pub kind: CheckKind,
    /// May it be looked at while tuning?
    pub tuned: bool,
    /// Where the window comes from.
    pub source: String,
    /// What was done to the window.
    pub note: String,
}

impl Check {
    /// Whether a value is in the window.
    pub fn holds(&self, value: f64) -> bool {
        value.is_finite()
            && self.low.is_none_or(|low| value >= low)
            && self.high.is_none_or(|high| value <= high)
    }
}

/// The shipped rows, in the order of the table.
///
/// # Errors
/// A fault in the table, with line; the tests keep that from happening.
pub fn checks() -> Result<Vec<Check>, CatalogueError> {
    read("checks/checks.csv", TEXT)
}

/// Rows of a table of this form.
///
/// # Errors
/// The first fault found, with file and line.
pub fn read(file: &str, text: &str) -> Result<Vec<Check>, CatalogueError> {
    let needed = [
        "id",
        "module",
        "part",
        "experiment",
        "observable",
        "unit",
        "low",
        "high",
        "kind",
        "tuned",
        "source",
        "note",
    ];
    let table = Table::read(file, text, &needed)?;
    let mut found: Vec<Check> = Vec::new();
    for row in table.rows() {
        let id = row.required("id")?.to_owned();
        if found.iter().any(|c| c.id == id) {
            return Err(row.fault(format!("\"{id}\" stands twice; keep one row")));
        }
        let kind = row.required("kind")?;
        let low = row.optional_number("low")?;
        let high = row.optional_number("high")?;
        if let (Some(low), Some(high)) = (low, high)
            && low > high
        {
            return Err(row.fault(format!("the window {low} … {high} is empty")));
        }
        found.push(Check {
            module: row.required("module")?.to_owned(),
            part: row.text("part").to_owned(),
            experiment: row.required("experiment")?.to_owned(),
            observable: row.required("observable")?.to_owned(),
            unit: row.text("unit").to_owned(),
            low,
            high,
            kind: CheckKind::from_word(kind).ok_or_else(|| {
                row.fault(format!(
                    "\"kind\" is \"{kind}\"; write validation, calibration, structural or optional"
                ))
            })?,
            tuned: row.flag("tuned")?,
            source: row.text("source").to_owned(),
            note: row.text("note").to_owned(),
            id,
        });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads() {
        let rows = checks().unwrap();
        assert_eq!(rows.len(), 492);
        assert_eq!(rows.iter().filter(|c| c.module == "gut").count(), 99);
        assert!(rows.iter().all(|c| c.low.is_some() || c.high.is_some()));
    }

    #[test]
    fn bounds_are_inclusive_and_nothing_holds_without_a_value() {
        let row = checks().unwrap().remove(0);
        assert!(row.holds(row.low.unwrap()) && row.holds(row.high.unwrap()));
        assert!(!row.holds(f64::NAN));
        assert!(!row.holds(row.high.unwrap() * 1.001));
    }
}
