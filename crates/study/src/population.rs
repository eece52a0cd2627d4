//! Virtual populations: people at rest in their own habits, weighted to published baselines, others kept out as a test.

mod people;
mod rule;

pub use people::{ColumnOf, People, Standing};
pub use rule::{Rule, RuleError};

use crate::Bursts;
use crate::twin::TwinError;
use crate::twin::ward::Ward;
use crate::{ModelError, build_model};
use gutskin_engine::random::{RandomStream, StreamId};
use gutskin_network::{Network, ParameterTable};
use gutskin_people::PeopleError;
use gutskin_people::balance::balance;
use gutskin_people::baselines::{Baseline, Use, baselines};
use gutskin_people::drawing::{Drawing, DrawingError};
use gutskin_people::person::{Readable, readables};
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
/// … and the spread, on the baseline's scale, by less than this factor.
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
    /// Range of the condition's score within which people are let in, `16..72`.
    pub severity: Option<String>,
    /// Other readings by which people are let in, `SCORAD 25..63`.
    pub include: Vec<String>,
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
    /// Plausible people whom a rule does not let in, by what it says.
    pub screened_out: Vec<(String, usize)>,
    /// People who are left and weighted.
    pub included: usize,
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
    /// Whether the weighted ones agree: centre within half a standard deviation, spread on the baseline's scale (that of the
    /// logarithm for `log`) within a factor of two.
    pub agrees: bool,
    /// Whether those as drawn do.
    pub agrees_as_drawn: bool,
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
    /// A rule that lets people in.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// Rules let nobody in.
    #[error(
        "of {plausible} people at rest nobody is let in: {why}. Widen the range, or draw more people (--size)"
    )]
    NobodyLetIn {
        /// People at rest with values that people have.
        plausible: usize,
        /// Rule by rule what people have.
        why: String,
    },
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

