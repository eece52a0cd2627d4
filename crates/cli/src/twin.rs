//! `gutskin twin`: a person file in, forecasts out.

mod print;

use crate::changes::Changes;
use crate::output::{json, make_folder, read_text, say, tell, write_whole, write_with};
use gutskin_network::ParameterTable;
use gutskin_people::drawing::GuildReading;
use gutskin_people::person::{self, Person};
use gutskin_people::profile::analyse::Analyser;
use gutskin_people::profile::reference::Reference;
use gutskin_people::taxonomy::Vocabulary;
use gutskin_report::receipt::{self, FileReceipt};
use gutskin_report::twin as page;
use gutskin_study::scenario::{Forecast, read_forecast};
use gutskin_study::twin::{DrawRow, Request, Twin, run as follow};
use miette::IntoDiagnostic;
use std::fmt::Write;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// Options of `gutskin twin`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  gutskin twin examples/twin-eczema.toml\n  gutskin twin examples/twin-eczema.toml --out results\n  gutskin twin person.toml --option diet=prudent --option drug=dupilumab,start=4wk\n  gutskin twin person.toml --option exposure=vitamin_d --json | jq .arms\n\nNothing leaves this machine. A research tool, not medical advice."
)]
pub struct TwinArgs {
    /// Person file
    #[arg(value_name = "PERSON.toml")]
    file: PathBuf,
    /// An option beside those of the file: diet, drug or exposure, with dose, start, stop, interval as in an
    /// [[option.change]]; several times
    #[arg(long = "option", value_name = "KIND=NAME[,KEY=VALUE…]")]
    options: Vec<String>,
    /// Folder for report.html, summary.json, draws.parquet and receipt.json
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Draws of the person after weighing
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(50..=20_000))]
    draws: u32,
    /// Leave out what drives effects and what is not known of the model apart from the person
    #[arg(long)]
    quick: bool,
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
/// A fault of the file with its place, readings that fit too few draws, or files that cannot be read or written.
pub fn run(args: &TwinArgs) -> miette::Result<()> {
    let mut text = read_text(&args.file)?;
    let mut first_lines = Vec::new();
    for option in &args.options {
        first_lines.push((text.lines().count() + 1, option.as_str()));
        text.push_str(&as_table(option)?);
    }
    let file = args.file.display().to_string();
    let table = gutskin_biology::parameter_table().into_diagnostic()?;
    let mut person = person::read(&file, &text, &table)?;
    person.notes.extend(to_come(&person));
    let table = person.table(&table).into_diagnostic()?;
    let changes = args.changes.read()?;
    let mut forecast = read_forecast((&file, &text), &person, &table, &changes)?;
    for warning in &mut forecast.scenario.warnings {
        *warning = placed(warning, &file, &first_lines);
    }
    forecast.scenario.seed = args.seed.unwrap_or(forecast.scenario.seed);
    let (person, profiles) = stool(person, args, (&file, &text))?;
    if let Some(folder) = &args.out {
        make_folder(folder)?;
    }
    let (twin, rows) = followed(&forecast, &person, (&table, profiles), args)?;
    if let Some(folder) = &args.out {
        let read = (files(&person, args)?, args.draws);
        let receipt = receipt::of_twin(&forecast, (&file, &text), &changes, &twin, read);
        write_whole(
            &folder.join("report.html"),
            &page::page(&twin, &receipt).into_diagnostic()?,
        )?;
        write_with(&folder.join("draws.parquet"), |file| {
            page::draws(&twin, &rows, file).into_diagnostic()
        })?;
        write_whole(&folder.join("summary.json"), &json(&twin)?)?;
        write_whole(&folder.join("receipt.json"), &json(&receipt)?)?;
    }
    if args.json {
        say!("{}", json(&twin)?);
    } else {
        print::print(&twin);
    }
    if let Some(folder) = args.out.as_ref().filter(|_| !args.json) {
        say!("\nreport: {}", folder.join("report.html").display());
    }
    Ok(())
}

