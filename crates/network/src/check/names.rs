//! What is declared and not used, and states outside the play.

use super::equations::{Equations, Kind};
use super::{Findings, Rule, Severity};
use crate::expr::Node;
use std::collections::HashSet;

pub(super) fn check(equations: &Equations<'_>, findings: &mut Findings) {
    unused(equations, findings);
    idle(equations, findings);
}

fn unused(equations: &Equations<'_>, findings: &mut Findings) {
    let network = equations.network;
    let needed = equations.needed(|kind| !matches!(kind, Kind::Variable(_)));
    let used: HashSet<(&str, u32)> = network
        .pool
        .nodes()
        .iter()
        .zip(&needed)
        .filter(|(_, needed)| **needed)
        .filter_map(|(node, _)| match *node {
            Node::Parameter(i) => Some(("parameter", i)),
            Node::Input(i) => Some(("input", i)),
            Node::Switch(i) => Some(("switch", i)),
            Node::Variable(i, _) => Some(("variable", i)),
            _ => None,
        })
        .collect();
    let mut report = |kind: &'static str, i: usize, name: &str| {
        if !used.contains(&(kind, u32::try_from(i).unwrap_or(u32::MAX))) {
            findings.add(
                Severity::Warning,
                Rule::Unused,
                format!("{kind} {name}"),
                "no rate, initial value, process or observable uses it",
                "use it or remove it",
            );
        }
    };
    for (i, p) in network.parameters.iter().enumerate() {
        report("parameter", i, &p.name);
    }
    for (i, x) in network.inputs.iter().enumerate() {
        report("input", i, &x.name);
    }
    for (i, x) in network.switches.iter().enumerate() {
        report("switch", i, &x.name);
    }
    for (i, v) in network.variables.iter().enumerate() {
        report("variable", i, &v.name);
    }
}

/// Which equation reads an expression.
#[derive(Clone, Copy, PartialEq)]
enum Reader {
    Nobody,
    RateOf(usize),
    Many,
}

impl Reader {
    fn and(self, other: Reader) -> Reader {
        match (self, other) {
            (Reader::Nobody, x) | (x, Reader::Nobody) => x,
            (a, b) if a == b => a,
            _ => Reader::Many,
        }
    }
}

fn idle(equations: &Equations<'_>, findings: &mut Findings) {
    let network = equations.network;
    for state in &network.states {
        if network.pool.as_constant(state.rate) == Some(0.0) {
            findings.add(
                Severity::Warning,
                Rule::Idle,
                format!("state {}", state.name),
                "its rate is 0: nothing changes it",
                "give it a rate, or make it a parameter or an input",
            );
        }
    }
    for (i, reader) in readers(equations).into_iter().enumerate() {
        if reader == Reader::Nobody || reader == Reader::RateOf(i) {
            findings.add(
                Severity::Note,
                Rule::Idle,
                format!("state {}", network.states[i].name),
                "no other state and no observable depends on it",
                "declare an observable for it, if it is a result",
            );
        }
    }
}

/// Who reads each state.
fn readers(equations: &Equations<'_>) -> Vec<Reader> {
    let network = equations.network;
    let nodes = network.pool.nodes();
    let mut readers = vec![Reader::Nobody; nodes.len()];
    for equation in &equations.list {
        let reader = match equation.kind {
            Kind::Rate(i) => Reader::RateOf(i),
            Kind::Observable(_) => Reader::Many,
            _ => continue,
        };
        let slot = &mut readers[equation.id.index()];
        *slot = slot.and(reader);
    }
    let mut result = vec![Reader::Nobody; network.states.len()];
    for i in (0..nodes.len()).rev() {
        for operand in nodes[i].operands() {
            readers[operand.index()] = readers[operand.index()].and(readers[i]);
        }
        if let Node::State(s) = nodes[i] {
            result[s as usize] = readers[i];
        }
    }
    result
}
