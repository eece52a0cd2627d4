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
    "n",
    "freq",
    "frequency",
    "number",
    "n_reads",
    "read_count",
    "percent_abundance",
];
/// Columns of people, who may have given several samples.
const PEOPLE: &[&str] = &[
    "subject",
    "subject_id",
    "subjectid",
    "host_subject_id",
    "patient",
    "patient_id",
    "patientid",
    "person",
    "person_id",
    "participant",
    "participant_id",
    "participantid",
    "individual",
    "individual_id",
    "donor",
    "donor_id",
    "volunteer",
    "proband",
    "animal",
    "mouse",
];
/// Columns that tell a person's samples apart.
const VISITS: &[&str] = &[
    "visit",
    "visit_id",
    "visit_number",
    "timepoint",
    "time_point",
    "time point",
    "time",
    "week",
    "day",
    "month",
    "date",
    "collection_date",
    "session",
];
/// Columns that name the rank of each row.
const RANKS: &[&str] = &[
    "rank",
    "level",
    "tax_rank",
    "taxrank",
    "tax_level",
    "taxonomic_rank",
    "taxonomic_level",
    "taxonomy_lvl",
];

/// Columns of a long table.
#[derive(Debug, Clone)]
pub struct LongShape {
    /// The column of samples; or that of people and, where there is one, that of visits.
    sample: Vec<usize>,
    /// The column that names the rank of each row, where there are several.
    rank: Option<usize>,
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
        let rank = self.rank.and_then(|at| rank_of(&parts[at]));
        match rank {
            // the mark tells `Actinobacteria` the class from the phylum
            Some(rank) if lineage.is_none() && !id.is_empty() && !id.contains("__") => {
                (None, format!("{}__{id}", mark(rank)))
            }
            _ => (lineage, id),
        }
    }

    /// Name of the sample of a row.
    fn sample(&self, parts: &[String]) -> String {
        let names: Vec<&str> = self.sample.iter().map(|at| parts[*at].as_str()).collect();
        names.join("_")
    }

    /// What is assumed of the columns, in words.
    fn notes(&self, preview: &Preview) -> Vec<String> {
        let name = |at: usize| super::table::shorten(&preview.header[at]);
        let mut notes = Vec::new();
        if let [person, visit] = *self.sample {
            notes.push(format!(
                "a sample is one `{}` at one `{}`, named by both with `_` between",
                name(person),
                name(visit)
            ));
        } else if let [only] = *self.sample
            && !SAMPLE.contains(&preview.header[only].to_lowercase().as_str())
        {
            notes.push(format!(
                "no column of samples: each `{}` is taken as one sample",
                name(only)
            ));
        }
        if let Some(rank) = self.rank {
            notes.push(format!(
                "ranks of the rows are those of the column `{}`",
                name(rank)
            ));
        }
        notes
    }
}

/// The rank that a cell names, in words or by its letter.
fn rank_of(text: &str) -> Option<Rank> {
    let mut letters = text.trim().chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) => Rank::from_letter(letter),
        _ => Rank::from_name(text),
    }
}

const fn mark(rank: Rank) -> char {
    match rank {
        Rank::Domain => 'k',
        Rank::Phylum => 'p',
        Rank::Class => 'c',
        Rank::Order => 'o',
        Rank::Family => 'f',
        Rank::Genus => 'g',
        Rank::Species => 's',
    }
}

/// The column of ranks, where its rows are of several.
fn rank_column(preview: &Preview) -> Option<usize> {
    let at = preview.column(RANKS)?;
    let mut ranks: Vec<Option<Rank>> = (preview.rows.iter())
        .filter_map(|row| row.get(at))
        .map(|text| rank_of(text))
        .collect();
    let known = ranks.iter().flatten().count();
    let enough = known * 2 > ranks.len();
    ranks.dedup();
    (enough && ranks.iter().flatten().count() > 1).then_some(at)
}

/// The columns that name the sample: one of samples, or people with their visits. A column `id` beside one of visits is
/// that of people.
fn sample_columns(preview: &Preview) -> Option<Vec<usize>> {
    let visit = preview.column(VISITS);
    let person = preview.column(PEOPLE);
    let sample = preview.column(SAMPLE);
    let is_plain_id = |at: usize| preview.header[at].eq_ignore_ascii_case("id");
    let first = match (sample, person) {
        (Some(sample), person) if !is_plain_id(sample) || (person, visit) == (None, None) => {
            return Some(vec![sample]);
        }
        (_, Some(person)) => person,
        (Some(sample), None) => sample,
        (None, None) => return None,
    };
    Some(std::iter::once(first).chain(visit).collect())
}

