//! Diversity of one sample: richness, Shannon, Simpson, evenness, Chao1.

use serde::Serialize;

/// Diversity over some set of taxa.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Diversity {
    /// Number of taxa found.
    pub richness: usize,
    /// Shannon entropy with the natural logarithm.
    pub shannon: f64,
    /// Simpson's index 1 − Σp².
    pub simpson: f64,
    /// Pielou's evenness, Shannon over ln(richness); `None` for fewer than two taxa.
    pub evenness: Option<f64>,
    /// Bias-corrected Chao1 estimate of richness; for whole counts only.
    pub chao1: Option<f64>,
}

/// Diversity of non-negative values; zeros are no taxa.
#[must_use]
pub fn diversity(values: &[f64], counts: bool) -> Diversity {
    let total: f64 = values.iter().sum();
    let richness = values.iter().filter(|value| **value > 0.0).count();
    let mut shannon = 0.0;
    let mut squares = 0.0;
    if total > 0.0 {
        for value in values.iter().filter(|value| **value > 0.0) {
            let share = value / total;
            shannon -= share * share.ln();
            squares += share * share;
        }
    }
    // a single taxon gives −0
    let shannon = shannon.max(0.0);
    Diversity {
        richness,
        shannon,
        simpson: if richness == 0 { 0.0 } else { 1.0 - squares },
        evenness: (richness > 1).then(|| shannon / (richness as f64).ln()),
        chao1: counts.then(|| chao1(values, richness)),
    }
}

/// Bias-corrected Chao1 (Chao 1984): S + f1(f1 − 1) / (2(f2 + 1)).
fn chao1(values: &[f64], richness: usize) -> f64 {
    let times = |wanted: f64| values.iter().filter(|value| **value == wanted).count() as f64;
    let (once, twice) = (times(1.0), times(2.0));
    richness as f64 + once * (once - 1.0) / (2.0 * (twice + 1.0))
}

/// Bray–Curtis dissimilarity of two compositions given as pairs (key, share), sorted by key.
#[must_use]
pub fn bray_curtis(one: &[(u32, f64)], other: &[(u32, f64)]) -> f64 {
    let (mut difference, mut sum) = (0.0, 0.0);
    let (mut i, mut j) = (0, 0);
    while i < one.len() || j < other.len() {
        let left = one.get(i).map(|pair| pair.0);
        let right = other.get(j).map(|pair| pair.0);
        let take_left = left.is_some_and(|key| right.is_none_or(|other| key <= other));
        let take_right = right.is_some_and(|key| left.is_none_or(|other| key <= other));
        let a = if take_left { one[i].1 } else { 0.0 };
        let b = if take_right { other[j].1 } else { 0.0 };
        difference += (a - b).abs();
        sum += a + b;
        i += usize::from(take_left);
        j += usize::from(take_right);
    }
    if sum > 0.0 { difference / sum } else { 0.0 }
}

/// What stands in for a share of zero among these samples of `parts` parts each: half of the smallest share that any of
/// them has, so that an absent taxon never ranks above one that is there, and 1/D² at most.
#[must_use]
pub fn zero_replacement<'s>(samples: impl Iterator<Item = &'s [f64]>, parts: usize) -> f64 {
    let smallest = samples
        .flat_map(|shares| {
            let total: f64 = shares.iter().sum();
            shares
                .iter()
                .filter(|share| **share > 0.0)
                .map(move |share| share / total)
        })
        .fold(f64::INFINITY, f64::min);
    (smallest / 2.0).min((1.0 / parts.max(1) as f64).powi(2))
}

/// Centred log-ratio of shares after multiplicative replacement of zeros by `delta`, which is at most 1/D² (see
/// [`zero_replacement`]; scikit-bio's `multi_replace` takes 1/D² where nothing is said).
#[must_use]
pub fn centred_log_ratio(shares: &[f64], delta: f64) -> Vec<f64> {
    let parts = shares.len();
    if parts == 0 {
        return Vec::new();
    }
    let zeros = shares.iter().filter(|share| **share == 0.0).count() as f64;
    let total: f64 = shares.iter().sum();
    let total = if total > 0.0 { total } else { 1.0 };
    let logs: Vec<f64> = shares
        .iter()
        .map(|share| {
            if *share == 0.0 {
                delta.ln()
            } else {
                (share / total * (1.0 - zeros * delta)).ln()
            }
        })
        .collect();
    let mean = logs.iter().sum::<f64>() / parts as f64;
    logs.into_iter().map(|log| log - mean).collect()
}
