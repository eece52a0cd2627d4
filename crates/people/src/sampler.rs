//! Draws people from parameter spreads and correlations.
//!
//! Each parameter of each person has one standard normal number of its own, keyed by (seed,
//! person, parameter name). Correlated parameters share these numbers through a Gaussian copula;
//! the spread then maps the number to a value. So a person's value depends neither on the order
//! of the parameters nor on who else is drawn, and a new parameter leaves all others as they are.
//! A correlation changes the later parameter (by name) of its pair, and those after it that are
//! linked with either; every other value stays.

use std::collections::BTreeMap;
use std::ops::Range;

use gutskin_engine::random::{
    RandomStream, StreamId, standard_normal_probability, standard_normal_quantile,
};
use gutskin_network::{ParameterEntry, Spread};
use rayon::prelude::*;

mod correlation;

use correlation::Group;

/// What is varied: a name, its central value and its spread, both in the parameter's unit.
#[derive(Clone, Debug, PartialEq)]
pub struct SampledParameter {
    /// Full name, `module.name`.
    pub name: String,
    /// Central value; see [`Spread`] for what it is the centre of.
    pub value: f64,
    /// How it varies between people.
    pub spread: Spread,
}

impl From<&ParameterEntry> for SampledParameter {
    fn from(entry: &ParameterEntry) -> SampledParameter {
        SampledParameter {
            name: entry.name.clone(),
            value: entry.value,
            spread: entry.spread,
        }
    }
}

impl From<&gutskin_network::Parameter> for SampledParameter {
    fn from(parameter: &gutskin_network::Parameter) -> SampledParameter {
        SampledParameter {
            name: parameter.name.clone(),
            value: parameter.value,
            spread: parameter.spread,
        }
    }
}

/// The correlation of two parameters on the scale of the Gaussian copula: of ln(value) for two
/// lognormals, of the values for two normals. Pairs that are not listed are independent.
#[derive(Clone, Debug, PartialEq)]
pub struct Correlation {
    /// Name of one parameter.
    pub first: String,
    /// Name of the other.
    pub second: String,
    /// Correlation, between -1 and 1 exclusive.
    pub rho: f64,
}

/// Why people cannot be drawn.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SamplerError {
    /// A name stands twice in the list.
    #[error("parameter `{name}` is listed twice; list each parameter once")]
    Duplicate {
        /// The name.
        name: String,
    },
    /// A spread that makes no sense around its value.
    #[error("parameter `{name}`: {reason}")]
    Spread {
        /// The name.
        name: String,
        /// What is wrong and what is needed.
        reason: String,
    },
    /// A correlation names a parameter that is not listed.
    #[error(
        "correlation of `{first}` with `{second}`: no parameter `{unknown}` is sampled{}",
        suggestion(.nearest)
    )]
    Unknown {
        /// One name of the pair.
        first: String,
        /// The other.
        second: String,
        /// The name that is unknown.
        unknown: String,
        /// A listed name like it.
        nearest: Option<String>,
    },
    /// A coefficient out of range, a parameter with itself, or a pair listed twice.
    #[error("correlation of `{first}` with `{second}`: {reason}")]
    Pair {
        /// One name of the pair.
        first: String,
        /// The other.
        second: String,
        /// What is wrong and what is needed.
        reason: String,
    },
    /// The correlations contradict each other.
    #[error(
        "correlations are not positive definite at `{first}` with `{second}` ({rho}): {remedy}"
    )]
    NotPositiveDefinite {
        /// One name of the offending pair.
        first: String,
        /// The other.
        second: String,
        /// Their correlation; 0 where they are not listed.
        rho: f64,
        /// What would be right.
        remedy: String,
    },
}

fn suggestion(nearest: &Option<String>) -> String {
    match nearest {
        Some(name) => format!("; did you mean `{name}`?"),
        None => "; add it to the parameters or drop the correlation".to_owned(),
    }
}

