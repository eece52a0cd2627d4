//! Gut Microbiome Wellness Index 2 (GMWI2), exact and only for MetaPhlAn 3.
//!
//! Score = sum of the coefficients of the clades whose relative abundance, divided by what was
//! classified, exceeds 1e-5; intercept 0. Coefficients: github.com/danielchang2002/GMWI2, MIT
//! (notice in `catalogue/gmwi2_coefficients.md`).

use std::collections::HashMap;

use crate::error::{PeopleError, Result};

use super::super::cohort::Cohort;
use super::super::method::Method;
use super::super::readings::RawSample;

pub(crate) const COEFFICIENTS: &str =
    include_str!("../../../../../catalogue/gmwi2_coefficients.tsv");

/// The database that the coefficients were fitted on.
const FITTED_ON: &str = "mpa_v30_CHOCOPhlAn_201901";

/// The coefficients of the index.
#[derive(Debug, Clone)]
pub struct Gmwi2 {
    coefficients: HashMap<String, f64>,
    presence: f64,
}

/// The index of one sample, or why there is none.
#[derive(Debug, Clone, PartialEq)]
pub enum Score {
    /// Sum of coefficients, and the number of clades that entered it.
    Value {
        /// Above 0: the healthy side.
        score: f64,
        /// Clades of the index found.
        clades: usize,
    },
    /// Not computed, and why.
    Refused(String),
}

impl Gmwi2 {
    /// The coefficients that ship with the project; `presence` is the share from which a clade counts.
    ///
    /// # Errors
    /// When the shipped file is damaged.
    pub fn shipped(presence: f64) -> Result<Self> {
        let mut coefficients = HashMap::new();
        for (index, line) in COEFFICIENTS.lines().enumerate().skip(1) {
            let parsed = line
                .split_once('\t')
                .and_then(|(clade, number)| Some((clade, number.trim().parse::<f64>().ok()?)));
            let (clade, number) = parsed.ok_or_else(|| PeopleError::Table {
                table: "catalogue/gmwi2_coefficients.tsv".to_owned(),
                place: format!("line {}", index + 1),
                problem: "not a clade and a number".to_owned(),
                advice: "Restore the file".to_owned(),
            })?;
            coefficients.insert(clade.to_owned(), number);
        }
        Ok(Self {
            coefficients,
            presence,
        })
    }

    /// Number of clades.
    #[must_use]
    pub fn len(&self) -> usize {
        self.coefficients.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.coefficients.is_empty()
    }

    /// Coefficients beside a cohort's features, or why the index cannot be had from this file.
    ///
    /// # Errors
    /// The reason, in words.
    pub fn prepare(
        &self,
        cohort: &Cohort,
        method: Method,
    ) -> std::result::Result<Prepared, String> {
        if method != Method::Metaphlan3 {
            let option = if method == Method::Metaphlan {
                "; if version 3 made it, say so with --method metaphlan3"
            } else {
                ""
            };
            return Err(format!(
                "GMWI2 holds for MetaPhlAn 3 profiles only (its clade names and marker genes), this is {}{option}",
                method.name()
            ));
        }
        if cohort.recased {
            return Err("GMWI2 knows its clades by their names as MetaPhlAn writes them, and these are all in capitals or in small letters: give the profile as MetaPhlAn wrote it".to_owned());
        }
        if cohort.filtered {
            return Err("GMWI2 needs every clade down to 0.001 %, and rows are missing in this file: give the profile as MetaPhlAn wrote it".to_owned());
        }
        let by_feature: Vec<Option<f64>> = cohort
            .features
            .iter()
            .map(|feature| self.coefficients.get(&feature.id).copied())
            .collect();
        let ranks = ["|o__", "|f__", "|g__", "|s__"];
        let leaf_is = |mark: &str| {
            cohort.features.iter().any(|feature| {
                feature
                    .id
                    .rsplit_once('|')
                    .is_some_and(|(_, leaf)| leaf.starts_with(&mark[1..]))
            })
        };
        if ranks.iter().any(|mark| !leaf_is(mark)) {
            return Err("GMWI2 needs the rows of all ranks (order, family, genus, species), and some ranks are not in this file".to_owned());
        }
        let note = cohort
            .database
            .as_deref()
            .filter(|database| *database != FITTED_ON)
            .map(|database| format!("GMWI2 was fitted on {FITTED_ON}; this profile was made with {database}, whose clade names are the same release"));
        Ok(Prepared {
            by_feature,
            presence: self.presence,
            note,
        })
    }
}

/// The index, ready for the samples of one cohort.
#[derive(Debug, Clone)]
pub struct Prepared {
    by_feature: Vec<Option<f64>>,
    presence: f64,
    /// A caution that holds for all samples.
    pub note: Option<String>,
}

impl Prepared {
    /// Score of a sample whose values are percentages of all, unclassified included.
    #[must_use]
    pub fn score(&self, sample: &RawSample) -> Score {
        let classified = 100.0 - sample.unclassified;
        if classified <= 0.0 {
            return Score::Refused("everything is unclassified".to_owned());
        }
        let mut found: Vec<(u32, f64)> = sample
            .features
            .iter()
            .zip(&sample.values)
            .filter_map(|(&feature, &value)| {
                let coefficient = self.by_feature[feature as usize]?;
                (value / classified > self.presence).then_some((feature, coefficient))
            })
            .collect();
        if found.is_empty() {
            return Score::Refused(
                "none of the clades of GMWI2 is in the sample, so it says nothing".to_owned(),
            );
        }
        found.sort_by_key(|pair| pair.0);
        Score::Value {
            score: found.iter().map(|pair| pair.1).sum(),
            clades: found.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_coefficients_are_whole() {
        let index = Gmwi2::shipped(1e-5).unwrap();
        assert_eq!(index.len(), 95);
    }
}
