//! Expressions: from tokens to operations in the order in which they are carried out.

use super::lexer::{Kind, Token, unescape};
use super::{DEEPEST, Wrong, quoted};
use crate::expr::{Binary, Function, Relation, Unary};
use std::borrow::Cow;

/// One step of a formula, which takes its operands from the top of a stack.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step<'t> {
    Number(f64),
    Time,
    /// A name and where it stands.
    Name(Cow<'t, str>, usize),
    /// The name of a `let`.
    Part(&'t str, usize),
    Unary(Unary),
    Binary(Binary),
    /// A comparison; `true` swaps its sides.
    Select(Relation, bool),
    Call(Function),
}

/// An expression whose names are not looked up yet.
pub(super) type Formula<'t> = Vec<Step<'t>>;

/// A walk over tokens.
pub(super) struct Tokens<'t> {
    pub text: &'t str,
    list: Vec<Token>,
    next: usize,
    depth: usize,
}

const UNARY: [Unary; 8] = [
    Unary::Exp,
    Unary::Ln,
    Unary::Sqrt,
    Unary::Tanh,
    Unary::Sin,
    Unary::Cos,
    Unary::Abs,
    Unary::Floor,
];

/// What a call does.
#[derive(Clone, Copy)]
enum Called {
    Unary(Unary),
    Binary(Binary),
    Function(Function),
}

impl<'t> Tokens<'t> {
    pub(super) fn new(text: &'t str) -> Result<Self, Wrong> {
        Ok(Self {
            text,
            list: super::lexer::tokens(text)?,
            next: 0,
            depth: 0,
        })
    }

    /// The token in front, the last of which is the end.
    pub(super) fn peek(&self) -> Token {
        self.list[self.next.min(self.list.len() - 1)]
    }

    pub(super) fn take(&mut self) -> Token {
        let token = self.peek();
        self.next += 1;
        token
    }

    /// Takes the sign in front if it is this one.
    pub(super) fn accept(&mut self, sign: &str) -> bool {
        let token = self.peek();
        let found = token.kind == Kind::Sign && token.raw(self.text) == sign;
        self.next += usize::from(found);
        found
    }

    pub(super) fn require(&mut self, sign: &str) -> Result<(), Wrong> {
        if self.accept(sign) {
            return Ok(());
        }
        Err(self.unexpected(quoted(sign)))
    }

    pub(super) fn unexpected(&self, expected: impl Into<String>) -> Wrong {
        let token = self.peek();
        Wrong::new(token.at(), token.told(self.text), expected)
    }

    /// A number without operators: digits, `inf` or `nan`, with a sign.
    pub(super) fn number(&mut self) -> Result<f64, Wrong> {
        let negative = self.accept("-");
        let token = self.peek();
        let value = match (token.kind, token.raw(self.text)) {
            (Kind::Number, _) => return self.digits().map(|v| if negative { -v } else { v }),
            (Kind::Word, "inf") => f64::INFINITY,
            (Kind::Word, "nan") => f64::NAN,
            _ => return Err(self.unexpected("a number")),
        };
        self.take();
        Ok(if negative { -value } else { value })
    }

    fn digits(&mut self) -> Result<f64, Wrong> {
        let token = self.take();
        let value: f64 = token.raw(self.text).parse().unwrap_or(f64::INFINITY);
        if value.is_finite() {
            return Ok(value);
        }
        let expected = "a number of at most 1.7976931348623157e308";
        Err(Wrong::new(token.at(), token.told(self.text), expected).mend("write infinity as inf"))
    }

