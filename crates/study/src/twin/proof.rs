//! Are people recovered? Simulated people with noise of assays and methods, whose future is known, as twins see them.

use super::courses::{Courses, follow};
use super::posterior::Making;
use super::settle::settle;
use super::ward::{Resting, Ward};
use super::{PROBABILITIES, REFUSED_BELOW, Request, TwinError, run};
use crate::scenario::{Arm, Forecast};
use crate::statistics::{Counts, mean};
use gutskin_engine::random::{RandomStream, StreamId};
use gutskin_network::ParameterTable;
use gutskin_people::drawing::{Drawing, GuildReading, Guilds, habits_of};
use gutskin_people::person::{Person, Readable, Reading};
use gutskin_people::taxonomy::Guild;
use gutskin_people::weights::Weights;
use serde::Serialize;

/// Reads of a simulated stool profile.
const READS: f64 = 20_000.0;
/// Seed of the twins of the first person; the next have the next ones.
const FIRST_SEED: u64 = 1_000;

/// How often the truth lay within bands.
#[derive(Clone, Debug, Serialize)]
pub struct Proof {
    /// People recovered or refused.
    pub people: usize,
    /// Of them refused because the readings fit too few draws.
    pub refused: usize,
    /// Effective sample sizes of the others, mean.
    pub effective: f64,
    /// As now and each option.
    pub arms: Vec<Coverage>,
    /// Mean width of the 90 % band of as now with every reading, over that without the last one; no number for twins of the
    /// command.
    pub narrowed: f64,
}

/// Coverage of the score at the end under one option.
#[derive(Clone, Debug, Serialize)]
pub struct Coverage {
    /// Name.
    pub name: String,
    /// Those within the central half.
    pub within_50: Counts,
    /// Those within the central 90 %.
    pub within_90: Counts,
}

impl Proof {
    /// Several sets of people, who are others in each, as one; nothing where there is none.
    #[must_use]
    pub fn of_all(sets: &[Self]) -> Option<Self> {
        let (first, others) = sets.split_first()?;
        Some(others.iter().fold(first.clone(), |all, set| all.with(set)))
    }

    fn recovered(&self) -> f64 {
        (self.people - self.refused) as f64
    }

    fn with(mut self, other: &Self) -> Self {
        let (mine, theirs) = (self.recovered(), other.recovered());
        let both = |a: f64, b: f64| (a * mine + b * theirs) / (mine + theirs);
        self.effective = both(self.effective, other.effective);
        self.narrowed = both(self.narrowed, other.narrowed);
        self.people += other.people;
        self.refused += other.refused;
        for (arm, more) in self.arms.iter_mut().zip(&other.arms) {
            let sums = [
                (&mut arm.within_50, more.within_50),
                (&mut arm.within_90, more.within_90),
            ];
            for (sum, more) in sums {
                sum.responders += more.responders;
                sum.people += more.people;
            }
        }
        self
    }
}

/// What a reading does to the forecast as now of simulated people.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Narrowing {
    /// The reading.
    pub reading: String,
    /// Spread of the posterior with this reading alone over that of the prior, geometric mean over people.
    pub alone: f64,
    /// Spread with the first reading of the plan and this one over that with the first, the same.
    pub added: f64,
    /// Standard errors of the logarithms of both.
    pub errors: [f64; 2],
    /// People.
    pub people: usize,
}

/// Readings that say next to nothing of the score in eczema today, in this model: what they read goes with the skin by links that
/// are weak beside what people differ by, or does not go with it (cortisol; insulin and IGF-1 act on the skin of acne). They may
/// leave the forecast as wide as it is.
pub const NEUTRAL: [&str; 8] = [
    "il10",
    "cortisol",
    "cortisol_saliva",
    "cortisol_hair",
    "lactulose_mannitol",
    "igf1",
    "insulin",
    "homa_ir",
];

impl Narrowing {
    /// What is wrong with it: a reading must narrow the forecast by more than chance (two standard errors) unless it is named in
    /// [`NEUTRAL`]; one that narrows much alone must narrow beside the first as well; none may widen it.
    #[must_use]
    pub fn fault(&self) -> Option<String> {
        /// Widths that chance gives in so few draws.
        const WIDER: f64 = 1.01;
        /// What narrows more than this alone is a score, or as good as one.
        const MUCH: f64 = 0.9;
        let [alone, added] = [self.alone, self.added];
        let beyond = |ratio: f64, error: f64| ratio * (2.0 * error).exp() < 1.0;
        let fault = if !(alone < WIDER && added < WIDER) {
            "widens the forecast"
        } else if !NEUTRAL.contains(&self.reading.as_str()) && !beyond(alone, self.errors[0]) {
            "does not narrow the forecast, and is not named as one that need not"
        } else if alone < MUCH && self.errors[1] > 0.0 && !beyond(added, self.errors[1]) {
            "does not narrow the forecast beside the first"
        } else {
            return None;
        };
        Some(format!(
            "{} {fault}: {alone:.3} alone, {added:.3} added",
            self.reading
        ))
    }
}

