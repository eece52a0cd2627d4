//! Tables of numbers: taxa as rows or as columns, with lineages, rank columns or a taxonomy column.

mod columns;
mod measures;
mod samples;

use crate::error::{PeopleError, Result};
use crate::profile::cohort::{Builder, Cohort, Counting, Format};
use crate::taxonomy::{Rank, Vocabulary};

use super::ending::Ending;
use super::input::Input;
use super::labels::{self, LeftOut, Tally};
use super::lines::{Lines, fields};
use super::numbers::{Cell, Commas, cell, no_number};
use super::preview::Preview;
use columns::{Role, row_roles};

pub use samples::samples_as_rows;

/// Names of the column that holds sample names.
pub const SAMPLE: &[&str] = &[
    "sample",
    "sampleid",
    "sample_id",
    "sample-id",
    "sample id",
    "sample name",
    "sample_name",
    "samplename",
    "#sampleid",
    "id",
    "run",
    "accession",
    "subject_sample",
    "library",
];

/// How rows are named.
#[derive(Debug, Clone, Copy)]
pub struct RowNames {
    /// The column of names.
    pub at: usize,
    /// Whether the rows are known by names, so that words that are no taxa are left out.
    pub by_names: bool,
}

/// The column that names the rows: the first; or, where that holds bare numbers (taxonomy ids, the row numbers of a data
/// frame), the first column of words that are taxa.
#[must_use]
pub fn names_column(preview: &Preview, words: &Vocabulary) -> usize {
    let tally = |at: usize| {
        let column = preview.rows.iter().filter_map(|row| row.get(at));
        Tally::of(column.map(String::as_str), words)
    };
    let width = preview.header.len();
    let shifted = preview.rows.first().is_some_and(|row| row.len() != width);
    if shifted || !tally(0).are_numbers() {
        return 0;
    }
    (1..width)
        .find(|at| preview.is_text(*at) && tally(*at).are_taxa())
        .unwrap_or(0)
}

/// Reads a table whose rows are taxa (or features with a taxonomy).
///
/// # Errors
/// When a row is ragged, a cell is no number, or a limit is reached.
pub fn taxa_as_rows(
    input: Input,
    preview: &Preview,
    format: Format,
    names: RowNames,
    words: &Vocabulary,
) -> Result<Cohort> {
    let mut builder = Builder::new(&input.name, format, input.limits);
    if let Some(note) = preview.commas.note() {
        builder.note(note);
    }
    let roles = row_roles(&input, preview, &mut builder, names.at)?;
    if format == Format::Metaphlan || format == Format::KrakenMpaStyle {
        builder.cohort().counting = Counting::Cumulative;
        builder.cohort().database = database(&preview.comments);
    }
    builder.cohort().percentages = format == Format::Metaphlan
        || (preview.header.iter()).any(|name| name.eq_ignore_ascii_case("relative_abundance"));
    builder.cohort().rank_names = rank_names(&roles);
    let mut lines = Lines::new(input);
    let implicit_label = preview.rows.first().map_or(0, Vec::len) == preview.header.len() + 1;
    let width = roles.len();
    let mut reader = RowReader {
        words,
        by_names: names.by_names,
        whole_tree: matches!(format, Format::Metaphlan | Format::KrakenMpaStyle),
        no_taxa: Vec::new(),
        kept: 0.0,
        ending: Ending::default(),
        fields: 0,
        names: column_names(&roles, &builder),
        roles,
        width,
        delimiter: preview.delimiter,
        commas: preview.commas,
        empties: 0,
        unplaced: 0,
        header_rows: Vec::new(),
        seen_numbers: false,
        allow_short: implicit_label || format == Format::Metaphlan,
    };
    let file = lines.name().to_owned();
    while let Some((number, line)) = lines.next_row(preview.skip)? {
        reader.row(&file, number, &line, lines.unended(), &mut builder)?;
    }
    if reader.unplaced > 0 {
        let count = reader.unplaced;
        builder.note(format!(
            "{count} rows have neither a lineage nor a name of a taxon: they count as unclassified"
        ));
    }
    if reader.empties > 0 {
        builder.note(format!("{} empty cells are read as 0", reader.empties));
    }
    if !reader.no_taxa.is_empty() {
        builder.note(labels::left_out_note("rows", &reader.no_taxa, reader.kept));
    }
    if !reader.header_rows.is_empty() {
        builder.note(format!(
            "rows without a single number are taken as further header lines and left out: {}",
            reader.header_rows.join(", ")
        ));
    }
    let mut cohort = builder.finish();
    if lines.unended() {
        reader.ending.judge(&mut cohort)?;
    }
    Ok(cohort)
}

