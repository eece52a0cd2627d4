//! What is not known of the model, apart from what is not known of the person: the same people with many gains of links.

use super::TwinError;
use super::courses::{Courses, follow, representatives};
use super::posterior::Making;
use super::settle::{CLOSE, Settled, distances, settle};
use super::summary::Apart;
use super::ward::{Resting, Ward};
use gutskin_engine::random::{RandomStream, StreamId};
use gutskin_network::{Network, Spread};
use gutskin_people::drawing::Individual;
use gutskin_people::weights::Weights;

/// Sets of gains, drawn from their priors …
const GAINS: u32 = 32;
/// … that each of so many people who fit is followed with.
const PEOPLE: usize = 20;
/// Ways in which people are halved.
const WAYS: u32 = 16;
/// People are left out one by one, or by so many groups.
const MOST_GROUPS: usize = 20;
/// Numbers of the draws that the gains are taken from: those of nobody else.
const FIRST: u32 = u32::MAX - GAINS;

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

/// One person with one set of gains: how well the readings fit (ln), and the scores asked for.
type Cell = Option<(f64, Vec<f64>)>;

/// Parts the variance of each forecast into that of its mean between gains, and the rest.
pub(crate) fn apart(
    making: &Making<'_>,
    ward: &mut Ward<'_>,
    people: &[&Resting],
    (courses, weights): (&[Courses], &Weights),
) -> Result<Vec<Apart>, TwinError> {
    let scenario = &making.forecast.scenario;
    let gains = gains(&scenario.network);
    if courses.len() < 4 || gains.is_empty() {
        return Ok(Vec::new());
    }
    let chosen = representatives(courses, weights, PEOPLE);
    let mut table: Vec<Vec<Cell>> = Vec::new();
    for set in 0..GAINS {
        let drawn = making.drawing.scores(scenario.seed, FIRST + set);
        let with_gains = |person: &Resting| {
            let mut own = person.individual.clone();
            for &gain in &gains {
                own.scores[gain] = drawn[gain];
            }
            let moved = making
                .drawing
                .at(scenario.seed, own.number, own.scores.clone());
            for &gain in &gains {
                own.parameters[gain] = moved.parameters[gain];
            }
            own
        };
        let own = chosen.iter().map(|&(at, _)| people[courses[at].place]);
        let starts: Vec<_> = own.clone().map(|p| Some(p.states.clone())).collect();
        let individuals = own.map(with_gains).collect();
        let settled = from_own_rest(making, ward, individuals, &starts)?;
        let resting: Vec<&Resting> = settled.people.iter().collect();
        let truths = making.truths(ward, &settled.people)?;
        let (followed, _, _) = follow(making, ward, &resting)?;
        table.push(
            chosen
                .iter()
                .map(|&(at, _)| {
                    let number = people[courses[at].place].individual.number;
                    let mine = |c: &&Courses| resting[c.place].individual.number == number;
                    let course = followed.iter().find(mine)?;
                    Some((making.fit(&truths[course.place]), ends(course)))
                })
                .collect(),
        );
    }
    let times: Vec<f64> = chosen.iter().map(|&(_, times)| times as f64).collect();
    let named = scenario.arms.iter().enumerate();
    Ok(named
        .map(|(arm, named)| {
            let all: Vec<f64> = courses.iter().map(|c| ends(c)[arm]).collect();
            let mean = weights.mean(&all);
            let squares: Vec<f64> = all.iter().map(|v| (v - mean).powi(2)).collect();
            let variance = weights.mean(&squares);
            let Share { share, error } = share_of_gains(&table, &times, arm);
            Apart {
                of: named.name.clone(),
                share,
                error,
                parameters: (share * variance).sqrt(),
                person: ((1.0 - share) * variance).sqrt(),
                people: chosen.len(),
                sets: table.len(),
            }
        })
        .collect())
}

/// Brings people to rest from where they rest with other gains. Whoever shows their stool profile no longer is settled anew.
fn from_own_rest(
    making: &Making<'_>,
    ward: &mut Ward<'_>,
    people: Vec<Individual>,
    starts: &[Option<Vec<f64>>],
) -> Result<Settled, TwinError> {
    let seed = making.forecast.scenario.seed;
    let mut settled = Settled::default();
    settled.take_all(ward.at_rest(people, starts)?);
    let Some(guilds) = making.guilds else {
        return Ok(settled);
    };
    let distances = distances(guilds, &settled.people, seed);
    let mut again = Vec::new();
    let mut kept = Vec::new();
    for (person, distance) in settled.people.drain(..).zip(distances) {
        if distance > CLOSE {
            again.push(person.individual);
        } else {
            kept.push(person);
        }
    }
    settled.people = kept;
    settled.join(settle(ward, again, Some(guilds), seed)?);
    Ok(settled)
}

/// The score at the end as now, and the effect of each option on it.
fn ends(course: &Courses) -> Vec<f64> {
    let last = |arm: &Vec<f64>| arm.last().copied().unwrap_or(f64::NAN);
    let now = last(&course.arms[0]);
    let mut ends: Vec<f64> = course.arms.iter().map(last).collect();
    ends.iter_mut().skip(1).for_each(|end| *end -= now);
    ends
}

