//! The one scenario schema: who, what is changed when, what is read when.

mod age;
mod background;
mod design;
mod drug;
mod eaten;
mod endpoint;
mod error;
mod exposure;
mod file;
mod flare;
mod forecast;
mod kind;
mod observation;
mod population;
mod resolve;
mod timeline;
mod window;

pub use age::Ages;
pub use background::Background;
pub use design::{
    Adherence, Dependence, Design, DropOut, Estimand, Interim, Kind, Rescue, Trigger,
};
pub(crate) use eaten::{need, plain};
pub use endpoint::{Endpoint, Measure, Response, Subgroup, Trait};
pub use error::ScenarioError;
pub use flare::Flares;
pub(crate) use forecast::TOO_STRONG;
pub use forecast::{AS_NOW, Forecast, read_forecast};
pub(crate) use observation::remembered;
pub use observation::{Care, Observation};

use crate::Bursts;
use gutskin_biology::grade::Grades;
use gutskin_biology::stages;
use gutskin_network::overrides::Override;
use gutskin_network::{Network, ParameterTable, Schedule};
use gutskin_people::sampler::Correlation;
use toml::Spanned;

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
    /// What is possible but doubtful, with file and line: doses that were never studied.
    pub warnings: Vec<String>,
    /// Age that everyone has, where they are no adults.
    pub life_stage: Option<String>,
    /// Does life begin with the study? Then nobody comes to rest before it.
    pub from_birth: bool,
    /// Skin condition, for example `acne`.
    pub condition: String,
    /// Seed of everything random.
    pub seed: u64,
    /// Length of treatment, days.
    pub duration: f64,
    /// Times at which patients are seen, days from randomisation, from 0 to the end of follow-up.
    pub visits: Vec<f64>,
    /// Who takes part.
    pub population: Population,
    /// What they get; the first is the comparator.
    pub arms: Vec<Arm>,
    /// What is judged.
    pub endpoint: Endpoint,
    /// What is looked at beside, tolerability for example.
    pub secondary: Vec<Endpoint>,
    /// By which traits people are parted in the search for who responds.
    pub subgroups: Vec<Subgroup>,
    /// How the trial is run.
    pub design: Design,
    /// Switch values, 0 or 1, one a switch of the network.
    pub switches: Vec<f64>,
    /// The model in its other mode, where both are needed: under a model with the clock, in which nobody rests, and where
    /// there are windows.
    pub sibling: Option<Network>,
    /// Flares, where the design asks for them.
    pub flares: Option<Flares>,
    /// How bursts of bacterial DNA come.
    pub bursts: Bursts,
    /// Days from randomisation that are lived by the clock, in order; the others are daily means.
    pub windows: Vec<[f64; 2]>,
    /// Care that every arm gets from the start, where the placebo course of the condition is in the equations.
    pub care: Option<Care>,
}

/// Who takes part.
#[derive(Clone, Debug)]
pub struct Population {
    /// Number of people in each arm, all of whom satisfy the inclusion rules.
    pub size: usize,
    /// Draws of the parameters that are not known (gains of links); 0 where only their central values are used.
    pub parameter_draws: usize,
    /// Their ages, where the file says so.
    pub ages: Option<Ages>,
    /// Inclusion rules, on observables at entry: who enters satisfies all.
    pub include: Vec<Inclusion>,
    /// Exclusion rules: who enters satisfies none.
    pub exclude: Vec<Inclusion>,
    /// What everybody is on.
    pub background: Background,
    /// Correlations between parameters, on the scale of the Gaussian copula.
    pub correlations: Vec<Correlation>,
}

impl Scenario {
    /// Whether people are let in or kept out by the reading of the endpoint at entry.
    #[must_use]
    pub fn screened_by_endpoint(&self) -> bool {
        let rules = self
            .population
            .include
            .iter()
            .chain(&self.population.exclude);
        rules
            .into_iter()
            .any(|r| r.observable == self.endpoint.observable)
    }
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
    /// Where it is about a global assessment: its grades, for a reading is a whole one.
    pub grades: Option<Grades>,
    /// Where the rule stands, `file:line:column`.
    pub place: String,
}

impl Inclusion {
    /// Whether a value of the observable, or a reading of it, lies within the bounds.
    #[must_use]
    pub fn holds(&self, value: f64) -> bool {
        let read = self
            .grades
            .map_or(value, |grades| grades.written(grades.score(value)));
        (self.low..=self.high).contains(&read)
    }
}

/// One arm.
#[derive(Clone, Debug)]
pub struct Arm {
    /// Name.
    pub name: String,
    /// Input changes, days.
    pub schedule: Schedule,
    /// How much of the usual value is in the changes of inputs, for people whose usual is their own.
    pub usual_shares: Vec<UsualShare>,
    /// Factors that the arm holds, in a factorial trial.
    pub factors: Vec<String>,
}

/// What of an input's usual value is in a change: all of it where something is added or a change ends, nothing where a value is
/// set, the rest of the way where a dose moves it towards a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UsualShare {
    /// Index of the input.
    pub input: u32,
    /// Day of the change.
    pub time: f64,
    /// Share of the usual value.
    pub share: f64,
}

impl Arm {
    /// The share for the change of an input at a time; nothing where the change is no input's or sets it.
    #[must_use]
    pub fn usual_share(&self, input: u32, time: f64) -> f64 {
        let here = |u: &&UsualShare| u.input == input && u.time == time;
        self.usual_shares.iter().find(here).map_or(0.0, |u| u.share)
    }
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
    let mut raw = file::parse(file, text)?;
    let mut staged = None;
    let ages = raw.population.age.as_ref();
    let found = age::read(
        (file, text),
        ages,
        raw.scenario.as_ref().life_stage.as_ref(),
    )?;
    let at = ages.map_or(0..0, Spanned::span);
    if let Some((_, Some(stage))) = found {
        let header = raw.scenario.as_mut();
        header
            .life_stage
            .get_or_insert_with(|| age::named(stage, at.clone()));
    }
    if let Some(stage) = &raw.scenario.as_ref().life_stage {
        let mut own = table.clone();
        stages::lay_over(&mut own, stage.as_ref())
            .map_err(|e| ScenarioError::new(file, text, Some(stage.span()), e.to_string()))?;
        staged = Some(own);
    }
    let resolver = resolve::Resolver::new(file, text, staged.as_ref().unwrap_or(table));
    resolver.names(&raw)?;
    let mut scenario = resolver.resolve(raw, changes)?;
    scenario.population.ages = found.map(|f| f.0);
    if let Some(doubt) = scenario.population.ages.and_then(Ages::doubt) {
        scenario
            .warnings
            .push(format!("{}: {doubt}", resolver.place(&at)));
    }
    let short = window::short_events(
        &scenario,
        "add [[window]] with start and stop around it, or take the model within the day",
    );
    scenario.warnings.extend(short);
    Ok(scenario)
}