/// What is said of a person whose today lies ahead of this machine's clock.
fn to_come(person: &Person) -> Option<String> {
    const DAY: u64 = 86_400;
    let clock = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    let here = i64::try_from(clock.as_secs() / DAY).ok()?;
    let ahead = person.today - here;
    // East of here the next day has begun.
    (ahead > 1).then(|| {
        format!("the date in [person] lies {ahead} days ahead of this machine's clock: it is taken for today, and whatever was read counts as so much older; look at its year")
    })
}

/// `diet=western,dose=0.5` as the table that a file would hold.
fn as_table(option: &str) -> miette::Result<String> {
    let mut table = format!(
        "\n[[option]]\nname = {}\n[[option.change]]\n",
        quoted(option)
    );
    for part in option.split(',') {
        let Some((key, value)) = part.split_once('=') else {
            return Err(miette::miette!(
                help = "write --option diet=prudent, --option drug=dupilumab or --option exposure=vitamin_d,dose=0.5",
                "the option \"{option}\" has a part \"{part}\" without a ="
            ));
        };
        let (key, value) = (key.trim(), value.trim());
        if !key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') || key.is_empty() {
            miette::bail!("the option \"{option}\" has a key \"{key}\"");
        }
        // A dose is a number; everything else is text.
        let value = if key == "dose" {
            value.to_owned()
        } else {
            quoted(value)
        };
        let _ = writeln!(table, "{key} = {value}");
    }
    Ok(table)
}

/// A warning with the option of the command line as its place, where it stands in none of the file's own lines. `options` are
/// those with the first line of each.
fn placed(warning: &str, file: &str, options: &[(usize, &str)]) -> String {
    let place = warning
        .strip_prefix(file)
        .and_then(|rest| rest.strip_prefix(':'));
    let Some((line, rest)) = place.and_then(|rest| rest.split_once(':')) else {
        return warning.to_owned();
    };
    let line = line.parse().unwrap_or(0);
    let option = options.iter().rfind(|(first, _)| *first <= line);
    match (option, rest.split_once(": ")) {
        (Some((_, option)), Some((_, told))) => format!("--option {option}: {told}"),
        _ => warning.to_owned(),
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// What the profiles say of guilds; what is doubtful about them goes to the person's notes.
fn stool(
    mut person: Person,
    args: &TwinArgs,
    origin: (&str, &str),
) -> miette::Result<(Person, Vec<GuildReading>)> {
    if person.profiles.is_empty() {
        return Ok((person, Vec::new()));
    }
    let words = Vocabulary::shipped().map_err(|e| miette::miette!("{e}"))?;
    let references = Reference::shipped().map_err(|e| miette::miette!("{e}"))?;
    let analyser = Analyser::new(words, references).map_err(|e| miette::miette!("{e}"))?;
    let folder = args.file.parent().unwrap_or(Path::new("."));
    let infant = person.may_have_infant_stool();
    let mut readings = Vec::new();
    for profile in &person.profiles {
        let (reading, doubts) = person::guilds(profile, folder, origin, (&analyser, infant))?;
        readings.push(reading);
        person.notes.extend(doubts);
    }
    Ok((person, readings))
}

/// Stool profiles as the receipt tells them.
fn files(person: &Person, args: &TwinArgs) -> miette::Result<Vec<FileReceipt>> {
    let folder = args.file.parent().unwrap_or(Path::new("."));
    let of = |profile: &person::ProfileFile| {
        let file = std::fs::File::open(folder.join(&profile.file)).into_diagnostic()?;
        FileReceipt::of(&profile.file, file).into_diagnostic()
    };
    person.profiles.iter().map(of).collect()
}

/// Follows the twins, with a line of progress where someone looks.
fn followed(
    forecast: &Forecast,
    person: &Person,
    known: (&ParameterTable, Vec<GuildReading>),
    args: &TwinArgs,
) -> miette::Result<(Twin, Vec<DrawRow>)> {
    let shows = std::io::stderr().is_terminal();
    let request = Request {
        candidates: 4 * args.draws,
        pilot: (args.draws / 4).max(125),
        draws: args.draws as usize,
        routes: !args.quick,
        apart: !args.quick,
        ..Request::default()
    };
    let result = follow(forecast, person, known, &request, &mut |what| {
        if shows {
            tell!("{what}");
        }
    });
    result.into_diagnostic()
}
