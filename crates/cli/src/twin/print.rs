//! A twin, as text.

use crate::output::say;
use gutskin_report::hundredths;
use gutskin_study::twin::{ArmForecast, Twin};

/// Prints all of it.
pub(super) fn print(t: &Twin) {
    say!(
        "{}: {} over {:.0} days",
        t.name,
        t.score,
        t.days.last().copied().unwrap_or(0.0)
    );
    say!(
        "draws     {} of the model {}, {} without a steady state; the readings fit the equivalent of {:.0}, {} different ones were followed",
        t.fit.drawn,
        t.model,
        t.fit.without_rest,
        t.fit.effective,
        t.fit.different
    );
    if t.fit.failed > 0 {
        say!(
            "          {} of them not to the end in every option: left out of all",
            t.fit.failed
        );
    }
    if let Some(warning) = &t.fit.warning {
        say!("warning   {warning}");
    }
    for r in &t.readings {
        say!(
            "reading   {} {}{}; those who fit have {} (90 % {} to {})",
            r.what,
            number(r.value),
            if r.unit == "1" {
                String::new()
            } else {
                format!(" {}", r.unit)
            },
            number(r.shown[2]),
            number(r.shown[0]),
            number(r.shown[4])
        );
    }
    if let Some([median, high]) = t.fit.profile_distance {
        say!(
            "profile   the model shows it to a Bray–Curtis distance of {median:.3} (95 % below {high:.3})"
        );
    }
    say!();
    let width = t
        .arms
        .iter()
        .map(|a| a.name.chars().count())
        .max()
        .unwrap_or(0)
        .max(6);
    say!(
        "{:width$}  {:>7}  {:>16}  {:>16}  {:>8}",
        "",
        "median",
        "half of draws",
        "90 % of draws",
        "improves"
    );
    for arm in &t.arms {
        forecast(arm, width);
    }
    if t.important.is_finite() {
        say!(
            "improves: chance that the score falls by {} {} or more from today",
            number(t.important),
            t.important_unit
        );
    }
    say!();
    for arm in &t.arms {
        if let Some(e) = &arm.effect {
            say!(
                "{:width$}  against as now {:+.2} (half {:+.2} to {:+.2}; 90 % {:+.2} to {:+.2}); better in {:.0} %, by what matters in {:.0} %",
                arm.name,
                hundredths(e.mean),
                hundredths(e.quantiles[1]),
                hundredths(e.quantiles[3]),
                hundredths(e.quantiles[0]),
                hundredths(e.quantiles[4]),
                100.0 * e.better,
                100.0 * e.matters
            );
        }
    }
    say!("\n{}\n", t.answer());
    for antibiotic in &t.antibiotics {
        say!("warning: {}\n", antibiotic.in_words());
    }
    beside(t);
    say!("\na simulation for research; not medical advice");
}

fn forecast(arm: &ArmForecast, width: usize) {
    let Some(end) = arm.bands.last() else { return };
    let chance = if arm.chance.is_finite() {
        format!("{:.0} %", 100.0 * arm.chance)
    } else {
        "none".to_owned()
    };
    say!(
        "{:width$}  {:7.1}  {:>16}  {:>16}  {chance:>8}",
        arm.name,
        end[2],
        format!("{:.1} to {:.1}", end[1], end[3]),
        format!("{:.1} to {:.1}", end[0], end[4])
    );
}

fn beside(t: &Twin) {
    if let Some(a) = t.apart.first() {
        say!(
            "share of the variance that is of the model, which means strengths of links only (equations and fixed numbers are not asked; {} people, {} sets):",
            a.people,
            a.sets
        );
    }
    for a in &t.apart {
        let apart = match a.is_known() {
            true => format!(
                ": standard deviation {:.2}, beside {:.2} of the person",
                hundredths(a.parameters),
                hundredths(a.person)
            ),
            false => format!(
                ": standard deviation of both together {:.2}",
                hundredths(a.parameters.hypot(a.person))
            ),
        };
        say!("  {}: {}{apart}", a.of, a.in_words());
    }
    for r in &t.routes {
        say!(
            "{}: {:+.2}; {:+.2} with closed: {} ({} people)",
            r.arm,
            hundredths(r.whole),
            hundredths(r.without),
            r.route,
            r.people
        );
    }
    /// So many measurements are enough.
    const SHOWN: usize = 5;
    for w in t.measure.iter().take(SHOWN) {
        say!(
            "measuring {} would take {:.0} % of the variance of \"{}\"",
            w.what,
            100.0 * w.share,
            w.of
        );
    }
    for note in &t.notes {
        say!("note: {note}");
    }
}

/// Three significant digits.
fn number(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return format!("{value}");
    }
    let digits = (2 - value.abs().log10().floor() as i32).clamp(0, 6) as usize;
    format!("{value:.digits$}")
}
