//! What measuring would narrow a forecast most: expected reduction of its variance by regression on each reading.

use super::courses::Courses;
use super::posterior::Making;
use super::summary::Worth;
use super::ward::Resting;
use gutskin_people::person::Readable;
use gutskin_people::weights::Weights;

/// Shares below this are not told.
const LEAST: f64 = 0.02;

/// Every reading that is not given and that the model shows, for as now and for each option's effect.
pub(crate) fn worth(
    making: &Making<'_>,
    known: &[Readable],
    (people, courses, weights): (&[&Resting], &[Courses], &Weights),
) -> Vec<Worth> {
    let scenario = &making.forecast.scenario;
    let last = scenario.visits.len().saturating_sub(1);
    let given = |r: &Readable| making.person.readings.iter().any(|g| g.what.id == r.id);
    let condition = Some(making.person.condition.as_str());
    let usable = |r: &&Readable| {
        r.inference && !given(r) && (r.condition.is_none() || r.condition.as_deref() == condition)
    };
    let mut found = Vec::new();
    for (arm, named) in scenario.arms.iter().enumerate() {
        let of = |c: &Courses| match arm {
            0 => c.arms[0][last],
            _ => c.arms[arm][last] - c.arms[0][last],
        };
        let outcome: Vec<f64> = courses.iter().map(of).collect();
        for readable in known.iter().filter(usable) {
            let Some(observable) = scenario.network.observable(&readable.observable) else {
                continue;
            };
            let values: Vec<f64> = courses
                .iter()
                .map(|c| people[c.place].observables[observable as usize])
                .collect();
            let share = explained(weights, &outcome, &values, readable);
            if share >= LEAST {
                found.push(Worth {
                    what: readable.title.clone(),
                    of: named.name.clone(),
                    share,
                });
            }
        }
    }
    found.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.what.cmp(&b.what)));
    found
}

/// r² of outcome and reading with its noise, less what chance gives to any reading.
fn explained(weights: &Weights, outcome: &[f64], values: &[f64], readable: &Readable) -> f64 {
    let offset = readable.noise.points + f64::MIN_POSITIVE;
    let read: Vec<f64> = values.iter().map(|v| (v.max(0.0) + offset).ln()).collect();
    let centre = |v: &[f64]| -> Vec<f64> {
        let mean = weights.mean(v);
        v.iter().map(|x| x - mean).collect()
    };
    let (x, y) = (centre(&read), centre(outcome));
    let product = |a: &[f64], b: &[f64]| -> f64 {
        let terms: Vec<f64> = a.iter().zip(b).map(|(a, b)| a * b).collect();
        weights.mean(&terms)
    };
    let noise: Vec<f64> = values
        .iter()
        .map(|v| (readable.noise.around(*v) / (v.max(0.0) + offset)).powi(2))
        .collect();
    let (xx, yy, xy) = (product(&x, &x), product(&y, &y), product(&x, &y));
    if !(xx > 0.0 && yy > 0.0) {
        return 0.0;
    }
    let chance = 1.0 / weights.effective();
    let true_share = ((xy * xy / (xx * yy) - chance) / (1.0 - chance)).max(0.0);
    let share = true_share * xx / (xx + weights.mean(&noise));
    if share.is_finite() { share } else { 0.0 }
}
