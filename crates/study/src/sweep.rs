//! One thing of a scenario varied: size, duration, dose, or any parameter, input or switch.

use crate::scenario::{self, Kind, Scenario, ScenarioError};
use crate::trial::{TrialError, TrialRun, TrialSummary, run, summarise};
use gutskin_network::overrides::Override;
use gutskin_network::{Action, Change, ParameterTable, Schedule, Target};
use miette::Diagnostic;
use serde::Serialize;
use std::collections::BTreeMap;
use thiserror::Error;
use toml::Spanned;

/// What is varied, and its values as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vary {
    /// `size` (people an arm), `dose` (over what every arm but the first gives), `duration`, or the name of a parameter, input, switch or table cell.
    pub name: String,
    /// Values, units included.
    pub values: Vec<String>,
}

/// Most values of a sweep.
const MOST: usize = 200;

impl Vary {
    /// Reads `NAME=1,2,3`, `NAME=0..10:5` (five values from 0 to 10) or `NAME=0..10:5 g/d`.
    ///
    /// # Errors
    /// What was expected, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let expected = "expected NAME=VALUE,VALUE,… or NAME=LOW..HIGH:COUNT with a unit after it where there is one, such as diet.fibre=20..60:5 g/d";
        let (name, values) = text.split_once('=').ok_or(expected)?;
        let values = values.trim();
        let values: Vec<String> = match values.split_once("..") {
            None => values.split(',').map(|v| v.trim().to_owned()).collect(),
            Some((low, rest)) => {
                let (high, rest) = rest.split_once(':').ok_or(expected)?;
                let rest = rest.trim();
                let (count, unit) = rest.split_once(' ').unwrap_or((rest, ""));
                let number = |t: &str| {
                    t.trim()
                        .parse::<f64>()
                        .map_err(|_| format!("\"{t}\" is no number; {expected}"))
                };
                let (low, high) = (number(low)?, number(high)?);
                let count: usize = count
                    .parse()
                    .map_err(|_| format!("\"{count}\" is no count; {expected}"))?;
                spread(low, high, count, unit)
            }
        };
        if values.iter().any(String::is_empty) || !(1..=MOST).contains(&values.len()) {
            return Err(format!(
                "{} values; {expected}, 1 to {MOST} of them",
                values.len()
            ));
        }
        Ok(Self {
            name: name.trim().to_owned(),
            values,
        })
    }
}

fn spread(low: f64, high: f64, count: usize, unit: &str) -> Vec<String> {
    let at = |i: usize| low + (high - low) * i as f64 / (count.max(2) - 1) as f64;
    // Written with as many digits as people would, so that 0.1 + 0.2 reads 0.3.
    let text = |v: f64| {
        format!("{} {unit}", (v * 1e9).round() / 1e9)
            .trim()
            .to_owned()
    };
    (0..count.min(MOST + 1)).map(|i| text(at(i))).collect()
}

/// Why a sweep could not be run.
#[derive(Debug, Diagnostic, Error)]
pub enum SweepError {
    /// A value that does not fit.
    #[error("{name} = {value}: {message}")]
    Value {
        /// What is varied.
        name: String,
        /// The value.
        value: String,
        /// What is wrong.
        message: String,
    },
    /// The scenario with that value does not read.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Scenario(#[from] ScenarioError),
    /// It does not run.
    #[error("{name} = {value}: {error}")]
    Trial {
        /// What is varied.
        name: String,
        /// The value.
        value: String,
        /// Why.
        error: Box<TrialError>,
    },
}

/// One value and what it gives, one entry a comparison.
#[derive(Clone, Debug, Serialize)]
pub struct Point {
    /// The value as written.
    pub value: String,
    /// What is possible but doubtful at it, such as doses that were never studied.
    pub warnings: Vec<String>,
    /// The trial.
    pub summary: TrialSummary,
}

impl Point {
    fn of(value: &str, scenario: &Scenario, found: &TrialRun) -> Self {
        Self {
            value: value.to_owned(),
            warnings: scenario.warnings.clone(),
            summary: summarise(scenario, found),
        }
    }
}

