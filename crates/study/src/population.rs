//! Virtual populations: people at rest in their own habits, followed through courses that are over, weighted to published baselines, others kept out as a test.

mod age;
mod history;
mod people;
mod rule;
mod traits;

pub use people::{ColumnOf, People, Standing};
pub use rule::{Rule, RuleError};
pub use traits::{Ages, TraitShare};

use crate::Bursts;
use crate::scenario::ScenarioError;
use crate::twin::TwinError;
use crate::twin::ward::Ward;
use crate::{ModelError, build_model};
use gutskin_biology::stages::{Stage, StageError, lay_over};
use gutskin_engine::random::{RandomStream, StreamId};
use gutskin_network::{Network, ParameterTable};
use gutskin_people::PeopleError;
use gutskin_people::balance::balance;
use gutskin_people::baselines::{Baseline, Use, baselines};
use gutskin_people::drawing::{Drawing, DrawingError, FILAGGRIN, Lives, Wanted};
use gutskin_people::person::{Readable, readables};
use gutskin_people::store;
use gutskin_people::weights::Weights;
use history::{Model, Taker};
use serde::Serialize;
use std::collections::BTreeMap;
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
/// People whom rules let in and who are worth fewer say nothing.
pub const FEWEST: f64 = 30.0;
/// A baseline agrees where the centre is off by less than this many of its standard deviations …
const CENTRE: f64 = 0.5;
/// … and the spread, on the baseline's scale, by less than this factor.
const SPREAD: f64 = 2.0;

/// Who is drawn.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Condition: `ad`, `pso`, `acne`.
    pub condition: String,
    /// Whether the colon is the full one.
    pub full: bool,
    /// People.
    pub size: u32,
    /// Seed.
    pub seed: u64,
    /// Ages in years, `18-65`; nothing for those of trials.
    pub ages: Option<String>,
    /// How infants of under half a year are fed: `breast` or `formula`.
    pub feeding: Option<String>,
    /// Whether grown people have courses of antibiotics behind them.
    pub antibiotics: bool,
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
    /// Who had a course of antibiotics and was followed through it.
    pub followed: usize,
    /// Who had one that could not be followed.
    pub not_followed: usize,
    /// Life stage of children.
    pub life_stage: Option<String>,
    /// How old they are.
    pub ages: Ages,
    /// What they are.
    pub traits: Vec<TraitShare>,
    /// What is to be said of them.
    pub notes: Vec<String>,
    /// Why they could not be kept on disk; nothing where they were, or were not to be.
    #[serde(skip)]
    pub not_kept: Option<String>,
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
    /// A rule that lets people in, or ages.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// A fault in the file of a life stage.
    #[error(transparent)]
    Stage(#[from] StageError),
    /// A course of antibiotics that the model cannot give.
    #[error(transparent)]
    Course(#[from] ScenarioError),
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
    /// Rules let so few in that they say nothing.
    #[error(
        "of {plausible} people at rest {let_in} are let in ({percent}), worth {worth} of equal weight, and at least {FEWEST} are needed to say anything: {why}. Widen the range, or draw more people (--size {size} should do)"
    )]
    FewLetIn {
        /// People at rest with values that people have.
        plausible: usize,
        /// Of them let in.
        let_in: usize,
        /// Their share, in words.
        percent: String,
        /// What those let in are worth, weighted, in words.
        worth: String,
        /// Rule by rule what people have.
        why: String,
        /// How many drawn people would let enough in.
        size: u32,
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

/// Why somebody shows nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lost {
    /// No stable steady state.
    Rest,
    /// A course of antibiotics that could not be followed.
    Course,
}

impl Lost {
    const ALL: [Self; 2] = [Self::Rest, Self::Course];

    fn code(self) -> u8 {
        u8::from(self == Self::Course)
    }

    fn of(code: u8) -> Self {
        if code == Self::Course.code() {
            Self::Course
        } else {
            Self::Rest
        }
    }

    fn in_words(self) -> &'static str {
        match self {
            Self::Rest => "no stable steady state",
            Self::Course => "the course of antibiotics could not be followed",
        }
    }
}

/// What somebody shows today.
type Found = Result<Vec<f64>, Lost>;

/// Who people are beside what the model reads of them.
#[derive(Clone, Debug)]
struct Who {
    stage: Option<&'static Stage>,
    lives: Lives,
}

