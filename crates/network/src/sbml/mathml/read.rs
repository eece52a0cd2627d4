//! Reading content MathML into expressions.

use super::{Functions, WINDOW_MIDDLE, WINDOW_STEP};
use crate::expr::{Binary, ExprId, Function, Node, Pool, Relation, Unary, WINDOW_STEPS};
use crate::sbml::xml::{Xml, elements, fail, finite, inner_text};
use crate::sbml::{SbmlError, TIME};

/// Deepest nesting of an expression that is read.
const MAX_DEPTH: usize = 300;

/// Reads the expressions of one model.
pub(in crate::sbml) struct MathReader<'r> {
    pool: &'r mut Pool,
    symbols: &'r dyn Fn(&str) -> Option<ExprId>,
    functions: &'r Functions,
    /// Nodes that may still be made: hostile function definitions unfold exponentially.
    budget: &'r mut usize,
    /// The rule of a symbol that is a step towards the maximum of a pH window.
    peaks: &'r dyn Fn(&str) -> Option<Xml<'r>>,
    depth: usize,
}

/// A comparison or a combination of comparisons.
enum Condition {
    Constant(bool),
    Compare(Relation, ExprId, ExprId),
    Not(Box<Condition>),
    All(Vec<Condition>),
    Any(Vec<Condition>),
}

/// The operator and the operands of an `<apply>`.
pub(in crate::sbml) fn operator<'d>(apply: Xml<'d>) -> Option<(Xml<'d>, Vec<Xml<'d>>)> {
    let mut parts = elements(apply);
    let operator = parts.next()?;
    Some((operator, parts.collect()))
}

impl<'r> MathReader<'r> {
    /// A reader that makes nodes in `pool` and asks `symbols` what an identifier stands for.
    pub(in crate::sbml) fn new(
        pool: &'r mut Pool,
        symbols: &'r dyn Fn(&str) -> Option<ExprId>,
        functions: &'r Functions,
        budget: &'r mut usize,
    ) -> Self {
        Self {
            pool,
            symbols,
            functions,
            budget,
            peaks: &|_| None,
            depth: 0,
        }
    }

    /// Sets where the steps towards the maxima of pH windows are found.
    pub(in crate::sbml) fn with_peaks(self, peaks: &'r dyn Fn(&str) -> Option<Xml<'r>>) -> Self {
        Self { peaks, ..self }
    }

    /// The expression of the `<math>` child of an element.
    pub(in crate::sbml) fn math_of(&mut self, parent: Xml<'_>) -> Result<ExprId, SbmlError> {
        let math = elements(parent)
            .find(|n| n.tag_name().name() == "math")
            .ok_or_else(|| fail(parent, "a <math> is needed here and none stands"))?;
        let mut parts = elements(math);
        match (parts.next(), parts.next()) {
            (Some(one), None) => self.number(one),
            (None, _) => Err(fail(math, "the <math> is empty")),
            (_, Some(more)) => Err(fail(
                more,
                "a <math> holds one expression; a second stands here",
            )),
        }
    }

