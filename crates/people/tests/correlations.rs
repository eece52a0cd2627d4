//! What goes together in people: the shipped table, faults of tables, and what follows where one of a pair is told.
#![allow(clippy::unwrap_used)]

use gutskin_biology::axis::{AxisOptions, SkinKind, network};
use gutskin_biology::catalogue::Catalogue;
use gutskin_biology::parameter_table;
use gutskin_network::{Network, ParameterTable};
use gutskin_people::correlations::{correlations, read};
use gutskin_people::drawing::{Drawing, habits_of};
use gutskin_people::person::{self, Person};
use gutskin_people::sampler::Correlation;
use proptest::prelude::*;
use std::sync::LazyLock;

const HEAD: &str = "# comment\na,b,r,source,mark,note\n";
const HABITS: [&str; 4] = [
    "habit.stress_score",
    "habit.sleep_loss",
    "habit.bmi_z",
    "habit.fibre_factor",
];

fn axis(table: &ParameterTable) -> Network {
    let catalogue = Catalogue::shipped().unwrap();
    network(table, &catalogue, &AxisOptions::plain(SkinKind::Eczema)).unwrap()
}

fn person(table: &ParameterTable, told: &str) -> Person {
    let text = format!(
        "[person]\ndate = 2026-03-01\nage = 34\nsex = \"female\"\ncondition = \"ad\"\n{told}"
    );
    person::read("p.toml", &text, table).unwrap()
}

/// Habits of so many people, by name.
fn habits(drawing: &Drawing, name: &str, people: u32) -> Vec<f64> {
    (0..people)
        .map(|n| habits_of(drawing, &drawing.draw(3, n))[name])
        .collect()
}

fn mean(v: &[f64]) -> f64 {
    v.iter().sum::<f64>() / v.len() as f64
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let (ma, mb) = (mean(a), mean(b));
    let sum = |f: &dyn Fn(f64, f64) -> f64| -> f64 {
        a.iter().zip(b).map(|(a, b)| f(a - ma, b - mb)).sum()
    };
    sum(&|a, b| a * b) / (sum(&|a, _| a * a) * sum(&|_, b| b * b)).sqrt()
}

#[test]
fn people_show_the_shipped_correlations() {
    let table = parameter_table().unwrap();
    let axis = axis(&table);
    let anyone = Drawing::new(&axis, &table, "ad", None).unwrap();
    let rows = correlations(&table).unwrap();
    assert!(!rows.is_empty());
    assert_eq!(anyone.correlations().len(), rows.len());
    for row in rows {
        let [a, b] = [&row.pair.first, &row.pair.second].map(|n| habits(&anyone, n, 4000));
        let found = correlation(&a, &b);
        // The bounds of truncated habits take a little away.
        assert!((found - row.pair.rho).abs() < 0.05, "{row:?}: {found}");
    }
}

/// A table that moves the habits of a pair moves nothing else of a person.
#[test]
fn other_draws_stay_as_they_are() {
    let table = parameter_table().unwrap();
    let axis = axis(&table);
    let with = Drawing::new(&axis, &table, "ad", None).unwrap();
    let without = Drawing::with_correlations((&axis, &table), "ad", None, Vec::new()).unwrap();
    for number in 0..20 {
        let [a, b] = [&with, &without].map(|d| d.draw(1, number));
        assert_eq!(a.parameters, b.parameters);
        assert_eq!((a.scores, a.traits), (b.scores, b.traits));
        let differ = a.inputs.iter().zip(&b.inputs).filter(|(a, b)| a != b);
        assert!(differ.count() <= 2);
    }
}

#[test]
fn what_is_told_of_one_moves_the_other_as_much_as_they_go_together() {
    let table = parameter_table().unwrap();
    let axis = axis(&table);
    let rho = 0.6;
    let pair = |a: &str, b: &str| Correlation {
        first: a.to_owned(),
        second: b.to_owned(),
        rho,
    };
    let drawing = |told: &str, pair: Correlation| {
        let person = person(&table, told);
        Drawing::with_correlations((&axis, &table), "ad", Some(&person), vec![pair]).unwrap()
    };
    // A body mass index two standard deviations up is told exactly: stress is up by 0.6 of that, whichever name is first.
    for pair in [
        pair("habit.bmi_z", "habit.stress_score"),
        pair("habit.stress_score", "habit.bmi_z"),
    ] {
        let heavy = drawing("weight = \"93.5 kg\"\nheight = \"171 cm\"\n", pair.clone());
        let bmi = habits(&heavy, "habit.bmi_z", 2000);
        assert!(bmi.iter().all(|z| (z - bmi[0]).abs() < 1e-12 && *z > 1.9));
        let stress = habits(&heavy, "habit.stress_score", 2000);
        let anyone = habits(&drawing("", pair), "habit.stress_score", 2000);
        let up = (mean(&stress) - mean(&anyone)) / 6.4;
        // The truncated prior of the index holds less below: two of its standard deviations are 2.0 of the scores within a tenth.
        assert!((up - rho * bmi[0]).abs() < 0.15, "{up} at {}", bmi[0]);
    }
    // Fibre told by its diet stands where that diet is among people.
    let pair = pair("habit.fibre_factor", "habit.stress_score");
    let [poor, rich] = ["western", "high_fibre"].map(|diet| {
        let told = format!("[diet]\npattern = \"{diet}\"\n");
        mean(&habits(
            &drawing(&told, pair.clone()),
            "habit.stress_score",
            1000,
        ))
    });
    assert!(poor + 1.0 < rich, "{poor} {rich}");
    // A reading with an error moves the other by the part that it tells.
    let stressed = drawing(
        "[questionnaire]\npss10 = 33\n",
        Correlation {
            first: "habit.stress_score".into(),
            second: "habit.sleep_loss".into(),
            rho,
        },
    );
    let [stress, sleep] =
        ["habit.stress_score", "habit.sleep_loss"].map(|h| habits(&stressed, h, 4000));
    let within = correlation(&stress, &sleep);
    // What the questionnaire leaves of stress still goes with sleep, but less of it is left.
    assert!((0.1..0.45).contains(&within), "{within}");
    let blank = Drawing::new(&axis, &table, "ad", None).unwrap();
    assert!(mean(&sleep) > mean(&habits(&blank, "habit.sleep_loss", 4000)) + 0.5);
}

