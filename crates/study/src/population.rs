//! Virtual populations: people at rest in their own habits, weighted to published baselines, others kept out as a test.

use crate::Bursts;
use crate::twin::TwinError;
use crate::twin::ward::Ward;
use crate::{ModelError, build_model};
use gutskin_network::{Network, ParameterTable};
use gutskin_people::PeopleError;
use gutskin_people::balance::balance;
use gutskin_people::baselines::{Baseline, Use, baselines};
use gutskin_people::drawing::{Drawing, DrawingError};
use gutskin_people::person::readables;
use gutskin_people::store;
use gutskin_people::weights::Weights;
use serde::Serialize;
use std::path::Path;
use thiserror::Error;

/// People brought to rest between two words of progress.
const BATCH: u32 = 250;
/// Ridges of the balance, the first under which enough people are left is taken.
const RIDGES: [f64; 13] = [
    0.0, 0.001, 0.003, 0.01, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 3.0,
];
/// Share of the people that the weighted ones shall be worth.
const LEAST_EFFECTIVE: f64 = 0.2;
/// A baseline agrees where the centre is off by less than this many of its standard deviations …
const CENTRE: f64 = 0.5;
/// … and the spread by less than this factor.
const SPREAD: f64 = 2.0;

/// Who is drawn.
#[derive(Clone, Debug)]
pub struct Request {
    /// Condition: `ad`, `pso`, `acne`.
    pub condition: String,
    /// Whether the colon is the full one.
    pub full: bool,
    /// People.
    pub size: u32,
    /// Seed.
    pub seed: u64,
}

/// A prepared population.
#[derive(Clone, Debug, Serialize)]
pub struct Population {
    /// Model.
    pub model: String,
    /// People drawn.
    pub drawn: usize,
    /// Without a stable steady state.
    pub without_rest: usize,
    /// With a value that nobody has (bounds of `catalogue/readings.csv`), by what it is of.
    pub implausible: Vec<(String, usize)>,
    /// Whether they came from the disk.
    pub from_cache: bool,
    /// People that the weights leave, in equivalents of equally weighted ones.
    pub effective: f64,
    /// Their share of those weighted.
    pub effective_share: f64,
    /// Ridge of the balance; 0 where every baseline could be met.
    pub ridge: f64,
    /// Baselines.
    pub baselines: Vec<BaselineFit>,
}

/// A baseline beside the people.
#[derive(Clone, Debug, Serialize)]
pub struct BaselineFit {
    /// The baseline.
    #[serde(flatten)]
    pub baseline: Baseline,
    /// Centre and spread of the people as drawn.
    pub drawn: [f64; 2],
    /// The same weighted.
    pub weighted: [f64; 2],
    /// Whether the weighted ones agree: centre within half a standard deviation, spread within a factor of two.
    pub agrees: bool,
}

