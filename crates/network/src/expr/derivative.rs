//! Symbolic derivatives: forward, one symbol at a time, touching only the nodes that depend on it.

use super::saturation::written_out;
use super::{Binary, ExprId, Node, Pool, Relation, Unary};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

/// Differentiates expressions of one pool. It snapshots which node is used where, after expanding named functions, so
/// that each derivative costs only the nodes that depend on the symbol.
#[derive(Debug)]
pub struct Differentiator {
    users: Vec<Vec<ExprId>>,
    expanded: HashMap<ExprId, ExprId>,
}

impl Differentiator {
    /// Prepares for derivatives of everything reachable from `roots`.
    pub fn new(pool: &mut Pool, roots: &[ExprId]) -> Self {
        let mut this = Self {
            users: Vec::new(),
            expanded: HashMap::new(),
        };
        let mut seen = Vec::new();
        let mut stack = roots.to_vec();
        while let Some(id) = stack.pop() {
            if seen.len() <= id.index() {
                seen.resize(id.index() + 1, false);
            }
            if std::mem::replace(&mut seen[id.index()], true) {
                continue;
            }
            for operand in this.dependencies(pool, id) {
                this.add_user(operand, id);
                stack.push(operand);
            }
        }
        this
    }

    /// Operands, or the expansion for a named function.
    fn dependencies(&mut self, pool: &mut Pool, id: ExprId) -> Vec<ExprId> {
        match pool.node(id) {
            Node::Call(function, arguments) => {
                let body = function.expand(pool, &arguments[..function.arity()]);
                self.expanded.insert(id, body);
                vec![body]
            }
            node => node.operands().collect(),
        }
    }

    fn add_user(&mut self, operand: ExprId, user: ExprId) {
        if self.users.len() <= operand.index() {
            self.users.resize(operand.index() + 1, Vec::new());
        }
        self.users[operand.index()].push(user);
    }

    fn users_of(&self, id: ExprId) -> &[ExprId] {
        self.users.get(id.index()).map_or(&[], Vec::as_slice)
    }

    /// Derivatives with respect to `symbol` of every prepared expression that depends on it; all others are zero.
    pub fn derivatives(&self, pool: &mut Pool, symbol: ExprId) -> HashMap<ExprId, ExprId> {
        let affected = self.affected(symbol);
        let one = pool.constant(1.0);
        let mut result = HashMap::from([(symbol, one)]);
        for id in affected {
            if id != symbol {
                let d = self.differentiate(pool, id, &result);
                result.insert(id, d);
            }
        }
        result
    }

    /// Every prepared node that depends on `symbol`, operands before users. Expansions may have larger ids than the
    /// call they stand for, so the order follows depth, not id.
    fn affected(&self, symbol: ExprId) -> Vec<ExprId> {
        let mut waiting: HashMap<ExprId, usize> = HashMap::new();
        let mut stack = vec![symbol];
        while let Some(id) = stack.pop() {
            for &user in self.users_of(id) {
                let count = waiting.entry(user).or_insert(0);
                *count += 1;
                if *count == 1 {
                    stack.push(user);
                }
            }
        }
        let mut ready = BinaryHeap::from([Reverse(symbol)]);
        let mut order = Vec::with_capacity(waiting.len() + 1);
        while let Some(Reverse(id)) = ready.pop() {
            order.push(id);
            for &user in self.users_of(id) {
                if let Some(count) = waiting.get_mut(&user) {
                    *count -= 1;
                    if *count == 0 {
                        ready.push(Reverse(user));
                    }
                }
            }
        }
        order
    }

    fn differentiate(
        &self,
        pool: &mut Pool,
        id: ExprId,
        known: &HashMap<ExprId, ExprId>,
    ) -> ExprId {
        let zero = pool.constant(0.0);
        let d = |x: ExprId| known.get(&x).copied().unwrap_or(zero);
        match pool.node(id) {
            Node::Variable(_, definition) => d(definition),
            Node::Call(..) => self.expanded.get(&id).map_or(zero, |&body| d(body)),
            Node::Unary(op, a) => {
                let da = d(a);
                unary_rule(pool, op, id, a, da)
            }
            Node::Binary(op, a, b) => {
                let (da, db) = (d(a), d(b));
                binary_rule(pool, op, id, (a, b), (da, db))
            }
            Node::Select {
                relation,
                left,
                right,
                then,
                otherwise,
            } => {
                let (dt, de) = (d(then), d(otherwise));
                pool.select(relation, left, right, dt, de)
            }
            _ => zero,
        }
    }
}

fn is_zero(pool: &Pool, id: ExprId) -> bool {
    pool.as_constant(id) == Some(0.0)
}

