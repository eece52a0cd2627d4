//! `gutskin population`: virtual people, beside published baselines.

use crate::output::{json, make_folder, say, write_whole};
use gutskin_people::baselines::{Scale, Use};
use gutskin_study::population::{BaselineFit, Population, Request, prepare};
use miette::IntoDiagnostic;
use std::io::IsTerminal;
use std::path::PathBuf;

/// Options of `gutskin population`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  gutskin population --condition ad --size 2000\n  gutskin population --condition pso --json | jq '.baselines[] | select(.use == \"test\")'\n\nPeople at rest are kept in the cache folder by model, parameters, size and seed; it may be deleted at any time."
)]
pub struct PopulationArgs {
    /// Skin condition
    #[arg(long, default_value = "ad", value_parser = ["ad", "pso", "acne"])]
    condition: String,
    /// People drawn
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(50..=1_000_000))]
    size: u32,
    /// The full colon in place of the lean one; slow
    #[arg(long)]
    full: bool,
    /// Seed
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Folder in which people at rest are kept
    #[arg(long, value_name = "DIR", conflicts_with = "no_cache")]
    cache: Option<PathBuf>,
    /// Neither read nor keep people at rest
    #[arg(long)]
    no_cache: bool,
    /// Folder for population.json
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

/// Runs the subcommand.
///
/// # Errors
/// A model without people at rest, or files that cannot be written.
pub fn run(args: &PopulationArgs) -> miette::Result<()> {
    let table = gutskin_biology::parameter_table().into_diagnostic()?;
    let request = Request {
        condition: args.condition.clone(),
        full: args.full,
        size: args.size,
        seed: args.seed,
    };
    let cache = if args.no_cache {
        None
    } else {
        args.cache.clone().or_else(usual)
    };
    let shows = std::io::stderr().is_terminal();
    let population = prepare(&request, &table, cache.as_deref(), &mut |done| {
        if shows {
            eprint!("\r{done} of {} people at rest   ", request.size);
        }
    });
    if shows {
        eprintln!();
    }
    let population = population.into_diagnostic()?;
    if let Some(folder) = &args.out {
        make_folder(folder)?;
        write_whole(&folder.join("population.json"), &json(&population)?)?;
    }
    if args.json {
        say!("{}", json(&population)?);
    } else {
        print(&population);
    }
    Ok(())
}

/// The user's folder for what can be made anew.
fn usual() -> Option<PathBuf> {
    let base = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || std::env::var_os("HOME").map(|h| PathBuf::from(h).join(".cache"));
    base.or_else(home).map(|folder| folder.join("gutskin"))
}

fn print(p: &Population) {
    say!(
        "{} people of the model {}, {} without a steady state{}",
        p.drawn,
        p.model,
        p.without_rest,
        if p.from_cache {
            " (kept from an earlier run)"
        } else {
            ""
        }
    );
    for (what, count) in &p.implausible {
        say!("  {count} with a value of {what} that nobody has; left out");
    }
    say!(
        "weighted to the baselines marked match: worth {:.0} people, {:.0} % of those weighted{}\n",
        p.effective,
        100.0 * p.effective_share,
        if p.ridge > 0.0 {
            format!(" (not all can be met; ridge {})", p.ridge)
        } else {
            String::new()
        }
    );
    let width = p
        .baselines
        .iter()
        .map(|b| b.baseline.title.chars().count())
        .max()
        .unwrap_or(0);
    say!(
        "{:width$}  {:5}  {:>19}  {:>19}  {:>19}",
        "",
        "",
        "published",
        "as drawn",
        "weighted"
    );
    for b in &p.baselines {
        row(b, width);
    }
    for (used, words) in [(Use::Match, "matched"), (Use::Test, "kept out")] {
        let of: Vec<&BaselineFit> = p
            .baselines
            .iter()
            .filter(|b| b.baseline.used == used)
            .collect();
        let agree = of.iter().filter(|b| b.agrees).count();
        say!(
            "{words}: {agree} of {} agree (centre within half a standard deviation, spread within a factor of two)",
            of.len()
        );
    }
}

fn row(b: &BaselineFit, width: usize) {
    let text = |[centre, spread]: [f64; 2]| match b.baseline.scale {
        Scale::Linear => format!("{} ± {}", short(centre), short(spread)),
        Scale::Log => format!("{} ×/ {:.2}", short(centre), spread.exp()),
    };
    say!(
        "{:width$}  {:5}  {:>19}  {:>19}  {:>19}  {}",
        b.baseline.title,
        if b.baseline.used == Use::Match {
            "match"
        } else {
            "test"
        },
        text([b.baseline.centre, b.baseline.spread]),
        text(b.drawn),
        text(b.weighted),
        if b.agrees { "agrees" } else { "MISS" }
    );
}

/// Three significant digits.
fn short(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return format!("{value}");
    }
    let digits = (2 - value.abs().log10().floor() as i32).clamp(0, 6) as usize;
    format!("{value:.digits$}")
}
