//! Lowering a network to a program.

use super::{Op, Pattern, Program, Section, Tape, ValueId};
use gutskin_network::Network;
use gutskin_network::expr::{Binary, Differentiator, ExprId, Node, Pool, Saturating, Unary};
use std::collections::HashMap;
use thiserror::Error;

/// What to compile.
#[derive(Clone, Debug, Default)]
pub struct ProgramOptions {
    /// Names of observables (or states, or variables) to report; all declared observables where `None`.
    pub observables: Option<Vec<String>>,
}

/// Why a network cannot be compiled.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum ProgramError {
    /// An observable that does not exist.
    #[error("nothing observable is named \"{name}\"{hint}")]
    UnknownObservable {
        /// The name asked for.
        name: String,
        /// «; did you mean "…"?», or nothing.
        hint: String,
    },
    /// An initial value that depends on time, a state or an input.
    #[error(
        "the initial value of \"{state}\" depends on time, a state or an input; use parameters, switches and numbers only"
    )]
    InitialNotConstant {
        /// The state.
        state: String,
    },
    /// A network without states.
    #[error("the network \"{name}\" has no state; there is nothing to integrate")]
    NoStates {
        /// Its name.
        name: String,
    },
}

impl Program {
    /// Compiles a network: saturating terms that do not overflow, derivatives, common sub-expressions, sections.
    ///
    /// # Errors
    /// [`ProgramError`].
    pub fn new(network: &Network, options: &ProgramOptions) -> Result<Program, ProgramError> {
        if network.states.is_empty() {
            return Err(ProgramError::NoStates {
                name: network.name.clone(),
            });
        }
        let chosen = choose_observables(network, options)?;
        let mut pool = network.pool.clone();
        let safe = Saturating::new(&mut pool);
        let rates: Vec<ExprId> = network.states.iter().map(|s| safe.of(s.rate)).collect();
        let derivatives = Derivatives::new(&mut pool, &rates);
        let mut lowering = Lowering::new(&pool);
        let initial = lowering.group(network.states.iter().map(|s| safe.of(s.initial)), &mut pool);
        let rates = lowering.group(rates.into_iter(), &mut pool);
        let jacobian = lowering.group(derivatives.entries.iter().copied(), &mut pool);
        let time_derivative = lowering.group(derivatives.time.iter().copied(), &mut pool);
        let observables = lowering.group(chosen.iter().map(|c| safe.of(c.1)), &mut pool);
        for (state, &value) in network.states.iter().zip(&initial) {
            if lowering.moves[value as usize] != Moves::Never {
                return Err(ProgramError::InitialNotConstant {
                    state: state.name.clone(),
                });
            }
        }
        let targets = [&initial, &rates, &jacobian, &time_derivative, &observables];
        let layout = lowering.layout(targets);
        let place = |list: &[ValueId]| list.iter().map(|&v| layout.place[v as usize]).collect();
        Ok(Program {
            name: network.name.clone(),
            initial: place(&initial),
            rates: place(&rates),
            jacobian: place(&jacobian),
            time_derivative: place(&time_derivative),
            observables: place(&observables),
            pattern: derivatives.pattern,
            tape: layout.tape,
            sections: layout.sections,
            observable_names: chosen.into_iter().map(|c| c.0).collect(),
            state_names: network.states.iter().map(|s| s.name.clone()).collect(),
            typical: network.states.iter().map(|s| s.typical).collect(),
            non_negative: network.states.iter().map(|s| s.non_negative).collect(),
            parameter_defaults: network.parameter_values(),
            parameter_names: network.parameters.iter().map(|p| p.name.clone()).collect(),
            input_defaults: network.input_values(),
            input_names: network.inputs.iter().map(|i| i.name.clone()).collect(),
            switch_defaults: network.switch_values(),
            switch_names: network.switches.iter().map(|s| s.name.clone()).collect(),
            invariants: kept_invariants(network),
        })
    }
}

/// Invariants that no input adds to: the others would be kept against what an input brings.
fn kept_invariants(network: &Network) -> Vec<Vec<(u32, f64)>> {
    let always = gutskin_network::check::unconditional(network);
    let declared = network.invariants.iter().zip(always);
    declared
        .filter(|(_, always)| *always)
        .map(|(invariant, _)| invariant.terms.clone())
        .collect()
}

