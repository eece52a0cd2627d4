//! Plain evaluation of a pool: slow, simple, the yardstick for compiled programs.

use super::{ExprId, Node, Pool};

/// Numbers for every symbol.
#[derive(Clone, Debug, Default)]
pub struct Values {
    /// The clock.
    pub time: f64,
    /// One value a state.
    pub states: Vec<f64>,
    /// One value a parameter.
    pub parameters: Vec<f64>,
    /// One value an input.
    pub inputs: Vec<f64>,
    /// One value (0 or 1) a switch.
    pub switches: Vec<f64>,
}

impl Pool {
    /// Values of `roots`, in order. A symbol without a value gives NaN.
    pub fn evaluate(&self, roots: &[ExprId], values: &Values) -> Vec<f64> {
        let mut memo: Vec<Option<f64>> = vec![None; self.len()];
        let mut scratch = Scratch::default();
        roots
            .iter()
            .map(|&root| scratch.value(self, root, values, &mut memo))
            .collect()
    }
}

#[derive(Default)]
struct Scratch {
    stack: Vec<ExprId>,
}

impl Scratch {
    /// Depth-first without recursion, since chains can be long.
    fn value(
        &mut self,
        pool: &Pool,
        root: ExprId,
        values: &Values,
        memo: &mut [Option<f64>],
    ) -> f64 {
        self.stack.push(root);
        while let Some(&id) = self.stack.last() {
            if memo[id.index()].is_some() {
                self.stack.pop();
                continue;
            }
            let node = pool.node(id);
            let before = self.stack.len();
            self.stack
                .extend(node.operands().filter(|o| memo[o.index()].is_none()));
            if self.stack.len() == before {
                memo[id.index()] = Some(apply(node, values, memo));
                self.stack.pop();
            }
        }
        memo[root.index()].unwrap_or(f64::NAN)
    }
}

fn apply(node: Node, values: &Values, memo: &[Option<f64>]) -> f64 {
    let of = |id: ExprId| memo[id.index()].unwrap_or(f64::NAN);
    let at = |list: &[f64], i: u32| list.get(i as usize).copied().unwrap_or(f64::NAN);
    match node {
        Node::Constant(bits) => f64::from_bits(bits),
        Node::Time => values.time,
        Node::State(i) => at(&values.states, i),
        Node::Parameter(i) => at(&values.parameters, i),
        Node::Input(i) => at(&values.inputs, i),
        Node::Switch(i) => at(&values.switches, i),
        Node::Variable(_, definition) => of(definition),
        Node::Unary(op, a) => op.apply(of(a)),
        Node::Binary(op, a, b) => op.apply(of(a), of(b)),
        Node::Select {
            relation,
            left,
            right,
            then,
            otherwise,
        } => {
            if relation.holds(of(left), of(right)) {
                of(then)
            } else {
                of(otherwise)
            }
        }
        Node::Call(function, arguments) => {
            let mut local = Pool::new();
            let numbers: Vec<ExprId> = arguments[..function.arity()]
                .iter()
                .map(|&a| local.constant(of(a)))
                .collect();
            let body = function.expand(&mut local, &numbers);
            if let Some(folded) = local.as_constant(body) {
                return folded;
            }
            // Not folded only where a part is not finite; evaluate what is left.
            local.evaluate(&[body], &Values::default())[0]
        }
    }
}
