//! The store of nodes, with local rewrites applied as nodes are made.

use super::{ExprId, Function};
use std::collections::HashMap;

/// Operations with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unary {
    /// −x
    Neg,
    /// e^x
    Exp,
    /// Natural logarithm.
    Ln,
    /// Square root.
    Sqrt,
    /// Hyperbolic tangent.
    Tanh,
    /// Sine (of a dimensionless argument).
    Sin,
    /// Cosine (of a dimensionless argument).
    Cos,
    /// |x|: not smooth at 0.
    Abs,
    /// Largest integer not above x: not smooth.
    Floor,
}

/// Operations with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Binary {
    /// a + b
    Add,
    /// a − b
    Sub,
    /// a · b
    Mul,
    /// a / b
    Div,
    /// a ^ b
    Pow,
    /// Smaller of the two: not smooth.
    Min,
    /// Larger of the two: not smooth.
    Max,
}

/// Comparisons used by [`Node::Select`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// a < b
    Less,
    /// a ≤ b
    LessEqual,
    /// a = b
    Equal,
}

/// One distinct expression. Equality of floating-point constants is equality of bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Node {
    /// A literal, stored as its bits.
    Constant(u64),
    /// The clock, in the network's time unit.
    Time,
    /// State number i.
    State(u32),
    /// Parameter number i.
    Parameter(u32),
    /// Input number i.
    Input(u32),
    /// Switch number i: 0 or 1.
    Switch(u32),
    /// Named intermediate number i, with the expression that defines it.
    Variable(u32, ExprId),
    /// One operand.
    Unary(Unary, ExprId),
    /// Two operands.
    Binary(Binary, ExprId, ExprId),
    /// `if left relation right { then } else { otherwise }`: not smooth.
    Select {
        /// Comparison.
        relation: Relation,
        /// Left side of the comparison.
        left: ExprId,
        /// Right side of the comparison.
        right: ExprId,
        /// Value where it holds.
        then: ExprId,
        /// Value where it does not.
        otherwise: ExprId,
    },
    /// A named smooth function; unused argument slots repeat the first argument.
    Call(Function, [ExprId; Function::MAX_ARGUMENTS]),
}

impl Node {
    /// The operands, in order.
    pub fn operands(&self) -> impl Iterator<Item = ExprId> + use<> {
        let mut out = [ExprId(0); 5];
        let n = match *self {
            Node::Constant(_)
            | Node::Time
            | Node::State(_)
            | Node::Parameter(_)
            | Node::Input(_)
            | Node::Switch(_) => 0,
            Node::Variable(_, a) | Node::Unary(_, a) => {
                out[0] = a;
                1
            }
            Node::Binary(_, a, b) => {
                out[..2].copy_from_slice(&[a, b]);
                2
            }
            Node::Select {
                left,
                right,
                then,
                otherwise,
                ..
            } => {
                out[..4].copy_from_slice(&[left, right, then, otherwise]);
                4
            }
            Node::Call(function, arguments) => {
                let n = function.arity();
                out[..n].copy_from_slice(&arguments[..n]);
                n
            }
        };
        out.into_iter().take(n)
    }
}

/// The store of expressions.
#[derive(Clone, Debug, Default)]
pub struct Pool {
    nodes: Vec<Node>,
    index: HashMap<Node, ExprId>,
}

impl Pool {
    /// An empty pool.
    pub fn new() -> Self {
        Self::default()
    }

    /// Number of distinct expressions.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// True where nothing was stored yet.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The node behind an id.
    pub fn node(&self, id: ExprId) -> Node {
        self.nodes[id.index()]
    }

    /// All nodes, in evaluation order.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The value of a literal, if `id` is one.
    pub fn as_constant(&self, id: ExprId) -> Option<f64> {
        match self.node(id) {
            Node::Constant(bits) => Some(f64::from_bits(bits)),
            _ => None,
        }
    }

    /// Stores a node as it is, without rewrites.
    pub fn intern(&mut self, node: Node) -> ExprId {
        if let Some(&id) = self.index.get(&node) {
            return id;
        }
        let id = ExprId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(node);
        self.index.insert(node, id);
        id
    }

    /// A literal. Negative zero becomes zero and every NaN the same NaN, so that equal values share a node.
    pub fn constant(&mut self, value: f64) -> ExprId {
        let canonical = if value == 0.0 {
            0.0
        } else if value.is_nan() {
            f64::NAN
        } else {
            value
        };
        self.intern(Node::Constant(canonical.to_bits()))
    }

    /// One-operand node, after local rewrites.
    pub fn unary(&mut self, op: Unary, a: ExprId) -> ExprId {
        if let Some(x) = self.as_constant(a) {
            let folded = op.apply(x);
            if folded.is_finite() {
                return self.constant(folded);
            }
        }
        if let (Unary::Neg, Node::Unary(Unary::Neg, inner)) = (op, self.node(a)) {
            return inner;
        }
        self.intern(Node::Unary(op, a))
    }

    /// Two-operand node, after local rewrites (constants folded, neutral elements dropped, commuted twins shared).
    pub fn binary(&mut self, op: Binary, a: ExprId, b: ExprId) -> ExprId {
        if let (Some(x), Some(y)) = (self.as_constant(a), self.as_constant(b)) {
            let folded = op.apply(x, y);
            if folded.is_finite() {
                return self.constant(folded);
            }
        }
        if let Some(simpler) = self.rewrite(op, a, b) {
            return simpler;
        }
        let commutes = matches!(op, Binary::Add | Binary::Mul | Binary::Min | Binary::Max);
        if commutes && let Some(&id) = self.index.get(&Node::Binary(op, b, a)) {
            return id;
        }
        self.intern(Node::Binary(op, a, b))
    }

