//! Weighted people: normalised weights, their effective number, and resampling.

/// Weights of people, adding up to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    shares: Vec<f64>,
}

impl Weights {
    /// From logarithms up to a constant; minus infinity is nobody. Nothing where everybody is nobody.
    #[must_use]
    pub fn from_logarithms(logarithms: &[f64]) -> Option<Self> {
        let top = logarithms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if !top.is_finite() {
            return None;
        }
        let raw: Vec<f64> = logarithms
            .iter()
            .map(|l| if l.is_nan() { 0.0 } else { (l - top).exp() })
            .collect();
        let sum: f64 = raw.iter().sum();
        Some(Self {
            shares: raw.iter().map(|w| w / sum).collect(),
        })
    }

    /// Person by person.
    #[must_use]
    pub fn shares(&self) -> &[f64] {
        &self.shares
    }

    /// Kong's effective sample size, 1/Σw².
    #[must_use]
    pub fn effective(&self) -> f64 {
        1.0 / self.shares.iter().map(|w| w * w).sum::<f64>()
    }

    /// Systematic resampling to `size` people with one uniform number in (0, 1): how often each is taken.
    #[must_use]
    pub fn resample(&self, size: usize, uniform: f64) -> Vec<usize> {
        let mut times = vec![0; self.shares.len()];
        let (mut sum, mut next) = (0.0, 0);
        for (times, share) in times.iter_mut().zip(&self.shares) {
            sum += share;
            while next < size && (next as f64 + uniform) / (size as f64) < sum {
                *times += 1;
                next += 1;
            }
        }
        // What rounding of the sum leaves belongs to the last who has a share.
        if next < size
            && let Some(last) = self.shares.iter().rposition(|&w| w > 0.0)
        {
            times[last] += size - next;
        }
        times
    }

    /// Weighted mean of values.
    #[must_use]
    pub fn mean(&self, values: &[f64]) -> f64 {
        self.shares.iter().zip(values).map(|(w, v)| w * v).sum()
    }

    /// Weighted quantile, interpolated between the middles of the weights.
    #[must_use]
    pub fn quantile(&self, values: &[f64], probability: f64) -> f64 {
        let mut order: Vec<usize> = (0..values.len())
            .filter(|&i| self.shares[i] > 0.0)
            .collect();
        order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
        let (mut before, mut last) = (0.0, None);
        for at in order {
            let middle = before + 0.5 * self.shares[at];
            if middle >= probability {
                return match last {
                    Some((m, v)) if middle > m => {
                        v + (probability - m) / (middle - m) * (values[at] - v)
                    }
                    _ => values[at],
                };
            }
            before += self.shares[at];
            last = Some((middle, values[at]));
        }
        last.map_or(f64::NAN, |(_, v)| v)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn equal_weights_count_everybody_and_one_counts_one() {
        let equal = Weights::from_logarithms(&[-700.0; 8]).unwrap();
        assert!((equal.effective() - 8.0).abs() < 1e-12);
        let one = Weights::from_logarithms(&[0.0, f64::NEG_INFINITY, f64::NAN]).unwrap();
        assert!((one.effective() - 1.0).abs() < 1e-12);
        assert_eq!(one.resample(5, 0.3), vec![5, 0, 0]);
        assert!(Weights::from_logarithms(&[f64::NEG_INFINITY]).is_none());
    }

    #[test]
    fn resampling_takes_each_as_often_as_the_weight_says_within_one() {
        let weights = Weights::from_logarithms(&[0.0, 1.0, 2.0, 0.5, -3.0]).unwrap();
        for uniform in [0.01, 0.5, 0.99] {
            let times = weights.resample(1000, uniform);
            assert_eq!(times.iter().sum::<usize>(), 1000);
            for (t, w) in times.iter().zip(weights.shares()) {
                assert!((*t as f64 - 1000.0 * w).abs() <= 1.0);
            }
        }
    }

    #[test]
    fn quantiles_of_equal_weights_are_the_usual_ones() {
        let weights = Weights::from_logarithms(&[0.0; 101]).unwrap();
        let values: Vec<f64> = (0..101).rev().map(f64::from).collect();
        assert!((weights.quantile(&values, 0.5) - 50.0).abs() < 1e-9);
        assert!((weights.quantile(&values, 0.0) - 0.0).abs() < 1e-9);
        assert!((weights.mean(&values) - 50.0).abs() < 1e-9);
    }
}