/// Names and expressions of what is reported.
fn choose_observables(
    network: &Network,
    options: &ProgramOptions,
) -> Result<Vec<(String, ExprId)>, ProgramError> {
    let Some(names) = &options.observables else {
        return Ok(network
            .observables
            .iter()
            .map(|o| (o.name.clone(), o.expression))
            .collect());
    };
    let mut state_nodes = HashMap::new();
    for (i, &node) in network.pool.nodes().iter().enumerate() {
        if let Node::State(s) = node {
            state_nodes.insert(s, ExprId(u32::try_from(i).unwrap_or(u32::MAX)));
        }
    }
    names
        .iter()
        .map(|name| {
            let declared = network.observables.iter().find(|o| &o.name == name);
            let found = declared
                .map(|o| o.expression)
                .or_else(|| {
                    network
                        .variables
                        .iter()
                        .find(|v| &v.name == name)
                        .map(|v| v.definition)
                })
                .or_else(|| {
                    network
                        .state(name)
                        .and_then(|s| state_nodes.get(&s).copied())
                });
            found
                .map(|id| (name.clone(), id))
                .ok_or_else(|| ProgramError::UnknownObservable {
                    name: name.clone(),
                    hint: gutskin_network::nearest(name, network.names().map(|n| n.0))
                        .map_or(String::new(), |n| format!("; did you mean \"{n}\"?")),
                })
        })
        .collect()
}

/// Jacobian and time derivative as expressions.
struct Derivatives {
    pattern: Pattern,
    entries: Vec<ExprId>,
    time: Vec<ExprId>,
}

impl Derivatives {
    fn new(pool: &mut Pool, rates: &[ExprId]) -> Self {
        let n = rates.len();
        let differentiator = Differentiator::new(pool, rates);
        let mut rows_of: HashMap<ExprId, Vec<usize>> = HashMap::new();
        for (row, &rate) in rates.iter().enumerate() {
            rows_of.entry(rate).or_default().push(row);
        }
        let (mut pairs, mut entries) = (Vec::new(), HashMap::new());
        for column in 0..n {
            let symbol = pool.intern(Node::State(u32::try_from(column).unwrap_or(u32::MAX)));
            for (expression, derivative) in differentiator.derivatives(pool, symbol) {
                if pool.as_constant(derivative) == Some(0.0) {
                    continue;
                }
                for &row in rows_of.get(&expression).map_or(&[][..], Vec::as_slice) {
                    pairs.push((row, column));
                    entries.insert((row, column), derivative);
                }
            }
        }
        let zero = pool.constant(0.0);
        let clock = pool.intern(Node::Time);
        let by_time = differentiator.derivatives(pool, clock);
        let time = rates
            .iter()
            .map(|r| by_time.get(r).copied().unwrap_or(zero))
            .collect();
        let pattern = Pattern::from_pairs(n, pairs);
        let entries = pattern.positions().map(|p| entries[&p]).collect();
        Self {
            pattern,
            entries,
            time,
        }
    }
}

/// How often a value changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Moves {
    Never,
    WithInputs,
    Always,
}

/// Pool expressions → operations, each once.
struct Lowering {
    ops: Vec<Op>,
    moves: Vec<Moves>,
    known: HashMap<ExprId, ValueId>,
    shared: HashMap<OpKey, ValueId>,
}

/// An operation as a hash key (constants by bits).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct OpKey(u8, u8, [u64; 4]);

