//! Tests and intervals, exact where that is cheap, with counter-based random numbers elsewhere.

use crate::random::Stream;

const BOOTSTRAPS: usize = 2_000;
const PERMUTATIONS: usize = 9_999;
/// Exact sign flips up to this number of subjects (65,536 flips).
const EXACT_SUBJECTS: usize = 16;
/// Mann–Whitney over all arrangements up to this number of samples.
const ARRANGED_SAMPLES: usize = 24;
/// Mann–Whitney by permutation up to this number of samples.
const PERMUTED_SAMPLES: usize = 60;
const WHOLE_PERMUTATIONS: usize = 999;

const PURPOSE_BOOTSTRAP: u32 = 1;
const PURPOSE_PERMUTE: u32 = 2;
const PURPOSE_FLIP: u32 = 3;
const PURPOSE_WHOLE: u32 = 4;

/// Cliff's delta: share of pairs in which `to` is larger minus share in which it is smaller.
#[must_use]
pub fn cliffs_delta(from: &[f64], to: &[f64]) -> f64 {
    if from.is_empty() || to.is_empty() {
        return 0.0;
    }
    let mut sorted = from.to_vec();
    sorted.sort_by(f64::total_cmp);
    let mut sum = 0.0;
    for value in to {
        let below = sorted.partition_point(|other| other < value);
        let above = sorted.len() - sorted.partition_point(|other| other <= value);
        sum += below as f64 - above as f64;
    }
    sum / (from.len() * to.len()) as f64
}

/// Mid-ranks from 1, and the sum of t³ − t over ties.
fn ranks(values: &[f64]) -> (Vec<f64>, f64) {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut ties = 0.0;
    let mut at = 0;
    while at < order.len() {
        let mut end = at;
        while end + 1 < order.len() && values[order[end + 1]] == values[order[at]] {
            end += 1;
        }
        let count = (end - at + 1) as f64;
        for position in &order[at..=end] {
            ranks[*position] = (at + end) as f64 / 2.0 + 1.0;
        }
        ties += count.powi(3) - count;
        at = end + 1;
    }
    (ranks, ties)
}

/// Two-sided p-value of the Mann–Whitney test.
///
/// Up to 24 samples exact, over all arrangements (ties included); up to 60 by permutation of ranks, else by the normal approximation with ties and
/// continuity correction (as SciPy's `mannwhitneyu(method="asymptotic")`).
#[must_use]
pub fn mann_whitney(from: &[f64], to: &[f64], seed: u64, stream: u32) -> f64 {
    let (m, n) = (from.len(), to.len());
    if m == 0 || n == 0 {
        return 1.0;
    }
    let all: Vec<f64> = from.iter().chain(to).copied().collect();
    let (mut ranks, ties) = ranks(&all);
    let middle = n as f64 * (m + n + 1) as f64 / 2.0;
    let observed = (ranks[m..].iter().sum::<f64>() - middle).abs();
    if m + n <= ARRANGED_SAMPLES {
        return all_arrangements(&ranks, n, observed);
    }
    if m + n <= PERMUTED_SAMPLES {
        let mut random = Stream::new(seed, PURPOSE_PERMUTE, stream);
        let mut extreme = 1;
        for _ in 0..PERMUTATIONS {
            random.shuffle(&mut ranks);
            extreme +=
                usize::from((ranks[m..].iter().sum::<f64>() - middle).abs() >= observed - 1e-9);
        }
        return extreme as f64 / (PERMUTATIONS + 1) as f64;
    }
    let size = (m + n) as f64;
    let variance = (m * n) as f64 / 12.0 * (size + 1.0 - ties / (size * (size - 1.0)));
    if variance <= 0.0 {
        return 1.0;
    }
    let z = (observed - 0.5).max(0.0) / variance.sqrt();
    (2.0 * upper_tail(z)).min(1.0)
}

/// Share of all choices of `size` ranks whose sum lies as far from its mean as `observed`.
fn all_arrangements(ranks: &[f64], size: usize, observed: f64) -> f64 {
    // mid-ranks are halves: twice the ranks are whole
    let doubled: Vec<usize> = ranks.iter().map(|rank| (2.0 * rank) as usize).collect();
    let most: usize = doubled.iter().sum();
    let mut ways = vec![vec![0.0; most + 1]; size + 1];
    ways[0][0] = 1.0;
    for rank in doubled {
        for chosen in (1..=size).rev() {
            for sum in (rank..=most).rev() {
                ways[chosen][sum] += ways[chosen - 1][sum - rank];
            }
        }
    }
    let middle = (size * (ranks.len() + 1)) as f64 / 2.0;
    let all: f64 = ways[size].iter().sum();
    let extreme: f64 = (ways[size].iter().enumerate())
        .filter(|(sum, _)| (*sum as f64 / 2.0 - middle).abs() >= observed - 1e-9)
        .map(|(_, count)| count)
        .sum();
    extreme / all
}