    /// An expression.
    pub(super) fn formula(&mut self) -> Result<Formula<'t>, Wrong> {
        let mut out = Vec::new();
        self.sum(&mut out)?;
        out.shrink_to_fit();
        Ok(out)
    }

    fn operator(&mut self, signs: &[(&str, Binary)]) -> Option<Binary> {
        signs
            .iter()
            .find(|(sign, _)| self.accept(sign))
            .map(|(_, op)| *op)
    }

    fn sum(&mut self, out: &mut Formula<'t>) -> Result<(), Wrong> {
        self.product(out)?;
        while let Some(op) = self.operator(&[("+", Binary::Add), ("-", Binary::Sub)]) {
            self.product(out)?;
            out.push(Step::Binary(op));
        }
        Ok(())
    }

    fn product(&mut self, out: &mut Formula<'t>) -> Result<(), Wrong> {
        self.signed(out)?;
        while let Some(op) = self.operator(&[("*", Binary::Mul), ("/", Binary::Div)]) {
            self.signed(out)?;
            out.push(Step::Binary(op));
        }
        Ok(())
    }

    fn signed(&mut self, out: &mut Formula<'t>) -> Result<(), Wrong> {
        if self.accept("-") {
            let literal = self.is_literal();
            self.power(out)?;
            negate(out, literal);
            return Ok(());
        }
        self.power(out)
    }

    /// Whether a number stands in front, so that a minus sign before it is the number's own.
    fn is_literal(&self) -> bool {
        let token = self.peek();
        token.kind == Kind::Number || token.kind == Kind::Word && token.raw(self.text) == "inf"
    }

    fn power(&mut self, out: &mut Formula<'t>) -> Result<(), Wrong> {
        self.atom(out)?;
        if !self.accept("^") {
            return Ok(());
        }
        if self.accept("-") {
            let literal = self.is_literal();
            self.atom(out)?;
            negate(out, literal);
        } else {
            self.atom(out)?;
        }
        out.push(Step::Binary(Binary::Pow));
        let token = self.peek();
        if token.kind == Kind::Sign && token.raw(self.text) == "^" {
            return Err(self
                .unexpected("another operator or the end of the expression")
                .mend("put brackets: a^(b^c) or (a^b)^c"));
        }
        Ok(())
    }

    fn atom(&mut self, out: &mut Formula<'t>) -> Result<(), Wrong> {
        let token = self.peek();
        let raw = token.raw(self.text);
        match token.kind {
            Kind::Number => out.push(Step::Number(self.digits()?)),
            Kind::Ticked => {
                self.take();
                let name = Cow::Owned(unescape(token.inside(self.text)));
                out.push(Step::Name(name, token.at()));
            }
            Kind::Word => {
                self.take();
                if self.accept("(") {
                    return self.nested(token, |t| t.call(token, raw, out));
                }
                out.push(match raw {
                    "time" => Step::Time,
                    "inf" => Step::Number(f64::INFINITY),
                    "nan" => Step::Number(f64::NAN),
                    part if part.starts_with('_') => Step::Part(part, token.at()),
                    name => Step::Name(Cow::Borrowed(name), token.at()),
                });
            }
            Kind::Sign if raw == "(" => {
                self.take();
                return self.nested(token, |t| {
                    t.sum(out)?;
                    t.require_end()
                });
            }
            _ => return Err(self.unexpected("a number, a name, a function or \"(\"")),
        }
        Ok(())
    }

    fn nested(
        &mut self,
        token: Token,
        inside: impl FnOnce(&mut Self) -> Result<(), Wrong>,
    ) -> Result<(), Wrong> {
        self.depth += 1;
        if self.depth > DEEPEST {
            let found = format!("brackets more than {DEEPEST} deep");
            return Err(Wrong::new(token.at(), found, "an expression less deep")
                .mend("name a part of it with variable or let"));
        }
        inside(self)?;
        self.depth -= 1;
        Ok(())
    }

    fn require_end(&mut self) -> Result<(), Wrong> {
        if self.accept(")") {
            return Ok(());
        }
        Err(self.unexpected("an operator or \")\""))
    }

    fn call(&mut self, token: Token, name: &str, out: &mut Formula<'t>) -> Result<(), Wrong> {
        if name == "if" {
            return self.choice(out);
        }
        let called = called(name).ok_or_else(|| {
            Wrong::new(token.at(), token.told(self.text), "the name of a function")
                .mend(format!("functions are {}", function_names().join(", ")))
                .did_you_mean(name, function_names().into_iter())
        })?;
        let names: &[&str] = match called {
            Called::Unary(_) => &["x"],
            Called::Binary(_) => &["a", "b"],
            Called::Function(f) => f.arguments(),
        };
        for i in 0..names.len() {
            if i > 0 && !self.accept(",") {
                return Err(self.arity(name, names, i));
            }
            if i == 0 && matches!(self.peek().raw(self.text), ")") {
                return Err(self.arity(name, names, 0));
            }
            self.sum(out)?;
        }
        if !self.accept(")") {
            return Err(self.arity(name, names, names.len()));
        }
        out.push(match called {
            Called::Unary(op) => Step::Unary(op),
            Called::Binary(op) => Step::Binary(op),
            Called::Function(f) => Step::Call(f),
        });
        Ok(())
    }

    fn arity(&self, name: &str, names: &[&str], read: usize) -> Wrong {
        let form = format!("{name}({})", names.join(", "));
        let next = if read == names.len() { ")" } else { "," };
        match self.peek().raw(self.text) {
            "," | ")" => self.unexpected(format!("the arguments of {form}")),
            _ => self.unexpected(format!("an operator or \"{next}\" in {form}")),
        }
    }

    fn choice(&mut self, out: &mut Formula<'t>) -> Result<(), Wrong> {
        const RELATIONS: [(&str, Relation, bool); 5] = [
            ("<", Relation::Less, false),
            ("<=", Relation::LessEqual, false),
            ("==", Relation::Equal, false),
            (">", Relation::Less, true),
            (">=", Relation::LessEqual, true),
        ];
        self.sum(out)?;
        let Some(&(_, relation, swapped)) = RELATIONS.iter().find(|r| self.accept(r.0)) else {
            return Err(self
                .unexpected("an operator or a comparison (<, <=, ==, >, >=)")
                .mend("the form is if(a < b, value, other value)"));
        };
        for end in [",", ",", ")"] {
            self.sum(out)?;
            if !self.accept(end) {
                return Err(self
                    .unexpected(format!("an operator or \"{end}\""))
                    .mend("the form is if(a < b, value, other value)"));
            }
        }
        out.push(Step::Select(relation, swapped));
        Ok(())
    }
}

/// A minus sign before a number on its own makes a negative number, before any other expression a negation; so before 0,
/// which has no negative among literals.
fn negate(out: &mut Formula<'_>, literal: bool) {
    match out.last_mut() {
        Some(Step::Number(value)) if literal && *value != 0.0 => *value = -*value,
        _ => out.push(Step::Unary(Unary::Neg)),
    }
}

fn called(name: &str) -> Option<Called> {
    let unary = UNARY
        .into_iter()
        .find(|op| crate::expr::unary_name(*op) == name);
    match name {
        "min" => Some(Called::Binary(Binary::Min)),
        "max" => Some(Called::Binary(Binary::Max)),
        _ => unary
            .map(Called::Unary)
            .or_else(|| Function::from_name(name).map(Called::Function)),
    }
}

fn function_names() -> Vec<&'static str> {
    let mut names: Vec<&str> = UNARY
        .iter()
        .map(|op| crate::expr::unary_name(*op))
        .collect();
    names.extend(["min", "max", "if"]);
    names.extend(Function::ALL.iter().map(|f| f.name()));
    names
}
