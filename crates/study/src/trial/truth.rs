//! True effects: everyone in the pool, each against themselves.

use super::contrast::Contrast;
use super::estimate::times;
use super::person::Who;
use super::record::{Record, Source, as_modelled, measured, of_arm, record};
use super::run::{Patient, TrialRun};
use crate::scenario::{Endpoint, Estimand, Measure, Scenario};
use crate::statistics::{Interval, log_rank, mean, paired_risk_difference};
use gutskin_engine::Options;

/// A difference of two solutions below so many relative tolerances of the solver is none: two runs of the same person
/// take other steps as soon as anything is given, even what does nothing.
const RESOLVED: f64 = 10.0;

/// Readings at entry that each person gets to part regression to the mean from the bias of a ratio.
const FRESH: u32 = 16;

/// The effect of a contrast on one person, placebo course in it and noise not; 0 where it is less than the solver can
/// tell from 0, nothing where a solve failed or the value at entry is 0.
pub(super) fn individual(
    scenario: &Scenario,
    (observable, endpoint): (usize, &Endpoint),
    patient: &Patient,
    contrast: &Contrast,
) -> Option<f64> {
    let estimand = scenario.estimand();
    let value = |(arm, begin): (usize, usize)| {
        let course = patient.arms.get(arm)?.as_ref().ok()?;
        let failed = course
            .rescued
            .as_ref()
            .is_some_and(|r| r.visit < endpoint.visit);
        if estimand == Estimand::Composite && failed {
            return Some([0.0; 2]);
        }
        let (values, placebo) = (
            course.followed(observable, estimand),
            &patient.placebo[observable],
        );
        let seen = |v: usize| endpoint.observation.under(values[v], placebo[v]);
        let (entry, later) = (seen(begin), seen(begin + endpoint.visit));
        let size = entry.abs().max(later.abs());
        let size = match endpoint.measure {
            Measure::Change => size,
            _ => 100.0 * size / entry.abs(),
        };
        Some([measured(endpoint.measure, entry, later), size])
    };
    let side = |places: &[(usize, usize)]| -> Option<[f64; 2]> {
        let values: Option<Vec<[f64; 2]>> = places.iter().map(|&place| value(place)).collect();
        let of = |part: usize| values.iter().flatten().map(move |v| v[part]);
        values.as_ref()?;
        Some([mean(&of(0).collect::<Vec<_>>()), of(1).fold(0.0, f64::max)])
    };
    let [without, with] = places(scenario, contrast);
    let (with, without) = (side(&with)?, side(&without)?);
    let effect = with[0] - without[0];
    let error = RESOLVED * Options::default().relative_tolerance * with[1].max(without[1]);
    match effect.is_finite() {
        true if effect.abs() <= error => Some(0.0),
        finite => finite.then_some(effect),
    }
}

/// Arms without and with what is compared, each with the visit at which its period begins. In a crossover trial each treatment is
/// met in both periods, one in each sequence.
fn places(scenario: &Scenario, contrast: &Contrast) -> [Vec<(usize, usize)>; 2] {
    let first = |arms: &[usize]| arms.iter().map(|&arm| (arm, 0)).collect::<Vec<_>>();
    let (without, with) = (first(&contrast.without), first(&contrast.with));
    let Some(period) = scenario.period() else {
        return [without, with];
    };
    let second = |arms: &[usize]| arms.iter().map(|&arm| (arm, period)).collect::<Vec<_>>();
    [
        [without, second(&contrast.with)].concat(),
        [with, second(&contrast.without)].concat(),
    ]
}

/// What is to be said where people of a crossover trial do not enter its second period as they entered the first.
pub(super) fn carry_over(scenario: &Scenario, run: &TrialRun) -> Option<String> {
    /// A share of the first entry that is worth a word.
    const WORTH: f64 = 0.05;
    let period = scenario.period()?;
    let entries = |visit: usize| -> f64 {
        let courses = run.patients.iter().flat_map(|p| p.arms.iter().flatten());
        let values: Vec<f64> = courses
            .filter_map(|c| c.values[0].get(visit).copied())
            .collect();
        mean(&values)
    };
    let (first, second) = (entries(0), entries(period));
    ((second - first).abs() > WORTH * first.abs()).then(|| {
        format!("CARRY-OVER: people enter the second period at a true mean of {second:.3} and the first at {first:.3}, placebo course aside: the washout is too short, and effects of the second period are from another entry")
    })
}

/// Of everyone who has one.
pub(super) fn individuals(
    scenario: &Scenario,
    patients: &[Patient],
    contrast: &Contrast,
) -> Vec<f64> {
    individuals_of(scenario, (0, &scenario.endpoint), patients, contrast)
}

/// The same of what is looked at beside.
fn individuals_of(
    scenario: &Scenario,
    endpoint: (usize, &Endpoint),
    patients: &[Patient],
    contrast: &Contrast,
) -> Vec<f64> {
    let of = |p: &Patient| individual(scenario, endpoint, p, contrast);
    patients.iter().filter_map(of).collect()
}

/// Records of the whole pool in an arm: nobody leaves, readings with the people's own noise.
pub(super) fn pool_records(scenario: &Scenario, run: &TrialRun, arm: usize) -> Vec<Record> {
    pool_records_of(scenario, (0, &scenario.endpoint), run, arm)
}

fn pool_records_of(
    scenario: &Scenario,
    endpoint: (usize, &Endpoint),
    run: &TrialRun,
    arm: usize,
) -> Vec<Record> {
    let of = |p: &Patient| {
        let course = p.arms.get(arm)?.as_ref().ok()?;
        Some(record(scenario, endpoint, (p, course), &Source::Pool))
    };
    run.patients.iter().filter_map(of).collect()
}

