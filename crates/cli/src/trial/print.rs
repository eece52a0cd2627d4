//! What a trial found, as text.

use crate::output::say;
use gutskin_report::{hundredths, rounded, units};
use gutskin_study::trial::{
    Comparison, Interval, Operating, Reported, TrialSummary, Uncertainty, Why,
};

/// Two decimals; more where these would leave nothing of a small number.
fn decimals(largest: f64) -> usize {
    const MOST: usize = 8;
    if largest == 0.0 || largest >= 0.1 {
        return 2;
    }
    (2..MOST)
        .find(|&d| largest * 10_f64.powi(d as i32) >= 10.0)
        .unwrap_or(2)
}

/// People an arm; beyond what any trial has, no number.
fn people(count: f64) -> String {
    const MOST: f64 = 1e6;
    match count > MOST {
        true => "more than a million".to_owned(),
        false => count.to_string(),
    }
}

fn text(i: &Interval) -> String {
    if !i.mean.is_finite() {
        return format!("{:>8}", "none");
    }
    let size = [i.mean, i.low, i.high].map(f64::abs);
    let largest = size.into_iter().fold(0.0, f64::max);
    let decimals = decimals(largest);
    let [mean, low, high] = [i.mean, i.low, i.high].map(|v| rounded(v, decimals));
    format!("{mean:8.decimals$}  ({low:.decimals$} to {high:.decimals$})")
}

/// Prints all of it.
pub(super) fn print_summary(s: &TrialSummary) {
    say!("{}\n{}\n", s.name, s.question);
    say!("endpoint  {} [{}]", s.endpoint, s.unit);
    say!(
        "people    {} drawn, {} without a steady state{}, {} outside the inclusion rules, {} simulated in every arm",
        s.flow.screened,
        s.flow.without_steady_state,
        match s.flow.too_slow {
            0 => String::new(),
            slow => format!(" ({slow} of them slower than three years to settle)"),
        },
        s.flow.excluded,
        s.flow.pool
    );
    say!(
        "trials    {} drawn from them, {} people an arm; {}",
        s.design.replicates,
        s.design.per_arm,
        s.design.method
    );
    if !s.design.pool_is_large {
        say!(
            "          the pool is less than five times the trial, so that trials share people and differ too little"
        );
    }
    for event in &s.design.events {
        say!("          {event}");
    }
    say!();
    let width = s
        .arms
        .iter()
        .map(|a| a.name.chars().count())
        .max()
        .unwrap_or(0);
    say!(
        "{:width$}  completed  failed  as seen, with placebo course and noise ({})",
        "arm",
        s.of_each_arm()
    );
    for a in &s.arms {
        say!(
            "{:width$}  {:9}  {:6}  {}",
            a.name,
            a.completed,
            a.failed,
            text(&a.seen)
        );
        if let Some(reason) = &a.first_failure {
            say!("{:width$}  first failure: {reason}", "");
        }
    }
    say!();
    for c in &s.comparisons {
        say!("{} against {}:", c.arm, c.against);
        if !c.has_result() {
            say!(
                "  no result: nobody completed both arms, or too few had what is counted to compare them"
            );
            continue;
        }
        print_comparison(s, c);
    }
    if let Some(u) = &s.uncertainty {
        print_uncertainty(u, s);
    }
    for w in &s.why {
        print_why(w, s);
    }
    print_comparator(s);
    say!("a simulation for research; not medical advice");
}

/// What the first arm shows, in parts that add up.
fn print_comparator(s: &TrialSummary) {
    let parts = [
        s.from_comparator,
        s.from_screening,
        s.from_rescue,
        s.from_noise,
        s.from_placebo,
    ];
    if parts.iter().any(|p| !p.is_finite()) {
        say!("\nwhat the first arm shows has no parts: its change from entry has no value");
        return;
    }
    let own = hundredths(s.from_comparator);
    let own = if own == 0.0 {
        String::new()
    } else {
        format!("{own:.2} come from what it is given, ")
    };
    let rescue = match hundredths(s.from_rescue) {
        0.0 => String::new(),
        part => format!("{part:.2} from rescue, "),
    };
    say!(
        "\nof what the first arm shows, {}{:.2} come from entry on {}, {rescue}{:.2} from noise whoever is let in, and {:.2} from placebo and natural course",
        own,
        hundredths(s.from_screening),
        match s.design.screened {
            true => "a noisy reading (regression to the mean)",
            false => "these readings rather than others (chance: nobody is let in by them)",
        },
        hundredths(s.from_noise),
        hundredths(s.from_placebo)
    );
    if let Some(size) = s.resized_placebo() {
        say!("{size}");
    }
}

fn print_comparison(s: &TrialSummary, c: &Comparison) {
    say!("  true effect            {}", text(&c.effect));
    if c.between_people.is_finite() {
        say!(
            "  between people         standard deviation {:.2}{}; {:.0} % improve by it",
            hundredths(c.between_people),
            own_unit(s),
            100.0 * c.improved_share
        );
    }
    if let Some(t) = &c.trials {
        print_trials(t, s.design.replicates);
    }
    if let Some(r) = &c.reported {
        print_reported(r, c.is_interaction());
    }
    if !c.subgroups.is_empty() && units::counts_responses(s) {
        say!("  by trait: {}", units::of_own_effect(s));
    }
    let compared = c.subgroups.iter().filter(|g| g.p_holm.is_some()).count();
    for g in &c.subgroups {
        if ![g.low.effect.mean, g.high.effect.mean]
            .iter()
            .all(|m| m.is_finite())
        {
            say!(
                "  {} parts nobody: all lie on one side of {:.4}",
                g.name,
                g.cut
            );
            continue;
        }
        say!(
            "  {} up to {:.4}: {}   above: {}   p {}",
            g.name,
            g.cut,
            text(&g.low.effect).trim(),
            text(&g.high.effect).trim(),
            g.p_holm.map_or("none".to_owned(), |p| format!(
                "{} after Holm over {compared}",
                p_in_words(p),
            ))
        );
    }
}

