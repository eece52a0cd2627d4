//! From a network to its text.

use super::FORMAT;
use super::lexer::{enclosed, name_text};
use super::parts::apart;
use super::sections::{module, sections};
use crate::expr::{ExprId, Names, number_text, text_with_parts};
use crate::model::{Network, Parameter, ProcessSpec, State};
use crate::parameters::Spread;
use gutskin_units::Unit;
use std::collections::HashMap;

/// Longest line before a sum is broken.
const WIDTH: usize = 100;
/// What continues a declaration.
const INDENT: &str = "\n    ";

/// How much of a network is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope {
    /// Texts, sources, marks, citations, the model's name and comments.
    pub words: bool,
    /// Values and spreads of parameters.
    pub values: bool,
}

impl Scope {
    pub(crate) const EVERYTHING: Scope = Scope {
        words: true,
        values: true,
    };
    /// What decides how the equations behave once the parameters are given.
    pub(crate) const EQUATIONS: Scope = Scope {
        words: false,
        values: false,
    };
}

/// The text of a network, or of a part of what it says.
pub(crate) fn scoped(network: &Network, scope: Scope) -> String {
    let mut writer = Writer::new(network, scope);
    writer.head();
    writer.sections();
    writer.parts();
    writer.citations();
    writer.out
}

/// Names as the text spells them.
struct Spelled {
    lists: [Vec<String>; 5],
}

impl Spelled {
    fn of(n: &Network) -> Self {
        fn spell<T>(list: &[T], name: impl Fn(&T) -> &str) -> Vec<String> {
            list.iter().map(|x| name_text(name(x))).collect()
        }
        Self {
            lists: [
                spell(&n.states, |x| &x.name),
                spell(&n.parameters, |x| &x.name),
                spell(&n.inputs, |x| &x.name),
                spell(&n.switches, |x| &x.name),
                spell(&n.variables, |x| &x.name),
            ],
        }
    }

    fn at(&self, list: usize, i: u32) -> &str {
        self.lists[list].get(i as usize).map_or("?", String::as_str)
    }
}

impl Names for Spelled {
    fn state(&self, i: u32) -> &str {
        self.at(0, i)
    }
    fn parameter(&self, i: u32) -> &str {
        self.at(1, i)
    }
    fn input(&self, i: u32) -> &str {
        self.at(2, i)
    }
    fn switch(&self, i: u32) -> &str {
        self.at(3, i)
    }
    fn variable(&self, i: u32) -> &str {
        self.at(4, i)
    }
}

struct Writer<'n> {
    network: &'n Network,
    scope: Scope,
    names: Spelled,
    /// Parts written apart, in order, and their names.
    parts: Vec<ExprId>,
    part_names: HashMap<ExprId, String>,
    out: String,
    /// Where the declaration being written begins.
    start: usize,
}

fn roots(n: &Network) -> Vec<ExprId> {
    let mut roots: Vec<ExprId> = n.variables.iter().map(|v| v.definition).collect();
    roots.extend(n.states.iter().flat_map(|s| [s.initial, s.rate]));
    for p in &n.processes {
        roots.push(p.rate);
        roots.extend(p.terms.iter().map(|(_, coefficient)| *coefficient));
    }
    roots.extend(n.observables.iter().map(|o| o.expression));
    roots
}

impl<'n> Writer<'n> {
    fn new(network: &'n Network, scope: Scope) -> Self {
        let parts = apart(&network.pool, &roots(network));
        let named = |(i, &id): (usize, &ExprId)| (id, format!("_{}", i + 1));
        Self {
            network,
            scope,
            names: Spelled::of(network),
            part_names: parts.iter().enumerate().map(named).collect(),
            parts,
            out: String::new(),
            start: 0,
        }
    }

    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// The text of a declaration: on its line where that is the only one and short, else on a line of its own.
    fn doc(&mut self, text: &str) {
        if !self.scope.words || text.is_empty() {
            return;
        }
        let text = enclosed(text, '"');
        let first = !self.out[self.start..].contains('\n');
        let fits = first && self.column() + text.len() < WIDTH;
        self.push(if fits { " " } else { INDENT });
        self.push(&text);
    }

    /// Length of the line so far.
    fn column(&self) -> usize {
        self.out.len() - self.out.rfind('\n').map_or(0, |i| i + 1)
    }

    fn expression(&mut self, text: &str) {
        let text = broken(text, self.column());
        self.push(&text);
    }

    fn unit(&mut self, unit: Option<&Unit>) {
        if let Some(unit) = unit {
            self.push(&format!(" [{unit}]"));
        }
    }

