//! The first drawn trial, as its report would read.

use super::chance::Chance;
use super::contrast::Contrast;
use super::estimate::{Estimate, counts, estimate, times};
use super::operating::{allocate, available};
use super::record::{Record, Source, record};
use super::run::{Patient, TrialRun};
use super::subgroup::Followed;
use super::truth::true_effect_of;
use crate::scenario::{Endpoint, Measure, Scenario};
use crate::statistics::{
    Interval, NumberNeeded, Reading, at_risk, kaplan_meier, mixed_model, number_needed,
    risk_difference,
};
use serde::Serialize;

/// More visits than this are not put into the model for repeated measures.
const MOST_VISITS: usize = 26;

/// An arm of the reported trial.
#[derive(Clone, Debug, Serialize)]
pub struct ArmResponse {
    /// People allocated.
    pub allocated: usize,
    /// People who left before the endpoint's visit.
    pub left: usize,
    /// People who had rescue before it.
    pub rescued: usize,
    /// People whose endpoint was read and counts.
    pub analysed: usize,
    /// People who responded.
    pub responders: usize,
    /// Share of the allocated who responded, with Wilson's interval.
    pub share: Interval,
    /// Each analysed person's endpoint (change or percent change), best first.
    pub outcomes: Vec<f64>,
    /// Time and share of people who have not responded (or relapsed) yet, where the endpoint is a time.
    pub without_response: Vec<(f64, f64)>,
    /// Day of each visit up to the endpoint's and number of people still at risk then, where the endpoint is a time.
    pub at_risk: Vec<(f64, usize)>,
}

/// Effect at one visit by the mixed model.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Repeated {
    /// Day.
    pub day: f64,
    /// Difference of the arms, adjusted to the same value at entry.
    pub effect: Interval,
    /// Its p (Wald).
    pub p: f64,
}

/// An arm against the comparator in the reported trial.
#[derive(Clone, Debug, Serialize)]
pub struct Reported {
    /// The endpoint.
    pub estimate: Option<Estimate>,
    /// Share of responders over that of the comparator, with Newcombe's interval.
    pub risk_difference: Interval,
    /// Number needed to treat; nothing where the interval of the difference holds 0.
    pub number_needed: Option<NumberNeeded>,
    /// Effects over the visits by a mixed model for repeated measures (restricted likelihood, random intercept); nothing for
    /// responses, or where it cannot be fitted.
    pub repeated: Option<Vec<Repeated>>,
    /// What is looked at beside.
    pub secondary: Vec<SecondaryResult>,
}

/// Something looked at beside the endpoint.
#[derive(Clone, Debug, Serialize)]
pub struct SecondaryResult {
    /// The observable.
    pub observable: String,
    /// How it is computed.
    pub measure: &'static str,
    /// Day.
    pub day: f64,
    /// True effect in the pool, on the scale of the measure.
    pub effect: Interval,
    /// What the reported trial estimates.
    pub reported: Option<Estimate>,
}

/// The reported trial: people and records arm by arm.
pub(super) struct Drawn<'r> {
    pub arms: Vec<Followed<'r>>,
    /// Records of what is looked at beside: which, arm, person.
    secondary: Vec<Vec<Vec<Record>>>,
}

