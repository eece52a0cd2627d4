//! Whether the parts of a network refer to each other properly.

use super::{Findings, Rule, Severity};
use crate::Network;
use crate::expr::{ExprId, Node};
use std::collections::HashMap;

pub(super) fn check(network: &Network, findings: &mut Findings) {
    let mut error = |place: String, message: String| {
        findings.add(
            Severity::Error,
            Rule::Structure,
            place,
            message,
            "build the network with Builder or read it from a file, which keep its parts together",
        );
    };
    expressions(network, &mut error);
    references(network, &mut error);
    duplicates(network, findings);
    borrowed_names(network, findings);
}

fn expressions(network: &Network, error: &mut impl FnMut(String, String)) {
    for (i, node) in network.pool.nodes().iter().enumerate() {
        let (kind, index, length) = match *node {
            Node::State(k) => ("state", k, network.states.len()),
            Node::Parameter(k) => ("parameter", k, network.parameters.len()),
            Node::Input(k) => ("input", k, network.inputs.len()),
            Node::Switch(k) => ("switch", k, network.switches.len()),
            Node::Variable(k, _) => ("variable", k, network.variables.len()),
            _ => ("", 0, 1),
        };
        let place = || format!("expression {i}");
        if index as usize >= length {
            error(
                place(),
                format!("it refers to {kind} {index}, but there are {length}"),
            );
        } else if node.operands().any(|o| o.index() >= i) {
            error(
                place(),
                "it uses an expression that does not stand before it".to_owned(),
            );
        } else if let Node::Variable(k, definition) = *node
            && network.variables[k as usize].definition != definition
        {
            error(
                place(),
                format!(
                    "it stands for variable \"{}\" with another definition",
                    network.variables[k as usize].name
                ),
            );
        }
    }
}

fn references(network: &Network, error: &mut impl FnMut(String, String)) {
    let length = network.pool.len();
    let mut root = |place: String, id: ExprId| {
        if id.index() >= length {
            error(
                place,
                format!("it is expression {}, but there are {length}", id.index()),
            );
        }
    };
    for s in &network.states {
        root(format!("initial value of {}", s.name), s.initial);
        root(format!("rate of {}", s.name), s.rate);
    }
    for v in &network.variables {
        root(format!("variable {}", v.name), v.definition);
        root(format!("variable {}", v.name), v.node);
    }
    for o in &network.observables {
        root(format!("observable {}", o.name), o.expression);
    }
    for p in &network.processes {
        root(format!("rate of process {}", p.name), p.rate);
        for &(_, coefficient) in &p.terms {
            root(format!("coefficient of process {}", p.name), coefficient);
        }
    }
    let states = network.states.len();
    let mut inside = |place: String, kind: &str, index: u32, length: usize| {
        if index as usize >= length {
            error(
                place,
                format!("it refers to {kind} {index}, but there are {length}"),
            );
        }
    };
    for p in &network.processes {
        for &(state, _) in &p.terms {
            inside(format!("process {}", p.name), "state", state, states);
        }
    }
    for i in &network.invariants {
        for &(state, _) in &i.terms {
            inside(format!("invariant {}", i.name), "state", state, states);
        }
    }
    for l in &network.links {
        let place = || format!("link {}", l.name);
        inside(place(), "switch", l.switch, network.switches.len());
        for &gain in l.gain.iter().chain(&l.also) {
            inside(place(), "parameter", gain, network.parameters.len());
        }
    }
}

/// States, parameters, inputs, switches and variables share one set of names; every other kind has its own.
fn duplicates(network: &Network, findings: &mut Findings) {
    let symbols = network.names().filter(|(_, kind)| *kind != "observable");
    twice(symbols, findings);
    twice(
        network.names().filter(|(_, kind)| *kind == "observable"),
        findings,
    );
    twice(
        network
            .processes
            .iter()
            .map(|p| (p.name.as_str(), "process")),
        findings,
    );
    twice(
        network.links.iter().map(|l| (l.name.as_str(), "link")),
        findings,
    );
    twice(
        network
            .invariants
            .iter()
            .map(|i| (i.name.as_str(), "invariant")),
        findings,
    );
}

/// An observable may have the name of a symbol only where it shows that symbol.
fn borrowed_names(network: &Network, findings: &mut Findings) {
    let symbols: HashMap<&str, &str> = network
        .names()
        .filter(|(_, kind)| *kind != "observable")
        .collect();
    for observable in &network.observables {
        let Some(kind) = symbols.get(observable.name.as_str()) else {
            continue;
        };
        if !shows(network, observable.expression, &observable.name) {
            findings.add(
                Severity::Error,
                Rule::Structure,
                format!("observable {}", observable.name),
                format!("a {kind} has this name, and it is something else"),
                "give the observable another name",
            );
        }
    }
}

/// Is the expression the symbol of that name?
fn shows(network: &Network, expression: ExprId, name: &str) -> bool {
    let Some(node) = network.pool.nodes().get(expression.index()) else {
        return true; // reported as a reference that leads nowhere
    };
    let found = match *node {
        Node::State(i) => network.states.get(i as usize).map(|s| &s.name),
        Node::Parameter(i) => network.parameters.get(i as usize).map(|p| &p.name),
        Node::Input(i) => network.inputs.get(i as usize).map(|x| &x.name),
        Node::Switch(i) => network.switches.get(i as usize).map(|s| &s.name),
        Node::Variable(i, _) => network.variables.get(i as usize).map(|v| &v.name),
        _ => None,
    };
    let defines = |v: &crate::model::Variable| v.name == name && v.definition == expression;
    found.is_some_and(|n| n == name) || network.variables.iter().any(defines)
}

fn twice<'n>(names: impl Iterator<Item = (&'n str, &'static str)>, findings: &mut Findings) {
    let mut seen: HashMap<&str, &str> = HashMap::new();
    for (name, kind) in names {
        if let Some(first) = seen.insert(name, kind) {
            findings.add(
                Severity::Error,
                Rule::Structure,
                format!("{kind} {name}"),
                format!("another {first} has this name"),
                "give each its own name",
            );
        }
    }
}
