//! QIIME 2 artifacts: a zip with one folder, `metadata.yaml`, and the data.

use std::io::Cursor;

use crate::error::{PeopleError, Result};
use crate::profile::cohort::{Cohort, Format};
use crate::taxonomy::Vocabulary;

use super::archive::Archive;
use super::biom;
use super::input::{Input, stem};
use super::taxonomy::{self, TaxonomyList};

/// What an artifact holds.
pub enum Artifact {
    /// A feature table.
    Table(Cohort),
    /// A taxonomy.
    Taxonomy(TaxonomyList),
}

/// Reads an artifact.
///
/// # Errors
/// When it is no QIIME 2 artifact, of another type, or damaged.
pub fn read(input: Input, words: &Vocabulary) -> Result<Artifact> {
    let (name, limits) = (input.name.clone(), input.limits);
    let mut archive = Archive::open(&name, input.into_bytes()?, limits)?;
    let names = archive.names();
    let top = |ending: &str| {
        names
            .iter()
            .find(|member| {
                member.ends_with(ending)
                    && member.matches('/').count() == ending.matches('/').count() + 1
                    && !member.contains("/provenance/")
            })
            .cloned()
    };
    if let Some(outside) = names.iter().find(|member| points_outside(member)) {
        return Err(PeopleError::NotAProfile {
            file: name,
            seems: format!(
                "an archive with a member that points outside of it (`{}`), which QIIME 2 never makes; nothing of it was unpacked",
                super::table::shorten(outside)
            ),
            needed: "Get the artifact again from where it was made".to_owned(),
        });
    }
    let Some(metadata) = top("metadata.yaml") else {
        return Err(PeopleError::NotAProfile {
            file: name,
            seems: other_zip(&names).to_owned(),
            needed: "Give a QIIME 2 artifact (.qza) with a feature table, or unpack the archive and give the table in it".to_owned(),
        });
    };
    let text = String::from_utf8_lossy(&archive.read(&metadata)?).into_owned();
    let kind = yaml_value(&text, "type").unwrap_or_default();
    if let Some(member) =
        top("data/feature-table.biom").filter(|_| kind.starts_with("FeatureTable"))
    {
        if kind.contains("PresenceAbsence") {
            return Err(PeopleError::NotAProfile {
                file: name,
                seems: "a table of presence and absence".to_owned(),
                needed: "A profile needs counts or relative abundances".to_owned(),
            });
        }
        let mut cohort = biom::hdf5(&name, archive.read(&member)?, limits)?;
        cohort.format = Format::Qza;
        cohort.database = framework(&mut archive, top("VERSION"), &kind);
        return Ok(Artifact::Table(cohort));
    }
    if let Some(member) = top("data/taxonomy.tsv").filter(|_| kind.starts_with("FeatureData")) {
        let bytes = archive.read(&member)?;
        let input = Input::open(
            &format!("{}/taxonomy.tsv", stem(&name)),
            Box::new(Cursor::new(bytes)),
            limits,
        )?;
        return taxonomy::read(input, words).map(Artifact::Taxonomy);
    }
    let due = match kind.split('[').next() {
        Some("FeatureTable") => Some("data/feature-table.biom"),
        _ if kind == "FeatureData[Taxonomy]" => Some("data/taxonomy.tsv"),
        _ => None,
    };
    if let Some(due) = due {
        return Err(PeopleError::Malformed {
            file: name,
            place: "the archive".to_owned(),
            found: format!("no `{due}` in an artifact of the type `{kind}`"),
            expected: "that member".to_owned(),
            advice: "The artifact is incomplete: export or copy it again".to_owned(),
        });
    }
    Err(PeopleError::NotAProfile {
        file: name,
        seems: format!("a QIIME 2 artifact of the type `{kind}`"),
        needed: "Give an artifact of the type FeatureTable[Frequency] or FeatureTable[RelativeFrequency], and one of the type FeatureData[Taxonomy]".to_owned(),
    })
}

fn yaml_value(text: &str, key: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        (found.trim() == key).then(|| value.trim().trim_matches(['"', '\'']).to_owned())
    })
}

fn framework(archive: &mut Archive, member: Option<String>, kind: &str) -> Option<String> {
    let text = String::from_utf8_lossy(&archive.read(&member?).ok()?).into_owned();
    let version = yaml_value(&text, "framework").unwrap_or_default();
    Some(format!("QIIME 2 {version}, {kind}"))
}

/// `../x` and `/x`: members that an archive must not have.
fn points_outside(member: &str) -> bool {
    member.starts_with(['/', '\\']) || member.split(['/', '\\']).any(|part| part == "..")
}

fn other_zip(names: &[String]) -> &'static str {
    let any = |ending: &str| names.iter().any(|name| name.ends_with(ending));
    if names.iter().any(|name| name.starts_with("xl/")) {
        "an Excel workbook (save the sheet as tab-separated text)"
    } else if any(".npy") {
        "an archive of NumPy arrays"
    } else if any(".qza") {
        "an archive of QIIME 2 artifacts (unpack it and give the .qza files in it)"
    } else if any("metadata.yaml") {
        "a QIIME 2 artifact that was unpacked and zipped again with more or fewer folders than it had"
    } else if any("feature-table.biom") {
        "a QIIME 2 artifact without its metadata.yaml"
    } else {
        "a zip archive, but no QIIME 2 artifact"
    }
}
