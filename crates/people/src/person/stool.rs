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
    let path = folder.join(&profile.file);
    let study =
        whole(&path, analyser).map_err(|e| {
            let help = match &e {
            PeopleError::Io { .. } => unread(&path),
            _ => "gutskin profile FILE shows what a file holds; docs/profiles.md lists what is read"
                .to_owned(),
        };
            refuse(e.to_string()).with_help(help)
        })?;
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

/// What to do about a file that cannot be read: one of the same folder may be meant.
fn unread(path: &Path) -> String {
    /// More names than these are a list to look up.
    const LISTED: usize = 8;
    let expected = "a stool profile is looked for beside the person file, unless its path is whole";
    if path.is_dir() {
        return format!("{} is a folder: name a file in it", path.display());
    }
    if path.exists() {
        return "give it a permission to be read, or name another".to_owned();
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let Ok(entries) = std::fs::read_dir(folder) else {
        return format!("there is no folder {}; {expected}", folder.display());
    };
    let files = entries.flatten().filter(|e| e.path().is_file());
    let mut names: Vec<String> = files
        .map(|e| e.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let wanted = path.file_name().unwrap_or_default().to_string_lossy();
    let near = gutskin_network::nearest(&wanted, names.iter().map(String::as_str));
    match near {
        Some(near) => format!("did you mean \"{near}\"? {expected}"),
        None if names.is_empty() => {
            format!("the folder {} has no files; {expected}", folder.display())
        }
        None if names.len() > LISTED => {
            format!(
                "none of the {} files in {} has such a name; {expected}",
                names.len(),
                folder.display()
            )
        }
        None => format!(
            "{} holds {}; {expected}",
            folder.display(),
            names.join(", ")
        ),
    }
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
