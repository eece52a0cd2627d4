//! What SBML has no place for.

use super::Writer;
use crate::model::{Network, Parameter, ProcessSpec, State};
use crate::parameters::Spread;
use crate::sbml::ANNOTATION;
use crate::sbml::xml_text::{Lines, attribute, double, escape, optional};
use std::collections::BTreeMap;

fn space() -> String {
    attribute("xmlns", ANNOTATION)
}

/// A mark without content.
pub(super) fn empty(out: &mut Lines, tag: &str) {
    out.element(tag, &space(), |_| {});
}

pub(super) fn state(out: &mut Lines, s: &State) {
    let attributes = space()
        + &attribute("typical", &double(s.typical))
        + &attribute("nonNegative", if s.non_negative { "true" } else { "false" });
    out.element("state", &attributes, |out| {
        for (element, amount) in &s.holds {
            let attributes = attribute("element", element) + &attribute("amount", &double(*amount));
            out.element("holds", &attributes, |_| {});
        }
    });
}

pub(super) fn parameter(out: &mut Lines, p: &Parameter) {
    let attributes = space() + &optional("source", &p.source) + &attribute("mark", p.mark.word());
    out.element("parameter", &attributes, |out| {
        out.element("spread", &spread(&p.spread), |_| {});
    });
}

fn spread(spread: &Spread) -> String {
    let (kind, numbers): (&str, Vec<(&str, f64)>) = match *spread {
        Spread::Fixed => ("fixed", vec![]),
        Spread::Normal { sd } => ("normal", vec![("sd", sd)]),
        Spread::LogNormal { sd_ln } => ("lognormal", vec![("sd_ln", sd_ln)]),
        Spread::Uniform { low, high } => ("uniform", vec![("low", low), ("high", high)]),
        Spread::LogUniform { low, high } => ("log_uniform", vec![("low", low), ("high", high)]),
        Spread::TruncatedNormal { sd, low, high } => (
            "truncated_normal",
            vec![("sd", sd), ("low", low), ("high", high)],
        ),
    };
    let numbers = numbers.iter().map(|(name, v)| attribute(name, &double(*v)));
    attribute("kind", kind) + &numbers.collect::<String>()
}

/// A sentence on where a number comes from, for readers of the notes.
pub(super) fn source_in_words(p: &Parameter, citations: &BTreeMap<String, String>) -> String {
    let mark = p.mark.word();
    match citations.get(&p.source) {
        Some(citation) => format!("Number {mark}; source {}: {citation}", p.source),
        None if p.source.is_empty() => format!("Number {mark}."),
        None => format!("Number {mark}; source {}.", p.source),
    }
}

fn doc(out: &mut Lines, text: &str) {
    if !text.is_empty() {
        out.line(&format!("<doc>{}</doc>", escape(text)));
    }
}

impl Writer<'_> {
    /// Observables, processes, invariants, links and citations.
    pub(super) fn model_annotation(&self, out: &mut Lines) {
        let n = self.network;
        let clock = self.unit(n.time_unit.as_ref()).unwrap_or_default();
        let attributes = space() + &attribute("name", &n.name) + &optional("time", clock);
        out.element("annotation", "", |out| {
            out.element("network", &attributes, |out| {
                self.observables(out);
                for p in &n.processes {
                    self.process(out, p);
                }
                self.invariants(out);
                self.links(out, n);
                for (key, citation) in &n.citations {
                    let key = escape(key);
                    out.line(&format!(
                        "<citation key=\"{key}\">{}</citation>",
                        escape(citation)
                    ));
                }
            });
        });
    }

    fn observables(&self, out: &mut Lines) {
        for (o, own) in self.network.observables.iter().zip(&self.ids.observables) {
            let id = match own {
                Some(id) => id.clone(),
                None => crate::sbml::sid(&o.name),
            };
            let unit = self.unit(o.unit.as_ref()).unwrap_or_default();
            let attributes =
                attribute("symbol", &id) + &attribute("name", &o.name) + &optional("units", unit);
            out.element("observable", &attributes, |out| doc(out, &o.doc));
        }
    }

    fn process(&self, out: &mut Lines, p: &ProcessSpec) {
        let unit = self.unit(p.unit.as_ref()).unwrap_or_default();
        let attributes = attribute("name", &p.name) + &optional("units", unit);
        out.element("process", &attributes, |out| {
            doc(out, &p.doc);
            out.element("rate", "", |out| out.line(&self.use_of(p.rate)));
            for (state, coefficient) in &p.terms {
                out.element("term", &attribute("state", self.state_id(*state)), |out| {
                    out.line(&self.use_of(*coefficient));
                });
            }
            for element in &p.balanced {
                out.element("balanced", &attribute("element", element), |_| {});
            }
        });
    }

    fn state_id(&self, i: u32) -> &str {
        self.ids.states.get(i as usize).map_or("", String::as_str)
    }

    fn invariants(&self, out: &mut Lines) {
        for i in &self.network.invariants {
            out.element("invariant", &attribute("name", &i.name), |out| {
                doc(out, &i.doc);
                for (state, weight) in &i.terms {
                    let attributes = attribute("state", self.state_id(*state))
                        + &attribute("weight", &double(*weight));
                    out.element("term", &attributes, |_| {});
                }
            });
        }
    }

    fn links(&self, out: &mut Lines, n: &Network) {
        for l in &n.links {
            let switch = self.ids.switches.get(l.switch as usize);
            let id = |g: u32| self.ids.parameters.get(g as usize).map(String::as_str);
            let also: Vec<&str> = l.also.iter().filter_map(|g| id(*g)).collect();
            let attributes = attribute("name", &l.name)
                + &attribute("from", &l.from)
                + &attribute("to", &l.to)
                + &attribute("switch", switch.map_or("", String::as_str))
                + &optional("gain", l.gain.and_then(id).unwrap_or_default())
                + &optional("also", &also.join(" "))
                + &attribute("grade", l.grade.code());
            out.element("link", &attributes, |out| doc(out, &l.doc));
        }
    }
}
