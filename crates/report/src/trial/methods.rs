//! Methods in the order of the CONSORT statement, as far as a simulated trial has them.

use super::design::{days, rules};
use super::given::Given;
use crate::receipt::Receipt;
use gutskin_study::scenario::Scenario;
use gutskin_study::trial::TrialSummary;
use maud::{Markup, html};

pub(super) fn methods(scenario: &Scenario, summary: &TrialSummary, receipt: &Receipt) -> Markup {
    let given = Given::read(&receipt.scenario);
    let size = summary.design.per_arm;
    let arms = scenario.arms.len();
    html! {
        table {
            (item("Trial design", html! {
                "Simulated " (summary.design.kind) " trial, " (arms) " arms of " (size) " people. No person was treated."
            }))
            (item("Participants", html! {
                "Drawn from the spreads of the model's parameters, each brought to their own rest in usual habits" (rules(scenario)) ". Age, sex and ethnicity are not in the equations beyond what these spreads hold."
            }))
            (item("Interventions", html! {
                @for arm in &scenario.arms { strong { (arm.name) } ": " (given.of(&arm.name)) ". " }
                @if scenario.care.is_some() { "Every arm gets the care of the condition from the start." }
            }))
            (item("Outcomes", html! {
                "Primary: " (summary.endpoint) "; response: " (summary.response) ". "
                @if scenario.secondary.is_empty() { "No other outcome was asked for, harms among them." }
                @else {
                    "Looked at beside, without correction: "
                    @for (i, s) in scenario.secondary.iter().enumerate() {
                        @if i > 0 { ", " } (scenario.network.observables[s.observable as usize].name)
                    }
                    ". Harms are seen only where one of these is a harm."
                }
                " Read on days " (days(&summary.visits)) "."
            }))
            (item("Sample size", html! { (size) " people an arm, as asked for; sizes for 80 and 90 % power stand with the results." }))
            (item("Randomisation", html! {
                "In each of " (summary.design.replicates) " drawn trials people are taken from the pool of " (summary.flow.pool)
                " without replacement and put into arms by counter-based random numbers (Philox, seed " (scenario.seed) "); no blocks, no strata."
            }))
            (item("Blinding", html! { "Noise of readings and placebo course do not know the arm, which is what perfect blinding would give." }))
            (item("Analysis", html! {
                (summary.design.method) "; two-sided, 95 % intervals. Estimand: " (summary.design.estimand) ". "
                @if scenario.design.interim.is_some() { "The look for futility stops trials only; p at the end is not adjusted for it. " }
                @if scenario.subgroups.is_empty() { "People are parted by the reading at entry only." }
                @else { "Subgroups: p of the difference between sides, after Holm over all traits of a comparison." }
            }))
            @for event in &summary.design.events { (item("Also", html! { (event) })) }
            (item("Registration, ethics", html! { "None: nobody took part." }))
        }
    }
}

fn item(name: &str, text: Markup) -> Markup {
    html! { tr { td { (name) } td { (text) } } }
}
