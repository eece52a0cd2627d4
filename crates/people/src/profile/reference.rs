//! Reference distributions, one a method: what people's profiles look like by that method.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::error::{PeopleError, Result};
use crate::taxonomy::Guild;

use super::method::{Method, Unit};

/// Probabilities of the stored quantiles.
pub const PROBABILITIES: [f64; 9] = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];

/// Reference files that ship with the project.
pub(crate) const SHIPPED: &[(&str, &str)] = &[
    (
        "catalogue/reference/hmp2_nonibd_metaphlan2.toml",
        include_str!("../../../../catalogue/reference/hmp2_nonibd_metaphlan2.toml"),
    ),
    (
        "catalogue/reference/bioml_16s_genus.toml",
        include_str!("../../../../catalogue/reference/bioml_16s_genus.toml"),
    ),
    (
        "catalogue/reference/dietswap_hitchip.toml",
        include_str!("../../../../catalogue/reference/dietswap_hitchip.toml"),
    ),
    (
        "catalogue/reference/western_adult_metaphlan3.toml",
        include_str!("../../../../catalogue/reference/western_adult_metaphlan3.toml"),
    ),
];

/// What the spread of a reference is a spread of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spread {
    /// People.
    People,
    /// Means of studies: narrower than people, no limits for a person.
    StudyMeans,
}

/// Where a value lies among the reference's people.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Position {
    /// Percentile, 0 to 100, interpolated; values beyond the 1st and 99th are given as 1 and 99.
    pub percentile: f64,
    /// 5th percentile of the reference.
    pub p05: f64,
    /// Median of the reference.
    pub median: f64,
    /// 95th percentile of the reference.
    pub p95: f64,
}

/// A reference distribution.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// Identifier.
    pub id: String,
    /// Title in words.
    pub title: String,
    /// Method that made the profiles.
    pub method: Method,
    /// Unit in which composition and diversity are given.
    pub unit: Unit,
    /// What the quantiles are of.
    pub spread: Spread,
    /// Samples.
    pub samples: usize,
    /// People, or studies.
    pub subjects: usize,
    /// Origin.
    pub source: String,
    /// Licence of the origin.
    pub licence: String,
    /// What a reader must know.
    pub caution: String,
    /// Whether the source lists a chosen set of taxa, so that others must be left out before comparing.
    pub list_limited: bool,
    /// Quantiles of metrics at [`PROBABILITIES`].
    pub quantiles: BTreeMap<String, Vec<f64>>,
    /// Mean share of each guild, `none` and `unlisted`.
    pub guild_means: BTreeMap<String, f64>,
    /// Quantiles of each guild's share.
    pub guild_quantiles: BTreeMap<String, Vec<f64>>,
    /// Mean composition.
    pub composition: BTreeMap<String, f64>,
}

impl Reference {
    /// The references that ship with the project.
    ///
    /// # Errors
    /// When a shipped file is damaged.
    pub fn shipped() -> Result<Vec<Self>> {
        SHIPPED
            .iter()
            .map(|(name, text)| Self::parse(name, text))
            .collect()
    }

    /// Reads a reference file.
    ///
    /// # Errors
    /// When the text is no reference.
    pub fn parse(name: &str, text: &str) -> Result<Self> {
        let reference: Self = toml::from_str(text).map_err(|error| PeopleError::Table {
            table: name.to_owned(),
            place: "whole file".to_owned(),
            problem: error.message().to_owned(),
            advice: "Make it with `gutskin profile-reference`".to_owned(),
        })?;
        let wrong = reference
            .quantiles
            .values()
            .chain(reference.guild_quantiles.values())
            .any(|values| values.len() != PROBABILITIES.len());
        if wrong {
            return Err(PeopleError::Table {
                table: name.to_owned(),
                place: "quantiles".to_owned(),
                problem: format!("each needs {} numbers", PROBABILITIES.len()),
                advice: "Make it with `gutskin profile-reference`".to_owned(),
            });
        }
        Ok(reference)
    }

    /// Where a value lies; `None` where the reference does not know the metric or is no spread of people.
    #[must_use]
    pub fn position(&self, metric: &str, value: f64) -> Option<Position> {
        if self.spread != Spread::People {
            return None;
        }
        position(self.quantiles.get(metric)?, value)
    }

    /// Where a guild's share lies.
    #[must_use]
    pub fn guild_position(&self, guild: Guild, value: f64) -> Option<Position> {
        position(self.guild_quantiles.get(guild.code())?, value)
    }
}

