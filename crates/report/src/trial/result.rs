//! The answer in a sentence, and the tables behind it.

use super::text::{FIXED, between, count, interval, number, or_dash, p, percent};
use crate::units;
use gutskin_study::trial::{Comparison, Operating, Reported, TrialSummary};
use maud::{Markup, html};

/// One sentence an arm.
pub(super) fn answers(summary: &TrialSummary) -> Markup {
    html! {
        @for c in &summary.comparisons {
            p.answer {
                @if c.has_result() { (answer(c, summary)) }
                @else { (c.arm) " against " (c.against) ": no result, for nobody completed both arms, or too few had what is counted to compare them." }
            }
        }
    }
}

fn answer(c: &Comparison, summary: &TrialSummary) -> String {
    let better = (c.effect.mean > 0.0) == units::more_is_better(summary);
    let trials = c.trials.as_ref().map_or(String::new(), |t| {
        format!(
            " A trial with {} people an arm finds it with p < 0.05 in {} of repeats{}.",
            summary.design.per_arm,
            percent(t.interim.as_ref().map_or(t.power, |i| i.power).share),
            if t.interim.is_some() {
                ", its look for futility in it"
            } else {
                ""
            }
        )
    });
    let compared = match better {
        _ if c.trials.as_ref().is_some_and(|t| t.per_arm_80.is_none()) => "which is none",
        true => "which is better",
        false => "which is worse",
    };
    format!(
        "{} against {}: the true {}, {compared}.{trials}",
        c.arm,
        c.against,
        size(c.effect.mean, summary)
    )
}

/// The effect with what it is.
fn size(effect: f64, summary: &TrialSummary) -> String {
    let endpoint = &summary.endpoint;
    if units::is_hazard(summary) {
        return format!(
            "hazard ratio of the {endpoint} is {} (logarithm {})",
            number(effect.exp()),
            number(effect)
        );
    }
    if units::counts_responses(summary) {
        return format!(
            "difference in the {endpoint} is {} of people",
            percent(effect)
        );
    }
    format!(
        "mean effect on the {endpoint} is {}{}",
        number(effect),
        units::behind(&summary.unit)
    )
}

/// Truth, many trials, and the first of them.
pub(super) fn tables(summary: &TrialSummary) -> Markup {
    html! {
        p.note {
            (units::heading(summary)) ". Judged by " (summary.design.method) "."
            @if units::counts_responses(summary) {
                " What is said of single people, of subgroups, links and draws is another thing: the " (units::of_own_effect(summary))
                ", for one person has no share and no hazard."
            }
        }
        @for c in summary.comparisons.iter().filter(|c| c.has_result()) {
            h3 { (c.arm) " against " (c.against) }
            table {
                tr { th colspan="2" { "In the simulated people" } }
                (line("true effect, interval of its mean", interval(&c.effect)))
                @if c.between_people.is_finite() {
                    (line(&between_people(summary), number(c.between_people)))
                    (line("people whose own course is better with it", percent(c.improved_share)))
                }
                @if let Some(t) = &c.trials { (trials(t, summary)) }
                @if let Some(r) = &c.reported { (reported(r, c, summary)) }
            }
            @if let Some(r) = &c.reported { (repeated(r)) (secondary(r)) }
        }
    }
}

fn between_people(summary: &TrialSummary) -> String {
    let what = "standard deviation of the effect between people";
    match units::counts_responses(summary) {
        true => format!("{what} ({})", units::of_own_effect(summary)),
        false => what.to_owned(),
    }
}

/// As a paper has it.
fn estimate([value, low, high]: [f64; 3], chance: f64) -> String {
    format!("{}, p{FIXED}{}", between(value, low, high), p(chance))
}

fn line(what: &str, value: String) -> Markup {
    html! { tr { td { (what) } td.n { (value) } } }
}

