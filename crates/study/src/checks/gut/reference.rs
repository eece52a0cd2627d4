//! The reference person: the anchors, transit, and the frozen state.

use super::super::{CheckError, Lab, RowValues};
use super::composition::{bray_curtis, numbers, shares};
use super::species::{Strains, richness};
use super::{colon, setting};
use crate::Ingredients;
use crate::checks::table;
use gutskin_biology::catalogue::Catalogue;
use gutskin_biology::colon::{ColonOptions, Layout, network};
use gutskin_biology::stages;
use gutskin_network::overrides::Override;
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
/// From so many scattered `starts` it looks whether they rest elsewhere too, and says so in the text.
///
/// # Errors
/// A stage that is not known, or one without a steady state.
pub fn stage_reference(stage: &str, starts: u32) -> Result<String, CheckError> {
    let mut text = format!(
        "# What children of the life stage {stage} are compared with: their own steady state. Written by `gutskin model reference --life-stage {stage}`; do not edit by hand.\n\n\
         [source]\nkey = \"GutskinReference_{stage}\"\n\
         citation = \"gutskin: steady state of the central child of a life stage, computed by gutskin model reference --life-stage {stage} and frozen\"\n",
    );
    for layout in [Layout::Full, Layout::Lean] {
        let mut lab = child_in(layout, stage)?;
        anchors(&mut text, &mut lab, layout)?;
        elsewhere(&mut text, &mut lab, layout, starts)?;
    }
    Ok(text)
}

/// Says of how many scattered starts some rest elsewhere, so that nobody takes one of two rests for the only one.
fn elsewhere(
    text: &mut String,
    lab: &mut Lab,
    layout: Layout,
    starts: u32,
) -> Result<(), CheckError> {
    if starts == 0 {
        return Ok(());
    }
    let rests = rests(lab, starts)?;
    let colon = match layout {
        Layout::Full => "full",
        Layout::Lean => "lean",
    };
    let others: Vec<String> = rests[1..].iter().map(Rest::told).collect();
    let words = if others.is_empty() {
        "all".to_owned()
    } else {
        format!("{}; elsewhere rest {}", rests[0].starts, others.join(", "))
    };
    let _ = write!(
        text,
        "\n# The {colon} colon from {starts} scattered starts, all residents present: here rest {words}.\n"
    );
    Ok(())
}

/// A place of rest.
#[derive(Clone, Debug)]
pub(super) struct Rest {
    /// Starts that led to it.
    pub starts: u32,
    /// States.
    pub state: Vec<f64>,
    /// Shares of the guilds, where they differ most from the first place first.
    pub shares: Vec<(String, f64)>,
}

impl Rest {
    fn told(&self) -> String {
        let most: Vec<String> = self
            .shares
            .iter()
            .take(2)
            .map(|(guild, share)| format!("{guild} {share:.2e}"))
            .collect();
        format!("{} ({})", self.starts, most.join(", "))
    }
}

/// Places of rest of a person who is at rest, which is the first, and of scattered starts: every amount is that of the
/// network's start, in which all residents are present, times a factor over four decades; in every other start only the
/// residents, and the contents are those at rest, so that a guild that was lost comes back into what is there without it.
pub(super) fn rests(lab: &mut Lab, starts: u32) -> Result<Vec<Rest>, CheckError> {
    let own = shares(lab);
    let parts =
        |(guild, _): &(String, f64)| [format!("colon.{guild}."), format!("colon.{guild}_mucosal.")];
    let guilds: Vec<String> = own.iter().flat_map(parts).collect();
    let mut found = vec![Rest {
        starts: 0,
        state: lab.state.clone(),
        shares: own.clone(),
    }];
    for start in 0..starts {
        lab.begin();
        let seeded = start % 2 == 1;
        for i in 0..lab.state.len() {
            let spec = &lab.network.states[i];
            let kept = ["ph.", "stool", "load"]
                .iter()
                .any(|p| spec.name.contains(p));
            let resident = guilds.iter().any(|g| spec.name.starts_with(g.as_str()));
            if seeded && !resident {
                lab.state[i] = found[0].state[i];
            } else if !kept {
                let exponent = 4.0 * Lab::uniform(100, start, &spec.name) - 2.0;
                lab.state[i] *= 10f64.powf(exponent);
            }
        }
        lab.rest()?;
        let same = |rest: &Rest| {
            let states = lab
                .network
                .states
                .iter()
                .zip(lab.state.iter().zip(&rest.state));
            states
                .into_iter()
                .all(|(spec, (a, b))| (a - b).abs() / (spec.typical + b) < 1e-3)
        };
        if let Some(known) = found.iter_mut().find(|rest| same(rest)) {
            known.starts += 1;
            continue;
        }
        let mut away = shares(lab);
        let moved = |(guild, share): &(String, f64)| {
            let before = own.iter().find(|(name, _)| name == guild);
            before.map_or(0.0, |(_, b)| (share - b).abs())
        };
        away.sort_by(|a, b| moved(b).total_cmp(&moved(a)));
        found.push(Rest {
            starts: 1,
            state: lab.state.clone(),
            shares: away,
        });
    }
    lab.state.clone_from(&found[0].state);
    Ok(found)
}

