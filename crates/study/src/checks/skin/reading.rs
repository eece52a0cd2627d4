//! What a visit reads: day-to-day noise, placebo traits, cuts. Streams are a person's own and the same in every arm.

use gutskin_engine::random::{RandomStream, StreamId};

/// Added to the seed for readings on which nobody was let in or kept out.
pub(super) const UNSCREENED: u64 = 1 << 32;

fn stream(seed: u64, draw: u32, name: &str) -> RandomStream {
    RandomStream::new(seed, draw, StreamId::named("reading", name))
}

/// Standard normal noise at these times, correlated as e^(−Δt/τ).
pub(super) fn noise(seed: u64, draw: u32, name: &str, times: &[f64], time: f64) -> Vec<f64> {
    let own = stream(seed, draw, name);
    let fresh = |index: usize| own.normal_at(u32::try_from(index).unwrap_or(u32::MAX));
    crate::scenario::remembered(times, time, fresh(0), fresh)
}

/// Ln-improvement under placebo of a mixture: a share of improvers with exponential improvement, the rest around zero.
pub(super) fn improvement(seed: u64, draw: u32, share: f64, mean: f64, sd: f64) -> f64 {
    let class = stream(seed, draw, "placebo class").uniform_at(0);
    let size = stream(seed, draw, "placebo size");
    if class < share {
        mean * size.exponential_at(0)
    } else {
        sd * size.normal_at(1)
    }
}

/// A standard normal trait.
pub(super) fn trait_of(seed: u64, draw: u32, name: &str) -> f64 {
    stream(seed, draw, name).normal_at(0)
}

/// A uniform number for a use of its own.
pub(super) fn uniform(seed: u64, draw: u32, name: &str, index: u32) -> f64 {
    stream(seed, draw, name).uniform_at(index)
}

/// An exponential number for a use of its own.
pub(super) fn exponential(seed: u64, draw: u32, name: &str) -> f64 {
    stream(seed, draw, name).exponential_at(0)
}

/// f(t) = 1 − e^(−t/τ).
pub(super) fn come(t: f64, time: f64) -> f64 {
    1.0 - (-t / time).exp()
}

/// Grade of a score between cuts: 0 up to the first.
pub(super) fn grade(score: f64, cuts: &[f64; 4]) -> usize {
    cuts.iter().filter(|cut| score > **cut).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_standard_and_correlated_in_time() {
        let times = [0.0, 4.0, 400.0];
        let all: Vec<Vec<f64>> = (0..4000).map(|d| noise(1, d, "x", &times, 4.0)).collect();
        let column = |k: usize| -> Vec<f64> { all.iter().map(|v| v[k]).collect() };
        let r = |a: usize, b: usize| super::super::statistics::correlation(&column(a), &column(b));
        assert!((r(0, 1) - (-1.0_f64).exp()).abs() < 0.05);
        assert!(r(1, 2).abs() < 0.05);
        assert!((super::super::statistics::deviation(&column(1)) - 1.0).abs() < 0.05);
    }

    #[test]
    fn the_mixture_has_its_share_of_improvers() {
        let all: Vec<f64> = (0..8000)
            .map(|d| improvement(1, d, 0.25, 0.9, 0.15))
            .collect();
        let mean = super::super::statistics::mean(&all);
        assert!((mean - 0.25 * 0.9).abs() < 0.02, "{mean}");
    }
}