/// Runs the trial once for every value. `progress` is told how many values are done.
///
/// # Errors
/// The first value that does not fit or does not run.
pub fn sweep(
    (file, text, table): (&str, &str, &ParameterTable),
    changes: &[Override],
    vary: &Vary,
    progress: &mut dyn FnMut(usize),
) -> Result<Vec<Point>, SweepError> {
    if vary.name == "size" {
        return sizes((file, text, table), changes, vary, progress);
    }
    let mut points = Vec::new();
    for value in &vary.values {
        let scenario = varied((file, text, table), changes, &vary.name, value)?;
        let found = run(&scenario, &mut |_| {}).map_err(|e| failed(vary, value, e))?;
        points.push(Point::of(value, &scenario, &found));
        progress(points.len());
    }
    Ok(points)
}

fn failed(vary: &Vary, value: &str, error: TrialError) -> SweepError {
    SweepError::Trial {
        name: vary.name.clone(),
        value: value.to_owned(),
        error: Box::new(error),
    }
}

/// Trials of several sizes from one pool, that of the largest.
fn sizes(
    source: (&str, &str, &ParameterTable),
    changes: &[Override],
    vary: &Vary,
    progress: &mut dyn FnMut(usize),
) -> Result<Vec<Point>, SweepError> {
    let mut scenarios = Vec::with_capacity(vary.values.len());
    for value in &vary.values {
        scenarios.push((value, varied(source, changes, &vary.name, value)?));
    }
    let Some((value, largest)) = scenarios.iter().max_by_key(|(_, s)| s.design.pool) else {
        return Ok(Vec::new());
    };
    let pool = largest.design.pool;
    let found = run(largest, &mut |_| {}).map_err(|e| failed(vary, value, e))?;
    let mut points = Vec::with_capacity(scenarios.len());
    for (value, mut scenario) in scenarios {
        scenario.design.pool = pool;
        points.push(Point::of(value, &scenario, &found));
        progress(points.len());
    }
    Ok(points)
}

/// The scenario with one value.
fn varied(
    (file, text, table): (&str, &str, &ParameterTable),
    changes: &[Override],
    name: &str,
    value: &str,
) -> Result<Scenario, SweepError> {
    let fault = |message: String| SweepError::Value {
        name: name.to_owned(),
        value: value.to_owned(),
        message,
    };
    match name {
        "size" => {
            let size: i64 = value
                .parse()
                .map_err(|_| fault("expected a whole number of people".to_owned()))?;
            let text =
                edited(text, ["population", "size"], toml::Value::Integer(size)).map_err(fault)?;
            Ok(scenario::read_with(file, &text, table, changes)?)
        }
        "duration" => {
            let value = toml::Value::String(value.to_owned());
            let text = edited(text, ["scenario", "duration"], value).map_err(fault)?;
            Ok(scenario::read_with(file, &text, table, changes)?)
        }
        "dose" => {
            let factor: f64 = value
                .parse()
                .map_err(|_| fault("expected a number, over the dose of the file".to_owned()))?;
            if !(factor.is_finite() && factor >= 0.0) {
                return Err(fault("a dose is 0 or more".to_owned()));
            }
            let mut scenario = scenario::read_with(file, text, table, changes)?;
            if let Some(given) = with_doses(text, factor).map_err(fault)? {
                // Read as a file would be: what has no doses is refused, what was never studied is warned of.
                let read = scenario::read_with(file, &given, table, changes)?;
                scenario.warnings = read.warnings.iter().map(|w| unplaced(file, w)).collect();
            }
            scale(&mut scenario, factor).map_err(fault)?;
            Ok(scenario)
        }
        _ => {
            let change =
                Override::parse(&format!("{name}={value}")).map_err(|e| fault(e.to_string()))?;
            let all: Vec<Override> = changes.iter().cloned().chain([change]).collect();
            Ok(scenario::read_with(file, text, table, &all)?)
        }
    }
}

/// The file with another value in one place, line by line as it was.
fn edited(text: &str, [section, key]: [&str; 2], value: toml::Value) -> Result<String, String> {
    type Section = BTreeMap<String, Spanned<toml::Value>>;
    #[derive(serde::Deserialize)]
    struct File {
        scenario: Section,
        population: Section,
    }
    let file: File = toml::from_str(text).map_err(|e| e.message().to_owned())?;
    let found = match section {
        "population" => file.population,
        _ => file.scenario,
    };
    let at = found.get(key).map(Spanned::span);
    let at = at.ok_or_else(|| format!("the file has no {key} under [{section}]"))?;
    let (before, after) = (text.get(..at.start), text.get(at.end..));
    Ok([
        before.unwrap_or_default(),
        &value.to_string(),
        after.unwrap_or_default(),
    ]
    .concat())
}

