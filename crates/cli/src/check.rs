//! `gutskin check`: reads a scenario as `trial` does, without running it.

use crate::changes::Changes;
use crate::output::{read_text, say, tell};
use gutskin_study::scenario::{self, Scenario};
use gutskin_study::trial;
use miette::IntoDiagnostic;
use std::path::PathBuf;

/// Options of `gutskin check`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  gutskin check examples/acne-fibre.toml\n  gutskin check mine.toml --set acne.follicular_gain=0.2"
)]
pub struct CheckArgs {
    /// Scenario file
    #[arg(value_name = "FILE.toml")]
    file: PathBuf,
    #[command(flatten)]
    changes: Changes,
}

/// Runs the subcommand.
///
/// # Errors
/// The first fault of the file, with its place and the mend.
pub fn run(args: &CheckArgs) -> miette::Result<()> {
    let text = read_text(&args.file)?;
    let table = gutskin_biology::parameter_table().into_diagnostic()?;
    let file = args.file.display().to_string();
    let scenario = scenario::read_with(&file, &text, &table, &args.changes.read()?)?;
    print(&scenario);
    Ok(())
}

fn print(s: &Scenario) {
    s.warnings.iter().for_each(|w| tell!("warning: {w}"));
    let end = s.visits.last().copied().unwrap_or(s.duration);
    say!("{}: no fault found", s.name);
    say!(
        "model      {}, {} states, {} parameters",
        s.model,
        s.network.states.len(),
        s.network.parameters.len()
    );
    say!(
        "treatment  {} d, seen {} times until day {end}",
        s.duration,
        s.visits.len()
    );
    say!(
        "people     {} an arm, drawn from {} simulated ones",
        s.population.size,
        s.design.pool
    );
    for arm in &s.arms {
        let changes = arm.schedule.changes();
        say!(
            "arm        {}: {}",
            arm.name,
            match changes.len() {
                0 => "nothing changes".to_owned(),
                1 => "1 change".to_owned(),
                n => format!("{n} changes"),
            }
        );
    }
    let observable = &s.network.observables[s.endpoint.observable as usize];
    say!(
        "endpoint   {} on day {}",
        observable.name,
        s.visits[s.endpoint.visit]
    );
    say!("response   {}", s.endpoint.response_in_words());
    if let Some(refused) = trial::refusal(s) {
        say!("no trial   {refused}");
        return;
    }
    let solves = s
        .design
        .pool
        .saturating_mul(s.arms.len() + usize::from(s.care.is_some()));
    say!(
        "to solve   {solves} courses and at least {} steady states",
        s.design.pool
    );
}
