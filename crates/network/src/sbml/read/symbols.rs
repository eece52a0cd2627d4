//! Everything in a document that has a value, and what becomes of it.

use crate::sbml::mathml::Functions;
use crate::sbml::units::UnitTable;
use crate::sbml::xml::{Xml, boolean, elements, fail, inner_text, items, named, number, required};
use crate::sbml::{ANNOTATION, SbmlError, sid};
use gutskin_units::Unit;
use std::collections::{HashMap, HashSet};

/// What a symbol becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    State,
    Parameter,
    Input,
    Switch,
    Variable,
    /// An observable with an expression of its own.
    Observable,
    /// A part of larger expressions that was written apart to keep the file small; put back where it is used.
    Shared,
    /// A Newton step towards the maximum of a pH window; part of the calls that use it.
    Peak,
}

/// The marks of what an expression defines.
const DEFINED: &[(&str, Class)] = &[
    ("variable", Class::Variable),
    ("observable", Class::Observable),
    ("shared", Class::Shared),
    ("peak", Class::Peak),
];

impl Class {
    /// True where an expression defines it at all times.
    pub(super) fn is_defined(self) -> bool {
        matches!(self, Class::Variable | Class::Observable | Class::Shared)
    }
}

/// Amount or concentration of a species.
pub(super) struct Pool<'d> {
    /// Its compartment.
    pub compartment: &'d str,
    /// True where the symbol is the amount, false where it is amount by size.
    pub amount: bool,
    /// Starts with this amount.
    pub initial_amount: Option<f64>,
    /// Starts with this concentration.
    pub initial_concentration: Option<f64>,
    /// (reaction, stoichiometry: made positive, used negative).
    pub flows: Vec<(usize, f64)>,
}

/// One symbol.
pub(super) struct Symbol<'d> {
    pub id: &'d str,
    pub name: String,
    pub node: Xml<'d>,
    pub unit: Option<Unit>,
    pub class: Class,
    pub value: Option<f64>,
    /// Element whose `<math>` is the definition or the rate.
    pub rule: Option<Xml<'d>>,
    /// Element whose `<math>` is the value at the start.
    pub initial: Option<Xml<'d>>,
    /// This crate's annotation.
    pub mark: Option<Xml<'d>>,
    pub doc: String,
    /// For species.
    pub pool: Option<Pool<'d>>,
    /// For reactions: local parameters.
    pub locals: HashMap<&'d str, usize>,
}

/// All symbols, with the index by id.
pub(super) struct Symbols<'d> {
    pub list: Vec<Symbol<'d>>,
    pub index: HashMap<&'d str, usize>,
}

/// This crate's annotation of an element.
pub(super) fn mark(node: Xml<'_>) -> Option<Xml<'_>> {
    named(node, "annotation")
        .flat_map(elements)
        .find(|n| n.tag_name().namespace() == Some(ANNOTATION))
}

/// The first paragraph of an element's notes, or all their text.
pub(super) fn doc(node: Xml<'_>) -> String {
    let Some(notes) = named(node, "notes").next() else {
        return String::new();
    };
    notes
        .descendants()
        .find(|n| n.tag_name().name() == "p")
        .map_or_else(|| inner_text(notes).trim().to_owned(), inner_text)
}

/// An identifier in the alphabet of names.
fn clean(id: &str) -> String {
    let allowed = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    id.chars().map(allowed).collect()
}

struct Collector<'d, 'f> {
    symbols: Symbols<'d>,
    names: HashSet<String>,
    functions: &'f Functions,
    rules: HashMap<&'d str, Xml<'d>>,
    initial: HashMap<&'d str, Xml<'d>>,
    changed: HashSet<&'d str>,
}

/// Reads all declarations and rules.
pub(super) fn read<'d>(
    model: Xml<'d>,
    units: &UnitTable,
    functions: &Functions,
) -> Result<Symbols<'d>, SbmlError> {
    let mut this = Collector {
        symbols: Symbols {
            list: Vec::new(),
            index: HashMap::new(),
        },
        names: HashSet::new(),
        functions,
        rules: unique(model, "listOfRules", "variable", "rules set")?,
        initial: unique(
            model,
            "listOfInitialAssignments",
            "symbol",
            "initial assignments set",
        )?,
        changed: HashSet::new(),
    };
    this.changed = changed_by_reactions(model);
    for node in items(model, "listOfCompartments") {
        let unit = units.of(node, "units")?;
        let value = number(node, "size")?;
        this.declare(node, unit, value)?;
    }
    for node in items(model, "listOfSpecies") {
        this.species(node)?;
    }
    for node in items(model, "listOfParameters") {
        let unit = units.of(node, "units")?;
        let value = number(node, "value")?;
        this.declare(node, unit, value)?;
    }
    this.reactions(model, units)?;
    this.finish(model)
}

