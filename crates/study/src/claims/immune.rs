//! A leaking gut, and the null model.

use super::bench::{
    PEOPLE, Sample, Values, anyone, before_and_after, eat, percent, plain, removed,
};
use crate::checks::table;
use crate::checks::{CheckError, Experiment, Lab, RowValues};
use crate::scenario::need;
use gutskin_biology::axis::{AxisOptions, NULL_MODEL, SkinKind};
use gutskin_biology::catalogue::{Catalogue, diets, shipped_exposures};
use gutskin_biology::colon::ColonOptions;
use std::collections::BTreeSet;

pub(super) static EXPERIMENTS: &[Experiment] = &[
    Experiment {
        name: "indomethacin",
        rows: &[
            "claim-leaky-gut-a",
            "claim-leaky-gut-b",
            "claim-leaky-gut-c",
            "claim-leaky-gut-d",
            "claim-leaky-gut-cut",
            "claim-other-drugs-toxins-a",
            "claim-other-drugs-toxins-cut",
        ],
        run: indomethacin,
    },
    Experiment {
        name: "every intervention in the null model",
        rows: &["claim-null-model-a"],
        run: null_model,
    },
];

/// Indomethacin for a day, in the exposure's units.
const INDOMETHACIN: f64 = 3.1;
const SEEN: [&str; 4] = [
    "barrier.lactulose_mannitol",
    "endotoxin.lal",
    "barrier.antigen",
    "endotoxin.burst_hazard",
];

fn indomethacin() -> Result<RowValues, CheckError> {
    let mut sample = Sample::draw(plain(SkinKind::Healthy)?, 31, PEOPLE, anyone)?;
    let mut course = |cut: &[&str], sealed: bool| {
        sample.each(cut, |lab, _| {
            if sealed {
                lab.set_parameter("barrier.injury_leak", 0.0)?;
            }
            before_and_after(lab, &SEEN, 1.0, |lab| {
                lab.set_input("input.nsaid", INDOMETHACIN)
            })
        })
    };
    let full = course(&[], false)?;
    let sealed = course(&[], true)?;
    let unhurt = course(&["nsaid_to_injury"], false)?;
    let rise = |values: &Values, k: usize| percent(values, k, k + SEEN.len());
    let share = (1..SEEN.len())
        .map(|k| removed(rise(&full, k), rise(&sealed, k)))
        .fold(f64::INFINITY, f64::min);
    let fold = 1.0 + rise(&full, 0) / 100.0;
    Ok(vec![
        ("claim-leaky-gut-a", fold),
        ("claim-leaky-gut-b", rise(&full, 1)),
        ("claim-leaky-gut-c", rise(&full, 2)),
        ("claim-leaky-gut-d", rise(&full, 3)),
        ("claim-leaky-gut-cut", share),
        ("claim-other-drugs-toxins-a", fold),
        (
            "claim-other-drugs-toxins-cut",
            removed(rise(&full, 0), rise(&unhurt, 0)),
        ),
    ])
}

/// The reference person under the null model, at rest.
struct Deaf {
    lab: Lab,
    state: Vec<f64>,
    scores: Vec<String>,
}

impl Deaf {
    fn new(skin: SkinKind, colon: ColonOptions) -> Result<Self, CheckError> {
        let options = AxisOptions {
            colon,
            ..AxisOptions::plain(skin)
        };
        let table = table()?;
        let network = gutskin_biology::axis::network(table, &Catalogue::shipped()?, &options)?;
        let mut lab = Lab::new(network)?;
        super::bench::switch(&mut lab, NULL_MODEL, false)?;
        lab.rest()?;
        let is_score = |name: &str| name.starts_with("score.") || name.starts_with("acne.");
        let scores = lab.network.observables.iter().map(|o| o.name.clone());
        Ok(Self {
            state: lab.state.clone(),
            scores: scores.filter(|n| is_score(n)).collect(),
            lab,
        })
    }

