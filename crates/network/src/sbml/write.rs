//! Writing a network and a schedule as a document.

mod annotation;
mod events;
mod functions;
mod names;
mod still;

use super::mathml::{MathWriter, math};
use super::units::UnitIds;
use super::xml_text::{Lines, attribute, double, escape, optional};
use super::{CORE, XHTML};
use crate::check::units::inferred;
use crate::expr::sharing::{Limits, parts, reach};
use crate::expr::{ExprId, Node};
use crate::model::{Network, Observable};
use crate::schedule::Schedule;
use functions::Peaks;
use gutskin_units::Unit;
use names::{Ids, Parts};
use std::collections::HashSet;
use still::Still;

/// Writes a network and its schedule as SBML Level 3 Version 2 core; [`super::read`] gives both back.
///
/// What parameters and switches alone define is a constant with an initial assignment; what may move has an assignment
/// rule.
///
/// Characters that XML cannot hold (control characters in descriptions) become U+FFFD.
pub fn write(network: &Network, schedule: &Schedule) -> String {
    let writer = Writer::new(network);
    let mut out = Lines::default();
    out.line("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    let spaces = format!(" xmlns=\"{CORE}\" xmlns:sbml=\"{CORE}\" level=\"3\" version=\"2\"");
    out.element("sbml", &spaces, |out| writer.model(out, schedule));
    out.text
}

struct Writer<'n> {
    network: &'n Network,
    ids: Ids,
    units: UnitIds,
    /// Unit of each expression of the pool.
    inferred: Vec<Option<Unit>>,
    parts: Parts,
    /// Everything that the document writes, operands first.
    nodes: Vec<Node>,
    peaks: Peaks,
    still: Still,
}

/// One parameter element.
struct Declaration<'x> {
    id: &'x str,
    name: &'x str,
    value: Option<f64>,
    unit: Option<&'x str>,
    constant: bool,
    /// Paragraphs: what it is, then more.
    notes: [&'x str; 2],
}

impl<'n> Writer<'n> {
    fn new(network: &'n Network) -> Self {
        let mut roots = roots(network);
        let nodes: Vec<Node> = reach(&network.pool, &roots)
            .0
            .into_iter()
            .map(|id| network.pool.node(id))
            .collect();
        let peaks = Peaks::new(&nodes);
        roots.extend(peaks.roots());
        let ids = Ids::new(network);
        let still = Still::new(&network.pool);
        let mut named: HashSet<ExprId> = network.processes.iter().map(|p| p.rate).collect();
        named.extend(still.used_by_moving(&network.pool, &reach(&network.pool, &roots).0));
        let order = parts(&network.pool, &roots, &named, Limits::USUAL);
        let parts = Parts::new(network, &ids, order);
        let inferred = inferred_units(network);
        let of_parts = parts.order.iter().chain(peaks.corners());
        let more = of_parts.filter_map(|id| inferred[id.index()].as_ref());
        let units = UnitIds::new(network, more);
        Self {
            network,
            ids,
            units,
            inferred,
            parts,
            nodes,
            peaks,
            still,
        }
    }

