//! Writes what `crosscheck/compare.py` needs to hold this solver against other simulators: for each of 20 random people
//! the model as SBML, with that person's values and changes of inputs, and the trajectory that this solver finds.
//!
//! ```text
//! cargo run --release -p gutskin-people --example crosscheck -- --model thin --out target/crosscheck/thin
//! ```
//!
//! The joined axis takes too long to load for one document a person: there everybody has the same ten changes (two with
//! `--changes 2`) and starts at their own rest, and one document serves them all, with a table of people beside it.
//!
//! `surrogate` is the benchmark model of the shared data; without those data it is skipped, with a word why.

mod models;
mod patients;
mod rest;
mod speed;
mod write;

use std::path::PathBuf;
use std::process::ExitCode;

/// What can go wrong on the way: it is printed, and the exit code says so.
type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    match arguments(std::env::args().skip(1)).and_then(|a| run(&a)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("crosscheck: {error}");
            ExitCode::FAILURE
        }
    }
}

struct Arguments {
    model: String,
    out: PathBuf,
    people: u32,
    two_changes: bool,
}

fn arguments(mut rest: impl Iterator<Item = String>) -> Result<Arguments, Failure> {
    let (mut model, mut out, mut people, mut two_changes) = (None, None, patients::COUNT, false);
    while let Some(option) = rest.next() {
        let value = rest.next().ok_or(format!("{option} needs a value"))?;
        match (option.as_str(), value.as_str()) {
            ("--model", _) => model = Some(value),
            ("--out", _) => out = Some(PathBuf::from(value)),
            ("--people", _) => people = value.parse()?,
            ("--changes", "2" | "10") => two_changes = value == "2",
            _ => {
                let known = "--model, --out, --people and --changes (2 or 10)";
                return Err(format!("unknown option {option} {value}; use {known}").into());
            }
        }
    }
    let names = models::NAMES.join(" or ");
    Ok(Arguments {
        model: model.ok_or(format!("--model is missing: {names}"))?,
        out: out.ok_or("--out is missing: a folder")?,
        people,
        two_changes,
    })
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    let Some(subject) = models::load(&arguments.model, arguments.two_changes)? else {
        return Ok(());
    };
    std::fs::create_dir_all(&arguments.out)?;
    let mut writer = write::Writer::new(&subject, &arguments.out)?;
    if subject.scenario.is_empty() {
        for number in 0..arguments.people {
            writer.patient(number, &patients::draw(&subject, number)?)?;
        }
    } else {
        let (people, seconds) = rest::people(&subject, arguments.people)?;
        let tight = writer.together(&people)?;
        speed::report(&subject, &people, &tight, seconds)?;
    }
    writer.finish()
}
