//! Guild shares and what the lumen makes, read from a bench.

use super::super::{CheckError, Lab};
use gutskin_engine::Solution;

/// Resident guilds with their share of the microbes, 0 to 1.
pub(crate) fn shares(lab: &mut Lab) -> Vec<(String, f64)> {
    let values = lab.observables();
    named(lab, &values)
}

/// As [`shares`], for a recorded row.
pub(crate) fn shares_at(lab: &Lab, solution: &Solution, row: usize) -> Vec<(String, f64)> {
    named(lab, solution.trajectory.observables(row))
}

fn named(lab: &Lab, values: &[f64]) -> Vec<(String, f64)> {
    lab.network
        .observables
        .iter()
        .zip(values)
        .filter_map(|(o, v)| Some((o.name.strip_prefix("colon.share.")?.to_owned(), *v)))
        .collect()
}

/// Bray–Curtis dissimilarity of two lists of shares in the same order.
pub(crate) fn bray_curtis(a: &[f64], b: &[f64]) -> f64 {
    let gap: f64 = a.iter().zip(b).map(|(x, y)| (x - y).abs()).sum();
    let sum: f64 = a.iter().zip(b).map(|(x, y)| x + y).sum();
    gap / sum
}

/// Only the numbers of a list of shares.
pub(crate) fn numbers(shares: &[(String, f64)]) -> Vec<f64> {
    shares.iter().map(|s| s.1).collect()
}

/// Share of one guild, in percent.
pub(crate) fn percent(shares: &[(String, f64)], guild: &str) -> f64 {
    shares
        .iter()
        .find(|s| s.0 == guild)
        .map_or(f64::NAN, |s| 100.0 * s.1)
}

/// Short-chain fatty acids made over a run, mmol: absorbed, lost in stool, and change of what is in the lumen.
/// Outputs must cover the run densely, both ends included.
pub(crate) fn made(lab: &Lab, solution: &Solution, acids: &[&str]) -> Result<f64, CheckError> {
    let trajectory = &solution.trajectory;
    let times = trajectory.times();
    let washout = lab.observable_index("colon.washout_rate.dist")?;
    let mut total = 0.0;
    for acid in acids {
        let absorbed = lab.observable_index(&format!("colon.{acid}_absorbed"))?;
        let places: Vec<usize> = super::SEGMENTS
            .iter()
            .map(|s| lab.state_index(&format!("colon.{acid}.{s}")))
            .collect::<Result<_, _>>()?;
        let flow = |row: usize| {
            let seen = trajectory.observables(row);
            let last = places.last().map_or(0.0, |i| trajectory.states(row)[*i]);
            seen[absorbed] + seen[washout] * last
        };
        for row in 1..times.len() {
            total += 0.5 * (flow(row) + flow(row - 1)) * (times[row] - times[row - 1]);
        }
        let stock = |row: usize| -> f64 { places.iter().map(|i| trajectory.states(row)[*i]).sum() };
        total += stock(times.len() - 1) - stock(0);
    }
    Ok(total)
}
