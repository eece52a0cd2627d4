//! What was done, as a methods section has it.

use gutskin_study::scenario::Scenario;
use gutskin_study::trial::TrialSummary;
use maud::{Markup, html};

pub(super) fn design(scenario: &Scenario, summary: &TrialSummary) -> Markup {
    let arms: Vec<&str> = scenario.arms.iter().map(|a| a.name.as_str()).collect();
    html! {
        table {
            tr { td { "design" } td { (summary.design.kind) ", " (arms.len()) " arms: " (arms.join("; ")) @if summary.design.kind == "parallel" { " (the first is the comparator)" } } }
            tr { td { "condition, model" } td { (scenario.condition) ", " (scenario.model) }}
            tr { td { "people" } td { (summary.design.per_arm) " an arm" (rules(scenario)) } }
            tr { td { "treatment" } td { (scenario.duration) " d; visits on days " (days(&summary.visits)) } }
            tr { td { "endpoint" } td { (summary.endpoint) } }
            tr { td { "response" } td { (summary.response) } }
            tr { td { "estimand" } td { (summary.design.estimand) } }
            tr { td { "analysis" } td { (summary.design.method) "; interval 95 %, two-sided p" } }
            @for event in &summary.design.events { tr { td { "also" } td { (event) } } }
            tr { td { "trials" } td { (summary.design.replicates) " drawn from " (summary.flow.pool) " simulated people; each person is in every arm of the pool and in one arm of a trial" } }
        }
        @if !summary.design.pool_is_large {
            p.warn { "The pool is less than five times a trial: trials share many people and differ less than real ones would." }
        }
    }
}

pub(super) fn rules(scenario: &Scenario) -> String {
    let rule = |r: &gutskin_study::scenario::Inclusion| {
        let name = &scenario.network.observables[r.observable as usize].name;
        match (r.low.is_finite(), r.high.is_finite()) {
            (true, true) => format!("{name} from {} to {}", r.low, r.high),
            (true, false) => format!("{name} of {} or more", r.low),
            (false, true) => format!("{name} of {} or less", r.high),
            (false, false) => format!("any {name}"),
        }
    };
    let told = |rules: &[gutskin_study::scenario::Inclusion], words: &str, and: &str| {
        let rules: Vec<String> = rules.iter().map(rule).collect();
        match rules.as_slice() {
            [] => String::new(),
            _ => format!("; {words} {}", rules.join(and)),
        }
    };
    let people = &scenario.population;
    told(&people.include, "who enters has", ", ")
        + &told(&people.exclude, "who is kept out has", " or ")
}

pub(super) fn days(visits: &[f64]) -> String {
    /// More are told by their first ones and their last.
    const MOST: usize = 16;
    let text = |v: &[f64]| {
        v.iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", ")
    };
    match visits {
        [.., last] if visits.len() > MOST => format!("{} … {last}", text(&visits[..4])),
        _ => text(visits),
    }
}
