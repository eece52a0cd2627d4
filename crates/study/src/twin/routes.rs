//! What drives an effect: routes from body to skin closed one at a time, the same people with the same random numbers.

use super::TwinError;
use super::courses::{Courses, follow, representatives};
use super::posterior::Making;
use super::summary::{Antibiotic, Route};
use super::ward::{Resting, Ward};
use crate::scenario::Forecast;
use gutskin_biology::axis::{NULL_MODEL, ROUTES};
use gutskin_people::weights::Weights;

/// People who are followed with each route closed.
const PEOPLE: usize = 40;

/// All of them at once, in words.
const ALL: (&str, &str) = (NULL_MODEL, "every route from body to skin");

/// Effects with each route closed, from each person's own rest without it.
pub(crate) fn routes(
    making: &Making<'_>,
    ward: &mut Ward<'_>,
    people: &[&Resting],
    followed: (&[Courses], &Weights),
) -> Result<Vec<Route>, TwinError> {
    let mut found = Vec::new();
    for route in ROUTES.into_iter().chain([ALL]) {
        found.extend(closed(making, ward, people, followed, route)?);
    }
    Ok(found)
}

/// Effects with every route closed.
pub(crate) fn all_closed(
    making: &Making<'_>,
    ward: &mut Ward<'_>,
    people: &[&Resting],
    followed: (&[Courses], &Weights),
) -> Result<Vec<Route>, TwinError> {
    closed(making, ward, people, followed, ALL)
}

/// Antibiotics that options give, with what they do where nothing of the gut reaches the skin, from effects with every route
/// closed.
pub(crate) fn antibiotics(forecast: &Forecast, closed: &[Route]) -> Vec<Antibiotic> {
    let of = |(arm, drug): &(usize, String)| {
        let arm = &forecast.scenario.arms.get(*arm)?.name;
        let route = closed.iter().find(|r| r.arm == *arm && r.route == ALL.1)?;
        Some(Antibiotic {
            arm: arm.clone(),
            drug: drug.clone(),
            people: route.people,
            whole: route.whole,
            without: route.without,
        })
    };
    forecast.antibiotics.iter().filter_map(of).collect()
}

/// Effects of each option with one route closed; none where the model has no such route.
fn closed(
    making: &Making<'_>,
    ward: &mut Ward<'_>,
    people: &[&Resting],
    (courses, weights): (&[Courses], &Weights),
    (switch, words): (&str, &str),
) -> Result<Vec<Route>, TwinError> {
    let scenario = &making.forecast.scenario;
    let last = scenario.visits.len().saturating_sub(1);
    let chosen = representatives(courses, weights, PEOPLE);
    let first: Vec<(&Courses, f64)> = chosen
        .iter()
        .map(|&(at, times)| (&courses[at], times as f64))
        .collect();
    let mut found = Vec::new();
    let Some(index) = scenario.network.switch(switch) else {
        return Ok(found);
    };
    let mut closed = ward.without(&[index]);
    let individuals = first
        .iter()
        .map(|(c, _)| people[c.place].individual.clone())
        .collect();
    let starts: Vec<_> = first
        .iter()
        .map(|(c, _)| Some(people[c.place].states.clone()))
        .collect();
    let rested = closed.at_rest(individuals, &starts)?;
    let rested: Vec<Resting> = rested.into_iter().filter_map(Result::ok).collect();
    let (other, _, _) = follow(making, &mut closed, &rested.iter().collect::<Vec<_>>())?;
    ward.rests += closed.rests;
    ward.courses += closed.courses;
    for (arm, named) in scenario.arms.iter().enumerate().skip(1) {
        let effect = |c: &Courses| c.arms[arm][last] - c.arms[0][last];
        let pairs: Vec<(f64, f64, f64)> = other
            .iter()
            .filter_map(|o| {
                let number = rested[o.place].individual.number;
                let (own, times) = first
                    .iter()
                    .find(|(c, _)| people[c.place].individual.number == number)?;
                Some((*times, effect(own), effect(o)))
            })
            .collect();
        let all: f64 = pairs.iter().map(|p| p.0).sum();
        let mean = |of: &dyn Fn(&(f64, f64, f64)) -> f64| {
            pairs.iter().map(|p| p.0 * of(p)).sum::<f64>() / all
        };
        if !pairs.is_empty() {
            found.push(Route {
                arm: named.name.clone(),
                route: words.to_owned(),
                people: pairs.len(),
                whole: mean(&|p| p.1),
                without: mean(&|p| p.2),
            });
        }
    }
    Ok(found)
}
