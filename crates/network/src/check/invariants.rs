//! Declared linear invariants, tried at random points.

use super::balance::{central_values, drawn_values};
use super::equations::Equations;
use super::{Findings, Rule, Severity};
use crate::expr::{Binary, ExprId, Node, Unary, Values};
use crate::model::{InvariantSpec, Network};

/// Largest drift, as a share of the sum of the absolute terms.
const TOLERANCE: f64 = 1e-10;
/// Points tried.
pub(super) const POINTS: u64 = 6;

pub(super) fn check(equations: &Equations<'_>, findings: &mut Findings) {
    let network = equations.network;
    if network.invariants.is_empty() {
        return;
    }
    let default = network.input_values();
    let off = vec![0.0; network.inputs.len()];
    let points: Vec<[Point; 2]> = (0..POINTS)
        .map(|k| {
            [
                Point::new(network, k, &default),
                Point::new(network, k, &off),
            ]
        })
        .collect();
    let drawn = [&default, &off].map(|inputs| {
        (0..POINTS)
            .map(|k| Point::with(network, k, drawn_values(network, k), inputs))
            .collect::<Vec<_>>()
    });
    for invariant in &network.invariants {
        // With inputs at their defaults, else at 0: an invariant is to hold while no input acts.
        let results: [Drift; 2] =
            [0, 1].map(|which| worst(invariant, points.iter().map(|p| &p[which]), network));
        let found = findings.0.len();
        report(invariant, &results, findings);
        if findings.0.len() == found {
            let apart = |points: &Vec<Point>| {
                let share = worst(invariant, points.iter(), network).share;
                share.is_some_and(|share| share > TOLERANCE)
            };
            if drawn.iter().all(apart) {
                findings.add(
                    Severity::Warning,
                    Rule::Invariant,
                    format!("invariant {}", invariant.name),
                    "it holds with central parameters and default switches only, not in people who differ from them",
                    "correct a weight or a rate so that it always holds, or drop the invariant",
                );
            }
        }
    }
    let always = unconditional(network);
    for (invariant, _) in network.invariants.iter().zip(always).filter(|x| !x.1) {
        findings.add(
            Severity::Note,
            Rule::Invariant,
            format!("invariant {}", invariant.name),
            "it holds only while some input is at its default or zero, so that runs do not keep it against rounding",
            "leave it, or declare a sum that no input adds to",
        );
    }
}

/// Which declared invariants hold whatever the inputs are, tried at random points; the others hold only while no input
/// acts, and a solver must not keep them.
pub fn unconditional(network: &Network) -> Vec<bool> {
    if network.invariants.is_empty() || network.inputs.is_empty() {
        return vec![true; network.invariants.len()];
    }
    let mut random = Random(1);
    let mut inputs = || {
        let of = |default: f64| default + (1.0 + default.abs()) * random.next();
        let defaults = network.inputs.iter().map(|input| input.default);
        defaults.map(of).collect::<Vec<f64>>()
    };
    let points: Vec<Point> = (0..POINTS)
        .map(|k| Point::new(network, k, &inputs()))
        .collect();
    let holds = |invariant: &InvariantSpec| {
        let drift = worst(invariant, points.iter(), network).share;
        drift.is_none_or(|share| share <= TOLERANCE)
    };
    network.invariants.iter().map(holds).collect()
}

/// The largest relative drift over the points where it is a number.
struct Drift {
    share: Option<f64>,
}

fn worst<'p>(
    invariant: &InvariantSpec,
    points: impl Iterator<Item = &'p Point>,
    network: &Network,
) -> Drift {
    let share = points
        .filter_map(|point| point.drift(invariant, network))
        .max_by(f64::total_cmp);
    Drift { share }
}

fn report(invariant: &InvariantSpec, results: &[Drift; 2], findings: &mut Findings) {
    let place = format!("invariant {}", invariant.name);
    let shares: Vec<f64> = results.iter().filter_map(|r| r.share).collect();
    match shares.iter().copied().min_by(f64::total_cmp) {
        None => findings.add(
            Severity::Warning,
            Rule::Invariant,
            place,
            "the rates of its states are not numbers at any of the points tried",
            "check typical sizes and parameter values",
        ),
        Some(least) if least > TOLERANCE => findings.add(
            Severity::Error,
            Rule::Invariant,
            place,
            format!(
                "the weighted sum of the rates does not vanish: {least:.3e} of its absolute terms is left at random points"
            ),
            "correct a weight, a coefficient or a rate, or drop the invariant",
        ),
        Some(_) => {}
    }
}

/// Values of all expressions at one point, and the size of the terms behind each.
pub(super) struct Point {
    pub values: Vec<f64>,
    pub sizes: Vec<f64>,
}

impl Point {
    /// Point number k of the random ones, with inputs at these values and parameters at their centre.
    pub fn new(network: &Network, k: u64, inputs: &[f64]) -> Self {
        Self::with(network, k, central_values(network), inputs)
    }

    /// The same with these parameters and switches.
    fn with(network: &Network, k: u64, base: Values, inputs: &[f64]) -> Self {
        let mut random = Random(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(k + 1));
        let states = network.states.iter().map(|s| {
            let unit = random.next();
            s.typical
                * if s.non_negative {
                    0.05 + 1.9 * unit
                } else {
                    4.0 * unit - 2.0
                }
        });
        let at = Values {
            states: states.collect(),
            inputs: inputs.to_vec(),
            time: random.next(),
            ..base
        };
        let nodes = network.pool.nodes();
        let all: Vec<ExprId> = (0..nodes.len())
            .map(|i| ExprId(u32::try_from(i).unwrap_or(u32::MAX)))
            .collect();
        let values = network.pool.evaluate(&all, &at);
        let mut sizes: Vec<f64> = Vec::with_capacity(nodes.len());
        for (i, node) in nodes.iter().enumerate() {
            sizes.push(match *node {
                Node::Binary(Binary::Add | Binary::Sub, a, b) => {
                    sizes[a.index()] + sizes[b.index()]
                }
                Node::Unary(Unary::Neg, a) | Node::Variable(_, a) => sizes[a.index()],
                _ => values[i].abs(),
            });
        }
        Self { values, sizes }
    }

    /// Drift over the sum of the absolute terms; `None` where that is not a number.
    fn drift(&self, invariant: &InvariantSpec, network: &Network) -> Option<f64> {
        let (mut sum, mut size) = (0.0, 0.0);
        for &(state, weight) in &invariant.terms {
            let rate = network.states[state as usize].rate.index();
            sum += weight * self.values[rate];
            size += (weight * self.sizes[rate]).abs();
        }
        let share = if sum == 0.0 { 0.0 } else { sum.abs() / size };
        share.is_finite().then_some(share)
    }
}

/// SplitMix64: points need no more than being apart and the same every time.
struct Random(u64);

impl Random {
    /// A number in [0, 1).
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        (z >> 11) as f64 / (1_u64 << 53) as f64
    }
}
