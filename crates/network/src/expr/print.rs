//! Infix text of expressions, which the text form's parser reads back to the same nodes.

use super::{Binary, ExprId, Node, Pool, Relation, Unary};
use std::fmt::Write;

/// Names for the symbols of a pool.
pub trait Names {
    /// Name of state i.
    fn state(&self, i: u32) -> &str;
    /// Name of parameter i.
    fn parameter(&self, i: u32) -> &str;
    /// Name of input i.
    fn input(&self, i: u32) -> &str;
    /// Name of switch i.
    fn switch(&self, i: u32) -> &str;
    /// Name of variable i.
    fn variable(&self, i: u32) -> &str;
}

const SUM: u8 = 1;
const PRODUCT: u8 = 2;
const NEGATION: u8 = 3;
const POWER: u8 = 4;
const ATOM: u8 = 5;

/// The infix text of `id`. Brackets stand exactly where the tree needs them, so that reading gives the same tree.
pub fn precedence_text(pool: &Pool, names: &dyn Names, id: ExprId) -> String {
    let mut out = String::new();
    write_at(pool, names, id, 0, &mut out);
    out
}

fn level(node: &Node) -> u8 {
    match node {
        Node::Constant(bits) if f64::from_bits(*bits) < 0.0 => NEGATION,
        Node::Binary(Binary::Add | Binary::Sub, ..) => SUM,
        Node::Binary(Binary::Mul | Binary::Div, ..) => PRODUCT,
        Node::Binary(Binary::Pow, ..) => POWER,
        Node::Unary(Unary::Neg, _) => NEGATION,
        _ => ATOM,
    }
}

fn write_at(pool: &Pool, names: &dyn Names, id: ExprId, at_least: u8, out: &mut String) {
    let node = pool.node(id);
    let bracket = level(&node) < at_least;
    if bracket {
        out.push('(');
    }
    write_node(pool, names, &node, out);
    if bracket {
        out.push(')');
    }
}

fn write_node(pool: &Pool, names: &dyn Names, node: &Node, out: &mut String) {
    match *node {
        Node::Constant(bits) => write_number(f64::from_bits(bits), out),
        Node::Time => out.push_str("time"),
        Node::State(i) => out.push_str(names.state(i)),
        Node::Parameter(i) => out.push_str(names.parameter(i)),
        Node::Input(i) => out.push_str(names.input(i)),
        Node::Switch(i) => out.push_str(names.switch(i)),
        Node::Variable(i, _) => out.push_str(names.variable(i)),
        Node::Unary(Unary::Neg, a) => {
            out.push('-');
            write_at(pool, names, a, POWER, out);
        }
        Node::Unary(op, a) => write_call(pool, names, unary_name(op), &[a], out),
        Node::Binary(Binary::Min, a, b) => write_call(pool, names, "min", &[a, b], out),
        Node::Binary(Binary::Max, a, b) => write_call(pool, names, "max", &[a, b], out),
        Node::Binary(op, a, b) => write_infix(pool, names, op, a, b, out),
        Node::Select {
            relation,
            left,
            right,
            then,
            otherwise,
        } => {
            out.push_str("if(");
            write_at(pool, names, left, SUM, out);
            out.push_str(relation_text(relation));
            write_at(pool, names, right, SUM, out);
            for part in [then, otherwise] {
                out.push_str(", ");
                write_at(pool, names, part, 0, out);
            }
            out.push(')');
        }
        Node::Call(function, arguments) => write_call(
            pool,
            names,
            function.name(),
            &arguments[..function.arity()],
            out,
        ),
    }
}

fn write_infix(pool: &Pool, names: &dyn Names, op: Binary, a: ExprId, b: ExprId, out: &mut String) {
    let (sign, left, right) = match op {
        Binary::Add => (" + ", SUM, PRODUCT),
        Binary::Sub => (" - ", SUM, PRODUCT),
        Binary::Mul => ("*", PRODUCT, NEGATION),
        Binary::Div => ("/", PRODUCT, NEGATION),
        _ => ("^", ATOM, ATOM),
    };
    write_at(pool, names, a, left, out);
    out.push_str(sign);
    write_at(pool, names, b, right, out);
}

fn write_call(pool: &Pool, names: &dyn Names, name: &str, arguments: &[ExprId], out: &mut String) {
    out.push_str(name);
    out.push('(');
    for (i, &a) in arguments.iter().enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        write_at(pool, names, a, 0, out);
    }
    out.push(')');
}

/// Shortest decimal text that reads back to the same number.
fn write_number(value: f64, out: &mut String) {
    if value.is_nan() {
        out.push_str("nan");
    } else if value.is_infinite() {
        out.push_str(if value > 0.0 { "inf" } else { "-inf" });
    } else {
        let plain = format!("{value}");
        let scientific = format!("{value:e}");
        let shorter = if scientific.len() < plain.len() {
            scientific
        } else {
            plain
        };
        let _ = write!(out, "{shorter}");
    }
}

pub(crate) fn unary_name(op: Unary) -> &'static str {
    match op {
        Unary::Neg => "-",
        Unary::Exp => "exp",
        Unary::Ln => "ln",
        Unary::Sqrt => "sqrt",
        Unary::Tanh => "tanh",
        Unary::Sin => "sin",
        Unary::Cos => "cos",
        Unary::Abs => "abs",
        Unary::Floor => "floor",
    }
}

fn relation_text(relation: Relation) -> &'static str {
    match relation {
        Relation::Less => " < ",
        Relation::LessEqual => " <= ",
        Relation::Equal => " == ",
    }
}
