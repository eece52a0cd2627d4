//! What trials of the planned size see, over many drawn from the pool.

use super::chance::Chance;
use super::contrast::{Contrast, INTERACTION, contrasts};
use super::estimate::{Estimate, estimate};
use super::interim::{self, InterimResult, Look};
use super::record::{Record, Source, record};
use super::run::{Patient, TrialRun};
use super::sizes::{Sized, ZValues};
use crate::scenario::{Interim, Scenario};
use crate::statistics::{mean, per_arm, quantile, sorted, variance};
use rayon::prelude::*;
use serde::Serialize;

/// A share of trials with its Monte-Carlo standard error.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Share {
    /// The share.
    pub share: f64,
    /// Its standard error, from the number of trials drawn.
    pub monte_carlo_error: f64,
}

impl Share {
    /// So many of so many.
    pub(super) fn of(count: usize, all: usize) -> Self {
        let share = count as f64 / all as f64;
        Self {
            share,
            monte_carlo_error: (share * (1.0 - share) / all as f64).sqrt(),
        }
    }
}

/// Many trials of the planned size, an arm against the comparator.
#[derive(Clone, Debug, Serialize)]
pub struct Operating {
    /// Trials drawn that gave an estimate.
    pub replicates: usize,
    /// Mean of their estimates.
    pub mean: f64,
    /// Standard deviation of their estimates.
    pub sd: f64,
    /// 2.5, 25, 50, 75 and 97.5 % quantiles of the estimates.
    pub quantiles: [f64; 5],
    /// Mean half width of the 95 % interval.
    pub half_width: f64,
    /// Share of intervals that hold the true effect.
    pub coverage: f64,
    /// Share of trials with p < 0.05.
    pub power: Share,
    /// Of those with p < 0.05, the share whose sign is wrong (type-S error).
    pub wrong_sign: Option<f64>,
    /// Of those, how many times the true effect their mean size is (type-M error).
    pub exaggeration: Option<f64>,
    /// Mean estimate of those with p < 0.05: what a reader believes who sees only these.
    pub believed: Option<f64>,
    /// People an arm for 80 % power, with the drop-out, rescue and missing values of the design: at the true effect where the
    /// estimates centre on it, else at what they centre on.
    pub per_arm_80: Option<f64>,
    /// The same for 90 %.
    pub per_arm_90: Option<f64>,
    /// The look for futility.
    pub interim: Option<InterimResult>,
}

impl Operating {
    /// Do intervals hold the true effect by far more seldom than they say? Then the analysis estimates something else.
    #[must_use]
    pub fn misses_the_truth(&self) -> bool {
        const SELDOM: f64 = 0.9;
        self.coverage < SELDOM
    }
}

/// The people of one drawn trial with so many in an arm, arm by arm, each with their place.
pub(super) fn allocate<'r>(
    (scenario, size): (&Scenario, usize),
    pool: &[&'r Patient],
    chance: &Chance,
) -> Vec<Vec<(usize, &'r Patient)>> {
    let places = chance.allocation(pool.len(), size * scenario.arms.len());
    let people: Vec<(usize, &Patient)> = places
        .iter()
        .enumerate()
        .filter_map(|(i, &p)| Some((i, *pool.get(p)?)))
        .collect();
    people.chunks(size).map(<[_]>::to_vec).collect()
}

/// Those who can be in a trial: everyone whose arms were all solved.
pub(super) fn available(run: &TrialRun) -> Vec<&Patient> {
    run.patients.iter().filter(|p| p.is_complete()).collect()
}

/// Records of an arm of a drawn trial.
pub(super) fn records(
    scenario: &Scenario,
    arm: usize,
    people: &[(usize, &Patient)],
    chance: &Chance,
) -> Vec<Record> {
    let of = |(place, patient): &(usize, &Patient)| {
        let course = patient.arms.get(arm)?.as_ref().ok()?;
        let source = Source::Trial(chance, *place);
        Some(record(
            scenario,
            (0, &scenario.endpoint),
            (patient, course),
            &source,
        ))
    };
    people.iter().filter_map(of).collect()
}

/// Estimates of every comparison at the end and at the look, of one drawn trial.
pub(super) fn one_trial(
    (scenario, size): (&Scenario, usize),
    contrasts: &[Contrast],
    pool: &[&Patient],
    chance: &Chance,
) -> Vec<Look> {
    let arms = allocate((scenario, size), pool, chance);
    let all: Vec<Vec<Record>> = (arms.iter().enumerate())
        .map(|(arm, people)| records(scenario, arm, people, chance))
        .collect();
    let part = |share: f64| -> Vec<Vec<Record>> {
        let first = |records: &Vec<Record>| {
            let count = (records.len() as f64 * share).round() as usize;
            records[..count.min(records.len())].to_vec()
        };
        all.iter().map(first).collect()
    };
    let early = scenario.design.interim.map(|i| part(i.at));
    let estimated = |contrast: &Contrast, arms: &[Vec<Record>]| {
        estimate(scenario, &scenario.endpoint, (contrast, arms))
    };
    let look = |contrast: &Contrast| Look {
        at_look: early.as_ref().and_then(|arms| estimated(contrast, arms)),
        at_end: estimated(contrast, &all),
    };
    contrasts.iter().map(look).collect()
}

