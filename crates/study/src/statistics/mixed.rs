//! A mixed model for repeated measures: fixed effects and a random intercept for each person, by restricted maximum
//! likelihood.
//!
//! With V = σ²(I + θJ) within a person, everything but θ has a closed form, so that the likelihood is a curve over one
//! number.

use super::Z95;
use super::{Interval, two_sided_normal};
use faer::linalg::solvers::Solve;
use faer::{Mat, Side};

/// One reading of one person.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Number of the person; readings of one person stand together.
    pub person: usize,
    /// Row of the design: one number a fixed effect.
    pub row: Vec<f64>,
    /// What was read.
    pub value: f64,
}

/// The fitted model.
#[derive(Clone, Debug)]
pub struct MixedFit {
    /// Fixed effects, in the order of the rows.
    pub effects: Vec<f64>,
    /// Their standard errors.
    pub standard_errors: Vec<f64>,
    /// Variance between people.
    pub between: f64,
    /// Variance within people.
    pub within: f64,
    /// Restricted log-likelihood.
    pub log_likelihood: f64,
}

impl MixedFit {
    /// An effect with its Wald interval and p.
    #[must_use]
    pub fn effect(&self, index: usize) -> Option<(Interval, f64)> {
        let (b, se) = (*self.effects.get(index)?, *self.standard_errors.get(index)?);
        Some((Interval::around(b, Z95 * se), two_sided_normal(b / se)))
    }
}

/// Sums of one person, from which those of V⁻¹ follow for every θ.
struct Person {
    count: f64,
    /// Column sums of the design.
    rows: Vec<f64>,
    /// Sum of the values.
    value: f64,
}

/// Sums over all readings that do not depend on θ.
struct Data {
    people: Vec<Person>,
    xx: Mat<f64>,
    xy: Mat<f64>,
    yy: f64,
    readings: f64,
    width: usize,
}

impl Data {
    fn of(readings: &[Reading]) -> Option<Self> {
        let width = readings.first()?.row.len();
        let mut data = Self {
            people: Vec::new(),
            xx: Mat::zeros(width, width),
            xy: Mat::zeros(width, 1),
            yy: 0.0,
            readings: readings.len() as f64,
            width,
        };
        for person in readings.chunk_by(|a, b| a.person == b.person) {
            let mut sums = Person {
                count: person.len() as f64,
                rows: vec![0.0; width],
                value: 0.0,
            };
            for reading in person {
                if reading.row.len() != width {
                    return None;
                }
                sums.value += reading.value;
                data.yy += reading.value * reading.value;
                for (i, a) in reading.row.iter().enumerate() {
                    sums.rows[i] += a;
                    data.xy[(i, 0)] += a * reading.value;
                    for (j, b) in reading.row.iter().enumerate() {
                        data.xx[(i, j)] += a * b;
                    }
                }
            }
            data.people.push(sums);
        }
        Some(data)
    }

    /// The fit at this θ; nothing where the design has no full rank.
    fn at(&self, theta: f64) -> Option<MixedFit> {
        let (mut a, mut b, mut c) = (self.xx.clone(), self.xy.clone(), self.yy);
        let mut log_v = 0.0;
        for p in &self.people {
            let shrink = theta / (1.0 + p.count * theta);
            log_v += (p.count * theta).ln_1p();
            c -= shrink * p.value * p.value;
            for (i, x) in p.rows.iter().enumerate().filter(|(_, x)| **x != 0.0) {
                b[(i, 0)] -= shrink * x * p.value;
                for (j, y) in p.rows.iter().enumerate() {
                    a[(i, j)] -= shrink * x * y;
                }
            }
        }
        let factor = a.llt(Side::Lower).ok()?;
        // A column that the others make up leaves nothing but rounding on the diagonal.
        let dependent = |i: usize| factor.L()[(i, i)].powi(2) <= 1e-12 * self.xx[(i, i)];
        if (0..self.width).any(dependent) {
            return None;
        }
        let effects = factor.solve(&b);
        let inverse = factor.solve(Mat::<f64>::identity(self.width, self.width));
        let explained: f64 = (0..self.width).map(|i| effects[(i, 0)] * b[(i, 0)]).sum();
        let degrees = self.readings - self.width as f64;
        let within = (c - explained) / degrees;
        if !(degrees >= 1.0 && within > 0.0) {
            return None;
        }
        let log_a: f64 = (0..self.width).map(|i| 2.0 * factor.L()[(i, i)].ln()).sum();
        let log_2_pi = std::f64::consts::TAU.ln();
        Some(MixedFit {
            effects: (0..self.width).map(|i| effects[(i, 0)]).collect(),
            standard_errors: (0..self.width)
                .map(|i| (within * inverse[(i, i)]).sqrt())
                .collect(),
            between: theta * within,
            within,
            log_likelihood: -0.5 * (degrees * (within.ln() + log_2_pi + 1.0) + log_v + log_a),
        })
    }
}

/// Fits by restricted maximum likelihood. Nothing where the design has no full rank or too few readings.
#[must_use]
pub fn mixed_model(readings: &[Reading]) -> Option<MixedFit> {
    /// ln θ is sought between these; below the lower one people do not differ.
    const RANGE: (f64, f64) = (-12.0, 12.0);
    let data = Data::of(readings)?;
    let height = |ln_theta: f64| {
        data.at(ln_theta.exp())
            .map_or(f64::NEG_INFINITY, |f| f.log_likelihood)
    };
    let best = data.at(highest(height, RANGE).exp())?;
    match data.at(0.0) {
        Some(none) if none.log_likelihood >= best.log_likelihood => Some(none),
        _ => Some(best),
    }
}

/// The place of the maximum of a function with one peak, by golden section.
fn highest(f: impl Fn(f64) -> f64, (mut low, mut high): (f64, f64)) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    const STEPS: usize = 60;
    let (mut a, mut b) = (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
    let (mut fa, mut fb) = (f(a), f(b));
    for _ in 0..STEPS {
        if fa < fb {
            (low, a, fa) = (a, b, fb);
            b = low + GOLDEN * (high - low);
            fb = f(b);
        } else {
            (high, b, fb) = (b, a, fa);
            a = high - GOLDEN * (high - low);
            fa = f(a);
        }
    }
    f64::midpoint(low, high)
}
