//! What goes together in people, the rows of `catalogue/correlations.csv`.

use crate::error::{PeopleError, Result};
use crate::sampler::{Correlation, SampledParameter, Sampler, SamplerError};
use gutskin_network::{Mark, ParameterTable, Spread, nearest};
use serde::Deserialize;

/// Name and text of the shipped table.
pub const CORRELATIONS: (&str, &str) = (
    "catalogue/correlations.csv",
    include_str!("../../../catalogue/correlations.csv"),
);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    a: String,
    b: String,
    r: f64,
    source: String,
    mark: String,
    note: String,
}

/// A published correlation.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    /// The pair and its coefficient.
    pub pair: Correlation,
    /// Where it was published; empty for an assumption.
    pub source: String,
    /// Where the number comes from.
    pub mark: Mark,
    /// What to know.
    pub note: String,
}

/// The shipped rows.
///
/// # Errors
/// A fault of the table, as [`read`] says it.
pub fn correlations(table: &ParameterTable) -> Result<Vec<Published>> {
    read(CORRELATIONS.0, CORRELATIONS.1, table)
}

/// Reads rows and checks them: both names are of parameters that differ between people, r lies between −1 and 1, no pair stands
/// twice, all can hold at once, and what is not assumed has a source.
///
/// # Errors
/// [`PeopleError::Table`] with the line at fault.
pub fn read(file: &str, text: &str, table: &ParameterTable) -> Result<Vec<Published>> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    let headers = reader
        .headers()
        .cloned()
        .map_err(|e| unreadable(file, &e))?;
    let mut rows = Vec::new();
    let mut parameters: Vec<SampledParameter> = Vec::new();
    let (mut pairs, mut lines) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let record = record.map_err(|e| unreadable(file, &e))?;
        let place = record.position().map_or(0, csv::Position::line);
        let fault = |problem: String, advice: &str| PeopleError::Table {
            table: file.to_owned(),
            place: format!("line {place}"),
            problem,
            advice: advice.to_owned(),
        };
        let row: Row = record
            .deserialize(Some(&headers))
            .map_err(|e| fault(e.to_string(), "Write a,b,r,source,mark,note"))?;
        for name in [&row.a, &row.b] {
            let entry = drawn(table, name).map_err(|(problem, advice)| fault(problem, &advice))?;
            if parameters.iter().all(|p| p.name != entry.name) {
                parameters.push(entry);
            }
        }
        let Some(mark) = Mark::from_word(&row.mark) else {
            let problem = format!("\"{}\" is no mark", row.mark);
            return Err(fault(problem, "Write read, computed, fitted or assumed"));
        };
        if mark != Mark::Assumed && row.source.trim().is_empty() {
            let problem = "there is no source".to_owned();
            return Err(fault(problem, "Name it, or mark the row assumed"));
        }
        pairs.push(Correlation {
            first: row.a.clone(),
            second: row.b.clone(),
            rho: row.r,
        });
        match Sampler::new(parameters.clone(), &pairs) {
            // Rows to come may mend it.
            Ok(_) | Err(SamplerError::NotPositiveDefinite { .. }) => {}
            Err(e) => return Err(fault(e.to_string(), "Mend the row or take it out")),
        }
        lines.push(place);
        rows.push(Published {
            pair: Correlation {
                first: row.a,
                second: row.b,
                rho: row.r,
            },
            source: row.source,
            mark,
            note: row.note,
        });
    }
    together(&parameters, &pairs).map_err(|(at, problem)| PeopleError::Table {
        table: file.to_owned(),
        place: lines
            .get(at)
            .map_or_else(|| "rows".to_owned(), |line| format!("line {line}")),
        problem,
        advice: "Mend the row or take it out".to_owned(),
    })?;
    Ok(rows)
}

/// All can hold at once; else the row of the pair that the smallest change would mend, or the last of those it rests on.
fn together(
    parameters: &[SampledParameter],
    pairs: &[Correlation],
) -> std::result::Result<(), (usize, String)> {
    let Err(error) = Sampler::new(parameters.to_vec(), pairs) else {
        return Ok(());
    };
    let mut at = None;
    if let SamplerError::NotPositiveDefinite { first, second, .. } = &error {
        let of = |pair: &Correlation, name: &String| pair.first == *name || pair.second == *name;
        let exact = |pair: &Correlation| of(pair, first) && of(pair, second);
        at = (pairs.iter().position(exact))
            .or_else(|| pairs.iter().rposition(|pair| of(pair, second)));
    }
    Err((
        at.unwrap_or(pairs.len().saturating_sub(1)),
        error.to_string(),
    ))
}

fn unreadable(file: &str, error: &csv::Error) -> PeopleError {
    PeopleError::Table {
        table: file.to_owned(),
        place: error
            .position()
            .map_or_else(|| "rows".to_owned(), |p| format!("line {}", p.line())),
        problem: error.to_string(),
        advice: "Write a,b,r,source,mark,note".to_owned(),
    }
}

/// The parameter of that name, where it differs between people; else what is wrong and what to do.
fn drawn(
    table: &ParameterTable,
    name: &str,
) -> std::result::Result<SampledParameter, (String, String)> {
    let Some(entry) = table.get(name) else {
        let varying = table.iter().filter(|p| p.spread != Spread::Fixed);
        let advice = match nearest(name, varying.map(|p| p.name.as_str())) {
            Some(near) => format!("Did you mean \"{near}\"?"),
            None => "Name a parameter of parameters/ that has a spread".to_owned(),
        };
        let problem = format!("\"{name}\" stands in no parameter file");
        return Err((problem, advice));
    };
    if entry.spread == Spread::Fixed {
        let problem =
            format!("\"{name}\" is the same in everybody, so that nothing goes along with it");
        return Err((problem, "Give it a spread, or take the row out".to_owned()));
    }
    Ok(entry.into())
}
