//! Endotoxin given to a median healthy man, with his clock.

use super::super::{CheckError, Lab, RowValues};
use super::bench::{
    HOUR, MINUTE, STEP, bolus, correlation, course, expose, hold_cortisol, infusion, peak, sd,
    times, within_day,
};
use gutskin_engine::Change;

/// When endotoxin is given: 09:00.
const MORNING: f64 = 9.0 * HOUR;
const CYTOKINES: [&str; 3] = ["immune.tnf", "immune.il6", "immune.il10"];

/// Courses every five minutes for `hours` from `start`.
fn courses(
    lab: &mut Lab,
    (start, hours): (f64, f64),
    changes: Vec<Change>,
    names: &[&str],
) -> Result<Vec<Vec<f64>>, CheckError> {
    let stop = start + hours * HOUR;
    let solution = lab.run(stop + HOUR, &times(start, stop, STEP), changes)?;
    names.iter().map(|n| course(lab, &solution, n)).collect()
}

/// Courses for a day after one bolus.
fn once(dose: f64, start: f64, names: &[&str]) -> Result<Vec<Vec<f64>>, CheckError> {
    let mut lab = within_day()?;
    let given = vec![bolus(&lab, start, dose)?];
    courses(&mut lab, (start, 24.0), given, names)
}

/// Hours after the start of the highest value.
fn peak_hours(course: &[f64]) -> f64 {
    peak(course).0 as f64 * STEP / HOUR
}

/// Value at this many hours, % of the peak.
fn share(course: &[f64], hours: f64) -> f64 {
    let at = (hours * HOUR / STEP).round() as usize;
    100.0 * course.get(at).copied().unwrap_or(f64::NAN) / peak(course).1
}

fn rise(course: &[f64]) -> f64 {
    peak(course).1 - course[0]
}

/// Rows 1 to 3.
pub(super) fn two() -> Result<RowValues, CheckError> {
    let [tnf, il6, il10] = CYTOKINES;
    let read = [tnf, il6, il10, "immune.il8", "acute.temperature_rise"];
    let found = once(2.0, MORNING, &read)?;
    let (tnf, il6, il10, il8, warm) = (&found[0], &found[1], &found[2], &found[3], &found[4]);
    let late = (12.0 * HOUR / STEP).round() as usize;
    Ok(vec![
        ("body-01a", peak(tnf).1),
        ("body-01b", peak_hours(tnf)),
        ("body-01c", share(tnf, 4.0)),
        ("body-01d", share(tnf, 6.0)),
        ("body-02a", peak(il6).1),
        ("body-02b", peak_hours(il6)),
        ("body-02c", share(il6, 4.0)),
        ("body-02d", share(il6, 6.0)),
        ("body-03a", peak(il10).1),
        ("body-03b", peak_hours(il10)),
        ("body-03c", peak_hours(il10) - peak_hours(tnf)),
        ("body-03d", peak(il8).1),
        ("body-03e", peak_hours(il8)),
        ("body-10a", rise(warm)),
        ("body-10b", peak_hours(warm)),
        ("body-10c", peak(&warm[late..]).1 - warm[0]),
    ])
}

/// Row 4: what 200 men differ by.
pub(super) fn spread() -> Result<RowValues, CheckError> {
    const PEOPLE: u32 = 200;
    let mut lab = within_day()?;
    let mut peaks: [Vec<f64>; 3] = Default::default();
    for person in 0..PEOPLE {
        lab.draw(4, person);
        lab.begin();
        let given = vec![bolus(&lab, MORNING, 2.0)?];
        let found = courses(&mut lab, (MORNING, 8.0), given, &CYTOKINES)?;
        for (all, own) in peaks.iter_mut().zip(&found) {
            all.push(peak(own).1.ln());
        }
    }
    Ok(vec![
        ("body-04a", sd(&peaks[0])),
        ("body-04b", sd(&peaks[1])),
        ("body-04c", sd(&peaks[2])),
        ("body-04d", correlation(&peaks[0], &peaks[1])),
    ])
}

