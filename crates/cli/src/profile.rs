//! `gutskin profile`: stool profiles in, guilds, diversity and indices out.

mod folder;
mod reference;
mod terminal;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use gutskin_people::PeopleError;
use gutskin_people::profile::analyse::Analyser;
use gutskin_people::profile::method::Method;
use gutskin_people::profile::read::{Limits, Metadata, Source, read, read_metadata};
use gutskin_people::profile::reference::Reference;
use gutskin_people::profile::study::{Columns, Study};
use gutskin_people::profile::text::visible;
use gutskin_people::taxonomy::{NameMap, Vocabulary};
use gutskin_report::receipt::{FileReceipt, ProfileReceipt};
use miette::{Context, IntoDiagnostic, Result, miette};

use crate::plain::{Plain, Style, written_out};

pub use reference::{ReferenceArgs, run as run_reference};

/// Options of `gutskin profile`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct ProfileArgs {
    /// Profiles, and taxonomy files that belong to them; formats are recognised by content
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Table with one row a sample
    #[arg(long, value_name = "FILE")]
    metadata: Option<PathBuf>,
    /// Compare the groups that this metadata column makes
    #[arg(long, value_name = "COLUMN", requires = "metadata")]
    group: Option<String>,
    /// Compare within the subjects that this metadata column names
    #[arg(long, value_name = "SUBJECT", requires = "group")]
    paired: Option<String>,
    /// Metadata column with cells per gram of stool
    #[arg(long, value_name = "COLUMN", requires = "metadata")]
    load: Option<String>,
    /// Keep only samples with this value in this metadata column
    #[arg(long, value_name = "COLUMN=VALUE", requires = "metadata", value_parser = rule)]
    keep: Vec<(String, String)>,
    /// Go on where samples have no row in the metadata: they belong to no group
    #[arg(long, requires = "metadata")]
    allow_missing: bool,
    #[command(flatten)]
    reading: ReadingArgs,
    /// Reference made with `gutskin profile-reference`, used before those that ship
    #[arg(long, value_name = "FILE")]
    reference: Vec<PathBuf>,
    /// Seed of permutations and bootstrap
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Write report.html, summary.json, receipt.json, tables (Parquet) and figures into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Options of reading that several subcommands share.
#[derive(Debug, clap::Args)]
pub struct ReadingArgs {
    /// Method that made the profiles, where the files do not say it
    #[arg(long, value_name = "METHOD", value_parser = method)]
    method: Option<Method>,
    /// Table of your own names: name, taxon
    #[arg(long, value_name = "FILE")]
    names: Option<PathBuf>,
    /// Table that adds to or replaces rows of the taxon table (taxon, rank, model_guild, traits)
    #[arg(long, value_name = "FILE")]
    taxa: Option<PathBuf>,
    /// Mebibytes to which a compressed file may unpack, and of HDF5, JSON and archives that must be held whole
    #[arg(long, value_name = "MIB", default_value_t = Limits::UNPACKED_MIB, value_parser = clap::value_parser!(u64).range(1..))]
    unpack: u64,
}

