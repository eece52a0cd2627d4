//! What the experiments on the body share: benches, clock, courses, endotoxin.

use super::super::lab::setting;
use super::super::{CheckError, Lab};
use crate::checks::table;
use gutskin_biology::body::{Mode, network};
use gutskin_biology::catalogue::{diets, shipped_exposures};
use gutskin_engine::{Action, Change, Solution, Target};

/// An hour, in days.
pub(super) const HOUR: f64 = 1.0 / 24.0;
/// A minute, in days.
pub(super) const MINUTE: f64 = HOUR / 60.0;
/// Output every five minutes.
pub(super) const STEP: f64 = 5.0 * MINUTE;

/// The body with its clock.
pub(super) fn within_day() -> Result<Lab, CheckError> {
    Lab::new(network(table()?, Mode::WithinDay)?)
}

/// Times from `start` to `stop` every `step`, all in days.
pub(super) fn times(start: f64, stop: f64, step: f64) -> Vec<f64> {
    let count = ((stop - start) / step).round() as usize;
    (0..=count).map(|i| start + i as f64 * step).collect()
}

/// Values of one observable at the outputs of a run.
pub(super) fn course(lab: &Lab, solution: &Solution, name: &str) -> Result<Vec<f64>, CheckError> {
    let i = lab.observable_index(name)?;
    Ok((0..solution.trajectory.len())
        .map(|row| solution.trajectory.observables(row)[i])
        .collect())
}

/// Position and size of the maximum.
pub(super) fn peak(course: &[f64]) -> (usize, f64) {
    course
        .iter()
        .copied()
        .enumerate()
        .fold(
            (0, f64::NEG_INFINITY),
            |best, x| {
                if x.1 > best.1 { x } else { best }
            },
        )
}

pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Standard deviation of a sample.
pub(super) fn sd(values: &[f64]) -> f64 {
    let centre = mean(values);
    let squares: f64 = values.iter().map(|x| (x - centre).powi(2)).sum();
    (squares / (values.len() as f64 - 1.0)).sqrt()
}

/// Pearson correlation.
pub(super) fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let (a, b) = (mean(x), mean(y));
    let both: f64 = x.iter().zip(y).map(|(x, y)| (x - a) * (y - b)).sum();
    both / ((x.len() as f64 - 1.0) * sd(x) * sd(y))
}

/// The body as daily means.
pub(super) fn daily() -> Result<Lab, CheckError> {
    Lab::new(network(table()?, Mode::Daily)?)
}

pub(super) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    if sorted.len() % 2 == 1 {
        sorted[half]
    } else {
        f64::midpoint(sorted[half - 1], sorted[half])
    }
}

/// Change in percent.
pub(super) fn percent(now: f64, before: f64) -> f64 {
    100.0 * (now / before - 1.0)
}

/// Endotoxin in plasma after 1 ng per kg of body weight, pg/mL.
fn concentration() -> Result<f64, CheckError> {
    /// pg in a ng.
    const PICO: f64 = 1000.0;
    Ok(PICO / setting("endotoxin.distribution_volume")?)
}

/// A bolus of `dose` ng/kg at `time`.
pub(super) fn bolus(lab: &Lab, time: f64, dose: f64) -> Result<Change, CheckError> {
    let state = lab.state_index("endotoxin.active")?;
    Ok(Change {
        time,
        target: Target::State(u32::try_from(state).unwrap_or(u32::MAX)),
        action: Action::Add(dose * concentration()?),
    })
}

/// An infusion of `rate` ng/kg/h from `start` to `stop`.
pub(super) fn infusion(
    lab: &Lab,
    start: f64,
    stop: f64,
    rate: f64,
) -> Result<[Change; 2], CheckError> {
    let flow = rate * concentration()? / HOUR;
    Ok([
        lab.input_change(start, "input.endotoxin", flow)?,
        lab.input_change(stop, "input.endotoxin", 0.0)?,
    ])
}

/// The changes of an exposure of the catalogue, from `start` for its usual length or until `stop`, at `dose` times the
/// usual dose; the dose scales the distance from what is in force.
pub(super) fn expose(
    lab: &Lab,
    id: &str,
    dose: f64,
    (start, stop): (f64, Option<f64>),
) -> Result<Vec<Change>, CheckError> {
    let all = shipped_exposures()?;
    let found = all
        .iter()
        .find(|e| e.id == id)
        .ok_or_else(|| CheckError::Unknown {
            what: "exposure",
            name: id.to_owned(),
        })?;
    let stop = stop.or(found.duration.map(|length| start + length));
    let mut changes = Vec::new();
    for (name, value) in &found.inputs {
        let usual = lab.input(name)?;
        let moved = usual + dose * (value.value - usual);
        changes.push(lab.input_change(start, name, moved)?);
        if let Some(stop) = stop {
            changes.push(lab.input_change(stop, name, usual)?);
        }
    }
    Ok(changes)
}

/// The changes that come before the end of a run.
pub(super) fn before(end: f64, mut changes: Vec<Change>) -> Vec<Change> {
    changes.retain(|c| c.time < end);
    changes
}

/// Puts in force what an exposure moves, for good.
pub(super) fn live_with(lab: &mut Lab, id: &str, dose: f64) -> Result<(), CheckError> {
    for change in before(f64::MIN_POSITIVE, expose(lab, id, dose, (0.0, None))?) {
        if let Target::Input(i) = change.target {
            let input = &mut lab.inputs[i as usize];
            *input = change.action.apply(*input);
        }
    }
    Ok(())
}

/// Puts a pattern of the table of diets in force.
pub(super) fn eats(lab: &mut Lab, pattern: &str) -> Result<(), CheckError> {
    let mut rows = diets()?;
    rows.retain(|row| row.id == pattern);
    if rows.is_empty() {
        return Err(CheckError::Unknown {
            what: "diet",
            name: pattern.to_owned(),
        });
    }
    for row in rows {
        lab.set_input(&row.input, row.value)?;
    }
    Ok(())
}

/// Cortisol that acts on cytokines held at `level` nmol/L for these times (the own one is replaced): the axis no longer
/// hears the cytokines, and what its clock gives is made up to `level` every five minutes.
pub(super) fn hold_cortisol(
    lab: &mut Lab,
    level: f64,
    (start, stop): (f64, f64),
) -> Result<Vec<Change>, CheckError> {
    lab.set_switch("link.cytokines_to_hpa", false)?;
    let before = lab.state.clone();
    let inputs = lab.inputs.clone();
    let clock = times(0.0, stop, STEP);
    let solution = lab.run(stop, &clock, Vec::new())?;
    lab.state = before;
    lab.inputs = inputs;
    let own = course(lab, &solution, "hpa.cortisol")?;
    let unit = lab.parameter("hpa.cortisol_scale")?;
    clock
        .iter()
        .zip(own)
        .filter(|(time, _)| **time >= start && **time < stop)
        .map(|(time, own)| lab.input_change(*time, "input.steroid_clamp", (level - own) / unit))
        .collect()
}
