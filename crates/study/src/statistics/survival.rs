//! Times to an event: the share that is still free of it, and the comparison of two arms.

use super::chi_squared_upper;
use serde::Serialize;

/// One person: time of the event, or until when none was seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Survival {
    /// Time, d.
    pub time: f64,
    /// Did the event happen?
    pub event: bool,
}

/// Comparison of two arms by log-rank.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LogRank {
    /// Events seen in the second arm.
    pub observed: f64,
    /// Events expected there if the arms did not differ.
    pub expected: f64,
    /// Chi-squared with one degree of freedom.
    pub chi_squared: f64,
    /// p against no difference.
    pub p: f64,
    /// Hazard in the second arm over that in the first, after Peto.
    pub hazard_ratio: f64,
    /// Standard error of its logarithm.
    pub standard_error: f64,
}

/// Distinct times of events, ascending.
fn event_times<'a>(people: impl Iterator<Item = &'a Survival>) -> Vec<f64> {
    let mut times: Vec<f64> = people.filter(|p| p.event).map(|p| p.time).collect();
    times.sort_by(f64::total_cmp);
    times.dedup();
    times
}

/// People at risk just before a time, and events at it.
fn at(arm: &[Survival], time: f64) -> (f64, f64) {
    let events = arm.iter().filter(|p| p.event && p.time == time).count();
    (at_risk(arm, time) as f64, events as f64)
}

/// Nothing where no event tells the arms apart.
#[must_use]
pub fn log_rank(first: &[Survival], second: &[Survival]) -> Option<LogRank> {
    let (mut observed, mut expected, mut spread) = (0.0, 0.0, 0.0);
    for time in event_times(first.iter().chain(second)) {
        let ((risk_a, events_a), (risk_b, events_b)) = (at(first, time), at(second, time));
        let (risk, events) = (risk_a + risk_b, events_a + events_b);
        observed += events_b;
        expected += events * risk_b / risk;
        if risk > 1.0 {
            spread += events * risk_b * risk_a * (risk - events) / (risk * risk * (risk - 1.0));
        }
    }
    if spread <= 0.0 {
        return None;
    }
    let chi_squared = (observed - expected).powi(2) / spread;
    Some(LogRank {
        observed,
        expected,
        chi_squared,
        p: chi_squared_upper(chi_squared, 1.0),
        hazard_ratio: ((observed - expected) / spread).exp(),
        standard_error: spread.sqrt().recip(),
    })
}

/// People of whom neither the event nor their leaving was seen before a time.
#[must_use]
pub fn at_risk(arm: &[Survival], time: f64) -> usize {
    arm.iter().filter(|p| p.time >= time).count()
}

/// Share free of the event after each time of an event, after Kaplan and Meier.
#[must_use]
pub fn kaplan_meier(arm: &[Survival]) -> Vec<(f64, f64)> {
    let mut share = 1.0;
    let step = |time: f64| {
        let (risk, events) = at(arm, time);
        share *= 1.0 - events / risk;
        (time, share)
    };
    event_times(arm.iter()).into_iter().map(step).collect()
}
