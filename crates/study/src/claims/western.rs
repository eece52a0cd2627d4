//! Poor diets: what they do in the gut, in blood and in the skin, and in which order.

use super::bench::{
    PEOPLE, Sample, Values, anyone, before_and_after, eat, eat_from, eczema, mean, patients,
    percent, plain, removed, with_drugs,
};
use super::ecosystem::mass;
use super::producers::PRODUCERS;
use crate::checks::gut::antibiotics::course;
use crate::checks::{CheckError, Experiment, Lab, RowValues};
use gutskin_biology::axis::{IMMUNE_ROUTE, SkinKind};

pub(super) static EXPERIMENTS: &[Experiment] = &[
    Experiment {
        name: "Western diet for four weeks",
        rows: &[
            "claim-western-diet-a",
            "claim-western-diet-b",
            "claim-western-diet-c",
            "claim-western-diet-d",
            "claim-western-diet-cut",
        ],
        run: western,
    },
    Experiment {
        name: "Western diet on the skins",
        rows: &[
            "claim-skin-target-a",
            "claim-skin-target-b",
            "claim-skin-target-c",
            "claim-skin-target-d",
            "claim-skin-target-cut",
        ],
        run: skins,
    },
    Experiment {
        name: "no fibre and ciprofloxacin: what moves first",
        rows: &[
            "claim-dysbiosis-cascade-a",
            "claim-dysbiosis-cascade-b",
            "claim-dysbiosis-cascade-c",
            "claim-dysbiosis-cascade-d",
            "claim-dysbiosis-cascade-cut",
        ],
        run: cascade,
    },
    Experiment {
        name: "a year of swings against the same mean diet",
        rows: &[
            "claim-unstable-gut-a",
            "claim-unstable-gut-b",
            "claim-unstable-gut-cut",
        ],
        run: unstable,
    },
];

fn western() -> Result<RowValues, CheckError> {
    let mut sample = Sample::draw(plain(SkinKind::Healthy)?, 61, PEOPLE, anyone)?;
    let seen = ["colon.scfa_absorbed", "endotoxin.lal", "immune.tnf"];
    let mut course = |cut: &[&str], held: bool| {
        sample.each(cut, |lab, _| {
            if held {
                for name in ["endotoxin.leak_exponent", "endotoxin.mucus_exponent"] {
                    lab.set_parameter(name, 0.0)?;
                }
                lab.rest()?;
            }
            let before = mass(lab, &["ENT"])?;
            let mut found = before_and_after(lab, &seen, 28.0, |lab| eat(lab, "western"))?;
            found.extend([before, mass(lab, &["ENT"])?]);
            Ok(found)
        })
    };
    let full = course(&[], false)?;
    let held = course(&[], true)?;
    let cut = course(&["lps_to_barrier", "fat_to_endotoxin"], true)?;
    Ok(vec![
        ("claim-western-diet-a", percent(&full, 0, 3)),
        ("claim-western-diet-b", percent(&full, 6, 7)),
        ("claim-western-diet-c", percent(&full, 1, 4)),
        ("claim-western-diet-d", percent(&full, 2, 5)),
        (
            "claim-western-diet-cut",
            removed(percent(&held, 1, 4), percent(&cut, 1, 4)),
        ),
    ])
}

fn skins() -> Result<RowValues, CheckError> {
    let course = |skin: SkinKind, cut: &[&str]| -> Result<Values, CheckError> {
        let (admit, score) = patients(skin);
        let mut sample = Sample::draw(plain(skin)?, 62, PEOPLE, admit)?;
        sample.each(cut, |lab, _| {
            before_and_after(lab, &[score], 84.0, |lab| eat(lab, "western"))
        })
    };
    let rows = [
        (SkinKind::Eczema, "claim-skin-target-a"),
        (SkinKind::Psoriasis, "claim-skin-target-b"),
        (SkinKind::Acne, "claim-skin-target-c"),
    ];
    let mut found = Vec::new();
    let mut share = f64::INFINITY;
    for (skin, row) in rows {
        let full = percent(&course(skin, &[])?, 0, 1);
        let cut = percent(&course(skin, &[IMMUNE_ROUTE])?, 0, 1);
        share = share.min(removed(full, cut));
        found.push((row, full));
    }
    let healthy = course(SkinKind::Healthy, &[])?;
    found.push(("claim-skin-target-d", mean(&healthy, 1) - mean(&healthy, 0)));
    found.push(("claim-skin-target-cut", share));
    Ok(found)
}

/// Steps of a course, days.
const STEP: f64 = 0.25;
const WATCHED: f64 = 56.0;

/// Courses of the producing guilds and of four observables after four weeks without fibre, with ciprofloxacin in the
/// first, one after another.
fn dysbiosis(lab: &mut Lab) -> Result<Vec<f64>, CheckError> {
    let steps = (WATCHED / STEP) as usize;
    let outputs: Vec<f64> = (0..=steps).map(|i| i as f64 * STEP).collect();
    let mut changes = eat_from(lab, "fibre_free", 0.0)?;
    changes.extend(super::bench::eat_as_now(lab, "fibre_free", 28.0)?);
    changes.extend(course(lab, "ciprofloxacin", 7.0)?);
    let solution = lab.run(WATCHED, &outputs, changes)?;
    let rows = 0..solution.trajectory.len();
    let mut producers = Vec::new();
    for guild in PRODUCERS {
        for segment in crate::checks::gut::SEGMENTS {
            producers.push(lab.state_index(&format!("colon.{guild}.{segment}"))?);
        }
    }
    let mut found: Vec<f64> = rows
        .clone()
        .map(|row| {
            producers
                .iter()
                .map(|i| solution.trajectory.states(row)[*i])
                .sum()
        })
        .collect();
    for name in [
        "barrier.lactulose_mannitol",
        "endotoxin.lal",
        "immune.crp",
        "score.easi",
    ] {
        let i = lab.observable_index(name)?;
        found.extend(
            rows.clone()
                .map(|row| solution.trajectory.observables(row)[i]),
        );
    }
    Ok(found)
}

