//! Drugs and toxins on their own links, what antibiotics leave room for, what they take for long.

use super::bench::{PEOPLE, Sample, Values, anyone, mean, percent, plain, removed, with_drugs};
use super::ecosystem::mass;
use crate::checks::gut::antibiotics::{active, course};
use crate::checks::gut::composition::shares;
use crate::checks::gut::difficile::{growth, restore_trait};
use crate::checks::gut::species::{Strains, shannon};
use crate::checks::table;
use crate::checks::{CheckError, Experiment, Lab, RowValues};
use gutskin_biology::axis::SkinKind;
use gutskin_biology::catalogue::Catalogue;
use gutskin_biology::colon::{self, ColonOptions};

pub(super) static EXPERIMENTS: &[Experiment] = &[
    Experiment {
        name: "omeprazole for a week",
        rows: &[
            "claim-other-drugs-toxins-b",
            "claim-other-drugs-toxins-c",
            "claim-other-drugs-toxins-cut-ppi",
        ],
        run: acid_blocker,
    },
    Experiment {
        name: "a binge",
        rows: &[
            "claim-other-drugs-toxins-d",
            "claim-other-drugs-toxins-cut-alcohol",
        ],
        run: alcohol,
    },
    Experiment {
        name: "an emulsifier for eleven days",
        rows: &[
            "claim-other-drugs-toxins-e",
            "claim-other-drugs-toxins-f",
            "claim-other-drugs-toxins-cut-emulsifier",
        ],
        run: emulsifier,
    },
    Experiment {
        name: "three cigarettes",
        rows: &["claim-other-drugs-toxins-g"],
        run: cigarettes,
    },
    Experiment {
        name: "species missing after a broad course, with and without the loss of strains",
        rows: &["claim-antibiotics-diversity-cut"],
        run: strains_lost,
    },
    Experiment {
        name: "spores after antibiotics",
        rows: &[
            "claim-antibiotics-colonisation-a",
            "claim-antibiotics-colonisation-b",
            "claim-antibiotics-colonisation-c",
            "claim-antibiotics-colonisation-d",
            "claim-antibiotics-colonisation-cut",
        ],
        run: colonisation,
    },
];

const HOUR: f64 = 1.0 / 24.0;

fn acid_blocker() -> Result<RowValues, CheckError> {
    const DRUG: &str = "omeprazole_ppi";
    let network = with_drugs(SkinKind::Healthy, &[DRUG])?;
    let mut sample = Sample::draw(network, 32, PEOPLE, anyone)?;
    const ACID: &str = "input.acid_suppression";
    let mut week = |cut: &[&str]| {
        sample.each(cut, |lab, _| {
            let start = mass(lab, &["LAB"])?;
            lab.set_input(ACID, 1.0)?;
            let changes = course(lab, DRUG, 7.0)?;
            lab.run(7.0, &[], changes)?;
            let day_7 = mass(lab, &["LAB"])?;
            lab.set_input(&format!("input.drug.{DRUG}"), 0.0)?;
            lab.set_input(ACID, 0.0)?;
            lab.run(7.0, &[], Vec::new())?;
            Ok(vec![
                (day_7 / start).log10(),
                (mass(lab, &["LAB"])? / start).log10(),
            ])
        })
    };
    let full = week(&[])?;
    let cut = week(&["acid_suppression_to_arrival"])?;
    Ok(vec![
        ("claim-other-drugs-toxins-b", mean(&full, 0)),
        ("claim-other-drugs-toxins-c", mean(&full, 1)),
        (
            "claim-other-drugs-toxins-cut-ppi",
            removed(mean(&full, 0), mean(&cut, 0)),
        ),
    ])
}

/// Endotoxin before, and its highest value on the day of an exposure of some hours.
fn peak(sample: &mut Sample, cut: &[&str], input: &str, hours: f64) -> Result<Values, CheckError> {
    sample.each(cut, |lab, _| {
        let before = lab.read("endotoxin.lal")?;
        let changes = vec![
            lab.input_change(0.0, input, 1.0)?,
            lab.input_change(hours * HOUR, input, 0.0)?,
        ];
        let outputs: Vec<f64> = (0..=96).map(|i| f64::from(i) * 0.25 * HOUR).collect();
        let i = lab.observable_index("endotoxin.lal")?;
        let solution = lab.run(1.0, &outputs, changes)?;
        let rows = 0..solution.trajectory.len();
        let highest = rows.map(|r| solution.trajectory.observables(r)[i]);
        Ok(vec![before, highest.fold(before, f64::max)])
    })
}

fn alcohol() -> Result<RowValues, CheckError> {
    let mut sample = Sample::draw(plain(SkinKind::Healthy)?, 33, PEOPLE, anyone)?;
    let full = peak(&mut sample, &[], "input.alcohol", 4.0)?;
    let cut = peak(&mut sample, &["alcohol_to_endotoxin"], "input.alcohol", 4.0)?;
    Ok(vec![
        ("claim-other-drugs-toxins-d", percent(&full, 0, 1)),
        (
            "claim-other-drugs-toxins-cut-alcohol",
            removed(percent(&full, 0, 1), percent(&cut, 0, 1)),
        ),
    ])
}

