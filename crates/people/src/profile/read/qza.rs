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

fn other_zip(names: &[String]) -> &'static str {
    if names.iter().any(|name| name.starts_with("xl/")) {
        "an Excel workbook (save the sheet as tab-separated text)"
    } else if names.iter().any(|name| name.ends_with(".npy")) {
        "an archive of NumPy arrays"
    } else {
        "a zip archive, but no QIIME 2 artifact"
    }
}
