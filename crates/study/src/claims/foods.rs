//! Live microbes that are eaten, with and without what feeds them.

use super::bench::{PEOPLE, Sample, anyone, eczema, mean, network, percent, removed};
use super::ecosystem::mass;
use crate::checks::gut::SEGMENTS;
use crate::checks::{CheckError, Experiment, Lab, RowValues, table};
use gutskin_biology::axis::{self, AxisOptions, SkinKind};
use gutskin_biology::body::Mode;
use gutskin_biology::catalogue::Catalogue;
use gutskin_biology::colon::ColonOptions;
use gutskin_biology::stages;
use gutskin_network::Network;

pub(super) static EXPERIMENTS: &[Experiment] = &[
    Experiment {
        name: "fermented foods for ten weeks",
        rows: &[
            "claim-fermented-foods-a",
            "claim-fermented-foods-b",
            "claim-fermented-foods-c",
        ],
        run: fermented,
    },
    Experiment {
        name: "a strain with and without fructan",
        rows: &["claim-synbiotics-a", "claim-synbiotics-cut"],
        run: synbiotic,
    },
    Experiment {
        name: "strains in eczema",
        rows: &[
            "claim-probiotics-eczema-a",
            "claim-probiotics-eczema-c",
            "claim-probiotics-eczema-cut",
        ],
        run: eczema_strains,
    },
    Experiment {
        name: "strains in infants with eczema",
        rows: &["claim-probiotics-eczema-b"],
        run: infants,
    },
];

fn axis_with(skin: SkinKind, strain: &str) -> Result<Network, CheckError> {
    let colon = ColonOptions {
        strains: vec![strain.to_owned()],
        ..ColonOptions::default()
    };
    network(skin, Mode::Daily, colon)
}

/// The axis of eczema with a strain.
#[cfg(test)]
pub(super) fn with_strain(strain: &str) -> Result<Network, CheckError> {
    axis_with(SkinKind::Eczema, strain)
}

/// Dry mass of a strain in all segments.
fn strain_mass(lab: &Lab, strain: &str) -> Result<f64, CheckError> {
    let mut sum = 0.0;
    for segment in SEGMENTS {
        sum += lab.state[lab.state_index(&format!("strains.{strain}.{segment}"))?];
    }
    Ok(sum)
}

/// Six servings a day of 100 g with a hundred million live cells per gram, as one strain of Lactobacillales.
fn fermented() -> Result<RowValues, CheckError> {
    const STRAIN: &str = "wcfs1";
    const LIVE: f64 = 6.0 * 100.0 * 1e8;
    let mut sample = Sample::draw(axis_with(SkinKind::Healthy, STRAIN)?, 41, PEOPLE, anyone)?;
    let input = format!("input.strain.{STRAIN}");
    let values = sample.each(&[], |lab, _| {
        let look = |lab: &Lab| -> Result<[f64; 2], CheckError> {
            let lactic = mass(lab, &["LAB"])? + strain_mass(lab, STRAIN)?;
            Ok([lactic, mass(lab, &["ENT"])?])
        };
        let mut found = look(lab)?.to_vec();
        lab.set_input(&input, LIVE)?;
        lab.run(70.0, &[], Vec::new())?;
        found.extend(look(lab)?);
        lab.set_input(&input, 0.0)?;
        lab.run(14.0, &[], Vec::new())?;
        found.extend(look(lab)?);
        Ok(found)
    })?;
    Ok(vec![
        (
            "claim-fermented-foods-a",
            mean(&values, 2) / mean(&values, 0),
        ),
        (
            "claim-fermented-foods-b",
            mean(&values, 4) / mean(&values, 0),
        ),
        ("claim-fermented-foods-c", percent(&values, 1, 3)),
    ])
}

