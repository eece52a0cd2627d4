//! Identifiers of everything in one document.

use crate::expr::{ExprId, Node};
use crate::model::Network;
use crate::sbml::ids::sid;
use crate::sbml::mathml::Symbols;
use std::collections::{HashMap, HashSet};

/// Identifiers in the order of the network's lists.
pub(super) struct Ids {
    pub model: String,
    pub states: Vec<String>,
    pub parameters: Vec<String>,
    pub inputs: Vec<String>,
    pub switches: Vec<String>,
    pub variables: Vec<String>,
    /// `None` where an observable shows a symbol under the symbol's own name.
    pub observables: Vec<Option<String>>,
}

impl Ids {
    pub(super) fn new(n: &Network) -> Self {
        let mut this = Self {
            model: model_id(n),
            states: n.states.iter().map(|x| sid(&x.name)).collect(),
            parameters: n.parameters.iter().map(|x| sid(&x.name)).collect(),
            inputs: n.inputs.iter().map(|x| sid(&x.name)).collect(),
            switches: n.switches.iter().map(|x| sid(&x.name)).collect(),
            variables: n.variables.iter().map(|x| sid(&x.name)).collect(),
            observables: Vec::new(),
        };
        let observables = n.observables.iter().map(|o| {
            let id = sid(&o.name);
            let node = n.pool.node(o.expression);
            let shows = super::is_symbol(node) && this.id(node) == id;
            (!shows).then_some(id)
        });
        this.observables = observables.collect();
        this
    }
}

/// Identifiers of the parts of expressions that stand as parameters of their own.
pub(super) struct Parts {
    pub ids: HashMap<ExprId, String>,
    /// Number of the process whose rate a part is.
    pub processes: HashMap<ExprId, usize>,
    /// Each part after those it uses.
    pub order: Vec<ExprId>,
}

impl Parts {
    /// Rates of processes carry the name of their process, where nothing else does; other parts are numbered.
    pub(super) fn new(n: &Network, ids: &Ids, order: Vec<ExprId>) -> Self {
        let mut taken: HashSet<String> = n.names().map(|(name, _)| sid(name)).collect();
        taken.insert(ids.model.clone());
        let among: HashSet<ExprId> = order.iter().copied().collect();
        let mut this = Self {
            ids: HashMap::new(),
            processes: HashMap::new(),
            order,
        };
        for (i, p) in n.processes.iter().enumerate() {
            let id = sid(&p.name);
            let free = crate::is_name(&p.name) && !this.processes.contains_key(&p.rate);
            if free && among.contains(&p.rate) && taken.insert(id.clone()) {
                this.processes.insert(p.rate, i);
                this.ids.insert(p.rate, id);
            }
        }
        for (i, &part) in this.order.iter().enumerate() {
            let number = || format!("_shared_{}", i + 1);
            this.ids.entry(part).or_insert_with(number);
        }
        this
    }
}

impl Symbols for Ids {
    fn id(&self, node: Node) -> &str {
        let (list, i) = match node {
            Node::State(i) => (&self.states, i),
            Node::Parameter(i) => (&self.parameters, i),
            Node::Input(i) => (&self.inputs, i),
            Node::Switch(i) => (&self.switches, i),
            Node::Variable(i, _) => (&self.variables, i),
            _ => return "",
        };
        list.get(i as usize).map_or("", String::as_str)
    }
}

/// The model's id: its name in the alphabet of identifiers, and not that of anything in it (both share one space).
fn model_id(n: &Network) -> String {
    let mut id: String = n
        .name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    if !id.starts_with(|c: char| c.is_ascii_alphabetic()) {
        id.insert_str(0, "model_");
    }
    while n.names().any(|(name, _)| sid(name) == id)
        || crate::expr::Function::from_name(&id).is_some()
    {
        id.push_str("_model");
    }
    id
}
