//! The body of people with a skin disease: plasma markers with severity and body mass, against controls.

use super::super::{CheckError, RowValues};
use super::clinic::{Clinic, Courses, People, Protocol};
use super::reading::trait_of;
use super::statistics::{correlation, deviation, mean};
use super::{YEAR, eczema, psoriasis, setting};
use crate::checks::table;
use gutskin_biology::body::{Mode, network};
use gutskin_engine::{Action, Change, Target};

const SEED: u64 = 701;

/// Bodies that differ by lognormal spreads: the others of the body's files say what is not known.
fn clinic() -> Result<Clinic, CheckError> {
    Clinic::of_people(network(table()?, Mode::Daily)?)
}

/// A year with inputs of a person's own, given the place in the list.
fn settle(
    clinic: &Clinic,
    people: &People,
    own: &(dyn Fn(u32) -> Vec<(&'static str, f64)> + Sync),
) -> Result<Courses, CheckError> {
    let network = &clinic.network;
    let changes = |draw: u32| {
        let set = |(name, value): (&str, f64)| {
            Some(Change {
                time: 0.0,
                target: Target::Input(network.input(name)?),
                action: Action::Set(value),
            })
        };
        own(draw).into_iter().filter_map(set).collect()
    };
    let protocol = Protocol {
        days: YEAR,
        visits: &[YEAR],
        inputs: &[],
        off: &[],
        changes: &changes,
    };
    Ok(clinic.follow(people, &protocol)?.0)
}

fn last(courses: &Courses, observable: &str) -> Result<Vec<f64>, CheckError> {
    Ok(courses.of(observable)?.iter().map(|c| c[0]).collect())
}

/// Difference of logarithms in pooled standard deviations.
fn standardised(patients: &[f64], controls: &[f64]) -> f64 {
    let logs = |v: &[f64]| -> Vec<f64> { v.iter().map(|x| x.ln()).collect() };
    let (p, c) = (logs(patients), logs(controls));
    let pooled = f64::midpoint(deviation(&p).powi(2), deviation(&c).powi(2)).sqrt();
    (mean(&p) - mean(&c)) / pooled
}

/// Value of the person with this draw in a list that is as long as the cohort.
fn of(list: &[f64], draw: u32) -> f64 {
    list[draw as usize % list.len()]
}

/// Row 16 of psoriasis: markers of patients with their body mass, against controls with theirs.
pub(super) fn psoriasis_markers() -> Result<RowValues, CheckError> {
    const PEOPLE: usize = 1000;
    let clinic = clinic()?;
    let people = clinic.admit(SEED, PEOPLE, &|_, _| true)?;
    let pasi = psoriasis::patients()?.first(PEOPLE).seen("score.pasi")?;
    let (unit, excess) = (setting("axis.pasi_unit")?, setting("pso.body_mass_excess")?);
    let mass = |draw: u32| trait_of(SEED, draw, "body mass");
    let controls = settle(&clinic, &people, &|draw| vec![("input.bmi", mass(draw))])?;
    let patients = settle(&clinic, &people, &|draw| {
        vec![
            ("input.bmi", excess + mass(draw)),
            ("clamped.psoriasis_severity", of(&pasi, draw) / unit),
        ]
    })?;
    let smd = |observable: &str| -> Result<f64, CheckError> {
        Ok(standardised(
            &last(&patients, observable)?,
            &last(&controls, observable)?,
        ))
    };
    let own: Vec<f64> = people.people.iter().map(|p| of(&pasi, p.draw)).collect();
    Ok(vec![
        ("pso-16a", smd("immune.il6")?),
        ("pso-16b", smd("immune.tnf")?),
        ("pso-16c", smd("immune.crp")?),
        (
            "pso-16d",
            correlation(&last(&patients, "barrier.ifabp")?, &own),
        ),
    ])
}

/// Row 18 of eczema: C-reactive protein and SCORAD in cohorts of the size of the study, mean over cohorts.
pub(super) fn eczema_crp() -> Result<RowValues, CheckError> {
    const COHORT: usize = 59;
    const COHORTS: usize = 15;
    let sick = eczema::everyone()?;
    let (easi, scorad) = (sick.seen("score.easi")?, sick.seen("score.scorad")?);
    let moderate = eczema::iga_cuts()?[2];
    let chosen: Vec<usize> = (0..easi.len()).filter(|&i| easi[i] > moderate).collect();
    let easi: Vec<f64> = chosen.iter().map(|&i| easi[i]).collect();
    let scorad: Vec<f64> = chosen.iter().map(|&i| scorad[i]).collect();
    let clinic = clinic()?;
    let people = clinic.admit(SEED + 1, COHORT * COHORTS, &|_, _| true)?;
    let unit = setting("axis.easi_unit")?;
    let settled = settle(&clinic, &people, &|draw| {
        vec![
            ("input.bmi", trait_of(SEED + 1, draw, "body mass")),
            ("clamped.eczema_severity", of(&easi, draw) / unit),
        ]
    })?;
    let crp = last(&settled, "immune.crp")?;
    let own: Vec<f64> = people.people.iter().map(|p| of(&scorad, p.draw)).collect();
    let cohorts = crp.chunks(COHORT).zip(own.chunks(COHORT));
    let found: Vec<f64> = cohorts.map(|(c, s)| correlation(c, s)).collect();
    Ok(vec![("ad-18a", mean(&found))])
}