/// Faecal count of a strain of Bifidobacterium after four weeks, with fructan over without, log10.
fn synbiotic() -> Result<RowValues, CheckError> {
    const STRAIN: &str = "bb536";
    const DOSE: f64 = 1e10;
    const GRAMS: f64 = 5.0;
    let mut sample = Sample::draw(axis_with(SkinKind::Healthy, STRAIN)?, 42, PEOPLE, anyone)?;
    let load = format!("strains.{STRAIN}_load");
    let mut gain = |starved: bool| -> Result<f64, CheckError> {
        let values = sample.each(&[], |lab, _| {
            if starved {
                no_fructan(lab)?;
                lab.rest()?;
            }
            let (state, inputs) = (lab.state.clone(), lab.inputs.clone());
            let mut counts = [0.0; 2];
            for (count, grams) in counts.iter_mut().zip([0.0, GRAMS]) {
                lab.state.clone_from(&state);
                lab.inputs.clone_from(&inputs);
                lab.set_input(&format!("input.strain.{STRAIN}"), DOSE)?;
                let usual = lab.input("input.diet.fructan")?;
                lab.set_input("input.diet.fructan", usual + grams)?;
                lab.run(28.0, &[], Vec::new())?;
                *count = lab.read(&load)?;
            }
            Ok(vec![(counts[1] / counts[0]).log10()])
        })?;
        Ok(mean(&values, 0))
    };
    let full = gain(false)?;
    Ok(vec![
        ("claim-synbiotics-a", full),
        ("claim-synbiotics-cut", removed(full, gain(true)?)),
    ])
}

/// Takes fructan from the menu of bifidobacteria, the strain's guild.
fn no_fructan(lab: &mut Lab) -> Result<(), CheckError> {
    lab.set_parameter("colon.growth.BIF.fructan", 0.0)
}

/// Strains of eczema trials and their daily dose, CFU.
pub(super) const ECZEMA_STRAINS: [(&str, f64); 4] = [
    ("lgg", 1e10),
    ("mp108", 1e10),
    ("ls01_dsm_22775", 1e10),
    ("cect_8145", 1e9),
];

/// Infants on breast milk with and without a strain of trials in infants, twelve weeks; difference of SCORAD, mean over strains.
fn infants() -> Result<RowValues, CheckError> {
    const STRAINS: [(&str, f64); 2] = [("lgg", 1e10), ("bb_12_bb_12", 1e10)];
    let mut differences = Vec::new();
    for (strain, dose) in STRAINS {
        let network = infant_axis(strain)?;
        let mut sample = Sample::draw(network, 47, PEOPLE, eczema)?;
        let values = sample.each(&[], |lab, _| {
            super::bench::before_and_after(lab, &["score.scorad"], 84.0, |lab| {
                lab.set_input(&format!("input.strain.{strain}"), dose)
            })
        })?;
        differences.push(mean(&values, 1) - mean(&values, 0));
    }
    let sum: f64 = differences.iter().sum();
    Ok(vec![(
        "claim-probiotics-eczema-b",
        sum / differences.len() as f64,
    )])
}

/// The axis of an infant of 3 to 4 months with a strain.
fn infant_axis(strain: &str) -> Result<Network, CheckError> {
    let mut parameters = table()?.clone();
    stages::lay_over(&mut parameters, "infant_breastfed")?;
    let catalogue = Catalogue::shipped()?;
    let options = AxisOptions {
        colon: ColonOptions {
            strains: vec![strain.to_owned()],
            ..ColonOptions::of(&parameters, &catalogue)
        },
        ..AxisOptions::plain(SkinKind::Eczema)
    };
    Ok(axis::network(&parameters, &catalogue, &options)?)
}

/// Strains of eczema trials, twelve weeks; SCORAD with the strain less that without.
fn eczema_strains() -> Result<RowValues, CheckError> {
    let mut means = Vec::new();
    let mut cuts = Vec::new();
    for (strain, dose) in ECZEMA_STRAINS {
        let mut sample = Sample::draw(axis_with(SkinKind::Eczema, strain)?, 43, PEOPLE, eczema)?;
        let mut difference = |cut: &[&str]| -> Result<f64, CheckError> {
            let values = sample.each(cut, |lab, _| {
                super::bench::before_and_after(lab, &["score.scorad"], 84.0, |lab| {
                    lab.set_input(&format!("input.strain.{strain}"), dose)
                })
            })?;
            Ok(mean(&values, 1) - mean(&values, 0))
        };
        means.push(difference(&[])?);
        cuts.push(difference(&[
            &format!("{strain}_to_immune"),
            "th2_to_priming",
        ])?);
    }
    let average = |list: &[f64]| list.iter().sum::<f64>() / list.len() as f64;
    let null = means.iter().filter(|m| m.abs() <= 1.0).count();
    Ok(vec![
        ("claim-probiotics-eczema-a", average(&means)),
        ("claim-probiotics-eczema-c", null as f64),
        (
            "claim-probiotics-eczema-cut",
            removed(average(&means), average(&cuts)),
        ),
    ])
}
