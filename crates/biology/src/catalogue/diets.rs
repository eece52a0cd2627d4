//! Diet patterns: what a pattern sets the inputs of the diet to.

use super::table::{CatalogueError, Table};
use gutskin_units::Unit;

/// The project's own table of diet patterns.
pub const DIETS: (&str, &str) = (
    "catalogue/diets.csv",
    include_str!("../../../../catalogue/diets.csv"),
);

/// One input of a pattern.
#[derive(Clone, Debug, PartialEq)]
pub struct DietRow {
    /// Name of the pattern.
    pub id: String,
    /// Input that it sets.
    pub input: String,
    /// To this value.
    pub value: f64,
    /// Its unit.
    pub unit: Unit,
}

/// All rows of the patterns that ship.
///
/// # Errors
/// A fault in the table, with file and line; the tests keep that from happening.
pub fn diets() -> Result<Vec<DietRow>, CatalogueError> {
    read_diets(DIETS.0, DIETS.1)
}

/// Rows of a table of this form.
///
/// # Errors
/// The first fault found, with file, line and what to do.
pub fn read_diets(file: &str, text: &str) -> Result<Vec<DietRow>, CatalogueError> {
    let needed = ["id", "input", "value", "unit", "source", "mark", "note"];
    let table = Table::read(file, text, &needed)?;
    let mut found: Vec<DietRow> = Vec::new();
    for row in table.rows() {
        let id = row.name("id")?;
        let input = row.required("input")?.to_owned();
        if found.iter().any(|d| d.id == id && d.input == input) {
            return Err(row.fault(format!("\"{id}\" sets {input} twice; keep one row")));
        }
        row.provenance()?;
        let unit = Unit::parse(row.required("unit")?);
        let unit = unit.map_err(|e| row.fault(format!("\"unit\": {e}; write for example g/d")))?;
        let value = row.non_negative("value")?;
        found.push(DietRow {
            id,
            input,
            value,
            unit,
        });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_patterns_read() {
        let rows = diets().unwrap();
        let fat = |id: &str| {
            let found = rows
                .iter()
                .find(|d| d.id == id && d.input == "input.diet.fat");
            found.unwrap().value
        };
        assert!(fat("western") > fat("prudent"));
    }

    #[test]
    fn a_second_row_of_the_same_input_is_refused_with_its_line() {
        let text = "id,input,value,unit,source,mark,note\n\
            a,input.diet.fat,80,g/d,x,assumed,\na,input.diet.fat,90,g/d,x,assumed,\n";
        let error = read_diets("mine.csv", text).unwrap_err().to_string();
        assert!(
            error.starts_with("mine.csv:3:") && error.contains("twice"),
            "{error}"
        );
    }
}