/// Upper tail of the normal distribution (complementary error function by continued fraction and series).
fn upper_tail(z: f64) -> f64 {
    let x = z / std::f64::consts::SQRT_2;
    if x < 2.5 {
        // series of erf
        let (mut term, mut sum, mut k) = (x, x, 0.0);
        while f64::abs(term) > 1e-17 * f64::abs(sum) && k < 200.0 {
            k += 1.0;
            term *= -x * x / k;
            sum += term / (2.0 * k + 1.0);
        }
        return 0.5 - sum / std::f64::consts::PI.sqrt();
    }
    let mut fraction = x;
    for k in (1..=80).rev() {
        fraction = x + f64::from(k) / 2.0 / fraction;
    }
    0.5 * (-x * x).exp() / (fraction * std::f64::consts::PI.sqrt())
}

/// Two-sided p-value of the mean of paired differences under random signs.
#[must_use]
pub fn sign_flip(differences: &[f64], seed: u64, stream: u32) -> f64 {
    let moved: Vec<f64> = differences
        .iter()
        .copied()
        .filter(|value| *value != 0.0)
        .collect();
    let count = moved.len();
    if count == 0 {
        return 1.0;
    }
    let observed = moved.iter().sum::<f64>().abs();
    let slack = 1e-12 * moved.iter().map(|value| value.abs()).sum::<f64>();
    if count <= EXACT_SUBJECTS {
        let flips = 1_usize << count;
        let extreme = (0..flips).filter(|flip| {
            let sum: f64 = moved
                .iter()
                .enumerate()
                .map(|(at, value)| if flip >> at & 1 == 1 { -value } else { *value })
                .sum();
            sum.abs() >= observed - slack
        });
        return extreme.count() as f64 / flips as f64;
    }
    let mut random = Stream::new(seed, PURPOSE_FLIP, stream);
    let mut extreme = 1;
    for _ in 0..PERMUTATIONS {
        let (mut sum, mut bits, mut left) = (0.0, 0, 0);
        for value in &moved {
            if left == 0 {
                bits = random.bits();
                left = 32;
            }
            sum += if bits & 1 == 1 { *value } else { -value };
            bits >>= 1;
            left -= 1;
        }
        extreme += usize::from(sum.abs() >= observed - slack);
    }
    extreme as f64 / (PERMUTATIONS + 1) as f64
}

/// 95 % bootstrap interval of the difference of two means.
#[must_use]
pub fn bootstrap_two(from: &[f64], to: &[f64], seed: u64, stream: u32) -> (f64, f64) {
    let mut random = Stream::new(seed, PURPOSE_BOOTSTRAP, stream);
    let mut draw = |values: &[f64]| {
        (0..values.len())
            .map(|_| values[random.below(values.len())])
            .sum::<f64>()
            / values.len().max(1) as f64
    };
    let draws = (0..BOOTSTRAPS).map(|_| draw(to) - draw(from)).collect();
    interval(draws)
}

/// 95 % bootstrap interval of a mean.
#[must_use]
pub fn bootstrap_one(values: &[f64], seed: u64, stream: u32) -> (f64, f64) {
    let mut random = Stream::new(seed, PURPOSE_BOOTSTRAP, stream);
    let draws = (0..BOOTSTRAPS)
        .map(|_| {
            (0..values.len())
                .map(|_| values[random.below(values.len())])
                .sum::<f64>()
                / values.len().max(1) as f64
        })
        .collect();
    interval(draws)
}

fn interval(mut draws: Vec<f64>) -> (f64, f64) {
    draws.sort_by(f64::total_cmp);
    let at = |share: f64| draws[((draws.len() - 1) as f64 * share).round() as usize];
    (at(0.025), at(0.975))
}

/// False discovery rates of Benjamini and Hochberg, in the order given.
#[must_use]
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*b].total_cmp(&p[*a]));
    let mut q = vec![1.0; p.len()];
    let mut least = 1.0_f64;
    for (from_top, at) in order.into_iter().enumerate() {
        let rank = p.len() - from_top;
        least = least.min(p[at] * p.len() as f64 / rank as f64);
        q[at] = least;
    }
    q
}

