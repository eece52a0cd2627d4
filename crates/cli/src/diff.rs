//! `gutskin diff`: what differs between two receipts or summaries.

use crate::output::{read_text, say};
use miette::{Context, IntoDiagnostic};
use serde_json::Value;
use similar::{ChangeTag, TextDiff};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Options of `gutskin diff`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  gutskin diff before/receipt.json after/receipt.json\n  gutskin diff before after        the receipts in two folders\n\nWhat differs is listed by name with both values, texts line by line; nothing is printed where nothing differs."
)]
pub struct DiffArgs {
    /// A receipt or another JSON file of gutskin, or a folder with receipt.json
    #[arg(value_name = "A")]
    first: PathBuf,
    /// Another
    #[arg(value_name = "B")]
    second: PathBuf,
}

/// Runs the subcommand.
///
/// # Errors
/// A file that cannot be read or is not JSON.
pub fn run(args: &DiffArgs) -> miette::Result<()> {
    let (first, second) = (read(&args.first)?, read(&args.second)?);
    let mut names: Vec<&String> = first.keys().chain(second.keys()).collect();
    names.sort();
    names.dedup();
    for name in names {
        match (first.get(name), second.get(name)) {
            (a, b) if a == b => {}
            (Some(Value::String(a)), Some(Value::String(b))) if a.contains('\n') => {
                say!("{name}:");
                lines(a, b);
            }
            (a, b) => say!("{name}: {} | {}", shown(a), shown(b)),
        }
    }
    Ok(())
}

fn shown(value: Option<&Value>) -> String {
    value.map_or("not there".to_owned(), ToString::to_string)
}

fn lines(first: &str, second: &str) {
    for change in TextDiff::from_lines(first, second).iter_all_changes() {
        let sign = match change.tag() {
            ChangeTag::Equal => continue,
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
        };
        say!("  {sign} {}", change.value().trim_end());
    }
}

/// All values of a file by their path.
fn read(path: &Path) -> miette::Result<BTreeMap<String, Value>> {
    let file = if path.is_dir() {
        path.join("receipt.json")
    } else {
        path.to_owned()
    };
    let value: Value = serde_json::from_str(&read_text(&file)?)
        .into_diagnostic()
        .wrap_err_with(|| format!("{} is not JSON", file.display()))?;
    let mut all = BTreeMap::new();
    flatten(&mut all, String::new(), value);
    Ok(all)
}

fn flatten(all: &mut BTreeMap<String, Value>, name: String, value: Value) {
    let below = |key: &str| {
        if name.is_empty() {
            key.to_owned()
        } else {
            format!("{name}.{key}")
        }
    };
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                flatten(all, below(&key), value);
            }
        }
        Value::Array(list) => {
            for (i, value) in list.into_iter().enumerate() {
                flatten(all, below(&i.to_string()), value);
            }
        }
        value => {
            all.insert(name, value);
        }
    }
}
