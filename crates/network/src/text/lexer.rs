//! From characters to tokens.

use super::{LONGEST, Wrong, quoted};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// Letters, digits, `_` and dots.
    Word,
    /// A name in backquotes.
    Ticked,
    /// Digits, with point and exponent.
    Number,
    /// A text in quotes.
    Text,
    /// A unit in brackets.
    Unit,
    /// An operator, bracket, comma or comparison.
    Sign,
    /// The end of the text.
    End,
}

/// A token with its place in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub kind: Kind,
    at: u32,
    end: u32,
}

impl Token {
    /// Where it begins.
    pub(super) fn at(self) -> usize {
        self.at as usize
    }

    /// Its characters, as they stand.
    pub(super) fn raw(self, text: &str) -> &str {
        text.get(self.at as usize..self.end as usize)
            .unwrap_or_default()
    }

    /// What stands between its quotes or brackets, as it stands.
    pub(super) fn inside(self, text: &str) -> &str {
        text.get(self.at as usize + 1..(self.end as usize).saturating_sub(1))
            .unwrap_or_default()
    }

    /// How a message calls it.
    pub(super) fn told(self, text: &str) -> String {
        match self.kind {
            Kind::End => "the end of the text".to_owned(),
            Kind::Text => format!("the text {}", quoted(self.inside(text))),
            Kind::Unit => format!("the unit {}", quoted(self.raw(text))),
            _ => quoted(self.raw(text)),
        }
    }
}

/// All tokens of a text, the end among them.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Wrong> {
    if text.len() > LONGEST {
        let found = format!("a text of {} bytes", text.len());
        return Err(Wrong::new(0, found, format!("at most {LONGEST}")));
    }
    let mut list = Vec::new();
    let mut at = 0;
    loop {
        at += blank(&text[at..]);
        let rest = &text[at..];
        let Some(first) = rest.chars().next() else {
            break;
        };
        let (kind, length) = token(rest, first).map_err(|mut wrong| {
            wrong.at += at;
            wrong
        })?;
        list.push(place(kind, at, at + length));
        at += length;
    }
    list.push(place(Kind::End, at, at));
    Ok(list)
}

fn place(kind: Kind, at: usize, end: usize) -> Token {
    let small = |n| u32::try_from(n).unwrap_or(u32::MAX);
    Token {
        kind,
        at: small(at),
        end: small(end),
    }
}

/// Length of the blanks and comments at the start.
fn blank(text: &str) -> usize {
    let mut length = 0;
    loop {
        let rest = &text[length..];
        let trimmed = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        length += rest.len() - trimmed.len();
        if !trimmed.starts_with('#') {
            return length;
        }
        length += trimmed.find('\n').unwrap_or(trimmed.len());
    }
}

/// Kind and length of the token at the start of `rest`.
fn token(rest: &str, first: char) -> Result<(Kind, usize), Wrong> {
    match first {
        '"' => Ok((Kind::Text, delimited(rest, '"')?)),
        '`' => Ok((Kind::Ticked, delimited(rest, '`')?)),
        '[' => {
            let end = rest
                .find([']', '"', '`'])
                .filter(|&i| rest[i..].starts_with(']'));
            let end =
                end.ok_or_else(|| Wrong::new(0, "a \"[\" without end", "a unit and \"]\""))?;
            Ok((Kind::Unit, end + 1))
        }
        c if c.is_ascii_digit() => Ok((Kind::Number, number(rest))),
        c if c.is_ascii_alphabetic() || c == '_' => Ok((Kind::Word, word(rest))),
        '+' | '-' | '*' | '/' | '^' | '(' | ')' | ',' => Ok((Kind::Sign, 1)),
        '<' | '>' | '=' => Ok((Kind::Sign, 1 + usize::from(rest[1..].starts_with('=')))),
        other => {
            let found = format!("the character {}", quoted(&other.to_string()));
            Err(Wrong::new(
                0,
                found,
                "a name, a number, an operator or a text in quotes",
            )
            .mend("names in other characters stand in backquotes, comments after \"#\""))
        }
    }
}

fn word(rest: &str) -> usize {
    rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'))
        .unwrap_or(rest.len())
}

