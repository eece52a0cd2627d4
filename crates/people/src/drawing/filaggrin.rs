//! Who carries a loss in filaggrin, in eczema: drawn given the numbers of the barrier that the loss acts on.
//!
//! The published spreads of these numbers hold carriers already. So nobody's numbers move: who lies lower in them is a carrier
//! more often, as Bayes' rule has it where carriers lie lower by the effect of the loss and both kinds have the same normal
//! spread around their own means: P(carrier | x) = 1/(1 + exp(k·u − a)), u the distance along the effect in standard deviations,
//! k = D/(1 − p·(1 − p)·D²) with D the whole effect in these and p the share of carriers, and a so that p of all carry.

use super::DrawingError;
use crate::proposal::Target;
use gutskin_engine::random::{RandomStream, StreamId, standard_normal_probability};
use gutskin_network::{Network, Spread};

/// Name of the trait.
pub const FILAGGRIN: &str = "trait.filaggrin_loss";

/// What a loss multiplies.
const ACTED_ON: [&str; 3] = [
    "ad.recovery_base",
    "ad.recovery_il22",
    "ad.influx_block_barrier",
];
/// By what it does.
const FACTOR: &str = "ad.filaggrin_factor";

/// Share of the variance along the effect that is left to differences within carriers and within others, at least: where the
/// effect is so large that the published spreads do not hold it, carriers lie lower by as much as these allow.
const LEAST_WITHIN: f64 = 0.1;
/// Normal variables are summed over so many standard deviations …
const REACH: f64 = 9.0;
/// … in so many steps.
const STEPS: u32 = 1_800;
/// Halvings in which the intercept is found, and bounds of it.
const HALVINGS: u32 = 80;
const INTERCEPTS: f64 = 200.0;

/// Who carries a loss.
#[derive(Clone, Debug, PartialEq)]
pub struct Filaggrin {
    share: f64,
    told: Option<bool>,
    /// Index of a parameter, ln of its centre, and what one of its logarithm moves a person along the effect.
    along: Vec<(usize, f64, f64)>,
    slope: f64,
    intercept: f64,
    /// What is told as a reading of the distance, with its noise.
    reading: Option<(f64, f64)>,
}

impl Filaggrin {
    /// For a share of carriers; nothing where the network has no loss.
    pub(super) fn of(network: &Network, share: f64, told: Option<bool>) -> Option<Self> {
        let factor = network.parameter(FACTOR)?;
        let effect = network.parameters[factor as usize].value.ln();
        let mut along = Vec::new();
        let mut square = 0.0;
        for name in ACTED_ON {
            let at = network.parameter(name)? as usize;
            let parameter = &network.parameters[at];
            if let Spread::LogNormal { sd_ln } = parameter.spread
                && sd_ln > 0.0
            {
                let variance = sd_ln * sd_ln;
                along.push((at, parameter.value.ln(), -effect / variance));
                square += effect * effect / variance;
            }
        }
        let distance = square.sqrt();
        if distance > 0.0 {
            along.iter_mut().for_each(|(_, _, by)| *by /= distance);
        }
        let within = (1.0 - share * (1.0 - share) * square).max(LEAST_WITHIN);
        let slope = distance / within;
        let mut filaggrin = Self {
            intercept: intercept(slope, share),
            share,
            told,
            along,
            slope,
            reading: None,
        };
        filaggrin.reading = told.and_then(|carries| filaggrin.as_reading(carries));
        Some(filaggrin)
    }

    /// Share of carriers, 1 or 0 where it is told.
    pub(super) fn asked(&self) -> f64 {
        self.told
            .map_or(self.share, |carries| f64::from(u8::from(carries)))
    }

    /// Whether the person of these numbers carries: as told, or by a stream of its own.
    pub(super) fn carries(&self, parameters: &[f64], seed: u64, number: u32) -> bool {
        self.told.unwrap_or_else(|| {
            let stream = RandomStream::new(seed, number, StreamId::named("trait", "filaggrin"));
            stream.uniform_at(0) < self.chance(parameters)
        })
    }

    /// Standard deviations between this person and the centre along the effect, the side of carriers below 0.
    fn distance(&self, parameters: &[f64]) -> f64 {
        let one = |(at, centre, by): &(usize, f64, f64)| by * (parameters[*at].ln() - centre);
        self.along.iter().map(one).sum()
    }

    /// Chance that somebody with these numbers carries.
    #[must_use]
    pub fn chance(&self, parameters: &[f64]) -> f64 {
        logistic(self.intercept - self.slope * self.distance(parameters))
    }

    /// ln of the chance of what is told, given a person's numbers; 0 where nothing is.
    #[must_use]
    pub fn log_told(&self, parameters: &[f64]) -> f64 {
        let odds = self.intercept - self.slope * self.distance(parameters);
        match self.told {
            Some(true) => -(-odds).exp().ln_1p(),
            Some(false) => -odds.exp().ln_1p(),
            None => 0.0,
        }
    }

    /// What is told as a reading of the distance, from those of a pilot sample; nothing where it says nothing.
    pub(super) fn target<'p>(&self, pilot: impl Iterator<Item = &'p [f64]>) -> Option<Target> {
        let (read, noise) = self.reading?;
        Some(Target {
            predicted: pilot.map(|parameters| self.distance(parameters)).collect(),
            read,
            noise,
        })
    }

    /// What that reading would be of a person.
    pub(super) fn shown(&self, parameters: &[f64]) -> Option<f64> {
        self.reading.map(|_| self.distance(parameters))
    }

    /// The normal reading of the distance, and its noise, that leaves mean and variance of carriers, or of others.
    fn as_reading(&self, carriers: bool) -> Option<(f64, f64)> {
        let [mean, variance] = self.moments(carriers);
        let precision = 1.0 / variance - 1.0;
        (precision > 0.0).then(|| (mean / variance / precision, precision.sqrt().recip()))
    }

    /// Mean and variance of the distance among carriers, or others.
    fn moments(&self, carriers: bool) -> [f64; 2] {
        let (mut all, mut sum, mut squares) = (0.0, 0.0, 0.0);
        for (at, weight) in normal() {
            let chance = logistic(self.intercept - self.slope * at);
            let weight = weight * if carriers { chance } else { 1.0 - chance };
            all += weight;
            sum += weight * at;
            squares += weight * at * at;
        }
        let mean = sum / all;
        [mean, squares / all - mean * mean]
    }
}

/// The intercept at which the mean chance is the share.
fn intercept(slope: f64, share: f64) -> f64 {
    let (mut low, mut high) = (-INTERCEPTS, INTERCEPTS);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        let mean: f64 = normal()
            .map(|(at, weight)| weight * logistic(middle - slope * at))
            .sum();
        if mean < share {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

fn logistic(odds: f64) -> f64 {
    1.0 / (1.0 + (-odds).exp())
}

/// Values of a standard normal variable with their weights.
fn normal() -> impl Iterator<Item = (f64, f64)> {
    let step = 2.0 * REACH / f64::from(STEPS);
    (0..STEPS).map(move |i| {
        let low = -REACH + f64::from(i) * step;
        let weight = standard_normal_probability(low + step) - standard_normal_probability(low);
        (low + 0.5 * step, weight)
    })
}

/// Share of carriers among people of a condition, by the parameter that holds it.
pub(super) fn share(
    condition: &str,
    value: &dyn Fn(&str) -> Result<f64, DrawingError>,
) -> Result<f64, DrawingError> {
    value(if condition == "ad" {
        "trait.filaggrin_eczema"
    } else {
        "early.share_filaggrin"
    })
}
