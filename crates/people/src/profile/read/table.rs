//! Tables of numbers: taxa as rows or as columns, with lineages, rank columns or a taxonomy column.

use crate::error::{PeopleError, Result};
use crate::profile::cohort::{Builder, Cohort, Counting, Format};
use crate::taxonomy::{Rank, Vocabulary};

use super::ending::Ending;
use super::input::{Input, stem};
use super::labels::{self, LeftOut, Tally};
use super::lines::{Lines, fields};
use super::numbers::{Cell, Commas, cell, no_number};
use super::preview::Preview;

/// Columns that profilers add and that are no samples.
const NO_SAMPLE: &[&str] = &[
    "ncbi_tax_id",
    "ncbi_taxid",
    "clade_taxid",
    "tax_id",
    "taxid",
    "taxonomy_id",
    "taxonomy_lvl",
    "coverage",
    "estimated_number_of_reads_from_the_clade",
    "additional_species",
    "#reads",
    "confidence",
    "size",
    "rank",
    "otu_size",
    "sequence",
];

/// Columns that hold the sum of the others where they are no samples; which, their numbers tell.
const SUMS: &[&str] = &["total", "totals", "sum", "row_sum", "rowsum", "row sum"];

/// Columns of statistics beside those of samples; left out with a remark.
const STATISTICS: &[&str] = &[
    "sd",
    "se",
    "sem",
    "std",
    "stdev",
    "pvalue",
    "p-value",
    "p_value",
    "p.value",
    "padj",
    "p_adj",
    "qvalue",
    "q-value",
    "fdr",
    "log2fc",
    "logfc",
    "log2foldchange",
    "fold_change",
    "foldchange",
    "prevalence",
    "mean",
    "median",
    "average",
];

/// Names of the column that holds lineages beside feature ids.
const TAXONOMY: &[&str] = &[
    "taxonomy",
    "taxon",
    "consensuslineage",
    "consensus lineage",
    "lineage",
    "taxonomic_lineage",
    "classification",
];

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

#[derive(Debug, Clone, PartialEq)]
enum Role {
    Label,
    Taxonomy,
    Part(Rank),
    Skip,
    Sample(usize),
}

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
        names: column_names(&roles, builder.cohort()),
        roles,
        width,
        delimiter: preview.delimiter,
        commas: preview.commas,
        empties: 0,
        header_rows: Vec::new(),
        seen_numbers: false,
        allow_short: implicit_label || format == Format::Metaphlan,
    };
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
        reader.row(&file, number, &line, lines.unended(), &mut builder)?;
    }
    if lines.unended()
        && let Some(note) = reader.ending.judge(builder.cohort())?
    {
        builder.note(note);
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
    Ok(builder.finish())
}

