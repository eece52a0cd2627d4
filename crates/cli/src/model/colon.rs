//! `gutskin model closures` and `paired`: what is asked of the colon beside its windows.

use super::windows::window;
use crate::output::{json, read_text, say, tell};
use gutskin_study::checks::{self, ClosureOutcome, Paired};
use miette::IntoDiagnostic;
use std::path::Path;

/// Laws of uptake and transit beside each other.
pub fn closures(as_json: bool) -> miette::Result<()> {
    let started = std::time::Instant::now();
    let mut progress = |name: &str| tell!("{:6.1} s  {name}", started.elapsed().as_secs_f64());
    let all = checks::closures(&mut progress).into_diagnostic()?;
    if as_json {
        say!("{}", json(&all)?);
        return Ok(());
    }
    for closure in &all {
        say!("{:16}  {}", closure.name, closure.about);
        if let Some(why) = &closure.failure {
            say!("{:16}  failed: {why}", "");
        }
    }
    let Some(first) = all.iter().find(|c| c.failure.is_none()) else {
        return Err(miette::miette!("no closure could be run"));
    };
    say!();
    let names: Vec<String> = all.iter().map(|c| format!("{:>16}", c.name)).collect();
    say!(
        "{:8} {:12} {:16}{}",
        "row",
        "kind",
        "window",
        names.concat()
    );
    for (number, row) in first.rows.iter().enumerate() {
        let cell = |c: &ClosureOutcome| {
            c.rows.get(number).map_or(format!("{:>16}", "-"), |r| {
                format!("{:>15.2}{}", r.value, if r.holds { " " } else { "*" })
            })
        };
        let cells: Vec<String> = all.iter().map(cell).collect();
        say!(
            "{:8} {:12} {:16}{}",
            row.id,
            row.kind,
            window(row.low, row.high),
            cells.concat()
        );
    }
    for kind in ["calibration", "validation"] {
        let held = |c: &ClosureOutcome| {
            let of = || c.rows.iter().filter(|r| r.kind == kind);
            format!(
                "{:>15} ",
                format!("{}/{}", of().filter(|r| r.holds).count(), of().count())
            )
        };
        let cells: Vec<String> = all.iter().map(held).collect();
        say!("{:8} {kind:12} {:16}{}", "holds", "", cells.concat());
    }
    say!("\n* outside its window. Only rows of calibration may choose a closure.");
    Ok(())
}

/// The texts of a folder of real stool with metabolites.
pub fn read_paired(folder: &Path) -> miette::Result<Paired> {
    let read = |name: &str| -> miette::Result<(String, String)> {
        let path = folder.join(name);
        Ok((path.display().to_string(), read_text(&path)?))
    };
    Ok(Paired {
        taxa: read("genera.tsv")?,
        metabolites: read("mtb.tsv")?,
        subjects: read("metadata.tsv")?,
    })
}

/// Real stool ranked by the model and by the share of producers.
pub fn paired(folder: &Path, as_json: bool) -> miette::Result<()> {
    let found = checks::paired(&read_paired(folder)?).into_diagnostic()?;
    if as_json {
        say!("{}", json(&found)?);
        return Ok(());
    }
    for acid in &found.acids {
        say!(
            "{}: {} samples of {} people",
            acid.acid,
            acid.samples,
            acid.people
        );
        say!("  Spearman over            samples   people   p (people permuted)");
        for (name, samples, people, p) in [
            ("model", acid.model, acid.model_people, acid.model_p),
            (
                "share of producers",
                acid.producers,
                acid.producers_people,
                acid.producers_p,
            ),
        ] {
            say!("  {name:22} {samples:9.3} {people:8.3}   {p:.4}");
        }
        let [low, high] = acid.difference;
        say!(
            "  model less producers, people drawn again: {low:.3} to {high:.3}; {}\n",
            acid.verdict()
        );
    }
    say!(
        "guilds of samples and of their people are {:.3} apart (Bray-Curtis); {} samples without a steady state",
        found.distance,
        found.without_rest
    );
    Ok(())
}
