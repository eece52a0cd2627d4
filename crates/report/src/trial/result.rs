//! The answer in a sentence, and the tables behind it.

use super::text::{interval, number, or_dash, p, percent};
use gutskin_study::trial::{Comparison, Operating, Reported, TrialSummary};
use maud::{Markup, html};

/// One sentence an arm.
pub(super) fn answers(summary: &TrialSummary) -> Markup {
    html! {
        @for c in &summary.comparisons {
            p.answer {
                @if c.has_result() { (answer(c, summary)) }
                @else { (c.arm) " against " (c.against) ": no result, for nobody completed both arms." }
            }
        }
    }
}

fn answer(c: &Comparison, summary: &TrialSummary) -> String {
    let better = (c.effect.mean < 0.0) == summary.lower_is_better;
    let trials = c.trials.as_ref().map_or(String::new(), |t| {
        format!(
            " A trial with {} people an arm finds it with p < 0.05 in {} of repeats.",
            summary.design.per_arm,
            percent(t.power.share)
        )
    });
    let compared = match summary.unit.as_str() {
        "share" | "ln hazard ratio" => String::new(),
        _ if c.trials.as_ref().is_some_and(|t| t.per_arm_80.is_none()) => {
            ", which is none".to_owned()
        }
        _ if better => ", which is better".to_owned(),
        _ => ", which is worse".to_owned(),
    };
    format!(
        "{} against {}: the true mean effect on the {} is {} {}{compared}.{trials}",
        c.arm,
        c.against,
        summary.endpoint,
        number(c.effect.mean),
        summary.unit
    )
}

/// Truth, many trials, and the first of them.
pub(super) fn tables(summary: &TrialSummary) -> Markup {
    html! {
        p.note { "Unit of effects: " (summary.unit) ". Judged by " (summary.design.method) "." }
        @for c in summary.comparisons.iter().filter(|c| c.has_result()) {
            h3 { (c.arm) " against " (c.against) }
            table {
                tr { th colspan="2" { "In the simulated people" } }
                (line("true effect, interval of its mean", interval(&c.effect)))
                @if c.between_people.is_finite() {
                    (line("standard deviation of the effect between people", number(c.between_people)))
                    (line("people whose own course is better with it", percent(c.improved_share)))
                }
                @if let Some(t) = &c.trials { (trials(t, summary)) }
                @if let Some(r) = &c.reported { (reported(r, summary)) }
            }
            @if let Some(r) = &c.reported { (repeated(r)) (secondary(r)) }
        }
    }
}

fn line(what: &str, value: String) -> Markup {
    html! { tr { td { (what) } td.n { (value) } } }
}

fn trials(t: &Operating, summary: &TrialSummary) -> Markup {
    html! {
        tr { th colspan="2" { (t.replicates) " trials with " (summary.design.per_arm) " people an arm" } }
        (line("mean of their estimates (2.5 to 97.5 %)", format!("{} ({} to {})", number(t.mean), number(t.quantiles[0]), number(t.quantiles[4]))))
        (line("mean half width of the 95 % interval", format!("±{}", number(t.half_width))))
        (line("intervals that hold the true effect", percent(t.coverage)))
        (line("power: p < 0.05 (Monte-Carlo standard error)", format!("{} ({})", percent(t.power.share), percent(t.power.monte_carlo_error))))
        (line("of those with p < 0.05, wrong sign (type S)", or_dash(t.wrong_sign, percent)))
        (line("of those, size over the true effect (type M)", or_dash(t.exaggeration, |x| format!("{x:.2}"))))
        (line("what a reader believes who sees only those", or_dash(t.believed, number)))
        (line("people an arm for 80 and 90 % power", format!("{} and {}", or_dash(t.per_arm_80, |n| n.to_string()), or_dash(t.per_arm_90, |n| n.to_string()))))
        @if let Some(i) = &t.interim {
            (line("trials that stop at the look for futility", percent(i.stopped.share)))
            (line("power with the look", percent(i.power.share)))
            (line("of the stopped, would have had p < 0.05 in favour", or_dash(i.stopped_wrongly, percent)))
        }
    }
}

fn reported(r: &Reported, summary: &TrialSummary) -> Markup {
    html! {
        tr { th colspan="2" { "The first of these trials, as it would be reported" } }
        (line("effect", or_dash(r.estimate, |e| format!("{} ({} to {}), p {}", number(e.value), number(e.low), number(e.high), p(e.p)))))
        (line(&format!("responders more ({})", summary.response), format!("{} ({} to {})", percent(r.risk_difference.mean), percent(r.risk_difference.low), percent(r.risk_difference.high))))
        (line("number needed to treat", r.number_needed.map_or("not given: the interval of the difference holds 0".to_owned(), |n| format!("{:.1} ({:.1} to {:.1})", n.number, n.low, n.high))))
    }
}

fn repeated(r: &Reported) -> Markup {
    html! {
        @if let Some(visits) = &r.repeated {
            p.note { "Over the visits, by a mixed model (restricted likelihood, random intercept, arm at each visit, reading at entry):" }
            table {
                tr { th { "day" } th.n { "difference" } th.n { "p" } }
                @for v in visits { tr { td { (v.day) } td.n { (interval(&v.effect)) } td.n { (p(v.p)) } } }
            }
        }
    }
}

fn secondary(r: &Reported) -> Markup {
    html! {
        @if !r.secondary.is_empty() {
            p.note { "Looked at beside, without correction for several tests:" }
            table {
                tr { th { "what" } th.n { "true effect" } th.n { "first trial" } }
                @for s in &r.secondary {
                    tr {
                        td { (s.measure) " of " (s.observable) ", day " (s.day) }
                        td.n { (interval(&s.effect)) }
                        td.n { (or_dash(s.reported, |e| format!("{} ({} to {}), p {}", number(e.value), number(e.low), number(e.high), p(e.p)))) }
                    }
                }
            }
        }
    }
}

/// Draws of what is not known, or that there were none.
pub(super) fn uncertainty(summary: &TrialSummary) -> Markup {
    html! {
        @match &summary.uncertainty {
            None => p { "Central values only of what is not known (the gains of links): the intervals above hold how people differ and chance, not this. Ask for draws with " code { "parameter_draws" } " under " code { "[population]" } "." },
            Some(u) => {
                p { (u.draws) " draws of " (u.parameters) " gains of links, the same " (u.people) " people under each." }
                table {
                    tr { th { "arm" } th.n { "mean effect over draws" } th.n { "90 % of draws" } th.n { "SD over draws" } th.n { "SD between people" } }
                    @for a in &u.arms {
                        tr { td { (a.arm) } td.n { (number(a.mean)) } td.n { (number(a.range[0])) " to " (number(a.range[1])) } td.n { (number(a.sd)) } td.n { (number(a.between_people)) } }
                    }
                }
            }
        }
    }
}
