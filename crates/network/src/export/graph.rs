//! What depends on what, as JSON for programs and as DOT for pictures.

use super::compose::modules;
use super::module;
use crate::expr::{ExprId, Node};
use crate::model::Network;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A state, variable or input.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Point {
    State(u32),
    Variable(u32),
    Input(u32),
}

/// `from` stands in the rate (of a state) or in the definition (of a variable) of `to`.
struct Edge {
    from: Point,
    to: Point,
}

impl Point {
    fn name(self, n: &Network) -> &str {
        let name = match self {
            Point::State(i) => n.states.get(i as usize).map(|x| x.name.as_str()),
            Point::Variable(i) => n.variables.get(i as usize).map(|x| x.name.as_str()),
            Point::Input(i) => n.inputs.get(i as usize).map(|x| x.name.as_str()),
        };
        name.unwrap_or("?")
    }

    fn unit(self, n: &Network) -> Option<String> {
        let unit = match self {
            Point::State(i) => n.states.get(i as usize)?.unit.as_ref(),
            Point::Variable(i) => n.variables.get(i as usize)?.unit.as_ref(),
            Point::Input(i) => n.inputs.get(i as usize)?.unit.as_ref(),
        };
        unit.map(ToString::to_string)
    }

    fn kind(self) -> &'static str {
        match self {
            Point::State(_) => "state",
            Point::Variable(_) => "variable",
            Point::Input(_) => "input",
        }
    }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn points(n: &Network) -> impl Iterator<Item = Point> {
    let states = (0..count(n.states.len())).map(Point::State);
    let variables = (0..count(n.variables.len())).map(Point::Variable);
    let inputs = (0..count(n.inputs.len())).map(Point::Input);
    states.chain(variables).chain(inputs)
}

/// All dependencies, by what depends, then by what it depends on.
fn edges(n: &Network) -> Vec<Edge> {
    let mut walk = Walk {
        network: n,
        stamp: vec![0; n.pool.len()],
        round: 0,
    };
    let mut edges = Vec::new();
    let states = n
        .states
        .iter()
        .zip(0..)
        .map(|(s, i)| (Point::State(i), s.rate));
    let variables = n
        .variables
        .iter()
        .zip(0..)
        .map(|(v, i)| (Point::Variable(i), v.definition));
    for (to, root) in states.chain(variables) {
        edges.extend(walk.uses(root).into_iter().map(|from| Edge { from, to }));
    }
    edges
}

/// Where each parameter stands: states in whose rate or initial value, variables and observables in whose definition it is named,
/// in this order; parameter by parameter.
#[must_use]
pub fn parameter_uses(n: &Network) -> Vec<Vec<String>> {
    let mut walk = Walk {
        network: n,
        stamp: vec![0; n.pool.len()],
        round: 0,
    };
    let mut uses = vec![Vec::new(); n.parameters.len()];
    let states = n.states.iter();
    let rates = states.clone().map(|s| (s.name.clone(), s.rate));
    let starts = states.map(|s| (format!("{} at the start", s.name), s.initial));
    let variables = n.variables.iter().map(|v| (v.name.clone(), v.definition));
    let observables = n.observables.iter();
    let observables = observables.map(|o| (o.name.clone(), o.expression));
    for (name, root) in rates.chain(starts).chain(variables).chain(observables) {
        for parameter in walk.parameters(root) {
            if let Some(list) = uses.get_mut(parameter as usize) {
                list.push(name.clone());
            }
        }
    }
    uses
}

struct Walk<'n> {
    network: &'n Network,
    stamp: Vec<u32>,
    round: u32,
}

impl Walk<'_> {
    /// States, variables and inputs that an expression names.
    fn uses(&mut self, root: ExprId) -> Vec<Point> {
        let mut found = self.leaves(root, |node| match node {
            Node::State(i) => Some(Point::State(i)),
            Node::Input(i) => Some(Point::Input(i)),
            Node::Variable(i, _) => Some(Point::Variable(i)),
            _ => None,
        });
        found.sort_unstable();
        found
    }

    /// Parameters that an expression names itself, not through a variable.
    fn parameters(&mut self, root: ExprId) -> Vec<u32> {
        self.leaves(root, |node| match node {
            Node::Parameter(i) => Some(i),
            _ => None,
        })
    }

    /// What a predicate finds among the nodes of an expression; variables are not looked into.
    fn leaves<T>(&mut self, root: ExprId, of: impl Fn(Node) -> Option<T>) -> Vec<T> {
        self.round += 1;
        let mut found = Vec::new();
        let mut stack = vec![root];
        while let Some(id) = stack.pop() {
            if std::mem::replace(&mut self.stamp[id.index()], self.round) == self.round {
                continue;
            }
            let node = self.network.pool.node(id);
            found.extend(of(node));
            if !matches!(node, Node::Variable(..)) {
                stack.extend(node.operands());
            }
        }
        found
    }
}