const EXAMPLES: &str = "Examples:
  gutskin profile sample_metaphlan.txt
  gutskin profile cohort.tsv --metadata patients.tsv --group diagnosis --out results
  gutskin profile table.qza taxonomy.qza --metadata sample-metadata.tsv --group visit --paired subject
  gutskin profile reports/*.kreport --json > profiles.json

A research tool, not medical advice.";

fn rule(text: &str) -> std::result::Result<(String, String), String> {
    text.split_once('=')
        .map(|(column, value)| (column.to_owned(), value.to_owned()))
        .ok_or_else(|| "expected COLUMN=VALUE".to_owned())
}

fn method(text: &str) -> std::result::Result<Method, String> {
    Method::NAMED
        .into_iter()
        .find(|method| method.id().eq_ignore_ascii_case(text))
        .ok_or_else(|| {
            format!(
                "unknown method; known are {}",
                Method::NAMED.map(Method::id).join(", ")
            )
        })
}

/// Runs the subcommand.
///
/// # Errors
/// When a file cannot be read or is not a profile, or the groups do not fit.
pub fn run(args: &ProfileArgs) -> Result<()> {
    let mut references = Vec::new();
    for path in &args.reference {
        references.push(Reference::parse(&name(path), &text(path)?).map_err(report)?);
    }
    references.extend(Reference::shipped().map_err(report)?);
    let analyser = args.reading.analyser(references)?;
    let limits = Limits::unpacking(args.reading.unpack);
    let (mut study, errors) = read_all(&args.files, &analyser, limits);
    if study.samples.is_empty() {
        return Err(all(errors));
    }
    if !errors.is_empty() {
        let read = study.samples.len();
        return Err(all(errors).wrap_err(format!(
            "nothing is written, as not all files could be read ({read} samples of the others could): mend or leave out what follows"
        )));
    }
    if let Some(path) = &args.metadata {
        let metadata = metadata(path)?;
        let columns = Columns {
            group: args.group.clone(),
            paired: args.paired.clone(),
            load: args.load.clone(),
            keep: args.keep.clone(),
            allow_missing: args.allow_missing,
        };
        study.join(&metadata, &columns, args.seed).map_err(report)?;
    }
    if args.json || args.out.is_some() {
        study.ordinate();
    }
    let style = if args.json { Style::Json } else { Style::Text };
    let mut out = Plain::new(BufWriter::new(std::io::stdout().lock()), style);
    let printed = if args.json {
        serde_json::to_writer(&mut out, &study)
            .into_diagnostic()
            .and_then(|()| writeln!(out).into_diagnostic())
    } else {
        terminal::print(&mut out, &study, &analyser.references).into_diagnostic()
    };
    ignore_closed_pipe(printed.and_then(|()| out.flush().into_diagnostic()))?;
    if let Some(folder) = &args.out {
        let receipt = receipt(args, &analyser.references)?;
        folder::write(folder, &study, &analyser.references, &receipt)?;
    }
    Ok(())
}

/// What the reading was made from: every file once more, for its hash.
fn receipt(args: &ProfileArgs, references: &[Reference]) -> Result<ProfileReceipt> {
    let extra = [&args.metadata, &args.reading.names, &args.reading.taxa];
    let files = args
        .files
        .iter()
        .chain(extra.into_iter().flatten())
        .chain(&args.reference)
        // What cannot be opened was no part of the result, and is reported with the other faults.
        .filter_map(|path| File::open(path).ok().map(|file| (path, file)))
        .map(|(path, file)| {
            FileReceipt::of(&name(path), file)
                .into_diagnostic()
                .wrap_err_with(|| format!("{} cannot be read again", name(path)))
        })
        .collect::<Result<Vec<_>>>()?;
    let arguments = std::env::args_os()
        .skip(1)
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    Ok(ProfileReceipt::new(arguments, files, args.seed, references))
}

/// A reader that stops reading is no failure.
fn ignore_closed_pipe(result: Result<()>) -> Result<()> {
    match result {
        Err(error)
            if error.chain().any(|cause| {
                cause
                    .downcast_ref::<std::io::Error>()
                    .is_some_and(|io| io.kind() == std::io::ErrorKind::BrokenPipe)
            }) =>
        {
            Ok(())
        }
        other => other,
    }
}

impl ReadingArgs {
    /// The analyser that these options ask for.
    pub fn analyser(&self, references: Vec<Reference>) -> Result<Analyser> {
        let mut words = Vocabulary::shipped().map_err(report)?;
        if let Some(path) = &self.taxa {
            words
                .taxa
                .extend(&name(path), &text(path)?)
                .map_err(report)?;
        }
        if let Some(path) = &self.names {
            words.names = NameMap::parse(&name(path), &text(path)?).map_err(report)?;
        }
        let mut analyser = Analyser::new(words, references).map_err(report)?;
        analyser.method = self.method;
        Ok(analyser)
    }
}

/// Reads and analyses all files, one after the other; errors do not stop the others, so that all are told at once. A study
/// with errors is never written: it would look whole.
fn read_all(paths: &[PathBuf], analyser: &Analyser, limits: Limits) -> (Study, Vec<PeopleError>) {
    let mut study = Study::default();
    let mut errors = Vec::new();
    for path in paths {
        let result = open(path)
            .and_then(|source| read(&name(path), source, limits, &analyser.words))
            .and_then(|content| study.add(content, analyser));
        errors.extend(result.err());
    }
    errors.extend(study.settle(analyser));
    (study, errors)
}

fn open(path: &Path) -> std::result::Result<Source, PeopleError> {
    match File::open(path) {
        Ok(file) if file.metadata().is_ok_and(|metadata| metadata.is_dir()) => {
            Err(PeopleError::Unusable {
                file: name(path),
                problem: "it is a folder".to_owned(),
                advice: "Give the files in it".to_owned(),
            })
        }
        Ok(file) => Ok(Box::new(file)),
        Err(source) => Err(PeopleError::Io {
            file: name(path),
            source,
        }),
    }
}

fn metadata(path: &Path) -> Result<Metadata> {
    let source = open(path).map_err(report)?;
    read_metadata(&name(path), source, Limits::default()).map_err(report)
}

fn text(path: &Path) -> Result<String> {
    std::fs::read_to_string(path)
        .into_diagnostic()
        .wrap_err_with(|| format!("{} cannot be read", name(path)))
}

fn name(path: &Path) -> String {
    visible(&path.display().to_string()).into_owned()
}

fn report(error: PeopleError) -> miette::Report {
    miette!("{}", written_out(&error.to_string(), Style::Text))
}

fn all(errors: Vec<PeopleError>) -> miette::Report {
    const SHOWN: usize = 20;
    let count = errors.len();
    let mut lines: Vec<String> = errors
        .into_iter()
        .take(SHOWN)
        .map(|error| error.to_string())
        .collect();
    if count > SHOWN {
        lines.push(format!("… and {} more", count - SHOWN));
    }
    if lines.is_empty() {
        lines.push("no profile was given: a taxonomy file alone holds no samples".to_owned());
    }
    miette!("{}", written_out(&lines.join("\n"), Style::Text))
}
