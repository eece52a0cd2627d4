//! The models that are compared.

use crate::Failure;
use gutskin_biology::axis::{self, AxisOptions, SkinKind};
use gutskin_biology::body::{self, Mode};
use gutskin_biology::catalogue::Catalogue;
use gutskin_biology::colon::{self, ColonOptions, Layout};
use gutskin_network::Network;

/// What `--model` takes.
pub const NAMES: [&str; 10] = [
    "thin",
    "forms",
    "surrogate",
    "ad",
    "pso",
    "acne",
    "body",
    "colon_lean",
    "axis_ad_lean",
    "axis_ad",
];

/// A small synthetic model that uses every kind of expression and every named function.
const FORMS: &str = include_str!("../../../network/tests/__fuzz__/read_sbml/corpus/seed-01");

/// A model, and how long it is run.
pub struct Subject {
    pub name: String,
    pub network: Network,
    /// Length of the run, in the model's unit of time.
    pub span: f64,
    /// Values of given people as (parameter or state, value); drawn from the spreads where empty.
    pub people: Vec<Vec<(String, f64)>>,
    /// What happens to everybody as (day, input, value): people then start at rest, and one document serves them all.
    /// Random changes for each where empty.
    pub scenario: Vec<(f64, &'static str, f64)>,
}

/// Ten changes within half a year: a diet, stress, drugs and exposures come and go.
const TEN_CHANGES: [(f64, &str, f64); 10] = [
    (10.3, "input.diet.fructan", 12.0),
    (24.6, "input.stress_score", 26.0),
    (38.2, "input.diet.protein", 16.0),
    (52.8, "input.acid_suppression", 1.0),
    (66.4, "input.stress_score", 13.0),
    (80.9, "input.alcohol", 0.5),
    (95.1, "input.diet.fructan", 2.0),
    (109.7, "input.acid_suppression", 0.0),
    (123.5, "input.emulsifier", 1.0),
    (140.2, "input.vitamin_d", 2000.0),
];

/// Two changes, for measuring speed: a fibre for twelve weeks.
const TWO_CHANGES: [(f64, &str, f64); 2] = [
    (28.0, "input.diet.fructan", 12.0),
    (112.0, "input.diet.fructan", 2.0),
];

/// The model of a name; `None` where its data are absent.
pub fn load(name: &str, two_changes: bool) -> Result<Option<Subject>, Failure> {
    let plain = |network: Network, span: f64| Subject {
        name: name.to_owned(),
        network,
        span,
        people: Vec::new(),
        scenario: Vec::new(),
    };
    match name {
        "thin" => {
            let table = gutskin_biology::parameter_table()?;
            let network = gutskin_biology::thin::network(&table)?;
            Ok(Some(plain(network, 196.0)))
        }
        "forms" => Ok(Some(plain(
            gutskin_network::sbml::read(FORMS)?.network,
            28.0,
        ))),
        "surrogate" => surrogate(name),
        "ad" | "pso" | "acne" | "body" | "colon_lean" => Ok(Some(plain(shipped(name)?, 168.0))),
        "axis_ad_lean" | "axis_ad" => Ok(Some(Subject {
            scenario: match two_changes {
                true => TWO_CHANGES.to_vec(),
                false => TEN_CHANGES.to_vec(),
            },
            ..plain(shipped(name)?, 168.0)
        })),
        other => Err(format!("no model \"{other}\": {}", NAMES.join(" or ")).into()),
    }
}

/// A model of the project, with no drugs in it.
fn shipped(name: &str) -> Result<Network, Failure> {
    let table = gutskin_biology::parameter_table()?;
    Ok(match name {
        "ad" => gutskin_biology::ad::network(&table, &[])?,
        "pso" => gutskin_biology::pso::network(&table, &[])?,
        "acne" => gutskin_biology::acne::network(&table, &[])?,
        "body" => body::network(&table, Mode::Daily)?,
        "colon_lean" => colon::network(&table, &Catalogue::shipped()?, &lean())?,
        _ => {
            let mut options = AxisOptions::plain(SkinKind::Eczema);
            if name == "axis_ad_lean" {
                options.colon = lean();
            }
            axis::network(&table, &Catalogue::shipped()?, &options)?
        }
    })
}

fn lean() -> ColonOptions {
    ColonOptions {
        layout: Layout::Lean,
        ..ColonOptions::default()
    }
}

fn surrogate(name: &str) -> Result<Option<Subject>, Failure> {
    let (Some(model), Some(people)) = (
        gutskin_testing::shared_text("bench/surrogate.xml.gz"),
        gutskin_testing::shared_text("bench/surrogate_patients.csv"),
    ) else {
        return Ok(None);
    };
    let mut table = csv::Reader::from_reader(people.as_bytes());
    let names: Vec<String> = table.headers()?.iter().map(str::to_owned).collect();
    let people = table
        .records()
        .map(|row| person(&names, &row?))
        .collect::<Result<_, Failure>>()?;
    Ok(Some(Subject {
        name: name.to_owned(),
        network: gutskin_network::sbml::read(&model)?.network,
        span: 196.0,
        people,
        scenario: Vec::new(),
    }))
}

/// Columns `p:name` are parameters, `y0:name` states at the start.
fn person(names: &[String], row: &csv::StringRecord) -> Result<Vec<(String, f64)>, Failure> {
    let mut values = Vec::new();
    for (name, text) in names.iter().zip(row) {
        if let Some(name) = name.strip_prefix("p:").or_else(|| name.strip_prefix("y0:")) {
            values.push((name.to_owned(), text.parse()?));
        }
    }
    Ok(values)
}
