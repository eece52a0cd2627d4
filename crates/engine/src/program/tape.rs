//! Operations in evaluation order.

use gutskin_network::expr::{Relation, Unary};

/// The position of a value on a tape.
pub type ValueId = u32;

/// One operation; operands are positions of earlier values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Op {
    /// A literal.
    Constant(f64),
    /// The clock.
    Time,
    /// State number i.
    State(u32),
    /// Parameter number i.
    Parameter(u32),
    /// Input number i.
    Input(u32),
    /// Switch number i.
    Switch(u32),
    /// −a, e^a, ln a, …
    Unary(Unary, ValueId),
    /// a + b
    Add(ValueId, ValueId),
    /// a − b
    Sub(ValueId, ValueId),
    /// a · b
    Mul(ValueId, ValueId),
    /// a / b
    Div(ValueId, ValueId),
    /// a ^ b with a real exponent; a ≥ 0 or an integral b expected
    Pow(ValueId, ValueId),
    /// Smaller of the two.
    Min(ValueId, ValueId),
    /// Larger of the two.
    Max(ValueId, ValueId),
    /// `if left relation right { then } else { otherwise }`
    Select(Relation, [ValueId; 4]),
}

impl Op {
    /// The operands, in order.
    pub fn operands(&self) -> impl Iterator<Item = ValueId> + use<> {
        let (list, n) = match *self {
            Op::Unary(_, a) => ([a, 0, 0, 0], 1),
            Op::Add(a, b)
            | Op::Sub(a, b)
            | Op::Mul(a, b)
            | Op::Div(a, b)
            | Op::Pow(a, b)
            | Op::Min(a, b)
            | Op::Max(a, b) => ([a, b, 0, 0], 2),
            Op::Select(_, list) => (list, 4),
            _ => ([0; 4], 0),
        };
        list.into_iter().take(n)
    }

    /// The operation with every operand renamed.
    pub fn renamed(self, name: impl Fn(ValueId) -> ValueId) -> Op {
        match self {
            Op::Unary(op, a) => Op::Unary(op, name(a)),
            Op::Add(a, b) => Op::Add(name(a), name(b)),
            Op::Sub(a, b) => Op::Sub(name(a), name(b)),
            Op::Mul(a, b) => Op::Mul(name(a), name(b)),
            Op::Div(a, b) => Op::Div(name(a), name(b)),
            Op::Pow(a, b) => Op::Pow(name(a), name(b)),
            Op::Min(a, b) => Op::Min(name(a), name(b)),
            Op::Max(a, b) => Op::Max(name(a), name(b)),
            Op::Select(relation, list) => Op::Select(relation, list.map(name)),
            leaf => leaf,
        }
    }
}

/// How often a stretch of the tape must be computed. Each section may use values of the sections before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// Depends on literals, parameters and switches only: once a patient.
    Patient,
    /// Depends on inputs too, but not on states or time: once an input change.
    Inputs,
    /// What the rates need: every stage.
    Rates,
    /// What the Jacobian needs beyond the rates: once a step.
    Jacobian,
    /// What the time derivative needs beyond those: once a step.
    TimeDerivative,
    /// What observables need beyond the first three sections: at output times. It uses no value of the sections
    /// Jacobian and TimeDerivative.
    Observables,
}

impl Section {
    /// All sections, in order.
    pub const ALL: [Section; 6] = [
        Section::Patient,
        Section::Inputs,
        Section::Rates,
        Section::Jacobian,
        Section::TimeDerivative,
        Section::Observables,
    ];
}

/// Operations in evaluation order: operands stand before their users.
#[derive(Clone, Debug, Default)]
pub struct Tape {
    /// The operations.
    pub ops: Vec<Op>,
}

impl Tape {
    /// Number of operations.
    pub fn len(&self) -> usize {
        self.ops.len()
    }

    /// True for no operation.
    pub fn is_empty(&self) -> bool {
        self.ops.is_empty()
    }
}
