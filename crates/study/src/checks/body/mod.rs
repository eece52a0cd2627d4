//! Experiments on the body alone, colon and skin clamped.

use super::{CheckError, Experiment, Lab};
use gutskin_biology::body::{Mode, network};
use gutskin_biology::parameter_table;
use gutskin_engine::{Action, Change, Target};

/// Plasma concentration of a bolus of 1 ng/kg in 43 mL/kg, pg/mL.
const BOLUS: f64 = 1000.0 / 43.0;
/// Output every five minutes.
const STEP: f64 = 1.0 / 288.0;

type Values = Result<Vec<(&'static str, f64)>, CheckError>;

/// Every experiment of this room.
pub(super) static EXPERIMENTS: &[Experiment] = &[
    Experiment {
        name: "endotoxin 2 ng/kg",
        rows: &[
            "body-01a", "body-01b", "body-01c", "body-01d", "body-02a", "body-02b", "body-02c",
            "body-02d", "body-03a", "body-03b", "body-03c",
        ],
        run: challenge,
    },
    Experiment {
        name: "endotoxin by dose",
        rows: &["body-05a", "body-05b", "body-05c", "body-05d", "body-05e"],
        run: doses,
    },
    Experiment {
        name: "cortisol over a day",
        rows: &["body-13a", "body-13b", "body-13c", "body-13d", "body-13e"],
        run: circadian,
    },
];

/// Courses after a bolus at 09:00: clock from the bolus in hours, values.
fn bolus(dose: f64, names: &[&str]) -> Result<Vec<Vec<f64>>, CheckError> {
    let mut lab = Lab::new(network(&parameter_table()?, Mode::WithinDay)?)?;
    let state = u32::try_from(lab.state_index("endotoxin.active")?).unwrap_or(u32::MAX);
    let given = Change {
        time: 9.0 / 24.0,
        target: Target::State(state),
        action: Action::Add(dose * BOLUS),
    };
    let outputs: Vec<f64> = (0..=288)
        .map(|i| 9.0 / 24.0 + f64::from(i) * STEP)
        .collect();
    let solution = lab.run(1.5, &outputs, vec![given])?;
    names
        .iter()
        .map(|name| {
            let i = lab.observable_index(name)?;
            let rows = 0..solution.trajectory.len();
            Ok(rows
                .map(|r| solution.trajectory.observables(r)[i])
                .collect())
        })
        .collect()
}

/// Position and size of the maximum.
fn peak(course: &[f64]) -> (f64, f64) {
    let mut best = (0, f64::NEG_INFINITY);
    for (i, &value) in course.iter().enumerate() {
        if value > best.1 {
            best = (i, value);
        }
    }
    (best.0 as f64 * STEP * 24.0, best.1)
}

/// Value at this many hours, % of the peak.
fn share(course: &[f64], hours: f64) -> f64 {
    let at = (hours / 24.0 / STEP).round() as usize;
    100.0 * course.get(at).copied().unwrap_or(f64::NAN) / peak(course).1
}

fn challenge() -> Values {
    let found = bolus(2.0, &["immune.tnf", "immune.il6", "immune.il10"])?;
    let (tnf, il6, il10) = (&found[0], &found[1], &found[2]);
    Ok(vec![
        ("body-01a", peak(tnf).1),
        ("body-01b", peak(tnf).0),
        ("body-01c", share(tnf, 4.0)),
        ("body-01d", share(tnf, 6.0)),
        ("body-02a", peak(il6).1),
        ("body-02b", peak(il6).0),
        ("body-02c", share(il6, 4.0)),
        ("body-02d", share(il6, 6.0)),
        ("body-03a", peak(il10).1),
        ("body-03b", peak(il10).0),
        ("body-03c", peak(il10).0 - peak(tnf).0),
    ])
}

fn doses() -> Values {
    let rise = |dose: f64| -> Result<[f64; 2], CheckError> {
        let found = bolus(dose, &["immune.tnf", "immune.il6"])?;
        Ok([0, 1].map(|i| peak(&found[i]).1 - found[i][0]))
    };
    let (third, half, one, two) = (rise(0.3)?, rise(0.5)?, rise(1.0)?, rise(2.0)?);
    Ok(vec![
        ("body-05a", third[0]),
        ("body-05b", half[0]),
        ("body-05c", one[0]),
        ("body-05d", two[0] / one[0]),
        ("body-05e", one[1]),
    ])
}

fn circadian() -> Values {
    let mut lab = Lab::new(network(&parameter_table()?, Mode::WithinDay)?)?;
    // From noon to noon, so that the nadir around midnight lies inside.
    let outputs: Vec<f64> = (0..288).map(|i| 2.5 + f64::from(i) * STEP).collect();
    let solution = lab.run(3.5, &outputs, Vec::new())?;
    let i = lab.observable_index("hpa.cortisol")?;
    let course: Vec<f64> = (0..solution.trajectory.len())
        .map(|r| solution.trajectory.observables(r)[i])
        .collect();
    let lowest: Vec<f64> = course.iter().map(|x| -x).collect();
    let (top, bottom) = (peak(&course), peak(&lowest));
    Ok(vec![
        ("body-13a", top.1),
        ("body-13b", top.0 - 12.0),
        ("body-13c", -bottom.1),
        ("body-13d", bottom.0 - 12.0),
        ("body-13e", course.iter().sum::<f64>() / course.len() as f64),
    ])
}