    fn heading(&mut self, text: &str) {
        if self.scope.words {
            self.push(&format!("\n# ---- {text} ----\n\n"));
        }
    }

    fn head(&mut self) {
        let name = if self.scope.words {
            name_text(&self.network.name)
        } else {
            "model".to_owned()
        };
        self.push(&format!("model {name}"));
        if let Some(unit) = &self.network.time_unit {
            self.push(&format!(" clock [{unit}]"));
        }
        self.push(&format!(" format {FORMAT}\n"));
        if self.scope.words {
            self.push("# Rates of states hold the terms of processes already.\n");
        }
    }

    fn sections(&mut self) {
        let n = self.network;
        let of_link = |switch: u32| n.switches.get(switch as usize).map_or("", |s| &s.name);
        let lists: [Vec<&str>; 9] = [
            n.states.iter().map(|x| module(&x.name)).collect(),
            n.variables.iter().map(|x| module(&x.name)).collect(),
            n.parameters.iter().map(|x| module(&x.name)).collect(),
            n.inputs.iter().map(|x| module(&x.name)).collect(),
            n.switches.iter().map(|x| module(&x.name)).collect(),
            n.links.iter().map(|x| module(of_link(x.switch))).collect(),
            n.processes.iter().map(|x| module(&x.name)).collect(),
            n.observables.iter().map(|x| module(&x.name)).collect(),
            n.invariants.iter().map(|x| module(&x.name)).collect(),
        ];
        for (module, ranges) in sections(&lists) {
            let heading = match module {
                "" => "without module".to_owned(),
                module => name_text(module),
            };
            self.heading(&heading);
            // The order in which a reader wants them, which differs from the order that decides about sections.
            for kind in [2, 3, 4, 5, 1, 0, 6, 7, 8] {
                for i in ranges[kind].clone() {
                    self.start = self.out.len();
                    self.item(kind, i);
                    self.push("\n");
                }
            }
        }
    }

    fn item(&mut self, kind: usize, i: usize) {
        let n = self.network;
        match kind {
            0 => self.state(&n.states[i]),
            1 => {
                let v = &n.variables[i];
                self.defined("variable", &v.name, v.unit.as_ref(), v.definition);
                self.doc(&v.doc);
            }
            2 => self.parameter(&n.parameters[i]),
            3 => {
                let x = &n.inputs[i];
                let value = number_text(x.default);
                self.push(&format!("input {} = {value}", name_text(&x.name)));
                self.unit(x.unit.as_ref());
                self.doc(&x.doc);
            }
            4 => {
                let x = &n.switches[i];
                let stands = if x.default { "on" } else { "off" };
                self.push(&format!("switch {} = {stands}", name_text(&x.name)));
                self.doc(&x.doc);
            }
            5 => self.link(i),
            6 => self.process(&n.processes[i]),
            7 => {
                let o = &n.observables[i];
                self.defined("observable", &o.name, o.unit.as_ref(), o.expression);
                self.doc(&o.doc);
            }
            _ => {
                let x = &n.invariants[i];
                self.push(&format!("invariant {}", name_text(&x.name)));
                let weight =
                    |&(s, w): &(u32, f64)| format!("{} {}", self.names.state(s), number_text(w));
                self.list(" weights ", x.terms.iter().map(weight).collect());
                self.doc(&x.doc);
            }
        }
    }

    fn list(&mut self, before: &str, items: Vec<String>) {
        if !items.is_empty() {
            self.push(before);
            self.push(&items.join(", "));
        }
    }

    /// An expression where it is used: its name where it is written apart.
    fn short(&self, id: ExprId) -> String {
        match self.part_names.get(&id) {
            Some(name) => name.clone(),
            None => self.whole(id),
        }
    }

    fn whole(&self, id: ExprId) -> String {
        let part = |id| self.part_names.get(&id).map(String::as_str);
        text_with_parts(&self.network.pool, &self.names, &part, id)
    }

    fn defined(&mut self, kind: &str, name: &str, unit: Option<&Unit>, value: ExprId) {
        self.push(&format!("{kind} {}", name_text(name)));
        self.unit(unit);
        let text = self.short(value);
        self.push(" = ");
        self.expression(&text);
    }

    fn parameter(&mut self, p: &Parameter) {
        self.push(&format!("parameter {}", name_text(&p.name)));
        if self.scope.values {
            self.push(&format!(" = {}", number_text(p.value)));
        }
        self.unit(p.unit.as_ref());
        if self.scope.values {
            self.push(&spread_text(p.spread));
        }
        if self.scope.words {
            self.push(&format!(" mark {}", p.mark));
            if !p.source.is_empty() {
                self.push(&format!(" source {}", name_text(&p.source)));
            }
        }
        self.doc(&p.doc);
    }

