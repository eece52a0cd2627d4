//! The program as a graph that may be rewritten: values with operands, each stored once.

use std::collections::HashMap;

use gutskin_network::expr::{Relation, Unary};

use crate::program::{Op, Program, Section, ValueId};

/// How often a value changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Moves {
    /// With the patient.
    Patient,
    /// With the inputs.
    Inputs,
    /// With states and time.
    Always,
}

/// What a node computes from its operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// A literal, by its bits.
    Constant(u64),
    Time,
    State(u32),
    Parameter(u32),
    Input(u32),
    Switch(u32),
    Unary(Unary),
    /// 1 / a
    Reciprocal,
    Add,
    Sub,
    Mul,
    Div,
    Pow,
    Min,
    Max,
    /// `if a relation b { c } else { d }`
    Select(Relation),
    /// Σ a − Σ b + Σ c·d − Σ e·f; the operands stand in this order.
    Sum(SumShape),
    /// Product of this many operands.
    Product(u8),
}

/// Numbers of terms of a sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct SumShape {
    pub added: u8,
    pub subtracted: u8,
    pub products_added: u8,
    pub products_subtracted: u8,
}

/// A value of the graph.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Node {
    pub kind: Kind,
    pub operands: Vec<ValueId>,
}

/// Nodes, operands before users.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    pub nodes: Vec<Node>,
    pub moves: Vec<Moves>,
    index: HashMap<Node, ValueId>,
}

impl Graph {
    pub(crate) fn push(&mut self, kind: Kind, operands: &[ValueId]) -> ValueId {
        let node = Node {
            kind,
            operands: operands.to_vec(),
        };
        if let Some(&value) = self.index.get(&node) {
            return value;
        }
        let own = match kind {
            Kind::Constant(_) | Kind::Parameter(_) | Kind::Switch(_) => Moves::Patient,
            Kind::Input(_) => Moves::Inputs,
            Kind::Time | Kind::State(_) => Moves::Always,
            _ => Moves::Patient,
        };
        let moves = operands
            .iter()
            .map(|&o| self.moves[o as usize])
            .fold(own, Moves::max);
        let value = self.nodes.len() as ValueId;
        self.index.insert(node.clone(), value);
        self.nodes.push(node);
        self.moves.push(moves);
        value
    }

    pub(crate) fn is_dynamic(&self, value: ValueId) -> bool {
        self.moves[value as usize] == Moves::Always
    }

    pub(crate) fn constant(&mut self, value: f64) -> ValueId {
        self.push(Kind::Constant(value.to_bits()), &[])
    }

    fn is_constant(&self, value: ValueId, number: f64) -> bool {
        self.nodes[value as usize].kind == Kind::Constant(number.to_bits())
    }
}

/// What has to be computed, as values of a graph; the fields are those of [`Program`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Roots {
    pub initial: Vec<ValueId>,
    pub rates: Vec<ValueId>,
    pub jacobian: Vec<ValueId>,
    pub time_derivative: Vec<ValueId>,
    pub observables: Vec<ValueId>,
}

impl Roots {
    pub(crate) fn map(&self, mut rename: impl FnMut(ValueId) -> ValueId) -> Self {
        let mut all = |list: &[ValueId]| list.iter().map(|&v| rename(v)).collect();
        Self {
            initial: all(&self.initial),
            rates: all(&self.rates),
            jacobian: all(&self.jacobian),
            time_derivative: all(&self.time_derivative),
            observables: all(&self.observables),
        }
    }

    /// The lists with the section that needs them.
    pub(crate) fn lists(&self) -> [(Section, &[ValueId]); 5] {
        [
            (Section::Patient, &self.initial),
            (Section::Rates, &self.rates),
            (Section::Jacobian, &self.jacobian),
            (Section::TimeDerivative, &self.time_derivative),
            (Section::Observables, &self.observables),
        ]
    }
}

/// Reads the tape. A quotient becomes a product with a reciprocal where the divisor serves several quotients or
/// changes less often than the dividend: divisions are the slowest arithmetic there is.
pub(crate) fn read(program: &Program) -> (Graph, Roots) {
    let mut divisor_uses: HashMap<ValueId, u32> = HashMap::new();
    for op in &program.tape.ops {
        if let Op::Div(_, b) = op {
            *divisor_uses.entry(*b).or_default() += 1;
        }
    }
    let mut graph = Graph::default();
    let mut place: Vec<ValueId> = Vec::with_capacity(program.tape.len());
    for op in &program.tape.ops {
        let at = |value: ValueId| place[value as usize];
        let value = match *op {
            Op::Constant(c) => graph.constant(c),
            Op::Time => graph.push(Kind::Time, &[]),
            Op::State(i) => graph.push(Kind::State(i), &[]),
            Op::Parameter(i) => graph.push(Kind::Parameter(i), &[]),
            Op::Input(i) => graph.push(Kind::Input(i), &[]),
            Op::Switch(i) => graph.push(Kind::Switch(i), &[]),
            Op::Unary(op, a) => graph.push(Kind::Unary(op), &[at(a)]),
            Op::Add(a, b) => graph.push(Kind::Add, &[at(a), at(b)]),
            Op::Sub(a, b) => graph.push(Kind::Sub, &[at(a), at(b)]),
            Op::Mul(a, b) => graph.push(Kind::Mul, &[at(a), at(b)]),
            Op::Div(a, b) => quotient(&mut graph, at(a), at(b), divisor_uses[&b]),
            Op::Pow(a, b) => graph.push(Kind::Pow, &[at(a), at(b)]),
            Op::Min(a, b) => graph.push(Kind::Min, &[at(a), at(b)]),
            Op::Max(a, b) => graph.push(Kind::Max, &[at(a), at(b)]),
            Op::Select(relation, list) => graph.push(Kind::Select(relation), &list.map(at)),
        };
        place.push(value);
    }
    let all = |list: &[ValueId]| list.iter().map(|&v| place[v as usize]).collect();
    let roots = Roots {
        initial: all(&program.initial),
        rates: all(&program.rates),
        jacobian: all(&program.jacobian),
        time_derivative: all(&program.time_derivative),
        observables: all(&program.observables),
    };
    (graph, roots)
}

fn quotient(graph: &mut Graph, a: ValueId, b: ValueId, uses: u32) -> ValueId {
    let hoisted = graph.is_dynamic(a) && !graph.is_dynamic(b);
    if graph.is_constant(a, 1.0) {
        return graph.push(Kind::Reciprocal, &[b]);
    }
    if hoisted || (uses > 1 && graph.is_dynamic(b)) {
        let reciprocal = graph.push(Kind::Reciprocal, &[b]);
        return graph.push(Kind::Mul, &[a, reciprocal]);
    }
    graph.push(Kind::Div, &[a, b])
}