/// As [`reference_state`] or [`stage_reference`], of a model with changes: a file to be laid over the shipped reference
/// (`--reference-person`) where the same changes are made.
///
/// # Errors
/// A change that cannot be made, a stage that is not known, or no steady state.
pub fn changed_reference(
    layout: Layout,
    stage: Option<&str>,
    changes: &[Override],
) -> Result<String, CheckError> {
    let mut parameters = table()?.clone();
    if let Some(stage) = stage {
        stages::lay_over(&mut parameters, stage)?;
    }
    let mut text = of_changes(layout, stage, changes);
    let model = |layout: Layout| format!("colon{}", layout.suffix());
    let first = if stage.is_some() {
        Layout::Full
    } else {
        layout
    };
    let network = Ingredients::of(&parameters).changed_model(&model(first), changes, &|_| false)?;
    let mut lab = Lab::new(network)?;
    lab.rest()?;
    anchors(&mut text, &mut lab, first)?;
    if stage.is_none() {
        states(&mut text, &lab, layout);
        return Ok(text);
    }
    // Of the changes those that reach the other layout.
    let lean = Ingredients::of(&parameters).sibling(&model(Layout::Lean), changes)?;
    let mut lab = Lab::new(lean)?;
    lab.rest()?;
    anchors(&mut text, &mut lab, Layout::Lean)?;
    Ok(text)
}

/// What the file says of itself: whose state it is, and that it is not the shipped one.
fn of_changes(layout: Layout, stage: Option<&str>, changes: &[Override]) -> String {
    let mut origins: Vec<String> = Vec::new();
    for change in changes {
        let origin = change.origin.replace(char::is_control, " ");
        if !origins.contains(&origin) {
            origins.push(origin);
        }
    }
    let (whose, option) = match stage {
        Some(stage) => (
            format!("the central child of the life stage {stage}"),
            format!(" --life-stage {stage}"),
        ),
        None if layout == Layout::Lean => ("the reference person".to_owned(), " --lean".to_owned()),
        None => ("the reference person".to_owned(), String::new()),
    };
    let made = origins.join("; ");
    let citation = toml::Value::String(format!(
        "gutskin: steady state of {whose} of a changed model ({made}), computed by gutskin model reference{option}; not the one that ships"
    ));
    format!(
        "# Steady state of {whose} of a CHANGED model, not of the one that ships. Written by `gutskin model reference{option}` with: {made}\n\
         # Give it with --reference-person wherever the same changes are made: drives then stand beside this person, who has none. They cannot be compared with drives beside the shipped person.\n\n\
         [source]\nkey = \"GutskinReferenceOwn\"\ncitation = {citation}\n"
    )
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
    states(&mut text, &lab, layout);
    Ok(text)
}

/// Where the colon rests, as starts of its states.
fn states(text: &mut String, lab: &Lab, layout: Layout) {
    for (state, value) in lab.network.states.iter().zip(&lab.state) {
        if state.name.starts_with("colon.") || state.name.starts_with("bile.") {
            let unit = state
                .unit
                .as_ref()
                .map_or("1".to_owned(), ToString::to_string);
            enter(
                text,
                &layout.reference(&format!("reference.{}", state.name)),
                *value,
                &unit,
            );
        }
    }
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
                .read_toml("reference", &stage_reference(stage, 0).unwrap())
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
