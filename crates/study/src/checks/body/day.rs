//! The stress axis: over a day, under stress, under steroids.

use super::super::lab::setting;
use super::super::{CheckError, Lab, RowValues};
use super::bench::{
    HOUR, MINUTE, STEP, course, daily, expose, live_with, mean, peak, percent, sd, times,
    within_day,
};
use crate::checks::table;
use gutskin_biology::assay::Assay;

/// The public speech test: at 15:00.
const SPEECH: f64 = 15.0 * HOUR;

/// Row 13, from noon to noon, so that the nadir around midnight lies inside.
pub(super) fn circadian() -> Result<RowValues, CheckError> {
    let mut lab = within_day()?;
    let outputs = times(2.5, 3.5 - STEP, STEP);
    let solution = lab.run(3.5, &outputs, Vec::new())?;
    let cortisol = course(&lab, &solution, "hpa.cortisol")?;
    let lowest: Vec<f64> = cortisol.iter().map(|x| -x).collect();
    let (top, bottom) = (peak(&cortisol), peak(&lowest));
    let clock = |at: usize| at as f64 * STEP / HOUR - 12.0;
    Ok(vec![
        ("body-13a", top.1),
        ("body-13b", clock(top.0)),
        ("body-13c", -bottom.1),
        ("body-13d", clock(bottom.0)),
        ("body-13e", mean(&cortisol)),
    ])
}

/// Salivary cortisol before the speech and at its highest within two hours.
struct Speech {
    before: f64,
    highest: f64,
}

/// A speech on this day of the person's life; each sample with the error of its assay.
fn speech(lab: &mut Lab, day: f64, person: (u64, u32)) -> Result<Speech, CheckError> {
    let start = day + SPEECH;
    let given = expose(lab, "stress_acute", 1.0, (start, None))?;
    let outputs = times(start, start + 2.0 * HOUR, STEP);
    let solution = lab.run(start + 3.0 * HOUR, &outputs, given)?;
    let assay = Assay::named(table()?, "cortisol_saliva")?;
    let saliva = course(lab, &solution, assay.observable)?;
    let reading = |truth: f64, sample: &str| {
        assay.reading(truth, 0.0, Lab::normal(person.0, person.1, sample))
    };
    Ok(Speech {
        before: reading(saliva[0], "saliva before the speech"),
        highest: reading(peak(&saliva).1, "saliva after the speech"),
    })
}

/// Half of the people are men, who answer stress more; the mean gain of both sexes stays.
fn of_a_sex(lab: &mut Lab, seed: u64, person: u32) -> Result<(), CheckError> {
    let ratio = setting("people.male_stress_gain")?.sqrt();
    let male = Lab::uniform(seed, person, "sex") < 0.5;
    let gain = lab.parameter("hpa.stress_gain")?;
    let own = if male { gain * ratio } else { gain / ratio };
    lab.set_parameter("hpa.stress_gain", own)
}

/// Row 15: 200 adults, and 200 with eczema, whose stress gain is lower.
pub(super) fn public_speech() -> Result<RowValues, CheckError> {
    const PEOPLE: u32 = 200;
    let mut lab = within_day()?;
    let damped = setting("people.eczema_stress_gain")?;
    let (mut folds, mut rises, mut rises_eczema) = (Vec::new(), Vec::new(), Vec::new());
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for person in 0..PEOPLE {
        lab.draw(15, person);
        of_a_sex(&mut lab, 15, person)?;
        lab.begin();
        let found = speech(&mut lab, 0.0, (15, person))?;
        folds.push(found.highest / found.before);
        rises.push(found.highest - found.before);
        before.push(found.before);
        after.push(found.highest);
        lab.draw(115, person);
        of_a_sex(&mut lab, 115, person)?;
        let gain = lab.parameter("hpa.stress_gain")?;
        lab.set_parameter("hpa.stress_gain", damped * gain)?;
        lab.begin();
        let found = speech(&mut lab, 0.0, (115, person))?;
        rises_eczema.push(found.highest - found.before);
    }
    // Cohen's d: the mean change over the pooled spread before and after.
    let pooled = f64::midpoint(sd(&before).powi(2), sd(&after).powi(2)).sqrt();
    Ok(vec![
        ("body-15a", mean(&folds)),
        ("body-15b", mean(&rises) / pooled),
        ("body-15c", mean(&rises_eczema) / mean(&rises)),
    ])
}

