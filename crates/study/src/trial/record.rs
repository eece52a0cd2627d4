//! What is written down of one person in one arm of one trial.

use super::chance::Chance;
use super::run::{Course, Patient};
use crate::scenario::{Dependence, DropOut, Endpoint, Estimand, Measure, Scenario};
use crate::statistics::Survival;

/// Readings of one observable at the visits; NaN where there is none.
#[derive(Clone, Debug)]
pub(super) struct Record {
    pub readings: Vec<f64>,
    /// Visit at which rescue was given.
    pub rescued: Option<usize>,
    /// First visit that the person, having left the study, does not come to.
    pub left: Option<usize>,
}

/// Where the readings of a record come from.
pub(super) enum Source<'c> {
    /// The pool: the person's own noise, nobody leaves or misses a visit.
    Pool,
    /// A drawn trial, and the person's place in it.
    Trial(&'c Chance, usize),
}

impl Scenario {
    /// What is asked about people after rescue.
    pub(super) fn estimand(&self) -> Estimand {
        let rescue = self.design.rescue.as_ref();
        rescue.map_or(Estimand::TreatmentPolicy, |r| r.estimand)
    }
}

impl Course {
    /// True values of an observable, with rescue where the question is about treatment policy.
    pub(super) fn followed(&self, observable: usize, estimand: Estimand) -> &[f64] {
        match &self.rescued {
            Some(rescued) if estimand == Estimand::TreatmentPolicy => &rescued.values[observable],
            _ => &self.values[observable],
        }
    }

    fn rescue_visit(&self) -> Option<usize> {
        self.rescued.as_ref().map(|r| r.visit)
    }
}

/// The record of an observable (0 is the endpoint) of a patient's course.
pub(super) fn record(
    scenario: &Scenario,
    (observable, endpoint): (usize, &Endpoint),
    (patient, course): (&Patient, &Course),
    source: &Source<'_>,
) -> Record {
    let values = course.followed(observable, scenario.estimand());
    let true_value = |v: usize| {
        endpoint
            .observation
            .under(values[v], patient.placebo[observable][v])
    };
    let who = super::person::Who {
        seed: scenario.seed,
        draw: patient.draw,
    };
    let seen = &endpoint.observation;
    let drawn;
    // What is looked at twice is read once.
    let reading = match endpoint.observable == scenario.endpoint.observable {
        true => 0,
        false => observable,
    };
    let noise = match (source, reading) {
        // Screening was on the reading at entry, so that it is the person's own in every trial.
        (Source::Trial(chance, place), 0) => {
            let first = patient.noise.first().copied().unwrap_or(0.0);
            drawn = seen.noise(&scenario.visits, first, |v| chance.noise(*place, v));
            &drawn
        }
        (Source::Pool, 0) => &patient.noise,
        _ => {
            let own = |v| who.noise(reading, v);
            drawn = seen.noise(&scenario.visits, own(0), own);
            &drawn
        }
    };
    let read = |v: usize| seen.read(true_value(v), noise[v]);
    let mut record = Record {
        readings: (0..values.len()).map(read).collect(),
        rescued: course.rescue_visit(),
        left: None,
    };
    if let Source::Trial(chance, place) = source {
        absent(scenario, &mut record, &true_value, (chance, *place));
    }
    record
}

/// Takes out what is not read for want of the person, or set aside after rescue.
fn absent(
    scenario: &Scenario,
    record: &mut Record,
    true_value: &dyn Fn(usize) -> f64,
    (chance, place): (&Chance, usize),
) {
    if let Some(drop_out) = &scenario.design.drop_out {
        record.left = leaves(scenario, drop_out, record, true_value, chance.stays(place));
    }
    let set_aside = match (scenario.estimand(), record.rescued) {
        (Estimand::Hypothetical, Some(visit)) => visit + 1,
        _ => usize::MAX,
    };
    let left = record.left.unwrap_or(usize::MAX);
    for (v, reading) in record.readings.iter_mut().enumerate().skip(1) {
        let missed =
            scenario.design.missing > 0.0 && chance.misses(place, v) < scenario.design.missing;
        if v >= left || v >= set_aside || missed {
            *reading = f64::NAN;
        }
    }
}

