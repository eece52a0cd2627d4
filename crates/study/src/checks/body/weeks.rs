//! Weeks of other food, sleep, sun and endotoxin.

use super::super::{CheckError, Lab, RowValues};
use super::bench::{
    HOUR, course, daily, eats, live_with, mean, median, percent, times, within_day,
};
use crate::checks::table;
use gutskin_biology::axis::{self, AxisOptions, SkinKind};
use gutskin_biology::catalogue::Catalogue;

/// The joined axis with healthy skin.
pub(super) fn joined() -> Result<Lab, CheckError> {
    let options = AxisOptions::plain(SkinKind::Healthy);
    Lab::new(axis::network(table()?, &Catalogue::shipped()?, &options)?)
}

/// Row 19: adults, 28 d of a diet, through the colon.
pub(super) fn diets() -> Result<RowValues, CheckError> {
    const PEOPLE: usize = 200;
    const DAYS: f64 = 28.0;
    let mut lab = joined()?;
    let (mut western, mut prudent, mut tnf) = (Vec::new(), Vec::new(), Vec::new());
    let mut person = 0;
    while western.len() < PEOPLE {
        lab.draw(19, person);
        lab.begin();
        person += 1;
        match lab.rest() {
            Ok(()) => {}
            Err(CheckError::NotSteady { .. }) if person < 4 * PEOPLE as u32 => continue,
            Err(other) => return Err(other),
        }
        let rested = lab.state.clone();
        let after = |lab: &mut Lab, diet: &str| -> Result<[f64; 2], CheckError> {
            lab.state.clone_from(&rested);
            let inputs = lab.inputs.clone();
            let usual = [lab.read("endotoxin.lal")?, lab.read("immune.tnf")?];
            eats(lab, diet)?;
            let solution = lab.run(DAYS, &[DAYS], Vec::new())?;
            let now = ["endotoxin.lal", "immune.tnf"].map(|name| course(lab, &solution, name));
            lab.inputs = inputs;
            let [lal, tnf] = now;
            Ok([percent(lal?[0], usual[0]), percent(tnf?[0], usual[1])])
        };
        let found = after(&mut lab, "western")?;
        western.push(found[0]);
        tnf.push(found[1]);
        prudent.push(after(&mut lab, "prudent")?[0]);
    }
    Ok(vec![
        ("body-19a", mean(&western)),
        ("body-19b", mean(&prudent)),
        ("body-19c", mean(&tnf)),
    ])
}

/// Row 22: a week of short nights.
pub(super) fn short_nights() -> Result<RowValues, CheckError> {
    const PEOPLE: u32 = 200;
    const LAST: f64 = 6.0;
    let mut lab = within_day()?;
    let (mut evening, mut il6, mut resistance) = (Vec::new(), Vec::new(), Vec::new());
    let outputs = times(LAST, LAST + 1.0, HOUR);
    for person in 0..PEOPLE {
        let week = |lab: &mut Lab, dose: f64| -> Result<[f64; 3], CheckError> {
            lab.draw(22, person);
            lab.begin();
            live_with(lab, "sleep_restriction", dose)?;
            let solution = lab.run(LAST + 1.0, &outputs, Vec::new())?;
            let cortisol = course(lab, &solution, "hpa.cortisol")?;
            Ok([
                mean(&cortisol[18..=22]),
                mean(&course(lab, &solution, "immune.il6")?),
                lab.read("metabolic.homa_ir")?,
            ])
        };
        let (usual, short) = (week(&mut lab, 0.0)?, week(&mut lab, 1.0)?);
        evening.push(percent(short[0], usual[0]));
        il6.push(short[1] - usual[1]);
        resistance.push(percent(short[2], usual[2]));
    }
    Ok(vec![
        ("body-22a", mean(&evening)),
        ("body-22b", mean(&il6)),
        ("body-22c", mean(&resistance)),
    ])
}

/// What an exposure changes in people at rest: values before and after so many days.
fn cohort(
    lab: &mut Lab,
    (seed, people): (u64, u32),
    (exposure, days): (&str, f64),
    observable: &str,
) -> Result<Vec<(f64, f64)>, CheckError> {
    (0..people)
        .map(|person| {
            lab.draw(seed, person);
            lab.begin();
            lab.rest()?;
            let before = lab.read(observable)?;
            live_with(lab, exposure, 1.0)?;
            let solution = lab.run(days, &[days], Vec::new())?;
            Ok((before, course(lab, &solution, observable)?[0]))
        })
        .collect()
}

/// Row 25: glycaemic load and milk.
pub(super) fn growth_factor() -> Result<RowValues, CheckError> {
    let mut lab = daily()?;
    let load = cohort(
        &mut lab,
        (25, 200),
        ("low_glycaemic_load", 14.0),
        "metabolic.igf1",
    )?;
    let milk = cohort(&mut lab, (125, 200), ("milk", 21.0), "metabolic.igf1")?;
    let changes: Vec<f64> = load.iter().map(|(a, b)| percent(*b, *a)).collect();
    let gains: Vec<f64> = milk.iter().map(|(a, b)| b - a).collect();
    Ok(vec![
        ("body-25a", mean(&changes)),
        ("body-25b", mean(&gains)),
    ])
}

/// Row 26: women, three sessions of UVB in a week.
pub(super) fn sun() -> Result<RowValues, CheckError> {
    let mut lab = daily()?;
    let found = cohort(&mut lab, (26, 200), ("uvb", 7.0), "metabolic.vitamin_d")?;
    let start: Vec<f64> = found.iter().map(|f| f.0).collect();
    let middle = median(&start);
    let gain = |wanted: &dyn Fn(f64) -> bool| {
        let own: Vec<f64> = found
            .iter()
            .filter(|f| wanted(f.0))
            .map(|f| f.1 - f.0)
            .collect();
        mean(&own)
    };
    Ok(vec![
        ("body-26a", gain(&|_| true)),
        ("body-26b", gain(&|x| x < middle) - gain(&|x| x > middle)),
    ])
}

/// Row 30: acting endotoxin held at a half to three times its usual level by what is added to it.
pub(super) fn low_endotoxin() -> Result<RowValues, CheckError> {
    const DAYS: f64 = 28.0;
    const CYTOKINES: [&str; 3] = ["immune.tnf", "immune.il6", "immune.il10"];
    let mut lab = daily()?;
    lab.rest()?;
    let rested = lab.state.clone();
    let usual: Vec<f64> = CYTOKINES
        .iter()
        .map(|name| lab.read(name))
        .collect::<Result<_, _>>()?;
    let active = lab.state[lab.state_index("endotoxin.active")?];
    let loss = lab.parameter("endotoxin.active_loss")?;
    let mut largest = [0.0_f64; 3];
    let outputs = times(0.0, DAYS, 1.0);
    for factor in [0.5, 1.0, 2.0, 3.0] {
        lab.state.clone_from(&rested);
        lab.set_input("input.endotoxin", (factor - 1.0) * active * loss)?;
        let solution = lab.run(DAYS, &outputs, Vec::new())?;
        for (i, name) in CYTOKINES.iter().enumerate() {
            for now in course(&lab, &solution, name)? {
                let change = percent(now, usual[i]);
                if change.abs() > largest[i].abs() {
                    largest[i] = change;
                }
            }
        }
    }
    Ok(vec![
        ("body-30a", largest[0]),
        ("body-30b", largest[1]),
        ("body-30c", largest[2]),
    ])
}
