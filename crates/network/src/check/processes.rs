//! Rates of states hold the terms of processes: a text or import that lists balanced processes beside other rates is
//! not balanced.

use super::brief::brief;
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
    for (state, due) in network.states.iter().zip(&due) {
        if due.terms.is_empty() {
            continue;
        }
        let rate = sum(pool, state.rate);
        for (factors, (number, at)) in &due.terms {
            // Terms that cancel between processes leave nothing behind.
            if number.abs() <= TOLERANCE * due.largest || rate.contains_key(factors) {
                continue;
            }
            let process = network.processes.get(*at).map_or("", |p| p.name.as_str());
            findings.add(
                Severity::Error,
                Rule::Balance,
                format!("process {process}"),
                format!(
                    "it changes \"{}\", whose rate does not hold the term {}",
                    state.name,
                    named(network, factors)
                ),
                "the rate of a state holds the terms of all its processes: write the term into the rate, or take the state out of the process",
            );
        }
    }
}

/// What the rate of a state must hold: terms with their number and the process that brings them first.
#[derive(Default)]
struct Due {
    terms: BTreeMap<Factors, (f64, usize)>,
    largest: f64,
}

impl Due {
    fn add(&mut self, pool: &Pool, coefficient: ExprId, (at, process): (usize, &ProcessSpec)) {
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
