//! Tables whose rows are samples and whose columns are taxa.

use crate::error::Result;
use crate::profile::cohort::{Builder, Cohort, Format};
use crate::taxonomy::Vocabulary;

use super::super::ending::Ending;
use super::super::input::Input;
use super::super::labels::{self, LeftOut};
use super::super::lines::{Lines, fields};
use super::super::numbers::{Cell, cell, no_number};
use super::super::preview::Preview;
use super::{SAMPLE, no_header, ragged, shorten};

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
    let file = lines.name().to_owned();
    while let Some((number, line)) = lines.next_row(preview.skip)? {
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
                _ => builder.unclassified(sample, value, &place)?,
            }
        }
    }
    if !left_out.is_empty() {
        builder.note(labels::left_out_note("columns", &left_out, kept));
    }
    if empties > 0 {
        builder.note(format!("{empties} empty cells are read as 0"));
    }
    let mut cohort = builder.finish();
    if lines.unended() {
        ending.judge(&mut cohort)?;
    }
    Ok(cohort)
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
