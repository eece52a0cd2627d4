//! The equations of a network by name, and which expression belongs to which.

use crate::Network;
use crate::expr::{ExprId, Node};

/// What an equation defines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Variable(usize),
    ProcessRate(usize),
    Coefficient,
    Rate(usize),
    Initial(usize),
    Observable(usize),
}

/// One equation.
pub(super) struct Equation {
    pub kind: Kind,
    pub place: String,
    pub id: ExprId,
}

/// The first equation that an expression stands in, and whether others share it.
#[derive(Clone, Copy)]
struct Owner {
    equation: u32,
    shared: bool,
}

/// A network seen as equations.
pub(super) struct Equations<'n> {
    pub network: &'n Network,
    pub list: Vec<Equation>,
    owners: Vec<Option<Owner>>,
}

impl<'n> Equations<'n> {
    /// All equations. Names of variables and processes come before those of states, since they say more precisely where
    /// a shared part stands.
    pub fn new(network: &'n Network) -> Self {
        let mut list = Vec::new();
        let mut add = |kind, place: String, id| list.push(Equation { kind, place, id });
        for (i, v) in network.variables.iter().enumerate() {
            add(
                Kind::Variable(i),
                format!("variable {}", v.name),
                v.definition,
            );
        }
        for (i, p) in network.processes.iter().enumerate() {
            add(
                Kind::ProcessRate(i),
                format!("rate of process {}", p.name),
                p.rate,
            );
            for &(s, coefficient) in &p.terms {
                let state = &network.states[s as usize].name;
                let place = format!("coefficient of {state} in process {}", p.name);
                add(Kind::Coefficient, place, coefficient);
            }
        }
        for (i, s) in network.states.iter().enumerate() {
            add(Kind::Rate(i), format!("rate of {}", s.name), s.rate);
        }
        for (i, s) in network.states.iter().enumerate() {
            add(
                Kind::Initial(i),
                format!("initial value of {}", s.name),
                s.initial,
            );
        }
        for (i, o) in network.observables.iter().enumerate() {
            add(
                Kind::Observable(i),
                format!("observable {}", o.name),
                o.expression,
            );
        }
        let owners = owners(network, &list);
        Self {
            network,
            list,
            owners,
        }
    }

    /// True where some equation holds the expression.
    pub fn holds(&self, id: ExprId) -> bool {
        self.owners[id.index()].is_some()
    }

    /// Where an expression stands, in words.
    pub fn place(&self, id: ExprId) -> String {
        match self.owners[id.index()] {
            Some(owner) => {
                let place = &self.list[owner.equation as usize].place;
                match owner.shared {
                    true => format!("{place} (and others that share it)"),
                    false => place.clone(),
                }
            }
            None => "no equation".to_owned(),
        }
    }

    /// Which expressions are needed, through variables, by the equations that `wanted` picks.
    pub fn needed(&self, wanted: impl Fn(Kind) -> bool) -> Vec<bool> {
        let nodes = self.network.pool.nodes();
        let mut needed = vec![false; nodes.len()];
        for equation in self.list.iter().filter(|e| wanted(e.kind)) {
            needed[equation.id.index()] = true;
        }
        for i in (0..nodes.len()).rev() {
            if needed[i] {
                for operand in nodes[i].operands() {
                    needed[operand.index()] = true;
                }
            }
        }
        needed
    }

    /// Which expressions depend on a node that `source` picks.
    pub fn depends(&self, source: impl Fn(&Node) -> bool) -> Vec<bool> {
        let nodes = self.network.pool.nodes();
        let mut depends = vec![false; nodes.len()];
        for (i, node) in nodes.iter().enumerate() {
            depends[i] = source(node) || node.operands().any(|o| depends[o.index()]);
        }
        depends
    }

    /// Which expressions change while a simulation runs with constant inputs.
    pub fn moving(&self) -> Vec<bool> {
        self.depends(|n| matches!(n, Node::State(_) | Node::Time))
    }
}

/// Operands have smaller ids than their users, so one pass downwards hands every owner on. Variables stop it: their
/// definitions are equations of their own.
fn owners(network: &Network, list: &[Equation]) -> Vec<Option<Owner>> {
    let nodes = network.pool.nodes();
    let mut owners: Vec<Option<Owner>> = vec![None; nodes.len()];
    for (i, equation) in list.iter().enumerate() {
        let own = Owner {
            equation: u32::try_from(i).unwrap_or(u32::MAX),
            shared: false,
        };
        merge(&mut owners[equation.id.index()], own);
    }
    for i in (0..nodes.len()).rev() {
        if let Some(owner) = owners[i]
            && !matches!(nodes[i], Node::Variable(..))
        {
            for operand in nodes[i].operands() {
                merge(&mut owners[operand.index()], owner);
            }
        }
    }
    owners
}

fn merge(slot: &mut Option<Owner>, other: Owner) {
    *slot = Some(match *slot {
        None => other,
        Some(old) => Owner {
            equation: old.equation.min(other.equation),
            shared: old.shared || other.shared || old.equation != other.equation,
        },
    });
}
