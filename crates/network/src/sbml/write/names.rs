//! Identifiers of everything in one document.

use crate::expr::Node;
use crate::model::Network;
use crate::sbml::ids::sid;
use crate::sbml::mathml::Symbols;

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