impl<'r> Drawn<'r> {
    /// The first trial of those that the operating characteristics are taken over; nothing where the pool is empty.
    pub fn first(scenario: &Scenario, run: &'r TrialRun) -> Option<Self> {
        let pool: Vec<&'r Patient> = available(run);
        if pool.is_empty() {
            return None;
        }
        let chance = Chance::of(scenario.seed, 0, scenario.visits.len());
        let allocated = allocate((scenario, scenario.population.size), &pool, &chance);
        let of = |observable: usize, endpoint: &Endpoint| -> Vec<Followed<'r>> {
            let arm = |(arm, people): (usize, &Vec<(usize, &'r Patient)>)| {
                let one = |&(place, patient): &(usize, &'r Patient)| {
                    let course = patient.arms.get(arm)?.as_ref().ok()?;
                    let source = Source::Trial(&chance, place);
                    let record =
                        record(scenario, (observable, endpoint), (patient, course), &source);
                    Some((patient, record))
                };
                people.iter().filter_map(one).collect()
            };
            allocated.iter().enumerate().map(arm).collect()
        };
        let strip = |arms: Vec<Followed<'r>>| -> Vec<Vec<Record>> {
            arms.into_iter()
                .map(|a| a.into_iter().map(|(_, r)| r).collect())
                .collect()
        };
        let beside = scenario.secondary.iter().enumerate();
        Some(Self {
            arms: of(0, &scenario.endpoint),
            secondary: beside.map(|(i, e)| strip(of(i + 1, e))).collect(),
        })
    }

    /// Records of both sides of a comparison.
    fn sides(&self, contrast: &Contrast) -> (Vec<Record>, Vec<Record>) {
        let (first, second) = contrast.sides(&self.arms);
        let strip = |side: Followed<'_>| side.into_iter().map(|(_, r)| r).collect();
        (strip(first), strip(second))
    }

    fn all_records(&self) -> Vec<Vec<Record>> {
        (0..self.arms.len()).map(|arm| self.records(arm)).collect()
    }

    fn records(&self, arm: usize) -> Vec<Record> {
        self.arms
            .get(arm)
            .map_or(Vec::new(), |a| a.iter().map(|(_, r)| r.clone()).collect())
    }
}

/// An arm of the trial.
pub(super) fn arm(scenario: &Scenario, drawn: &Drawn<'_>, arm: usize) -> ArmResponse {
    let (endpoint, estimand) = (&scenario.endpoint, scenario.estimand());
    let records = drawn.records(arm);
    let counts = counts(endpoint, &records, estimand);
    let mut outcomes: Vec<f64> = (records.iter())
        .filter_map(|r| r.outcome(endpoint, endpoint.visit, estimand))
        .collect();
    outcomes.sort_by(f64::total_cmp);
    if !endpoint.lower_is_better {
        outcomes.reverse();
    }
    let stayed = |r: &Record, visit: usize| r.left.is_none_or(|left| left > visit);
    let by = |visit: Option<usize>| visit.is_some_and(|v| v <= endpoint.visit);
    let is_time = matches!(
        endpoint.measure,
        Measure::TimeToResponse | Measure::TimeToRelapse
    );
    let times = match is_time {
        true => times(scenario, endpoint, &records),
        false => Vec::new(),
    };
    let days = scenario.visits.iter().take(endpoint.visit + 1);
    ArmResponse {
        allocated: records.len(),
        left: records.iter().filter(|r| by(r.left)).count(),
        rescued: records
            .iter()
            .filter(|r| {
                r.rescued
                    .is_some_and(|v| v < endpoint.visit && stayed(r, v))
            })
            .count(),
        analysed: match endpoint.measure {
            // Who is not seen did not respond.
            Measure::Responder => records.len(),
            _ if is_time => times.len(),
            _ => outcomes.len(),
        },
        responders: counts.responders,
        share: counts.wilson(),
        outcomes,
        without_response: match is_time {
            true => kaplan_meier(&times),
            false => Vec::new(),
        },
        at_risk: match is_time {
            true => days.map(|&day| (day, at_risk(&times, day))).collect(),
            false => Vec::new(),
        },
    }
}

/// A comparison.
pub(super) fn reported(
    scenario: &Scenario,
    run: &TrialRun,
    drawn: &Drawn<'_>,
    contrast: &Contrast,
) -> Reported {
    let (first, second) = drawn.sides(contrast);
    let (endpoint, estimand) = (&scenario.endpoint, scenario.estimand());
    let difference = risk_difference(
        counts(endpoint, &first, estimand),
        counts(endpoint, &second, estimand),
    );
    let beside = scenario.secondary.iter().zip(&drawn.secondary).enumerate();
    Reported {
        estimate: estimate(scenario, endpoint, (contrast, &drawn.all_records())),
        number_needed: number_needed(&difference),
        risk_difference: difference,
        repeated: repeated(scenario, contrast, drawn),
        secondary: beside
            .map(|(i, (e, records))| secondary(scenario, run, (i + 1, e), (records, contrast)))
            .collect(),
    }
}

