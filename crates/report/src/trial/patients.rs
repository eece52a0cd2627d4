//! People: how many, who responds, what placebo does.

use super::text::{interval, number, or_dash, p, percent};
use crate::units;
use gutskin_study::trial::TrialSummary;
use maud::{Markup, html};

pub(super) fn flow(summary: &TrialSummary) -> Markup {
    let f = &summary.flow;
    html! {
        p {
            (f.screened) " people drawn, " (f.without_steady_state) " without a stable steady state"
            @if f.too_slow > 0 { " (" (f.too_slow) " of them slower than three years to settle)" } ", " (f.excluded) " outside the inclusion rules, "
            (f.pool) " simulated in every arm, of whom " (f.available) " were solved in all arms."
        }
        table {
            tr { th { "arm" } th.n { "failed solves" } th.n { "rescued" } th.n { "as seen (" (units::of_each_arm(summary)) ")" } th.n { "by the equations" } }
            @for a in &summary.arms {
                tr { td { (a.name) } td.n { (a.failed) } td.n { (percent(a.rescued)) } td.n { (interval(&a.seen)) } td.n { (interval(&a.modelled)) } }
            }
        }
        p.note { "The first trial:" }
        table {
            tr { th { "arm" } th.n { "allocated" } th.n { "left" } th.n { "rescued" } th.n { "analysed" } th.n { "responded" } th.n { "share (95 %)" } }
            @for a in &summary.arms {
                @if let Some(r) = &a.reported {
                    tr {
                        td { (a.name) } td.n { (r.allocated) } td.n { (r.left) } td.n { (r.rescued) } td.n { (r.analysed) } td.n { (r.responders) }
                        td.n { (percent(r.share.mean)) " (" (percent(r.share.low)) " to " (percent(r.share.high)) ")" }
                    }
                }
            }
        }
        @for a in &summary.arms {
            @if let Some(reason) = &a.first_failure { p.warn { (a.name) ", first failed solve: " (reason) } }
        }
    }
}

pub(super) fn subgroups(summary: &TrialSummary) -> Markup {
    html! {
        @for c in summary.comparisons.iter().filter(|c| !c.subgroups.is_empty()) {
            table {
                caption { (units::of_own_effect(summary)) }
                tr { th { (c.arm) } th.n { "up to the cut" } th.n { "above" } th.n { "p in the first trial" } th.n { "after Holm" } }
                @for g in &c.subgroups {
                    tr { td { (g.name) " (" (format!("{:.3}", g.cut)) ")" } td.n { (interval(&g.low.effect)) } td.n { (interval(&g.high.effect)) } td.n { (or_dash(g.p, p)) } td.n { (or_dash(g.p_holm, p)) } }
                }
            }
            p.note { "p of the difference between both sides of what the first trial estimates, " (traits(c.subgroups.iter().filter(|g| g.p_holm.is_some()).count())) " compared for this arm." }
        }
    }
}

pub(super) fn placebo(summary: &TrialSummary) -> Markup {
    html! {
        p {
            "Of what the comparator shows (" (units::of_each_arm(summary)) "), "
            @if summary.from_comparator.abs() > 0.005 { (number(summary.from_comparator)) " come from what it is given, " }
            (number(summary.from_screening)) " come from entry on " @if summary.design.screened { "a noisy reading (regression to the mean), " } @else { "these readings rather than others (chance: nobody is let in by them), " }
            @if summary.from_rescue.abs() > 0.005 { (number(summary.from_rescue)) " from rescue, " }
            (number(summary.from_noise)) " from noise whoever is let in (a ratio to a noisy entry rises with its noise) and "
            (number(summary.from_placebo)) " from placebo, care and natural course."
            @if let Some(size) = summary.resized_placebo() { " Note: " (size) "." }
        }
    }
}

fn traits(count: usize) -> String {
    match count {
        1 => "one trait".to_owned(),
        n => format!("{n} traits"),
    }
}

/// People at risk at visits, arm by arm: what a curve of times to an event rests on.
pub(super) fn at_risk(summary: &TrialSummary) -> Markup {
    /// Columns of figures that fit on the page.
    const MOST: usize = 12;
    let arms: Vec<_> = (summary.arms.iter())
        .filter_map(|a| Some((&a.name, &a.reported.as_ref()?.at_risk)))
        .collect();
    let count = arms.first().map_or(0, |a| a.1.len());
    let step = count.div_ceil(MOST).max(1);
    html! {
        table {
            caption { "People of the first trial still at risk, by week: without the event, and seen until then." }
            tr { th { "week" } @for (day, _) in arms.first().iter().flat_map(|a| a.1).step_by(step) { th.n { (crate::rounded(day / 7.0, 1)) } } }
            @for (name, numbers) in &arms {
                tr { td { (name) } @for (_, people) in numbers.iter().step_by(step) { td.n { (people) } } }
            }
        }
    }
}
