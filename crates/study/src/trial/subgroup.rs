//! Who responds: people parted by a trait.

use super::contrast::Contrast;
use super::estimate::estimate;
use super::record::Record;
use super::run::{Patient, TrialRun};
use super::truth::individual;
use crate::scenario::Scenario;
use crate::statistics::{Interval, holm, quantile, sorted, two_sided_normal};
use serde::Serialize;

/// One side of the cut.
#[derive(Clone, Debug, Serialize)]
pub struct Half {
    /// People of the pool on this side.
    pub people: usize,
    /// Their mean effect, each against themselves; of changes and percent changes.
    pub effect: Interval,
    /// What the one reported trial estimates on this side.
    pub reported: Option<Interval>,
}

/// People parted by one trait.
#[derive(Clone, Debug, Serialize)]
pub struct SubgroupResult {
    /// The trait.
    pub name: String,
    /// Where the people are parted.
    pub cut: f64,
    /// Up to the cut.
    pub low: Half,
    /// Above it.
    pub high: Half,
    /// p of the difference between the two sides in the one reported trial.
    pub p: Option<f64>,
    /// The same after Holm, over all traits of this comparison.
    pub p_holm: Option<f64>,
}

/// A trait of each patient of the pool: the endpoint at entry first, then those of the scenario.
fn values(scenario: &Scenario, number: usize) -> impl Fn(&Patient) -> f64 + use<> {
    let observation = scenario.endpoint.observation;
    move |p: &Patient| match number.checked_sub(1) {
        None => {
            let first = p.arms.iter().find_map(|a| a.as_ref().ok());
            first.map_or(f64::NAN, |c| {
                let entry = observation.under(c.values[0][0], p.placebo[0][0]);
                observation.read(entry, p.noise[0])
            })
        }
        Some(n) => p.traits.get(n).copied().unwrap_or(f64::NAN),
    }
}

/// The people of an arm of the one reported trial with their records.
pub(super) type Followed<'r> = Vec<(&'r Patient, Record)>;

/// All traits in one comparison.
pub(super) fn subgroups(
    scenario: &Scenario,
    run: &TrialRun,
    contrast: &Contrast,
    reported: Option<&[Followed<'_>]>,
) -> Vec<SubgroupResult> {
    let mut found: Vec<SubgroupResult> = (0..=scenario.subgroups.len())
        .filter_map(|number| one(scenario, run, (contrast, number), reported))
        .collect();
    let p: Vec<f64> = found.iter().filter_map(|s| s.p).collect();
    let mut adjusted = holm(&p).into_iter();
    for subgroup in found.iter_mut().filter(|s| s.p.is_some()) {
        subgroup.p_holm = adjusted.next();
    }
    found
}

fn one(
    scenario: &Scenario,
    run: &TrialRun,
    (contrast, number): (&Contrast, usize),
    reported: Option<&[Followed<'_>]>,
) -> Option<SubgroupResult> {
    let value = values(scenario, number);
    let given = number
        .checked_sub(1)
        .and_then(|n| scenario.subgroups.get(n));
    let all = sorted(
        run.patients
            .iter()
            .map(&value)
            .filter(|v| !v.is_nan())
            .collect(),
    );
    let cut = given
        .and_then(|s| s.cut)
        .unwrap_or_else(|| quantile(&all, 0.5));
    let half = |above: bool| {
        let here = |p: &Patient| (value(p) > cut) == above;
        let of = |p: &Patient| individual(scenario, (0, &scenario.endpoint), p, contrast);
        let effects: Vec<f64> = run
            .patients
            .iter()
            .filter(|p| here(p))
            .filter_map(of)
            .collect();
        let part = |arm: &Followed<'_>| -> Vec<Record> {
            let mine = arm.iter().filter(|(p, _)| here(p));
            mine.map(|(_, r)| r.clone()).collect()
        };
        let estimate = reported.and_then(|arms| {
            let arms: Vec<Vec<Record>> = arms.iter().map(part).collect();
            estimate(scenario, &scenario.endpoint, (contrast, &arms))
        });
        let half = Half {
            people: effects.len(),
            effect: Interval::of_mean(&effects),
            reported: estimate.map(|e| Interval {
                mean: e.value,
                low: e.low,
                high: e.high,
            }),
        };
        (half, estimate)
    };
    let ((low, a), (high, b)) = (half(false), half(true));
    if low.people == 0 && high.people == 0 {
        return None;
    }
    let p = a.zip(b).map(|(a, b)| {
        two_sided_normal((b.value - a.value) / a.standard_error.hypot(b.standard_error))
    });
    Some(SubgroupResult {
        name: given.map_or_else(
            || "endpoint at entry, as read".to_owned(),
            |s| s.name.clone(),
        ),
        cut,
        low,
        high,
        p: p.filter(|p| p.is_finite()),
        p_holm: None,
    })
}
