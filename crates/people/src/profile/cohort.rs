//! What a file holds before any meaning is given to it: features, samples, and how they were counted.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use serde::Serialize;

use crate::error::{PeopleError, Result};
use crate::taxonomy::Rank;

use super::read::Limits;
use super::readings::{Recorder, Samples};
use super::text::visible;

/// Format of a file, as recognised from its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// MetaPhlAn 2, 3 or 4: one sample or merged.
    Metaphlan,
    /// Lineages of all ranks with read counts, as `kreport2mpa` writes.
    KrakenMpaStyle,
    /// Kraken 2 report.
    Kraken2,
    /// KrakenUniq report.
    KrakenUniq,
    /// Centrifuge report (or a Kraken 1 report, which looks the same).
    Centrifuge,
    /// Bracken, one sample or combined.
    Bracken,
    /// BIOM 1.0 (JSON).
    BiomJson,
    /// BIOM 2.1 (HDF5).
    BiomHdf5,
    /// QIIME 2 artifact.
    Qza,
    /// mothur `.shared`.
    Mothur,
    /// A table with taxa as rows.
    TaxaAsRows,
    /// A table with samples as rows.
    SamplesAsRows,
    /// One row a sample and taxon.
    Long,
}

impl Format {
    /// Name in words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Metaphlan => "MetaPhlAn profile",
            Self::KrakenMpaStyle => "counts by lineage (kreport2mpa)",
            Self::Kraken2 => "Kraken 2 report",
            Self::KrakenUniq => "KrakenUniq report",
            Self::Centrifuge => "Centrifuge or Kraken 1 report",
            Self::Bracken => "Bracken table",
            Self::BiomJson => "BIOM 1.0 (JSON)",
            Self::BiomHdf5 => "BIOM 2.1 (HDF5)",
            Self::Qza => "QIIME 2 artifact",
            Self::Mothur => "mothur shared file",
            Self::TaxaAsRows => "table, taxa as rows",
            Self::SamplesAsRows => "table, samples as rows",
            Self::Long => "long table",
        }
    }
}

/// Whether a row of a higher rank holds the rows below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Counting {
    /// Each row holds only what is in no other row.
    Exclusive,
    /// A row holds the sum of the rows below it.
    Cumulative,
    /// To be found out from the numbers.
    Unknown,
}

/// A row (or column) of taxa as the file names it.
#[derive(Debug, Clone)]
pub struct RawFeature {
    /// Identifier in the file.
    pub id: String,
    /// Lineage text, where the file or a taxonomy file gives one.
    pub lineage: Option<String>,
}

/// The content of one file.
#[derive(Debug)]
pub struct Cohort {
    /// Name of the file.
    pub file: String,
    /// Recognised format.
    pub format: Format,
    /// Version of the database or program, as the header says it.
    pub database: Option<String>,
    /// How rows of different rank relate.
    pub counting: Counting,
    /// Whether the header or the format says that the values are percentages.
    pub percentages: bool,
    /// Whether rows were filtered out of it.
    pub filtered: bool,
    /// Whether names stood in capitals or small letters and were written anew.
    pub recased: bool,
    /// Rank of each part of a lineage, where the file names them.
    pub rank_names: Vec<Option<Rank>>,
    /// Features.
    pub features: Vec<RawFeature>,
    /// Samples.
    pub samples: Samples,
    /// What the reader assumed or met on the way, in plain words.
    pub notes: Vec<String>,
}

/// Collects a cohort while its limits are watched.
pub struct Builder {
    cohort: Cohort,
    readings: Recorder,
    feature_index: HashMap<String, u32>,
    sample_names: HashSet<String>,
    cells: usize,
    limits: Limits,
    repeated_features: usize,
    /// Rows kept apart from another row of their label, because their lineages differ.
    other_lineages: usize,
    name_bytes: u64,
}

/// Ranks of one lineage at most: the deepest of NCBI's taxonomy have some forty.
pub const MOST_LEVELS: usize = 100;
/// What a feature takes in memory beside its own names, roughly.
const FEATURE_BYTES: u64 = 160;