    fn rewrite(&mut self, op: Binary, a: ExprId, b: ExprId) -> Option<ExprId> {
        let (x, y) = (self.as_constant(a), self.as_constant(b));
        match op {
            Binary::Add if x == Some(0.0) => Some(b),
            Binary::Add if y == Some(0.0) => Some(a),
            Binary::Add => match (self.node(a), self.node(b)) {
                (_, Node::Unary(Unary::Neg, n)) => Some(self.binary(Binary::Sub, a, n)),
                (Node::Unary(Unary::Neg, n), _) => Some(self.binary(Binary::Sub, b, n)),
                _ => None,
            },
            Binary::Sub if y == Some(0.0) => Some(a),
            Binary::Sub if x == Some(0.0) => Some(self.unary(Unary::Neg, b)),
            Binary::Sub if a == b => Some(self.constant(0.0)),
            Binary::Sub => match self.node(b) {
                Node::Unary(Unary::Neg, n) => Some(self.binary(Binary::Add, a, n)),
                _ => None,
            },
            Binary::Mul if x == Some(0.0) || y == Some(0.0) => Some(self.constant(0.0)),
            Binary::Mul if x == Some(1.0) => Some(b),
            Binary::Mul if y == Some(1.0) => Some(a),
            Binary::Mul if x == Some(-1.0) => Some(self.unary(Unary::Neg, b)),
            Binary::Mul if y == Some(-1.0) => Some(self.unary(Unary::Neg, a)),
            Binary::Div if y == Some(1.0) => Some(a),
            Binary::Div if x == Some(0.0) && y != Some(0.0) => Some(self.constant(0.0)),
            Binary::Pow if y == Some(1.0) => Some(a),
            Binary::Pow if y == Some(0.0) => Some(self.constant(1.0)),
            Binary::Min | Binary::Max if a == b => Some(a),
            _ => None,
        }
    }

    /// A conditional, after folding.
    pub fn select(
        &mut self,
        relation: Relation,
        left: ExprId,
        right: ExprId,
        then: ExprId,
        otherwise: ExprId,
    ) -> ExprId {
        if then == otherwise {
            return then;
        }
        if let (Some(x), Some(y)) = (self.as_constant(left), self.as_constant(right)) {
            return if relation.holds(x, y) {
                then
            } else {
                otherwise
            };
        }
        self.intern(Node::Select {
            relation,
            left,
            right,
            then,
            otherwise,
        })
    }

    /// The node over other operands, after local rewrites. Symbols, literals and names stay as they are.
    pub(crate) fn over(&mut self, node: Node, of: impl Fn(ExprId) -> ExprId) -> ExprId {
        match node {
            Node::Unary(op, a) => self.unary(op, of(a)),
            Node::Binary(op, a, b) => self.binary(op, of(a), of(b)),
            Node::Select {
                relation,
                left,
                right,
                then,
                otherwise,
            } => self.select(relation, of(left), of(right), of(then), of(otherwise)),
            Node::Call(function, arguments) => {
                let arguments = arguments.map(of);
                self.call(function, &arguments[..function.arity()])
            }
            leaf => self.intern(leaf),
        }
    }

    /// A named function of its arguments. Slots beyond the arity are filled with the first argument.
    ///
    /// # Panics
    /// Never: surplus arguments are ignored and missing ones repeat the first (callers check arity beforehand).
    pub fn call(&mut self, function: Function, arguments: &[ExprId]) -> ExprId {
        let first = match arguments.first() {
            Some(&a) => a,
            None => self.constant(f64::NAN),
        };
        let mut slots = [first; Function::MAX_ARGUMENTS];
        for (slot, &argument) in slots.iter_mut().zip(arguments).take(function.arity()) {
            *slot = argument;
        }
        self.intern(Node::Call(function, slots))
    }
}

impl Unary {
    /// The operation on numbers. The functions are portable code, so that the bytes do not depend on the mathematics
    /// library of the system, which chooses by processor.
    pub fn apply(self, x: f64) -> f64 {
        match self {
            Unary::Neg => -x,
            Unary::Exp => libm::exp(x),
            Unary::Ln => libm::log(x),
            Unary::Sqrt => x.sqrt(),
            Unary::Tanh => libm::tanh(x),
            Unary::Sin => libm::sin(x),
            Unary::Cos => libm::cos(x),
            Unary::Abs => x.abs(),
            Unary::Floor => x.floor(),
        }
    }
}

impl Binary {
    /// The operation on numbers; portable, as that of [`Unary`].
    pub fn apply(self, x: f64, y: f64) -> f64 {
        match self {
            Binary::Add => x + y,
            Binary::Sub => x - y,
            Binary::Mul => x * y,
            Binary::Div => x / y,
            Binary::Pow => libm::pow(x, y),
            Binary::Min => smaller(x, y),
            Binary::Max => larger(x, y),
        }
    }
}

/// The smaller of two numbers, the first where they are equal; NaN where either is NaN, unlike [`f64::min`]: an undefined
/// operand must not hide.
#[inline(always)]
pub fn smaller(x: f64, y: f64) -> f64 {
    if y < x || y.is_nan() { y } else { x }
}

/// The larger of two numbers, as [`smaller`].
#[inline(always)]
pub fn larger(x: f64, y: f64) -> f64 {
    if y > x || y.is_nan() { y } else { x }
}

impl Relation {
    /// Whether the comparison holds.
    pub fn holds(self, x: f64, y: f64) -> bool {
        match self {
            Relation::Less => x < y,
            Relation::LessEqual => x <= y,
            Relation::Equal => x == y,
        }
    }
}
