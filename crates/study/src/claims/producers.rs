//! Butyrate and those who make it: barrier, regulatory cells, skin.

use super::bench::{
    PEOPLE, Sample, acne, before_and_after, eczema, mean, percent, plain, removed, switch,
};
use crate::build_model;
use crate::checks::gut::SEGMENTS;
use crate::checks::table;
use crate::checks::{CheckError, Experiment, Lab, RowValues};
use gutskin_biology::axis::SkinKind;
use gutskin_network::Spread;

/// Guilds that make butyrate.
pub(super) const PRODUCERS: [&str; 3] = ["FAE", "ROS", "ANA"];

pub(super) static EXPERIMENTS: &[Experiment] = &[
    Experiment {
        name: "butyrate at the surface and the leak",
        rows: &[
            "claim-butyrate-barrier-a",
            "claim-butyrate-barrier-b",
            "claim-butyrate-barrier-c",
            "claim-butyrate-barrier-d",
            "claim-butyrate-barrier-e",
            "claim-butyrate-barrier-cut",
        ],
        run: barrier,
    },
    Experiment {
        name: "twice the butyrate and propionate",
        rows: &[
            "claim-scfa-to-skin-a",
            "claim-scfa-to-skin-b",
            "claim-scfa-to-skin-cut",
        ],
        run: doubled,
    },
    Experiment {
        name: "producers lost",
        rows: &[
            "claim-loss-of-producers-a",
            "claim-loss-of-producers-b",
            "claim-loss-of-producers-c",
            "claim-loss-of-producers-cut",
        ],
        run: lost,
    },
    Experiment {
        name: "producers and bifidobacteria a standard deviation down in acne",
        rows: &[
            "claim-acne-diversity-a",
            "claim-acne-diversity-b",
            "claim-acne-diversity-cut",
        ],
        run: poorer,
    },
];

/// The barrier with butyrate held and the loop through its inflammation open.
fn barrier() -> Result<RowValues, CheckError> {
    let mut lab = Lab::new(build_model("body", table()?)?)?;
    switch(&mut lab, "inflammation_to_leak", false)?;
    let mut leak = |butyrate: f64, linked: bool| -> Result<f64, CheckError> {
        lab.reset();
        switch(&mut lab, "butyrate_to_leak", linked)?;
        lab.set_input("clamped.surface_butyrate", butyrate)?;
        lab.rest()?;
        lab.read("barrier.leak")
    };
    let usual = leak(1.0, true)?;
    let [none, one, two, four] = [
        leak(0.0, true)? / usual,
        leak(1.0, true)? / usual,
        leak(2.0, true)? / usual,
        leak(4.0, true)? / usual,
    ];
    let cut = leak(0.0, false)? / leak(1.0, false)?;
    Ok(vec![
        ("claim-butyrate-barrier-a", none),
        ("claim-butyrate-barrier-b", one),
        ("claim-butyrate-barrier-c", two),
        ("claim-butyrate-barrier-d", four),
        ("claim-butyrate-barrier-e", (two - four) - (one - two)),
        ("claim-butyrate-barrier-cut", removed(none - 1.0, cut - 1.0)),
    ])
}

/// Infuses into every segment what it absorbs of butyrate and propionate.
fn doubled() -> Result<RowValues, CheckError> {
    let mut sample = Sample::draw(plain(SkinKind::Eczema)?, 81, PEOPLE, eczema)?;
    let seen = ["immune.treg", "score.easi"];
    let mut course = |cut: &[&str]| {
        sample.each(cut, |lab, _| {
            before_and_after(lab, &seen, 168.0, |lab| {
                for acid in ["butyrate", "propionate"] {
                    for segment in SEGMENTS {
                        let usual = lab.read(&format!("colon.{acid}_absorbed.{segment}"))?;
                        lab.set_input(&format!("input.infused.{acid}.{segment}"), usual)?;
                    }
                }
                Ok(())
            })
        })
    };
    let full = course(&[])?;
    let cut = course(&["butyrate_to_treg", "plasma_to_scfa_signal"])?;
    Ok(vec![
        ("claim-scfa-to-skin-a", percent(&full, 0, 2)),
        ("claim-scfa-to-skin-b", percent(&full, 1, 3)),
        (
            "claim-scfa-to-skin-cut",
            removed(percent(&full, 1, 3), percent(&cut, 1, 3)),
        ),
    ])
}

/// Capacity and mass of a guild times a factor.
fn scale(lab: &mut Lab, guild: &str, factor: f64) -> Result<(), CheckError> {
    let name = format!("colon.capacity.{guild}");
    let capacity = lab.parameter(&name)?;
    lab.set_parameter(&name, factor * capacity)?;
    for segment in SEGMENTS {
        for what in [guild.to_owned(), format!("{guild}_mucosal")] {
            if let Ok(i) = lab.state_index(&format!("colon.{what}.{segment}")) {
                lab.state[i] *= factor;
            }
        }
    }
    Ok(())
}

fn lost() -> Result<RowValues, CheckError> {
    let mut sample = Sample::draw(plain(SkinKind::Eczema)?, 82, PEOPLE, eczema)?;
    let seen = ["colon.surface_butyrate", "barrier.leak", "score.easi"];
    let mut course = |cut: &[&str]| {
        sample.each(cut, |lab, _| {
            before_and_after(lab, &seen, 84.0, |lab| {
                PRODUCERS
                    .iter()
                    .try_for_each(|guild| scale(lab, guild, 0.1))
            })
        })
    };
    let full = course(&[])?;
    let cut = course(&["butyrate_to_surface", "plasma_to_scfa_signal"])?;
    Ok(vec![
        (
            "claim-loss-of-producers-a",
            100.0 * mean(&full, 3) / mean(&full, 0),
        ),
        ("claim-loss-of-producers-b", percent(&full, 1, 4)),
        ("claim-loss-of-producers-c", percent(&full, 2, 5)),
        (
            "claim-loss-of-producers-cut",
            removed(percent(&full, 2, 5), percent(&cut, 2, 5)),
        ),
    ])
}

/// Between-person spread of a guild's niche, logarithmic.
fn niche_spread(lab: &Lab, guild: &str) -> Result<f64, CheckError> {
    let i = lab.parameter_index(&format!("colon.capacity.{guild}"))?;
    match lab.network.parameters[i].spread {
        Spread::LogNormal { sd_ln } => Ok(sd_ln),
        _ => Err(CheckError::Unknown {
            what: "lognormal spread of the niche of",
            name: guild.to_owned(),
        }),
    }
}

fn poorer() -> Result<RowValues, CheckError> {
    let mut sample = Sample::draw(plain(SkinKind::Acne)?, 83, PEOPLE, acne)?;
    let seen = ["acne.inflammatory", "acne.sebum"];
    let mut course = |cut: &[&str]| {
        sample.each(cut, |lab, _| {
            before_and_after(lab, &seen, 168.0, |lab| {
                for guild in PRODUCERS.iter().chain(&["BIF"]) {
                    let factor = (-niche_spread(lab, guild)?).exp();
                    scale(lab, guild, factor)?;
                }
                Ok(())
            })
        })
    };
    let full = course(&[])?;
    let cut = course(&["tone_to_acne"])?;
    Ok(vec![
        ("claim-acne-diversity-a", percent(&full, 0, 2)),
        ("claim-acne-diversity-b", percent(&full, 1, 3)),
        (
            "claim-acne-diversity-cut",
            removed(percent(&full, 0, 2), percent(&cut, 0, 2)),
        ),
    ])
}
