//! Changes of diet over days and weeks.

use super::super::{CheckError, Lab, RowValues};
use super::composition::{bray_curtis, numbers, percent, shares, shares_at};
use super::people::{cohort, remove};
use super::regressions::{line, scale_to};
use super::{colon, mean, setting};
use gutskin_biology::colon::ColonOptions;

/// Pools that count as fibre.
pub(super) const FIBRE: [&str; 8] = [
    "starch",
    "fructan",
    "gos",
    "pectin",
    "beta_glucan",
    "arabinoxylan",
    "other_soluble",
    "cellulosic",
];

fn plain() -> Result<Lab, CheckError> {
    colon(&ColonOptions::default())
}

/// What the lumen makes per day at rest: absorbed and lost in stool.
fn production(lab: &mut Lab) -> Result<f64, CheckError> {
    Ok(lab.read("colon.scfa_absorbed")? + lab.read("colon.scfa_faecal_loss")?)
}

/// Row 6a: slope of production on mixed fibre.
pub(super) fn marginal_yield() -> Result<RowValues, CheckError> {
    let mut lab = plain()?;
    let mut points = Vec::new();
    for grams in [10.0, 20.0, 30.0, 40.0] {
        lab.reset();
        scale_to(&mut lab, &FIBRE, grams)?;
        lab.rest()?;
        points.push((grams, production(&mut lab)?));
    }
    Ok(vec![("gut-06a", line(&points).0)])
}

/// Starch that reaches the colon from what is eaten: a share of the digestible part.
fn starch_from(carbohydrate: f64, fibre: f64, sugar: f64) -> Result<f64, CheckError> {
    Ok(setting("diet.starch_escape")? * (carbohydrate - fibre - sugar).max(0.0))
}

/// Row 11: 399 against 24 g carbohydrate a day. The low arm has more protein; fibre as in the trial (28 and 6 g), a
/// fifth of the carbohydrate as sugar.
pub(super) fn low_carbohydrate() -> Result<RowValues, CheckError> {
    low_carbohydrate_in(&mut plain()?)
}

/// The same in another colon.
pub(super) fn low_carbohydrate_in(lab: &mut Lab) -> Result<RowValues, CheckError> {
    let mut read =
        |carbohydrate: f64, fibre: f64, protein: f64| -> Result<(f64, f64), CheckError> {
            lab.reset();
            scale_to(lab, &FIBRE[1..], fibre)?;
            lab.set_input(
                "input.diet.starch",
                starch_from(carbohydrate, fibre, 0.2 * carbohydrate)?,
            )?;
            let usual = lab.input("input.diet.protein")?;
            lab.set_input("input.diet.protein", usual * protein)?;
            lab.run(28.0, &[], Vec::new())?;
            Ok((
                lab.read("colon.butyrate_level.dist")?,
                lab.read("colon.scfa_total.dist")?,
            ))
        };
    let usual = read(399.0, 28.0, 1.0)?;
    let low = read(24.0, 6.0, 1.5)?;
    Ok(vec![
        ("gut-11a", low.0 / usual.0),
        ("gut-11b", low.1 / usual.1),
    ])
}

/// Row 12: five days without plants, twice the protein, 1.8 times the fat.
pub(super) fn animal_based() -> Result<RowValues, CheckError> {
    let mut lab = plain()?;
    let days = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0];
    let mut rows: [Vec<f64>; 7] = Default::default();
    cohort(&mut lab, 12, 10, |lab, _| {
        for pool in FIBRE.iter().chain(&["sugar"]) {
            lab.set_input(&format!("input.diet.{pool}"), 0.0)?;
        }
        for (food, factor) in [("protein", 2.0), ("fat", 1.8)] {
            let name = format!("input.diet.{food}");
            let usual = lab.input(&name)?;
            lab.set_input(&name, usual * factor)?;
        }
        let before = shares(lab);
        let solution = lab.run(5.0, &days, Vec::new())?;
        let level = lab.observable_index("colon.scfa_total.dist")?;
        let branched = lab.observable_index("colon.branched_level.dist")?;
        let at = |row: usize, i: usize| solution.trajectory.observables(row)[i];
        let distance =
            |row: usize| bray_curtis(&numbers(&shares_at(lab, &solution, row)), &numbers(&before));
        let after = shares_at(lab, &solution, 5);
        rows[0].push(100.0 * (at(2, level) - at(0, level)) / (at(5, level) - at(0, level)));
        rows[1].push(100.0 * distance(4) / distance(5));
        for (k, guild) in ["BAC", "ROS", "RUM", "SRB"].iter().enumerate() {
            rows[2 + k].push(percent(&after, guild) - percent(&before, guild));
        }
        rows[6].push(at(5, branched) - at(0, branched));
        Ok(())
    })?;
    let names = [
        "gut-12a", "gut-12b", "gut-12c", "gut-12d", "gut-12e", "gut-12f", "gut-12g",
    ];
    Ok(names
        .iter()
        .zip(&rows)
        .map(|(n, r)| (*n, mean(r)))
        .collect())
}

/// Bifidobacteria per litre of faecal water, log10.
fn bifidobacteria(lab: &Lab) -> Result<f64, CheckError> {
    let x = lab.state[lab.state_index("colon.BIF.dist")?];
    let water = lab.state[lab.state_index("colon.water.dist")?];
    Ok((x / water).log10())
}

