//! Small helpers for writing XML.

use std::fmt::Write;

/// Text as it may stand between tags or in an attribute. Characters that XML cannot hold become U+FFFD.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // Readers turn these into blanks in attributes, and line ends into one form everywhere.
            '\t' | '\n' | '\r' => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}

/// The shortest decimal text of a number that reads back to it, in the alphabet of `xsd:double`.
pub(super) fn double(value: f64) -> String {
    if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "INF" } else { "-INF" }.to_owned()
    } else {
        let (plain, scientific) = (format!("{value}"), format!("{value:e}"));
        if scientific.len() < plain.len() {
            scientific
        } else {
            plain
        }
    }
}

/// A document being written, with indentation by nesting.
#[derive(Default)]
pub(super) struct Lines {
    pub(super) text: String,
    depth: usize,
}

impl Lines {
    /// One line.
    pub(super) fn line(&mut self, line: &str) {
        for _ in 0..self.depth {
            self.text.push_str("  ");
        }
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// An opening tag, then `inside`, then the closing tag. `attributes` start with a blank or are empty.
    pub(super) fn element(&mut self, tag: &str, attributes: &str, inside: impl FnOnce(&mut Self)) {
        self.line(&format!("<{tag}{attributes}>"));
        let start = self.text.len();
        self.depth += 1;
        inside(self);
        self.depth -= 1;
        if self.text.len() == start {
            // Nothing inside: make the tag an empty one.
            self.text.truncate(start - 2);
            self.text.push_str("/>\n");
        } else {
            self.line(&format!("</{tag}>"));
        }
    }

    /// A list element that is left out where it would be empty.
    pub(super) fn list(&mut self, tag: &str, inside: impl FnOnce(&mut Self)) {
        let before = self.text.len();
        self.element(tag, "", inside);
        if self.text[before..].trim_end().ends_with("/>")
            && self.text[before..].lines().count() == 1
        {
            self.text.truncate(before);
        }
    }
}

/// ` name="value"`.
pub(super) fn attribute(name: &str, value: &str) -> String {
    format!(" {name}=\"{}\"", escape(value))
}

/// ` name="value"`, or nothing where the value is empty.
pub(super) fn optional(name: &str, value: &str) -> String {
    if value.is_empty() {
        String::new()
    } else {
        attribute(name, value)
    }
}
