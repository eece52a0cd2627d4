//! What trials of the planned size see, over many drawn from the pool.

use super::chance::Chance;
use super::contrast::{Contrast, INTERACTION, contrasts};
use super::estimate::{Estimate, estimate};
use super::interim::{self, InterimResult, Look};
use super::record::{Record, Source, record};
use super::run::{Patient, TrialRun};
use crate::scenario::{Interim, Scenario};
use crate::statistics::{Z95, mean, per_arm, quantile, sorted, variance};
use gutskin_engine::random::standard_normal_quantile;
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

/// The people of one drawn trial, arm by arm, each with their place.
pub(super) fn allocate<'r>(
    scenario: &Scenario,
    pool: &[&'r Patient],
    chance: &Chance,
) -> Vec<Vec<(usize, &'r Patient)>> {
    let size = scenario.population.size;
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
fn one_trial(
    scenario: &Scenario,
    contrasts: &[Contrast],
    pool: &[&Patient],
    chance: &Chance,
) -> Vec<Look> {
    let arms = allocate(scenario, pool, chance);
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
    let contrasts = contrasts(scenario);
    let chance = |replicate| Chance::of(scenario.seed, replicate, scenario.visits.len());
    let trials: Vec<Vec<Look>> = (0..scenario.design.replicates)
        .into_par_iter()
        .map(|replicate| one_trial(scenario, &contrasts, &pool, &chance(replicate)))
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
        if let (Some(interim), Some(start)) = (look, found.per_arm_80) {
            let with_look =
                |power: f64| size_with_look(scenario, (contrast, &pool), (interim, power), start);
            (found.per_arm_80, found.per_arm_90) = (with_look(0.8), with_look(0.9));
        } else if let Some(start) = found.per_arm_80 {
            let sizes = sizes(scenario, (contrast, &pool), *truth, start);
            [found.per_arm_80, found.per_arm_90] = sizes
                .map(|[n80, n90]| [Some(n80), Some(n90)])
                .unwrap_or([found.per_arm_80, found.per_arm_90]);
        }
        Some(found)
    };
    contrasts
        .iter()
        .zip(by_arm.iter().zip(truths))
        .map(one)
        .collect()
}

/// Larger trials are extrapolated only.
const LARGEST: f64 = 20_000.0;
/// Times that a size is tried.
const ROUNDS: usize = 5;
/// A size that moves by less than this factor has settled.
const SETTLED: f64 = 1.1;

/// Trials of this size drawn from the pool, people in them twice where it is small: a large trial that used it up would differ too
/// little from the next one.
fn trials_of(
    scenario: &Scenario,
    (contrast, pool): (&Contrast, &[&Patient]),
    size: f64,
) -> Vec<Look> {
    /// People drawn for one size, and the bounds of the number of trials; more of both where a look leaves nothing but the share
    /// that succeeds to go by.
    const BUDGETS: [(f64, f64, f64); 2] =
        [(200_000.0, 40.0, 1_000.0), (1_000_000.0, 200.0, 1_000.0)];
    let has_look = scenario.design.interim.is_some();
    let (most, fewest, enough) = BUDGETS[usize::from(has_look)];
    let mut larger = scenario.clone();
    larger.population.size = size as usize;
    let people = size * scenario.arms.len() as f64;
    let trials = (most / people).clamp(fewest, enough) as usize;
    let contrasts = std::slice::from_ref(contrast);
    let chance = |replicate| Chance::of(scenario.seed, replicate, scenario.visits.len()).endless();
    (0..trials)
        .into_par_iter()
        .flat_map_iter(|replicate| one_trial(&larger, contrasts, pool, &chance(replicate)))
        .collect()
}

/// Sizes for 80 and 90 % power by drawing trials of the size that the last ones ask for, from `start` on, until it stays;
/// nothing where that is beyond what is drawn.
fn sizes(
    scenario: &Scenario,
    people: (&Contrast, &[&Patient]),
    truth: f64,
    start: f64,
) -> Option<[f64; 2]> {
    let (mut size, mut found) = (start, None);
    for _ in 0..ROUNDS {
        if !(2.0..=LARGEST).contains(&size) {
            return found;
        }
        let z = ZValues::of_looks(&trials_of(scenario, people, size), truth)?;
        let needed = |power: f64| per_arm(z.mean, z.sd, size as usize, power);
        let next = [needed(0.8)?, needed(0.9)?];
        found = Some(next);
        if (next[0] / size).ln().abs() < SETTLED.ln() {
            break;
        }
        size = next[0];
    }
    found
}

