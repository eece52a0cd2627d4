//! The pieces that declarations are made of.

use super::formula::Tokens;
use super::lexer::{Kind, unescape};
use super::{RESERVED, Wrong, quoted};
use crate::parameters::Spread;
use gutskin_units::Unit;

/// A name and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Spelled {
    pub text: String,
    pub at: usize,
}

/// First words of declarations.
pub(super) const KINDS: [&str; 12] = [
    "model",
    "parameter",
    "input",
    "switch",
    "link",
    "let",
    "variable",
    "state",
    "process",
    "observable",
    "invariant",
    "citation",
];
/// The clause of a unit in brackets.
pub(super) const UNIT: &str = "[unit]";
/// The clause after an equals sign.
pub(super) const VALUE: &str = "= value";
/// The clause of a text in quotes.
pub(super) const DOC: &str = "\"text\"";

impl Tokens<'_> {
    /// A name, in backquotes or not.
    pub(super) fn name(&mut self, what: &str) -> Result<Spelled, Wrong> {
        let token = self.peek();
        let at = token.at();
        let text = match token.kind {
            Kind::Ticked => unescape(token.inside(self.text)),
            Kind::Word => {
                let raw = token.raw(self.text);
                if !crate::is_name(raw) || RESERVED.contains(&raw) {
                    return Err(self.unexpected(what).mend(
                        "names are letters, digits, _ and dots, starting with a letter; others, and time, if, nan and inf, stand in backquotes",
                    ));
                }
                raw.to_owned()
            }
            _ => return Err(self.unexpected(what)),
        };
        self.take();
        Ok(Spelled { text, at })
    }

    /// The name of something that expressions can mention.
    pub(super) fn symbol(&mut self, what: &str) -> Result<Spelled, Wrong> {
        let name = self.name(what)?;
        if crate::is_name(&name.text) {
            return Ok(name);
        }
        let found = quoted(&name.text);
        Err(Wrong::new(name.at, found, what)
            .mend("names are letters, digits, _ and dots, starting with a letter"))
    }

    /// The unit in front.
    pub(super) fn unit(&mut self) -> Result<Option<Unit>, Wrong> {
        let token = self.peek();
        if token.kind != Kind::Unit {
            return Err(self.unexpected("a unit in brackets, as in [mmol/L]"));
        }
        self.take();
        let unit = Unit::parse(token.inside(self.text)).map_err(|e| {
            Wrong::new(token.at(), token.told(self.text), "a unit").mend(e.to_string())
        })?;
        Ok(Some(unit))
    }

    /// The text in front.
    pub(super) fn doc(&mut self) -> Result<String, Wrong> {
        let token = self.peek();
        if token.kind != Kind::Text {
            return Err(self.unexpected("a text in quotes"));
        }
        self.take();
        Ok(unescape(token.inside(self.text)))
    }

    /// One of some words.
    pub(super) fn one_of<T>(
        &mut self,
        what: &str,
        words: &[&'static str],
        of: impl Fn(&str) -> Option<T>,
    ) -> Result<T, Wrong> {
        let token = self.peek();
        let raw = token.raw(self.text);
        let found = (token.kind == Kind::Word).then(|| of(raw)).flatten();
        let Some(found) = found else {
            return Err(self
                .unexpected(format!("{what}: {}", words.join(", ")))
                .did_you_mean(raw, words.iter().copied()));
        };
        self.take();
        Ok(found)
    }

    /// Items with commas between them, at least one.
    pub(super) fn listed<T>(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Result<T, Wrong>,
    ) -> Result<Vec<T>, Wrong> {
        let mut list = vec![item(self)?];
        while self.accept(",") {
            list.push(item(self)?);
        }
        Ok(list)
    }

    /// Which clause begins in front.
    fn clause(&self) -> Option<&str> {
        let token = self.peek();
        match (token.kind, token.raw(self.text)) {
            (Kind::Unit, _) => Some(UNIT),
            (Kind::Text, _) => Some(DOC),
            (Kind::Sign, "=") => Some(VALUE),
            (Kind::Word, word) => Some(word),
            _ => None,
        }
    }

    /// Reads the clauses of a declaration, each at most once; `read` reads what follows the clause's word or sign.
    pub(super) fn clauses(
        &mut self,
        declaration: &str,
        allowed: &[&'static str],
        mut read: impl FnMut(&mut Self, &'static str) -> Result<(), Wrong>,
    ) -> Result<(), Wrong> {
        let mut seen: Vec<&str> = Vec::new();
        loop {
            let clause = self.clause();
            let known = allowed.iter().find(|a| Some(**a) == clause);
            let Some(&known) = known else {
                if self.peek().kind == Kind::End || clause.is_some_and(|c| KINDS.contains(&c)) {
                    return Ok(());
                }
                return Err(self.no_clause(declaration, allowed));
            };
            if seen.contains(&known) {
                let found = format!("{known} a second time");
                let expected = format!("at most one in {declaration}");
                return Err(
                    Wrong::new(self.peek().at(), found, expected).mend("remove one of them")
                );
            }
            seen.push(known);
            if known != UNIT && known != DOC {
                self.take();
            }
            read(self, known)?;
        }
    }

    fn no_clause(&self, declaration: &str, allowed: &[&'static str]) -> Wrong {
        let token = self.peek();
        let expected = format!(
            "an operator, a part of {declaration} ({}) or the next declaration",
            allowed.join(", ")
        );
        let wrong = self.unexpected(expected);
        if token.kind != Kind::Word {
            return wrong;
        }
        let words = allowed.iter().chain(&KINDS).copied();
        wrong.did_you_mean(token.raw(self.text), words)
    }

    /// A spread, as in `lognormal(sd_ln 0.3)`.
    pub(super) fn spread(&mut self) -> Result<Spread, Wrong> {
        const KNOWN: [&str; 6] = [
            "fixed",
            "normal",
            "lognormal",
            "uniform",
            "log_uniform",
            "truncated_normal",
        ];
        let known = |word: &str| KNOWN.into_iter().find(|k| *k == word);
        let kind = self.one_of("a kind of spread", &KNOWN, known)?;
        if kind == "fixed" {
            return Ok(Spread::Fixed);
        }
        self.require("(")?;
        let spread = match kind {
            "normal" => self.numbers(["sd"]).map(|[sd]| Spread::Normal { sd }),
            "lognormal" => self
                .numbers(["sd_ln"])
                .map(|[sd_ln]| Spread::LogNormal { sd_ln }),
            "uniform" => self
                .numbers(["low", "high"])
                .map(|[low, high]| Spread::Uniform { low, high }),
            "log_uniform" => self
                .numbers(["low", "high"])
                .map(|[low, high]| Spread::LogUniform { low, high }),
            _ => self
                .numbers(["sd", "low", "high"])
                .map(|[sd, low, high]| Spread::TruncatedNormal { sd, low, high }),
        }?;
        self.require(")")?;
        Ok(spread)
    }

    /// Numbers after their names, with commas between them.
    fn numbers<const N: usize>(&mut self, names: [&'static str; N]) -> Result<[f64; N], Wrong> {
        let mut values = [0.0; N];
        for (i, name) in names.into_iter().enumerate() {
            if i > 0 {
                self.require(",")?;
            }
            let token = self.peek();
            if token.kind != Kind::Word || token.raw(self.text) != name {
                return Err(self.unexpected(format!("{name} and a number")));
            }
            self.take();
            values[i] = self.number()?;
        }
        Ok(values)
    }
}
