//! What a reading takes in of the time before it, as states of its observation model.
//!
//! A mean over a window would need the past; these are linear systems of a few states whose first state is that mean, to
//! about a hundredth for what changes no faster than cortisol over a day or leak over a test.

use gutskin_network::{Builder, Expr};
use std::f64::consts::TAU;

/// Name and words of what is averaged.
#[derive(Clone, Copy)]
pub(crate) struct Reading<'n> {
    pub name: &'n str,
    pub doc: &'n str,
}

/// Harmonics of the day that a daily mean is told apart from.
const HARMONICS: usize = 2;
/// Coefficients of the past that a mean over a window carries.
const ORDER: usize = 4;

/// Mean of something without unit over the last day: an observer that follows its course as a mean and harmonics of the
/// day, so that a rhythm that comes back every day leaves no trace in the mean. With these gains a step is taken in within
/// a day, as by a mean of 24 h.
pub(crate) fn mean_of_day<'m>(
    m: &'m Builder<'_>,
    reading: Reading<'_>,
    now: Expr<'m>,
    (day, usual): (Expr<'m>, Expr<'m>),
) -> Expr<'m> {
    let gain = 2.0 / day;
    let mean = first(m, reading, usual);
    let mut harmonics = Vec::new();
    for k in 1..=HARMONICS {
        let part = |what: &str| {
            let midnight = format!("{}_{what}{k}_midnight", reading.name);
            let usual = m.parameter(&midnight, "1");
            shape(m, reading, &format!("{what}{k}"), usual)
        };
        harmonics.push((part("cos"), part("sin")));
    }
    let mut seen = mean;
    for (cos, _) in &harmonics {
        seen = seen + *cos;
    }
    let missed = now - seen;
    m.rate(mean, gain * missed);
    for (k, (cos, sin)) in (1..).zip(harmonics) {
        let turn = f64::from(k) * TAU / day;
        m.rate(cos, 2.0 * gain * missed - turn * sin);
        m.rate(sin, turn * cos);
    }
    mean
}

/// Mean of something that is usually 1 over the last `width`: the first of the Legendre coefficients of its past
/// (Voelker 2019, Legendre memory units; a Padé approximation of the window).
pub(crate) fn mean_of_window<'m>(
    m: &'m Builder<'_>,
    reading: Reading<'_>,
    now: Expr<'m>,
    width: Expr<'m>,
) -> Expr<'m> {
    let mut past = vec![first(m, reading, m.constant(1.0))];
    past.extend((1..ORDER).map(|i| shape(m, reading, &i.to_string(), m.constant(0.0))));
    for (i, state) in past.iter().enumerate() {
        let sign = |i: usize| if i.is_multiple_of(2) { 1.0 } else { -1.0 };
        let mut sum = sign(i) * now;
        for (j, other) in past.iter().enumerate() {
            let factor = if i < j { -1.0 } else { sign(i - j + 1) };
            sum = sum + factor * *other;
        }
        m.rate(*state, (2 * i + 1) as f64 * sum / width);
    }
    past[0]
}

fn first<'m>(m: &'m Builder<'_>, reading: Reading<'_>, usual: Expr<'m>) -> Expr<'m> {
    m.state(reading.name, "1")
        .typical(1.0)
        .initial(usual)
        // Approximations of a window swing by a thousandth, so that it may lie below a zero that is held.
        .signed()
        .doc(reading.doc)
        .add()
}

fn shape<'m>(m: &'m Builder<'_>, reading: Reading<'_>, part: &str, usual: Expr<'m>) -> Expr<'m> {
    m.state(&format!("{}_{part}", reading.name), "1")
        .typical(1.0)
        .initial(usual)
        .signed()
        .doc(&format!("{}: its course in the window", reading.doc))
        .add()
}