/// Why there is no population.
#[derive(Debug, Error)]
pub enum PopulationError {
    /// The model does not build.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The solver.
    #[error(transparent)]
    Solver(#[from] TwinError),
    /// People cannot be drawn.
    #[error(transparent)]
    Drawing(#[from] DrawingError),
    /// A table.
    #[error(transparent)]
    Table(#[from] PeopleError),
    /// Nobody is left.
    #[error(
        "of {drawn} people {without_rest} have no stable steady state and the rest have values that nobody has"
    )]
    Nobody {
        /// People drawn.
        drawn: usize,
        /// Without rest.
        without_rest: usize,
    },
}

/// Draws people, brings them to rest (or takes them from `cache`), weights them. `progress` is told how many are at rest.
///
/// # Errors
/// [`PopulationError`]. A cache that cannot be written is no error: it is told by `progress` of the next run only.
pub fn prepare(
    request: &Request,
    table: &ParameterTable,
    cache: Option<&Path>,
    progress: &mut dyn FnMut(u32),
) -> Result<Population, PopulationError> {
    let detail = if request.full { "" } else { "_lean" };
    let mut network = build_model(&format!("axis_{}{detail}", request.condition), table)?;
    Bursts::usual(&network).lay_into(&mut network);
    let drawing = Drawing::new(&network, table, &request.condition, None)?;
    let width = network.observables.len();
    let key = key(&network, &drawing, table, request);
    let kept = cache.and_then(|folder| store::load(folder, &key, width));
    let from_cache = kept.is_some();
    let people = match kept {
        Some(people) => people,
        None => {
            let people = at_rest(&network, &drawing, request, progress)?;
            if let Some(folder) = cache {
                // Without it the next run takes as long as this one; nothing else is lost.
                let _ = store::save(folder, &key, width, &people);
            }
            people
        }
    };
    let mut population = weighted(request, &network, table, &people)?;
    population.from_cache = from_cache;
    Ok(population)
}

/// Everything that people at rest follow from.
fn key(network: &Network, drawing: &Drawing, table: &ParameterTable, request: &Request) -> String {
    let habits = drawing.drawn().iter().skip(network.parameters.len());
    let of_people = |name: &str| name.starts_with("trait.") || name.starts_with("people.");
    let traits = table.iter().filter(|p| of_people(&p.name));
    let traits: Vec<String> = traits.map(|p| format!("{} {}", p.name, p.value)).collect();
    store::key(&[
        env!("CARGO_PKG_VERSION"),
        &network.model_hash(),
        &network.parameter_hash(),
        &format!("{:?}", habits.collect::<Vec<_>>()),
        &traits.join(" "),
        &format!("{:?}", drawing.correlations()),
        &request.condition,
        &format!("{} {}", request.size, request.seed),
    ])
}

fn at_rest(
    network: &Network,
    drawing: &Drawing,
    request: &Request,
    progress: &mut dyn FnMut(u32),
) -> Result<Vec<Option<Vec<f64>>>, PopulationError> {
    let mut ward = Ward::new(network, network.switch_values())?;
    let mut all = Vec::with_capacity(request.size as usize);
    let mut next = 0;
    while next < request.size {
        let end = request.size.min(next + BATCH);
        let people = (next..end).map(|n| drawing.draw(request.seed, n)).collect();
        let rested = ward.at_rest(people, &[])?;
        all.extend(rested.into_iter().map(|p| p.ok().map(|p| p.observables)));
        next = end;
        progress(next);
    }
    Ok(all)
}

fn weighted(
    request: &Request,
    network: &Network,
    table: &ParameterTable,
    people: &[Option<Vec<f64>>],
) -> Result<Population, PopulationError> {
    let rested: Vec<&Vec<f64>> = people.iter().flatten().collect();
    let without_rest = people.len() - rested.len();
    let (plausible, implausible) = plausible(&rested, network, table)?;
    let wanted: Vec<(Baseline, usize)> = baselines(&request.condition)?
        .into_iter()
        .filter_map(|b| network.observable(&b.observable).map(|o| (b, o as usize)))
        .collect();
    let moments: Vec<Vec<f64>> = plausible
        .iter()
        .map(|person| {
            let matched = wanted.iter().filter(|(b, _)| b.used == Use::Match);
            matched
                .flat_map(|(b, o)| {
                    let z = b.z(person[*o]).clamp(-5.0, 5.0);
                    [z, z * z - 1.0]
                })
                .collect()
        })
        .collect();
    let nobody = PopulationError::Nobody {
        drawn: people.len(),
        without_rest,
    };
    let equal = Weights::from_logarithms(&vec![0.0; plausible.len()]);
    let (Some(equal), Some((ridge, weights))) = (equal, balanced(&moments)) else {
        return Err(nobody);
    };
    let fit = |(baseline, observable): (Baseline, usize)| {
        let z: Vec<f64> = plausible
            .iter()
            .map(|p| baseline.z(p[observable]))
            .collect();
        let summary = |w: &Weights| {
            let mean = w.mean(&z);
            let squares: Vec<f64> = z.iter().map(|z| (z - mean).powi(2)).collect();
            (mean, w.mean(&squares).sqrt())
        };
        let (mean, sd) = summary(&weights);
        let shown = |(mean, sd): (f64, f64)| [baseline.at(mean), sd * baseline.spread];
        BaselineFit {
            drawn: shown(summary(&equal)),
            weighted: shown((mean, sd)),
            agrees: mean.abs() <= CENTRE && (1.0 / SPREAD..=SPREAD).contains(&sd),
            baseline,
        }
    };
    Ok(Population {
        model: network.name.clone(),
        drawn: people.len(),
        without_rest,
        implausible,
        from_cache: false,
        effective: weights.effective(),
        effective_share: weights.effective() / plausible.len() as f64,
        ridge,
        baselines: wanted.into_iter().map(fit).collect(),
    })
}

/// The least ridge under which enough people are left.
fn balanced(moments: &[Vec<f64>]) -> Option<(f64, Weights)> {
    let mut last = None;
    for ridge in RIDGES {
        let Some(weights) = balance(moments, ridge) else {
            continue;
        };
        let share = weights.effective() / moments.len() as f64;
        last = Some((ridge, weights));
        if share >= LEAST_EFFECTIVE {
            break;
        }
    }
    last
}

type Counted = Vec<(String, usize)>;

/// People without a value that nobody has, and how many have one.
fn plausible<'p>(
    people: &[&'p Vec<f64>],
    network: &Network,
    table: &ParameterTable,
) -> Result<(Vec<&'p Vec<f64>>, Counted), PopulationError> {
    let bounds: Vec<(String, usize, [f64; 2])> = readables(table)?
        .into_iter()
        .filter_map(|r| {
            Some((
                r.title,
                network.observable(&r.observable)? as usize,
                r.bounds,
            ))
        })
        .collect();
    let mut counted: Counted = bounds.iter().map(|b| (b.0.clone(), 0)).collect();
    let mut kept = Vec::with_capacity(people.len());
    for person in people {
        let mut fine = person.iter().all(|v| v.is_finite());
        for ((_, observable, [low, high]), (_, count)) in bounds.iter().zip(&mut counted) {
            if !(low..=high).contains(&&person[*observable]) {
                *count += 1;
                fine = false;
            }
        }
        if fine {
            kept.push(*person);
        }
    }
    counted.retain(|(_, count)| *count > 0);
    Ok((kept, counted))
}
