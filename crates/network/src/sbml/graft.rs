//! Copies expressions with some leaves replaced, node by node and without recursion.

use crate::expr::{ExprId, Node, Pool};
use std::collections::HashMap;

/// Everything reachable from `roots`, operands before users.
pub(super) fn reachable(pool: &Pool, roots: &[ExprId]) -> Vec<(ExprId, Node)> {
    let mut seen = HashMap::new();
    let mut stack = roots.to_vec();
    while let Some(id) = stack.pop() {
        if seen.contains_key(&id) {
            continue;
        }
        let node = pool.node(id);
        seen.insert(id, node);
        stack.extend(node.operands());
    }
    let mut list: Vec<_> = seen.into_iter().collect();
    list.sort_unstable_by_key(|(id, _)| *id);
    list
}

/// Rebuilds `nodes` (from [`reachable`]) in `pool`. `replace` gives the new expression of a leaf, or `None` to keep the
/// node as it is. The result maps old ids to new ones.
pub(super) fn graft(
    pool: &mut Pool,
    nodes: &[(ExprId, Node)],
    mut replace: impl FnMut(&mut Pool, Node) -> Option<ExprId>,
) -> HashMap<ExprId, ExprId> {
    let mut done: HashMap<ExprId, ExprId> = HashMap::with_capacity(nodes.len());
    for &(id, node) in nodes {
        let of = |old: ExprId| done.get(&old).copied().unwrap_or(old);
        let new = match replace(pool, node) {
            Some(new) => new,
            None => rebuild(pool, node, of),
        };
        done.insert(id, new);
    }
    done
}

fn rebuild(pool: &mut Pool, node: Node, of: impl Fn(ExprId) -> ExprId) -> ExprId {
    match node {
        // A name stands for its definition; where the definition changed, the name no longer fits.
        Node::Variable(_, definition) if of(definition) != definition => of(definition),
        other => pool.over(other, of),
    }
}
