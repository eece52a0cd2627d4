//! Forward differentiation by dual numbers: the second opinion on every symbolic derivative.

#![allow(clippy::panic)]

use gutskin_network::expr::{Binary, ExprId, Node, Pool, Unary};
use num_dual::{Dual64, DualNum};

/// Values of the nodes met so far.
pub type Memo = std::collections::HashMap<ExprId, Dual64>;

/// Dual numbers through the pool, node by node: an independent derivative. `leaf` gives the value and seed of
/// states, parameters, inputs, switches and the clock.
pub fn dual<L: Fn(&Node) -> Option<Dual64>>(
    pool: &mut Pool,
    id: ExprId,
    leaf: &L,
    memo: &mut Memo,
) -> Dual64 {
    if let Some(&known) = memo.get(&id) {
        return known;
    }
    let value = dual_node(pool, id, leaf, memo);
    memo.insert(id, value);
    value
}

fn dual_node<L: Fn(&Node) -> Option<Dual64>>(
    pool: &mut Pool,
    id: ExprId,
    leaf: &L,
    memo: &mut Memo,
) -> Dual64 {
    match pool.node(id) {
        Node::Constant(bits) => Dual64::from(f64::from_bits(bits)),
        Node::Unary(op, a) => {
            let a = dual(pool, a, leaf, memo);
            match op {
                Unary::Neg => -a,
                Unary::Exp => a.exp(),
                Unary::Ln => a.ln(),
                Unary::Sqrt => a.sqrt(),
                Unary::Tanh => a.tanh(),
                Unary::Sin => a.sin(),
                Unary::Cos => a.cos(),
                Unary::Abs => {
                    if a.re < 0.0 {
                        -a
                    } else {
                        a
                    }
                }
                Unary::Floor => Dual64::from(a.re.floor()),
            }
        }
        Node::Binary(op, a, b) => {
            let (a, b) = (dual(pool, a, leaf, memo), dual(pool, b, leaf, memo));
            match op {
                Binary::Add => a + b,
                Binary::Sub => a - b,
                Binary::Mul => a * b,
                Binary::Div => a / b,
                Binary::Pow => power(a, b),
                Binary::Min | Binary::Max if a.re.is_nan() || b.re.is_nan() => {
                    Dual64::new(f64::NAN, f64::NAN)
                }
                Binary::Min if b.re < a.re => b,
                Binary::Max if b.re > a.re => b,
                Binary::Min | Binary::Max => a,
            }
        }
        Node::Variable(_, definition) => dual(pool, definition, leaf, memo),
        Node::Call(f, arguments) => {
            let body = f.expand(pool, &arguments[..f.arity()]);
            dual(pool, body, leaf, memo)
        }
        Node::Select {
            relation,
            left,
            right,
            then,
            otherwise,
        } => {
            let (left, right) = (dual(pool, left, leaf, memo), dual(pool, right, leaf, memo));
            let chosen = if relation.holds(left.re, right.re) {
                then
            } else {
                otherwise
            };
            dual(pool, chosen, leaf, memo)
        }
        other => leaf(&other).unwrap_or_else(|| panic!("no value for {other:?}")),
    }
}

/// A power whose base may be negative where the exponent does not move, as in plain arithmetic.
fn power(base: Dual64, exponent: Dual64) -> Dual64 {
    let re = base.re.powf(exponent.re);
    let by_base = match base.eps {
        0.0 => 0.0,
        eps => exponent.re * base.re.powf(exponent.re - 1.0) * eps,
    };
    let by_exponent = match exponent.eps {
        0.0 => 0.0,
        eps => re * base.re.ln() * eps,
    };
    Dual64::new(re, by_base + by_exponent)
}
