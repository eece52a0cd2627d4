//! How large the placebo course of a trial is. Entry on a noisy reading makes a fall by itself (regression to the mean), and
//! noise a rise of the mean of ratios; the arms that the course is fitted to had both in them. So what a trial's own entry and
//! noise make is found before it starts, and the course is set for the whole arm to change as those did.

use super::TrialError;
use super::clinic::{AtRest, Clinic};
use super::person::Who;
use super::run::enters;
use crate::scenario::{Endpoint, Observation, Scenario};
use crate::statistics::mean;

/// Readings at entry of each person who is looked at.
const READINGS: u32 = 64;
/// People who are let in, at least, and draws among whom they are looked for.
const LET_IN: f64 = 200.0;
const BATCH: u32 = 256;
const DRAWS: u32 = 16 * BATCH;
/// Of so few at a time somebody rests, and of so many somebody is let in, or the trial will say why nobody does.
const FEW: usize = 64;
const NOBODY: u32 = 4 * BATCH;
/// Sizes that can be found, of the usual course. Beyond twice, the spread of its logarithm between people lifts the mean again.
pub(super) const SMALLEST: f64 = 0.0;
pub(super) const LARGEST: f64 = 2.0;

/// Sizes of the placebo courses of the endpoint and of what is looked at beside, over the usual ones.
///
/// # Errors
/// People that cannot be brought to rest at all.
pub(super) fn sizes(clinic: &Clinic<'_>) -> Result<Vec<f64>, TrialError> {
    let scenario = clinic.scenario();
    let size = of_endpoint(clinic)?;
    let course = |e: &Endpoint| {
        let o = &e.observation;
        [o.placebo_ratio, o.improver_share, o.improver_mean]
    };
    // A person has one course of a disease, however it is read.
    let beside = scenario.secondary.iter().map(|e| {
        if course(e) == course(&scenario.endpoint) {
            size
        } else {
            1.0
        }
    });
    Ok(std::iter::once(size).chain(beside).collect())
}

fn of_endpoint(clinic: &Clinic<'_>) -> Result<f64, TrialError> {
    let scenario = clinic.scenario();
    let endpoint = &scenario.endpoint;
    let seen = &endpoint.observation;
    let has_course = seen.placebo_ratio < 1.0 || seen.improver_share > 0.0;
    // Where people are read again after a run-in, part of the course is over; a grade is a step of the score behind it.
    let plain = scenario.design.run_in == 0.0 && seen.grades.is_none() && !scenario.from_birth;
    if !(has_course && plain) {
        return Ok(1.0);
    }
    let made = made_by_entry(clinic)?;
    let day = scenario.visits[endpoint.visit];
    Ok(size_for(
        scenario.seed,
        seen,
        day,
        seen.placebo_entry / made,
    ))
}

/// What entry and noise make of the mean reading over that at entry, as a factor: 1 where nobody is let in.
fn made_by_entry(clinic: &Clinic<'_>) -> Result<f64, TrialError> {
    let scenario = clinic.scenario();
    if !scenario.screened_by_endpoint() {
        // Noise of a logarithm, whoever is read, at entry and later.
        return Ok(scenario.endpoint.observation.noise_sd_ln.powi(2).exp());
    }
    let (mut first, mut let_in, mut sum) = (0, 0.0, 0.0);
    while let_in < LET_IN && first < DRAWS {
        let draws: Vec<u32> = (first..first + BATCH).collect();
        for few in draws.chunks(FEW) {
            let rested: Vec<AtRest> = clinic.at_rest(few)?.into_iter().flatten().collect();
            if rested.is_empty() {
                return Ok(1.0);
            }
            for person in rested {
                let (share, ratios) = of_person(scenario, &person);
                let_in += share;
                sum += ratios;
            }
        }
        first += BATCH;
        if let_in == 0.0 && first >= NOBODY {
            break;
        }
    }
    Ok(if let_in > 0.0 && sum > 0.0 {
        sum / let_in
    } else {
        1.0
    })
}

/// Share of readings that let the person in, and over them the sum of what is read later over what was read, per reading.
fn of_person(scenario: &Scenario, person: &AtRest) -> (f64, f64) {
    let endpoint = &scenario.endpoint;
    let value = person.observables[endpoint.observable as usize];
    let who = Who {
        seed: scenario.seed,
        draw: person.draw,
    };
    let readings: Vec<f64> = (0..READINGS)
        .map(|k| endpoint.observation.read(value, who.noise_before(k)))
        .collect();
    let later = mean(&readings);
    let inside = readings
        .iter()
        .filter(|reading| **reading > 0.0 && enters(scenario, person, **reading));
    let (mut number, mut sum) = (0.0, 0.0);
    for reading in inside {
        number += 1.0;
        sum += later / reading;
    }
    let all = f64::from(READINGS);
    (number / all, sum / all)
}

/// The size at which the mean course on this day is so many times the usual one.
fn size_for(seed: u64, seen: &Observation, day: f64, times: f64) -> f64 {
    let course = |size: f64| {
        let of = |draw| Who { seed, draw }.placebo(seen, size, &[day])[0];
        mean(&(0..DRAWS).map(of).collect::<Vec<_>>())
    };
    // The larger the course, the further values fall.
    let wanted = course(1.0) * times;
    if course(SMALLEST) <= wanted {
        return SMALLEST;
    }
    if course(LARGEST) >= wanted {
        return LARGEST;
    }
    let (mut low, mut high) = (SMALLEST, LARGEST);
    for _ in 0..40 {
        let middle = 0.5 * (low + high);
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
        assert!((size_for(3, &seen(), 84.0, 1.0) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn what_entry_makes_is_taken_off_the_course() {
        let mean_at = |size: f64| {
            let of = |draw| Who { seed: 3, draw }.placebo(&seen(), size, &[84.0])[0];
            mean(&(0..DRAWS).map(of).collect::<Vec<_>>())
        };
        let smaller = size_for(3, &seen(), 84.0, 1.05);
        assert!(smaller < 1.0);
        assert!((mean_at(smaller) / mean_at(1.0) - 1.05).abs() < 1e-9);
        assert!(size_for(3, &seen(), 84.0, 0.99) > 1.0);
        // More than the whole course, or more than it can be.
        assert_eq!(size_for(3, &seen(), 84.0, 3.0), SMALLEST);
        assert_eq!(size_for(3, &seen(), 84.0, 0.1), LARGEST);
    }
}
