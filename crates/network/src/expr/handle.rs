//! Handles with operators, so that models read like equations.

use super::{Binary, ExprId, Function, Node, Pool, Relation, Unary};
use std::cell::RefCell;
use std::fmt;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// A pool behind shared access, from which [`Expr`] handles are made.
#[derive(Debug, Default)]
pub struct Arena {
    pool: RefCell<Pool>,
}

impl Arena {
    /// An arena over an existing pool.
    pub fn from_pool(pool: Pool) -> Self {
        Self {
            pool: RefCell::new(pool),
        }
    }

    /// The pool, once no handle is left.
    pub fn into_pool(self) -> Pool {
        self.pool.into_inner()
    }

    /// Runs `f` on the pool. Handles must not be used inside `f`.
    pub fn with<R>(&self, f: impl FnOnce(&mut Pool) -> R) -> R {
        f(&mut self.pool.borrow_mut())
    }

    /// A handle for an id.
    pub fn expr(&self, id: ExprId) -> Expr<'_> {
        Expr { arena: self, id }
    }

    /// A literal.
    pub fn constant(&self, value: f64) -> Expr<'_> {
        self.expr(self.with(|p| p.constant(value)))
    }

    /// The clock.
    pub fn time(&self) -> Expr<'_> {
        self.expr(self.with(|p| p.intern(Node::Time)))
    }
}

/// A copyable handle to an expression. Arithmetic on handles adds nodes to the arena they came from; handles of
/// different arenas must not be mixed (checked in debug builds).
#[derive(Clone, Copy)]
pub struct Expr<'a> {
    arena: &'a Arena,
    id: ExprId,
}

impl fmt::Debug for Expr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Expr({})", self.id.0)
    }
}

impl<'a> Expr<'a> {
    /// The id in the pool.
    pub fn id(self) -> ExprId {
        self.id
    }