/// Draws people, brings them to rest and follows courses that are over to today (or takes them from `cache`), lets in those asked
/// for, weights them. `progress` is told what is done.
///
/// # Errors
/// [`PopulationError`]. A cache that cannot be written is no error: [`Population::not_kept`] tells it.
pub fn prepare(
    request: &Request,
    grown: &ParameterTable,
    cache: Option<&Path>,
    progress: &mut dyn FnMut(&str),
) -> Result<(Population, People), PopulationError> {
    let (ages, stage) = age::read(request)?;
    let mut table = grown.clone();
    if let Some(stage) = stage {
        lay_over(&mut table, stage.id)?;
    }
    let table = &table;
    let detail = if request.full { "" } else { "_lean" };
    let mut network = build_model(&format!("axis_{}{detail}", request.condition), table)?;
    Bursts::usual(&network).lay_into(&mut network);
    let drawing = Drawing::new(&network, table, &request.condition, None)?;
    let traits = drawing.traits();
    let has = |wanted: &str| traits.iter().any(|(name, _)| *name == wanted);
    let wanted = Wanted {
        condition: &request.condition,
        stage,
        ages,
        antibiotics: request.antibiotics,
        methanogens: has("trait.methane_absent"),
        filaggrin: has(FILAGGRIN),
    };
    let lives = Lives::new(table, wanted)?;
    let who = Who { stage, lives };
    let models = (who.lives.courses().iter())
        .map(|course| Model::of(course, request, table))
        .collect::<Result<Vec<Model>, _>>()?;
    let rules = rule::rules(request, &network, table)?;
    let width = network.observables.len();
    let key = key((&network, &models), (&drawing, &who), table, request);
    let kept = cache.and_then(|folder| store::load(folder, &key, width));
    let from_cache = kept.is_some();
    let mut not_kept = None;
    let mut ward = Ward::new(&network, network.switch_values())?;
    let people: Vec<Found> = match kept {
        Some(people) => people.into_iter().map(|p| p.map_err(Lost::of)).collect(),
        None => {
            let people = today((&mut ward, &models), (&drawing, &who), request, progress)?;
            if let Some(folder) = cache {
                let coded: Vec<store::Kept> = (people.iter().cloned())
                    .map(|p| p.map_err(Lost::code))
                    .collect();
                let saved = store::save(folder, &key, width, &coded);
                not_kept = saved.err().map(|e| format!("{}: {e}", folder.display()));
            }
            people
        }
    };
    let (mut population, standing) = weighted(
        (request, &rules),
        (&network, &drawing, &who),
        table,
        &people,
    )?;
    population.from_cache = from_cache;
    population.not_kept = not_kept;
    let method = (ward.method(), ward.relative_tolerance);
    let model = (network.clone(), drawing, who);
    let people = People::new(model, table, (request, method), (people, standing))?;
    Ok((population, people))
}

/// Everything that people of today follow from.
fn key(
    (network, models): (&Network, &[Model]),
    (drawing, who): (&Drawing, &Who),
    table: &ParameterTable,
    request: &Request,
) -> String {
    let habits = drawing.drawn().iter().skip(network.parameters.len());
    let of_people = |name: &str| name.starts_with("trait.") || name.starts_with("people.");
    let traits = table.iter().filter(|p| of_people(&p.name));
    let traits: Vec<String> = traits.map(|p| format!("{} {}", p.name, p.value)).collect();
    let courses = models.iter().map(Model::network);
    let courses: Vec<String> = courses
        .map(|n| format!("{} {}", n.model_hash(), n.parameter_hash()))
        .collect();
    store::key(&[
        env!("CARGO_PKG_VERSION"),
        &network.model_hash(),
        &network.parameter_hash(),
        &format!("{:?}", habits.collect::<Vec<_>>()),
        &traits.join(" "),
        &format!("{:?}", drawing.correlations()),
        &format!("{:?} {:?}", who.lives, who.stage.map(|s| s.id)),
        &courses.join(" "),
        &request.condition,
        &format!("{} {}", request.size, request.seed),
    ])
}

