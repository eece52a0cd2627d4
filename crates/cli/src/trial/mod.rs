//! `gutskin trial`: a scenario file in, a report out.

mod journal;
mod print;

use crate::changes::Changes;
use crate::output::{json, make_folder, read_text, say, tell, write_whole, write_with};
use clap::ValueEnum;
use gutskin_network::overrides::Override;
use gutskin_report::receipt::{self, Receipt};
use gutskin_report::trial as page;
use gutskin_study::scenario::{self, Scenario};
use gutskin_study::trial::{
    Parts, TrialRun, TrialSummary, Why, daily_quantiles, run as simulate, run_on as simulate_on,
    summarise, visit_quantiles, why,
};
use journal::FileJournal;
use miette::{Context, IntoDiagnostic};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

/// Options of `gutskin trial`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  gutskin trial examples/acne-fibre.toml\n  gutskin trial examples/acne-fibre.toml --out results\n  gutskin trial examples/acne-fibre.toml --json | jq .comparisons\n  gutskin trial examples/acne-fibre.toml --set acne.follicular_gain=0.2 --set link.leak_to_tone=off\n  gutskin trial --from-receipt results/receipt.json --out again"
)]
pub struct TrialArgs {
    /// Scenario file
    #[arg(
        value_name = "FILE.toml",
        required_unless_present = "from_receipt",
        conflicts_with = "from_receipt"
    )]
    file: Option<PathBuf>,
    /// Run again what this receipt was written for, with its file, changes and seed
    #[arg(long, value_name = "receipt.json", conflicts_with_all = ["set", "with", "seed"])]
    from_receipt: Option<PathBuf>,
    /// Folder for report.html, summary.json, results.parquet (visits and quantiles), receipt.json and the figures as SVG
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Cut each route from body to skin alone (`all`: each link), in up to 200 people, and say what it carries; takes one more
    /// run of them for each
    #[arg(
        long,
        value_name = "routes|all",
        num_args = 0..=1,
        default_missing_value = "routes"
    )]
    why: Option<WhyOf>,
    /// Follow everybody once more and write daily.parquet: what results.parquet has of visits, of every day
    #[arg(long, requires = "out")]
    daily: bool,
    /// Print the summary as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    changes: Changes,
    /// Seed, instead of the file's
    #[arg(long)]
    seed: Option<u64>,
}

/// What `--why` cuts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum WhyOf {
    /// Routes from body to skin; links, where the model has none
    Routes,
    /// Every link
    All,
}

impl WhyOf {
    fn parts(self) -> Parts {
        match self {
            Self::Routes => Parts::Routes,
            Self::All => Parts::Links,
        }
    }

