//! Reading units: a recursive-descent parser over the text itself.

use crate::dimension::Dimension;
use crate::error::UnitError;
use crate::scale::Scale;
use crate::symbols::{self, Meaning};
use crate::unit::rational;

/// Longest text accepted, in bytes.
const LONGEST: usize = 256;
/// Deepest nesting of parentheses accepted.
const DEEPEST: usize = 16;
/// Largest magnitude of an exponent.
const LARGEST_EXPONENT: f64 = 32_767.0;

type Parsed = (Dimension, Scale);

pub(crate) fn parse(text: &str) -> Result<Parsed, UnitError> {
    if text.is_empty() {
        return Err(UnitError::Empty);
    }
    if text.len() > LONGEST {
        return Err(UnitError::TooLong {
            length: text.len(),
            limit: LONGEST,
        });
    }
    let mut parser = Parser {
        text,
        offset: 0,
        depth: 0,
    };
    let parsed = parser.product()?;
    if parser.peek().is_some() {
        return Err(parser.unexpected("an operator or the end of the unit"));
    }
    if !parsed.0.is_representable() || !parsed.1.is_usable() {
        return Err(UnitError::OutOfRange {
            text: text.to_owned(),
        });
    }
    Ok(parsed)
}

struct Parser<'t> {
    text: &'t str,
    offset: usize,
    depth: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Operator {
    Multiply,
    Juxtapose,
    Divide,
}

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.offset..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn advance(&mut self, character: char) {
        self.offset += character.len_utf8();
    }

    fn accept(&mut self, wanted: impl Fn(char) -> bool) -> Option<char> {
        let found = self.peek().filter(|c| wanted(*c))?;
        self.advance(found);
        Some(found)
    }

    fn skip_blanks(&mut self) -> bool {
        let start = self.offset;
        while self.accept(char::is_whitespace).is_some() {}
        self.offset > start
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'t str {
        let start = self.offset;
        while self.accept(&wanted).is_some() {}
        &self.text[start..self.offset]
    }

    fn syntax(&self, offset: usize, expected: &str, found: String) -> UnitError {
        UnitError::Syntax {
            text: self.text.to_owned(),
            offset,
            expected: expected.to_owned(),
            found,
        }
    }

    fn unexpected(&self, expected: &str) -> UnitError {
        let found = match self.peek() {
            Some(character) => format!("{character:?}"),
            None => "the end".to_owned(),
        };
        self.syntax(self.offset, expected, found)
    }

    fn product(&mut self) -> Result<Parsed, UnitError> {
        self.skip_blanks();
        let mut divided = self.accept(is_slash).is_some() || self.accept_per();
        let mut total = (Dimension::ONE, Scale::ONE);
        if divided {
            self.skip_blanks();
        }
        total = apply(total, self.factor()?, divided);
        while let Some((operator, offset)) = self.operator() {
            let factor = self.factor()?;
            if operator == Operator::Juxtapose && divided {
                return Err(self.syntax(
                    offset,
                    "parentheses or an explicit operator, as in \"a/(b*c)\" or \"a*c/b\"",
                    "a blank between units after a division, which can be read in two ways"
                        .to_owned(),
                ));
            }
            divided |= operator == Operator::Divide;
            total = apply(total, factor, operator == Operator::Divide);
        }
        Ok(total)
    }

    /// The operator before the next factor, or `None` at the end of the group.
    fn operator(&mut self) -> Option<(Operator, usize)> {
        let start = self.offset;
        self.skip_blanks();
        let operator = if self.accept(is_slash).is_some() || self.accept_per() {
            Operator::Divide
        } else if self.accept(is_times).is_some() {
            Operator::Multiply
        } else if self.peek().is_some_and(starts_factor) {
            Operator::Juxtapose
        } else {
            return None;
        };
        self.skip_blanks();
        Some((operator, start))
    }

    /// Accepts the word `per` when a blank follows it.
    fn accept_per(&mut self) -> bool {
        let found = self
            .rest()
            .strip_prefix("per")
            .is_some_and(|rest| rest.starts_with(char::is_whitespace));
        if found {
            self.offset += "per".len();
        }
        found
    }

    fn factor(&mut self) -> Result<Parsed, UnitError> {
        let (base, is_symbol) = match self.peek() {
            Some('(') => (self.group()?, false),
            Some(c) if c.is_ascii_digit() => (self.number()?, false),
            Some(c) if starts_symbol(c) => (self.symbol()?, true),
            _ => return Err(self.unexpected("a unit, a number or \"(\"")),
        };
        match self.exponent(is_symbol)? {
            Some((numerator, denominator)) => Ok((
                base.0.pow(numerator, denominator),
                base.1.pow(numerator, denominator),
            )),
            None => Ok(base),
        }
    }

    fn group(&mut self) -> Result<Parsed, UnitError> {
        if self.depth == DEEPEST {
            return Err(self.unexpected("at most 16 nested parentheses"));
        }
        self.depth += 1;
        self.advance('(');
        let inner = self.product()?;
        self.skip_blanks();
        if self.accept(|c| c == ')').is_none() {
            return Err(self.unexpected("\")\""));
        }
        self.depth -= 1;
        Ok(inner)
    }

    fn number(&mut self) -> Result<Parsed, UnitError> {
        let start = self.offset;
        self.take_while(|c| c.is_ascii_digit());
        let mut tail = self.rest().chars();
        if tail.next() == Some('.') && tail.next().is_some_and(|c| c.is_ascii_digit()) {
            self.advance('.');
            self.take_while(|c| c.is_ascii_digit());
        }
        let mut tail = self.rest().chars();
        if tail.next().is_some_and(|c| c == 'e' || c == 'E') {
            let sign = tail.clone().next().filter(|c| matches!(c, '+' | '-'));
            if sign.is_some() {
                tail.next();
            }
            if tail.next().is_some_and(|c| c.is_ascii_digit()) {
                self.offset += 1 + usize::from(sign.is_some());
                self.take_while(|c| c.is_ascii_digit());
            }
        }
        let text = &self.text[start..self.offset];
        Scale::from_decimal(text)
            .map(|scale| (Dimension::ONE, scale))
            .ok_or_else(|| self.syntax(start, "a positive finite number", format!("{text:?}")))
    }

    fn symbol(&mut self) -> Result<Parsed, UnitError> {
        let start = self.offset;
        if let Some(mark) = self.accept(|c| matches!(c, '%' | '‰')) {
            self.skip_percentage_points(mark);
            return self.resolve(start, mark.encode_utf8(&mut [0; 4]));
        }
        let name = self.take_while(|c| c.is_alphabetic() || matches!(c, '_' | '°'));
        if !name.is_empty() && self.rest().starts_with(['%', '‰']) {
            return Err(UnitError::Refused {
                text: self.text.to_owned(),
                offset: start,
                symbol: format!("{name}%"),
                reason: "laboratories write mg% for mg in 100 mL; write mg/dL, or a blank before a share".to_owned(),
            });
        }
        self.resolve(start, name)
    }

    /// `% points` is the percentage, not a percentage of score points.
    fn skip_percentage_points(&mut self, mark: char) {
        if mark != '%' {
            return;
        }
        let rest = self.rest();
        let word = rest.trim_start();
        for name in ["points", "point"] {
            let ends = word
                .strip_prefix(name)
                .is_some_and(|tail| !tail.starts_with(|c: char| c.is_alphanumeric() || c == '_'));
            if ends {
                self.offset += rest.len() - word.len() + name.len();
                return;
            }
        }
    }

    fn resolve(&self, offset: usize, symbol: &str) -> Result<Parsed, UnitError> {
        match symbols::look_up(symbol) {
            Meaning::Unit(dimension, scale) => Ok((dimension, scale)),
            Meaning::Refused(reason) => Err(UnitError::Refused {
                text: self.text.to_owned(),
                offset,
                symbol: symbol.to_owned(),
                reason: reason.to_owned(),
            }),
            Meaning::Unknown => Err(UnitError::Unknown {
                text: self.text.to_owned(),
                offset,
                symbol: symbol.to_owned(),
                suggestion: symbols::nearest(symbol),
            }),
        }
    }

    /// The exponent after a factor, as numerator and denominator.
    fn exponent(&mut self, is_symbol: bool) -> Result<Option<(i32, u16)>, UnitError> {
        let start = self.offset;
        let value = if self.accept(|c| c == '^').is_some() {
            self.caret_exponent()?
        } else if self.peek().is_some_and(|c| superscript(c).is_some()) {
            let written = self.take_while(|c| superscript(c).is_some());
            self.whole(
                start,
                &written.chars().filter_map(superscript).collect::<String>(),
            )?
        } else if is_symbol && self.touching_digits() {
            let sign = self.accept(|c| c == '-').map_or(1.0, |_| -1.0);
            let at = self.offset;
            let digits = self.take_while(|c| c.is_ascii_digit());
            sign * self.whole(at, digits)?
        } else {
            return Ok(None);
        };
        if value.abs() > LARGEST_EXPONENT {
            return Err(self.syntax(
                start,
                "an exponent between -32767 and 32767",
                value.to_string(),
            ));
        }
        match rational(value) {
            Some(exponent) => Ok(Some(exponent)),
            None => Err(self.syntax(
                start,
                "an exponent that is a ratio of small whole numbers",
                value.to_string(),
            )),
        }
    }

    fn touching_digits(&self) -> bool {
        let rest = self.rest();
        let digits = rest.strip_prefix('-').unwrap_or(rest);
        digits.starts_with(|c: char| c.is_ascii_digit())
    }

    fn whole(&self, offset: usize, digits: &str) -> Result<f64, UnitError> {
        digits
            .parse::<i32>()
            .map(f64::from)
            .map_err(|_| self.syntax(offset, "a whole exponent", format!("{digits:?}")))
    }

    fn caret_exponent(&mut self) -> Result<f64, UnitError> {
        if self.accept(|c| c == '(').is_none() {
            return self.signed_decimal();
        }
        self.skip_blanks();
        let mut value = self.signed_decimal()?;
        self.skip_blanks();
        if self.accept(|c| c == '/').is_some() {
            self.skip_blanks();
            let at = self.offset;
            let divisor = self.signed_decimal()?;
            if divisor == 0.0 {
                return Err(self.syntax(at, "a divisor other than zero", "0".to_owned()));
            }
            value /= divisor;
            self.skip_blanks();
        }
        match self.accept(|c| c == ')') {
            Some(_) => Ok(value),
            None => Err(self.unexpected("\")\"")),
        }
    }

    fn signed_decimal(&mut self) -> Result<f64, UnitError> {
        let start = self.offset;
        self.accept(|c| matches!(c, '+' | '-' | '−'));
        let negative = self.text[start..self.offset].starts_with(['-', '−']);
        let digits_start = self.offset;
        self.take_while(|c| c.is_ascii_digit());
        let mut tail = self.rest().chars();
        if tail.next() == Some('.') && tail.next().is_some_and(|c| c.is_ascii_digit()) {
            self.advance('.');
            self.take_while(|c| c.is_ascii_digit());
        }
        let value = self.text[digits_start..self.offset]
            .parse::<f64>()
            .map_err(|_| self.unexpected("an exponent, such as \"^2\", \"^-1\" or \"^(1/2)\""))?;
        Ok(if negative { -value } else { value })
    }
}

fn apply(total: Parsed, factor: Parsed, divide: bool) -> Parsed {
    if divide {
        (total.0.div(&factor.0), total.1.div(&factor.1))
    } else {
        (total.0.mul(&factor.0), total.1.mul(&factor.1))
    }
}

fn is_slash(character: char) -> bool {
    matches!(character, '/' | '÷' | '∕')
}

fn is_times(character: char) -> bool {
    matches!(character, '*' | '·' | '⋅' | '×' | '.')
}

fn starts_symbol(character: char) -> bool {
    character.is_alphabetic() || matches!(character, '%' | '‰' | '°' | '_')
}

fn starts_factor(character: char) -> bool {
    starts_symbol(character) || character.is_ascii_digit() || character == '('
}

fn superscript(character: char) -> Option<char> {
    Some(match character {
        '⁻' => '-',
        '⁺' => '+',
        '⁰' => '0',
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '⁴' => '4',
        '⁵' => '5',
        '⁶' => '6',
        '⁷' => '7',
        '⁸' => '8',
        '⁹' => '9',
        _ => return None,
    })
}
