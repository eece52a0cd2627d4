//! Making the changes.

use super::{Bare, Override, OverrideError, SOURCE, spread};
use crate::{Mark, Network, ParameterTable, Spread};
use gutskin_units::Unit;

/// Tables of a catalogue whose rows can be overridden.
pub trait Rows {
    /// Sets one cell. `path` is the name after `catalogue.`, for example `foods.oats.fructans_g`.
    ///
    /// # Errors
    /// What is wrong: an unknown table, row or column (with the nearest known one), a value that does not fit.
    fn set(&mut self, path: &str, value: &str) -> Result<(), String>;
}

/// A catalogue without tables: every row is unknown.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoRows;

impl Rows for NoRows {
    fn set(&mut self, path: &str, _: &str) -> Result<(), String> {
        Err(format!("no table row \"{path}\" is known here"))
    }
}

impl<F: FnMut(&str, &str) -> Result<(), String>> Rows for F {
    fn set(&mut self, path: &str, value: &str) -> Result<(), String> {
        self(path, value)
    }
}

/// Changes the parameters and table rows that a list names; later changes win. Gives back the rest (switches, inputs,
/// names that only a finished network can know) for [`apply_to_network`].
///
/// # Errors
/// The first change that cannot be made: a wrong unit, a spread that does not fit, an unknown row.
pub fn apply_to_table(
    list: &[Override],
    table: &mut ParameterTable,
    rows: &mut dyn Rows,
) -> Result<Vec<Override>, OverrideError> {
    let (mut rest, mut changed) = (Vec::new(), Vec::new());
    for change in list {
        if let Some(path) = change.name.strip_prefix("catalogue.") {
            rows.set(path, &change.value).map_err(|m| change.error(m))?;
        } else if let Some(entry) = table.get_mut(&change.name) {
            let value = change.number(Some(&entry.unit), Bare::WhereNothingIsToConvert)?;
            if !spread_is_set(list, &change.name) {
                entry.spread = entry.spread.set_to(value);
            }
            entry.value = value;
            changed.push((change, change.name.clone()));
        } else if let Some(name) = change.spread_of()
            && let Some(entry) = table.get_mut(name)
        {
            entry.spread = spread_text(change, Some(&entry.unit), Bare::WhereNothingIsToConvert)?;
            changed.push((change, name.to_owned()));
        } else {
            rest.push(change.clone());
        }
    }
    // Only now, so that value and spread may be given in any order.
    for (change, name) in &changed {
        if let Some(entry) = table.get_mut(name) {
            fits(change, name, entry.value, entry.spread)?;
            entry.mark = Mark::Assumed;
            entry.source = SOURCE.to_owned();
            entry.origin.clone_from(&change.origin);
        }
    }
    if !changed.is_empty() {
        table.cite(SOURCE, "Set by the user of this run.");
    }
    Ok(rest)
}

/// Changes parameters, spreads, defaults of inputs and switches of a finished network; later changes win.
///
/// # Errors
/// The first change that cannot be made: an unknown name (with the nearest known one), a wrong unit, a value that is
/// no switch position, a spread that does not fit.
pub fn apply_to_network(list: &[Override], network: &mut Network) -> Result<(), OverrideError> {
    let mut changed = Vec::new();
    for change in list {
        let name = change.name.as_str();
        let spread_of = change.spread_of().and_then(|n| network.parameter(n));
        if let Some(i) = network.parameter(name) {
            let parameter = &mut network.parameters[i as usize];
            let value = change.number(parameter.unit.as_ref(), Bare::Allowed)?;
            if !spread_is_set(list, name) {
                parameter.spread = parameter.spread.set_to(value);
            }
            parameter.value = value;
            changed.push((change, i as usize));
        } else if let Some(i) = spread_of {
            let parameter = &mut network.parameters[i as usize];
            parameter.spread = spread_text(change, parameter.unit.as_ref(), Bare::Allowed)?;
            changed.push((change, i as usize));
        } else if let Some(i) = network.input(name) {
            let input = &mut network.inputs[i as usize];
            input.default = change.number(input.unit.as_ref(), Bare::Allowed)?;
        } else if let Some(i) = network.switch(name) {
            network.switches[i as usize].default = change.switch()?;
        } else {
            return Err(unknown(change, network));
        }
    }
    for (change, i) in &changed {
        let parameter = &mut network.parameters[*i];
        fits(change, &parameter.name, parameter.value, parameter.spread)?;
        parameter.mark = Mark::Assumed;
        SOURCE.clone_into(&mut parameter.source);
    }
    if !changed.is_empty() {
        network
            .citations
            .insert(SOURCE.to_owned(), "Set by the user of this run.".to_owned());
    }
    Ok(())
}

/// Does the list say how the parameter is spread, so that a new value need not?
fn spread_is_set(list: &[Override], name: &str) -> bool {
    list.iter().any(|change| change.spread_of() == Some(name))
}

fn spread_text(
    change: &Override,
    unit: Option<&Unit>,
    bare: Bare,
) -> Result<Spread, OverrideError> {
    spread::parse(&change.value, unit, bare)
        .map_err(|m| change.error(format!("\"{}\": {m}", change.name)))
}

fn fits(change: &Override, name: &str, value: f64, spread: Spread) -> Result<(), OverrideError> {
    spread.check(value).map_err(|m| {
        change.error(format!(
            "value and spread of \"{name}\" do not fit together: {m}; override {name} and {name}.spread together"
        ))
    })
}

fn unknown(change: &Override, network: &Network) -> OverrideError {
    let name = change.name.as_str();
    if let Some(owner) = change.spread_of() {
        // A prior in a file stands under the name of its parameter.
        let owner = owner.trim_end_matches(".spread");
        let what = network.names().find(|(n, _)| *n == owner);
        if let Some((_, kind)) = what {
            let mend = match kind {
                "parameter" => {
                    format!("; write {owner} = … under [priors], or --set {owner}.spread=…")
                }
                _ => String::new(),
            };
            return change.error(format!(
                "\"{owner}\" is a {kind}; only parameters have a spread{mend}"
            ));
        }
    }
    let found = network.names().find(|(n, _)| *n == name);
    if let Some((_, kind)) = found {
        return change.error(format!(
            "\"{name}\" is a {kind}, which follows from equations; only parameters, spreads, inputs, switches and table rows can be set"
        ));
    }
    let known = network
        .names()
        .filter(|(_, kind)| ["parameter", "input", "switch"].contains(kind))
        .map(|(n, _)| n);
    let hint =
        crate::nearest(name, known).map_or(String::new(), |n| format!("; did you mean \"{n}\"?"));
    change.error(format!(
        "nothing that can be set is named \"{name}\" in the model \"{}\"{hint}; gutskin model parameters lists parameters, gutskin model links switches",
        network.name
    ))
}
