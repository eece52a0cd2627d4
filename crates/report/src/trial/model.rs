//! The model behind it: links, limits, sources.

use super::text::number;
use crate::receipt::Receipt;
use gutskin_network::Mark;
use gutskin_study::scenario::Scenario;
use gutskin_study::trial::TrialSummary;
use maud::{Markup, html};

pub(super) fn links(scenario: &Scenario) -> Markup {
    html! {
        table {
            tr { th { "link" } th { "from, to" } th { "grade" } th { "on" } th { "what it does" } }
            @for l in &scenario.network.links {
                tr {
                    td { (l.name) } td { (l.from) " → " (l.to) } td { (l.grade.code()) }
                    td { @if scenario.switches.get(l.switch as usize).is_some_and(|&v| v != 0.0) { "yes" } @else { "cut" } }
                    td { (l.doc) }
                }
            }
        }
        p.note { "Grades: HT human trial, HO human observation, AN animal, IV in vitro, AS assumption." }
    }
}

pub(super) fn why(summary: &TrialSummary) -> Markup {
    html! {
        @for w in &summary.why {
            table {
                tr { th { (w.arm) } th { "grade" } th.n { "effect without it" } th.n { "carried by it" } }
                @for l in &w.links { tr { td { (l.link) } td { (l.grade) } td.n { (number(l.without)) } td.n { (number(l.carried)) } } }
                tr { td { "all of them" } td { } td.n { (number(w.without_all)) } td.n { (number(w.whole.mean - w.without_all)) } }
            }
            p.note { "Interaction: all links together carry " (number(w.interaction())) " " (summary.unit) " more than the sum of what each carries alone." }
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

pub(super) fn sources(scenario: &Scenario, receipt: &Receipt) -> Markup {
    html! {
        p { "Sources of the parameters that this model uses:" }
        ul { @for (key, citation) in &receipt.citations { li { strong { (key) } ": " (citation) } } }
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
