//! One person's virtual twins: draws from what is not known, weighed by what was read, followed through every option.
//!
//! `posterior` makes the draws that fit (`settle` brings them to rest, with the capacities that a stool profile asks for),
//! `courses` follows them, `summary` says what comes out, `routes` what drives it, `worth` what measuring would narrow,
//! `apart` what is not known of the model and what of the person.

mod apart;
mod courses;
mod error;
mod posterior;
pub mod proof;
mod routes;
pub(crate) mod settle;
mod summary;
pub(crate) mod ward;
mod worth;

pub use error::TwinError;
pub use posterior::{REFUSED_BELOW, WARNED_BELOW};
pub use summary::{
    Antibiotic, Apart, ArmForecast, Effect, Fit, PROBABILITIES, ReadingFit, Route, Twin, Worth,
};

use crate::bursts::Draw;
use crate::scenario::Forecast;
use courses::Courses;
use gutskin_engine::random::{RandomStream, StreamId};
use gutskin_network::ParameterTable;
use gutskin_people::drawing::{Drawing, GuildReading, Guilds, habits_of};
use gutskin_people::person::{Person, readables};
use gutskin_people::weights::Weights;
use posterior::{Making, Posterior};
use summary::Matters;
use ward::{Resting, Ward};

/// How much is computed.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// Draws that are weighed.
    pub candidates: u32,
    /// How often as many are drawn again, at most, while the readings fit too few; 1 is never again.
    pub batches: u32,
    /// Draws before them from which the proposal is made.
    pub pilot: u32,
    /// Draws after resampling.
    pub draws: usize,
    /// Whether routes are closed to see what drives effects.
    pub routes: bool,
    /// Whether what is not known of the model is parted from what is not known of the person.
    pub apart: bool,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            candidates: 500,
            batches: 4,
            pilot: 125,
            draws: 500,
            routes: true,
            apart: true,
        }
    }
}

/// One draw that fits, for tables.
#[derive(Clone, Debug)]
pub struct DrawRow {
    /// Number of the draw.
    pub number: u32,
    /// How often it stands in the resampled set.
    pub times: usize,
    /// Habits by name.
    pub habits: Vec<(String, f64)>,
    /// Observables that can be read, at rest, by name.
    pub readings: Vec<(String, f64)>,
    /// Score at the visits, option by option.
    pub arms: Vec<Vec<f64>>,
}