fn p_in_words(p: f64) -> String {
    if p < 0.001 {
        "< 0.001".to_owned()
    } else {
        format!("{p:.3}")
    }
}

fn print_trials(t: &Operating, drawn: usize) {
    say!(
        "  such trials report     {:8.2}  (95 % of them {:.2} to {:.2}), each ±{:.2}",
        hundredths(t.mean),
        hundredths(t.quantiles[0]),
        hundredths(t.quantiles[4]),
        hundredths(t.half_width)
    );
    say!(
        "  p < 0.05 in            {:.1} % of them (Monte-Carlo error {:.1} %)",
        100.0 * t.power.share,
        100.0 * t.power.monte_carlo_error
    );
    if t.replicates < drawn {
        say!(
            "                         {} trials had no estimate, and count as not finding it",
            drawn - t.replicates
        );
    }
    if let Some(believed) = t.believed {
        let times = t.exaggeration.map_or(String::new(), |x| {
            format!(" on average; their size, whatever the sign, is {x:.2} times the true effect")
        });
        let sign = t
            .wrong_sign
            .map_or("; there is no true effect".to_owned(), |s| {
                format!("; wrong sign in {:.1} %", 100.0 * s)
            });
        say!(
            "  who sees only those    believes {:.2}{times}{sign}",
            hundredths(believed)
        );
    }
    if t.misses_the_truth() {
        say!(
            "                         only {:.0} % of their intervals hold the true effect: with this estimand, drop-out or scale",
            100.0 * t.coverage
        );
        say!("                         the analysis estimates something else than the true effect");
    }
    if let (Some(n80), Some(n90)) = (t.per_arm_80, t.per_arm_90) {
        say!(
            "  people an arm          {} for 80 % power, {} for 90 %",
            people(n80),
            people(n90)
        );
    }
    if let Some(i) = &t.interim {
        say!(
            "  look for futility      stops {:.1} %, power {:.1} %, {:.0} % of the people waited for",
            100.0 * i.stopped.share,
            100.0 * i.power.share,
            100.0 * i.people_share
        );
    }
}

fn print_reported(r: &Reported, interaction: bool) {
    if let Some(e) = r.estimate {
        say!(
            "  the first of them      {:8.2}  ({:.2} to {:.2}), p{}",
            hundredths(e.value),
            hundredths(e.low),
            hundredths(e.high),
            if e.p < 0.001 {
                " < 0.001".to_owned()
            } else {
                format!(" {:.3}", e.p)
            }
        );
    }
    let d = r.risk_difference;
    let number_needed = r.number_needed.filter(|_| !interaction);
    let needed = number_needed.map_or(
        match interaction {
            true => "an interaction has no number needed to treat".to_owned(),
            false => "no number needed to treat: the interval holds 0".to_owned(),
        },
        |n| {
            let to = if n.number < 0.0 { "harm" } else { "treat" };
            let [number, low, high] = [n.number, n.low, n.high].map(f64::abs);
            format!("number needed to {to} {number:.1} ({low:.1} to {high:.1})")
        },
    );
    say!(
        "    responders           {:+.0} % ({:+.0} to {:+.0}); {needed}",
        100.0 * d.mean,
        100.0 * d.low,
        100.0 * d.high
    );
    for s in &r.secondary {
        say!(
            "    {} of {} on day {}: true effect {}",
            s.measure,
            s.observable,
            s.day,
            text(&s.effect).trim()
        );
    }
}

/// The unit of effects on single people, where it is another than that of the effect.
fn own_unit(s: &TrialSummary) -> String {
    match units::counts_responses(s) {
        true => format!("{} of the reading", units::own(s)),
        false => String::new(),
    }
}

fn print_uncertainty(u: &Uncertainty, s: &TrialSummary) {
    say!(
        "\nwhat is not known: {} draws of {} gains of links, {} people each",
        u.draws,
        u.parameters,
        u.people
    );
    for a in &u.arms {
        say!(
            "  {}: mean effect {:.2}{}, 90 % of draws {:.2} to {:.2} (standard deviation {:.2}; between people {:.2})",
            a.arm,
            hundredths(a.mean),
            own_unit(s),
            hundredths(a.range[0]),
            hundredths(a.range[1]),
            hundredths(a.sd),
            hundredths(a.between_people)
        );
    }
}

fn print_why(w: &Why, s: &TrialSummary) {
    say!(
        "\nwhy, {} ({} people): whole effect {}{}",
        w.arm,
        w.people,
        text(&w.whole).trim(),
        own_unit(s)
    );
    let (told, silent): (Vec<_>, Vec<_>) =
        (w.by_size().into_iter()).partition(|l| hundredths(l.carried) != 0.0);
    let letters = told.iter().map(|l| l.link.chars().count());
    let width = letters.max().unwrap_or(0);
    for l in told {
        let grade = match l.grade {
            "" => String::new(),
            grade => format!(" ({grade})"),
        };
        say!(
            "  without {:width$}{grade} {:8.2}, so that it carries {:.2}",
            l.link,
            hundredths(l.without),
            hundredths(l.carried)
        );
    }
    if !silent.is_empty() {
        let others = silent.len();
        say!("  {others} other {} carry less than 0.005 each", w.parts);
    }
    say!(
        "  without all of them      {:8.2}; interaction {:.2}",
        hundredths(w.without_all),
        hundredths(w.interaction())
    );
}
