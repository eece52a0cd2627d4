//! Experiments on the colon alone, with the rest of the body clamped.

mod acute;
pub(crate) mod antibiotics;
mod batch;
mod blooms;
mod closures;
pub(crate) mod composition;
pub(crate) mod crowd;
mod diet;
pub(crate) mod difficile;
mod infants;
#[cfg(test)]
mod interface;
mod invariants;
mod paired;
pub(crate) mod people;
mod reference;
mod regressions;
pub(crate) mod species;
mod tetracyclines;

pub use blooms::{Bloom, blooms};
pub use closures::{ClosureOutcome, ClosureRow, closures};
pub use invariants::{Drawn, draw_people};
pub use paired::{Paired, PairedOutcome, Ranked, paired};
pub use reference::{changed_reference, reference_state, stage_reference};

pub(crate) use super::lab::setting;
use super::{CheckError, Experiment, Lab, RowValues};
use crate::checks::table;
use gutskin_biology::catalogue::Catalogue;
use gutskin_biology::colon::{ColonOptions, network};
use std::sync::OnceLock;

/// Segments, in the direction of flow.
pub(crate) const SEGMENTS: [&str; 3] = ["prox", "trans", "dist"];

/// The shipped tables, read once: drawn people ask for their strains by the hundred.
fn catalogue() -> Result<&'static Catalogue, CheckError> {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    if let Some(catalogue) = CATALOGUE.get() {
        return Ok(catalogue);
    }
    let read = Catalogue::shipped()?;
    Ok(CATALOGUE.get_or_init(|| read))
}

/// The colon with what an experiment adds.
fn colon(options: &ColonOptions) -> Result<Lab, CheckError> {
    Lab::new(network(table()?, catalogue()?, options)?)
}

/// These drugs, given to people of the colon.
fn drugs(drugs: &[&str]) -> ColonOptions {
    ColonOptions {
        drugs: drugs.iter().map(|d| (*d).to_owned()).collect(),
        ..ColonOptions::default()
    }
}

/// Values of people by what was read, from values by person.
fn columns<const N: usize>(people: &[[f64; N]]) -> [Vec<f64>; N] {
    std::array::from_fn(|i| people.iter().map(|values| values[i]).collect())
}

/// Rows with the mean of what was read of each person.
fn means<const N: usize>(rows: [&'static str; N], people: &[[f64; N]]) -> RowValues {
    let values = columns(people).map(|values| mean(&values));
    rows.into_iter().zip(values).collect()
}

pub(crate) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Every experiment of this room.
pub(super) static EXPERIMENTS: &[Experiment] = &[
    Experiment {
        name: "reference person",
        rows: &[
            "gut-01a", "gut-01b", "gut-01c", "gut-02a", "gut-02b", "gut-02c", "gut-03a", "gut-03b",
            "gut-03c", "gut-04a", "gut-04b", "gut-05a", "gut-07a", "gut-08a", "gut-08b", "gut-09a",
            "gut-09b", "gut-10a",
        ],
        run: reference::person,
    },
    Experiment {
        name: "plausible pH in 500 adults",
        rows: &["gut-02d"],
        run: people::plausible_ph,
    },
    Experiment {
        name: "marginal yield of fibre",
        rows: &["gut-06a"],
        run: diet::marginal_yield,
    },
    Experiment {
        name: "low-carbohydrate diet",
        rows: &["gut-11a", "gut-11b"],
        run: diet::low_carbohydrate,
    },
    Experiment {
        name: "animal-based diet",
        rows: &[
            "gut-12a", "gut-12b", "gut-12c", "gut-12d", "gut-12e", "gut-12f", "gut-12g",
        ],
        run: diet::animal_based,
    },
    Experiment {
        name: "inulin once",
        rows: &["gut-13a", "gut-13b"],
        run: acute::inulin,
    },
    Experiment {
        name: "inulin for two weeks",
        rows: &["gut-14a", "gut-14b"],
        run: diet::inulin_bifidobacteria,
    },
    Experiment {
        name: "potato starch for two weeks",
        rows: &["gut-15a", "gut-15b", "gut-15c"],
        run: diet::potato_starch,
    },
    Experiment {
        name: "10 against 40 g fibre",
        rows: &["gut-16a", "gut-16b"],
        run: diet::fibre_crossover,
    },
    Experiment {
        name: "slow against fast transit",
        rows: &["gut-17a", "gut-17b", "gut-17c", "gut-17d", "gut-17e"],
        run: reference::transit,
    },
    Experiment {
        name: "dose response of starch",
        rows: &["gut-18a"],
        run: diet::starch_dose_response,
    },
    Experiment {
        name: "broad antibiotics for four days",
        rows: &["gut-19a", "gut-19b", "gut-19c", "gut-19d", "gut-19e"],
        run: antibiotics::broad,
    },
    Experiment {
        name: "ciprofloxacin twice",
        rows: &["gut-20a", "gut-20b", "gut-20c"],
        run: antibiotics::ciprofloxacin_twice,
    },
    Experiment {
        name: "clindamycin",
        rows: &["gut-21a", "gut-21b"],
        run: antibiotics::clindamycin,
    },
    Experiment {
        name: "tetracyclines of acne",
        rows: &["gut-22a", "gut-22b", "gut-22c", "gut-22d", "gut-22e"],
        run: tetracyclines::acne,
    },
    Experiment {
        name: "eaten strains",
        rows: &["gut-23a", "gut-23b", "gut-23c"],
        run: people::eaten_strains,
    },
    Experiment {
        name: "after antibiotics: nothing, own stool, probiotic",
        rows: &["gut-24a", "gut-24b", "gut-24c", "gut-24d"],
        run: antibiotics::recovery_arms,
    },
    Experiment {
        name: "species-equivalent diversity",
        rows: &["gut-25a", "gut-25b"],
        run: people::diversity,
    },
    Experiment {
        name: "lactulose and pectin once",
        rows: &["gut-26a", "gut-26b", "gut-26c", "gut-26d", "gut-26e"],
        run: acute::lactulose_and_pectin,
    },
    Experiment {
        name: "ex-vivo batch by fibre",
        rows: &[
            "gut-06b", "gut-27a", "gut-27b", "gut-27c", "gut-27d", "gut-27e", "gut-27f",
        ],
        run: batch::fibres,
    },
    Experiment {
        name: "stool weight on fibre",
        rows: &["gut-28a", "gut-28b"],
        run: regressions::stool_on_fibre,
    },
    Experiment {
        name: "infants on breast milk and on formula",
        rows: &[
            "gut-30a", "gut-30b", "gut-30c", "gut-30d", "gut-30e", "gut-30f", "gut-30g", "gut-30h",
        ],
        run: infants::feeding,
    },
    Experiment {
        name: "eighteen months from birth",
        rows: &["gut-31a", "gut-31b"],
        run: infants::succession,
    },
    Experiment {
        name: "C. difficile challenge",
        rows: &["gut-29a", "gut-29b", "gut-29c", "gut-29d", "gut-29e"],
        run: difficile::challenge,
    },
];
