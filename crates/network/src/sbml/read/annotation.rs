//! What this crate wrote into annotations.

use super::assemble::Assembly;
use super::symbols::{Symbol, mark};
use crate::expr::{ExprId, Node};
use crate::model::{InvariantSpec, Link, LinkGrade, Observable, ProcessSpec};
use crate::parameters::{Mark, Spread};
use crate::sbml::SbmlError;
use crate::sbml::units::UnitTable;
use crate::sbml::xml::{Xml, boolean, fail, inner_text, named, number, required};
use std::collections::BTreeMap;

/// The annotation of the model, where this crate wrote one.
pub(super) fn of_model(model: Xml<'_>) -> Option<Xml<'_>> {
    mark(model).filter(|n| n.tag_name().name() == "network")
}

fn needed(node: Xml<'_>, attribute: &str) -> Result<f64, SbmlError> {
    required(node, attribute)?;
    Ok(number(node, attribute)?.unwrap_or_default())
}

/// Typical size, sign and contents of a state.
pub(super) struct StateMark {
    pub typical: f64,
    pub non_negative: bool,
    pub holds: Vec<(String, f64)>,
}

pub(super) fn state(node: Xml<'_>) -> Result<StateMark, SbmlError> {
    let typical = needed(node, "typical")?;
    if typical <= 0.0 {
        return Err(fail(
            node,
            format!("the typical size is {typical}; it must be positive"),
        ));
    }
    let holds = named(node, "holds")
        .map(|h| Ok((required(h, "element")?.to_owned(), needed(h, "amount")?)))
        .collect::<Result<_, SbmlError>>()?;
    Ok(StateMark {
        typical,
        non_negative: boolean(node, "nonNegative")?.unwrap_or(false),
        holds,
    })
}

/// Source, mark and spread of a parameter of this value.
pub(super) fn parameter(node: Xml<'_>, value: f64) -> Result<(String, Mark, Spread), SbmlError> {
    let word = required(node, "mark")?;
    let mark = Mark::from_word(word).ok_or_else(|| {
        fail(
            node,
            format!("the mark is \"{word}\"; expected read, computed, fitted or assumed"),
        )
    })?;
    let spread = match named(node, "spread").next() {
        None => Spread::Fixed,
        Some(s) => spread(s)?,
    };
    spread.check(value).map_err(|e| fail(node, e))?;
    let source = node.attribute("source").unwrap_or_default().to_owned();
    Ok((source, mark, spread))
}

fn spread(node: Xml<'_>) -> Result<Spread, SbmlError> {
    Ok(match required(node, "kind")? {
        "fixed" => Spread::Fixed,
        "normal" => Spread::Normal {
            sd: needed(node, "sd")?,
        },
        "lognormal" => Spread::LogNormal {
            sd_ln: needed(node, "sd_ln")?,
        },
        "uniform" => Spread::Uniform {
            low: needed(node, "low")?,
            high: needed(node, "high")?,
        },
        "log_uniform" => Spread::LogUniform {
            low: needed(node, "low")?,
            high: needed(node, "high")?,
        },
        "truncated_normal" => Spread::TruncatedNormal {
            sd: needed(node, "sd")?,
            low: needed(node, "low")?,
            high: needed(node, "high")?,
        },
        other => return Err(fail(node, format!("\"{other}\" is not a kind of spread"))),
    })
}

fn doc(node: Xml<'_>) -> String {
    named(node, "doc")
        .next()
        .map(inner_text)
        .unwrap_or_default()
}

fn name(node: Xml<'_>) -> Result<String, SbmlError> {
    required(node, "name").map(str::to_owned)
}

/// Looks up symbols by id on behalf of annotations.
struct Finder<'a, 'd, 'f> {
    assembly: &'a Assembly<'d, 'f>,
}

impl<'d> Finder<'_, 'd, '_> {
    fn symbol(&self, node: Xml<'d>, attribute: &str) -> Result<(&Symbol<'d>, ExprId), SbmlError> {
        self.called(node, attribute, required(node, attribute)?)
    }

    /// The symbol that an attribute calls by this id.
    fn called(
        &self,
        node: Xml<'d>,
        attribute: &str,
        id: &str,
    ) -> Result<(&Symbol<'d>, ExprId), SbmlError> {
        let symbols = &self.assembly.symbols;
        let found = symbols
            .index
            .get(id)
            .and_then(|&i| Some((&symbols.list[i], self.assembly.expressions[i]?)));
        found.ok_or_else(|| fail(node, format!("{attribute} \"{id}\" is not declared")))
    }

