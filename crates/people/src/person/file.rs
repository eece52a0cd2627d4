//! The file as written: names and texts with their places.

use serde::Deserialize;
use serde::de::IgnoredAny;
use toml::Spanned;
use toml::value::Datetime;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub person: Spanned<About>,
    #[serde(default, rename = "score")]
    pub scores: Vec<Spanned<Score>>,
    #[serde(default, rename = "reading")]
    pub readings: Vec<Spanned<Reading>>,
    #[serde(default)]
    pub questionnaire: Questionnaire,
    #[serde(default)]
    pub diet: Diet,
    #[serde(default, rename = "drug")]
    pub drugs: Vec<Spanned<Drug>>,
    #[serde(default, rename = "profile")]
    pub profiles: Vec<Spanned<Profile>>,
    // What is asked of the person, in the schema of scenarios: read where scenarios are read.
    #[serde(default, rename = "forecast")]
    _forecast: IgnoredAny,
    #[serde(default, rename = "option")]
    _options: IgnoredAny,
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
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct About {
    pub name: Option<String>,
    pub date: Spanned<Datetime>,
    pub age: Spanned<f64>,
    pub sex: Spanned<String>,
    pub weight: Option<Spanned<String>>,
    pub height: Option<Spanned<String>>,
    pub condition: Spanned<String>,
    pub food_allergy: Option<bool>,
    pub filaggrin_loss: Option<bool>,
    pub free_niche: Option<bool>,
    pub delivery: Option<Spanned<String>>,
    pub feeding: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Score {
    pub name: Spanned<String>,
    pub value: Spanned<f64>,
    pub date: Option<Spanned<Datetime>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reading {
    pub name: Spanned<String>,
    pub value: Spanned<String>,
    pub date: Option<Spanned<Datetime>>,
}

/// The sum, or the answers one by one.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Answers {
    Sum(f64),
    Items(Vec<f64>),
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Questionnaire {
    pub pss10: Option<Spanned<Answers>>,
    pub pss4: Option<Spanned<Answers>>,
    pub isi: Option<Spanned<Answers>>,
    pub psqi: Option<Spanned<Answers>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Diet {
    pub pattern: Option<Spanned<String>>,
    pub medas: Option<Spanned<Answers>>,
    #[serde(default, rename = "food")]
    pub foods: Vec<Spanned<Food>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Food {
    pub name: Spanned<String>,
    pub amount: Spanned<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Drug {
    pub name: Spanned<String>,
    pub from: Spanned<Datetime>,
    pub until: Option<Spanned<Datetime>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Profile {
    pub file: Spanned<String>,
    pub sample: Option<Spanned<String>>,
    pub date: Option<Spanned<Datetime>>,
}
