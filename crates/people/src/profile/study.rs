//! Many files, one study: taxonomies find their tables, samples their metadata, groups each other.

use std::collections::HashMap;

use serde::Serialize;

use crate::error::{PeopleError, Result};

use super::analyse::{Analyser, FileReport, Names, caution_index};
use super::by_metadata::{parse_loads, repeated_subjects, warn_by_metadata, warn_of_load};
use super::cohort::Cohort;
use super::compare::{Comparison, Design, compare};
use super::method::Method;
use super::ordination::{Ordination, ordinate};
use super::read::{Content, Metadata, TaxonomyList};
use super::rules::Rules;
use super::sample::SampleReport;

/// What is known of a file beside its samples.
#[derive(Debug, Clone, Serialize)]
pub struct FileSummary {
    /// Name.
    pub file: String,
    /// Format in words.
    pub format: String,
    /// Method.
    pub method: Method,
    /// Database or program version from the header.
    pub database: Option<String>,
    /// Number of samples.
    pub samples: usize,
    /// What the reader assumed or met.
    pub notes: Vec<String>,
}

/// Columns that a user names in the metadata.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    /// Groups to compare.
    pub group: Option<String>,
    /// Subjects, for paired comparisons.
    pub paired: Option<String>,
    /// Cells per gram of stool.
    pub load: Option<String>,
    /// Keep only samples with this value in this column.
    pub keep: Vec<(String, String)>,
    /// Samples without a row in the metadata are no error.
    pub allow_missing: bool,
}

/// All samples of a run, and what was made of them together.
#[derive(Debug, Default, Serialize)]
pub struct Study {
    /// Samples.
    pub samples: Vec<SampleReport>,
    /// Files.
    pub files: Vec<FileSummary>,
    /// Group comparison.
    pub comparison: Option<Comparison>,
    /// Ordination.
    pub ordination: Option<Ordination>,
    /// Remarks on the whole.
    pub notes: Vec<String>,
    /// Group of each sample, where groups were named.
    pub groups: Option<Vec<Option<String>>>,
    /// Names of genera.
    #[serde(skip)]
    pub genera: Names,
    /// Names of rows, where compositions are kept.
    #[serde(skip)]
    pub rows: Names,
    /// File of each sample name.
    #[serde(skip)]
    known: HashMap<String, usize>,
    #[serde(skip)]
    waiting: Vec<Cohort>,
    #[serde(skip)]
    taxonomies: Vec<(TaxonomyList, usize)>,
}

impl Study {
    /// Takes in the content of a file. Tables that need a taxonomy wait for it until [`Study::settle`].
    ///
    /// # Errors
    /// When the file holds nothing that can be analysed.
    pub fn add(&mut self, content: Content, analyser: &Analyser) -> Result<()> {
        match content {
            Content::Taxonomy(list) => {
                self.taxonomies.push((list, 0));
                Ok(())
            }
            Content::Profiles(cohort) => {
                let unnamed = cohort
                    .features
                    .iter()
                    .filter(|feature| feature.lineage.is_none())
                    .count();
                if unnamed * 2 > cohort.features.len() && !reads_alone(&cohort) {
                    self.waiting.push(cohort);
                    return Ok(());
                }
                let report = analyser.analyse(cohort, &mut self.genera, &mut self.rows)?;
                self.take(report)
            }
        }
    }

    /// Analyses the tables that waited for a taxonomy. Returns the errors of those that failed.
    pub fn settle(&mut self, analyser: &Analyser) -> Vec<PeopleError> {
        let mut errors = Vec::new();
        for mut cohort in std::mem::take(&mut self.waiting) {
            for (list, used) in &mut self.taxonomies {
                *used += list.apply(&mut cohort, &analyser.words);
            }
            let result = analyser
                .analyse(cohort, &mut self.genera, &mut self.rows)
                .and_then(|report| self.take(report));
            errors.extend(result.err());
        }
        for (list, used) in &self.taxonomies {
            if *used == 0 {
                self.notes.push(format!(
                    "the taxonomy {} was not used: the tables name their taxa themselves, or none of its features is in them",
                    list.file
                ));
            }
        }
        self.notes.extend(self.repeated_content());
        errors
    }