/// What is simulated.
#[derive(Clone, Debug)]
pub struct Plan<'p> {
    /// Options and model.
    pub forecast: &'p Forecast,
    /// Parameters.
    pub table: &'p ParameterTable,
    /// A person of the condition of whom nothing else is known.
    pub blank: &'p Person,
    /// What is read of each, in order.
    pub reads: Vec<Readable>,
    /// Whether each has a stool profile.
    pub profile: bool,
    /// People.
    pub people: u32,
    /// Seed of the people: others for another one.
    pub seed: u64,
}

/// One simulated person: what is known, and what will be.
struct Simulated {
    person: Person,
    profiles: Vec<GuildReading>,
    /// Score at the end, option by option.
    ends: Vec<f64>,
}

/// Recovers each person by [`run`], as the command does, each from draws of their own. `progress` is shown what came of those so
/// far.
///
/// # Errors
/// [`TwinError`]; people who are refused are counted.
pub fn by_twins(
    plan: &Plan<'_>,
    request: &Request,
    progress: &mut dyn FnMut(&Proof),
) -> Result<Proof, TwinError> {
    let mut tally = Tally::default();
    let mut forecast = plan.forecast.clone();
    for (seed, simulated) in (FIRST_SEED..).zip(simulate(plan)?) {
        let known = (plan.table, simulated.profiles.clone());
        forecast.scenario.seed = seed;
        match run(&forecast, &simulated.person, known, request, &mut |_| {}) {
            Ok((twin, _)) => {
                let bands = twin.arms.iter().filter_map(|a| a.bands.last().copied());
                tally.take(
                    &bands.collect::<Vec<_>>(),
                    &simulated.ends,
                    twin.fit.effective,
                );
            }
            Err(TwinError::TooFewFit { .. }) => tally.refused += 1,
            Err(other) => return Err(other),
        }
        progress(&tally.proof(plan));
    }
    Ok(tally.proof(plan))
}

/// Draws of the prior that all people share, followed.
struct Pool {
    courses: Vec<Courses>,
    /// True values of what is read, draw by draw.
    shown: Vec<Vec<f64>>,
}

impl Pool {
    fn new(plan: &Plan<'_>, pool: u32) -> Result<Self, TwinError> {
        let drawing = drawing(plan)?;
        let making = making(plan, &drawing);
        let network = &plan.forecast.scenario.network;
        let mut ward = Ward::new(network, plan.forecast.scenario.switches.clone())?;
        let people = (plan.people..plan.people + pool).map(|n| drawing.draw(1, n));
        let settled = settle(&mut ward, people.collect(), None, 1)?;
        let resting: Vec<&Resting> = settled.people.iter().collect();
        let (courses, _, _) = follow(&making, &mut ward, &resting)?;
        let shown: Vec<Vec<f64>> = courses
            .iter()
            .map(|c| shown(plan, resting[c.place]))
            .collect();
        Ok(Self { courses, shown })
    }

    /// Draws weighed by these of the readings.
    fn weigh(&self, readings: &[Reading], wanted: &dyn Fn(usize) -> bool) -> Option<Weights> {
        let fits = self.shown.iter().map(|truths| {
            let each = readings.iter().zip(truths).enumerate();
            let each = each.filter(|(at, _)| wanted(*at));
            each.map(|(_, (r, t))| r.what.noise.log_density(r.value, *t))
                .sum()
        });
        Weights::from_logarithms(&fits.collect::<Vec<f64>>())
    }

    fn band(&self, weights: &Weights, arm: usize) -> [f64; 5] {
        let ends: Vec<f64> = self.courses.iter().map(|c| end(c, arm)).collect();
        PROBABILITIES.map(|p| weights.quantile(&ends, p))
    }

    /// Standard deviation of the score as now at the end.
    fn spread(&self, weights: &Weights) -> f64 {
        let ends: Vec<f64> = self.courses.iter().map(|c| end(c, 0)).collect();
        let mean = weights.mean(&ends);
        let squares: Vec<f64> = ends.iter().map(|e| (e - mean).powi(2)).collect();
        weights.mean(&squares).sqrt()
    }
}