fn number(rest: &str) -> usize {
    let digits = |from: usize| {
        let tail = &rest[from..];
        from + tail
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(tail.len())
    };
    let mut end = digits(0);
    if rest[end..].starts_with('.') {
        end = digits(end + 1);
    }
    if rest[end..].starts_with(['e', 'E']) {
        let signed = usize::from(rest[end + 1..].starts_with(['+', '-']));
        let exponent = digits(end + 1 + signed);
        if exponent > end + 1 + signed {
            end = exponent;
        }
    }
    end
}

/// Length of a text or name with its delimiters, whose escapes are checked.
fn delimited(rest: &str, delimiter: char) -> Result<usize, Wrong> {
    let mut i = 1;
    while let Some(c) = rest[i..].chars().next() {
        match c {
            '\n' | '\r' => break,
            '\\' => {
                i += escape(&rest[i..])
                    .map_err(|mut w| {
                        w.at += i;
                        w
                    })?
                    .1
            }
            c if c == delimiter => return Ok(i + 1),
            c => i += c.len_utf8(),
        }
    }
    let what = if delimiter == '"' { "text" } else { "name" };
    Err(Wrong::new(
        0,
        format!("a {what} without end"),
        format!("a {what} that ends with {delimiter} on its line"),
    )
    .mend("write a line end inside as \\n"))
}

/// The character of the escape at the start of `rest`, and the escape's length.
fn escape(rest: &str) -> Result<(char, usize), Wrong> {
    let simple = match rest[1..].chars().next() {
        Some('n') => Some('\n'),
        Some('t') => Some('\t'),
        Some('r') => Some('\r'),
        Some(c @ ('\\' | '"' | '`')) => Some(c),
        _ => None,
    };
    if let Some(c) = simple {
        return Ok((c, 2));
    }
    let digits = rest.get(3..rest.find('}').unwrap_or(0)).unwrap_or_default();
    let coded = (rest.starts_with("\\u{") && digits.len() <= 6)
        .then(|| {
            u32::from_str_radix(digits, 16)
                .ok()
                .and_then(char::from_u32)
        })
        .flatten();
    coded.map(|c| (c, digits.len() + 4)).ok_or_else(|| {
        let shown: String = rest.chars().take(2).collect();
        Wrong::new(
            0,
            format!("the escape {}", quoted(&shown)),
            "one of \\n, \\t, \\r, \\\\, \\\", \\` and \\u{…}",
        )
        .mend("write a backslash as \\\\")
    })
}

/// The characters behind a text or name with escapes, which the lexer has checked.
pub(super) fn unescape(inside: &str) -> String {
    let mut out = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some(c) = rest.chars().next() {
        let (c, length) = match c {
            '\\' => escape(rest).unwrap_or(('\\', 1)),
            c => (c, c.len_utf8()),
        };
        out.push(c);
        rest = &rest[length..];
    }
    out
}

/// `text` between delimiters, with escapes.
pub(super) fn enclosed(text: &str, delimiter: char) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push(delimiter);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\\' => out.push_str("\\\\"),
            c if c == delimiter => out.extend(['\\', c]),
            c if c.is_control() || c == '\u{feff}' => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out.push(delimiter);
    out
}

/// A name as it stands in a text: in backquotes where it would not be read as a name.
pub(super) fn name_text(name: &str) -> String {
    if crate::is_name(name) && !super::RESERVED.contains(&name) {
        name.to_owned()
    } else {
        enclosed(name, '`')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_come_back() {
        for text in [
            "",
            "a\"b`c\\",
            "ä\n\t\r\u{0}\u{7f}\u{feff}→",
            "\\u{41}",
            "#[",
        ] {
            for delimiter in ['"', '`'] {
                let written = enclosed(text, delimiter);
                let list = tokens(&written).unwrap();
                assert_eq!(list.len(), 2, "{written}");
                assert_eq!(unescape(list[0].inside(&written)), text);
            }
        }
    }

    #[test]
    fn numbers_end_where_they_should() {
        for (text, length) in [
            ("1e5x", 3),
            ("1e+x", 1),
            ("1.5.2", 3),
            ("2.", 2),
            ("3E-2", 4),
        ] {
            assert_eq!(number(text), length, "{text}");
        }
    }
}
