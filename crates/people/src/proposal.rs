//! Where to draw people who are to fit readings.
//!
//! Importance sampling is right for any proposal; a good one wastes fewer people. The readings of a pilot sample are regressed
//! on the standard normal numbers that go with them. Each person then has their own proposal: they are brought to rest with the
//! chosen numbers at a base that is the same for all, and what the regression does not say of them there, which all their
//! other numbers make, is taken for known; the numbers are drawn from the Gaussian posterior that is left. It depends on the
//! other numbers only, so that prior over proposal is the exact weight. A share is drawn from the prior, which bounds
//! the weights (defensive mixtures, Owen and Zhou 2000, doi:10.1080/01621459.2000.10473909).

use faer::linalg::solvers::Solve;
use faer::{Mat, Side};
use gutskin_engine::random::{RandomStream, StreamId};

/// Numbers that a reading may be regressed on.
const PREDICTORS: usize = 12;
/// Share drawn from the prior: weights then stay below its inverse.
const DEFENSIVE: f64 = 0.1;
/// Standard deviation of what moving away from the base adds, over what the regression leaves between people.
const MISFIT: f64 = 0.6;
/// Correlations below this many standard errors are taken for chance.
const BEYOND_CHANCE: f64 = 3.0;
/// A second pilot is spread so far around the base, in standard deviations of the prior.
const AROUND: f64 = 0.7;

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
    base: Vec<f64>,
    /// Lower factor R of the precision R·Rᵀ of a person's own proposal.
    factor: Vec<Vec<f64>>,
    /// Reading by reading.
    fits: Vec<Fit>,
}

/// What the regression of one reading says of the chosen numbers.
#[derive(Clone, Debug)]
struct Fit {
    slopes: Vec<f64>,
    /// What the regression has where every number is 0.
    at_zero: f64,
    read: f64,
    /// Variance of the reading around a person's own line.
    variance: f64,
}

impl Proposal {
    /// From the numbers of a pilot sample (person by person, however they were drawn) and what is read. Where nothing goes with
    /// the readings, or the regression cannot be solved, the prior.
    #[must_use]
    pub fn fit(scores: &[Vec<f64>], targets: &[Target]) -> Self {
        Self::regressed(scores, targets).unwrap_or_default()
    }

    fn regressed(scores: &[Vec<f64>], targets: &[Target]) -> Option<Self> {
        let regressions: Vec<Regression> = targets
            .iter()
            .map(|t| Regression::of(scores, t))
            .collect::<Option<_>>()?;
        let mut chosen: Vec<usize> = regressions
            .iter()
            .flat_map(|r| r.predictors.clone())
            .collect();
        chosen.sort_unstable();
        chosen.dedup();
        let fits = |own: f64| -> Vec<Fit> {
            let one = |(regression, target): (&Regression, &Target)| Fit {
                slopes: chosen.iter().map(|c| regression.slope(*c)).collect(),
                at_zero: regression.at_zero,
                read: target.read,
                variance: own * regression.left + target.noise * target.noise,
            };
            regressions.iter().zip(targets).map(one).collect()
        };
        // The base is the posterior mean of somebody of whom nothing else is known.
        let (_, base) = posterior(&fits(1.0), chosen.len(), &vec![0.0; targets.len()])?;
        let fits = fits(MISFIT * MISFIT);
        let (factor, _) = posterior(&fits, chosen.len(), &vec![0.0; targets.len()])?;
        Some(Self {
            chosen,
            base,
            factor,
            fits,
        })
    }

    /// How many numbers are drawn from the proposal.
    #[must_use]
    pub fn size(&self) -> usize {
        self.chosen.len()
    }

    /// Puts the chosen numbers to the base.
    pub fn to_base(&self, scores: &mut [f64]) {
        for (&c, base) in self.chosen.iter().zip(&self.base) {
            scores[c] = *base;
        }
    }

    /// Spreads the chosen numbers around the base, for another pilot.
    pub fn around_base(&self, scores: &mut [f64]) {
        for (&c, base) in self.chosen.iter().zip(&self.base) {
            scores[c] = base + AROUND * scores[c];
        }
    }

    /// The mean of a person's own proposal, from what would be read of them at the base, reading by reading. Where that is no
    /// number, the base.
    #[must_use]
    pub fn own_mean(&self, shown: &[f64]) -> Vec<f64> {
        let beside: Vec<f64> = (self.fits.iter().zip(shown))
            .map(|(fit, shown)| shown - fit.at_zero - dot(&fit.slopes, &self.base))
            .collect();
        if beside.iter().all(|b| b.is_finite())
            && let Some((_, mean)) = posterior(&self.fits, self.chosen.len(), &beside)
        {
            return mean;
        }
        self.base.clone()
    }

    /// Moves a person's numbers from the prior to their own proposal; a share of people stays.
    pub fn propose(&self, own_mean: &[f64], scores: &mut [f64], seed: u64, number: u32) {
        let stream = RandomStream::new(seed, number, StreamId::named("proposal", "defensive"));
        if self.chosen.is_empty() || stream.uniform_at(0) < DEFENSIVE {
            return;
        }
        let mut x: Vec<f64> = self.chosen.iter().map(|&c| scores[c]).collect();
        // Rᵀ·x = own numbers, from the last row up.
        for i in (0..x.len()).rev() {
            for j in i + 1..x.len() {
                x[i] -= self.factor[j][i] * x[j];
            }
            x[i] /= self.factor[i][i];
        }
        for ((&c, x), mean) in self.chosen.iter().zip(x).zip(own_mean) {
            scores[c] = mean + x;
        }
    }