fn trials(t: &Operating, summary: &TrialSummary) -> Markup {
    html! {
        tr { th colspan="2" { (t.replicates) " trials with " (summary.design.per_arm) " people an arm" } }
        @if t.replicates < summary.design.replicates {
            (line("trials drawn that had no estimate, and count as not finding it", (summary.design.replicates - t.replicates).to_string()))
        }
        (line("mean of their estimates (2.5 to 97.5 %)", between(t.mean, t.quantiles[0], t.quantiles[4])))
        (line("mean half width of the 95 % interval", format!("±{}", number(t.half_width))))
        (line("intervals that hold the true effect", percent(t.coverage)))
        @if t.misses_the_truth() {
            (line("which is few: with this estimand, drop-out or scale the analysis estimates something else than the true effect", "".to_owned()))
        }
        (line("power: p < 0.05 (Monte-Carlo standard error)", format!("{} ({})", percent(t.power.share), percent(t.power.monte_carlo_error))))
        (line("of those with p < 0.05, wrong sign (type S)", or_dash(t.wrong_sign, percent)))
        (line("of those, size over the true effect (type M)", or_dash(t.exaggeration, number)))
        (line("what a reader believes who sees only those", or_dash(t.believed, number)))
        (line(if t.interim.is_some() { "people an arm for 80 and 90 % power, the look in it" } else { "people an arm for 80 and 90 % power" }, format!("{} and {}", or_dash(t.per_arm_80, count), or_dash(t.per_arm_90, count))))
        @if let Some(i) = &t.interim {
            (line("trials that stop at the look for futility", percent(i.stopped.share)))
            (line("power with the look", percent(i.power.share)))
            (line("of the stopped, would have had p < 0.05 in favour", or_dash(i.stopped_wrongly, percent)))
        }
    }
}

fn reported(r: &Reported, c: &Comparison, summary: &TrialSummary) -> Markup {
    let d = &r.risk_difference;
    let more = format!(
        "{} ({} to {})",
        percent(d.mean),
        percent(d.low),
        percent(d.high)
    );
    let (name, needed) = number_needed(r, c);
    html! {
        tr { th colspan="2" { "The first of these trials, as it would be reported" } }
        (line("effect", or_dash(r.estimate, |e| estimate([e.value, e.low, e.high], e.p))))
        (line(&format!("responders more ({})", summary.response), more))
        (line(name, needed))
    }
}

/// To treat where more respond, to harm where fewer do.
fn number_needed(r: &Reported, c: &Comparison) -> (&'static str, String) {
    let treat = "number needed to treat";
    if c.is_interaction() {
        return (treat, "none: an interaction has no such number".to_owned());
    }
    let Some(n) = r.number_needed else {
        let why = "not given: the interval of the difference holds 0";
        return (treat, why.to_owned());
    };
    let [number, low, high] = [n.number, n.low, n.high].map(f64::abs);
    let text = format!("{number:.1} ({low:.1} to {high:.1})");
    match n.number < 0.0 {
        true => (
            "number needed to harm: treated for one response fewer",
            text,
        ),
        false => (treat, text),
    }
}

fn repeated(r: &Reported) -> Markup {
    html! {
        @if let Some(visits) = &r.repeated {
            p.note {
                "Over the visits, by a mixed model (restricted likelihood, random intercept, arm at each visit, reading at entry)"
                @if visits.iter().any(|v| !v.p.is_finite()) { "; a dash for p where nobody differs, so that there is no error to judge by" } ":"
            }
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
            p.note { "Looked at beside, without correction for several tests; a dash for p where nobody differs:" }
            table {
                tr { th { "what" } th.n { "true effect" } th.n { "first trial" } }
                @for s in &r.secondary {
                    tr {
                        td { (s.measure) " of " (s.observable) ", day " (s.day) }
                        td.n { (interval(&s.effect)) }
                        td.n { (or_dash(s.reported, |e| estimate([e.value, e.low, e.high], e.p))) }
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
                    tr { th { "arm" } th.n { "mean effect over draws" (in_brackets(summary)) } th.n { "90 % of draws" } th.n { "SD over draws" } th.n { "SD between people" } }
                    @for a in &u.arms {
                        tr { td { (a.arm) } td.n { (number(a.mean)) } td.n { (number(a.range[0])) " to " (number(a.range[1])) } td.n { (number(a.sd)) } td.n { (number(a.between_people)) } }
                    }
                }
            }
        }
    }
}

/// What effects on single people are, where that is another thing than the effect.
fn in_brackets(summary: &TrialSummary) -> String {
    match units::counts_responses(summary) {
        true => format!(" ({})", units::of_own_effect(summary)),
        false => String::new(),
    }
}
