//! What inputs can be at all: the bounds beyond which a value is refused.

use super::table::{CatalogueError, Table};
use gutskin_units::Unit;

const INPUTS: (&str, &str) = (
    "catalogue/inputs.csv",
    include_str!("../../../../catalogue/inputs.csv"),
);

/// The bounds of an input, or of all whose names begin alike.
#[derive(Clone, Debug)]
pub struct InputBounds {
    /// Its name; one that ends in `*` stands for all that begin so.
    pub input: String,
    /// The least value.
    pub lowest: f64,
    /// The largest, infinite where there is none.
    pub highest: f64,
    /// Unit of both.
    pub unit: Unit,
    /// What is counted.
    pub meaning: String,
}

impl InputBounds {
    /// Are these the bounds of that input?
    #[must_use]
    pub fn are_of(&self, input: &str) -> bool {
        match self.input.strip_suffix('*') {
            Some(beginning) => input.starts_with(beginning),
            None => self.input == input,
        }
    }

    /// What is wrong with a value, with the bounds and their unit; nothing where it lies within them or cannot be
    /// converted to them, which is told elsewhere.
    #[must_use]
    pub fn fault(&self, input: &str, value: f64, unit: &Unit) -> Option<String> {
        let found = unit.convert(value, &self.unit).ok()?;
        if (self.lowest..=self.highest).contains(&found) {
            return None;
        }
        let unit = if self.unit.is_dimensionless() {
            String::new()
        } else {
            format!(" {}", self.unit)
        };
        let highest = if self.highest.is_finite() {
            format!("{} to {}{unit}", self.lowest, self.highest)
        } else {
            format!("{}{unit} or more", self.lowest)
        };
        Some(format!(
            "\"{input}\" would be {found}{unit}, but it can be {highest} ({})",
            self.meaning
        ))
    }
}

/// The bounds of all inputs that have some.
///
/// # Errors
/// A fault in the table, with file and line; the tests keep that from happening.
pub fn input_bounds() -> Result<Vec<InputBounds>, CatalogueError> {
    let needed = ["input", "lowest", "highest", "unit", "meaning"];
    let table = Table::read(INPUTS.0, INPUTS.1, &needed)?;
    let read = table.rows().map(|row| {
        let unit = Unit::parse(row.required("unit")?);
        Ok(InputBounds {
            input: row.required("input")?.to_owned(),
            lowest: row.number("lowest")?,
            highest: row.optional_number("highest")?.unwrap_or(f64::INFINITY),
            unit: unit.map_err(|e| row.fault(e.to_string()))?,
            meaning: row.required("meaning")?.to_owned(),
        })
    });
    read.collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn fault(input: &str, value: f64, unit: &str) -> Option<String> {
        let all = input_bounds().unwrap();
        let bounds = all.iter().find(|b| b.are_of(input)).unwrap();
        bounds.fault(input, value, &Unit::parse(unit).unwrap())
    }

    #[test]
    fn beyond_the_bounds_is_told_with_them() {
        assert_eq!(fault("input.omega3", 1.0, "1"), None);
        let told = fault("input.omega3", 1.5, "1").unwrap();
        assert_eq!(
            told,
            "\"input.omega3\" would be 1.5, but it can be 0 to 1 (share of the fat replaced)"
        );
        let told = fault("input.diet.pectin", -0.004, "kg/d").unwrap();
        assert!(
            told.contains("-4 g/d, but it can be 0 g/d or more"),
            "{told}"
        );
        assert!(fault("input.sleep_loss", f64::NAN, "h/d").is_some());
    }
}
