//! What models are built from: parameters and tables, with a user's changes.

use crate::models::{ModelError, all_inputs, build_from, has_colon, is_lean};
use crate::scenario::plain;
use gutskin_biology::catalogue::{
    Catalogue, CatalogueError, GuildRow, SkinDrug, Tables, input_bounds,
};
use gutskin_biology::colon::{ColonOptions, lay_reference};
use gutskin_biology::parameter_table;
use gutskin_network::overrides::{Override, OverrideError, apply_to_network, apply_to_table};
use gutskin_network::{Network, ParameterFileError, ParameterTable};
use gutskin_units::Unit;
use thiserror::Error;

/// Name of the change that puts the reference person of a changed model in place of the shipped one: its value is the
/// name of a file, a line break and the file's text.
pub const REFERENCE_PERSON: &str = "reference_person";

/// Parameters and tables, before a model is built from them.
#[derive(Clone, Debug)]
pub struct Ingredients {
    /// Every parameter.
    pub parameters: ParameterTable,
    /// Every table.
    pub tables: Tables,
    /// Drugs of the skin that a model is to hold.
    pub drugs: Vec<SkinDrug>,
    /// What a colon is to hold beside its residents; its layout comes with the name of the model.
    pub colon: ColonOptions,
    /// Values of inputs that are possible and hardly meant.
    doubts: Vec<String>,
}

