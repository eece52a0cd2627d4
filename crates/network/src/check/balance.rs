//! Elements over processes.

use super::brief::brief;
use super::equations::Equations;
use super::{Findings, Rule, Severity};
use crate::expr::Values;
use crate::model::{Network, ProcessSpec};

/// Largest imbalance, as a share of the sum of the absolute terms.
const TOLERANCE: f64 = 1e-8;

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
    let values = network.pool.evaluate(&roots, &central_values(network));
    let mut values = values.into_iter();
    for process in &network.processes {
        let coefficients: Vec<f64> = values.by_ref().take(process.terms.len()).collect();
        if process.balanced.is_empty() {
            continue;
        }
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
                balance(network, process, &coefficients, element, findings);
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
