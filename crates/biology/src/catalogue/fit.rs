//! Do the tables fit together, and to the models? What scenarios look up by name is checked before they do.

use super::ecosystem::known;
use super::table::{CatalogueError, Row, Table};
use super::{
    Catalogue, DIETS, EXPOSURES, FOOD_INPUTS, GuildRow, PREBIOTICS, TABLES, Tables, input_bounds,
};
use crate::catalogue::synbiotics::SYNBIOTICS;
use gutskin_network::ParameterTable;
use gutskin_units::Unit;

/// An input of some model.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownInput {
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: Unit,
}

/// How a table gives the amount by which it moves an input.
#[derive(Clone, Copy, PartialEq)]
enum Given {
    /// A value of the input itself.
    Value,
    /// A part that is added to it.
    Part,
    /// What a gram a day adds to it.
    PerGram,
}

impl Tables {
    /// Reads the tables that scenarios look things up in: every input that they move must be among those of the models,
    /// in a unit of its kind, and every part of a synbiotic must stand in its table. Without `inputs` rows could name
    /// what no model has.
    ///
    /// # Errors
    /// The first fault, with file, line and mend.
    pub fn check_looked_up(
        &self,
        parameters: &ParameterTable,
        inputs: &[KnownInput],
    ) -> Result<(), CatalogueError> {
        self.foods(parameters)?;
        self.prebiotics()?;
        self.synbiotics()?;
        self.diets()?;
        self.exposures()?;
        self.skin_drugs()?;
        let catalogue = self.catalogue()?;
        let mut inputs = inputs.to_vec();
        inputs.extend(made_by(&catalogue)?);
        let of_drugs = TABLES.iter().find(|t| t.0 == "catalogue/drug_inputs.csv");
        for (table, given) in [
            (Some(&DIETS), Given::Value),
            (Some(&EXPOSURES), Given::Value),
            (Some(&PREBIOTICS), Given::Part),
            (of_drugs, Given::Part),
            (Some(&FOOD_INPUTS), Given::PerGram),
        ] {
            let Some(table) = table else { continue };
            let (file, text) = self.of(*table);
            for row in Table::read(file, text, &["input", "unit"])?.rows() {
                check_input(&row, given, &inputs)?;
            }
        }
        self.check_synbiotics(&catalogue)
    }

    fn check_synbiotics(&self, catalogue: &Catalogue) -> Result<(), CatalogueError> {
        let prebiotics = self.prebiotics()?;
        let (file, text) = self.of(SYNBIOTICS);
        for row in Table::read(file, text, &["kind", "name"])?.rows() {
            let name = row.required("name")?;
            if row.required("kind")? == "strain" {
                let strains = catalogue.strains.iter().map(|s| s.id.as_str());
                known(&row, "strain", name, strains)?;
            } else {
                let all = prebiotics.iter().map(|p| p.id.as_str());
                known(&row, "prebiotic", name, all)?;
            }
        }
        Ok(())
    }
}

/// Inputs that stand in a model once a scenario names the pool, strain or drug.
fn made_by(catalogue: &Catalogue) -> Result<Vec<KnownInput>, CatalogueError> {
    let pools = catalogue.substrates.iter().filter(|s| !s.host);
    let pools = pools.map(|s| (format!("input.diet.{}", s.name), "g/d"));
    let strains = catalogue.strains.iter();
    let strains = strains.map(|s| (format!("input.strain.{}", s.id), "CFU/d"));
    let drugs = catalogue.drugs.iter();
    let drugs = drugs.map(|d| (format!("input.drug.{}", d.id), "mg/d"));
    let unit = |text: &str| {
        Unit::parse(text).map_err(|e| CatalogueError {
            file: "unit".to_owned(),
            line: 1,
            message: e.to_string(),
        })
    };
    let all = pools.chain(strains).chain(drugs);
    all.map(|(name, text)| {
        Ok(KnownInput {
            name,
            unit: unit(text)?,
        })
    })
    .collect()
}

/// Is the input of this row one of a model, in a unit of its kind, and a value that it can have?
fn check_input(row: &Row<'_>, given: Given, inputs: &[KnownInput]) -> Result<(), CatalogueError> {
    let name = row.required("input")?;
    known(row, "input", name, inputs.iter().map(|i| i.name.as_str()))?;
    let Some(input) = inputs.iter().find(|i| i.name == name) else {
        return Ok(());
    };
    let text = row.required("unit")?;
    let unit = Unit::parse(text).map_err(|e| row.fault(format!("\"unit\": {e}")))?;
    let unit = match given {
        Given::PerGram => {
            let gram = Unit::parse("g/d").map_err(|e| row.fault(e.to_string()))?;
            unit.mul(&gram)
        }
        Given::Value | Given::Part => unit,
    };
    unit.convert(1.0, &input.unit)
        .map_err(|e| row.fault(format!("\"unit\" is \"{text}\": {e} ({name})")))?;
    if given == Given::Value {
        let value = row.number("value")?;
        let bounds = input_bounds()?;
        let bounds = bounds.iter().find(|b| b.are_of(name));
        if let Some(fault) = bounds.and_then(|b| b.fault(name, value, &unit)) {
            return Err(row.fault(fault));
        }
    }
    Ok(())
}

impl Catalogue {
    /// What passes and may not be meant: pools that no guild eats, guilds on which no row of kills says what drugs do or
    /// that grow on nothing, strains of a species that no table knows.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        let eats = |pool: &str| self.kinetics.iter().any(|k| k.substrate == pool);
        let uneaten = self.substrates.iter().filter(|s| {
            let like = s.like.as_ref().is_some_and(|(other, _)| eats(other));
            !eats(&s.name) && !like
        });
        let mut told: Vec<String> = uneaten
            .map(|s| {
                format!(
                    "no guild eats \"{name}\", which leaves with stool as it comes: give a guild a row in kinetics.csv, or name in \"like\" of pools.csv a pool that guilds eat",
                    name = s.name
                )
            })
            .collect();
        let killed = |guild: &str| self.kills.iter().any(|k| k.guild == guild);
        let by_score = self.guilds.iter().filter(|g| !killed(&g.name));
        told.extend(by_score.map(|g| {
            format!(
                "\"{}\" has no row in kills.csv: what drugs do to it goes by their scores for \"{}\" in drugs.csv; give it a row if that is not meant",
                g.name, g.drug_column
            )
        }));
        let starves = |g: &&GuildRow| !self.kinetics.iter().any(|k| k.guild == g.name);
        told.extend(self.guilds.iter().filter(starves).map(|g| {
            format!(
                "\"{}\" grows on nothing, so that nobody will hold it: give it a row in kinetics.csv for each substrate",
                g.name
            )
        }));
        told.extend(self.unknown_species.iter().cloned());
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_tables_leave_nothing_to_remark() {
        let told = Catalogue::shipped().unwrap().remarks();
        assert!(told.is_empty(), "{told:?}");
    }
}
