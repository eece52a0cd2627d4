//! Sample metadata: a table with one row a sample, matched to the profiles by name.

use std::collections::{HashMap, HashSet};

use crate::error::{PeopleError, Result};

use super::input::Input;
use super::lines::{Lines, fields};
use super::preview::Preview;
use super::table::{SAMPLE, ragged};

/// Metadata of samples.
#[derive(Debug, Clone)]
pub struct Metadata {
    file: String,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// Metadata rows found for a list of samples.
#[derive(Debug, Clone)]
pub struct Matched<'a> {
    metadata: &'a Metadata,
    row_of_sample: Vec<Option<usize>>,
    /// Remarks on how names were matched.
    pub notes: Vec<String>,
}

impl Metadata {
    /// Reads a metadata table (tabs, commas or semicolons; `#q2:types` lines are left out).
    ///
    /// # Errors
    /// When there is no header or a row is ragged.
    pub fn read(input: Input) -> Result<Self> {
        let whole = input.whole;
        let preview = Preview::of(&input.head, whole);
        let file = input.name.clone();
        let limit = input.limits.cells;
        let (header, skip) = header(&preview, &file)?;
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut lines = Lines::new(input);
        while let Some(line) = lines.next_line()? {
            let line = line.to_owned();
            let number = lines.number();
            if number <= skip || line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let mut row = fields(&line, preview.delimiter);
            while row.len() < header.len() && line.ends_with(preview.delimiter) {
                row.push(String::new());
            }
            if row.len() != header.len() {
                return Err(ragged(&file, number, row.len(), header.len()));
            }
            if rows.len().saturating_mul(header.len()) > limit {
                return Err(PeopleError::TooLarge {
                    file,
                    what: "the metadata table".to_owned(),
                    limit: format!("{limit} cells"),
                });
            }
            rows.push(row);
        }
        Ok(Self {
            file,
            columns: header,
            rows,
        })
    }

    /// Names of the columns.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Finds the row of each sample.
    ///
    /// # Errors
    /// When no column holds the samples' names, or a name stands in two rows.
    pub fn match_samples(&self, samples: &[&str]) -> Result<Matched<'_>> {
        let wanted: HashSet<&str> = samples.iter().copied().collect();
        let hits = |column: usize| {
            self.rows
                .iter()
                .filter(|row| wanted.contains(row[column].as_str()))
                .count()
        };
        let loose_wanted: HashSet<String> = samples.iter().map(|id| loose(id)).collect();
        let loose_hits = |column: usize| {
            self.rows
                .iter()
                .filter(|row| loose_wanted.contains(&loose(&row[column])))
                .count()
        };
        let (column, count) = best(self.columns.len(), hits);
        let (column, exact) = if count > 0 {
            (column, true)
        } else {
            (best(self.columns.len(), loose_hits).0, false)
        };
        let found = if exact { count } else { loose_hits(column) };
        if found == 0 {
            return Err(self.no_match(samples));
        }
        let key = |text: &str| if exact { text.to_owned() } else { loose(text) };
        let mut by_name: HashMap<String, usize> = HashMap::new();
        for (index, row) in self.rows.iter().enumerate() {
            let name = key(&row[column]);
            if by_name.insert(name, index).is_some() && wanted.contains(row[column].as_str()) {
                return Err(PeopleError::Malformed {
                    file: self.file.clone(),
                    place: format!("column `{}`", self.columns[column]),
                    found: format!("the sample `{}` twice", row[column]),
                    expected: "one row a sample".to_owned(),
                    advice: "Remove one of the two".to_owned(),
                });
            }
        }
        let row_of_sample: Vec<Option<usize>> = samples
            .iter()
            .map(|id| by_name.get(&key(id)).copied())
            .collect();
        Ok(Matched {
            metadata: self,
            notes: self.match_notes(samples, &row_of_sample, column, exact),
            row_of_sample,
        })
    }

    fn match_notes(
        &self,
        samples: &[&str],
        rows: &[Option<usize>],
        column: usize,
        exact: bool,
    ) -> Vec<String> {
        let mut notes = Vec::new();
        if !exact {
            notes.push(format!(
                "sample names differ between the profiles and {} in capitals, dots, dashes or underscores; they were matched by column `{}` without these",
                self.file, self.columns[column]
            ));
        }
        let missing: Vec<&str> = samples
            .iter()
            .zip(rows)
            .filter(|(_, row)| row.is_none())
            .map(|(id, _)| *id)
            .collect();
        if !missing.is_empty() {
            notes.push(format!(
                "{} of {} samples have no row in {}: {}{}",
                missing.len(),
                samples.len(),
                self.file,
                missing
                    .iter()
                    .take(5)
                    .copied()
                    .collect::<Vec<_>>()
                    .join(", "),
                if missing.len() > 5 { " …" } else { "" }
            ));
        }
        let used: HashSet<usize> = rows.iter().flatten().copied().collect();
        let unused = self.rows.len() - used.len();
        if unused > 0 {
            notes.push(format!(
                "{unused} rows of {} belong to no profile given",
                self.file
            ));
        }
        notes
    }

    fn no_match(&self, samples: &[&str]) -> PeopleError {
        let own = self
            .rows
            .iter()
            .take(3)
            .map(|row| row[0].as_str())
            .collect::<Vec<_>>()
            .join(", ");
        PeopleError::Request {
            problem: format!(
                "no sample of the profiles ({} …) has a row in {} (its first column begins {own} …)",
                samples.iter().take(3).copied().collect::<Vec<_>>().join(", "),
                self.file
            ),
            advice: "Sample names must be the same in both; for one-sample files the sample is called as the file, without its ending".to_owned(),
        }
    }
}

