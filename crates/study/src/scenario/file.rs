//! The file as written: names and texts with their places.

use super::ScenarioError;
use serde::Deserialize;
use serde::de::IgnoredAny;
use toml::Spanned;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub scenario: Spanned<Header>,
    pub population: Population,
    #[serde(rename = "arm")]
    pub arms: Vec<Spanned<Arm>>,
    pub endpoint: Spanned<Endpoint>,
    // Changes of the model: read by `overrides`, so that they mean the same in every file.
    #[serde(default, rename = "parameters")]
    _parameters: IgnoredAny,
    #[serde(default, rename = "priors")]
    _priors: IgnoredAny,
    #[serde(default, rename = "switches")]
    _switches: IgnoredAny,
    #[serde(default, rename = "inputs")]
    _inputs: IgnoredAny,
    #[serde(default, rename = "catalogue")]
    _catalogue: IgnoredAny,
    /// What a study published; read by the evidence ledger, of no meaning for the simulation.
    #[serde(default, rename = "published")]
    pub _published: Option<toml::Value>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub name: String,
    #[serde(default)]
    pub question: String,
    pub model: Spanned<String>,
    pub condition: Spanned<String>,
    /// What placebo arms get beside, in eczema.
    pub care: Option<Spanned<String>>,
    pub duration: Spanned<String>,
    pub visits: Spanned<String>,
    #[serde(default)]
    pub seed: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Population {
    pub size: Spanned<usize>,
    #[serde(default)]
    pub include: Vec<Spanned<Inclusion>>,
    #[serde(default, rename = "correlation")]
    pub correlations: Vec<Spanned<Correlation>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Correlation {
    pub first: Spanned<String>,
    pub second: Spanned<String>,
    pub rho: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Inclusion {
    pub observable: Spanned<String>,
    pub low: Option<f64>,
    pub high: Option<f64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Arm {
    pub name: String,
    #[serde(default, rename = "change")]
    pub changes: Vec<Spanned<Change>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    pub input: Option<Spanned<String>>,
    pub value: Option<Spanned<String>>,
    /// A name of `catalogue/exposures.csv` in place of input and value.
    pub exposure: Option<Spanned<String>>,
    /// A name of `catalogue/skin_drugs.csv` in place of input and value.
    pub drug: Option<Spanned<String>>,
    /// Between doses of the drug, in place of its usual interval.
    pub interval: Option<Spanned<String>>,
    /// Over the usual dose of the exposure.
    pub dose: Option<Spanned<f64>>,
    pub start: Option<Spanned<String>>,
    pub stop: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Endpoint {
    pub observable: Spanned<String>,
    pub measure: Spanned<String>,
    pub at: Option<Spanned<String>>,
}

pub(super) fn parse(file: &str, text: &str) -> Result<File, ScenarioError> {
    toml::from_str(text).map_err(|e| {
        ScenarioError::new(file, text, e.span(), e.message().to_owned())
            .with_help("a scenario has [scenario], [population], [[arm]] and [endpoint], and may have [parameters], [priors], [switches], [inputs] and [catalogue]; see the files in examples/")
    })
}
