//! Where what a scenario names comes from: the sources that the catalogue has for it.

use gutskin_biology::catalogue::{Entry, entries};
use std::collections::BTreeMap;
use toml::{Table, Value};

/// Sources of the catalogue's entries that arms, rescue and life stage of a scenario name, by kind and name. Entries without a
/// source, and those that the catalogue does not know, are left out.
pub(crate) fn of_what_is_named(scenario: &str) -> BTreeMap<String, String> {
    let file: Table = scenario.parse().unwrap_or_default();
    let all = entries().unwrap_or_default();
    let mut names = Vec::new();
    named(&Value::Table(file), &mut names);
    let known = |(key, name): &(String, String)| {
        let line = format!("{key} = \"{name}\"");
        let entry = all
            .iter()
            .filter(|e| e.in_scenario().as_ref() == Some(&line));
        let sources: Vec<String> = entry.flat_map(sources).collect();
        (!sources.is_empty()).then(|| (format!("{key} {name}"), sources.join("; ")))
    };
    names.iter().filter_map(known).collect()
}

/// Every text that stands under a key somewhere in the file, with its key.
fn named(of: &Value, found: &mut Vec<(String, String)>) {
    match of {
        Value::Table(table) => {
            for (key, value) in table {
                match value {
                    Value::String(text) => found.push((key.clone(), text.clone())),
                    other => named(other, found),
                }
            }
        }
        Value::Array(all) => all.iter().for_each(|value| named(value, found)),
        _ => {}
    }
}

/// The different sources of an entry's rows.
fn sources(entry: &Entry) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (column, cell) in entry.rows.iter().flatten() {
        let is_new = !found.contains(cell);
        if column == "source" && is_new && cell != "assumption" && cell != "-" {
            found.push(cell.clone());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_arms_give_is_cited_from_the_catalogue() {
        let found = of_what_is_named(include_str!(
            "../../../examples/eczema-synbiotic-children.toml"
        ));
        let cited = found.get("synbiotic m16v_gos_fos").map(String::as_str);
        assert!(
            cited.is_some_and(|c| c.contains("van der Aa 2010")),
            "{found:?}"
        );
        assert!(of_what_is_named("no file [[").is_empty());
    }
}