/// Follows a person's twins. `guilds` is what stool profiles say, `progress` is told what is being done.
///
/// # Errors
/// [`TwinError`]; among them readings that fit too few draws.
pub fn run(
    forecast: &Forecast,
    person: &Person,
    (table, profiles): (&ParameterTable, Vec<GuildReading>),
    request: &Request,
    progress: &mut dyn FnMut(&str),
) -> Result<(Twin, Vec<DrawRow>), TwinError> {
    let scenario = &forecast.scenario;
    let network = &scenario.network;
    let catalogue = gutskin_biology::catalogue::Catalogue::shipped();
    let lean = |code: &str| {
        let guilds = catalogue
            .as_ref()
            .map(|c| c.guilds.as_slice())
            .unwrap_or_default();
        guilds
            .iter()
            .find(|g| g.name == code)
            .map(|g| g.lean.clone())
    };
    let outside: Vec<f64> = profiles.iter().map(|p| p.outside).collect();
    let guilds = Guilds::new(network, table, &lean, profiles);
    let mut drawing = Drawing::new(network, table, &person.condition, Some(person))?;
    if let Some(guilds) = &guilds {
        drawing.carry(guilds);
    }
    let making = Making {
        forecast,
        person,
        drawing: &drawing,
        guilds: guilds.as_ref(),
        request,
    };
    let mut ward = Ward::new(network, scenario.switches.clone())?;
    ward.bursts = Draw::of_scenario(scenario);
    progress("drawing people and bringing them to rest");
    let posterior = making.posterior(&mut ward, progress)?;
    let uniform =
        RandomStream::new(scenario.seed, 0, StreamId::named("twin", "resample")).uniform_at(0);
    let times = posterior.weights.resample(request.draws, uniform);
    let chosen: Vec<usize> = (0..times.len()).filter(|&i| times[i] > 0).collect();
    let people: Vec<&Resting> = chosen.iter().map(|&i| &posterior.people[i]).collect();
    progress("following them through every option");
    let (courses, failed, first_failure) = courses::follow(&making, &mut ward, &people)?;
    let logarithms: Vec<f64> = courses
        .iter()
        .map(|c| (times[chosen[c.place]] as f64).ln())
        .collect();
    let Some(weights) = Weights::from_logarithms(&logarithms) else {
        return Err(TwinError::NobodyFollowed {
            asked: people.len(),
            reason: first_failure.unwrap_or_default(),
        });
    };
    let known = readables(table).unwrap_or_default();
    let matters = Matters::of(forecast, table);
    let routes = if request.routes {
        progress("closing routes");
        routes::routes(&making, &mut ward, &people, (&courses, &weights))?
    } else {
        Vec::new()
    };
    let antibiotics = if forecast.antibiotics.is_empty() {
        Vec::new()
    } else if request.routes {
        routes::antibiotics(forecast, &routes)
    } else {
        progress("closing routes");
        let closed = routes::all_closed(&making, &mut ward, &people, (&courses, &weights))?;
        routes::antibiotics(forecast, &closed)
    };
    let apart = if request.apart {
        progress("parting what is not known");
        apart::apart(&making, &mut ward, &people, (&courses, &weights))?
    } else {
        Vec::new()
    };
    let mut notes = scenario.warnings.clone();
    notes.extend(person.notes.iter().cloned());
    notes.extend(
        outside
            .iter()
            .filter(|share| **share >= 0.005)
            .map(|share| {
                format!(
                    "{:.0} % of the stool profile is in no guild of the model",
                    100.0 * share
                )
            }),
    );
    notes.extend(forecast.left_out.iter().cloned());
    notes.extend(scenario.bursts.in_words().map(str::to_owned));
    let (read, told) = readings(&making, &mut ward, (&people, &courses, &weights))?;
    notes.splice(0..0, told);
    let (important, important_unit) = match matters {
        Some(Matters::Points(points)) => (points, "points"),
        Some(Matters::Percent(percent)) => (percent, "%"),
        None => (f64::NAN, ""),
    };
    let observable = &network.observables[scenario.endpoint.observable as usize];
    let twin = Twin {
        name: scenario.name.clone(),
        condition: person.condition.clone(),
        model: scenario.model.clone(),
        score: known
            .iter()
            .find(|r| r.observable == observable.name)
            .map_or_else(|| observable.doc.clone(), |r| r.title.clone()),
        observable: observable.name.clone(),
        days: scenario.visits.clone(),
        arms: summary::arms(
            forecast,
            (&courses, &weights),
            (matters, ward.relative_tolerance),
        ),
        important,
        important_unit: important_unit.to_owned(),
        told: person.told.clone(),
        readings: read,
        fit: Fit {
            drawn: posterior.drawn,
            without_rest: posterior.failed,
            first_without: posterior.first_failure.clone(),
            effective: posterior.weights.effective(),
            draws: request.draws,
            different: people.len(),
            failed,
            first_failure,
            proposed: posterior.proposed,
            profile_distance: distances(&posterior),
            warning: warning(&posterior),
        },
        routes,
        antibiotics,
        measure: worth::worth(&making, &known, (&people, &courses, &weights)),
        apart,
        notes,
        method: ward.method(),
        relative_tolerance: ward.relative_tolerance,
        solves: [ward.rests, ward.courses],
        effort: ward.effort,
    };
    let rows = rows(&making, (&people, &courses), &|place| times[chosen[place]]);
    Ok((twin, rows))
}

fn warning(posterior: &Posterior) -> Option<String> {
    let effective = posterior.weights.effective();
    (effective < WARNED_BELOW as f64).then(|| {
        format!("the readings fit the equivalent of {effective:.0} draws only: bands are rough")
    })
}