fn position(quantiles: &[f64], value: f64) -> Option<Position> {
    if quantiles.len() != PROBABILITIES.len() || !value.is_finite() {
        return None;
    }
    let last = PROBABILITIES.len() - 1;
    let percentile = if value <= quantiles[0] {
        PROBABILITIES[0]
    } else if value >= quantiles[last] {
        PROBABILITIES[last]
    } else {
        let at = quantiles
            .partition_point(|quantile| *quantile <= value)
            .clamp(1, last);
        let width = quantiles[at] - quantiles[at - 1];
        let part = if width > 0.0 {
            (value - quantiles[at - 1]) / width
        } else {
            0.5
        };
        PROBABILITIES[at - 1] + part * (PROBABILITIES[at] - PROBABILITIES[at - 1])
    };
    Some(Position {
        percentile: 100.0 * percentile,
        p05: quantiles[1],
        median: quantiles[4],
        p95: quantiles[7],
    })
}

/// One sample that enters a reference.
#[derive(Debug, Clone)]
pub struct ReferenceSample {
    /// Person (or study) that the sample is of; each weighs the same.
    pub subject: String,
    /// Metrics by name.
    pub metrics: BTreeMap<String, f64>,
    /// Shares of guilds, `none` and `unlisted`.
    pub guilds: BTreeMap<String, f64>,
    /// Composition by name.
    pub composition: BTreeMap<String, f64>,
}

/// Words that describe a reference.
#[derive(Debug, Clone)]
pub struct Description {
    /// Identifier.
    pub id: String,
    /// Title.
    pub title: String,
    /// Method.
    pub method: Method,
    /// Unit.
    pub unit: Unit,
    /// What the spread is of.
    pub spread: Spread,
    /// Origin.
    pub source: String,
    /// Licence.
    pub licence: String,
    /// Caution.
    pub caution: String,
    /// Whether the taxa are a chosen list.
    pub list_limited: bool,
}

/// Summarises samples into a reference; each subject has the same weight.
///
/// # Errors
/// When there are no samples.
pub fn build(about: Description, samples: &[ReferenceSample]) -> Result<Reference> {
    if samples.is_empty() {
        return Err(PeopleError::Request {
            problem: "no sample is left to make a reference of".to_owned(),
            advice: "Check the group chosen".to_owned(),
        });
    }
    let mut per_subject: HashMap<&str, usize> = HashMap::new();
    for sample in samples {
        *per_subject.entry(&sample.subject).or_default() += 1;
    }
    let subjects = per_subject.len();
    let weights: Vec<f64> = samples
        .iter()
        .map(|sample| 1.0 / (per_subject[sample.subject.as_str()] * subjects) as f64)
        .collect();
    let mut quantiles = BTreeMap::new();
    for name in keys(samples, |sample| &sample.metrics) {
        let values: Vec<f64> = samples
            .iter()
            .map(|sample| sample.metrics.get(&name).copied().unwrap_or(0.0))
            .collect();
        quantiles.insert(name, weighted_quantiles(&values, &weights));
    }
    if about.spread == Spread::People {
        quantiles.insert(
            "distance".to_owned(),
            weighted_quantiles(&distances_to_others(samples), &weights),
        );
    }
    let mut guild_means = BTreeMap::new();
    let mut guild_quantiles = BTreeMap::new();
    for name in keys(samples, |sample| &sample.guilds) {
        let values: Vec<f64> = samples
            .iter()
            .map(|sample| sample.guilds.get(&name).copied().unwrap_or(0.0))
            .collect();
        guild_means.insert(
            name.clone(),
            rounded(
                values
                    .iter()
                    .zip(&weights)
                    .map(|(value, weight)| value * weight)
                    .sum(),
            ),
        );
        guild_quantiles.insert(name, weighted_quantiles(&values, &weights));
    }
    let composition = mean_composition(samples, &weights, None)
        .into_iter()
        .map(|(name, share)| (name, rounded(share)))
        .filter(|(_, share)| *share > 0.0)
        .collect();
    Ok(Reference {
        id: about.id,
        title: about.title,
        method: about.method,
        unit: about.unit,
        spread: about.spread,
        samples: samples.len(),
        subjects,
        source: about.source,
        licence: about.licence,
        caution: about.caution,
        list_limited: about.list_limited,
        quantiles,
        guild_means,
        guild_quantiles,
        composition,
    })
}

fn keys(
    samples: &[ReferenceSample],
    of: impl Fn(&ReferenceSample) -> &BTreeMap<String, f64>,
) -> Vec<String> {
    let mut names: Vec<String> = samples
        .iter()
        .flat_map(|sample| of(sample).keys().cloned())
        .collect();
    names.sort();
    names.dedup();
    names
}

/// Mean composition, a subject left out where asked.
fn mean_composition(
    samples: &[ReferenceSample],
    weights: &[f64],
    without: Option<&str>,
) -> BTreeMap<String, f64> {
    let mut mean: BTreeMap<String, f64> = BTreeMap::new();
    let mut total = 0.0;
    for (sample, weight) in samples.iter().zip(weights) {
        if Some(sample.subject.as_str()) == without {
            continue;
        }
        total += weight;
        for (name, share) in &sample.composition {
            *mean.entry(name.clone()).or_default() += weight * share;
        }
    }
    if total > 0.0 {
        mean.values_mut().for_each(|share| *share /= total);
    }
    mean
}

