//! The statistics of trials against statsmodels and SciPy; `crosscheck/make_statistics_golden.py` made the numbers.
#![allow(clippy::unwrap_used)]

use gutskin_study::statistics::{
    Counts, Pair, Reading, Survival, ancova, ancova_of_cells, benjamini_hochberg, holm,
    kaplan_meier, log_rank, mixed_model, number_needed, paired_risk_difference, per_arm,
    risk_difference, student_quantile, two_sided_student,
};
use serde_json::Value;

const GOLDEN: &str = include_str!("golden/statistics.json");

fn golden(part: &str) -> Value {
    serde_json::from_str::<Value>(GOLDEN).unwrap()[part].clone()
}

fn cases(part: &str) -> Vec<Value> {
    golden(part).as_array().unwrap().clone()
}

fn numbers(value: &Value) -> Vec<f64> {
    let list = value.as_array().unwrap();
    list.iter().map(|v| v.as_f64().unwrap()).collect()
}

fn close(found: f64, expected: &Value, relative: f64) {
    let expected = expected.as_f64().unwrap();
    let off = (found - expected).abs();
    assert!(
        off <= relative * expected.abs().max(1e-3),
        "{found} instead of {expected}"
    );
}

#[test]
fn analysis_of_covariance_is_that_of_least_squares() {
    let pairs = |v: &Value| -> Vec<Pair> {
        let rows = v.as_array().unwrap();
        rows.iter()
            .map(|r| (numbers(r)[0], numbers(r)[1]))
            .collect()
    };
    for case in cases("ancova") {
        let fit = ancova(&pairs(&case["first"]), &pairs(&case["second"])).unwrap();
        close(fit.estimate, &case["estimate"], 1e-9);
        close(fit.standard_error, &case["standard_error"], 1e-9);
        close(fit.p, &case["p"], 1e-8);
        close(fit.residual_sd, &case["residual_sd"], 1e-9);
        close(fit.interval().low, &case["low"], 1e-7);
        close(fit.interval().high, &case["high"], 1e-7);
    }
}

#[test]
fn cells_of_a_factorial_trial_share_slope_and_residual() {
    let case = golden("cells");
    let cells: Vec<Vec<Pair>> = (case["cells"].as_array().unwrap().iter())
        .map(|cell| {
            let rows = cell.as_array().unwrap().iter();
            rows.map(|r| (numbers(r)[0], numbers(r)[1])).collect()
        })
        .collect();
    let weights = numbers(&case["weights"]);
    let cells: Vec<(&[Pair], f64)> = cells.iter().map(Vec::as_slice).zip(weights).collect();
    let fit = ancova_of_cells(&cells).unwrap();
    close(fit.estimate, &case["estimate"], 1e-9);
    close(fit.standard_error, &case["standard_error"], 1e-9);
    close(fit.p, &case["p"], 1e-8);
}

#[test]
fn log_rank_and_the_share_without_event_agree() {
    let people = |v: &Value| -> Vec<Survival> {
        let rows = v.as_array().unwrap();
        let one = |r: &Value| Survival {
            time: r[0].as_f64().unwrap(),
            event: r[1].as_bool().unwrap(),
        };
        rows.iter().map(one).collect()
    };
    for case in cases("log_rank") {
        let (first, second) = (people(&case["first"]), people(&case["second"]));
        let test = log_rank(&first, &second).unwrap();
        close(test.chi_squared, &case["chi_squared"], 1e-9);
        close(test.p, &case["p"], 1e-8);
        assert!(test.hazard_ratio < 1.0, "the second arm lasts longer");
        let curve = kaplan_meier(&first);
        let expected = case["curve"].as_array().unwrap();
        assert_eq!(curve.len(), expected.len());
        for (found, row) in curve.iter().zip(expected) {
            close(found.0, &row[0], 1e-12);
            assert!((found.1 - row[1].as_f64().unwrap()).abs() < 1e-12);
        }
    }
}

#[test]
fn the_mixed_model_is_that_of_restricted_likelihood() {
    for case in cases("mixed") {
        let (person, values) = (numbers(&case["person"]), numbers(&case["values"]));
        let rows = case["rows"].as_array().unwrap();
        let readings: Vec<Reading> = (0..values.len())
            .map(|i| Reading {
                person: person[i] as usize,
                row: numbers(&rows[i]),
                value: values[i],
            })
            .collect();
        let fit = mixed_model(&readings).unwrap();
        // The optimiser of the reference stops at 1e-6 or so; where people do not differ it stops near the bound.
        assert!(fit.log_likelihood >= case["log_likelihood"].as_f64().unwrap() - 1e-6);
        close(fit.log_likelihood, &case["log_likelihood"], 1e-5);
        close(fit.within, &case["within"], 2e-3);
        assert!((fit.between - case["between"].as_f64().unwrap()).abs() < 2e-2);
        for (i, effect) in numbers(&case["effects"]).iter().enumerate() {
            let scale = case["standard_errors"][i].as_f64().unwrap();
            assert!((fit.effects[i] - effect).abs() < 2e-3 * scale, "effect {i}");
            close(fit.standard_errors[i], &case["standard_errors"][i], 2e-3);
        }
    }
}

