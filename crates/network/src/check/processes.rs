//! Rates of states hold the terms of processes: a text or import that lists balanced processes beside other rates is
//! not balanced.

use super::brief::brief;
use super::invariants::{POINTS, Point};
use super::{Findings, Rule, Severity};
use crate::expr::{Binary, ExprId, Node, Pool, Unary};
use crate::model::{Network, ProcessSpec};
use std::collections::BTreeMap;

/// Rounding of numbers that are multiplied out.
const TOLERANCE: f64 = 1e-9;

/// Factors with their powers.
type Factors = Vec<(ExprId, u64)>;
/// A sum as products and the number before each.
type Sum = BTreeMap<Factors, f64>;

pub(super) fn check(network: &Network, findings: &mut Findings) {
    if network.processes.is_empty() {
        return;
    }
    let pool = &network.pool;
    let mut due: Vec<Due> = network.states.iter().map(|_| Due::default()).collect();
    for (at, process) in network.processes.iter().enumerate() {
        for &(state, coefficient) in &process.terms {
            if let Some(due) = due.get_mut(state as usize) {
                due.add(pool, coefficient, (at, process));
            }
        }
    }
    let inputs = network.input_values();
    let points: Vec<Point> = (0..POINTS)
        .map(|k| Point::new(network, k, &inputs))
        .collect();
    for (state, due) in network.states.iter().zip(&due) {
        if due.terms.is_empty() || due.is_all_of(state.rate, &points) {
            continue;
        }
        let rate = sum(pool, state.rate);
        for (factors, (number, at)) in &due.terms {
            let held = rate.get(factors).copied().unwrap_or(0.0);
            let Some((severity, what)) = wrong(*number, held, due.largest) else {
                continue;
            };
            let process = network.processes.get(*at).map_or("", |p| p.name.as_str());
            findings.add(
                severity,
                Rule::Balance,
                format!("process {process}"),
                format!(
                    "it changes \"{}\", whose rate {what} the term {}",
                    state.name,
                    named(network, factors)
                ),
                "the rate of a state holds the terms of all its processes, written as these are: write the term into the rate, or take the state out of the process",
            );
        }
    }
}

/// What is wrong with the number before a term, where processes ask for `due` and the rate holds `held`.
fn wrong(due: f64, held: f64, largest: f64) -> Option<(Severity, String)> {
    let slack = TOLERANCE * largest;
    // Terms that cancel between processes leave nothing behind.
    if due.abs() <= slack || (held - due).abs() <= slack {
        return None;
    }
    if held == 0.0 {
        return Some((Severity::Error, "does not hold".to_owned()));
    }
    let told = format!("holds {held} times, where processes make {due} times,");
    // More of the same kind may come from what is no process.
    let more = held * due > 0.0 && held.abs() > due.abs();
    let severity = if more {
        Severity::Warning
    } else {
        Severity::Error
    };
    Some((severity, told))
}

/// What the rate of a state must hold: terms with their number and the process that brings them first.
#[derive(Default)]
struct Due {
    terms: BTreeMap<Factors, (f64, usize)>,
    largest: f64,
    /// Coefficient and rate of each process.
    flows: Vec<(ExprId, ExprId)>,
}

impl Due {
    /// Do the processes make up the whole rate in numbers, however it is written?
    fn is_all_of(&self, rate: ExprId, points: &[Point]) -> bool {
        points.iter().all(|p| {
            let (mut sum, mut size) = (0.0, 0.0);
            for (coefficient, flow) in &self.flows {
                let factor = p.values[coefficient.index()];
                sum += factor * p.values[flow.index()];
                size += (factor * p.sizes[flow.index()]).abs();
            }
            (sum - p.values[rate.index()]).abs() <= TOLERANCE * size.max(p.sizes[rate.index()])
        })
    }

    fn add(&mut self, pool: &Pool, coefficient: ExprId, (at, process): (usize, &ProcessSpec)) {
        self.flows.push((coefficient, process.rate));
        for (factors, number) in product(pool, &[coefficient, process.rate]) {
            self.largest = self.largest.max(number.abs());
            self.terms.entry(factors).or_insert((0.0, at)).0 += number;
        }
    }
}

fn named(network: &Network, factors: &Factors) -> String {
    let words: Vec<String> = factors
        .iter()
        .map(|(f, _)| format!("\"{}\"", brief(network, *f)))
        .collect();
    if words.is_empty() {
        "of a plain number".to_owned()
    } else {
        words.join(" × ")
    }
}

/// An expression as a sum of products: sums and differences are opened, products flattened, numbers drawn out. A sum
/// inside a product stays whole unless only a number multiplies it, as the arena leaves it.
fn sum(pool: &Pool, root: ExprId) -> Sum {
    product(pool, &[root])
}

fn product(pool: &Pool, of: &[ExprId]) -> Sum {
    let mut out = Sum::new();
    let (factors, number) = factors(pool, of);
    let [(only, 1)] = factors.as_slice() else {
        out.insert(factors, number);
        return out;
    };
    // Operands have smaller numbers than what they are part of, so that each node is opened once.
    let mut open = BTreeMap::from([(*only, number)]);
    while let Some((id, number)) = open.pop_last() {
        let mut part = |id: ExprId, number: f64| *open.entry(id).or_default() += number;
        match pool.node(id) {
            Node::Variable(_, meaning) => part(meaning, number),
            Node::Unary(Unary::Neg, a) => part(a, -number),
            Node::Binary(Binary::Add, a, b) => {
                part(a, number);
                part(b, number);
            }
            Node::Binary(Binary::Sub, a, b) => {
                part(a, number);
                part(b, -number);
            }
            _ => {
                let (factors, scale) = self::factors(pool, &[id]);
                match factors.as_slice() {
                    [(one, 1)] if *one != id => part(*one, number * scale),
                    _ => *out.entry(factors).or_default() += number * scale,
                }
            }
        }
    }
    out
}

/// The factors of a product and the number before them.
fn factors(pool: &Pool, of: &[ExprId]) -> (Factors, f64) {
    let (mut found, mut number) = (BTreeMap::new(), 1.0);
    let mut open: BTreeMap<ExprId, u64> = BTreeMap::new();
    for id in of {
        *open.entry(*id).or_default() += 1;
    }
    while let Some((id, power)) = open.pop_last() {
        let mut part = |id: ExprId| {
            let held = open.entry(id).or_default();
            *held = held.saturating_add(power);
        };
        match pool.node(id) {
            Node::Constant(bits) => number *= f64::from_bits(bits).powf(power as f64),
            Node::Variable(_, meaning) => part(meaning),
            Node::Unary(Unary::Neg, a) => {
                number *= if power % 2 == 1 { -1.0 } else { 1.0 };
                part(a);
            }
            Node::Binary(Binary::Mul, a, b) => {
                part(a);
                part(b);
            }
            _ => {
                found.insert(id, power);
            }
        }
    }
    (found.into_iter().collect(), number)
}