/// Distance of each sample to the mean of all other subjects, so that nobody is compared with himself.
fn distances_to_others(samples: &[ReferenceSample]) -> Vec<f64> {
    let mut per_subject: HashMap<&str, usize> = HashMap::new();
    for sample in samples {
        *per_subject.entry(&sample.subject).or_default() += 1;
    }
    let weights: Vec<f64> = samples
        .iter()
        .map(|sample| 1.0 / per_subject[sample.subject.as_str()] as f64)
        .collect();
    let mut means: HashMap<&str, BTreeMap<String, f64>> = HashMap::new();
    samples
        .iter()
        .map(|sample| {
            let mean = means
                .entry(&sample.subject)
                .or_insert_with(|| mean_composition(samples, &weights, Some(&sample.subject)));
            distance(&sample.composition, mean)
        })
        .collect()
}

/// Bray–Curtis distance of two named compositions.
#[must_use]
pub fn distance(one: &BTreeMap<String, f64>, other: &BTreeMap<String, f64>) -> f64 {
    let (mut difference, mut sum) = (0.0, 0.0);
    for (name, share) in one {
        let there = other.get(name).copied().unwrap_or(0.0);
        difference += (share - there).abs();
        sum += share + there;
    }
    for (name, share) in other {
        if !one.contains_key(name) {
            difference += share;
            sum += share;
        }
    }
    if sum > 0.0 { difference / sum } else { 0.0 }
}

/// Weighted quantiles with linear interpolation between the midpoints of the weights.
fn weighted_quantiles(values: &[f64], weights: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let total: f64 = weights.iter().sum();
    let mut points = Vec::with_capacity(values.len());
    let mut before = 0.0;
    for at in order {
        points.push(((before + weights[at] / 2.0) / total, values[at]));
        before += weights[at];
    }
    PROBABILITIES
        .iter()
        .map(|wanted| rounded(interpolate(&points, *wanted)))
        .collect()
}

fn interpolate(points: &[(f64, f64)], wanted: f64) -> f64 {
    let at = points.partition_point(|point| point.0 < wanted);
    match (
        at.checked_sub(1).and_then(|before| points.get(before)),
        points.get(at),
    ) {
        (Some(low), Some(high)) => {
            let width = high.0 - low.0;
            if width > 0.0 {
                low.1 + (wanted - low.0) / width * (high.1 - low.1)
            } else {
                high.1
            }
        }
        (Some(only), None) | (None, Some(only)) => only.1,
        (None, None) => 0.0,
    }
}

/// Six significant digits are more than any of these numbers bears.
fn rounded(value: f64) -> f64 {
    format!("{value:.6}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_equal_weights_are_the_usual_ones() {
        let values: Vec<f64> = (0..101).map(f64::from).collect();
        let quantiles = weighted_quantiles(&values, &vec![1.0; 101]);
        assert!((quantiles[4] - 50.0).abs() < 1e-9);
        assert!((quantiles[6] - 90.4).abs() < 0.2, "{quantiles:?}");
    }

    #[test]
    fn a_subject_with_many_samples_weighs_as_one() {
        let one = |subject: &str, value: f64| ReferenceSample {
            subject: subject.to_owned(),
            metrics: BTreeMap::from([("x".to_owned(), value)]),
            guilds: BTreeMap::from([("BIF".to_owned(), value)]),
            composition: BTreeMap::from([("A".to_owned(), value), ("B".to_owned(), 1.0 - value)]),
        };
        let mut samples = vec![one("a", 0.0)];
        samples.extend((0..9).map(|_| one("b", 1.0)));
        let about = Description {
            id: "t".into(),
            title: String::new(),
            method: Method::Unknown,
            unit: Unit::Genus,
            spread: Spread::People,
            source: String::new(),
            licence: String::new(),
            caution: String::new(),
            list_limited: false,
        };
        let reference = build(about, &samples).unwrap();
        assert_eq!(reference.guild_means["BIF"], 0.5);
        assert_eq!(reference.composition["A"], 0.5);
        assert_eq!(reference.subjects, 2);
        let text = toml::to_string(&reference).unwrap();
        assert_eq!(Reference::parse("t", &text).unwrap(), reference);
    }

    #[test]
    fn positions_grow_with_the_value_and_stay_within_bounds() {
        let quantiles: Vec<f64> = (1..=9).map(f64::from).collect();
        let mut last = 0.0;
        for step in 0..100 {
            let found = position(&quantiles, f64::from(step) / 10.0)
                .unwrap()
                .percentile;
            assert!(found >= last && (1.0..=99.0).contains(&found));
            last = found;
        }
        assert!(position(&quantiles, f64::NAN).is_none());
    }
}
