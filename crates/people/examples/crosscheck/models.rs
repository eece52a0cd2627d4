//! The models that are compared.

use crate::Failure;
use gutskin_biology::axis::{self, AxisOptions, SkinKind};
use gutskin_biology::body::{self, Mode};
use gutskin_biology::catalogue::Catalogue;
use gutskin_biology::colon::{self, ColonOptions, Layout};
use gutskin_network::Network;

/// What `--model` takes.
pub const NAMES: [&str; 9] = [
    "thin",
    "forms",
    "surrogate",
    "ad",
    "pso",
    "acne",
    "body",
    "colon_lean",
    "axis",
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
}

/// The model of a name; `None` where its data are absent.
pub fn load(name: &str) -> Result<Option<Subject>, Failure> {
    match name {
        "thin" => {
            let table = gutskin_biology::parameter_table()?;
            Ok(Some(Subject {
                name: name.to_owned(),
                network: gutskin_biology::thin::network(&table)?,
                span: 196.0,
                people: Vec::new(),
            }))
        }
        "forms" => Ok(Some(Subject {
            name: name.to_owned(),
            network: gutskin_network::sbml::read(FORMS)?.network,
            span: 28.0,
            people: Vec::new(),
        })),
        "surrogate" => surrogate(name),
        "ad" | "pso" | "acne" | "body" | "colon_lean" | "axis" => Ok(Some(Subject {
            name: name.to_owned(),
            network: shipped(name)?,
            span: 168.0,
            people: Vec::new(),
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
        "colon_lean" => {
            let options = ColonOptions {
                layout: Layout::Lean,
                ..ColonOptions::default()
            };
            colon::network(&table, &Catalogue::shipped()?, &options)?
        }
        _ => {
            let options = AxisOptions::plain(SkinKind::Eczema);
            axis::network(&table, &Catalogue::shipped()?, &options)?
        }
    })
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