/// The first visit that someone does not come to: the cumulated hazard exceeds what the person bears.
fn leaves(
    scenario: &Scenario,
    drop_out: &DropOut,
    record: &Record,
    true_value: &dyn Fn(usize) -> f64,
    bears: f64,
) -> Option<usize> {
    let visits = &scenario.visits;
    let base = -(1.0 - drop_out.share).ln() / visits.last().copied().unwrap_or(1.0);
    let sign = if scenario.endpoint.lower_is_better {
        1.0
    } else {
        -1.0
    };
    let mut hazard = 0.0;
    (1..visits.len()).find(|&v| {
        let relative = match drop_out.depends_on {
            Dependence::Nothing => 0.0,
            Dependence::Reading => record.readings[v - 1] / record.readings[0] - 1.0,
            Dependence::Score => true_value(v - 1) / true_value(0) - 1.0,
        };
        let relative = if relative.is_finite() { relative } else { 0.0 };
        hazard += base
            * drop_out.ratio.powf((sign * relative).clamp(-1.0, 1.0))
            * (visits[v] - visits[v - 1]);
        hazard > bears
    })
}

/// The endpoint's value from a reading at entry and one later.
pub(super) fn measured(measure: Measure, entry: f64, later: f64) -> f64 {
    match measure {
        Measure::Change => later - entry,
        _ => 100.0 * (later - entry) / entry,
    }
}

/// What is said of one arm from a reading at entry and one later: the endpoint's value; of responses and times to them
/// 1 for who responds at that visit and 0 for who does not.
pub(super) fn of_arm(endpoint: &Endpoint, entry: f64, later: f64) -> f64 {
    match endpoint.measure {
        Measure::Change | Measure::PercentChange => measured(endpoint.measure, entry, later),
        _ if entry.is_nan() || later.is_nan() => f64::NAN,
        _ => f64::from(u8::from(endpoint.responds(entry, later))),
    }
}

/// The same of true values: a response to a global assessment is one of whole grades, as they are written down.
pub(super) fn as_modelled(endpoint: &Endpoint, entry: f64, later: f64) -> f64 {
    match (endpoint.measure, &endpoint.observation.grades) {
        (Measure::Change | Measure::PercentChange, _) | (_, None) => of_arm(endpoint, entry, later),
        (_, Some(grades)) => {
            let written = |value: f64| match value.is_nan() {
                true => value,
                false => grades.written(grades.score(value)),
            };
            of_arm(endpoint, written(entry), written(later))
        }
    }
}

impl Record {
    pub fn entry(&self) -> f64 {
        self.readings[0]
    }

    /// Was rescue given before this visit?
    fn rescued_before(&self, visit: usize) -> bool {
        self.rescued.is_some_and(|r| r < visit)
    }

    /// The endpoint as a number; nothing where it was not read or has no value.
    pub fn outcome(&self, endpoint: &Endpoint, visit: usize, estimand: Estimand) -> Option<f64> {
        let reading = *self.readings.get(visit)?;
        if estimand == Estimand::Composite && self.rescued_before(visit) && !reading.is_nan() {
            return Some(0.0);
        }
        Some(measured(endpoint.measure, self.entry(), reading)).filter(|v| v.is_finite())
    }

    /// What is said of the arm, as [`of_arm`]; nothing where it was not read or has no value.
    pub fn of_arm(&self, endpoint: &Endpoint, visit: usize, estimand: Estimand) -> Option<f64> {
        let reading = *self.readings.get(visit)?;
        if estimand == Estimand::Composite && self.rescued_before(visit) && !reading.is_nan() {
            return Some(0.0);
        }
        Some(of_arm(endpoint, self.entry(), reading)).filter(|v| v.is_finite())
    }

