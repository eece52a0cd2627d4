//! The readable text form of a network: [`write()`] and [`read()`], which gives back the same network.
//!
//! A text is a list of declarations, each a kind, a name and clauses; line ends and blanks do not matter, `#` starts a
//! comment, and declarations may stand in any order (the order among states, among parameters and so on is kept).
//!
//! ```text
//! model example clock [d]
//!
//! parameter pool.loss = 0.5 [1/d] spread lognormal(sd_ln 0.3) mark assumed source Example2020
//!     "loss of what is in the pool"
//! input pool.feed = 1 [mmol/d] "what is eaten"
//! switch pool.on = on "cuts the loss"
//! variable pool.outflow [mmol/d] = pool.on*pool.loss*pool.amount
//! state pool.amount [mmol] typical 10 holds C 6, N 1 "what is in the pool"
//!     initial 10
//!     rate pool.feed - pool.outflow
//! process pool.out [mmol/d] = pool.outflow changes pool.amount by -1 balanced C
//! observable pool.relative [1] = pool.amount/10 "relative to the usual size"
//! invariant pool.sum weights pool.amount 1
//! link `pool-to-skin` from pool to skin cut_by pool.on gain pool.loss grade AS "what the skin sees"
//! citation Example2020 "Example A. On pools. 2020."
//! ```
//!
//! * **Rates are whole.** The rate of a state holds every term already, those of processes too. A `process` records
//!   which flow is meant and what it changes; reading it adds nothing to any rate.
//! * `initial` is an expression of parameters, switches and numbers. A state is kept at or above zero by its equations
//!   unless `signed` stands with it. `spread` is `fixed` where it is left out, and texts are empty.
//! * `let _1 = …` names a part that would be too long or nested too deep where it is used. It is only a spelling: the
//!   reader puts the part where its name stands.
//! * A link's `gain` is the parameter that scales it; `also` lists those of its other parts.
//! * Operators are `+ - * / ^`, with `^` before the minus sign before `* /` before `+ -`, all from the left;
//!   `a^b^c` needs brackets. `if(a < b, x, y)` chooses; the comparisons are `<`, `<=`, `==`, `>`, `>=`. Functions are
//!   `exp ln sqrt tanh sin cos abs floor min max` and the smooth functions of [`Function`](crate::expr::Function).
//! * A name that does not look like `module.name`, or is one of the words `time`, `if`, `nan`, `inf`, stands in
//!   backquotes. Texts and names in backquotes know `\n`, `\t`, `\r`, `\\`, `\"`, `` \` `` and `\u{…}`.
//! * Expressions are kept as they are written, without rewriting.

mod assemble;
mod clauses;
mod declarations;
mod formula;
mod lexer;
mod parts;
mod sections;
mod write;

pub(crate) use write::{Scope, scoped, spread_text};

use crate::model::Network;
use thiserror::Error;

/// Version of the form that [`write()`] gives.
pub const FORMAT: u32 = 1;
/// Longest text that is read, in bytes.
pub const LONGEST: usize = 16 << 20;
/// Deepest nesting of brackets that is read. [`write()`] stays far below it.
pub const DEEPEST: usize = 256;

/// What is wrong with a text, and where.
#[derive(Clone, Debug, Error, PartialEq)]
#[error("line {line}, column {column}: found {found}; expected {expected}{}{mend}", if mend.is_empty() { "" } else { "; " })]
pub struct TextError {
    /// Line, from 1.
    pub line: u32,
    /// Character of the line, from 1.
    pub column: u32,
    /// What stands there.
    pub found: String,
    /// What may stand there.
    pub expected: String,
    /// What to do, where that is known; may be empty.
    pub mend: String,
}

/// The text of a network: sections by module, every number in full.
///
/// Names must be unique among states, parameters, inputs, switches and variables, as [`crate::Builder`] and the readers
/// make sure.
pub fn write(network: &Network) -> String {
    scoped(network, Scope::EVERYTHING)
}

/// The network of a text.
///
/// # Errors
/// The first thing that is wrong, with its place.
pub fn read(text: &str) -> Result<Network, TextError> {
    let declarations = declarations::read(text)?;
    assemble::assemble(text, declarations)
}

/// An error before its place is known as line and column.
#[derive(Debug)]
struct Wrong {
    /// Offset in bytes.
    at: usize,
    found: String,
    expected: String,
    mend: String,
}

impl Wrong {
    fn new(at: usize, found: impl Into<String>, expected: impl Into<String>) -> Self {
        Self {
            at,
            found: found.into(),
            expected: expected.into(),
            mend: String::new(),
        }
    }

    fn mend(mut self, mend: impl Into<String>) -> Self {
        self.mend = mend.into();
        self
    }

    /// Suggests the known name most like `name`, where one is like it.
    fn did_you_mean<'k>(self, name: &str, known: impl Iterator<Item = &'k str>) -> Self {
        let size = name.len();
        if size > 100 {
            return self;
        }
        let alike = known.filter(|k| k.len().abs_diff(size) <= 2.max(k.len() / 3));
        match crate::nearest(name, alike) {
            Some(nearest) => {
                let mend = format!("did you mean \"{nearest}\"?");
                self.mend(mend)
            }
            None => self,
        }
    }

    fn placed(self, text: &str) -> TextError {
        let before = text.get(..self.at).unwrap_or(text);
        let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |i| i + 1);
        let column = before[start..].chars().filter(|c| *c != '\u{feff}').count() + 1;
        let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        TextError {
            line: small(line),
            column: small(column),
            found: self.found,
            expected: self.expected,
            mend: self.mend,
        }
    }
}

/// Words that stand for something in expressions.
const RESERVED: [&str; 4] = ["time", "if", "nan", "inf"];

/// A text as a message quotes it: not too long, on one line.
fn quoted(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    format!("\"{}\"", short.escape_debug())
}
