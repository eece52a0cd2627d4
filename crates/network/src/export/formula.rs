//! Expressions as mathematical notation (the LaTeX that amsmath and KaTeX share).

use crate::expr::sharing::{Limits, parts};
use crate::expr::{Binary, ExprId, Names, Node, Relation, Unary};
use crate::model::Network;
use std::collections::HashMap;

const SUM: u8 = 1;
const PRODUCT: u8 = 2;
const FACTOR: u8 = 3;
const ATOM: u8 = 4;

/// Bounds of what is still readable in one formula.
const READABLE: Limits = Limits {
    repeated: 20,
    depth: 30,
    terms: 100,
};

/// Formulas longer than this (in characters of LaTeX) are broken at their sums.
const LONG: usize = 140;

/// Writes formulas of one network.
pub(super) struct Formulas<'n> {
    network: &'n Network,
    /// Signs of the parts written apart.
    apart: HashMap<ExprId, String>,
    /// Parts written apart that are not rates of processes, in order, with their signs.
    pub shared: Vec<(String, ExprId)>,
}

/// A name in upright letters.
pub(super) fn symbol(name: &str) -> String {
    format!("\\mathrm{{{}}}", name.replace('_', "\\_"))
}

/// A number; powers of ten written out.
pub(super) fn number(value: f64) -> String {
    if value.is_nan() {
        return "\\mathrm{NaN}".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "\\infty" } else { "-\\infty" }.to_owned();
    }
    let (plain, scientific) = (format!("{value}"), format!("{value:e}"));
    match scientific.split_once('e') {
        Some((mantissa, exponent)) if scientific.len() + 2 < plain.len() => match mantissa {
            "1" => format!("10^{{{exponent}}}"),
            m => format!("{m} \\times 10^{{{exponent}}}"),
        },
        _ => plain,
    }
}

impl<'n> Formulas<'n> {
    /// Formulas of everything in `roots`. Rates of processes stand under the names of their processes.
    pub(super) fn new(network: &'n Network, roots: &[ExprId]) -> Self {
        let rates: HashMap<ExprId, &str> = network
            .processes
            .iter()
            .rev()
            .map(|p| (p.rate, p.name.as_str()))
            .collect();
        let named = rates.keys().copied().collect();
        let mut this = Self {
            network,
            apart: HashMap::new(),
            shared: Vec::new(),
        };
        for id in parts(&network.pool, roots, &named, READABLE) {
            let sign = match rates.get(&id) {
                Some(name) => symbol(name),
                None => {
                    let sign = format!("\\sigma_{{{}}}", this.shared.len() + 1);
                    this.shared.push((sign.clone(), id));
                    sign
                }
            };
            this.apart.insert(id, sign);
        }
        this
    }

    /// Whether an expression is written apart under this sign.
    fn defines(&self, sign: &str, id: ExprId) -> bool {
        self.apart.get(&id).is_some_and(|s| s == sign)
    }

    /// An expression where it is used.
    pub(super) fn of(&self, id: ExprId) -> String {
        let mut out = String::new();
        self.write(id, 0, &mut out);
        out
    }

    /// An equation of which `id` is the right side, written out in full and broken at its sums where it is long.
    pub(super) fn equation(&self, left: &str, id: ExprId) -> String {
        let is_part = self.defines(left, id);
        let mut whole = String::new();
        if is_part {
            self.node(id, &mut whole);
        } else {
            self.write(id, 0, &mut whole);
        }
        if whole.len() <= LONG {
            return format!("{left} = {whole}");
        }
        let terms = self.terms(id, is_part);
        if terms.len() < 2 {
            return format!("{left} = {whole}");
        }
        let mut out = format!("\\begin{{aligned}}\n{left} ={{}}& ");
        for (i, (minus, term)) in terms.iter().enumerate() {
            match (i, minus) {
                (0, false) => {}
                (0, true) => out.push('-'),
                (_, true) => out.push_str(" \\\\\n& - "),
                (_, false) => out.push_str(" \\\\\n& + "),
            }
            self.write(*term, PRODUCT, &mut out);
        }
        out.push_str("\n\\end{aligned}");
        out
    }

    /// The terms of a sum with their signs (true: subtracted), brackets dissolved.
    fn terms(&self, id: ExprId, is_part: bool) -> Vec<(bool, ExprId)> {
        let mut terms = Vec::new();
        let mut stack = vec![(false, id)];
        let mut whole = is_part;
        while let Some((minus, id)) = stack.pop() {
            let named = !std::mem::take(&mut whole) && self.apart.contains_key(&id);
            match self.network.pool.node(id) {
                Node::Binary(op @ (Binary::Add | Binary::Sub), a, b) if !named => {
                    stack.push((minus != (op == Binary::Sub), b));
                    stack.push((minus, a));
                }
                Node::Unary(Unary::Neg, a) if !named => stack.push((!minus, a)),
                _ => terms.push((minus, id)),
            }
        }
        terms
    }

    fn write(&self, id: ExprId, at_least: u8, out: &mut String) {
        if let Some(sign) = self.apart.get(&id) {
            out.push_str(sign);
            return;
        }
        if level(&self.network.pool.node(id)) < at_least {
            out.push_str("\\left(");
            self.node(id, out);
            out.push_str("\\right)");
        } else {
            self.node(id, out);
        }
    }