/// Recovers each person from one sample of the prior that all share: quick, without proposals, habits and profiles.
///
/// # Errors
/// [`TwinError`]; people who are refused are counted.
pub fn by_pool(plan: &Plan<'_>, pool: u32) -> Result<Proof, TwinError> {
    let pool = Pool::new(plan, pool)?;
    let mut tally = Tally::default();
    for simulated in simulate(plan)? {
        let readings = &simulated.person.readings;
        let fewer = readings.len().saturating_sub(1);
        let weighed = pool.weigh(readings, &|_| true);
        let (Some(weights), Some(before)) = (weighed, pool.weigh(readings, &|at| at < fewer))
        else {
            tally.refused += 1;
            continue;
        };
        if weights.effective() < REFUSED_BELOW as f64 {
            tally.refused += 1;
            continue;
        }
        let arms = 0..simulated.ends.len();
        let bands: Vec<[f64; 5]> = arms.map(|arm| pool.band(&weights, arm)).collect();
        let wide = pool.band(&before, 0);
        tally
            .widths
            .push((bands[0][4] - bands[0][0]) / (wide[4] - wide[0]));
        tally.take(&bands, &simulated.ends, weights.effective());
    }
    Ok(tally.proof(plan))
}

/// What each reading of the plan does to the forecast as now: alone, and added to the first of them, from one sample of the
/// prior that all people share. Whom too few draws fit counts for nothing there.
///
/// # Errors
/// [`TwinError`].
pub fn narrowing(plan: &Plan<'_>, pool: u32) -> Result<Vec<Narrowing>, TwinError> {
    let pool = Pool::new(plan, pool)?;
    let mut logarithms = vec![[Vec::new(), Vec::new()]; plan.reads.len()];
    let equal = Weights::from_logarithms(&vec![0.0; pool.courses.len()]);
    let prior = equal.map_or(f64::NAN, |equal| pool.spread(&equal));
    for simulated in simulate(plan)? {
        let readings = &simulated.person.readings;
        let spread = |wanted: &dyn Fn(usize) -> bool| {
            let weights = pool.weigh(readings, wanted)?;
            let enough = weights.effective() >= REFUSED_BELOW as f64;
            enough.then(|| pool.spread(&weights))
        };
        let first = spread(&|at| at == 0);
        for (reading, [alone, added]) in logarithms.iter_mut().enumerate() {
            let of_alone = spread(&|at| at == reading).map(|s| (s / prior).ln());
            let of_both = spread(&|at| at == 0 || at == reading).zip(first);
            alone.extend(of_alone.filter(|l| l.is_finite()));
            added.extend(of_both.map(|(both, one)| (both / one).ln()));
        }
    }
    let named = plan.reads.iter().zip(logarithms);
    let one = |(reading, [alone, added]): (&Readable, [Vec<f64>; 2])| Narrowing {
        reading: reading.id.clone(),
        alone: mean(&alone).exp(),
        added: mean(&added).exp(),
        errors: [&alone, &added].map(|of| standard_error(of)),
        people: alone.len(),
    };
    Ok(named.map(one).collect())
}

fn standard_error(values: &[f64]) -> f64 {
    let middle = mean(values);
    let squares: Vec<f64> = values.iter().map(|v| (v - middle).powi(2)).collect();
    (mean(&squares) / (values.len() as f64 - 1.0)).sqrt()
}

fn drawing(plan: &Plan<'_>) -> Result<Drawing, TwinError> {
    let network = &plan.forecast.scenario.network;
    Ok(Drawing::new(
        network,
        plan.table,
        &plan.blank.condition,
        Some(plan.blank),
    )?)
}

fn making<'m>(plan: &'m Plan<'_>, drawing: &'m Drawing) -> Making<'m> {
    const UNUSED: Request = Request {
        candidates: 0,
        batches: 1,
        pilot: 0,
        draws: 0,
        routes: false,
        apart: false,
    };
    Making {
        forecast: plan.forecast,
        person: plan.blank,
        drawing,
        guilds: None,
        request: &UNUSED,
    }
}

fn end(courses: &Courses, arm: usize) -> f64 {
    courses.arms[arm].last().copied().unwrap_or(f64::NAN)
}

/// True values of what is read.
fn shown(plan: &Plan<'_>, person: &Resting) -> Vec<f64> {
    let network = &plan.forecast.scenario.network;
    let of = |r: &Readable| {
        let index = network.observable(&r.observable);
        index.map_or(f64::NAN, |i| person.observables[i as usize])
    };
    plan.reads.iter().map(of).collect()
}

