//! What the metadata say of samples: loads, hosts, body sites, and subjects with several samples.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{PeopleError, Result};

use super::read::Matched;
use super::rules::Rules;
use super::sample::{SampleReport, Warning, WarningKind};

/// Names of columns that tell people apart.
const SUBJECTS: &[&str] = &[
    "subject",
    "subject_id",
    "subjectid",
    "subject-id",
    "subject id",
    "participant",
    "participant_id",
    "participant id",
    "participantid",
    "patient",
    "patient_id",
    "patientid",
    "person",
    "person_id",
    "individual",
    "individual_id",
    "donor",
    "host_subject_id",
    "mouseid",
];

/// Loads of the samples from a column of cells per gram.
///
/// # Errors
/// When a value is no positive number.
pub fn parse_loads(
    column: &str,
    ids: &[&str],
    values: &[Option<&str>],
) -> Result<Vec<Option<f64>>> {
    ids.iter()
        .zip(values)
        .map(|(id, value)| match value {
            None => Ok(None),
            Some(text) => match text.parse::<f64>() {
                Ok(load) if load > 0.0 && load.is_finite() => Ok(Some(load)),
                _ => Err(PeopleError::Request {
                    problem: format!("the load of `{id}` in column `{column}` is `{text}`"),
                    advice: "Give cells per gram of stool, for instance 9e10".to_owned(),
                }),
            },
        })
        .collect()
}

/// Warns of hosts and body sites that the metadata name.
pub fn warn_by_metadata(sample: &mut SampleReport, mouse: bool, site: Option<&str>) {
    if mouse
        && !sample
            .warnings
            .iter()
            .any(|warning| warning.kind == WarningKind::Mouse)
    {
        sample.warnings.push(Warning { kind: WarningKind::Mouse, text: "the metadata name a mouse as the host: guilds, references and indices are made for people".to_owned() });
    }
    let Some(site) = site else { return };
    let lower = site.to_lowercase();
    let gut = [
        "gut", "stool", "fec", "faec", "colon", "rect", "cecal", "caecal", "ileum", "intestin",
    ]
    .iter()
    .any(|word| lower.contains(word));
    let elsewhere = !gut
        && [
            "palm", "tongue", "skin", "oral", "vagin", "nasal", "nares", "saliva", "plaque",
            "mouth",
        ]
        .iter()
        .any(|word| lower.contains(word));
    if elsewhere {
        // what would be telling in stool tells nothing of another site
        sample.warnings.retain(|warning| {
            !matches!(
                warning.kind,
                WarningKind::PostAntibiotic | WarningKind::Infant
            )
        });
        sample.warnings.push(Warning {
            kind: WarningKind::NonGut,
            text: format!("the metadata say `{site}`: not stool"),
        });
    }
}

/// Warns of loads that no stool has.
///
/// # Errors
/// When a rule is missing.
pub fn warn_of_load(samples: &mut [SampleReport], rules: &Rules) -> Result<()> {
    let (low, high) = (rules.value("load.low")?, rules.value("load.high")?);
    let typical = rules.value("load.typical_cells_per_gram")?;
    for sample in samples {
        let Some(load) = sample.load_cells_per_gram else {
            continue;
        };
        if (low..=high).contains(&load) {
            continue;
        }
        sample.warnings.push(Warning {
            kind: WarningKind::Load,
            text: format!(
                "a load of {} cells per gram; stool of healthy adults has about {typical:.0e}: another unit (log10, per millilitre, thousands)?",
                if load < 1e4 {
                    format!("{load:.1}")
                } else {
                    format!("{load:.1e}")
                }
            ),
        });
    }
    Ok(())
}

/// A remark where people give several samples to a group and are not named as subjects.
#[must_use]
pub fn repeated_subjects(matched: &Matched<'_>, groups: &[Option<&str>]) -> Option<String> {
    let (name, subjects) = SUBJECTS
        .iter()
        .find_map(|name| Some((*name, matched.column(name).ok()?)))?;
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (subject, group) in subjects.iter().zip(groups) {
        if let (Some(subject), Some(group)) = (subject, group) {
            *counts.entry((group, subject)).or_default() += 1;
        }
    }
    let people: BTreeSet<&str> = counts.keys().map(|key| key.1).collect();
    let samples: usize = counts.values().sum();
    if samples <= people.len() {
        return None;
    }
    let in_both = counts.len() > people.len();
    Some(format!(
        "{samples} samples of {} subjects (column `{name}`) are compared as if independent, which they are not: p is too small. {}",
        people.len(),
        if in_both {
            format!("Compare within subjects with --paired {name}")
        } else {
            "Keep one sample a subject".to_owned()
        }
    ))
}
