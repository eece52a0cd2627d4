//! Rows of the working memory: which value lives where.

use std::collections::HashMap;
use std::sync::Arc;

use super::code::{Code, Opcode, RowId};
use super::elimination::Elimination;
use super::factors::{FactorPlaces, FactorPlan};
use super::graph::{Graph, Kind, Moves, Roots};
use super::schedule::{Order, is_leaf};
use super::{DYNAMIC, LaneProgram, Sections, TooLarge, Vectors};
use crate::program::{Program, Section, ValueId};
use crate::scalar::MAXIMUM_STAGES;

/// Vectors of the dense output at most.
pub(super) const DENSE_VECTORS: usize = 3;

/// Rows of values, vectors and factors.
pub(crate) struct Allocation {
    vectors: Vectors,
    time: usize,
    zero: usize,
    lower: Vec<Vec<usize>>,
    upper: Vec<Vec<usize>>,
    pivots: Vec<usize>,
    time_derivative: Option<Vec<usize>>,
    value: Vec<Option<usize>>,
    rows: usize,
}

struct Counter(usize);

impl Counter {
    fn take(&mut self, count: usize) -> usize {
        let first = self.0;
        self.0 += count;
        first
    }
}

impl Allocation {
    pub(crate) fn new(
        program: &Program,
        graph: &Graph,
        roots: &Roots,
        order: &Order,
        elimination: &Elimination,
    ) -> Result<Self, TooLarge> {
        let n = program.dimension();
        let mut next = Counter(0);
        let vectors = Vectors {
            argument: next.take(n),
            state: next.take(n),
            previous: next.take(n),
            result: next.take(n),
            stages: next.take(n * (MAXIMUM_STAGES + 1)),
            dense: next.take(n * DENSE_VECTORS),
        };
        let (time, zero) = (next.take(1), next.take(1));
        let mut vector = |count: usize| (0..count).map(|_| next.take(1)).collect::<Vec<_>>();
        let mut this = Self {
            vectors,
            time,
            zero,
            lower: elimination
                .lower
                .iter()
                .map(|row| vector(row.len()))
                .collect(),
            upper: elimination
                .upper
                .iter()
                .map(|row| vector(row.len()))
                .collect(),
            pivots: vector(n),
            time_derivative: moves_in_time(graph, roots).then(|| vector(n)),
            value: vec![None; graph.nodes.len()],
            rows: 0,
        };
        this.place_still_values(graph, order, &mut next);
        this.place_jacobian(program, graph, roots, order, elimination);
        this.place_moving_values(graph, roots, order, &mut next);
        this.rows = next.0;
        if this.rows > usize::from(RowId::MAX) + 1 {
            return Err(TooLarge { rows: this.rows });
        }
        Ok(this)
    }

    /// Leaves, and what is computed once a patient or input change: rows of their own.
    fn place_still_values(&mut self, graph: &Graph, order: &Order, next: &mut Counter) {
        for &value in order.sections.iter().flatten() {
            let node = &graph.nodes[value as usize];
            let row = match node.kind {
                Kind::State(i) => self.vectors.argument + i as usize,
                Kind::Time => self.time,
                _ if is_leaf(node.kind) || !graph.is_dynamic(value) => next.take(1),
                _ => continue,
            };
            self.value[value as usize] = Some(row);
        }
    }

    /// A Jacobian entry that the Jacobian's section computes for one place only is computed in the factor's row.
    fn place_jacobian(
        &mut self,
        program: &Program,
        graph: &Graph,
        roots: &Roots,
        order: &Order,
        elimination: &Elimination,
    ) {
        let mut position = vec![0; elimination.order.len()];
        for (p, &state) in elimination.order.iter().enumerate() {
            position[state] = p;
        }
        let own: HashMap<ValueId, ()> = order
            .section(Section::Jacobian)
            .iter()
            .map(|&v| (v, ()))
            .collect();
        // A value that fills several places must survive the elimination of the first.
        let mut places: HashMap<ValueId, u32> = HashMap::new();
        for &value in &roots.jacobian {
            *places.entry(value).or_default() += 1;
        }
        for (&value, (row, column)) in roots.jacobian.iter().zip(program.pattern.positions()) {
            let slot = &mut self.value[value as usize];
            if slot.is_some()
                || places[&value] > 1
                || !own.contains_key(&value)
                || !graph.is_dynamic(value)
            {
                continue;
            }
            let (i, j) = (position[row], position[column]);
            let find = |columns: &[usize]| columns.binary_search(&j).ok();
            *slot = match i.cmp(&j) {
                std::cmp::Ordering::Equal => Some(self.pivots[i]),
                std::cmp::Ordering::Greater => {
                    find(&elimination.lower[i]).map(|place| self.lower[i][place])
                }
                std::cmp::Ordering::Less => {
                    find(&elimination.upper[i]).map(|place| self.upper[i][place])
                }
            };
        }
    }

