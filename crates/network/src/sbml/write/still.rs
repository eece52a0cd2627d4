//! What never moves during a run.

use crate::expr::{ExprId, Node, Pool};
use std::collections::BTreeSet;

/// For each expression of a pool whether parameters, switches and numbers alone define it.
pub(super) struct Still(Vec<bool>);

impl Still {
    pub(super) fn new(pool: &Pool) -> Self {
        let mut still: Vec<bool> = Vec::with_capacity(pool.len());
        for node in pool.nodes() {
            // Operands come before what uses them.
            still.push(match node {
                Node::State(_) | Node::Input(_) | Node::Time => false,
                other => other.operands().all(|o| still[o.index()]),
            });
        }
        Self(still)
    }

    pub(super) fn contains(&self, id: ExprId) -> bool {
        self.0.get(id.index()).copied().unwrap_or(false)
    }

    pub(super) fn all(&self, ids: &[ExprId]) -> bool {
        ids.iter().all(|&id| self.contains(id))
    }

    /// What stands still and is an operand of something that moves. Written apart it is computed once a run; and other
    /// programs, which write every rule into every rule that uses it, have less to write.
    pub(super) fn used_by_moving(&self, pool: &Pool, written: &[ExprId]) -> BTreeSet<ExprId> {
        written
            .iter()
            .filter(|&&id| !self.contains(id))
            .flat_map(|&id| pool.node(id).operands())
            .filter(|&o| self.contains(o))
            .collect()
    }
}
