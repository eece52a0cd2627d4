//! Writes what `crosscheck/compare.py` needs to hold this solver against other simulators: for each of 20 random people
//! the model as SBML, with that person's values and changes of inputs, and the trajectory that this solver finds.
//!
//! ```text
//! cargo run --release -p gutskin-people --example crosscheck -- --model thin --out target/crosscheck/thin
//! ```
//!
//! `surrogate` is the benchmark model of the shared data; without those data it is skipped, with a word why.

mod models;
mod patients;
mod write;

use std::path::PathBuf;
use std::process::ExitCode;

/// What can go wrong on the way: it is printed, and the exit code says so.
type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    match arguments(std::env::args().skip(1)).and_then(|(model, out)| run(&model, &out)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("crosscheck: {error}");
            ExitCode::FAILURE
        }
    }
}

fn arguments(mut rest: impl Iterator<Item = String>) -> Result<(String, PathBuf), Failure> {
    let (mut model, mut out) = (None, None);
    while let Some(option) = rest.next() {
        let value = rest.next().ok_or(format!("{option} needs a value"))?;
        match option.as_str() {
            "--model" => model = Some(value),
            "--out" => out = Some(PathBuf::from(value)),
            other => return Err(format!("unknown option {other}; use --model and --out").into()),
        }
    }
    let model = model.ok_or(format!(
        "--model is missing: {}",
        models::NAMES.join(" or ")
    ))?;
    Ok((model, out.ok_or("--out is missing: a folder")?))
}

fn run(model: &str, out: &std::path::Path) -> Result<(), Failure> {
    let Some(subject) = models::load(model)? else {
        return Ok(());
    };
    std::fs::create_dir_all(out)?;
    let mut writer = write::Writer::new(&subject, out)?;
    for number in 0..patients::COUNT {
        let patient = patients::draw(&subject, number)?;
        writer.patient(number, &patient)?;
    }
    writer.finish()
}