fn unary_rule(pool: &mut Pool, op: Unary, id: ExprId, a: ExprId, da: ExprId) -> ExprId {
    let one = pool.constant(1.0);
    match op {
        Unary::Neg => pool.unary(Unary::Neg, da),
        Unary::Exp => pool.binary(Binary::Mul, id, da),
        Unary::Ln => pool.binary(Binary::Div, da, a),
        Unary::Sqrt => {
            let half = pool.constant(0.5);
            let half_da = pool.binary(Binary::Mul, half, da);
            pool.binary(Binary::Div, half_da, id)
        }
        Unary::Tanh => {
            let square = pool.binary(Binary::Mul, id, id);
            let slope = pool.binary(Binary::Sub, one, square);
            pool.binary(Binary::Mul, slope, da)
        }
        Unary::Sin => {
            let slope = pool.unary(Unary::Cos, a);
            pool.binary(Binary::Mul, slope, da)
        }
        Unary::Cos => {
            let sine = pool.unary(Unary::Sin, a);
            let slope = pool.unary(Unary::Neg, sine);
            pool.binary(Binary::Mul, slope, da)
        }
        Unary::Abs => {
            let zero = pool.constant(0.0);
            let minus = pool.unary(Unary::Neg, da);
            pool.select(Relation::Less, a, zero, minus, da)
        }
        Unary::Floor => pool.constant(0.0),
    }
}

fn binary_rule(
    pool: &mut Pool,
    op: Binary,
    id: ExprId,
    (a, b): (ExprId, ExprId),
    (da, db): (ExprId, ExprId),
) -> ExprId {
    match op {
        Binary::Add | Binary::Sub => pool.binary(op, da, db),
        Binary::Mul => {
            let left = pool.binary(Binary::Mul, da, b);
            let right = pool.binary(Binary::Mul, a, db);
            pool.binary(Binary::Add, left, right)
        }
        Binary::Div => {
            if let Some(slope) = saturating_rule(pool, id, b, (da, db)) {
                return slope;
            }
            // (da − (a/b)·db)/b shares the quotient with the value itself.
            let part = pool.binary(Binary::Mul, id, db);
            let top = pool.binary(Binary::Sub, da, part);
            pool.binary(Binary::Div, top, b)
        }
        Binary::Pow => power_rule(pool, id, (a, b), (da, db)),
        Binary::Min => chosen_rule(pool, (b, a), (da, db)),
        Binary::Max => chosen_rule(pool, (a, b), (da, db)),
    }
}

/// The derivative of q = a / (c + e^u) where c does not move, as da/b − q·(1 − c/b)·u'. The rule of quotients has 0·∞ where
/// e^u overflows, although q is just zero there; this one has not, and divides less.
fn saturating_rule(
    pool: &mut Pool,
    quotient: ExprId,
    below: ExprId,
    (da, db): (ExprId, ExprId),
) -> Option<ExprId> {
    let Node::Binary(Binary::Add, left, right) = pool.node(written_out(pool, below)) else {
        return None;
    };
    let (still, slope) =
        [(left, right), (right, left)]
            .into_iter()
            .find_map(|(still, power)| {
                let power = written_out(pool, power);
                let is_exponential = matches!(pool.node(power), Node::Unary(Unary::Exp, _));
                let slope = is_exponential.then(|| cofactor(pool, db, power))??;
                Some((still, slope))
            })?;
    let one = pool.constant(1.0);
    let rest = pool.binary(Binary::Div, still, below);
    let share = pool.binary(Binary::Sub, one, rest);
    let lost = pool.binary(Binary::Mul, quotient, share);
    let lost = pool.binary(Binary::Mul, lost, slope);
    let gained = pool.binary(Binary::Div, da, below);
    Some(pool.binary(Binary::Sub, gained, lost))
}

/// x where `product` is `factor`·x.
fn cofactor(pool: &mut Pool, product: ExprId, factor: ExprId) -> Option<ExprId> {
    if product == factor {
        return Some(pool.constant(1.0));
    }
    match pool.node(product) {
        Node::Binary(Binary::Mul, a, b) if a == factor => Some(b),
        Node::Binary(Binary::Mul, a, b) if b == factor => Some(a),
        Node::Unary(Unary::Neg, inner) => {
            let x = cofactor(pool, inner, factor)?;
            Some(pool.unary(Unary::Neg, x))
        }
        _ => None,
    }
}

/// The derivative of `min` or `max`: that of the second operand where `less.0 < less.1`, that of the first where not, and
/// NaN where the two cannot be compared.
fn chosen_rule(pool: &mut Pool, less: (ExprId, ExprId), (da, db): (ExprId, ExprId)) -> ExprId {
    if da == db {
        return da;
    }
    let undefined = pool.constant(f64::NAN);
    let first = pool.select(Relation::LessEqual, less.1, less.0, da, undefined);
    pool.select(Relation::Less, less.0, less.1, db, first)
}

fn power_rule(
    pool: &mut Pool,
    id: ExprId,
    (a, b): (ExprId, ExprId),
    (da, db): (ExprId, ExprId),
) -> ExprId {
    let mut sum = pool.constant(0.0);
    if !is_zero(pool, da) {
        let one = pool.constant(1.0);
        let lower = pool.binary(Binary::Sub, b, one);
        let power = pool.binary(Binary::Pow, a, lower);
        let slope = pool.binary(Binary::Mul, b, power);
        sum = pool.binary(Binary::Mul, slope, da);
    }
    if !is_zero(pool, db) {
        let log = pool.unary(Unary::Ln, a);
        let slope = pool.binary(Binary::Mul, id, log);
        let part = pool.binary(Binary::Mul, slope, db);
        sum = pool.binary(Binary::Add, sum, part);
    }
    sum
}