/// The people, drawn from the prior by the first numbers of their seed.
fn simulate(plan: &Plan<'_>) -> Result<Vec<Simulated>, TwinError> {
    let drawing = drawing(plan)?;
    let making = making(plan, &drawing);
    let scenario = &plan.forecast.scenario;
    let mut ward = Ward::new(&scenario.network, scenario.switches.clone())?;
    let people = (0..plan.people)
        .map(|n| drawing.draw(plan.seed, n))
        .collect();
    let settled = settle(&mut ward, people, None, plan.seed)?;
    let resting: Vec<&Resting> = settled.people.iter().collect();
    let (courses, _, _) = follow(&making, &mut ward, &resting)?;
    let one = |c: &Courses| {
        let person = resting[c.place];
        Simulated {
            person: read(plan, &drawing, person),
            profiles: if plan.profile {
                vec![stool(plan, person)]
            } else {
                Vec::new()
            },
            ends: (0..c.arms.len()).map(|arm| end(c, arm)).collect(),
        }
    };
    Ok(courses.iter().map(one).collect())
}

fn stream(seed: u64, person: &Resting, name: &str) -> RandomStream {
    RandomStream::new(
        seed,
        person.individual.number,
        StreamId::named("proof", name),
    )
}

/// Readings with the noise of their assays, habits as questionnaires tell them.
fn read(plan: &Plan<'_>, drawing: &Drawing, person: &Resting) -> Person {
    let mut known = plan.blank.clone();
    let truths = shown(plan, person);
    known.readings = (plan.reads.iter().zip(truths))
        .map(|(what, truth)| Reading {
            value: what
                .noise
                .read(truth, stream(plan.seed, person, &what.id).normal_at(0)),
            what: what.clone(),
            day: 0.0,
        })
        .collect();
    let habits = habits_of(drawing, &person.individual);
    let error = |name: &str| plan.table.get(name).map_or(f64::NAN, |p| p.value);
    let told = |habit: &str, error: f64| {
        let value = habits.get(habit)?;
        Some((
            value + error * stream(plan.seed, person, habit).normal_at(0),
            error,
        ))
    };
    known.habits.stress = told("habit.stress_score", error("people.pss_error"));
    known.habits.sleep_loss = told("habit.sleep_loss", error("people.sleep_error"));
    known.habits.bmi_z = habits.get("habit.bmi_z").copied();
    known
}

/// A stool profile with the error of the method.
fn stool(plan: &Plan<'_>, person: &Resting) -> GuildReading {
    let network = &plan.forecast.scenario.network;
    let lean = |code: &str| {
        let catalogue = gutskin_biology::catalogue::Catalogue::shipped().ok()?;
        catalogue.guild(code).map(|g| g.lean.clone())
    };
    let blank = GuildReading {
        shares: vec![0.0; Guild::ALL.len()],
        reads: Some(READS),
        outside: 0.0,
    };
    let Some(guilds) = Guilds::new(network, plan.table, &lean, vec![blank.clone()]) else {
        return blank;
    };
    let shown: Vec<f64> = guilds
        .groups
        .iter()
        .map(|g| person.observables[g.share as usize])
        .collect();
    guilds.seen(&shown, READS, &|at| {
        stream(plan.seed, person, "guild").normal_at(at)
    })
}

#[derive(Default)]
struct Tally {
    refused: usize,
    effective: Vec<f64>,
    widths: Vec<f64>,
    /// Arm by arm, whether each truth lay within the half and the 90 %.
    inside: Vec<Vec<(bool, bool)>>,
}

impl Tally {
    fn take(&mut self, bands: &[[f64; 5]], ends: &[f64], effective: f64) {
        self.effective.push(effective);
        self.inside.resize(bands.len(), Vec::new());
        for ((list, band), end) in self.inside.iter_mut().zip(bands).zip(ends) {
            list.push((
                (band[1]..=band[3]).contains(end),
                (band[0]..=band[4]).contains(end),
            ));
        }
    }

    fn proof(&self, plan: &Plan<'_>) -> Proof {
        let arms = plan.forecast.scenario.arms.iter().zip(&self.inside);
        let of = |(arm, list): (&Arm, &Vec<(bool, bool)>)| {
            let within = |of: &dyn Fn(&(bool, bool)) -> bool| Counts {
                responders: list.iter().filter(|i| of(i)).count(),
                people: list.len(),
            };
            Coverage {
                name: arm.name.clone(),
                within_50: within(&|i| i.0),
                within_90: within(&|i| i.1),
            }
        };
        Proof {
            people: self.effective.len() + self.refused,
            refused: self.refused,
            effective: mean(&self.effective),
            narrowed: mean(&self.widths),
            arms: arms.map(of).collect(),
        }
    }
}
