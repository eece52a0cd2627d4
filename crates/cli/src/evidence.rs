//! `gutskin evidence`: published studies beside predictions.

use crate::output::json;
use crate::output::say;
use gutskin_study::evidence::{self, Verdict};
use miette::IntoDiagnostic;

/// Studies shipped with the program.
const STUDIES: &[(&str, &str)] = &[(
    "evidence/M005.toml",
    include_str!("../../../evidence/M005.toml"),
)];

/// Options of `gutskin evidence`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  gutskin evidence\n  gutskin evidence --json\n  gutskin evidence --claims\n  gutskin evidence --claims --only western-diet,null-model"
)]
pub struct EvidenceArgs {
    /// Print verdicts as JSON
    #[arg(long)]
    json: bool,
    /// Run the statements about the axis instead: cause on, effect read, path cut
    #[arg(long)]
    claims: bool,
    /// Statements to run, for example leaky-gut
    #[arg(long, requires = "claims", value_delimiter = ',')]
    only: Vec<String>,
}

/// Runs the subcommand.
///
/// # Errors
/// A shipped study that cannot be read or simulated.
pub fn run(args: &EvidenceArgs) -> miette::Result<()> {
    if args.claims {
        return crate::claims::run(&args.only, args.json);
    }
    let table = gutskin_biology::parameter_table().into_diagnostic()?;
    let mut verdicts = Vec::new();
    for (file, text) in STUDIES {
        let study = evidence::read(file, text, &table)?;
        verdicts.push(evidence::judge(&study).into_diagnostic()?);
    }
    if args.json {
        say!("{}", json(&serde_json::json!({ "studies": verdicts }))?);
    } else {
        verdicts.iter().for_each(print_verdict);
    }
    Ok(())
}

fn print_verdict(v: &Verdict) {
    let p = &v.published;
    let unit = &v.simulated.unit;
    say!("{}  {}", p.id, v.simulated.name);
    let interval = match (p.low, p.high) {
        (Some(low), Some(high)) => format!("({low} to {high})"),
        _ => "(no interval published)".to_owned(),
    };
    say!("  published  {:8.2} {unit} {interval}", p.effect);
    say!(
        "  predicted  {:8.2} {unit} ±{:.2} for a trial of that size",
        v.predicted,
        v.simulated.comparisons[0].trial_half_width
    );
    let inside = match v.inside_published_interval {
        Some(true) => "inside the published interval",
        Some(false) => "OUTSIDE the published interval",
        None => "no interval to be inside of",
    };
    say!(
        "  {}; {inside}; published value {} by the prediction",
        if v.same_direction {
            "same direction"
        } else {
            "OTHER direction"
        },
        if v.covered_by_prediction {
            "covered"
        } else {
            "NOT covered"
        },
    );
    say!("  {}\n  {}\n", p.citation, p.note);
}