    /// The numbers of parameters whose ids stand in an attribute, with blanks between them; none where it is missing.
    fn parameters(&self, node: Xml<'d>, attribute: &str) -> Result<Vec<u32>, SbmlError> {
        let ids = node.attribute(attribute).unwrap_or_default();
        let one = |id| match self.assembly.pool.node(self.called(node, attribute, id)?.1) {
            Node::Parameter(i) => Ok(i),
            _ => Err(fail(node, format!("\"{id}\" cannot stand as {attribute}"))),
        };
        ids.split_whitespace().map(one).collect()
    }

    /// The number of a state, parameter or switch.
    fn number(&self, node: Xml<'d>, attribute: &str) -> Result<u32, SbmlError> {
        let (_, id) = self.symbol(node, attribute)?;
        match (attribute, self.assembly.pool.node(id)) {
            ("state", Node::State(i))
            | ("gain", Node::Parameter(i))
            | ("switch", Node::Switch(i)) => Ok(i),
            _ => {
                let id = node.attribute(attribute).unwrap_or_default();
                Err(fail(node, format!("\"{id}\" cannot stand as {attribute}")))
            }
        }
    }
}

pub(super) fn observables<'d>(
    note: Xml<'d>,
    assembly: &Assembly<'d, '_>,
    units: &UnitTable,
) -> Result<Vec<Observable>, SbmlError> {
    let finder = Finder { assembly };
    let mut found: Vec<Observable> = Vec::new();
    for node in named(note, "observable") {
        let (symbol, expression) = finder.symbol(node, "symbol")?;
        if found.iter().any(|o| o.name == symbol.name) {
            let message = format!("\"{}\" is observed twice; keep one of them", symbol.name);
            return Err(fail(node, message));
        }
        found.push(Observable {
            name: symbol.name.clone(),
            unit: units.of(node, "units")?,
            expression,
            doc: doc(node),
        });
    }
    Ok(found)
}

pub(super) fn processes<'d>(
    note: Xml<'d>,
    assembly: &mut Assembly<'d, '_>,
    units: &UnitTable,
) -> Result<Vec<ProcessSpec>, SbmlError> {
    let mut processes = Vec::new();
    for node in named(note, "process") {
        let rate = named(node, "rate")
            .next()
            .ok_or_else(|| fail(node, "the process has no rate"))?;
        let rate = assembly.math(rate, None)?;
        let mut terms = Vec::new();
        for term in named(node, "term") {
            let state = Finder {
                assembly: &*assembly,
            }
            .number(term, "state")?;
            terms.push((state, assembly.math(term, None)?));
        }
        let balanced = named(node, "balanced")
            .map(|b| required(b, "element").map(str::to_owned))
            .collect::<Result<_, _>>()?;
        processes.push(ProcessSpec {
            name: name(node)?,
            unit: units.of(node, "units")?,
            rate,
            terms,
            balanced,
            doc: doc(node),
        });
    }
    Ok(processes)
}

pub(super) fn invariants<'d>(
    note: Xml<'d>,
    assembly: &Assembly<'d, '_>,
) -> Result<Vec<InvariantSpec>, SbmlError> {
    let finder = Finder { assembly };
    named(note, "invariant")
        .map(|node| {
            let terms = named(node, "term")
                .map(|t| Ok((finder.number(t, "state")?, needed(t, "weight")?)))
                .collect::<Result<_, SbmlError>>()?;
            Ok(InvariantSpec {
                name: name(node)?,
                terms,
                doc: doc(node),
            })
        })
        .collect()
}

pub(super) fn links<'d>(
    note: Xml<'d>,
    assembly: &Assembly<'d, '_>,
) -> Result<Vec<Link>, SbmlError> {
    let finder = Finder { assembly };
    named(note, "link")
        .map(|node| {
            let code = required(node, "grade")?;
            let grade = LinkGrade::from_code(code)
                .ok_or_else(|| fail(node, format!("\"{code}\" is not a grade of evidence")))?;
            let gain = match node.attribute("gain") {
                Some(_) => Some(finder.number(node, "gain")?),
                None => None,
            };
            Ok(Link {
                name: name(node)?,
                from: node.attribute("from").unwrap_or_default().to_owned(),
                to: node.attribute("to").unwrap_or_default().to_owned(),
                switch: finder.number(node, "switch")?,
                gain,
                also: finder.parameters(node, "also")?,
                grade,
                doc: doc(node),
            })
        })
        .collect()
}

pub(super) fn citations(note: Xml<'_>) -> Result<BTreeMap<String, String>, SbmlError> {
    named(note, "citation")
        .map(|node| Ok((required(node, "key")?.to_owned(), inner_text(node))))
        .collect()
}
