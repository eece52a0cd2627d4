//! A year of open-label treatment in acne. Counts of those who stay fall on by themselves, more than the drug explains and
//! alike under different kinds of drugs: one course in the reading, no effect of a drug.

use super::super::{CheckError, RowValues};
use super::acne::{self, CountReading, Seen, success};
use super::clinic::Protocol;
use super::statistics::{median, percent};
use super::{WEEK, YEAR, drug, setting};
use std::collections::BTreeMap;

/// Parameter of the change by itself.
pub(super) const COURSE: &str = "acne.natural_course_open_label";

/// Visits of the trial of clascoterone: twelve weeks blinded, then 1, 3, 6 and 9 months.
const EXTENSION: [f64; 4] = [1.0, 3.0, 6.0, 9.0];

/// Rows 16, 18 and 19: a year of retinoid.
pub(super) fn retinoid() -> Result<RowValues, CheckError> {
    retinoid_under(setting(COURSE)?)
}

/// Row 20: a year of clascoterone.
pub(super) fn clascoterone() -> Result<RowValues, CheckError> {
    clascoterone_under(setting(COURSE)?)
}

/// All rows of such years with another course, 1/yr.
pub(super) fn under(course: f64) -> Result<RowValues, CheckError> {
    let mut values = retinoid_under(course)?;
    values.extend(clascoterone_under(course)?);
    Ok(values)
}

fn retinoid_under(course: f64) -> Result<RowValues, CheckError> {
    let visits = [0.0, 12.0 * WEEK, 52.0 * WEEK];
    let taken = Some((drug("retinoid")?, 52.0 * WEEK));
    let reading = CountReading::new("")?.open_label(course);
    let (seen, _) = acne::arm(taken, &[], &reading, &visits)?;
    Ok(vec![
        ("acne-16a", success(&seen, 2)),
        ("acne-18a", total_change(&seen, 2)),
        ("acne-18b", total_change(&seen, 1)),
        ("acne-19a", success(&seen, 1)),
    ])
}

fn clascoterone_under(course: f64) -> Result<RowValues, CheckError> {
    let reading = CountReading::new("_low")?.open_label(course);
    let grades = on_demand("clascoterone", &reading)?;
    Ok(vec![("acne-20a", percent(&grades, |grade| grade <= 1.0))])
}

/// Median change of all lesions from the first visit, %.
fn total_change(seen: &[Seen], visit: usize) -> f64 {
    let total = |s: &Seen, v: usize| s.inflamed[v] + s.comedones[v];
    let changes: Vec<f64> = seen
        .iter()
        .map(|s| 100.0 * (total(s, visit) / total(s, 0) - 1.0))
        .collect();
    median(&changes)
}

/// Grades at the last visit where whoever is clear or almost clear at a visit of the extension stops, and takes the drug
/// again once that is over, as that trial allowed.
fn on_demand(id: &str, reading: &CountReading) -> Result<Vec<f64>, CheckError> {
    let drug = drug(id)?;
    let (clinic, people) = (acne::clinic(&[drug])?, acne::patients()?);
    let mut visits = vec![0.0, 12.0 * WEEK];
    visits.extend(EXTENSION.map(|month| 12.0 * WEEK + month * YEAR / 12.0));
    // Whether it is taken from each visit on.
    let mut taking: BTreeMap<u32, Vec<bool>> =
        people.people.iter().map(|p| (p.draw, vec![true])).collect();
    let mut grades = Vec::new();
    for last in 1..visits.len() {
        let until = &visits[..=last];
        let protocol = Protocol {
            days: visits[last],
            visits: until,
            inputs: &[],
            off: &[],
            changes: &|draw| {
                let stretches = stretches(&taking[&draw], until);
                let taken = |(from, to)| drug.taken(&clinic.network, from, to, None);
                stretches.into_iter().flat_map(taken).collect()
            },
        };
        let (courses, _) = clinic.follow(people, &protocol)?;
        let seen = reading.of(people, &courses, until)?;
        grades = seen.iter().map(|s| s.grade[last] as f64).collect();
        for (person, grade) in people.people.iter().zip(&grades) {
            taking.entry(person.draw).or_default().push(*grade > 1.0);
        }
    }
    Ok(grades)
}

/// From and to of each stretch of visits from which something is taken.
fn stretches(taking: &[bool], visits: &[f64]) -> Vec<(f64, f64)> {
    let mut found: Vec<(f64, f64)> = Vec::new();
    for (taken, pair) in taking.iter().zip(visits.windows(2)) {
        match found.last_mut() {
            Some(last) if *taken && last.1 == pair[0] => last.1 = pair[1],
            _ if *taken => found.push((pair[0], pair[1])),
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_from_visit_to_visit_makes_one_stretch() {
        let visits = [0.0, 1.0, 3.0, 6.0, 9.0];
        let found = stretches(&[true, true, false, true], &visits);
        assert_eq!(found, [(0.0, 3.0), (6.0, 9.0)]);
        assert!(stretches(&[false, false], &visits).is_empty());
    }
}
