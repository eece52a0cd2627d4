//! Reading a catalogue table: CSV with a header, errors with file and line.

use gutskin_network::{Mark, nearest};
use gutskin_units::Unit;
use std::collections::HashMap;
use thiserror::Error;

/// What is wrong with a catalogue table, and where.
#[derive(Clone, Debug, Error, PartialEq)]
#[error("{file}:{line}: {message}")]
pub struct CatalogueError {
    /// File as the caller names it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// What was found, what was expected, what to do.
    pub message: String,
}

/// A number with the unit that stands beside it in the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// The number.
    pub value: f64,
    /// Its unit.
    pub unit: Unit,
}

/// Where a row comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Provenance {
    /// Source, as written.
    pub source: String,
    /// Kind of evidence.
    pub mark: Mark,
    /// Remark.
    pub note: String,
}

/// A table in memory.
pub(crate) struct Table<'t> {
    file: &'t str,
    columns: HashMap<String, usize>,
    rows: Vec<(usize, csv::StringRecord)>,
}

impl<'t> Table<'t> {
    /// Reads a table that has at least these columns.
    pub fn read(file: &'t str, text: &str, needed: &[&str]) -> Result<Self, CatalogueError> {
        let fault = |line: usize, message: String| CatalogueError {
            file: file.to_owned(),
            line,
            message,
        };
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .comment(Some(b'#'))
            .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let header = reader
            .headers()
            .map_err(|e| fault(1, format!("the header cannot be read: {e}")))?;
        let mut columns = HashMap::new();
        for (i, name) in header.iter().enumerate() {
            if columns.insert(name.to_owned(), i).is_some() {
                return Err(fault(
                    1,
                    format!("column \"{name}\" stands twice; keep one"),
                ));
            }
        }
        for name in needed {
            if !columns.contains_key(*name) {
                let hint = nearest(name, columns.keys().map(String::as_str))
                    .map_or(String::new(), |n| format!("; is \"{n}\" meant?"));
                return Err(fault(
                    1,
                    format!("column \"{name}\" is missing{hint}; add it to the header"),
                ));
            }
        }
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|e| {
                let line = e.position().map_or(1, |p| p.line() as usize);
                fault(
                    line,
                    format!("the row cannot be read: {e}; quote cells that hold a comma"),
                )
            })?;
            let line = record.position().map_or(1, |p| p.line() as usize);
            rows.push((line, record));
        }
        Ok(Self {
            file,
            columns,
            rows,
        })
    }

    /// The rows, in order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, record)| Row {
            file: self.file,
            line: *line,
            columns: &self.columns,
            record,
        })
    }

    /// Names of the columns that are not among `known`, in order of the header.
    pub fn other_columns(&self, known: &[&str]) -> Vec<String> {
        let mut found: Vec<_> = self
            .columns
            .iter()
            .filter(|(name, _)| !known.contains(&name.as_str()))
            .collect();
        found.sort_by_key(|(_, i)| **i);
        found.into_iter().map(|(name, _)| name.clone()).collect()
    }
}

/// One row.
#[derive(Clone, Copy)]
pub(crate) struct Row<'r> {
    file: &'r str,
    line: usize,
    columns: &'r HashMap<String, usize>,
    record: &'r csv::StringRecord,
}

impl<'r> Row<'r> {
    /// An error at this row.
    pub fn fault(&self, message: impl Into<String>) -> CatalogueError {
        CatalogueError {
            file: self.file.to_owned(),
            line: self.line,
            message: message.into(),
        }
    }

