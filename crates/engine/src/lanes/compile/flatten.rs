//! Chains of additions and multiplications become sums of products and products of many factors: their intermediate
//! results stay in registers, and multiplications fuse with additions. Factors and terms that do not move with the
//! state are gathered first, so that their product or sum is computed once a patient or input change.

use gutskin_network::expr::Unary;

use super::graph::{Graph, Kind, Roots, SumShape};
use crate::program::ValueId;

/// Longest chain in one node; longer ones become several.
const LONGEST: usize = 200;

/// Rewrites a graph.
pub(crate) fn flatten(graph: &Graph, roots: &Roots) -> (Graph, Roots) {
    let mut flattener = Flattener {
        source: graph,
        uses: count_uses(graph, roots),
        target: Graph::default(),
        place: vec![None; graph.nodes.len()],
    };
    let roots = roots.map(|value| flattener.convert(value));
    (flattener.target, roots)
}

fn count_uses(graph: &Graph, roots: &Roots) -> Vec<u32> {
    let mut needed = vec![false; graph.nodes.len()];
    let mut uses = vec![0; graph.nodes.len()];
    for (_, list) in roots.lists() {
        for &value in list {
            needed[value as usize] = true;
            // A value that is asked for by itself must exist by itself.
            uses[value as usize] += 2;
        }
    }
    for value in (0..graph.nodes.len()).rev() {
        if needed[value] {
            for &operand in &graph.nodes[value].operands {
                needed[operand as usize] = true;
                uses[operand as usize] += 1;
            }
        }
    }
    uses
}

struct Flattener<'g> {
    source: &'g Graph,
    uses: Vec<u32>,
    target: Graph,
    place: Vec<Option<ValueId>>,
}

/// A term of a sum: one factor or two.
enum Term {
    Value(ValueId),
    Product(ValueId, ValueId),
}

#[derive(Default)]
struct Terms {
    list: Vec<(bool, Term)>,
}