/// What trials see, one entry a comparison, given the true effects. Nothing where nobody is in the pool.
pub(super) fn operating(
    scenario: &Scenario,
    run: &TrialRun,
    truths: &[f64],
) -> Vec<Option<Operating>> {
    let pool = available(run);
    if pool.is_empty() {
        return truths.iter().map(|_| None).collect();
    }
    let (contrasts, size) = (contrasts(scenario), scenario.population.size);
    let chance = |replicate| Chance::of(scenario.seed, replicate, scenario.visits.len());
    let trials: Vec<Vec<Look>> = (0..scenario.design.replicates)
        .into_par_iter()
        .map(|replicate| one_trial((scenario, size), &contrasts, &pool, &chance(replicate)))
        .collect();
    let mut by_arm: Vec<Vec<Look>> = truths.iter().map(|_| Vec::new()).collect();
    for trial in trials {
        for (arm, look) in by_arm.iter_mut().zip(trial) {
            arm.push(look);
        }
    }
    let one = |(contrast, (looks, truth)): (&Contrast, (&Vec<Look>, &f64))| {
        // Trends of an interaction have no better direction, so that no look stops for it.
        let look = scenario
            .design
            .interim
            .filter(|_| contrast.against != INTERACTION);
        let mut found = characteristics(scenario, (looks, look), *truth)?;
        if let Some(start) = found.per_arm_80 {
            let trials = Sized::of(scenario, contrast, &pool, look.is_some());
            let of_look = |power| look.map(|l| trials.size_with_look((l, power), start));
            match (of_look(0.8), of_look(0.9)) {
                (Some(n80), Some(n90)) => (found.per_arm_80, found.per_arm_90) = (n80, n90),
                _ => {
                    if let Some([n80, n90]) = trials.sizes(*truth, start) {
                        (found.per_arm_80, found.per_arm_90) = (Some(n80), Some(n90));
                    }
                }
            }
        }
        Some(found)
    };
    contrasts
        .iter()
        .zip(by_arm.iter().zip(truths))
        .map(one)
        .collect()
}

/// Effects below this share of the standard deviation of estimates are none: it would take 1e13 people to see one.
const NOTHING: f64 = 1e-6;

fn characteristics(
    scenario: &Scenario,
    (looks, look): (&[Look], Option<Interim>),
    truth: f64,
) -> Option<Operating> {
    let estimates: Vec<Estimate> = looks.iter().filter_map(|l| l.at_end).collect();
    if estimates.len() < 2 {
        return None;
    }
    let values: Vec<f64> = estimates.iter().map(|e| e.value).collect();
    let (centre, sd, ordered) = (mean(&values), variance(&values).sqrt(), sorted(values));
    let significant: Vec<f64> = estimates
        .iter()
        .filter(|e| e.p < 0.05)
        .map(|e| e.value)
        .collect();
    let of_significant =
        |f: &dyn Fn(&[f64]) -> f64| (!significant.is_empty()).then(|| f(&significant));
    let holds = |e: &&Estimate| (e.low..=e.high).contains(&truth);
    let size = scenario.population.size;
    let z = ZValues::of(&estimates, (centre, sd, truth));
    let needed = |power: f64| z.as_ref().and_then(|z| per_arm(z.mean, z.sd, size, power));
    // Beside the spread of estimates so small an effect is rounding: its sign and size say nothing.
    let none = truth.abs() < NOTHING * sd;
    Some(Operating {
        replicates: estimates.len(),
        mean: centre,
        sd,
        quantiles: [0.025, 0.25, 0.5, 0.75, 0.975].map(|q| quantile(&ordered, q)),
        half_width: mean(
            &estimates
                .iter()
                .map(|e| (e.high - e.low) / 2.0)
                .collect::<Vec<_>>(),
        ),
        coverage: estimates.iter().filter(holds).count() as f64 / estimates.len() as f64,
        power: Share::of(significant.len(), looks.len()),
        wrong_sign: of_significant(&|v| {
            v.iter().filter(|e| **e * truth < 0.0).count() as f64 / v.len() as f64
        })
        .filter(|_| !none),
        exaggeration: of_significant(&|v| {
            mean(&v.iter().map(|e| e.abs()).collect::<Vec<_>>()) / truth.abs()
        })
        .filter(|x| x.is_finite() && !none),
        believed: of_significant(&|v| mean(v)),
        per_arm_80: needed(0.8).filter(|_| !none),
        per_arm_90: needed(0.9).filter(|_| !none),
        interim: look.map(|i| interim::over(&i, looks, better(scenario))),
    })
}

/// The sign of a better outcome: −1 where lower is better.
pub(super) fn better(scenario: &Scenario) -> f64 {
    // A hazard ratio below 1 means later responses: there, more is better.
    let relapse = scenario.endpoint.measure == crate::scenario::Measure::TimeToRelapse;
    let lower = relapse || scenario.endpoint.lower_is_better && !counts_responses(scenario);
    if lower { -1.0 } else { 1.0 }
}

/// Is the estimate about responses, of which more is better?
fn counts_responses(scenario: &Scenario) -> bool {
    use crate::scenario::Measure::{Responder, TimeToResponse};
    matches!(scenario.endpoint.measure, Responder | TimeToResponse)
}
