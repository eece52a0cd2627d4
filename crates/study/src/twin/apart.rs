//! What is not known of the model, apart from what is not known of the person: the same people with many gains of links.

use super::TwinError;
use super::courses::{Courses, follow, representatives};
use super::posterior::Making;
use super::settle::settle;
use super::summary::Apart;
use super::ward::{Resting, Ward};
use gutskin_network::{Network, Spread};
use gutskin_people::weights::Weights;

/// Sets of gains, drawn from their priors …
const GAINS: u32 = 16;
/// … that each of so many people who fit is followed with.
const PEOPLE: usize = 20;
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
        let with_gains = chosen.iter().map(|&(at, _)| {
            let own = &people[courses[at].place].individual;
            let mut scores = own.scores.clone();
            for &gain in &gains {
                scores[gain] = drawn[gain];
            }
            making.drawing.at(scenario.seed, own.number, scores)
        });
        let individuals = with_gains.collect();
        let settled = settle(ward, individuals, making.guilds, scenario.seed)?;
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
            let share = share_of_gains(&table, &times, arm);
            Apart {
                of: named.name.clone(),
                parameters: (share * variance).sqrt(),
                person: ((1.0 - share) * variance).sqrt(),
                people: chosen.len(),
            }
        })
        .collect())
}

/// The score at the end as now, and the effect of each option on it.
fn ends(course: &Courses) -> Vec<f64> {
    let last = |arm: &Vec<f64>| arm.last().copied().unwrap_or(f64::NAN);
    let now = last(&course.arms[0]);
    let mut ends: Vec<f64> = course.arms.iter().map(last).collect();
    ends.iter_mut().skip(1).for_each(|end| *end -= now);
    ends
}

/// The share of the variance, given the readings, that lies between means of sets of gains (law of total variance).
///
/// People were drawn as the readings leave them whatever the gains: p(z | y). With gains θ they are p(z | θ, y), and the ratio
/// of both is the likelihood L(θ, z) over its mean between gains drawn from their prior; its sum over people says how well the
/// gains themselves fit. The variance between means is the covariance between those of two halves of the people, in which
/// the noise of either has no part.
fn share_of_gains(table: &[Vec<Cell>], times: &[f64], arm: usize) -> f64 {
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
    let weight = |row: &[Cell], person: usize| match means[person] {
        mean if mean > 0.0 => times[person] * likelihood(row, person) / mean,
        _ => 0.0,
    };
    let of = |row: &[Cell], half: usize| {
        let mut sums = Sums::default();
        for person in (half..times.len()).step_by(2) {
            if let Some((_, scores)) = &row[person] {
                sums.add(weight(row, person), scores[arm]);
            }
        }
        sums
    };
    let halves: Vec<[Sums; 2]> = table.iter().map(|row| [of(row, 0), of(row, 1)]).collect();
    let (mut between, mut all) = (Pairs::default(), Sums::default());
    for [first, second] in &halves {
        all.join(first);
        all.join(second);
        if first.weight > 0.0 && second.weight > 0.0 {
            let weight = first.weight + second.weight;
            between.add(weight, first.mean(), second.mean());
        }
    }
    let share = between.covariance() / all.variance();
    if share.is_finite() {
        share.clamp(0.0, 1.0)
    } else {
        0.0
    }
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

    fn join(&mut self, other: &Self) {
        self.weight += other.weight;
        self.value += other.value;
        self.square += other.square;
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
    use gutskin_engine::random::{RandomStream, StreamId};

    /// Score θ + 2·z with standard normal θ and z, read with noise.
    fn shared(noise: f64) -> f64 {
        let stream = RandomStream::new(3, 0, StreamId::named("test", "apart"));
        let (read, v) = (1.0, noise * noise);
        // z given the reading, whatever θ: mean 2·y/(5 + v), variance 1 − 4/(5 + v).
        let (mean, sd) = (2.0 * read / (5.0 + v), (1.0 - 4.0 / (5.0 + v)).sqrt());
        let people: Vec<f64> = (0..4000).map(|i| mean + sd * stream.normal_at(i)).collect();
        let table: Vec<Vec<Cell>> = (0..60)
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
            let v: f64 = noise * noise;
            let between = (v / (4.0 + v)).powi(2) * (1.0 - 1.0 / (5.0 + v));
            let expected = between / (5.0 * v / (5.0 + v));
            let found = shared(noise);
            assert!(
                (found - expected).abs() < 0.06,
                "{noise}: {found} {expected}"
            );
        }
    }

    #[test]
    fn who_cannot_be_followed_counts_nothing() {
        let row = |at: f64| vec![None, Some((0.0, vec![at])), Some((f64::NAN, vec![1.0]))];
        let share = share_of_gains(&[row(0.0), row(1.0)], &[1.0; 3], 0);
        assert!((0.0..=1.0).contains(&share));
        assert_eq!(share_of_gains(&[vec![None]], &[1.0], 0), 0.0);
    }
}
