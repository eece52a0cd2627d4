//! The tables of ICH M15 (assessment of evidence from models) and ASME V&V 40 (credibility factors), filled with what
//! this run knows; what only the person who decides can say is left open and said to be open.

use crate::receipt::Receipt;
use gutskin_network::{LinkGrade, Mark};
use gutskin_study::checks::windows_of;
use gutskin_study::scenario::Scenario;
use gutskin_study::trial::TrialSummary;
use maud::{Markup, html};

pub(super) fn tables(scenario: &Scenario, summary: &TrialSummary, receipt: &Receipt) -> Markup {
    html! {
        p.note { "After ICH M15. What rests with whoever decides on this result is left open." }
        table {
            (row("Question of interest", html! { (summary.question) }))
            (row("Context of use", html! {
                "Effect and power of a planned trial on " (summary.endpoint) " in " (who(scenario)) ", by the model “" (scenario.model)
                "”, in what it was asked: " (summary.arms.len()) " arms over " (scenario.duration) " d."
            }))
            (row("Model influence", html! { "Open. The result is of the model alone; it was not weighed with other evidence on the same question." }))
            (row("Consequence of a wrong decision", html! { "Open." }))
            (row("Model risk, model impact", html! { "Open; they follow from the two lines above." }))
            (row("Technical criteria", html! { "Windows fixed before the model was tuned (" code { "checks/checks.csv" } "): " (windows(scenario)) }))
            (row("Outcome of the evaluation", html! {
                "Not part of this run: " code { "gutskin model check --table" } " and " code { "gutskin evidence --claims" }
                " set the model beside each window; known misses stand in " code { "docs/misses.md" } "."
            }))
        }
        p.note { "After ASME V&V 40." }
        table {
            tr { th { "factor" } th { "what there is" } }
            (row("Code: software quality", html! { "gutskin " (receipt.gutskin) ", equations " code { (short(&receipt.model_sha256)) } ", parameters " code { (short(&receipt.parameters_sha256)) } "; same file and seed give the same bytes." }))
            (row("Code: numerical verification", html! { "Standard stiff problems, order of convergence and three other simulators, in the tests of the project; not repeated here." }))
            (row("Calculation: numerical error", html! {
                @if let Some(t) = &summary.tighter {
                    (t.people) " people solved again at a relative tolerance of " (format!("{:e}", t.relative_tolerance)) ": the endpoint moves by at most " (format!("{:.1e}", t.largest_difference)) " of its value at entry. "
                }
                @else { "Not measured in this run. " }
                (receipt.failures) " courses failed; " (summary.flow.without_steady_state) " of " (summary.flow.screened) " people drawn had no stable steady state."
            }))
            (row("Calculation: use error", html! { "Units, names, times and doses of the file were checked; " (warnings(scenario)) }))
            (row("Model: form", html! { (links(scenario)) }))
            (row("Model: inputs", html! { (parameters(scenario)) " " (changes(receipt)) }))
            (row("Model: uncertainty", html! {
                @match &summary.uncertainty {
                    Some(u) => { (u.draws) " draws of " (u.parameters) " gains of links; every other spread counts as difference between people." }
                    None => { "Not asked for in this run: central values only." }
                }
            }))
            (row("Comparator", html! { "Published human data behind the windows above; this trial itself was set beside none." }))
            (row("Applicability", html! { (applicability(scenario)) }))
        }
    }
}

fn row(name: &str, text: Markup) -> Markup {
    html! { tr { td { (name) } td { (text) } } }
}

fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

fn windows(scenario: &Scenario) -> String {
    let all = windows_of(&scenario.model, &scenario.condition);
    let text = all.iter().map(|w| {
        format!(
            "{} {} for calibration and {} for validation",
            w.module, w.calibration, w.validation
        )
    });
    let text: Vec<String> = text.collect();
    match text.as_slice() {
        [] => "none is about this model.".to_owned(),
        _ => format!("{}.", text.join("; ")),
    }
}

