//! Values of scikit-bio, SciPy and biom-format on synthetic tables (`crosscheck/make_golden.py`).
#![allow(clippy::unwrap_used)]

mod common;

use common::{golden, study_of};
use gutskin_people::profile::compare::mann_whitney;
use gutskin_people::profile::diversity::{bray_curtis, centred_log_ratio};
use gutskin_people::profile::read::Limits;
use gutskin_people::profile::study::Study;
use serde_json::Value;

fn expected() -> Value {
    serde_json::from_slice(&golden("golden.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|number| number.as_f64().unwrap())
        .collect()
}

fn near(found: f64, expected: f64, what: &str) {
    assert!(
        (found - expected).abs() <= 1e-9 * expected.abs().max(1.0),
        "{what}: {found}, expected {expected}"
    );
}

fn all_forms() -> Vec<(&'static str, Study)> {
    let one = |name: &'static str| {
        (
            name,
            study_of(&[(name, golden(name))], Limits::default()).unwrap(),
        )
    };
    let artifact = study_of(
        &[
            ("table.qza", golden("table.qza")),
            ("taxonomy.qza", golden("taxonomy.qza")),
        ],
        Limits::default(),
    )
    .unwrap();
    vec![
        one("counts.tsv"),
        one("counts_hdf5.biom"),
        one("counts_json.biom"),
        ("table.qza", artifact),
    ]
}

#[test]
fn four_forms_of_one_table_give_the_diversity_of_scikit_bio() {
    let expected = expected();
    for (form, study) in all_forms() {
        let names: Vec<&str> = study
            .samples
            .iter()
            .map(|sample| sample.id.as_str())
            .collect();
        let wanted: Vec<&str> = expected["samples"]
            .as_array()
            .unwrap()
            .iter()
            .map(|name| name.as_str().unwrap())
            .collect();
        assert_eq!(names, wanted, "{form}");
        for (at, sample) in study.samples.iter().enumerate() {
            let of = |key: &str| expected[key][at].as_f64().unwrap();
            let found = &sample.diversity;
            assert_eq!(
                found.richness as f64,
                of("richness"),
                "{form} {}",
                sample.id
            );
            near(found.shannon, of("shannon"), form);
            near(found.simpson, of("simpson"), form);
            near(found.evenness.unwrap(), of("pielou"), form);
            near(found.chao1.unwrap(), of("chao1"), form);
            near(sample.total, of("totals"), form);
        }
    }
}

#[test]
fn distances_and_log_ratios_are_those_of_scikit_bio() {
    let expected = expected();
    let study = study_of(&[("counts.tsv", golden("counts.tsv"))], Limits::default()).unwrap();
    let mut genera: Vec<&str> = study.genera.all().iter().map(String::as_str).collect();
    let order: Vec<&str> = expected["genera"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap())
        .collect();
    let first: Vec<f64> = order
        .iter()
        .map(|name| {
            let at = genera.iter().position(|genus| genus == name).unwrap() as u32;
            study.samples[0]
                .genera
                .iter()
                .find(|pair| pair.0 == at)
                .map_or(0.0, |pair| pair.1)
        })
        .collect();
    // The replacement that scikit-bio takes by default.
    let delta = (1.0 / first.len() as f64).powi(2);
    for (found, wanted) in centred_log_ratio(&first, delta)
        .iter()
        .zip(numbers(&expected["clr_first"]))
    {
        near(*found, wanted, "log-ratio");
    }
    genera.sort_unstable();
    assert_eq!(genera.len(), order.len());
}

#[test]
fn bray_curtis_of_the_rows_is_that_of_scipy() {
    let expected = numbers(&expected()["bray_curtis_first"]);
    let text = String::from_utf8(golden("counts.tsv")).unwrap();
    let columns = expected.len();
    let mut table: Vec<Vec<f64>> = vec![Vec::new(); columns];
    for line in text.lines().skip(1) {
        for (column, field) in line.split('\t').skip(1).take(columns).enumerate() {
            table[column].push(field.parse().unwrap());
        }
    }
    let composition = |values: &[f64]| -> Vec<(u32, f64)> {
        let sum: f64 = values.iter().sum();
        (0_u32..)
            .zip(values)
            .filter(|(_, value)| **value > 0.0)
            .map(|(at, value)| (at, value / sum))
            .collect()
    };
    for (column, wanted) in expected.iter().enumerate() {
        near(
            bray_curtis(&composition(&table[0]), &composition(&table[column])),
            *wanted,
            "Bray–Curtis",
        );
    }
}

#[test]
fn ordination_is_the_pcoa_of_scikit_bio() {
    let expected = expected();
    let mut study = study_of(&[("counts.tsv", golden("counts.tsv"))], Limits::default()).unwrap();
    study.ordinate();
    let found = study.ordination.unwrap();
    for axis in 0..2 {
        near(
            found.explained[axis],
            expected["pcoa_explained"][axis].as_f64().unwrap(),
            "explained",
        );
        let theirs: Vec<f64> = expected["pcoa"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row[axis].as_f64().unwrap())
            .collect();
        let mine: Vec<f64> = found.coordinates.iter().map(|point| point[axis]).collect();
        let sign = mine
            .iter()
            .zip(&theirs)
            .map(|(a, b)| a * b)
            .sum::<f64>()
            .signum();
        for (a, b) in mine.iter().zip(&theirs) {
            assert!(
                (a - sign * b).abs() < 1e-7,
                "axis {axis}: {a}, expected {}",
                sign * b
            );
        }
    }
}

#[test]
fn large_samples_get_the_p_value_of_scipy() {
    let expected = expected();
    let case = &expected["mannwhitney"];
    near(
        mann_whitney(&numbers(&case["from"]), &numbers(&case["to"]), 1, 1),
        case["p"].as_f64().unwrap(),
        "p",
    );
}
