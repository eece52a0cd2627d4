//! Balance of the community, ways back into it, fibres and the people who can use them.

use super::bench::{
    PEOPLE, Sample, Values, anyone, eat_as_now, eat_from, every_day, mean, percent, plain, removed,
};
use crate::checks::gut::people::remove;
use crate::checks::gut::{SEGMENTS, setting};
use crate::checks::table;
use crate::checks::{CheckError, Experiment, Lab, RowValues};
use gutskin_biology::axis::SkinKind;
use gutskin_biology::catalogue::Catalogue;
use gutskin_biology::colon::{self, ColonOptions};
use gutskin_engine::{Action, Change, Target};

pub(super) static EXPERIMENTS: &[Experiment] = &[
    Experiment {
        name: "small disturbances of a healthy community",
        rows: &[
            "claim-ecosystem-balance-a",
            "claim-ecosystem-balance-b",
            "claim-ecosystem-balance-c",
            "claim-ecosystem-balance-d",
        ],
        run: balance,
    },
    Experiment {
        name: "resistant starch with and without R. bromii; inulin by baseline",
        rows: &[
            "claim-fibre-strategy-a",
            "claim-fibre-strategy-b",
            "claim-fibre-strategy-cut",
        ],
        run: strategy,
    },
    Experiment {
        name: "one fibre against five",
        rows: &["claim-plant-diversity-a", "claim-plant-diversity-b"],
        run: plants,
    },
];

/// Dry mass of guilds in all segments.
pub(super) fn mass(lab: &Lab, guilds: &[&str]) -> Result<f64, CheckError> {
    let mut sum = 0.0;
    for guild in guilds {
        for segment in SEGMENTS {
            sum += lab.state[lab.state_index(&format!("colon.{guild}.{segment}"))?];
        }
    }
    Ok(sum)
}

/// Largest rise of C-reactive protein on any day, percent, and by how much each guild is off at the end, percent.
fn disturbed(
    lab: &mut Lab,
    guilds: &[String],
    changes: Vec<Change>,
) -> Result<Vec<f64>, CheckError> {
    /// A guild below this mass (gDW) is absent.
    const ABSENT: f64 = 1e-6;
    let masses = |lab: &Lab| -> Result<Vec<f64>, CheckError> {
        guilds.iter().map(|g| mass(lab, &[g.as_str()])).collect()
    };
    let before = masses(lab)?;
    let crp = lab.observable_index("immune.crp")?;
    let usual = lab.read("immune.crp")?;
    let solution = lab.run(30.0, &every_day(30.0), changes)?;
    let rows = 0..solution.trajectory.len();
    let highest = rows
        .map(|row| solution.trajectory.observables(row)[crp])
        .fold(usual, f64::max);
    let mut found = vec![100.0 * (highest / usual - 1.0)];
    for (now, then) in masses(lab)?.iter().zip(&before) {
        let off = 100.0 * (now / then - 1.0);
        found.push(if *then > ABSENT { off } else { 0.0 });
    }
    Ok(found)
}

/// Of the mean deviations of guilds, the largest.
fn worst(values: &Values, guilds: usize) -> f64 {
    let means = (1..=guilds).map(|i| mean(values, i));
    means.fold(0.0, |a: f64, b| if b.abs() > a.abs() { b } else { a })
}

fn balance() -> Result<RowValues, CheckError> {
    let guilds: Vec<String> = Catalogue::shipped()?
        .guilds
        .iter()
        .filter(|g| g.resident)
        .map(|g| g.name.clone())
        .collect();
    let mut sample = Sample::draw(plain(SkinKind::Healthy)?, 51, PEOPLE, anyone)?;
    let pulse = sample.each(&[], |lab, _| {
        let mut changes = Vec::new();
        for segment in SEGMENTS {
            let state = lab.state_index(&format!("colon.ENT.{segment}"))?;
            changes.push(Change {
                time: 0.0,
                target: Target::State(u32::try_from(state).unwrap_or(u32::MAX)),
                action: Action::Multiply(5.0),
            });
        }
        disturbed(lab, &guilds, changes)
    })?;
    let fast = sample.each(&[], |lab, _| {
        let mut changes = eat_from(lab, "no_food", 0.0)?;
        changes.extend(eat_as_now(lab, "no_food", 1.0)?);
        disturbed(lab, &guilds, changes)
    })?;
    Ok(vec![
        ("claim-ecosystem-balance-a", worst(&pulse, guilds.len())),
        ("claim-ecosystem-balance-b", worst(&fast, guilds.len())),
        ("claim-ecosystem-balance-c", mean(&pulse, 0)),
        ("claim-ecosystem-balance-d", mean(&fast, 0)),
    ])
}

fn colon_alone() -> Result<gutskin_network::Network, CheckError> {
    Ok(colon::network(
        table()?,
        &Catalogue::shipped()?,
        &ColonOptions::default(),
    )?)
}

fn carries_rum(lab: &mut Lab) -> Result<bool, CheckError> {
    Ok(lab.parameter("colon.immigration.RUM")? > 0.0)
}

/// Butyrate made, mmol/d: absorbed, and lost with stool.
fn butyrate(lab: &mut Lab) -> Result<f64, CheckError> {
    let lost =
        lab.read("colon.washout_rate.dist")? * lab.state[lab.state_index("colon.butyrate.dist")?];
    Ok(lab.read("colon.butyrate_absorbed")? + lost)
}

