//! `gutskin population`: virtual people, beside published baselines.

use crate::output::{json, make_folder, say, tell, write_whole, write_with};
use gutskin_people::baselines::{Scale, Use};
use gutskin_report::{population as table_of, receipt};
use gutskin_study::population::{
    BaselineFit, FEWEST, People, Population, Request, TraitShare, prepare,
};
use miette::IntoDiagnostic;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

/// Options of `gutskin population`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  gutskin population --condition ad --size 2000\n  gutskin population --condition pso --json | jq '.baselines[] | select(.use == \"test\")'\n  gutskin population --severity 16..72 --include \"C-reactive protein ..10\" --out people\n  gutskin population --condition acne --age 18-30 --antibiotics none\n  gutskin population --age 6-11\n\nWithout noise of readings. People of today are kept in the cache folder by model, parameters, ages, courses, size and seed; it may be deleted at any time.\nAge, delivery and feeding of grown people are drawn and written, and move nothing: no equation reads them."
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
    /// Ages in years, 18-65; under 12 all of one life stage (0-0.5, 0.5-1, 1-3 or 3-12). Among grown people age moves nothing.
    /// Unless told, those of trials of the condition, 18 to 65
    #[arg(long, value_name = "LOW-HIGH")]
    age: Option<String>,
    /// How infants of under half a year are fed, breast or formula: it chooses their life stage
    #[arg(long, value_name = "FOOD")]
    feeding: Option<String>,
    /// Courses of antibiotics that are over: drawn as catalogue/antibiotic_courses.csv has them (one at most within the last year,
    /// followed to today), or none
    #[arg(long, default_value = "drawn", value_parser = ["drawn", "none"])]
    antibiotics: String,
    /// Let in only who has this range of the condition's score (EASI, PASI, inflammatory lesions): 16..72, 16.. or ..50. A range
    /// that lets in people worth fewer than 30 is refused
    #[arg(long, value_name = "LOW..HIGH")]
    severity: Option<String>,
    /// Let in only who reads within a range, by name of a reading or observable: "SCORAD 25..63"; several times, all hold
    #[arg(long, value_name = "NAME LOW..HIGH")]
    include: Vec<String>,
    /// Folder in which people are kept
    #[arg(long, value_name = "DIR", conflicts_with = "no_cache")]
    cache: Option<PathBuf>,
    /// Neither read nor keep people
    #[arg(long)]
    no_cache: bool,
    /// Folder for population.json, people.parquet (a row a person: weight, how often resampling takes them, why left out, readings,
    /// habits, traits, drawn parameters) and receipt.json
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
        ages: args.age.clone(),
        feeding: args.feeding.clone(),
        antibiotics: args.antibiotics == "drawn",
        severity: args.severity.clone(),
        include: args.include.clone(),
    };
    let cache = if args.no_cache {
        None
    } else {
        args.cache.clone().or_else(usual)
    };
    let shows = std::io::stderr().is_terminal();
    let population = prepare(&request, &table, cache.as_deref(), &mut |done| {
        if shows {
            eprint!("\r{done:40}");
        }
    });
    if shows {
        eprintln!();
    }
    let (population, people) = population.into_diagnostic()?;
    if let Some(why) = &population.not_kept {
        tell!(
            "warning: the people could not be kept in {why}. The next run takes as long; name another folder (--cache DIR), or --no-cache"
        );
    }
    if let Some(folder) = &args.out {
        write(folder, &population, &people, &command(&request))?;
    }
    if args.json {
        say!("{}", json(&population)?);
    } else {
        print(&population);
    }
    if let Some(folder) = args.out.as_ref().filter(|_| !args.json) {
        say!("\npeople: {}", folder.join("people.parquet").display());
    }
    Ok(())
}

/// Below this a weighted population says little, as with twins.
const FEW: f64 = 100.0;

fn write(
    folder: &Path,
    population: &Population,
    people: &People,
    command: &str,
) -> miette::Result<()> {
    let receipt = receipt::of_population(population, people, command);
    make_folder(folder)?;
    write_with(&folder.join("people.parquet"), |file| {
        table_of::people(people, file).into_diagnostic()
    })?;
    write_whole(&folder.join("population.json"), &json(population)?)?;
    write_whole(&folder.join("receipt.json"), &json(&receipt)?)
}

