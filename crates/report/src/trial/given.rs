//! What each arm gives, as the scenario file says it.

use toml::{Table, Value};

/// What may be named in a change, and the word for it; an input is named by itself.
const KINDS: [(&str, &str); 8] = [
    ("drug", "drug "),
    ("strain", "strain "),
    ("synbiotic", "synbiotic "),
    ("prebiotic", "prebiotic "),
    ("food", "food "),
    ("diet", "diet "),
    ("exposure", ""),
    ("input", ""),
];

/// Arms of a scenario file; nothing where it cannot be read, which the run would have said.
pub(super) struct Given {
    arms: Vec<Table>,
}

impl Given {
    pub fn read(text: &str) -> Self {
        let file: Option<Table> = text.parse().ok();
        let arms = file.map_or(Vec::new(), |f| tables(&f, "arm"));
        Self { arms }
    }

    /// All that an arm gives, in a sentence without its stop.
    pub fn of(&self, arm: &str) -> String {
        let named = |t: &&Table| t.get("name").and_then(Value::as_str) == Some(arm);
        let changes = self.arms.iter().find(named).map(|t| tables(t, "change"));
        let changes: Vec<String> = changes.iter().flatten().map(change).collect();
        match changes.as_slice() {
            [] => "nothing beside usual habits".to_owned(),
            all => all.join("; "),
        }
    }
}

fn tables(of: &Table, key: &str) -> Vec<Table> {
    let list = of.get(key).and_then(Value::as_array);
    let list = list.into_iter().flatten();
    list.filter_map(|v| v.as_table().cloned()).collect()
}

/// What one change gives, how much of it, and when.
fn change(of: &Table) -> String {
    let text = |key: &str| {
        of.get(key).map(|v| match v {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        })
    };
    let named = KINDS.iter().find_map(|(key, word)| {
        let name = text(key)?;
        Some((*key, format!("{word}{name}")))
    });
    let (kind, mut words) = named.unwrap_or(("", "a change".to_owned()));
    let mut add = |part: String| words.push_str(&part);
    match (text("value"), text("amount"), text("dose")) {
        (Some(value), _, _) => add(format!(" set to {value}")),
        (_, Some(amount), _) => add(format!(", {amount}")),
        (_, _, Some(dose)) => add(format!(", {dose} times the usual dose")),
        _ if ["diet", "input"].contains(&kind) => {}
        _ => add(", usual dose".to_owned()),
    }
    if let Some(interval) = text("interval") {
        add(format!(", every {interval}"));
    }
    add(match (text("start"), text("stop")) {
        (None, None) => ", from randomisation on".to_owned(),
        (None, Some(stop)) => format!(", from randomisation to {stop}"),
        (Some(start), None) => format!(", from {start} on"),
        (Some(start), Some(stop)) => format!(", from {start} to {stop}"),
    });
    if let Some(taper) = text("taper") {
        add(format!(", tapered over the last {taper}"));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::Given;

    const FILE: &str = r#"
[[arm]]
name = "usual"

[[arm]]
name = "both"
[[arm.change]]
strain = "evc001"
amount = "1e10 CFU/d"
stop = "3 wk"
[[arm.change]]
drug = "dupilumab"
interval = "2 wk"
start = "1 wk"
[[arm.change]]
input = "input.diet.fibre"
value = "40 g/d"
[[arm.change]]
exposure = "stress_exam"
dose = 0.5
start = "4 wk"
stop = "5 wk"
taper = "2 d"
"#;

    #[test]
    fn arms_are_told_with_amounts_and_times() {
        let given = Given::read(FILE);
        assert_eq!(given.of("usual"), "nothing beside usual habits");
        assert_eq!(
            given.of("both"),
            "strain evc001, 1e10 CFU/d, from randomisation to 3 wk; \
             drug dupilumab, usual dose, every 2 wk, from 1 wk on; \
             input.diet.fibre set to 40 g/d, from randomisation on; \
             stress_exam, 0.5 times the usual dose, from 4 wk to 5 wk, tapered over the last 2 d"
        );
    }
}
