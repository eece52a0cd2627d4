//! Overrides from a TOML file.

use super::{Override, OverrideError};
use std::collections::HashSet;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// Sections of a file: its name, what goes before and after the names in it.
const SECTIONS: &[(&str, &str, &str)] = &[
    ("parameters", "", ""),
    ("priors", "", ".spread"),
    ("switches", "", ""),
    ("inputs", "", ""),
    ("catalogue", "catalogue.", ""),
];

/// Reads a file of overrides; `file` is its name in messages. Sections and what they hold stand in the
/// [module's text](super).
///
/// # Errors
/// Broken TOML, an unknown section, a value that is neither number, text nor true or false; each with file and line.
pub fn read_toml(file: &str, text: &str) -> Result<Vec<Override>, OverrideError> {
    let source = Source { file, text };
    let parsed = source.parse()?;
    for section in parsed.get_ref().keys() {
        let name = section.get_ref().as_ref();
        let known = || SECTIONS.iter().map(|s| s.0);
        if !known().any(|k| k == name) {
            let hint = crate::nearest(name, known())
                .map_or(String::new(), |n| format!("; did you mean [{n}]?"));
            let known: Vec<&str> = known().collect();
            return Err(source.error(
                &section.span(),
                &format!("[{name}]"),
                format!("expected one of the sections {}{hint}", known.join(", ")),
            ));
        }
    }
    source.sections(parsed.get_ref())
}

/// The same from a file that also holds other things: other sections are passed over.
///
/// # Errors
/// As [`read_toml`], but for unknown sections.
pub fn read_sections(file: &str, text: &str) -> Result<Vec<Override>, OverrideError> {
    let source = Source { file, text };
    let parsed = source.parse()?;
    source.sections(parsed.get_ref())
}

struct Source<'t> {
    file: &'t str,
    text: &'t str,
}

impl<'t> Source<'t> {
    fn parse(&self) -> Result<Spanned<DeTable<'t>>, OverrideError> {
        DeTable::parse(self.text).map_err(|e| {
            let span = e.span().unwrap_or(0..0);
            self.error(&span, "", e.message().to_owned())
        })
    }

    /// `FILE:LINE` and what stands there.
    fn origin(&self, span: &Range<usize>, what: &str) -> String {
        let before = self.text.get(..span.start).unwrap_or("");
        let line = before.matches('\n').count() + 1;
        let gap = if what.is_empty() { "" } else { ": " };
        format!("{}:{line}{gap}{what}", self.file)
    }

    fn error(&self, span: &Range<usize>, what: &str, message: String) -> OverrideError {
        OverrideError {
            origin: self.origin(span, what),
            span: Some(span.clone()),
            message,
        }
    }

    fn sections(&self, parsed: &DeTable<'_>) -> Result<Vec<Override>, OverrideError> {
        let mut list = Vec::new();
        for &(section, prefix, suffix) in SECTIONS {
            let Some(value) = parsed.get(section) else {
                continue;
            };
            let DeValue::Table(entries) = value.get_ref() else {
                return Err(self.error(
                    &value.span(),
                    section,
                    "expected a table of names and values".to_owned(),
                ));
            };
            // Nested tables are dotted names; TOML readers bound the nesting.
            let mut seen = HashSet::new();
            let mut stack: Vec<(String, &DeTable<'_>)> = vec![(String::new(), entries)];
            while let Some((path, table)) = stack.pop() {
                for (key, value) in table {
                    let name = joined(&path, key);
                    match value.get_ref() {
                        DeValue::Table(inner) if !inner.contains_key("kind") => {
                            stack.push((name, inner));
                        }
                        other => {
                            let (what, span) = (format!("[{section}] {name}"), value.span());
                            if !seen.insert(name.clone()) {
                                let message =
                                    "it stands twice in this section; keep one".to_owned();
                                return Err(self.error(&span, &what, message));
                            }
                            list.push(Override {
                                value: plain(other).map_err(|m| self.error(&span, &what, m))?,
                                name: format!("{prefix}{name}{suffix}"),
                                origin: self.origin(&span, &what),
                                span: Some(span),
                            });
                        }
                    }
                }
            }
        }
        Ok(list)
    }
}

fn joined(path: &str, key: &Spanned<DeString<'_>>) -> String {
    match path {
        "" => key.get_ref().to_string(),
        path => format!("{path}.{}", key.get_ref()),
    }
}

fn plain(value: &DeValue<'_>) -> Result<String, String> {
    let DeValue::Table(spread) = value else {
        return scalar(value);
    };
    let kind = spread.get("kind").and_then(|k| k.get_ref().as_str());
    let mut parts = Vec::new();
    for (name, value) in spread.iter().filter(|(name, _)| name.get_ref() != "kind") {
        parts.push(format!("{}={}", name.get_ref(), scalar(value.get_ref())?));
    }
    Ok(format!("{}({})", kind.unwrap_or(""), parts.join(", ")))
}

fn scalar(value: &DeValue<'_>) -> Result<String, String> {
    match value {
        DeValue::String(text) => Ok(text.to_string()),
        DeValue::Integer(n) => i64::from_str_radix(n.as_str(), n.radix())
            .map(|n| n.to_string())
            .map_err(|e| format!("found {n}: {e}")),
        DeValue::Float(x) => Ok(x.as_str().to_owned()),
        DeValue::Boolean(on) => Ok(on.to_string()),
        other => Err(format!(
            "found {}; expected a number, a text such as \"0.5 1/h\", or true or false",
            other.type_str()
        )),
    }
}