/// Names of the sample columns, for messages.
fn column_names(roles: &[Role], builder: &Builder) -> Vec<String> {
    roles
        .iter()
        .map(|role| match role {
            Role::Sample(sample) => builder.sample_name(*sample).to_owned(),
            _ => String::new(),
        })
        .collect()
}

struct RowReader<'a> {
    words: &'a Vocabulary,
    by_names: bool,
    /// Whether each clade must stand once.
    whole_tree: bool,
    no_taxa: LeftOut,
    kept: f64,
    ending: Ending,
    /// Fields of the row before the last.
    fields: usize,
    names: Vec<String>,
    roles: Vec<Role>,
    width: usize,
    delimiter: char,
    commas: Commas,
    empties: usize,
    /// Rows with neither a lineage nor a name of a taxon.
    unplaced: usize,
    header_rows: Vec<String>,
    seen_numbers: bool,
    allow_short: bool,
}

impl RowReader<'_> {
    fn row(
        &mut self,
        file: &str,
        number: u64,
        line: &str,
        unended: bool,
        builder: &mut Builder,
    ) -> Result<()> {
        let parts = fields(line, self.delimiter);
        let usual = std::mem::replace(&mut self.fields, parts.len());
        if unended && usual > parts.len() {
            return Err(ragged(file, number, parts.len(), usual));
        }
        self.ending
            .line(number, parts.last().map_or("", String::as_str));
        if parts.len() != self.width && !(self.allow_short && self.short_but_whole(&parts)) {
            return Err(ragged(file, number, parts.len(), self.width));
        }
        // the rows that spreadsheets leave behind their last
        if parts.iter().all(String::is_empty) {
            return Ok(());
        }
        let label = self.text(&parts, &Role::Label);
        if !self.seen_numbers && !self.has_number(&parts) {
            if self.header_rows.len() < 5 {
                self.header_rows.push(format!("line {number} (`{label}`)"));
            }
            return Ok(());
        }
        self.seen_numbers = true;
        let lineage = self.lineage(&parts);
        if lineage.is_none() && labels::is_left_out(&label, self.by_names, self.words) {
            let sum = self.numbers(&parts);
            self.no_taxa.push((label, sum));
            return Ok(());
        }
        self.kept += self.numbers(&parts);
        let unclassified = match &lineage {
            Some(lineage) => labels::is_no_lineage(lineage),
            None => labels::is_unclassified(&label),
        };
        self.unplaced +=
            usize::from(unclassified && lineage.is_some() && !labels::is_unclassified(&label));
        if self.whole_tree && !label.contains('|') && builder.knows(&label) {
            return Err(PeopleError::Malformed {
                file: file.to_owned(),
                place: format!("line {number}"),
                found: format!("`{}` once more", shorten(&label)),
                expected: "one profile a file, in which each clade stands once".to_owned(),
                advice: "A second profile begins here: split the file there, or merge the profiles with merge_metaphlan_tables.py".to_owned(),
            });
        }
        let feature = if unclassified {
            None
        } else {
            Some(self.feature(&label, lineage, builder)?)
        };
        for (position, role) in self.roles.iter().enumerate() {
            let Role::Sample(sample) = role else { continue };
            let text = parts.get(position).map_or("", String::as_str);
            let place = || {
                format!(
                    "line {number} (`{}`), column {} (`{}`)",
                    shorten(&label),
                    position + 1,
                    shorten(&self.names[position])
                )
            };
            let value = match cell(text, self.commas) {
                Cell::Number(value) => value,
                Cell::Empty => {
                    self.empties += 1;
                    0.0
                }
                Cell::NearNumber | Cell::Text => {
                    return Err(no_number(file, place(), text, self.commas));
                }
            };
            match feature {
                Some(feature) => builder.value(*sample, feature, value, &place)?,
                None => {
                    builder.unclassified(*sample, value, &place)?;
                }
            }
        }
        Ok(())
    }

    /// Older MetaPhlAn rows leave out the last, empty column.
    fn short_but_whole(&self, parts: &[String]) -> bool {
        let last_sample = self
            .roles
            .iter()
            .rposition(|role| matches!(role, Role::Sample(_)))
            .unwrap_or(0);
        parts.len() > last_sample && parts.len() <= self.width + 1
    }

    fn has_number(&self, parts: &[String]) -> bool {
        self.roles.iter().enumerate().any(|(position, role)| {
            matches!(role, Role::Sample(_))
                && parts.get(position).is_some_and(|text| {
                    matches!(cell(text, self.commas), Cell::Number(_) | Cell::NearNumber)
                })
        })
    }

    /// What a row holds together, in the columns of samples.
    fn numbers(&self, parts: &[String]) -> f64 {
        let samples = self.roles.iter().zip(parts);
        samples
            .filter(|(role, _)| matches!(role, Role::Sample(_)))
            .filter_map(|(_, text)| match cell(text, self.commas) {
                Cell::Number(value) if value.is_finite() => Some(value),
                _ => None,
            })
            .sum()
    }

    fn text(&self, parts: &[String], wanted: &Role) -> String {
        self.roles
            .iter()
            .position(|role| role == wanted)
            .and_then(|position| parts.get(position))
            .cloned()
            .unwrap_or_default()
    }

    fn lineage(&self, parts: &[String]) -> Option<String> {
        // a name may stand in for a lineage that is not there; a number or code may not
        let label = self.text(parts, &Role::Label);
        let told = |lineage: String| {
            let named =
                labels::is_no_lineage(&lineage) && labels::may_name_a_taxon(&label, self.words);
            (!named).then_some(lineage)
        };
        if self.roles.contains(&Role::Taxonomy) {
            return told(self.text(parts, &Role::Taxonomy));
        }
        let ranks: Vec<&str> = self
            .roles
            .iter()
            .zip(parts)
            .filter(|(role, _)| matches!(role, Role::Part(_)))
            .map(|(_, text)| text.as_str())
            .collect();
        (!ranks.is_empty()).then(|| ranks.join(";")).and_then(told)
    }

    fn feature(&self, label: &str, lineage: Option<String>, builder: &mut Builder) -> Result<u32> {
        match lineage {
            Some(lineage) => {
                let id = if label.is_empty() { &lineage } else { label };
                builder.feature_of(id, &lineage)
            }
            None => builder.feature(label),
        }
    }
}