impl Matched<'_> {
    /// Values of a column, one a sample; `None` where the sample has no row or an empty cell.
    ///
    /// # Errors
    /// When there is no such column.
    pub fn column(&self, name: &str) -> Result<Vec<Option<&str>>> {
        let position = self
            .metadata
            .columns
            .iter()
            .position(|column| column == name)
            .or_else(|| {
                self.metadata
                    .columns
                    .iter()
                    .position(|column| column.eq_ignore_ascii_case(name))
            });
        let Some(position) = position else {
            let near = self
                .metadata
                .columns
                .iter()
                .min_by_key(|column| strsim::levenshtein(column, name))
                .cloned()
                .unwrap_or_default();
            return Err(PeopleError::Request {
                problem: format!("{} has no column `{name}`", self.metadata.file),
                advice: format!(
                    "Did you mean `{near}`? Its columns are: {}",
                    self.metadata.columns.join(", ")
                ),
            });
        };
        Ok(self
            .row_of_sample
            .iter()
            .map(|row| {
                row.map(|row| self.metadata.rows[row][position].as_str())
                    .filter(|text| {
                        !matches!(*text, "" | "NA" | "na" | "N/A" | "nan" | "NaN" | "null")
                    })
            })
            .collect())
    }

    /// The first of these columns that exists.
    #[must_use]
    pub fn any_column(&self, names: &[&str]) -> Option<Vec<Option<&str>>> {
        names.iter().find_map(|name| self.column(name).ok())
    }
}

fn best(columns: usize, hits: impl Fn(usize) -> usize) -> (usize, usize) {
    let mut found = (0, 0);
    for column in 0..columns {
        let count = hits(column);
        if count > found.1 {
            found = (column, count);
        }
    }
    found
}

/// A name without capitals and without the signs that programs replace.
fn loose(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

fn header(preview: &Preview, file: &str) -> Result<(Vec<String>, u64)> {
    if !preview.header.is_empty() {
        return Ok((preview.header.clone(), preview.skip));
    }
    // a header of which no word is known, above rows of words
    let missing = || PeopleError::Malformed {
        file: file.to_owned(),
        place: "line 1".to_owned(),
        found: "no header".to_owned(),
        expected: format!(
            "a line of column names, one of them for the samples ({} …)",
            SAMPLE[..3].join(", ")
        ),
        advice: "Add a header line".to_owned(),
    };
    if let Some(last) = preview.comments.last() {
        let header = fields(last.trim_start_matches('#'), preview.delimiter);
        if header.len() > 1 {
            return Ok((header, preview.skip));
        }
    }
    let first = preview
        .rows
        .first()
        .filter(|row| row.len() > 1)
        .ok_or_else(missing)?;
    Ok((first.clone(), preview.skip + 1))
}