    fn lift(self, value: f64) -> Expr<'a> {
        self.arena.constant(value)
    }

    fn binary(self, op: Binary, other: Expr<'a>) -> Expr<'a> {
        debug_assert!(
            std::ptr::eq(self.arena, other.arena),
            "expressions of two arenas mixed"
        );
        self.arena
            .expr(self.arena.with(|p| p.binary(op, self.id, other.id)))
    }

    fn unary(self, op: Unary) -> Expr<'a> {
        self.arena.expr(self.arena.with(|p| p.unary(op, self.id)))
    }

    fn call(self, function: Function, rest: &[Expr<'a>]) -> Expr<'a> {
        let mut ids = vec![self.id];
        ids.extend(rest.iter().map(|e| e.id));
        self.arena.expr(self.arena.with(|p| p.call(function, &ids)))
    }

    /// e^x
    pub fn exp(self) -> Expr<'a> {
        self.unary(Unary::Exp)
    }
    /// Natural logarithm.
    pub fn ln(self) -> Expr<'a> {
        self.unary(Unary::Ln)
    }
    /// Square root.
    pub fn sqrt(self) -> Expr<'a> {
        self.unary(Unary::Sqrt)
    }
    /// Hyperbolic tangent.
    pub fn tanh(self) -> Expr<'a> {
        self.unary(Unary::Tanh)
    }
    /// Sine.
    pub fn sin(self) -> Expr<'a> {
        self.unary(Unary::Sin)
    }
    /// Cosine.
    pub fn cos(self) -> Expr<'a> {
        self.unary(Unary::Cos)
    }
    /// |x|; not smooth: the network check lists it.
    pub fn abs(self) -> Expr<'a> {
        self.unary(Unary::Abs)
    }
    /// Largest integer not above x; not smooth.
    pub fn floor(self) -> Expr<'a> {
        self.unary(Unary::Floor)
    }
    /// x^p. For fractional p near x = 0 use [`Expr::smooth_pow`].
    pub fn pow(self, exponent: impl IntoExpr<'a>) -> Expr<'a> {
        self.binary(Binary::Pow, exponent.into_expr(self.arena))
    }
    /// Smaller of the two; not smooth.
    pub fn min(self, other: impl IntoExpr<'a>) -> Expr<'a> {
        self.binary(Binary::Min, other.into_expr(self.arena))
    }
    /// Larger of the two; not smooth.
    pub fn max(self, other: impl IntoExpr<'a>) -> Expr<'a> {
        self.binary(Binary::Max, other.into_expr(self.arena))
    }
    /// `then` where `self < limit`, else `otherwise`; not smooth.
    pub fn if_less(
        self,
        limit: impl IntoExpr<'a>,
        then: impl IntoExpr<'a>,
        otherwise: impl IntoExpr<'a>,
    ) -> Expr<'a> {
        let (limit, then, otherwise) = (
            limit.into_expr(self.arena),
            then.into_expr(self.arena),
            otherwise.into_expr(self.arena),
        );
        self.arena.expr(
            self.arena
                .with(|p| p.select(Relation::Less, self.id, limit.id, then.id, otherwise.id)),
        )
    }

    /// Smooth max(0, x): (x + √(x² + eps²))/2.
    pub fn smooth_plus(self, eps: impl IntoExpr<'a>) -> Expr<'a> {
        self.call(Function::SmoothPlus, &[eps.into_expr(self.arena)])
    }
    /// Smooth max(0, x) that is exactly 0 at x = 0: (x + √(x² + eps²) − eps)/2.
    pub fn smooth_plus_zero(self, eps: impl IntoExpr<'a>) -> Expr<'a> {
        self.call(Function::SmoothPlusZero, &[eps.into_expr(self.arena)])
    }
    /// Smooth x^p for fractional p: smooth_plus(x, eps)^p.
    pub fn smooth_pow(self, p: impl IntoExpr<'a>, eps: impl IntoExpr<'a>) -> Expr<'a> {
        self.call(
            Function::SmoothPow,
            &[p.into_expr(self.arena), eps.into_expr(self.arena)],
        )
    }
    /// 1/(1 + e^−x).
    pub fn logistic(self) -> Expr<'a> {
        self.call(Function::Logistic, &[])
    }
    /// ln(1 + e^x).
    pub fn softplus(self) -> Expr<'a> {
        self.call(Function::Softplus, &[])
    }
    /// Logistic clip between `low` and `high`, slope 1 in the middle.
    pub fn soft_clip(self, low: impl IntoExpr<'a>, high: impl IntoExpr<'a>) -> Expr<'a> {
        self.call(
            Function::SoftClip,
            &[low.into_expr(self.arena), high.into_expr(self.arena)],
        )
    }
    /// Smooth min(x, cap) for x ≥ 0.
    pub fn soft_cap(self, cap: impl IntoExpr<'a>) -> Expr<'a> {
        self.call(Function::SoftCap, &[cap.into_expr(self.arena)])
    }
    /// bound · tanh(z/bound).
    pub fn bounded(self, bound: impl IntoExpr<'a>) -> Expr<'a> {
        self.call(Function::Bounded, &[bound.into_expr(self.arena)])
    }
    /// Smooth pH window with corners c1 < c2 < c3 < c4, 1 at its maximum.
    pub fn ph_window(self, corners: [Expr<'a>; 4]) -> Expr<'a> {
        self.call(Function::PhWindow, &corners)
    }
}

/// Things that can stand where an expression is wanted.
pub trait IntoExpr<'a> {
    /// The expression in `arena`.
    fn into_expr(self, arena: &'a Arena) -> Expr<'a>;
}

impl<'a> IntoExpr<'a> for Expr<'a> {
    fn into_expr(self, _: &'a Arena) -> Expr<'a> {
        self
    }
}

impl<'a> IntoExpr<'a> for f64 {
    fn into_expr(self, arena: &'a Arena) -> Expr<'a> {
        arena.constant(self)
    }
}

macro_rules! operator {
    ($trait:ident, $method:ident, $op:expr) => {
        impl<'a> $trait for Expr<'a> {
            type Output = Expr<'a>;
            fn $method(self, other: Expr<'a>) -> Expr<'a> {
                self.binary($op, other)
            }
        }
        impl<'a> $trait<f64> for Expr<'a> {
            type Output = Expr<'a>;
            fn $method(self, other: f64) -> Expr<'a> {
                self.binary($op, self.lift(other))
            }
        }
        impl<'a> $trait<Expr<'a>> for f64 {
            type Output = Expr<'a>;
            fn $method(self, other: Expr<'a>) -> Expr<'a> {
                other.lift(self).binary($op, other)
            }
        }
    };
}

operator!(Add, add, Binary::Add);
operator!(Sub, sub, Binary::Sub);
operator!(Mul, mul, Binary::Mul);
operator!(Div, div, Binary::Div);

impl<'a> Neg for Expr<'a> {
    type Output = Expr<'a>;
    fn neg(self) -> Expr<'a> {
        self.unary(Unary::Neg)
    }
}