    /// A remark on samples of different names that hold the same numbers.
    fn repeated_content(&self) -> Option<String> {
        /// Samples with fewer genera may be alike by chance.
        const FEWEST: usize = 3;
        let mut first: HashMap<u64, &str> = HashMap::new();
        let mut example = None;
        let mut count = 0_usize;
        for sample in (self.samples.iter()).filter(|s| s.genera.iter().len() >= FEWEST) {
            if let Some(other) = first.insert(sample.fingerprint(), &sample.id) {
                count += 1;
                example.get_or_insert((other, sample.id.as_str()));
            }
        }
        let (one, other): (&str, &str) = example?;
        Some(format!(
            "the same numbers under several names, {count} times, such as `{one}` and `{other}`: a sample twice?"
        ))
    }

    fn take(&mut self, report: FileReport) -> Result<()> {
        /// What is said of a sample stays in memory.
        const MOST: usize = 200_000;
        if self.samples.len() + report.samples.len() > MOST {
            return Err(PeopleError::Request {
                problem: format!("with {} there are more than {MOST} samples", report.file),
                advice:
                    "Memory is bounded by that: analyse some of the files in a run of their own"
                        .to_owned(),
            });
        }
        for sample in &report.samples {
            if let Some(other) = self.known.insert(sample.id.clone(), self.files.len()) {
                let other = self
                    .files
                    .get(other)
                    .map_or(report.file.as_str(), |file| file.file.as_str());
                return Err(PeopleError::Request {
                    problem: format!(
                        "the sample `{}` is in {} and in {}",
                        sample.id, other, report.file
                    ),
                    advice: "Each sample may come once: rename one of them or leave one file out"
                        .to_owned(),
                });
            }
        }
        self.files.push(FileSummary {
            file: report.file,
            format: report.format.to_owned(),
            method: report.method,
            database: report.database,
            samples: report.samples.len(),
            notes: report.notes,
        });
        self.samples.extend(report.samples);
        Ok(())
    }

    /// Joins metadata: loads, groups, comparison.
    ///
    /// # Errors
    /// When names do not match, samples have no row (unless that is allowed), a column is missing, or groups cannot be compared.
    pub fn join(&mut self, metadata: &Metadata, columns: &Columns, seed: u64) -> Result<()> {
        if !columns.allow_missing {
            let all = self.samples.iter().map(|sample| sample.id.as_str());
            let ids: Vec<&str> = all.collect();
            let matched = metadata.match_samples(&ids)?;
            let keep = columns.keep.iter().map(|rule| &rule.0);
            let named = [&columns.group, &columns.paired, &columns.load];
            for column in named.into_iter().flatten().chain(keep) {
                matched.column(column)?;
            }
            matched.require_all()?;
        }
        self.keep(metadata, &columns.keep)?;
        let ids: Vec<&str> = self
            .samples
            .iter()
            .map(|sample| sample.id.as_str())
            .collect();
        let matched = metadata.match_samples(&ids)?;
        self.notes.extend(matched.notes.clone());
        let mut loads = None;
        if let Some(name) = &columns.load {
            loads = Some(parse_loads(name, &ids, &matched.column(name)?)?);
        }
        let hosts = matched.any_column(&[
            "host",
            "host_species",
            "Host",
            "MouseID",
            "mouse_id",
            "host_common_name",
        ]);
        let mouse: Vec<bool> = match (
            &hosts,
            metadata
                .columns()
                .iter()
                .any(|column| column.to_lowercase().starts_with("mouse")),
        ) {
            (Some(values), by_name) => values
                .iter()
                .map(|value| {
                    value.is_some_and(|text| {
                        by_name || text.to_lowercase().contains("mouse") || text.contains("Mus ")
                    })
                })
                .collect(),
            (None, _) => vec![false; ids.len()],
        };
        let site = matched.any_column(&[
            "body-site",
            "body_site",
            "BODY_SITE",
            "bodysite",
            "body_habitat",
            "sample_type",
            "Source",
        ]);
        let sites: Vec<Option<String>> = site.map_or_else(
            || vec![None; ids.len()],
            |values| {
                values
                    .into_iter()
                    .map(|value| value.map(str::to_owned))
                    .collect()
            },
        );
        let groups = columns
            .group
            .as_ref()
            .map(|name| matched.column(name))
            .transpose()?;
        let subjects = columns
            .paired
            .as_ref()
            .map(|name| matched.column(name))
            .transpose()?;
        if let Some(loads) = loads {
            for (sample, load) in self.samples.iter_mut().zip(loads) {
                sample.load_cells_per_gram = load.or(sample.load_cells_per_gram);
            }
            warn_of_load(&mut self.samples, &Rules::shipped()?)?;
        }
        for ((sample, mouse), site) in self.samples.iter_mut().zip(mouse).zip(sites) {
            warn_by_metadata(sample, mouse, site.as_deref());
            caution_index(sample);
        }
        if let Some(groups) = groups {
            self.groups = Some(
                groups
                    .iter()
                    .map(|group| group.map(str::to_owned))
                    .collect(),
            );
            let repeated = if subjects.is_none() {
                repeated_subjects(&matched, &groups)
            } else {
                None
            };
            let design = Design {
                column: columns.group.clone().unwrap_or_default(),
                groups,
                subjects,
                seed,
            };
            let mut comparison = compare(&self.samples, self.genera.all(), &design)
                .map_err(|error| with_mismatch(error, matched.mismatch.as_deref()))?;
            comparison.notes.extend(repeated);
            self.comparison = Some(comparison);
        }
        Ok(())
    }

