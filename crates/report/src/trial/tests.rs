//! Pages of small trials: every number under its own unit, nothing that is no number.
#![allow(clippy::unwrap_used)]

use super::{figures, page};
use crate::receipt;
use gutskin_biology::parameter_table;
use gutskin_study::scenario::{Scenario, read};
use gutskin_study::trial::{TrialRun, TrialSummary, run, summarise};

const PSORIASIS: &str = include_str!("../../../../examples/psoriasis-ixekizumab.toml");
const FACTORIAL: &str = include_str!("../../../../examples/psoriasis-factorial.toml");

struct Small {
    scenario: Scenario,
    summary: TrialSummary,
    text: String,
    run: TrialRun,
}

fn small(text: &str, measure: &str) -> Small {
    let text = text
        .replace("size = 200", "size = 12")
        .replace("size = 60", "size = 12")
        .replace(
            "measure = \"percent_change\"",
            &format!("measure = \"{measure}\""),
        )
        .replace("\n[design]", "\n[design]\nreplicates = 20");
    let table = parameter_table().unwrap();
    let scenario = read("small.toml", &text, &table).unwrap();
    let run = run(&scenario, &mut |_| {}).unwrap();
    Small {
        summary: summarise(&scenario, &run),
        scenario,
        text,
        run,
    }
}

impl Small {
    fn page(&self) -> String {
        let receipt = receipt::of_trial(&self.scenario, ("small.toml", &self.text), &[], &self.run);
        page(&self.scenario, &self.summary, &receipt).unwrap()
    }

    fn figure(&self, name: &str) -> Option<String> {
        let mut all = figures(&self.scenario, &self.summary).unwrap().into_iter();
        all.find(|f| f.name == name).map(|f| f.svg)
    }
}

#[test]
fn times_to_response_show_when_and_do_not_call_percent_changes_hazards() {
    let small = small(PSORIASIS, "time_to_response");
    assert!(
        small
            .figure("events")
            .unwrap()
            .contains("share who have responded")
    );
    assert!(small.figure("effects").unwrap().contains("ln hazard ratio"));
    for name in ["waterfall", "subgroups-1"] {
        let figure = small.figure(name).unwrap();
        assert!(!figure.contains("hazard"), "{name}");
        assert!(figure.contains("of score.pasi, %"), "{name}");
    }
    let page = small.page();
    assert!(page.contains("true hazard ratio of the time to response"));
    assert!(page.contains("between people (difference of the percent changes of score.pasi, %)"));
    assert!(page.contains("drug ixekizumab, usual dose, from randomisation on"));
    assert!(!page.contains("NaN") && !page.contains(">-0.0<"), "{page}");
}

#[test]
fn interactions_have_no_number_needed_and_harms_a_positive_one() {
    let mut small = small(FACTORIAL, "responder");
    assert_eq!(small.figure("events"), None);
    let figure = small.figure("subgroups-1").unwrap();
    assert!(figure.contains("mean difference of the percent changes of score.pasi, %"));
    assert!(
        small
            .page()
            .contains("none: an interaction has no such number")
    );
    // The same trial with sides that change their places.
    let reported = small.summary.comparisons[1].reported.as_mut().unwrap();
    let needed = reported.number_needed.as_mut().unwrap();
    (needed.number, needed.low, needed.high) = (-1.13, -1.04, -1.41);
    let page = small.page();
    assert!(page.contains("number needed to harm"), "{page}");
    assert!(page.contains("1.1 (1.0 to 1.4)") && !page.contains("(-1.0 to"));
}

/// What an earlier run left is known by name, so that every figure but those of all trials must be.
#[test]
fn figures_that_not_every_trial_has_are_known_by_name() {
    for measure in ["time_to_response", "percent_change"] {
        let small = small(PSORIASIS, measure);
        let all = figures(&small.scenario, &small.summary).unwrap();
        let others: Vec<&str> = (all.iter().map(|f| f.name.as_str()))
            .filter(|name| !super::is_sometimes_drawn(name))
            .collect();
        assert_eq!(others, ["effects", "course"], "{measure}");
    }
}