/// Share of squared distances between two groups (PERMANOVA's R²) and its permutation p-value.
///
/// With pairs, the groups of whole subjects' samples are exchanged; without, samples are.
#[must_use]
pub fn permanova(
    rows: &[Vec<f64>],
    in_to: &[bool],
    pairs: Option<&[(Vec<usize>, Vec<usize>)]>,
    seed: u64,
) -> Option<(f64, f64)> {
    const LARGEST: usize = 400_000_000;
    let width = rows.first().map(Vec::len).filter(|width| *width > 0)?;
    let subset: Vec<usize> = match pairs {
        Some(pairs) => pairs
            .iter()
            .flat_map(|(from, to)| from.iter().chain(to).copied())
            .collect(),
        None => (0..rows.len()).collect(),
    };
    let permutations = WHOLE_PERMUTATIONS
        .min(LARGEST / (subset.len() * width).max(1))
        .max(99);
    let mut labels = in_to.to_vec();
    let observed = between(rows, &subset, &labels, width)?;
    let mut random = Stream::new(seed, PURPOSE_WHOLE, 0);
    let mut extreme = 1;
    for _ in 0..permutations {
        match pairs {
            Some(pairs) => {
                for (from, to) in pairs {
                    let exchange = random.bits() & 1 == 1;
                    from.iter().for_each(|at| labels[*at] = exchange);
                    to.iter().for_each(|at| labels[*at] = !exchange);
                }
            }
            None => random.shuffle(&mut labels),
        }
        extreme += usize::from(
            between(rows, &subset, &labels, width).is_some_and(|value| value >= observed - 1e-12),
        );
    }
    Some((observed, extreme as f64 / (permutations + 1) as f64))
}

fn between(rows: &[Vec<f64>], subset: &[usize], labels: &[bool], width: usize) -> Option<f64> {
    let mut sums = vec![[0.0; 2]; width];
    let mut counts = [0.0; 2];
    let mut squares = 0.0;
    for &at in subset {
        let group = usize::from(labels[at]);
        counts[group] += 1.0;
        for (sum, value) in sums.iter_mut().zip(&rows[at]) {
            sum[group] += value;
            squares += value * value;
        }
    }
    let size = counts[0] + counts[1];
    if counts[0] == 0.0 || counts[1] == 0.0 {
        return None;
    }
    let (mut total, mut within) = (squares, squares);
    for sum in &sums {
        total -= (sum[0] + sum[1]).powi(2) / size;
        within -= sum[0] * sum[0] / counts[0] + sum[1] * sum[1] / counts[1];
    }
    (total > 0.0).then(|| (total - within) / total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_scipy_are_met() {
        // scipy.stats.mannwhitneyu(range(40), [x + 5.5 for x in range(40)], method="asymptotic")
        let from: Vec<f64> = (0..40).map(f64::from).collect();
        let to: Vec<f64> = (0..40).map(|value| f64::from(value) + 5.5).collect();
        assert!(
            (mann_whitney(&from, &to, 1, 1) - 0.049_090_804_709_638).abs() < 1e-12,
            "{}",
            mann_whitney(&from, &to, 1, 1)
        );
        assert!((upper_tail(1.959_963_984_540_054) - 0.025).abs() < 1e-14);
        assert!((upper_tail(5.0) / 2.866_515_718_791_939_e-7 - 1.0).abs() < 1e-12);
    }

    #[test]
    fn small_groups_are_exact_whatever_the_seed() {
        for seed in 0..3 {
            // two of twenty arrangements
            let apart = mann_whitney(&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0], seed, seed as u32);
            assert!((apart - 0.1).abs() < 1e-15, "{apart}");
        }
        // counted by hand over the 252 choices of five among ten ranks
        let exact = mann_whitney(&[0.0, 1.0, 2.0, 3.0, 4.0], &[2.5, 3.5, 4.5, 5.5, 6.5], 1, 1);
        assert!((exact - 14.0 / 252.0).abs() < 1e-12, "{exact}");
        // of the six choices of two among 1, 1, 1, 2 none lies nearer to the middle
        assert!((mann_whitney(&[1.0, 1.0], &[1.0, 2.0], 1, 1) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn false_discovery_rates_are_those_of_the_textbook() {
        let q = benjamini_hochberg(&[0.01, 0.04, 0.03, 0.2]);
        for (found, expected) in q
            .iter()
            .zip([0.04, 0.053_333_333_333, 0.053_333_333_333, 0.2])
        {
            assert!((found - expected).abs() < 1e-9);
        }
    }

    #[test]
    fn eight_subjects_that_all_rise_give_two_in_256() {
        assert_eq!(
            sign_flip(&[1.0, 2.0, 0.5, 0.7, 1.1, 0.2, 0.9, 3.0], 1, 1),
            2.0 / 256.0
        );
        assert_eq!(sign_flip(&[0.0, 0.0], 1, 1), 1.0);
    }

    #[test]
    fn delta_runs_from_minus_one_to_one() {
        assert_eq!(cliffs_delta(&[1.0, 2.0], &[3.0, 4.0]), 1.0);
        assert_eq!(cliffs_delta(&[3.0, 4.0], &[1.0, 2.0]), -1.0);
        assert_eq!(cliffs_delta(&[1.0, 2.0], &[1.0, 2.0]), 0.0);
    }

    #[test]
    fn groups_drawn_alike_are_seldom_called_different() {
        let mut random = Stream::new(5, 9, 9);
        let mut small = 0;
        for trial in 0..200 {
            let values: Vec<f64> = (0..30).map(|_| f64::from(random.bits())).collect();
            small += usize::from(mann_whitney(&values[..15], &values[15..], 3, trial) < 0.05);
        }
        assert!((2..=22).contains(&small), "{small} of 200 below 0.05");
    }
}
