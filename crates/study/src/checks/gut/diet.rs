//! Changes of diet over days and weeks.

use super::super::{CheckError, Lab, RowValues};
use super::composition::{bray_curtis, numbers, percent, shares, shares_at};
use super::crowd::{Crowd, PEOPLE, SEED, Who};
use super::people::remove;
use super::regressions::{line, scale_to};
use super::{colon, columns, mean, means, setting};
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
    let mut crowd = Crowd::adults(&ColonOptions::default())?;
    let days = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0];
    crowd.each(|lab, _| {
        for pool in FIBRE.iter().chain(&["sugar"]) {
            lab.set_input(&format!("input.diet.{pool}"), 0.0)?;
        }
        for (food, factor) in [("protein", 2.0), ("fat", 1.8)] {
            let name = format!("input.diet.{food}");
            let usual = lab.input(&name)?;
            lab.set_input(&name, usual * factor)?;
        }
        Ok(())
    })?;
    let before = crowd.each(|lab, _| Ok(shares(lab)))?;
    let found = crowd.run(
        5.0,
        &days,
        |_, _| Ok(Vec::new()),
        |lab, who, solution| {
            let before = &before[who.index];
            let level = lab.observable_index("colon.scfa_total.dist")?;
            let branched = lab.observable_index("colon.branched_level.dist")?;
            let at = |row: usize, i: usize| solution.trajectory.observables(row)[i];
            let distance = |row: usize| {
                bray_curtis(&numbers(&shares_at(lab, solution, row)), &numbers(before))
            };
            let after = shares_at(lab, solution, 5);
            let gain = |guild: &str| percent(&after, guild) - percent(before, guild);
            Ok([
                100.0 * (at(2, level) - at(0, level)) / (at(5, level) - at(0, level)),
                100.0 * distance(4) / distance(5),
                gain("BAC"),
                gain("ROS"),
                gain("RUM"),
                gain("SRB"),
                at(5, branched) - at(0, branched),
            ])
        },
    )?;
    let names = [
        "gut-12a", "gut-12b", "gut-12c", "gut-12d", "gut-12e", "gut-12f", "gut-12g",
    ];
    Ok(means(names, &found))
}

/// Bifidobacteria per litre of faecal water, log10.
fn bifidobacteria(lab: &Lab) -> Result<f64, CheckError> {
    let x = lab.state[lab.state_index("colon.BIF.dist")?];
    let water = lab.state[lab.state_index("colon.water.dist")?];
    Ok((x / water).log10())
}