/// A share with its standard error.
#[derive(Clone, Copy, Debug)]
struct Share {
    share: f64,
    error: f64,
}

/// The share of the variance, given the readings, that lies between means of sets of gains (law of total variance).
///
/// People were drawn as the readings leave them whatever the gains: p(z | y). With gains θ they are p(z | θ, y), and the ratio
/// of both is the likelihood L(θ, z) over its mean between gains drawn from their prior; its sum over people says how well the
/// gains themselves fit. The variance between means is the covariance between those of two halves of the people, in which
/// the noise of either has no part, in the mean over several ways to halve them. The error is that of the jackknife, over sets
/// of gains and over people: both are few.
fn share_of_gains(table: &[Vec<Cell>], times: &[f64], arm: usize) -> Share {
    let table = Weighed::new(table, times, arm);
    let share = table.share(None, None);
    let people = times.len().min(MOST_GROUPS);
    let of_people = (0..people).map(|group| table.share(None, Some((group, people))));
    let of_gains = (0..table.rows.len()).map(|set| table.share(Some(set), None));
    let error = jackknife(share, of_gains).hypot(jackknife(share, of_people));
    if !share.is_finite() {
        return Share {
            share: 0.0,
            error: f64::NAN,
        };
    }
    Share {
        share: share.clamp(0.0, 1.0),
        error,
    }
}

/// Standard error of an estimate from those without one part each.
fn jackknife(whole: f64, without: impl Iterator<Item = f64>) -> f64 {
    let squares: Vec<f64> = without.map(|one| (one - whole).powi(2)).collect();
    let parts = squares.len() as f64;
    ((parts - 1.0) / parts * squares.iter().sum::<f64>()).sqrt()
}

/// Scores with the weight of each, set by set and person by person.
struct Weighed {
    rows: Vec<Vec<(f64, f64)>>,
    /// Half of each person, way by way.
    halves: Vec<Vec<usize>>,
}

impl Weighed {
    fn new(table: &[Vec<Cell>], times: &[f64], arm: usize) -> Self {
        let best = |person: usize| {
            let fits = table.iter().filter_map(|row| Some(row[person].as_ref()?.0));
            fits.fold(f64::NEG_INFINITY, f64::max)
        };
        let tops: Vec<f64> = (0..times.len()).map(best).collect();
        let likelihood = |row: &[Cell], person: usize| {
            let fit = row[person]
                .as_ref()
                .map_or(f64::NEG_INFINITY, |cell| cell.0);
            let relative = (fit - tops[person]).exp();
            if relative.is_finite() { relative } else { 0.0 }
        };
        let means: Vec<f64> = (0..times.len())
            .map(|p| table.iter().map(|row| likelihood(row, p)).sum())
            .collect();
        let cell = |row: &[Cell], person: usize| {
            let weight = match means[person] {
                mean if mean > 0.0 => times[person] * likelihood(row, person) / mean,
                _ => 0.0,
            };
            let score = row[person].as_ref().map(|(_, scores)| scores[arm]);
            score.map_or((0.0, 0.0), |score| (weight, score))
        };
        let rows = table.iter();
        let rows = rows.map(|row| (0..times.len()).map(|p| cell(row, p)).collect());
        let ways = (0..WAYS).map(|way| (0..times.len()).map(|p| half(p, way)).collect());
        Self {
            rows: rows.collect(),
            halves: ways.collect(),
        }
    }

    /// The share without one set of gains, or without the people whose number leaves this rest, in the mean over ways to halve
    /// the people.
    fn share(&self, without_set: Option<usize>, without: Option<(usize, usize)>) -> f64 {
        let stays = |person: usize| without.is_none_or(|(rest, of)| person % of != rest);
        let rows = || {
            let rows = self.rows.iter().enumerate();
            rows.filter(|(set, _)| Some(*set) != without_set)
        };
        let mut all = Sums::default();
        for (_, row) in rows() {
            let people = row.iter().enumerate().filter(|(p, _)| stays(*p));
            people.for_each(|(_, (weight, score))| all.add(*weight, *score));
        }
        let covariance = |half: &Vec<usize>| {
            let mut between = Pairs::default();
            for (_, row) in rows() {
                let mut halves = [Sums::default(); 2];
                for (person, (weight, score)) in row.iter().enumerate().filter(|(p, _)| stays(*p)) {
                    halves[half[person]].add(*weight, *score);
                }
                let [first, second] = halves;
                if first.weight > 0.0 && second.weight > 0.0 {
                    let weight = first.weight + second.weight;
                    between.add(weight, first.mean(), second.mean());
                }
            }
            between.covariance()
        };
        let ways: Vec<f64> = self.halves.iter().map(covariance).collect();
        crate::statistics::mean(&ways) / all.variance()
    }
}