    /// All other moving values share rows once nobody needs them any more.
    fn place_moving_values(
        &mut self,
        graph: &Graph,
        roots: &Roots,
        order: &Order,
        next: &mut Counter,
    ) {
        let sequence: Vec<ValueId> = DYNAMIC
            .iter()
            .flat_map(|&section| order.section(section))
            .copied()
            .filter(|&v| !is_leaf(graph.nodes[v as usize].kind))
            .collect();
        let until_factorised = DYNAMIC[..3]
            .iter()
            .map(|&section| order.section(section))
            .flat_map(|list| list.iter())
            .filter(|&&v| !is_leaf(graph.nodes[v as usize].kind))
            .count();
        let mut last_use = vec![0; graph.nodes.len()];
        for (time, &value) in sequence.iter().enumerate() {
            last_use[value as usize] = last_use[value as usize].max(time);
            for &operand in &graph.nodes[value as usize].operands {
                last_use[operand as usize] = time;
            }
        }
        for (section, list) in roots.lists() {
            let kept = if section == Section::Observables {
                sequence.len()
            } else {
                until_factorised
            };
            for &value in list {
                last_use[value as usize] = last_use[value as usize].max(kept);
            }
        }
        let mut free: Vec<usize> = Vec::new();
        for (time, &value) in sequence.iter().enumerate() {
            let mut released: Vec<ValueId> = graph.nodes[value as usize].operands.clone();
            released.sort_unstable();
            released.dedup();
            for operand in released {
                let shared = self.is_shared(graph, operand);
                if shared && last_use[operand as usize] == time {
                    free.extend(self.value[operand as usize]);
                }
            }
            if self.value[value as usize].is_none() {
                let row = free.pop().unwrap_or_else(|| next.take(1));
                self.value[value as usize] = Some(row);
            }
        }
    }

    /// Whether the row of a placed value may be given to another one.
    fn is_shared(&self, graph: &Graph, value: ValueId) -> bool {
        let factor_rows = self.zero + 1..self.pivots.last().map_or(0, |&last| last + 1);
        graph.is_dynamic(value)
            && !is_leaf(graph.nodes[value as usize].kind)
            && self.value[value as usize].is_some_and(|row| !factor_rows.contains(&row))
    }

    fn row(&self, value: ValueId) -> RowId {
        self.value[value as usize].map_or(0, |row| row as RowId)
    }
}

/// Whether any entry of ∂f/∂t is not the literal zero.
fn moves_in_time(graph: &Graph, roots: &Roots) -> bool {
    roots
        .time_derivative
        .iter()
        .any(|&v| graph.nodes[v as usize].kind != Kind::Constant(0.0_f64.to_bits()))
}

/// Encodes everything with row numbers.
pub(crate) fn assemble(
    program: Arc<Program>,
    graph: &Graph,
    roots: &Roots,
    order: &Order,
    elimination: &Elimination,
    allocation: Allocation,
) -> LaneProgram {
    let encoder = Encoder {
        graph,
        allocation: &allocation,
    };
    let rows_of = |list: &[ValueId]| list.iter().map(|&v| allocation.row(v)).collect::<Vec<_>>();
    let narrow = |rows: &[usize]| rows.iter().map(|&r| r as RowId).collect::<Vec<_>>();
    let rates = rows_of(&roots.rates);
    let factors = factor_plan(&program, roots, elimination, &allocation, &rates);
    let leaf = |pick: &dyn Fn(Kind) -> Option<usize>| -> Vec<(RowId, usize)> {
        (0..graph.nodes.len())
            .filter_map(|v| {
                let row = allocation.value[v]?;
                Some((row as RowId, pick(graph.nodes[v].kind)?))
            })
            .collect()
    };
    let constants = (0..graph.nodes.len())
        .filter_map(|v| match (allocation.value[v], graph.nodes[v].kind) {
            (Some(row), Kind::Constant(bits)) => Some((row as RowId, f64::from_bits(bits))),
            _ => None,
        })
        .chain([(allocation.zero as RowId, 0.0)])
        .collect();
    let needed = encoder.needed_by(&roots.observables);
    let time_derivative = allocation.time_derivative.as_deref().map(narrow);
    let code = Sections {
        patient: encoder.code(order.section(Section::Patient)),
        inputs: encoder.code(order.section(Section::Inputs)),
        rates: encoder.code(order.section(Section::Rates)),
        derivatives: encoder.derivatives(order, roots, time_derivative.as_deref()),
        observables: encoder.observables(order, &needed),
    };
    LaneProgram {
        rows: allocation.rows,
        constants,
        parameters: leaf(&|kind| match kind {
            Kind::Parameter(i) => Some(i as usize),
            _ => None,
        }),
        inputs: leaf(&|kind| match kind {
            Kind::Input(i) => Some(i as usize),
            _ => None,
        }),
        switches: leaf(&|kind| match kind {
            Kind::Switch(i) => Some(i as usize),
            _ => None,
        }),
        time: allocation.time as RowId,
        vectors: allocation.vectors,
        code,
        initial: rows_of(&roots.initial),
        rates,
        diagonal: (0..program.dimension())
            .filter_map(|i| program.pattern.find(i, i))
            .map(|entry| allocation.row(roots.jacobian[entry]))
            .collect(),
        jacobian: rows_of(&roots.jacobian),
        time_derivative,
        observables: rows_of(&roots.observables),
        observed_states: encoder.observed_states(&needed),
        factors,
        factor_entries: elimination.entries() + program.dimension(),
        compiled: None,
        source: program,
    }
}