/// Why a model with changes could not be built.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum ChangeError {
    /// A change that cannot be made.
    #[error(transparent)]
    Override(#[from] OverrideError),
    /// A model that does not build, with its changes or without.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A table of one's own that scenarios look things up in.
    #[error(transparent)]
    Table(#[from] CatalogueError),
}

impl Ingredients {
    /// The project's own.
    ///
    /// # Errors
    /// A fault in a shipped file; the tests keep that from happening.
    pub fn shipped() -> Result<Self, ParameterFileError> {
        Ok(Self::of(&parameter_table()?))
    }

    /// These parameters and the project's own tables.
    #[must_use]
    pub fn of(parameters: &ParameterTable) -> Self {
        Self {
            parameters: parameters.clone(),
            tables: Tables::shipped(),
            drugs: Vec::new(),
            colon: ColonOptions::default(),
            doubts: Vec::new(),
        }
    }

    /// Makes the changes of parameters and table rows; gives back those that only a finished network can take.
    ///
    /// # Errors
    /// The first change that cannot be made.
    pub fn change(&mut self, changes: &[Override]) -> Result<Vec<Override>, OverrideError> {
        let (references, others): (Vec<_>, Vec<_>) = changes
            .iter()
            .cloned()
            .partition(|c| c.name == REFERENCE_PERSON);
        for change in &references {
            laid(change, &mut self.parameters)?;
        }
        apply_to_table(&others, &mut self.parameters, &mut self.tables)
    }

    /// The model of that name.
    ///
    /// # Errors
    /// [`ModelError`].
    pub fn model(&self, name: &str) -> Result<Network, ModelError> {
        build_from(name, self)
    }

    /// The model of that name with these changes, each of which must reach it; `also` says what else of the parameters
    /// is used beside the model.
    ///
    /// # Errors
    /// A change that cannot be made or that nothing uses, or a model that does not build.
    pub fn changed_model(
        &mut self,
        name: &str,
        changes: &[Override],
        also: &dyn Fn(&str) -> bool,
    ) -> Result<Network, ChangeError> {
        let shipped = self.parameters.clone();
        let rest = self.change(changes)?;
        let mut network = self.model(name)?;
        let usual = network.clone();
        apply_to_network(&rest, &mut network)?;
        possible(&rest, &network)?;
        self.doubts = doubts(&rest, &network, &usual);
        self.unused(changes, &network, also)?;
        self.check_looked_up(changes)?;
        for change in changes {
            if let Some(message) = below_nothing(change, &network, (&shipped, &usual)) {
                return Err(refused(change, message).into());
            }
        }
        Ok(network)
    }

    /// The model of that name with those of the changes that reach it: the other mode of a model that took them all.
    ///
    /// # Errors
    /// As [`Ingredients::model`].
    pub(crate) fn sibling(
        &mut self,
        name: &str,
        changes: &[Override],
    ) -> Result<Network, ChangeError> {
        let rest = self.change(changes)?;
        let mut network = self.model(name)?;
        for change in &rest {
            let mut changed = network.clone();
            if apply_to_network(std::slice::from_ref(change), &mut changed).is_ok() {
                network = changed;
            }
        }
        Ok(network)
    }

    /// Tables that were changed are read even where this model has no need of them: a scenario will.
    fn check_looked_up(&self, changes: &[Override]) -> Result<(), ChangeError> {
        if changes.iter().any(|c| c.name.starts_with("catalogue.")) {
            self.tables
                .check_looked_up(&self.parameters, all_inputs()?)?;
        }
        Ok(())
    }

    /// Inputs that the last changed model holds far above the usual.
    pub(crate) fn doubts(&self) -> &[String] {
        &self.doubts
    }

    /// What is possible and may not be meant: inputs far above the usual and, for models with a colon, what stands in
    /// tables of one's own.
    #[must_use]
    pub fn remarks(&self, model: &str) -> Vec<String> {
        let mut told = self.doubts.clone();
        if !has_colon(model) {
            return told;
        }
        told.extend(self.joined(model));
        // Tables with faults are told when the model is built.
        told.extend(self.tables.catalogue().iter().flat_map(Catalogue::remarks));
        told
    }

    /// Guilds that a table of one's own makes one with others in the lean colon, and the shipped table does not: a slip
    /// in the column `lean` that meets another name looks like that. Nothing for models without the lean colon.
    fn joined(&self, model: &str) -> Vec<String> {
        let read = || Some((self.tables.catalogue().ok()?, Catalogue::shipped().ok()?));
        let Some((own, shipped)) = is_lean(model).then(read).flatten() else {
            return Vec::new();
        };
        let ships = |g: &GuildRow| {
            let mut same = shipped.guilds.iter().filter(|s| s.name == g.name);
            same.any(|s| s.lean == g.lean)
        };
        let mut told = Vec::new();
        for guild in own.guilds.iter().filter(|g| !ships(g)) {
            let others = own
                .guilds
                .iter()
                .filter(|g| g.lean == guild.lean && g.name != guild.name);
            let others: Vec<&str> = others.map(|g| g.name.as_str()).collect();
            if !others.is_empty() {
                told.push(format!(
                    "in the lean colon \"{name}\" is one with {} (lean = \"{}\" in guilds.csv); write lean = \"{name}\" if it stands for itself",
                    others.join(", "),
                    guild.lean,
                    name = guild.name,
                ));
            }
        }
        told
    }

    /// Refuses a change of a parameter that the network does not hold: it would silently do nothing.
    fn unused(
        &self,
        changes: &[Override],
        network: &Network,
        also: &dyn Fn(&str) -> bool,
    ) -> Result<(), OverrideError> {
        for change in changes {
            if change.name == REFERENCE_PERSON {
                let names = laid(change, &mut self.parameters.clone())?;
                if !names.iter().any(|name| network.parameter(name).is_some()) {
                    let message = format!(
                        "the model \"{}\" divides by none of the references in the file; gutskin model reference writes those of the full colon, with --lean those of the lean one",
                        network.name
                    );
                    return Err(refused(change, message));
                }
                continue;
            }
            let name = change.name.strip_suffix(".spread").unwrap_or(&change.name);
            let held = network.parameter(name).is_some() || also(name);
            let idle = if let Some(cell) = name.strip_prefix("catalogue.") {
                let table = cell.split('.').next().unwrap_or_default();
                let held = self.tables.were_read() || Tables::is_looked_up(table);
                (!held).then_some("table cell")
            } else {
                (self.parameters.get(name).is_some() && !held).then_some("parameter")
            };
            if let Some(kind) = idle {
                let message = format!(
                    "the model \"{}\" does not use the {kind} \"{name}\", so that the change would do nothing; see gutskin model parameters --model {}",
                    network.name, network.name
                );
                return Err(refused(change, message));
            }
        }
        Ok(())
    }
}

/// Lays the reference person of a changed model over the parameters; names of what models divide by.
fn laid(change: &Override, parameters: &mut ParameterTable) -> Result<Vec<String>, OverrideError> {
    let Some((file, text)) = change.value.split_once('\n') else {
        let message = "a reference person is a file that gutskin model reference wrote; give it with --reference-person FILE.toml";
        return Err(refused(change, message.to_owned()));
    };
    lay_reference(parameters, file, text).map_err(|e| refused(change, e.to_string()))
}

/// Refuses inputs beyond what they can be.
fn possible(changes: &[Override], network: &Network) -> Result<(), OverrideError> {
    for change in changes {
        let at = network.input(&change.name);
        let input = at.and_then(|i| network.inputs.get(i as usize));
        let fault = input.and_then(|i| impossible(&i.name, i.default, i.unit.as_ref()));
        if let Some(message) = fault {
            return Err(refused(change, message));
        }
    }
    Ok(())
}

/// Inputs that these changes set far above what is usual.
fn doubts(changes: &[Override], network: &Network, usual: &Network) -> Vec<String> {
    let doubt = |change: &Override| {
        let at = |of: &Network| of.input(&change.name).map(|i| i as usize);
        let now = network.inputs.get(at(network)?)?;
        let before = usual.inputs.get(at(usual)?)?.default;
        let unit = now.unit.clone().unwrap_or_else(Unit::dimensionless);
        let told = far_above(&now.name, (now.default, before), &unit)?;
        Some(format!("{}: {told}", change.origin))
    };
    changes.iter().filter_map(doubt).collect()
}

/// What is wrong with the value of an input, if it cannot be.
pub(crate) fn impossible(input: &str, value: f64, unit: Option<&Unit>) -> Option<String> {
    let none = Unit::dimensionless();
    // The shipped table reads; a test says so.
    let all = input_bounds().unwrap_or_default();
    let bounds = all.iter().find(|b| b.are_of(input))?;
    bounds.fault(input, value, unit.unwrap_or(&none))
}

/// What is to be said of a value many times the usual one of something that is usual.
pub(crate) fn far_above(name: &str, (value, usual): (f64, f64), unit: &Unit) -> Option<String> {
    /// More than this times the usual is hardly meant.
    const MANY: f64 = 20.0;
    (usual > 0.0 && value > MANY * usual).then(|| {
        format!(
            "{name} of {} {unit} is {} times the usual {} {unit}: was another unit meant?",
            plain(value),
            plain((value / usual).round()),
            plain(usual)
        )
    })
}

fn refused(change: &Override, message: String) -> OverrideError {
    OverrideError {
        origin: change.origin.clone(),
        span: change.span.clone(),
        message,
    }
}

/// Why a parameter with a unit cannot be below zero where the project's own value is above it: amounts, times and rates.
fn below_nothing(
    change: &Override,
    network: &Network,
    (shipped, usual): (&ParameterTable, &Network),
) -> Option<String> {
    let name = change.name.as_str();
    let i = network.parameter(name)? as usize;
    let parameter = network.parameters.get(i)?;
    let own = shipped.get(name).map(|p| p.value);
    let own = own.or_else(|| Some(usual.parameters.get(i)?.value))?;
    let unit = parameter.unit.as_ref()?;
    let has_unit = unit.convert(1.0, &Unit::dimensionless()).is_err();
    (parameter.value < 0.0 && own > 0.0 && has_unit).then(|| {
        format!(
            "{} {unit} of \"{name}\" is less than nothing; write zero or more",
            parameter.value
        )
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    /// A shipped table with some words in place of others, under a name of one's own.
    fn own(table: &str, from: &str, to: &str) -> Override {
        let text = Tables::text_of(table).unwrap();
        assert!(text.contains(from), "{table}: {from}");
        Override {
            name: format!("catalogue.{table}"),
            value: format!("mine/{table}.csv\n{}", text.replacen(from, to, 1)),
            origin: format!("--own-table mine/{table}.csv"),
            span: None,
        }
    }

    fn line_of(table: &str, words: &str) -> usize {
        let text = Tables::text_of(table).unwrap();
        text.lines().position(|l| l.contains(words)).unwrap() + 1
    }

    #[test]
    fn shipped_tables_fit_the_models_and_one_another() {
        let from = Ingredients::shipped().unwrap();
        let inputs = all_inputs().unwrap();
        from.tables
            .check_looked_up(&from.parameters, inputs)
            .unwrap();
        assert!(from.remarks("colon_lean").is_empty());
    }

    /// Tables that only scenarios look things up in are read with a model too, whatever it holds.
    #[test]
    fn faults_of_looked_up_tables_have_file_line_and_mend() {
        for (table, from, to, says) in [
            (
                "diets",
                "western,input.diet.starch,",
                "western,input.diet.starh,",
                "did you mean \"input.diet.starch\"",
            ),
            (
                "diets",
                "western,input.diet.starch,8,g/d",
                "western,input.diet.starch,8,mmol",
                "\"unit\" is \"mmol\"",
            ),
            (
                "diets",
                "elimination,input.allergen,0,1",
                "elimination,input.transit_factor,0,1",
                "it can be 0.01 or more",
            ),
            (
                "exposures",
                "input.milk",
                "input.mlik",
                "did you mean \"input.milk\"",
            ),
            (
                "food_inputs",
                "input.diet.pectin",
                "input.diet.pektin",
                "did you mean \"input.diet.pectin\"",
            ),
            (
                "drug_inputs",
                "input.diet.sugar",
                "input.diet.suger",
                "did you mean \"input.diet.sugar\"",
            ),
            (
                "prebiotics",
                "input.diet.hmo",
                "input.diet.hmos",
                "did you mean \"input.diet.hmo\"",
            ),
            (
                "synbiotics",
                "strain,lgg,",
                "strain,lgh,",
                "did you mean \"lgg\"",
            ),
            (
                "foods",
                "oats_rolled_dry,\"Oats, rolled, dry\",grain,40,379,13.15",
                "oats_rolled_dry,\"Oats, rolled, dry\",grain,40,379,-13.15",
                "\"protein_g\" is -13.15",
            ),
        ] {
            for model in ["colon", "thin"] {
                let mut ingredients = Ingredients::shipped().unwrap();
                let changes = [own(table, from, to)];
                // What a model is built from is not used by the smallest one.
                if (model, table) == ("thin", "drug_inputs") {
                    continue;
                }
                let found = ingredients.changed_model(model, &changes, &|_| false);
                let Err(error) = found else {
                    panic!("{table} {to}: nothing is found wrong");
                };
                let error = error.to_string();
                let place = format!("mine/{table}.csv:{}: ", line_of(table, from));
                assert!(error.starts_with(&place), "{place} {error}");
                assert!(error.contains(says), "{says}: {error}");
            }
        }
    }

    #[test]
    fn what_may_not_be_meant_is_remarked() {
        let shipped = |table: &str| Tables::text_of(table).unwrap();
        let row = |table: &str, begins: &str| {
            shipped(table)
                .lines()
                .find(|l| l.starts_with(begins))
                .unwrap()
                .to_owned()
        };
        let guild = row("guilds", "BIF,");
        let own_guild = guild
            .replacen("BIF,", "OWN,", 1)
            .replace(",bifidobacteria,BIF,", ",bifidobacteria,OWN,");
        let pool = row("pools", "xos,");
        let bran = pool.replacen("xos,", "bran,", 1).replace(",gos,1,", ",,1,");
        let changes = [
            own("guilds", &guild, &format!("{guild}\n{own_guild}")),
            own("pools", &pool, &format!("{pool}\n{bran}")),
        ];
        let mut from = Ingredients::shipped().unwrap();
        from.changed_model("colon", &changes, &|_| false).unwrap();
        let told = from.remarks("colon");
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(told[0].contains("no guild eats \"bran\""), "{told:?}");
        assert!(
            told[1].contains("\"OWN\" has no row in kills.csv")
                && told[1].contains("\"bifidobacteria\""),
            "{told:?}"
        );
        assert!(told[2].contains("\"OWN\" grows on nothing"), "{told:?}");
        assert!(from.remarks("ad").is_empty());
    }
}
