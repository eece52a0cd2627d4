//! Twelve weeks of acne antibiotics.

use super::super::{CheckError, RowValues};
use super::antibiotics::species;
use super::crowd::{Crowd, SEED};
use super::species::{Strains, shannon};
use super::{columns, drugs, mean};

const WEEKS_12: f64 = 84.0;

/// What a course changes in each: Shannon index, log10 of three guilds per litre.
fn changes(crowd: &mut Crowd, drug: &str, dose: f64) -> Result<Vec<[f64; 4]>, CheckError> {
    let name = format!("input.drug.{drug}");
    crowd.run(
        WEEKS_12,
        &[0.0, WEEKS_12],
        |lab, _| Ok(vec![lab.input_change(0.0, &name, dose)?]),
        |lab, who, solution| {
            let strains = Strains::draw(SEED, who.person)?;
            let index = |row: usize| shannon(&species(lab, solution, &strains, row));
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
            Ok(found)
        },
    )
}

/// Row 22: doxycycline 100 mg/d; sarecycline 1.5 mg/kg/d at 70 kg; the ratio is the mean over those
/// of bifidobacteria and Enterobacteriaceae, log10 changes of the cohort.
pub(super) fn acne() -> Result<RowValues, CheckError> {
    let mut crowd = Crowd::adults(&drugs(&["doxycycline_full_dose", "sarecycline"]))?;
    let before = crowd.people.clone();
    let doxycycline = changes(&mut crowd, "doxycycline_full_dose", 100.0)?;
    crowd.people = before;
    let sarecycline = changes(&mut crowd, "sarecycline", 105.0)?;
    let of = |found: &[[f64; 4]]| columns(found).map(|values| mean(&values));
    let (first, second) = (of(&doxycycline), of(&sarecycline));
    let ratios = [second[1] / first[1], second[3] / first[3]];
    Ok(vec![
        ("gut-22a", first[0]),
        ("gut-22b", first[1]),
        ("gut-22c", first[2]),
        ("gut-22d", first[3]),
        ("gut-22e", mean(&ratios)),
    ])
}