/// Row 5.
pub(super) fn doses() -> Result<RowValues, CheckError> {
    let rises = |dose: f64| -> Result<[f64; 2], CheckError> {
        let found = once(dose, MORNING, &CYTOKINES)?;
        Ok([0, 1].map(|i| rise(&found[i])))
    };
    let (third, half, one, two) = (rises(0.3)?, rises(0.5)?, rises(1.0)?, rises(2.0)?);
    Ok(vec![
        ("body-05a", third[0]),
        ("body-05b", half[0]),
        ("body-05c", one[0]),
        ("body-05d", two[0] / one[0]),
        ("body-05e", one[1]),
    ])
}

/// Row 6: 1 ng/kg at once, then 1 ng/kg/h for three hours.
pub(super) fn infused() -> Result<RowValues, CheckError> {
    let mut lab = within_day()?;
    let mut given = infusion(&lab, MORNING, MORNING + 3.0 * HOUR, 1.0)?.to_vec();
    given.push(bolus(&lab, MORNING, 1.0)?);
    let found = courses(&mut lab, (MORNING, 8.0), given, &["immune.tnf"])?;
    let tnf = &found[0];
    let at = (2.9 * HOUR / STEP).round() as usize;
    Ok(vec![
        ("body-06a", peak_hours(tnf)),
        ("body-06b", (tnf[at] - tnf[at - 1]) / (STEP / HOUR)),
    ])
}

/// Row 7: once a day for five days.
pub(super) fn daily() -> Result<RowValues, CheckError> {
    let mut lab = within_day()?;
    let given: Vec<Change> = (0..5)
        .map(|day| bolus(&lab, MORNING + f64::from(day), 2.0))
        .collect::<Result<_, _>>()?;
    let found = courses(&mut lab, (MORNING, 5.0 * 24.0), given, &CYTOKINES)?;
    let day = (1.0 / STEP).round() as usize;
    let names = ["body-07a", "body-07b", "body-07c"];
    Ok(names
        .iter()
        .zip(&found)
        .map(|(name, c)| (*name, peak(&c[4 * day..]).1 / peak(&c[..day]).1))
        .collect())
}

/// Row 8: a second time after 35 and after 7 days.
pub(super) fn again() -> Result<RowValues, CheckError> {
    let day = (1.0 / STEP).round() as usize;
    let mut values = Vec::new();
    for (row, wait) in [("body-08a", 35_u16), ("body-08b", 7)] {
        let mut lab = within_day()?;
        let second = MORNING + f64::from(wait);
        let given = vec![bolus(&lab, MORNING, 2.0)?, bolus(&lab, second, 2.0)?];
        let hours = 24.0 * (f64::from(wait) + 1.0);
        let found = courses(&mut lab, (MORNING, hours), given, &["immune.tnf"])?;
        let tnf = &found[0];
        let from = usize::from(wait) * day;
        values.push((row, peak(&tnf[from..]).1 / peak(&tnf[..day]).1));
    }
    Ok(values)
}

/// Row 9: the acute-phase protein for five days.
pub(super) fn acute_phase() -> Result<RowValues, CheckError> {
    let mut lab = within_day()?;
    let given = vec![bolus(&lab, MORNING, 2.0)?];
    let found = courses(&mut lab, (MORNING, 120.0), given, &["immune.crp"])?;
    let crp = &found[0];
    let usual = crp[0];
    let above = |hours: f64| crp[(hours * HOUR / STEP).round() as usize] - usual;
    let halvings = (above(60.0) / above(96.0)).log2();
    Ok(vec![
        ("body-09a", peak(crp).1),
        ("body-09b", peak_hours(crp)),
        ("body-09c", 36.0 / halvings),
    ])
}