fn strategy() -> Result<RowValues, CheckError> {
    let mut sample = Sample::draw(colon_alone()?, 71, PEOPLE, carries_rum)?;
    let starch = |sample: &mut Sample, without: bool| {
        sample.each(&[], |lab, _| {
            if without {
                remove(lab, "RUM")?;
                lab.rest()?;
            }
            let before = butyrate(lab)?;
            let usual = lab.input("input.diet.starch")?;
            lab.set_input("input.diet.starch", usual + 30.0)?;
            lab.run(14.0, &[], Vec::new())?;
            Ok(vec![butyrate(lab)? - before])
        })
    };
    let carriers = mean(&starch(&mut sample, false)?, 0);
    let others = mean(&starch(&mut sample, true)?, 0);
    // Where those who do not carry it do not rise at all, the ratio has no end.
    let ratio = if others > 0.0 { carriers / others } else { 1e6 };
    let inulin = sample.each(&[], |lab, _| {
        let before = mass(lab, &["BIF"])?;
        let usual = lab.input("input.diet.fructan")?;
        let arrives = setting("diet.fructan_survival")? * 8.0;
        lab.set_input("input.diet.fructan", usual + arrives)?;
        lab.run(14.0, &[], Vec::new())?;
        Ok(vec![before, (mass(lab, &["BIF"])? / before).log10()])
    })?;
    let mut by_baseline: Vec<&Vec<f64>> = inulin.iter().flatten().collect();
    by_baseline.sort_by(|a, b| a[0].total_cmp(&b[0]));
    let (low, high) = by_baseline.split_at(by_baseline.len() / 2);
    let gain = |half: &[&Vec<f64>]| half.iter().map(|v| v[1]).sum::<f64>() / half.len() as f64;
    // Carriers whose R. bromii is taken away are those who never had it.
    let left = mean(&starch(&mut sample, true)?, 0) - others;
    Ok(vec![
        ("claim-fibre-strategy-a", ratio),
        ("claim-fibre-strategy-b", gain(low) - gain(high)),
        ("claim-fibre-strategy-cut", removed(carriers - others, left)),
    ])
}

const FIVE: [&str; 5] = ["starch", "fructan", "pectin", "arabinoxylan", "beta_glucan"];
const ALL: [&str; 8] = [
    "starch",
    "fructan",
    "gos",
    "pectin",
    "arabinoxylan",
    "beta_glucan",
    "other_soluble",
    "cellulosic",
];

fn plants() -> Result<RowValues, CheckError> {
    let mut sample = Sample::draw(colon_alone()?, 72, PEOPLE, anyone)?;
    let mut fed = |grams: &(dyn Fn(&str) -> f64 + Sync)| {
        sample.each(&[], |lab, _| {
            for pool in ALL {
                lab.set_input(&format!("input.diet.{pool}"), grams(pool))?;
            }
            lab.run(56.0, &[], Vec::new())?;
            let made = lab.read("colon.scfa_absorbed")? + lab.read("colon.scfa_faecal_loss")?;
            Ok(vec![lab.read("colon.guild_entropy")?, made])
        })
    };
    let mixed = fed(&|pool| if FIVE.contains(&pool) { 6.0 } else { 0.0 })?;
    let mut single = [0.0; 2];
    for only in FIVE {
        let values = fed(&|pool| if pool == only { 30.0 } else { 0.0 })?;
        for (k, sum) in single.iter_mut().enumerate() {
            *sum += mean(&values, k) / FIVE.len() as f64;
        }
    }
    Ok(vec![
        ("claim-plant-diversity-a", mean(&mixed, 0) - single[0]),
        (
            "claim-plant-diversity-b",
            100.0 * (mean(&mixed, 1) / single[1] - 1.0),
        ),
    ])
}

/// Three UVB sessions in a week: 25(OH)D and the share of Lachnospiraceae, before and after.
pub(super) fn sun(sample: &mut Sample, cut: &[&str]) -> Result<Values, CheckError> {
    let lachnospiraceae = ["colon.share.ROS", "colon.share.ANA", "colon.share.BLA"];
    sample.each(cut, |lab, _| {
        let mut found = Vec::new();
        let mut look = |lab: &mut Lab| -> Result<(), CheckError> {
            found.push(lab.read("metabolic.vitamin_d")?);
            let mut share = 0.0;
            for name in lachnospiraceae {
                share += lab.read(name)?;
            }
            found.push(share);
            Ok(())
        };
        look(lab)?;
        lab.set_input("input.uvb", 3.0 / 7.0)?;
        lab.run(7.0, &[], Vec::new())?;
        look(lab)?;
        Ok(found)
    })
}

/// Change of the mean share of Lachnospiraceae in [`sun`], percent.
pub(super) fn sun_percent(values: &Values) -> f64 {
    percent(values, 1, 3)
}

#[cfg(test)]
mod tests {
    use super::super::bench::switch;
    use super::*;

    #[test]
    fn a_link_is_cut_by_its_short_name() {
        let mut lab = Lab::new(colon_alone().unwrap()).unwrap();
        switch(&mut lab, "stool_to_transit", false).unwrap();
        assert!(lab.switches.contains(&0.0));
        assert!(switch(&mut lab, "stool_to_nothing", false).is_err());
    }
}
