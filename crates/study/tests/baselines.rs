//! The shipped example against its stored result.
#![allow(clippy::unwrap_used)]

use gutskin_biology::parameter_table;
use gutskin_study::scenario;
use gutskin_study::trial::{run, summarise};
use serde_json::json;

const EXAMPLE: &str = include_str!("../../../examples/acne-fibre.toml");

/// Above what solver tolerance and the order of sums leave open, below any change of model or draw.
const RELATIVE: f64 = 1e-4;

#[test]
fn acne_fibre() {
    let text = EXAMPLE.replace("size = 200", "size = 40");
    let scenario = scenario::read("acne-fibre.toml", &text, &parameter_table().unwrap()).unwrap();
    let summary = summarise(&scenario, &run(&scenario, &mut |_| {}).unwrap());
    let arms: Vec<_> = summary
        .arms
        .iter()
        .map(|arm| {
            json!({
                "name": arm.name, "completed": arm.completed, "failed": arm.failed,
                "seen": arm.seen, "modelled": arm.modelled, "course": arm.course,
            })
        })
        .collect();
    let result = json!({
        "unit": summary.unit, "screened": summary.screened, "included": summary.included,
        "without_steady_state": summary.without_steady_state, "arms": arms,
        "comparisons": summary.comparisons,
        "from_screening": summary.from_screening, "from_placebo": summary.from_placebo,
    });
    gutskin_testing::baseline("study/acne-fibre", &result, RELATIVE);
}
