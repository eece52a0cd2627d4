//! Stored reference solutions and the error measure.

use std::path::Path;

/// A reference solution: rows of (time, states).
pub struct Reference {
    pub times: Vec<f64>,
    pub states: Vec<Vec<f64>>,
}

impl Reference {
    /// Reads `tests/references/<name>.csv`, written by `crosscheck/reference_solutions.py`.
    pub fn read(name: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/references")
            .join(format!("{name}.csv"));
        let mut reader = csv::ReaderBuilder::new()
            .comment(Some(b'#'))
            .from_path(path)
            .unwrap();
        let mut reference = Self {
            times: Vec::new(),
            states: Vec::new(),
        };
        for record in reader.records() {
            let record = record.unwrap();
            let mut numbers = record.iter().map(|field| field.parse::<f64>().unwrap());
            reference.times.push(numbers.next().unwrap());
            reference.states.push(numbers.collect());
        }
        reference
    }
}

/// Errors |y − ref| / (atol_i + |ref|) of all entries of all rows, sorted.
pub fn relative_errors(
    rows: &[Vec<f64>],
    reference: &[Vec<f64>],
    absolute_tolerance: &[f64],
) -> Vec<f64> {
    assert_eq!(rows.len(), reference.len(), "rows are missing");
    let mut errors = Vec::new();
    for (row, expected) in rows.iter().zip(reference) {
        for ((value, expected), tolerance) in row.iter().zip(expected).zip(absolute_tolerance) {
            errors.push((value - expected).abs() / (tolerance + expected.abs()));
        }
    }
    errors.sort_by(f64::total_cmp);
    errors
}