/// Draws people, brings them to rest (or takes them from `cache`), lets in those asked for, weights them. `progress` is told how
/// many are at rest.
///
/// # Errors
/// [`PopulationError`]. A cache that cannot be written is no error: it is told by `progress` of the next run only.
pub fn prepare(
    request: &Request,
    table: &ParameterTable,
    cache: Option<&Path>,
    progress: &mut dyn FnMut(u32),
) -> Result<(Population, People), PopulationError> {
    let detail = if request.full { "" } else { "_lean" };
    let mut network = build_model(&format!("axis_{}{detail}", request.condition), table)?;
    Bursts::usual(&network).lay_into(&mut network);
    let drawing = Drawing::new(&network, table, &request.condition, None)?;
    let rules = rule::rules(request, &network, table)?;
    let width = network.observables.len();
    let key = key(&network, &drawing, table, request);
    let kept = cache.and_then(|folder| store::load(folder, &key, width));
    let from_cache = kept.is_some();
    let mut ward = Ward::new(&network, network.switch_values())?;
    let people = match kept {
        Some(people) => people,
        None => {
            let people = at_rest(&mut ward, &drawing, request, progress)?;
            if let Some(folder) = cache {
                // Without it the next run takes as long as this one; nothing else is lost.
                let _ = store::save(folder, &key, width, &people);
            }
            people
        }
    };
    let (mut population, standing) = weighted((request, &rules), &network, table, &people)?;
    population.from_cache = from_cache;
    let method = (ward.method(), ward.relative_tolerance);
    let model = (network.clone(), drawing);
    let people = People::new(model, table, (request, method), (people, standing))?;
    Ok((population, people))
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
    ward: &mut Ward<'_>,
    drawing: &Drawing,
    request: &Request,
    progress: &mut dyn FnMut(u32),
) -> Result<Vec<Option<Vec<f64>>>, PopulationError> {
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

/// People with what stands of them, weighted; who is left out has no weight.
fn weighted(
    (request, rules): (&Request, &[Rule]),
    network: &Network,
    table: &ParameterTable,
    people: &[Option<Vec<f64>>],
) -> Result<(Population, Vec<Standing>), PopulationError> {
    let without_rest = people.iter().filter(|p| p.is_none()).count();
    let mut standing: Vec<Standing> = (0u32..)
        .zip(people)
        .map(|(number, person)| Standing::new(number, person.is_some()))
        .collect();
    let implausible = implausible(people, &mut standing, network, table)?;
    let screened_out = rule::screen(rules, people, &mut standing)?;
    let left: Vec<usize> = (0..people.len())
        .filter(|&at| standing[at].left_out.is_empty())
        .collect();
    let included: Vec<&Vec<f64>> = left.iter().filter_map(|&at| people[at].as_ref()).collect();
    let wanted: Vec<(Baseline, usize)> = baselines(&request.condition)?
        .into_iter()
        .filter_map(|b| network.observable(&b.observable).map(|o| (b, o as usize)))
        .collect();
    let moments: Vec<Vec<f64>> = included
        .iter()
        .map(|person| moments(&wanted, person))
        .collect();
    let nobody = PopulationError::Nobody {
        drawn: people.len(),
        without_rest,
    };
    let equal = Weights::from_logarithms(&vec![0.0; included.len()]);
    let (Some(equal), Some((ridge, weights))) = (equal, balanced(&moments)) else {
        return Err(nobody);
    };
    let stream = RandomStream::new(request.seed, 0, StreamId::named("population", "resample"));
    let times = weights.resample(people.len(), stream.uniform_at(0));
    for ((at, share), times) in left.iter().zip(weights.shares()).zip(times) {
        (standing[*at].weight, standing[*at].times) = (*share, times);
    }
    let fits = wanted.into_iter().map(|(baseline, observable)| {
        let values: Vec<f64> = included.iter().map(|p| p[observable]).collect();
        fit(baseline, &values, (&equal, &weights))
    });
    let population = Population {
        model: network.name.clone(),
        drawn: people.len(),
        without_rest,
        implausible,
        screened_out,
        included: included.len(),
        from_cache: false,
        effective: weights.effective(),
        effective_share: weights.effective() / included.len() as f64,
        ridge,
        baselines: fits.collect(),
    };
    Ok((population, standing))
}

/// What is to be 0 in the mean: distance from the centre and surplus of the variance, of each matched baseline.
fn moments(wanted: &[(Baseline, usize)], person: &[f64]) -> Vec<f64> {
    let matched = wanted.iter().filter(|(b, _)| b.used == Use::Match);
    matched
        .flat_map(|(b, o)| {
            let z = b.z(person[*o]).clamp(-5.0, 5.0);
            [z, z * z - 1.0]
        })
        .collect()
}

/// A baseline beside the values of people, as drawn and weighted.
fn fit(baseline: Baseline, values: &[f64], (equal, weights): (&Weights, &Weights)) -> BaselineFit {
    let z: Vec<f64> = values.iter().map(|v| baseline.z(*v)).collect();
    let summary = |w: &Weights| {
        let mean = w.mean(&z);
        let squares: Vec<f64> = z.iter().map(|z| (z - mean).powi(2)).collect();
        (mean, w.mean(&squares).sqrt())
    };
    let shown = |(mean, sd): (f64, f64)| [baseline.at(mean), sd * baseline.spread];
    let agrees =
        |(mean, sd): (f64, f64)| mean.abs() <= CENTRE && (1.0 / SPREAD..=SPREAD).contains(&sd);
    let [drawn, weighted] = [summary(equal), summary(weights)];
    BaselineFit {
        drawn: shown(drawn),
        weighted: shown(weighted),
        agrees: agrees(weighted),
        agrees_as_drawn: agrees(drawn),
        baseline,
    }
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

/// Says of people with a value that nobody has which it is, and counts them.
fn implausible(
    people: &[Option<Vec<f64>>],
    standing: &mut [Standing],
    network: &Network,
    table: &ParameterTable,
) -> Result<Counted, PopulationError> {
    let seen = |r: Readable| Some((network.observable(&r.observable)? as usize, r));
    let bounds: Vec<(usize, Readable)> = readables(table)?.into_iter().filter_map(seen).collect();
    let mut counted: Counted = bounds.iter().map(|(_, r)| (r.title.clone(), 0)).collect();
    for (person, standing) in people.iter().zip(standing) {
        let Some(person) = person else { continue };
        let mut of = Vec::new();
        for ((observable, readable), (title, count)) in bounds.iter().zip(&mut counted) {
            let [low, high] = readable.bounds;
            if !(low..=high).contains(&person[*observable]) {
                *count += 1;
                of.push(title.as_str());
            }
        }
        if !of.is_empty() {
            standing.left_out = format!("nobody has such a value: {}", of.join(", "));
        } else if person.iter().any(|v| !v.is_finite()) {
            standing.left_out = "a value is not finite".to_owned();
        }
    }
    counted.retain(|(_, count)| *count > 0);
    Ok(counted)
}