fn distances(posterior: &Posterior) -> Option<[f64; 2]> {
    if posterior.distances.is_empty() {
        return None;
    }
    let ordered = crate::statistics::sorted(posterior.distances.clone());
    Some([0.5, 0.95].map(|q| crate::statistics::quantile(&ordered, q)))
}

/// What is said of a reading outside of the central 99 % of what those who fit would read; nothing where it lies within.
fn contradicted(
    reading: &gutskin_people::person::Reading,
    (values, weights): (&[f64], &Weights),
) -> Option<String> {
    /// Readings are said to contradict the rest where fewer than this share lie further out.
    const TAIL: f64 = 0.005;
    let chances: Vec<Option<f64>> = values
        .iter()
        .map(|value| reading.what.noise.chance_up_to(reading.value, *value))
        .collect();
    let up_to: Vec<f64> = chances.iter().map(|c| c.unwrap_or(0.0)).collect();
    let up_to = weights.mean(&up_to);
    // Whatever would fall below nothing is read as nothing: then nothing lies further out below, and all above.
    let above = if reading.value > 0.0 {
        1.0 - up_to
    } else {
        1.0
    };
    if up_to >= TAIL && above >= TAIL {
        return None;
    }
    let [low, median, high] = [0.05, 0.5, 0.95].map(|p| weights.quantile(values, p));
    let unit = match reading.what.unit.as_str() {
        "1" => String::new(),
        unit => format!(" {unit}"),
    };
    Some(format!(
        "{} of {}{unit} ({}) lies outside of what 99 % of those who fit would read, who have {median:.3} (90 % {low:.3} to {high:.3}): it contradicts the other readings or habits; look at value, unit and date, or leave one out",
        reading.what.title,
        reading.value,
        match reading.day {
            day if day < 0.0 => format!("{:.0} days ago", -day),
            _ => "today".to_owned(),
        }
    ))
}

/// Each reading beside the truth in those who fit, and what is said of those that contradict the rest.
fn readings(
    making: &Making<'_>,
    ward: &mut Ward<'_>,
    (people, courses, weights): (&[&Resting], &[Courses], &Weights),
) -> Result<(Vec<ReadingFit>, Vec<String>), TwinError> {
    let followed: Vec<Resting> = courses.iter().map(|c| people[c.place].clone()).collect();
    let truths = making.truths(ward, &followed)?;
    let mut told = Vec::new();
    let mut one = |(number, r): (usize, &gutskin_people::person::Reading)| {
        let values: Vec<f64> = truths.iter().map(|t| t[number]).collect();
        told.extend(contradicted(r, (&values, weights)));
        ReadingFit {
            what: r.what.title.clone(),
            unit: r.what.unit.clone(),
            day: r.day,
            value: r.value,
            shown: PROBABILITIES.map(|p| weights.quantile(&values, p)),
        }
    };
    let numbered = making.person.readings.iter().enumerate();
    let all = numbered.map(&mut one).collect();
    Ok((all, told))
}

fn rows(
    making: &Making<'_>,
    (people, courses): (&[&Resting], &[Courses]),
    times: &dyn Fn(usize) -> usize,
) -> Vec<DrawRow> {
    let network = &making.forecast.scenario.network;
    let shown: Vec<(usize, String)> = network
        .observables
        .iter()
        .enumerate()
        .filter(|(_, o)| {
            let read = |(_, observable): &&(&str, &str)| *observable == o.name;
            gutskin_biology::assay::ASSAYS.iter().any(|a| read(&a))
                || o.name.starts_with("colon.share.")
        })
        .map(|(i, o)| (i, o.name.clone()))
        .collect();
    let row = |c: &Courses| {
        let person = people[c.place];
        DrawRow {
            number: person.individual.number,
            times: times(c.place),
            habits: habits_of(making.drawing, &person.individual)
                .into_iter()
                .collect(),
            readings: shown
                .iter()
                .map(|(i, n)| (n.clone(), person.observables[*i]))
                .collect(),
            arms: c.arms.clone(),
        }
    };
    courses.iter().map(row).collect()
}
