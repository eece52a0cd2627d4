//! Closed batches: stool in a bottle for a day.

use super::super::{CheckError, Lab, RowValues};
use super::crowd::Crowd;
use super::{SEGMENTS, columns, mean};
use gutskin_biology::colon::ColonOptions;

/// Water in the bottle, L.
const WATER: f64 = 0.1;
/// Stool water in it, share.
const SLURRY: f64 = 0.1;
/// Fibre, g/L.
const FIBRE: f64 = 5.0;

/// Turns the proximal segment into a bottle: no flow, no lining, a tenth stool in buffered medium; other segments empty.
fn bottle(lab: &mut Lab) -> Result<(), CheckError> {
    let stool = lab.state.clone();
    let water = stool[lab.state_index("colon.water.dist")?];
    for i in 0..lab.network.states.len() {
        let name = lab.network.states[i].name.clone();
        if let Some(what) = name.strip_suffix(".prox") {
            if let Ok(source) = lab.state_index(&format!("{what}.dist")) {
                lab.state[i] = stool[source] / water * WATER * SLURRY;
            }
        } else if SEGMENTS.iter().any(|s| name.ends_with(&format!(".{s}")))
            && !name.contains(".ph.")
            && !name.contains("water")
        {
            lab.state[i] = 0.0;
        }
    }
    for (name, value) in [("colon.water.prox", WATER), ("colon.ph.prox", 6.8)] {
        let i = lab.state_index(name)?;
        lab.state[i] = value;
    }
    for i in 0..lab.network.parameters.len() {
        let name = lab.network.parameters[i].name.as_str();
        let stops = [
            "colon.clearance.",
            "colon.immigration.",
            "colon.inflow.",
            "colon.permeability_area.",
            "colon.water_absorption.",
        ];
        let stop = stops.iter().any(|s| name.starts_with(s))
            || [
                "colon.mucin_inflow",
                "colon.water_inflow",
                "colon.inert_inflow",
                "colon.oxygen_leak",
                "bile.inflow",
                "colon.nitrate_supply",
            ]
            .contains(&name);
        if stop {
            lab.parameters[i] = 0.0;
        }
        if name == "colon.transit_time.prox" {
            // No washout within any run.
            lab.parameters[i] = 1e9;
        }
    }
    for i in 0..lab.inputs.len() {
        if lab.network.inputs[i].name.starts_with("input.diet.") {
            lab.inputs[i] = 0.0;
        }
    }
    Ok(())
}

/// Levels of the three acids after a day, mmol/L.
fn day(crowd: &mut Crowd) -> Result<Vec<[f64; 3]>, CheckError> {
    crowd.live(1.0)?;
    crowd.each(|lab, _| {
        let mut found = [0.0; 3];
        for (k, acid) in ["acetate", "propionate", "butyrate"].iter().enumerate() {
            found[k] = lab.state[lab.state_index(&format!("colon.{acid}.prox"))?] / WATER;
        }
        Ok(found)
    })
}

/// A day with this mixture of fibres (g/L), less a day without; and what is left of it, g/L.
fn with_fibre(
    crowd: &mut Crowd,
    blank: &[[f64; 3]],
    fibres: &[(&str, f64)],
) -> Result<Vec<([f64; 3], f64)>, CheckError> {
    let start = crowd.people.clone();
    crowd.each(|lab, _| {
        for (fibre, grams) in fibres {
            let i = lab.state_index(&format!("colon.{fibre}.prox"))?;
            lab.state[i] += grams * WATER;
        }
        Ok(())
    })?;
    let fed = day(crowd)?;
    let left = crowd.each(|lab, _| {
        let mut left = 0.0;
        for (fibre, _) in fibres {
            left += lab.state[lab.state_index(&format!("colon.{fibre}.prox"))?] / WATER;
        }
        Ok(left)
    })?;
    crowd.people = start;
    let gains = fed.iter().zip(blank);
    let gains = gains.map(|(fed, blank)| std::array::from_fn(|k| fed[k] - blank[k]));
    Ok(gains.zip(left).collect())
}

/// Rows 27 and 6b: equal grams of four fibres, and mixed food fibre.
pub(super) fn fibres() -> Result<RowValues, CheckError> {
    let mut crowd = Crowd::adults(&ColonOptions::default())?;
    let mixed = [
        ("starch", 1.5),
        ("pectin", 1.0),
        ("arabinoxylan", 1.0),
        ("cellulosic", 1.0),
        ("other_soluble", 0.5),
    ];
    crowd.each(|lab, _| bottle(lab))?;
    let start = crowd.people.clone();
    let blank = day(&mut crowd)?;
    crowd.people = start;
    let mut mean_of = |kind: &str| -> Result<[f64; 3], CheckError> {
        let found = with_fibre(&mut crowd, &blank, &[(kind, FIBRE)])?;
        let gains: Vec<[f64; 3]> = found.into_iter().map(|(gain, _)| gain).collect();
        Ok(columns(&gains).map(|values| mean(&values)))
    };
    let fructan = mean_of("fructan")?;
    let pectin = mean_of("pectin")?;
    let starch = mean_of("starch")?;
    let glucan = mean_of("beta_glucan")?;
    let yields: Vec<f64> = with_fibre(&mut crowd, &blank, &mixed)?
        .into_iter()
        .map(|(gain, left)| gain.iter().sum::<f64>() / (FIBRE - left))
        .collect();
    let butyrate = |m: [f64; 3]| 100.0 * m[2] / (m[0] + m[1] + m[2]);
    Ok(vec![
        ("gut-06b", mean(&yields)),
        ("gut-27a", pectin[0] / fructan[0]),
        ("gut-27b", fructan[0] - starch[0]),
        ("gut-27c", starch[0] - glucan[0]),
        (
            "gut-27d",
            butyrate(glucan) - butyrate(fructan).max(butyrate(starch)),
        ),
        ("gut-27e", butyrate(fructan) - butyrate(starch)),
        (
            "gut-27f",
            butyrate(fructan).min(butyrate(starch)) - butyrate(pectin),
        ),
    ])
}
