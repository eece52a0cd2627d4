//! `gutskin profile-reference`: summarises people's profiles into a reference of their method.

use crate::output::{tell, write_whole};
use std::collections::BTreeMap;
use std::path::PathBuf;

use gutskin_people::profile::method::{Method, Unit};
use gutskin_people::profile::reference::{Description, Reference, ReferenceSample, Spread, build};
use gutskin_people::profile::sample::SampleReport;
use gutskin_people::profile::study::Study;
use gutskin_people::taxonomy::Guild;
use miette::{IntoDiagnostic, Result, miette};

use super::{ReadingArgs, all, metadata, read_all, report};
use gutskin_people::profile::read::Limits;

/// Options of `gutskin profile-reference`.
#[derive(Debug, clap::Args)]
pub struct ReferenceArgs {
    /// Profiles of the reference people
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Table with one row a sample
    #[arg(long, value_name = "FILE")]
    metadata: Option<PathBuf>,
    /// Keep only samples whose metadata column has this value
    #[arg(long, value_name = "COLUMN=VALUE", requires = "metadata")]
    keep: Vec<String>,
    /// Metadata column that names the person; each person weighs the same
    #[arg(long, value_name = "COLUMN", requires = "metadata")]
    subject: Option<String>,
    /// Leave a sample out
    #[arg(long, value_name = "SAMPLE")]
    exclude: Vec<String>,
    #[command(flatten)]
    reading: ReadingArgs,
    /// Identifier of the reference
    #[arg(long)]
    id: String,
    /// Title in words
    #[arg(long, default_value = "")]
    title: String,
    /// Origin of the profiles
    #[arg(long, default_value = "")]
    source: String,
    /// Licence of the profiles
    #[arg(long, default_value = "")]
    licence: String,
    /// What a reader must know
    #[arg(long, default_value = "")]
    caution: String,
    /// Compare genera, whatever the rows are
    #[arg(long)]
    genus: bool,
    /// The samples are means of studies, not people
    #[arg(long)]
    study_means: bool,
    /// The table lists chosen taxa only
    #[arg(long)]
    list_limited: bool,
    /// File to write
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
}

/// Runs the subcommand.
///
/// # Errors
/// When files cannot be read, do not fit together, or no sample is left.
pub fn run(args: &ReferenceArgs) -> Result<()> {
    let mut analyser = args.reading.analyser(Vec::new())?;
    analyser.keep_composition = true;
    let limits = Limits::unpacking(args.reading.unpack);
    let (study, errors) = read_all(&args.files, &analyser, limits);
    if !errors.is_empty() {
        return Err(all(errors));
    }
    let subjects = chosen(args, &study)?;
    let (method, file_unit) = one_method(&study)?;
    let unit = if args.genus { Unit::Genus } else { file_unit };
    let samples: Vec<ReferenceSample> = study
        .samples
        .iter()
        .zip(subjects)
        .filter(|(sample, _)| sample.refused.is_none())
        .filter_map(|(sample, subject)| Some(entry(&study, sample, subject?, unit, args)))
        .collect();
    let about = Description {
        id: args.id.clone(),
        title: args.title.clone(),
        method,
        unit,
        spread: if args.study_means {
            Spread::StudyMeans
        } else {
            Spread::People
        },
        source: args.source.clone(),
        licence: args.licence.clone(),
        caution: args.caution.clone(),
        list_limited: args.list_limited,
    };
    let reference: Reference = build(about, &samples).map_err(report)?;
    let body = toml::to_string(&reference).into_diagnostic()?;
    let text = format!(
        "# Made by `gutskin profile-reference` (docs/profiles.md says how). Summaries only, no profile of a person.\n{body}"
    );
    write_whole(&args.output, &text)?;
    tell!(
        "{}: {} samples of {} subjects",
        args.output.display(),
        reference.samples,
        reference.subjects
    );
    Ok(())
}

/// Subject of each sample; `None` where it is left out.
fn chosen(args: &ReferenceArgs, study: &Study) -> Result<Vec<Option<String>>> {
    let ids: Vec<&str> = study
        .samples
        .iter()
        .map(|sample| sample.id.as_str())
        .collect();
    let mut subjects: Vec<Option<String>> = ids
        .iter()
        .map(|id| (!args.exclude.iter().any(|left_out| left_out == id)).then(|| (*id).to_owned()))
        .collect();
    let Some(path) = &args.metadata else {
        return Ok(subjects);
    };
    let table = metadata(path)?;
    let matched = table.match_samples(&ids).map_err(report)?;
    if let Some(column) = &args.subject {
        for (subject, value) in subjects
            .iter_mut()
            .zip(matched.column(column).map_err(report)?)
        {
            *subject = subject.take().and(value.map(str::to_owned));
        }
    }
    for rule in &args.keep {
        let (column, wanted) = rule
            .split_once('=')
            .ok_or_else(|| miette!("--keep {rule}: expected COLUMN=VALUE"))?;
        for (subject, value) in subjects
            .iter_mut()
            .zip(matched.column(column).map_err(report)?)
        {
            if value != Some(wanted) {
                *subject = None;
            }
        }
    }
    Ok(subjects)
}

fn one_method(study: &Study) -> Result<(Method, Unit)> {
    let mut found: Vec<(Method, Unit)> = study
        .samples
        .iter()
        .map(|sample| (sample.method, sample.unit))
        .collect();
    found.dedup();
    match found.as_slice() {
        [one] => Ok(*one),
        _ => Err(miette!(
            "the profiles come from different methods; a reference is of one"
        )),
    }
}

fn entry(
    study: &Study,
    sample: &SampleReport,
    subject: String,
    unit: Unit,
    args: &ReferenceArgs,
) -> ReferenceSample {
    let (pairs, names) = if unit == Unit::Genus {
        (&sample.genera, study.genera.all())
    } else {
        (&sample.composition, study.rows.all())
    };
    let total: f64 = pairs.iter().map(|pair| pair.1).sum();
    let composition: BTreeMap<String, f64> = pairs
        .iter()
        .map(|(at, share)| {
            (
                names[at as usize].clone(),
                share / total.max(f64::MIN_POSITIVE),
            )
        })
        .collect();
    let shares: Vec<f64> = composition.values().copied().collect();
    let diversity = gutskin_people::profile::diversity::diversity(&shares, false);
    let mut metrics = BTreeMap::from([
        ("shannon".to_owned(), diversity.shannon),
        ("butyrate_producers".to_owned(), sample.butyrate_producers),
        (
            "propionate_producers".to_owned(),
            sample.propionate_producers,
        ),
        ("opportunists".to_owned(), sample.opportunists),
    ]);
    if !args.list_limited && !args.study_means {
        metrics.insert("richness".to_owned(), diversity.richness as f64);
    }
    let mut guilds: BTreeMap<String, f64> = Guild::ALL
        .iter()
        .map(|guild| (guild.code().to_owned(), sample.guild(*guild)))
        .collect();
    guilds.insert("none".to_owned(), sample.mapping.no_guild);
    guilds.insert("unlisted".to_owned(), sample.mapping.unlisted);
    ReferenceSample {
        subject,
        metrics,
        guilds,
        composition,
    }
}
