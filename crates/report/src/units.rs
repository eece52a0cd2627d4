//! What the numbers of a summary are measured in. Of responses and times to them an effect on many people is a share or a
//! hazard ratio, while one person has neither: theirs is the percent change of their own reading.

use gutskin_study::trial::TrialSummary;

const SHARE: &str = "share";
const HAZARD: &str = "ln hazard ratio";

/// Is the endpoint a response, or a time to one?
#[must_use]
pub fn counts_responses(summary: &TrialSummary) -> bool {
    [SHARE, HAZARD].contains(&summary.unit.as_str())
}

/// Is the effect the logarithm of a hazard ratio?
pub(crate) fn is_hazard(summary: &TrialSummary) -> bool {
    summary.unit == HAZARD
}

/// Is more of the effect better? More responses and earlier ones are; earlier relapses are not.
pub(crate) fn more_is_better(summary: &TrialSummary) -> bool {
    match counts_responses(summary) {
        true => !is_relapse(summary),
        false => !summary.lower_is_better,
    }
}

/// Is the endpoint a time to relapse?
pub(crate) fn is_relapse(summary: &TrialSummary) -> bool {
    summary.endpoint.starts_with("time to relapse")
}

/// What is measured, without when: `change of score.easi`.
fn what(summary: &TrialSummary) -> &str {
    let endpoint = summary.endpoint.as_str();
    endpoint.split_once(" from entry").map_or(endpoint, |e| e.0)
}

/// The observable of the endpoint.
fn observable(summary: &TrialSummary) -> &str {
    what(summary).rsplit(' ').next().unwrap_or_default()
}

/// A unit behind a number; nothing where it has none.
pub(crate) fn behind(unit: &str) -> String {
    match unit {
        "" | "1" => String::new(),
        unit => format!(" {unit}"),
    }
}

/// What the axis of effects of many people shows.
pub(crate) fn of_effect(summary: &TrialSummary) -> String {
    match summary.unit.as_str() {
        SHARE => "difference of the shares that respond".to_owned(),
        HAZARD => format!("{HAZARD} of the {}", what(summary)),
        "" | "1" => format!("effect on the {}", what(summary)),
        unit => format!("effect ({unit})"),
    }
}

/// What the effect on single people is, and its mean over some of them.
#[must_use]
pub fn of_own_effect(summary: &TrialSummary) -> String {
    match counts_responses(summary) {
        true => format!(
            "difference of the percent changes of {}, %",
            observable(summary)
        ),
        false => of_effect(summary),
    }
}

/// The unit of the effect on single people, behind a number: percent of the reading at entry where responses are counted.
#[must_use]
pub fn own(summary: &TrialSummary) -> String {
    match counts_responses(summary) {
        true => " %".to_owned(),
        false => behind(&summary.unit),
    }
}

/// What the change of a person in one arm is.
pub(crate) fn of_change(summary: &TrialSummary) -> String {
    match summary.unit.as_str() {
        SHARE | HAZARD => format!("change of {}, %", observable(summary)),
        "" | "1" => what(summary).to_owned(),
        "%" => format!("change of {}, %", observable(summary)),
        unit => format!("{}, {unit}", what(summary)),
    }
}

/// What is said of each arm.
pub(crate) fn of_each_arm(summary: &TrialSummary) -> String {
    match summary.arm_unit.as_str() {
        "" | "1" => what(summary).to_owned(),
        _ => summary.of_each_arm(),
    }
}

/// What effects are, above their table.
pub(crate) fn heading(summary: &TrialSummary) -> String {
    match summary.unit.as_str() {
        SHARE | HAZARD | "" | "1" => format!("Effects: {}", of_effect(summary)),
        unit => format!("Unit of effects: {unit}"),
    }
}
