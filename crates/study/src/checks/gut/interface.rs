//! C1 to C10 can be read, B1 to B6 act, and what is only reported is there: both layouts, the colon alone.
#![allow(clippy::unwrap_used)]

use super::super::Lab;
use super::colon;
use gutskin_biology::colon::{ColonOptions, Layout};

const HANDED_OVER: &[&str] = &[
    // C1 to C3
    "colon.surface_butyrate",
    "colon.lps_activity",
    "colon.mucus_foraging",
    // C4, in all and by segment
    "colon.scfa_absorbed",
    "colon.acetate_absorbed",
    "colon.propionate_absorbed",
    "colon.butyrate_absorbed",
    "colon.acetate_absorbed.dist",
    "colon.propionate_absorbed.dist",
    "colon.butyrate_absorbed.dist",
    // C5 and C6
    "plasma.acetate",
    "plasma.propionate",
    "plasma.butyrate",
    "immune.scfa_signal",
    // C7 and C8
    "colon.aromatic",
    "colon.h2s",
    "colon.ammonia_absorbed",
    "bile.secondary_fraction",
    // C9
    "strains.lgg_occupancy",
    // C10
    "colon.guild_entropy",
    "colon.species_shannon",
    "colon.species_richness_shotgun",
    "colon.species_richness_16s",
    "colon.strains",
    // Reported
    "colon.d_lactate_absorbed",
    "colon.d_lactate_level.dist",
    "colon.hydrogen_out",
    "colon.methane_out",
    "colon.stool_wet",
    "colon.stool_dry",
    "colon.stool_water",
    "colon.transit_relative",
    "colon.transit_time",
];

/// What of the body moves what of the colon, and which way.
const TAKEN_IN: &[(&str, f64, &str, f64)] = &[
    ("clamped.inflammation", 2.0, "colon.share.ENT", 1.0), // B1
    ("link.butyrate_to_oxygen", 0.0, "colon.share.ENT", 1.0), // B2
    ("clamped.mucin_factor", 1.3, "colon.share.AKK", 1.0), // B3
    ("clamped.stress", 1.0, "colon.transit_time", -1.0),   // B4
    ("input.transit_factor", 1.5, "colon.transit_time", 1.0), // B4
    ("input.diet.cellulosic", 20.0, "colon.transit_time", -1.0), // B4
    ("input.diet.fat", 160.0, "bile.primary_level", 1.0),  // B5
    ("clamped.vitamin_d", 2.0, "colon.share.FAE", 1.0),    // B6
];

fn lab(layout: Layout) -> Lab {
    let mut lab = colon(&ColonOptions {
        layout,
        strains: vec!["lgg".to_owned()],
        ..ColonOptions::default()
    })
    .unwrap();
    lab.rest().unwrap();
    lab
}

#[test]
fn what_is_handed_over_can_be_read() {
    for layout in [Layout::Full, Layout::Lean] {
        let mut lab = lab(layout);
        for name in HANDED_OVER {
            let value = lab.read(name).unwrap();
            assert!(
                value.is_finite() && value >= 0.0,
                "{layout:?} {name}: {value}"
            );
        }
    }
}

#[test]
fn what_is_taken_in_acts() {
    for layout in [Layout::Full, Layout::Lean] {
        let mut lab = lab(layout);
        let rest = lab.state.clone();
        for (signal, moved, read, way) in TAKEN_IN {
            lab.state.clone_from(&rest);
            let before = lab.read(read).unwrap();
            let is_switch = signal.starts_with("link.");
            let usual = if is_switch {
                1.0
            } else {
                lab.input(signal).unwrap()
            };
            let set = |lab: &mut Lab, value: f64| {
                if is_switch {
                    lab.set_switch(signal, value > 0.5).unwrap();
                } else {
                    lab.set_input(signal, value).unwrap();
                }
            };
            set(&mut lab, *moved);
            lab.rest().unwrap();
            let after = lab.read(read).unwrap();
            assert!(
                way * (after / before - 1.0) > 1e-3,
                "{layout:?} {signal} at {moved}: {read} from {before} to {after}"
            );
            set(&mut lab, usual);
        }
    }
}

/// Twice the inflammation of the reference person doubles Enterobacteriaceae (B1; one to three times is its range).
#[test]
fn inflammation_doubles_enterobacteria() {
    for layout in [Layout::Full, Layout::Lean] {
        let mut lab = lab(layout);
        let before = lab.read("colon.share.ENT").unwrap();
        lab.set_input("clamped.inflammation", 2.0).unwrap();
        lab.rest().unwrap();
        let fold = lab.read("colon.share.ENT").unwrap() / before;
        assert!((1.5..2.5).contains(&fold), "{layout:?}: {fold}");
    }
}
