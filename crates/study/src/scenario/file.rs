//! The file as written: names and texts with their places.

use super::ScenarioError;
use serde::Deserialize;
use serde::de::IgnoredAny;
use toml::Spanned;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub scenario: Spanned<Header>,
    pub population: Population,
    #[serde(rename = "arm")]
    pub arms: Vec<Spanned<Arm>>,
    pub endpoint: Spanned<Endpoint>,
    #[serde(default, rename = "secondary")]
    pub secondary: Vec<Spanned<Endpoint>>,
    #[serde(default, rename = "subgroup")]
    pub subgroups: Vec<Spanned<Subgroup>>,
    pub design: Option<Spanned<Design>>,
    #[serde(default, rename = "window")]
    pub windows: Vec<Spanned<Window>>,
    // Changes of the model: read by `overrides`, so that they mean the same in every file.
    #[serde(default, rename = "parameters")]
    _parameters: IgnoredAny,
    #[serde(default, rename = "priors")]
    _priors: IgnoredAny,
    #[serde(default, rename = "switches")]
    _switches: IgnoredAny,
    #[serde(default, rename = "inputs")]
    _inputs: IgnoredAny,
    #[serde(default, rename = "catalogue")]
    _catalogue: IgnoredAny,
    /// What a study published; read by the evidence ledger, of no meaning for the simulation.
    #[serde(default, rename = "published")]
    pub _published: Option<toml::Value>,
}

