//! The page of a person's twins, for somebody who would read it beside the person: one file, opens offline, prints on A4.

use crate::ReportError;
use crate::figure;
use crate::hundredths;
use crate::receipt::Receipt;
use crate::table::{column, numbers, texts, whole, write};
use crate::trial::STYLE;
use gutskin_study::twin::{DrawRow, Twin};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use std::io::Write;

/// On paper twins stand closer than trials: what a reader has beside the person is two leaves at most.
const OF_TWINS: &str = "
table+table{margin-top:1em}@page{size:A4;margin:11mm 13mm}@media print{body{font-size:8.6pt;line-height:1.3}h1{font-size:1.4em;margin-top:0}h2{margin:.8em 0 .25em}p{margin:.35em 0}table+table{margin-top:.6em}
th,td{padding:.1em .5em}figure{margin:.4em 0}figure svg{display:block;margin:0 auto;max-height:100mm}ul{margin:.3em 0;padding-left:1.6em}.note{font-size:.88em}}";

/// The page.
///
/// # Errors
/// [`ReportError::Figure`] where the figure cannot be drawn.
pub fn page(twin: &Twin, receipt: &Receipt) -> Result<String, ReportError> {
    let figure = figure::twin(twin)?;
    let weeks = twin.days.last().copied().unwrap_or(0.0) / 7.0;
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (twin.name) ": " (twin.score) }
                style { (PreEscaped(STYLE)) (PreEscaped(OF_TWINS)) }
            }
            body {
                h1 { (twin.name) ": " (twin.score) " over " (format!("{weeks:.0}")) " weeks" }
                p.note { "Simulated with the model “" (twin.model) "”, for research; not medical advice." }
                p.answer { (twin.answer()) }
                @for antibiotic in &twin.antibiotics { p.warn { (antibiotic.in_words()) } }
                @if let Some(warning) = &twin.fit.warning { p.warn { (warning) } }
                figure {
                    (PreEscaped(figure))
                    figcaption.note { "Median of the twins (line), half of them (dark) and 90 % (light); dashed: the median going on as now. True scores, without the noise of a reading." }
                }
                h2 { "Options" } (options(twin))
                @if !twin.apart.is_empty() { h2 { "What is not known" } (apart(twin)) }
                @if !twin.routes.is_empty() { h2 { "What drives it" } (routes(twin)) }
                h2 { "What measuring would narrow most" } (measure(twin))
                h2 { "What is known" } (known(twin))
                @if !twin.notes.is_empty() { ul.note { @for note in &twin.notes { li { (note) } } } }
                h2 { "Receipt" } (made(twin, receipt))
            }
        }
    };
    Ok(page.into_string())
}

fn two(value: f64) -> String {
    format!("{:.2}", hundredths(value))
}

fn percent(share: f64) -> String {
    if share.is_finite() {
        format!("{:.0} %", 100.0 * share)
    } else {
        "none".to_owned()
    }
}

fn options(twin: &Twin) -> Markup {
    html! {
        table {
            tr { th { "option" } th.n { "at the end" } th.n { "90 %" } th.n { "improves" } th.n { "against as now" } th.n { "90 %" } th.n { "better in" } }
            @for a in &twin.arms {
                @let end = a.bands.last().copied().unwrap_or([f64::NAN; 5]);
                tr {
                    td { (a.name) }
                    td.n { (format!("{:.1}", end[2])) }
                    td.n { (format!("{:.1} to {:.1}", end[0], end[4])) }
                    td.n { (percent(a.chance)) }
                    @if let Some(e) = &a.effect {
                        td.n { (two(e.mean)) } td.n { (two(e.quantiles[0])) " to " (two(e.quantiles[4])) } td.n { (percent(e.better)) }
                    } @else { td.n { "" } td.n { "" } td.n { "" } }
                }
            }
        }
        @if twin.important.is_finite() {
            p.note { "Improves: chance that the score falls from today by " (twin.important) " " (twin.important_unit) " or more, the least change that matters." }
        }
    }
}

fn apart(twin: &Twin) -> Markup {
    html! {
        table {
            tr { th { "" } th.n { "share of the model" } th.n { "of the model" } th.n { "of the person" } }
            @for a in &twin.apart {
                tr {
                    td { (a.of) }
                    td.n { (a.in_words()) }
                    @if a.is_known() {
                        td.n { (two(a.parameters)) } td.n { (two(a.person)) }
                    } @else {
                        td.n { "" } td.n { (two(a.parameters.hypot(a.person))) " together" }
                    }
                }
            }
        }
        p.note { "Share of the variance with its standard error, and standard deviations at the end, of the score as now and of each option's effect. Of the model means the strengths of links only, which are alike in everybody and not known; that equations or other numbers may be wrong is not in it. Of the person: what the readings leave open." }
    }
}

