//! What numbers of the tables can be at all: a table of one's own may hold a slip of the pen that no other check sees.

use super::stem_of;
use super::table::{CatalogueError, Row, Table};
use gutskin_units::Unit;

const BOUNDS: (&str, &str) = (
    "catalogue/cell_bounds.csv",
    include_str!("../../../../catalogue/cell_bounds.csv"),
);

/// Bounds of a column.
struct Bounds {
    table: String,
    column: String,
    lowest: f64,
    highest: f64,
    unit: Unit,
    meaning: String,
}

fn bounds() -> Result<Vec<Bounds>, CatalogueError> {
    let needed = ["table", "column", "lowest", "highest", "unit", "meaning"];
    let table = Table::read(BOUNDS.0, BOUNDS.1, &needed)?;
    let read = table.rows().map(|row| {
        let unit = Unit::parse(row.required("unit")?);
        Ok(Bounds {
            table: row.required("table")?.to_owned(),
            column: row.required("column")?.to_owned(),
            lowest: row.optional_number("lowest")?.unwrap_or(f64::NEG_INFINITY),
            highest: row.number("highest")?,
            unit: unit.map_err(|e| row.fault(e.to_string()))?,
            meaning: row.required("meaning")?.to_owned(),
        })
    });
    read.collect()
}

/// Checks every number of these tables that has bounds; `texts` are the tables that ship, each with the name and the
/// text of the file that is read in its place. Units have been checked before.
pub(super) fn check(texts: &[(&str, (&str, &str))]) -> Result<(), CatalogueError> {
    let all = bounds()?;
    for (shipped, (file, text)) in texts {
        let of: Vec<&Bounds> = all.iter().filter(|b| b.table == stem_of(shipped)).collect();
        if of.is_empty() {
            continue;
        }
        let table = Table::read(file, text, &[])?;
        let columns = table.other_columns(&[]);
        for row in table.rows() {
            for bounds in &of {
                let named = |column: &&String| bounds.column == "*" || bounds.column == **column;
                for column in columns.iter().filter(named) {
                    within(&row, column, bounds)?;
                }
            }
        }
    }
    Ok(())
}

/// Columns that say something about a row and are no amounts of its unit.
const ABOUT: [&str; 2] = ["cv", "note"];

fn within(row: &Row<'_>, column: &str, bounds: &Bounds) -> Result<(), CatalogueError> {
    if ABOUT.contains(&column) {
        return Ok(());
    }
    let Ok(value) = row.text(column).parse::<f64>() else {
        return Ok(());
    };
    let own = [&format!("{column}_unit"), "unit"].map(|cell| row.text(cell));
    let text = own.into_iter().find(|text| !text.is_empty());
    let unit = if bounds.unit.is_dimensionless() {
        Some(Unit::dimensionless())
    } else {
        text.and_then(|text| Unit::parse(text).ok())
    };
    // Another kind of unit has bounds of its own.
    let Some(found) = unit.and_then(|unit| unit.convert(value, &bounds.unit).ok()) else {
        return Ok(());
    };
    if (bounds.lowest..=bounds.highest).contains(&found) {
        return Ok(());
    }
    let unit = if bounds.unit.is_dimensionless() {
        String::new()
    } else {
        format!(" {}", bounds.unit)
    };
    let can = if bounds.lowest.is_finite() {
        format!("{} to {}{unit}", bounds.lowest, bounds.highest)
    } else {
        format!("{}{unit} at most", bounds.highest)
    };
    Err(row.fault(format!(
        "\"{column}\" is {found}{unit}, but can be {can} ({}); write a number within, or another unit",
        bounds.meaning
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::TABLES;

    #[test]
    fn every_row_of_bounds_is_about_a_column_that_stands() {
        for b in bounds().unwrap() {
            let shipped = TABLES.iter().find(|(file, _)| stem_of(file) == b.table);
            let (file, text) = shipped.unwrap();
            let table = Table::read(file, text, &[]).unwrap();
            let columns = table.other_columns(&[]);
            assert!(
                b.column == "*" || columns.contains(&b.column),
                "{}",
                b.column
            );
            assert!(b.lowest < b.highest, "{}", b.column);
        }
    }
}
