//! Challenge with spores of C. difficile.

use super::super::{CheckError, Lab, RowValues};
use super::antibiotics::{course, own_stool};
use super::colon;
use gutskin_biology::colon::ColonOptions;

/// Spores of one challenge, in CFU, swallowed over an hour.
const SPORES: f64 = 1e5;

/// Log10 of vegetative cells a week after the challenge over those that the spores could have become at once.
pub(crate) fn growth(lab: &mut Lab) -> Result<f64, CheckError> {
    let hour = 1.0 / 24.0;
    let changes = vec![
        lab.input_change(0.0, "input.spores", SPORES / hour)?,
        lab.input_change(hour, "input.spores", 0.0)?,
    ];
    lab.run(7.0, &[], changes)?;
    let cells: f64 = super::SEGMENTS
        .iter()
        .map(|s| Ok(lab.state[lab.state_index(&format!("colon.CDI.{s}"))?]))
        .sum::<Result<f64, CheckError>>()?
        / super::setting("strains.cell_mass")?;
    Ok((cells.max(1.0) / SPORES).log10())
}

/// Row 29: intact; two days after clindamycin or ciprofloxacin; after clindamycin with the bile trait or with stool restored.
pub(crate) fn challenge() -> Result<RowValues, CheckError> {
    let mut lab = colon(&ColonOptions {
        guilds: vec!["CDI".to_owned()],
        drugs: vec!["clindamycin_oral".to_owned(), "ciprofloxacin".to_owned()],
        ..ColonOptions::default()
    })?;
    lab.rest()?;
    let healthy = lab.state.clone();
    let intact = growth(&mut lab)?;
    let mut after = |drug: &str,
                     restore: fn(&mut Lab, &[f64]) -> Result<(), CheckError>|
     -> Result<f64, CheckError> {
        lab.state.clone_from(&healthy);
        let changes = course(&lab, drug, 7.0)?;
        lab.run(9.0, &[], changes)?;
        restore(&mut lab, &healthy)?;
        growth(&mut lab)
    };
    Ok(vec![
        ("gut-29a", intact),
        ("gut-29b", after("clindamycin_oral", |_, _| Ok(()))?),
        ("gut-29c", after("ciprofloxacin", |_, _| Ok(()))?),
        ("gut-29d", after("clindamycin_oral", restore_trait)?),
        ("gut-29e", after("clindamycin_oral", own_stool)?),
    ])
}

/// Gives back the carriers of the bile trait, their strains, and the bile acids they make.
pub(crate) fn restore_trait(lab: &mut Lab, healthy: &[f64]) -> Result<(), CheckError> {
    for (i, spec) in lab.network.states.iter().enumerate() {
        let name = spec.name.as_str();
        if name.starts_with("colon.BLA.")
            || name.starts_with("bile.")
            || name == "strains.active.BCL"
            || name == "strains.active.BLA"
        {
            lab.state[i] = healthy[i];
        }
    }
    Ok(())
}