impl OpKey {
    fn new(op: &Op) -> OpKey {
        let pair = |tag, a: u32, b: u32| OpKey(tag, 0, [u64::from(a), u64::from(b), 0, 0]);
        match *op {
            Op::Constant(v) => OpKey(0, 0, [v.to_bits(), 0, 0, 0]),
            Op::Time => OpKey(1, 0, [0; 4]),
            Op::State(i) => pair(2, i, 0),
            Op::Parameter(i) => pair(3, i, 0),
            Op::Input(i) => pair(4, i, 0),
            Op::Switch(i) => pair(5, i, 0),
            Op::Unary(op, a) => OpKey(6, op as u8, [u64::from(a), 0, 0, 0]),
            Op::Add(a, b) => pair(7, a.min(b), a.max(b)),
            Op::Sub(a, b) => pair(8, a, b),
            Op::Mul(a, b) => pair(9, a.min(b), a.max(b)),
            Op::Div(a, b) => pair(10, a, b),
            Op::Pow(a, b) => pair(11, a, b),
            Op::Min(a, b) => pair(12, a, b),
            Op::Max(a, b) => pair(13, a, b),
            Op::Select(relation, l) => OpKey(14, relation as u8, l.map(u64::from)),
        }
    }
}

impl Lowering {
    fn new(pool: &Pool) -> Self {
        Self {
            ops: Vec::with_capacity(pool.len()),
            moves: Vec::with_capacity(pool.len()),
            known: HashMap::new(),
            shared: HashMap::new(),
        }
    }

    fn group(&mut self, roots: impl Iterator<Item = ExprId>, pool: &mut Pool) -> Vec<ValueId> {
        roots.map(|r| self.lower(pool, r)).collect()
    }

    fn push(&mut self, op: Op) -> ValueId {
        if let Some(&value) = self.shared.get(&OpKey::new(&op)) {
            return value;
        }
        let moves = match op {
            Op::Constant(_) | Op::Parameter(_) | Op::Switch(_) => Moves::Never,
            Op::Input(_) => Moves::WithInputs,
            Op::Time | Op::State(_) => Moves::Always,
            _ => op
                .operands()
                .map(|o| self.moves[o as usize])
                .max()
                .unwrap_or(Moves::Never),
        };
        let value = u32::try_from(self.ops.len()).unwrap_or(u32::MAX);
        self.shared.insert(OpKey::new(&op), value);
        self.ops.push(op);
        self.moves.push(moves);
        value
    }

    /// Depth-first with an own stack: expressions can be deep.
    fn lower(&mut self, pool: &mut Pool, root: ExprId) -> ValueId {
        let mut stack = vec![root];
        while let Some(&id) = stack.last() {
            if self.known.contains_key(&id) {
                stack.pop();
                continue;
            }
            let node = match pool.node(id) {
                Node::Call(function, arguments) => {
                    let body = function.expand(pool, &arguments[..function.arity()]);
                    Node::Variable(0, body)
                }
                other => other,
            };
            let before = stack.len();
            stack.extend(node.operands().filter(|o| !self.known.contains_key(o)));
            if stack.len() == before {
                let value = self.lower_node(pool, node);
                self.known.insert(id, value);
                stack.pop();
            }
        }
        self.known[&root]
    }

    fn lower_node(&mut self, pool: &Pool, node: Node) -> ValueId {
        let v = |id: ExprId| self.known[&id];
        match node {
            Node::Constant(bits) => self.push(Op::Constant(f64::from_bits(bits))),
            Node::Time => self.push(Op::Time),
            Node::State(i) => self.push(Op::State(i)),
            Node::Parameter(i) => self.push(Op::Parameter(i)),
            Node::Input(i) => self.push(Op::Input(i)),
            Node::Switch(i) => self.push(Op::Switch(i)),
            Node::Variable(_, a) => v(a),
            Node::Unary(op, a) => {
                let a = v(a);
                self.push(Op::Unary(op, a))
            }
            Node::Binary(Binary::Pow, a, b) => {
                let (base, exponent) = (v(a), v(b));
                match pool.as_constant(b) {
                    Some(p) => self.constant_power(base, exponent, p),
                    None => self.push(Op::Pow(base, exponent)),
                }
            }
            Node::Binary(op, a, b) => {
                let (a, b) = (v(a), v(b));
                self.push(match op {
                    Binary::Add => Op::Add(a, b),
                    Binary::Sub => Op::Sub(a, b),
                    Binary::Mul => Op::Mul(a, b),
                    Binary::Div => Op::Div(a, b),
                    Binary::Min => Op::Min(a, b),
                    Binary::Max => Op::Max(a, b),
                    Binary::Pow => Op::Pow(a, b),
                })
            }
            Node::Select {
                relation,
                left,
                right,
                then,
                otherwise,
            } => {
                let list = [v(left), v(right), v(then), v(otherwise)];
                self.push(Op::Select(relation, list))
            }
            Node::Call(..) => self.push(Op::Constant(f64::NAN)),
        }
    }

