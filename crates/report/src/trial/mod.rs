//! The HTML page of a trial: one file, opens offline, prints on A4.

mod credibility;
mod design;
mod given;
mod methods;
mod model;
mod patients;
mod result;
mod table;
#[cfg(test)]
mod tests;
mod text;

pub use table::{Kind, results};
pub(crate) use text::power_of_ten;

use crate::ReportError;
use crate::figure;
use crate::receipt::Receipt;
use crate::units;
use gutskin_study::scenario::Scenario;
use gutskin_study::trial::TrialSummary;
use maud::{DOCTYPE, Markup, PreEscaped, html};

pub(crate) const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:820px;margin:2em auto;padding:0 1em;color:#111;background:#fff}
h1{font-size:1.5em;margin-bottom:.2em}h2{font-size:1.15em;margin-top:2em;border-bottom:1px solid #bbb}h3{font-size:1em;margin-bottom:.3em}
.answer{font-size:1.12em;border-left:4px solid #0072b2;padding:.3em .9em;background:#f3f7fb}
.warn{border-left:4px solid #d55e00;padding:.3em .9em;background:#fdf3ec}
table{border-collapse:collapse;width:100%;font-size:.92em}th,td{padding:.25em .6em;border-bottom:1px solid #ddd;text-align:left;vertical-align:top}
h1,p,td,th{overflow-wrap:break-word}td:not(.n),th:not(.n){max-width:26em}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}.note{color:#444;font-size:.9em}
figure{margin:1em 0}svg{max-width:100%;height:auto}code{font-size:.85em;overflow-wrap:anywhere}
caption{caption-side:top;text-align:left;font-size:.9em;color:#444;padding:.2em 0}
@page{size:A4;margin:16mm}@media print{body{margin:0;max-width:none;padding:0}h1,h2,h3,tr:has(th),caption,p:has(+table):not(table+p),p:has(+figure),p:has(+h3){break-after:avoid}
figure,tr,.answer,.warn,li{break-inside:avoid}tr:last-child,table+.note{break-before:avoid}figure svg{max-height:225mm}p{orphans:3;widows:3}}";

/// A figure of the report: name of its file, SVG, caption.
#[derive(Clone, Debug)]
pub struct TrialFigure {
    /// Name without ending.
    pub name: String,
    /// The SVG.
    pub svg: String,
    /// What it shows.
    pub caption: String,
}

/// Figures that not every trial has; those that come several times have a number behind the dash.
const SOMETIMES: [&str; 5] = ["events", "waterfall", "guilds", "subgroups-", "why-"];

/// Is this the name of a figure that some trials have and others have not?
#[must_use]
pub fn is_sometimes_drawn(name: &str) -> bool {
    let whole = name.trim_end_matches(|c: char| c.is_ascii_digit());
    SOMETIMES.contains(&whole)
}

/// The figures of a trial, in the order of the page.
///
/// # Errors
/// [`ReportError::Figure`] where one cannot be drawn.
pub fn figures(
    scenario: &Scenario,
    summary: &TrialSummary,
) -> Result<Vec<TrialFigure>, ReportError> {
    let observable = &scenario.network.observables[scenario.endpoint.observable as usize];
    let unit = observable.unit.as_ref().map(ToString::to_string);
    // What has no unit is named at its axis.
    let unit = unit.filter(|u| u != "1");
    let unit = unit.map_or(observable.name.clone(), |u| {
        format!("{}, {u}", observable.name)
    });
    let own = units::of_own_effect(summary);
    // Where it is another thing than the effect, it is said again.
    let among = match units::counts_responses(summary) {
        true => format!(": {own}"),
        false => String::new(),
    };
    let last = scenario.visits[scenario.endpoint.visit];
    let mut all = vec![
        TrialFigure {
            name: "effects".to_owned(),
            svg: figure::effects(summary)?,
            caption: "The true effect in the simulated people with the interval of its mean (thick), the middle and the central 95 % of what trials of this size report (middle), and the first of these trials with its own interval (thin). The line marks no effect.".to_owned(),
        },
        TrialFigure {
            name: "course".to_owned(),
            svg: figure::time_course(summary, &observable.doc, &unit)?,
            caption: "Means of what is seen at visits, placebo course and noise included, everyone followed. Bands hold 90 % of people: filled for the comparator, between thin lines for the others.".to_owned(),
        },
    ];
    if units::is_hazard(summary) && summary.arms.iter().any(|a| a.reported.is_some()) {
        all.push(TrialFigure {
            name: "events".to_owned(),
            svg: figure::events(summary, last)?,
            caption: match units::is_relapse(summary) {
                true => "The first trial: share of those who had responded that have relapsed, after Kaplan and Meier; who leaves counts until then.",
                false => "The first trial: share of people who have responded, after Kaplan and Meier; who leaves counts until then.",
            }
            .to_owned(),
        });
    }
    if summary
        .arms
        .iter()
        .any(|a| a.reported.as_ref().is_some_and(|r| !r.outcomes.is_empty()))
    {
        all.push(TrialFigure {
            name: "waterfall".to_owned(),
            svg: figure::waterfall(summary)?,
            caption: format!(
                "Each person of the first trial, best first, against their own reading at entry: {}.",
                units::of_change(summary)
            ),
        });
    }
    for (number, comparison) in summary.comparisons.iter().enumerate() {
        if !comparison.subgroups.is_empty() {
            all.push(TrialFigure {
                name: format!("subgroups-{}", number + 1),
                svg: figure::subgroups(comparison, &own)?,
                caption: format!("Mean true effect of {} on both sides of each cut, each person against themselves{among}.", comparison.arm),
            });
        }
    }
    if summary.arms.iter().any(|a| !a.guilds.is_empty()) {
        all.push(TrialFigure {
            name: "guilds".to_owned(),
            svg: figure::guilds(&summary.arms, last)?,
            caption: "Mean composition of the community in the colon, shares of the microbes in the lumen, in each arm at entry and at the visit of the endpoint; without rescue.".to_owned(),
        });
    }
    for (number, why) in summary.why.iter().enumerate() {
        all.push(TrialFigure {
            name: format!("why-{}", number + 1),
            svg: figure::why(why, &own)?,
            caption: format!("The mean effect of {} in {} people{among}, from the whole of it down: each bar is what is lost when that alone is cut, the largest first; then what all cuts together take beyond the sum of each (their interaction), and what is left with all cut.", why.arm, why.people),
        });
    }
    Ok(all)
}

/// The page.
///
/// # Errors
/// [`ReportError::Figure`] where a figure cannot be drawn.
pub fn page(
    scenario: &Scenario,
    summary: &TrialSummary,
    receipt: &Receipt,
) -> Result<String, ReportError> {
    let figures = figures(scenario, summary)?;
    let show = |name: &str| -> Markup {
        html! {
            @for f in figures.iter().filter(|f| f.name.starts_with(name)) {
                figure { (PreEscaped(described(f))) figcaption.note { (f.caption) } }
            }
        }
    };
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (summary.name) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { (summary.name) }
                p { (summary.question) }
                p.note { "Simulated with the model “" (scenario.model) "”, for research; not medical advice." }
                (result::answers(summary))
                (show("effects"))
                h2 { "Design" } (design::design(scenario, summary))
                h2 { "Flow of people" } (patients::flow(summary))
                h2 { "Result" } (result::tables(summary))
                @if figures.iter().any(|f| f.name == "events") { h2 { "Time to the event" } (show("events")) (patients::at_risk(summary)) }
                h2 { "Course" } (show("course"))
                @if figures.iter().any(|f| f.name == "waterfall") { h2 { "Person by person" } (show("waterfall")) }
                h2 { "Who responds" } (show("subgroups")) (patients::subgroups(summary))
                @if figures.iter().any(|f| f.name == "guilds") { h2 { "Community in the gut" } (show("guilds")) }
                @if !summary.why.is_empty() { h2 { "Why" } (show("why")) (model::why(summary)) }
                h2 { "Placebo" } (patients::placebo(summary))
                h2 { "What is not known" } (result::uncertainty(summary))
                h2 { "Links used" } (model::links(scenario))
                h2 { "Limits" } (model::limits(scenario, summary))
                h2 { "Sources and receipt" } (model::sources(scenario, receipt))
                h2 { "Appendix: methods" } (methods::methods(scenario, summary, receipt))
                h2 { "Appendix: credibility" } (credibility::tables(scenario, summary, receipt))
            }
        }
    };
    Ok(page.into_string())
}

/// The SVG with a title for screen readers.
fn described(figure: &TrialFigure) -> String {
    let title = html! { title { (figure.caption) } }.into_string();
    let Some(start) = figure.svg.find("<svg") else {
        return figure.svg.clone();
    };
    let Some(end) = figure.svg[start..].find('>').map(|end| start + end) else {
        return figure.svg.clone();
    };
    format!(
        "{} role=\"img\">{title}{}",
        &figure.svg[start..end],
        &figure.svg[end + 1..]
    )
}
