//! What is told of many values.

/// Mean.
pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Standard deviation with n − 1.
pub(super) fn deviation(values: &[f64]) -> f64 {
    let centre = mean(values);
    let sum: f64 = values.iter().map(|v| (v - centre).powi(2)).sum();
    (sum / (values.len() as f64 - 1.0)).sqrt()
}

/// Share of values that satisfy a rule, %.
pub(super) fn percent(values: &[f64], rule: impl Fn(f64) -> bool) -> f64 {
    100.0 * values.iter().filter(|v| rule(**v)).count() as f64 / values.len() as f64
}

/// Pearson's correlation.
pub(super) fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let (mx, my) = (mean(x), mean(y));
    let sum = |f: &dyn Fn(f64, f64) -> f64| -> f64 {
        x.iter().zip(y).map(|(a, b)| f(a - mx, b - my)).sum()
    };
    sum(&|a, b| a * b) / (sum(&|a, _| a * a) * sum(&|_, b| b * b)).sqrt()
}

/// Spearman's correlation.
pub(crate) fn rank_correlation(x: &[f64], y: &[f64]) -> f64 {
    correlation(&ranks(x), &ranks(y))
}

/// Ranks from 0; ties share their mean.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut start = 0;
    while start < order.len() {
        let mut end = start + 1;
        while end < order.len() && values[order[end]] == values[order[start]] {
            end += 1;
        }
        for &i in &order[start..end] {
            ranks[i] = (start + end - 1) as f64 / 2.0;
        }
        start = end;
    }
    ranks
}

/// Median; infinite values count as larger than all others.
pub(super) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (low, high) = (
        sorted.get((sorted.len().max(1) - 1) / 2),
        sorted.get(sorted.len() / 2),
    );
    match (low, high) {
        (Some(a), Some(b)) if a == b => *a,
        (Some(a), Some(b)) => (a + b) / 2.0,
        _ => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        let (x, y) = ([1.0, 2.0, 3.0, 4.0], [1.0, 4.0, 9.0, 16.0]);
        assert!((deviation(&x) - (5.0_f64 / 3.0).sqrt()).abs() < 1e-12);
        assert!((correlation(&x, &y) - 0.984_374_1).abs() < 1e-6);
        assert!((rank_correlation(&x, &y) - 1.0).abs() < 1e-12);
        assert_eq!(ranks(&[3.0, 1.0, 3.0]), [1.5, 0.0, 1.5]);
        assert_eq!(median(&[3.0, 1.0, f64::INFINITY]), 3.0);
        assert_eq!(median(&[3.0, 1.0]), 2.0);
        assert_eq!(percent(&[1.0, 2.0, 3.0, 4.0], |v| v > 1.5), 75.0);
    }
}