fn warnings(scenario: &Scenario) -> String {
    match scenario.warnings.len() {
        0 => "nothing was found doubtful.".to_owned(),
        n => format!("{n} were found doubtful and stand under Limits."),
    }
}

fn links(scenario: &Scenario) -> String {
    let links = &scenario.network.links;
    let on = |switch: u32| {
        scenario
            .switches
            .get(switch as usize)
            .is_some_and(|&v| v != 0.0)
    };
    let grades = [
        (LinkGrade::HumanTrial, "on human trials"),
        (LinkGrade::HumanObservation, "on human observation"),
        (LinkGrade::Animal, "on animals"),
        (LinkGrade::InVitro, "on cells"),
        (LinkGrade::Assumption, "on assumption"),
    ];
    let count = |grade| {
        links
            .iter()
            .filter(|l| on(l.switch) && l.grade == grade)
            .count()
    };
    let counted = grades.map(|(grade, words)| (count(grade), words));
    let parts = counted.iter().filter(|(n, _)| *n > 0);
    let parts: Vec<String> = parts.map(|(n, words)| format!("{n} {words}")).collect();
    format!(
        "{} states; of {} links between compartments {} are on{}.",
        scenario.network.states.len(),
        links.len(),
        links.iter().filter(|l| on(l.switch)).count(),
        match parts.as_slice() {
            [] => String::new(),
            _ => format!(", resting {}", parts.join(", ")),
        }
    )
}

fn parameters(scenario: &Scenario) -> String {
    let all = &scenario.network.parameters;
    let count = |mark| all.iter().filter(|p| p.mark == mark).count();
    format!(
        "Of {} parameters {} were read in their source, {} computed from it, {} fitted, {} assumed.",
        all.len(),
        count(Mark::Read),
        count(Mark::Computed),
        count(Mark::Fitted),
        count(Mark::Assumed)
    )
}

fn changes(receipt: &Receipt) -> String {
    match receipt.changes.len() {
        0 => "None was changed for this run.".to_owned(),
        n => format!("{n} changes were made for this run; no window was judged with them."),
    }
}

fn applicability(scenario: &Scenario) -> String {
    let joined = scenario.model.starts_with("axis");
    let reach = if joined {
        "Gut, body and skin as one system; what no published trial has measured together was validated in parts only."
    } else {
        "A part of the axis alone, what it does not hold kept at neutral."
    };
    let lean = if scenario.model.ends_with("lean") {
        " The lean colon shows two thirds to four fifths of the full one's effect of fibre (docs/lean.md)."
    } else {
        ""
    };
    let whom = match &scenario.life_stage {
        None => "Adults only".to_owned(),
        Some(_) => format!(
            "Only {}: colon and food are of that age, skin, immunity and stress those of adults, and kinetics of adults' microbes (docs/children.md)",
            who(scenario)
        ),
    };
    format!("{reach}{lean} {whom}; no pregnancy, no organ disease, no interactions of drugs.")
}

/// Whom the result is about.
fn who(scenario: &Scenario) -> String {
    scenario
        .life_stage
        .as_ref()
        .map_or("adults".to_owned(), |stage| {
            format!("children of the life stage “{stage}”")
        })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{applicability, who};
    use gutskin_study::scenario::read;

    #[test]
    fn children_are_not_called_adults() {
        let table = gutskin_biology::parameter_table().unwrap();
        let infants = include_str!("../../../../examples/infant-feeding.toml");
        let infants = read("infants.toml", infants, &table).unwrap();
        assert_eq!(
            who(&infants),
            "children of the life stage “infant_breastfed”"
        );
        assert!(!applicability(&infants).contains("Adults only"));
        let adults = include_str!("../../../../examples/psoriasis-ixekizumab.toml");
        let adults = read("adults.toml", adults, &table).unwrap();
        assert_eq!(who(&adults), "adults");
        assert!(applicability(&adults).contains("Adults only"));
    }
}