fn factor_plan(
    program: &Program,
    roots: &Roots,
    elimination: &Elimination,
    allocation: &Allocation,
    rates: &[RowId],
) -> FactorPlan {
    let entries: HashMap<(usize, usize), RowId> = program
        .pattern
        .positions()
        .zip(&roots.jacobian)
        .map(|(place, &value)| (place, allocation.row(value)))
        .collect();
    let narrow = |rows: &Vec<usize>| rows.iter().map(|&r| r as RowId).collect::<Vec<_>>();
    let lower: Vec<Vec<RowId>> = allocation.lower.iter().map(narrow).collect();
    let upper: Vec<Vec<RowId>> = allocation.upper.iter().map(narrow).collect();
    let places = FactorPlaces {
        elimination,
        lower: &lower,
        upper: &upper,
        pivots: &narrow(&allocation.pivots),
        rates,
    };
    let zero = allocation.zero as RowId;
    FactorPlan::new(&places, &|row, column| {
        entries.get(&(row, column)).copied().unwrap_or(zero)
    })
}

struct Encoder<'a> {
    graph: &'a Graph,
    allocation: &'a Allocation,
}

impl Encoder<'_> {
    fn push(&self, code: &mut Code, value: ValueId) {
        let node = &self.graph.nodes[value as usize];
        if let Some(opcode) = Opcode::of(node.kind) {
            let operands: Vec<RowId> = node
                .operands
                .iter()
                .map(|&o| self.allocation.row(o))
                .collect();
            code.push(opcode, self.allocation.row(value), &operands);
        }
    }

    fn code(&self, values: &[ValueId]) -> Code {
        let mut code = Code::default();
        for &value in values {
            self.push(&mut code, value);
        }
        code
    }

    fn derivatives(&self, order: &Order, roots: &Roots, time: Option<&[RowId]>) -> Code {
        let mut code = self.code(order.section(Section::Jacobian));
        for &value in order.section(Section::TimeDerivative) {
            self.push(&mut code, value);
        }
        for (&row, &value) in time.unwrap_or_default().iter().zip(&roots.time_derivative) {
            code.push(Opcode::Copy, row, &[self.allocation.row(value)]);
        }
        code
    }

    /// Which values the roots depend on.
    fn needed_by(&self, roots: &[ValueId]) -> Vec<bool> {
        let mut needed = vec![false; self.graph.nodes.len()];
        let mut stack = roots.to_vec();
        while let Some(value) = stack.pop() {
            if !std::mem::replace(&mut needed[value as usize], true) {
                stack.extend(&self.graph.nodes[value as usize].operands);
            }
        }
        needed
    }

    fn observables(&self, order: &Order, needed: &[bool]) -> Code {
        let mut code = Code::default();
        for section in [Section::Rates, Section::Observables] {
            for &value in order.section(section) {
                if needed[value as usize] && self.graph.moves[value as usize] == Moves::Always {
                    self.push(&mut code, value);
                }
            }
        }
        code
    }

    fn observed_states(&self, needed: &[bool]) -> Vec<u16> {
        let mut states: Vec<u16> = (0..needed.len())
            .filter(|&v| needed[v])
            .filter_map(|v| match self.graph.nodes[v].kind {
                Kind::State(i) => Some(i as u16),
                _ => None,
            })
            .collect();
        states.sort_unstable();
        states
    }
}
