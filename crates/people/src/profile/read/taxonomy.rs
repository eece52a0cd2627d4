//! Taxonomy files: feature id → lineage (QIIME 2, mothur `.cons.taxonomy`, tables of rank columns).

use std::collections::HashMap;

use crate::error::{PeopleError, Result};
use crate::profile::cohort::Cohort;
use crate::taxonomy::{Rank, Vocabulary};

use super::input::Input;
use super::labels::{self, Tally};
use super::lines::{Lines, fields};
use super::preview::Preview;

const IDS: &[&str] = &[
    "feature id",
    "featureid",
    "feature_id",
    "feature-id",
    "otu",
    "otuid",
    "otu id",
    "otu_id",
    "id",
    "taxon",
    "asv",
    "asv_id",
    "name",
    "#otu id",
    "feature",
    "",
];
const LINEAGES: &[&str] = &[
    "taxon",
    "taxonomy",
    "lineage",
    "consensuslineage",
    "consensus lineage",
    "classification",
    "taxa",
];

/// Lineages by feature id.
#[derive(Debug, Clone)]
pub struct TaxonomyList {
    /// Name of the file.
    pub file: String,
    lineages: HashMap<String, String>,
    rank_names: Vec<Option<Rank>>,
}

struct Shape {
    id: usize,
    lineage: Option<usize>,
    parts: Vec<(usize, Rank)>,
}

fn shape(preview: &Preview, words: &Vocabulary) -> Option<Shape> {
    if preview.header.len() < 2 || preview.rows.is_empty() {
        return None;
    }
    let id = preview.column(IDS).unwrap_or(0);
    let lineage = preview
        .header
        .iter()
        .enumerate()
        .find(|(position, name)| {
            *position != id && LINEAGES.contains(&name.to_lowercase().as_str())
        })
        .map(|(position, _)| position);
    let parts: Vec<(usize, Rank)> = preview
        .header
        .iter()
        .enumerate()
        .filter(|(position, _)| *position != id)
        .filter_map(|(position, name)| Rank::from_name(name).map(|rank| (position, rank)))
        .collect();
    let known = |position: usize| {
        position == id
            || Some(position) == lineage
            || parts.iter().any(|(at, _)| *at == position)
            || matches!(
                preview.header[position].to_lowercase().as_str(),
                "confidence" | "size" | "consensus" | "sequence" | "score" | "probability"
            )
    };
    let all_known = (0..preview.header.len()).all(known);
    let enough = lineage.is_some() || parts.len() >= 2;
    let lineages_are_taxa = lineage.is_none_or(|position| {
        Tally::of(
            preview
                .rows
                .iter()
                .filter_map(|row| row.get(position))
                .map(String::as_str),
            words,
        )
        .taxa()
            >= 0.3
    });
    (all_known && enough && lineages_are_taxa).then_some(Shape { id, lineage, parts })
}

/// Whether a text file is a taxonomy and not a table of numbers.
#[must_use]
pub fn is_taxonomy(preview: &Preview, words: &Vocabulary) -> bool {
    shape(preview, words).is_some()
}

/// Reads a taxonomy file.
///
/// # Errors
/// When it is none, too large, or an id comes twice with different lineages.
pub fn read(input: Input, words: &Vocabulary) -> Result<TaxonomyList> {
    let whole = input.whole;
    let preview = Preview::of(&input.head, whole);
    let file = input.name.clone();
    let limit = input.limits.features;
    let Some(shape) = shape(&preview, words) else {
        return Err(PeopleError::NotAProfile {
            file,
            seems: "no taxonomy".to_owned(),
            needed:
                "A taxonomy has a column of feature ids and a column `Taxon` (or one column a rank)"
                    .to_owned(),
        });
    };
    let mut lineages: HashMap<String, String> = HashMap::new();
    let mut lines = Lines::new(input);
    while let Some(line) = lines.next_line()? {
        let line = line.to_owned();
        if lines.number() <= preview.skip || line.trim().is_empty() || line.starts_with("#q2:types")
        {
            continue;
        }
        let row = fields(&line, preview.delimiter);
        let text = |position: usize| row.get(position).map_or("", String::as_str);
        let lineage = match shape.lineage {
            Some(position) => text(position).to_owned(),
            None => shape
                .parts
                .iter()
                .map(|(position, _)| text(*position))
                .collect::<Vec<_>>()
                .join(";"),
        };
        crate::profile::cohort::check_levels(&file, &lineage)?;
        if lineages.len() >= limit {
            return Err(PeopleError::TooLarge {
                file,
                what: "the number of features".to_owned(),
                limit: limit.to_string(),
            });
        }
        let id = text(shape.id).to_owned();
        if let Some(before) = lineages.insert(id.clone(), lineage.clone())
            && before != lineage
        {
            return Err(PeopleError::Malformed {
                file,
                place: format!("line {}", lines.number()),
                found: format!(
                    "the feature `{}` a second time, with another lineage",
                    super::table::shorten(&id)
                ),
                expected: "each feature once".to_owned(),
                advice: "Remove one of the two".to_owned(),
            });
        }
    }
    let rank_names = if shape.lineage.is_some() {
        Vec::new()
    } else {
        shape.parts.iter().map(|(_, rank)| Some(*rank)).collect()
    };
    Ok(TaxonomyList {
        file,
        lineages,
        rank_names,
    })
}

impl TaxonomyList {
    /// Number of features.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lineages.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lineages.is_empty()
    }

    /// Gives a cohort's features their lineages; returns how many were found.
    pub fn apply(&self, cohort: &mut Cohort, words: &Vocabulary) -> usize {
        let mut found = 0;
        for feature in &mut cohort.features {
            let Some(lineage) = self.lineages.get(&feature.id) else {
                continue;
            };
            found += 1;
            // a probe group's own name says more than its phylum and class
            let own = labels::judge(&feature.id, words);
            if !matches!(own, labels::Label::Known | labels::Label::Binomial) {
                feature.lineage = Some(lineage.clone());
            }
        }
        if found > 0 {
            if cohort
                .features
                .iter()
                .any(|feature| feature.lineage.is_some())
            {
                cohort.rank_names.clone_from(&self.rank_names);
            }
            cohort.notes.push(format!(
                "lineages of {found} of {} features come from {}",
                cohort.features.len(),
                self.file
            ));
        }
        found
    }
}
