//! Single doses in fasted people.

use super::super::{CheckError, Lab, RowValues};
use super::composition::made;
use super::crowd::Crowd;
use super::{columns, mean, means, setting};
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
    inulin_in(&mut Crowd::adults(&ColonOptions::default())?)
}

/// The same in another colon.
pub(super) fn inulin_in(crowd: &mut Crowd) -> Result<RowValues, CheckError> {
    let outputs = every(0.25 * HOUR, 0.5);
    let survival = setting("diet.fructan_survival")?;
    fasted(crowd)?;
    let rested = crowd.people.clone();
    let mut produced = |dose: f64| {
        crowd.people.clone_from(&rested);
        crowd.run(
            0.5,
            &outputs,
            |lab, _| arrival(lab, "fructan", survival * dose),
            |lab, _, solution| {
                Ok([
                    made(lab, solution, &["acetate", "propionate", "butyrate"])?,
                    made(lab, solution, &["acetate"])?,
                ])
            },
        )
    };
    let (with, without) = (produced(15.0)?, produced(0.0)?);
    let pairs = with.iter().zip(&without);
    let extra: Vec<[f64; 2]> = pairs.map(|(a, b)| [a[0] - b[0], a[1] - b[1]]).collect();
    let [all, acetate] = columns(&extra);
    Ok(vec![
        ("gut-13a", mean(&all)),
        ("gut-13b", 100.0 * mean(&acetate) / mean(&all)),
    ])
}

/// Half a day without food.
fn fasted(crowd: &mut Crowd) -> Result<(), CheckError> {
    crowd.each(|lab, _| {
        fast(lab);
        Ok(())
    })?;
    crowd.live(0.5)
}

/// Plasma acetate of each over 24 h after a dose.
fn acetate_curves(
    crowd: &mut Crowd,
    pool: &str,
    grams: f64,
    outputs: &[f64],
) -> Result<Vec<Vec<f64>>, CheckError> {
    crowd.run(
        1.0,
        outputs,
        |lab, _| arrival(lab, pool, grams),
        |lab, _, solution| {
            let i = lab.observable_index("plasma.acetate")?;
            Ok((0..solution.trajectory.len())
                .map(|row| solution.trajectory.observables(row)[i])
                .collect())
        },
    )
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
    let mut crowd = Crowd::adults(&ColonOptions::default())?;
    let outputs = every(0.5 * HOUR, 1.0);
    fasted(&mut crowd)?;
    let rested = crowd.people.clone();
    let mut curves = |pool: &str, grams: f64| {
        crowd.people.clone_from(&rested);
        acetate_curves(&mut crowd, pool, grams, &outputs)
    };
    let none = curves("sugar", 0.0)?;
    let sugar = curves("sugar", 20.0)?;
    let pectin = curves("pectin", 20.0)?;
    let mut found = Vec::new();
    for ((none, sugar), pectin) in none.iter().zip(&sugar).zip(&pectin) {
        let rise = |c: &[f64]| -> Vec<f64> { c.iter().zip(none).map(|(a, b)| a - b).collect() };
        let (lactulose, pectin_rise) = (rise(sugar), rise(pectin));
        let (at, top) = peak(&lactulose);
        found.push([
            peak(sugar).1 / sugar[0],
            0.5 * at as f64,
            100.0 * lactulose[16] / top,
            0.5 * peak(&pectin_rise).0 as f64,
            pectin_rise.iter().sum::<f64>() / lactulose.iter().sum::<f64>(),
        ]);
    }
    let names = ["gut-26a", "gut-26b", "gut-26c", "gut-26d", "gut-26e"];
    Ok(means(names, &found))
}
