//! The HTML page of a trial: one file, opens offline, prints on A4.

use crate::ReportError;
use crate::escape::html;
use crate::figure::time_course;
use crate::receipt::Receipt;
use gutskin_study::scenario::Scenario;
use gutskin_study::trial::{Comparison, Interval, TrialSummary};
use std::fmt::Write;

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:820px;margin:2em auto;padding:0 1em;color:#111}\
h1{font-size:1.5em}h2{font-size:1.15em;margin-top:1.8em}table{border-collapse:collapse;width:100%}\
th,td{padding:.3em .6em;border-bottom:1px solid #ccc;text-align:left}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}\
.note{color:#444;font-size:.92em}svg{max-width:100%;height:auto}code{font-size:.85em;overflow-wrap:anywhere}\
@page{size:A4;margin:18mm}@media print{body{margin:0;max-width:none}h2,svg,table{break-inside:avoid}}";

/// The page.
///
/// # Errors
/// [`ReportError::Figure`] where the figure cannot be drawn.
pub fn page(
    scenario: &Scenario,
    summary: &TrialSummary,
    receipt: &Receipt,
) -> Result<String, ReportError> {
    let observable = &scenario.network.observables[scenario.endpoint.observable as usize];
    let unit = observable
        .unit
        .as_ref()
        .map_or(String::new(), ToString::to_string);
    let figure = time_course(summary, &observable.doc, &unit)?;
    let mut out = String::new();
    let _ = write!(
        out,
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{0}</title><style>{STYLE}</style></head><body>\
         <h1>{0}</h1><p>{1}</p><p class=\"note\">A simulation with the model “{2}”, for research; it is not medical advice.</p>",
        html(&summary.name),
        html(&summary.question),
        html(&scenario.model),
    );
    result(&mut out, summary);
    let _ = write!(
        out,
        "<h2>Course</h2>{figure}<p class=\"note\">Lines are means of what is seen at visits, placebo course and counting noise included. \
         The band holds 90 % of the people of the first arm.</p>"
    );
    arms(&mut out, summary);
    flow(&mut out, summary);
    links(&mut out, scenario);
    sources(&mut out, scenario, receipt);
    out.push_str("</body></html>\n");
    Ok(out)
}

fn number(value: f64) -> String {
    if !value.is_finite() {
        return "none".to_owned();
    }
    format!("{:.2}", crate::hundredths(value)).replace('-', "−")
}

fn interval(i: &Interval) -> String {
    if !i.mean.is_finite() {
        return "no result".to_owned();
    }
    format!(
        "{} ({} to {})",
        number(i.mean),
        number(i.low),
        number(i.high)
    )
}

fn result(out: &mut String, summary: &TrialSummary) {
    let first = summary.arms.first().map_or("", |a| a.name.as_str());
    let _ = write!(
        out,
        "<h2>Result</h2><p>Endpoint: {} ({}).</p>",
        html(&summary.endpoint),
        html(&summary.unit)
    );
    for c in &summary.comparisons {
        let _ = write!(
            out,
            "<p><strong>{}</strong> against <strong>{}</strong>: mean effect {} {}. {}</p>",
            html(&c.arm),
            html(first),
            interval(&c.effect),
            html(&summary.unit),
            verdict(c, summary),
        );
    }
    out.push_str(
        "<p class=\"note\">The interval is that of the mean over simulated people, each followed through both arms with the same random \
         numbers. It does not hold the uncertainty of the parameters themselves: many of them are assumptions with wide priors.</p>",
    );
}

fn verdict(c: &Comparison, summary: &TrialSummary) -> String {
    format!(
        "A parallel trial with {} people an arm would report it with ±{} and find p &lt; 0.05 in {:.0} % of repeats. {:.0} % of people improve by it.",
        summary.included,
        number(c.trial_half_width),
        100.0 * c.power,
        100.0 * c.improved_share,
    )
}

fn arms(out: &mut String, summary: &TrialSummary) {
    out.push_str(
        "<h2>Arms</h2><table><tr><th>arm</th><th class=\"n\">completed</th><th class=\"n\">failed solves</th>\
         <th class=\"n\">as seen</th><th class=\"n\">by the equations</th></tr>",
    );
    for a in &summary.arms {
        let _ = write!(
            out,
            "<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
            html(&a.name),
            a.completed,
            a.failed,
            interval(&a.seen),
            interval(&a.modelled),
        );
    }
    let _ = write!(
        out,
        "</table><p class=\"note\">Of the first arm's change, {} {u} come from entry on a noisy count (regression to the mean) and {} {u} \
         from placebo and natural course.</p>",
        number(summary.from_screening),
        number(summary.from_placebo),
        u = html(&summary.unit),
    );
}

fn flow(out: &mut String, summary: &TrialSummary) {
    let _ = write!(
        out,
        "<h2>Flow</h2><p>{} people drawn, {} without a stable steady state, {} included; each is followed through every arm.</p>",
        summary.screened, summary.without_steady_state, summary.included
    );
}

fn links(out: &mut String, scenario: &Scenario) {
    out.push_str(
        "<h2>Links used</h2><table><tr><th>link</th><th>from</th><th>to</th><th>grade</th><th>on</th><th>what it does</th></tr>",
    );
    for l in &scenario.network.links {
        let on = scenario
            .switches
            .get(l.switch as usize)
            .is_some_and(|&v| v != 0.0);
        let _ = write!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            html(&l.name),
            html(&l.from),
            html(&l.to),
            l.grade.code(),
            if on { "yes" } else { "cut" },
            html(&l.doc),
        );
    }
    out.push_str(
        "</table><p class=\"note\">Grades: HT human trial, HO human observation, AN animal, IV in vitro, AS assumption.</p>",
    );
}

fn sources(out: &mut String, scenario: &Scenario, receipt: &Receipt) {
    let assumed = scenario
        .network
        .parameters
        .iter()
        .filter(|p| p.mark == gutskin_network::Mark::Assumed)
        .count();
    let _ = write!(
        out,
        "<h2>Sources and receipt</h2><p>{} of the model's {} parameters are assumptions.</p><ul>",
        assumed,
        scenario.network.parameters.len()
    );
    for (key, citation) in &receipt.citations {
        let _ = write!(
            out,
            "<li><strong>{}</strong>: {}</li>",
            html(key),
            html(citation)
        );
    }
    out.push_str("</ul>");
    if !receipt.changes.is_empty() {
        let _ = write!(
            out,
            "<p>Changed for this run, the last one wins: <code>{}</code>.</p>",
            html(&receipt.changes.join("; "))
        );
    }
    let _ = write!(
        out,
        "<p class=\"note\">gutskin {}, model <code>{}</code>, parameters <code>{}</code>, scenario <code>{}</code>, seed {}, \
         {} at relative tolerance {:e}, {} steps accepted, {} rejected, {} failed solves.</p>",
        html(&receipt.gutskin),
        receipt.model_sha256,
        receipt.parameters_sha256,
        receipt.scenario_sha256,
        receipt.seed,
        html(&receipt.method),
        receipt.relative_tolerance,
        receipt.steps_accepted,
        receipt.steps_rejected,
        receipt.failures,
    );
}