    /// As a receipt names it, which is how it is asked for.
    fn name(self) -> String {
        let named = self.to_possible_value();
        named.map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// What a receipt names; nothing where nothing was cut.
    fn of_receipt(name: &str) -> miette::Result<Option<Self>> {
        if name.is_empty() {
            return Ok(None);
        }
        let unknown = |_| {
            miette::miette!(
                "the receipt's why is \"{name}\"; expected nothing, \"routes\" or \"all\""
            )
        };
        Self::from_str(name, false).map(Some).map_err(unknown)
    }
}

/// What a trial is made from.
struct Origin {
    file: String,
    text: String,
    changes: Vec<Override>,
    seed: Option<u64>,
    why: Option<WhyOf>,
    daily: bool,
    /// Of the receipt that it comes from.
    receipt: Option<Receipt>,
}

impl Origin {
    fn of(args: &TrialArgs) -> miette::Result<Self> {
        if let Some(path) = &args.from_receipt {
            let told = || format!("{} is not the receipt of a trial", path.display());
            let receipt: Receipt = serde_json::from_str(&read_text(path)?)
                .into_diagnostic()
                .wrap_err_with(told)?;
            // Not trimmed as what is typed is: the text of a table ends with a line end.
            let change = |text: &String| {
                let change = Override::parse(text).into_diagnostic()?;
                let (_, value) = text.split_once('=').unwrap_or_default();
                Ok::<_, miette::Report>(Override {
                    value: value.to_owned(),
                    ..change
                })
            };
            if receipt.scenario_sha256 != receipt::fingerprint(&receipt.scenario) {
                tell!(
                    "warning: {}: the scenario's text is not the one that the receipt was written for (its SHA-256 differs): it was changed by hand",
                    path.display()
                );
            }
            let why = WhyOf::of_receipt(&receipt.why).wrap_err_with(told)?;
            return Ok(Self {
                why: args.why.or(why),
                daily: args.daily || receipt.daily && args.out.is_some(),
                file: receipt.scenario_file.clone(),
                text: receipt.scenario.clone(),
                changes: receipt
                    .changes_from_outside
                    .iter()
                    .map(change)
                    .collect::<Result<_, _>>()?,
                seed: Some(receipt.seed),
                receipt: Some(receipt),
            });
        }
        let file = args.file.clone().unwrap_or_default();
        Ok(Self {
            text: read_text(&file)?,
            file: file.display().to_string(),
            changes: args.changes.read()?,
            seed: args.seed,
            why: args.why,
            daily: args.daily,
            receipt: None,
        })
    }
}

/// Says what of the model has changed since a receipt was written.
fn compare(old: &Receipt, new: &Receipt) {
    let pairs = [
        ("version of gutskin", &old.gutskin, &new.gutskin),
        ("equations", &old.model_sha256, &new.model_sha256),
        ("parameters", &old.parameters_sha256, &new.parameters_sha256),
        ("method and class of arithmetic", &old.method, &new.method),
    ];
    for (what, before, now) in pairs {
        if before != now {
            tell!(
                "the {what} are not those of the receipt, so that results may differ: {before} then, {now} now"
            );
        }
    }
}

/// Runs the subcommand.
///
/// # Errors
/// A fault of the file with its place, or files that cannot be read or written.
pub fn run(args: &TrialArgs) -> miette::Result<()> {
    let origin = Origin::of(args)?;
    let table = gutskin_biology::parameter_table().into_diagnostic()?;
    let mut scenario = scenario::read_with(&origin.file, &origin.text, &table, &origin.changes)?;
    scenario.warnings.iter().for_each(|w| tell!("warning: {w}"));
    scenario.seed = origin.seed.unwrap_or(scenario.seed);
    if let Some(folder) = &args.out {
        make_folder(folder)?;
    }
    let mut journal = args
        .out
        .as_ref()
        .map(|folder| FileJournal::new(folder, &scenario, &origin.text, &origin.changes));
    let result = simulated(&scenario, journal.as_mut())?;
    let mut summary = summarise(&scenario, &result);
    if let Some(parts) = origin.why {
        summary.why = cut(&scenario, &result, parts.parts())?;
    }
    let receipt = Receipt {
        why: origin.why.map(WhyOf::name).unwrap_or_default(),
        daily: origin.daily,
        ..receipt::of_trial(
            &scenario,
            (&origin.file, &origin.text),
            &origin.changes,
            &result,
        )
    };
    if let Some(old) = &origin.receipt {
        compare(old, &receipt);
    }
    if let Some(folder) = &args.out {
        write(folder, &scenario, (&summary, &result), &receipt)?;
        if origin.daily {
            let rows = daily_quantiles(&scenario, &result).into_diagnostic()?;
            write_with(&folder.join("daily.parquet"), |file| {
                page::results(&rows, page::Kind::Daily, file).into_diagnostic()
            })?;
        }
    }
    if let Some(journal) = journal {
        journal.finish();
    }
    if args.json {
        say!("{}", json(&summary)?);
    } else {
        print::print_summary(&summary);
    }
    if let Some(folder) = args.out.as_ref().filter(|_| !args.json) {
        say!("\nreport: {}", folder.join("report.html").display());
    }
    match summary.empty_arm() {
        None if summary.comparisons.iter().any(|c| c.has_result()) => Ok(()),
        None => Err(miette::miette!(
            help = "a percent change needs a reading above 0 at entry, a response somebody who can respond; measure = \"change\" has a value always",
            "no comparison has a result: the {} has no value in anybody",
            summary.endpoint
        )),
        Some(arm) => Err(miette::miette!(
            help = "look at the values that this arm sets, and at gutskin model check",
            "nobody of {} completed the arm \"{}\": {}",
            summary.flow.pool,
            arm.name,
            arm.first_failure.as_deref().unwrap_or("no one was in it")
        )),
    }
}

/// Simulates, with a line of progress where someone looks.
fn simulated(scenario: &Scenario, journal: Option<&mut FileJournal>) -> miette::Result<TrialRun> {
    let (wanted, begun) = (scenario.design.pool, std::time::Instant::now());
    let shows = std::io::stderr().is_terminal();
    let mut progress = |done: usize| {
        if shows && done > 0 {
            let left =
                begun.elapsed().as_secs_f64() * (wanted - done.min(wanted)) as f64 / done as f64;
            eprint!("\r{done} of {wanted} people simulated, {left:.0} s left   ");
        }
    };
    let result = match journal {
        Some(journal) => {
            let result = simulate_on(scenario, journal, &mut progress);
            if journal.found > 0 {
                tell!(
                    "{} batches of people were there from a run that was broken off",
                    journal.found
                );
            }
            result
        }
        None => simulate(scenario, &mut progress),
    };
    if shows {
        eprintln!();
    }
    result.into_diagnostic()
}

/// Cuts links, with a line of progress where someone looks.
fn cut(scenario: &Scenario, result: &TrialRun, parts: Parts) -> miette::Result<Vec<Why>> {
    let shows = std::io::stderr().is_terminal();
    let found = why(scenario, result, parts, &mut |done, all| {
        if shows {
            eprint!("\r{done} of {all} cuts   ");
        }
    });
    if shows {
        eprintln!();
    }
    found.into_diagnostic()
}

fn write(
    folder: &Path,
    scenario: &Scenario,
    (summary, result): (&TrialSummary, &TrialRun),
    receipt: &Receipt,
) -> miette::Result<()> {
    let html = page::page(scenario, summary, receipt).into_diagnostic()?;
    let figures = page::figures(scenario, summary).into_diagnostic()?;
    remove_stale(folder, &figures, receipt.daily)?;
    write_whole(&folder.join("report.html"), &html)?;
    for figure in figures {
        write_whole(&folder.join(format!("{}.svg", figure.name)), &figure.svg)?;
    }
    write_with(&folder.join("results.parquet"), |file| {
        page::results(&visit_quantiles(scenario, result), page::Kind::Visits, file)
            .into_diagnostic()
    })?;
    write_whole(&folder.join("summary.json"), &json(summary)?)?;
    write_whole(&folder.join("receipt.json"), &json(receipt)?)
}

/// Takes away what an earlier run left in its folder and this one does not write anew: it would pass for a part of this one.
fn remove_stale(folder: &Path, figures: &[page::TrialFigure], daily: bool) -> miette::Result<()> {
    if !folder.join("receipt.json").is_file() {
        return Ok(());
    }
    let own = |name: &str| {
        let figure = name.strip_suffix(".svg").is_some_and(|stem| {
            page::is_sometimes_drawn(stem) && figures.iter().all(|f| f.name != stem)
        });
        figure || name == "daily.parquet" && !daily
    };
    let files = std::fs::read_dir(folder).into_diagnostic()?.flatten();
    for path in files.map(|f| f.path()) {
        let name = path.file_name().and_then(|n| n.to_str());
        if name.is_some_and(own) {
            let cannot = || format!("cannot remove {}, of an earlier run", path.display());
            std::fs::remove_file(&path)
                .into_diagnostic()
                .wrap_err_with(cannot)?;
        }
    }
    Ok(())
}
