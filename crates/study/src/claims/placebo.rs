//! Placebo arms as a report shows them: what screening makes, what placebo and natural course make, and the whole.

use crate::checks::{CheckError, Experiment, RowValues, table};
use crate::scenario;
use crate::trial::{run, summarise};

pub(super) static EXPERIMENTS: &[Experiment] = &[Experiment {
    name: "placebo arms of three skins, in parts",
    rows: &["claim-placebo-visible-b"],
    run: parts,
}];

/// Condition, endpoint, and the reading at entry that lets people in.
const ARMS: [(&str, &str, f64); 4] = [
    ("ad", "score.easi", 16.0),
    ("pso", "score.pasi", 10.0),
    ("acne", "acne.inflammatory", 10.0),
    ("acne", "acne.non_inflammatory", 10.0),
];

/// A trial in which nobody gets anything beside what every arm gets.
fn text((condition, endpoint, low): (&str, &str, f64)) -> String {
    let care = match condition {
        "ad" => "care = \"monotherapy\"",
        _ => "",
    };
    format!(
        r#"
        [scenario]
        name = "placebo"
        question = "What does a placebo arm show?"
        model = "{condition}"
        condition = "{condition}"
        {care}
        duration = "12 wk"
        visits = "4 wk"
        seed = 1
        [population]
        size = 20
        [[population.include]]
        observable = "{endpoint}"
        low = {low}
        [[arm]]
        name = "placebo"
        [[arm]]
        name = "placebo again"
        [endpoint]
        observable = "{endpoint}"
        measure = "percent_change"
        "#
    )
}

/// Largest distance of the sum of the parts from the whole, relative to the whole, over the arms.
fn parts() -> Result<RowValues, CheckError> {
    let mut largest = 0.0_f64;
    for arm in ARMS {
        let failed = |error: &dyn std::fmt::Display| CheckError::Trial {
            why: format!("{}: {error}", arm.1),
        };
        let scenario =
            scenario::read("placebo", &text(arm), table()?).map_err(|error| failed(&error))?;
        let found = run(&scenario, &mut |_| {}).map_err(|error| failed(&error))?;
        let summary = summarise(&scenario, &found);
        let whole = summary.arms.first().map_or(f64::NAN, |a| a.seen.mean);
        let sum = summary.from_comparator
            + summary.from_screening
            + summary.from_noise
            + summary.from_placebo;
        let apart = (sum - whole) / whole.abs();
        // Neither part may be the whole: then nothing would be split.
        let split = summary.from_screening != 0.0 && summary.from_placebo != 0.0;
        if !split || apart.is_nan() {
            return Err(failed(&"a part of the placebo arm has no number"));
        }
        if apart.abs() > largest.abs() {
            largest = apart;
        }
    }
    Ok(vec![("claim-placebo-visible-b", largest)])
}