    /// Line, from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// A cell, empty where it or its column does not stand.
    pub fn text(&self, column: &str) -> &'r str {
        self.columns
            .get(column)
            .and_then(|i| self.record.get(*i))
            .unwrap_or("")
    }

    /// A cell that must not be empty.
    pub fn required(&self, column: &str) -> Result<&'r str, CatalogueError> {
        match self.text(column) {
            "" => Err(self.fault(format!("\"{column}\" is empty; fill it in"))),
            text => Ok(text),
        }
    }

    /// A cell that names something: letters, digits and _.
    pub fn name(&self, column: &str) -> Result<String, CatalogueError> {
        let text = self.required(column)?;
        if text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && text.starts_with(|c: char| c.is_ascii_alphabetic())
        {
            Ok(text.to_owned())
        } else {
            Err(self.fault(format!(
                "\"{column}\" is \"{text}\"; a name starts with a letter and holds letters, digits and _ only"
            )))
        }
    }

    /// A number, absent where the cell is empty.
    pub fn optional_number(&self, column: &str) -> Result<Option<f64>, CatalogueError> {
        let text = self.text(column);
        if text.is_empty() {
            return Ok(None);
        }
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Some(value)),
            _ => Err(self.fault(format!(
                "\"{column}\" is \"{text}\"; write a plain number such as 0.25"
            ))),
        }
    }

    /// A number.
    pub fn number(&self, column: &str) -> Result<f64, CatalogueError> {
        self.required(column)?;
        self.optional_number(column)?
            .ok_or_else(|| self.fault(format!("\"{column}\" is empty; fill it in")))
    }

    /// A number that is not negative.
    pub fn non_negative(&self, column: &str) -> Result<f64, CatalogueError> {
        let value = self.number(column)?;
        if value < 0.0 {
            return Err(self.fault(format!("\"{column}\" is {value}; it must be zero or more")));
        }
        Ok(value)
    }

    /// A number above zero.
    pub fn positive(&self, column: &str) -> Result<f64, CatalogueError> {
        let value = self.number(column)?;
        if value <= 0.0 {
            return Err(self.fault(format!("\"{column}\" is {value}; it must be above zero")));
        }
        Ok(value)
    }

    /// `yes` or `no`.
    pub fn flag(&self, column: &str) -> Result<bool, CatalogueError> {
        match self.required(column)? {
            "yes" => Ok(true),
            "no" => Ok(false),
            other => Err(self.fault(format!("\"{column}\" is \"{other}\"; write yes or no"))),
        }
    }

    /// The unit in `<column>_unit`, checked to be of the kind of `wanted`.
    pub fn unit(&self, column: &str, wanted: &str) -> Result<Unit, CatalogueError> {
        self.parse_unit(column, &format!("{column}_unit"), wanted)
    }

    fn parse_unit(&self, column: &str, cell: &str, wanted: &str) -> Result<Unit, CatalogueError> {
        let text = self.text(cell);
        if text.is_empty() {
            return Err(self.fault(format!(
                "\"{column}\" has no unit; write one in \"{cell}\", for example {wanted}"
            )));
        }
        let unit = Unit::parse(text)
            .map_err(|e| self.fault(format!("\"{cell}\": {e}; write for example {wanted}")))?;
        let like = Unit::parse(wanted).map_err(|e| self.fault(e.to_string()))?;
        unit.convert(1.0, &like).map_err(|e| {
            self.fault(format!(
                "\"{cell}\" is \"{text}\": {e}; write for example {wanted}"
            ))
        })?;
        Ok(unit)
    }

    /// The unit in the cell `column` itself, checked to be of the kind of `wanted`.
    pub fn unit_in(&self, column: &str, wanted: &str) -> Result<Unit, CatalogueError> {
        self.parse_unit(column, column, wanted)
    }

    /// A non-negative number with its unit, in `wanted`.
    pub fn quantity(&self, column: &str, wanted: &str) -> Result<Quantity, CatalogueError> {
        let value = self.non_negative(column)?;
        let unit = self.unit(column, wanted)?;
        Ok(Quantity { value, unit })
    }

    /// As [`Row::quantity`], absent where the cell is empty.
    pub fn optional_quantity(
        &self,
        column: &str,
        wanted: &str,
    ) -> Result<Option<Quantity>, CatalogueError> {
        if self.text(column).is_empty() {
            return Ok(None);
        }
        self.quantity(column, wanted).map(Some)
    }

    /// The numbers in `<column>_low` and `<column>_high`, absent where both cells are empty.
    pub fn range(&self, column: &str) -> Result<Option<[f64; 2]>, CatalogueError> {
        let (low, high) = (format!("{column}_low"), format!("{column}_high"));
        match (self.optional_number(&low)?, self.optional_number(&high)?) {
            (None, None) => Ok(None),
            (Some(a), Some(b)) if a <= b => Ok(Some([a, b])),
            _ => Err(self.fault(format!(
                "\"{low}\" and \"{high}\" are a range: fill in both, the smaller one first, or neither"
            ))),
        }
    }

    /// Source, mark and note.
    pub fn provenance(&self) -> Result<Provenance, CatalogueError> {
        let mark = self.required("mark")?;
        Ok(Provenance {
            source: self.required("source")?.to_owned(),
            mark: Mark::from_word(mark).ok_or_else(|| {
                self.fault(format!(
                    "\"mark\" is \"{mark}\"; write read, computed, fitted or assumed"
                ))
            })?,
            note: self.text("note").to_owned(),
        })
    }
}

/// A hint for a name that is not known.
pub(crate) fn hint<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> String {
    let known: Vec<&str> = known.collect();
    nearest(name, known.iter().copied()).map_or_else(
        || format!("; known are {}", known.join(", ")),
        |n| format!("; did you mean \"{n}\"?"),
    )
}