/// Two strong ties are possible with a third beside them, whichever stands first.
#[test]
fn rows_may_rest_on_later_ones() {
    let table = parameter_table().unwrap();
    let rows = "habit.bmi_z,habit.sleep_loss,0.9,x,read,\nhabit.stress_score,habit.sleep_loss,0.9,x,read,\n";
    let third = "habit.bmi_z,habit.stress_score,0.8,x,read,\n";
    assert!(read("t.csv", &format!("{HEAD}{rows}"), &table).is_err());
    assert!(read("t.csv", &format!("{HEAD}{rows}{third}"), &table).is_ok());
}

#[test]
fn faults_come_with_their_line_and_a_mend() {
    let table = parameter_table().unwrap();
    let said = |rows: &str| {
        let found = read("t.csv", &format!("{HEAD}{rows}"), &table);
        found.unwrap_err().to_string()
    };
    let good = "habit.stress_score,habit.sleep_loss,0.9,x,read,\n";
    for (row, parts) in [
        (
            "habit.stress_scor,habit.sleep_loss,0.3,x,read,\n",
            [
                "line 4",
                "habit.stress_scor",
                "Did you mean \"habit.stress_score\"?",
            ],
        ),
        (
            "trait.male,habit.bmi_z,0.3,x,read,\n",
            ["line 4", "trait.male", "same in everybody"],
        ),
        (
            "habit.bmi_z,habit.sleep_loss,1,x,read,\n",
            ["line 4", "between -1 and 1", "Mend"],
        ),
        (
            "habit.sleep_loss,habit.stress_score,0.2,x,read,\n",
            ["line 4", "listed twice", "Mend"],
        ),
        (
            "habit.bmi_z,habit.bmi_z,0.2,x,read,\n",
            ["line 4", "itself", "Mend"],
        ),
        (
            "habit.bmi_z,habit.sleep_loss,0.9,x,read,\nhabit.bmi_z,habit.stress_score,-0.9,x,read,\n",
            ["line ", "not positive definite", "must lie between"],
        ),
        (
            "habit.bmi_z,habit.sleep_loss,0.2,,read,\n",
            ["line 4", "no source", "assumed"],
        ),
        (
            "habit.bmi_z,habit.sleep_loss,0.2,x,guessed,\n",
            ["line 4", "guessed", "assumed"],
        ),
        (
            "habit.bmi_z,habit.sleep_loss,much,x,read,\n",
            ["line 4", "float", "a,b,r"],
        ),
    ] {
        let found = said(&format!("{good}{row}"));
        assert!(found.starts_with("t.csv, line"), "{found}");
        for part in parts {
            assert!(found.contains(part), "\"{part}\" not in {found}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// A table of correlations of habits is taken where each lies between -1 and 1 and their matrix has positive pivots, and
    /// refused otherwise, with a line that stands in it.
    #[test]
    fn tables_are_taken_where_all_can_hold_at_once(rhos in prop::array::uniform6(-1.02..1.02_f64)) {
        static TABLE: LazyLock<ParameterTable> = LazyLock::new(|| parameter_table().unwrap());
        let pairs = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)];
        let mut matrix = [[0.0; 4]; 4];
        let mut text = HEAD.to_owned();
        for ((a, b), r) in pairs.into_iter().zip(rhos) {
            (matrix[a][b], matrix[b][a]) = (r, r);
            text.push_str(&format!("{},{},{r},x,read,\n", HABITS[a], HABITS[b]));
        }
        let least = least_pivot(matrix);
        prop_assume!(least.abs() > 1e-6);
        let holds = rhos.iter().all(|r| r.abs() < 1.0) && least > 0.0;
        match read("t.csv", &text, &TABLE) {
            Ok(rows) => prop_assert!(holds && rows.len() == 6),
            Err(error) => {
                prop_assert!(!holds, "{error}");
                let said = error.to_string();
                prop_assert!((3..9).any(|n| said.contains(&format!("line {n}:"))), "{said}");
            }
        }
    }
}

/// The least pivot of Gaussian elimination of a matrix with ones on its diagonal.
fn least_pivot(mut m: [[f64; 4]; 4]) -> f64 {
    let mut least = f64::INFINITY;
    for (k, row) in m.iter_mut().enumerate() {
        row[k] += 1.0;
    }
    for k in 0..4 {
        let pivot = m[k];
        least = least.min(pivot[k]);
        if least <= 0.0 {
            return least;
        }
        for row in m.iter_mut().skip(k + 1) {
            let factor = row[k] / pivot[k];
            for (entry, above) in row.iter_mut().zip(pivot) {
                *entry -= factor * above;
            }
        }
    }
    least
}