/// The command that draws these people, for the receipt; where they are kept makes no difference.
fn command(request: &Request) -> String {
    let mut command = format!(
        "gutskin population --condition {} --size {} --seed {}",
        request.condition, request.size, request.seed
    );
    if request.full {
        command.push_str(" --full");
    }
    if let Some(ages) = &request.ages {
        command.push_str(&format!(" --age {ages:?}"));
    }
    if let Some(food) = &request.feeding {
        command.push_str(&format!(" --feeding {food}"));
    }
    if !request.antibiotics {
        command.push_str(" --antibiotics none");
    }
    if let Some(range) = &request.severity {
        command.push_str(&format!(" --severity {range:?}"));
    }
    for rule in &request.include {
        command.push_str(&format!(" --include {rule:?}"));
    }
    command
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
    for (rule, count) in &p.screened_out {
        say!("  {count} without {rule}; not let in");
    }
    if p.not_followed > 0 {
        say!(
            "  {} whose course of antibiotics could not be followed; left out",
            p.not_followed
        );
    }
    if p.baselines.is_empty() {
        say!("{} are left, not weighted\n", p.included);
        return people(p);
    }
    say!(
        "{} weighted to the baselines marked match: worth {:.0} people, {:.0} % of those weighted{}\n",
        p.included,
        p.effective,
        100.0 * p.effective_share,
        if p.ridge > 0.0 {
            format!(" (not all can be met; ridge {})", p.ridge)
        } else {
            String::new()
        }
    );
    if p.effective < FEW {
        say!(
            "warning: worth fewer than {FEW} people: means and spreads of so few say {}; draw more (--size), or let more in where --severity, --include or --age keep people out\n",
            if p.effective < FEWEST {
                "nothing"
            } else {
                "little"
            }
        );
    }
    let width = p
        .baselines
        .iter()
        .map(|b| b.baseline.title.chars().count())
        .max()
        .unwrap_or(0);
    say!(
        "{:width$}  {:5}  {:11}  {:>19}  {:>19}  {:>19}",
        "",
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
        let before = of.iter().filter(|b| b.agrees_as_drawn).count();
        say!("{words}: {agree} of {} agree ({before} as drawn)", of.len());
    }
    say!(
        "agrees: centre within half a standard deviation, standard deviation within a factor of two, both of the logarithm where ×/ is written"
    );
    let unread = |b: &&BaselineFit| b.baseline.origin() == "from memory";
    let unread = p.baselines.iter().filter(unread).count();
    if unread > 0 {
        say!(
            "from memory: the numbers of {unread} of {} baselines were not looked up in a source",
            p.baselines.len()
        );
    }
    say!();
    people(p);
}

/// What people are, and what is to be said of it.
fn people(p: &Population) {
    let by_drug = |t: &&TraitShare| t.name.starts_with("antibiotic.");
    let traits: Vec<&TraitShare> = p.traits.iter().filter(|t| !by_drug(t)).collect();
    let ages = format!("age, {} to {} years", p.ages.asked[0], p.ages.asked[1]);
    let titles = traits.iter().map(|t| t.title.chars().count());
    let width = titles.chain([ages.chars().count()]).max().unwrap_or(0);
    say!(
        "{:width$}  {:>12}  {:>12}  {:>12}",
        "",
        "asked for",
        "as drawn",
        "weighted"
    );
    for t in traits {
        let share = |share: f64| format!("{:.1} %", 100.0 * share);
        let [asked, drawn, weighted] = [t.asked, t.drawn, t.weighted].map(share);
        say!(
            "{:width$}  {asked:>12}  {drawn:>12}  {weighted:>12}",
            t.title
        );
    }
    let of = |[mean, sd]: [f64; 2]| format!("{} ± {}", short(mean), short(sd));
    let [drawn, weighted] = [p.ages.drawn, p.ages.weighted].map(of);
    say!("{ages:width$}  {:>12}  {drawn:>12}  {weighted:>12}", "");
    for note in &p.notes {
        say!("{note}");
    }
}

fn row(b: &BaselineFit, width: usize) {
    let text = |[centre, spread]: [f64; 2]| match b.baseline.scale {
        Scale::Linear => format!("{} ± {}", short(centre), short(spread)),
        Scale::Log => format!("{} ×/ {:.2}", short(centre), spread.exp()),
    };
    say!(
        "{:width$}  {:5}  {:11}  {:>19}  {:>19}  {:>19}  {}",
        b.baseline.title,
        if b.baseline.used == Use::Match {
            "match"
        } else {
            "test"
        },
        b.baseline.origin(),
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
