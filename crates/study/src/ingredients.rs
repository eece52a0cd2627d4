//! What models are built from: parameters and tables, with a user's changes.

use crate::models::{ModelError, build_from, is_lean};
use gutskin_biology::catalogue::{Catalogue, GuildRow, SkinDrug, Tables, input_bounds};
use gutskin_biology::colon::ColonOptions;
use gutskin_biology::parameter_table;
use gutskin_network::overrides::{Override, OverrideError, apply_to_network, apply_to_table};
use gutskin_network::{Network, ParameterFileError, ParameterTable};
use gutskin_units::Unit;
use thiserror::Error;

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
        }
    }

    /// Makes the changes of parameters and table rows; gives back those that only a finished network can take.
    ///
    /// # Errors
    /// The first change that cannot be made.
    pub fn change(&mut self, changes: &[Override]) -> Result<Vec<Override>, OverrideError> {
        apply_to_table(changes, &mut self.parameters, &mut self.tables)
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
        self.unused(changes, &network, also)?;
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

    /// Guilds that a table of one's own makes one with others in the lean colon, and the shipped table does not: a slip
    /// in the column `lean` that meets another name looks like that. Nothing for models without the lean colon.
    #[must_use]
    pub fn joined(&self, model: &str) -> Vec<String> {
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

/// What is wrong with the value of an input, if it cannot be.
pub(crate) fn impossible(input: &str, value: f64, unit: Option<&Unit>) -> Option<String> {
    let none = Unit::dimensionless();
    // The shipped table reads; a test says so.
    let all = input_bounds().unwrap_or_default();
    let bounds = all.iter().find(|b| b.are_of(input))?;
    bounds.fault(input, value, unit.unwrap_or(&none))
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