impl Builder {
    /// An empty cohort.
    #[must_use]
    pub fn new(file: &str, format: Format, limits: Limits) -> Self {
        Self {
            cohort: Cohort {
                file: file.to_owned(),
                format,
                database: None,
                counting: Counting::Unknown,
                percentages: false,
                filtered: false,
                recased: false,
                rank_names: Vec::new(),
                features: Vec::new(),
                samples: Samples::none(),
                notes: Vec::new(),
            },
            readings: Recorder::new(file, limits.held),
            feature_index: HashMap::new(),
            sample_names: HashSet::new(),
            cells: 0,
            limits,
            repeated_features: 0,
            other_lineages: 0,
            name_bytes: 0,
        }
    }

    /// The cohort without its samples, to set its plain fields.
    pub const fn cohort(&mut self) -> &mut Cohort {
        &mut self.cohort
    }

    /// Remarks something.
    pub fn note(&mut self, text: impl Into<String>) {
        let text = text.into();
        if !self.cohort.notes.contains(&text) {
            self.cohort.notes.push(text);
        }
    }

    /// Adds a sample.
    ///
    /// # Errors
    /// When the name is there already or there are too many.
    pub fn sample(&mut self, id: &str) -> Result<usize> {
        let shown = visible(id.trim());
        if matches!(shown, Cow::Owned(_)) {
            self.note(
                "signs in sample names that would steer a terminal are written out, as `\\u{1b}`",
            );
        }
        let id = &*shown;
        if self.readings.count() >= self.limits.samples {
            return Err(self.too_large("the number of samples", self.limits.samples));
        }
        if !self.sample_names.insert(id.to_owned()) {
            return Err(PeopleError::Malformed {
                file: self.cohort.file.clone(),
                place: "sample names".to_owned(),
                found: format!("the sample `{id}` twice"),
                expected: "each sample once".to_owned(),
                advice: "Rename or remove one of the two".to_owned(),
            });
        }
        Ok(self.readings.sample(id))
    }

    /// Whether a feature of this name is there already.
    #[must_use]
    pub fn knows(&self, id: &str) -> bool {
        self.feature_index.contains_key(id)
    }

    /// Index of a feature, new or known; a name that comes again is added to the first.
    ///
    /// # Errors
    /// When there are too many.
    pub fn feature(&mut self, id: &str) -> Result<u32> {
        if let Some(&index) = self.feature_index.get(id) {
            self.repeated_features += 1;
            return Ok(index);
        }
        self.new_feature(id, None)
    }

    /// Index of a feature with its lineage, new or known; rows that share a label (`uncultured`) and differ in lineage
    /// are kept apart, each named by its lineage.
    ///
    /// # Errors
    /// When there are too many.
    pub fn feature_of(&mut self, id: &str, lineage: &str) -> Result<u32> {
        let (index, is_new) = self.find_or_add(id, lineage)?;
        self.repeated_features += usize::from(!is_new);
        Ok(index)
    }

    /// Index of a feature for long tables, where a name comes once a sample.
    ///
    /// # Errors
    /// When there are too many.
    pub fn feature_again(&mut self, id: &str, lineage: Option<&str>) -> Result<u32> {
        match (self.feature_index.get(id), lineage) {
            (_, Some(lineage)) => self.find_or_add(id, lineage).map(|found| found.0),
            (Some(&index), None) => Ok(index),
            (None, None) => self.new_feature(id, None),
        }
    }

    /// The feature of a label and lineage, and whether it is new.
    fn find_or_add(&mut self, id: &str, lineage: &str) -> Result<(u32, bool)> {
        let Some(&first) = self.feature_index.get(id) else {
            return Ok((self.new_feature(id, Some(lineage.to_owned()))?, true));
        };
        let known = &mut self.cohort.features[first as usize];
        if known.lineage.as_deref() == Some(lineage) {
            return Ok((first, false));
        }
        let key = format!("{id}\u{0}{lineage}");
        if let Some(&index) = self.feature_index.get(&key) {
            return Ok((index, false));
        }
        if let Some(own) = &known.lineage {
            known.id.clone_from(own);
        }
        self.other_lineages += 1;
        let index = self.add(key, lineage, Some(lineage.to_owned()))?;
        Ok((index, true))
    }

    /// Adds a feature that is new by construction.
    ///
    /// # Errors
    /// When there are too many, their names take too much room, or a lineage has too many levels.
    pub fn new_feature(&mut self, id: &str, lineage: Option<String>) -> Result<u32> {
        self.add(id.to_owned(), id, lineage)
    }

