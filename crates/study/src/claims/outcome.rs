//! What a run of the statements says.

use crate::build_model;
use crate::checks::table;
use crate::checks::{self, CheckError, CheckOutcome, Selection};
use gutskin_biology::checks::{Claim, claims};
use gutskin_network::LinkGrade;
use serde::Serialize;
use std::collections::BTreeMap;

/// One window of a statement.
#[derive(Clone, Debug, Serialize)]
pub struct ClaimPart {
    /// Part: a letter, or `cut…`.
    pub part: String,
    /// Who, what, how long.
    pub experiment: String,
    /// What is compared.
    pub observable: String,
    /// Its unit.
    pub unit: String,
    /// Bounds; open where absent.
    pub window: [Option<f64>; 2],
    /// What the model gives.
    pub value: Option<f64>,
    /// In the window? Absent where not run.
    pub holds: Option<bool>,
    /// Counts only where built.
    pub optional: bool,
    /// Why there is no value.
    pub failure: Option<String>,
}

/// One statement.
#[derive(Clone, Debug, Serialize)]
pub struct ClaimOutcome {
    /// Name.
    pub id: String,
    /// What is said.
    pub statement: String,
    /// All its windows hold, and its path has two links or no cut? Absent where a window that counts was not run and none fails.
    pub holds: Option<bool>,
    /// Its path is cut and has one link only, so that it does not count.
    pub one_link: bool,
    /// Values by part.
    pub effect: BTreeMap<String, Option<f64>>,
    /// Bounds by part.
    pub window: BTreeMap<String, [Option<f64>; 2]>,
    /// Smallest share of the effect that a cut removes.
    pub cut_share: Option<f64>,
    /// Links that carry it.
    pub links: Vec<String>,
    /// The weakest grade of evidence among them; empty where no link carries it.
    pub grade: String,
    /// What is cut.
    pub cut: String,
    /// The windows in full.
    pub parts: Vec<ClaimPart>,
}

/// All statements asked for.
#[derive(Clone, Debug, Serialize)]
pub struct ClaimTable {
    /// One a statement.
    pub claims: Vec<ClaimOutcome>,
    /// SHA-256 of the table of windows.
    pub table_sha256: String,
}

/// Runs the statements of these names, all where empty. `progress` is told each experiment's name before it starts.
///
/// # Errors
/// A name that is no statement; a table or model that does not read. An experiment that fails is in its part.
pub fn run(only: &[String], progress: &mut dyn FnMut(&str)) -> Result<ClaimTable, CheckError> {
    let all = claims()?;
    for name in only {
        if !all.iter().any(|c| c.id == *name) {
            let known = all.iter().map(|c| c.id.as_str());
            let hint = gutskin_network::nearest(name, known)
                .map_or(String::new(), |n| format!("; did you mean \"{n}\"?"));
            return Err(CheckError::NoClaim {
                name: name.clone(),
                hint,
            });
        }
    }
    let chosen: Vec<Claim> = all
        .into_iter()
        .filter(|c| only.is_empty() || only.contains(&c.id))
        .collect();
    let rows = gutskin_biology::checks::checks()?;
    let selection = Selection {
        only: rows
            .iter()
            .filter(|r| chosen.iter().any(|c| part_of(c, &r.id).is_some()))
            .map(|r| r.id.clone())
            .collect(),
        ..Selection::default()
    };
    let table = checks::run(&selection, progress)?;
    let outcomes = chosen
        .iter()
        .map(|claim| judge(claim, &table.checks))
        .collect::<Result<_, _>>()?;
    Ok(ClaimTable {
        claims: outcomes,
        table_sha256: table.table_sha256,
    })
}

/// The part of the claim that a row is.
fn part_of<'r>(claim: &Claim, row: &'r str) -> Option<&'r str> {
    let part = row.strip_prefix("claim-")?.strip_prefix(&claim.id)?;
    let part = part.strip_prefix('-')?;
    (part.len() == 1 || part.starts_with("cut")).then_some(part)
}

fn judge(claim: &Claim, rows: &[CheckOutcome]) -> Result<ClaimOutcome, CheckError> {
    let parts: Vec<ClaimPart> = rows
        .iter()
        .filter_map(|row| {
            let part = part_of(claim, &row.id)?;
            Some(ClaimPart {
                part: part.to_owned(),
                experiment: row.experiment.clone(),
                observable: row.observable.clone(),
                unit: row.unit.clone(),
                window: [row.low, row.high],
                value: row.value,
                holds: row.holds,
                optional: row.kind == "optional",
                failure: row.failure.clone(),
            })
        })
        .collect();
    let cuts = parts.iter().filter(|p| p.part.starts_with("cut"));
    Ok(ClaimOutcome {
        id: claim.id.clone(),
        statement: claim.statement.clone(),
        holds: verdict(&parts).map(|holds| holds && !one_link(claim)),
        one_link: one_link(claim),
        effect: parts.iter().map(|p| (p.part.clone(), p.value)).collect(),
        window: parts.iter().map(|p| (p.part.clone(), p.window)).collect(),
        cut_share: cuts.filter_map(|p| p.value).reduce(f64::min),
        links: claim.path.clone(),
        grade: weakest(claim)?,
        cut: claim.cut.clone(),
        parts,
    })
}

