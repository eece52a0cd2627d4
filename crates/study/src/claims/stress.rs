//! Stress within hours and over weeks, practice, sleep.

use super::bench::{
    PEOPLE, Sample, Values, anyone, before_and_after, every_day, mean, network, percent, plain,
    removed, switch,
};
use crate::checks::{CheckError, Experiment, Lab, RowValues};
use gutskin_biology::axis::SkinKind;
use gutskin_biology::body::Mode;
use gutskin_biology::colon::ColonOptions;
use gutskin_engine::Change;

pub(super) static EXPERIMENTS: &[Experiment] = &[
    Experiment {
        name: "public speech with and without mast cells",
        rows: &[
            "claim-stress-leak-a",
            "claim-stress-leak-b",
            "claim-stress-leak-cut",
        ],
        run: speech,
    },
    Experiment {
        name: "sixty days of stress and after",
        rows: &[
            "claim-chronic-stress-a",
            "claim-chronic-stress-b",
            "claim-chronic-stress-c",
            "claim-chronic-stress-cut",
        ],
        run: chronic,
    },
    Experiment {
        name: "practice for twelve weeks",
        rows: &[
            "claim-stress-practice-a",
            "claim-stress-practice-b",
            "claim-stress-practice-cut",
        ],
        run: practice,
    },
    Experiment {
        name: "a week of short sleep",
        rows: &["claim-sleep-a", "claim-sleep-b", "claim-sleep-c"],
        run: sleep,
    },
];

const HOUR: f64 = 1.0 / 24.0;
/// Stress score at s = 1, and at s = 0.
const STRESSED: f64 = 26.0;
const CALM: f64 = 13.0;

/// The reference person of the axis with its clock, after some days.
fn clocked() -> Result<Lab, CheckError> {
    let network = network(SkinKind::Healthy, Mode::WithinDay, ColonOptions::default())?;
    let mut lab = Lab::new(network)?;
    lab.run(10.0, &[], Vec::new())?;
    Ok(lab)
}

/// Mean of an observable from one clock time to another, under these changes.
fn mean_between(
    lab: &mut Lab,
    name: &str,
    (from, to): (f64, f64),
    changes: Vec<Change>,
) -> Result<f64, CheckError> {
    let steps = ((to - from) / HOUR * 12.0).round() as usize;
    let outputs: Vec<f64> = (0..=steps)
        .map(|i| from + (to - from) * i as f64 / steps as f64)
        .collect();
    let i = lab.observable_index(name)?;
    let solution = lab.run(to, &outputs, changes)?;
    let rows = solution.trajectory.len();
    Ok((0..rows)
        .map(|r| solution.trajectory.observables(r)[i])
        .sum::<f64>()
        / rows as f64)
}

/// Lactulose/mannitol of the two hours from a quarter of an hour of public speech at 10:00, over that of a quiet day.
fn speech() -> Result<RowValues, CheckError> {
    const START: f64 = 10.0 * HOUR;
    const DRIVE: f64 = 12.0;
    let mut lab = clocked()?;
    let (state, switches) = (lab.state.clone(), lab.switches.clone());
    let mut fold = |blocked: bool, cut: bool| -> Result<f64, CheckError> {
        let mut both = [0.0; 2];
        for (value, drive) in both.iter_mut().zip([DRIVE, 0.0]) {
            lab.reset();
            lab.state.clone_from(&state);
            lab.switches.clone_from(&switches);
            if cut {
                switch(&mut lab, "stress_to_mast_cells", false)?;
            }
            lab.set_input("input.cromoglycate", f64::from(u8::from(blocked)))?;
            let changes = vec![
                lab.input_change(START, "input.acute_stress", drive)?,
                lab.input_change(START + 0.25 * HOUR, "input.acute_stress", 0.0)?,
            ];
            lab.run(START + 2.0 * HOUR, &[], changes)?;
            *value = lab.read("barrier.lactulose_mannitol")?;
        }
        Ok(both[0] / both[1])
    };
    let full = fold(false, false)?;
    Ok(vec![
        ("claim-stress-leak-a", full),
        ("claim-stress-leak-b", fold(true, false)?),
        (
            "claim-stress-leak-cut",
            removed(full - 1.0, fold(false, true)? - 1.0),
        ),
    ])
}

/// Days of stress, and days watched after it.
const STRESS_DAYS: usize = 60;
const AFTER: usize = 140;

