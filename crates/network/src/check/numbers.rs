//! Numbers: finite, positive where sizes, with spread, unit and source.

use super::equations::{Equations, Kind};
use super::{Findings, Rule, Severity};
use crate::Network;
use crate::expr::{ExprId, Node};

pub(super) fn check(equations: &Equations<'_>, findings: &mut Findings) {
    let network = equations.network;
    parameters(network, findings);
    for input in &network.inputs {
        if !input.default.is_finite() {
            not_finite(
                findings,
                format!("input {}", input.name),
                "default",
                input.default,
            );
        }
    }
    for state in &network.states {
        if !(state.typical.is_finite() && state.typical > 0.0) {
            findings.add(
                Severity::Error,
                Rule::Numbers,
                format!("state {}", state.name),
                format!("its typical size is {}; it must be positive", state.typical),
                "give a size that the state usually has, in its unit",
            );
        }
        for (element, amount) in &state.holds {
            if !amount.is_finite() {
                let what = format!("content of {element}");
                not_finite(findings, format!("state {}", state.name), &what, *amount);
            }
        }
    }
    literals(equations, findings);
    negative_starts(network, findings);
    initial_values(equations, findings);
    units_and_sources(network, findings);
}

fn not_finite(findings: &mut Findings, place: String, what: &str, value: f64) {
    findings.add(
        Severity::Error,
        Rule::Numbers,
        place,
        format!("its {what} is {value}; it must be finite"),
        "give a finite number",
    );
}

fn parameters(network: &Network, findings: &mut Findings) {
    for p in &network.parameters {
        let place = || format!("parameter {}", p.name);
        if !p.value.is_finite() {
            not_finite(findings, place(), "value", p.value);
        } else if let Err(message) = p.spread.check(p.value) {
            findings.add(
                Severity::Error,
                Rule::Numbers,
                place(),
                format!("its spread does not fit: {message}"),
                "change the spread, or the value it lies around",
            );
        }
    }
}

fn literals(equations: &Equations<'_>, findings: &mut Findings) {
    for (i, node) in equations.network.pool.nodes().iter().enumerate() {
        let id = ExprId(u32::try_from(i).unwrap_or(u32::MAX));
        if let Node::Constant(bits) = *node
            && !f64::from_bits(bits).is_finite()
            && equations.holds(id)
        {
            let value = f64::from_bits(bits);
            findings.add(
                Severity::Error,
                Rule::Numbers,
                equations.place(id),
                format!("it holds the literal {value}"),
                "replace it by a finite number",
            );
        }
    }
}

fn negative_starts(network: &Network, findings: &mut Findings) {
    let at = super::balance::central_values(network);
    let starts: Vec<ExprId> = network.states.iter().map(|s| s.initial).collect();
    for (state, value) in network
        .states
        .iter()
        .zip(network.pool.evaluate(&starts, &at))
    {
        if state.non_negative && value < 0.0 {
            findings.add(
                Severity::Error,
                Rule::Initial,
                format!("state {}", state.name),
                format!("it starts at {value}, but is not to be negative; no run could begin"),
                "start at zero or more, or declare the state signed",
            );
        }
    }
}

fn initial_values(equations: &Equations<'_>, findings: &mut Findings) {
    let changing = equations.depends(|n| matches!(n, Node::State(_) | Node::Time | Node::Input(_)));
    for equation in &equations.list {
        if matches!(equation.kind, Kind::Initial(_)) && changing[equation.id.index()] {
            findings.add(
                Severity::Error,
                Rule::Initial,
                &equation.place,
                "it depends on a state, an input or the clock",
                "use parameters, switches and numbers only",
            );
        }
    }
}

/// One finding for each parameter that lacks something; one in all where no parameter has it (imported models).
fn units_and_sources(network: &Network, findings: &mut Findings) {
    let p = &network.parameters;
    let all = format!("{} parameters", p.len());
    let nothing_has_a_unit =
        p.iter().all(|p| p.unit.is_none()) && network.states.iter().all(|s| s.unit.is_none());
    if nothing_has_a_unit && !(p.is_empty() && network.states.is_empty()) {
        findings.add(
            Severity::Note,
            Rule::Provenance,
            "the model",
            "neither a state nor a parameter has a unit: units are not checked",
            "",
        );
    }
    let nothing_has_a_source = p.iter().all(|p| p.source.is_empty());
    if nothing_has_a_source && !p.is_empty() {
        findings.add(
            Severity::Note,
            Rule::Provenance,
            all,
            "none of them names a source",
            "",
        );
    }
    for p in p {
        let mut missing = |what: &str, mend: &str| {
            let place = format!("parameter {}", p.name);
            let message = format!("it has no {what}");
            findings.add(Severity::Warning, Rule::Provenance, place, message, mend);
        };
        if p.unit.is_none() && !nothing_has_a_unit {
            missing("unit", "declare one; \"1\" for a plain number");
        }
        if p.source.is_empty() && !nothing_has_a_source {
            missing("source", "name the key of its source, of an assumption too");
        } else if !p.source.is_empty() && !network.citations.contains_key(&p.source) {
            let what = format!("citation behind its source \"{}\"", p.source);
            missing(&what, "add the citation to the source's file");
        }
    }
}