/// The elements of a list by the symbol that they set.
fn unique<'d>(
    model: Xml<'d>,
    list: &'static str,
    attribute: &str,
    what: &str,
) -> Result<HashMap<&'d str, Xml<'d>>, SbmlError> {
    let mut found = HashMap::new();
    for node in items(model, list) {
        let id = required(node, attribute)?;
        if found.insert(id, node).is_some() {
            return Err(fail(
                node,
                format!("two {what} \"{id}\"; one symbol has one"),
            ));
        }
    }
    Ok(found)
}

fn changed_by_reactions(model: Xml<'_>) -> HashSet<&str> {
    items(model, "listOfReactions")
        .flat_map(|r| items(r, "listOfReactants").chain(items(r, "listOfProducts")))
        .filter_map(|s| s.attribute("species"))
        .collect()
}

impl<'d> Collector<'d, '_> {
    fn declare(
        &mut self,
        node: Xml<'d>,
        unit: Option<Unit>,
        value: Option<f64>,
    ) -> Result<usize, SbmlError> {
        let id = required(node, "id")?;
        if self.functions.contains(id) || self.symbols.index.contains_key(id) {
            return Err(fail(node, format!("the id \"{id}\" stands twice")));
        }
        let constant = boolean(node, "constant")?.unwrap_or(true);
        let mark = mark(node);
        let class = self.class(node, id, constant, mark)?;
        let notes = doc(node);
        let foreign_doc = || node.attribute("name").unwrap_or_default().to_owned();
        let symbol = Symbol {
            id,
            name: self.name(node, id, mark)?,
            node,
            unit,
            class,
            value,
            rule: self.rules.get(id).copied(),
            initial: self.initial.get(id).copied(),
            mark,
            doc: if mark.is_none() && notes.is_empty() {
                foreign_doc()
            } else {
                notes
            },
            pool: None,
            locals: HashMap::new(),
        };
        let i = self.symbols.list.len();
        self.symbols.list.push(symbol);
        self.symbols.index.insert(id, i);
        Ok(i)
    }

    fn class(
        &self,
        node: Xml<'d>,
        id: &str,
        constant: bool,
        mark: Option<Xml<'d>>,
    ) -> Result<Class, SbmlError> {
        let rule = self.rules.get(id).map(|r| r.tag_name().name());
        if constant && let Some(rule) = rule {
            return Err(fail(
                node,
                format!("it is constant, but a {rule} sets it; one of the two must go"),
            ));
        }
        let marked = mark.map(|m| m.tag_name().name());
        let (class, allowed): (Class, &[(&str, Class)]) = match rule {
            Some("rateRule") => (Class::State, &[("state", Class::State)]),
            Some("assignmentRule") => (Class::Variable, DEFINED),
            Some(other) => return Err(fail(node, format!("not supported: {other}"))),
            None if !constant => (Class::Input, &[("input", Class::Input)]),
            None if self.initial.contains_key(id) => (Class::Variable, DEFINED),
            None => (
                Class::Parameter,
                &[("parameter", Class::Parameter), ("switch", Class::Switch)],
            ),
        };
        match marked {
            None => Ok(class),
            Some(word) => allowed
                .iter()
                .find(|(w, _)| *w == word)
                .map(|(_, c)| *c)
                .ok_or_else(|| {
                    let message = format!(
                        "the annotation says it is a {word}, but its rules make it a {class:?}"
                    );
                    fail(node, message)
                }),
        }
    }

    /// Our own files keep the name; other ids serve as names, a little changed where names may not look so.
    fn name(
        &mut self,
        node: Xml<'d>,
        id: &str,
        mark: Option<Xml<'d>>,
    ) -> Result<String, SbmlError> {
        let name = match (mark, node.attribute("name")) {
            (Some(_), Some(name)) => {
                if !crate::is_name(name) || sid(name) != id {
                    let message = format!("the name \"{name}\" does not belong to the id \"{id}\"");
                    return Err(fail(node, message));
                }
                name.to_owned()
            }
            _ => self.free_name(id),
        };
        if !self.names.insert(name.clone()) {
            return Err(fail(node, format!("the name \"{name}\" stands twice")));
        }
        Ok(name)
    }

    fn free_name(&self, id: &str) -> String {
        let clean = clean(id);
        let mut name = if crate::is_name(&clean) {
            clean
        } else {
            format!("x{clean}")
        };
        // The clock is called so in every text form.
        while name == "time" || self.names.contains(&name) {
            name.push('_');
        }
        name
    }

    fn species(&mut self, node: Xml<'d>) -> Result<(), SbmlError> {
        if let Some(factor) = node.attribute("conversionFactor") {
            return Err(fail(
                node,
                format!("not supported: the conversion factor \"{factor}\""),
            ));
        }
        let i = self.declare(node, None, None)?;
        let pool = Pool {
            compartment: required(node, "compartment")?,
            amount: boolean(node, "hasOnlySubstanceUnits")?.unwrap_or(false),
            initial_amount: number(node, "initialAmount")?,
            initial_concentration: number(node, "initialConcentration")?,
            flows: Vec::new(),
        };
        let boundary = boolean(node, "boundaryCondition")?.unwrap_or(false);
        let symbol = &mut self.symbols.list[i];
        if self.changed.contains(symbol.id) && !boundary {
            if symbol.class != Class::Input {
                return Err(fail(
                    node,
                    "reactions change it, but it is constant or has a rule; make it a boundary species",
                ));
            }
            symbol.class = Class::State;
        }
        symbol.pool = Some(pool);
        Ok(())
    }

    fn reactions(&mut self, model: Xml<'d>, units: &UnitTable) -> Result<(), SbmlError> {
        for node in items(model, "listOfReactions") {
            let law = named(node, "kineticLaw")
                .next()
                .ok_or_else(|| fail(node, "not supported: a reaction without kinetic law"))?;
            let i = self.declare(node, None, None)?;
            let mut locals = HashMap::new();
            for local in items(law, "listOfLocalParameters").chain(items(law, "listOfParameters")) {
                let index = self.local(i, local, units)?;
                let id = required(local, "id")?;
                if locals.insert(id, index).is_some() {
                    return Err(fail(local, format!("the id \"{id}\" stands twice")));
                }
            }
            let symbol = &mut self.symbols.list[i];
            if symbol.rule.is_some() || symbol.initial.is_some() {
                return Err(fail(
                    node,
                    "a reaction has the id of something that a rule sets",
                ));
            }
            symbol.class = Class::Variable;
            symbol.rule = Some(law);
            symbol.locals = locals;
            self.flows(node, i)?;
        }
        Ok(())
    }

    fn local(
        &mut self,
        reaction: usize,
        node: Xml<'d>,
        units: &UnitTable,
    ) -> Result<usize, SbmlError> {
        let id = required(node, "id")?;
        let mut name = format!("{}.{}", self.symbols.list[reaction].name, clean(id));
        while !self.names.insert(name.clone()) {
            name.push('_');
        }
        let symbol = Symbol {
            id,
            name,
            node,
            unit: units.of(node, "units")?,
            class: Class::Parameter,
            value: number(node, "value")?,
            rule: None,
            initial: None,
            mark: None,
            doc: node.attribute("name").unwrap_or_default().to_owned(),
            pool: None,
            locals: HashMap::new(),
        };
        self.symbols.list.push(symbol);
        Ok(self.symbols.list.len() - 1)
    }

    fn flows(&mut self, reaction: Xml<'d>, index: usize) -> Result<(), SbmlError> {
        for (list, sign) in [("listOfReactants", -1.0), ("listOfProducts", 1.0)] {
            for reference in items(reaction, list) {
                let id = required(reference, "species")?;
                if let Some(symbol) = reference.attribute("id")
                    && (self.rules.contains_key(symbol) || self.initial.contains_key(symbol))
                {
                    return Err(fail(
                        reference,
                        "not supported: a stoichiometry that a rule or assignment sets",
                    ));
                }
                let amount = number(reference, "stoichiometry")?
                    .ok_or_else(|| fail(reference, "the attribute \"stoichiometry\" is missing"))?;
                let species = self.symbols.index.get(id).copied();
                let Some(i) = species.filter(|&i| self.symbols.list[i].pool.is_some()) else {
                    return Err(fail(reference, format!("\"{id}\" is not a species")));
                };
                let symbol = &mut self.symbols.list[i];
                if symbol.class == Class::State
                    && symbol.rule.is_none()
                    && let Some(pool) = &mut symbol.pool
                {
                    pool.flows.push((index, sign * amount));
                }
            }
        }
        Ok(())
    }

    /// Every rule must have found its symbol.
    fn finish(self, model: Xml<'d>) -> Result<Symbols<'d>, SbmlError> {
        let symbols = self.symbols;
        for list in ["listOfRules", "listOfInitialAssignments"] {
            for node in items(model, list) {
                let id = node
                    .attribute("variable")
                    .or(node.attribute("symbol"))
                    .unwrap_or_default();
                if !symbols.index.contains_key(id) {
                    let known = symbols.index.keys().copied();
                    let hint = crate::nearest(id, known)
                        .map_or(String::new(), |n| format!("; did you mean \"{n}\"?"));
                    return Err(fail(node, format!("\"{id}\" is not declared{hint}")));
                }
            }
        }
        for symbol in &symbols.list {
            if let (class, Some(_), Some(initial)) = (symbol.class, symbol.rule, symbol.initial)
                && class != Class::State
            {
                return Err(fail(
                    initial,
                    "an assignment rule sets it already at all times; one of the two must go",
                ));
            }
        }
        Ok(symbols)
    }
}
