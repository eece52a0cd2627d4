//! One person or many through a scenario: any state or observable over time, without screening, placebo course or noise.

use crate::scenario::Scenario;
use crate::statistics::{mean, quantile, sorted};
use crate::trial::{AtRest, Clinic, Followed, Recorded, TrialError, courses};
use gutskin_network::{Network, Observable, nearest};
use serde::Serialize;
use thiserror::Error;

/// People brought to rest and followed at a time.
const BATCH: u32 = 1024;

/// Values that are held for quantiles: 800 MB.
const MOST_VALUES: f64 = 1e8;

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
    #[error("--every asks for {rows:.1} rows over {days} d; 1 to 100000 are possible")]
    Rows {
        /// Rows asked for.
        rows: f64,
        /// Days of the scenario.
        days: f64,
    },
    /// More than is held.
    #[error(
        "{values:.1e} values (people × rows × names × arms) are more than are held, {MOST_VALUES:e}: up to {people} people, or name fewer of --show, or a longer --every"
    )]
    Many {
        /// Values asked for.
        values: f64,
        /// People that are possible.
        people: f64,
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

/// Follows people through every arm of a scenario. `progress` is told the number of people done so far.
///
/// # Errors
/// [`SimulateError`]; a person whose solve fails is counted in the series.
pub fn simulate(
    scenario: &Scenario,
    request: &Request,
    progress: &mut dyn FnMut(u32),
) -> Result<Vec<Series>, SimulateError> {
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
    for name in &request.names {
        show_flux(&mut grid.network, name);
        grid.sibling.iter_mut().for_each(|s| show_flux(s, name));
    }
    let asked = asked(&grid, &request.names)?;
    let each = (asked.len() * grid.visits.len() * scenario.arms.len()) as f64;
    let values = each * f64::from(request.people);
    if values > MOST_VALUES {
        return Err(SimulateError::Many {
            values,
            people: (MOST_VALUES / each).floor(),
        });
    }
    let recorded = asked.iter().map(|a| a.what).collect();
    let mut clinic = Clinic::new(&grid)?.recording(recorded);
    if request.people == 0 {
        clinic = clinic.alike();
    }
    let people = request.people.max(1);
    let mut arms: Vec<Gathered> = (scenario.arms.iter())
        .map(|_| Gathered::of(asked.len(), grid.visits.len()))
        .collect();
    let mut done = 0;
    while done < people {
        let draws: Vec<u32> = (done..people.min(done.saturating_add(BATCH))).collect();
        let (rest, restless) = at_rest(&clinic, &draws)?;
        for (arm, gathered) in scenario.arms.iter().zip(&mut arms) {
            restless.iter().for_each(|why| gathered.failed(why));
            let followed = courses(&mut clinic, &grid, arm, &rest)?;
            followed.iter().for_each(|course| gathered.take(course));
        }
        done += u32::try_from(draws.len()).unwrap_or(u32::MAX);
        progress(done);
    }
    let named = scenario.arms.iter().zip(arms);
    Ok(named
        .flat_map(|(arm, gathered)| gathered.series((scenario, &arm.name), &asked, &grid.visits))
        .collect())
}

/// People brought to rest: those who have one, and why the others have none.
fn at_rest(clinic: &Clinic<'_>, draws: &[u32]) -> Result<(Vec<AtRest>, Vec<String>), TrialError> {
    let (mut rest, mut without) = (Vec::new(), Vec::new());
    for person in clinic.at_rest(draws)? {
        match person {
            Ok(person) => rest.push(person),
            Err(why) => without.push(format!("no stable steady state: {why}")),
        }
    }
    Ok((rest, without))
}

/// What is kept of one arm: a value a person, row and name.
struct Gathered {
    values: Vec<Vec<Vec<f64>>>,
    people: usize,
    failed: usize,
    first_failure: Option<String>,
}

impl Gathered {
    fn of(names: usize, rows: usize) -> Self {
        Self {
            values: vec![vec![Vec::new(); rows]; names],
            people: 0,
            failed: 0,
            first_failure: None,
        }
    }

    fn failed(&mut self, why: &str) {
        self.failed += 1;
        self.first_failure.get_or_insert_with(|| why.to_owned());
    }

    fn take(&mut self, course: &Followed) {
        let course = match course {
            Ok(course) => course,
            Err(why) => return self.failed(why),
        };
        self.people += 1;
        for (kept, read) in self.values.iter_mut().zip(course) {
            for (row, value) in kept.iter_mut().zip(read) {
                row.push(*value);
            }
        }
    }

    fn series(
        self,
        (scenario, arm): (&Scenario, &str),
        asked: &[Asked],
        days: &[f64],
    ) -> Vec<Series> {
        let (people, failed) = (self.people, self.failed);
        let one = |(asked, rows): (&Asked, Vec<Vec<f64>>)| {
            let rows: Vec<Vec<f64>> = rows.into_iter().map(sorted).collect();
            let at = |share| rows.iter().map(|row| quantile(row, share)).collect();
            Series {
                scenario: scenario.name.clone(),
                arm: arm.to_owned(),
                name: asked.name.clone(),
                unit: asked.unit.clone(),
                meaning: asked.meaning.clone(),
                days: days.to_vec(),
                mean: rows.iter().map(|row| mean(row)).collect(),
                low: at(0.05),
                high: at(0.95),
                people,
                failed,
                first_failure: self.first_failure.clone(),
            }
        };
        asked.iter().zip(self.values).map(one).collect()
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

/// A flux is the rate of a process of the model: it is observed under the name of that.
fn show_flux(network: &mut Network, name: &str) {
    let known = network.observable(name).is_some() || network.state(name).is_some();
    let process = network.processes.iter().find(|p| p.name == *name);
    if let Some(process) = process.filter(|_| !known) {
        let flux = Observable {
            name: process.name.clone(),
            unit: process.unit.clone(),
            expression: process.rate,
            doc: process.doc.clone(),
        };
        network.observables.push(flux);
    }
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
        let known = known.chain(network.processes.iter().map(|p| p.name.as_str()));
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
