//! `gutskin model check --table`: the acceptance windows beside what the model gives.

use crate::output::{json, say, tell};
use miette::IntoDiagnostic;

pub fn window(low: Option<f64>, high: Option<f64>) -> String {
    let bound = |b: Option<f64>| b.map_or("…".to_owned(), |b| format!("{b}"));
    format!("[{}, {}]", bound(low), bound(high))
}

/// The acceptance windows beside what the model gives.
pub fn windows(
    only: &[String],
    tuned_only: bool,
    paired: Option<&std::path::Path>,
    as_json: bool,
) -> miette::Result<()> {
    use gutskin_biology::checks::CheckKind;
    let selection = gutskin_study::checks::Selection {
        only: only.to_vec(),
        tuned_only,
        paired: paired.map(super::colon::read_paired).transpose()?,
    };
    let started = std::time::Instant::now();
    let mut progress = |name: &str| tell!("{:6.1} s  {name}", started.elapsed().as_secs_f64());
    let table = gutskin_study::checks::run(&selection, &mut progress).into_diagnostic()?;
    progress("done");
    if as_json {
        say!("{}", json(&table)?);
        return Ok(());
    }
    for row in &table.checks {
        say!("{}", window_line(row));
    }
    say!(
        "\nwindows: checks/checks.csv, SHA-256 {}",
        table.table_sha256
    );
    say!("{}", table.changes.trim());
    say!();
    for kind in [
        CheckKind::Calibration,
        CheckKind::Validation,
        CheckKind::Structural,
        CheckKind::Optional,
    ] {
        let score = table.score(kind);
        let run = score.holds + score.fails;
        say!(
            "{:12} {} of {run} run hold, {} not run",
            kind.word(),
            score.holds,
            score.not_run
        );
    }
    Ok(())
}

fn window_line(row: &gutskin_study::checks::CheckOutcome) -> String {
    let verdict = match (row.holds, &row.failure) {
        (Some(true), _) => "holds",
        (Some(false), _) => "FAILS",
        (None, Some(_)) => "FAILED",
        (None, None) => "not run",
    };
    let value = row.value.map_or("-".to_owned(), |v| format!("{v:.4}"));
    let mut line = format!(
        "{:9} {verdict:8} {value:>12} in {} {}  {} ({}{})",
        row.id,
        window(row.low, row.high),
        row.unit,
        row.observable,
        row.kind,
        if row.tuned { ", tuned" } else { "" }
    );
    if let Some(why) = &row.failure {
        line.push_str(&format!("\n          {why}"));
    }
    line
}
