//! `gutskin catalogue`: lists, searches and shows what the catalogue holds.

use crate::output::{json, say, say_data};
use gutskin_biology::catalogue::{Entry, KINDS, Tables, entries};
use gutskin_network::nearest;
use miette::IntoDiagnostic;

/// Options of `gutskin catalogue`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  gutskin catalogue                     how many entries of each kind\n  gutskin catalogue --kind exposure     all exposures\n  gutskin catalogue milk                everything with milk in its name\n  gutskin catalogue dupilumab           one entry with its numbers, sources and marks\n  gutskin catalogue --print strains > strains.csv    a table to add a row to, then: gutskin simulate FILE.toml --own-table strains.csv"
)]
pub struct CatalogueArgs {
    /// Name, or part of a name
    #[arg(value_name = "SEARCH")]
    search: Option<String>,
    /// Only entries of this kind
    #[arg(long, value_parser = KINDS)]
    kind: Option<String>,
    /// Write a table as it stands (strains, guilds, kinetics …), to start one's own from; give that back with --own-table
    #[arg(long, value_name = "TABLE", conflicts_with_all = ["search", "kind"])]
    print: Option<String>,
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

/// Runs the subcommand.
///
/// # Errors
/// Nothing of that name, with the nearest one.
pub fn run(args: &CatalogueArgs) -> miette::Result<()> {
    if let Some(name) = &args.print {
        return print(name);
    }
    let mut all = entries().into_diagnostic()?;
    all.retain(|e| args.kind.as_ref().is_none_or(|kind| e.kind == kind));
    let found = match &args.search {
        None => all.iter().collect(),
        Some(search) => matching(&all, search)?,
    };
    if args.json {
        let list: Vec<_> = found.iter().map(|e| as_json(e)).collect();
        say!("{}", json(&list)?);
        return Ok(());
    }
    let others = args.search.as_ref().map(|s| others(&all, s, &found));
    match (&args.search, &args.kind, found.as_slice()) {
        (Some(_), _, [one]) => show(one),
        (Some(search), _, several) if several.iter().all(|e| e.id == *search) => {
            several.iter().for_each(|e| show(e));
        }
        (None, None, _) => count(&all),
        _ => found.iter().for_each(|e| list(e)),
    }
    if let Some(others) = others.filter(|o| !o.is_empty()) {
        say!("\nothers with this in their name: {}", others.join(", "));
    }
    Ok(())
}

/// What holds the search in its name beside what was found.
fn others<'e>(all: &'e [Entry], search: &str, found: &[&Entry]) -> Vec<&'e str> {
    let known = |e: &&Entry| found.iter().any(|f| f.id == e.id);
    let beside = all.iter().filter(|e| !known(e) && holds(e, search));
    beside.map(|e| e.id.as_str()).collect()
}

/// Is this in the name of an entry?
fn holds(entry: &Entry, search: &str) -> bool {
    let wanted = search.to_lowercase();
    [&entry.id, &entry.title]
        .iter()
        .any(|name| name.to_lowercase().contains(&wanted))
}

/// A table as it stands.
fn print(name: &str) -> miette::Result<()> {
    let Some(text) = Tables::text_of(name) else {
        return Err(miette::miette!(
            help = format!("known: {}", Tables::names().join(", ")),
            "no table is named \"{name}\""
        ));
    };
    say_data!("{text}");
    Ok(())
}

/// The entry of that name, or all whose name holds it.
fn matching<'e>(all: &'e [Entry], search: &str) -> miette::Result<Vec<&'e Entry>> {
    let exact: Vec<&Entry> = all.iter().filter(|e| e.id == search).collect();
    if !exact.is_empty() {
        return Ok(exact);
    }
    let found: Vec<&Entry> = all.iter().filter(|e| holds(e, search)).collect();
    if found.is_empty() {
        let help = nearest(search, all.iter().map(|e| e.id.as_str())).map_or_else(
            || "gutskin catalogue --kind exposure lists one kind".to_owned(),
            |near| format!("did you mean \"{near}\"?"),
        );
        return Err(miette::miette!(
            help = help,
            "the catalogue holds nothing named \"{search}\""
        ));
    }
    Ok(found)
}

fn count(all: &[Entry]) {
    for kind in KINDS {
        let number = all.iter().filter(|e| e.kind == kind).count();
        say!("{number:5}  {kind}");
    }
    say!("\ngutskin catalogue --kind KIND lists them, gutskin catalogue NAME shows one");
}

fn list(entry: &Entry) {
    say!("{:10}  {:36}  {}", entry.kind, entry.id, entry.title);
}

fn show(entry: &Entry) {
    say!("{}  ({}, {})", entry.title, entry.kind, entry.id);
    match entry.in_scenario() {
        Some(text) => say!("in a scenario, under {}: {text}\n", entry.section()),
        None => say!("scenarios cannot name this kind yet\n"),
    }
    for (number, row) in entry.rows.iter().enumerate() {
        if number > 0 {
            say!();
        }
        for (column, cell) in row {
            say!("  {column:28}  {cell}");
        }
    }
    say!("\nmarks: read, computed, fitted, assumed; V seen in the source, M from memory");
}

fn as_json(entry: &Entry) -> serde_json::Value {
    let row = |row: &Vec<(String, String)>| -> serde_json::Map<String, serde_json::Value> {
        row.iter()
            .map(|(c, v)| (c.clone(), v.clone().into()))
            .collect()
    };
    serde_json::json!({
        "kind": entry.kind,
        "id": entry.id,
        "title": entry.title,
        "in_scenario": entry.in_scenario(),
        "rows": entry.rows.iter().map(row).collect::<Vec<_>>(),
    })
}
