//! What is asked of one person: options as arms beside going on as now, in the schema of scenarios.

use super::file::{Arm, Change, Endpoint, File, Header};
use super::resolve::Resolver;
use super::timeline::{self, Effect, Lasting, Span};
use super::window;
use super::{Scenario, ScenarioError};
use gutskin_network::overrides::Override;
use gutskin_network::{Action, ParameterTable, Schedule, Target};
use gutskin_people::person::{DrugTaken, Person, readables};
use serde::Deserialize;
use std::ops::Range;
use toml::Spanned;

type Result<T> = std::result::Result<T, ScenarioError>;

/// Name of the first arm.
pub const AS_NOW: &str = "as now";
/// Forecasts reach so far unless the file says otherwise.
const DURATION: &str = "24 wk";
const VISITS: &str = "2 wk";
/// Drugs of the skin are followed back so far, d: what was taken before has left it.
const FARTHEST: f64 = 365.0;
/// Drugs of the gut: strains that a course has cost come back within years.
const FARTHEST_GUT: f64 = 1_095.0;

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
    bursts: Option<Spanned<String>>,
    seed: Option<u64>,
}

/// A scenario for one person, and what of the past it begins with.
#[derive(Clone, Debug)]
pub struct Forecast {
    /// Arms: as now, then the options. Days count from today.
    pub scenario: Scenario,
    /// Day on which courses begin, 0 or below.
    pub begin: f64,
    /// Drugs of the skin and of the gut from then on.
    pub history: Schedule,
    /// Drugs that are told and not simulated, and why.
    pub left_out: Vec<String>,
    /// Antibiotics that options give: place of the arm, and the drug.
    pub antibiotics: Vec<(usize, String)>,
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
            "[forecast] may have duration, visits, score, colon, care, bursts and seed; an [[option]] has a name and [[option.change]] tables as [[arm.change]] in scenarios (docs/scenario.md)",
        )
    })?;
    let mut resolver = Resolver::new(file, text, table);
    resolver.of_person = true;
    let eaten = person
        .habits
        .inputs
        .iter()
        .filter(|(_, value)| **value > 0.0);
    resolver.usual = eaten.map(|(input, _)| input.clone()).collect();
    let at = asked.forecast.as_ref().map_or(0..0, Spanned::span);
    let mut settings = asked.forecast.map(Spanned::into_inner).unwrap_or_default();
    let bursts = settings.bursts.take();
    let (taken, left_out) = told(&resolver, person)?;
    already_taken(&resolver, &asked.options, &taken)?;
    for option in &asked.options {
        resolver.printable(&option.as_ref().name, option.span())?;
    }
    let antibiotics = antibiotics(&resolver, &asked.options)?;
    let mut arms = vec![Spanned::new(at.clone(), arm(AS_NOW, Vec::new()))];
    arms.extend(asked.options);
    if let Some(second) = arms.iter().skip(1).find(|a| a.as_ref().name == AS_NOW) {
        return Err(resolver
            .error(second.span(), format!("\"{AS_NOW}\" is always there"))
            .with_help("give the option another name"));
    }
    // Last arms that are taken off again put the drugs of the past into the model; there is one at least, for a scenario compares.
    let options = arms.len();
    arms.push(Spanned::new(at.clone(), arm(&of_past(""), Vec::new())));
    let mut names: Vec<&DrugTaken> = taken.iter().map(|t| t.drug).collect();
    names.sort_by(|a, b| a.name.cmp(&b.name));
    names.dedup_by(|a, b| a.name == b.name);
    for past in names {
        let changes = vec![drug(&past.name, past.span.clone())];
        arms.push(Spanned::new(at.clone(), arm(&of_past(&past.name), changes)));
    }
    let seed = settings.seed.unwrap_or(0);
    let header = header(&resolver, (&at, settings), person)?;
    let endpoint = endpoint(&resolver, (&at, header.1), person, table)?;
    let raw = File::of_person(Spanned::new(at, header.0), arms, endpoint, bursts);
    let mut scenario = resolver.resolve(raw, changes)?;
    let short = window::short_events(&scenario, "twins follow days as means");
    scenario.warnings.extend(short);
    let past = scenario.arms.split_off(options);
    scenario.seed = seed;
    let begin = taken.iter().map(Taken::begin).fold(0.0, f64::min);
    let history = history(&scenario, (&taken, &past), &resolver)?;
    scenario
        .warnings
        .extend(antibiotics_told(&resolver, &taken)?);
    Ok(Forecast {
        antibiotics,
        left_out,
        scenario,
        begin,
        history,
    })
}

/// A drug that is simulated, and where it acts.
struct Taken<'p> {
    drug: &'p DrugTaken,
    in_skin: bool,
    in_gut: bool,
}

impl Taken<'_> {
    fn farthest(&self) -> f64 {
        if self.in_gut { FARTHEST_GUT } else { FARTHEST }
    }

    /// Day from which it is followed.
    fn begin(&self) -> f64 {
        self.drug.from.max(-self.farthest())
    }
}

