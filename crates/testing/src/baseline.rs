use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use crate::compare::{Tolerance, differences};

/// The environment variable that stores new baselines instead of comparing:
/// `GUTSKIN_UPDATE_BASELINES=1 cargo test`.
pub const UPDATE_VARIABLE: &str = "GUTSKIN_UPDATE_BASELINES";

/// So many differences are listed; the rest are counted.
const LISTED: usize = 20;

/// Compares `value` with `baselines/<name>.json`, number by number within a
/// relative tolerance; text, counts of items and names must be equal.
///
/// With `GUTSKIN_UPDATE_BASELINES` set to 1 the file is written instead, so
/// that the change shows in the next commit.
///
/// # Panics
///
/// When the value departs from the baseline, when there is none, and when the
/// value holds a number that is not finite.
#[track_caller]
pub fn baseline<T: Serialize + ?Sized>(name: &str, value: &T, relative: f64) {
    baseline_within(name, value, Tolerance::relative(relative));
}

/// [`baseline`] with an absolute tolerance as well.
///
/// # Panics
///
/// As [`baseline`].
#[track_caller]
pub fn baseline_within<T: Serialize + ?Sized>(name: &str, value: &T, tolerance: Tolerance) {
    let update = std::env::var_os(UPDATE_VARIABLE).is_some_and(|set| set == "1");
    let folder = crate::project_root().join("baselines");
    if let Err(message) = check(&folder, name, value, tolerance, update) {
        #[expect(clippy::panic, reason = "a test helper: the test must fail")]
        {
            panic!("{message}");
        }
    }
}

fn check<T: Serialize + ?Sized>(
    folder: &Path,
    name: &str,
    value: &T,
    tolerance: Tolerance,
    update: bool,
) -> Result<(), String> {
    let path = folder.join(format!("{name}.json"));
    let shown = format!("baselines/{name}.json");
    let found = serde_json::to_value(value).map_err(|error| format!("{shown}: {error}"))?;
    // Comparing a value with itself fails exactly where it is not finite.
    let broken = differences(&found, &found, tolerance);
    if !broken.is_empty() {
        return Err(report(&shown, "a result is not finite", &broken));
    }
    if update {
        return write(&path, &found).map_err(|error| format!("{shown}: {error}"));
    }
    let text = std::fs::read_to_string(&path).map_err(|error| {
        format!(
            "{shown}: {error}\n{UPDATE_VARIABLE}=1 cargo test stores the result as the baseline"
        )
    })?;
    let stored = serde_json::from_str(&text).map_err(|error| format!("{shown}: {error}"))?;
    let lines = differences(&found, &stored, tolerance);
    if lines.is_empty() {
        return Ok(());
    }
    let head = format!(
        "the result departs from its baseline by more than {} relative, {} absolute",
        tolerance.relative, tolerance.absolute
    );
    let mut message = report(&shown, &head, &lines);
    message.push_str(&format!(
        "if the change is meant: {UPDATE_VARIABLE}=1 cargo test, read the difference, commit it with the reason"
    ));
    Err(message)
}

fn report(shown: &str, head: &str, lines: &[String]) -> String {
    let mut message = format!("{shown}: {head}\n");
    for line in lines.iter().take(LISTED) {
        message.push_str(&format!("  {line}\n"));
    }
    if lines.len() > LISTED {
        message.push_str(&format!("  and {} more\n", lines.len() - LISTED));
    }
    message
}

fn write(path: &Path, value: &Value) -> std::io::Result<()> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::write(path, format!("{value:#}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(folder: &Path, value: &[f64], update: bool) -> Result<(), String> {
        check(folder, "deep/er", value, Tolerance::relative(1e-6), update)
    }

    #[test]
    fn stored_then_compared() {
        let folder = tempfile::tempdir().unwrap();
        let value = [1.0 / 3.0, -2.5e-300, 4e17];
        let missing = run(folder.path(), &value, false).unwrap_err();
        assert!(missing.contains(UPDATE_VARIABLE), "{missing}");
        run(folder.path(), &value, true).unwrap();
        run(folder.path(), &value, false).unwrap();
        let moved = run(folder.path(), &[value[0], value[1], 4.001e17], false).unwrap_err();
        assert!(
            moved.contains("[2]: found 4.001e+17, stored 4e+17"),
            "{moved}"
        );
        assert!(!moved.contains("[0]"), "{moved}");
    }

    #[test]
    fn a_broken_result_is_neither_stored_nor_accepted() {
        let folder = tempfile::tempdir().unwrap();
        assert!(run(folder.path(), &[f64::NAN], true).is_err());
        assert!(!folder.path().join("deep").exists());
    }

    #[test]
    fn a_broken_file_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("deep")).unwrap();
        std::fs::write(folder.path().join("deep/er.json"), "[1.0,").unwrap();
        let message = run(folder.path(), &[1.0], false).unwrap_err();
        assert!(message.starts_with("baselines/deep/er.json: "), "{message}");
    }
}