    /// ln of prior over proposal at these numbers.
    #[must_use]
    pub fn log_weight(&self, own_mean: &[f64], scores: &[f64]) -> f64 {
        if self.chosen.is_empty() {
            return 0.0;
        }
        let z: Vec<f64> = self.chosen.iter().map(|&c| scores[c]).collect();
        let prior = -0.5 * dot(&z, &z);
        let mut normal = 0.0;
        for (i, row) in self.factor.iter().enumerate() {
            // Element i of Rᵀ·(z − mean).
            let across = self.factor.iter().zip(&z).zip(own_mean).skip(i);
            let y: f64 = across.map(|((r, z), m)| r[i] * (z - m)).sum();
            normal += row[i].ln() - 0.5 * y * y;
        }
        // ln(a·e^p + b·e^n), without overflow.
        let (p, n) = (DEFENSIVE.ln() + prior, (1.0 - DEFENSIVE).ln() + normal);
        let top = p.max(n);
        prior - top - ((p - top).exp() + (n - top).exp()).ln()
    }
}

/// Factor of the precision and mean of numbers with a standard normal prior, given readings that have `beside` beside what the
/// numbers make of them.
fn posterior(fits: &[Fit], size: usize, beside: &[f64]) -> Option<(Vec<Vec<f64>>, Vec<f64>)> {
    let mut precision = Mat::<f64>::identity(size, size);
    let mut pull = Mat::<f64>::zeros(size, 1);
    for (fit, beside) in fits.iter().zip(beside) {
        let distance = fit.read - fit.at_zero - beside;
        for i in 0..size {
            pull[(i, 0)] += fit.slopes[i] * distance / fit.variance;
            for j in 0..size {
                precision[(i, j)] += fit.slopes[i] * fit.slopes[j] / fit.variance;
            }
        }
    }
    let decomposed = precision.llt(Side::Lower).ok()?;
    let mean = decomposed.solve(&pull);
    let lower = decomposed.L();
    let row = |i: usize| (0..=i).map(|j| lower[(i, j)]).collect();
    let mean = (0..size).map(|i| mean[(i, 0)]).collect();
    Some(((0..size).map(row).collect(), mean))
}

/// Regression of one reading on the numbers that go with it.
struct Regression {
    predictors: Vec<usize>,
    slopes: Vec<f64>,
    /// What it has where every number is 0.
    at_zero: f64,
    /// Variance between people that it leaves.
    left: f64,
}

impl Regression {
    fn slope(&self, number: usize) -> f64 {
        let at = self.predictors.iter().position(|p| *p == number);
        at.map_or(0.0, |at| self.slopes[at])
    }

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
        let at_means: f64 = (0..k).map(|i| slopes[i] * columns[predictors[i]].0).sum();
        (left.is_finite() && target.noise > 0.0).then_some(Self {
            predictors,
            slopes,
            at_zero: mean - at_means,
            left,
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

    /// y = 2·z3 − z7 + 3·tanh(z20) read as 4 with noise 0.5. By the symmetry of the other numbers the posterior mean of z3 is
    /// −2 times that of z7, and a long plain run gives both.
    #[test]
    fn weighted_draws_of_the_proposal_have_the_posterior_mean() {
        let y = |z: &[f64]| 2.0 * z[3] - z[7] + 3.0 * z[20].tanh();
        let fits = |z: &[f64]| -0.5 * ((y(z) - 4.0) / 0.5).powi(2);
        let pilot: Vec<Vec<f64>> = (0..300).map(prior).collect();
        let target = Target {
            predicted: pilot.iter().map(|z| y(z)).collect(),
            read: 4.0,
            noise: 0.5,
        };
        let proposal = Proposal::fit(&pilot, &[target]);
        assert!(proposal.size() >= 3);
        let run = |proposed: bool, people: u32| {
            let (mut sum, mut weights, mut squares) = (0.0, 0.0, 0.0);
            for number in 1000..1000 + people {
                let mut z = prior(number);
                let mut ln = 0.0;
                if proposed {
                    let mut base = z.clone();
                    proposal.to_base(&mut base);
                    let mean = proposal.own_mean(&[y(&base)]);
                    proposal.propose(&mean, &mut z, 5, number);
                    ln = proposal.log_weight(&mean, &z);
                }
                let w = (ln + fits(&z)).exp();
                sum += w * z[3];
                weights += w;
                squares += w * w;
            }
            (sum / weights, weights * weights / squares)
        };
        let (plain, of_plain) = run(false, 200_000);
        let (mean, effective) = run(true, 8000);
        assert!((mean - plain).abs() < 0.03, "{mean} {plain}");
        // Worth more than as many draws from the prior.
        let (share, of_prior) = (effective / 8000.0, of_plain / 200_000.0);
        assert!(share > 1.5 * of_prior, "{share} {of_prior}");
    }

    #[test]
    fn without_readings_the_prior_is_drawn_and_every_weight_is_one() {
        let proposal = Proposal::fit(&[prior(1), prior(2)], &[]);
        let mut z = prior(3);
        let mean = proposal.own_mean(&[]);
        proposal.propose(&mean, &mut z, 1, 3);
        assert_eq!(z, prior(3));
        assert_eq!(proposal.log_weight(&mean, &z), 0.0);
    }
}
