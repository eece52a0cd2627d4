//! C. difficile: spores that are swallowed with food and germinate on primary bile acids where they pass, and toxin.
//! Vegetative cells are a guild like others.

use super::context::{Account, Context, Segment};
use crate::bile::Bile;
use gutskin_network::Expr;

/// Name of the guild of vegetative cells.
pub(super) const GUILD: &str = "CDI";
/// Name of the input of spores.
pub(super) const SPORES: &str = "input.spores";

/// Adds spores in every segment and toxin in the last, where the guild is present.
pub(super) fn add<'m>(
    c: &Context<'m, '_>,
    segments: &[Segment<'m>],
    bile: &Bile<'m>,
    account: &mut Account<'m>,
) {
    let Some(last) = segments.last().filter(|s| s.biomass.contains_key(GUILD)) else {
        return;
    };
    let m = c.m;
    let swallowed = m.input(SPORES, "CFU/d", 0.0, "spores of C. difficile swallowed")
        * m.parameter("strains.cell_mass", "g/CFU");
    account.enters(swallowed, c.biomass_content());
    let mut arriving = swallowed;
    for (segment, level) in segments.iter().zip(&bile.primary_levels) {
        arriving = spores(c, segment, *level, arriving);
    }
    account.leaves(arriving, c.biomass_content());
    toxin(c, last);
}

/// Spores of a segment; returns those that move on, gDW/d.
fn spores<'m>(
    c: &Context<'m, '_>,
    segment: &Segment<'m>,
    primary_bile: Expr<'m>,
    arriving: Expr<'m>,
) -> Expr<'m> {
    let m = c.m;
    let vegetative = segment.biomass[GUILD];
    let content = c.catalogue.biomass;
    let spores = m
        .state(&format!("colon.spores.{}", segment.name), "gDW")
        .typical(1e-6)
        .initial(0.0)
        .holds("C", content.carbon)
        .holds("e", content.electrons)
        .doc("spores of C. difficile")
        .add();
    let leaving = segment.washout * spores;
    m.rate(spores, arriving - leaving);
    let half = m.parameter("colon.germination_half", "mM");
    let germination =
        m.parameter("colon.germination", "1/d") * primary_bile / (primary_bile + half);
    for (name, doc, rate, from, to) in [
        (
            "germination",
            "germination on primary bile acids",
            germination * spores,
            spores,
            vegetative,
        ),
        (
            "sporulation",
            "sporulation",
            m.parameter("colon.sporulation", "1/d") * vegetative,
            vegetative,
            spores,
        ),
    ] {
        m.process(&format!("colon.{name}.{}", segment.name), "g/d", rate)
            .uses(from, 1.0)
            .makes(to, 1.0)
            .balanced("C")
            .balanced("e")
            .doc(doc)
            .add();
    }
    leaving
}

/// Vegetative cells in stool, and their toxin.
fn toxin<'m>(c: &Context<'m, '_>, segment: &Segment<'m>) {
    let m = c.m;
    let toxin = m
        .state(&format!("colon.toxin.{}", segment.name), "1")
        .typical(1.0)
        .initial(0.0)
        .doc("toxin of C. difficile, 1 at 1e7 CFU/g")
        .add();
    let density = m.parameter("colon.water_density", "g/L");
    let cells = segment.biomass[GUILD] / m.parameter("strains.cell_mass", "g/CFU");
    let load = cells / (density * segment.water);
    m.observe(
        "colon.difficile_load",
        "CFU/g",
        load,
        "vegetative C. difficile per gram of stool",
    );
    let relative = load / m.parameter("colon.toxin_load", "CFU/g");
    m.rate(
        toxin,
        (relative - toxin) / m.parameter("colon.toxin_time", "d"),
    );
    m.observe("colon.toxin", "1", toxin, "toxin of C. difficile");
}