/// What everybody shows today: at rest, or after a course of antibiotics that is over.
fn today(
    (ward, models): (&mut Ward<'_>, &[Model]),
    (drawing, who): (&Drawing, &Who),
    request: &Request,
    progress: &mut dyn FnMut(&str),
) -> Result<Vec<Found>, PopulationError> {
    let mut all: Vec<Found> = Vec::with_capacity(request.size as usize);
    let mut takers: BTreeMap<usize, Vec<Taker>> = BTreeMap::new();
    let mut next = 0;
    while next < request.size {
        let end = request.size.min(next + BATCH);
        let people = (next..end).map(|n| drawing.draw(request.seed, n)).collect();
        for (number, rested) in (next..end).zip(ward.at_rest(people, &[])?) {
            let course = who.lives.draw(request.seed, number).course;
            if let (Ok(person), Some((place, ago))) = (&rested, course) {
                takers.entry(place).or_default().push(Taker {
                    number,
                    states: person.states.clone(),
                    ago,
                });
            }
            all.push(rested.map(|p| p.observables).map_err(|_| Lost::Rest));
        }
        next = end;
        progress(&format!("{next} of {} people at rest", request.size));
    }
    let farthest = who.lives.longest_ago();
    let total: usize = takers.values().map(Vec::len).sum();
    let mut done = 0;
    for (place, takers) in &takers {
        let Some(model) = models.get(*place) else {
            continue;
        };
        let found = model.follow(
            takers,
            (ward.network(), farthest),
            request.seed,
            &mut |here| progress(&format!("{} of {total} courses followed", done + here)),
        )?;
        done += takers.len();
        for (taker, found) in takers.iter().zip(found) {
            all[taker.number as usize] = found.ok_or(Lost::Course);
        }
    }
    Ok(all)
}

/// People with what stands of them, weighted; who is left out has no weight.
fn weighted(
    (request, rules): (&Request, &[Rule]),
    (network, drawing, who): (&Network, &Drawing, &Who),
    table: &ParameterTable,
    people: &[Found],
) -> Result<(Population, Vec<Standing>), PopulationError> {
    let lost = |why: Lost| {
        people
            .iter()
            .filter(|p| p.as_ref().err() == Some(&why))
            .count()
    };
    let [without_rest, not_followed] = Lost::ALL.map(lost);
    let mut standing: Vec<Standing> = (0u32..)
        .zip(people)
        .map(|(number, person)| {
            Standing::new(number, person.as_ref().err().map(|lost| lost.in_words()))
        })
        .collect();
    let implausible = implausible(people, &mut standing, network, table)?;
    let screened_out = rule::screen(rules, people, &mut standing)?;
    let left: Vec<usize> = (0..people.len())
        .filter(|&at| standing[at].left_out.is_empty())
        .collect();
    let included: Vec<&Vec<f64>> = left
        .iter()
        .filter_map(|&at| people[at].as_ref().ok())
        .collect();
    // Baselines are those of adults.
    let published = match who.stage {
        Some(_) => Vec::new(),
        None => baselines(&request.condition)?,
    };
    let wanted: Vec<(Baseline, usize)> = published
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
    if !rules.is_empty() && weights.effective() < FEWEST {
        return Err(few_let_in(
            (rules, request),
            people,
            &standing,
            weights.effective(),
        ));
    }
    let stream = RandomStream::new(request.seed, 0, StreamId::named("population", "resample"));
    let times = weights.resample(people.len(), stream.uniform_at(0));
    for ((at, share), times) in left.iter().zip(weights.shares()).zip(times) {
        (standing[*at].weight, standing[*at].times) = (*share, times);
    }
    let fits = wanted.into_iter().map(|(baseline, observable)| {
        let values: Vec<f64> = included.iter().map(|p| p[observable]).collect();
        fit(baseline, &values, (&equal, &weights))
    });
    let (traits, ages) = traits::shares((drawing, who, request.seed), &standing);
    let had = |person: &(u32, &Found)| {
        person.1.is_ok() && who.lives.draw(request.seed, person.0).course.is_some()
    };
    let population = Population {
        model: network.name.clone(),
        drawn: people.len(),
        without_rest,
        followed: (0u32..).zip(people).filter(had).count(),
        not_followed,
        life_stage: who.stage.map(|stage| stage.id.to_owned()),
        notes: traits::notes(request, who, &ages),
        ages,
        traits,
        not_kept: None,
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

/// Why rules leave too few, and how many people would have to be drawn.
fn few_let_in(
    (rules, request): (&[Rule], &Request),
    people: &[Found],
    standing: &[Standing],
    effective: f64,
) -> PopulationError {
    /// More than is needed, for chance.
    const MORE: f64 = 1.3;
    /// Sizes are told in such steps.
    const STEP: f64 = 500.0;
    let let_in = standing.iter().filter(|s| s.left_out.is_empty()).count();
    let screened = rule::screened(people, standing);
    let plausible = screened.len();
    let size = f64::from(request.size) * MORE * FEWEST / effective;
    PopulationError::FewLetIn {
        plausible,
        let_in,
        percent: format!("{:.1} %", 100.0 * let_in as f64 / plausible as f64),
        worth: format!("{effective:.0}"),
        why: rule::in_words_with(rules, &screened),
        size: ((size / STEP).ceil() * STEP) as u32,
    }
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
    people: &[Found],
    standing: &mut [Standing],
    network: &Network,
    table: &ParameterTable,
) -> Result<Counted, PopulationError> {
    let seen = |r: Readable| Some((network.observable(&r.observable)? as usize, r));
    let bounds: Vec<(usize, Readable)> = readables(table)?.into_iter().filter_map(seen).collect();
    let mut counted: Counted = bounds.iter().map(|(_, r)| (r.title.clone(), 0)).collect();
    for (person, standing) in people.iter().zip(standing) {
        let Ok(person) = person else { continue };
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