    fn add(&mut self, key: String, id: &str, lineage: Option<String>) -> Result<u32> {
        let index = self.cohort.features.len();
        if index >= self.limits.features {
            return Err(self.too_large("the number of features", self.limits.features));
        }
        let index = u32::try_from(index)
            .map_err(|_| self.too_large("the number of features", u32::MAX as usize))?;
        check_levels(&self.cohort.file, lineage.as_deref().unwrap_or(id))?;
        let bytes = key.len() + id.len() + lineage.as_deref().map_or(0, str::len);
        self.name_bytes += bytes as u64 + FEATURE_BYTES;
        if self.name_bytes > self.limits.whole_bytes {
            return Err(super::read::too_large_unpacked(
                &self.cohort.file,
                &format!(
                    "what the names of its first {} features take in memory",
                    index + 1
                ),
                self.limits.whole_bytes,
            ));
        }
        self.feature_index.insert(key, index);
        self.cohort.features.push(RawFeature {
            id: id.to_owned(),
            lineage,
        });
        Ok(index)
    }

    /// Adds a value; zeros are dropped.
    ///
    /// # Errors
    /// When the value is negative or not finite, there are too many, or the temporary file cannot be written.
    pub fn value(
        &mut self,
        sample: usize,
        feature: u32,
        value: f64,
        place: &dyn Fn() -> String,
    ) -> Result<()> {
        if !value.is_finite() || value < 0.0 {
            return Err(PeopleError::Malformed {
                file: self.cohort.file.clone(),
                place: place(),
                found: if value.is_nan() {
                    "NaN".to_owned()
                } else {
                    format!("{value}")
                },
                expected: "a number that is zero or larger".to_owned(),
                advice: "Profiles hold counts or shares before any transformation (no log ratios, no z-scores); empty cells are read as 0".to_owned(),
            });
        }
        if value == 0.0 {
            return Ok(());
        }
        self.cells += 1;
        if self.cells > self.limits.cells {
            return Err(self.too_large("the number of non-zero cells", self.limits.cells));
        }
        self.readings.value(sample, feature, value)
    }

    /// Adds to what the profiler could not classify.
    ///
    /// # Errors
    /// When the value is negative or not finite.
    pub fn unclassified(
        &mut self,
        sample: usize,
        value: f64,
        place: &dyn Fn() -> String,
    ) -> Result<()> {
        if !value.is_finite() || value < 0.0 {
            return self.value(sample, 0, value, place);
        }
        self.readings.unclassified(sample, value);
        Ok(())
    }

    /// Name of a sample.
    #[must_use]
    pub fn sample_name(&self, sample: usize) -> &str {
        self.readings.id(sample)
    }

    /// Number of samples so far.
    #[must_use]
    pub const fn samples(&self) -> usize {
        self.readings.count()
    }

    /// The finished cohort.
    #[must_use]
    pub fn finish(mut self) -> Cohort {
        if self.other_lineages > 0 {
            self.note(format!(
                "{} rows carry a label that a row of another lineage carries too; they are kept apart, named by their lineages",
                self.other_lineages
            ));
        }
        if self.repeated_features > 0 {
            self.note(format!(
                "{} rows carry a name that another row carries too; such rows are added up",
                self.repeated_features
            ));
        }
        self.cohort.samples = self.readings.finish(self.repeated_features > 0);
        self.cohort
    }

    fn too_large(&self, what: &str, limit: usize) -> PeopleError {
        PeopleError::TooLarge {
            file: self.cohort.file.clone(),
            what: what.to_owned(),
            limit: limit.to_string(),
        }
    }
}

/// Refuses lineages of more levels than any taxonomy has: relating their rows takes time by the square of the levels.
///
/// # Errors
/// When there are more than [`MOST_LEVELS`].
pub fn check_levels(file: &str, lineage: &str) -> Result<()> {
    let marked = lineage.contains("__");
    let is_sign = |byte: &u8| matches!(byte, b'|' | b';') || (marked && *byte == b',');
    let levels = 1 + lineage.bytes().filter(is_sign).count();
    if levels <= MOST_LEVELS {
        return Ok(());
    }
    let beginning: String = lineage.chars().take(40).collect();
    Err(PeopleError::Malformed {
        file: file.to_owned(),
        place: "names of taxa".to_owned(),
        found: format!("a lineage of {levels} levels (`{}…`)", visible(&beginning)),
        expected: format!("at most {MOST_LEVELS} levels"),
        advice:
            "Several lineages may stand in one cell, or line ends be lost: export the table again"
                .to_owned(),
    })
}
