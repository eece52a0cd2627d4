//! What a trial found: true effects in the simulated population, and what a trial of this size would see.

use super::TrialRun;
use crate::scenario::{Measure, Scenario};
use serde::Serialize;

/// Two-sided normal quantile of 95 %.
const Z95: f64 = 1.959_963_984_540_054;

/// A mean with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// Mean.
    pub mean: f64,
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

/// One arm.
#[derive(Clone, Debug, Serialize)]
pub struct ArmSummary {
    /// Name.
    pub name: String,
    /// People who completed.
    pub completed: usize,
    /// People whose equations could not be solved, with the first reason.
    pub failed: usize,
    /// Why the first one failed.
    pub first_failure: Option<String>,
    /// Endpoint of this arm as seen (placebo course and noise included).
    pub seen: Interval,
    /// Endpoint without placebo course and noise: what the equations do.
    pub modelled: Interval,
    /// Mean and 5–95 % band of the observable as seen, one a visit.
    pub course: Vec<[f64; 3]>,
}

/// An arm against the comparator.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// Name of the arm.
    pub arm: String,
    /// Mean effect in the simulated people, each against themselves; the interval is that of the mean over people.
    pub effect: Interval,
    /// Half width of the 95 % interval that a parallel trial of this size would report.
    pub trial_half_width: f64,
    /// Chance that such a trial finds p < 0.05 (normal approximation).
    pub power: f64,
    /// Share of people whose own effect is an improvement.
    pub improved_share: f64,
}

impl Comparison {
    /// Is there a result at all: has anyone completed both arms?
    #[must_use]
    pub fn has_result(&self) -> bool {
        self.effect.mean.is_finite()
    }
}

/// The whole result.
#[derive(Clone, Debug, Serialize)]
pub struct TrialSummary {
    /// Title of the scenario.
    pub name: String,
    /// Question of the scenario.
    pub question: String,
    /// Endpoint, in words.
    pub endpoint: String,
    /// Unit of the endpoint.
    pub unit: String,
    /// Visit times, days.
    pub visits: Vec<f64>,
    /// People drawn until enough satisfied the inclusion rules.
    pub screened: usize,
    /// People in each arm.
    pub included: usize,
    /// People left out because no stable steady state was found.
    pub without_steady_state: usize,
    /// Arms.
    pub arms: Vec<ArmSummary>,
    /// Each arm but the first against the first.
    pub comparisons: Vec<Comparison>,
    /// Part of the comparator's change that entry on a noisy value creates (regression to the mean).
    pub from_screening: f64,
    /// Part of the comparator's change due to placebo and natural course.
    pub from_placebo: f64,
}

impl TrialSummary {
    /// The first arm that nobody completed.
    #[must_use]
    pub fn empty_arm(&self) -> Option<&ArmSummary> {
        self.arms.iter().find(|arm| arm.completed == 0)
    }
}

/// Summarises a run.
pub fn summarise(scenario: &Scenario, run: &TrialRun) -> TrialSummary {
    let observable = &scenario.network.observables[scenario.endpoint.observable as usize];
    let unit = match scenario.endpoint.measure {
        Measure::PercentChange => "%".to_owned(),
        Measure::Change => observable
            .unit
            .as_ref()
            .map_or(String::new(), ToString::to_string),
    };
    let arms: Vec<ArmSummary> = (0..scenario.arms.len())
        .map(|arm| arm_summary(scenario, run, arm))
        .collect();
    let comparisons = (1..scenario.arms.len())
        .map(|arm| comparison(scenario, run, arm))
        .collect();
    let (from_screening, from_placebo) = placebo_parts(scenario, run);
    TrialSummary {
        name: scenario.name.clone(),
        question: scenario.question.clone(),
        endpoint: format!(
            "{} of {} from entry to day {}",
            match scenario.endpoint.measure {
                Measure::Change => "change",
                Measure::PercentChange => "percent change",
            },
            observable.name,
            scenario.visits[scenario.endpoint.visit]
        ),
        unit,
        visits: scenario.visits.clone(),
        screened: run.screened,
        included: run.patients.len(),
        without_steady_state: run.without_steady_state,
        arms,
        comparisons,
        from_screening,
        from_placebo,
    }
}

fn measure(kind: Measure, entry: f64, end: f64) -> f64 {
    match kind {
        Measure::Change => end - entry,
        Measure::PercentChange => 100.0 * (end - entry) / entry,
    }
}

/// Endpoints of everyone who completed `arm`: as seen, and as modelled.
fn endpoints(scenario: &Scenario, run: &TrialRun, arm: usize) -> Vec<(f64, f64)> {
    let (kind, visit) = (scenario.endpoint.measure, scenario.endpoint.visit);
    run.patients
        .iter()
        .filter_map(|p| {
            let course = p.arms[arm].as_ref().ok()?;
            let seen = |v: usize| {
                scenario
                    .observation
                    .read(course[v] * p.placebo[v], p.noise[v])
            };
            Some((
                measure(kind, seen(0), seen(visit)),
                measure(kind, course[0], course[visit]),
            ))
        })
        .collect()
}

