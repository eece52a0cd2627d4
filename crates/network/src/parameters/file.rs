//! Reading one `parameters/<Author2022>.toml`.

use super::{Mark, ParameterEntry, ParameterTable, Spread};
use gutskin_units::Unit;
use serde::Deserialize;
use thiserror::Error;
use toml::Spanned;

/// What is wrong with a parameter file, and where.
#[derive(Clone, Debug, Error, PartialEq)]
#[error("{file}:{line}: {message}")]
pub struct ParameterFileError {
    /// File as the caller names it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// What was found, what was expected, what to do.
    pub message: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    source: Source,
    #[serde(default)]
    parameter: Vec<Spanned<Row>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    key: String,
    citation: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    value: f64,
    unit: String,
    spread: SpreadRow,
    mark: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    source: Option<String>,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum SpreadRow {
    Fixed,
    Normal { sd: f64 },
    Lognormal { sd_ln: Option<f64>, cv: Option<f64> },
    Uniform { low: f64, high: f64 },
    LogUniform { low: f64, high: f64 },
    TruncatedNormal { sd: f64, low: f64, high: f64 },
}

impl SpreadRow {
    fn spread(&self) -> Result<Spread, String> {
        Ok(match *self {
            SpreadRow::Fixed => Spread::Fixed,
            SpreadRow::Normal { sd } => Spread::Normal { sd },
            SpreadRow::Lognormal { sd_ln, cv } => match (sd_ln, cv) {
                (Some(sd_ln), None) => Spread::LogNormal { sd_ln },
                (None, Some(cv)) => Spread::lognormal_of_cv(cv)?,
                _ => return Err("give either sd_ln or cv, not both and not neither".into()),
            },
            SpreadRow::Uniform { low, high } => Spread::Uniform { low, high },
            SpreadRow::LogUniform { low, high } => Spread::LogUniform { low, high },
            SpreadRow::TruncatedNormal { sd, low, high } => {
                Spread::TruncatedNormal { sd, low, high }
            }
        })
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.as_bytes()
        .iter()
        .take(offset)
        .filter(|&&b| b == b'\n')
        .count()
        + 1
}

impl ParameterTable {
    /// Adds every parameter of one file. `file` is the name used in messages.
    ///
    /// # Errors
    /// The first thing wrong, with file and line: broken TOML, an unknown key, a missing unit or spread, an unknown
    /// mark, a spread that does not fit the value, a name that already stands elsewhere.
    pub fn read_toml(&mut self, file: &str, text: &str) -> Result<(), ParameterFileError> {
        let error = |offset: usize, message: String| ParameterFileError {
            file: file.to_owned(),
            line: line_of(text, offset),
            message,
        };
        let parsed: File = toml::from_str(text).map_err(|e| {
            let offset = e.span().map_or(0, |s| s.start);
            error(offset, e.message().to_owned())
        })?;
        self.cite(&parsed.source.key, &parsed.source.citation);
        for row in &parsed.parameter {
            let at = row.span().start;
            let entry = entry(row.as_ref(), &parsed.source.key, file, line_of(text, at))
                .map_err(|message| error(at, message))?;
            let name = entry.name.clone();
            if let Err(old) = self.insert(entry) {
                return Err(error(
                    at,
                    format!(
                        "parameter \"{name}\" already stands at {}; a fact stands in one place: remove one of the two",
                        old.origin
                    ),
                ));
            }
        }
        Ok(())
    }

    /// Lays every parameter of one file over this table: those of a name that stands take its place.
    ///
    /// # Errors
    /// As [`ParameterTable::read_toml`], and a name twice in the file.
    pub fn overlay_toml(&mut self, file: &str, text: &str) -> Result<(), ParameterFileError> {
        let mut over = ParameterTable::new();
        over.read_toml(file, text)?;
        self.entries.extend(over.entries);
        self.citations.extend(over.citations);
        Ok(())
    }
}

fn entry(row: &Row, source: &str, file: &str, line: usize) -> Result<ParameterEntry, String> {
    let name = &row.name;
    if !crate::is_name(name) {
        return Err(format!(
            "\"{name}\" is not a name; expected module.name with letters, digits, _ and dots"
        ));
    }
    if !row.value.is_finite() {
        return Err(format!(
            "value of \"{name}\" is {}; it must be finite",
            row.value
        ));
    }
    let unit = Unit::parse(&row.unit).map_err(|e| format!("unit of \"{name}\": {e}"))?;
    let spread = row
        .spread
        .spread()
        .and_then(|s| s.check(row.value).map(|()| s))
        .map_err(|e| format!("spread of \"{name}\": {e}"))?;
    let mark = Mark::from_word(&row.mark).ok_or_else(|| {
        format!(
            "mark of \"{name}\" is \"{}\"; expected read, computed, fitted or assumed",
            row.mark
        )
    })?;
    Ok(ParameterEntry {
        name: name.clone(),
        value: row.value,
        unit,
        spread,
        source: row.source.clone().unwrap_or_else(|| source.to_owned()),
        mark,
        note: row.note.clone(),
        origin: format!("{file}:{line}"),
    })
}
