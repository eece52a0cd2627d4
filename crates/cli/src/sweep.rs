//! `gutskin sweep`: a trial run once for every value of one thing.

use crate::changes::Changes;
use crate::output::{json, make_folder, read_text, say, say_data, tell, write_whole};
use gutskin_report::sweep as page;
use gutskin_study::sweep::{Vary, sweep};
use miette::IntoDiagnostic;
use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::path::PathBuf;

/// Options of `gutskin sweep`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  gutskin sweep examples/psoriasis-ixekizumab.toml --vary size=5,10,20,40\n  gutskin sweep examples/acne-fibre.toml --vary dose=0..2:5 --out dose\n  gutskin sweep examples/acne-fibre.toml --vary \"acne.follicular_gain=0..0.2:5\"\n\nColumns: value, comparison, true effect with its interval, share of trials with p < 0.05 with its error, people an arm for 80 % power."
)]
pub struct SweepArgs {
    /// Scenario file
    #[arg(value_name = "FILE.toml")]
    file: PathBuf,
    /// What is varied: size, dose (over what the arms give), duration, or any parameter, input or switch; NAME=1,2,3 or NAME=LOW..HIGH:COUNT with a unit after it
    #[arg(long, value_name = "NAME=VALUES")]
    vary: String,
    /// Folder for sweep.csv and sweep.svg
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print whole summaries as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    changes: Changes,
}

/// Runs the subcommand.
///
/// # Errors
/// A fault of the file with its place, a value that does not fit or does not run.
pub fn run(args: &SweepArgs) -> miette::Result<()> {
    let vary = Vary::parse(&args.vary).map_err(|e| miette::miette!("--vary {}: {e}", args.vary))?;
    let text = read_text(&args.file)?;
    let table = gutskin_biology::parameter_table().into_diagnostic()?;
    let file = args.file.display().to_string();
    let shows = std::io::stderr().is_terminal();
    let points = sweep(
        (&file, &text, &table),
        &args.changes.read()?,
        &vary,
        &mut |done| {
            if shows {
                eprint!("\r{done} of {} values", vary.values.len());
            }
        },
    );
    if shows {
        eprintln!();
    }
    let points = points?;
    let mut told = BTreeSet::new();
    for point in &points {
        for warning in &point.warnings {
            if told.insert(warning) {
                tell!("warning: at {} {}: {warning}", vary.name, point.value);
            }
        }
    }
    if let Some(folder) = &args.out {
        make_folder(folder)?;
        write_whole(&folder.join("sweep.csv"), &page::csv(&points))?;
        write_whole(
            &folder.join("sweep.svg"),
            &page::figure(&vary.name, &points).into_diagnostic()?,
        )?;
    }
    if args.json {
        say!("{}", json(&points)?);
    } else {
        say_data!("{}", page::csv(&points));
    }
    Ok(())
}
