//! True effects: everyone in the pool, each against themselves.

use super::contrast::Contrast;
use super::estimate::{counts, times};
use super::record::{Record, Source, measured, record};
use super::run::{Patient, TrialRun};
use crate::scenario::{Endpoint, Estimand, Measure, Scenario};
use crate::statistics::{Interval, log_rank, mean, risk_difference};

/// The effect of a contrast on one person, placebo course in it and noise not; nothing where a solve failed or the value at entry is 0.
pub(super) fn individual(
    scenario: &Scenario,
    (observable, endpoint): (usize, &Endpoint),
    patient: &Patient,
    contrast: &Contrast,
) -> Option<f64> {
    let estimand = scenario.estimand();
    let value = |arm: usize| {
        let course = patient.arms.get(arm)?.as_ref().ok()?;
        let failed = course
            .rescued
            .as_ref()
            .is_some_and(|r| r.visit < endpoint.visit);
        if estimand == Estimand::Composite && failed {
            return Some(0.0);
        }
        let (values, placebo) = (
            course.followed(observable, estimand),
            &patient.placebo[observable],
        );
        let seen = |v: usize| values[v] * placebo[v];
        Some(measured(endpoint.measure, seen(0), seen(endpoint.visit)))
    };
    let side = |arms: &[usize]| -> Option<f64> {
        let values: Option<Vec<f64>> = arms.iter().map(|&arm| value(arm)).collect();
        values.map(|v| mean(&v))
    };
    Some(side(&contrast.with)? - side(&contrast.without)?).filter(|d| d.is_finite())
}

/// Of everyone who has one.
pub(super) fn individuals(
    scenario: &Scenario,
    patients: &[Patient],
    contrast: &Contrast,
) -> Vec<f64> {
    let endpoint = (0, &scenario.endpoint);
    let of = |p: &Patient| individual(scenario, endpoint, p, contrast);
    patients.iter().filter_map(of).collect()
}

/// Records of the whole pool in an arm: nobody leaves, readings with the people's own noise.
pub(super) fn pool_records(scenario: &Scenario, run: &TrialRun, arm: usize) -> Vec<Record> {
    let of = |p: &Patient| {
        let course = p.arms.get(arm)?.as_ref().ok()?;
        Some(record(
            scenario,
            (0, &scenario.endpoint),
            (p, course),
            &Source::Pool,
        ))
    };
    run.patients.iter().filter_map(of).collect()
}

/// The true effect on the scale of the trial's estimates: mean of the individual effects; for responses, what the
/// whole pool would show with nobody leaving.
pub(super) fn true_effect(scenario: &Scenario, run: &TrialRun, contrast: &Contrast) -> Interval {
    let (endpoint, estimand) = (&scenario.endpoint, scenario.estimand());
    let both = || {
        let arms: Vec<Vec<Record>> = (0..scenario.arms.len())
            .map(|arm| pool_records(scenario, run, arm))
            .collect();
        contrast.sides(&arms)
    };
    match endpoint.measure {
        Measure::Change | Measure::PercentChange => {
            Interval::of_mean(&individuals(scenario, &run.patients, contrast))
        }
        Measure::Responder => {
            let (first, second) = both();
            risk_difference(
                counts(endpoint, &first, estimand),
                counts(endpoint, &second, estimand),
            )
        }
        Measure::TimeToResponse => {
            let (first, second) = both();
            let test = log_rank(
                &times(scenario, endpoint, &first),
                &times(scenario, endpoint, &second),
            );
            test.map_or(Interval::around(f64::NAN, f64::NAN), |t| {
                let value = t.hazard_ratio.ln();
                let error = value.abs() / t.chi_squared.sqrt();
                Interval::around(value, crate::statistics::Z95 * error)
            })
        }
    }
}

/// What a change of the comparator as seen is made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct ComparatorParts {
    /// True change by what the arm is given, without care.
    pub own: f64,
    /// What noise adds, to entry first of all.
    pub screening: f64,
    /// What placebo course, natural course and care add.
    pub placebo: f64,
}

/// Change of the comparator as seen, split.
pub(super) fn comparator_parts(scenario: &Scenario, run: &TrialRun) -> ComparatorParts {
    let (endpoint, visit) = (&scenario.endpoint, scenario.endpoint.visit);
    let (mut own, mut noise_only, mut all) = (Vec::new(), Vec::new(), Vec::new());
    for p in &run.patients {
        let Some(Ok(course)) = p.arms.first() else {
            continue;
        };
        let values = &course.values[0];
        let placebo = &p.placebo[0];
        let read = |value: f64, v: usize| endpoint.observation.read(value, p.noise[v]);
        let untouched = p.without_care.as_ref().unwrap_or(values);
        let parts = [
            measured(endpoint.measure, untouched[0], untouched[visit]),
            measured(
                endpoint.measure,
                read(untouched[0], 0),
                read(untouched[visit], visit),
            ),
            measured(
                endpoint.measure,
                read(values[0] * placebo[0], 0),
                read(values[visit] * placebo[visit], visit),
            ),
        ];
        if parts.iter().all(|v| v.is_finite()) {
            own.push(parts[0]);
            noise_only.push(parts[1]);
            all.push(parts[2]);
        }
    }
    let (own, read) = (mean(&own), mean(&noise_only));
    ComparatorParts {
        own,
        screening: read - own,
        placebo: mean(&all) - read,
    }
}
