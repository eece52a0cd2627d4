//! Which parts of a set of expressions must be written apart, so that text forms stay linear in the number of nodes.
//!
//! The pool stores a graph; text is a tree. A part used in many places is repeated in each, and parts of parts multiply.
//! Named variables cut the tree; where a model does not name its parts, the writer must.

use super::{Binary, ExprId, Node, Pool};
use std::collections::{HashMap, HashSet};

/// From when on a part is written apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Largest tree, in nodes, of a part that is repeated where it is used more than once.
    pub repeated: usize,
    /// Deepest nesting of one tree.
    pub depth: usize,
    /// Most terms of one sum or product.
    pub terms: usize,
}

impl Limits {
    /// Small enough for every reader known to the exports; parts that are only a little longer than a name stay.
    pub(crate) const USUAL: Limits = Limits {
        repeated: 12,
        depth: 80,
        terms: 400,
    };
}

#[derive(Clone, Copy)]
struct Extent {
    size: usize,
    depth: usize,
    terms: usize,
}

const NAME: Extent = Extent {
    size: 1,
    depth: 0,
    terms: 1,
};

/// The parts of `roots` to be written apart, each after those it uses: those in `named` that are more than a symbol,
/// and what the limits demand. Variables count as names: their definitions must be among the roots.
pub(crate) fn parts(
    pool: &Pool,
    roots: &[ExprId],
    named: &HashSet<ExprId>,
    limits: Limits,
) -> Vec<ExprId> {
    let (order, uses) = reach(pool, roots);
    let mut extents: HashMap<ExprId, Extent> = HashMap::with_capacity(order.len());
    let mut apart = Vec::new();
    for id in order {
        let node = pool.node(id);
        let extent = extent(&node, |o| extents.get(&o).copied().unwrap_or(NAME));
        let repeated = uses.get(&id).is_some_and(|&n| n > 1) && extent.size > limits.repeated;
        let wanted = named.contains(&id) && extent.size > 1;
        let long = extent.depth >= limits.depth || extent.terms >= limits.terms;
        if wanted || repeated || long {
            apart.push(id);
            extents.insert(id, NAME);
        } else {
            extents.insert(id, extent);
        }
    }
    apart
}

/// Nodes behind `roots` (not through variables), operands first, and how often each is used. The order follows from
/// the expressions alone, not from their ids, so that equal models are written equally.
pub(crate) fn reach(pool: &Pool, roots: &[ExprId]) -> (Vec<ExprId>, HashMap<ExprId, usize>) {
    let mut uses: HashMap<ExprId, usize> = HashMap::new();
    let mut order = Vec::new();
    let mut first_use = |id: ExprId| {
        let count = uses.entry(id).or_insert(0);
        *count += 1;
        *count == 1
    };
    let mut stack = Vec::new();
    for &root in roots {
        if first_use(root) {
            stack.push((root, tree_operands(&pool.node(root)).into_iter()));
        }
        while let Some((id, rest)) = stack.last_mut() {
            match rest.next() {
                None => {
                    order.push(*id);
                    stack.pop();
                }
                Some(operand) if first_use(operand) => {
                    stack.push((operand, tree_operands(&pool.node(operand)).into_iter()));
                }
                Some(_) => {}
            }
        }
    }
    (order, uses)
}

fn tree_operands(node: &Node) -> Vec<ExprId> {
    match node {
        Node::Variable(..) => Vec::new(),
        other => other.operands().collect(),
    }
}

fn extent(node: &Node, of: impl Fn(ExprId) -> Extent) -> Extent {
    let operands = tree_operands(node);
    let parts = || operands.iter().map(|&o| of(o));
    let size = parts().fold(1_usize, |sum, e| sum.saturating_add(e.size));
    match node {
        // Sums and products continue their left operand.
        Node::Binary(Binary::Add | Binary::Mul, a, b) => Extent {
            size,
            depth: of(*a).depth.max(of(*b).depth + 1),
            terms: of(*a).terms + 1,
        },
        _ => Extent {
            size,
            depth: parts().map(|e| e.depth + 1).max().unwrap_or(0),
            terms: 1,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::Unary;

    #[test]
    fn doubling_stays_linear_and_chains_stay_shallow() {
        let mut pool = Pool::new();
        let mut x = pool.intern(Node::State(0));
        for _ in 0..100 {
            let s = pool.unary(Unary::Sin, x);
            x = pool.binary(Binary::Mul, s, x);
        }
        let apart = parts(&pool, &[x], &HashSet::new(), Limits::USUAL);
        assert!(!apart.is_empty() && apart.len() < 100, "{}", apart.len());
        let mut y = pool.intern(Node::State(1));
        for _ in 0..1000 {
            y = pool.unary(Unary::Sin, y);
        }
        assert_eq!(
            parts(&pool, &[y], &HashSet::new(), Limits::USUAL).len(),
            1000 / 80
        );
    }

    #[test]
    fn small_models_stay_whole() {
        let mut pool = Pool::new();
        let x = pool.intern(Node::State(0));
        let s = pool.unary(Unary::Sin, x);
        let y = pool.binary(Binary::Mul, s, s);
        assert!(parts(&pool, &[y, s], &HashSet::new(), Limits::USUAL).is_empty());
    }
}
