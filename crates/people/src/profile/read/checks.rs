//! Checks of what was read: nothing left, parents smaller than their children.

use std::collections::HashMap;

use crate::error::{PeopleError, Result};
use crate::profile::cohort::{Cohort, Format};

/// Judges a cohort as a whole.
///
/// # Errors
/// When it has no samples or no values, or when a MetaPhlAn clade is smaller than its children.
pub fn after_reading(cohort: &Cohort) -> Result<()> {
    if cohort.samples.is_empty() {
        return Err(unusable(
            cohort,
            "it holds no sample",
            "The file may be cut short after its header",
        ));
    }
    if cohort.samples.iter().all(|sample| sample.values.is_empty()) {
        let unclassified = cohort
            .samples
            .iter()
            .any(|sample| sample.unclassified > 0.0);
        return Err(if unclassified {
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
        children_are_there(cohort)?;
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
    for sample in &cohort.samples {
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

/// Depth of a clade in its lineage; strains count as their species.
fn depth(id: &str) -> usize {
    id.split('|')
        .filter(|part| !part.starts_with("t__"))
        .count()
}

/// The nearest clade above that has a row of its own.
fn nearest_above<'a>(id: &'a str, index: &HashMap<&'a str, usize>) -> Option<usize> {
    let mut rest = id;
    while let Some((above, _)) = rest.rsplit_once('|') {
        if let Some(&at) = index.get(above) {
            return Some(at);
        }
        rest = above;
    }
    None
}

/// Whether a clade holds more than the rows below it by more than rounding; where there is nothing below, a fiftieth of
/// that is enough, as one row alone is rounded little.
fn gap(own: f64, below: f64, largest: f64) -> bool {
    const SHARE: f64 = 1e-3;
    const DIGITS: f64 = 5e-5;
    let alone = below == 0.0 && own > largest * DIGITS / 50.0;
    alone || own - below > own * SHARE + largest * DIGITS
}

/// MetaPhlAn follows every clade down to the same rank, so what a clade holds beyond the rows below it was cut off.
/// Viruses are left aside: real profiles hold viral clades without rows below.
fn children_are_there(cohort: &Cohort) -> Result<()> {
    let ids = || cohort.features.iter().map(|feature| feature.id.as_str());
    let index: HashMap<&str, usize> = ids().enumerate().map(|(at, id)| (id, at)).collect();
    let above: Vec<Option<usize>> = ids().map(|id| nearest_above(id, &index)).collect();
    let deepest = ids().map(depth).max().unwrap_or(0);
    let inner: Vec<bool> = ids()
        .map(|id| id.contains("__") && depth(id) < deepest && !id.starts_with("k__Viruses"))
        .collect();
    let mut own = vec![0.0; cohort.features.len()];
    let mut below = vec![0.0; cohort.features.len()];
    for sample in &cohort.samples {
        own.fill(0.0);
        below.fill(0.0);
        let mut largest = 0.0_f64;
        for (&feature, &value) in sample.features.iter().zip(&sample.values) {
            own[feature as usize] += value;
            largest = largest.max(value);
            if let Some(parent) = above[feature as usize] {
                below[parent] += value;
            }
        }
        let missing = |at: usize| own[at] - below[at];
        let worst = (0..own.len())
            .filter(|at| inner[*at] && gap(own[*at], below[*at], largest))
            .max_by(|one, other| missing(*one).total_cmp(&missing(*other)));
        if let Some(at) = worst {
            return Err(PeopleError::Malformed {
                file: cohort.file.clone(),
                place: format!("sample `{}`, clade `{}`", sample.id, super::table::shorten(&cohort.features[at].id)),
                found: format!("{} in the rows below it together", below[at]),
                expected: format!("its own {}, as MetaPhlAn follows every clade down to the same rank", own[at]),
                advice: "Is the file cut short? Copy it again, or make it again with the profiler; where rows were filtered, keep the rows of one rank only".to_owned(),
            });
        }
    }
    Ok(())
}