/// Draws people; made once from parameters and correlations, then read at any person.
#[derive(Clone, Debug)]
pub struct Sampler {
    parameters: Vec<SampledParameter>,
    streams: Vec<StreamId>,
    groups: Vec<Group>,
}

impl Sampler {
    /// Checks parameters and correlations.
    ///
    /// # Errors
    /// [`SamplerError`]: names listed twice or unknown, spreads or coefficients out of range,
    /// correlations that contradict each other.
    pub fn new(
        parameters: Vec<SampledParameter>,
        correlations: &[Correlation],
    ) -> Result<Sampler, SamplerError> {
        let mut positions = BTreeMap::new();
        for (position, parameter) in parameters.iter().enumerate() {
            check(parameter)?;
            if positions
                .insert(parameter.name.as_str(), position)
                .is_some()
            {
                return Err(SamplerError::Duplicate {
                    name: parameter.name.clone(),
                });
            }
        }
        let groups = correlation::groups(&positions, correlations)?;
        let streams = parameters
            .iter()
            .map(|parameter| StreamId::named("parameter", &parameter.name))
            .collect();
        Ok(Sampler {
            parameters,
            streams,
            groups,
        })
    }

    /// The parameters, in the order of the values drawn.
    pub fn parameters(&self) -> &[SampledParameter] {
        &self.parameters
    }

    /// One person's values, in the order of [`Sampler::parameters`].
    pub fn draw(&self, seed: u64, person: u32) -> Vec<f64> {
        self.values(self.scores(seed, person))
    }

    /// One person's standard normal numbers, correlated, in the order of [`Sampler::parameters`].
    pub fn scores(&self, seed: u64, person: u32) -> Vec<f64> {
        let mut scores: Vec<f64> = self
            .streams
            .iter()
            .map(|stream| RandomStream::new(seed, person, *stream).normal_at(0))
            .collect();
        for group in &self.groups {
            group.correlate(&mut scores);
        }
        scores
    }

    /// The values at these standard normal numbers, one a parameter.
    pub fn values(&self, mut scores: Vec<f64>) -> Vec<f64> {
        for (score, parameter) in scores.iter_mut().zip(&self.parameters) {
            *score = value_at(parameter, *score);
        }
        scores
    }

    /// The values of many people, one row a person; the same as [`Sampler::draw`] for each.
    pub fn population(&self, seed: u64, persons: Range<u32>) -> Vec<Vec<f64>> {
        persons
            .into_par_iter()
            .map(|person| self.draw(seed, person))
            .collect()
    }
}

fn check(parameter: &SampledParameter) -> Result<(), SamplerError> {
    let refuse = |reason| SamplerError::Spread {
        name: parameter.name.clone(),
        reason,
    };
    if !parameter.value.is_finite() {
        return Err(refuse(format!(
            "the value is {}; it must be a finite number",
            parameter.value
        )));
    }
    parameter.spread.check(parameter.value).map_err(refuse)
}

/// The value of a parameter whose standard normal score is `score`: the quantile of the spread at
/// the probability of that score.
fn value_at(parameter: &SampledParameter, score: f64) -> f64 {
    let centre = parameter.value;
    let probability = || standard_normal_probability(score);
    match parameter.spread {
        Spread::Fixed => centre,
        Spread::Normal { sd } => centre + sd * score,
        Spread::LogNormal { sd_ln } => centre * libm::exp(sd_ln * score),
        Spread::Uniform { low, high } => (low + (high - low) * probability()).clamp(low, high),
        Spread::LogUniform { low, high } => {
            let width = libm::log(high / low);
            (low * libm::exp(width * probability())).clamp(low, high)
        }
        Spread::TruncatedNormal { sd: 0.0, .. } => centre,
        Spread::TruncatedNormal { sd, low, high } => {
            let below = standard_normal_probability((low - centre) / sd);
            let above = standard_normal_probability((high - centre) / sd);
            let inner = below + (above - below) * probability();
            (centre + sd * standard_normal_quantile(inner)).clamp(low, high)
        }
    }
}

#[cfg(test)]
mod tests;
