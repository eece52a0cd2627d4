//! The model behind it: links, limits, sources.

use super::text::number;
use crate::receipt::Receipt;
use crate::units;
use gutskin_network::{Link, Mark};
use gutskin_study::scenario::Scenario;
use gutskin_study::trial::{Carried, TrialSummary, Why};
use maud::{Markup, html};

pub(super) fn links(scenario: &Scenario) -> Markup {
    let links = &scenario.network.links;
    let is_on = |l: &&Link| {
        let value = scenario.switches.get(l.switch as usize);
        value.is_some_and(|&v| v != 0.0)
    };
    let (on, off): (Vec<&Link>, Vec<&Link>) = links.iter().partition(is_on);
    html! {
        table {
            tr { th { "link" } th { "from, to" } th { "grade" } th { "what it does" } }
            @for l in on {
                tr { td { (l.name) } td { (l.from) " → " (l.to) } td { (l.grade.code()) } td { (l.doc) } }
            }
        }
        p.note {
            "Grades: HT human trial, HO human observation, AN animal, IV in vitro, AS assumption. "
            @match off.as_slice() {
                [] => "No link of the model is off.",
                off => { (off.len()) " of the model's " (links.len()) " links are off: " (names(off.iter().map(|l| l.name.as_str()))) "." }
            }
        }
    }
}

fn names<'n>(all: impl Iterator<Item = &'n str>) -> String {
    all.collect::<Vec<_>>().join(", ")
}

/// What carries less than this share of the whole effect is told in one line.
const LITTLE: f64 = 1e-2;

pub(super) fn why(summary: &TrialSummary) -> Markup {
    html! { @for w in &summary.why { (carried(w, &units::own(summary))) } }
}

/// One comparison, the largest first.
fn carried(w: &Why, unit: &str) -> Markup {
    let all = w.by_size();
    let little = |c: &&Carried| c.carried.abs() < LITTLE * w.whole.mean.abs();
    let (small, told): (Vec<&Carried>, Vec<&Carried>) = all.into_iter().partition(little);
    let graded = told.iter().any(|c| !c.grade.is_empty());
    let row = |name: &str, grade: &str, without: String, carried: f64| {
        html! { tr { td { (name) } @if graded { td { (grade) } } td.n { (without) } td.n { (number(carried)) } } }
    };
    html! {
        table {
            tr { th { (w.arm) } @if graded { th { "grade" } } th.n { "effect without it" } th.n { "carried by it" } }
            @for c in told { (row(&c.link, c.grade, number(c.without), c.carried)) }
            @if !small.is_empty() {
                (row(&format!("{} other {} together", small.len(), w.parts), "", "–".to_owned(), small.iter().map(|c| c.carried).sum()))
            }
            (row("all of them", "", number(w.without_all), w.whole.mean - w.without_all))
        }
        p.note {
            "Interaction: all " (w.parts) " together carry " (number(w.interaction())) (unit) " more than the sum of what each carries alone."
            @if !small.is_empty() {
                " Less than a hundredth of the whole effect each: " (names(small.iter().map(|c| c.link.as_str()))) "."
            }
        }
    }
}

pub(super) fn limits(scenario: &Scenario, summary: &TrialSummary) -> Markup {
    let parameters = &scenario.network.parameters;
    let assumed = parameters
        .iter()
        .filter(|p| p.mark == Mark::Assumed)
        .count();
    html! {
        ul {
            li { "All of this is simulated. " (assumed) " of the model's " (parameters.len()) " parameters are assumptions." }
            li { "The people differ by the spreads of parameters; whether real patients differ in the same way is not tested here." }
            li { "Power holds if the model's effect and spread hold: it says what a trial would see if the model were right." }
            @for warning in &scenario.warnings { li { (warning) } }
            @if summary.flow.without_steady_state > 0 {
                li { "People drawn without a stable steady state are left out: " (summary.flow.without_steady_state) "." }
            }
            @if scenario.population.parameter_draws == 0 {
                li { "The uncertainty of parameters is not in any interval." }
            }
            @if let Some(t) = &summary.tighter {
                li { "Of the pool " (t.people) " people were solved again a hundred times as exactly: the endpoint's observable moves by at most " (format!("{:.1e}", t.largest_difference)) " of its value at entry." }
            }
            li { "Misses of the model against published rows stand in docs/misses.md of the project." }
        }
    }
}

/// What tables name as the source of what nobody has measured.
const ASSUMED: &str = "working value";

pub(super) fn sources(scenario: &Scenario, receipt: &Receipt) -> Markup {
    html! {
        p { "Sources of the parameters that this model uses:" }
        ul {
            @for (key, citation) in &receipt.citations {
                @if key == citation { li { (key) @if key == ASSUMED { "s of the project's tables, assumed" } } }
                @else { li { strong { (key) } ": " (citation) } }
            }
        }
        @if !receipt.changes.is_empty() {
            p { "Changed for this run, the last one wins: " code { (receipt.changes.join("; ")) } }
        }
        p.note {
            "gutskin " (receipt.gutskin) ", model " (scenario.model) " " code { (receipt.model_sha256) } ", parameters " code { (receipt.parameters_sha256) }
            ", scenario " code { (receipt.scenario_sha256) } ", seed " (receipt.seed) ", " (receipt.method) " at relative tolerance "
            (format!("{:e}", receipt.relative_tolerance)) ", " (receipt.steps_accepted) " steps accepted, " (receipt.steps_rejected) " rejected, "
            (receipt.solves_with_pivoting) " of " (receipt.solves) " solves went on with pivoting, "
            (receipt.failures) " failed solves."
        }
    }
}
