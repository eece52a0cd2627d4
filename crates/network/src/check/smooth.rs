//! Expressions with corners or jumps.

use super::brief::brief;
use super::equations::{Equations, Kind};
use super::{Findings, Rule, Severity};
use crate::expr::{Binary, ExprId, Node, Unary};

pub(super) fn check(equations: &Equations<'_>, findings: &mut Findings) {
    let moving = equations.moving();
    let in_rates = equations.needed(|kind| matches!(kind, Kind::Rate(_)));
    for (i, node) in equations.network.pool.nodes().iter().enumerate() {
        let id = ExprId(u32::try_from(i).unwrap_or(u32::MAX));
        if !moving[i] || !equations.holds(id) {
            continue;
        }
        let Some((what, mend)) = corner(equations, &moving, node) else {
            continue;
        };
        // A corner in an observable only costs the solver nothing.
        let severity = match in_rates[i] {
            true => Severity::Warning,
            false => Severity::Note,
        };
        findings.add(
            severity,
            Rule::Smooth,
            equations.place(id),
            format!("\"{}\" {what}", brief(equations.network, id)),
            mend,
        );
    }
}

/// What is not smooth about a node that moves, and the form that replaces it.
fn corner(
    equations: &Equations<'_>,
    moving: &[bool],
    node: &Node,
) -> Option<(&'static str, &'static str)> {
    match *node {
        Node::Unary(Unary::Abs, _) => Some(("has a corner at 0", "use sqrt(x^2 + eps^2)")),
        Node::Unary(Unary::Floor, _) => Some((
            "jumps at whole numbers",
            "use a periodic function of the clock, or a scheduled change",
        )),
        Node::Binary(Binary::Min, ..) => Some((
            "has a corner where both are equal",
            "use soft_cap or soft_clip",
        )),
        Node::Binary(Binary::Max, ..) => Some((
            "has a corner where both are equal",
            "use smooth_plus or soft_clip",
        )),
        Node::Select { .. } => Some((
            "jumps or has a corner where the comparison turns",
            "use logistic, soft_clip or ph_window, or a scheduled change",
        )),
        Node::Unary(Unary::Sqrt, a) if reaches_zero(equations, moving, a) => Some((
            "has an infinite slope where its argument is 0",
            "use smooth_pow(x, 0.5, eps)",
        )),
        Node::Binary(Binary::Pow, base, exponent)
            if !is_whole(equations, exponent) && reaches_zero(equations, moving, base) =>
        {
            Some((
                "is not smooth where its base is 0",
                "use smooth_pow(x, p, eps)",
            ))
        }
        _ => None,
    }
}

fn is_whole(equations: &Equations<'_>, exponent: ExprId) -> bool {
    equations
        .network
        .pool
        .as_constant(exponent)
        .is_some_and(|p| p.fract() == 0.0)
}

/// False where the expression does not move, or is a sum with a part that does not move, which is taken to keep it away
/// from 0. Exponentials and named variables in between count for what they stand for.
fn reaches_zero(equations: &Equations<'_>, moving: &[bool], id: ExprId) -> bool {
    let pool = &equations.network.pool;
    let (mut stack, mut budget) = (vec![id], 1000);
    if !moving[id.index()] {
        return false;
    }
    while let Some(next) = stack.pop() {
        budget -= 1;
        if budget == 0 {
            return true;
        }
        match pool.node(next) {
            Node::Variable(_, definition) => stack.push(definition),
            Node::Binary(Binary::Add, a, b) => {
                if !moving[a.index()] || !moving[b.index()] {
                    return false;
                }
                stack.extend([a, b]);
            }
            Node::Unary(Unary::Exp, _) => return false,
            _ => {}
        }
    }
    true
}
