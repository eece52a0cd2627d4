//! Reading a document into a network and a schedule.

mod annotation;
mod assemble;
mod events;
mod symbols;

pub(super) use crate::sort::order;

use super::SbmlError;
use super::mathml::Functions;
use super::units::UnitTable;
use super::xml::{Xml, boolean, fail, items, named, parse};
use crate::model::Network;
use crate::schedule::Schedule;
use roxmltree::Document;

/// Most expression nodes that function definitions may unfold into.
const MAX_UNFOLDED: usize = 1_000_000;

/// What a document holds.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The model.
    pub network: Network,
    /// Its events at fixed times.
    pub schedule: Schedule,
}

/// Reads an SBML Level 3 document.
///
/// Parameters (and compartments) with a rate rule, and species that reactions change, become states; symbols with an
/// assignment rule become variables; other non-constant parameters become inputs; constants become parameters. Events
/// of the form `time >= number` become the schedule. A file without this crate's annotations declares no observables:
/// every state becomes one; and no typical sizes: the size of the initial value is taken, or 1 where that is 0.
///
/// # Errors
/// The first thing that is wrong or not supported, with line and element.
pub fn read(text: &str) -> Result<Imported, SbmlError> {
    let document = parse(text)?;
    let model = model_of(&document)?;
    refuse_unsupported(model)?;
    // A few visits to every element, and what definitions unfold into.
    let mut budget = MAX_UNFOLDED + 4 * document.descendants().count();
    let units = UnitTable::read(model)?;
    let functions = Functions::read(model, &mut budget)?;
    let symbols = symbols::read(model, &units, &functions)?;
    let mut assembly = assemble::Assembly::new(model, symbols, &functions, budget);
    assembly.definitions()?;
    assembly.states()?;
    let schedule = events::read(model, &mut assembly)?;
    let network = assembly.network(&units)?;
    Ok(Imported { network, schedule })
}

fn model_of<'d>(document: &'d Document<'d>) -> Result<Xml<'d>, SbmlError> {
    let root = document.root_element();
    let level = root.attribute("level").unwrap_or("?");
    let known = root
        .tag_name()
        .namespace()
        .is_some_and(|n| n.starts_with("http://www.sbml.org/sbml/level3/") && n.ends_with("/core"));
    if root.tag_name().name() != "sbml" {
        return Err(fail(root, "the outermost element of SBML is <sbml>"));
    }
    if !known {
        let message = format!(
            "not supported: SBML level {level}; only level 3 core is read, convert the file first"
        );
        return Err(fail(root, message));
    }
    for attribute in root.attributes() {
        let needed = matches!(attribute.value().trim(), "true" | "1");
        if attribute.name() == "required" && needed {
            let message = format!(
                "not supported: the package {}",
                attribute.namespace().unwrap_or("?")
            );
            return Err(fail(root, message));
        }
    }
    named(root, "model")
        .next()
        .ok_or_else(|| fail(root, "there is no <model>"))
}

fn refuse_unsupported(model: Xml<'_>) -> Result<(), SbmlError> {
    if let Some(node) = items(model, "listOfConstraints").next() {
        return Err(fail(node, "not supported: constraints; remove them"));
    }
    for rule in items(model, "listOfRules") {
        if rule.tag_name().name() == "algebraicRule" {
            return Err(fail(
                rule,
                "not supported: algebraic rules; solve the equation for a variable",
            ));
        }
    }
    if let Some(factor) = model.attribute("conversionFactor") {
        return Err(fail(
            model,
            format!("not supported: the conversion factor \"{factor}\""),
        ));
    }
    for node in items(model, "listOfReactions") {
        if boolean(node, "fast")? == Some(true) {
            return Err(fail(node, "not supported: fast reactions"));
        }
    }
    Ok(())
}
