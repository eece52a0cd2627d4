//! Which section each value belongs to, and in which order a section is computed.

use std::collections::{BTreeMap, HashMap};

use super::graph::{Graph, Kind, Moves, Roots};
use crate::program::{Section, ValueId};

/// In which order a section is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrangement {
    /// Equal kinds one after the other, for the interpreter.
    Grouped,
    /// As the expressions are nested, for compiled kernels: what is computed is used soon.
    Local,
}

/// Values of each section in the order of computation.
pub(crate) struct Order {
    pub sections: [Vec<ValueId>; Section::ALL.len()],
}

impl Order {
    pub(crate) fn new(graph: &Graph, roots: &Roots, arrangement: Arrangement) -> Self {
        let section = assign(graph, roots);
        let sections = Section::ALL.map(|wanted| {
            let members: Vec<ValueId> = (0..graph.nodes.len())
                .filter(|&v| section[v] == Some(wanted))
                .map(|v| v as ValueId)
                .collect();
            match arrangement {
                Arrangement::Grouped => group(graph, &members),
                Arrangement::Local => members,
            }
        });
        Self { sections }
    }

    pub(crate) fn section(&self, section: Section) -> &[ValueId] {
        &self.sections[section as usize]
    }
}

/// Gives each needed value the first section that needs it. Observables use nothing of the Jacobian's sections: what
/// both need moves down to the rates.
fn assign(graph: &Graph, roots: &Roots) -> Vec<Option<Section>> {
    let mut section: Vec<Option<Section>> = vec![None; graph.nodes.len()];
    for (dynamic, list) in roots.lists() {
        let mut stack = list.to_vec();
        while let Some(value) = stack.pop() {
            let i = value as usize;
            let own = match graph.moves[i] {
                Moves::Patient => Section::Patient,
                Moves::Inputs => Section::Inputs,
                Moves::Always => dynamic,
            };
            section[i] = match section[i] {
                None => Some(own),
                Some(found)
                    if dynamic == Section::Observables
                        && matches!(found, Section::Jacobian | Section::TimeDerivative) =>
                {
                    Some(Section::Rates)
                }
                Some(_) => continue,
            };
            stack.extend(&graph.nodes[i].operands);
        }
    }
    // Operands of a value that moved down move with it.
    for i in (0..graph.nodes.len()).rev() {
        if section[i] == Some(Section::Rates) {
            for &operand in &graph.nodes[i].operands {
                let found = &mut section[operand as usize];
                if found.is_some_and(|s| s > Section::Rates) {
                    *found = Some(Section::Rates);
                }
            }
        }
    }
    section
}

/// Whether a kind is read from its row instead of computed.
pub(crate) fn is_leaf(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Constant(_)
            | Kind::Time
            | Kind::State(_)
            | Kind::Parameter(_)
            | Kind::Input(_)
            | Kind::Switch(_)
    )
}

/// Orders values so that equal kinds follow one another: of all values whose operands are known, the most frequent
/// kind comes next.
fn group(graph: &Graph, members: &[ValueId]) -> Vec<ValueId> {
    let mut waiting: HashMap<ValueId, usize> = HashMap::new();
    let mut users: HashMap<ValueId, Vec<ValueId>> = HashMap::new();
    let inside: HashMap<ValueId, ()> = members.iter().map(|&v| (v, ())).collect();
    // Ready values by the rank of their kind; ranks follow first appearance, so that the order is reproducible.
    let mut ranks: HashMap<Kind, usize> = HashMap::new();
    let mut ready: BTreeMap<usize, Vec<ValueId>> = BTreeMap::new();
    let mut order: Vec<ValueId> = Vec::with_capacity(members.len());
    for &value in members {
        let node = &graph.nodes[value as usize];
        let rank = ranks.len();
        let rank = *ranks.entry(node.kind).or_insert(rank);
        let mut count = 0;
        for operand in &node.operands {
            if inside.contains_key(operand) && !is_leaf(graph.nodes[*operand as usize].kind) {
                users.entry(*operand).or_default().push(value);
                count += 1;
            }
        }
        if is_leaf(node.kind) {
            order.push(value);
        } else if count == 0 {
            ready.entry(rank).or_default().push(value);
        } else {
            waiting.insert(value, count);
        }
    }
    while let Some(&rank) = ready
        .iter()
        .max_by_key(|(rank, list)| (list.len(), std::cmp::Reverse(**rank)))
        .map(|(rank, _)| rank)
    {
        let mut batch = ready.remove(&rank).unwrap_or_default();
        batch.sort_unstable();
        for &value in &batch {
            for user in users.get(&value).into_iter().flatten() {
                if let Some(count) = waiting.get_mut(user) {
                    *count -= 1;
                    if *count == 0 {
                        let kind = graph.nodes[*user as usize].kind;
                        ready.entry(ranks[&kind]).or_default().push(*user);
                    }
                }
            }
        }
        order.extend(batch);
    }
    order
}