    /// Small whole powers become products, halves and eighths become roots: cheaper and defined for negative bases.
    fn constant_power(&mut self, base: ValueId, exponent: ValueId, p: f64) -> ValueId {
        if p < 0.0 && is_cheap_power(-p) {
            let positive = self.positive_power(base, -p);
            let one = self.push(Op::Constant(1.0));
            return self.push(Op::Div(one, positive));
        }
        if is_cheap_power(p) {
            return self.positive_power(base, p);
        }
        self.push(Op::Pow(base, exponent))
    }

    fn positive_power(&mut self, base: ValueId, p: f64) -> ValueId {
        if p < 1.0 {
            let root = self.push(Op::Unary(Unary::Sqrt, base));
            return self.positive_power(root, 2.0 * p);
        }
        let mut remaining = p as u32;
        let (mut square, mut product) = (base, None);
        while remaining > 0 {
            if remaining & 1 == 1 {
                product = Some(match product {
                    Some(sofar) => self.push(Op::Mul(sofar, square)),
                    None => square,
                });
            }
            remaining >>= 1;
            if remaining > 0 {
                square = self.push(Op::Mul(square, square));
            }
        }
        product.unwrap_or(base)
    }

    /// Sorts operations into sections, drops what nobody needs.
    fn layout(&self, targets: [&Vec<ValueId>; 5]) -> Layout {
        let [initial, rates, jacobian, time, observables] = targets;
        let dynamic = [
            (Section::Rates, rates),
            (Section::Jacobian, jacobian),
            (Section::TimeDerivative, time),
            (Section::Observables, observables),
        ];
        let mut section: Vec<Option<Section>> = vec![None; self.ops.len()];
        self.mark(initial, Section::Patient, &mut section);
        for (name, list) in dynamic {
            self.mark(list, name, &mut section);
        }
        Layout::new(&self.ops, &section)
    }

    /// Gives a section to everything the roots need that has none yet.
    fn mark(&self, roots: &[ValueId], dynamic: Section, section: &mut [Option<Section>]) {
        let mut stack = roots.to_vec();
        while let Some(value) = stack.pop() {
            let i = value as usize;
            let own = match self.moves[i] {
                Moves::Never => Section::Patient,
                Moves::WithInputs => Section::Inputs,
                Moves::Always => dynamic,
            };
            // Observables must not lean on the Jacobian's sections: such values move down to the rates.
            let shared = match section[i] {
                None => own,
                Some(s) if dynamic == Section::Observables && s > Section::Rates && s < own => {
                    Section::Rates
                }
                Some(_) => continue,
            };
            section[i] = Some(shared);
            stack.extend(self.ops[i].operands());
        }
    }
}

fn is_cheap_power(p: f64) -> bool {
    (p.fract() == 0.0 && (1.0..=16.0).contains(&p)) || [0.5, 0.25, 0.125].contains(&p)
}

struct Layout {
    tape: Tape,
    sections: [std::ops::Range<usize>; Section::ALL.len()],
    place: Vec<ValueId>,
}

impl Layout {
    fn new(ops: &[Op], section: &[Option<Section>]) -> Layout {
        let mut place = vec![u32::MAX; ops.len()];
        let mut tape = Tape::default();
        let sections = Section::ALL.map(|wanted| {
            let start = tape.ops.len();
            for (i, op) in ops.iter().enumerate() {
                if section[i] == Some(wanted) {
                    place[i] = u32::try_from(tape.ops.len()).unwrap_or(u32::MAX);
                    let renamed = op.renamed(|o| place[o as usize]);
                    tape.ops.push(renamed);
                }
            }
            start..tape.ops.len()
        });
        Layout {
            tape,
            sections,
            place,
        }
    }
}
