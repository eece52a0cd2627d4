//! What is asked of one person: options as arms beside going on as now, in the schema of scenarios.

use super::file::{Arm, Change, Endpoint, File, Header};
use super::resolve::Resolver;
use super::{Scenario, ScenarioError};
use gutskin_network::overrides::Override;
use gutskin_network::{ParameterTable, Schedule};
use gutskin_people::person::{Person, readables};
use serde::Deserialize;
use std::ops::Range;
use toml::Spanned;

type Result<T> = std::result::Result<T, ScenarioError>;

/// Name of the first arm.
pub const AS_NOW: &str = "as now";
/// Forecasts reach so far unless the file says otherwise.
const DURATION: &str = "24 wk";
const VISITS: &str = "2 wk";
/// Drugs are followed back so far, d: what was taken before has left the skin.
const FARTHEST: f64 = 365.0;

/// The part of a person file that says what is asked; the rest was read as a person.
#[derive(Debug, Deserialize)]
struct Asked {
    forecast: Option<Spanned<Settings>>,
    #[serde(default, rename = "option")]
    options: Vec<Spanned<Arm>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    duration: Option<Spanned<String>>,
    visits: Option<Spanned<String>>,
    score: Option<Spanned<String>>,
    colon: Option<Spanned<String>>,
    care: Option<Spanned<String>>,
    seed: Option<u64>,
}

/// A scenario for one person, and what of the past it begins with.
#[derive(Clone, Debug)]
pub struct Forecast {
    /// Arms: as now, then the options. Days count from today.
    pub scenario: Scenario,
    /// Day on which courses begin, 0 or below.
    pub begin: f64,
    /// Drugs of the skin from then on.
    pub history: Schedule,
    /// Drugs that are told and not simulated.
    pub left_out: Vec<String>,
}

/// Reads what a person file asks for. `person` was read from the same text.
///
/// # Errors
/// The first fault, with its place and mend.
pub fn read_forecast(
    (file, text): (&str, &str),
    person: &Person,
    table: &ParameterTable,
    changes: &[Override],
) -> Result<Forecast> {
    let asked: Asked = toml::from_str(text).map_err(|e| {
        ScenarioError::new(file, text, e.span(), e.message().to_owned()).with_help(
            "[forecast] may have duration, visits, score, colon, care and seed; an [[option]] has a name and [[option.change]] tables as [[arm.change]] in scenarios (docs/scenario.md)",
        )
    })?;
    let resolver = Resolver::new(file, text, table);
    let at = asked.forecast.as_ref().map_or(0..0, Spanned::span);
    let settings = asked.forecast.map(Spanned::into_inner).unwrap_or_default();
    let taken: Vec<&gutskin_people::person::DrugTaken> = (person.drugs.iter())
        .filter(|d| d.of_skin && d.until.is_none_or(|day| day > -FARTHEST))
        .collect();
    already_taken(&resolver, &asked.options, &taken)?;
    let mut arms = vec![Spanned::new(at.clone(), arm(AS_NOW, Vec::new()))];
    arms.extend(asked.options);
    if let Some(second) = arms.iter().skip(1).find(|a| a.as_ref().name == AS_NOW) {
        return Err(resolver
            .error(second.span(), format!("\"{AS_NOW}\" is always there"))
            .with_help("give the option another name"));
    }
    // A last arm that is taken off again puts the drugs of the past into the model.
    let mut names: Vec<&gutskin_people::person::DrugTaken> = taken.clone();
    names.sort_by(|a, b| a.name.cmp(&b.name));
    names.dedup_by(|a, b| a.name == b.name);
    let past = names
        .iter()
        .map(|d| drug(&d.name, d.span.clone()))
        .collect();
    arms.push(Spanned::new(at.clone(), arm("\u{0}past", past)));
    let seed = settings.seed.unwrap_or(0);
    let header = header(&resolver, (&at, settings), person)?;
    let endpoint = endpoint(&resolver, (&at, header.1), person, table)?;
    let raw = File::of_person(Spanned::new(at, header.0), arms, endpoint);
    let mut scenario = resolver.resolve(raw, changes)?;
    scenario.arms.pop();
    scenario.seed = seed;
    let begin = taken
        .iter()
        .map(|d| d.from)
        .fold(0.0, f64::min)
        .max(-FARTHEST);
    let history = history(&scenario, &taken, begin, &resolver)?;
    let unused = person.drugs.iter().filter(|d| !taken.contains(d));
    Ok(Forecast {
        left_out: unused.map(|d| d.name.clone()).collect(),
        scenario,
        begin,
        history,
    })
}

fn arm(name: &str, changes: Vec<Spanned<Change>>) -> Arm {
    Arm {
        name: name.to_owned(),
        factors: Vec::new(),
        changes,
    }
}

