//! Courses of antibiotics and the way back.

use super::super::{CheckError, Lab, RowValues};
use super::composition::{bray_curtis, percent, shares_at};
use super::crowd::{Crowd, SEED};
use super::species::{Strains, richness, shannon};
use super::{SEGMENTS, drugs, mean, means, setting};
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
    let mut crowd = Crowd::adults(&drugs(&[DRUG]))?;
    let reads = setting("people.reads_shotgun")?;
    let outputs = daily(180.0);
    let found = crowd.run(
        180.0,
        &outputs,
        |lab, _| course(lab, DRUG, 4.0),
        |lab, who, solution| {
            let strains = Strains::draw(SEED, who.person)?;
            let butyrate = lab.observable_index("colon.butyrate_level.dist")?;
            let at = |row: usize| solution.trajectory.observables(row)[butyrate];
            let count = |row: usize| richness(&species(lab, solution, &strains, row), reads);
            let start = count(0);
            let ent = (0..outputs.len())
                .map(|row| percent(&shares_at(lab, solution, row), "ENT"))
                .fold(0.0, f64::max);
            let nadir = (0..outputs.len()).map(count).fold(f64::INFINITY, f64::min);
            let strains_index = lab.observable_index("colon.strains")?;
            let kept = |row: usize| solution.trajectory.observables(row)[strains_index];
            Ok([
                100.0 * at(4) / at(0),
                ent,
                100.0 * (nadir / start - 1.0),
                100.0 * count(45) / start,
                100.0 * (1.0 - kept(180) / kept(0)),
            ])
        },
    )?;
    let names = ["gut-19a", "gut-19b", "gut-19c", "gut-19d", "gut-19e"];
    Ok(means(names, &found))
}

/// Row 20: ciprofloxacin for five days, again after six months.
pub(crate) fn ciprofloxacin_twice() -> Result<RowValues, CheckError> {
    const DRUG: &str = "ciprofloxacin";
    const AGAIN: f64 = 182.0;
    let mut crowd = Crowd::adults(&drugs(&[DRUG]))?;
    let outputs = daily(2.0 * AGAIN);
    let found = crowd.run(
        2.0 * AGAIN,
        &outputs,
        |lab, _| {
            let name = format!("input.drug.{DRUG}");
            let usual = dose(lab, DRUG)?;
            Ok(vec![
                lab.input_change(0.0, &name, usual)?,
                lab.input_change(5.0, &name, 0.0)?,
                lab.input_change(AGAIN, &name, usual)?,
                lab.input_change(AGAIN + 5.0, &name, 0.0)?,
            ])
        },
        |lab, who, solution| {
            let strains = Strains::draw(SEED, who.person)?;
            let at = |row: usize| species(lab, solution, &strains, row);
            let index: Vec<f64> = (0..=14).map(|row| shannon(&at(row))).collect();
            let lowest = index.iter().copied().fold(f64::INFINITY, f64::min);
            let lost = index[0] - lowest;
            let start = at(0);
            let first = at(AGAIN as usize);
            let second = at(outputs.len() - 1);
            let shares = [index[0] - index[4], index[12] - lowest].map(|gap| 100.0 * gap / lost);
            let apart = bray_curtis(&second, &start) - bray_curtis(&first, &start);
            // Who loses nothing has no share of a loss.
            Ok(((lost > 0.0).then_some(shares), [apart]))
        },
    )?;
    let (losses, apart): (Vec<_>, Vec<_>) = found.into_iter().unzip();
    let losses: Vec<[f64; 2]> = losses.into_iter().flatten().collect();
    let mut rows = means(["gut-20a", "gut-20b"], &losses);
    rows.extend(means(["gut-20c"], &apart));
    Ok(rows)
}

/// Row 21: clindamycin for seven days, followed for two years.
pub(crate) fn clindamycin() -> Result<RowValues, CheckError> {
    const DRUG: &str = "clindamycin_oral";
    /// Ends of the months of the first year, d.
    const MONTH: f64 = 365.0 / 12.0;
    let mut outputs = vec![0.0];
    outputs.extend((1..=12).map(|month| MONTH * f64::from(month)));
    outputs.push(730.0);
    let mut crowd = Crowd::adults(&drugs(&[DRUG]))?;
    let found = crowd.run(
        730.0,
        &outputs,
        |lab, _| course(lab, DRUG, 7.0),
        |lab, _, solution| {
            let strains = lab.observable_index("colon.strains")?;
            let kept = |row: usize| solution.trajectory.observables(row)[strains];
            let year: Vec<f64> = (1..=12)
                .map(|month| 100.0 * (kept(month) / kept(0) - 1.0))
                .collect();
            Ok([
                100.0 * (active(lab, solution, 13, "BAC") - 1.0),
                mean(&year),
            ])
        },
    )?;
    Ok(means(["gut-21a", "gut-21b"], &found))
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
    const DRUGS: [&str; 2] = ["ciprofloxacin", "metronidazole"];
    let mut crowd = Crowd::adults(&ColonOptions {
        strains: vec![PROBIOTIC.to_owned()],
        ..drugs(&DRUGS)
    })?;
    let before = crowd.each(|lab, _| Ok(lab.state.clone()))?;
    let start = crowd.read("colon.strains")?;
    crowd.run(
        7.0,
        &[],
        |lab, _| {
            let [first, second] = DRUGS.map(|drug| course(lab, drug, 7.0));
            Ok([first?, second?].concat())
        },
        |_, _, _| Ok(()),
    )?;
    crowd.each(|lab, _| {
        for drug in DRUGS {
            // The last dose is the end of the run, where a change has no effect any more.
            lab.set_input(&format!("input.drug.{drug}"), 0.0)?;
        }
        Ok(())
    })?;
    let after = crowd.people.clone();
    let low = crowd.read("colon.strains")?;
    let half: Vec<f64> = (start.iter().zip(&low))
        .map(|(start, low)| 0.5 * (start + low))
        .collect();
    let mut days = |arm: Arm| -> Result<f64, CheckError> {
        crowd.people.clone_from(&after);
        if arm == Arm::OwnStool {
            crowd.each(|lab, who| own_stool(lab, &before[who.index]))?;
        }
        Ok(mean(&half_back(&mut crowd, arm, PROBIOTIC, &half)?))
    };
    let nothing = days(Arm::Nothing)?;
    let own = days(Arm::OwnStool)?;
    let probiotic = days(Arm::Probiotic)?;
    Ok(vec![
        ("gut-24a", nothing - own),
        ("gut-24b", probiotic - nothing),
        ("gut-24c", own),
        ("gut-24d", nothing),
    ])
}

/// Days of each until half of what was lost is back, a year at most.
fn half_back(
    crowd: &mut Crowd,
    arm: Arm,
    probiotic: &str,
    half: &[f64],
) -> Result<Vec<f64>, CheckError> {
    const LONGEST: f64 = 365.0;
    let outputs = daily(LONGEST);
    crowd.run(
        LONGEST,
        &outputs,
        |lab, _| {
            if arm != Arm::Probiotic {
                return Ok(Vec::new());
            }
            let name = format!("input.strain.{probiotic}");
            Ok(vec![
                lab.input_change(0.0, &name, 2.5e10)?,
                lab.input_change(28.0, &name, 0.0)?,
            ])
        },
        |lab, who, solution| {
            let strains = lab.observable_index("colon.strains")?;
            let is_back =
                |row: &usize| solution.trajectory.observables(*row)[strains] >= half[who.index];
            let found = (0..outputs.len()).find(is_back);
            Ok(found.map_or(LONGEST, |row| outputs[row]))
        },
    )
}