    fn math_writer(&self) -> MathWriter<'_> {
        MathWriter {
            pool: &self.network.pool,
            symbols: &self.ids,
            apart: &self.parts.ids,
            tops: &self.peaks.tops,
            units: self.network.time_unit.is_some(),
        }
    }

    fn math(&self, id: ExprId) -> String {
        self.math_writer().math(id)
    }

    /// The `<math>` of an expression that is used as it stands, not defined here.
    fn use_of(&self, id: ExprId) -> String {
        match self.parts.ids.get(&id) {
            Some(name) => math(&format!("<ci>{name}</ci>")),
            None => self.math(id),
        }
    }

    fn unit(&self, unit: Option<&Unit>) -> Option<&str> {
        unit.map(|u| self.units.id(u))
    }

    fn model(&self, out: &mut Lines, schedule: &Schedule) {
        let n = self.network;
        let time = n.time_unit.as_ref().filter(|u| is_clock(u));
        let attributes = attribute("id", &self.ids.model)
            + &optional("name", &n.name)
            + &optional("timeUnits", self.unit(time).unwrap_or_default());
        out.element("model", &attributes, |out| {
            self.model_annotation(out);
            out.list("listOfFunctionDefinitions", |out| self.functions(out));
            out.list("listOfUnitDefinitions", |out| self.units.write(out));
            out.list("listOfParameters", |out| self.parameters(out));
            out.list("listOfInitialAssignments", |out| self.initial(out));
            out.list("listOfRules", |out| self.rules(out));
            out.list("listOfEvents", |out| self.events(out, schedule));
        });
    }

    fn parameters(&self, out: &mut Lines) {
        self.states(out);
        self.constants(out);
        for (i, id) in self.network.inputs.iter().zip(&self.ids.inputs) {
            let d = Declaration {
                id,
                name: &i.name,
                value: Some(i.default),
                unit: self.unit(i.unit.as_ref()),
                constant: false,
                notes: [&i.doc, ""],
            };
            declare(out, &d, |out| annotation::empty(out, "input"));
        }
        for (v, id) in self.network.variables.iter().zip(&self.ids.variables) {
            let d = self.assigned(id, v.definition, &v.name, v.unit.as_ref(), &v.doc);
            declare(out, &d, |out| annotation::empty(out, "variable"));
        }
        for (o, id) in self.own_observables() {
            let d = self.assigned(id, o.expression, &o.name, o.unit.as_ref(), &o.doc);
            declare(out, &d, |out| annotation::empty(out, "observable"));
        }
        for part in &self.parts.order {
            let process = self.parts.processes.get(part);
            let id = self.part_id(part);
            let d = match process.and_then(|&i| self.network.processes.get(i)) {
                Some(p) => self.assigned(id, *part, &p.name, p.unit.as_ref(), &p.doc),
                None => self.assigned(id, *part, "", self.inferred(*part), ""),
            };
            declare(out, &d, |out| annotation::empty(out, "shared"));
        }
        for (id, corners) in self.peaks.ids() {
            let mut d = self.assigned(&id, corners[0], "", self.inferred(corners[0]), "");
            d.constant = self.still.all(corners);
            declare(out, &d, |out| annotation::empty(out, "peak"));
        }
    }

    fn part_id(&self, part: &ExprId) -> &str {
        self.parts.ids.get(part).map_or("", String::as_str)
    }

    fn states(&self, out: &mut Lines) {
        for (s, id) in self.network.states.iter().zip(&self.ids.states) {
            let d = Declaration {
                id,
                name: &s.name,
                value: self.network.pool.as_constant(s.initial),
                unit: self.unit(s.unit.as_ref()),
                constant: false,
                notes: [&s.doc, ""],
            };
            declare(out, &d, |out| annotation::state(out, s));
        }
    }

    fn constants(&self, out: &mut Lines) {
        for (p, id) in self.network.parameters.iter().zip(&self.ids.parameters) {
            let source = annotation::source_in_words(p, &self.network.citations);
            let d = Declaration {
                id,
                name: &p.name,
                value: Some(p.value),
                unit: self.unit(p.unit.as_ref()),
                constant: true,
                notes: [&p.doc, &source],
            };
            declare(out, &d, |out| annotation::parameter(out, p));
        }
        let unit = self.network.time_unit.as_ref().map(|_| "dimensionless");
        for (s, id) in self.network.switches.iter().zip(&self.ids.switches) {
            let d = Declaration {
                id,
                name: &s.name,
                value: Some(f64::from(u8::from(s.default))),
                unit,
                constant: true,
                notes: [&s.doc, ""],
            };
            declare(out, &d, |out| annotation::empty(out, "switch"));
        }
    }

    fn assigned<'x>(
        &'x self,
        id: &'x str,
        definition: ExprId,
        name: &'x str,
        unit: Option<&Unit>,
        doc: &'x str,
    ) -> Declaration<'x> {
        Declaration {
            id,
            name,
            value: None,
            unit: self.unit(unit),
            constant: self.still.contains(definition),
            notes: [doc, ""],
        }
    }

    /// The unit that an expression has by what is declared, where the model declares units.
    fn inferred(&self, id: ExprId) -> Option<&Unit> {
        self.inferred.get(id.index()).and_then(Option::as_ref)
    }

    /// Observables that do not show another symbol under its own name.
    fn own_observables(&self) -> impl Iterator<Item = (&'n Observable, &str)> {
        self.network
            .observables
            .iter()
            .zip(&self.ids.observables)
            .filter_map(|(o, id)| Some((o, id.as_deref()?)))
    }

    /// Starts of states, and all that parameters and switches define.
    fn initial(&self, out: &mut Lines) {
        for (s, id) in self.network.states.iter().zip(&self.ids.states) {
            if self.network.pool.as_constant(s.initial).is_none() {
                self.initial_assignment(out, id, &self.use_of(s.initial));
            }
        }
        self.definitions(out, true);
    }

    fn rules(&self, out: &mut Lines) {
        self.definitions(out, false);
        for (s, id) in self.network.states.iter().zip(&self.ids.states) {
            self.rule(out, "rateRule", id, &self.use_of(s.rate));
        }
    }

    /// The definitions that stand still as initial assignments, or those that may move as rules.
    fn definitions(&self, out: &mut Lines, still: bool) {
        let define = |out: &mut Lines, id: &str, math: &str| match still {
            true => self.initial_assignment(out, id, math),
            false => self.rule(out, "assignmentRule", id, math),
        };
        let wanted = |id: ExprId| self.still.contains(id) == still;
        for part in self.parts.order.iter().filter(|p| wanted(**p)) {
            define(out, self.part_id(part), &self.math(*part));
        }
        for (id, body) in self.peak_steps(still) {
            define(out, &id, &body);
        }
        for (v, id) in self.network.variables.iter().zip(&self.ids.variables) {
            if wanted(v.definition) {
                define(out, id, &self.use_of(v.definition));
            }
        }
        for (o, id) in self.own_observables().filter(|(o, _)| wanted(o.expression)) {
            define(out, id, &self.use_of(o.expression));
        }
    }

    fn initial_assignment(&self, out: &mut Lines, id: &str, math: &str) {
        let attributes = attribute("symbol", id);
        out.element("initialAssignment", &attributes, |out| out.line(math));
    }

    fn rule(&self, out: &mut Lines, tag: &str, id: &str, math: &str) {
        out.element(tag, &attribute("variable", id), |out| out.line(math));
    }
}

