//! From draws to those who fit: a pilot sample, a proposal, weights.

use super::settle::{Settled, settle};
use super::ward::{Resting, Task, Ward};
use super::{Request, TwinError};
use crate::scenario::Forecast;
use gutskin_people::drawing::{Drawing, Guilds, Individual};
use gutskin_people::person::Person;
use gutskin_people::proposal::{Proposal, Target};
use gutskin_people::weights::Weights;

/// Pilot samples, each drawn by the proposal of the one before.
const PILOTS: usize = 2;
/// Fewer effective draws say nothing.
pub const REFUSED_BELOW: usize = 30;
/// Fewer effective draws say little.
pub const WARNED_BELOW: usize = 100;

/// Who could be this person.
pub(crate) struct Posterior {
    pub people: Vec<Resting>,
    pub weights: Weights,
    pub drawn: usize,
    pub failed: usize,
    pub first_failure: Option<String>,
    pub proposed: usize,
    pub distances: Vec<f64>,
}

/// The parts of a forecast that draws are made with.
pub(crate) struct Making<'m> {
    pub forecast: &'m Forecast,
    pub person: &'m Person,
    pub drawing: &'m Drawing,
    pub guilds: Option<&'m Guilds>,
    pub request: &'m Request,
}

impl Making<'_> {
    fn seed(&self) -> u64 {
        self.forecast.scenario.seed
    }

    /// Indices of what was read.
    fn read(&self) -> Result<Vec<u32>, TwinError> {
        let network = &self.forecast.scenario.network;
        let one = |r: &gutskin_people::person::Reading| {
            network
                .observable(&r.what.observable)
                .ok_or_else(|| TwinError::NotShown {
                    model: network.name.clone(),
                    what: r.what.title.clone(),
                    observable: r.what.observable.clone(),
                })
        };
        self.person.readings.iter().map(one).collect()
    }

    /// What would be read without noise, person by person: at rest, or on the day where drugs were taken before.
    pub fn truths(
        &self,
        ward: &mut Ward<'_>,
        people: &[Resting],
    ) -> Result<Vec<Vec<f64>>, TwinError> {
        let read = self.read()?;
        if self.forecast.begin >= 0.0 {
            let of = |p: &Resting| read.iter().map(|&o| p.observables[o as usize]).collect();
            return Ok(people.iter().map(of).collect());
        }
        let begin = self.forecast.begin;
        let mut days: Vec<f64> = self
            .person
            .readings
            .iter()
            .map(|r| r.day.max(begin))
            .collect();
        let asked = days.clone();
        days.push(0.0);
        days.sort_by(f64::total_cmp);
        days.dedup();
        let tasks: Vec<Task<'_>> = people
            .iter()
            .map(|person| Task {
                person,
                schedule: self.past(),
                inputs: person.individual.inputs.clone(),
            })
            .collect();
        let followed = ward.follow(&tasks, (begin, 0.0), (&read, &days))?;
        let of = |course: super::ward::Followed| match course {
            Ok(values) => (values.iter().zip(&asked))
                .map(|(value, day)| {
                    let row = days.iter().position(|d| d == day);
                    row.map_or(f64::NAN, |row| value[row])
                })
                .collect(),
            // Who cannot be followed fits nothing.
            Err(_) => vec![f64::NAN; read.len()],
        };
        Ok(followed.into_iter().map(of).collect())
    }

    fn past(&self) -> gutskin_engine::Schedule {
        let changes = self.forecast.history.changes().iter();
        gutskin_engine::Schedule::sorted(changes.filter(|c| c.time < 0.0).copied().collect())
            .unwrap_or_default()
    }

    fn propose(&self, proposal: &Proposal, numbers: std::ops::Range<u32>) -> Vec<Individual> {
        let one = |number| {
            let mut scores = self.drawing.scores(self.seed(), number);
            proposal.propose(&mut scores, self.seed(), number);
            self.drawing.at(self.seed(), number, scores)
        };
        numbers.map(one).collect()
    }

    /// Draws, brings to rest, weighs.
    pub fn posterior(&self, ward: &mut Ward<'_>) -> Result<Posterior, TwinError> {
        let request = self.request;
        let mut proposal = Proposal::default();
        let mut first = 0;
        if !self.person.readings.is_empty() {
            // The second pilot is drawn near the readings, where its regression holds better.
            for _ in 0..PILOTS {
                let people = self.propose(&proposal, first..first + request.pilot);
                let rested = settle(ward, people, self.guilds, self.seed())?;
                proposal = self.proposal(ward, &rested)?;
                first += request.pilot;
            }
        }
        let candidates = self.propose(&proposal, first..first + request.candidates);
        let drawn = candidates.len();
        let settled = settle(ward, candidates, self.guilds, self.seed())?;
        let truths = self.truths(ward, &settled.people)?;
        let logarithms: Vec<f64> = settled
            .people
            .iter()
            .zip(&truths)
            .map(|(person, truths)| {
                let fit: f64 = (self.person.readings.iter().zip(truths))
                    .map(|(r, truth)| r.what.noise.log_density(r.value, *truth))
                    .sum();
                proposal.log_weight(&person.individual.scores) + fit
            })
            .collect();
        let Some(weights) = Weights::from_logarithms(&logarithms) else {
            return Err(match settled.first_failure {
                Some(reason) if settled.people.is_empty() => {
                    TwinError::NobodyRests { drawn, reason }
                }
                _ => self.too_few(0.0, drawn, &truths),
            });
        };
        let effective = weights.effective();
        if effective < REFUSED_BELOW as f64 {
            return Err(self.too_few(effective, drawn, &truths));
        }
        Ok(Posterior {
            weights,
            drawn,
            failed: settled.failed,
            first_failure: settled.first_failure,
            proposed: proposal.size(),
            distances: settled.distances,
            people: settled.people,
        })
    }

    /// The readings on a logarithmic scale on which their noise is nearly normal.
    fn proposal(&self, ward: &mut Ward<'_>, pilot: &Settled) -> Result<Proposal, TwinError> {
        let truths = self.truths(ward, &pilot.people)?;
        let known: Vec<usize> = (0..truths.len())
            .filter(|&p| truths[p].iter().all(|v| v.is_finite()))
            .collect();
        let scores: Vec<Vec<f64>> = known
            .iter()
            .map(|&p| pilot.people[p].individual.scores.clone())
            .collect();
        let target = |(number, reading): (usize, &gutskin_people::person::Reading)| {
            let noise = reading.what.noise;
            // The points of noise that do not shrink with the value keep the logarithm finite.
            let offset = noise.points + f64::MIN_POSITIVE;
            Target {
                predicted: known
                    .iter()
                    .map(|&p| (truths[p][number].max(0.0) + offset).ln())
                    .collect(),
                read: (reading.value + offset).ln(),
                noise: noise.around(reading.value) / (reading.value + offset),
            }
        };
        let targets: Vec<Target> = self
            .person
            .readings
            .iter()
            .enumerate()
            .map(target)
            .collect();
        Ok(Proposal::fit(&scores, &targets))
    }

    fn too_few(&self, effective: f64, drawn: usize, truths: &[Vec<f64>]) -> TwinError {
        let miss = |number: usize| {
            let reading = &self.person.readings[number];
            let values: Vec<f64> = truths
                .iter()
                .map(|t| t[number])
                .filter(|v| v.is_finite())
                .collect();
            let values = crate::statistics::sorted(values);
            let [low, high] = [0.05, 0.95].map(|q| crate::statistics::quantile(&values, q));
            let noise = reading.what.noise.around(reading.value);
            let off = (low - reading.value).max(reading.value - high) / noise;
            let text = format!(
                "{} of {} (90 % of the draws have {low:.3} to {high:.3})",
                reading.what.title, reading.value
            );
            (off, text)
        };
        let worst = (0..self.person.readings.len())
            .map(miss)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        TwinError::TooFewFit {
            effective,
            drawn,
            least: REFUSED_BELOW,
            worst: worst.map_or_else(|| "none".to_owned(), |(_, text)| text),
        }
    }
}