/// Row 16: men, fatty acids in the colon for a week, then the speech.
pub(super) fn fatty_acids() -> Result<RowValues, CheckError> {
    const MEN: u32 = 200;
    const WEEK: f64 = 7.0;
    let mut lab = within_day()?;
    let mut rises: [Vec<f64>; 3] = Default::default();
    let mut awakening: [Vec<f64>; 3] = Default::default();
    for person in 0..MEN {
        for (arm, dose) in [0.0, 0.5, 1.0].into_iter().enumerate() {
            lab.draw(16, person);
            lab.begin();
            live_with(&mut lab, "scfa_colonic_20g", dose)?;
            let morning = [WEEK + 7.0 * HOUR, WEEK + 7.75 * HOUR];
            let begun = lab.state.clone();
            let solution = lab.run(WEEK + 8.0 * HOUR, &morning, Vec::new())?;
            let saliva = course(&lab, &solution, "hpa.cortisol_saliva")?;
            awakening[arm].push(saliva[1] - saliva[0]);
            lab.state = begun;
            let found = speech(&mut lab, WEEK, (16, person))?;
            rises[arm].push(found.highest - found.before);
        }
    }
    let change = |arm: usize| percent(mean(&rises[arm]), mean(&rises[0]));
    Ok(vec![
        ("body-16a", change(2)),
        ("body-16b", change(1) / change(2)),
        (
            "body-16c",
            percent(mean(&awakening[2]), mean(&awakening[0])),
        ),
    ])
}

/// Row 23: half a year of meditation under stress, against waiting.
pub(super) fn meditation() -> Result<RowValues, CheckError> {
    const PEOPLE: u32 = 200;
    const HALF_YEAR: f64 = 180.0;
    let mut lab = daily()?;
    let assay = Assay::named(table()?, "cortisol_saliva")?;
    let (mut day, mut waiting, mut treated) = (Vec::new(), Vec::new(), Vec::new());
    for person in 0..PEOPLE {
        lab.draw(23, person);
        lab.begin();
        live_with(&mut lab, "stress_chronic", 1.0)?;
        lab.rest()?;
        let rested = lab.state.clone();
        let end = |lab: &mut Lab, practised: f64| -> Result<[f64; 2], CheckError> {
            lab.state.clone_from(&rested);
            let stressed = lab.inputs.clone();
            live_with(lab, "meditation", practised)?;
            lab.run(HALF_YEAR, &[], Vec::new())?;
            lab.inputs = stressed;
            Ok([
                lab.read("hpa.cortisol_mean")?,
                lab.read("hpa.cortisol_saliva")?,
            ])
        };
        let (wait, train) = (end(&mut lab, 0.0)?, end(&mut lab, 1.0)?);
        day.push(percent(train[0], wait[0]));
        let reading =
            |truth: f64, sample: &str| assay.reading(truth, 0.0, Lab::normal(23, person, sample));
        waiting.push(reading(wait[1], "saliva waiting"));
        treated.push(reading(train[1], "saliva trained"));
    }
    let pooled = f64::midpoint(sd(&waiting).powi(2), sd(&treated).powi(2)).sqrt();
    Ok(vec![
        ("body-23a", mean(&day)),
        ("body-23b", (mean(&waiting) - mean(&treated)) / pooled),
    ])
}

/// Highest own cortisol between 06:00 and 10:00 of this day.
fn mornings(lab: &mut Lab, days: u32) -> Result<Vec<f64>, CheckError> {
    let outputs: Vec<f64> = (0..days)
        .flat_map(|d| {
            times(
                f64::from(d) + 6.0 * HOUR,
                f64::from(d) + 10.0 * HOUR,
                15.0 * MINUTE,
            )
        })
        .collect();
    let solution = lab.run(f64::from(days), &outputs, Vec::new())?;
    let cortisol = course(lab, &solution, "hpa.cortisol")?;
    Ok(cortisol.chunks(17).map(|c| peak(c).1).collect())
}

/// Row 28: a steroid that the axis hears, for a day, five days and five weeks.
pub(super) fn steroid() -> Result<RowValues, CheckError> {
    let mut lab = within_day()?;
    let usual = mornings(&mut lab, 3)?;
    let normal = usual[usual.len() - 1];
    let begun = lab.state.clone();
    let mut after = |days: f64| -> Result<(f64, f64, f64), CheckError> {
        lab.state.clone_from(&begun);
        let given = expose(&lab, "dexamethasone", 1.0, (0.0, Some(days)))?;
        let eight = 1.0 + 8.0 * HOUR;
        let solution = lab.run(days.max(eight), &[8.0 * HOUR, eight], given)?;
        let cortisol = course(&lab, &solution, "hpa.cortisol")?;
        lab.set_input("input.steroid", 0.0)?;
        let mass = lab.state[lab.state_index("hpa.adrenal_mass")?];
        let recovering = mornings(&mut lab, 120)?;
        let back = recovering.iter().position(|m| *m >= 0.8 * normal);
        let days = back.map_or(f64::INFINITY, |day| day as f64 + 1.0);
        Ok((100.0 * (1.0 - cortisol[1] / normal), days, mass))
    };
    let (short, long) = (after(5.0)?, after(35.0)?);
    Ok(vec![
        ("body-28a", short.0),
        ("body-28b", short.1),
        ("body-28c", long.1),
        ("body-28d", long.2),
    ])
}
