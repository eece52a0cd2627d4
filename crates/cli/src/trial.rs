//! `gutskin trial`: a scenario file in, a report out.

use crate::changes::Changes;
use crate::output::say;
use crate::output::{json, make_folder, read_text, write_whole};
use gutskin_report::{hundredths, receipt, trial as page};
use gutskin_study::scenario;
use gutskin_study::trial::{Interval, TrialSummary, run as simulate, summarise};
use miette::IntoDiagnostic;
use std::io::IsTerminal;
use std::path::PathBuf;

/// Options of `gutskin trial`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  gutskin trial examples/acne-fibre.toml\n  gutskin trial examples/acne-fibre.toml --out results\n  gutskin trial examples/acne-fibre.toml --json | jq .comparisons\n  gutskin trial examples/acne-fibre.toml --set acne.follicular_gain=0.2 --set link.leak_to_tone=off"
)]
pub struct TrialArgs {
    /// Scenario file
    #[arg(value_name = "FILE.toml")]
    file: PathBuf,
    /// Folder for report.html, summary.json and receipt.json
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print the summary as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    changes: Changes,
    /// Seed, instead of the file's
    #[arg(long)]
    seed: Option<u64>,
}

/// Runs the subcommand.
///
/// # Errors
/// A fault of the file with its place, or files that cannot be read or written.
pub fn run(args: &TrialArgs) -> miette::Result<()> {
    let text = read_text(&args.file)?;
    let table = gutskin_biology::parameter_table().into_diagnostic()?;
    let changes = args.changes.read()?;
    let mut scenario =
        scenario::read_with(&args.file.display().to_string(), &text, &table, &changes)?;
    scenario.seed = args.seed.unwrap_or(scenario.seed);
    let wanted = scenario.population.size;
    if let Some(folder) = &args.out {
        make_folder(folder)?;
    }
    let shows = std::io::stderr().is_terminal();
    let result = simulate(&scenario, &mut |done| {
        if shows && (done % 20 == 0 || done == wanted) {
            eprint!("\r{done} of {wanted} people simulated");
        }
    });
    if shows {
        eprintln!();
    }
    let result = result.into_diagnostic()?;
    let summary = summarise(&scenario, &result);
    if let Some(folder) = &args.out {
        let receipt = receipt::of_trial(&scenario, &text, &result);
        let html = page::page(&scenario, &summary, &receipt).into_diagnostic()?;
        write_whole(&folder.join("report.html"), &html)?;
        write_whole(&folder.join("summary.json"), &json(&summary)?)?;
        write_whole(&folder.join("receipt.json"), &json(&receipt)?)?;
    }
    if args.json {
        say!("{}", json(&summary)?);
    } else {
        print_summary(&summary);
    }
    if let Some(folder) = args.out.as_ref().filter(|_| !args.json) {
        say!("\nreport: {}", folder.join("report.html").display());
    }
    match summary.empty_arm() {
        None => Ok(()),
        Some(arm) => Err(miette::miette!(
            help = "look at the values that this arm sets, and at gutskin model check",
            "nobody of {} completed the arm \"{}\": {}",
            summary.included,
            arm.name,
            arm.first_failure.as_deref().unwrap_or("no one was in it")
        )),
    }
}

fn text(i: &Interval) -> String {
    if !i.mean.is_finite() {
        return format!("{:>8}", "none");
    }
    let [mean, low, high] = [i.mean, i.low, i.high].map(hundredths);
    format!("{mean:8.2}  ({low:.2} to {high:.2})")
}

fn print_summary(s: &TrialSummary) {
    say!("{}\n{}\n", s.name, s.question);
    say!("endpoint  {} [{}]", s.endpoint, s.unit);
    say!(
        "people    {} drawn, {} without a steady state, {} in each arm\n",
        s.screened,
        s.without_steady_state,
        s.included
    );
    let width = s
        .arms
        .iter()
        .map(|a| a.name.chars().count())
        .max()
        .unwrap_or(0);
    say!(
        "{:width$}  completed  failed  as seen, with placebo course and noise",
        "arm"
    );
    for a in &s.arms {
        say!(
            "{:width$}  {:9}  {:6}  {}",
            a.name,
            a.completed,
            a.failed,
            text(&a.seen)
        );
        if let Some(reason) = &a.first_failure {
            say!("{:width$}  first failure: {reason}", "");
        }
    }
    say!();
    for c in &s.comparisons {
        say!("{} against {}:", c.arm, s.arms[0].name);
        if !c.has_result() {
            say!("  no result: nobody completed both arms");
            continue;
        }
        say!("  mean effect            {}", text(&c.effect));
        say!(
            "  such a trial reports   ±{:.2}, with p < 0.05 in {:.0} % of repeats",
            c.trial_half_width,
            100.0 * c.power
        );
        say!(
            "  improved by it         {:.0} % of people",
            100.0 * c.improved_share
        );
    }
    say!(
        "\nof the first arm's change, {:.2} come from entry on a noisy reading and {:.2} from placebo and natural course",
        hundredths(s.from_screening),
        hundredths(s.from_placebo)
    );
    say!("a simulation for research; not medical advice");
}
