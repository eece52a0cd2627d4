//! How large the placebo course of a trial is. Entry on a noisy reading makes a fall by itself (regression to the mean), and
//! the arms that the course is fitted to had theirs in them. So what a trial's own entry makes is found before it starts, and
//! the course is set for the whole arm to fall as those did.

use super::TrialError;
use super::clinic::{AtRest, Clinic};
use super::person::Who;
use crate::scenario::{Inclusion, Observation, Scenario};
use crate::statistics::mean;

/// Draws that are looked at.
const PEOPLE: u32 = 256;
/// Readings at entry of each.
const READINGS: u32 = 64;
/// Sizes that can be found, of the usual course.
const SMALLEST: f64 = 0.0;
const LARGEST: f64 = 2.0;

/// Size of the placebo course of the endpoint over the usual one.
///
/// # Errors
/// People that cannot be brought to rest at all.
pub(super) fn size(clinic: &Clinic<'_>) -> Result<f64, TrialError> {
    let scenario = clinic.scenario();
    let endpoint = &scenario.endpoint;
    let seen = &endpoint.observation;
    let has_course = seen.placebo_ratio < 1.0 || seen.improver_share > 0.0;
    // A grade is a step of the score behind it, which has its own course.
    if !has_course || seen.grades.is_some() || scenario.from_birth {
        return Ok(1.0);
    }
    let made = if screens(scenario) {
        let draws: Vec<u32> = (0..PEOPLE).collect();
        let people: Vec<AtRest> = clinic.at_rest(&draws)?.into_iter().flatten().collect();
        made_by_entry(scenario, &people)
    } else {
        0.0
    };
    let day = scenario.visits[endpoint.visit] + scenario.design.run_in;
    Ok(size_for(
        scenario.seed,
        seen,
        day,
        -seen.placebo_entry - made,
    ))
}

/// Is somebody let in or kept out by the reading from which changes are counted? After a run-in it is another one.
fn screens(scenario: &Scenario) -> bool {
    let people = &scenario.population;
    let by_endpoint = |rule: &Inclusion| rule.observable == scenario.endpoint.observable;
    scenario.design.run_in == 0.0
        && people
            .include
            .iter()
            .chain(&people.exclude)
            .any(by_endpoint)
}

/// Mean relative change that reading those who are let in again would show, beyond what noise does to everybody.
fn made_by_entry(scenario: &Scenario, people: &[AtRest]) -> f64 {
    let (mut let_in, mut change, mut expected) = (0.0, 0.0, 0.0);
    for person in people {
        let value = person.observables[scenario.endpoint.observable as usize];
        let who = Who {
            seed: scenario.seed,
            draw: person.draw,
        };
        let read = (0..READINGS).map(|k| {
            scenario
                .endpoint
                .observation
                .read(value, who.noise_before(k))
        });
        let ratios: Vec<(bool, f64)> = read
            .filter(|reading| *reading > 0.0)
            .map(|reading| (enters(scenario, person, reading), value / reading - 1.0))
            .collect();
        let inside: Vec<f64> = ratios.iter().filter(|r| r.0).map(|r| r.1).collect();
        if inside.is_empty() {
            continue;
        }
        let number = inside.len() as f64;
        let everybody: Vec<f64> = ratios.iter().map(|r| r.1).collect();
        let_in += number;
        change += number * mean(&inside);
        expected += number * mean(&everybody);
    }
    if let_in > 0.0 {
        (change - expected) / let_in
    } else {
        0.0
    }
}

/// Whether this reading of the endpoint lets the person in.
fn enters(scenario: &Scenario, person: &AtRest, reading: f64) -> bool {
    let fits = |rule: &Inclusion| {
        let value = match rule.observable == scenario.endpoint.observable {
            true => reading,
            false => person.observables[rule.observable as usize],
        };
        (rule.low..=rule.high).contains(&value)
    };
    let people = &scenario.population;
    people.include.iter().all(fits) && !people.exclude.iter().any(fits)
}

/// The size at which the mean course on this day lies so much above the usual one (as a share of the value).
fn size_for(seed: u64, seen: &Observation, day: f64, above: f64) -> f64 {
    let course = |size: f64| {
        let of = |draw| Who { seed, draw }.placebo(seen, size, &[day])[0];
        mean(&(0..PEOPLE).map(of).collect::<Vec<_>>())
    };
    let wanted = course(1.0) + above;
    let (mut low, mut high) = (SMALLEST, LARGEST);
    for _ in 0..40 {
        let middle = 0.5 * (low + high);
        // The larger the course, the further values fall.
        if course(middle) > wanted {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen() -> Observation {
        Observation {
            placebo_ratio: 0.6,
            placebo_sd_ln: 0.3,
            placebo_time: 30.0,
            ..Observation::EXACT
        }
    }

    #[test]
    fn the_course_is_as_usual_where_entry_makes_what_it_made_in_the_fit() {
        assert!((size_for(3, &seen(), 84.0, 0.0) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn what_entry_makes_is_taken_off_the_course() {
        let mean_at = |size: f64| {
            let of = |draw| Who { seed: 3, draw }.placebo(&seen(), size, &[84.0])[0];
            mean(&(0..PEOPLE).map(of).collect::<Vec<_>>())
        };
        let smaller = size_for(3, &seen(), 84.0, 0.05);
        assert!(smaller < 1.0);
        assert!((mean_at(smaller) - mean_at(1.0) - 0.05).abs() < 1e-9);
        assert!(size_for(3, &seen(), 84.0, -0.01) > 1.0);
        // More than the whole course: nothing is left of it.
        assert!(size_for(3, &seen(), 84.0, 0.9) < 1e-9);
    }
}
