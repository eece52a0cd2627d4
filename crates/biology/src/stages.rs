//! Life stages: parameters of children that are laid over those of the reference person.
//!
//! A stage is a parameter file of `parameters/stages/`. What it names takes the place of the adult's number; what adults eat and it does
//! not name is scaled by energy and by the share of the family's food. A child from 3 years eats and harbours what adults do, per unit
//! of energy and per litre; a younger one is fed milk.

use gutskin_network::{Mark, ParameterFileError, ParameterTable, Spread, nearest};
use thiserror::Error;

/// Present where a life stage has been laid over the table.
const ENERGY: &str = "person.energy_intake";
/// Present where life begins with the study: the share of an adult's microbes that a newborn starts with.
pub(crate) const INOCULUM: &str = "person.inoculum";
/// What of the family's food is eaten, over an adult's per unit of energy.
const FAMILY_FOOD: &str = "person.family_food";
/// What adults eat stands under this name, by input.
const EATEN: &str = "diet.reference_";
/// Not eaten by energy: the milk of the table is a habit, not a share of food.
const HABITS: [&str; 1] = ["diet.reference_milk"];

/// A life stage of the project.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stage {
    /// Name in scenarios.
    pub id: &'static str,
    /// Name in words.
    pub title: &'static str,
    /// Ages for which it stands, years.
    pub ages: [f64; 2],
    /// Files that are laid over the table, in order: name and text.
    pub files: &'static [(&'static str, &'static str)],
}

impl Stage {
    /// Is this an infant, whose food is milk or has milk in it?
    #[must_use]
    pub fn is_infant(&self) -> bool {
        self.id.starts_with("infant_")
    }
}

macro_rules! file {
    ($name:literal) => {
        (
            concat!("parameters/stages/", $name, ".toml"),
            include_str!(concat!("../../../parameters/stages/", $name, ".toml")),
        )
    };
}

/// Every stage that ships.
pub const STAGES: &[Stage] = &[
    Stage {
        id: "birth_breastfed",
        title: "From birth, breast-fed; grows through the first year",
        ages: [0.0, 1.0],
        files: &[
            file!("infant_breastfed"),
            file!("reference_infant"),
            file!("birth"),
        ],
    },
    Stage {
        id: "birth_formula",
        title: "From birth, formula-fed; grows through the first year",
        ages: [0.0, 1.0],
        files: &[
            file!("infant_formula"),
            file!("reference_infant"),
            file!("birth"),
        ],
    },
    Stage {
        id: "infant_breastfed",
        title: "3 to 4 months, breast-fed",
        ages: [0.0, 0.5],
        files: &[file!("infant_breastfed"), file!("reference_infant")],
    },
    Stage {
        id: "infant_formula",
        title: "3 to 4 months, formula-fed",
        ages: [0.0, 0.5],
        files: &[file!("infant_formula"), file!("reference_infant")],
    },
    Stage {
        id: "infant_weaning",
        title: "9 months, breast milk and family food",
        ages: [0.5, 1.0],
        files: &[file!("infant_weaning"), file!("reference_weaning")],
    },
    Stage {
        id: "toddler",
        title: "2 years, family food",
        ages: [1.0, 3.0],
        files: &[file!("toddler"), file!("reference_toddler")],
    },
    Stage {
        id: "child",
        title: "6 years, family food",
        ages: [3.0, 12.0],
        files: &[file!("child"), file!("reference_child")],
    },
];

/// From this age on, years, people are simulated as adults: no stage stands for adolescents.
pub const ADULT_FROM: f64 = 12.0;

/// The stage at which a person of this age, years, stands: none from [`ADULT_FROM`] on. Below half a year `formula` says
/// how an infant is fed.
#[must_use]
pub fn of_age(age: f64, formula: bool) -> Option<&'static Stage> {
    let at_rest = |s: &&Stage| {
        !s.files
            .iter()
            .any(|(name, _)| name.ends_with("/birth.toml"))
    };
    let holds = |s: &&Stage| (s.ages[0]..s.ages[1]).contains(&age);
    let fitting = || STAGES.iter().filter(at_rest).filter(holds);
    let fed = |s: &&Stage| (s.id == "infant_formula") == formula;
    fitting().find(fed).or_else(|| fitting().next())
}

/// Stages whose central child is what children are compared with, and the file under `parameters/stages/` that holds it; infants on
/// formula, and those who are followed from birth, are compared with the breast-fed infant.
pub const REFERENCES: &[(&str, &str)] = &[
    ("infant_breastfed", "reference_infant.toml"),
    ("infant_weaning", "reference_weaning.toml"),
    ("toddler", "reference_toddler.toml"),
    ("child", "reference_child.toml"),
];

/// Why a life stage cannot be used.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum StageError {
    /// A name that stands for none.
    #[error("no life stage is named \"{name}\"{hint}; known: {}", STAGES.iter().map(|s| s.id).collect::<Vec<_>>().join(", "))]
    Unknown {
        /// The name.
        name: String,
        /// What may be meant.
        hint: String,
    },
    /// A fault in its file.
    #[error(transparent)]
    File(#[from] ParameterFileError),
}

