//! Expressions in messages: whole where they are short, their outline where they are long.

use crate::Network;
use crate::expr::{ExprId, Names, Node, Pool, precedence_text};

/// Levels of an expression that a message shows.
const LEVELS: usize = 5;
/// Characters of an expression that a message shows.
const LONGEST: usize = 160;
/// The variable that stands for a part left out.
const LEFT_OUT: u32 = u32::MAX;

/// The text of an expression, with parts below a few levels replaced by "…".
pub(super) fn brief(network: &Network, id: ExprId) -> String {
    let mut outline = Pool::new();
    let root = copy(&network.pool, id, LEVELS, &mut outline);
    let text = precedence_text(&outline, &Outline(network), root);
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} …", &text[..end]),
        None => text,
    }
}

fn copy(from: &Pool, id: ExprId, levels: usize, to: &mut Pool) -> ExprId {
    let node = from.node(id);
    if let Node::Variable(i, _) = node {
        let nothing = to.constant(0.0);
        return to.intern(Node::Variable(i, nothing));
    }
    let operands: Vec<ExprId> = node.operands().collect();
    if operands.is_empty() {
        return to.intern(node);
    }
    if levels == 0 {
        let nothing = to.constant(0.0);
        return to.intern(Node::Variable(LEFT_OUT, nothing));
    }
    let copies: Vec<ExprId> = operands
        .iter()
        .map(|&o| copy(from, o, levels - 1, to))
        .collect();
    let copied = with_operands(node, &copies);
    to.intern(copied)
}

fn with_operands(node: Node, o: &[ExprId]) -> Node {
    match (node, o) {
        (Node::Unary(op, _), &[a]) => Node::Unary(op, a),
        (Node::Binary(op, ..), &[a, b]) => Node::Binary(op, a, b),
        (Node::Select { relation, .. }, &[left, right, then, otherwise]) => Node::Select {
            relation,
            left,
            right,
            then,
            otherwise,
        },
        (Node::Call(function, mut arguments), list) => {
            for (slot, &copied) in arguments.iter_mut().zip(list) {
                *slot = copied;
            }
            Node::Call(function, arguments)
        }
        (other, _) => other,
    }
}

struct Outline<'n>(&'n Network);

impl Names for Outline<'_> {
    fn state(&self, i: u32) -> &str {
        Names::state(self.0, i)
    }
    fn parameter(&self, i: u32) -> &str {
        Names::parameter(self.0, i)
    }
    fn input(&self, i: u32) -> &str {
        Names::input(self.0, i)
    }
    fn switch(&self, i: u32) -> &str {
        Names::switch(self.0, i)
    }
    fn variable(&self, i: u32) -> &str {
        if i == LEFT_OUT {
            "…"
        } else {
            Names::variable(self.0, i)
        }
    }
}
