//! Which parts of a network's expressions are written apart, so that its text stays short and shallow.

use super::DEEPEST;
use crate::expr::sharing::reach;
use crate::expr::{ExprId, Pool, is_bracketed};
use std::collections::HashMap;

/// Largest tree, in nodes, that is repeated where it is used more than once.
const REPEATED: usize = 200;
/// Deepest nesting of brackets in one expression.
const NESTED: usize = DEEPEST / 4;

/// The parts of `roots` to be written apart, each after those it uses. The choice follows from the expressions alone.
pub(super) fn apart(pool: &Pool, roots: &[ExprId]) -> Vec<ExprId> {
    let (order, uses) = reach(pool, roots);
    // (nodes, brackets) of the text of each expression.
    let mut extents: HashMap<ExprId, (usize, usize)> = HashMap::with_capacity(order.len());
    let mut apart = Vec::new();
    for id in order {
        let (mut size, mut nested) = (1_usize, 0);
        for (operand, bracket) in is_bracketed(pool, &pool.node(id)) {
            let (nodes, depth) = extents.get(&operand).copied().unwrap_or((1, 0));
            size = size.saturating_add(nodes);
            nested = nested.max(depth + usize::from(bracket));
        }
        let repeated = size > REPEATED && uses.get(&id).is_some_and(|&n| n > 1);
        if repeated || nested >= NESTED {
            apart.push(id);
            (size, nested) = (1, 0);
        }
        extents.insert(id, (size, nested));
    }
    apart
}