/// Row 14: 5 to 8 g inulin a day.
pub(super) fn inulin_bifidobacteria() -> Result<RowValues, CheckError> {
    let mut lab = plain()?;
    let survival = setting("diet.fructan_survival")?;
    let mut gains = Vec::new();
    cohort(&mut lab, 14, 60, |lab, person| {
        let before = bifidobacteria(lab)?;
        let grams = 5.0 + 3.0 * Lab::uniform(14, person, "inulin");
        let usual = lab.input("input.diet.fructan")?;
        lab.set_input("input.diet.fructan", usual + survival * grams)?;
        lab.run(14.0, &[], Vec::new())?;
        gains.push((before, bifidobacteria(lab)? - before));
        Ok(())
    })?;
    gains.sort_by(|a, b| a.0.total_cmp(&b.0));
    let only: Vec<f64> = gains.iter().map(|g| g.1).collect();
    let third = only.len() / 3;
    Ok(vec![
        ("gut-14a", mean(&only)),
        (
            "gut-14b",
            mean(&only[..third]) - mean(&only[only.len() - third..]),
        ),
    ])
}

/// Adds resistant starch and reads faecal butyrate and total after some days, as changes.
fn starch_change(lab: &mut Lab, grams: f64, days: f64) -> Result<(f64, f64), CheckError> {
    let read = |lab: &mut Lab| -> Result<(f64, f64), CheckError> {
        Ok((
            lab.read("colon.butyrate_level.dist")?,
            lab.read("colon.scfa_total.dist")?,
        ))
    };
    let before = read(lab)?;
    let usual = lab.input("input.diet.starch")?;
    lab.set_input("input.diet.starch", usual + grams)?;
    lab.run(days, &[], Vec::new())?;
    let after = read(lab)?;
    Ok((after.0 - before.0, after.1 - before.1))
}

/// Row 15: 30 g potato starch a day for two weeks, and the same people without starch degraders.
pub(super) fn potato_starch() -> Result<RowValues, CheckError> {
    potato_starch_in(&mut plain()?)
}

/// The same in another colon.
pub(super) fn potato_starch_in(lab: &mut Lab) -> Result<RowValues, CheckError> {
    let (mut butyrate, mut total, mut carriers) =
        (Vec::new(), Vec::new(), [Vec::new(), Vec::new()]);
    cohort(lab, 15, 40, |lab, _| {
        let carrier = lab.parameter("colon.immigration.RUM")? > 0.0;
        let change = starch_change(lab, 30.0, 14.0)?;
        butyrate.push(change.0);
        total.push(change.1);
        carriers[usize::from(!carrier)].push(change.0);
        Ok(())
    })?;
    // People without the guild are few among 40: add some in whom it is taken out.
    cohort(lab, 115, 20, |lab, _| {
        remove(lab, "RUM")?;
        lab.rest()?;
        carriers[1].push(starch_change(lab, 30.0, 14.0)?.0);
        Ok(())
    })?;
    Ok(vec![
        ("gut-15a", mean(&butyrate)),
        ("gut-15b", mean(&total)),
        ("gut-15c", mean(&carriers[0]) - mean(&carriers[1])),
    ])
}

/// Row 16: 10 against 40 g fibre a day, five days each, half of the people in either order.
pub(super) fn fibre_crossover() -> Result<RowValues, CheckError> {
    fibre_crossover_in(&mut plain()?)
}

/// The same in another colon.
pub(super) fn fibre_crossover_in(lab: &mut Lab) -> Result<RowValues, CheckError> {
    let (mut level, mut made) = (Vec::new(), Vec::new());
    cohort(lab, 16, 19, |lab, person| {
        let mut found = [(0.0, 0.0); 2];
        for period in 0..2 {
            let high = (person + period) % 2 == 1;
            scale_to(lab, &FIBRE, if high { 40.0 } else { 10.0 })?;
            lab.run(5.0, &[], Vec::new())?;
            found[usize::from(high)] = (lab.read("colon.scfa_total.dist")?, production(lab)?);
        }
        level.push(found[1].0 - found[0].0);
        made.push(100.0 * (found[1].1 / found[0].1 - 1.0));
        Ok(())
    })?;
    Ok(vec![("gut-16a", mean(&level)), ("gut-16b", mean(&made))])
}

/// Row 18: dose response of resistant starch; slope above 35 g over slope below.
pub(super) fn starch_dose_response() -> Result<RowValues, CheckError> {
    let mut lab = plain()?;
    let doses = [0.0, 10.0, 20.0, 35.0, 50.0];
    let mut levels = vec![Vec::new(); doses.len()];
    cohort(&mut lab, 18, 20, |lab, _| {
        let usual = lab.input("input.diet.starch")?;
        for (i, dose) in doses.iter().enumerate() {
            lab.set_input("input.diet.starch", usual + dose)?;
            lab.run(28.0, &[], Vec::new())?;
            levels[i].push(lab.read("colon.scfa_total.dist")?);
        }
        Ok(())
    })?;
    let points: Vec<(f64, f64)> = doses
        .iter()
        .zip(&levels)
        .map(|(d, l)| (*d, mean(l)))
        .collect();
    let below = line(&points[..4]).0;
    let above = (points[4].1 - points[3].1) / (points[4].0 - points[3].0);
    Ok(vec![("gut-18a", above / below)])
}
