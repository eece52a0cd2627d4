//! Exposures of the body: which input the usual dose moves, and to what.

use super::table::{CatalogueError, Table};

const FILE: &str = "catalogue/exposures.csv";
const TEXT: &str = include_str!("../../../../catalogue/exposures.csv");

/// One exposure.
#[derive(Clone, Debug, PartialEq)]
pub struct ExposureRow {
    /// Name.
    pub id: String,
    /// Input that it moves.
    pub input: String,
    /// To this value, in the unit of the input.
    pub value: f64,
}

/// The exposures that ship.
///
/// # Errors
/// A fault in the table, with file and line; the tests keep that from happening.
pub fn exposures() -> Result<Vec<ExposureRow>, CatalogueError> {
    let table = Table::read(FILE, TEXT, &["id", "input", "value", "unit"])?;
    let mut found: Vec<ExposureRow> = Vec::new();
    for row in table.rows() {
        let id = row.name("id")?;
        if found.iter().any(|e| e.id == id) {
            return Err(row.fault(format!("\"{id}\" stands twice; keep one row")));
        }
        found.push(ExposureRow {
            input: row.required("input")?.to_owned(),
            value: row.number("value")?,
            id,
        });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exposures_read() {
        assert_eq!(exposures().unwrap().len(), 26);
    }
}
