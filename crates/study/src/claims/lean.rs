//! The lean colon against the full one, on what the colon hands to the rest of the axis and on the skin.

use super::bench::{Sample, anyone, eat, network, read, spread};
use crate::checks::gut::antibiotics::course;
use crate::checks::{CheckError, Lab};
use gutskin_biology::axis::SkinKind;
use gutskin_biology::body::Mode;
use gutskin_biology::colon::{ColonOptions, Layout};
use serde::Serialize;

/// What is compared: the interface of the colon (C1 to C6), the drives of the skin and its score.
const QUANTITIES: [&str; 12] = [
    "colon.surface_butyrate",
    "colon.lps_activity",
    "colon.mucus_foraging",
    "colon.scfa_absorbed",
    "plasma.acetate",
    "plasma.propionate",
    "plasma.butyrate",
    "immune.scfa_z",
    "immune.drive_tone",
    "immune.drive_th2",
    "immune.drive_th17",
    "score.easi",
];

/// Fibres whose sum is 21 g a day in the reference person, starch apart.
const FIBRES: [&str; 7] = [
    "fructan",
    "gos",
    "pectin",
    "beta_glucan",
    "arabinoxylan",
    "other_soluble",
    "cellulosic",
];
const DRUG: &str = "ciprofloxacin";
const SEED: u64 = 146;
/// People whose spread gives the standard deviation of each quantity.
const PEOPLE: usize = 32;
/// Largest gap at rest, relative to the full colon.
const BASELINE: f64 = 0.10;
/// Largest gap of a change, relative to the change in the full colon.
const CHANGE: f64 = 0.25;
/// Largest gap of a change that is small beside the spread between people, in standard deviations.
const SMALL: f64 = 0.05;

/// One quantity under one disturbance; all for the reference person with eczema.
#[derive(Clone, Debug, Serialize)]
pub struct LeanRow {
    /// The disturbance; `rest` for the state before any.
    pub disturbance: &'static str,
    /// The observable.
    pub quantity: &'static str,
    /// Change in the full colon (value at rest), in the observable's unit.
    pub full: f64,
    /// The same in the lean colon.
    pub lean: f64,
    /// Standard deviation of the quantity between people (full colon).
    pub sd: f64,
    /// Whether both agree: at rest within 10 %, changes within 25 % or 0.05 SD.
    pub holds: bool,
}

/// A disturbance: from rest, to the values afterwards.
type Disturb = fn(&mut Lab) -> Result<Vec<f64>, CheckError>;

const DISTURBANCES: [(&str, Disturb); 5] = [
    ("fibre 10 to 40 g/d", fibre),
    ("Western diet", western),
    ("ciprofloxacin, 5 days", antibiotic),
    ("fructan 20 g/d more", fructan),
    ("transit twice as slow", transit),
];

/// What is added to one input, to which the lean colon is not fitted. Not to be looked at while it is fitted.
const MORE: [(&str, &str, f64); 11] = [
    ("starch 20 g/d more", "input.diet.starch", 20.0),
    ("starch 14 g/d less", "input.diet.starch", -14.0),
    ("pectin 10 g/d more", "input.diet.pectin", 10.0),
    ("arabinoxylan 15 g/d more", "input.diet.arabinoxylan", 15.0),
    ("fructan 1.8 g/d less", "input.diet.fructan", -1.8),
    ("protein 15 g/d more", "input.diet.protein", 15.0),
    ("sugar 16 g/d more", "input.diet.sugar", 16.0),
    ("transit 1.4 times", "input.transit_factor", 0.4),
    ("cellulosic fibre 6 g/d less", "input.diet.cellulosic", -6.0),
    ("transit 0.7 times", "input.transit_factor", -0.3),
    ("transit half as long", "input.transit_factor", -0.5),
];

/// Runs both colons through the five disturbances.
///
/// # Errors
/// A model that does not build, or a run that fails.
pub fn lean_against_full() -> Result<Vec<LeanRow>, CheckError> {
    let sd = between_people()?;
    let (rest_full, full) = changes(Layout::Full)?;
    let (rest_lean, lean) = changes(Layout::Lean)?;
    let mut rows = table("rest", &rest_full, &rest_lean, &sd);
    for row in &mut rows {
        let gap = (row.lean - row.full).abs();
        row.holds = gap <= BASELINE * row.full.abs() || gap <= SMALL * row.sd;
    }
    for (i, (name, _)) in DISTURBANCES.iter().enumerate() {
        rows.extend(table(name, &full[i], &lean[i], &sd));
    }
    Ok(rows)
}

