//! Quantiles of a stream in bounded memory.

use std::collections::BTreeMap;

/// Bits of a number that a bucket ignores: 7 bits of the mantissa stay, so that a bucket is 0.8 % wide.
const IGNORED_BITS: u32 = 45;

/// Counts of values in buckets of constant relative width. Adding is commutative: the result does not depend on the
/// order in which values arrive. A quantile is exact to half a bucket, 0.4 % of its value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quantiles {
    counts: BTreeMap<u32, u32>,
    total: u64,
    not_finite: u64,
}

impl Quantiles {
    /// Counts a value. Values that are not finite are counted apart.
    pub fn add(&mut self, value: f64) {
        if !value.is_finite() {
            self.not_finite += 1;
            return;
        }
        // Zero of either sign is one value.
        let key = (ordered_bits(value + 0.0) >> IGNORED_BITS) as u32;
        *self.counts.entry(key).or_default() += 1;
        self.total += 1;
    }

    /// Adds the counts of another stream.
    pub fn merge(&mut self, other: &Self) {
        for (&key, &count) in &other.counts {
            *self.counts.entry(key).or_default() += count;
        }
        self.total += other.total;
        self.not_finite += other.not_finite;
    }

    /// Number of finite values.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Number of values that were not finite.
    #[must_use]
    pub fn not_finite(&self) -> u64 {
        self.not_finite
    }

    /// The value below which this share of the values lies; `None` where there are no values.
    #[must_use]
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let rank = (share.clamp(0.0, 1.0) * self.total.saturating_sub(1) as f64).round() as u64;
        let mut before = 0;
        for (&key, &count) in &self.counts {
            before += u64::from(count);
            if before > rank {
                let low = from_ordered_bits(u64::from(key) << IGNORED_BITS);
                let high =
                    from_ordered_bits((u64::from(key) << IGNORED_BITS) | ((1 << IGNORED_BITS) - 1));
                let zero = low == 0.0 || high == 0.0;
                return Some(if zero { 0.0 } else { 0.5 * low + 0.5 * high });
            }
        }
        None
    }
}

/// Bits that order as the numbers do.
fn ordered_bits(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 1 {
        !bits
    } else {
        bits | 1 << 63
    }
}

fn from_ordered_bits(bits: u64) -> f64 {
    f64::from_bits(if bits >> 63 == 1 {
        bits & !(1 << 63)
    } else {
        !bits
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(values: impl Iterator<Item = f64>) -> Quantiles {
        let mut quantiles = Quantiles::default();
        values.for_each(|value| quantiles.add(value));
        quantiles
    }

    #[test]
    fn quantiles_are_within_half_a_bucket() {
        let values: Vec<f64> = (-5000..5000).map(|k| f64::from(k) * 0.37).collect();
        let quantiles = filled(values.iter().rev().copied());
        for share in [0.0, 0.05, 0.25, 0.49, 0.5, 0.75, 0.95, 1.0] {
            let exact = values[(share * 9999.0_f64).round() as usize];
            let found = quantiles.quantile(share).expect("not empty");
            assert!(
                (found - exact).abs() <= 0.004 * exact.abs(),
                "{share}: {found} for {exact}"
            );
        }
    }

    #[test]
    fn merging_is_adding() {
        let mut left = filled([1.0, -2.0, f64::NAN].into_iter());
        left.merge(&filled([0.0, -0.0, 1e300].into_iter()));
        assert_eq!(
            left,
            filled([1e300, -0.0, f64::NAN, 0.0, -2.0, 1.0].into_iter())
        );
        assert_eq!((left.total(), left.not_finite()), (5, 1));
        assert_eq!(left.quantile(0.5), Some(0.0));
        assert_eq!(Quantiles::default().quantile(0.5), None);
    }
}
