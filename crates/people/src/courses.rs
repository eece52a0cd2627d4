//! Which antibiotics people of a population have had, the rows of `catalogue/antibiotic_courses.csv`.

use crate::error::{PeopleError, Result};
use gutskin_biology::catalogue::entries;
use gutskin_network::{Mark, nearest};
use serde::Deserialize;

/// Name and text of the shipped table.
pub const COURSES: (&str, &str) = (
    "catalogue/antibiotic_courses.csv",
    include_str!("../../../catalogue/antibiotic_courses.csv"),
);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    drug: String,
    share: f64,
    days: f64,
    source: String,
    mark: String,
    note: String,
}

/// A course that people have had.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// Drug of `catalogue/drugs.csv`, at its usual dose.
    pub drug: String,
    /// Its share of all courses.
    pub share: f64,
    /// Length, d.
    pub days: f64,
    /// Where share and length were published.
    pub source: String,
    /// Where the numbers come from.
    pub mark: Mark,
    /// What to know.
    pub note: String,
}

/// The shipped rows, whose shares add up to one.
///
/// # Errors
/// A fault of the table, as [`read`] says it.
pub fn courses() -> Result<Vec<Course>> {
    read(COURSES.0, COURSES.1)
}

/// Reads rows and checks them: each names a drug of the catalogue, once, with a weight and a length, and has a source or is
/// assumed. Weights become shares.
///
/// # Errors
/// [`PeopleError::Table`] with the line at fault.
pub fn read(file: &str, text: &str) -> Result<Vec<Course>> {
    let fault = |place: String, problem: String, advice: &str| PeopleError::Table {
        table: file.to_owned(),
        place,
        problem,
        advice: advice.to_owned(),
    };
    let catalogue = entries();
    let catalogue = catalogue.map_err(|e| fault("drugs".to_owned(), e.to_string(), "Mend it"))?;
    let drugs = || {
        let drugs = catalogue.iter().filter(|e| e.kind == "drug");
        drugs.map(|e| e.id.as_str())
    };
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    let mut all: Vec<Course> = Vec::new();
    for row in reader.deserialize::<Row>() {
        let columns = "Write drug,share,days,source,mark,note";
        let row = row.map_err(|e| {
            let line = e.position().map_or(0, csv::Position::line);
            fault(format!("line {line}"), e.to_string(), columns)
        })?;
        let fault = |problem: String, advice: &str| fault(row.drug.clone(), problem, advice);
        if !drugs().any(|known| known == row.drug) {
            let near = nearest(&row.drug, drugs());
            let advice = near.map_or_else(
                || "Name one that `gutskin catalogue` lists".to_owned(),
                |near| format!("Did you mean \"{near}\"?"),
            );
            return Err(fault("no drug of the catalogue".to_owned(), &advice));
        }
        if all.iter().any(|other| other.drug == row.drug) {
            return Err(fault("it stands twice".to_owned(), "Take one out"));
        }
        let possible = |value: f64| value.is_finite() && value > 0.0;
        if !possible(row.share) || !possible(row.days) {
            let problem = format!("share {} and days {}", row.share, row.days);
            return Err(fault(problem, "Write numbers above 0"));
        }
        let Some(mark) = Mark::from_word(&row.mark) else {
            let problem = format!("\"{}\" is no mark", row.mark);
            return Err(fault(problem, "Write read, computed, fitted or assumed"));
        };
        if mark != Mark::Assumed && row.source.trim().is_empty() {
            let advice = "Name it, or mark the row assumed";
            return Err(fault("there is no source".to_owned(), advice));
        }
        all.push(Course {
            drug: row.drug,
            share: row.share,
            days: row.days,
            source: row.source,
            mark,
            note: row.note,
        });
    }
    let sum: f64 = all.iter().map(|c| c.share).sum();
    all.iter_mut().for_each(|c| c.share /= sum);
    Ok(all)
}
