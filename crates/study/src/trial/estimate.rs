//! The difference of two arms as one trial estimates it.

use super::contrast::Contrast;
use super::record::Record;
use crate::scenario::{Endpoint, Estimand, Kind, Measure, Scenario};
use crate::statistics::{
    Adjusted, Counts, Pair, Survival, Z95, ancova, ancova_of_cells, log_rank, risk_difference,
    two_sided_normal,
};
use serde::Serialize;

/// Difference of an arm from the comparator in one trial.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// Change and percent change: difference of adjusted means. Responder: difference of shares. Time to response:
    /// logarithm of the hazard ratio.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Bounds of the 95 % interval.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
    /// Two-sided p against no difference.
    pub p: f64,
}

/// What judges the endpoint, in words.
pub(super) fn method(scenario: &Scenario) -> &'static str {
    if matches!(scenario.design.kind, Kind::Crossover { .. }) {
        return "differences within people between periods, t test between sequences; observed in both periods";
    }
    match scenario.endpoint.measure {
        Measure::Change | Measure::PercentChange => {
            "analysis of covariance on the reading at entry, observed cases"
        }
        Measure::Responder => "difference of shares; who is not seen did not respond",
        Measure::TimeToResponse => "log-rank, hazard ratio after Peto",
        Measure::TimeToRelapse => {
            "log-rank among those who responded, who differ between arms; hazard ratio after Peto"
        }
    }
}

/// People who responded at the endpoint's visit.
pub(super) fn counts(endpoint: &Endpoint, records: &[Record], estimand: Estimand) -> Counts {
    let responded = |r: &&Record| r.responded(endpoint, endpoint.visit, estimand);
    Counts {
        responders: records.iter().filter(responded).count(),
        people: records.len(),
    }
}

/// Values at entry and outcomes of those who have one.
pub(super) fn pairs(endpoint: &Endpoint, records: &[Record], estimand: Estimand) -> Vec<Pair> {
    let pair = |r: &Record| Some((r.entry(), r.outcome(endpoint, endpoint.visit, estimand)?));
    records.iter().filter_map(pair).collect()
}

/// Times to response, or to relapse of those who responded.
pub(super) fn times(scenario: &Scenario, endpoint: &Endpoint, records: &[Record]) -> Vec<Survival> {
    let (visits, estimand) = (&scenario.visits, scenario.estimand());
    let time = |r: &Record| match endpoint.measure {
        Measure::TimeToRelapse => r.relapse(endpoint, visits, estimand),
        _ => Some(r.time(endpoint, visits, estimand)),
    };
    records.iter().filter_map(time).collect()
}

/// Estimates the difference; nothing where too few people are left or nobody differs.
pub(super) fn estimate(
    scenario: &Scenario,
    endpoint: &Endpoint,
    (contrast, arms): (&Contrast, &[Vec<Record>]),
) -> Option<Estimate> {
    let estimand = scenario.estimand();
    let (first, second) = contrast.sides(arms);
    let (first, second) = (first.as_slice(), second.as_slice());
    if let Some(period) = scenario.period() {
        return within_people(endpoint, period, (first, second));
    }
    match endpoint.measure {
        Measure::Change | Measure::PercentChange => {
            let cells = contrast.cells(arms);
            let pairs = cells
                .iter()
                .map(|(r, w)| (pairs(endpoint, r, estimand), *w));
            let pairs: Vec<(Vec<Pair>, f64)> = pairs.collect();
            let cells: Vec<(&[Pair], f64)> =
                pairs.iter().map(|(p, w)| (p.as_slice(), *w)).collect();
            ancova_of_cells(&cells).map(|fit| of_fit(&fit, 1.0))
        }
        Measure::Responder => shares(
            counts(endpoint, first, estimand),
            counts(endpoint, second, estimand),
        ),
        Measure::TimeToResponse | Measure::TimeToRelapse => {
            let test = log_rank(
                &times(scenario, endpoint, first),
                &times(scenario, endpoint, second),
            )?;
            let value = test.hazard_ratio.ln();
            let standard_error = test.standard_error;
            Some(Estimate {
                value,
                standard_error,
                low: value - Z95 * standard_error,
                high: value + Z95 * standard_error,
                p: test.p,
            })
            .filter(|e| e.standard_error.is_finite())
        }
    }
}

fn of_fit(fit: &Adjusted, scale: f64) -> Estimate {
    let interval = fit.interval();
    Estimate {
        value: scale * fit.estimate,
        standard_error: scale * fit.standard_error,
        low: scale * interval.low,
        high: scale * interval.high,
        p: fit.p,
    }
}

/// Crossover: half the difference between the sequences in the change from the first period to the second, so that
/// what the second period does to everyone falls out. `first` are those who had the comparator first.
fn within_people(
    endpoint: &Endpoint,
    period: usize,
    (first, second): (&[Record], &[Record]),
) -> Option<Estimate> {
    let changes = |records: &[Record]| -> Vec<Pair> {
        let change = |r: &Record| {
            Some((
                0.0,
                r.in_period(endpoint, period)? - r.in_period(endpoint, 0)?,
            ))
        };
        records.iter().filter_map(change).collect()
    };
    // Those who had the comparator first change by the effect, the others by its opposite.
    ancova(&changes(second), &changes(first)).map(|fit| of_fit(&fit, 0.5))
}

/// Difference of shares with Newcombe's interval and the pooled z test.
fn shares(first: Counts, second: Counts) -> Option<Estimate> {
    let difference = risk_difference(first, second);
    let (n, m) = (first.people as f64, second.people as f64);
    let (a, b) = (first.share(), second.share());
    let all = (a * n + b * m) / (n + m);
    let pooled = (all * (1.0 - all) * (1.0 / n + 1.0 / m)).sqrt();
    let standard_error = (a * (1.0 - a) / n + b * (1.0 - b) / m).sqrt();
    let p = if pooled > 0.0 {
        two_sided_normal(difference.mean / pooled)
    } else {
        1.0
    };
    difference.mean.is_finite().then_some(Estimate {
        value: difference.mean,
        standard_error,
        low: difference.low,
        high: difference.high,
        p,
    })
}
