//! Overrides from a TOML file.

use super::{Override, OverrideError};
use toml::{Table, Value};

/// Reads a file of overrides; `file` is its name in messages. Sections and what they hold stand in the
/// [module's text](super).
///
/// # Errors
/// Broken TOML, an unknown section, a value that is neither number, text nor true or false.
pub fn read_toml(file: &str, text: &str) -> Result<Vec<Override>, OverrideError> {
    let parsed: Table = toml::from_str(text).map_err(|e| {
        let before = e.span().and_then(|s| text.get(..s.start)).unwrap_or("");
        OverrideError {
            origin: format!("{file}:{}", before.matches('\n').count() + 1),
            message: e.message().to_owned(),
        }
    })?;
    let mut list = Vec::new();
    for (section, value) in &parsed {
        let origin = format!("{file}: [{section}]");
        let (prefix, suffix) = match section.as_str() {
            "parameters" | "switches" | "inputs" => ("", ""),
            "priors" => ("", ".spread"),
            "catalogue" => ("catalogue.", ""),
            other => {
                let known = ["parameters", "priors", "switches", "inputs", "catalogue"];
                let hint = crate::nearest(other, known.into_iter())
                    .map_or(String::new(), |n| format!("; did you mean [{n}]?"));
                return Err(OverrideError {
                    origin,
                    message: format!("expected one of the sections {}{hint}", known.join(", ")),
                });
            }
        };
        let Value::Table(entries) = value else {
            return Err(OverrideError {
                origin,
                message: "expected a table of names and values".to_owned(),
            });
        };
        // Nested tables are dotted names; TOML readers bound the nesting.
        let mut stack: Vec<(String, &Table)> = vec![(String::new(), entries)];
        while let Some((path, table)) = stack.pop() {
            for (key, value) in table {
                let name = match path.as_str() {
                    "" => key.clone(),
                    path => format!("{path}.{key}"),
                };
                let value = match value {
                    Value::Table(inner) if !inner.contains_key("kind") => {
                        stack.push((name, inner));
                        continue;
                    }
                    other => plain(other),
                };
                let origin = format!("{file}: [{section}] {name}");
                let value = value.map_err(|message| OverrideError {
                    origin: origin.clone(),
                    message,
                })?;
                list.push(Override {
                    name: format!("{prefix}{name}{suffix}"),
                    value,
                    origin,
                });
            }
        }
    }
    Ok(list)
}

fn plain(value: &Value) -> Result<String, String> {
    Ok(match value {
        Value::String(text) => text.clone(),
        Value::Integer(n) => n.to_string(),
        Value::Float(x) => x.to_string(),
        Value::Boolean(on) => on.to_string(),
        Value::Table(spread) => {
            let kind = spread.get("kind").and_then(Value::as_str).unwrap_or("");
            let mut parts = Vec::new();
            for (name, value) in spread.iter().filter(|(name, _)| *name != "kind") {
                parts.push(format!("{name}={}", scalar(value)?));
            }
            format!("{kind}({})", parts.join(", "))
        }
        other => return scalar(other),
    })
}

fn scalar(value: &Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Integer(n) => Ok(n.to_string()),
        Value::Float(x) => Ok(x.to_string()),
        other => Err(format!(
            "found {}; expected a number, a text such as \"0.5 1/h\", or true or false",
            other.type_str()
        )),
    }
}
