//! Sample metadata: a table with one row a sample, matched to the profiles by name.

use std::collections::{HashMap, HashSet};

use crate::error::{PeopleError, Result};

use super::input::Input;
use super::lines::{Lines, fields};
use super::preview::Preview;
use super::table::{SAMPLE, ragged, shorten};
use crate::profile::text::visible;

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
    /// Samples without a row and rows without a sample, in words; none where all match.
    pub mismatch: Option<String>,
    /// Samples without a row.
    missing: usize,
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
            for field in &mut row {
                if let std::borrow::Cow::Owned(shown) = visible(field) {
                    *field = shown;
                }
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

    /// Finds the row of each sample: by its name, else by its name without capitals, dots, dashes and underscores, where
    /// that is one row's only.
    ///
    /// # Errors
    /// When no column holds the samples' names, or a name stands in two rows.
    pub fn match_samples(&self, samples: &[&str]) -> Result<Matched<'_>> {
        let column = self.name_column(samples);
        let wanted: HashSet<&str> = samples.iter().copied().collect();
        let mut exact: HashMap<&str, usize> = HashMap::new();
        let mut loosely: HashMap<String, Option<usize>> = HashMap::new();
        for (index, row) in self.rows.iter().enumerate() {
            let name = row[column].as_str();
            if exact.insert(name, index).is_some() && wanted.contains(name) {
                return Err(PeopleError::Malformed {
                    file: self.file.clone(),
                    place: format!("column `{}`", self.columns[column]),
                    found: format!("the sample `{name}` twice"),
                    expected: "one row a sample".to_owned(),
                    advice: "Remove one of the two".to_owned(),
                });
            }
            loosely
                .entry(loose(name))
                .and_modify(|row| *row = None)
                .or_insert(Some(index));
        }
        let mut taken: HashSet<usize> = HashSet::new();
        let mut rows: Vec<Option<usize>> = samples
            .iter()
            .map(|id| exact.get(id).copied().filter(|row| taken.insert(*row)))
            .collect();
        let mut loose_matches = 0_usize;
        for (row, id) in rows.iter_mut().zip(samples) {
            if row.is_none() {
                let found = loosely.get(&loose(id)).copied().flatten();
                *row = found.filter(|row| taken.insert(*row));
                loose_matches += usize::from(row.is_some());
            }
        }
        let mismatch = self.mismatch(samples, &rows, column);
        if taken.is_empty() {
            return Err(PeopleError::Request {
                problem: mismatch.unwrap_or_else(|| format!("{} holds no rows", self.file)),
                advice: "Sample names must be the same in both; for one-sample files the sample is called as the file, without its ending".to_owned(),
            });
        }
        let mut notes = Vec::new();
        if loose_matches > 0 {
            notes.push(format!(
                "{loose_matches} sample names differ between the profiles and {} in capitals, dots, dashes or underscores; they were matched by column `{}` without these",
                self.file, self.columns[column]
            ));
        }
        notes.extend(mismatch.clone());
        Ok(Matched {
            metadata: self,
            missing: rows.iter().filter(|row| row.is_none()).count(),
            row_of_sample: rows,
            mismatch,
            notes,
        })
    }

    /// The column that names most samples.
    fn name_column(&self, samples: &[&str]) -> usize {
        let wanted: HashSet<&str> = samples.iter().copied().collect();
        let loosely: HashSet<String> = samples.iter().map(|id| loose(id)).collect();
        let hits = |column: usize| {
            let names = || self.rows.iter().map(|row| row[column].as_str());
            let exact = names().filter(|name| wanted.contains(name)).count();
            (
                names()
                    .filter(|name| loosely.contains(&loose(name)))
                    .count(),
                exact,
            )
        };
        (0..self.columns.len())
            .map(|column| (hits(column), std::cmp::Reverse(column)))
            .max()
            .filter(|((loose, _), _)| *loose > 0)
            .map_or_else(|| self.likely_name_column(), |(_, column)| column.0)
    }

    /// Where no sample is named: the column that is called so, else the first.
    fn likely_name_column(&self) -> usize {
        self.columns
            .iter()
            .position(|name| SAMPLE.contains(&name.to_lowercase().as_str()))
            .unwrap_or(0)
    }

    /// Samples without a row and rows without a sample, with examples and what may have been meant.
    fn mismatch(&self, samples: &[&str], rows: &[Option<usize>], column: usize) -> Option<String> {
        const EXAMPLES: usize = 3;
        let missing: Vec<&str> = samples
            .iter()
            .zip(rows)
            .filter(|(_, row)| row.is_none())
            .map(|(id, _)| *id)
            .collect();
        let used: HashSet<usize> = rows.iter().flatten().copied().collect();
        let unused: Vec<&str> = (0..self.rows.len())
            .filter(|row| !used.contains(row))
            .map(|row| self.rows[row][column].as_str())
            .collect();
        let examples = |names: &[&str]| {
            let shown: Vec<String> = names
                .iter()
                .take(EXAMPLES)
                .map(|name| format!("`{}`", shorten(name)))
                .collect();
            format!(
                "{}{}",
                shown.join(", "),
                if names.len() > EXAMPLES { " …" } else { "" }
            )
        };
        let rows_without = format!(
            "{} of {} rows of {} belong to no sample",
            unused.len(),
            self.rows.len(),
            self.file
        );
        if missing.is_empty() {
            return (!unused.is_empty()).then_some(rows_without);
        }
        let mut text = format!(
            "{} of {} samples have no row in {}, such as {}",
            missing.len(),
            samples.len(),
            self.file,
            examples(&missing)
        );
        if !unused.is_empty() {
            text.push_str(&format!(
                "; {rows_without} (column `{}`), such as {}",
                self.columns[column],
                examples(&unused)
            ));
            let meant: Vec<String> = missing
                .iter()
                .take(EXAMPLES)
                .filter_map(|id| {
                    Some(format!(
                        "`{}` for `{}`",
                        shorten(nearest(id, &unused)?),
                        shorten(id)
                    ))
                })
                .collect();
            if !meant.is_empty() {
                text.push_str(&format!("; did you mean {}", meant.join(", ")));
            }
        }
        Some(text)
    }
}

