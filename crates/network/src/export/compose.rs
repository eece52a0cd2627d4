//! The contents of the pages, grouped by module.

use super::formula::{Formulas, symbol};
use super::module;
use super::sheet::{Cell, Sheet, Table};
use crate::expr::ExprId;
use crate::model::{Input, Network, Observable, Parameter, ProcessSpec, State, Switch, Variable};
use crate::parameters::Spread;
use gutskin_units::Unit;
use std::collections::{HashMap, HashSet};

/// Writes the whole model.
pub(super) fn compose(network: &Network, sheet: &mut dyn Sheet) {
    let page = Page {
        network,
        formulas: Formulas::new(network, &roots(network)),
    };
    sheet.heading(1, &network.name);
    sheet.paragraph(&page.summary());
    let groups = groups(network);
    for name in modules(network) {
        if let Some(group) = groups.get(name) {
            page.module(name, group, sheet);
        }
    }
    page.shared(sheet);
    page.links(sheet);
    page.invariants(sheet);
    page.sources(sheet);
}

/// Modules in order of first appearance.
pub(super) fn modules(n: &Network) -> Vec<&str> {
    let mut seen = HashSet::new();
    n.names()
        .map(|(name, _)| module(name))
        .chain(n.processes.iter().map(|p| module(&p.name)))
        .filter(|m| seen.insert(*m))
        .collect()
}

/// What belongs to one module.
#[derive(Default)]
struct Group<'n> {
    states: Vec<&'n State>,
    parameters: Vec<&'n Parameter>,
    inputs: Vec<&'n Input>,
    switches: Vec<&'n Switch>,
    variables: Vec<&'n Variable>,
    processes: Vec<&'n ProcessSpec>,
    observables: Vec<&'n Observable>,
}

fn groups(n: &Network) -> HashMap<&str, Group<'_>> {
    let mut groups: HashMap<&str, Group<'_>> = HashMap::new();
    macro_rules! sort {
        ($($list:ident),*) => {
            $(for item in &n.$list {
                groups.entry(module(&item.name)).or_default().$list.push(item);
            })*
        };
    }
    sort!(
        states,
        parameters,
        inputs,
        switches,
        variables,
        processes,
        observables
    );
    groups
}

fn roots(n: &Network) -> Vec<ExprId> {
    let mut roots: Vec<ExprId> = n.variables.iter().map(|v| v.definition).collect();
    roots.extend(n.states.iter().flat_map(|s| [s.initial, s.rate]));
    roots.extend(n.observables.iter().map(|o| o.expression));
    roots.extend(n.processes.iter().map(|p| p.rate));
    roots
}

/// A unit as words, empty for a plain number.
fn unit(u: &Option<Unit>) -> String {
    u.as_ref().map_or(String::new(), |u| {
        if u.is_dimensionless() {
            "1".to_owned()
        } else {
            u.to_string()
        }
    })
}

fn in_unit(u: &Option<Unit>) -> String {
    match unit(u).as_str() {
        "" => String::new(),
        u => format!(" [{u}]"),
    }
}

/// A number of a spread to four digits: enough for readers, the files hold them in full.
fn rounded(value: f64) -> String {
    let digits: f64 = format!("{value:.3e}").parse().unwrap_or(value);
    digits.to_string()
}

fn spread(s: &Spread) -> String {
    let r = rounded;
    match *s {
        Spread::Fixed => "fixed".to_owned(),
        Spread::Normal { sd } => format!("normal, SD {}", r(sd)),
        Spread::LogNormal { sd_ln } => format!("lognormal, SD of ln {}", r(sd_ln)),
        Spread::Uniform { low, high } => format!("uniform {} to {}", r(low), r(high)),
        Spread::LogUniform { low, high } => format!("log-uniform {} to {}", r(low), r(high)),
        Spread::TruncatedNormal { sd, low, high } => {
            format!("normal, SD {}, cut to {} to {}", r(sd), r(low), r(high))
        }
    }
}

struct Page<'n> {
    network: &'n Network,
    formulas: Formulas<'n>,
}