/// Which half a person is in: people, in the order of their score, go by pairs, one to each half, the other way round by chance.
fn half(person: usize, way: u32) -> usize {
    let stream = RandomStream::new(0, way, StreamId::named("twin", "halves"));
    let pair = u32::try_from(person / 2).unwrap_or(u32::MAX);
    let turned = way > 0 && stream.uniform_at(pair) < 0.5;
    (person % 2) ^ usize::from(turned)
}

/// Weighted sums of a value and its square.
#[derive(Clone, Copy, Default)]
struct Sums {
    weight: f64,
    value: f64,
    square: f64,
}

impl Sums {
    fn add(&mut self, weight: f64, value: f64) {
        self.weight += weight;
        self.value += weight * value;
        self.square += weight * value * value;
    }

    fn mean(&self) -> f64 {
        self.value / self.weight
    }

    fn variance(&self) -> f64 {
        self.square / self.weight - self.mean().powi(2)
    }
}

/// Weighted sums of two values and their product.
#[derive(Default)]
struct Pairs {
    weight: f64,
    squares: f64,
    first: f64,
    second: f64,
    product: f64,
}

impl Pairs {
    fn add(&mut self, weight: f64, first: f64, second: f64) {
        self.weight += weight;
        self.squares += weight * weight;
        self.first += weight * first;
        self.second += weight * second;
        self.product += weight * first * second;
    }

    /// Without the bias of a mean that is taken from the same few.
    fn covariance(&self) -> f64 {
        let plain =
            self.product / self.weight - self.first * self.second / (self.weight * self.weight);
        plain / (1.0 - self.squares / (self.weight * self.weight))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Score θ + 2·z with standard normal θ and z, read with noise.
    fn shared(noise: f64, (people, sets): (u32, u32), seed: u64) -> Share {
        let stream = RandomStream::new(seed, 0, StreamId::named("test", "apart"));
        let (read, v) = (1.0, noise * noise);
        // z given the reading, whatever θ: mean 2·y/(5 + v), variance 1 − 4/(5 + v).
        let (mean, sd) = (2.0 * read / (5.0 + v), (1.0 - 4.0 / (5.0 + v)).sqrt());
        let people: Vec<f64> = (0..people)
            .map(|i| mean + sd * stream.normal_at(i))
            .collect();
        let table: Vec<Vec<Cell>> = (0..sets)
            .map(|set| {
                let gain = stream.normal_at(100_000 + set);
                let one = |z: &f64| {
                    let score = gain + 2.0 * z;
                    Some((-0.5 * (read - score).powi(2) / v, vec![score]))
                };
                people.iter().map(one).collect()
            })
            .collect();
        share_of_gains(&table, &vec![1.0; people.len()], 0)
    }

    #[test]
    fn parts_are_those_of_a_model_that_can_be_solved() {
        // θ | y has the variance 1 − 1/(5 + v). E[score | θ, y] = θ + 2·E[z | θ, y], with z | θ, y of mean
        // 2·(y − θ)/(4 + v): slope 1 − 4/(4 + v) = v/(4 + v). The whole variance given y is 5·v/(5 + v).
        for noise in [0.7, 1.5, 4.0] {
            let expected = of_the_model(noise);
            let found = shared(noise, (4000, 60), 3);
            assert!(
                (found.share - expected).abs() < 0.06 && found.error < 0.06,
                "{noise}: {found:?} {expected}"
            );
        }
    }

    fn of_the_model(noise: f64) -> f64 {
        let v: f64 = noise * noise;
        let between = (v / (4.0 + v)).powi(2) * (1.0 - 1.0 / (5.0 + v));
        between / (5.0 * v / (5.0 + v))
    }

    /// As few as twins have.
    #[test]
    fn the_error_of_a_share_is_about_as_large_as_shares_spread() {
        for noise in [1.5, 4.0] {
            let all: Vec<Share> = (0..60)
                .map(|seed| shared(noise, (PEOPLE as u32, GAINS), seed))
                .collect();
            let shares: Vec<f64> = all.iter().map(|s| s.share).collect();
            let errors: Vec<f64> = all.iter().map(|s| s.error).collect();
            let mean = crate::statistics::mean;
            let off: Vec<f64> = shares.iter().map(|s| (s - mean(&shares)).powi(2)).collect();
            let (spread, error) = (mean(&off).sqrt(), mean(&errors));
            println!(
                "{noise}: {} ± {spread}, told {error}; expected {}",
                mean(&shares),
                of_the_model(noise)
            );
            assert!(
                (0.7..1.6).contains(&(error / spread)),
                "{noise}: {error} {spread}"
            );
            assert!((mean(&shares) - of_the_model(noise)).abs() < 0.06);
        }
    }

    #[test]
    fn who_cannot_be_followed_counts_nothing() {
        let row = |at: f64| vec![None, Some((0.0, vec![at])), Some((f64::NAN, vec![1.0]))];
        let share = share_of_gains(&[row(0.0), row(1.0)], &[1.0; 3], 0);
        assert!((0.0..=1.0).contains(&share.share));
        let nobody = share_of_gains(&[vec![None]], &[1.0], 0);
        assert!(nobody.share == 0.0 && nobody.error.is_nan());
    }
}
