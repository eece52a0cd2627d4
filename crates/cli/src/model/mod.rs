//! `gutskin model`: check, show and export a model.

mod colon;
mod export;
mod fit;
mod lean;
mod show;
mod windows;

use crate::changes::Changes;
use crate::output::{json, read_text, say, say_data, tell, write_whole};
use clap::Subcommand;
use export::{ExportArgs, Format};
use gutskin_biology::colon::Layout;
use gutskin_network::overrides::apply_to_network;
use gutskin_network::{Network, Schedule};
use gutskin_study::{Ingredients, MODEL_NAMES, checks};
use miette::{Context, IntoDiagnostic};
use std::path::Path;

/// Options of `gutskin model`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  gutskin model check\n  gutskin model links --json\n  gutskin model parameters --model colon --set catalogue.guilds.BAC.capacity=3\n  gutskin model export --format sbml > thin.xml\n  gutskin model export --scenario examples/acne-fibre.toml --arm \"more fibre\" --format sbml > arm.xml\n  gutskin model check --model thin.xml"
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
        /// Modules, numbered checks, statements or rows to run, for example gut, gut-01, claim-western-diet or gut-01a
        #[arg(long, requires = "table", value_delimiter = ',')]
        only: Vec<String>,
        /// Only rows that may be looked at while tuning
        #[arg(long, requires = "table")]
        tuned: bool,
        /// Folder with real stool and metabolites (genera.tsv, mtb.tsv, metadata.tsv) for the rows that need it
        #[arg(long, requires = "table", value_name = "DIR")]
        paired: Option<std::path::PathBuf>,
    },
    /// Compute the steady state of the reference person, in the form of parameters/reference_state.toml; with changes (--own-table, --set, --with) that of the changed model, to be given with --reference-person
    Reference {
        /// With the lean colon, in the form of parameters/reference_state_lean.toml
        #[arg(long)]
        lean: bool,
        /// What children of this stage are compared with, both colons, in the form of parameters/stages/reference_child.toml
        #[arg(long, value_name = "STAGE", conflicts_with = "lean")]
        life_stage: Option<String>,
        /// Write it into this file instead of printing it
        #[arg(long, value_name = "FILE.toml")]
        out: Option<std::path::PathBuf>,
    },
    /// Compare laws of uptake and transit by the rows of production and of stool (some minutes)
    Closures {
        /// Print as JSON
        #[arg(long)]
        json: bool,
    },
    /// Rank real stool by the model and by its share of producers, beside measured butyrate and propionate (minutes)
    Paired {
        /// Folder with genera.tsv (any table of taxa), mtb.tsv (Sample, compounds) and metadata.tsv (Sample, Subject)
        #[arg(value_name = "DIR")]
        folder: std::path::PathBuf,
        /// Print as JSON
        #[arg(long)]
        json: bool,
    },
    /// Compare the lean colon with the full one: at rest, and under five disturbances of the axis with eczema
    Lean {
        /// Under eleven other changes, to which the lean colon is not fitted
        #[arg(long)]
        more: bool,
        /// Print as JSON
        #[arg(long)]
        json: bool,
    },
    /// Fit potencies of skin drugs to the acceptance windows that may be tuned on, beside the shipped values
    Fit {
        /// Drugs (or ad.care_emollient, acne.natural_course_open_label); all where none is named
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
    /// List what can be read, with unit, meaning and how it is measured
    Observables {
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
    Export(ExportArgs),
}

/// A model with the changes of its inputs, which only SBML files and scenarios bring along.
pub struct Source {
    network: Network,
    schedule: Schedule,
}

/// Starts from which other places of rest of a child are looked for.
const STARTS: u32 = 100;

/// Runs the subcommand.
///
/// # Errors
/// A model that does not exist or does not build; `check` fails where results would be wrong.
pub fn run(args: &ModelArgs) -> miette::Result<()> {
    let own = "windows, fits and placebo arms are those of the shipped model";
    match &args.what {
        What::Check { table: true, .. }
        | What::Closures { .. }
        | What::Paired { .. }
        | What::Lean { .. }
        | What::Fit { .. }
        | What::Placebo { .. }
            if !args.changes.is_empty() =>
        {
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
            paired,
        } => return windows::windows(only, *tuned, paired.as_deref(), *as_json),
        What::Reference {
            lean,
            life_stage,
            out,
        } => {
            // `thin` is what stands where no model is named.
            let layout = match args.model.as_str() {
                "colon_lean" => Layout::Lean,
                "colon" if *lean => {
                    return Err(miette::miette!("--lean is the colon_lean model, not colon"));
                }
                "thin" if *lean => Layout::Lean,
                "colon" | "thin" => Layout::Full,
                other => {
                    return Err(miette::miette!(
                        help = "name colon or colon_lean",
                        "the reference person has a colon only; found --model {other}"
                    ));
                }
            };
            let text = match life_stage {
                _ if !args.changes.is_empty() => {
                    let changes = args.changes.read()?;
                    checks::changed_reference(layout, life_stage.as_deref(), &changes)
                }
                Some(stage) => checks::stage_reference(stage, STARTS),
                None => checks::reference_state(layout),
            };
            let text = text.into_diagnostic()?;
            match out {
                Some(path) => write_whole(path, &text)?,
                None => say_data!("{text}"),
            }
            return Ok(());
        }
        What::Lean { more, json } => return lean::lean(*more, *json),
        What::Closures { json } => return colon::closures(*json),
        What::Paired { folder, json } => return colon::paired(folder, *json),
        What::Fit { names, json } => return fit::fit(names, *json),
        What::Placebo { json } => return fit::placebo(*json),
        _ => {}
    }
    let source = source(args)?;
    match &args.what {
        What::Check { json: as_json, .. } => return check(&source.network, *as_json),
        What::Reference { .. }
        | What::Closures { .. }
        | What::Paired { .. }
        | What::Lean { .. }
        | What::Fit { .. }
        | What::Placebo { .. } => {}
        What::Links { json: as_json } => return show::links(&source.network, *as_json),
        What::Parameters { json: as_json } => return show::parameters(&source.network, *as_json),
        What::Observables { json: as_json } => return show::observables(&source.network, *as_json),
        What::Equations { latex: true } => export::export(&source, Format::Latex),
        What::Equations { .. } => export::export(&source, Format::Markdown),
        What::Graph { json: true } => export::export(&source, Format::Json),
        What::Graph { .. } => export::export(&source, Format::Dot),
        What::Map => say_data!("{}", gutskin_report::map::map(&source.network)),
        What::Export(options) => export::run(&source, options),
    }
    Ok(())
}

/// The model asked for, with its changes.
fn source(args: &ModelArgs) -> miette::Result<Source> {
    if let What::Export(options) = &args.what
        && let Some(file) = options.scenario()
    {
        return options.arm_of(file, &args.changes);
    }
    let changes = args.changes.read()?;
    let path = Path::new(&args.model);
    if !MODEL_NAMES.contains(&args.model.as_str()) && path.exists() {
        let mut source = from_file(path)?;
        apply_to_network(&changes, &mut source.network).into_diagnostic()?;
        return Ok(source);
    }
    let mut ingredients = Ingredients::shipped().into_diagnostic()?;
    let network = ingredients
        .changed_model(&args.model, &changes, &|_| false)
        .into_diagnostic()?;
    let remarks = ingredients.remarks(&args.model);
    remarks.iter().for_each(|text| tell!("warning: {text}"));
    Ok(Source {
        network,
        schedule: Schedule::default(),
    })
}

/// A model written in the text form, or in SBML, which is XML.
fn from_file(path: &Path) -> miette::Result<Source> {
    let text = read_text(path)?;
    let about = || format!("{} is no model", path.display());
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with('<') {
        let imported = gutskin_network::sbml::read(&text);
        let imported = imported.into_diagnostic().wrap_err_with(about)?;
        Ok(Source {
            network: imported.network,
            schedule: imported.schedule,
        })
    } else {
        let network = gutskin_network::text::read(&text);
        Ok(Source {
            network: network.into_diagnostic().wrap_err_with(about)?,
            schedule: Schedule::default(),
        })
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