#[test]
fn a_design_without_full_rank_has_no_fit() {
    let one = |person: usize| Reading {
        person,
        row: vec![1.0, 1.0],
        value: person as f64,
    };
    assert!(mixed_model(&(0..9).map(one).collect::<Vec<_>>()).is_none());
    assert!(mixed_model(&[]).is_none());
}

#[test]
fn several_tests_are_adjusted_alike() {
    let case = golden("multiplicity");
    let p = numbers(&case["p"]);
    for (found, expected) in [
        (holm(&p), &case["holm"]),
        (benjamini_hochberg(&p), &case["bh"]),
    ] {
        for (i, value) in found.iter().enumerate() {
            close(*value, &expected[i], 1e-12);
        }
    }
}

#[test]
fn shares_differ_with_the_same_interval() {
    for case in cases("proportions") {
        let n: Vec<usize> = numbers(&case["counts"])
            .iter()
            .map(|v| *v as usize)
            .collect();
        let counts = |responders, people| Counts { responders, people };
        let (first, second) = (counts(n[0], n[1]), counts(n[2], n[3]));
        let difference = risk_difference(first, second);
        assert!((difference.low - case["low"].as_f64().unwrap()).abs() < 1e-9);
        assert!((difference.high - case["high"].as_f64().unwrap()).abs() < 1e-9);
        assert!((first.wilson().low - case["wilson"][0].as_f64().unwrap()).abs() < 1e-9);
        match number_needed(&difference) {
            Some(needed) => {
                assert!(difference.low > 0.0);
                close(needed.low, &Value::from(1.0 / difference.high), 1e-12);
                assert!(needed.low < needed.number && needed.number < needed.high);
            }
            None => assert!(difference.low <= 0.0 && difference.high >= 0.0),
        }
    }
}

#[test]
fn sizes_are_those_of_the_exact_power_within_one_person() {
    for case in cases("size") {
        let get = |name: &str| case[name].as_f64().unwrap();
        let error = get("sd") * (2.0_f64 / 50.0).sqrt();
        let found = per_arm(get("effect") / error, 1.0, 50, get("power")).unwrap();
        assert!(
            (found - get("n")).abs() <= 1.0,
            "{found} against {}",
            get("n")
        );
    }
    assert!(per_arm(0.0, 1.0, 50, 0.8).is_none());
    // Estimates that vary more than their errors say need more people.
    assert!(per_arm(2.0, 1.5, 50, 0.8) > per_arm(2.0, 1.0, 50, 0.8));
}

#[test]
fn tails_of_students_distribution_agree() {
    for case in cases("student") {
        let (t, df) = (case["t"].as_f64().unwrap(), case["df"].as_f64().unwrap());
        close(two_sided_student(t, df), &case["p"], 1e-9);
        close(student_quantile(0.975, df), &case["q"], 1e-8);
    }
    assert!(two_sided_student(1.0, 0.0).is_nan());
}

#[test]
fn arms_that_are_alike_have_a_hazard_ratio_of_one_with_its_error() {
    let arm: Vec<Survival> = (1..=20)
        .map(|day| Survival {
            time: f64::from(day),
            event: day % 3 == 0,
        })
        .collect();
    let test = log_rank(&arm, &arm).unwrap();
    assert_eq!((test.hazard_ratio, test.p), (1.0, 1.0));
    assert!(test.standard_error > 0.0 && test.standard_error.is_finite());
}

/// By the formula of Bonett and Price: 20 of 100 respond with the treatment only, 5 without it only.
#[test]
fn responses_of_the_same_people_have_a_paired_interval() {
    let mut differences = vec![0.0; 75];
    differences.extend([1.0; 20]);
    differences.extend([-1.0; 5]);
    let found = paired_risk_difference(&differences);
    assert!((found.mean - 0.15).abs() < 1e-12);
    assert!((found.low - 0.051378585283300734).abs() < 1e-9, "{found:?}");
    assert!((found.high - 0.24273906177552274).abs() < 1e-9, "{found:?}");
    // 40 and 25 responders of 100 in two groups say less
    let groups = risk_difference(
        Counts {
            responders: 25,
            people: 100,
        },
        Counts {
            responders: 40,
            people: 100,
        },
    );
    assert!(groups.high - groups.low > found.high - found.low);
    let nobody = paired_risk_difference(&[0.0; 50]);
    assert!(nobody.mean == 0.0 && nobody.low < 0.0 && nobody.high > 0.0);
}
