//! Long tables: one row a sample and taxon.

use std::collections::HashMap;

use crate::error::{PeopleError, Result};
use crate::profile::cohort::{Builder, Cohort, Format};
use crate::taxonomy::{Rank, Vocabulary};

use super::ending::Ending;
use super::input::Input;
use super::labels::{self, LeftOut, Tally};
use super::lines::{Lines, fields};
use super::numbers::{Cell, cell, no_number};
use super::preview::Preview;
use super::table::{SAMPLE, ragged};

const TAXA: &[&str] = &[
    "taxon",
    "taxa",
    "clade",
    "clade_name",
    "taxonomy",
    "lineage",
    "feature",
    "otu",
    "asv",
    "species",
    "genus",
    "name",
    "organism",
    "microbe",
    "bacteria",
];
const VALUES: &[&str] = &[
    "abundance",
    "relative_abundance",
    "rel_abundance",
    "count",
    "counts",
    "value",
    "reads",
    "percent",
    "percentage",
    "fraction",
    "proportion",
    "cells_per_gram",
    "cells",
    "share",
    "relative abundance",
    "rel_ab",
];

/// Columns of a long table.
#[derive(Debug, Clone)]
pub struct LongShape {
    sample: usize,
    /// The column of names or identifiers; none where columns of ranks alone name the taxon.
    taxon: Option<usize>,
    /// Columns of ranks, where there are two or more, from the highest.
    ranks: Vec<(usize, Rank)>,
    value: usize,
    /// Whether most taxa are known by their names.
    by_names: bool,
}

impl LongShape {
    /// The lineage in the columns of ranks, and the name by which the row is known.
    fn names(&self, parts: &[String]) -> (Option<String>, String) {
        let lineage = (!self.ranks.is_empty()).then(|| {
            let names: Vec<&str> = self
                .ranks
                .iter()
                .map(|(at, _)| parts[*at].as_str())
                .collect();
            names.join(";")
        });
        let id = self
            .taxon
            .map(|at| parts[at].clone())
            .or_else(|| lineage.clone())
            .unwrap_or_default();
        (lineage, id)
    }
}

/// Columns of text named by ranks, from the highest rank; none where there is one only.
fn rank_columns(preview: &Preview) -> Vec<(usize, Rank)> {
    let mut ranks: Vec<(usize, Rank)> = preview
        .header
        .iter()
        .enumerate()
        .filter(|(at, _)| preview.is_text(*at))
        .filter_map(|(at, name)| Some((at, Rank::from_name(name)?)))
        .collect();
    ranks.sort_by_key(|(at, rank)| (rank.index(), *at));
    ranks.dedup_by_key(|(_, rank)| *rank);
    if ranks.len() < 2 {
        ranks.clear();
    }
    ranks
}

/// Recognises a long table by its column names and by labels that are taxa.
#[must_use]
pub fn shape(preview: &Preview, words: &Vocabulary) -> Option<LongShape> {
    if preview.header.len() < 3 {
        return None;
    }
    let sample = preview.column(SAMPLE)?;
    let ranks = rank_columns(preview);
    let taxon = preview
        .header
        .iter()
        .enumerate()
        .find(|(at, name)| {
            *at != sample
                && TAXA.contains(&name.to_lowercase().as_str())
                && (preview.is_text(*at) || !ranks.is_empty())
                && !ranks.iter().any(|(rank, _)| rank == at)
        })
        .map(|(at, _)| at);
    if taxon.is_none() && ranks.is_empty() {
        return None;
    }
    let value = preview
        .header
        .iter()
        .enumerate()
        .find(|(at, name)| {
            *at != sample
                && Some(*at) != taxon
                && VALUES.contains(&name.to_lowercase().as_str())
                && !preview.is_text(*at)
        })
        .map(|(at, _)| at)?;
    let labels: Vec<&str> = preview
        .rows
        .iter()
        .filter_map(|row| row.get(taxon.unwrap_or_default()))
        .map(String::as_str)
        .collect();
    let tally = Tally::of(labels.into_iter(), words);
    (!ranks.is_empty() || tally.are_taxa() || tally.are_ids()).then(|| LongShape {
        sample,
        taxon,
        ranks,
        value,
        by_names: tally.are_taxa(),
    })
}

/// Reads a long table.
///
/// # Errors
/// When a row is ragged, a value is no number, or a taxon comes twice in a sample.
pub fn read(
    input: Input,
    preview: &Preview,
    shape: LongShape,
    words: &Vocabulary,
) -> Result<Cohort> {
    let mut builder = Builder::new(&input.name, Format::Long, input.limits);
    builder.cohort().rank_names = shape.ranks.iter().map(|(_, rank)| Some(*rank)).collect();
    let mut samples: HashMap<String, usize> = HashMap::new();
    let mut seen: std::collections::HashSet<(usize, u32)> = std::collections::HashSet::new();
    let mut repeated = 0_usize;
    let (mut no_taxa, mut kept): (LeftOut, f64) = (Vec::new(), 0.0);
    let mut ending = Ending::default();
    if let Some(note) = preview.commas.note() {
        builder.note(note);
    }
    let mut lines = Lines::new(input);
    loop {
        let file = lines.name().to_owned();
        let Some(line) = lines.next_line()? else {
            break;
        };
        let line = line.to_owned();
        let number = lines.number();
        if number <= preview.skip || line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let parts = fields(&line, preview.delimiter);
        if parts.len() != preview.header.len() {
            return Err(ragged(&file, number, parts.len(), preview.header.len()));
        }
        ending.line(number, parts.last().map_or("", String::as_str));
        let sample = match samples.get(&parts[shape.sample]) {
            Some(&sample) => sample,
            None => {
                let sample = builder.sample(&parts[shape.sample])?;
                samples.insert(parts[shape.sample].clone(), sample);
                sample
            }
        };
        let value = match cell(&parts[shape.value], preview.commas) {
            Cell::Number(value) => value,
            Cell::Empty => 0.0,
            Cell::NearNumber | Cell::Text => {
                let place = format!("line {number}, column {}", shape.value + 1);
                let text = &parts[shape.value];
                return Err(no_number(&file, place, text, preview.commas));
            }
        };
        let (lineage, id) = shape.names(&parts);
        if lineage.is_none() && labels::is_left_out(&id, shape.by_names, words) {
            match no_taxa.iter_mut().find(|known| known.0 == id) {
                Some(known) => known.1 += value,
                None => no_taxa.push((id, value)),
            }
            continue;
        }
        kept += value;
        if labels::is_unclassified(lineage.as_deref().unwrap_or(&id)) {
            let place = || format!("line {number}");
            builder.unclassified(sample, value, &place)?;
            continue;
        }
        let feature = builder.feature_again(&id)?;
        if let Some(lineage) = lineage {
            builder.cohort().features[feature as usize].lineage = Some(lineage);
        }
        if !seen.insert((sample, feature)) {
            repeated += 1;
        }
        builder.value(sample, feature, value, &|| format!("line {number}"))?;
    }
    if lines.unended()
        && let Some(note) = ending.judge(builder.cohort())?
    {
        builder.note(note);
    }
    if !no_taxa.is_empty() {
        builder.note(labels::left_out_note("taxa", &no_taxa, kept));
    }
    if repeated > 0 {
        return Err(PeopleError::Malformed {
            file: builder.cohort().file.clone(),
            place: "the table".to_owned(),
            found: format!("{repeated} rows with a sample and taxon that another row has too"),
            expected: "one row a sample and taxon".to_owned(),
            advice: "Add such rows up, or tell the samples apart in the sample column".to_owned(),
        });
    }
    Ok(builder.finish())
}