impl Flattener<'_> {
    /// The value in the new graph. Operands have smaller numbers than users, so that depth is bounded by converting
    /// them in order first.
    fn convert(&mut self, root: ValueId) -> ValueId {
        let mut stack = vec![root];
        while let Some(&value) = stack.last() {
            if self.place[value as usize].is_some() {
                stack.pop();
                continue;
            }
            let before = stack.len();
            let leaves = self.leaves(value);
            stack.extend(
                leaves
                    .into_iter()
                    .filter(|&leaf| self.place[leaf as usize].is_none()),
            );
            if stack.len() == before {
                let converted = self.build(value);
                self.place[value as usize] = Some(converted);
                stack.pop();
            }
        }
        self.at(root)
    }

    fn at(&self, value: ValueId) -> ValueId {
        self.place[value as usize].unwrap_or(0)
    }

    fn kind(&self, value: ValueId) -> Kind {
        self.source.nodes[value as usize].kind
    }

    /// Whether a value exists only for its one user and may be merged into it.
    fn merges(&self, value: ValueId) -> bool {
        self.uses[value as usize] == 1 && self.source.is_dynamic(value)
    }

    fn is_sum(&self, value: ValueId) -> bool {
        matches!(
            self.kind(value),
            Kind::Add | Kind::Sub | Kind::Unary(Unary::Neg)
        )
    }

    /// Factors and sign of a product (one factor for anything else).
    fn factors(&self, value: ValueId) -> (bool, Vec<ValueId>) {
        let (mut negative, mut list) = (false, Vec::new());
        let mut stack = vec![(value, true)];
        while let Some((value, top)) = stack.pop() {
            let operands = &self.source.nodes[value as usize].operands;
            let open = top || (self.merges(value) && list.len() + stack.len() < LONGEST);
            match self.kind(value) {
                Kind::Mul if open => stack.extend(operands.iter().rev().map(|&o| (o, false))),
                Kind::Unary(Unary::Neg) if open && !top => {
                    negative = !negative;
                    stack.push((operands[0], false));
                }
                _ => list.push(value),
            }
        }
        (negative, list)
    }

    /// Signed terms of a sum.
    fn terms(&self, value: ValueId) -> Vec<(bool, ValueId)> {
        let mut list = Vec::new();
        let mut stack = vec![(false, value, true)];
        while let Some((negative, value, top)) = stack.pop() {
            let operands = &self.source.nodes[value as usize].operands;
            let open = top || (self.merges(value) && list.len() + stack.len() < LONGEST);
            match self.kind(value) {
                Kind::Add if open => {
                    stack.push((negative, operands[1], false));
                    stack.push((negative, operands[0], false));
                }
                Kind::Sub if open => {
                    stack.push((!negative, operands[1], false));
                    stack.push((negative, operands[0], false));
                }
                Kind::Unary(Unary::Neg) if open => stack.push((!negative, operands[0], false)),
                _ => list.push((negative, value)),
            }
        }
        list
    }

    /// Values of the old graph that must be converted before this one is built.
    fn leaves(&self, value: ValueId) -> Vec<ValueId> {
        if !self.source.is_dynamic(value) {
            return self.source.nodes[value as usize].operands.clone();
        }
        if self.is_sum(value) {
            let mut leaves = Vec::new();
            for (_, term) in self.terms(value) {
                if self.kind(term) == Kind::Mul && self.merges(term) {
                    leaves.extend(self.factors(term).1);
                } else {
                    leaves.push(term);
                }
            }
            return leaves;
        }
        if self.kind(value) == Kind::Mul {
            return self.factors(value).1;
        }
        self.source.nodes[value as usize].operands.clone()
    }

    fn build(&mut self, value: ValueId) -> ValueId {
        if self.source.is_dynamic(value) {
            if self.is_sum(value) {
                return self.build_sum(value);
            }
            if self.kind(value) == Kind::Mul {
                let (negative, list) = self.factors(value);
                let product = self.product(&list);
                return if negative {
                    self.target.push(Kind::Unary(Unary::Neg), &[product])
                } else {
                    product
                };
            }
        }
        let node = &self.source.nodes[value as usize];
        let operands: Vec<ValueId> = node.operands.iter().map(|&o| self.at(o)).collect();
        self.target.push(node.kind, &operands)
    }

    /// Converted factors, those that do not move gathered into one.
    fn gathered(&mut self, factors: &[ValueId]) -> Vec<ValueId> {
        let converted: Vec<ValueId> = factors.iter().map(|&f| self.at(f)).collect();
        let (moving, still): (Vec<ValueId>, Vec<ValueId>) = converted
            .into_iter()
            .partition(|&f| self.target.is_dynamic(f));
        let gathered = still
            .into_iter()
            .reduce(|a, b| self.target.push(Kind::Mul, &[a, b]));
        gathered.into_iter().chain(moving).collect()
    }

    fn product(&mut self, factors: &[ValueId]) -> ValueId {
        let list = self.gathered(factors);
        self.product_of(&list)
    }

    fn product_of(&mut self, list: &[ValueId]) -> ValueId {
        match list {
            [] => self.target.constant(1.0),
            [only] => *only,
            [a, b] => self.target.push(Kind::Mul, &[*a, *b]),
            _ => self.target.push(Kind::Product(list.len() as u8), list),
        }
    }

    fn build_sum(&mut self, value: ValueId) -> ValueId {
        let mut terms = Terms::default();
        let mut still: Vec<(bool, ValueId)> = Vec::new();
        for (negative, term) in self.terms(value) {
            if self.kind(term) == Kind::Mul && self.merges(term) {
                let (flip, factors) = self.factors(term);
                let list = self.gathered(&factors);
                let term = match list.split_last() {
                    Some((&last, rest)) if !rest.is_empty() => {
                        Term::Product(self.product_of(rest), last)
                    }
                    _ => Term::Value(self.product_of(&list)),
                };
                terms.list.push((negative != flip, term));
            } else {
                let converted = self.at(term);
                if self.target.is_dynamic(converted) {
                    terms.list.push((negative, Term::Value(converted)));
                } else {
                    still.push((negative, converted));
                }
            }
        }
        if let Some(constant) = self.gathered_terms(&still) {
            terms.list.insert(0, (false, Term::Value(constant)));
        }
        self.sum(&terms)
    }

    fn gathered_terms(&mut self, still: &[(bool, ValueId)]) -> Option<ValueId> {
        let mut sum = None;
        for &(negative, value) in still {
            sum = Some(match (sum, negative) {
                (None, false) => value,
                (None, true) => self.target.push(Kind::Unary(Unary::Neg), &[value]),
                (Some(sum), false) => self.target.push(Kind::Add, &[sum, value]),
                (Some(sum), true) => self.target.push(Kind::Sub, &[sum, value]),
            });
        }
        sum
    }

    fn sum(&mut self, terms: &Terms) -> ValueId {
        let pick = |negative: bool, product: bool| -> Vec<ValueId> {
            terms
                .list
                .iter()
                .filter(|(sign, _)| *sign == negative)
                .flat_map(|(_, term)| match term {
                    Term::Value(v) if !product => vec![*v],
                    Term::Product(a, b) if product => vec![*a, *b],
                    _ => Vec::new(),
                })
                .collect()
        };
        let parts = [
            pick(false, false),
            pick(true, false),
            pick(false, true),
            pick(true, true),
        ];
        let shape = SumShape {
            added: parts[0].len() as u8,
            subtracted: parts[1].len() as u8,
            products_added: (parts[2].len() / 2) as u8,
            products_subtracted: (parts[3].len() / 2) as u8,
        };
        let operands = parts.concat();
        match (shape.added, shape.subtracted, operands.len()) {
            (1, 0, 1) => operands[0],
            (0, 1, 1) => self.target.push(Kind::Unary(Unary::Neg), &operands),
            (2, 0, 2) => self.target.push(Kind::Add, &operands),
            (1, 1, 2) => self.target.push(Kind::Sub, &operands),
            _ => self.target.push(Kind::Sum(shape), &operands),
        }
    }
}