impl Page<'_> {
    fn summary(&self) -> String {
        let n = self.network;
        let clock = n.time_unit.as_ref();
        format!(
            "States {}, parameters {}, inputs {}, switches {}, variables {}, observables {}; time in {}.",
            n.states.len(),
            n.parameters.len(),
            n.inputs.len(),
            n.switches.len(),
            n.variables.len(),
            n.observables.len(),
            clock.map_or("its own unit".to_owned(), Unit::to_string)
        )
    }

    fn module(&self, name: &str, of: &Group<'_>, sheet: &mut dyn Sheet) {
        sheet.heading(2, name);
        self.states(of, sheet);
        self.inputs_and_switches(of, sheet);
        self.parameters(of, sheet);
        self.variables(of, sheet);
        self.processes(of, sheet);
        self.rates(of, sheet);
        self.observables(of, sheet);
    }

    fn states(&self, of: &Group<'_>, sheet: &mut dyn Sheet) {
        let states = of.states.iter();
        let rows = states.map(|s| {
            vec![
                Cell::code(&s.name),
                Cell::text(unit(&s.unit)),
                Cell::number(s.typical),
                Cell::Math(self.formulas.of(s.initial)),
                Cell::text(&s.doc),
            ]
        });
        let heads = vec![
            ("state", 0.24),
            ("unit", 0.1),
            ("typical", 0.1),
            ("initial", 0.22),
            ("what it is", 0.34),
        ];
        list(sheet, "States", heads, rows.collect());
    }

    fn inputs_and_switches(&self, of: &Group<'_>, sheet: &mut dyn Sheet) {
        let inputs = of.inputs.iter().map(|i| {
            vec![
                Cell::code(&i.name),
                Cell::text(unit(&i.unit)),
                Cell::number(i.default),
                Cell::text(&i.doc),
            ]
        });
        let heads = vec![
            ("input", 0.26),
            ("unit", 0.12),
            ("default", 0.12),
            ("what it is", 0.5),
        ];
        list(sheet, "Inputs", heads, inputs.collect());
        let switches = of.switches.iter().map(|s| {
            vec![
                Cell::code(&s.name),
                Cell::text(if s.default { "on" } else { "off" }),
                Cell::text(&s.doc),
            ]
        });
        let heads = vec![("switch", 0.3), ("default", 0.12), ("what it cuts", 0.58)];
        list(sheet, "Switches", heads, switches.collect());
    }

    fn parameters(&self, of: &Group<'_>, sheet: &mut dyn Sheet) {
        let row = |p: &&Parameter| {
            vec![
                Cell::code(&p.name),
                Cell::number(p.value),
                Cell::text(unit(&p.unit)),
                Cell::text(spread(&p.spread)),
                Cell::text(&p.source),
                Cell::text(p.mark.word()),
                Cell::text(&p.doc),
            ]
        };
        let of_module = of.parameters.iter();
        let heads = vec![
            ("parameter", 0.2),
            ("value", 0.1),
            ("unit", 0.09),
            ("spread", 0.16),
            ("source", 0.11),
            ("mark", 0.09),
            ("what it is", 0.25),
        ];
        list(sheet, "Parameters", heads, of_module.map(row).collect());
    }

    fn variables(&self, of: &Group<'_>, sheet: &mut dyn Sheet) {
        let mut list = of.variables.iter().peekable();
        if list.peek().is_some() {
            sheet.heading(3, "Variables");
        }
        for v in list {
            let caption = format!("{}{}", v.doc, in_unit(&v.unit));
            let formula = self.formulas.equation(&symbol(&v.name), v.definition);
            sheet.equation(&caption, &formula);
        }
    }

    fn processes(&self, of: &Group<'_>, sheet: &mut dyn Sheet) {
        let n = self.network;
        let mut list = of.processes.iter().peekable();
        if list.peek().is_some() {
            sheet.heading(3, "Processes");
        }
        for p in list {
            let terms: Vec<String> = p
                .terms
                .iter()
                .filter_map(|(s, c)| {
                    let state = n.states.get(*s as usize)?;
                    Some(format!("{} of {}", n.text(*c), state.name))
                })
                .collect();
            let caption = format!("{}{}: {}", p.doc, in_unit(&p.unit), terms.join(", "));
            sheet.equation(&caption, &self.formulas.equation(&symbol(&p.name), p.rate));
        }
    }

    fn rates(&self, of: &Group<'_>, sheet: &mut dyn Sheet) {
        let mut list = of.states.iter().peekable();
        if list.peek().is_some() {
            sheet.heading(3, "Rates");
        }
        for s in list {
            let left = format!("\\frac{{d\\,{}}}{{dt}}", symbol(&s.name));
            sheet.equation("", &self.formulas.equation(&left, s.rate));
        }
    }

    fn observables(&self, of: &Group<'_>, sheet: &mut dyn Sheet) {
        let of_module = of.observables.iter();
        let rows = of_module.map(|o| {
            vec![
                Cell::code(&o.name),
                Cell::text(unit(&o.unit)),
                Cell::Math(self.formulas.of(o.expression)),
                Cell::text(&o.doc),
            ]
        });
        let heads = vec![
            ("observable", 0.24),
            ("unit", 0.1),
            ("value", 0.32),
            ("what it is", 0.34),
        ];
        list(sheet, "Observables", heads, rows.collect());
    }

    fn shared(&self, sheet: &mut dyn Sheet) {
        if self.formulas.shared.is_empty() {
            return;
        }
        sheet.heading(2, "Shared parts");
        sheet.paragraph(
            "Parts of equations that are used in several places or would nest too deep.",
        );
        for (sign, id) in &self.formulas.shared {
            sheet.equation("", &self.formulas.equation(sign, *id));
        }
    }

    fn links(&self, sheet: &mut dyn Sheet) {
        let n = self.network;
        let rows = n.links.iter().map(|l| {
            let gains = l.gain.iter().chain(&l.also);
            let gains = gains.filter_map(|g| n.parameters.get(*g as usize));
            let gains: Vec<&str> = gains.map(|p| p.name.as_str()).collect();
            let on = n.switches.get(l.switch as usize).is_none_or(|s| s.default);
            vec![
                Cell::code(&l.name),
                Cell::text(format!("{} → {}", l.from, l.to)),
                Cell::text(l.grade.code()),
                Cell::code(gains.join(", ")),
                Cell::text(if on { "on" } else { "off" }),
                Cell::text(&l.doc),
            ]
        });
        let heads = vec![
            ("link", 0.18),
            ("from → to", 0.18),
            ("grade", 0.08),
            ("gain", 0.2),
            ("default", 0.08),
            ("how", 0.28),
        ];
        top_list(sheet, "Links between compartments", heads, rows.collect());
    }

    fn invariants(&self, sheet: &mut dyn Sheet) {
        let n = self.network;
        let rows = n.invariants.iter().map(|i| {
            let terms: Vec<String> = i
                .terms
                .iter()
                .filter_map(|(s, w)| Some(format!("{w}·{}", n.states.get(*s as usize)?.name)))
                .collect();
            vec![
                Cell::code(&i.name),
                Cell::code(terms.join(" + ")),
                Cell::text(&i.doc),
            ]
        });
        let heads = vec![
            ("invariant", 0.25),
            ("stays constant", 0.4),
            ("what it says", 0.35),
        ];
        top_list(sheet, "Invariants", heads, rows.collect());
    }

    fn sources(&self, sheet: &mut dyn Sheet) {
        let used: HashSet<&str> = self
            .network
            .parameters
            .iter()
            .map(|p| p.source.as_str())
            .collect();
        let cited = self
            .network
            .citations
            .iter()
            .filter(|(key, _)| used.contains(key.as_str()));
        let rows = cited.map(|(key, text)| vec![Cell::text(key), Cell::text(text)]);
        top_list(
            sheet,
            "Sources",
            vec![("key", 0.2), ("source", 0.8)],
            rows.collect(),
        );
    }
}

fn list(sheet: &mut dyn Sheet, title: &str, heads: Vec<(&'static str, f64)>, rows: Vec<Vec<Cell>>) {
    if !rows.is_empty() {
        sheet.heading(3, title);
        sheet.table(&Table { heads, rows });
    }
}

fn top_list(
    sheet: &mut dyn Sheet,
    title: &str,
    heads: Vec<(&'static str, f64)>,
    rows: Vec<Vec<Cell>>,
) {
    if !rows.is_empty() {
        sheet.heading(2, title);
        sheet.table(&Table { heads, rows });
    }
}