/// Row 14: 5 to 8 g inulin a day.
pub(super) fn inulin_bifidobacteria() -> Result<RowValues, CheckError> {
    let mut crowd = Crowd::adults(&ColonOptions::default())?;
    let survival = setting("diet.fructan_survival")?;
    let before = crowd.each(|lab, who| {
        let before = bifidobacteria(lab)?;
        let grams = 5.0 + 3.0 * Lab::uniform(SEED, who.person, "inulin");
        let usual = lab.input("input.diet.fructan")?;
        lab.set_input("input.diet.fructan", usual + survival * grams)?;
        Ok(before)
    })?;
    crowd.live(14.0)?;
    let mut gains = crowd.each(|lab, who| {
        let before = before[who.index];
        Ok((before, bifidobacteria(lab)? - before))
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
fn starch_change(crowd: &mut Crowd, grams: f64, days: f64) -> Result<Vec<[f64; 2]>, CheckError> {
    let read = |lab: &mut Lab, _: Who| -> Result<[f64; 2], CheckError> {
        Ok([
            lab.read("colon.butyrate_level.dist")?,
            lab.read("colon.scfa_total.dist")?,
        ])
    };
    let before = crowd.each(read)?;
    crowd.each(|lab, _| {
        let usual = lab.input("input.diet.starch")?;
        lab.set_input("input.diet.starch", usual + grams)
    })?;
    crowd.live(days)?;
    let after = crowd.each(read)?;
    let pairs = after.iter().zip(&before);
    Ok(pairs.map(|(a, b)| [a[0] - b[0], a[1] - b[1]]).collect())
}

/// People in whom starch degraders are taken out, because few of those of row 15 have none.
pub(super) const WITHOUT_STARCH_DEGRADERS: usize = PEOPLE / 2;

/// Row 15: 30 g potato starch a day for two weeks, and the same for others in whom starch degraders are taken out.
pub(super) fn potato_starch() -> Result<RowValues, CheckError> {
    let people = PEOPLE + WITHOUT_STARCH_DEGRADERS;
    potato_starch_in(&mut Crowd::part(&ColonOptions::default(), 0, people)?)
}

/// The same in another colon; those in whom the guild is taken out are the last of the crowd.
pub(super) fn potato_starch_in(crowd: &mut Crowd) -> Result<RowValues, CheckError> {
    let others = crowd.people.split_off(PEOPLE.min(crowd.people.len()));
    let carriers = crowd.each(|lab, _| Ok(lab.parameter("colon.immigration.RUM")? > 0.0))?;
    let changes = starch_change(crowd, 30.0, 14.0)?;
    crowd.people = others;
    crowd.each(|lab, _| remove(lab, "RUM"))?;
    crowd.rest()?;
    let without = starch_change(crowd, 30.0, 14.0)?;
    let of = |carrier: bool| {
        let all = changes.iter().zip(&carriers);
        let those = all.filter(move |(_, c)| **c == carrier);
        those.map(|(change, _)| change[0])
    };
    let with: Vec<f64> = of(true).collect();
    let without: Vec<f64> = of(false).chain(without.iter().map(|c| c[0])).collect();
    let [butyrate, total] = columns(&changes);
    Ok(vec![
        ("gut-15a", mean(&butyrate)),
        ("gut-15b", mean(&total)),
        ("gut-15c", mean(&with) - mean(&without)),
    ])
}

/// Row 16: 10 against 40 g fibre a day, five days each, half of the people in either order.
pub(super) fn fibre_crossover() -> Result<RowValues, CheckError> {
    fibre_crossover_in(&mut Crowd::adults(&ColonOptions::default())?)
}

/// The same in another colon.
pub(super) fn fibre_crossover_in(crowd: &mut Crowd) -> Result<RowValues, CheckError> {
    let is_high = |who: Who, period: u32| (who.person + period) % 2 == 1;
    let mut periods = Vec::new();
    for period in 0..2 {
        crowd.each(|lab, who| {
            let grams = if is_high(who, period) { 40.0 } else { 10.0 };
            scale_to(lab, &FIBRE, grams)
        })?;
        crowd.live(5.0)?;
        periods.push(crowd.each(|lab, who| {
            let seen = (lab.read("colon.scfa_total.dist")?, production(lab)?);
            Ok((is_high(who, period), seen))
        })?);
    }
    let mut found = Vec::new();
    for (first, second) in periods[0].iter().zip(&periods[1]) {
        let (high, low) = match first.0 {
            true => (first.1, second.1),
            false => (second.1, first.1),
        };
        found.push([high.0 - low.0, 100.0 * (high.1 / low.1 - 1.0)]);
    }
    Ok(means(["gut-16a", "gut-16b"], &found))
}

/// Row 18: dose response of resistant starch; slope above 35 g over slope below.
pub(super) fn starch_dose_response() -> Result<RowValues, CheckError> {
    let mut crowd = Crowd::adults(&ColonOptions::default())?;
    let doses = [0.0, 10.0, 20.0, 35.0, 50.0];
    let usual = crowd.each(|lab, _| lab.input("input.diet.starch"))?;
    let mut levels = Vec::new();
    for dose in doses {
        crowd.each(|lab, who| lab.set_input("input.diet.starch", usual[who.index] + dose))?;
        crowd.live(28.0)?;
        levels.push(crowd.read("colon.scfa_total.dist")?);
    }
    let points: Vec<(f64, f64)> = doses
        .iter()
        .zip(&levels)
        .map(|(d, l)| (*d, mean(l)))
        .collect();
    let below = line(&points[..4]).0;
    let above = (points[4].1 - points[3].1) / (points[4].0 - points[3].0);
    Ok(vec![("gut-18a", above / below)])
}