/// Of the mean course: days until half of the largest change, and that change in percent of the start.
fn half_time(values: &Values, which: usize) -> (f64, f64) {
    let length = (WATCHED / STEP) as usize + 1;
    let course: Vec<f64> = (0..length)
        .map(|i| mean(values, which * length + i))
        .collect();
    let change = |x: f64| x - course[0];
    let largest = course
        .iter()
        .map(|x| change(*x))
        .fold(0.0, |a: f64, b| if b.abs() > a.abs() { b } else { a });
    let reached = course.iter().position(|x| change(*x) / largest >= 0.5);
    let time = reached.map_or(f64::NAN, |i| i as f64 * STEP);
    (time, 100.0 * largest / course[0])
}

fn cascade() -> Result<RowValues, CheckError> {
    let network = with_drugs(SkinKind::Eczema, &["ciprofloxacin"])?;
    let mut sample = Sample::draw(network, 63, PEOPLE, eczema)?;
    let full = sample.each(&[], |lab, _| dysbiosis(lab))?;
    let cut = sample.each(&["leak_to_endotoxin"], |lab, _| dysbiosis(lab))?;
    let time = |which: usize| half_time(&full, which).0;
    Ok(vec![
        ("claim-dysbiosis-cascade-a", time(1) - time(0)),
        ("claim-dysbiosis-cascade-b", time(2) - time(1)),
        ("claim-dysbiosis-cascade-c", time(3) - time(2)),
        ("claim-dysbiosis-cascade-d", time(4) - time(3)),
        (
            "claim-dysbiosis-cascade-cut",
            removed(half_time(&full, 3).1, half_time(&cut, 3).1),
        ),
    ])
}

/// Days of a turn of the diet, and of the year of whole turns.
const TURN: f64 = 28.0;
const YEAR: f64 = 364.0;

/// Means over a year of C-reactive protein and the score.
fn year(lab: &mut Lab, score: &str, swings: bool) -> Result<Vec<f64>, CheckError> {
    let mut changes = Vec::new();
    if swings {
        for turn in 0..13 {
            let diet = if turn % 2 == 0 { "western" } else { "prudent" };
            changes.extend(eat_from(lab, diet, f64::from(turn) * TURN)?);
        }
        for course_at in [28.0, 112.0, 196.0, 280.0] {
            for mut change in course(lab, "ciprofloxacin", 7.0)? {
                change.time += course_at;
                changes.push(change);
            }
        }
    } else {
        // Seven turns of one and six of the other.
        let west = eat_from(lab, "western", 0.0)?;
        let east = eat_from(lab, "prudent", 0.0)?;
        for (a, b) in west.into_iter().zip(east) {
            let value = (7.0 * a.action.apply(0.0) + 6.0 * b.action.apply(0.0)) / 13.0;
            changes.push(gutskin_engine::Change {
                action: gutskin_engine::Action::Set(value),
                ..a
            });
        }
    }
    let outputs = super::bench::every_day(YEAR);
    let names = ["immune.crp", score];
    let places = names
        .iter()
        .map(|n| lab.observable_index(n))
        .collect::<Result<Vec<usize>, _>>()?;
    let solution = lab.run(YEAR, &outputs, changes)?;
    let rows = solution.trajectory.len();
    Ok(places
        .into_iter()
        .map(|i| {
            (0..rows)
                .map(|r| solution.trajectory.observables(r)[i])
                .sum::<f64>()
                / rows as f64
        })
        .collect())
}

fn unstable() -> Result<RowValues, CheckError> {
    let mut rises = Vec::new();
    for skin in [SkinKind::Psoriasis, SkinKind::Eczema] {
        let (admit, score) = patients(skin);
        let network = with_drugs(skin, &["ciprofloxacin"])?;
        let mut sample = Sample::draw(network, 64, PEOPLE, admit)?;
        let mut both = |cut: &[&str]| {
            sample.each(cut, |lab, _| {
                let (state, inputs) = (lab.state.clone(), lab.inputs.clone());
                let mut found = year(lab, score, false)?;
                lab.state = state;
                lab.inputs = inputs;
                found.extend(year(lab, score, true)?);
                Ok(found)
            })
        };
        let full = both(&[])?;
        let cut = both(&["endotoxin_to_immune"])?;
        rises.push((
            percent(&full, 0, 2),
            percent(&full, 1, 3),
            removed(percent(&full, 0, 2), percent(&cut, 0, 2)),
        ));
    }
    // Of both conditions, the one that shows less.
    let least =
        |of: fn(&(f64, f64, f64)) -> f64| rises.iter().map(of).fold(f64::INFINITY, f64::min);
    Ok(vec![
        ("claim-unstable-gut-a", least(|r| r.0)),
        ("claim-unstable-gut-b", least(|r| r.1)),
        ("claim-unstable-gut-cut", least(|r| r.2)),
    ])
}