    /// Nesting is bounded by the parts written apart, so recursion is too, except along sums and products, which are
    /// walked in a loop.
    fn node(&self, id: ExprId, out: &mut String) {
        let n = self.network;
        match n.pool.node(id) {
            Node::Constant(bits) => out.push_str(&number(f64::from_bits(bits))),
            Node::Time => out.push('t'),
            Node::State(i) => out.push_str(&symbol(Names::state(n, i))),
            Node::Parameter(i) => out.push_str(&symbol(Names::parameter(n, i))),
            Node::Input(i) => out.push_str(&symbol(Names::input(n, i))),
            Node::Switch(i) => out.push_str(&symbol(Names::switch(n, i))),
            Node::Variable(i, _) => out.push_str(&symbol(Names::variable(n, i))),
            Node::Binary(Binary::Add | Binary::Sub, ..) | Node::Unary(Unary::Neg, _) => {
                self.sum(id, out);
            }
            Node::Unary(op, a) => self.unary(op, a, out),
            Node::Binary(Binary::Mul, ..) => self.product(id, out),
            Node::Binary(op, a, b) => self.binary(op, a, b, out),
            Node::Select {
                relation,
                left,
                right,
                then,
                otherwise,
            } => {
                out.push_str("\\begin{cases}");
                self.write(then, 0, out);
                out.push_str(" & \\text{if } ");
                self.write(left, SUM, out);
                out.push_str(relation_sign(relation));
                self.write(right, SUM, out);
                out.push_str(" \\\\ ");
                self.write(otherwise, 0, out);
                out.push_str(" & \\text{otherwise}\\end{cases}");
            }
            Node::Call(function, arguments) => {
                let name = function.name().replace('_', "\\_");
                self.call(
                    &format!("\\operatorname{{{name}}}"),
                    &arguments[..function.arity()],
                    out,
                );
            }
        }
    }

    fn sum(&self, id: ExprId, out: &mut String) {
        for (i, (minus, term)) in self.terms(id, true).into_iter().enumerate() {
            match (i, minus) {
                (0, false) => {}
                (0, true) => out.push('-'),
                (_, true) => out.push_str(" - "),
                (_, false) => out.push_str(" + "),
            }
            let first = i == 0 && !minus;
            self.write(term, if first { SUM } else { PRODUCT }, out);
        }
    }

    fn product(&self, id: ExprId, out: &mut String) {
        let mut factors = Vec::new();
        let mut left = id;
        while let Node::Binary(Binary::Mul, a, b) = self.network.pool.node(left) {
            if left != id && self.apart.contains_key(&left) {
                break;
            }
            factors.push(b);
            left = a;
        }
        factors.push(left);
        for (i, factor) in factors.into_iter().rev().enumerate() {
            if i > 0 {
                out.push_str(" \\cdot ");
            }
            self.write(factor, PRODUCT, out);
        }
    }

    fn binary(&self, op: Binary, a: ExprId, b: ExprId, out: &mut String) {
        match op {
            Binary::Div => {
                out.push_str("\\frac{");
                self.write(a, 0, out);
                out.push_str("}{");
                self.write(b, 0, out);
                out.push('}');
            }
            Binary::Min => self.call("\\min", &[a, b], out),
            Binary::Max => self.call("\\max", &[a, b], out),
            _ => {
                out.push('{');
                self.write(a, ATOM, out);
                out.push_str("}^{");
                self.write(b, 0, out);
                out.push('}');
            }
        }
    }

    fn unary(&self, op: Unary, a: ExprId, out: &mut String) {
        let (open, close) = match op {
            // Sums take care of it.
            Unary::Neg => ("-\\left(", "\\right)"),
            Unary::Sqrt => ("\\sqrt{", "}"),
            Unary::Abs => ("\\left|", "\\right|"),
            Unary::Floor => ("\\left\\lfloor ", "\\right\\rfloor "),
            Unary::Exp => ("\\exp\\left(", "\\right)"),
            Unary::Ln => ("\\ln\\left(", "\\right)"),
            Unary::Tanh => ("\\tanh\\left(", "\\right)"),
            Unary::Sin => ("\\sin\\left(", "\\right)"),
            Unary::Cos => ("\\cos\\left(", "\\right)"),
        };
        out.push_str(open);
        self.write(a, 0, out);
        out.push_str(close);
    }

    fn call(&self, name: &str, arguments: &[ExprId], out: &mut String) {
        out.push_str(name);
        out.push_str("\\left(");
        for (i, &a) in arguments.iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            self.write(a, 0, out);
        }
        out.push_str("\\right)");
    }
}

fn level(node: &Node) -> u8 {
    match node {
        Node::Constant(bits) => {
            let value = f64::from_bits(*bits);
            if value < 0.0 {
                SUM
            } else if number(value).contains("10^") {
                PRODUCT
            } else {
                ATOM
            }
        }
        Node::Binary(Binary::Add | Binary::Sub, ..) | Node::Unary(Unary::Neg, _) => SUM,
        Node::Binary(Binary::Mul, ..) => PRODUCT,
        Node::Binary(..) | Node::Select { .. } | Node::Call(..) => FACTOR,
        Node::Unary(Unary::Sqrt | Unary::Abs | Unary::Floor, _) => ATOM,
        Node::Unary(..) => FACTOR,
        _ => ATOM,
    }
}

fn relation_sign(relation: Relation) -> &'static str {
    match relation {
        Relation::Less => " < ",
        Relation::LessEqual => " \\le ",
        Relation::Equal => " = ",
    }
}
