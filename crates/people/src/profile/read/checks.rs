//! Checks of what was read: nothing left, parents smaller than their children.

use std::collections::HashMap;

use crate::error::{PeopleError, Result};
use crate::profile::cohort::{Cohort, Format};

/// Judges a cohort as a whole.
///
/// # Errors
/// When it has no samples or no values, when a MetaPhlAn clade is smaller than its children, or when the file was
/// cut.
pub fn after_reading(cohort: &mut Cohort) -> Result<()> {
    if cohort.samples.is_empty() {
        return Err(unusable(
            cohort,
            "it holds no sample",
            "The file may be cut short after its header",
        ));
    }
    if cohort.samples.are_empty() {
        return Err(if cohort.samples.hold_unclassified() {
            unusable(
                cohort,
                "everything in it is unclassified, so nothing is left to analyse",
                "Check the profiler's database and the read quality",
            )
        } else {
            unusable(
                cohort,
                "it holds zeros only",
                "Check the export, or the filter before it",
            )
        });
    }
    if matches!(cohort.format, Format::Metaphlan | Format::KrakenMpaStyle) {
        children_fit(cohort)?;
    }
    if cohort.format == Format::Metaphlan {
        super::missing::check(cohort)?;
    }
    Ok(())
}

fn unusable(cohort: &Cohort, problem: &str, advice: &str) -> PeopleError {
    PeopleError::Unusable {
        file: cohort.file.clone(),
        problem: problem.to_owned(),
        advice: advice.to_owned(),
    }
}

/// In a table of all ranks, a clade holds at least what its children hold.
fn children_fit(cohort: &Cohort) -> Result<()> {
    const ROUNDING: f64 = 0.01;
    let index: HashMap<&str, usize> = cohort
        .features
        .iter()
        .enumerate()
        .map(|(at, feature)| (feature.id.as_str(), at))
        .collect();
    let parents: Vec<Option<usize>> = cohort
        .features
        .iter()
        .map(|feature| {
            feature
                .id
                .rsplit_once('|')
                .and_then(|(parent, _)| index.get(parent).copied())
        })
        .collect();
    let mut own = vec![0.0; cohort.features.len()];
    let mut below = vec![0.0; cohort.features.len()];
    for sample in cohort.samples.iter() {
        let sample = sample?;
        own.fill(0.0);
        below.fill(0.0);
        let mut largest = 0.0_f64;
        for (&feature, &value) in sample.features.iter().zip(&sample.values) {
            own[feature as usize] += value;
            largest = largest.max(value);
            if let Some(parent) = parents[feature as usize] {
                below[parent] += value;
            }
        }
        for (at, feature) in cohort.features.iter().enumerate() {
            let slack = own[at] * ROUNDING + largest * 1e-3;
            if below[at] > own[at] + slack {
                return Err(PeopleError::Malformed {
                    file: cohort.file.clone(),
                    place: format!("sample `{}`, clade `{}`", sample.id, super::table::shorten(&feature.id)),
                    found: format!("{} in its children together", below[at]),
                    expected: format!("at most its own {}", own[at]),
                    advice: "The abundances contradict each other, so the profile was damaged or edited: make it again with the profiler".to_owned(),
                });
            }
        }
    }
    Ok(())
}