/// Lays a stage over the parameters of the reference person.
///
/// # Errors
/// A name that stands for no stage, or a fault in its file.
pub fn lay_over(table: &mut ParameterTable, name: &str) -> Result<(), StageError> {
    let Some(stage) = STAGES.iter().find(|s| s.id == name) else {
        let near = nearest(name, STAGES.iter().map(|s| s.id));
        return Err(StageError::Unknown {
            name: name.to_owned(),
            hint: near.map_or(String::new(), |n| format!("; did you mean \"{n}\"?")),
        });
    };
    let mut own = ParameterTable::new();
    for (file, text) in stage.files {
        own.overlay_toml(file, text)?;
        table.overlay_toml(file, text)?;
    }
    scale_food(table, &own);
    Ok(())
}

/// What adults eat and the stage does not name: less, by energy and the share of the family's food.
fn scale_food(table: &mut ParameterTable, own: &ParameterTable) {
    let number = |name: &str| table.get(name).map(|p| p.value);
    let (Some(energy), Some(usual), Some(share)) = (
        number(ENERGY),
        number("person.energy_reference"),
        number(FAMILY_FOOD),
    ) else {
        return;
    };
    let factor = share * energy / usual;
    let names: Vec<String> = table.iter().map(|p| p.name.clone()).collect();
    for name in names {
        let scaled =
            name.starts_with(EATEN) && own.get(&name).is_none() && !HABITS.contains(&name.as_str());
        let Some(entry) = table.get_mut(&name).filter(|_| scaled) else {
            continue;
        };
        entry.value *= factor;
        entry.spread = if factor > 0.0 {
            entry.spread.scaled(factor)
        } else {
            Spread::Fixed
        };
        entry.mark = Mark::Computed;
        entry.note = format!(
            "{}; in this life stage × {factor:.4} by energy and the share of the family's food",
            entry.note
        );
    }
}

/// Has a life stage been laid over this table?
#[must_use]
pub fn is_child(table: &ParameterTable) -> bool {
    table.get(ENERGY).is_some()
}

/// Does life begin with the study, so that nobody comes to rest before it?
#[must_use]
pub fn from_birth(table: &ParameterTable) -> bool {
    table.get(INOCULUM).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::colon::{ColonOptions, network};
    use crate::parameter_table;

    #[test]
    fn every_number_of_a_stage_reaches_the_colon_and_is_cited() {
        for stage in STAGES {
            let mut table = parameter_table().unwrap();
            lay_over(&mut table, stage.id).unwrap();
            let options = ColonOptions::of(&table, &Catalogue::shipped().unwrap());
            let found = network(&table, &Catalogue::shipped().unwrap(), &options).unwrap();
            let mut own = ParameterTable::new();
            for (file, text) in stage.files {
                own.overlay_toml(file, text).unwrap();
            }
            for entry in own.iter() {
                let input = entry.name.strip_prefix(EATEN);
                let held = found.parameter(&entry.name).is_some()
                    || input.is_some_and(|i| found.input(&format!("input.diet.{i}")).is_some())
                    || [FAMILY_FOOD, INOCULUM].contains(&entry.name.as_str());
                // Fat rich in saturated acids is the body's; the lean colon and the body have references of their own.
                let elsewhere = ["diet.reference_saturated_fat", "colon.aromatic_reference"];
                assert!(
                    held || elsewhere.contains(&entry.name.as_str())
                        || entry.name.ends_with(".lean")
                        || entry.name.starts_with("bile.secondary_reference"),
                    "{}: {} does nothing",
                    stage.id,
                    entry.name
                );
                let cited = table.citations().get(&entry.source);
                assert!(cited.is_some_and(|c| !c.is_empty()), "{}", entry.name);
            }
        }
    }

    #[test]
    fn every_file_of_the_folder_belongs_to_a_stage() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../parameters/stages");
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().to_string_lossy().into_owned();
            let mut files = STAGES.iter().flat_map(|s| s.files);
            assert!(files.any(|f| f.0.ends_with(&name)), "{name}");
        }
    }

    #[test]
    fn food_is_scaled_by_energy_where_the_stage_does_not_say() {
        let adult = parameter_table().unwrap();
        let mut child = adult.clone();
        lay_over(&mut child, "child").unwrap();
        let of = |t: &ParameterTable, name: &str| t.get(name).unwrap().value;
        let factor = of(&child, ENERGY) / of(&child, "person.energy_reference");
        let (before, after) = (
            of(&adult, "diet.reference_starch"),
            of(&child, "diet.reference_starch"),
        );
        assert!((after - factor * before).abs() < 1e-12);
        let milk = "diet.reference_milk";
        assert_eq!(of(&adult, milk), of(&child, milk));
        let mut infant = adult.clone();
        lay_over(&mut infant, "infant_breastfed").unwrap();
        assert_eq!(of(&infant, "diet.reference_starch"), 0.0);
        assert!(of(&infant, "diet.reference_hmo") > 5.0);
    }

    #[test]
    fn an_unknown_stage_names_the_nearest() {
        let mut table = parameter_table().unwrap();
        let error = lay_over(&mut table, "infant_breastfeed").unwrap_err();
        assert!(
            error
                .to_string()
                .contains("did you mean \"infant_breastfed\"")
        );
    }
}