/// Row 11: cortisol held from six hours before.
pub(super) fn hydrocortisone() -> Result<RowValues, CheckError> {
    let free = once(2.0, MORNING, &CYTOKINES)?;
    let held = |level: f64| -> Result<Vec<Vec<f64>>, CheckError> {
        let mut lab = within_day()?;
        let span = (MORNING - 6.0 * HOUR, MORNING + 25.0 * HOUR);
        let mut changes = hold_cortisol(&mut lab, level, span)?;
        changes.push(bolus(&lab, MORNING, 2.0)?);
        courses(&mut lab, (MORNING, 24.0), changes, &CYTOKINES)
    };
    let (less, more) = (held(1200.0)?, held(2000.0)?);
    let over = |found: &[Vec<f64>], i: usize| peak(&found[i]).1 / peak(&free[i]).1;
    Ok(vec![
        ("body-11a", 100.0 * over(&less, 0)),
        ("body-11b", 100.0 * over(&more, 0)),
        ("body-11c", 100.0 * over(&more, 1)),
        ("body-11d", over(&more, 2)),
    ])
}

/// Row 12: morning and evening.
pub(super) fn clock() -> Result<RowValues, CheckError> {
    let names = ["immune.tnf", "immune.il6", "hpa.cortisol"];
    // What cortisol would have done without endotoxin is taken off.
    let found = |start: f64| -> Result<[f64; 3], CheckError> {
        let (with, without) = (once(0.8, start, &names)?, once(0.0, start, &names)?);
        let extra: Vec<f64> = with[2]
            .iter()
            .zip(&without[2])
            .map(|(a, b)| a - b)
            .collect();
        Ok([peak(&with[0]).1, peak(&with[1]).1, peak(&extra).1])
    };
    let (morning, evening) = (found(MORNING)?, found(19.0 * HOUR)?);
    Ok(vec![
        ("body-12a", 100.0 * (evening[0] / morning[0] - 1.0)),
        ("body-12b", 100.0 * (evening[1] / morning[1] - 1.0)),
        ("body-12c", evening[2] / morning[2]),
    ])
}

/// Row 14: corticotropin-releasing hormone, and endotoxin 0.4 ng/kg; times of the peaks from the injection.
pub(super) fn releasing_hormone() -> Result<RowValues, CheckError> {
    let start = MORNING;
    // In the morning cortisol falls anyway: what it would have done without the hormone is taken off, as in row 12.
    let cortisol = |dose: f64| -> Result<Vec<f64>, CheckError> {
        let mut lab = within_day()?;
        let given = expose(&lab, "crh_injection", dose, (start, None))?;
        Ok(courses(&mut lab, (start, 4.0), given, &["hpa.cortisol"])?.remove(0))
    };
    let extra: Vec<f64> = cortisol(1.0)?
        .iter()
        .zip(cortisol(0.0)?)
        .map(|(with, without)| with - without)
        .collect();
    let crh = peak_hours(&extra) * HOUR / MINUTE;
    let found = once(0.4, start, &["hpa.acth", "hpa.cortisol"])?;
    let eight = (8.0 * HOUR / STEP).round() as usize;
    Ok(vec![
        ("body-14a", crh),
        ("body-14b", peak_hours(&found[0][..eight])),
        ("body-14c", peak_hours(&found[1][..eight])),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nothing of it is fitted to these: Taudorf 2007, Dillingh 2014, and the means of Dillingh 2014 and Kiers 2017.
    #[test]
    fn temperature_rises_by_dose_about_as_seen() {
        let mut last = 0.0;
        for (dose, seen) in [(0.3, 0.6), (0.5, 0.8), (1.0, 1.15), (2.0, 1.5)] {
            let found = once(dose, MORNING, &["acute.temperature_rise"]).unwrap();
            let rise = rise(&found[0]);
            assert!(rise > last && (rise - seen).abs() < 0.3, "{dose}: {rise}");
            last = rise;
        }
    }
}
