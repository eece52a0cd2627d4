//! Elements over processes.

use super::brief::brief;
use super::equations::Equations;
use super::{Findings, Rule, Severity};
use crate::expr::Values;
use crate::model::{Network, ProcessSpec};
use crate::parameters::Spread;

/// Largest imbalance, as a share of the sum of the absolute terms.
const TOLERANCE: f64 = 1e-8;
/// Other values of parameters, inputs and switches that are tried.
const DRAWS: u64 = 3;

pub(super) fn check(equations: &Equations<'_>, findings: &mut Findings) {
    let network = equations.network;
    if network.processes.iter().all(|p| p.balanced.is_empty()) {
        return;
    }
    let moving = equations.moving();
    let roots: Vec<_> = network
        .processes
        .iter()
        .flat_map(|p| p.terms.iter().map(|t| t.1))
        .collect();
    let at = |values: &Values| network.pool.evaluate(&roots, values);
    let central = at(&central_values(network));
    let others: Vec<Vec<f64>> = (0..DRAWS).map(|k| at(&drawn_values(network, k))).collect();
    let mut next = 0;
    for process in &network.processes {
        let here = next..next + process.terms.len();
        next = here.end;
        if process.balanced.is_empty() {
            continue;
        }
        let coefficients = central.get(here.clone()).unwrap_or_default();
        let mut fixed = true;
        for &(state, coefficient) in &process.terms {
            if moving[coefficient.index()] {
                fixed = false;
                findings.add(
                    Severity::Error,
                    Rule::Balance,
                    format!("process {}", process.name),
                    format!(
                        "the coefficient \"{}\" of \"{}\" depends on a state or the clock, so that no balance can be shown",
                        brief(network, coefficient),
                        network.states[state as usize].name
                    ),
                    "move what changes into the rate, or split the process",
                );
            }
        }
        if fixed {
            for element in &process.balanced {
                let found = findings.0.len();
                balance(network, process, coefficients, element, findings);
                let elsewhere = others.iter().filter_map(|o| o.get(here.clone()));
                if findings.0.len() == found {
                    everywhere(network, process, elsewhere, element, findings);
                }
            }
        }
    }
}

/// Numbers of every symbol at central parameters and default inputs and switches, at time 0.
pub(super) fn central_values(network: &Network) -> Values {
    Values {
        time: 0.0,
        states: network.states.iter().map(|s| s.typical).collect(),
        parameters: network.parameter_values(),
        inputs: network.input_values(),
        switches: network.switch_values(),
    }
}

/// Numbers of every symbol where parameters that people differ in, inputs and switches are others than the central ones.
pub(super) fn drawn_values(network: &Network, k: u64) -> Values {
    let mut at = central_values(network);
    for (i, (value, parameter)) in at
        .parameters
        .iter_mut()
        .zip(&network.parameters)
        .enumerate()
    {
        if parameter.spread != Spread::Fixed {
            // Apart from each other and from one, the same every time.
            *value *= 0.7 + 0.6 * ((i as f64 + 1.0) * (k as f64 + 1.0) * 0.618_034).fract();
        }
    }
    for (i, input) in at.inputs.iter_mut().enumerate() {
        let share = ((i as f64 + 1.0) * (k as f64 + 1.0) * 0.414_214).fract();
        *input += (1.0 + input.abs()) * share;
    }
    for (i, switch) in at.switches.iter_mut().enumerate() {
        *switch = f64::from(u8::from((i as u64 + k).is_multiple_of(2)));
    }
    at
}

/// Does it close in people who are not the central one?
fn everywhere<'v>(
    network: &Network,
    process: &ProcessSpec,
    mut elsewhere: impl Iterator<Item = &'v [f64]>,
    element: &str,
    findings: &mut Findings,
) {
    let opens = |coefficients: &[f64]| {
        let mut apart = Findings::default();
        balance(network, process, coefficients, element, &mut apart);
        !apart.0.is_empty()
    };
    if elsewhere.any(opens) {
        findings.add(
            Severity::Warning,
            Rule::Balance,
            format!("process {}", process.name),
            format!("{element} closes with central parameters, default inputs and switches only, not where these differ"),
            "write coefficients so that one follows from the others, or fix the parameters; an input belongs into the rate",
        );
    }
}

fn balance(
    network: &Network,
    process: &ProcessSpec,
    coefficients: &[f64],
    element: &str,
    findings: &mut Findings,
) {
    let (mut sum, mut size, mut parts) = (0.0, 0.0, Vec::new());
    for (&(state, _), &coefficient) in process.terms.iter().zip(coefficients) {
        let state = &network.states[state as usize];
        let declared: f64 = match state.holds.iter().filter(|h| h.0 == element).count() {
            0 => {
                findings.add(
                    Severity::Error,
                    Rule::Balance,
                    format!("process {}", process.name),
                    format!(
                        "it balances {element}, but \"{}\" does not say how much {element} it holds",
                        state.name
                    ),
                    format!("declare its content of {element}; 0 where it holds none"),
                );
                return;
            }
            _ => state
                .holds
                .iter()
                .filter(|h| h.0 == element)
                .map(|h| h.1)
                .sum(),
        };
        let term: f64 = coefficient * declared;
        sum += term;
        size += term.abs();
        parts.push(format!("{} {coefficient} × {declared}", state.name));
    }
    if sum.is_nan() || sum.abs() > TOLERANCE * size {
        findings.add(
            Severity::Error,
            Rule::Balance,
            format!("process {}", process.name),
            format!(
                "{element} does not close: {sum} is left of {size} ({})",
                parts.join(", ")
            ),
            format!("correct a coefficient or the content of {element} of a state"),
        );
    }
}
