//! The people of a population as a Parquet table: one row a person.

use crate::ReportError;
use crate::table::{Column, column, numbers, texts, whole, write_parts};
use gutskin_study::population::{ColumnOf, People, Standing};
use std::io::Write;

/// Rows in memory at a time.
const ROWS: usize = 500;

/// One row a person: what stands of them, readings of today, habits, traits, drawn parameters.
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
        column(
            "antibiotic",
            "",
            "drug of the course of antibiotics of the last year (catalogue/drugs.csv); empty for who had none",
            texts(rows.iter().map(|r| people.antibiotic(r.number).to_owned())),
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use gutskin_study::population::{Request, prepare};

    /// What the table holds of each: shares add up to one, resampling takes as many as were drawn, those left out have neither,
    /// and what is shown of a person is what weights were made from.
    #[test]
    fn rows_are_the_people_that_were_weighted() {
        const SIZE: u32 = 250;
        let table = gutskin_biology::parameter_table().unwrap();
        let request = Request {
            condition: "pso".to_owned(),
            full: false,
            size: SIZE,
            seed: 1,
            severity: Some("12..".to_owned()),
            antibiotics: true,
            ..Request::default()
        };
        let (population, found) = prepare(&request, &table, None, &mut |_| {}).unwrap();
        let standing = found.standing();
        assert_eq!(standing.len(), SIZE as usize);
        assert_eq!(
            standing.iter().map(|s| s.times).sum::<usize>(),
            SIZE as usize
        );
        assert!((standing.iter().map(|s| s.weight).sum::<f64>() - 1.0).abs() < 1e-9);
        let (left, out): (Vec<_>, Vec<_>) = standing.iter().partition(|s| s.left_out.is_empty());
        assert!(left.len() == population.included && !out.is_empty());
        assert!(out.iter().all(|s| s.weight == 0.0 && s.times == 0));
        let columns = found.columns();
        let mut names: Vec<&str> = columns.iter().map(|c| c.name.as_str()).collect();
        names.extend(["number", "weight", "times", "left_out", "antibiotic"]);
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all, "a column stands twice");
        let at = columns.iter().position(|c| c.name == "score.pasi").unwrap();
        let mut mean = 0.0;
        for person in standing {
            let row = found.row(person.number);
            assert_eq!(row.len(), columns.len());
            if person.left_out.is_empty() {
                assert!(row[at] >= 12.0);
                mean += person.weight * row[at];
            }
        }
        let pasi = population
            .baselines
            .iter()
            .find(|b| b.baseline.id == "pasi");
        assert!((mean - pasi.unwrap().weighted[0]).abs() < 1e-6 * mean);
        let mut written = Vec::new();
        people(&found, &mut written).unwrap();
        assert!(written.starts_with(b"PAR1") && written.ends_with(b"PAR1"));
    }
}
