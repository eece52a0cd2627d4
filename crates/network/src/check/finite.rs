//! Equations at ordinary values: those that give no number, and smooth forms whose widths or bounds are none.

use super::brief::brief;
use super::equations::{Equations, Kind};
use super::invariants::{POINTS, Point};
use super::{Findings, Rule, Severity};
use crate::expr::{ExprId, Function, Node};

pub(super) fn check(equations: &Equations<'_>, findings: &mut Findings) {
    let network = equations.network;
    let inputs = network.input_values();
    let points: Vec<Point> = (0..POINTS)
        .map(|k| Point::new(network, k, &inputs))
        .collect();
    if !finite(equations, &points, findings) {
        hidden(equations, &points, findings);
    }
    forms(equations, &points, findings);
    still(equations, &points, findings);
}

/// The first equation without a finite value at any of the points; what builds on it is not told again. True where there
/// is one.
fn finite(equations: &Equations<'_>, points: &[Point], findings: &mut Findings) -> bool {
    let nowhere = |id: ExprId| points.iter().all(|p| !p.values[id.index()].is_finite());
    for equation in &equations.list {
        if !nowhere(equation.id) {
            continue;
        }
        let culprit = culprit(equations, equation.id, &nowhere);
        if has_its_own_finding(equations, culprit) {
            return true;
        }
        let severity = match equation.kind {
            Kind::Observable(_) => Severity::Warning,
            _ => Severity::Error,
        };
        findings.add(
            severity,
            Rule::Numbers,
            equation.place.clone(),
            format!(
                "it has no finite value at usual sizes of the states and central parameters: \"{}\"",
                brief(equations.network, culprit)
            ),
            "look for a division by 0, or a logarithm or power of a number that is not positive",
        );
        return true;
    }
    false
}

/// The first part without a finite value that the equation around it hides: behind a bound, a fraction or a condition.
fn hidden(equations: &Equations<'_>, points: &[Point], findings: &mut Findings) {
    let nowhere = |id: ExprId| points.iter().all(|p| !p.values[id.index()].is_finite());
    let used = used(equations, points);
    let nodes = equations.network.pool.nodes();
    for (i, _) in nodes.iter().enumerate().filter(|(i, _)| used[*i]) {
        let id = ExprId(u32::try_from(i).unwrap_or(u32::MAX));
        if !nowhere(id) {
            continue;
        }
        // Operands come before their users: nothing within it lacks a value.
        if !has_its_own_finding(equations, id) {
            findings.add(
                Severity::Warning,
                Rule::Numbers,
                equations.place(id),
                format!(
                    "a part of it has no finite value at usual sizes of the states and central parameters, which what stands around it hides: \"{}\"",
                    brief(equations.network, id)
                ),
                "look for a division by 0, or a logarithm or power of a number that is not positive; other people may come out without a value",
            );
        }
        return;
    }
}

/// Which parts are needed at any of the points: of a condition the branch that it takes.
fn used(equations: &Equations<'_>, points: &[Point]) -> Vec<bool> {
    let nodes = equations.network.pool.nodes();
    let mut used = vec![false; nodes.len()];
    for equation in &equations.list {
        used[equation.id.index()] = true;
    }
    for (i, node) in nodes.iter().enumerate().rev() {
        if !used[i] {
            continue;
        }
        let Node::Select {
            relation,
            left,
            right,
            then,
            otherwise,
        } = *node
        else {
            node.operands().for_each(|o| used[o.index()] = true);
            continue;
        };
        used[left.index()] = true;
        used[right.index()] = true;
        for point in points {
            let holds = relation.holds(point.values[left.index()], point.values[right.index()]);
            used[if holds { then } else { otherwise }.index()] = true;
        }
    }
    used
}

/// Numbers that are not finite themselves are told as such.
fn has_its_own_finding(equations: &Equations<'_>, id: ExprId) -> bool {
    matches!(
        equations.network.pool.node(id),
        Node::Constant(_) | Node::Parameter(_) | Node::Input(_)
    )
}

/// The innermost part without a finite value.
fn culprit(equations: &Equations<'_>, id: ExprId, nowhere: &dyn Fn(ExprId) -> bool) -> ExprId {
    let mut at = id;
    loop {
        let node = equations.network.pool.node(at);
        match node.operands().find(|part| nowhere(*part)) {
            Some(part) => at = part,
            None => return at,
        }
    }
}

/// Widths that are not above 0, bounds in the wrong order.
fn forms(equations: &Equations<'_>, points: &[Point], findings: &mut Findings) {
    let Some(point) = points.first() else { return };
    for (i, node) in equations.network.pool.nodes().iter().enumerate() {
        let id = ExprId(u32::try_from(i).unwrap_or(u32::MAX));
        let Node::Call(function, arguments) = node else {
            continue;
        };
        if !equations.holds(id) {
            continue;
        }
        let value = arguments.map(|a| point.values[a.index()]);
        if let Some(what) = misused(*function, value) {
            findings.add(
                Severity::Warning,
                Rule::Smooth,
                equations.place(id),
                format!("\"{}\": {what}", brief(equations.network, id)),
                "give a width above 0, or bounds in order",
            );
        }
    }
}

fn misused(
    function: Function,
    [x, a, b, c, d]: [f64; Function::MAX_ARGUMENTS],
) -> Option<&'static str> {
    let _ = x;
    match function {
        Function::SmoothPlus | Function::SmoothPlusZero if a <= 0.0 => {
            Some("with a width of 0 it has a corner")
        }
        Function::SmoothPow if b <= 0.0 => Some("with a width of 0 it has a corner"),
        Function::SoftClip if a >= b => Some("its lower bound is not below its upper one"),
        Function::SoftCap if a <= 0.0 => Some("its cap is not above 0"),
        Function::Bounded if a <= 0.0 => Some("its bound is not above 0"),
        Function::PhWindow if !(a < b && b <= c && c < d) => {
            Some("its corners are not in rising order")
        }
        _ => None,
    }
}

/// Rates that come to 0 everywhere without being written so.
fn still(equations: &Equations<'_>, points: &[Point], findings: &mut Findings) {
    let network = equations.network;
    for state in &network.states {
        let rate = state.rate;
        let everywhere = points
            .iter()
            .all(|p| p.values[rate.index()] == 0.0 && p.sizes[rate.index()] == 0.0);
        let steered = network.pool.as_constant(rate).is_some() || reads_input(equations, rate);
        if everywhere && !steered {
            findings.add(
                Severity::Note,
                Rule::Idle,
                format!("state {}", state.name),
                "its rate is 0 at all points tried, with inputs at their defaults",
                "give it a rate, or make it a parameter or an input",
            );
        }
    }
}

/// Does an input, a switch or the clock stand in it, so that it may come to life?
fn reads_input(equations: &Equations<'_>, root: ExprId) -> bool {
    reaches(equations, vec![root], &|node| {
        matches!(node, Node::Input(_) | Node::Switch(_) | Node::Time)
    })
}

/// Is any part of the expressions such a node?
fn reaches(
    equations: &Equations<'_>,
    mut open: Vec<ExprId>,
    wanted: &dyn Fn(&Node) -> bool,
) -> bool {
    let pool = &equations.network.pool;
    let mut seen = std::collections::HashSet::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        let node = pool.node(id);
        if wanted(&node) {
            return true;
        }
        open.extend(node.operands());
    }
    false
}