fn routes(twin: &Twin) -> Markup {
    html! {
        table {
            tr { th { "option" } th { "closed" } th.n { "effect" } th.n { "without it" } }
            @for r in &twin.routes {
                tr { td { (r.arm) } td { (r.route) } td.n { (two(r.whole)) } td.n { (two(r.without)) } }
            }
        }
        p.note { "Mean effects in " (twin.routes.first().map_or(0, |r| r.people)) " twins, with every route open and with one closed." }
    }
}

fn measure(twin: &Twin) -> Markup {
    /// So many are enough.
    const SHOWN: usize = 6;
    html! {
        @if twin.measure.is_empty() {
            p { "Nothing that the model shows and that is not read yet would take 2 % of the variance of a forecast." }
        } @else {
            table {
                tr { th { "measurement" } th { "narrows" } th.n { "share of the variance" } }
                @for w in twin.measure.iter().take(SHOWN) {
                    tr { td { (w.what) } td { (w.of) } td.n { (percent(w.share)) } }
                }
            }
            p.note { "Expected, by regression over the twins, with the noise of the assay." }
        }
    }
}

fn ago(day: f64) -> String {
    match -day {
        days if days > 0.0 => format!("{days:.0} d ago"),
        _ => "today".to_owned(),
    }
}

fn known(twin: &Twin) -> Markup {
    let f = &twin.fit;
    html! {
        @if !twin.told.is_empty() {
            table {
                tr { th { "told" } th { "" } th { "when" } }
                @for t in &twin.told { tr { td { (t.what) } td { (t.value) } td { (t.date) } } }
            }
        }
        @if !twin.readings.is_empty() {
            table {
                tr { th { "reading" } th { "when" } th.n { "value" } th.n { "twins, median" } th.n { "90 %" } th { "" } }
                @for r in &twin.readings {
                    tr {
                        td { (r.what) }
                        td { (ago(r.day)) }
                        td.n { (two(r.value)) }
                        td.n { (two(r.shown[2])) }
                        td.n { (two(r.shown[0])) " to " (two(r.shown[4])) }
                        td { @if r.unit != "1" { (r.unit) } }
                    }
                }
            }
        }
        p {
            (f.drawn) " draws were weighed, " (f.without_rest) " had no steady state; the readings fit the equivalent of "
            (format!("{:.0}", f.effective)) " of them. " (f.different) " different ones were followed"
            @if f.failed > 0 { ", " (f.failed) " of them not to the end" } "."
            @if let Some([median, high]) = f.profile_distance {
                " The model shows the stool profile to a Bray–Curtis distance of " (format!("{median:.3}")) " (95 % below " (format!("{high:.3}")) ")."
            }
        }
    }
}

fn made(twin: &Twin, receipt: &Receipt) -> Markup {
    html! {
        p.note {
            "gutskin " (receipt.gutskin) ", seed " (receipt.seed) ", " (twin.method) "; equations " code { (receipt.model_sha256) }
            ", parameters " code { (receipt.parameters_sha256) } ", person file " code { (receipt.scenario_sha256) } "."
        }
        details { summary { (receipt.citations.len()) " sources" } ul.note { @for c in receipt.citations.values() { li { (c) } } } }
    }
}

/// One row a draw, option and visit.
///
/// # Errors
/// [`ReportError::Table`].
pub fn draws(twin: &Twin, rows: &[DrawRow], out: impl Write + Send) -> Result<(), ReportError> {
    let each = || {
        rows.iter().flat_map(|row| {
            let arms = twin.arms.iter().zip(&row.arms);
            arms.flat_map(move |(arm, values)| {
                let visits = twin.days.iter().zip(values);
                visits.map(move |(day, value)| (row, arm, *day, *value))
            })
        })
    };
    let unit = "points of the score";
    let mut columns = vec![
        column(
            "draw",
            "",
            "number of the draw",
            whole(each().map(|(r, ..)| u64::from(r.number))),
        ),
        column(
            "times",
            "",
            "how often the draw stands in the resampled set",
            whole(each().map(|(r, ..)| r.times as u64)),
        ),
        column(
            "option",
            "",
            "what is done",
            texts(each().map(|(_, a, ..)| a.name.clone())),
        ),
        column(
            "day",
            "d",
            "from today",
            numbers(each().map(|(_, _, day, _)| day)),
        ),
        column(
            "score",
            unit,
            &twin.observable,
            numbers(each().map(|(.., value)| value)),
        ),
    ];
    let first = rows.first();
    let habits = first.map(|r| r.habits.as_slice()).unwrap_or_default();
    for (at, (name, _)) in habits.iter().enumerate() {
        let of = each().map(|(r, ..)| r.habits.get(at).map_or(f64::NAN, |h| h.1));
        columns.push(column(name, "", "habit", numbers(of)));
    }
    let readings = first.map(|r| r.readings.as_slice()).unwrap_or_default();
    for (at, (name, _)) in readings.iter().enumerate() {
        let of = each().map(|(r, ..)| r.readings.get(at).map_or(f64::NAN, |h| h.1));
        columns.push(column(
            name,
            "",
            "at rest, in the unit of the observable",
            numbers(of),
        ));
    }
    write(out, columns)
}
