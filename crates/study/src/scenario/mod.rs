//! The one scenario schema: who, what is changed when, what is read when.

mod error;
mod exposure;
mod file;
mod resolve;

pub use error::ScenarioError;

use gutskin_network::overrides::Override;
use gutskin_network::{Network, ParameterTable, Schedule};
use gutskin_people::sampler::Correlation;

/// A checked scenario, in model units (days, indices).
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Title.
    pub name: String,
    /// What is asked, in a sentence.
    pub question: String,
    /// Name of the model.
    pub model: String,
    /// The model, with the scenario's overrides.
    pub network: Network,
    /// Those overrides and the ones from outside, in the order in which they apply.
    pub changes: Vec<Override>,
    /// Skin condition, for example `acne`.
    pub condition: String,
    /// Seed of everything random.
    pub seed: u64,
    /// Length, days.
    pub duration: f64,
    /// Times at which patients are seen, days, from 0 to the end.
    pub visits: Vec<f64>,
    /// Who takes part.
    pub population: Population,
    /// What they get; the first is the comparator.
    pub arms: Vec<Arm>,
    /// What is judged.
    pub endpoint: Endpoint,
    /// Switch values, 0 or 1, one a switch of the network.
    pub switches: Vec<f64>,
    /// How a value is seen: placebo course and noise.
    pub observation: Observation,
}

/// What stands between a patient's true value and the value written down at a visit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation {
    /// Median ratio that placebo and natural course reach in the end.
    pub placebo_ratio: f64,
    /// Spread of that ratio between people, standard deviation of the logarithm.
    pub placebo_sd_ln: f64,
    /// Time in which it is reached, days.
    pub placebo_time: f64,
    /// Noise of one reading, standard deviation of the logarithm.
    pub noise_sd_ln: f64,
}

/// Who takes part.
#[derive(Clone, Debug)]
pub struct Population {
    /// Number of people in each arm, all of whom satisfy the inclusion rules.
    pub size: usize,
    /// Inclusion rules, on observables at entry.
    pub include: Vec<Inclusion>,
    /// Correlations between parameters, on the scale of the Gaussian copula.
    pub correlations: Vec<Correlation>,
}

/// An interval for an observable at entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Inclusion {
    /// Index of the observable.
    pub observable: u32,
    /// Lowest value allowed.
    pub low: f64,
    /// Highest value allowed.
    pub high: f64,
}

/// One arm.
#[derive(Clone, Debug)]
pub struct Arm {
    /// Name.
    pub name: String,
    /// Input changes, days.
    pub schedule: Schedule,
}

/// How the endpoint is computed from the observable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Value at the end minus value at entry.
    Change,
    /// The same in percent of the value at entry.
    PercentChange,
}

/// What is judged.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// Index of the observable.
    pub observable: u32,
    /// How it is computed.
    pub measure: Measure,
    /// Index of the visit at which it is read.
    pub visit: usize,
}

/// Reads and checks a scenario. `file` is the name used in messages, `table` the parameters that models are built
/// from (overrides of the scenario are applied to a copy).
///
/// # Errors
/// The first fault, with the place in the text and the mend.
pub fn read(file: &str, text: &str, table: &ParameterTable) -> Result<Scenario, ScenarioError> {
    read_with(file, text, table, &[])
}

/// The same with changes from outside the file (`--set`), which win over those in it.
///
/// # Errors
/// As [`read()`], and the first change that cannot be made.
pub fn read_with(
    file: &str,
    text: &str,
    table: &ParameterTable,
    changes: &[Override],
) -> Result<Scenario, ScenarioError> {
    let raw = file::parse(file, text)?;
    resolve::Resolver::new(file, text, table).resolve(raw, changes)
}

impl Observation {
    /// The value itself: no placebo course, no noise.
    pub const EXACT: Observation = Observation {
        placebo_ratio: 1.0,
        placebo_sd_ln: 0.0,
        placebo_time: 1.0,
        noise_sd_ln: 0.0,
    };
}
