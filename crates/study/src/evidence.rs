//! The evidence ledger: published studies beside what the model predicts for them.
//!
//! One TOML file a study; its `[scenario]` part is the one scenario schema.

use crate::scenario::{self, Scenario, ScenarioError};
use crate::trial::{TrialError, TrialSummary, run, summarise};
use gutskin_network::ParameterTable;
use serde::{Deserialize, Serialize};

/// What was published.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// Id of the row.
    pub id: String,
    /// Effect, in the unit of the scenario's endpoint.
    pub effect: f64,
    /// Lower bound of the published 95 % interval, where one was given.
    pub low: Option<f64>,
    /// Upper bound.
    pub high: Option<f64>,
    /// Where it was published.
    pub citation: String,
    /// What the scenario leaves out or assumes.
    #[serde(default)]
    pub note: String,
}

/// A study: what was published, and the scenario that repeats it.
#[derive(Clone, Debug)]
pub struct Study {
    /// What was published.
    pub published: Published,
    /// The study as it is simulated.
    pub scenario: Scenario,
}

/// Published and predicted side by side.
#[derive(Clone, Debug, Serialize)]
pub struct Verdict {
    /// What was published.
    pub published: Published,
    /// Predicted mean effect.
    pub predicted: f64,
    /// Whether the sign agrees.
    pub same_direction: bool,
    /// Whether the prediction lies in the published interval; nothing where none was published.
    pub inside_published_interval: Option<bool>,
    /// Whether the published effect lies within what a trial of that size would see, as predicted.
    pub covered_by_prediction: bool,
    /// The whole simulated trial.
    pub simulated: TrialSummary,
}

/// Reads a study file: a table `[published]`, the rest is a scenario.
///
/// # Errors
/// The first fault, with its place.
pub fn read(file: &str, text: &str, table: &ParameterTable) -> Result<Study, ScenarioError> {
    #[derive(Deserialize)]
    struct OnlyPublished {
        published: Published,
    }
    let parsed: OnlyPublished = toml::from_str(text)
        .map_err(|e| ScenarioError::new(file, text, e.span(), e.message().to_owned()))?;
    Ok(Study {
        published: parsed.published,
        scenario: scenario::read(file, text, table)?,
    })
}

/// Simulates a study and compares.
///
/// # Errors
/// [`TrialError`].
pub fn judge(study: &Study) -> Result<Verdict, TrialError> {
    let run = run(&study.scenario, &mut |_| {})?;
    let simulated = summarise(&study.scenario, &run);
    let comparison = &simulated.comparisons[0];
    let (predicted, half) = (comparison.effect.mean, comparison.trial_half_width);
    let effect = study.published.effect;
    Ok(Verdict {
        published: study.published.clone(),
        predicted,
        same_direction: predicted * effect > 0.0,
        inside_published_interval: study
            .published
            .low
            .zip(study.published.high)
            .map(|(low, high)| (low..=high).contains(&predicted)),
        covered_by_prediction: (predicted - half..=predicted + half).contains(&effect),
        simulated,
    })
}
