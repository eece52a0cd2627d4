//! One person or many through a scenario: any state or observable over time, without screening, placebo course or noise.

use crate::scenario::Scenario;
use crate::statistics::{mean, quantile, sorted};
use crate::trial::{Clinic, Recorded, TrialError, courses};
use gutskin_network::nearest;
use serde::Serialize;
use thiserror::Error;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// States and observables by name; the endpoint's observable where none is named.
    pub names: Vec<String>,
    /// People drawn; 0 is one person with the central value of every parameter.
    pub people: u32,
    /// Days between rows.
    pub every: f64,
}

/// Why nothing could be simulated.
#[derive(Debug, Error)]
pub enum SimulateError {
    /// A name that is neither state nor observable.
    #[error("no state or observable is named \"{name}\"{hint}")]
    Unknown {
        /// The name.
        name: String,
        /// What may be meant.
        hint: String,
    },
    /// Too many rows, or none.
    #[error("{rows:.3e} rows over {days} d are not possible; 1 to 100000")]
    Rows {
        /// Rows asked for.
        rows: f64,
        /// Days of the scenario.
        days: f64,
    },
    /// The solver could not be set up.
    #[error(transparent)]
    Trial(#[from] TrialError),
}

/// What was recorded under one name in one arm.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Series {
    /// Title of the scenario.
    pub scenario: String,
    /// Name of the arm.
    pub arm: String,
    /// Name of the state or observable.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// What it is.
    pub meaning: String,
    /// Days from the start of treatment.
    pub days: Vec<f64>,
    /// Mean over people.
    pub mean: Vec<f64>,
    /// 5 % quantile over people.
    pub low: Vec<f64>,
    /// 95 % quantile over people.
    pub high: Vec<f64>,
    /// People who were solved.
    pub people: usize,
    /// People who were not.
    pub failed: usize,
    /// Why the first one was not.
    pub first_failure: Option<String>,
}

/// Follows people through every arm of a scenario.
///
/// # Errors
/// [`SimulateError`]; a person whose solve fails is counted in the series.
pub fn simulate(scenario: &Scenario, request: &Request) -> Result<Vec<Series>, SimulateError> {
    let mut grid = scenario.clone();
    let end = scenario.end();
    let rows = end / request.every;
    if !(1.0..=100_000.0).contains(&rows) {
        return Err(SimulateError::Rows { rows, days: end });
    }
    grid.visits = (0..=rows.floor() as usize)
        .map(|i| i as f64 * request.every)
        .collect();
    if grid.visits.last().is_some_and(|&last| last < end) {
        grid.visits.push(end);
    }
    let asked = asked(scenario, &request.names)?;
    let recorded = asked.iter().map(|a| a.what).collect();
    let mut clinic = Clinic::new(&grid)?.recording(recorded);
    if request.people == 0 {
        clinic = clinic.alike();
    }
    let mut all = Vec::new();
    for arm in &scenario.arms {
        let followed = courses(&mut clinic, &grid, arm, 0..request.people.max(1))?;
        let failures: Vec<&String> = followed.iter().filter_map(|f| f.as_ref().err()).collect();
        let solved: Vec<&Vec<Vec<f64>>> = followed.iter().filter_map(|f| f.as_ref().ok()).collect();
        for (number, asked) in asked.iter().enumerate() {
            let mut series = Series {
                scenario: scenario.name.clone(),
                arm: arm.name.clone(),
                name: asked.name.clone(),
                unit: asked.unit.clone(),
                meaning: asked.meaning.clone(),
                days: grid.visits.clone(),
                mean: Vec::new(),
                low: Vec::new(),
                high: Vec::new(),
                people: solved.len(),
                failed: failures.len(),
                first_failure: failures.first().map(|f| (*f).clone()),
            };
            series.fill(&solved, number);
            all.push(series);
        }
    }
    Ok(all)
}

impl Series {
    fn fill(&mut self, solved: &[&Vec<Vec<f64>>], number: usize) {
        for row in 0..self.days.len() {
            let values = sorted(solved.iter().map(|person| person[number][row]).collect());
            self.mean.push(mean(&values));
            self.low.push(quantile(&values, 0.05));
            self.high.push(quantile(&values, 0.95));
        }
    }
}

/// Where the central person is at rest on the usual inputs, in the order of the states.
///
/// # Errors
/// No solver for this model, or no stable steady state: the reason.
pub fn central_rest(scenario: &Scenario) -> Result<Result<Vec<f64>, String>, SimulateError> {
    let clinic = Clinic::new(scenario)?.alike();
    let person = clinic.at_rest(&[0])?.into_iter().next();
    Ok(person.map_or(Err("nobody was drawn".to_owned()), |rest| {
        rest.map(|person| person.states)
    }))
}

struct Asked {
    what: Recorded,
    name: String,
    unit: String,
    meaning: String,
}

fn asked(scenario: &Scenario, names: &[String]) -> Result<Vec<Asked>, SimulateError> {
    let network = &scenario.network;
    let text = |unit: Option<String>| unit.unwrap_or_default();
    let observable = |i: u32| {
        let o = &network.observables[i as usize];
        Asked {
            what: Recorded::Observable(i),
            name: o.name.clone(),
            unit: text(o.unit.as_ref().map(ToString::to_string)),
            meaning: o.doc.clone(),
        }
    };
    if names.is_empty() {
        return Ok(vec![observable(scenario.endpoint.observable)]);
    }
    let one = |name: &String| {
        if let Some(i) = network.observable(name) {
            return Ok(observable(i));
        }
        if let Some(i) = network.state(name) {
            let s = &network.states[i as usize];
            return Ok(Asked {
                what: Recorded::State(i),
                name: s.name.clone(),
                unit: text(s.unit.as_ref().map(ToString::to_string)),
                meaning: "state of the model".to_owned(),
            });
        }
        let known = network.observables.iter().map(|o| o.name.as_str());
        let known = known.chain(network.states.iter().map(|s| s.name.as_str()));
        Err(SimulateError::Unknown {
            name: name.clone(),
            hint: nearest(name, known).map_or_else(
                || "; gutskin model lists them".to_owned(),
                |near| format!("; did you mean \"{near}\"?"),
            ),
        })
    };
    names.iter().map(one).collect()
}
