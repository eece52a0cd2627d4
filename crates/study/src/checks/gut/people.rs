//! Virtual adults, and what is asked of many of them.

use super::super::{CheckError, Lab, RowValues};
use super::composition::shares;
use super::crowd::{Crowd, DRAWN, SEED};
use super::species::{Strains, above, shannon};
use super::{SEGMENTS, columns, mean, setting};
use crate::checks::table;
use gutskin_biology::colon::ColonOptions;
use gutskin_network::Spread;

/// Draws an adult with their own diet and carriage and brings them to rest. `false` where they have no steady state
/// within reach; such draws are left out and counted by the caller.
pub(crate) fn adult(lab: &mut Lab, seed: u64, person: u32) -> Result<bool, CheckError> {
    furnish(lab, seed, person)?;
    match lab.rest() {
        Ok(()) => Ok(true),
        Err(CheckError::NotSteady { .. }) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Draws an adult with their own diet and carriage, at the network's start.
pub(crate) fn furnish(lab: &mut Lab, seed: u64, person: u32) -> Result<(), CheckError> {
    lab.draw(seed, person);
    diet(lab, seed, person)?;
    carriage(lab, seed, person)
}

/// What a person eats: spreads of the reference diet, half of it shared by all fibres.
fn diet(lab: &mut Lab, seed: u64, person: u32) -> Result<(), CheckError> {
    let table = table()?;
    let common = Lab::normal(seed, person, "appetite for fibre");
    for i in 0..lab.inputs.len() {
        let name = lab.network.inputs[i].name.clone();
        let Some(food) = name.strip_prefix("input.diet.") else {
            continue;
        };
        let Some(entry) = table.get(&format!("diet.reference_{food}")) else {
            continue;
        };
        if let Spread::LogNormal { sd_ln } = entry.spread {
            let own = Lab::normal(seed, person, &name);
            lab.inputs[i] *= (sd_ln * std::f64::consts::FRAC_1_SQRT_2 * (common + own)).exp();
        }
    }
    Ok(())
}

/// Who has methanogens, starch degraders, much Prevotella.
fn carriage(lab: &mut Lab, seed: u64, person: u32) -> Result<(), CheckError> {
    for (guild, chance) in [("MET", "people.absent_MET"), ("RUM", "people.absent_RUM")] {
        if Lab::uniform(seed, person, chance) < setting(chance)? {
            remove(lab, guild)?;
        }
    }
    let high = Lab::uniform(seed, person, "people.high_PRE") < setting("people.high_PRE")?;
    let factor = setting(if high {
        "people.factor_PRE_high"
    } else {
        "people.factor_PRE_low"
    })?;
    let capacity = lab.parameter("colon.capacity.PRE")?;
    lab.set_parameter("colon.capacity.PRE", capacity * factor)
}

/// Takes a guild out of the person and keeps it out.
pub(crate) fn remove(lab: &mut Lab, guild: &str) -> Result<(), CheckError> {
    lab.set_parameter(&format!("colon.immigration.{guild}"), 0.0)?;
    for segment in SEGMENTS {
        for name in [
            format!("colon.{guild}.{segment}"),
            format!("colon.{guild}_mucosal.{segment}"),
        ] {
            if let Ok(i) = lab.state_index(&name) {
                lab.state[i] = 0.0;
            }
        }
    }
    Ok(())
}

/// Row 2d.
pub(crate) fn plausible_ph() -> Result<RowValues, CheckError> {
    let mut crowd = Crowd::part(&ColonOptions::default(), 0, DRAWN as usize)?;
    let outside = crowd.each(|lab, _| {
        let seen = lab.observables();
        for segment in SEGMENTS {
            let i = lab.observable_index(&format!("colon.ph_linear.{segment}"))?;
            if !(5.0..=8.0).contains(&seen[i]) {
                return Ok(true);
            }
        }
        Ok(false)
    })?;
    let inside = outside.iter().filter(|out| !**out).count();
    // Someone without a steady state is not plausible either.
    let wrong = DRAWN as usize - inside;
    Ok(vec![("gut-02d", 100.0 * wrong as f64 / f64::from(DRAWN))])
}

/// Row 25.
pub(crate) fn diversity() -> Result<RowValues, CheckError> {
    let mut crowd = Crowd::adults(&ColonOptions::default())?;
    let cut = setting("people.species_cut")?;
    let found = crowd.each(|lab, who| {
        let species = Strains::draw(SEED, who.person)?.abundances(&shares(lab), |_| 1.0);
        Ok([shannon(&species), above(&species, cut)])
    })?;
    let [index, count] = columns(&found);
    Ok(vec![("gut-25a", mean(&index)), ("gut-25b", mean(&count))])
}

/// Row 23: L. plantarum while it is eaten and after, and a Bifidobacterium that stays in permissive people.
pub(crate) fn eaten_strains() -> Result<RowValues, CheckError> {
    const PLANTARUM: &str = "wcfs1";
    const LONGUM: &str = "ah1206";
    let mut crowd = Crowd::adults(&ColonOptions {
        strains: vec![PLANTARUM.to_owned(), LONGUM.to_owned()],
        ..ColonOptions::default()
    })?;
    let rested = crowd.people.clone();
    // A strain for so many days, then so many without; its load at the end of either.
    let mut eaten = |strain: &str, dose: f64, days: [f64; 2]| -> Result<_, CheckError> {
        crowd.people.clone_from(&rested);
        let input = format!("input.strain.{strain}");
        let load = format!("strains.{strain}_load");
        crowd.each(|lab, _| lab.set_input(&input, dose))?;
        crowd.live(days[0])?;
        let during = crowd.read(&load)?;
        crowd.each(|lab, _| lab.set_input(&input, 0.0))?;
        crowd.live(days[1])?;
        Ok([during, crowd.read(&load)?])
    };
    // What plating and PCR find in someone who never ate the strain.
    let background = setting("people.strain_background")?;
    let log = |loads: &[f64]| -> Vec<f64> {
        (loads.iter())
            .map(|load| load.max(background).log10())
            .collect()
    };
    let [during, after] = eaten(PLANTARUM, 2e11, [7.0, 15.0])?;
    // Who has a niche for it is drawn with the rest of the person, by the share in the table.
    let [_, left] = eaten(LONGUM, 1e9, [14.0, 180.0])?;
    let detected = setting("people.strain_detected")?;
    let kept = left.iter().filter(|load| **load > detected).count();
    Ok(vec![
        ("gut-23a", mean(&log(&during))),
        ("gut-23b", mean(&log(&after)) - background.log10()),
        ("gut-23c", 100.0 * kept as f64 / left.len() as f64),
    ])
}