/// Units of all expressions; none where the model does not declare the unit of its clock.
fn inferred_units(n: &Network) -> Vec<Option<Unit>> {
    if n.time_unit.is_none() {
        return vec![None; n.pool.len()];
    }
    let usable = |u: Option<Unit>| u.filter(Unit::is_representable);
    inferred(n).into_iter().map(usable).collect()
}

/// Every expression that the document writes.
fn roots(n: &Network) -> Vec<ExprId> {
    let mut roots: Vec<ExprId> = n.variables.iter().map(|v| v.definition).collect();
    roots.extend(n.states.iter().flat_map(|s| [s.initial, s.rate]));
    roots.extend(n.observables.iter().map(|o| o.expression));
    for p in &n.processes {
        roots.push(p.rate);
        roots.extend(p.terms.iter().map(|(_, c)| *c));
    }
    roots
}

/// SBML wants a unit of time as the unit of the clock.
fn is_clock(unit: &Unit) -> bool {
    Unit::parse("s").is_ok_and(|s| s.same_dimension(unit)) || unit.is_dimensionless()
}

fn declare(out: &mut Lines, d: &Declaration<'_>, annotation: impl FnOnce(&mut Lines)) {
    let value = d.value.map_or(String::new(), double);
    let attributes = attribute("id", d.id)
        + &optional("name", d.name)
        + &optional("value", &value)
        + &optional("units", d.unit.unwrap_or_default())
        + &attribute("constant", if d.constant { "true" } else { "false" });
    out.element("parameter", &attributes, |out| {
        notes(out, &d.notes);
        out.element("annotation", "", annotation);
    });
}

/// Paragraphs up to the last one that is not empty.
fn notes(out: &mut Lines, paragraphs: &[&str]) {
    let used = paragraphs.iter().rposition(|p| !p.is_empty());
    if let Some(last) = used {
        out.element("notes", "", |out| {
            for p in &paragraphs[..=last] {
                out.line(&format!("<p xmlns=\"{XHTML}\">{}</p>", escape(p)));
            }
        });
    }
}

/// Whether an expression is nothing but a symbol.
fn is_symbol(node: Node) -> bool {
    matches!(
        node,
        Node::State(_) | Node::Parameter(_) | Node::Input(_) | Node::Switch(_) | Node::Variable(..)
    )
}
