//! Operations as the kernels read them: runs of one opcode, operands as row numbers.

use gutskin_network::expr::{Relation, Unary};

use super::graph::{Kind, SumShape};

/// A row of the working memory: one value of every lane.
pub(crate) type RowId = u16;

/// What one run of operations does. Each operation is a destination row followed by its operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opcode {
    Copy,
    Unary(Unary),
    Reciprocal,
    Add,
    Sub,
    Mul,
    Div,
    Pow,
    Min,
    Max,
    Select(Relation),
    Sum(SumShape),
    Product(u8),
}

impl Opcode {
    /// The opcode of a kind; `None` for what is read and not computed.
    pub(crate) fn of(kind: Kind) -> Option<Self> {
        Some(match kind {
            Kind::Unary(op) => Self::Unary(op),
            Kind::Reciprocal => Self::Reciprocal,
            Kind::Add => Self::Add,
            Kind::Sub => Self::Sub,
            Kind::Mul => Self::Mul,
            Kind::Div => Self::Div,
            Kind::Pow => Self::Pow,
            Kind::Min => Self::Min,
            Kind::Max => Self::Max,
            Kind::Select(relation) => Self::Select(relation),
            Kind::Sum(shape) => Self::Sum(shape),
            Kind::Product(factors) => Self::Product(factors),
            _ => return None,
        })
    }

    /// Row numbers an operation takes, the destination included.
    pub(crate) fn width(self) -> usize {
        match self {
            Self::Copy | Self::Unary(_) | Self::Reciprocal => 2,
            Self::Add | Self::Sub | Self::Mul | Self::Div | Self::Pow | Self::Min | Self::Max => 3,
            Self::Select(_) => 5,
            Self::Product(factors) => 1 + usize::from(factors),
            Self::Sum(shape) => 1 + shape.operands(),
        }
    }
}

impl SumShape {
    /// Number of operands.
    pub(crate) fn operands(self) -> usize {
        usize::from(self.added)
            + usize::from(self.subtracted)
            + 2 * (usize::from(self.products_added) + usize::from(self.products_subtracted))
    }
}

/// Operations of one opcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub opcode: Opcode,
    pub count: u32,
}

/// A straight line of operations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Code {
    runs: Vec<Run>,
    operands: Vec<RowId>,
    rows: usize,
}

impl Code {
    pub(crate) fn push(&mut self, opcode: Opcode, destination: RowId, operands: &[RowId]) {
        debug_assert_eq!(opcode.width(), 1 + operands.len());
        match self.runs.last_mut() {
            Some(run) if run.opcode == opcode => run.count += 1,
            _ => self.runs.push(Run { opcode, count: 1 }),
        }
        self.operands.push(destination);
        self.operands.extend_from_slice(operands);
        for &row in operands.iter().chain([&destination]) {
            self.rows = self.rows.max(usize::from(row) + 1);
        }
    }

    pub(crate) fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// Destination and operands of each operation, one after the other.
    pub(crate) fn operands(&self) -> &[RowId] {
        &self.operands
    }

    /// One more than the largest row number.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Number of operations, each term of a sum and each factor of a product counted, a product with its addition as
    /// one.
    pub(crate) fn products(&self) -> usize {
        let weight = |opcode: Opcode| match opcode {
            Opcode::Sum(shape) => {
                let plain = usize::from(shape.added) + usize::from(shape.subtracted);
                plain + usize::from(shape.products_added) + usize::from(shape.products_subtracted)
                    - 1
            }
            Opcode::Product(factors) => usize::from(factors) - 1,
            _ => 1,
        };
        self.runs
            .iter()
            .map(|run| run.count as usize * weight(run.opcode).max(1))
            .sum()
    }

    /// Number of operations.
    pub(crate) fn len(&self) -> usize {
        self.runs.iter().map(|run| run.count as usize).sum()
    }
}