/// The measure in words.
pub(super) fn measure_in_words(measure: Measure) -> &'static str {
    match measure {
        Measure::Change => "change",
        Measure::PercentChange => "percent change",
        Measure::Responder => "share of responders",
        Measure::TimeToResponse => "time to response",
        Measure::TimeToRelapse => "time to relapse",
    }
}

fn secondary(
    scenario: &Scenario,
    run: &TrialRun,
    (number, endpoint): (usize, &Endpoint),
    (records, contrast): (&[Vec<Record>], &Contrast),
) -> SecondaryResult {
    SecondaryResult {
        observable: scenario.network.observables[endpoint.observable as usize]
            .name
            .clone(),
        measure: measure_in_words(endpoint.measure),
        day: scenario.visits[endpoint.visit],
        effect: true_effect_of(scenario, (number, endpoint), run, contrast),
        reported: estimate(scenario, endpoint, (contrast, records)),
    }
}

/// Change at every visit up to the endpoint's on entry, visit, and arm at each visit, with a random intercept; in a
/// factorial trial with the other factor and its interaction at each visit, so that they are no noise.
fn repeated(scenario: &Scenario, contrast: &Contrast, drawn: &Drawn<'_>) -> Option<Vec<Repeated>> {
    let endpoint = &scenario.endpoint;
    let visits = endpoint.visit;
    let number = matches!(endpoint.measure, Measure::Change | Measure::PercentChange);
    if !number || visits > MOST_VISITS || scenario.period().is_some() {
        return None;
    }
    let fit = mixed_model(&readings(scenario, contrast, drawn))?;
    let at = |v: usize| {
        let (effect, p) = fit.effect(visits + v)?;
        Some(Repeated {
            day: scenario.visits[v],
            effect,
            p,
        })
    };
    (1..=visits).map(at).collect()
}

/// Every reading of a comparison with its row: entry, then by visit the visit itself, the side, and in a factorial trial the
/// level of the other factor and both together.
fn readings(scenario: &Scenario, contrast: &Contrast, drawn: &Drawn<'_>) -> Vec<Reading> {
    let (endpoint, visits) = (&scenario.endpoint, scenario.endpoint.visit);
    // Cells of one side stand for the levels of the other factor, coded around 0: the effect is that between them.
    let cells = contrast.without.len().max(1);
    let level = |cell: usize| cell as f64 - (cells as f64 - 1.0) / 2.0;
    let side = |arms: &[usize], side: f64| -> Vec<(Record, f64, f64)> {
        let of = |(cell, &arm): (usize, &usize)| {
            let records = drawn.records(arm).into_iter();
            records.map(move |record| (record, side, level(cell)))
        };
        arms.iter().enumerate().flat_map(of).collect()
    };
    let people = [side(&contrast.without, 0.0), side(&contrast.with, 1.0)].concat();
    let mut found = Vec::new();
    for (person, (record, side, level)) in people.iter().enumerate() {
        let kinds = [1.0, *side, *level, level * side];
        let kinds = if cells > 1 { &kinds[..] } else { &kinds[..2] };
        for v in 1..=visits {
            if let Some(value) = record.outcome(endpoint, v, scenario.estimand()) {
                let mut row = vec![0.0; kinds.len() * visits + 1];
                row[0] = record.entry();
                for (block, kind) in kinds.iter().enumerate() {
                    row[block * visits + v] = *kind;
                }
                found.push(Reading { person, row, value });
            }
        }
    }
    found
}
