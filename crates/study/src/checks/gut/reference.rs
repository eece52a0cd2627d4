//! The reference person: the anchors, transit, and the frozen state.

use super::super::{CheckError, Lab, RowValues};
use super::composition::{bray_curtis, numbers, shares};
use super::species::{Strains, richness};
use super::{colon, setting};
use crate::checks::table;
use gutskin_biology::catalogue::Catalogue;
use gutskin_biology::colon::{ColonOptions, Layout, network};
use gutskin_biology::stages;
use std::fmt::Write;

fn reference() -> Result<Lab, CheckError> {
    reference_in(Layout::Full)
}

fn reference_in(layout: Layout) -> Result<Lab, CheckError> {
    let mut lab = colon(&ColonOptions {
        layout,
        ..ColonOptions::default()
    })?;
    lab.rest()?;
    Ok(lab)
}

/// The central child of a life stage at rest.
pub(super) fn child_in(layout: Layout, stage: &str) -> Result<Lab, CheckError> {
    let mut lab = child(
        stage,
        ColonOptions {
            layout,
            ..ColonOptions::default()
        },
    )?;
    lab.rest()?;
    Ok(lab)
}

/// The colon in a life stage, with what an experiment adds.
pub(super) fn child(stage: &str, options: ColonOptions) -> Result<Lab, CheckError> {
    let mut table = table()?.clone();
    stages::lay_over(&mut table, stage)?;
    let catalogue = Catalogue::shipped()?;
    let mut pools = ColonOptions::of(&table, &catalogue).pools;
    pools.extend(options.pools.iter().cloned());
    Lab::new(network(
        &table,
        &catalogue,
        &ColonOptions { pools, ..options },
    )?)
}

/// The text of `parameters/stages/reference_*.toml` for a life stage: what its children are compared with, in either layout.
///
/// # Errors
/// A stage that is not known, or one without a steady state.
pub fn stage_reference(stage: &str) -> Result<String, CheckError> {
    let mut text = format!(
        "# What children of the life stage {stage} are compared with: their own steady state. Written by `gutskin model reference --life-stage {stage}`; do not edit by hand.\n\n\
         [source]\nkey = \"GutskinReference_{stage}\"\n\
         citation = \"gutskin: steady state of the central child of a life stage, computed by gutskin model reference --life-stage {stage} and frozen\"\n",
    );
    for layout in [Layout::Full, Layout::Lean] {
        let mut lab = child_in(layout, stage)?;
        anchors(&mut text, &mut lab, layout)?;
    }
    Ok(text)
}

fn anchors(text: &mut String, lab: &mut Lab, layout: Layout) -> Result<(), CheckError> {
    let last = layout.segments().last().copied().unwrap_or_default();
    for (name, observable, unit) in ANCHORS {
        let value = lab.read(&observable.replace("LAST", last))?;
        enter(text, &layout.reference(name), value, unit);
    }
    Ok(())
}

fn enter(text: &mut String, name: &str, value: f64, unit: &str) {
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "\n[[parameter]]\nname = \"{name}\"\nvalue = {value:?}\nunit = \"{unit}\"\nspread = {{ kind = \"fixed\" }}\nmark = \"computed\"\nnote = \"Reference person\"\n"
    );
}

/// Rows 1 to 5 and 7 to 10.
pub(super) fn person() -> Result<RowValues, CheckError> {
    person_in(&mut reference()?)
}

/// The same in another colon, at rest.
pub(super) fn person_in(lab: &mut Lab) -> Result<RowValues, CheckError> {
    let mut rows = vec![
        ("gut-01a", lab.read("colon.scfa_total.prox")?),
        ("gut-01b", lab.read("colon.scfa_total.trans")?),
        ("gut-01c", lab.read("colon.scfa_total.dist")?),
        ("gut-02a", lab.read("colon.ph.prox")?),
        ("gut-02b", lab.read("colon.ph.trans")?),
        ("gut-02c", lab.read("colon.ph.dist")?),
        ("gut-03a", 100.0 * lab.read("colon.acetate_share.prox")?),
        ("gut-03b", 100.0 * lab.read("colon.propionate_share.prox")?),
        ("gut-03c", 100.0 * lab.read("colon.butyrate_share.prox")?),
        ("gut-04a", 100.0 * lab.read("colon.scfa_absorbed_share")?),
        ("gut-04b", lab.read("colon.scfa_faecal_loss")?),
        ("gut-05a", lab.read("colon.scfa_absorbed")?),
        ("gut-07a", lab.read("colon.bacteria_out")?),
        ("gut-08a", lab.read("colon.stool_water")?),
        ("gut-08b", lab.read("colon.stool_wet")?),
    ];
    rows.extend(guild_fit(lab)?);
    let grams_per_cell = setting("colon.cell_mass")?;
    // In 1e12 cells.
    rows.push((
        "gut-10a",
        lab.read("colon.microbes")? / grams_per_cell / 1e12,
    ));
    Ok(rows)
}

