//! Shares of people who respond: difference, number needed to treat.

use super::{Interval, Z95};
use serde::Serialize;

/// How many of how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// People who responded.
    pub responders: usize,
    /// People in the arm.
    pub people: usize,
}

impl Counts {
    /// The share; NaN of nobody.
    #[must_use]
    pub fn share(&self) -> f64 {
        self.responders as f64 / self.people as f64
    }

    /// Wilson's score interval of the share.
    #[must_use]
    pub fn wilson(&self) -> Interval {
        let (n, p, z2) = (self.people as f64, self.share(), Z95 * Z95);
        let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
        let half = Z95 * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt() / (1.0 + z2 / n);
        Interval {
            mean: p,
            low: centre - half,
            high: centre + half,
        }
    }
}

/// Share of `second` minus share of `first` with Newcombe's hybrid score interval.
#[must_use]
pub fn risk_difference(first: Counts, second: Counts) -> Interval {
    let (a, b) = (first.wilson(), second.wilson());
    let mean = b.mean - a.mean;
    Interval {
        mean,
        low: mean - ((b.mean - b.low).powi(2) + (a.high - a.mean).powi(2)).sqrt(),
        high: mean + ((b.high - b.mean).powi(2) + (a.mean - a.low).powi(2)).sqrt(),
    }
}

/// Mean difference of responses of the same people under two conditions, each between −1 and 1, with the adjusted
/// Wald interval of Bonett and Price (J Educ Behav Stat 2012, 37:479–488): a person more on either side keeps it from
/// vanishing where nobody differs.
#[must_use]
pub fn paired_risk_difference(differences: &[f64]) -> Interval {
    let people = differences.len() as f64;
    let sum = |sign: f64| -> f64 { differences.iter().map(|d| (sign * d).max(0.0)).sum() };
    let (more, fewer) = (sum(1.0), sum(-1.0));
    let (p, q) = (
        (more + 1.0) / (people + 2.0),
        (fewer + 1.0) / (people + 2.0),
    );
    let half = super::Z95 * ((p + q - (p - q).powi(2)) / (people + 2.0)).sqrt();
    Interval {
        mean: (more - fewer) / people,
        low: (p - q - half).max(-1.0),
        high: (p - q + half).min(1.0),
    }
}

/// People who must be treated for one more response.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct NumberNeeded {
    /// The number; below zero it is the number treated for one response fewer.
    pub number: f64,
    /// Bound nearer to zero.
    pub low: f64,
    /// Bound further from zero.
    pub high: f64,
}

/// The number needed to treat with its interval, from a risk difference. Nothing where the interval of the difference
/// holds 0: that of the number would run through infinity and change its sign.
#[must_use]
pub fn number_needed(difference: &Interval) -> Option<NumberNeeded> {
    if !(difference.low > 0.0 || difference.high < 0.0) {
        return None;
    }
    let (near, far) = if difference.low > 0.0 {
        (difference.high, difference.low)
    } else {
        (difference.low, difference.high)
    };
    Some(NumberNeeded {
        number: 1.0 / difference.mean,
        low: 1.0 / near,
        high: 1.0 / far,
    })
}
