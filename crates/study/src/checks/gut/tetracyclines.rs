//! Twelve weeks of acne antibiotics.

use super::super::{CheckError, Lab, RowValues};
use super::antibiotics::species;
use super::people::cohort;
use super::species::{Strains, shannon};
use super::{mean, with_drugs};

const WEEKS_12: f64 = 84.0;

/// What a course changes: Shannon index, log10 of three guilds per litre.
fn change(lab: &mut Lab, person: u32, drug: &str, dose: f64) -> Result<[f64; 4], CheckError> {
    let strains = Strains::draw(22, person)?;
    let name = format!("input.drug.{drug}");
    let changes = vec![lab.input_change(0.0, &name, dose)?];
    let solution = lab.run(WEEKS_12, &[0.0, WEEKS_12], changes)?;
    let index = |row: usize| shannon(&species(lab, &solution, &strains, row));
    let water = lab.state_index("colon.water.dist")?;
    let mut found = [index(1) - index(0), 0.0, 0.0, 0.0];
    for (k, guild) in ["BIF", "LAB", "ENT"].iter().enumerate() {
        let i = lab.state_index(&format!("colon.{guild}.dist"))?;
        let density = |row: usize| {
            let states = solution.trajectory.states(row);
            states[i] / states[water]
        };
        found[1 + k] = (density(1) / density(0)).log10();
    }
    lab.set_input(&name, 0.0)?;
    Ok(found)
}

/// Row 22: doxycycline 100 mg/d; sarecycline 1.5 mg/kg/d at 70 kg; the ratio is the mean over those
/// of bifidobacteria and Enterobacteriaceae, log10 changes of the cohort.
pub(super) fn acne() -> Result<RowValues, CheckError> {
    let mut lab = with_drugs(&["doxycycline_full_dose", "sarecycline"])?;
    let mut found: [Vec<f64>; 4] = Default::default();
    let (mut bifidobacteria, mut enterobacteria) = (Vec::new(), Vec::new());
    cohort(&mut lab, 22, 12, |lab, person| {
        let before = lab.state.clone();
        let doxycycline = change(lab, person, "doxycycline_full_dose", 100.0)?;
        for (list, value) in found.iter_mut().zip(doxycycline) {
            list.push(value);
        }
        lab.state = before;
        let change = change(lab, person, "sarecycline", 105.0)?;
        bifidobacteria.push(change[1]);
        enterobacteria.push(change[3]);
        Ok(())
    })?;
    let ratios = [
        mean(&bifidobacteria) / mean(&found[1]),
        mean(&enterobacteria) / mean(&found[3]),
    ];
    Ok(vec![
        ("gut-22a", mean(&found[0])),
        ("gut-22b", mean(&found[1])),
        ("gut-22c", mean(&found[2])),
        ("gut-22d", mean(&found[3])),
        ("gut-22e", mean(&ratios)),
    ])
}
