//! Virtual adults, and what is asked of many of them.

use super::super::{CheckError, Lab, RowValues};
use super::composition::shares;
use super::species::{Strains, above, shannon};
use super::{SEGMENTS, colon, mean, setting};
use crate::checks::table;
use gutskin_biology::colon::ColonOptions;
use gutskin_network::Spread;

/// Draws an adult with their own diet and carriage and brings them to rest. `false` where they have no steady state
/// within reach; such draws are left out and counted by the caller.
pub(crate) fn adult(lab: &mut Lab, seed: u64, person: u32) -> Result<bool, CheckError> {
    lab.draw(seed, person);
    diet(lab, seed, person)?;
    carriage(lab, seed, person)?;
    match lab.rest() {
        Ok(()) => Ok(true),
        Err(CheckError::NotSteady { .. }) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Calls `each` on so many adults that came to rest.
pub(crate) fn cohort(
    lab: &mut Lab,
    seed: u64,
    count: usize,
    mut each: impl FnMut(&mut Lab, u32) -> Result<(), CheckError>,
) -> Result<(), CheckError> {
    let mut found = 0;
    let mut person = 0;
    while found < count {
        if adult(lab, seed, person)? {
            each(lab, person)?;
            found += 1;
        }
        person += 1;
        if person as usize > 3 * count + 20 {
            return Err(CheckError::NotSteady {
                who: format!("{} of {person} people", person as usize - found),
                why: "too many draws without a steady state".to_owned(),
            });
        }
    }
    Ok(())
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
    const PEOPLE: usize = 500;
    let mut lab = colon(&ColonOptions::default())?;
    let mut outside = 0;
    let mut missing = 0;
    for person in 0..PEOPLE as u32 {
        if !adult(&mut lab, 2, person)? {
            missing += 1;
            continue;
        }
        let mut wrong = false;
        for segment in SEGMENTS {
            let ph = lab.read(&format!("colon.ph_linear.{segment}"))?;
            wrong |= !(5.0..=8.0).contains(&ph);
        }
        outside += usize::from(wrong);
    }
    // Someone without a steady state is not plausible either.
    Ok(vec![(
        "gut-02d",
        100.0 * (outside + missing) as f64 / PEOPLE as f64,
    )])
}

/// Row 25.
pub(crate) fn diversity() -> Result<RowValues, CheckError> {
    let mut lab = colon(&ColonOptions::default())?;
    let (mut index, mut count) = (Vec::new(), Vec::new());
    let cut = setting("people.species_cut")?;
    cohort(&mut lab, 25, 25, |lab, person| {
        let species = Strains::draw(25, person)?.abundances(&shares(lab), |_| 1.0);
        index.push(shannon(&species));
        count.push(above(&species, cut));
        Ok(())
    })?;
    Ok(vec![("gut-25a", mean(&index)), ("gut-25b", mean(&count))])
}

/// Row 23: L. plantarum while it is eaten and after, and a Bifidobacterium that stays in permissive people.
pub(crate) fn eaten_strains() -> Result<RowValues, CheckError> {
    const PLANTARUM: &str = "wcfs1";
    const LONGUM: &str = "ah1206";
    let mut lab = colon(&ColonOptions {
        strains: vec![PLANTARUM.to_owned(), LONGUM.to_owned()],
        ..ColonOptions::default()
    })?;
    let log = |load: f64, floor: f64| load.max(floor).log10();
    // What plating and PCR find in someone who never ate the strain.
    let background = setting("people.strain_background")?;
    let (mut dosing, mut excess) = (Vec::new(), Vec::new());
    let load = format!("strains.{PLANTARUM}_load");
    cohort(&mut lab, 23, 20, |lab, _| {
        lab.set_input(&format!("input.strain.{PLANTARUM}"), 2e11)?;
        lab.run(7.0, &[], Vec::new())?;
        dosing.push(log(lab.read(&load)?, background));
        lab.set_input(&format!("input.strain.{PLANTARUM}"), 0.0)?;
        lab.run(15.0, &[], Vec::new())?;
        excess.push(log(lab.read(&load)?, background) - background.log10());
        Ok(())
    })?;
    let mut kept = 0;
    let detected = setting("people.strain_detected")?;
    // Who has a niche for it is drawn with the rest of the person, by the share in the table.
    cohort(&mut lab, 123, 100, |lab, _| {
        lab.set_input(&format!("input.strain.{LONGUM}"), 1e9)?;
        lab.run(14.0, &[], Vec::new())?;
        lab.set_input(&format!("input.strain.{LONGUM}"), 0.0)?;
        lab.run(180.0, &[], Vec::new())?;
        kept += usize::from(lab.read(&format!("strains.{LONGUM}_load"))? > detected);
        Ok(())
    })?;
    Ok(vec![
        ("gut-23a", mean(&dosing)),
        ("gut-23b", mean(&excess)),
        ("gut-23c", kept as f64),
    ])
}
