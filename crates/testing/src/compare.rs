use serde_json::Value;

/// How far a number may lie from its baseline: |found − stored| ≤ absolute +
/// relative · |stored|.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tolerance {
    /// Share of the stored number, dimensionless.
    pub relative: f64,
    /// In the unit of the number; 0 unless numbers pass through zero.
    pub absolute: f64,
}

impl Tolerance {
    /// A relative tolerance alone.
    pub fn relative(relative: f64) -> Self {
        Self {
            relative,
            absolute: 0.0,
        }
    }

    fn allows(self, found: f64, stored: f64) -> bool {
        (found - stored).abs() <= self.absolute + self.relative * stored.abs()
    }
}

/// Every place where `found` departs from `stored`, one line each.
///
/// A null is a difference even against a null: it is how JSON writes NaN and
/// infinity, and a baseline of NaN could never fail.
pub(crate) fn differences(found: &Value, stored: &Value, tolerance: Tolerance) -> Vec<String> {
    let mut lines = Vec::new();
    walk("", found, stored, tolerance, &mut lines);
    lines
}

fn walk(at: &str, found: &Value, stored: &Value, tolerance: Tolerance, lines: &mut Vec<String>) {
    let place = if at.is_empty() { "the value" } else { at };
    match (found, stored) {
        (Value::Null, _) | (_, Value::Null) => lines.push(format!(
            "{place}: found {found}, stored {stored} (null stands for a number that is not finite)"
        )),
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64(), b.as_f64());
            let close = a.zip(b).is_some_and(|(a, b)| tolerance.allows(a, b));
            if !close {
                lines.push(format!("{place}: found {found}, stored {stored}"));
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                walk(&format!("{at}[{index}]"), a, b, tolerance, lines);
            }
        }
        (Value::Array(a), Value::Array(b)) => lines.push(format!(
            "{place}: found {} items, stored {}",
            a.len(),
            b.len()
        )),
        (Value::Object(a), Value::Object(b)) => {
            for (key, value) in a {
                match b.get(key) {
                    Some(other) => walk(&format!("{at}.{key}"), value, other, tolerance, lines),
                    None => lines.push(format!("{at}.{key}: found, but not in the baseline")),
                }
            }
            for key in b.keys().filter(|key| !a.contains_key(*key)) {
                lines.push(format!("{at}.{key}: in the baseline, but not found"));
            }
        }
        _ if found == stored => {}
        _ => lines.push(format!("{place}: found {found}, stored {stored}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn compare(found: Value, stored: Value) -> Vec<String> {
        differences(&found, &stored, Tolerance::relative(1e-3))
    }

    #[test]
    fn numbers_within_and_beyond() {
        assert!(compare(json!([1.0005, 0, 7]), json!([1.0, 0.0, 7])).is_empty());
        assert_eq!(
            compare(json!({"a": [1.0, 1.002]}), json!({"a": [1.0, 1.0]})),
            [".a[1]: found 1.002, stored 1.0"]
        );
        let near_zero = Tolerance {
            relative: 0.0,
            absolute: 0.1,
        };
        assert!(differences(&json!(0.05), &json!(-0.05), near_zero).is_empty());
        assert_eq!(differences(&json!(0.06), &json!(-0.05), near_zero).len(), 1);
    }

    #[test]
    fn a_number_that_is_not_finite_never_passes() {
        let nan = serde_json::to_value(f64::NAN).unwrap();
        assert_eq!(compare(nan.clone(), nan).len(), 1);
    }

    #[test]
    fn shapes_and_names() {
        assert_eq!(
            compare(json!([1]), json!([1, 2])),
            ["the value: found 1 items, stored 2"]
        );
        assert_eq!(
            compare(json!({"a": 1, "b": "x"}), json!({"b": "y", "c": 1})),
            [
                ".a: found, but not in the baseline",
                ".b: found \"x\", stored \"y\"",
                ".c: in the baseline, but not found"
            ]
        );
        assert_eq!(compare(json!("1"), json!(1)).len(), 1);
    }
}
