//! Hash-consed expressions.
//!
//! A [`Pool`] stores every distinct sub-expression once; an [`ExprId`] names it. Operands always have smaller ids than
//! the node that uses them, so a pass over ids in order is a pass in evaluation order. [`Expr`] is the handle with
//! operators that biology is written with.

mod derivative;
mod evaluate;
mod function;
mod handle;
mod pool;
mod print;
mod saturation;
pub(crate) mod sharing;

pub use derivative::Differentiator;
pub use evaluate::Values;
pub use function::Function;
pub(crate) use function::{WINDOW_STEPS, window_pieces};
pub use handle::{Arena, Expr, IntoExpr};
pub use pool::{Binary, Node, Pool, Relation, Unary, larger, smaller};
pub use print::{Names, precedence_text};
pub(crate) use print::{is_bracketed, number_text, text_with_parts, unary_name};
pub use saturation::Saturating;

/// The index of an expression in its [`Pool`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExprId(pub u32);

impl ExprId {
    /// The id as an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}