/// Means over people of 24-h cortisol and ACTH by day.
fn months(sample: &mut Sample, held: bool) -> Result<Values, CheckError> {
    sample.each(&[], |lab, _| {
        if held {
            for name in ["hpa.pituitary_turnover", "hpa.adrenal_turnover"] {
                lab.set_parameter(name, 0.0)?;
            }
        }
        let changes = vec![
            lab.input_change(0.0, "input.stress_score", STRESSED)?,
            lab.input_change(STRESS_DAYS as f64, "input.stress_score", CALM)?,
        ];
        let days = (STRESS_DAYS + AFTER) as f64;
        let names = ["hpa.cortisol_mean", "hpa.acth"];
        let mut found = super::bench::read(lab, &names)?;
        let places = names
            .iter()
            .map(|n| lab.observable_index(n))
            .collect::<Result<Vec<usize>, _>>()?;
        let solution = lab.run(days, &every_day(days), changes)?;
        for i in places {
            let rows = 0..solution.trajectory.len();
            found.extend(rows.map(|row| solution.trajectory.observables(row)[i]));
        }
        Ok(found)
    })
}

fn chronic() -> Result<RowValues, CheckError> {
    let mut sample = Sample::draw(plain(SkinKind::Healthy)?, 91, PEOPLE, anyone)?;
    let days = STRESS_DAYS + AFTER + 1;
    let cortisol = |v: &Values, day: usize| 100.0 * (mean(v, 2 + day) / mean(v, 0) - 1.0);
    let undershoot = |v: &Values| {
        let weeks = STRESS_DAYS + 14..=STRESS_DAYS + 70;
        let count = weeks.clone().count() as f64;
        100.0 * (weeks.map(|d| mean(v, 2 + days + d)).sum::<f64>() / count / mean(v, 1) - 1.0)
    };
    let full = months(&mut sample, false)?;
    let held = months(&mut sample, true)?;
    let late = |v: &Values| cortisol(v, STRESS_DAYS) - cortisol(v, 5);
    // Per week over the two weeks from day 30.
    let slope = (mean(&full, 2 + 44) / mean(&full, 2 + 30) - 1.0) * 100.0 / 2.0;
    let share =
        removed(late(&full), late(&held)).min(removed(undershoot(&full), undershoot(&held)));
    Ok(vec![
        ("claim-chronic-stress-a", cortisol(&full, STRESS_DAYS)),
        ("claim-chronic-stress-b", slope),
        ("claim-chronic-stress-c", undershoot(&full)),
        ("claim-chronic-stress-cut", share),
    ])
}

fn practice() -> Result<RowValues, CheckError> {
    let mut sample = Sample::draw(plain(SkinKind::Healthy)?, 92, PEOPLE, anyone)?;
    let mut course = |cut: &[&str]| {
        sample.each(cut, |lab, _| {
            lab.set_input("input.stress_score", STRESSED)?;
            lab.rest()?;
            before_and_after(lab, &["hpa.cortisol_mean", "barrier.leak"], 84.0, |lab| {
                lab.set_input("input.practice", 1.0)
            })
        })
    };
    let full = course(&[])?;
    let cut = course(&["stress_to_chronic_drive"])?;
    Ok(vec![
        ("claim-stress-practice-a", percent(&full, 0, 2)),
        ("claim-stress-practice-b", percent(&full, 1, 3)),
        (
            "claim-stress-practice-cut",
            removed(percent(&full, 0, 2), percent(&cut, 0, 2)),
        ),
    ])
}

/// Hours lost a night at 5.5 h of sleep.
const LOST: f64 = 2.5;

fn sleep() -> Result<RowValues, CheckError> {
    let mut sample = Sample::draw(plain(SkinKind::Healthy)?, 93, PEOPLE, anyone)?;
    let values = sample.each(&[], |lab, _| {
        before_and_after(lab, &["immune.il6", "barrier.leak"], 7.0, |lab| {
            lab.set_input("input.sleep_loss", LOST)
        })
    })?;
    let mut lab = clocked()?;
    let state = lab.state.clone();
    let mut evening = |lost: f64| -> Result<f64, CheckError> {
        lab.reset();
        lab.state.clone_from(&state);
        lab.set_input("input.sleep_loss", lost)?;
        lab.run(6.0, &[], Vec::new())?;
        mean_between(
            &mut lab,
            "hpa.cortisol",
            (18.0 * HOUR, 23.0 * HOUR),
            Vec::new(),
        )
    };
    let rise = evening(LOST)? / evening(0.0)?;
    Ok(vec![
        ("claim-sleep-a", 100.0 * (rise - 1.0)),
        ("claim-sleep-b", mean(&values, 2) - mean(&values, 0)),
        ("claim-sleep-c", percent(&values, 1, 3)),
    ])
}