    /// A numeric expression.
    pub(in crate::sbml) fn number(&mut self, node: Xml<'_>) -> Result<ExprId, SbmlError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let message = format!(
                "the expression is nested more than {MAX_DEPTH} deep; split it with assignment rules"
            );
            return Err(fail(node, message));
        }
        self.spend(node)?;
        let result = match node.tag_name().name() {
            "cn" => literal(node).map(|v| self.pool.constant(v)),
            "ci" => self.symbol(node),
            "csymbol" => self.clock(node),
            "apply" => self.apply(node),
            "piecewise" => self.piecewise(node),
            "pi" => Ok(self.pool.constant(std::f64::consts::PI)),
            "exponentiale" => Ok(self.pool.constant(std::f64::consts::E)),
            "infinity" | "notanumber" => Err(fail(node, "a number must be finite")),
            "semantics" => match elements(node).next() {
                Some(inner) => self.number(inner),
                None => Err(fail(node, "the element is empty")),
            },
            other => Err(fail(node, format!("not supported: <{other}> as a number"))),
        };
        self.depth -= 1;
        result
    }

    fn spend(&mut self, node: Xml<'_>) -> Result<(), SbmlError> {
        *self.budget = self
            .budget
            .checked_sub(1)
            .ok_or_else(|| fail(node, "the model has too many expressions to be read"))?;
        Ok(())
    }

    fn symbol(&mut self, node: Xml<'_>) -> Result<ExprId, SbmlError> {
        let text = inner_text(node);
        let id = text.trim();
        (self.symbols)(id).ok_or_else(|| {
            let what = if self.functions.contains(id) {
                "names a function, not a number"
            } else {
                "is not defined anywhere in the model"
            };
            fail(node, format!("\"{id}\" {what}"))
        })
    }

    fn clock(&mut self, node: Xml<'_>) -> Result<ExprId, SbmlError> {
        match node.attribute("definitionURL") {
            Some(TIME) => Ok(self.pool.intern(Node::Time)),
            other => Err(fail(
                node,
                format!(
                    "not supported: csymbol {}",
                    other.unwrap_or("without definitionURL")
                ),
            )),
        }
    }

    fn apply(&mut self, node: Xml<'_>) -> Result<ExprId, SbmlError> {
        let (op, operands) = operator(node).ok_or_else(|| fail(node, "the <apply> is empty"))?;
        let name = op.tag_name().name();
        match name {
            "ci" => self.call(node, op, &operands),
            "root" => self.root(node, &operands),
            "log" => self.logarithm(node, &operands),
            _ => {
                let values = self.numbers(&operands)?;
                self.operation(node, name, &values)
            }
        }
    }

    fn call(
        &mut self,
        node: Xml<'_>,
        op: Xml<'_>,
        operands: &[Xml<'_>],
    ) -> Result<ExprId, SbmlError> {
        let id = inner_text(op);
        let window = self.functions.is_window(id.trim()) && operands.len() == 6;
        let plain = if window { &operands[..5] } else { operands };
        let values = self.numbers(plain)?;
        if window {
            self.check_peak(operands[5], &values[1..])?;
            return Ok(self.pool.call(Function::PhWindow, &values));
        }
        self.functions
            .call(self.pool, node, id.trim(), &values, self.budget)
    }

    fn numbers(&mut self, nodes: &[Xml<'_>]) -> Result<Vec<ExprId>, SbmlError> {
        let mut values = Vec::with_capacity(nodes.len());
        for node in nodes {
            values.push(self.number(*node)?);
        }
        Ok(values)
    }

    /// Checks that the last argument of a pH window is the maximum for these corners, as the writer puts it: Newton
    /// steps that are symbols of their own. It carries no information then, and is dropped.
    fn check_peak(&mut self, top: Xml<'_>, corners: &[ExprId]) -> Result<(), SbmlError> {
        let other = "not supported: a pH window with another maximum than the Newton steps from the middle of its own corners";
        let mut id = inner_text(top).trim().to_owned();
        for steps_left in (0..WINDOW_STEPS).rev() {
            let call = (self.peaks)(&id)
                .and_then(|rule| elements(rule).find(|n| n.tag_name().name() == "math"))
                .and_then(|math| operator(elements(math).next()?));
            let Some((op, operands)) = call else {
                return Err(fail(top, other));
            };
            let [from, rest @ ..] = operands.as_slice() else {
                return Err(fail(top, other));
            };
            let fits = inner_text(op).trim() == WINDOW_STEP && self.numbers(rest)? == corners;
            let start = if steps_left > 0 {
                id = inner_text(*from).trim().to_owned();
                true
            } else {
                self.is_middle(*from, corners)?
            };
            if !fits || !start {
                return Err(fail(top, other));
            }
        }
        Ok(())
    }

    fn is_middle(&mut self, node: Xml<'_>, corners: &[ExprId]) -> Result<bool, SbmlError> {
        match operator(node) {
            Some((op, operands)) if inner_text(op).trim() == WINDOW_MIDDLE => {
                Ok(self.numbers(&operands)? == corners)
            }
            _ => Ok(false),
        }
    }

    fn operation(&mut self, node: Xml<'_>, name: &str, v: &[ExprId]) -> Result<ExprId, SbmlError> {
        Ok(match (name, v) {
            ("plus", _) => self.fold(Binary::Add, 0.0, v),
            ("times", _) => self.fold(Binary::Mul, 1.0, v),
            ("min", [_, ..]) => self.fold(Binary::Min, 0.0, v),
            ("max", [_, ..]) => self.fold(Binary::Max, 0.0, v),
            ("minus", [a]) => self.pool.unary(Unary::Neg, *a),
            ("minus", [a, b]) => self.pool.binary(Binary::Sub, *a, *b),
            ("divide", [a, b]) => self.pool.binary(Binary::Div, *a, *b),
            ("power", [a, b]) => self.pool.binary(Binary::Pow, *a, *b),
            ("exp", [a]) => self.pool.unary(Unary::Exp, *a),
            ("ln", [a]) => self.pool.unary(Unary::Ln, *a),
            ("abs", [a]) => self.pool.unary(Unary::Abs, *a),
            ("floor", [a]) => self.pool.unary(Unary::Floor, *a),
            ("ceiling", [a]) => {
                let minus = self.pool.unary(Unary::Neg, *a);
                let floor = self.pool.unary(Unary::Floor, minus);
                self.pool.unary(Unary::Neg, floor)
            }
            ("tanh", [a]) => self.pool.unary(Unary::Tanh, *a),
            ("sin", [a]) => self.pool.unary(Unary::Sin, *a),
            ("cos", [a]) => self.pool.unary(Unary::Cos, *a),
            ("tan", [a]) => {
                let (sine, cosine) = (
                    self.pool.unary(Unary::Sin, *a),
                    self.pool.unary(Unary::Cos, *a),
                );
                self.pool.binary(Binary::Div, sine, cosine)
            }
            (
                "minus" | "divide" | "power" | "exp" | "ln" | "abs" | "floor" | "ceiling" | "tanh"
                | "sin" | "cos" | "tan" | "min" | "max",
                _,
            ) => {
                return Err(fail(node, format!("<{name}> with {} operand(s)", v.len())));
            }
            _ => return Err(fail(node, format!("not supported: <{name}>"))),
        })
    }

    fn fold(&mut self, op: Binary, empty: f64, values: &[ExprId]) -> ExprId {
        match values {
            [] => self.pool.constant(empty),
            [first, rest @ ..] => rest
                .iter()
                .fold(*first, |sum, &v| self.pool.binary(op, sum, v)),
        }
    }

    /// Splits off a qualifier such as `<degree>` or `<logbase>`.
    fn qualified(
        &mut self,
        node: Xml<'_>,
        qualifier: &str,
        operands: &[Xml<'_>],
    ) -> Result<(Option<ExprId>, ExprId), SbmlError> {
        let (with, operand) = match operands {
            [a] => (None, *a),
            [q, a] if q.tag_name().name() == qualifier => {
                let inner = elements(*q)
                    .next()
                    .ok_or_else(|| fail(*q, "the element is empty"))?;
                (Some(self.number(inner)?), *a)
            }
            _ => {
                return Err(fail(
                    node,
                    format!("expected one operand, with or without <{qualifier}>"),
                ));
            }
        };
        Ok((with, self.number(operand)?))
    }

    fn root(&mut self, node: Xml<'_>, operands: &[Xml<'_>]) -> Result<ExprId, SbmlError> {
        let (degree, a) = self.qualified(node, "degree", operands)?;
        Ok(match degree {
            Some(d) if self.pool.as_constant(d) != Some(2.0) => {
                let one = self.pool.constant(1.0);
                let exponent = self.pool.binary(Binary::Div, one, d);
                self.pool.binary(Binary::Pow, a, exponent)
            }
            _ => self.pool.unary(Unary::Sqrt, a),
        })
    }

    fn logarithm(&mut self, node: Xml<'_>, operands: &[Xml<'_>]) -> Result<ExprId, SbmlError> {
        let (base, a) = self.qualified(node, "logbase", operands)?;
        let base = match base {
            Some(b) => b,
            None => self.pool.constant(10.0),
        };
        let (top, bottom) = (
            self.pool.unary(Unary::Ln, a),
            self.pool.unary(Unary::Ln, base),
        );
        Ok(self.pool.binary(Binary::Div, top, bottom))
    }

    fn piecewise(&mut self, node: Xml<'_>) -> Result<ExprId, SbmlError> {
        let mut pieces = Vec::new();
        let mut otherwise = None;
        for part in elements(node) {
            let inner: Vec<Xml<'_>> = elements(part).collect();
            match (part.tag_name().name(), inner.as_slice()) {
                ("piece", [value, condition]) => {
                    pieces.push((self.number(*value)?, self.condition(*condition)?));
                }
                ("otherwise", [value]) if otherwise.is_none() => {
                    otherwise = Some(self.number(*value)?);
                }
                _ => {
                    return Err(fail(
                        part,
                        "expected <piece> value condition </piece> or one <otherwise>",
                    ));
                }
            }
        }
        let mut result = otherwise
            .ok_or_else(|| fail(node, "not supported: <piecewise> without <otherwise>"))?;
        for (value, condition) in pieces.iter().rev() {
            result = self.choose(condition, *value, result);
        }
        Ok(result)
    }

    fn choose(&mut self, condition: &Condition, then: ExprId, otherwise: ExprId) -> ExprId {
        match condition {
            Condition::Constant(true) => then,
            Condition::Constant(false) => otherwise,
            Condition::Compare(relation, l, r) => {
                self.pool.select(*relation, *l, *r, then, otherwise)
            }
            Condition::Not(inner) => self.choose(inner, otherwise, then),
            Condition::All(list) => list
                .iter()
                .rev()
                .fold(then, |inner, c| self.choose(c, inner, otherwise)),
            Condition::Any(list) => list
                .iter()
                .rev()
                .fold(otherwise, |inner, c| self.choose(c, then, inner)),
        }
    }

    fn condition(&mut self, node: Xml<'_>) -> Result<Condition, SbmlError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(fail(
                node,
                format!("the condition is nested more than {MAX_DEPTH} deep"),
            ));
        }
        self.spend(node)?;
        let result = match node.tag_name().name() {
            "true" => Ok(Condition::Constant(true)),
            "false" => Ok(Condition::Constant(false)),
            "apply" => self.logic(node),
            other => Err(fail(
                node,
                format!("not supported: <{other}> as a condition"),
            )),
        };
        self.depth -= 1;
        result
    }

    fn logic(&mut self, node: Xml<'_>) -> Result<Condition, SbmlError> {
        let (op, operands) = operator(node).ok_or_else(|| fail(node, "the <apply> is empty"))?;
        let name = op.tag_name().name();
        if let "and" | "or" | "not" = name {
            let mut parts = Vec::with_capacity(operands.len());
            for operand in &operands {
                parts.push(self.condition(*operand)?);
            }
            return match (name, parts.len()) {
                ("and", _) => Ok(Condition::All(parts)),
                ("or", _) => Ok(Condition::Any(parts)),
                (_, 1) => Ok(Condition::Not(Box::new(Condition::All(parts)))),
                (_, n) => Err(fail(node, format!("<not> with {n} operands"))),
            };
        }
        let values = self.numbers(&operands)?;
        if values.len() < 2 {
            return Err(fail(
                node,
                format!("<{name}> needs two operands as a condition"),
            ));
        }
        let pairs = values.windows(2).map(|w| compare(name, w[0], w[1]));
        match pairs.collect::<Option<Vec<Condition>>>() {
            Some(list) if name != "neq" || list.len() == 1 => Ok(Condition::All(list)),
            _ => Err(fail(
                node,
                format!("not supported: <{name}> as a condition"),
            )),
        }
    }
}