/// Whether a table seems to be long though none of its columns is known to name the sample: the names in its column of taxa
/// come again, and there is a column of values.
#[must_use]
pub fn lacks_samples(preview: &Preview, words: &Vocabulary) -> bool {
    const FEWEST_ROWS: usize = 4;
    let named = |names: &[&str]| preview.column(names);
    let Some(taxon) = named(TAXA).filter(|at| preview.is_text(*at)) else {
        return false;
    };
    let column = |at: usize| preview.rows.iter().filter_map(move |row| row.get(at));
    let repeats = |at: usize| {
        let distinct: std::collections::HashSet<&String> = column(at).collect();
        distinct.len() * 4 <= preview.rows.len() * 3
    };
    let beside = preview.header.len() > 2
        && (taxon > 0 || preview.column(VALUES).is_some())
        && (taxon == 0 || repeats(0));
    let keys = named(PEOPLE).or_else(|| named(VISITS)).is_some() || named(VALUES).is_some();
    preview.rows.len() >= FEWEST_ROWS
        && beside
        && keys
        && repeats(taxon)
        && Tally::of(column(taxon).map(String::as_str), words).taxa() >= 0.3
}

/// The error for a long table whose columns cannot be told.
#[must_use]
pub fn no_samples(file: &str, preview: &Preview) -> PeopleError {
    let names: Vec<String> = (preview.header.iter().take(8))
        .map(|name| format!("`{}`", super::table::shorten(name)))
        .collect();
    PeopleError::Malformed {
        file: file.to_owned(),
        place: "the header".to_owned(),
        found: format!(
            "a long table (names of taxa come again in its rows) with the columns {}",
            names.join(", ")
        ),
        expected: "a column `sample` (or `subject` and `visit`), a column `taxon`, and one of values, such as `count` or `relative_abundance`".to_owned(),
        advice: "Rename the columns so, or write one column a sample".to_owned(),
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
    let sample = sample_columns(preview)?;
    let ranks = rank_columns(preview);
    let taxon = preview
        .header
        .iter()
        .enumerate()
        .find(|(at, name)| {
            !sample.contains(at)
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
            !sample.contains(at)
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
        rank: rank_column(preview),
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

    let (mut no_taxa, mut kept): (LeftOut, f64) = (Vec::new(), 0.0);
    let mut ending = Ending::default();
    if let Some(note) = preview.commas.note() {
        builder.note(note);
    }
    for note in shape.notes(preview) {
        builder.note(note);
    }
    let mut lines = Lines::new(input);
    let file = lines.name().to_owned();
    while let Some((number, line)) = lines.next_row(preview.skip)? {
        let parts = fields(&line, preview.delimiter);
        if parts.len() != preview.header.len() {
            return Err(ragged(&file, number, parts.len(), preview.header.len()));
        }
        ending.line(number, parts.last().map_or("", String::as_str));
        let name = shape.sample(&parts);
        let sample = match samples.get(&name) {
            Some(&sample) => sample,
            None => {
                let sample = builder.sample(&name)?;
                samples.insert(name, sample);
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
        let feature = builder.feature_again(&id, lineage.as_deref())?;
        builder.value(sample, feature, value, &|| format!("line {number}"))?;
    }
    if !no_taxa.is_empty() {
        builder.note(labels::left_out_note("taxa", &no_taxa, kept));
    }
    let mut cohort = builder.finish();
    if lines.unended() {
        ending.judge(&mut cohort)?;
    }
    let repeated = repeated_rows(&cohort)?;
    if repeated > 0 {
        return Err(PeopleError::Malformed {
            file: cohort.file,
            place: "the table".to_owned(),
            found: format!("{repeated} rows with a sample and taxon that another row has too"),
            expected: "one row a sample and taxon".to_owned(),
            advice: "Add such rows up, or tell the samples apart in the sample column".to_owned(),
        });
    }
    Ok(cohort)
}

/// Rows with a sample and taxon that an earlier row has.
fn repeated_rows(cohort: &Cohort) -> Result<usize> {
    let mut repeated = 0;
    for sample in cohort.samples.iter() {
        let mut features = sample?.features;
        features.sort_unstable();
        repeated += features
            .windows(2)
            .filter(|pair| pair[0] == pair[1])
            .count();
    }
    Ok(repeated)
}