/// Runs both colons through eleven other disturbances, to which nothing is fitted.
///
/// # Errors
/// A model that does not build, or a run that fails.
pub fn lean_elsewhere() -> Result<Vec<LeanRow>, CheckError> {
    let sd = between_people()?;
    let full = shifts(Layout::Full)?;
    let lean = shifts(Layout::Lean)?;
    let rows = |i: usize| table(MORE[i].0, &full[i], &lean[i], &sd);
    Ok((0..MORE.len()).flat_map(rows).collect())
}

fn table(disturbance: &'static str, full: &[f64], lean: &[f64], sd: &[f64]) -> Vec<LeanRow> {
    let row = |i: usize| {
        let gap = (lean[i] - full[i]).abs();
        LeanRow {
            disturbance,
            quantity: QUANTITIES[i],
            full: full[i],
            lean: lean[i],
            sd: sd[i],
            holds: gap <= CHANGE * full[i].abs() || gap <= SMALL * sd[i],
        }
    };
    (0..QUANTITIES.len()).map(row).collect()
}

fn colon(layout: Layout) -> ColonOptions {
    ColonOptions {
        layout,
        drugs: vec![DRUG.to_owned()],
        ..ColonOptions::default()
    }
}

fn between_people() -> Result<Vec<f64>, CheckError> {
    let network = network(SkinKind::Eczema, Mode::Daily, colon(Layout::Full))?;
    let mut sample = Sample::draw(network, SEED, PEOPLE, anyone)?;
    let values = sample.each(&[], |lab, _| read(lab, &QUANTITIES))?;
    Ok((0..QUANTITIES.len()).map(|i| spread(&values, i)).collect())
}

/// Values at rest, and the changes under each disturbance.
fn changes(layout: Layout) -> Result<(Vec<f64>, Vec<Vec<f64>>), CheckError> {
    let network = network(SkinKind::Eczema, Mode::Daily, colon(layout))?;
    let mut lab = Lab::new(network)?;
    lab.rest()?;
    let rest = read(&mut lab, &QUANTITIES)?;
    let mut found = Vec::new();
    for (_, disturb) in DISTURBANCES {
        lab.reset();
        lab.rest()?;
        found.push(disturb(&mut lab)?);
    }
    Ok((rest, found))
}

/// Changes between rest and the rest under each input of [`MORE`].
fn shifts(layout: Layout) -> Result<Vec<Vec<f64>>, CheckError> {
    let mut lab = Lab::new(network(SkinKind::Eczema, Mode::Daily, colon(layout))?)?;
    let mut found = Vec::new();
    for (_, name, added) in MORE {
        lab.reset();
        lab.rest()?;
        let shift = |lab: &mut Lab| {
            lab.set_input(name, lab.input(name)? + added)?;
            lab.rest()
        };
        found.push(moved(&mut lab, shift)?);
    }
    Ok(found)
}

/// Change between now and the state after `change`.
fn moved(
    lab: &mut Lab,
    change: impl FnOnce(&mut Lab) -> Result<(), CheckError>,
) -> Result<Vec<f64>, CheckError> {
    let before = read(lab, &QUANTITIES)?;
    change(lab)?;
    let after = read(lab, &QUANTITIES)?;
    Ok(after.iter().zip(before).map(|(a, b)| a - b).collect())
}

fn fibre(lab: &mut Lab) -> Result<Vec<f64>, CheckError> {
    let names = FIBRES.map(|f| format!("input.diet.{f}"));
    let usual = names
        .iter()
        .map(|n| lab.input(n))
        .collect::<Result<Vec<_>, _>>()?;
    let total: f64 = usual.iter().sum();
    let eat = |lab: &mut Lab, grams: f64| {
        for (name, value) in names.iter().zip(&usual) {
            lab.set_input(name, value * grams / total)?;
        }
        lab.rest()
    };
    eat(lab, 10.0)?;
    moved(lab, |lab| eat(lab, 40.0))
}

fn western(lab: &mut Lab) -> Result<Vec<f64>, CheckError> {
    moved(lab, |lab| {
        eat(lab, "western")?;
        lab.rest()
    })
}

fn antibiotic(lab: &mut Lab) -> Result<Vec<f64>, CheckError> {
    moved(lab, |lab| {
        let changes = course(lab, DRUG, 5.0)?;
        lab.run(5.0, &[], changes)?;
        Ok(())
    })
}

fn fructan(lab: &mut Lab) -> Result<Vec<f64>, CheckError> {
    moved(lab, |lab| {
        let usual = lab.input("input.diet.fructan")?;
        lab.set_input("input.diet.fructan", usual + 20.0)?;
        lab.rest()
    })
}

fn transit(lab: &mut Lab) -> Result<Vec<f64>, CheckError> {
    moved(lab, |lab| {
        lab.set_input("input.transit_factor", 2.0)?;
        lab.rest()
    })
}
