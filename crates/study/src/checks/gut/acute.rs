//! Single doses in fasted people.

use super::super::{CheckError, Lab, RowValues};
use super::composition::made;
use super::people::cohort;
use super::{colon, mean, setting};
use gutskin_biology::colon::ColonOptions;
use gutskin_network::Change;

const HOUR: f64 = 1.0 / 24.0;

/// Nothing to eat.
fn fast(lab: &mut Lab) {
    let names: Vec<usize> = (0..lab.inputs.len())
        .filter(|i| {
            let name = &lab.network.inputs[*i].name;
            name.starts_with("input.diet.") && !name.ends_with(".fat")
        })
        .collect();
    for i in names {
        lab.inputs[i] = 0.0;
    }
}

/// A dose that arrives in the colon between two hours after it is swallowed.
fn arrival(lab: &Lab, pool: &str, grams: f64) -> Result<Vec<Change>, CheckError> {
    let name = format!("input.diet.{pool}");
    let start = setting(&format!("diet.arrival_start.{pool}"))? * HOUR;
    let length = setting(&format!("diet.arrival_duration.{pool}"))? * HOUR;
    Ok(vec![
        lab.input_change(start, &name, grams / length)?,
        lab.input_change(start + length, &name, 0.0)?,
    ])
}

fn every(step: f64, until: f64) -> Vec<f64> {
    let count = (until / step).round() as usize;
    (0..=count)
        .map(|i| until * i as f64 / count as f64)
        .collect()
}

/// Row 13: 15 g inulin, 12 hours.
pub(super) fn inulin() -> Result<RowValues, CheckError> {
    inulin_in(&mut colon(&ColonOptions::default())?)
}

/// The same in another colon.
pub(super) fn inulin_in(lab: &mut Lab) -> Result<RowValues, CheckError> {
    let outputs = every(0.25 * HOUR, 0.5);
    let survival = setting("diet.fructan_survival")?;
    let (mut extra, mut acetate) = (Vec::new(), Vec::new());
    cohort(lab, 13, 12, |lab, _| {
        fast(lab);
        lab.run(0.5, &[], Vec::new())?;
        let rested = lab.state.clone();
        let mut produced = |dose: f64| -> Result<(f64, f64), CheckError> {
            lab.state.clone_from(&rested);
            let changes = arrival(lab, "fructan", survival * dose)?;
            let solution = lab.run(0.5, &outputs, changes)?;
            Ok((
                made(lab, &solution, &["acetate", "propionate", "butyrate"])?,
                made(lab, &solution, &["acetate"])?,
            ))
        };
        let with = produced(15.0)?;
        let without = produced(0.0)?;
        extra.push(with.0 - without.0);
        acetate.push(with.1 - without.1);
        Ok(())
    })?;
    Ok(vec![
        ("gut-13a", mean(&extra)),
        ("gut-13b", 100.0 * mean(&acetate) / mean(&extra)),
    ])
}

/// Plasma acetate over 24 h after a dose.
fn acetate_curve(
    lab: &mut Lab,
    pool: &str,
    grams: f64,
    outputs: &[f64],
) -> Result<Vec<f64>, CheckError> {
    let changes = arrival(lab, pool, grams)?;
    let solution = lab.run(1.0, outputs, changes)?;
    let i = lab.observable_index("plasma.acetate")?;
    Ok((0..solution.trajectory.len())
        .map(|row| solution.trajectory.observables(row)[i])
        .collect())
}

fn peak(curve: &[f64]) -> (usize, f64) {
    curve
        .iter()
        .copied()
        .enumerate()
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .unwrap_or((0, f64::NAN))
}

/// Row 26: 20 g lactulose, 20 g pectin, plasma acetate every half hour.
pub(super) fn lactulose_and_pectin() -> Result<RowValues, CheckError> {
    let mut lab = colon(&ColonOptions::default())?;
    let outputs = every(0.5 * HOUR, 1.0);
    let mut found: [Vec<f64>; 5] = Default::default();
    cohort(&mut lab, 26, 12, |lab, _| {
        fast(lab);
        lab.run(0.5, &[], Vec::new())?;
        let rested = lab.state.clone();
        let mut curve = |pool: &str, grams: f64| -> Result<Vec<f64>, CheckError> {
            lab.state.clone_from(&rested);
            acetate_curve(lab, pool, grams, &outputs)
        };
        let none = curve("sugar", 0.0)?;
        let sugar = curve("sugar", 20.0)?;
        let pectin = curve("pectin", 20.0)?;
        let rise = |c: &[f64]| -> Vec<f64> { c.iter().zip(&none).map(|(a, b)| a - b).collect() };
        let (lactulose, pectin_rise) = (rise(&sugar), rise(&pectin));
        let (at, top) = peak(&lactulose);
        found[0].push(peak(&sugar).1 / sugar[0]);
        found[1].push(0.5 * at as f64);
        found[2].push(100.0 * lactulose[16] / top);
        found[3].push(0.5 * peak(&pectin_rise).0 as f64);
        found[4].push(pectin_rise.iter().sum::<f64>() / lactulose.iter().sum::<f64>());
        Ok(())
    })?;
    let names = ["gut-26a", "gut-26b", "gut-26c", "gut-26d", "gut-26e"];
    Ok(names
        .iter()
        .zip(&found)
        .map(|(n, v)| (*n, mean(v)))
        .collect())
}