    fn state(&mut self, s: &State) {
        self.push(&format!("state {}", name_text(&s.name)));
        self.unit(s.unit.as_ref());
        self.push(&format!(" typical {}", number_text(s.typical)));
        if !s.non_negative {
            self.push(" signed");
        }
        let element =
            |(e, amount): &(String, f64)| format!("{} {}", name_text(e), number_text(*amount));
        self.list(" holds ", s.holds.iter().map(element).collect());
        self.doc(&s.doc);
        for (clause, id) in [("initial ", s.initial), ("rate ", s.rate)] {
            let text = self.short(id);
            self.push(INDENT);
            self.push(clause);
            self.expression(&text);
        }
    }

    fn process(&mut self, p: &ProcessSpec) {
        self.defined("process", &p.name, p.unit.as_ref(), p.rate);
        let change = |(s, coefficient): &(u32, ExprId)| {
            format!("{} by {}", self.names.state(*s), self.short(*coefficient))
        };
        let changes = p.terms.iter().map(change).collect();
        self.list(&format!("{INDENT}changes "), changes);
        let elements = p.balanced.iter().map(|e| name_text(e)).collect();
        self.list(&format!("{INDENT}balanced "), elements);
        self.doc(&p.doc);
    }

    fn link(&mut self, i: usize) {
        let l = &self.network.links[i];
        let (from, to) = (name_text(&l.from), name_text(&l.to));
        let mut text = format!("link {} from {from} to {to}", name_text(&l.name));
        text += &format!(" cut_by {}", self.names.switch(l.switch));
        if let Some(gain) = l.gain {
            text += &format!(" gain {}", self.names.parameter(gain));
        }
        self.push(&text);
        let name = |g: &u32| self.names.parameter(*g).to_owned();
        let also = l.also.iter().map(name).collect();
        self.list(" also ", also);
        self.push(&format!(" grade {}", l.grade.code()));
        self.doc(&l.doc);
    }

    fn parts(&mut self) {
        if !self.parts.is_empty() {
            self.heading("parts of the expressions above");
        }
        for i in 0..self.parts.len() {
            let text = self.whole(self.parts[i]);
            self.push(&format!("let _{} = ", i + 1));
            self.expression(&text);
            self.push("\n");
        }
    }

    fn citations(&mut self) {
        if !self.scope.words || self.network.citations.is_empty() {
            return;
        }
        self.heading("sources");
        for (key, citation) in &self.network.citations {
            let citation = enclosed(citation, '"');
            self.push(&format!("citation {}{INDENT}{citation}\n", name_text(key)));
        }
    }
}

/// The clause of a spread; empty where it is fixed.
pub(crate) fn spread_text(spread: Spread) -> String {
    let n = number_text;
    match spread {
        Spread::Fixed => String::new(),
        Spread::Normal { sd } => format!(" spread normal(sd {})", n(sd)),
        Spread::LogNormal { sd_ln } => format!(" spread lognormal(sd_ln {})", n(sd_ln)),
        Spread::Uniform { low, high } => {
            format!(" spread uniform(low {}, high {})", n(low), n(high))
        }
        Spread::LogUniform { low, high } => {
            format!(" spread log_uniform(low {}, high {})", n(low), n(high))
        }
        Spread::TruncatedNormal { sd, low, high } => format!(
            " spread truncated_normal(sd {}, low {}, high {})",
            n(sd),
            n(low),
            n(high)
        ),
    }
}

/// An expression over several lines where it is long: broken before the signs of its outermost sum, on a line
/// that has `column` characters already.
fn broken(text: &str, column: usize) -> String {
    if column + text.len() <= WIDTH {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut line = column;
    for term in terms(text) {
        if !out.is_empty() && line + term.len() > WIDTH {
            out.push_str("\n        ");
            out.push_str(term.trim_start());
            line = 7 + term.len();
        } else {
            out.push_str(term);
            line += term.len();
        }
    }
    out
}

/// The terms of the outermost sum of an expression, each with its sign.
fn terms(text: &str) -> Vec<&str> {
    let (mut depth, mut ticked, mut start) = (0_usize, false, 0);
    let mut out = Vec::new();
    for (i, byte) in text.bytes().enumerate() {
        match byte {
            b'`' => ticked = !ticked,
            _ if ticked => {}
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b' ' if depth == 0 && i > start && text[i + 1..].starts_with(['+', '-']) => {
                out.push(&text[start..i]);
                start = i;
            }
            _ => {}
        }
    }
    out.push(&text[start..]);
    out
}
