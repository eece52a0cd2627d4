//! One person as a file tells of them: checked, in units of the model, with what is not told left out.

mod customary;
mod date;
mod diet;
mod error;
mod file;
mod questionnaire;
pub mod readings;
mod resolve;
mod stool;
mod told;

pub use error::PersonError;
pub use readings::{Noise, Readable, readables};
pub use stool::guilds;
pub use told::Told;

use gutskin_biology::stages::{Stage, StageError, lay_over};
use gutskin_network::ParameterTable;
use std::collections::BTreeMap;
use std::ops::Range;

type Result<T> = std::result::Result<T, PersonError>;

/// A person, in units of the model; times are days from the date of the file, the past below 0.
#[derive(Clone, Debug)]
pub struct Person {
    /// Name or number, as given.
    pub name: String,
    /// The day that the file calls today, days from 1970-01-01.
    pub today: i64,
    /// Age, years.
    pub age: f64,
    /// `female` or `male`.
    pub sex: String,
    /// Life stage of a child: the colon and its food are those of that stage.
    pub stage: Option<&'static Stage>,
    /// Weight, kg.
    pub weight: Option<f64>,
    /// Skin condition: `ad`, `pso` or `acne`.
    pub condition: String,
    /// Sensitised to food, where known.
    pub sensitised: Option<bool>,
    /// Carrier of a filaggrin loss, where known.
    pub filaggrin_loss: Option<bool>,
    /// Have strains that are eaten a niche of their own in this gut?
    pub free_niche: Option<bool>,
    /// Scores and laboratory values on which the person is judged.
    pub readings: Vec<Reading>,
    /// Habits.
    pub habits: Habits,
    /// Drugs, present and past.
    pub drugs: Vec<DrugTaken>,
    /// Files of stool profiles.
    pub profiles: Vec<ProfileFile>,
    /// What the file tells beside readings, in words.
    pub told: Vec<Told>,
    /// What is doubtful, or told and not used.
    pub notes: Vec<String>,
}

impl Person {
    /// A grown person of whom nothing is told but condition and drugs.
    #[must_use]
    pub fn untold(condition: &str, drugs: Vec<DrugTaken>) -> Self {
        Self {
            name: String::new(),
            today: 0,
            age: f64::NAN,
            sex: String::new(),
            stage: None,
            weight: None,
            condition: condition.to_owned(),
            sensitised: None,
            filaggrin_loss: None,
            free_niche: None,
            readings: Vec::new(),
            habits: Habits::default(),
            drugs,
            profiles: Vec::new(),
            told: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// The parameters of people of this age.
    ///
    /// # Errors
    /// A fault in the file of a life stage; the tests keep that from happening.
    pub fn table(&self, grown: &ParameterTable) -> std::result::Result<ParameterTable, StageError> {
        let mut table = grown.clone();
        if let Some(stage) = self.stage {
            lay_over(&mut table, stage.id)?;
        }
        Ok(table)
    }

    /// Whether milk is this person's food, or was lately.
    #[must_use]
    pub fn may_have_infant_stool(&self) -> bool {
        self.stage
            .is_some_and(|s| s.is_infant() || s.id == "toddler")
    }
}

/// A reading with its noise.
#[derive(Clone, Debug)]
pub struct Reading {
    /// What was read.
    pub what: Readable,
    /// Value in the unit of the observable.
    pub value: f64,
    /// Day, 0 or before.
    pub day: f64,
}

/// Habits that are told; others keep their prior (parameters `habit.*`).
#[derive(Clone, Debug, Default)]
pub struct Habits {
    /// PSS-10 points: reading and error.
    pub stress: Option<(f64, f64)>,
    /// Sleep below 8 h a night, h: reading and error.
    pub sleep_loss: Option<(f64, f64)>,
    /// Body mass index as z.
    pub bmi_z: Option<f64>,
    /// Fibre eaten, g/d.
    pub fibre: Option<f64>,
    /// Error of the fibre, ln SD; nothing where the diet is not told.
    pub fibre_sd_ln: Option<f64>,
    /// Inputs that a pattern or the foods set, in g/d.
    pub inputs: BTreeMap<String, f64>,
}

/// A drug with its days.
#[derive(Clone, Debug, PartialEq)]
pub struct DrugTaken {
    /// Name in the catalogue.
    pub name: String,
    /// Whether it is a drug of the person's skin condition.
    pub of_skin: bool,
    /// First day, below or at 0.
    pub from: f64,
    /// Day after the last; nothing where it goes on.
    pub until: Option<f64>,
    /// Place in the file.
    pub span: Range<usize>,
}

/// A stool profile to be read.
#[derive(Clone, Debug, PartialEq)]
pub struct ProfileFile {
    /// File, beside the person file unless the path says otherwise.
    pub file: String,
    /// Which sample, where the file holds several.
    pub sample: Option<String>,
    /// Day.
    pub day: f64,
    /// Place in the file.
    pub span: Range<usize>,
}

/// Reads and checks a person file. `file` is the name used in messages.
///
/// # Errors
/// The first fault, with the place in the text and the mend.
pub fn read(file: &str, text: &str, table: &ParameterTable) -> Result<Person> {
    let raw: file::File = toml::from_str(text).map_err(|e| {
        let untexted = e.message().starts_with("invalid type")
            && e.message().ends_with("expected a string");
        PersonError::new(file, text, e.span(), e.message().to_owned())
            .with_help(if untexted {
                "write it in quotes, an amount with its unit: weight = \"68 kg\", value = \"2.4 mg/L\""
            } else {
                "a person has [person], and may have [[score]], [[reading]], [questionnaire], [diet], [[drug]], [[profile]], [forecast] and [[option]]; see docs/twin.md and examples/twin-eczema.toml"
            })
    })?;
    resolve::Reader::new(file, text, table)?.person(&raw)
}

/// The fault of a person at a place of its file.
#[must_use]
pub fn fault(file: &str, text: &str, span: Range<usize>, message: String) -> PersonError {
    PersonError::new(file, text, Some(span), message)
}