/// Days that are lived by the clock.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Window {
    pub start: Spanned<String>,
    pub stop: Spanned<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub name: String,
    #[serde(default)]
    pub question: String,
    pub model: Spanned<String>,
    pub condition: Spanned<String>,
    /// A stage of `gutskin_biology::stages` in place of an adult.
    pub life_stage: Option<Spanned<String>>,
    /// Guilds that are not resident and shall be present, yeasts for example.
    #[serde(default)]
    pub guilds: Vec<Spanned<String>>,
    /// Law of the uptake of fatty acids: floor, drag or recruited.
    pub uptake: Option<Spanned<String>>,
    /// What placebo arms get beside, in eczema.
    pub care: Option<Spanned<String>>,
    pub duration: Spanned<String>,
    pub visits: Spanned<String>,
    #[serde(default)]
    pub seed: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Population {
    pub size: Spanned<i64>,
    /// Draws of the parameters that are not known, beside their central values.
    pub parameter_draws: Option<Spanned<i64>>,
    /// Ages of those who enter: they say which life stage people are of.
    pub age: Option<Spanned<Age>>,
    #[serde(default)]
    pub include: Vec<Spanned<Inclusion>>,
    #[serde(default)]
    pub exclude: Vec<Spanned<Inclusion>>,
    /// What everybody is on before the study, whatever arm they come into.
    #[serde(default)]
    pub background: Vec<Spanned<Change>>,
    #[serde(default, rename = "correlation")]
    pub correlations: Vec<Spanned<Correlation>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Age {
    pub low: Option<Spanned<String>>,
    pub high: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Correlation {
    pub first: Spanned<String>,
    pub second: Spanned<String>,
    pub rho: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Inclusion {
    pub observable: Spanned<String>,
    pub low: Option<f64>,
    pub high: Option<f64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Arm {
    pub name: String,
    #[serde(default)]
    pub factors: Vec<String>,
    #[serde(default, rename = "change")]
    pub changes: Vec<Spanned<Change>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    pub input: Option<Spanned<String>>,
    pub value: Option<Spanned<String>>,
    /// A name of `catalogue/exposures.csv` in place of input and value.
    pub exposure: Option<Spanned<String>>,
    /// A pattern of `catalogue/diets.csv` in place of input and value.
    pub diet: Option<Spanned<String>>,
    /// A name of `catalogue/foods.csv`, on top of the usual food.
    pub food: Option<Spanned<String>>,
    /// A name of `catalogue/prebiotics.csv`, on top of the usual food.
    pub prebiotic: Option<Spanned<String>>,
    /// A name of `catalogue/synbiotics.csv`.
    pub synbiotic: Option<Spanned<String>>,
    /// A name of `catalogue/strains.csv`.
    pub strain: Option<Spanned<String>>,
    /// A name of `catalogue/skin_drugs.csv` or `catalogue/drugs.csv` in place of input and value.
    pub drug: Option<Spanned<String>>,
    /// With its unit, in place of the dose: of a food or strain a day.
    pub amount: Option<Spanned<String>>,
    /// Between doses of the drug, in place of its usual interval.
    pub interval: Option<Spanned<String>>,
    /// Over the usual dose.
    pub dose: Option<Spanned<f64>>,
    pub start: Option<Spanned<String>>,
    pub stop: Option<Spanned<String>>,
    /// Over this long before its end it goes down in steps.
    pub taper: Option<Spanned<String>>,
}

impl Change {
    /// What it names, each with its kind; one in a change that is written well.
    pub fn named(&self) -> Vec<(&'static str, &Spanned<String>)> {
        let all = [
            ("input", &self.input),
            ("exposure", &self.exposure),
            ("diet", &self.diet),
            ("food", &self.food),
            ("prebiotic", &self.prebiotic),
            ("synbiotic", &self.synbiotic),
            ("strain", &self.strain),
            ("drug", &self.drug),
        ];
        let named = all.into_iter();
        named
            .filter_map(|(kind, name)| Some((kind, name.as_ref()?)))
            .collect()
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Endpoint {
    pub observable: Spanned<String>,
    pub measure: Spanned<String>,
    pub at: Option<Spanned<String>>,
    pub better: Option<Spanned<String>>,
    pub response: Option<Spanned<Response>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Response {
    /// Percent of the reading at entry.
    pub improvement: Option<f64>,
    /// Reading to be reached.
    pub reach: Option<f64>,
    /// With `reach`: the least improvement in points beside it.
    pub points: Option<f64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Subgroup {
    /// Observable at entry, or parameter of the person.
    #[serde(rename = "trait")]
    pub of: Spanned<String>,
    /// Where the people are parted; their median unless given.
    pub cut: Option<Spanned<f64>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Design {
    pub kind: Option<Spanned<String>>,
    pub pool: Option<Spanned<i64>>,
    pub replicates: Option<Spanned<i64>>,
    pub run_in: Option<Spanned<String>>,
    pub follow_up: Option<Spanned<String>>,
    pub washout: Option<Spanned<String>>,
    pub adherence: Option<Spanned<Adherence>>,
    pub drop_out: Option<Spanned<DropOut>>,
    pub missing: Option<Spanned<f64>>,
    pub rescue: Option<Spanned<Rescue>>,
    pub interim: Option<Spanned<Interim>>,
    /// Whether people have flares, in eczema.
    pub flares: Option<Spanned<bool>>,
    /// How bursts of bacterial DNA come: none, mean or drawn.
    pub bursts: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Adherence {
    pub mean: f64,
    #[serde(default)]
    pub sd: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DropOut {
    pub share: f64,
    pub depends_on: Option<Spanned<String>>,
    pub ratio: Option<f64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rescue {
    pub estimand: Spanned<String>,
    pub worsening: Option<f64>,
    pub above: Option<f64>,
    pub from: Option<Spanned<String>>,
    pub input: Option<Spanned<String>>,
    pub value: Option<Spanned<String>>,
    pub exposure: Option<Spanned<String>>,
    pub drug: Option<Spanned<String>>,
    pub interval: Option<Spanned<String>>,
    pub dose: Option<Spanned<f64>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Interim {
    /// Share of the people whose outcome is known at the look.
    pub at: f64,
    /// The trial stops below this chance of p < 0.05 at its end.
    pub conditional_power: f64,
}

impl Change {
    /// A drug at its usual doses, throughout.
    pub fn drug(name: Spanned<String>) -> Self {
        Self {
            drug: Some(name),
            ..Self::default()
        }
    }
}

impl File {
    /// What is asked of one person, without changes of the model (which are read from the text).
    pub fn of_person(
        scenario: Spanned<Header>,
        arms: Vec<Spanned<Arm>>,
        endpoint: Spanned<Endpoint>,
        bursts: Option<Spanned<String>>,
    ) -> Self {
        let span = scenario.span();
        let design = bursts.map(|bursts| {
            let design = Design {
                bursts: Some(bursts),
                ..Design::default()
            };
            Spanned::new(span.clone(), design)
        });
        Self {
            windows: Vec::new(),
            scenario,
            population: Population {
                size: Spanned::new(span, 2),
                parameter_draws: None,
                age: None,
                include: Vec::new(),
                exclude: Vec::new(),
                background: Vec::new(),
                correlations: Vec::new(),
            },
            arms,
            endpoint,
            secondary: Vec::new(),
            subgroups: Vec::new(),
            design,
            _parameters: IgnoredAny,
            _priors: IgnoredAny,
            _switches: IgnoredAny,
            _inputs: IgnoredAny,
            _catalogue: IgnoredAny,
            _published: None,
        }
    }
}

pub(super) fn parse(file: &str, text: &str) -> Result<File, ScenarioError> {
    toml::from_str(text).map_err(|e| {
        ScenarioError::new(file, text, e.span(), plain(e.message())).with_help(mend(e.message()))
    })
}

/// What a key that is missing takes, by an example.
const EXAMPLES: [(&str, &str); 18] = [
    ("name", "name = \"placebo\""),
    ("model", "model = \"axis_ad_lean\""),
    ("condition", "condition = \"ad\""),
    ("duration", "duration = \"12 wk\""),
    ("visits", "visits = \"4 wk\""),
    ("size", "size = 40"),
    ("observable", "observable = \"score.easi\""),
    ("measure", "measure = \"change\""),
    (
        "estimand",
        "estimand = \"treatment_policy\", \"hypothetical\" or \"composite\"",
    ),
    ("share", "share = 0.15"),
    ("mean", "mean = 0.8"),
    ("at", "at = 0.5"),
    ("conditional_power", "conditional_power = 0.1"),
    ("trait", "trait = \"score.easi\""),
    ("start", "start = \"0 d\""),
    ("stop", "stop = \"2 d\""),
    ("rho", "rho = 0.4"),
    ("first", "first and second, two parameters that go together"),
];

/// What to do about a fault that the reader of the file found.
fn mend(message: &str) -> String {
    let missing = message.strip_prefix("missing field `");
    if let Some(key) = missing.and_then(|m| m.split('`').next()) {
        let example = EXAMPLES.iter().find(|e| e.0 == key);
        return match (example, key) {
            (Some((_, example)), _) => format!("add a line to this table: {example}"),
            (None, "scenario" | "population" | "endpoint") => {
                format!("add a table [{key}]; gutskin init writes a file with all of them")
            }
            (None, "arm") => "add [[arm]], twice at least: the first is the comparator".to_owned(),
            (None, _) => format!("add {key} to this table; docs/scenario.md says what it takes"),
        };
    }
    let of_kind = ["invalid type", "invalid value"];
    if of_kind.iter().any(|kind| message.starts_with(kind)) {
        return "write it as docs/scenario.md has it: numbers bare, times and amounts with their unit in quotes, names in quotes".to_owned();
    }
    if message.contains("duplicate key") {
        return "keep one of the two lines".to_owned();
    }
    "a scenario has [scenario], [population], [[arm]] and [endpoint], and may have [design], [[secondary]], [[subgroup]], [[window]], [parameters], [priors], [switches], [inputs] and [catalogue]; see the files in examples/".to_owned()
}

/// A message of the reader without names of types.
fn plain(message: &str) -> String {
    const WORDS: [(&str, &str); 4] = [
        ("expected i64", "expected a whole number"),
        ("expected u64", "expected a whole number of 0 or more"),
        ("expected f64", "expected a number"),
        ("expected struct ", "expected a table "),
    ];
    let replace = |text: String, (from, to): &(&str, &str)| text.replace(from, to);
    WORDS.iter().fold(message.to_owned(), replace)
}
