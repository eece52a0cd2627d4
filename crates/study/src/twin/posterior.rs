//! From draws to those who fit: a pilot sample, a proposal, weights.

use super::settle::{Settled, nearly, settle};
use super::ward::{Resting, Task, Ward};
use super::{Request, TwinError};
use crate::scenario::Forecast;
use gutskin_people::drawing::{Drawing, Guilds, Individual};
use gutskin_people::person::{Person, Reading};
use gutskin_people::proposal::{Proposal, Target};
use gutskin_people::weights::Weights;
use std::collections::BTreeMap;

/// Pilot samples, each drawn by the proposal of the one before.
const PILOTS: u32 = 2;
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

/// Draws so far.
#[derive(Default)]
struct Batch {
    drawn: usize,
    settled: Settled,
    /// What each would be read as without noise.
    truths: Vec<Vec<f64>>,
    /// Logarithms of weights.
    logarithms: Vec<f64>,
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
        let one = |r: &Reading| {
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

    /// ln of the density of the readings where these would be read without noise.
    pub fn fit(&self, truths: &[f64]) -> f64 {
        let each = self.person.readings.iter().zip(truths);
        each.map(|(r, truth)| r.what.noise.log_density(r.value, *truth))
            .sum()
    }

    fn past(&self) -> gutskin_engine::Schedule {
        let changes = self.forecast.history.changes().iter();
        gutskin_engine::Schedule::sorted(changes.filter(|c| c.time < 0.0).copied().collect())
            .unwrap_or_default()
    }

    fn drawn(&self, numbers: std::ops::Range<u32>, moved: &dyn Fn(&mut [f64])) -> Vec<Individual> {
        let one = |number| {
            let mut scores = self.drawing.scores(self.seed(), number);
            moved(&mut scores);
            self.drawing.at(self.seed(), number, scores)
        };
        numbers.map(one).collect()
    }

    /// A proposal from two pilots, the second around where the first says that people fit. Profiles are left out of them: they
    /// move what is proposed little, and weights are right for any proposal.
    fn pilots(&self, ward: &mut Ward<'_>) -> Result<Proposal, TwinError> {
        let mut proposal = Proposal::default();
        let told = self.drawing.target_told(std::iter::empty()).is_some();
        if self.person.readings.is_empty() && !told {
            return Ok(proposal);
        }
        for pilot in 0..PILOTS {
            let first = pilot * self.request.pilot;
            let numbers = first..first + self.request.pilot;
            let people = self.drawn(numbers, &|z| proposal.around_base(z));
            let rested = nearly(ward, people, None, self.seed())?;
            proposal = self.proposal(ward, &rested)?;
        }
        Ok(proposal)
    }

    /// Draws, brings to rest, weighs; draws on while too few fit. Who is refused after few draws is somebody unusual:
    /// bands of the others alone would look wider than they are.
    pub fn posterior(
        &self,
        ward: &mut Ward<'_>,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Posterior, TwinError> {
        let proposal = self.pilots(ward)?;
        let mut all = Batch::default();
        let mut weights = None;
        for batch in 0..self.request.batches.max(1) {
            self.draw_on(ward, &proposal, batch, &mut all)?;
            weights = Weights::from_logarithms(&all.logarithms);
            let effective = weights.as_ref().map_or(0.0, Weights::effective);
            if effective >= WARNED_BELOW as f64 {
                break;
            }
            if batch + 1 < self.request.batches {
                progress(&format!(
                    "drawing on: the readings fit the equivalent of {effective:.0} of {} draws",
                    all.drawn
                ));
            }
        }
        let (drawn, settled) = (all.drawn, all.settled);
        let Some(weights) = weights else {
            return Err(match settled.first_failure {
                Some(reason) if settled.people.is_empty() => {
                    TwinError::NobodyRests { drawn, reason }
                }
                _ => self.too_few(0.0, drawn, &all.truths),
            });
        };
        let effective = weights.effective();
        if effective < REFUSED_BELOW as f64 {
            return Err(self.too_few(effective, drawn, &all.truths));
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

    /// The next draws of the proposal, brought to rest and weighed.
    fn draw_on(
        &self,
        ward: &mut Ward<'_>,
        proposal: &Proposal,
        batch: u32,
        all: &mut Batch,
    ) -> Result<(), TwinError> {
        let first = PILOTS * self.request.pilot + batch * self.request.candidates;
        let numbers = first..first + self.request.candidates;
        let at_base = self.drawn(numbers, &|z| proposal.to_base(z));
        all.drawn += at_base.len();
        // Where a proposal moves people on, what they show at its base need not be exact.
        let moved_on = proposal.size() > 0;
        let bring = if moved_on { nearly } else { settle };
        let mut settled = bring(ward, at_base, self.guilds, self.seed())?;
        let mut ln_weights = vec![0.0; settled.people.len()];
        if moved_on {
            ln_weights = self.own_proposals(ward, &mut settled, proposal)?;
        }
        let truths = self.truths(ward, &settled.people)?;
        let weighed = ln_weights.iter().zip(&settled.people).zip(&truths);
        all.logarithms
            .extend(weighed.map(|((ln_weight, person), truths)| {
                ln_weight + self.drawing.log_told(&person.individual) + self.fit(truths)
            }));
        all.truths.extend(truths);
        all.settled.join(settled);
        Ok(())
    }

    /// Moves people from the base to numbers of their own proposals, and brings them to rest again: from where they are, or,
    /// where a profile asks for capacities, with these set anew. Gives ln of prior over proposal.
    fn own_proposals(
        &self,
        ward: &mut Ward<'_>,
        settled: &mut Settled,
        proposal: &Proposal,
    ) -> Result<Vec<f64>, TwinError> {
        let truths = self.truths(ward, &settled.people)?;
        let (mut people, mut starts) = (Vec::new(), Vec::new());
        let mut ln_weights = BTreeMap::new();
        for (resting, truths) in settled.people.iter().zip(&truths) {
            let number = resting.individual.number;
            let mut shown: Vec<f64> = (self.person.readings.iter().zip(truths))
                .map(|(r, truth)| on_scale(r, *truth))
                .collect();
            shown.extend(self.drawing.shown_told(&resting.individual));
            let mean = proposal.own_mean(&shown);
            let mut scores = self.drawing.scores(self.seed(), number);
            proposal.propose(&mean, &mut scores, self.seed(), number);
            ln_weights.insert(number, proposal.log_weight(&mean, &scores));
            people.push(self.drawing.at(self.seed(), number, scores));
            starts.push(Some(resting.states.clone()));
        }
        let moved = match self.guilds {
            Some(_) => settle(ward, people, self.guilds, self.seed())?,
            None => {
                let mut moved = Settled::default();
                moved.take_all(ward.at_rest(people, &starts)?);
                moved
            }
        };
        settled.people.clear();
        settled.distances.clear();
        settled.join(moved);
        let weight = |p: &Resting| ln_weights.get(&p.individual.number).copied();
        let unknown = f64::NEG_INFINITY;
        Ok((settled.people.iter())
            .map(|p| weight(p).unwrap_or(unknown))
            .collect())
    }

    fn proposal(&self, ward: &mut Ward<'_>, pilot: &Settled) -> Result<Proposal, TwinError> {
        let truths = self.truths(ward, &pilot.people)?;
        let known: Vec<usize> = (0..truths.len())
            .filter(|&p| truths[p].iter().all(|v| v.is_finite()))
            .collect();
        let scores: Vec<Vec<f64>> = known
            .iter()
            .map(|&p| pilot.people[p].individual.scores.clone())
            .collect();
        let target = |(number, reading): (usize, &Reading)| {
            let predicted = known.iter().map(|&p| on_scale(reading, truths[p][number]));
            let noise = reading.what.noise;
            Target {
                predicted: predicted.collect(),
                read: on_scale(reading, reading.value),
                noise: noise.around(reading.value) / (reading.value + offset(reading)),
            }
        };
        let readings = self.person.readings.iter().enumerate();
        let mut targets: Vec<Target> = readings.map(target).collect();
        let pilots = known.iter().map(|&p| &pilot.people[p].individual);
        targets.extend(self.drawing.target_told(pilots));
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

/// The points of noise that do not shrink with the value keep the logarithm finite.
fn offset(reading: &Reading) -> f64 {
    reading.what.noise.points + f64::MIN_POSITIVE
}

/// A value on the logarithmic scale on which noise is nearly normal.
fn on_scale(reading: &Reading, value: f64) -> f64 {
    (value.max(0.0) + offset(reading)).ln()
}
