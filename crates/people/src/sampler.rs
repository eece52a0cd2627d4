//! Draws people from parameter spreads and correlations.
//!
//! Each parameter of each person has one standard normal number of its own, keyed by (seed,
//! person, parameter name). Correlated parameters share these numbers through a Gaussian copula;
//! the spread then maps the number to a value. So a person's value depends neither on the order
//! of the parameters nor on who else is drawn, and a new parameter leaves all others as they are.
//! A correlation changes the later parameter (by name) of its pair, and those after it that are
//! linked with either; every other value stays. Where something is told of a parameter
//! ([`Sampler::told`]), those linked with it follow their distribution given what is told.

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

/// What is known of a parameter of one person, in place of how it varies between people.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// The parameter with the value and spread that are left.
    pub parameter: SampledParameter,
    /// What a value must be multiplied by to stand on the scale of how it varies between people.
    pub factor: f64,
}

/// How a parameter of which something is told varies between people.
#[derive(Clone, Debug)]
struct Prior {
    parameter: SampledParameter,
    factor: f64,
}

/// Standard normal numbers beyond this are not told from it: a value beyond the bounds of its
/// spread stands so far out for those that go with it.
const FARTHEST: f64 = 4.0;

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
    correlations: Vec<Correlation>,
    priors: BTreeMap<usize, Prior>,
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
        let positions = positions(&parameters)?;
        let groups = correlation::groups(&positions, correlations, &|_| false)?;
        let streams = parameters
            .iter()
            .map(|parameter| StreamId::named("parameter", &parameter.name))
            .collect();
        Ok(Sampler {
            parameters,
            streams,
            groups,
            correlations: correlations.to_vec(),
            priors: BTreeMap::new(),
        })
    }

    /// The same for a person of whom something is known: what is told stands in place of how its
    /// parameters vary between people, and the parameters that go with them follow the
    /// distribution that they have given these. Of two that are both told each keeps its own.
    ///
    /// # Errors
    /// [`SamplerError`]: names that are not sampled, spreads out of range.
    pub fn told(mut self, told: Vec<Told>) -> Result<Sampler, SamplerError> {
        for Told { parameter, factor } in told {
            check(&parameter)?;
            let at = self
                .parameters
                .iter()
                .position(|p| p.name == parameter.name);
            let Some(at) = at else {
                return Err(SamplerError::Spread {
                    name: parameter.name,
                    reason: "it is not sampled, so that nothing can be told of it".into(),
                });
            };
            let before = std::mem::replace(&mut self.parameters[at], parameter);
            self.priors.entry(at).or_insert(Prior {
                parameter: before,
                factor,
            });
        }
        let positions = positions(&self.parameters)?;
        let known = |position: usize| self.priors.contains_key(&position);
        self.groups = correlation::groups(&positions, &self.correlations, &known)?;
        Ok(self)
    }

    /// The parameters, in the order of the values drawn.
    pub fn parameters(&self) -> &[SampledParameter] {
        &self.parameters
    }

    /// The correlations.
    pub fn correlations(&self) -> &[Correlation] {
        &self.correlations
    }

    /// One person's values, in the order of [`Sampler::parameters`].
    pub fn draw(&self, seed: u64, person: u32) -> Vec<f64> {
        self.values(self.scores(seed, person))
    }

    /// One person's standard normal numbers, correlated, in the order of [`Sampler::parameters`].
    pub fn scores(&self, seed: u64, person: u32) -> Vec<f64> {
        self.correlated(self.independent(seed, person))
    }

    /// One person's standard normal numbers before correlation, in the order of
    /// [`Sampler::parameters`].
    pub fn independent(&self, seed: u64, person: u32) -> Vec<f64> {
        self.streams
            .iter()
            .map(|stream| RandomStream::new(seed, person, *stream).normal_at(0))
            .collect()
    }

    /// Correlated numbers from independent ones, each on the scale of its parameter's spread.
    pub fn correlated(&self, mut scores: Vec<f64>) -> Vec<f64> {
        let between_people = |position: usize, score: f64| {
            let prior = self.priors.get(&position)?;
            let value = value_at(&self.parameters[position], score);
            Some(score_of(&prior.parameter, prior.factor * value))
        };
        for group in &self.groups {
            group.correlate(&mut scores, &between_people);
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

fn positions(parameters: &[SampledParameter]) -> Result<BTreeMap<&str, usize>, SamplerError> {
    let mut positions = BTreeMap::new();
    for (position, parameter) in parameters.iter().enumerate() {
        check(parameter)?;
        let name = parameter.name.as_str();
        if positions.insert(name, position).is_some() {
            return Err(SamplerError::Duplicate {
                name: parameter.name.clone(),
            });
        }
    }
    Ok(positions)
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
pub(crate) fn value_at(parameter: &SampledParameter, score: f64) -> f64 {
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

/// The standard normal score of a value, the inverse of [`value_at`].
fn score_of(parameter: &SampledParameter, value: f64) -> f64 {
    let centre = parameter.value;
    let score = match parameter.spread {
        Spread::Normal { sd } | Spread::TruncatedNormal { sd, .. } if sd == 0.0 => 0.0,
        Spread::LogNormal { sd_ln: 0.0 } | Spread::Fixed => 0.0,
        Spread::Normal { sd } => (value - centre) / sd,
        Spread::LogNormal { sd_ln } => libm::log(value / centre) / sd_ln,
        Spread::Uniform { low, high } => quantile((value - low) / (high - low)),
        Spread::LogUniform { low, high } => {
            quantile(libm::log(value / low) / libm::log(high / low))
        }
        Spread::TruncatedNormal { sd, low, high } => {
            let below = |x: f64| standard_normal_probability((x - centre) / sd);
            quantile((below(value) - below(low)) / (below(high) - below(low)))
        }
    };
    if score.is_nan() {
        return 0.0;
    }
    score.clamp(-FARTHEST, FARTHEST)
}

fn quantile(probability: f64) -> f64 {
    if probability <= 0.0 {
        f64::NEG_INFINITY
    } else if probability >= 1.0 {
        f64::INFINITY
    } else {
        standard_normal_quantile(probability)
    }
}

#[cfg(test)]
mod tests;