    /// Scores after four weeks of an intervention.
    fn after(
        &mut self,
        act: &dyn Fn(&mut Lab) -> Result<(), CheckError>,
    ) -> Result<Vec<f64>, CheckError> {
        self.lab.reset();
        self.lab.state.clone_from(&self.state);
        act(&mut self.lab)?;
        self.lab.run(28.0, &[], Vec::new())?;
        let names: Vec<&str> = self.scores.iter().map(String::as_str).collect();
        super::bench::read(&mut self.lab, &names)
    }

    /// Largest relative difference of any score to the untreated arm.
    fn moved(
        &mut self,
        act: &dyn Fn(&mut Lab) -> Result<(), CheckError>,
    ) -> Result<f64, CheckError> {
        let untreated = self.after(&|_| Ok(()))?;
        let treated = self.after(act)?;
        let pairs = treated.iter().zip(&untreated);
        Ok(pairs
            .map(|(now, then)| (now - then).abs() / then.abs().max(f64::MIN_POSITIVE))
            .fold(0.0, f64::max))
    }
}

/// The exposure that is no intervention in the gut.
const STRIPPING: &str = "input.tape_stripping";

/// Drugs or strains in one network.
const AT_ONCE: usize = 12;

fn null_model() -> Result<RowValues, CheckError> {
    let catalogue = Catalogue::shipped()?;
    let rows = diets()?;
    let patterns: BTreeSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let exposures = shipped_exposures()?;
    let moved = exposures.iter().flat_map(|e| &e.inputs).map(|i| &i.0);
    // milk, transplants and spores have their pools and guilds in the colon only where they are asked for
    let mut everything = ColonOptions::default();
    for input in rows.iter().map(|row| &row.input).chain(moved) {
        need(&mut everything, &catalogue, input);
    }
    let mut largest: f64 = 0.0;
    for skin in [
        SkinKind::Eczema,
        SkinKind::Psoriasis,
        SkinKind::Acne,
        SkinKind::Healthy,
    ] {
        let mut plain = Deaf::new(skin, everything.clone())?;
        for pattern in &patterns {
            largest = largest.max(plain.moved(&|lab: &mut Lab| eat(lab, pattern))?);
        }
        for (input, value) in exposures.iter().flat_map(|e| &e.inputs) {
            // What only stands where the colon is held has no way into the joined axis; stripping acts on the skin itself.
            if input.starts_with("clamped.") || input == STRIPPING {
                continue;
            }
            largest = largest.max(plain.moved(&|lab: &mut Lab| lab.set_input(input, value.value))?);
        }
        let ids: Vec<String> = catalogue.drugs.iter().map(|d| d.id.clone()).collect();
        for drugs in ids.chunks(AT_ONCE) {
            let colon = ColonOptions {
                drugs: drugs.to_vec(),
                ..ColonOptions::default()
            };
            let mut person = Deaf::new(skin, colon)?;
            for drug in drugs {
                let give = |lab: &mut Lab| {
                    let dose = lab.parameter(&format!("drugs.usual_dose.{drug}"))?;
                    lab.set_input(&format!("input.drug.{drug}"), dose)
                };
                largest = largest.max(person.moved(&give)?);
            }
        }
        let living: Vec<_> = catalogue
            .strains
            .iter()
            .filter(|s| s.guild != "YEA")
            .collect();
        for strains in living.chunks(AT_ONCE) {
            let colon = ColonOptions {
                strains: strains.iter().map(|s| s.id.clone()).collect(),
                ..ColonOptions::default()
            };
            let mut person = Deaf::new(skin, colon)?;
            for strain in strains {
                let dose = strain.dose.as_ref().map_or(0.0, |d| d.value);
                let give =
                    |lab: &mut Lab| lab.set_input(&format!("input.strain.{}", strain.id), dose);
                largest = largest.max(person.moved(&give)?);
            }
        }
    }
    Ok(vec![("claim-null-model-a", largest)])
}
