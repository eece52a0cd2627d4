//! Trials of eaten strains that end in the skin: rows of the skins that need the drives of the whole axis.
//!
//! The same people with and without the strain; at rest and without flares nothing else moves, so that a difference to
//! placebo is a difference to their own twin. Strains act through what they make and, where the prior of the direct
//! effect (mean 0) draws something else for a person, through their share of the niche.

use super::bench::{PEOPLE, Sample, Values, acne, mean, psoriasis, read};
use super::foods::ECZEMA_STRAINS;
use crate::checks::{CheckError, Experiment, Lab, RowValues, table};
use gutskin_biology::axis::{self, AxisOptions, SkinKind};
use gutskin_biology::catalogue::{Catalogue, shipped_skin_drugs};
use gutskin_biology::colon::ColonOptions;
use gutskin_network::Network;

const WEEKS_12: f64 = 84.0;

pub(super) static EXPERIMENTS: &[Experiment] = &[
    Experiment {
        name: "strains in children with eczema",
        rows: &["ad-16a"],
        run: children,
    },
    Experiment {
        name: "three strains beside topical steroid in psoriasis",
        rows: &["pso-17a"],
        run: plaques,
    },
    Experiment {
        name: "a strain in acne",
        rows: &["acne-15a", "acne-15b"],
        run: lesions,
    },
];

/// The axis with these strains and drugs of the skin.
fn axis_with(skin: SkinKind, strains: &[&str], drugs: &[&str]) -> Result<Network, CheckError> {
    let all = shipped_skin_drugs()?;
    let options = AxisOptions {
        colon: ColonOptions {
            strains: strains.iter().map(|s| (*s).to_owned()).collect(),
            ..ColonOptions::default()
        },
        drugs: all
            .iter()
            .filter(|d| drugs.contains(&d.id.as_str()))
            .collect(),
        ..AxisOptions::plain(skin)
    };
    Ok(axis::network(table()?, &Catalogue::shipped()?, &options)?)
}

/// Observables after twelve weeks without the strains, then with them.
fn twins(
    lab: &mut Lab,
    strains: &[(&str, f64)],
    drug: Option<&str>,
    names: &[&str],
) -> Result<Vec<f64>, CheckError> {
    let rested = lab.state.clone();
    if let Some(drug) = drug {
        lab.set_input(&format!("drugs.{drug}.taken"), 1.0)?;
    }
    lab.run(WEEKS_12, &[], Vec::new())?;
    let mut found = read(lab, names)?;
    lab.state = rested;
    for (strain, dose) in strains {
        lab.set_input(&format!("input.strain.{strain}"), *dose)?;
    }
    lab.run(WEEKS_12, &[], Vec::new())?;
    found.extend(read(lab, names)?);
    Ok(found)
}

/// Mild to moderate eczema, as in the trials of children.
fn mild(lab: &mut Lab) -> Result<bool, CheckError> {
    Ok((20.0..=40.0).contains(&lab.read("score.scorad")?))
}

/// Row 16 of eczema: difference of SCORAD, mean over strains.
fn children() -> Result<RowValues, CheckError> {
    let mut sum = 0.0;
    for strain in ECZEMA_STRAINS {
        let network = axis_with(SkinKind::Eczema, &[strain.0], &[])?;
        let mut sample = Sample::draw(network, 44, PEOPLE, mild)?;
        let values = sample.each(&[], |lab, _| twins(lab, &[strain], None, &["score.scorad"]))?;
        sum += mean(&values, 1) - mean(&values, 0);
    }
    Ok(vec![("ad-16a", sum / ECZEMA_STRAINS.len() as f64)])
}

/// Row 17 of psoriasis: difference of the share whose PASI falls by three quarters.
fn plaques() -> Result<RowValues, CheckError> {
    const STEROID: &str = "topical_steroid_plaque";
    // A thousand million cells of the mixture a day.
    const STRAINS: [(&str, f64); 3] = [
        ("cect_7347_es1", 1e9 / 3.0),
        ("cect_8145", 1e9 / 3.0),
        ("cect_9104", 1e9 / 3.0),
    ];
    let names = STRAINS.map(|s| s.0);
    let network = axis_with(SkinKind::Psoriasis, &names, &[STEROID])?;
    let mut sample = Sample::draw(network, 45, PEOPLE, psoriasis)?;
    let values = sample.each(&[], |lab, _| {
        let mut found = read(lab, &["score.pasi"])?;
        found.extend(twins(lab, &STRAINS, Some(STEROID), &["score.pasi"])?);
        Ok(found)
    })?;
    let share = |values: &Values, after: usize| {
        let people: Vec<&Vec<f64>> = values.iter().flatten().collect();
        let responders = people.iter().filter(|v| v[after] <= 0.25 * v[0]).count();
        100.0 * responders as f64 / people.len() as f64
    };
    Ok(vec![("pso-17a", share(&values, 2) - share(&values, 1))])
}

/// Row 15 of acne; the strain of the trial is not in the table, another L. rhamnosus of acne stands for it.
fn lesions() -> Result<RowValues, CheckError> {
    const STRAIN: (&str, f64) = ("sp1", 3e9);
    let network = axis_with(SkinKind::Acne, &[STRAIN.0], &[])?;
    let mut sample = Sample::draw(network, 46, PEOPLE, acne)?;
    let names = ["acne.non_inflammatory", "acne.inflammatory"];
    let values = sample.each(&[], |lab, _| twins(lab, &[STRAIN], None, &names))?;
    let difference = |i: usize| mean(&values, i + 2) - mean(&values, i);
    Ok(vec![
        ("acne-15a", difference(0)),
        ("acne-15b", difference(0) + difference(1)),
    ])
}