/// Drugs that are simulated, and what is said of the others.
fn told<'p>(resolver: &Resolver<'_>, person: &'p Person) -> Result<(Vec<Taken<'p>>, Vec<String>)> {
    let seen = person.profiles.iter().map(|p| p.day).reduce(f64::max);
    let (mut taken, mut left_out) = (Vec::new(), Vec::new());
    for drug in &person.drugs {
        let name = Spanned::new(drug.span.clone(), drug.name.clone());
        let gut = resolver.id_in_gut(&name)?.is_some();
        // What a profile shows is already what the drug has made of the gut.
        let shown = gut && seen.is_some_and(|day| drug.from < day);
        let lasts = |farthest: f64| drug.until.is_none_or(|day| day > -farthest);
        let one = Taken {
            drug,
            in_skin: drug.of_skin && lasts(FARTHEST),
            in_gut: gut && !shown && lasts(FARTHEST_GUT),
        };
        let name = &drug.name;
        if shown {
            left_out.push(format!("\"{name}\" began before the last stool profile: what it did in the gut is taken from that and not simulated"));
        } else if !(one.in_skin || one.in_gut) {
            left_out.push(if gut || drug.of_skin {
                format!("\"{name}\" is told and not simulated: it ended too long ago")
            } else {
                format!("\"{name}\" is told and not simulated: it acts neither in the gut nor in the skin of this condition")
            });
        }
        if one.in_skin || one.in_gut {
            taken.push(one);
        }
    }
    Ok((taken, left_out))
}

/// Name of the arm that holds a drug of the past; options have no control characters in theirs.
fn of_past(drug: &str) -> String {
    format!("\u{0}{drug}")
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
    taken: &[Taken<'_>],
) -> Result<()> {
    let named = options.iter().flat_map(|o| &o.as_ref().changes);
    for name in named.filter_map(|c| c.as_ref().drug.as_ref()) {
        let goes_on = |t: &Taken<'_>| t.drug.name == *name.as_ref() && t.drug.until.is_none();
        if taken.iter().any(goes_on) {
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

/// Antibiotics that options give, by the place of their arm. A name that is none is told where arms are read.
fn antibiotics(resolver: &Resolver<'_>, options: &[Spanned<Arm>]) -> Result<Vec<(usize, String)>> {
    let mut found = Vec::new();
    for (place, option) in (1..).zip(options) {
        let changes = option.as_ref().changes.iter();
        for name in changes.filter_map(|c| c.as_ref().drug.as_ref()) {
            if is_antibiotic(resolver, name)? {
                found.push((place, name.as_ref().clone()));
            }
        }
    }
    Ok(found)
}

/// Whether this drug is an antibiotic by the table of drugs of the gut.
fn is_antibiotic(resolver: &Resolver<'_>, name: &Spanned<String>) -> Result<bool> {
    let Some(id) = resolver.id_in_gut(name)? else {
        return Ok(false);
    };
    let drugs = resolver.gut_drugs(name)?;
    Ok(drugs.iter().any(|d| d.id == id && d.is_antibiotic()))
}

/// What a reader must know of antibiotics.
pub(crate) const TOO_STRONG: &str = "what antibiotics do to the gut is too strong in this model (docs/misses.md, row 22a of the colon), and that damage reaches the skin";

/// What is said of antibiotics in the history.
fn antibiotics_told(resolver: &Resolver<'_>, taken: &[Taken<'_>]) -> Result<Vec<String>> {
    let mut names: Vec<&str> = Vec::new();
    for taken in taken.iter().filter(|t| t.in_gut) {
        let name = Spanned::new(taken.drug.span.clone(), taken.drug.name.clone());
        if is_antibiotic(resolver, &name)? && !names.contains(&taken.drug.name.as_str()) {
            names.push(&taken.drug.name);
        }
    }
    Ok(names
        .into_iter()
        .map(|name| {
            format!(
                "\"{name}\" of the history is an antibiotic: {TOO_STRONG}, so that the score as now is off: too high where it was read before the course, too low where it was read after, for too much of it is put down to the drug and fades"
            )
        })
        .collect())
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
        life_stage: person.stage.map(|s| text(s.id)),
        uptake: None,
        guilds: Vec::new(),
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

/// Drugs of the past and present, each from the day on which it is followed. `past` holds them as arms that take them from day 0.
fn history(
    scenario: &Scenario,
    (taken, past): (&[Taken<'_>], &[super::Arm]),
    resolver: &Resolver<'_>,
) -> Result<Schedule> {
    let network = &scenario.network;
    let (mut changes, mut lasting) = (Vec::new(), Vec::new());
    for taken in taken {
        let drug = taken.drug;
        let fault = |e: String| resolver.error(drug.span.clone(), e);
        let span = Span {
            start: taken.begin(),
            stop: drug.until.unwrap_or(scenario.duration),
            taper: 0.0,
        };
        if taken.in_skin {
            let all = resolver.ingredients().tables.skin_drugs();
            let all = all.map_err(|e| fault(e.to_string()))?;
            let known = |d: &&gutskin_biology::catalogue::SkinDrug| {
                d.id == drug.name && d.condition == scenario.condition
            };
            let start = span.start.max(-FARTHEST);
            let known = all.iter().find(known);
            changes.extend(
                known
                    .map(|d| d.taken(network, start, span.stop, None))
                    .unwrap_or_default(),
            );
        }
        let arm = past.iter().find(|a| a.name == of_past(&drug.name));
        for input in arm.filter(|_| taken.in_gut).into_iter().flat_map(inputs_of) {
            let named = network.inputs.get(input.0 as usize);
            // What the skin holds stands above.
            if named.is_some_and(|i| i.name.starts_with("input.")) {
                let (input, effect) = input;
                lasting.push(Lasting {
                    input,
                    effect,
                    span,
                });
            }
        }
    }
    changes.extend(timeline::changes(&lasting, network));
    changes.retain(|c| c.time < scenario.duration);
    Schedule::sorted(changes).map_err(|e| resolver.error(0..0, e.to_string()))
}

/// The inputs that an arm sets on its first day.
fn inputs_of(arm: &super::Arm) -> Vec<(u32, Effect)> {
    let first = arm.schedule.changes().iter().filter(|c| c.time == 0.0);
    let set = |c: &gutskin_network::Change| match (c.target, c.action) {
        (Target::Input(input), Action::Set(value)) => Some((input, Effect::Set(value))),
        _ => None,
    };
    first.filter_map(set).collect()
}