/// A path that is cut must have two links across compartments: one alone shows what that link does.
fn one_link(claim: &Claim) -> bool {
    claim.path.len() == 1 && !claim.cut.is_empty()
}

fn verdict(parts: &[ClaimPart]) -> Option<bool> {
    let counted: Vec<&ClaimPart> = parts.iter().filter(|p| !p.optional).collect();
    let fails = |p: &&&ClaimPart| p.holds == Some(false) || p.failure.is_some();
    if counted.iter().any(|p| fails(&p)) {
        Some(false)
    } else if counted.is_empty() || counted.iter().any(|p| p.holds.is_none()) {
        None
    } else {
        Some(true)
    }
}

/// Codes from the strongest evidence to the weakest.
const ORDER: [LinkGrade; 5] = [
    LinkGrade::HumanTrial,
    LinkGrade::HumanObservation,
    LinkGrade::Animal,
    LinkGrade::InVitro,
    LinkGrade::Assumption,
];

fn weakest(claim: &Claim) -> Result<String, CheckError> {
    if claim.path.is_empty() {
        return Ok(String::new());
    }
    let network = build_model(&claim.model, table()?)?;
    let place = |name: &String| {
        let link = network.links.iter().find(|l| l.name == *name)?;
        ORDER.iter().position(|g| *g == link.grade)
    };
    let worst = claim.path.iter().filter_map(place).max();
    Ok(worst.map_or(String::new(), |i| ORDER[i].code().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_name_links_and_cross_borders_at_least_twice() {
        let table = gutskin_biology::parameter_table().unwrap();
        for claim in claims().unwrap().iter().filter(|c| !c.path.is_empty()) {
            let mut network = build_model(&claim.model, &table).unwrap();
            if claim.id == "probiotics-eczema" {
                // Its strain comes with the experiment.
                network = super::super::foods::with_strain("lgg").unwrap();
            }
            let mut borders = 0;
            for name in &claim.path {
                let link = network.links.iter().find(|l| l.name == *name);
                let link = link.unwrap_or_else(|| panic!("{}: no link {name}", claim.id));
                borders += usize::from(link.from != link.to);
            }
            // Paths of one link do not count; sleep has no cut.
            assert!(
                borders >= 2 || one_link(claim) || claim.cut.is_empty(),
                "{} crosses {borders} borders",
                claim.id
            );
        }
    }

    #[test]
    fn a_statement_runs_with_its_cut_and_says_what_machines_read() {
        let only = ["butyrate-barrier".to_owned()];
        let mut told = Vec::new();
        let table = run(&only, &mut |name| told.push(name.to_owned())).unwrap();
        assert_eq!(told, ["butyrate at the surface and the leak"]);
        let claim = &table.claims[0];
        // Its windows hold, and its path is one link.
        assert_eq!(claim.holds, Some(false));
        let leak = claim.effect["a"].unwrap();
        let inside = claim.window["a"][0].unwrap() <= leak && leak <= claim.window["a"][1].unwrap();
        assert_eq!(claim.parts[0].holds, Some(inside));
        assert!(claim.cut_share.unwrap() > 0.99, "{:?}", claim.cut_share);
        assert_eq!(claim.grade, "IV");
        let text = serde_json::to_value(&table).unwrap();
        for key in [
            "id",
            "holds",
            "effect",
            "window",
            "cut_share",
            "links",
            "grade",
        ] {
            assert!(text["claims"][0].get(key).is_some(), "{key}");
        }
    }

    #[test]
    fn a_statement_that_does_not_exist_is_an_error_with_a_hint() {
        let error = run(&["null-modle".to_owned()], &mut |_| {}).unwrap_err();
        assert!(error.to_string().contains("null-model"), "{error}");
    }

    #[test]
    fn a_part_without_value_is_never_holding() {
        let part = |holds: Option<bool>, failure: Option<&str>| ClaimPart {
            part: "a".to_owned(),
            experiment: String::new(),
            observable: String::new(),
            unit: String::new(),
            window: [None, None],
            value: None,
            holds,
            optional: false,
            failure: failure.map(str::to_owned),
        };
        assert_eq!(verdict(&[part(Some(true), None), part(None, None)]), None);
        assert_eq!(
            verdict(&[part(Some(true), None), part(None, Some("x"))]),
            Some(false)
        );
        assert_eq!(verdict(&[part(Some(true), None)]), Some(true));
        assert_eq!(verdict(&[]), None);
    }
}