fn emulsifier() -> Result<RowValues, CheckError> {
    let mut sample = Sample::draw(plain(SkinKind::Healthy)?, 34, PEOPLE, anyone)?;
    let mut course = |cut: &[&str]| {
        sample.each(cut, |lab, person| {
            let strains = Strains::draw(34, person)?;
            let look = |lab: &mut Lab| -> Result<[f64; 2], CheckError> {
                let species = strains.abundances(&shares(lab), |_| 1.0);
                Ok([lab.read("colon.scfa_total.dist")?, shannon(&species)])
            };
            let before = look(lab)?;
            lab.set_input("input.emulsifier", 1.0)?;
            lab.run(11.0, &[], Vec::new())?;
            let after = look(lab)?;
            Ok(vec![after[0] - before[0], after[1] - before[1]])
        })
    };
    let full = course(&[])?;
    let cut = course(&["emulsifier_to_mucus"])?;
    Ok(vec![
        ("claim-other-drugs-toxins-e", mean(&full, 0)),
        ("claim-other-drugs-toxins-f", mean(&full, 1)),
        (
            "claim-other-drugs-toxins-cut-emulsifier",
            removed(mean(&full, 0), mean(&cut, 0)),
        ),
    ])
}

fn cigarettes() -> Result<RowValues, CheckError> {
    let mut sample = Sample::draw(plain(SkinKind::Healthy)?, 35, PEOPLE, anyone)?;
    let values = sample.each(&[], |lab, _| {
        super::bench::before_and_after(lab, &["endotoxin.lal"], 8.0 * HOUR, |lab| {
            // Three of twenty a day, smoked within the eight hours.
            lab.set_input("input.smoking", 3.0 / 20.0 * 3.0)
        })
    })?;
    Ok(vec![("claim-other-drugs-toxins-g", percent(&values, 0, 1))])
}

fn strains_lost() -> Result<RowValues, CheckError> {
    const DRUG: &str = "meropenem_gentamicin_vancomycin_oral";
    let network = with_drugs(SkinKind::Healthy, &[DRUG])?;
    let mut sample = Sample::draw(network, 36, PEOPLE, anyone)?;
    let mut missing = |lossless: bool| -> Result<f64, CheckError> {
        let values = sample.each(&[], |lab, _| {
            if lossless {
                lab.set_parameter("strains.extinction", 0.0)?;
            }
            let changes = course(lab, DRUG, 4.0)?;
            let solution = lab.run(180.0, &[0.0, 180.0], changes)?;
            let guilds = Catalogue::shipped()?.guilds;
            let (mut all, mut left) = (0.0, 0.0);
            for guild in guilds.iter().filter(|g| g.resident) {
                all += guild.strains;
                left += guild.strains * active(lab, &solution, 1, &guild.name);
            }
            Ok(vec![100.0 * (1.0 - left / all)])
        })?;
        Ok(mean(&values, 0))
    };
    let full = missing(false)?;
    Ok(vec![(
        "claim-antibiotics-diversity-cut",
        removed(full, missing(true)?),
    )])
}

fn colonisation() -> Result<RowValues, CheckError> {
    const DRUGS: [&str; 3] = ["clindamycin_oral", "ciprofloxacin", "doxycycline_full_dose"];
    let options = ColonOptions {
        guilds: vec!["CDI".to_owned()],
        drugs: DRUGS.iter().map(|d| (*d).to_owned()).collect(),
        ..ColonOptions::default()
    };
    let network = colon::network(table()?, &Catalogue::shipped()?, &options)?;
    let mut lab = Lab::new(network)?;
    lab.rest()?;
    let healthy = lab.state.clone();
    let inputs = lab.inputs.clone();
    let mut after = |drug: Option<&str>, restored: bool| -> Result<f64, CheckError> {
        lab.state.clone_from(&healthy);
        lab.inputs.clone_from(&inputs);
        if let Some(drug) = drug {
            let changes = course(&lab, drug, 7.0)?;
            lab.run(9.0, &[], changes)?;
        }
        if restored {
            restore_trait(&mut lab, &healthy)?;
            crate::checks::gut::antibiotics::own_stool(&mut lab, &healthy)?;
        }
        growth(&mut lab)
    };
    let [clindamycin, ciprofloxacin, doxycycline, none] = [
        after(Some(DRUGS[0]), false)?,
        after(Some(DRUGS[1]), false)?,
        after(Some(DRUGS[2]), false)?,
        after(None, false)?,
    ];
    // Growth of nobody cannot be taken away.
    let share = if clindamycin > 0.0 {
        removed(clindamycin, after(Some(DRUGS[0]), true)?.max(0.0))
    } else {
        0.0
    };
    Ok(vec![
        ("claim-antibiotics-colonisation-a", clindamycin),
        ("claim-antibiotics-colonisation-b", ciprofloxacin),
        ("claim-antibiotics-colonisation-c", doxycycline),
        ("claim-antibiotics-colonisation-d", none),
        ("claim-antibiotics-colonisation-cut", share),
    ])
}
