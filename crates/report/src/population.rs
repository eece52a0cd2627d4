//! The people of a population as a Parquet table: one row a person.

use crate::ReportError;
use crate::table::{Column, column, numbers, texts, whole, write_parts};
use gutskin_study::population::{ColumnOf, People, Standing};
use std::io::Write;

/// Rows in memory at a time.
const ROWS: usize = 500;

/// One row a person: what stands of them, readings at rest, habits, traits, drawn parameters.
///
/// # Errors
/// [`ReportError::Table`].
pub fn people(people: &People, out: impl Write + Send) -> Result<(), ReportError> {
    let columns = people.columns();
    let parts = people.standing().chunks(ROWS);
    write_parts(out, parts.map(|rows| part(people, &columns, rows)))
}

fn part(people: &People, columns: &[ColumnOf], rows: &[Standing]) -> Vec<Column> {
    let mut part = vec![
        column(
            "number",
            "",
            "number of the draw",
            whole(rows.iter().map(|r| u64::from(r.number))),
        ),
        column(
            "weight",
            "1",
            "share of the weighted population; 0 for who is left out",
            numbers(rows.iter().map(|r| r.weight)),
        ),
        column(
            "times",
            "",
            "how often the person stands in the resampled population, of as many people as were drawn",
            whole(rows.iter().map(|r| r.times as u64)),
        ),
        column(
            "left_out",
            "",
            "why the person is left out; empty for who is not",
            texts(rows.iter().map(|r| r.left_out.clone())),
        ),
    ];
    let values: Vec<Vec<f64>> = rows.iter().map(|r| people.row(r.number)).collect();
    let of = |(at, c): (usize, &ColumnOf)| {
        let values = values
            .iter()
            .map(|row| row.get(at).copied().unwrap_or(f64::NAN));
        column(&c.name, &c.unit, &c.meaning, numbers(values))
    };
    part.extend(columns.iter().enumerate().map(of));
    part
}