fn drug(name: &str, span: Range<usize>) -> Spanned<Change> {
    let change = Change::drug(Spanned::new(span.clone(), name.to_owned()));
    Spanned::new(span, change)
}

/// An option cannot begin a drug that goes on anyway.
fn already_taken(
    resolver: &Resolver<'_>,
    options: &[Spanned<Arm>],
    taken: &[&gutskin_people::person::DrugTaken],
) -> Result<()> {
    let named = options.iter().flat_map(|o| &o.as_ref().changes);
    for name in named.filter_map(|c| c.as_ref().drug.as_ref()) {
        let goes_on =
            |d: &&&gutskin_people::person::DrugTaken| d.name == *name.as_ref() && d.until.is_none();
        if taken.iter().any(|d| goes_on(&d)) {
            return Err(resolver
                .error(
                    name.span(),
                    format!(
                        "\"{}\" is taken already, and goes on in every option",
                        name.as_ref()
                    ),
                )
                .with_help("give its [[drug]] an until, or leave the option out"));
        }
    }
    Ok(())
}

/// The header of the scenario, and the score that is asked for.
fn header(
    resolver: &Resolver<'_>,
    (at, settings): (&Range<usize>, Settings),
    person: &Person,
) -> Result<(Header, Option<Spanned<String>>)> {
    let text = |value: &str| Spanned::new(at.clone(), value.to_owned());
    let lean = match &settings.colon {
        None => "_lean",
        Some(colon) => {
            resolver.one_of("colon", colon, &["lean", "full"])?;
            if colon.as_ref() == "full" {
                ""
            } else {
                "_lean"
            }
        }
    };
    // A placebo course is that of trials: a person who goes on as now has none unless the file asks for care.
    let care = settings
        .care
        .or_else(|| (person.condition == "ad").then(|| text("none")));
    let header = Header {
        name: if person.name.is_empty() {
            "a person".to_owned()
        } else {
            person.name.clone()
        },
        question: String::new(),
        model: text(&format!("axis_{}{lean}", person.condition)),
        condition: text(&person.condition),
        care,
        duration: settings.duration.unwrap_or_else(|| text(DURATION)),
        visits: settings.visits.unwrap_or_else(|| text(VISITS)),
        seed: 0,
    };
    Ok((header, settings.score))
}

fn endpoint(
    resolver: &Resolver<'_>,
    (at, score): (&Range<usize>, Option<Spanned<String>>),
    person: &Person,
    table: &ParameterTable,
) -> Result<Spanned<Endpoint>> {
    let known = readables(table).map_err(|e| resolver.error(at.clone(), e.to_string()))?;
    let here = || {
        let of = |r: &&gutskin_people::person::Readable| {
            r.score && r.condition.as_deref() == Some(person.condition.as_str())
        };
        known.iter().filter(of)
    };
    let read = person.readings.iter().find(|r| r.what.score);
    let found = match &score {
        Some(name) => Some(here().find(|r| r.id == *name.as_ref()).ok_or_else(|| {
            let what = format!("score of condition \"{}\"", person.condition);
            resolver.unknown(&what, name, here().map(|r| r.id.as_str()))
        })?),
        None => read.map(|r| &r.what).or_else(|| here().next()),
    };
    let found = found.ok_or_else(|| resolver.error(at.clone(), "the condition has no score"))?;
    let text = |value: &str| Spanned::new(at.clone(), value.to_owned());
    Ok(Spanned::new(
        at.clone(),
        Endpoint {
            observable: text(&found.observable),
            measure: text("change"),
            at: None,
            better: None,
            response: None,
        },
    ))
}

/// Drugs of the past and present from the day on which courses begin.
fn history(
    scenario: &Scenario,
    taken: &[&gutskin_people::person::DrugTaken],
    begin: f64,
    resolver: &Resolver<'_>,
) -> Result<Schedule> {
    let mut changes = Vec::new();
    for taken in taken {
        let fault = |e: String| resolver.error(taken.span.clone(), e);
        let all = resolver
            .ingredients()
            .tables
            .skin_drugs()
            .map_err(|e| fault(e.to_string()))?;
        let known = |d: &&gutskin_biology::catalogue::SkinDrug| {
            d.id == taken.name && d.condition == scenario.condition
        };
        let Some(drug) = all.iter().find(known) else {
            continue;
        };
        let stop = taken.until.unwrap_or(scenario.duration);
        changes.extend(drug.taken(&scenario.network, taken.from.max(begin), stop, None));
    }
    changes.retain(|c| c.time < scenario.duration);
    Schedule::sorted(changes).map_err(|e| resolver.error(0..0, e.to_string()))
}