impl Matched<'_> {
    /// Refuses samples without a row: whether a name is misspelt or a row was forgotten, comparisons would lose them.
    ///
    /// # Errors
    /// When there is one.
    pub fn require_all(&self) -> Result<()> {
        if self.missing == 0 {
            return Ok(());
        }
        Err(PeopleError::Request {
            problem: self.mismatch.clone().unwrap_or_default(),
            advice: "Name the samples alike in both, or say with --allow-missing that samples without a row are meant to be so".to_owned(),
        })
    }

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

/// The name among these that a name most likely stands for: one that holds the other, or one that differs little.
fn nearest<'n>(id: &str, names: &[&'n str]) -> Option<&'n str> {
    const LOOKED_AT: usize = 20_000;
    const FEWEST_LETTERS: usize = 3;
    const LIKE: f64 = 0.6;
    let wanted = loose(id);
    let likeness = |name: &str| {
        let name = loose(name);
        let (short, long) = if name.len() < wanted.len() {
            (name.as_str(), wanted.as_str())
        } else {
            (wanted.as_str(), name.as_str())
        };
        let held = short.len() >= FEWEST_LETTERS && long.contains(short);
        strsim::normalized_levenshtein(&name, &wanted) + if held { 1.0 } else { 0.0 }
    };
    names
        .iter()
        .take(LOOKED_AT)
        .map(|name| (likeness(name), *name))
        .filter(|(likeness, _)| *likeness >= LIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// A name without capitals and without the signs that programs replace; between digits some sign stays, for `P1.12` and
/// `P11.2` are two people.
fn loose(name: &str) -> String {
    let mut kept = String::with_capacity(name.len());
    let mut parted = false;
    for sign in name.chars() {
        if !sign.is_alphanumeric() {
            parted = true;
            continue;
        }
        let after_digit = kept.chars().next_back().is_some_and(char::is_numeric);
        if parted && after_digit && sign.is_numeric() {
            kept.push('.');
        }
        parted = false;
        kept.extend(sign.to_lowercase());
    }
    kept
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

#[cfg(test)]
mod tests {
    use super::loose;

    #[test]
    fn signs_that_programs_replace_are_dropped_but_not_between_digits() {
        assert_eq!(loose("Sample_A-1"), loose("sample.a.1"));
        assert_eq!(loose("P1.12"), loose("p1-12"));
        assert_ne!(loose("P1.12"), loose("P11.2"));
        assert_ne!(loose("P1.12"), loose("P112"));
    }
}
