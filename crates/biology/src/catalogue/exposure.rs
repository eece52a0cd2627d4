//! What people live with: stress, sleep, food, drugs, sun, by name. Each moves inputs of the body or the colon.

use super::table::{CatalogueError, Provenance, Quantity, Table};
use gutskin_units::{Quantity as Measure, Unit};

/// The project's own table.
pub const EXPOSURES: (&str, &str) = (
    "catalogue/exposures.csv",
    include_str!("../../../../catalogue/exposures.csv"),
);

/// An exposure and the inputs that it moves.
#[derive(Clone, Debug)]
pub struct Exposure {
    /// Name in scenarios.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// What it moves: input and its value at the usual dose.
    pub inputs: Vec<(String, Quantity)>,
    /// Usual length, d; absent where it has no end of its own.
    pub duration: Option<f64>,
    /// Smallest and largest dose that was studied, in usual ones, where that is known.
    pub studied: Option<[f64; 2]>,
    /// What it is known to do.
    pub effect: String,
    /// Where the row comes from.
    pub provenance: Provenance,
}

/// The shipped table.
///
/// # Errors
/// A fault in it, with file and line; the tests keep that from happening.
pub fn shipped() -> Result<Vec<Exposure>, CatalogueError> {
    read(EXPOSURES.0, EXPOSURES.1)
}

/// Reads a table of exposures; rows of one name together are one exposure.
///
/// # Errors
/// The first fault found, with file, line and what to do.
pub fn read(file: &str, text: &str) -> Result<Vec<Exposure>, CatalogueError> {
    const OPEN: &str = "while it lasts";
    let needed = [
        "id", "exposure", "input", "value", "unit", "duration", "effect", "source", "mark",
    ];
    let table = Table::read(file, text, &needed)?;
    let mut found: Vec<Exposure> = Vec::new();
    for row in table.rows() {
        let id = row.name("id")?;
        let input = row.required("input")?.to_owned();
        let unit = row.required("unit")?;
        let unit = Unit::parse(unit).map_err(|e| {
            row.fault(format!(
                "\"unit\": {e}; write for example g/d, or 1 for none"
            ))
        })?;
        let moved = Quantity {
            value: row.number("value")?,
            unit,
        };
        let duration = match row.required("duration")? {
            OPEN => None,
            text => Some(days(text).ok_or_else(|| {
                row.fault(format!(
                    "\"duration\" is \"{text}\"; write a time such as 15 min or 7 d, or \"{OPEN}\""
                ))
            })?),
        };
        if let Some(known) = found.iter_mut().find(|e| e.id == id) {
            if known.inputs.iter().any(|(name, _)| *name == input) {
                return Err(row.fault(format!(
                    "exposure \"{id}\" moves \"{input}\" twice; keep one row"
                )));
            }
            if known.duration != duration {
                return Err(row.fault(format!(
                    "exposure \"{id}\" has two durations; give all its rows the same one"
                )));
            }
            known.inputs.push((input, moved));
            continue;
        }
        found.push(Exposure {
            id,
            name: row.required("exposure")?.to_owned(),
            inputs: vec![(input, moved)],
            duration,
            studied: row.range("studied")?,
            effect: row.text("effect").to_owned(),
            provenance: row.provenance()?,
        });
    }
    Ok(found)
}

fn days(text: &str) -> Option<f64> {
    let time = Measure::parse(text).ok()?;
    let days = time
        .unit
        .convert(time.value, &Unit::parse("d").ok()?)
        .ok()?;
    (days.is_finite() && days > 0.0).then_some(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_exposures_read() {
        let all = shipped().unwrap();
        let meal = all.iter().find(|e| e.id == "fat_meal").unwrap();
        assert_eq!(meal.inputs[0].0, "input.diet.saturated_fat");
        assert!((meal.duration.unwrap() - 1.0 / 24.0).abs() < 1e-12);
        assert!(
            all.iter()
                .find(|e| e.id == "smoking")
                .unwrap()
                .duration
                .is_none()
        );
        let two = EXPOSURES
            .1
            .replacen("stress_exam,Exam", "stress_acute,Exam", 1);
        let two = two.replacen("1,7 d,,,chronic", "1,15 min,,,chronic", 1);
        let both = read("mine.csv", &two).unwrap();
        assert_eq!(both[0].inputs.len(), 2);
    }

    fn fault(from: &str, to: &str) -> String {
        assert!(EXPOSURES.1.contains(from), "{from}");
        read("mine.csv", &EXPOSURES.1.replacen(from, to, 1))
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn faults_say_line_and_mend() {
        let time = fault("12,1,15 min", "12,1,15 mins or so");
        assert!(
            time.starts_with("mine.csv:3: \"duration\" is \"15 mins or so\"")
                && time.contains("7 d"),
            "{time}"
        );
        let unit = fault("2.5,h/d", "2.5,hours a day");
        assert!(unit.contains("\"unit\""), "{unit}");
        let number = fault("milk,400", "milk,much");
        assert!(number.contains("write a plain number"), "{number}");
        let twice = fault("gluten,Gluten,input.gluten", "whey,Whey,input.whey");
        assert!(twice.contains("moves \"input.whey\" twice"), "{twice}");
    }
}
