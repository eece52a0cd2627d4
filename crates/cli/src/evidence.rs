//! `gutskin evidence`: published studies beside predictions.

use crate::output::{json, say, tell};
use comfy_table::{CellAlignment, Table, presets};
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
    after_help = "Examples:\n  gutskin evidence\n  gutskin evidence --json\n  gutskin evidence --claims\n  gutskin evidence --claims --only western-diet,null-model\n  gutskin evidence --blooms"
)]
pub struct EvidenceArgs {
    /// Print verdicts as JSON
    #[arg(long)]
    json: bool,
    /// Run the statements about the axis instead: cause on, effect read, path cut
    #[arg(long)]
    claims: bool,
    /// Set blooms that were seen under drugs (positive scores of drugs.csv) beside a week of each in the central person
    #[arg(long, conflicts_with = "claims")]
    blooms: bool,
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
    if args.blooms {
        return blooms(args.json);
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

fn blooms(as_json: bool) -> miette::Result<()> {
    let mut progress = |drug: &str| tell!("{drug}");
    let all = gutskin_study::checks::blooms(&mut progress).into_diagnostic()?;
    if as_json {
        say!("{}", json(&serde_json::json!({ "blooms": all }))?);
        return Ok(());
    }
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    table.set_header(["drug", "about", "guilds", "seen", "model", ""]);
    for bloom in &all {
        let verdict = match bloom.holds {
            Some(true) => "",
            Some(false) => "MISS",
            None => "not run",
        };
        table.add_row([
            bloom.drug.clone(),
            bloom.column.clone(),
            bloom.guilds.join(" "),
            format!("{:+}", bloom.score),
            bloom.change.map_or("-".to_owned(), |c| format!("{c:+.2}")),
            verdict.to_owned(),
        ]);
    }
    for column in [3, 4] {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    say!("{table}");
    let run = all.iter().filter(|b| b.holds.is_some()).count();
    let held = all.iter().filter(|b| b.holds == Some(true)).count();
    say!(
        "\n{held} of {run} come out by sign, {} not run: the drug does nothing in the gut of the model",
        all.len() - run
    );
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