/// The size at which so many trials are not stopped at their look and have p < 0.05, as if their number followed a normal test;
/// nothing where no size that is drawn has that power.
fn size_with_look(
    scenario: &Scenario,
    people: (&Contrast, &[&Patient]),
    (interim, power): (Interim, f64),
    start: f64,
) -> Option<f64> {
    /// Powers beyond these are not told from 0 and 1 by so few trials.
    const TOLD: (f64, f64) = (0.02, 0.995);
    /// A size grows by no more at a time.
    const STEP: f64 = 4.0;
    let wanted = Z95 + standard_normal_quantile(power);
    let mut size = start;
    for _ in 0..2 * ROUNDS {
        if !(2.0..=LARGEST).contains(&size) {
            return None;
        }
        let looks = trials_of(scenario, people, size);
        let found = interim::over(&interim, &looks, better(scenario))
            .power
            .share;
        let z = Z95 + standard_normal_quantile(found.clamp(TOLD.0, TOLD.1));
        let factor = match z > 0.0 {
            true => (wanted / z).powi(2).clamp(1.0 / STEP, STEP),
            false => STEP,
        };
        let next = (size * factor).ceil();
        if factor.ln().abs() < SETTLED.ln() {
            return Some(next);
        }
        size = next;
    }
    None
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

/// The z values of trials, from their p values: what decides whether a trial finds something.
struct ZValues {
    mean: f64,
    sd: f64,
}

impl ZValues {
    /// Of trials of one size; those without an estimate find nothing.
    fn of_looks(looks: &[Look], truth: f64) -> Option<Self> {
        let estimates: Vec<Estimate> = looks.iter().filter_map(|look| look.at_end).collect();
        if estimates.len() < 2 {
            return None;
        }
        let values: Vec<f64> = estimates.iter().map(|e| e.value).collect();
        let spread = (mean(&values), variance(&values).sqrt(), truth);
        let found = Self::of(&estimates, spread)?;
        // A mixture with those that find nothing.
        let share = estimates.len() as f64 / looks.len() as f64;
        let mean = share * found.mean;
        let square = share * (found.sd.powi(2) + found.mean.powi(2));
        Some(Self {
            mean,
            sd: (square - mean * mean).max(0.0).sqrt(),
        })
    }

    /// Where estimates centre on the truth the mean is that of the truth, which holds no chance of the trials drawn;
    /// where drop-out, rescue or the scale of the estimate move them, it is that of the trials.
    fn of(estimates: &[Estimate], (centre, sd, truth): (f64, f64, f64)) -> Option<Self> {
        /// Beyond this z no p value is told from 0.
        const LARGEST: f64 = 37.0;
        /// Standard errors within which the mean of estimates is that of the truth.
        const ALIKE: f64 = 3.0;
        let z = |e: &Estimate| {
            let size = -standard_normal_quantile(e.p / 2.0);
            if size.is_finite() { size } else { LARGEST }
                .min(LARGEST)
                .copysign(e.value)
        };
        let values: Vec<f64> = estimates.iter().map(z).collect();
        let error = sd / (values.len() as f64).sqrt();
        let of_truth = || {
            let pairs = estimates.iter().zip(&values);
            let steep = pairs
                .filter(|(e, _)| e.value != 0.0)
                .map(|(e, z)| z / e.value);
            truth * mean(&steep.collect::<Vec<_>>())
        };
        let centred = truth.is_finite() && (centre - truth).abs() <= ALIKE * error;
        let found = if centred { of_truth() } else { mean(&values) };
        found.is_finite().then(|| Self {
            mean: found,
            sd: variance(&values).sqrt(),
        })
    }
}

/// The sign of a better outcome: −1 where lower is better.
fn better(scenario: &Scenario) -> f64 {
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
