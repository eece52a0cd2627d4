//! A look for futility before the end.

use super::estimate::Estimate;
use super::operating::Share;
use crate::scenario::Interim;
use crate::statistics::Z95;
use gutskin_engine::random::standard_normal_probability;
use serde::Serialize;

/// What the look does over many trials.
#[derive(Clone, Debug, Serialize)]
pub struct InterimResult {
    /// Share of trials that stop at the look.
    pub stopped: Share,
    /// Share of trials with p < 0.05 that were not stopped.
    pub power: Share,
    /// Share of the stopped that would have had p < 0.05 in favour of the arm at their end; nothing where none stopped.
    pub stopped_wrongly: Option<f64>,
    /// Mean share of the planned people whose outcome is waited for.
    pub people_share: f64,
}

/// One trial: the estimates at the look and at the end.
pub(super) struct Look {
    pub at_look: Option<Estimate>,
    pub at_end: Option<Estimate>,
}

/// Chance of p < 0.05 in the better direction at the end, the trend of the look going on (B-value). `better` is −1
/// where lower is better.
pub(super) fn conditional_power(look: &Estimate, share: f64, better: f64) -> f64 {
    let z = better * look.value / look.standard_error;
    // Without an error (nobody differs, nobody responds) there is no trend to go on.
    if !z.is_finite() {
        return f64::from(better * look.value > 0.0);
    }
    let b = z * share.sqrt();
    let expected = b + z / share.sqrt() * (1.0 - share);
    standard_normal_probability((expected - Z95) / (1.0 - share).sqrt())
}

/// Does a trial stop at its look?
pub(super) fn stops(interim: &Interim, look: &Look, better: f64) -> bool {
    look.at_look
        .is_none_or(|e| conditional_power(&e, interim.at, better) < interim.conditional_power)
}

/// Over all trials.
pub(super) fn over(interim: &Interim, looks: &[Look], better: f64) -> InterimResult {
    let stops = |l: &Look| stops(interim, l, better);
    let significant = |l: &Look| l.at_end.is_some_and(|e| e.p < 0.05);
    let favourable = |l: &Look| {
        l.at_end
            .is_some_and(|e| e.p < 0.05 && better * e.value > 0.0)
    };
    let stopped: Vec<&Look> = looks.iter().filter(|l| stops(l)).collect();
    let wrong = stopped.iter().filter(|l| favourable(l)).count();
    let going = looks.iter().filter(|l| !stops(l) && significant(l)).count();
    let share = Share::of(stopped.len(), looks.len());
    InterimResult {
        stopped_wrongly: (!stopped.is_empty()).then(|| wrong as f64 / stopped.len() as f64),
        power: Share::of(going, looks.len()),
        people_share: 1.0 - share.share * (1.0 - interim.at),
        stopped: share,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditional_power_follows_the_trend() {
        let look = |value: f64| Estimate {
            value,
            standard_error: 1.0,
            low: 0.0,
            high: 0.0,
            p: 0.5,
        };
        // z = 1.96/√2 at half time goes on to 1.96 at the end: an even chance.
        let even = conditional_power(&look(-Z95 / 2.0_f64.sqrt()), 0.5, -1.0);
        assert!((even - 0.5).abs() < 1e-12, "{even}");
        assert!(conditional_power(&look(0.0), 0.5, -1.0) < 0.01);
        assert!(conditional_power(&look(-3.0), 0.5, -1.0) > 0.99);
        assert!(conditional_power(&look(3.0), 0.5, -1.0) < 1e-6);
        let nobody = Estimate {
            standard_error: 0.0,
            ..look(0.0)
        };
        assert_eq!(conditional_power(&nobody, 0.5, 1.0), 0.0);
    }
}
