//! What is not known of the model, apart from what is not known of the person: the same people with the gains of others.

use super::TwinError;
use super::courses::{Courses, follow};
use super::posterior::Making;
use super::settle::settle;
use super::summary::Apart;
use super::ward::{Resting, Ward};
use crate::statistics::variance;
use gutskin_network::{Network, Spread};

/// People with whom it is parted.
const PEOPLE: usize = 100;

/// Gains of links with a spread: alike in everybody and not known.
fn gains(network: &Network) -> Vec<usize> {
    let gains = network.links.iter().filter_map(|l| l.gain);
    let mut gains: Vec<usize> = gains.map(|g| g as usize).collect();
    gains.sort_unstable();
    gains.dedup();
    let varies = |g: &usize| {
        network
            .parameters
            .get(*g)
            .is_some_and(|p| p.spread != Spread::Fixed)
    };
    gains.retain(varies);
    gains
}

/// Each of the first people once more with the gains of the next one. Half the mean squared difference is the variance that
/// gains make, alone or together with what a person is (Jansen 1999); the rest of the variance is the person's.
pub(crate) fn apart(
    making: &Making<'_>,
    ward: &mut Ward<'_>,
    people: &[&Resting],
    courses: &[Courses],
) -> Result<Vec<Apart>, TwinError> {
    let scenario = &making.forecast.scenario;
    let gains = gains(&scenario.network);
    let first: Vec<&Courses> = courses.iter().take(PEOPLE).collect();
    if first.len() < 2 || gains.is_empty() {
        return Ok(Vec::new());
    }
    let swapped = (0..first.len()).map(|at| {
        let own = &people[first[at].place].individual;
        let other = &people[first[(at + 1) % first.len()].place].individual;
        let mut scores = own.scores.clone();
        for &gain in &gains {
            scores[gain] = other.scores[gain];
        }
        making.drawing.at(scenario.seed, own.number, scores)
    });
    let settled = settle(ward, swapped.collect(), making.guilds, scenario.seed)?;
    let resting: Vec<&Resting> = settled.people.iter().collect();
    let (other, _, _) = follow(making, ward, &resting)?;
    let last = scenario.visits.len().saturating_sub(1);
    let mut found = Vec::new();
    for (arm, named) in scenario.arms.iter().enumerate() {
        let of = |c: &Courses| match arm {
            0 => c.arms[0][last],
            _ => c.arms[arm][last] - c.arms[0][last],
        };
        let pairs: Vec<(f64, f64)> = other
            .iter()
            .filter_map(|o| {
                let number = resting[o.place].individual.number;
                let own = first
                    .iter()
                    .find(|c| people[c.place].individual.number == number)?;
                Some((of(own), of(o)))
            })
            .collect();
        if pairs.len() < 2 {
            continue;
        }
        let all: Vec<f64> = pairs.iter().flat_map(|p| [p.0, p.1]).collect();
        let squares = pairs.iter().map(|p| (p.0 - p.1).powi(2)).sum::<f64>();
        let of_gains = 0.5 * squares / pairs.len() as f64;
        found.push(Apart {
            of: named.name.clone(),
            parameters: of_gains.sqrt(),
            person: (variance(&all) - of_gains).max(0.0).sqrt(),
            people: pairs.len(),
        });
    }
    Ok(found)
}