/// Dependencies between modules: (from, to) with how many there are.
fn module_edges<'n>(n: &'n Network, edges: &[Edge]) -> BTreeMap<(&'n str, &'n str), usize> {
    let mut counts = BTreeMap::new();
    for e in edges {
        let pair = (module(e.from.name(n)), module(e.to.name(n)));
        if pair.0 != pair.1 {
            *counts.entry(pair).or_insert(0) += 1;
        }
    }
    counts
}

/// The graph as JSON: `nodes` (name, kind, module, unit), `edges` (from, to), `modules`, `moduleEdges` (from, to,
/// count) and `links` (name, from, to, grade, switch, gain, also, on, doc).
pub fn graph_json(n: &Network) -> String {
    let edges = edges(n);
    let nodes: Vec<Value> = points(n)
        .map(|p| {
            let name = p.name(n);
            json!({ "name": name, "kind": p.kind(), "module": module(name), "unit": p.unit(n) })
        })
        .collect();
    let between: Vec<Value> = module_edges(n, &edges)
        .into_iter()
        .map(|((from, to), count)| json!({ "from": from, "to": to, "count": count }))
        .collect();
    let edges: Vec<Value> = edges
        .iter()
        .map(|e| json!({ "from": e.from.name(n), "to": e.to.name(n) }))
        .collect();
    let links: Vec<Value> = n.links.iter().map(|l| link(n, l)).collect();
    let graph = json!({
        "name": n.name,
        "nodes": nodes,
        "edges": edges,
        "modules": modules(n),
        "moduleEdges": between,
        "links": links,
    });
    format!("{graph:#}\n")
}

fn link(n: &Network, l: &crate::model::Link) -> Value {
    let switch = n.switches.get(l.switch as usize);
    let name = |g: u32| n.parameters.get(g as usize).map(|p| &p.name);
    let also: Vec<&String> = l.also.iter().filter_map(|g| name(*g)).collect();
    json!({
        "name": l.name,
        "from": l.from,
        "to": l.to,
        "grade": l.grade.code(),
        "switch": switch.map(|s| &s.name),
        "on": switch.is_none_or(|s| s.default),
        "gain": l.gain.and_then(name),
        "also": also,
        "doc": l.doc,
    })
}

/// A quoted DOT string.
fn quote(text: &str) -> String {
    let escaped = text
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace(['\n', '\r'], " ");
    format!("\"{escaped}\"")
}

/// The graph of states, variables and inputs as DOT, one cluster a module.
pub fn graph_dot(n: &Network) -> String {
    let mut out = format!(
        "digraph {} {{\n  rankdir=LR;\n  node [fontname=\"sans-serif\", fontsize=10];\n",
        quote(&n.name)
    );
    let mut groups: BTreeMap<&str, Vec<Point>> = BTreeMap::new();
    for p in points(n) {
        groups.entry(module(p.name(n))).or_default().push(p);
    }
    for (name, members) in groups {
        let label = quote(name);
        let _ = write!(
            out,
            "  subgraph {} {{\n    label={label};\n",
            quote(&format!("cluster_{name}"))
        );
        for p in members {
            let shape = match p {
                Point::State(_) => "box",
                Point::Variable(_) => "ellipse",
                Point::Input(_) => "invhouse",
            };
            let _ = writeln!(out, "    {} [shape={shape}];", quote(p.name(n)));
        }
        out.push_str("  }\n");
    }
    for e in edges(n) {
        let _ = writeln!(
            out,
            "  {} -> {};",
            quote(e.from.name(n)),
            quote(e.to.name(n))
        );
    }
    out.push_str("}\n");
    out
}

/// The graph of compartments as DOT: declared links in bold with their grade of evidence (dashed where off), other
/// dependencies between modules in grey with their number.
pub fn compartments_dot(n: &Network) -> String {
    let mut out = format!(
        "digraph {} {{\n  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n",
        quote(&n.name)
    );
    let occupied = points(n).map(|p| module(p.name(n)));
    let mut names: Vec<&str> = occupied
        .chain(
            n.links
                .iter()
                .flat_map(|l| [l.from.as_str(), l.to.as_str()]),
        )
        .collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let _ = writeln!(out, "  {};", quote(name));
    }
    for ((from, to), count) in module_edges(n, &edges(n)) {
        let _ = writeln!(
            out,
            "  {} -> {} [color=grey, fontcolor=grey, label=\"{count}\"];",
            quote(from),
            quote(to)
        );
    }
    for l in &n.links {
        let on = n.switches.get(l.switch as usize).is_none_or(|s| s.default);
        let style = if on { "bold" } else { "dashed" };
        let label = quote(&format!("{} ({})", l.name, l.grade.code()));
        let _ = writeln!(
            out,
            "  {} -> {} [style={style}, label={label}];",
            quote(&l.from),
            quote(&l.to)
        );
    }
    out.push_str("}\n");
    out
}
