//! Synbiotics: strains and prebiotics that are given together.

use super::table::{CatalogueError, Table};
use gutskin_units::Unit;

/// The project's own table of synbiotics.
pub const SYNBIOTICS: (&str, &str) = (
    "catalogue/synbiotics.csv",
    include_str!("../../../../catalogue/synbiotics.csv"),
);

/// One thing in a synbiotic.
#[derive(Clone, Debug, PartialEq)]
pub struct Component {
    /// A strain, or else a prebiotic?
    pub strain: bool,
    /// Name in the table of strains or of prebiotics.
    pub name: String,
    /// Usual amount, CFU/d of a strain, g/d of a prebiotic.
    pub amount: f64,
}

/// A product with its usual amounts.
#[derive(Clone, Debug, PartialEq)]
pub struct Synbiotic {
    /// Name in scenarios.
    pub id: String,
    /// What is in it.
    pub components: Vec<Component>,
}

/// Rows of a table of this form.
///
/// # Errors
/// The first fault found, with file, line and what to do.
pub fn read(file: &str, text: &str) -> Result<Vec<Synbiotic>, CatalogueError> {
    let needed = [
        "id",
        "synbiotic",
        "kind",
        "name",
        "amount",
        "unit",
        "source",
        "mark",
        "note",
    ];
    let table = Table::read(file, text, &needed)?;
    let mut found: Vec<Synbiotic> = Vec::new();
    for row in table.rows() {
        let id = row.name("id")?;
        row.required("synbiotic")?;
        row.provenance()?;
        let strain = match row.required("kind")? {
            "strain" => true,
            "prebiotic" => false,
            other => {
                return Err(row.fault(format!(
                    "\"kind\" is \"{other}\"; write strain or prebiotic"
                )));
            }
        };
        let wanted = if strain { "CFU/d" } else { "g/d" };
        let unit = row.unit_in("unit", wanted)?;
        let like = Unit::parse(wanted).map_err(|e| row.fault(e.to_string()))?;
        let amount = unit.convert(row.positive("amount")?, &like);
        let component = Component {
            strain,
            name: row.name("name")?,
            amount: amount.map_err(|e| row.fault(e.to_string()))?,
        };
        match found.iter_mut().find(|s| s.id == id) {
            Some(known) => {
                if known.components.iter().any(|c| c.name == component.name) {
                    return Err(row.fault(format!(
                        "\"{id}\" holds \"{}\" twice; keep one row",
                        component.name
                    )));
                }
                known.components.push(component);
            }
            None => found.push(Synbiotic {
                id,
                components: vec![component],
            }),
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{Catalogue, prebiotics};

    #[test]
    fn what_is_in_them_stands_in_the_tables_of_strains_and_prebiotics() {
        let strains = Catalogue::shipped().unwrap().strains;
        let prebiotics = prebiotics().unwrap();
        for product in read(SYNBIOTICS.0, SYNBIOTICS.1).unwrap() {
            for c in &product.components {
                let known = if c.strain {
                    strains.iter().any(|s| s.id == c.name)
                } else {
                    prebiotics.iter().any(|p| p.id == c.name)
                };
                assert!(known, "{}: {}", product.id, c.name);
            }
            assert!(
                product.components.iter().any(|c| c.strain),
                "{}",
                product.id
            );
            assert!(
                product.components.iter().any(|c| !c.strain),
                "{}",
                product.id
            );
        }
    }

    #[test]
    fn faults_say_line_and_mend() {
        let text =
            |row: &str| format!("id,synbiotic,kind,name,amount,unit,source,mark,note\n{row}\n");
        for (row, said) in [
            ("a,A,food,fos,5,g/d,x,assumed,", "write strain or prebiotic"),
            ("a,A,strain,lgg,5,g/d,x,assumed,", "CFU/d"),
            ("a,A,prebiotic,fos,-5,g/d,x,assumed,", "above zero"),
            ("a,A,prebiotic,fos,5,,x,assumed,", "has no unit"),
        ] {
            let error = read("mine.csv", &text(row)).unwrap_err().to_string();
            assert!(
                error.starts_with("mine.csv:2:") && error.contains(said),
                "{error}"
            );
        }
    }
}
