//! People to rest; where a stool profile is known, niche capacities are set so that each shows a drawn profile.

use super::TwinError;
use super::ward::{Resting, Ward};
use gutskin_people::drawing::{Guilds, Individual};

/// Rounds of setting capacities at most.
pub(crate) const ROUNDS: usize = 6;
/// Bray–Curtis distance at which a round is the last.
pub(crate) const CLOSE: f64 = 0.05;
/// Exponent of the correction of a round.
const STEP: f64 = 0.7;
/// Capacities over their central values.
const RATIO: (f64, f64) = (0.01, 10.0);
/// Least capacity, g/L: zero would take a guild out of the equations.
const LEAST: f64 = 0.005;

/// People at rest, and why others are not.
#[derive(Default)]
pub(crate) struct Settled {
    pub people: Vec<Resting>,
    pub failed: usize,
    pub first_failure: Option<String>,
    /// Bray–Curtis distances between drawn and shown profiles, person by person; none without a profile.
    pub distances: Vec<f64>,
}

impl Settled {
    /// Takes others in.
    pub fn join(&mut self, other: Self) {
        self.people.extend(other.people);
        self.distances.extend(other.distances);
        self.failed += other.failed;
        self.first_failure = self.first_failure.take().or(other.first_failure);
    }

    /// Takes in those who are found, and counts the others.
    pub fn take_all(&mut self, found: Vec<Result<Resting, String>>) {
        let kept = self.take(found).into_iter().flatten();
        self.people.extend(kept);
    }

    fn take(&mut self, found: Vec<Result<Resting, String>>) -> Vec<Option<Resting>> {
        let mut kept = Vec::with_capacity(found.len());
        for one in found {
            kept.push(match one {
                Ok(person) => Some(person),
                Err(reason) => {
                    self.failed += 1;
                    self.first_failure.get_or_insert(reason);
                    None
                }
            });
        }
        kept
    }
}

/// Brings people to rest; `seed` is that of the drawn profiles.
pub(crate) fn settle(
    ward: &mut Ward<'_>,
    people: Vec<Individual>,
    guilds: Option<&Guilds>,
    seed: u64,
) -> Result<Settled, TwinError> {
    let mut settled = nearly(ward, people, guilds, seed)?;
    let near = std::mem::take(&mut settled.people);
    let starts: Vec<_> = near.iter().map(|p| Some(p.states.clone())).collect();
    let people = near.into_iter().map(|p| p.individual).collect();
    let found = ward.at_rest(people, &starts)?;
    settled.people = settled.take(found).into_iter().flatten().collect();
    if let Some(guilds) = guilds {
        settled.distances = distances(guilds, &settled.people, seed);
    }
    Ok(settled)
}

/// Brings people all but to rest: what they show there is within a thousandth or so.
pub(crate) fn nearly(
    ward: &mut Ward<'_>,
    people: Vec<Individual>,
    guilds: Option<&Guilds>,
    seed: u64,
) -> Result<Settled, TwinError> {
    let mut settled = Settled::default();
    let Some(guilds) = guilds else {
        let found = ward.near_rest(people, &[])?;
        settled.people = settled.take(found).into_iter().flatten().collect();
        return Ok(settled);
    };
    let central = ward.network().parameter_values();
    let wanted: Vec<Vec<f64>> = people.iter().map(|p| guilds.draw(seed, p.number)).collect();
    let mut open: Vec<(usize, Individual, Option<Vec<f64>>)> = Vec::new();
    for (at, mut person) in people.into_iter().enumerate() {
        // The capacities of the profile stand in place of those drawn.
        for group in &guilds.groups {
            for &capacity in &group.capacities {
                person.parameters[capacity as usize] = central[capacity as usize];
            }
        }
        open.push((at, person, None));
    }
    let mut done: Vec<(usize, Resting, f64)> = Vec::new();
    for round in 0..=ROUNDS {
        let (places, rest): (Vec<usize>, Vec<_>) = open
            .drain(..)
            .map(|(at, person, start)| (at, (person, start)))
            .unzip();
        let (individuals, starts): (Vec<_>, Vec<_>) = rest.into_iter().unzip();
        let found = ward.near_rest(individuals, &starts)?;
        for (at, person) in places.into_iter().zip(settled.take(found)) {
            let Some(person) = person else { continue };
            let distance = distance(guilds, &wanted[at], &person);
            if distance <= CLOSE || round == ROUNDS {
                done.push((at, person, distance));
                continue;
            }
            let mut next = person.individual;
            correct(
                guilds,
                &wanted[at],
                &person.observables,
                &central,
                &mut next.parameters,
            );
            open.push((at, next, Some(person.states)));
        }
        if open.is_empty() {
            break;
        }
    }
    done.sort_by_key(|(at, _, _)| *at);
    for (_, person, distance) in done {
        settled.people.push(person);
        settled.distances.push(distance);
    }
    Ok(settled)
}

/// Shares that a person shows, over the guilds that can be set.
fn shown(guilds: &Guilds, observables: &[f64]) -> Vec<f64> {
    let shares: Vec<f64> = guilds
        .groups
        .iter()
        .map(|g| observables[g.share as usize].max(0.0))
        .collect();
    let sum: f64 = shares.iter().sum();
    shares.iter().map(|s| s / sum).collect()
}

/// Bray–Curtis distances of people from the profiles drawn for them.
pub(crate) fn distances(guilds: &Guilds, people: &[Resting], seed: u64) -> Vec<f64> {
    let of = |p: &Resting| distance(guilds, &guilds.draw(seed, p.individual.number), p);
    people.iter().map(of).collect()
}

fn distance(guilds: &Guilds, wanted: &[f64], person: &Resting) -> f64 {
    let shown = shown(guilds, &person.observables);
    0.5 * wanted
        .iter()
        .zip(&shown)
        .map(|(a, b)| (a - b).abs())
        .sum::<f64>()
}

/// Capacities by how far the shares are off.
fn correct(
    guilds: &Guilds,
    wanted: &[f64],
    observables: &[f64],
    central: &[f64],
    parameters: &mut [f64],
) {
    let shown = shown(guilds, observables);
    for ((group, wanted), shown) in guilds.groups.iter().zip(wanted).zip(shown) {
        let off = wanted / shown.max(f64::MIN_POSITIVE);
        for &capacity in &group.capacities {
            let value = &mut parameters[capacity as usize];
            *value = corrected(*value, off, central[capacity as usize]);
        }
    }
}

/// A capacity for the next round: `off` is the share that is wanted over the one shown, `usual` the central value.
pub(crate) fn corrected(capacity: f64, off: f64, usual: f64) -> f64 {
    (capacity * off.powf(STEP))
        .clamp(RATIO.0 * usual, RATIO.1 * usual)
        .max(LEAST)
}