fn arm_summary(scenario: &Scenario, run: &TrialRun, arm: usize) -> ArmSummary {
    let pairs = endpoints(scenario, run, arm);
    let column = |f: fn(&(f64, f64)) -> f64| pairs.iter().map(f).collect::<Vec<_>>();
    let failures: Vec<&String> = run
        .patients
        .iter()
        .filter_map(|p| p.arms[arm].as_ref().err())
        .collect();
    ArmSummary {
        name: scenario.arms[arm].name.clone(),
        completed: pairs.len(),
        failed: failures.len(),
        first_failure: failures.first().map(|f| (*f).clone()),
        seen: mean_interval(&column(|p| p.0)),
        modelled: mean_interval(&column(|p| p.1)),
        course: (0..scenario.visits.len())
            .map(|v| band(scenario, run, arm, v))
            .collect(),
    }
}

fn band(scenario: &Scenario, run: &TrialRun, arm: usize, visit: usize) -> [f64; 3] {
    let mut values: Vec<f64> = run
        .patients
        .iter()
        .filter_map(|p| {
            let value = p.arms[arm].as_ref().ok()?[visit] * p.placebo[visit];
            Some(scenario.observation.read(value, p.noise[visit]))
        })
        .collect();
    values.sort_by(f64::total_cmp);
    [
        mean(&values),
        quantile(&values, 0.05),
        quantile(&values, 0.95),
    ]
}

fn comparison(scenario: &Scenario, run: &TrialRun, arm: usize) -> Comparison {
    let (kind, visit) = (scenario.endpoint.measure, scenario.endpoint.visit);
    let differences: Vec<f64> = run
        .patients
        .iter()
        .filter_map(|p| {
            let (own, other) = (p.arms[arm].as_ref().ok()?, p.arms[0].as_ref().ok()?);
            let f = p.placebo[visit];
            Some(measure(kind, own[0], own[visit] * f) - measure(kind, other[0], other[visit] * f))
        })
        .collect();
    let effect = mean_interval(&differences);
    let spread = |arm| {
        let seen: Vec<f64> = endpoints(scenario, run, arm).iter().map(|p| p.0).collect();
        variance(&seen) / seen.len() as f64
    };
    let standard_error = (spread(0) + spread(arm)).sqrt();
    let power = if standard_error > 0.0 {
        let z = effect.mean / standard_error;
        gutskin_engine::random::standard_normal_probability(z - Z95)
            + gutskin_engine::random::standard_normal_probability(-z - Z95)
    } else {
        f64::NAN
    };
    Comparison {
        arm: scenario.arms[arm].name.clone(),
        effect,
        trial_half_width: Z95 * standard_error,
        power,
        improved_share: differences.iter().filter(|&&d| d < 0.0).count() as f64
            / differences.len() as f64,
    }
}

/// Change of the comparator as seen, split: with noise but without placebo course and care; and what these add.
fn placebo_parts(scenario: &Scenario, run: &TrialRun) -> (f64, f64) {
    let (kind, visit) = (scenario.endpoint.measure, scenario.endpoint.visit);
    let (mut noise_only, mut all) = (Vec::new(), Vec::new());
    for p in &run.patients {
        let Ok(course) = &p.arms[0] else { continue };
        let read = |value: f64, v: usize| scenario.observation.read(value, p.noise[v]);
        let entry = read(course[0], 0);
        let untouched = p.without_care.as_ref().unwrap_or(course);
        noise_only.push(measure(kind, entry, read(untouched[visit], visit)));
        all.push(measure(
            kind,
            entry,
            read(course[visit] * p.placebo[visit], visit),
        ));
    }
    let screening = mean(&noise_only);
    (screening, mean(&all) - screening)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn variance(values: &[f64]) -> f64 {
    let m = mean(values);
    values.iter().map(|v| (v - m).powi(2)).sum::<f64>() / (values.len() as f64 - 1.0)
}

fn mean_interval(values: &[f64]) -> Interval {
    let m = mean(values);
    let half = Z95 * (variance(values) / values.len() as f64).sqrt();
    Interval {
        mean: m,
        low: m - half,
        high: m + half,
    }
}

/// Linear interpolation between order statistics of sorted values.
fn quantile(sorted: &[f64], q: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    let at = q * last as f64;
    let below = at.floor() as usize;
    let above = (below + 1).min(last);
    sorted[below] + (at - below as f64) * (sorted[above] - sorted[below])
}