/// The true effect on the scale of the trial's estimates: mean of the individual effects; for responses, what the
/// whole pool would show with nobody leaving.
pub(super) fn true_effect(scenario: &Scenario, run: &TrialRun, contrast: &Contrast) -> Interval {
    true_effect_of(scenario, (0, &scenario.endpoint), run, contrast)
}

/// The same of what is looked at beside.
pub(super) fn true_effect_of(
    scenario: &Scenario,
    (number, endpoint): (usize, &Endpoint),
    run: &TrialRun,
    contrast: &Contrast,
) -> Interval {
    let both = || {
        let arms: Vec<Vec<Record>> = (0..scenario.arms.len())
            .map(|arm| pool_records_of(scenario, (number, endpoint), run, arm))
            .collect();
        contrast.sides(&arms)
    };
    match endpoint.measure {
        Measure::Change | Measure::PercentChange => {
            let patients = &run.patients;
            Interval::of_mean(&individuals_of(
                scenario,
                (number, endpoint),
                patients,
                contrast,
            ))
        }
        Measure::Responder => {
            paired_risk_difference(&responses(scenario, (number, endpoint), run, contrast))
        }
        Measure::TimeToResponse | Measure::TimeToRelapse => {
            let (first, second) = both();
            let test = log_rank(
                &times(scenario, endpoint, &first),
                &times(scenario, endpoint, &second),
            );
            test.map_or(Interval::around(f64::NAN, f64::NAN), |t| {
                Interval::around(
                    t.hazard_ratio.ln(),
                    crate::statistics::Z95 * t.standard_error,
                )
            })
        }
    }
}

/// Whether each person responds with what is compared, less whether without it; people whose solves failed are left out.
fn responses(
    scenario: &Scenario,
    (number, endpoint): (usize, &Endpoint),
    run: &TrialRun,
    contrast: &Contrast,
) -> Vec<f64> {
    let estimand = scenario.estimand();
    let responds = |p: &Patient, (arm, begin): (usize, usize)| -> Option<f64> {
        let course = p.arms.get(arm)?.as_ref().ok()?;
        let seen = record(scenario, (number, endpoint), (p, course), &Source::Pool);
        if scenario.period().is_some() {
            return seen.in_period(endpoint, begin);
        }
        let responds = seen.responded(endpoint, endpoint.visit, estimand);
        Some(f64::from(u8::from(responds)))
    };
    let side = |p: &Patient, places: &[(usize, usize)]| -> Option<f64> {
        let each: Option<Vec<f64>> = places.iter().map(|&place| responds(p, place)).collect();
        each.map(|each| mean(&each))
    };
    let [without, with] = places(scenario, contrast);
    let difference = |p: &Patient| Some(side(p, &with)? - side(p, &without)?);
    run.patients.iter().filter_map(difference).collect()
}

/// What a change of the comparator as seen is made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct ComparatorParts {
    /// True change by what the arm is given, without care.
    pub own: f64,
    /// What entry on a noisy value adds: regression to the mean.
    pub screening: f64,
    /// What noise adds whoever is let in: a ratio to a noisy entry rises with its noise.
    pub noise: f64,
    /// What placebo course, natural course and care add.
    pub placebo: f64,
    /// What rescue adds, or readings set aside after it take away.
    pub rescue: f64,
}

/// Change of the comparator as seen, split.
pub(super) fn comparator_parts(scenario: &Scenario, run: &TrialRun) -> ComparatorParts {
    let (endpoint, visit) = (&scenario.endpoint, scenario.endpoint.visit);
    let people: Vec<[f64; 4]> = run
        .patients
        .iter()
        .filter_map(|p| parts_of(scenario, p))
        .collect();
    let over = |part: usize| mean(&people.iter().map(|p| p[part]).collect::<Vec<_>>());
    let [own, unscreened, screened, all] = [0, 1, 2, 3].map(over);
    let shown: Vec<f64> = (pool_records(scenario, run, 0).iter())
        .filter_map(|r| r.of_arm(endpoint, visit, scenario.estimand()))
        .collect();
    ComparatorParts {
        own,
        noise: unscreened - own,
        screening: screened - unscreened,
        placebo: all - screened,
        rescue: match scenario.design.rescue {
            Some(_) => mean(&shown) - all,
            None => 0.0,
        },
    }
}

/// What the comparator makes of one person: by what it is given; with noise of a reading at entry on which nobody was
/// chosen; with the one that let the person in; with placebo course, natural course and care too. Nothing where the solve
/// failed or a part has no number.
fn parts_of(scenario: &Scenario, p: &Patient) -> Option<[f64; 4]> {
    let (endpoint, visit) = (&scenario.endpoint, scenario.endpoint.visit);
    let values = &p.arms.first()?.as_ref().ok()?.values[0];
    let untouched = p.without_care.as_ref().unwrap_or(values);
    let who = Who {
        seed: scenario.seed,
        draw: p.draw,
    };
    let read = |value: f64, noise: f64| endpoint.observation.read(value, noise);
    let under = |v: usize| endpoint.observation.under(values[v], p.placebo[0][v]);
    let later = read(untouched[visit], p.noise[visit]);
    let anew: Vec<f64> = (0..FRESH)
        .map(|reading| read(untouched[0], who.unscreened_noise(reading)))
        .map(|entry| of_arm(endpoint, entry, later))
        .collect();
    let parts = [
        as_modelled(endpoint, untouched[0], untouched[visit]),
        mean(&anew),
        of_arm(endpoint, read(untouched[0], p.noise[0]), later),
        of_arm(
            endpoint,
            read(under(0), p.noise[0]),
            read(under(visit), p.noise[visit]),
        ),
    ];
    parts.iter().all(|v| v.is_finite()).then_some(parts)
}