    /// The endpoint within the period that begins at this visit, a response as 1 or 0; nothing where it was not read.
    pub fn in_period(&self, endpoint: &Endpoint, begin: usize) -> Option<f64> {
        let (entry, later) = (
            *self.readings.get(begin)?,
            *self.readings.get(begin + endpoint.visit)?,
        );
        if !(entry.is_finite() && later.is_finite()) {
            return None;
        }
        let value = match endpoint.measure {
            Measure::Responder => f64::from(endpoint.responds(entry, later)),
            measure => measured(measure, entry, later),
        };
        Some(value).filter(|v| v.is_finite())
    }

    /// Did the person respond at the visit? Who is not seen, or has had rescue that counts as failure, did not.
    pub fn responded(&self, endpoint: &Endpoint, visit: usize, estimand: Estimand) -> bool {
        let failed = estimand == Estimand::Composite && self.rescued_before(visit);
        let reading = self.readings[visit];
        !failed && !reading.is_nan() && endpoint.responds(self.entry(), reading)
    }

    /// Time from the first response to its loss, up to the endpoint's visit; nothing for who never responded.
    pub fn relapse(
        &self,
        endpoint: &Endpoint,
        visits: &[f64],
        estimand: Estimand,
    ) -> Option<Survival> {
        let responded = |v: &usize| self.responded(endpoint, *v, estimand);
        let first = (1..=endpoint.visit).find(responded)?;
        let seen = |v: &usize| !self.readings[*v].is_nan();
        let lost = (first + 1..=endpoint.visit).find(|v| seen(v) && !responded(v));
        let last = || (first..=endpoint.visit).rev().find(seen).unwrap_or(first);
        Some(Survival {
            time: visits[lost.unwrap_or_else(last)] - visits[first],
            event: lost.is_some(),
        })
    }

    /// Time to the first response, up to the endpoint's visit.
    pub fn time(&self, endpoint: &Endpoint, visits: &[f64], estimand: Estimand) -> Survival {
        let responded = |v: &usize| self.responded(endpoint, *v, estimand);
        if let Some(v) = (1..=endpoint.visit).find(responded) {
            return Survival {
                time: visits[v],
                event: true,
            };
        }
        let seen = |v: &usize| !self.readings[*v].is_nan();
        let last = (0..=endpoint.visit).rev().find(seen).unwrap_or(0);
        Survival {
            time: visits[last],
            event: false,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::scenario::{Observation, Response};

    fn endpoint() -> Endpoint {
        Endpoint {
            observable: 0,
            measure: Measure::TimeToRelapse,
            visit: 5,
            lower_is_better: true,
            response: Response::Improvement(50.0),
            observation: Observation::EXACT,
        }
    }

    fn relapse(readings: &[f64]) -> Option<(f64, bool)> {
        let record = Record {
            readings: readings.to_vec(),
            rescued: None,
            left: None,
        };
        let visits = [0.0, 4.0, 8.0, 12.0, 16.0, 20.0];
        let found = record.relapse(&endpoint(), &visits, Estimand::TreatmentPolicy)?;
        Some((found.time, found.event))
    }

    #[test]
    fn relapse_counts_from_the_first_response_to_its_loss() {
        let gone = f64::NAN;
        assert_eq!(
            relapse(&[20.0, 15.0, 9.0, 8.0, 12.0, 5.0]),
            Some((8.0, true))
        );
        assert_eq!(
            relapse(&[20.0, 9.0, 9.0, 8.0, 9.0, 5.0]),
            Some((16.0, false))
        );
        assert_eq!(relapse(&[20.0, 15.0, 15.0, 15.0, 15.0, 15.0]), None);
        // A visit that is missed tells nothing; who leaves is followed to the last visit.
        assert_eq!(
            relapse(&[20.0, 9.0, gone, 8.0, gone, gone]),
            Some((8.0, false))
        );
        assert_eq!(
            relapse(&[20.0, 9.0, gone, 12.0, gone, gone]),
            Some((8.0, true))
        );
    }
}