fn guild_fit(lab: &mut Lab) -> Result<[(&'static str, f64); 2], CheckError> {
    let catalogue = Catalogue::shipped()?;
    let model = shares(lab);
    let measured: Vec<f64> = model
        .iter()
        .map(|(name, _)| catalogue.guild(name).map_or(0.0, |g| g.reference_share))
        .collect();
    let total: f64 = measured.iter().sum();
    let measured: Vec<f64> = measured.iter().map(|m| m / total).collect();
    let model = numbers(&model);
    let fold = model
        .iter()
        .zip(&measured)
        .map(|(a, b)| (a / b).max(b / a))
        .fold(0.0, f64::max);
    Ok([
        ("gut-09a", fold),
        ("gut-09b", bray_curtis(&model, &measured)),
    ])
}

/// Row 17: transit doubled against transit halved.
pub(super) fn transit() -> Result<RowValues, CheckError> {
    transit_in(&mut reference()?)
}

/// The same in another colon.
pub(super) fn transit_in(lab: &mut Lab) -> Result<RowValues, CheckError> {
    let mut read = |factor: f64| -> Result<[f64; 5], CheckError> {
        lab.reset();
        lab.set_input("input.transit_factor", factor)?;
        lab.rest()?;
        let strains = Strains::draw(17, 0)?;
        let species = strains.abundances(&shares(lab), |_| 1.0);
        Ok([
            lab.read("colon.scfa_total.dist")?,
            lab.read("colon.ph.dist")?,
            lab.read("colon.branched_level.dist")?,
            lab.read("colon.aromatic")?,
            richness(&species, setting("people.reads_16s")?),
        ])
    };
    let slow = read(2.0)?;
    let fast = read(0.5)?;
    let rows = ["gut-17a", "gut-17b", "gut-17c", "gut-17d", "gut-17e"];
    Ok((0..5).map(|i| (rows[i], slow[i] - fast[i])).collect())
}

/// Observables that become reference parameters: name, observable, unit. `LAST` stands for the last segment.
const ANCHORS: &[(&str, &str, &str)] = &[
    (
        "colon.butyrate_level_reference",
        "colon.butyrate_level.LAST",
        "mM",
    ),
    ("colon.scfa_level_reference", "colon.scfa_total.LAST", "mM"),
    (
        "colon.acetate_absorbed_reference",
        "colon.acetate_absorbed",
        "mmol/d",
    ),
    (
        "colon.propionate_absorbed_reference",
        "colon.propionate_absorbed",
        "mmol/d",
    ),
    (
        "colon.butyrate_absorbed_reference",
        "colon.butyrate_absorbed",
        "mmol/d",
    ),
    ("colon.lps_agonist_reference", "colon.lps_agonist_mass", "g"),
    (
        "colon.lps_antagonist_reference",
        "colon.lps_antagonist_mass",
        "g",
    ),
    (
        "colon.mucus_foraging_reference",
        "colon.mucus_demand",
        "g/d",
    ),
    ("colon.aromatic_reference", "colon.aromatic", "mmol/d"),
    ("bile.secondary_reference", "bile.secondary_fraction", "1"),
];

/// The text of `parameters/reference_state.toml` (or of `reference_state_lean.toml`) for the tables and parameters as they
/// stand: the steady state of the reference person and the references that other modules divide by.
///
/// # Errors
/// No steady state is found.
pub fn reference_state(layout: Layout) -> Result<String, CheckError> {
    let mut lab = reference_in(layout)?;
    let option = match layout {
        Layout::Full => "",
        Layout::Lean => " --lean",
    };
    let mut text = format!(
        "# Steady state of the reference person on the reference diet. Written by `gutskin model reference{option}`; do not edit by hand.\n\n\
         [source]\nkey = \"GutskinReference{}\"\n\
         citation = \"gutskin: steady state of the reference person, computed by gutskin model reference{option} and frozen\"\n",
        match layout {
            Layout::Full => "",
            Layout::Lean => "Lean",
        }
    );
    anchors(&mut text, &mut lab, layout)?;
    for (state, value) in lab.network.states.iter().zip(&lab.state) {
        if state.name.starts_with("colon.") || state.name.starts_with("bile.") {
            let unit = state
                .unit
                .as_ref()
                .map_or("1".to_owned(), ToString::to_string);
            enter(
                &mut text,
                &layout.reference(&format!("reference.{}", state.name)),
                *value,
                &unit,
            );
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frozen_state_is_the_one_that_the_command_computes() {
        for layout in [Layout::Full, Layout::Lean] {
            frozen_is_computed(layout);
        }
    }

    #[test]
    fn what_children_are_compared_with_is_what_the_command_computes() {
        for (stage, _) in stages::REFERENCES {
            let mut fresh = gutskin_network::ParameterTable::new();
            fresh
                .read_toml("reference", &stage_reference(stage).unwrap())
                .unwrap();
            let mut shipped = table().unwrap().clone();
            stages::lay_over(&mut shipped, stage).unwrap();
            for entry in fresh.iter() {
                let kept = shipped.get(&entry.name).unwrap().value;
                let gap = (entry.value - kept).abs() / (1e-9 + kept.abs());
                assert!(
                    gap < 1e-3,
                    "{stage}, {}: {} {kept}",
                    entry.name,
                    entry.value
                );
            }
        }
    }

    fn frozen_is_computed(layout: Layout) {
        let text = reference_state(layout).unwrap();
        let mut fresh = gutskin_network::ParameterTable::new();
        fresh.read_toml("reference", &text).unwrap();
        let shipped = gutskin_biology::parameter_table().unwrap();
        for entry in fresh.iter() {
            let kept = shipped
                .get(&entry.name)
                .unwrap_or_else(|| panic!("{} is not frozen", entry.name));
            let gap = (entry.value - kept.value).abs() / (1e-9 + kept.value.abs());
            assert!(
                gap < 1e-3,
                "{}: {} computed, {} frozen",
                entry.name,
                entry.value,
                kept.value
            );
        }
    }
}
