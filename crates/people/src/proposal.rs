//! Where to draw people who are to fit readings: a normal distribution of some of their standard normal numbers.
//!
//! Importance sampling is right for any proposal; a good one wastes fewer people. This one is linear and Gaussian: the
//! readings of a pilot sample are regressed on the numbers that go with them, and the posterior of that regression,
//! widened and mixed with the prior, is drawn from. Weights are prior over proposal (Owen and Zhou 2000, defensive mixtures).

use faer::linalg::solvers::Solve;
use faer::{Mat, Side};
use gutskin_engine::random::{RandomStream, StreamId};

/// Numbers that a reading may be regressed on.
const PREDICTORS: usize = 12;
/// Share drawn from the prior: weights then stay below its inverse.
const DEFENSIVE: f64 = 0.15;
/// Variance of a reading around its regression over what the pilot sample shows. Only directions that readings say something
/// of are widened by it: in the others the proposal is the prior, so that they cost no weight.
const WIDER: f64 = 1.5;
/// Correlations below this many standard errors are taken for chance.
const BEYOND_CHANCE: f64 = 3.0;

/// A reading on a scale on which its noise is normal, and what the pilot sample would read there.
#[derive(Clone, Debug)]
pub struct Target {
    /// Person by person, without noise.
    pub predicted: Vec<f64>,
    /// What was read.
    pub read: f64,
    /// Standard deviation of the noise.
    pub noise: f64,
}

/// A proposal for some standard normal numbers; the others keep their prior.
#[derive(Clone, Debug, Default)]
pub struct Proposal {
    chosen: Vec<usize>,
    mean: Vec<f64>,
    /// Lower factor R of the precision R·Rᵀ.
    factor: Vec<Vec<f64>>,
}

impl Proposal {
    /// From the numbers of a pilot sample (person by person, however they were drawn) and what is read. Where nothing goes with the readings, or the
    /// regression cannot be solved, the prior.
    #[must_use]
    pub fn fit(scores: &[Vec<f64>], targets: &[Target]) -> Self {
        Self::regressed(scores, targets).unwrap_or_default()
    }

    fn regressed(scores: &[Vec<f64>], targets: &[Target]) -> Option<Self> {
        let fits: Vec<Regression> = targets
            .iter()
            .filter_map(|t| Regression::of(scores, t))
            .collect();
        let mut chosen: Vec<usize> = fits.iter().flat_map(|f| f.predictors.clone()).collect();
        chosen.sort_unstable();
        chosen.dedup();
        let k = chosen.len();
        let mut precision = Mat::<f64>::identity(k, k);
        let mut pull = Mat::<f64>::zeros(k, 1);
        for fit in &fits {
            let of = |index: &usize| {
                let at = fit.predictors.iter().position(|p| p == index);
                at.map_or(0.0, |at| fit.slopes[at])
            };
            let slopes: Vec<f64> = chosen.iter().map(of).collect();
            for i in 0..k {
                pull[(i, 0)] += slopes[i] * fit.distance / fit.variance;
                for j in 0..k {
                    precision[(i, j)] += slopes[i] * slopes[j] / fit.variance;
                }
            }
        }
        let decomposed = precision.llt(Side::Lower).ok()?;
        let mean = decomposed.solve(&pull);
        let lower = decomposed.L();
        let row = |i: usize| (0..=i).map(|j| lower[(i, j)]).collect();
        Some(Self {
            mean: (0..k).map(|i| mean[(i, 0)]).collect(),
            factor: (0..k).map(row).collect(),
            chosen,
        })
    }

    /// How many numbers are drawn from the proposal.
    #[must_use]
    pub fn size(&self) -> usize {
        self.chosen.len()
    }

    /// Moves a person's numbers from the prior to the proposal; a share of people stays.
    pub fn propose(&self, scores: &mut [f64], seed: u64, number: u32) {
        let stream = RandomStream::new(seed, number, StreamId::named("proposal", "defensive"));
        if self.chosen.is_empty() || stream.uniform_at(0) < DEFENSIVE {
            return;
        }
        let own: Vec<f64> = self.chosen.iter().map(|&c| scores[c]).collect();
        // Rᵀ·x = own, from the last row up.
        let mut x = own;
        for i in (0..x.len()).rev() {
            for j in i + 1..x.len() {
                x[i] -= self.factor[j][i] * x[j];
            }
            x[i] /= self.factor[i][i];
        }
        for ((&c, x), mean) in self.chosen.iter().zip(x).zip(&self.mean) {
            scores[c] = mean + x;
        }
    }

    /// ln of prior over proposal at these numbers.
    #[must_use]
    pub fn log_weight(&self, scores: &[f64]) -> f64 {
        if self.chosen.is_empty() {
            return 0.0;
        }
        let z: Vec<f64> = self.chosen.iter().map(|&c| scores[c]).collect();
        let prior = -0.5 * z.iter().map(|z| z * z).sum::<f64>();
        let mut normal = 0.0;
        for (i, row) in self.factor.iter().enumerate() {
            // Element i of Rᵀ·(z − mean).
            let across = self.factor.iter().zip(&z).zip(&self.mean).skip(i);
            let y: f64 = across.map(|((r, z), m)| r[i] * (z - m)).sum();
            normal += row[i].ln() - 0.5 * y * y;
        }
        // ln(a·e^p + b·e^n), without overflow.
        let (p, n) = (DEFENSIVE.ln() + prior, (1.0 - DEFENSIVE).ln() + normal);
        let top = p.max(n);
        prior - top - ((p - top).exp() + (n - top).exp()).ln()
    }
}