/// Names of the sample columns, for messages.
fn column_names(roles: &[Role], cohort: &Cohort) -> Vec<String> {
    roles
        .iter()
        .map(|role| match role {
            Role::Sample(sample) => cohort.samples[*sample].id.clone(),
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
        let unclassified = labels::is_unclassified(lineage.as_deref().unwrap_or(&label))
            || (lineage.is_none() && labels::is_unclassified(&label));
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
                    if !value.is_finite() || value < 0.0 {
                        builder.value(*sample, 0, value, &place)?;
                    }
                    builder.cohort().samples[*sample].unclassified += value;
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
        let column = self.text(parts, &Role::Taxonomy);
        if !column.is_empty() {
            return Some(column);
        }
        let ranks: Vec<&str> = self
            .roles
            .iter()
            .zip(parts)
            .filter(|(role, _)| matches!(role, Role::Part(_)))
            .map(|(_, text)| text.as_str())
            .collect();
        (!ranks.is_empty()).then(|| ranks.join(";"))
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

fn row_roles(
    input: &Input,
    preview: &Preview,
    builder: &mut Builder,
    names_at: usize,
) -> Result<Vec<Role>> {
    let mut header = preview.header.clone();
    let data_width = preview.rows.first().map_or(header.len(), Vec::len);
    if header.is_empty() {
        return Err(no_header(&input.name));
    }
    if header.len() + 1 == data_width && preview.rows.iter().all(|row| row.len() == data_width) {
        header.insert(0, String::new());
        builder.note(
            "the header has one field less than the rows: the first column is taken as the names",
        );
    }
    let taxonomy = header
        .iter()
        .enumerate()
        .skip(1)
        .find(|(position, name)| {
            TAXONOMY.contains(&name.to_lowercase().as_str()) && preview.is_text(*position)
        })
        .map(|(position, _)| position);
    let named_parts = header
        .iter()
        .filter(|name| Rank::from_name(name).is_some())
        .count();
    let single = single_sample_column(&header);
    let mut roles = Vec::with_capacity(header.len());
    let (mut skipped, mut statistics, mut sums) = (Vec::new(), Vec::new(), Vec::new());
    for (position, name) in header.iter().enumerate() {
        let lower = name.to_lowercase();
        let role =
            if named_parts >= 2 && Rank::from_name(name).is_some() && preview.is_text(position) {
                Rank::from_name(name).map_or(Role::Skip, Role::Part)
            } else if position == names_at {
                Role::Label
            } else if position == 0 {
                Role::Skip
            } else if Some(position) == taxonomy {
                Role::Taxonomy
            } else if NO_SAMPLE.contains(&lower.as_str())
                || name.is_empty() && (preview.is_text(position) || preview.is_empty(position))
            {
                Role::Skip
            } else if SUMS.contains(&lower.as_str()) && is_sum(preview, position) {
                sums.push(format!("`{}`", shorten(name)));
                Role::Skip
            } else if STATISTICS.contains(&lower.as_str()) {
                statistics.push(format!("`{}`", shorten(name)));
                Role::Skip
            } else if preview.is_text(position) {
                skipped.push(format!("`{}`", shorten(name)));
                Role::Skip
            } else {
                let id = if single == Some(position) {
                    stem(&input.name)
                } else {
                    sample_name(name, position)
                };
                Role::Sample(builder.sample(&id)?)
            };
        roles.push(role);
    }
    if !roles.contains(&Role::Label)
        && let Some(position) = roles.iter().rposition(|role| matches!(role, Role::Part(_)))
        && named_parts == 0
    {
        roles[position] = Role::Label;
    }
    if !skipped.is_empty() {
        builder.note(format!(
            "columns of text are left out: {}",
            skipped.join(", ")
        ));
    }
    if names_at > 0 {
        builder.note(format!(
            "rows are named by the column `{}`; the numbers in the first column are left out",
            shorten(&header[names_at])
        ));
    }
    if !sums.is_empty() {
        builder.note(format!(
            "columns that hold the sums of the others are left out: {}",
            sums.join(", ")
        ));
    }
    if !statistics.is_empty() {
        builder.note(format!(
            "columns named as statistics, not as samples, are left out: {}",
            statistics.join(", ")
        ));
    }
    if builder.samples() == 0 {
        return Err(PeopleError::NotAProfile {
            file: input.name.clone(),
            seems: "a table without a column of numbers".to_owned(),
            needed: "A profile needs at least one column of counts or abundances".to_owned(),
        });
    }
    Ok(roles)
}

/// Whether a column holds the sums of the columns of numbers beside it, in all rows looked at.
fn is_sum(preview: &Preview, position: usize) -> bool {
    const ROUNDING: f64 = 5e-3;
    let number = |text: &String| match cell(text, preview.commas) {
        Cell::Number(value) if value.is_finite() => value,
        _ => 0.0,
    };
    let is_part = |at: usize| {
        let name = preview.header.get(at).map(|name| name.to_lowercase());
        at > 0
            && at != position
            && !preview.is_text(at)
            && name.is_some_and(|name| {
                ![NO_SAMPLE, STATISTICS, SUMS]
                    .iter()
                    .any(|list| list.contains(&name.as_str()))
            })
    };
    let parts: Vec<usize> = (0..preview.header.len())
        .filter(|at| is_part(*at))
        .collect();
    !parts.is_empty()
        && preview.rows.iter().all(|row| {
            let sum: f64 = (parts.iter())
                .filter_map(|at| row.get(*at))
                .map(number)
                .sum();
            let held = row.get(position).map_or(0.0, number);
            (held - sum).abs() <= ROUNDING * sum.abs().max(1e-9)
        })
}

fn sample_name(name: &str, position: usize) -> String {
    if name.is_empty() {
        format!("column {}", position + 1)
    } else {
        name.to_owned()
    }
}

/// The column of a single-sample MetaPhlAn file, whose header names the program, not the sample.
fn single_sample_column(header: &[String]) -> Option<usize> {
    let named = header.iter().position(|name| {
        let lower = name.to_lowercase();
        lower == "relative_abundance"
            || (lower.starts_with("metaphlan") && lower.ends_with("analysis"))
    });
    named.or_else(|| {
        let only = header.len() == 2;
        let lower = header.get(1)?.to_lowercase();
        (only
            && matches!(
                lower.as_str(),
                "abundance"
                    | "count"
                    | "counts"
                    | "reads"
                    | "value"
                    | "percent"
                    | "percentage"
                    | "fraction"
            ))
        .then_some(1)
    })
}

/// `#mpa_vJan21_CHOCOPhlAnSGB_202103` without its mark.
fn database(comments: &[String]) -> Option<String> {
    comments
        .iter()
        .map(|line| line.trim_start_matches('#').trim())
        .find(|line| line.starts_with("mpa_"))
        .map(str::to_owned)
}

/// Reads a table whose rows are samples and whose columns are taxa.
///
/// # Errors
/// When a row is ragged, a cell is no number, or a limit is reached.
pub fn samples_as_rows(
    input: Input,
    preview: &Preview,
    by_names: bool,
    words: &Vocabulary,
) -> Result<Cohort> {
    if preview.header.is_empty() {
        return Err(no_header(&input.name));
    }
    let mut builder = Builder::new(&input.name, Format::SamplesAsRows, input.limits);
    if let Some(note) = preview.commas.note() {
        builder.note(note);
    }
    let name_column = preview.column(SAMPLE).unwrap_or(0);
    let (columns, mut left_out) =
        column_features(preview, name_column, by_names, &mut builder, words)?;
    let mut kept = 0.0;
    let mut ending = Ending::default();
    let mut lines = Lines::new(input);
    let mut empties = 0_usize;
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
        if parts.len() != columns.len() {
            return Err(ragged(&file, number, parts.len(), columns.len()));
        }
        ending.line(number, parts.last().map_or("", String::as_str));
        let sample = builder.sample(&parts[name_column])?;
        for (position, (text, column)) in parts.iter().zip(&columns).enumerate() {
            match column {
                Column::Skip => continue,
                Column::LeftOut(at) => {
                    if let Cell::Number(value) = cell(text, preview.commas)
                        && value.is_finite()
                    {
                        left_out[*at].1 += value;
                    }
                    continue;
                }
                Column::Unclassified | Column::Feature(_) => {}
            }
            let place = || {
                format!(
                    "line {number}, column {} (`{}`)",
                    position + 1,
                    shorten(&preview.header[position])
                )
            };
            let value = match cell(text, preview.commas) {
                Cell::Number(value) => value,
                Cell::Empty => {
                    empties += 1;
                    continue;
                }
                Cell::NearNumber | Cell::Text => {
                    return Err(no_number(&file, place(), text, preview.commas));
                }
            };
            kept += value;
            match column {
                Column::Feature(feature) => builder.value(sample, *feature, value, &place)?,
                _ if value.is_finite() && value >= 0.0 => {
                    builder.cohort().samples[sample].unclassified += value;
                }
                _ => builder.value(sample, 0, value, &place)?,
            }
        }
    }
    if lines.unended()
        && let Some(note) = ending.judge(builder.cohort())?
    {
        builder.note(note);
    }
    if !left_out.is_empty() {
        builder.note(labels::left_out_note("columns", &left_out, kept));
    }
    if empties > 0 {
        builder.note(format!("{empties} empty cells are read as 0"));
    }
    Ok(builder.finish())
}

#[derive(Debug, Clone, PartialEq)]
enum Column {
    Skip,
    LeftOut(usize),
    Unclassified,
    Feature(u32),
}

fn column_features(
    preview: &Preview,
    name_column: usize,
    by_names: bool,
    builder: &mut Builder,
    words: &Vocabulary,
) -> Result<(Vec<Column>, LeftOut)> {
    let mut columns = Vec::with_capacity(preview.header.len());
    let mut left_out = Vec::new();
    let mut texts = Vec::new();
    for (position, name) in preview.header.iter().enumerate() {
        let column = if position == name_column || name.is_empty() && preview.is_empty(position) {
            Column::Skip
        } else if labels::is_unclassified(name) {
            Column::Unclassified
        } else if preview.is_text(position) {
            texts.push(format!("`{}`", shorten(name)));
            Column::Skip
        } else if labels::is_left_out(name, by_names, words) {
            left_out.push((name.clone(), 0.0));
            Column::LeftOut(left_out.len() - 1)
        } else {
            Column::Feature(builder.feature(name)?)
        };
        columns.push(column);
    }
    if !texts.is_empty() {
        let count = texts.len();
        texts.truncate(6);
        builder.note(format!(
            "{count} columns of text are left out: {}{}",
            texts.join(", "),
            if count > 6 { " …" } else { "" }
        ));
    }
    Ok((columns, left_out))
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
