//! Weekly means of the daily mode against those of the within-day mode (row 24).

use super::super::{CheckError, Lab, RowValues};
use super::bench::{
    HOUR, MINUTE, before, course, daily, eats, expose, mean, percent, times, within_day,
};
use super::weeks::joined;
use gutskin_engine::Change;

/// What is compared.
const READ: [(&str, &str); 6] = [
    ("body-24a", "immune.tnf"),
    ("body-24b", "immune.il6"),
    ("body-24c", "immune.crp"),
    ("body-24d", "hpa.cortisol"),
    ("body-24e", "endotoxin.lal"),
    ("body-24f", "immune.th17"),
];
const WEEK: f64 = 7.0;
/// Days of a week on which something comes three times.
const SPEECHES: [f64; 3] = [0.0, 2.0, 4.0];
/// Hours of the day at which speeches are held where the daily mode is told of each; as a rate they stand for one in
/// the afternoon.
const HOURS: [f64; 4] = [8.0, 15.0, 20.0, 23.0];
const AFTERNOON: f64 = 15.0;

/// Speeches, as the daily mode is told of them.
#[derive(Clone, Copy, Default)]
enum Speeches {
    #[default]
    None,
    /// By their number a day.
    Rate,
    /// One by one, at this hour.
    Named(f64),
}

/// A condition of the comparison.
#[derive(Default)]
struct Life {
    weeks: u32,
    held: Vec<(&'static str, f64)>,
    speeches: Speeches,
}

/// The five conditions.
fn lives() -> Result<Vec<(&'static str, Life)>, CheckError> {
    let plain = |weeks| Life {
        weeks,
        ..Life::default()
    };
    let mut western = plain(4);
    western.held = western_inputs()?;
    let mut chronic = plain(9);
    // s = 1: the chronic share is 0.2.
    chronic.held = vec![("input.stress_score", 26.0)];
    let mut skin = plain(4);
    skin.held = vec![("clamped.psoriasis_severity", 1.0)];
    let mut all = vec![
        ("no input", plain(4)),
        ("Western diet", western),
        ("chronic stress", chronic),
        ("skin severity 1", skin),
    ];
    for speeches in [Speeches::Rate]
        .into_iter()
        .chain(HOURS.map(Speeches::Named))
    {
        let mut acute = plain(if matches!(speeches, Speeches::Rate) {
            4
        } else {
            12
        });
        acute.speeches = speeches;
        all.push(("three speeches a week", acute));
    }
    Ok(all)
}

/// What the colon hands over after four weeks of a Western diet, and the fat.
fn western_inputs() -> Result<Vec<(&'static str, f64)>, CheckError> {
    let mut lab = joined()?;
    lab.rest()?;
    let absorbed = lab.read("colon.scfa_absorbed")?;
    eats(&mut lab, "western")?;
    let fat = lab.input("input.diet.saturated_fat")?;
    lab.run(4.0 * WEEK, &[], Vec::new())?;
    Ok(vec![
        ("clamped.lps_activity", lab.read("colon.lps_activity")?),
        ("clamped.mucus_foraging", lab.read("colon.mucus_foraging")?),
        (
            "clamped.surface_butyrate",
            lab.read("colon.surface_butyrate")?,
        ),
        (
            "clamped.scfa_extra",
            lab.read("colon.scfa_absorbed")? - absorbed,
        ),
        ("input.diet.saturated_fat", fat),
    ])
}

/// Weekly means of everything compared.
fn weekly(
    lab: &mut Lab,
    life: &Life,
    step: f64,
    changes: Vec<Change>,
) -> Result<Vec<Vec<f64>>, CheckError> {
    let days = f64::from(life.weeks) * WEEK;
    let outputs = times(0.5 * step, days - 0.5 * step, step);
    let solution = lab.run(days, &outputs, before(days, changes))?;
    let rows = (WEEK / step).round() as usize;
    READ.iter()
        .map(|(_, name)| {
            let values = course(lab, &solution, name)?;
            Ok(values.chunks(rows).map(mean).collect())
        })
        .collect()
}

/// An exposure three times a week at this hour.
pub(super) fn thrice_a_week(
    lab: &Lab,
    exposure: &str,
    (weeks, hour): (u32, f64),
) -> Result<Vec<Change>, CheckError> {
    let mut all = Vec::new();
    for week in 0..weeks {
        for day in SPEECHES {
            let at = f64::from(week) * WEEK + day + hour * HOUR;
            all.extend(expose(lab, exposure, 1.0, (at, None))?);
        }
    }
    Ok(all)
}

/// Difference of daily from within-day, %, by what is compared and week.
fn differences(life: &Life) -> Result<Vec<Vec<f64>>, CheckError> {
    let (mut clock, mut slow) = (within_day()?, daily()?);
    for (name, value) in &life.held {
        clock.set_input(name, *value)?;
        slow.set_input(name, *value)?;
    }
    let speeches = |lab: &Lab, hour| thrice_a_week(lab, "stress_acute", (life.weeks, hour));
    let (given, told) = match life.speeches {
        Speeches::None => (Vec::new(), Vec::new()),
        Speeches::Rate => {
            slow.set_input("input.acute_stress_events", SPEECHES.len() as f64 / WEEK)?;
            (speeches(&clock, AFTERNOON)?, Vec::new())
        }
        Speeches::Named(hour) => (speeches(&clock, hour)?, speeches(&slow, hour)?),
    };
    let fine = weekly(&mut clock, life, 20.0 * MINUTE, given)?;
    let coarse = weekly(&mut slow, life, 0.25, told)?;
    let pairs = coarse.iter().zip(&fine);
    Ok(pairs
        .map(|(c, f)| c.iter().zip(f).map(|(c, f)| percent(*c, *f)).collect())
        .collect())
}

/// Row 24: the difference of largest size among conditions and weeks.
pub(super) fn compared() -> Result<RowValues, CheckError> {
    let mut worst = [0.0_f64; READ.len()];
    for (_, life) in lives()? {
        for (worst, found) in worst.iter_mut().zip(differences(&life)?) {
            for value in found {
                if value.abs() > worst.abs() {
                    *worst = value;
                }
            }
        }
    }
    Ok(READ
        .iter()
        .zip(worst)
        .map(|((row, _), w)| (*row, w))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weekly_means_of_both_modes_agree_within_five_percent_under_the_five_conditions() {
        let found = compared().unwrap();
        assert_eq!(found.len(), READ.len());
        for (row, worst) in found {
            assert!(worst.abs() < 5.0, "{row}: {worst} %");
        }
    }

    /// Short nights flatten the clock, which the daily mode does not see; the mean must stay all the same.
    #[test]
    fn short_nights_keep_the_mean_of_cortisol() {
        let life = Life {
            weeks: 2,
            held: vec![("input.sleep_loss", 2.5)],
            ..Life::default()
        };
        let found = differences(&life).unwrap();
        for ((_, name), weeks) in READ.iter().zip(found) {
            assert!(weeks.iter().all(|w| w.abs() < 5.0), "{name}: {weeks:?}");
        }
    }

    #[test]
    #[ignore = "a table to look at"]
    fn by_condition_and_week() {
        for (name, life) in lives().unwrap() {
            println!("{name}");
            for ((_, name), found) in READ.iter().zip(differences(&life).unwrap()) {
                println!("  {name}: {found:.2?}");
            }
        }
    }
}
