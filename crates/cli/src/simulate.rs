//! `gutskin simulate`: people through scenarios, any state or observable over time.

use crate::changes::Changes;
use crate::output::{json, make_folder, read_text, say, say_data, tell, write_whole};
use gutskin_report::series;
use gutskin_study::measured::{self, Point, Score};
use gutskin_study::scenario::{self, Scenario};
use gutskin_study::simulate::{Request, Series, simulate};
use gutskin_units::{Quantity, Unit};
use miette::IntoDiagnostic;
use std::io::IsTerminal;
use std::path::PathBuf;

/// Options of `gutskin simulate`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  gutskin simulate examples/psoriasis-ixekizumab.toml\n  gutskin simulate examples/psoriasis-ixekizumab.toml --show score.pasi,pso.plaque --every 1d\n  gutskin simulate one.toml other.toml --people 200 --out course\n  gutskin simulate one.toml --data mine.csv --people 200 --out course\n\nColumns: scenario, arm, name, unit, day, mean, low and high (5 and 95 % of people). True values: nobody is screened, no placebo course of readings, no noise."
)]
pub struct SimulateArgs {
    /// Scenario files, compared with each other
    #[arg(value_name = "FILE.toml", required = true)]
    files: Vec<PathBuf>,
    /// States, observables and fluxes (names of processes, which gutskin model equations lists); the endpoint's observable unless given
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    show: Vec<String>,
    /// People drawn; without it one person with the central value of every parameter
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..))]
    people: Option<u32>,
    /// Time between rows
    #[arg(long, value_name = "TIME", default_value = "1 wk")]
    every: String,
    /// Folder for series.csv and a figure for each name (measurements as dots)
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Measurements to lay over the courses: CSV with name, day, value and, where wanted, arm, sd, unit
    #[arg(long, value_name = "FILE.csv")]
    data: Option<PathBuf>,
    /// Print as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    changes: Changes,
}

/// Runs the subcommand.
///
/// # Errors
/// A fault of a file with its place, an unknown name, nobody who could be solved.
pub fn run(args: &SimulateArgs) -> miette::Result<()> {
    let table = gutskin_biology::parameter_table().into_diagnostic()?;
    let changes = args.changes.read()?;
    let data = args
        .data
        .as_ref()
        .map(|file| Ok::<_, miette::Report>((file, read_text(file)?)));
    let data = data.transpose()?;
    let mut names = args.show.clone();
    if let (true, Some((_, text))) = (names.is_empty(), &data) {
        names = measured::names(text);
    }
    let request = Request {
        names,
        people: args.people.unwrap_or(0),
        every: days(&args.every)?,
    };
    let mut all: Vec<Series> = Vec::new();
    for file in &args.files {
        let name = file.display().to_string();
        let scenario = scenario::read_with(&name, &read_text(file)?, &table, &changes)?;
        scenario.warnings.iter().for_each(|w| tell!("warning: {w}"));
        all.extend(followed(&scenario, &request)?);
    }
    let points = match &data {
        Some((file, text)) => {
            measured::read(&file.display().to_string(), text, &all).into_diagnostic()?
        }
        None => Vec::new(),
    };
    let outside: Vec<&Point> = points.iter().filter(|p| !p.is_within(&all)).collect();
    if let Some(first) = outside.first() {
        tell!(
            "warning: {} of {} measurements are of days that no course holds and count nowhere; the first: {} on day {}",
            outside.len(),
            points.len(),
            first.name,
            first.day
        );
    }
    let scores = measured::scores(&all, &points);
    if let Some(folder) = &args.out {
        make_folder(folder)?;
        write_whole(&folder.join("series.csv"), &series::csv(&all))?;
        for (name, svg) in series::figures(&all, &points).into_diagnostic()? {
            write_whole(&folder.join(format!("{name}.svg")), &svg)?;
        }
    }
    if args.json {
        match &data {
            Some(_) => say!(
                "{}",
                json(&WithScores {
                    series: &all,
                    scores: &scores
                })?
            ),
            None => say!("{}", json(&all)?),
        }
    } else {
        say_data!("{}", series::csv(&all));
    }
    if data.is_some() && !args.json {
        eprint!("\nsimulated less measured:\n{}", series::scores(&scores));
    }
    for s in all.iter().filter(|s| s.failed > 0) {
        tell!(
            "{}, {}: {} of {} people failed; the first: {}",
            s.arm,
            s.name,
            s.failed,
            s.failed + s.people,
            s.first_failure.as_deref().unwrap_or("")
        );
    }
    match all.iter().find(|s| s.people == 0) {
        None => Ok(()),
        Some(s) => Err(miette::miette!(
            "nobody could be followed through the arm \"{}\"",
            s.arm
        )),
    }
}

/// Simulates, with a line of progress where someone looks.
fn followed(scenario: &Scenario, request: &Request) -> miette::Result<Vec<Series>> {
    let (wanted, begun) = (request.people, std::time::Instant::now());
    let shows = std::io::stderr().is_terminal() && wanted > 0;
    let mut progress = |done: u32| {
        if shows {
            let left = begun.elapsed().as_secs_f64() * f64::from(wanted - done) / f64::from(done);
            eprint!("\r{done} of {wanted} people followed, {left:.0} s left   ");
        }
    };
    let all = simulate(scenario, request, &mut progress);
    if shows {
        eprintln!();
    }
    all.into_diagnostic()
}

/// Courses with how far they are from measurements.
#[derive(serde::Serialize)]
struct WithScores<'a> {
    series: &'a [Series],
    scores: &'a [Score],
}

fn days(text: &str) -> miette::Result<f64> {
    let day = Unit::parse("d").into_diagnostic()?;
    let quantity = Quantity::parse(text).into_diagnostic()?;
    quantity.unit.convert(quantity.value, &day).map_err(|e| {
        miette::miette!(
            help = "write a time, for example --every \"1 wk\"",
            "--every {text}: {e}"
        )
    })
}
