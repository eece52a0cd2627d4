//! Events at fixed times.

use super::assemble::Assembly;
use super::symbols::Class;
use crate::expr::{ExprId, Node};
use crate::sbml::SbmlError;
use crate::sbml::mathml::operator;
use crate::sbml::xml::{Xml, boolean, elements, fail, inner_text, items, named, required};
use crate::schedule::{Action, Change, Schedule, Target};
use std::collections::HashSet;

/// Reads `listOfEvents`. Events at one time come in the order of their priorities, then in that of the document.
pub(super) fn read<'d>(
    model: Xml<'d>,
    assembly: &mut Assembly<'d, '_>,
) -> Result<Schedule, SbmlError> {
    let mut ids = HashSet::new();
    let mut found: Vec<(f64, f64, Vec<Change>)> = Vec::new();
    for event in items(model, "listOfEvents") {
        if let Some(id) = event.attribute("id")
            && (!ids.insert(id) || assembly.symbols.index.contains_key(id))
        {
            return Err(fail(event, format!("the id \"{id}\" stands twice")));
        }
        if let Some(delay) = named(event, "delay").next() {
            return Err(fail(
                delay,
                "not supported: a delay; put it into the time of the trigger",
            ));
        }
        let time = trigger_time(event, assembly)?;
        let starts_true = named(event, "trigger")
            .next()
            .map(|t| boolean(t, "initialValue"))
            .transpose()?
            .flatten()
            .unwrap_or(true);
        let changes = assignments(event, time, assembly)?;
        // A trigger that counts as true before the start never becomes true.
        if !(starts_true && time <= 0.0) {
            found.push((time, priority(event, assembly)?, changes));
        }
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.total_cmp(&a.1)));
    let changes = found.into_iter().flat_map(|(_, _, c)| c).collect();
    Schedule::new(changes).map_err(|e| fail(model, e.to_string()))
}

fn math_of<'d>(event: Xml<'d>, part: &'static str) -> Option<Xml<'d>> {
    let part = named(event, part).next()?;
    let math = elements(part).find(|n| n.tag_name().name() == "math")?;
    elements(math).next()
}

fn priority<'d>(event: Xml<'d>, assembly: &mut Assembly<'d, '_>) -> Result<f64, SbmlError> {
    match math_of(event, "priority") {
        None => Ok(0.0),
        Some(node) => constant(assembly, node)?
            .ok_or_else(|| fail(node, "not supported: a priority that is not a number")),
    }
}

/// The value of an expression that is a number.
fn constant<'d>(assembly: &mut Assembly<'d, '_>, node: Xml<'d>) -> Result<Option<f64>, SbmlError> {
    let id = assembly.expression(node)?;
    Ok(assembly.pool.as_constant(id))
}

fn trigger_time<'d>(event: Xml<'d>, assembly: &mut Assembly<'d, '_>) -> Result<f64, SbmlError> {
    let expected = "not supported: a trigger other than time >= number; express state-dependent events as rates";
    let condition =
        math_of(event, "trigger").ok_or_else(|| fail(event, "the event has no trigger"))?;
    let (op, operands) = operator(condition).ok_or_else(|| fail(condition, expected))?;
    let [a, b] = operands.as_slice() else {
        return Err(fail(condition, expected));
    };
    let (clock, limit) = match op.tag_name().name() {
        "geq" | "gt" => (*a, *b),
        "leq" | "lt" => (*b, *a),
        _ => return Err(fail(condition, expected)),
    };
    let is_clock = {
        let id = assembly.expression(clock)?;
        assembly.pool.node(id) == Node::Time
    };
    match constant(assembly, limit)? {
        Some(time) if is_clock => Ok(time),
        _ => Err(fail(condition, expected)),
    }
}

fn assignments<'d>(
    event: Xml<'d>,
    time: f64,
    assembly: &mut Assembly<'d, '_>,
) -> Result<Vec<Change>, SbmlError> {
    let mut set = HashSet::new();
    let mut changes = Vec::new();
    for node in items(event, "listOfEventAssignments") {
        let id = required(node, "variable")?;
        if !set.insert(id) {
            return Err(fail(node, format!("the event sets \"{id}\" twice")));
        }
        let target = target(node, id, assembly)?;
        let math = elements(node)
            .find(|n| n.tag_name().name() == "math")
            .and_then(|m| elements(m).next())
            .ok_or_else(|| fail(node, "a <math> is needed here and none stands"))?;
        let action = action(math, id, assembly)?;
        changes.push(Change {
            time,
            target,
            action,
        });
    }
    Ok(changes)
}

fn target(node: Xml<'_>, id: &str, assembly: &Assembly<'_, '_>) -> Result<Target, SbmlError> {
    let Some(&i) = assembly.symbols.index.get(id) else {
        return Err(fail(node, format!("\"{id}\" is not declared")));
    };
    let expression = assembly.expressions[i].map(|e: ExprId| assembly.pool.node(e));
    match (assembly.symbols.list[i].class, expression) {
        (Class::State, Some(Node::State(n))) => Ok(Target::State(n)),
        (Class::Input, Some(Node::Input(n))) => Ok(Target::Input(n)),
        _ => Err(fail(
            node,
            format!("\"{id}\" is constant or set by a rule; an event cannot change it"),
        )),
    }
}

/// A number sets; symbol + number adds; symbol · number multiplies.
fn action<'d>(
    math: Xml<'d>,
    id: &str,
    assembly: &mut Assembly<'d, '_>,
) -> Result<Action, SbmlError> {
    if let Some((op, operands)) = operator(math).filter(|_| math.tag_name().name() == "apply")
        && let [a, b] = operands.as_slice()
    {
        let own = |n: &Xml<'_>| n.tag_name().name() == "ci" && inner_text(*n).trim() == id;
        let name = op.tag_name().name();
        let amount = match (own(a), own(b)) {
            (true, false) => constant(assembly, *b)?,
            (false, true) if name == "plus" || name == "times" => constant(assembly, *a)?,
            _ => None,
        };
        match (name, amount) {
            ("plus", Some(v)) => return Ok(Action::Add(v)),
            ("minus", Some(v)) => return Ok(Action::Add(-v)),
            ("times", Some(v)) => return Ok(Action::Multiply(v)),
            _ => {}
        }
    }
    constant(assembly, math)?.map(Action::Set).ok_or_else(|| {
        fail(
            math,
            format!(
                "not supported: an assignment other than number, {id} + number or {id} · number"
            ),
        )
    })
}
