//! Blooms under drugs of the gut: positive scores of the drug table are what was seen, never an input, and are set beside
//! what the model gives.

use super::super::{CheckError, Lab};
use super::{SEGMENTS, catalogue, colon, drugs};
use gutskin_biology::catalogue::{Catalogue, Drug};
use gutskin_biology::colon::ColonOptions;
use serde::Serialize;

/// How long the drug is taken, d.
const DAYS: f64 = 7.0;
/// A smaller change, log10, is none: what the solver leaves.
const NONE: f64 = 1e-3;
/// Scores of enterococci are about a part of this guild (taxa.csv), which has a column of its own.
const ENTEROCOCCI: (&str, &str) = ("enterococci", "LAB");

/// A bloom that was seen, and what the model gives.
#[derive(Clone, Debug, Serialize)]
pub struct Bloom {
    /// Drug, as scenarios name it.
    pub drug: String,
    /// Its name for people.
    pub agent: String,
    /// What the score is about: a column of `drugs.csv`.
    pub column: String,
    /// Guilds of the model that stand for it.
    pub guilds: Vec<String>,
    /// Score, 1 to 3.
    pub score: f64,
    /// Change of the guilds' share of the microbes after seven days of the usual dose in the central person, log10; absent
    /// where the drug does nothing in the gut of the model.
    pub change: Option<f64>,
    /// Does the share rise? Absent where there is no change to judge.
    pub holds: Option<bool>,
    /// Where the score comes from.
    pub source: String,
}

/// Every positive score of the drug table beside the model, in order of the table. `progress` is told each drug before
/// it is given.
///
/// # Errors
/// A table or a model that does not read; a run that fails.
pub fn blooms(progress: &mut dyn FnMut(&str)) -> Result<Vec<Bloom>, CheckError> {
    let catalogue = catalogue()?;
    let mut found = Vec::new();
    for drug in &catalogue.drugs {
        let seen: Vec<(&String, f64)> = (drug.scores.iter())
            .map(|(column, score)| (column, *score))
            .filter(|(_, score)| *score > 0.0)
            .collect();
        if seen.is_empty() {
            continue;
        }
        progress(&drug.id);
        let parts: Vec<Vec<String>> = seen.iter().map(|(c, _)| guilds(catalogue, c)).collect();
        let changes = match drug.acts() {
            true => taken(catalogue, drug, &parts)?
                .into_iter()
                .map(Some)
                .collect(),
            false => vec![None; parts.len()],
        };
        for (((column, score), guilds), change) in seen.into_iter().zip(parts).zip(changes) {
            found.push(Bloom {
                drug: drug.id.clone(),
                agent: drug.agent.clone(),
                column: column.clone(),
                guilds,
                score,
                change,
                holds: change.map(|c| c > NONE),
                source: drug.provenance.source.clone(),
            });
        }
    }
    Ok(found)
}

/// Guilds that a column of scores is about.
fn guilds(catalogue: &Catalogue, column: &str) -> Vec<String> {
    if column == ENTEROCOCCI.0 {
        return vec![ENTEROCOCCI.1.to_owned()];
    }
    let of = catalogue.guilds.iter().filter(|g| g.drug_column == column);
    of.map(|g| g.name.clone()).collect()
}

/// What a week of the usual dose changes in the shares of these parts, log10.
fn taken(
    catalogue: &Catalogue,
    drug: &Drug,
    parts: &[Vec<String>],
) -> Result<Vec<f64>, CheckError> {
    let is_added = |name: &&String| catalogue.guild(name).is_some_and(|g| !g.resident);
    let mut added: Vec<String> = parts.iter().flatten().filter(is_added).cloned().collect();
    added.dedup();
    let mut lab = colon(&ColonOptions {
        guilds: added,
        ..drugs(&[&drug.id])
    })?;
    lab.rest()?;
    let before = shares(&mut lab, parts)?;
    give(&mut lab, drug)?;
    lab.run(DAYS, &[], Vec::new())?;
    let after = shares(&mut lab, parts)?;
    let pairs = after.iter().zip(&before);
    Ok(pairs.map(|(a, b)| (a / b).log10()).collect())
}

/// The usual dose from now on, with what it adds and does to transit, as scenarios give it.
fn give(lab: &mut Lab, drug: &Drug) -> Result<(), CheckError> {
    const TRANSIT: &str = "input.transit_factor";
    let dose = lab.parameter(&format!("drugs.usual_dose.{}", drug.id))?;
    lab.set_input(&format!("input.drug.{}", drug.id), dose)?;
    lab.set_input(TRANSIT, lab.input(TRANSIT)? * drug.transit_factor)?;
    for (input, added) in &drug.adds {
        // What is the body's is not in the colon alone.
        let Ok(index) = lab.input_index(input) else {
            continue;
        };
        let unit = lab.network.inputs[index].unit.clone();
        let more = unit.map_or(Ok(added.value), |unit| {
            added.unit.convert(added.value, &unit)
        });
        let more = more.map_err(|e| CheckError::Failed {
            who: format!("the central person on {}", drug.id),
            why: e.to_string(),
        })?;
        lab.set_input(input, lab.input(input)? + more)?;
    }
    Ok(())
}

/// Share of each part in all microbes, in the lumen and at the lining.
fn shares(lab: &mut Lab, parts: &[Vec<String>]) -> Result<Vec<f64>, CheckError> {
    let all = lab.read("colon.microbes")?;
    let of = |guild: &String| -> f64 {
        let places = SEGMENTS.iter().flat_map(|s| {
            [
                format!("colon.{guild}.{s}"),
                format!("colon.{guild}_mucosal.{s}"),
            ]
        });
        places
            .filter_map(|name| lab.state_index(&name).ok())
            .map(|i| lab.state[i])
            .sum()
    };
    Ok(parts
        .iter()
        .map(|guilds| guilds.iter().map(of).sum::<f64>() / all)
        .collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_column_with_a_bloom_is_about_a_guild() {
        let catalogue = catalogue().unwrap();
        for drug in &catalogue.drugs {
            for (column, _) in drug.scores.iter().filter(|(_, score)| **score > 0.0) {
                assert!(
                    !guilds(catalogue, column).is_empty(),
                    "{}: {column}",
                    drug.id
                );
            }
        }
    }
}
