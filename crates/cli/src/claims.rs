//! `gutskin evidence --claims`: the statements about the axis beside what the model shows.

use crate::output::{json, say, tell};
use gutskin_study::claims::{self, ClaimOutcome, ClaimPart, ClaimTable};
use miette::IntoDiagnostic;

/// Runs the statements and prints them.
///
/// # Errors
/// A name that is no statement; a shipped table that does not read.
pub fn run(only: &[String], as_json: bool) -> miette::Result<()> {
    let started = std::time::Instant::now();
    let mut progress = |name: &str| tell!("{:6.1} s  {name}", started.elapsed().as_secs_f64());
    let table = claims::run(only, &mut progress).into_diagnostic()?;
    progress("done");
    if as_json {
        say!("{}", json(&table)?);
    } else {
        print_table(&table);
    }
    Ok(())
}

fn print_table(table: &ClaimTable) {
    for claim in &table.claims {
        print_claim(claim);
    }
    let count = |verdict: Option<bool>| table.claims.iter().filter(|c| c.holds == verdict).count();
    say!(
        "{} hold, {} miss, {} not run; windows: checks/checks.csv, SHA-256 {}",
        count(Some(true)),
        count(Some(false)),
        count(None),
        table.table_sha256
    );
    say!(
        "grades: HT human trial, HO human observation, AN animal, IV in vitro, AS assumption; shown is the weakest on the path"
    );
}

fn verdict(holds: Option<bool>, failed: bool) -> &'static str {
    match holds {
        Some(true) => "holds",
        Some(false) => "MISSES",
        None if failed => "FAILED",
        None => "not run",
    }
}

fn print_claim(claim: &ClaimOutcome) {
    say!("{:8} {}", verdict(claim.holds, false), claim.id);
    say!("         {}", claim.statement);
    if !claim.links.is_empty() {
        say!("         by {} [{}]", claim.links.join(", "), claim.grade);
    }
    if !claim.cut.is_empty() {
        say!("         cut: {}", claim.cut);
    }
    if claim.one_link {
        say!(
            "         one link: shows what this link does; a path needs two, so that it does not count"
        );
    }
    for part in &claim.parts {
        print_part(part);
    }
    say!();
}

fn print_part(part: &ClaimPart) {
    let bound = |b: Option<f64>| b.map_or("…".to_owned(), |b| format!("{b}"));
    let value = part.value.map_or("-".to_owned(), |v| format!("{v:.4}"));
    say!(
        "    {:8} {:11} {:>12}  in [{}, {}] {}  {}{}",
        verdict(part.holds, part.failure.is_some()),
        part.part,
        value,
        bound(part.window[0]),
        bound(part.window[1]),
        part.unit,
        part.observable,
        if part.optional { " (optional)" } else { "" },
    );
    if let Some(why) = &part.failure {
        say!("             {why}");
    }
}