fn rank_names(roles: &[Role]) -> Vec<Option<Rank>> {
    roles
        .iter()
        .filter_map(|role| match role {
            Role::Part(rank) => Some(Some(*rank)),
            _ => None,
        })
        .collect()
}

/// `#mpa_vJan21_CHOCOPhlAnSGB_202103` without its mark.
fn database(comments: &[String]) -> Option<String> {
    comments
        .iter()
        .map(|line| line.trim_start_matches('#').trim())
        .find(|line| line.starts_with("mpa_"))
        .map(str::to_owned)
}

/// Shortens a text for a message.
#[must_use]
pub fn shorten(text: &str) -> String {
    const LONGEST: usize = 60;
    if text.chars().count() <= LONGEST {
        text.to_owned()
    } else {
        let tail: String = text
            .chars()
            .rev()
            .take(LONGEST - 2)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect();
        format!("…{tail}")
    }
}

/// The error for a row with the wrong number of fields.
#[must_use]
pub fn ragged(file: &str, number: u64, found: usize, expected: usize) -> PeopleError {
    PeopleError::Malformed {
        file: file.to_owned(),
        place: format!("line {number}"),
        found: format!("{found} fields"),
        expected: format!("{expected}, as in the header"),
        advice: "The file may be cut short, or a name may contain the separator".to_owned(),
    }
}

fn no_header(file: &str) -> PeopleError {
    PeopleError::Malformed {
        file: file.to_owned(),
        place: "line 1".to_owned(),
        found: "numbers where the header should be".to_owned(),
        expected: "a line with the names of samples or taxa".to_owned(),
        advice: "Add a header line".to_owned(),
    }
}