/// A warning without its place, which is one of the edited text.
fn unplaced(file: &str, warning: &str) -> String {
    let rest = warning.strip_prefix(file).unwrap_or(warning);
    let words = rest.trim_start_matches(|c: char| c == ':' || c.is_ascii_digit());
    words.trim_start().to_owned()
}

/// The file with the doses of every arm but the first so many times as large; nothing where an amount or an input's value
/// stands in place of each dose.
fn with_doses(text: &str, factor: f64) -> Result<Option<String>, String> {
    let mut file: toml::Table = toml::from_str(text).map_err(|e| e.message().to_owned())?;
    let arms = file.get_mut("arm").and_then(toml::Value::as_array_mut);
    let mut any = false;
    for arm in arms.into_iter().flatten().skip(1) {
        let changes = arm.get_mut("change").and_then(toml::Value::as_array_mut);
        for change in changes.into_iter().flatten() {
            let Some(change) = change.as_table_mut() else {
                continue;
            };
            if change.contains_key("amount") || change.contains_key("value") {
                continue;
            }
            let dose = match change.get("dose") {
                Some(toml::Value::Float(dose)) => *dose,
                Some(toml::Value::Integer(dose)) => *dose as f64,
                _ => 1.0,
            };
            if factor != 1.0 {
                change.insert("dose".to_owned(), toml::Value::Float(factor * dose));
                any = true;
            }
        }
    }
    if !any {
        return Ok(None);
    }
    toml::to_string(&file).map(Some).map_err(|e| e.to_string())
}

/// Doses, and distances of inputs from usual, of every arm but the first.
fn scale(scenario: &mut Scenario, factor: f64) -> Result<(), String> {
    if matches!(scenario.design.kind, Kind::Crossover { .. }) {
        return Err(
            "the dose of a crossover trial cannot be varied; vary it in a parallel one".to_owned(),
        );
    }
    let usual: Vec<f64> = scenario.network.inputs.iter().map(|i| i.default).collect();
    for arm in scenario.arms.iter_mut().skip(1) {
        let scaled = |c: &Change| {
            let action = match (c.target, c.action) {
                (Target::Input(i), Action::Set(v)) => {
                    let usual = usual.get(i as usize).copied().unwrap_or(0.0);
                    Action::Set(usual + factor * (v - usual))
                }
                (_, Action::Add(v)) => Action::Add(factor * v),
                (_, other) => other,
            };
            Change { action, ..*c }
        };
        let changes = arm.schedule.changes().iter().map(scaled).collect();
        arm.schedule = Schedule::sorted(changes).map_err(|e| e.to_string())?;
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_edited_file_keeps_its_lines() {
        let text = "[scenario]\nduration = \"12 wk\"\n# a word\n[population]\nsize   = 20 # people\nage = 3\n";
        let size = edited(text, ["population", "size"], toml::Value::Integer(5));
        assert_eq!(size, Ok(text.replace("20", "5")));
        let longer = toml::Value::String("24 wk".to_owned());
        let duration = edited(text, ["scenario", "duration"], longer);
        assert_eq!(duration, Ok(text.replace("12 wk", "24 wk")));
    }

    #[test]
    fn values_are_read_as_lists_and_ranges() {
        let values = |text: &str| Vary::parse(text).unwrap().values;
        assert_eq!(values("size=20, 40"), ["20", "40"]);
        assert_eq!(values("a.b=0..0.3:4"), ["0", "0.1", "0.2", "0.3"]);
        assert_eq!(
            values("diet.fibre=20..60:3 g/d"),
            ["20 g/d", "40 g/d", "60 g/d"]
        );
        for wrong in [
            "size",
            "size=",
            "a=1..2",
            "a=1..2:x",
            "a=x..2:3",
            "a=1..2:1000",
        ] {
            assert!(Vary::parse(wrong).is_err(), "{wrong}");
        }
    }
}