/// Regression of one reading on the numbers that go with it.
struct Regression {
    predictors: Vec<usize>,
    slopes: Vec<f64>,
    /// Reading minus what the regression has where every number is 0.
    distance: f64,
    /// Of what the regression leaves, widened, and of the noise.
    variance: f64,
}

impl Regression {
    fn of(scores: &[Vec<f64>], target: &Target) -> Option<Self> {
        let n = target.predicted.len() as f64;
        let (mean, y) = centred(target.predicted.iter().copied());
        let columns: Vec<(f64, Vec<f64>)> = (0..scores.first()?.len())
            .map(|column| centred(scores.iter().map(|row| row[column])))
            .collect();
        let predictors = predictors(&columns, &y);
        let k = predictors.len();
        let x = |i: usize| columns[predictors[i]].1.as_slice();
        // A little ridge: numbers are standard normal.
        let normal = Mat::from_fn(k, k, |i, j| dot(x(i), x(j)) + f64::from(u8::from(i == j)));
        let right = Mat::from_fn(k, 1, |i, _| dot(x(i), &y));
        let solved = normal.llt(Side::Lower).ok()?.solve(&right);
        let slopes: Vec<f64> = (0..k).map(|i| solved[(i, 0)]).collect();
        let fit = |row: usize| -> f64 { (0..k).map(|i| slopes[i] * x(i)[row]).sum() };
        let left: f64 = y
            .iter()
            .enumerate()
            .map(|(row, y)| (y - fit(row)).powi(2))
            .sum();
        let left = left / (n - k as f64 - 1.0).max(1.0);
        let variance = WIDER * left + target.noise * target.noise;
        let at_zero: f64 = mean
            - (0..k)
                .map(|i| slopes[i] * columns[predictors[i]].0)
                .sum::<f64>();
        (variance > 0.0 && variance.is_finite()).then_some(Self {
            predictors,
            slopes,
            distance: target.read - at_zero,
            variance,
        })
    }
}

/// Columns that go with y beyond chance, the closest first.
fn predictors(columns: &[(f64, Vec<f64>)], y: &[f64]) -> Vec<usize> {
    let spread = dot(y, y).sqrt();
    let beyond = BEYOND_CHANCE / (y.len() as f64).sqrt();
    let mut found: Vec<(f64, usize)> = columns
        .iter()
        .enumerate()
        .map(|(at, (_, x))| ((dot(x, y) / (dot(x, x).sqrt() * spread)).abs(), at))
        .filter(|(r, _)| r.is_finite() && *r > beyond)
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    found.truncate(PREDICTORS);
    found.into_iter().map(|f| f.1).collect()
}

/// The mean, and what is left without it.
fn centred(values: impl Iterator<Item = f64>) -> (f64, Vec<f64>) {
    let values: Vec<f64> = values.collect();
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    (mean, values.iter().map(|v| v - mean).collect())
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prior(number: u32) -> Vec<f64> {
        let stream = RandomStream::new(5, number, StreamId::named("test", "z"));
        (0..40).map(|i| stream.normal_at(i)).collect()
    }

    /// y = 2·z3 − z7 read as 4 with noise 0.5: the posterior of z3 is normal with mean 8/5.25.
    #[test]
    fn weighted_draws_of_the_proposal_have_the_posterior_mean() {
        let y = |z: &[f64]| 2.0 * z[3] - z[7];
        let pilot: Vec<Vec<f64>> = (0..300).map(prior).collect();
        let target = Target {
            predicted: pilot.iter().map(|z| y(z)).collect(),
            read: 4.0,
            noise: 0.5,
        };
        let proposal = Proposal::fit(&pilot, &[target]);
        assert!(proposal.size() >= 2);
        let (mut sum, mut weights, mut squares) = (0.0, 0.0, 0.0);
        for number in 1000..9000 {
            let mut z = prior(number);
            proposal.propose(&mut z, 5, number);
            let off = (y(&z) - 4.0) / 0.5;
            let w = (proposal.log_weight(&z) - 0.5 * off * off).exp();
            sum += w * z[3];
            weights += w;
            squares += w * w;
        }
        let mean = sum / weights;
        assert!((mean - 8.0 / 5.25).abs() < 0.03, "{mean}");
        let effective = weights * weights / squares;
        assert!(effective > 4000.0, "{effective}");
    }

    #[test]
    fn without_readings_the_prior_is_drawn_and_every_weight_is_one() {
        let proposal = Proposal::fit(&[prior(1), prior(2)], &[]);
        let mut z = prior(3);
        proposal.propose(&mut z, 1, 3);
        assert_eq!(z, prior(3));
        assert_eq!(proposal.log_weight(&z), 0.0);
    }
}
