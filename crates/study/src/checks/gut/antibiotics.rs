//! Courses of antibiotics and the way back.

use super::super::{CheckError, Lab, RowValues};
use super::composition::{bray_curtis, percent, shares_at};
use super::people::cohort;
use super::species::{Strains, richness, shannon};
use super::{SEGMENTS, colon, mean, setting, with_drugs};
use gutskin_biology::colon::ColonOptions;
use gutskin_engine::Solution;

/// Share of a guild's strains that is active in a row; 1 where no drug touches it.
pub(crate) fn active(lab: &Lab, solution: &Solution, row: usize, guild: &str) -> f64 {
    lab.state_index(&format!("strains.active.{guild}"))
        .map_or(1.0, |i| solution.trajectory.states(row)[i])
}

/// Species-equivalents of a row.
pub(crate) fn species(lab: &Lab, solution: &Solution, strains: &Strains, row: usize) -> Vec<f64> {
    strains.abundances(&shares_at(lab, solution, row), |g| {
        active(lab, solution, row, g)
    })
}

fn dose(lab: &Lab, drug: &str) -> Result<f64, CheckError> {
    lab.parameter(&format!("drugs.usual_dose.{drug}"))
}

fn daily(until: f64) -> Vec<f64> {
    (0..=until as usize).map(|d| d as f64).collect()
}

/// A course of the usual dose from day 0.
pub(crate) fn course(
    lab: &Lab,
    drug: &str,
    days: f64,
) -> Result<Vec<gutskin_network::Change>, CheckError> {
    let name = format!("input.drug.{drug}");
    Ok(vec![
        lab.input_change(0.0, &name, dose(lab, drug)?)?,
        lab.input_change(days, &name, 0.0)?,
    ])
}

/// Row 19: three drugs together for four days, followed to day 180.
pub(crate) fn broad() -> Result<RowValues, CheckError> {
    const DRUG: &str = "meropenem_gentamicin_vancomycin_oral";
    let mut lab = with_drugs(&[DRUG])?;
    let reads = setting("people.reads_shotgun")?;
    let outputs = daily(180.0);
    let mut found: [Vec<f64>; 5] = Default::default();
    cohort(&mut lab, 19, 12, |lab, person| {
        let strains = Strains::draw(19, person)?;
        let changes = course(lab, DRUG, 4.0)?;
        let solution = lab.run(180.0, &outputs, changes)?;
        let butyrate = lab.observable_index("colon.butyrate_level.dist")?;
        let at = |row: usize| solution.trajectory.observables(row)[butyrate];
        let count = |row: usize| richness(&species(lab, &solution, &strains, row), reads);
        let start = count(0);
        let ent = (0..outputs.len())
            .map(|row| percent(&shares_at(lab, &solution, row), "ENT"))
            .fold(0.0, f64::max);
        let nadir = (0..outputs.len()).map(count).fold(f64::INFINITY, f64::min);
        let strains_index = lab.observable_index("colon.strains")?;
        let kept = |row: usize| solution.trajectory.observables(row)[strains_index];
        found[0].push(100.0 * at(4) / at(0));
        found[1].push(ent);
        found[2].push(100.0 * (nadir / start - 1.0));
        found[3].push(100.0 * count(45) / start);
        found[4].push(100.0 * (1.0 - kept(180) / kept(0)));
        Ok(())
    })?;
    let names = ["gut-19a", "gut-19b", "gut-19c", "gut-19d", "gut-19e"];
    Ok(names
        .iter()
        .zip(&found)
        .map(|(n, v)| (*n, mean(v)))
        .collect())
}

/// Row 20: ciprofloxacin for five days, again after six months.
pub(crate) fn ciprofloxacin_twice() -> Result<RowValues, CheckError> {
    const DRUG: &str = "ciprofloxacin";
    const AGAIN: f64 = 182.0;
    let mut lab = with_drugs(&[DRUG])?;
    let outputs = daily(2.0 * AGAIN);
    let mut found: [Vec<f64>; 3] = Default::default();
    cohort(&mut lab, 20, 6, |lab, person| {
        let strains = Strains::draw(20, person)?;
        let name = format!("input.drug.{DRUG}");
        let usual = dose(lab, DRUG)?;
        let changes = vec![
            lab.input_change(0.0, &name, usual)?,
            lab.input_change(5.0, &name, 0.0)?,
            lab.input_change(AGAIN, &name, usual)?,
            lab.input_change(AGAIN + 5.0, &name, 0.0)?,
        ];
        let solution = lab.run(2.0 * AGAIN, &outputs, changes)?;
        let index: Vec<f64> = (0..=14)
            .map(|row| shannon(&species(lab, &solution, &strains, row)))
            .collect();
        let lowest = index.iter().copied().fold(f64::INFINITY, f64::min);
        let lost = index[0] - lowest;
        found[0].push(100.0 * (index[0] - index[4]) / lost);
        found[1].push(100.0 * (index[12] - lowest) / lost);
        let start = species(lab, &solution, &strains, 0);
        let first = species(lab, &solution, &strains, AGAIN as usize);
        let second = species(lab, &solution, &strains, outputs.len() - 1);
        found[2].push(bray_curtis(&second, &start) - bray_curtis(&first, &start));
        Ok(())
    })?;
    let names = ["gut-20a", "gut-20b", "gut-20c"];
    Ok(names
        .iter()
        .zip(&found)
        .map(|(n, v)| (*n, mean(v)))
        .collect())
}

