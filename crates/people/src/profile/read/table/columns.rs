//! What each column of a table with taxa as rows holds: names, lineages, samples, sums, statistics.

use crate::error::{PeopleError, Result};
use crate::profile::cohort::Builder;
use crate::taxonomy::Rank;

use super::super::input::{Input, stem};
use super::super::numbers::{Cell, cell};
use super::super::preview::Preview;
use super::{measures, no_header, shorten};

/// Columns that profilers add and that are no samples.
pub(super) const NO_SAMPLE: &[&str] = &[
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
    "clade",
    "subspecies",
    "species subgroup",
    "species group",
    "species_subgroup",
    "species_group",
];

/// Columns that hold the sum of the others where they are no samples; which, their numbers tell.
const SUMS: &[&str] = &[
    "total",
    "totals",
    "sum",
    "row_sum",
    "rowsum",
    "row sum",
    "grand total",
    "total reads",
    "total_reads",
    "total counts",
    "gesamt",
    "summe",
    "somme",
    "totaal",
];

/// Columns of statistics beside those of samples; left out with a remark.
const STATISTICS: &[&str] = &[
    "sd",
    "se",
    "sem",
    "std",
    "stdev",
    "log2fc",
    "logfc",
    "log2foldchange",
    "fold_change",
    "foldchange",
    "prevalence",
    "mean",
    "median",
    "average",
    "mittelwert",
    "moyenne",
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

/// What a column of a table with taxa as rows holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Role {
    Label,
    Taxonomy,
    Part(Rank),
    Skip,
    Sample(usize),
}

/// The role of each column, by the header and the first rows.
///
/// # Errors
/// When there is no header or no column of numbers, or a sample comes twice.
pub(super) fn row_roles(
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
            TAXONOMY.contains(&name.to_lowercase().as_str()) && preview.has_no_number(*position)
        })
        .map(|(position, _)| position);
    let named_parts = header
        .iter()
        .filter(|name| Rank::from_name(name).is_some())
        .count();
    let compared = measures::has_p_values(&header, preview);
    let repeated = measures::repeated(&header, preview);
    let single = single_sample_column(&header, &repeated, preview);
    let mut roles = Vec::with_capacity(header.len());
    let (mut skipped, mut statistics, mut sums) = (Vec::new(), Vec::new(), Vec::new());
    let mut units = Vec::new();
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
            } else if repeated.contains(&position) {
                units.push(format!("`{}`", shorten(name)));
                Role::Skip
            } else if STATISTICS.contains(&lower.as_str())
                || measures::is_p_value(name)
                || (compared && measures::is_result(name))
            {
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
    if !units.is_empty() {
        builder.note(format!(
            "columns that hold the same sample in another unit are left out: {}",
            units.join(", ")
        ));
    }
    if !statistics.is_empty() {
        builder.note(format!(
            "columns named as statistics, not as samples, are left out: {}",
            statistics.join(", ")
        ));
    }
    if builder.samples() == 0 {
        return Err(no_samples(
            input,
            if compared {
                "a table of results of a comparison (statistics and p values by taxon)"
            } else {
                "a table without a column of numbers"
            },
        ));
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
fn single_sample_column(header: &[String], repeated: &[usize], preview: &Preview) -> Option<usize> {
    let named = header.iter().position(|name| {
        let lower = name.to_lowercase();
        lower == "relative_abundance"
            || (lower.starts_with("metaphlan") && lower.ends_with("analysis"))
    });
    let kept = |position: &usize| !repeated.contains(position);
    named.filter(kept).or_else(|| {
        let numbers = |at: &usize| !preview.is_text(*at) && !preview.is_empty(*at);
        let mut samples = (1..header.len())
            .filter(|at| kept(at) && numbers(at))
            .filter(|at| !NO_SAMPLE.contains(&header[*at].to_lowercase().as_str()));
        let only = samples.next().filter(|_| samples.next().is_none())?;
        (measures::is_measure(&header[only]) && (header.len() == 2 || !repeated.is_empty()))
            .then_some(only)
    })
}

fn no_samples(input: &Input, seems: &str) -> PeopleError {
    PeopleError::NotAProfile {
        file: input.name.clone(),
        seems: seems.to_owned(),
        needed: "A profile needs at least one column of counts or abundances".to_owned(),
    }
}
