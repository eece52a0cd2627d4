//! Stool profiles that a person file names: read, judged, refused where they say nothing of a gut.

use super::{PersonError, ProfileFile, Result, fault};
use crate::drawing::GuildReading;
use crate::error::PeopleError;
use crate::profile::analyse::Analyser;
use crate::profile::read::{Limits, Source, read};
use crate::profile::sample::{SampleReport, Warning, WarningKind};
use crate::profile::study::Study;
use std::fs::File;
use std::path::Path;

/// Warnings after which a sample is not this person's gut.
const REFUSED: [WarningKind; 4] = [
    WarningKind::NonGut,
    WarningKind::Infant,
    WarningKind::Mouse,
    WarningKind::Mock,
];

/// What a profile says of guilds, and what is doubtful about it. `folder` is that of the person file; `file` and `text` are
/// its name and content, for messages; an infant's stool is taken for one where `infant` says that it is.
///
/// # Errors
/// A file that cannot be read or is no profile, a sample that is not in it, a sample that is no adult gut.
pub fn guilds(
    profile: &ProfileFile,
    folder: &Path,
    (file, text): (&str, &str),
    (analyser, infant): (&Analyser, bool),
) -> Result<(GuildReading, Vec<String>)> {
    let refuse = |message: String| fault(file, text, profile.span.clone(), message);
    let study = whole(&folder.join(&profile.file), analyser).map_err(|e| refuse(e.to_string()))?;
    let sample = one(&study, profile, &refuse)?;
    if let Some(reason) = &sample.refused {
        return Err(refuse(format!(
            "sample \"{}\" says nothing: {reason}",
            sample.id
        )));
    }
    let expected = |kind: WarningKind| infant && kind == WarningKind::Infant;
    let other = |w: &&Warning| REFUSED.contains(&w.kind) && !expected(w.kind);
    if let Some(warning) = sample.warnings.iter().find(other) {
        return Err(refuse(format!(
            "sample \"{}\" is not taken for the stool of a person of this age: {}",
            sample.id, warning.text
        ))
        .with_help("gutskin profile shows what the file holds; name another sample or leave the profile out"));
    }
    let doubts = sample
        .warnings
        .iter()
        .filter(|w| !expected(w.kind))
        .map(|w| format!("{}: {}", profile.file, w.text));
    Ok((GuildReading::of(sample), doubts.collect()))
}

fn whole(path: &Path, analyser: &Analyser) -> std::result::Result<Study, PeopleError> {
    let name = path.display().to_string();
    let opened = File::open(path).map_err(|source| PeopleError::Io {
        file: name.clone(),
        source,
    })?;
    let source: Source = Box::new(opened);
    let mut study = Study::default();
    study.add(
        read(&name, source, Limits::default(), &analyser.words)?,
        analyser,
    )?;
    match study.settle(analyser).into_iter().next() {
        Some(error) => Err(error),
        None => Ok(study),
    }
}

fn one<'s>(
    study: &'s Study,
    profile: &ProfileFile,
    refuse: &dyn Fn(String) -> PersonError,
) -> Result<&'s SampleReport> {
    let names = || study.samples.iter().map(|s| s.id.as_str());
    match (&profile.sample, study.samples.as_slice()) {
        (None, [only]) => Ok(only),
        (None, []) => Err(refuse(format!("{} holds no sample", profile.file))),
        (None, many) => Err(
            refuse(format!("{} holds {} samples", profile.file, many.len())).with_help(format!(
                "say which, for example sample = \"{}\"",
                many[0].id
            )),
        ),
        (Some(name), _) => study.samples.iter().find(|s| s.id == *name).ok_or_else(|| {
            let near = gutskin_network::nearest(name, names());
            let first: Vec<&str> = names().take(10).collect();
            refuse(format!("{} holds no sample \"{name}\"", profile.file)).with_help(
                near.map_or_else(
                    || format!("it holds {}", first.join(", ")),
                    |near| format!("did you mean \"{near}\"?"),
                ),
            )
        }),
    }
}