/// Row 21: clindamycin for seven days, followed for two years.
pub(crate) fn clindamycin() -> Result<RowValues, CheckError> {
    const DRUG: &str = "clindamycin_oral";
    /// Ends of the months of the first year, d.
    const MONTH: f64 = 365.0 / 12.0;
    let mut outputs = vec![0.0];
    outputs.extend((1..=12).map(|month| MONTH * f64::from(month)));
    outputs.push(730.0);
    let mut lab = with_drugs(&[DRUG])?;
    let (mut bacteroides, mut all) = (Vec::new(), Vec::new());
    cohort(&mut lab, 21, 12, |lab, _| {
        let changes = course(lab, DRUG, 7.0)?;
        let solution = lab.run(730.0, &outputs, changes)?;
        let strains = lab.observable_index("colon.strains")?;
        let kept = |row: usize| solution.trajectory.observables(row)[strains];
        bacteroides.push(100.0 * (active(lab, &solution, 13, "BAC") - 1.0));
        let year: Vec<f64> = (1..=12)
            .map(|month| 100.0 * (kept(month) / kept(0) - 1.0))
            .collect();
        all.push(mean(&year));
        Ok(())
    })?;
    Ok(vec![
        ("gut-21a", mean(&bacteroides)),
        ("gut-21b", mean(&all)),
    ])
}

/// What is done after the course.
#[derive(Clone, Copy, PartialEq)]
enum Arm {
    Nothing,
    OwnStool,
    Probiotic,
}

/// Gives a share of the person's earlier microbes and strains back, as stool kept from before the course.
pub(crate) fn own_stool(lab: &mut Lab, before: &[f64]) -> Result<(), CheckError> {
    let share = setting("people.stool_transplant_share")?;
    let strains = setting("people.stool_transplant_strains")?;
    for (i, spec) in lab.network.states.iter().enumerate() {
        if spec.name.starts_with("strains.active.") {
            lab.state[i] = lab.state[i].max(strains);
        } else if let Some(guild) = spec.name.strip_prefix("strains.lost.") {
            let _ = guild;
            lab.state[i] = lab.state[i].min(1.0 - strains);
        } else if spec
            .unit
            .as_ref()
            .is_some_and(|u| u.to_string().starts_with('g'))
            && SEGMENTS
                .iter()
                .any(|s| spec.name.ends_with(&format!(".{s}")))
            && spec.holds.iter().any(|h| h.0 == "C")
        {
            lab.state[i] = lab.state[i].max(share * before[i]);
        }
    }
    Ok(())
}

/// Row 24: days until half of the lost richness is back.
pub(crate) fn recovery_arms() -> Result<RowValues, CheckError> {
    const PROBIOTIC: &str = "lgg";
    let mut lab = colon(&ColonOptions {
        drugs: vec!["ciprofloxacin".to_owned(), "metronidazole".to_owned()],
        strains: vec![PROBIOTIC.to_owned()],
        ..ColonOptions::default()
    })?;
    let mut days: [Vec<f64>; 3] = Default::default();
    cohort(&mut lab, 24, 10, |lab, _| {
        let before = lab.state.clone();
        let mut changes = course(lab, "ciprofloxacin", 7.0)?;
        changes.extend(course(lab, "metronidazole", 7.0)?);
        let start = lab.read("colon.strains")?;
        lab.run(7.0, &[], changes)?;
        for drug in ["ciprofloxacin", "metronidazole"] {
            // The last dose is the end of the run, where a change has no effect any more.
            lab.set_input(&format!("input.drug.{drug}"), 0.0)?;
        }
        let after = lab.state.clone();
        let low = lab.read("colon.strains")?;
        for arm in [Arm::Nothing, Arm::OwnStool, Arm::Probiotic] {
            lab.state.clone_from(&after);
            lab.set_input(&format!("input.strain.{PROBIOTIC}"), 0.0)?;
            if arm == Arm::OwnStool {
                own_stool(lab, &before)?;
            }
            days[arm as usize].push(half_back(lab, arm, PROBIOTIC, start, low)?);
        }
        Ok(())
    })?;
    let [nothing, own, probiotic] = days.map(|d| mean(&d));
    Ok(vec![
        ("gut-24a", nothing - own),
        ("gut-24b", probiotic - nothing),
        ("gut-24c", own),
        ("gut-24d", nothing),
    ])
}

fn half_back(
    lab: &mut Lab,
    arm: Arm,
    probiotic: &str,
    start: f64,
    low: f64,
) -> Result<f64, CheckError> {
    const LONGEST: f64 = 365.0;
    let half = 0.5 * (start + low);
    let mut changes = Vec::new();
    if arm == Arm::Probiotic {
        let name = format!("input.strain.{probiotic}");
        changes.push(lab.input_change(0.0, &name, 2.5e10)?);
        changes.push(lab.input_change(28.0, &name, 0.0)?);
    }
    let outputs = daily(LONGEST);
    let solution = lab.run(LONGEST, &outputs, changes)?;
    let strains = lab.observable_index("colon.strains")?;
    let found =
        (0..outputs.len()).find(|row| solution.trajectory.observables(*row)[strains] >= half);
    Ok(found.map_or(LONGEST, |row| outputs[row]))
}