fn compare(name: &str, a: ExprId, b: ExprId) -> Option<Condition> {
    Some(match name {
        "lt" => Condition::Compare(Relation::Less, a, b),
        "leq" => Condition::Compare(Relation::LessEqual, a, b),
        "gt" => Condition::Compare(Relation::Less, b, a),
        "geq" => Condition::Compare(Relation::LessEqual, b, a),
        "eq" => Condition::Compare(Relation::Equal, a, b),
        "neq" => Condition::Not(Box::new(Condition::Compare(Relation::Equal, a, b))),
        _ => return None,
    })
}

/// The value of a `<cn>`.
fn literal(node: Xml<'_>) -> Result<f64, SbmlError> {
    let parts: Vec<&str> = node
        .children()
        .filter(roxmltree::Node::is_text)
        .filter_map(|n| n.text())
        .map(str::trim)
        .filter(|t| !t.is_empty())
        .collect();
    let kind = node.attribute("type").unwrap_or("real");
    match (kind, parts.as_slice()) {
        ("real" | "integer", [one]) => {
            if node.attribute("base").is_some_and(|b| b.trim() != "10") {
                return Err(fail(node, "not supported: a <cn> in a base other than 10"));
            }
            finite(node, "the <cn>", one)
        }
        ("e-notation", [mantissa, exponent]) => {
            finite(node, "the <cn>", &format!("{mantissa}e{exponent}"))
        }
        ("rational", [top, bottom]) => {
            let ratio = finite(node, "the <cn>", top)? / finite(node, "the <cn>", bottom)?;
            if ratio.is_finite() {
                Ok(ratio)
            } else {
                Err(fail(node, "the <cn> divides by zero"))
            }
        }
        ("real" | "integer" | "e-notation" | "rational", _) => Err(fail(
            node,
            format!("the <cn> of type \"{kind}\" does not hold the numbers it should"),
        )),
        _ => Err(fail(node, format!("not supported: <cn type=\"{kind}\">"))),
    }
}
