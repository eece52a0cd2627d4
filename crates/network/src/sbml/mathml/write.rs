//! Writing expressions as content MathML.

use crate::expr::{Binary, ExprId, Function, Node, Pool, Relation, Unary};
use crate::sbml::xml_text::{double, escape};
use crate::sbml::{MATHML, TIME};
use std::collections::HashMap;

/// How the leaves and the parts written apart are called.
pub(in crate::sbml) trait Symbols {
    /// The identifier of a state, parameter, input, switch or variable.
    fn id(&self, node: Node) -> &str;
}

/// Writes expressions of one pool.
pub(in crate::sbml) struct MathWriter<'w> {
    pub pool: &'w Pool,
    pub symbols: &'w dyn Symbols,
    /// Parts that stand elsewhere, with their identifiers.
    pub apart: &'w HashMap<ExprId, String>,
    /// Identifiers of the maxima of pH windows, by corners.
    pub tops: &'w HashMap<[ExprId; 4], String>,
    /// Whether literals carry the unit `dimensionless`.
    pub units: bool,
}

/// A complete `<math>` around MathML text.
pub(in crate::sbml) fn math(inside: &str) -> String {
    format!("<math xmlns=\"{MATHML}\">{inside}</math>")
}

/// A `<cn>`, with a unit where one is given.
pub(in crate::sbml) fn literal(value: f64, unit: Option<&str>) -> String {
    if value.is_nan() {
        return "<notanumber/>".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 {
            "<infinity/>".to_owned()
        } else {
            "<apply><minus/><infinity/></apply>".to_owned()
        };
    }
    let unit = unit.map_or(String::new(), |u| format!(" sbml:units=\"{}\"", escape(u)));
    match double(value).split_once('e') {
        Some((mantissa, exponent)) => {
            format!("<cn{unit} type=\"e-notation\">{mantissa}<sep/>{exponent}</cn>")
        }
        None => format!("<cn{unit}>{}</cn>", double(value)),
    }
}

/// The clock.
pub(in crate::sbml) fn clock() -> String {
    format!("<csymbol encoding=\"text\" definitionURL=\"{TIME}\">time</csymbol>")
}

impl MathWriter<'_> {
    /// The `<math>` of an expression. The expression itself is written out even where it is a part written apart.
    pub(in crate::sbml) fn math(&self, id: ExprId) -> String {
        let mut out = String::new();
        self.node(id, &mut out);
        math(&out)
    }

    /// The MathML of an expression, without `<math>`.
    pub(in crate::sbml) fn expression(&self, id: ExprId, out: &mut String) {
        self.write(id, out);
    }

    fn write(&self, id: ExprId, out: &mut String) {
        match self.apart.get(&id) {
            Some(name) => identifier(name, out),
            None => self.node(id, out),
        }
    }

    /// Nesting is bounded by the parts written apart, so recursion is too.
    fn node(&self, id: ExprId, out: &mut String) {
        match self.pool.node(id) {
            Node::Constant(bits) => {
                let value = f64::from_bits(bits);
                // 0 is 0 in every unit.
                let unit = (self.units && value != 0.0).then_some("dimensionless");
                out.push_str(&literal(value, unit));
            }
            Node::Time => out.push_str(&clock()),
            node @ (Node::State(_)
            | Node::Parameter(_)
            | Node::Input(_)
            | Node::Switch(_)
            | Node::Variable(..)) => identifier(self.symbols.id(node), out),
            Node::Unary(Unary::Sqrt, a) => {
                // libSBML mistakes the unit of a root without a degree.
                let degree = literal(2.0, self.units.then_some("dimensionless"));
                out.push_str(&format!("<apply><root/><degree>{degree}</degree>"));
                self.write(a, out);
                out.push_str("</apply>");
            }
            Node::Unary(op, a) => self.apply(unary_tag(op), &[a], out),
            Node::Binary(op @ (Binary::Add | Binary::Mul), ..) => {
                self.apply(binary_tag(op), &self.chain(op, id), out);
            }
            Node::Binary(op, a, b) => self.apply(binary_tag(op), &[a, b], out),
            Node::Select {
                relation,
                left,
                right,
                then,
                otherwise,
            } => {
                out.push_str("<piecewise><piece>");
                self.write(then, out);
                self.apply(relation_tag(relation), &[left, right], out);
                out.push_str("</piece><otherwise>");
                self.write(otherwise, out);
                out.push_str("</otherwise></piecewise>");
            }
            Node::Call(function, arguments) => {
                out.push_str("<apply>");
                identifier(function.name(), out);
                for &a in &arguments[..function.arity()] {
                    self.write(a, out);
                }
                if let (Function::PhWindow, [_, corners @ ..]) = (function, arguments)
                    && let Some(top) = self.tops.get(&corners)
                {
                    identifier(top, out);
                }
                out.push_str("</apply>");
            }
        }
    }

    /// The terms of ((a + b) + c) + …: readers fold them from the left again.
    fn chain(&self, op: Binary, id: ExprId) -> Vec<ExprId> {
        let mut terms = Vec::new();
        let mut left = id;
        loop {
            match self.pool.node(left) {
                Node::Binary(o, a, b)
                    if o == op && (left == id || !self.apart.contains_key(&left)) =>
                {
                    terms.push(b);
                    left = a;
                }
                _ => break,
            }
        }
        terms.push(left);
        terms.reverse();
        terms
    }

    fn apply(&self, tag: &str, operands: &[ExprId], out: &mut String) {
        out.push_str("<apply><");
        out.push_str(tag);
        out.push_str("/>");
        for &operand in operands {
            self.write(operand, out);
        }
        out.push_str("</apply>");
    }
}

fn identifier(id: &str, out: &mut String) {
    out.push_str("<ci>");
    out.push_str(id);
    out.push_str("</ci>");
}

fn unary_tag(op: Unary) -> &'static str {
    match op {
        Unary::Neg => "minus",
        Unary::Exp => "exp",
        Unary::Ln => "ln",
        Unary::Sqrt => "root",
        Unary::Tanh => "tanh",
        Unary::Sin => "sin",
        Unary::Cos => "cos",
        Unary::Abs => "abs",
        Unary::Floor => "floor",
    }
}

fn binary_tag(op: Binary) -> &'static str {
    match op {
        Binary::Add => "plus",
        Binary::Sub => "minus",
        Binary::Mul => "times",
        Binary::Div => "divide",
        Binary::Pow => "power",
        Binary::Min => "min",
        Binary::Max => "max",
    }
}

fn relation_tag(relation: Relation) -> &'static str {
    match relation {
        Relation::Less => "lt",
        Relation::LessEqual => "leq",
        Relation::Equal => "eq",
    }
}
