//! `gutskin model`: check, show and export a model.

use crate::changes::Changes;
use crate::output::{json, read_text};
use crate::output::{say, say_part};
use clap::{Subcommand, ValueEnum};
use gutskin_network::overrides::apply_to_network;
use gutskin_network::{Network, Schedule};
use gutskin_study::{Ingredients, MODEL_NAMES};
use miette::{Context, IntoDiagnostic};
use std::path::Path;

/// Options of `gutskin model`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  gutskin model check\n  gutskin model links --json\n  gutskin model parameters --model colon --set catalogue.guilds.BAC.capacity=3\n  gutskin model export --format sbml > thin.xml\n  gutskin model check --model thin.xml"
)]
pub struct ModelArgs {
    /// Which model: one of the names that a wrong name lists, or a file in the text form or SBML
    #[arg(
        long,
        value_name = "NAME or FILE",
        default_value = "thin",
        global = true
    )]
    model: String,
    #[command(flatten)]
    changes: Changes,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Check units, balances, unused names, smoothness, provenance; with --table, what the model shows against data
    Check {
        /// Print findings as JSON
        #[arg(long)]
        json: bool,
        /// Run the acceptance windows instead
        #[arg(long)]
        table: bool,
        /// Modules or rows to run, for example gut or gut-01a
        #[arg(long, requires = "table", value_delimiter = ',')]
        only: Vec<String>,
        /// Only rows that may be looked at while tuning
        #[arg(long, requires = "table")]
        tuned: bool,
    },
    /// Compute the steady state of the reference person, in the form of parameters/reference_state.toml
    Reference,
    /// Fit potencies of skin drugs to the acceptance windows that may be tuned on, beside the shipped values
    Fit {
        /// Drugs (or ad.care_emollient); all where none is named
        names: Vec<String>,
        /// Print as JSON
        #[arg(long)]
        json: bool,
    },
    /// Split placebo arms of the skins into what screening on a noisy score makes and the whole
    Placebo {
        /// Print as JSON
        #[arg(long)]
        json: bool,
    },
    /// List the couplings between compartments
    Links {
        /// Print as JSON
        #[arg(long)]
        json: bool,
    },
    /// List parameters with value, spread, source and mark
    Parameters {
        /// Print as JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the equations and tables as Markdown
    Equations {
        /// As LaTeX instead
        #[arg(long)]
        latex: bool,
    },
    /// Print what depends on what, for Graphviz
    Graph {
        /// As JSON instead
        #[arg(long)]
        json: bool,
    },
    /// Draw compartments and links, coloured by grade of evidence, as SVG
    Map,
    /// Print the model in another form
    Export {
        /// The form
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// Readable text that is read back exactly
    Text,
    /// SBML level 3 version 2
    Sbml,
    /// Equations and tables as Markdown
    Markdown,
    /// Equations and tables as LaTeX
    Latex,
    /// Dependencies as JSON
    Json,
    /// Dependencies for Graphviz
    Dot,
}

/// Runs the subcommand.
///
/// # Errors
/// A model that does not exist or does not build; `check` fails where results would be wrong.
pub fn run(args: &ModelArgs) -> miette::Result<()> {
    let own = "the acceptance windows and the reference person are those of the shipped model";
    match &args.what {
        What::Check { table: true, .. } | What::Reference if !args.changes.is_empty() => {
            return Err(miette::miette!(
                help = "leave --set and --with away",
                "{own}; it cannot be changed here"
            ));
        }
        What::Check {
            json: as_json,
            table: true,
            only,
            tuned,
        } => return windows(only, *tuned, *as_json),
        What::Reference => {
            say_part!(
                "{}",
                gutskin_study::checks::reference_state().into_diagnostic()?
            );
            return Ok(());
        }
        What::Fit { names, json } => return fit(names, *json),
        What::Placebo { json } => return placebo(*json),
        _ => {}
    }
    let network = network(args)?;
    match &args.what {
        What::Check { json: as_json, .. } => check(&network, *as_json),
        What::Reference | What::Fit { .. } | What::Placebo { .. } => Ok(()),
        What::Links { json: as_json } => links(&network, *as_json),
        What::Parameters { json: as_json } => parameters(&network, *as_json),
        What::Equations { latex: true } => export(&network, Format::Latex),
        What::Equations { .. } => export(&network, Format::Markdown),
        What::Graph { json: true } => export(&network, Format::Json),
        What::Graph { .. } => export(&network, Format::Dot),
        What::Map => {
            say_part!("{}", gutskin_report::map::map(&network));
            Ok(())
        }
        What::Export { format } => export(&network, *format),
    }
}

/// The model asked for, with its changes.
fn network(args: &ModelArgs) -> miette::Result<Network> {
    let changes = args.changes.read()?;
    let path = Path::new(&args.model);
    if !MODEL_NAMES.contains(&args.model.as_str()) && path.is_file() {
        let mut network = from_file(path)?;
        apply_to_network(&changes, &mut network).into_diagnostic()?;
        return Ok(network);
    }
    Ingredients::shipped()
        .into_diagnostic()?
        .changed_model(&args.model, &changes, &|_| false)
        .into_diagnostic()
}

/// A model written in the text form, or in SBML, which is XML.
fn from_file(path: &Path) -> miette::Result<Network> {
    let text = read_text(path)?;
    let about = || format!("{} is no model", path.display());
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with('<') {
        let imported = gutskin_network::sbml::read(&text);
        Ok(imported.into_diagnostic().wrap_err_with(about)?.network)
    } else {
        let network = gutskin_network::text::read(&text);
        network.into_diagnostic().wrap_err_with(about)
    }
}

fn check(network: &Network, as_json: bool) -> miette::Result<()> {
    let report = gutskin_network::check::check(network);
    if as_json {
        say!("{}", json(&report.to_json())?);
    } else {
        say!("{report}");
    }
    if report.passed() {
        Ok(())
    } else {
        Err(miette::miette!("the model \"{}\" has errors", network.name))
    }
}

/// Fits beside what is shipped.
fn fit(names: &[String], as_json: bool) -> miette::Result<()> {
    use gutskin_study::checks;
    let names = if names.is_empty() {
        checks::fittable().into_diagnostic()?
    } else {
        names.to_vec()
    };
    let mut fits = Vec::new();
    for name in &names {
        eprintln!("{name}");
        fits.push(checks::fit(name).into_diagnostic()?);
    }
    if as_json {
        say!("{}", json(&fits)?);
        return Ok(());
    }
    for fit in &fits {
        for n in &fit.numbers {
            let bound = n.bound.map_or("", |_| "  (at its bound)");
            say!(
                "{}: shipped {:.4}, fitted {:.4}{bound}",
                n.name,
                n.shipped,
                n.fitted
            );
        }
        for (row, value, low, high) in &fit.rows {
            say!("    {row} {value:.2} in {}", window(*low, *high));
        }
    }
    Ok(())
}

/// Both parts of placebo arms, and who was drawn.
fn placebo(as_json: bool) -> miette::Result<()> {
    let parts = gutskin_study::checks::placebo_parts().into_diagnostic()?;
    if as_json {
        say!("{}", json(&parts)?);
        return Ok(());
    }
    for p in &parts {
        say!(
            "{}: screening alone {:.1}, whole arm {:.1} {}\n    {} of {} drawn admitted; {} without a stable rest, {} \
             slower than three years drawn again",
            p.context,
            p.screening,
            p.whole,
            p.unit,
            p.admitted,
            p.screened,
            p.without_rest,
            p.too_slow
        );
    }
    Ok(())
}

fn window(low: Option<f64>, high: Option<f64>) -> String {
    let bound = |b: Option<f64>| b.map_or("…".to_owned(), |b| format!("{b}"));
    format!("[{}, {}]", bound(low), bound(high))
}

/// The acceptance windows beside what the model gives.
fn windows(only: &[String], tuned_only: bool, as_json: bool) -> miette::Result<()> {
    use gutskin_biology::checks::CheckKind;
    let selection = gutskin_study::checks::Selection {
        only: only.to_vec(),
        tuned_only,
    };
    let started = std::time::Instant::now();
    let mut progress = |name: &str| eprintln!("{:6.1} s  {name}", started.elapsed().as_secs_f64());
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

fn links(network: &Network, as_json: bool) -> miette::Result<()> {
    let gain = |l: &gutskin_network::Link| l.gain.and_then(|g| network.parameters.get(g as usize));
    let switch = |l: &gutskin_network::Link| network.switches.get(l.switch as usize);
    if as_json {
        let rows: Vec<serde_json::Value> = network
            .links
            .iter()
            .map(|l| {
                serde_json::json!({
                    "name": l.name, "from": l.from, "to": l.to, "grade": l.grade.code(), "equation": l.doc,
                    "switch": switch(l).map(|s| &s.name), "on": switch(l).map(|s| s.default),
                    "gain": gain(l).map(|p| &p.name), "value": gain(l).map(|p| p.value),
                    "prior": gain(l).map(|p| p.spread.to_string()),
                    "source": gain(l).map(|p| &p.source),
                })
            })
            .collect();
        say!("{}", json(&serde_json::json!({ "links": rows }))?);
        return Ok(());
    }
    for l in &network.links {
        say!("{}  {} -> {}  [{}]", l.name, l.from, l.to, l.grade.code());
        say!("    {}", l.doc);
        if let Some(p) = gain(l) {
            say!(
                "    gain {} = {}, {}, {} ({})",
                p.name,
                p.value,
                p.spread,
                p.source,
                p.mark
            );
        }
        if let Some(s) = switch(l) {
            say!(
                "    switch {} ({})",
                s.name,
                if s.default { "on" } else { "off" }
            );
        }
    }
    say!("\ngrades: HT human trial, HO human observation, AN animal, IV in vitro, AS assumption");
    Ok(())
}

fn parameters(network: &Network, as_json: bool) -> miette::Result<()> {
    let unit =
        |p: &gutskin_network::Parameter| p.unit.as_ref().map_or(String::new(), ToString::to_string);
    if as_json {
        let rows: Vec<serde_json::Value> = network
            .parameters
            .iter()
            .map(|p| {
                serde_json::json!({
                    "name": p.name, "value": p.value, "unit": unit(p), "spread": p.spread.to_string(),
                    "source": p.source, "mark": p.mark.word(), "note": p.doc,
                })
            })
            .collect();
        say!("{}", json(&serde_json::json!({ "parameters": rows }))?);
        return Ok(());
    }
    for p in &network.parameters {
        say!(
            "{} = {} {}  ({}, {})",
            p.name,
            p.value,
            unit(p),
            p.source,
            p.mark
        );
        say!("    {}; {}", p.spread, p.doc);
    }
    Ok(())
}

fn export(network: &Network, format: Format) -> miette::Result<()> {
    let text = match format {
        Format::Text => gutskin_network::text::write(network),
        Format::Sbml => gutskin_network::sbml::write(network, &Schedule::default()),
        Format::Markdown => gutskin_network::export::markdown(network),
        Format::Latex => gutskin_network::export::latex(network),
        Format::Json => gutskin_network::export::graph_json(network),
        Format::Dot => gutskin_network::export::graph_dot(network),
    };
    say_part!("{text}");
    Ok(())
}