    /// Leaves out the samples that do not have the values asked for.
    fn keep(&mut self, metadata: &Metadata, rules: &[(String, String)]) -> Result<()> {
        for (column, wanted) in rules {
            let ids: Vec<&str> = self
                .samples
                .iter()
                .map(|sample| sample.id.as_str())
                .collect();
            let matched = metadata.match_samples(&ids)?;
            let kept: Vec<bool> = matched
                .column(column)?
                .iter()
                .map(|value| *value == Some(wanted.as_str()))
                .collect();
            let before = self.samples.len();
            let mut position = 0;
            self.samples.retain(|_| {
                position += 1;
                kept[position - 1]
            });
            if self.samples.is_empty() {
                return Err(PeopleError::Request {
                    problem: format!("no sample has `{wanted}` in column `{column}`"),
                    advice: "Check the spelling of the value".to_owned(),
                });
            }
            self.notes.push(format!(
                "only samples with `{wanted}` in `{column}` are kept: {} of {before}",
                self.samples.len()
            ));
        }
        Ok(())
    }

    /// Places the samples of the method that most samples have.
    pub fn ordinate(&mut self) {
        let mut counts: HashMap<Method, usize> = HashMap::new();
        for sample in self
            .samples
            .iter()
            .filter(|sample| sample.refused.is_none())
        {
            *counts.entry(sample.method).or_default() += 1;
        }
        let Some((&method, _)) = counts
            .iter()
            .max_by_key(|(method, count)| (**count, method.id()))
        else {
            return;
        };
        if counts.len() > 1 {
            self.notes.push(format!(
                "the files were made by different methods; the ordination shows {} only",
                method.name()
            ));
        }
        let compositions: Vec<_> = self
            .samples
            .iter()
            .map(|sample| {
                (sample.refused.is_none() && sample.method == method).then_some(&sample.genera)
            })
            .collect();
        self.ordination = ordinate(&compositions, self.genera.all());
    }
}

/// Says of groups that are too small which samples have no row in the metadata, as that may be why.
fn with_mismatch(error: PeopleError, mismatch: Option<&str>) -> PeopleError {
    match (error, mismatch) {
        (PeopleError::Request { problem, advice }, Some(mismatch)) => PeopleError::Request {
            problem: format!("{problem}; {mismatch}"),
            advice: format!("{advice}, and see that sample names are the same in both"),
        },
        (error, _) => error,
    }
}

/// Whether the names of the features can be read without a taxonomy.
fn reads_alone(cohort: &Cohort) -> bool {
    let ids = cohort
        .features
        .iter()
        .filter(|feature| {
            let id = feature.id.as_str();
            id.contains("__")
                || id.contains(';')
                || id.contains('|')
                || id.chars().any(char::is_alphabetic) && !looks_like_code(id)
        })
        .count();
    ids * 2 > cohort.features.len()
}

/// `Otu001`, MD5 sums, sequences, `NCBI:txid2`.
fn looks_like_code(id: &str) -> bool {
    let digits = id.bytes().filter(u8::is_ascii_digit).count();
    let sequence = id.len() >= 18
        && id
            .bytes()
            .all(|b| matches!(b.to_ascii_uppercase(), b'A' | b'C' | b'G' | b'T' | b'N'));
    let md5 = id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit());
    let letters = id.len() - digits;
    sequence || md5 || (digits > 0 && letters <= 10 && !id.contains(' '))
}

impl Study {
    /// Samples that could be analysed.
    pub fn analysed(&self) -> impl Iterator<Item = &SampleReport> {
        self.samples
            .iter()
            .filter(|sample| sample.refused.is_none())
    }
}
