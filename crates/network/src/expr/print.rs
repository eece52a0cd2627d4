//! Infix text of expressions, which the text form's parser reads back to the same nodes.

use super::{Binary, ExprId, Node, Pool, Relation, Unary};

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
    text_with_parts(pool, names, &|_| None, id)
}

/// The infix text of `id`, in which those parts other than `id` itself that `part` names stand under that name.
pub(crate) fn text_with_parts<'n>(
    pool: &Pool,
    names: &'n dyn Names,
    part: &dyn Fn(ExprId) -> Option<&'n str>,
    id: ExprId,
) -> String {
    let mut out = String::new();
    // What is still to be written, the next piece last: trees may be deeper than the call stack.
    let mut stack: Vec<Piece> = pieces(&pool.node(id)).into_iter().rev().collect();
    if stack.is_empty() {
        write_leaf(names, &pool.node(id), &mut out);
    }
    while let Some(piece) = stack.pop() {
        let (operand, at_least) = match piece {
            Piece::Text(text) => {
                out.push_str(text);
                continue;
            }
            Piece::Operand(operand, at_least) => (operand, at_least),
        };
        if let Some(name) = part(operand) {
            out.push_str(name);
            continue;
        }
        let node = pool.node(operand);
        let bracket = level(&node) < at_least;
        if bracket {
            out.push('(');
            stack.push(Piece::Text(")"));
        }
        let inside = pieces(&node);
        if inside.is_empty() {
            write_leaf(names, &node, &mut out);
        }
        stack.extend(inside.into_iter().rev());
    }
    out
}

/// For each operand that is written inside `node`: whether it opens a pair of brackets, of a call or its own.
pub(crate) fn is_bracketed(pool: &Pool, node: &Node) -> Vec<(ExprId, bool)> {
    let call = !matches!(
        node,
        Node::Unary(Unary::Neg, _)
            | Node::Binary(
                Binary::Add | Binary::Sub | Binary::Mul | Binary::Div | Binary::Pow,
                ..
            )
    );
    let operand = |piece| match piece {
        Piece::Operand(id, at_least) => Some((id, call || level(&pool.node(id)) < at_least)),
        Piece::Text(_) => None,
    };
    pieces(node).into_iter().filter_map(operand).collect()
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

/// A piece of the text of a node.
enum Piece {
    Text(&'static str),
    /// An operand, in brackets where it binds less than the level.
    Operand(ExprId, u8),
}

/// The pieces of a node with operands; none for a leaf.
fn pieces(node: &Node) -> Vec<Piece> {
    match *node {
        Node::Constant(_)
        | Node::Time
        | Node::State(_)
        | Node::Parameter(_)
        | Node::Input(_)
        | Node::Switch(_)
        | Node::Variable(..) => Vec::new(),
        Node::Unary(Unary::Neg, a) => vec![Piece::Text("-"), Piece::Operand(a, POWER)],
        Node::Unary(op, a) => call(unary_name(op), &[a]),
        Node::Binary(op, a, b) => binary(op, a, b),
        Node::Select {
            relation,
            left,
            right,
            then,
            otherwise,
        } => vec![
            Piece::Text("if("),
            Piece::Operand(left, SUM),
            Piece::Text(relation_text(relation)),
            Piece::Operand(right, SUM),
            Piece::Text(", "),
            Piece::Operand(then, 0),
            Piece::Text(", "),
            Piece::Operand(otherwise, 0),
            Piece::Text(")"),
        ],
        Node::Call(function, arguments) => call(function.name(), &arguments[..function.arity()]),
    }
}

fn binary(op: Binary, a: ExprId, b: ExprId) -> Vec<Piece> {
    let (sign, left, right) = match op {
        Binary::Add => (" + ", SUM, PRODUCT),
        Binary::Sub => (" - ", SUM, PRODUCT),
        Binary::Mul => ("*", PRODUCT, NEGATION),
        Binary::Div => ("/", PRODUCT, NEGATION),
        Binary::Pow => ("^", ATOM, ATOM),
        Binary::Min => return call("min", &[a, b]),
        Binary::Max => return call("max", &[a, b]),
    };
    vec![
        Piece::Operand(a, left),
        Piece::Text(sign),
        Piece::Operand(b, right),
    ]
}

fn call(name: &'static str, arguments: &[ExprId]) -> Vec<Piece> {
    let mut out = vec![Piece::Text(name), Piece::Text("(")];
    for (i, &argument) in arguments.iter().enumerate() {
        if i > 0 {
            out.push(Piece::Text(", "));
        }
        out.push(Piece::Operand(argument, 0));
    }
    out.push(Piece::Text(")"));
    out
}

fn write_leaf(names: &dyn Names, node: &Node, out: &mut String) {
    match *node {
        Node::Constant(bits) => out.push_str(&number_text(f64::from_bits(bits))),
        Node::State(i) => out.push_str(names.state(i)),
        Node::Parameter(i) => out.push_str(names.parameter(i)),
        Node::Input(i) => out.push_str(names.input(i)),
        Node::Switch(i) => out.push_str(names.switch(i)),
        Node::Variable(i, _) => out.push_str(names.variable(i)),
        _ => out.push_str("time"),
    }
}

/// Shortest decimal text that reads back to the same number.
pub(crate) fn number_text(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let plain = format!("{value}");
    let scientific = format!("{value:e}");
    if scientific.len() < plain.len() {
        scientific
    } else {
        plain
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
