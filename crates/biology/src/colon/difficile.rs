//! C. difficile: spores that germinate on primary bile acids, and toxin. Vegetative cells are a guild like others.

use super::context::{Account, Context, Segment};
use crate::bile::Bile;
use gutskin_network::Expr;

/// Name of the guild of vegetative cells.
pub(super) const GUILD: &str = "CDI";
/// Name of the input of spores.
pub(super) const SPORES: &str = "input.spores";

/// Adds spores and toxin in the last segment where the guild is present.
pub(super) fn add<'m>(
    c: &Context<'m, '_>,
    segments: &[Segment<'m>],
    bile: &Bile<'m>,
    account: &mut Account<'m>,
) -> Option<Expr<'m>> {
    let m = c.m;
    let segment = segments.last()?;
    let vegetative = *segment.biomass.get(GUILD)?;
    let content = c.catalogue.biomass;
    let spores = m
        .state(&format!("colon.spores.{}", segment.name), "gDW")
        .typical(1e-6)
        .initial(0.0)
        .holds("C", content.carbon)
        .holds("e", content.electrons)
        .doc("spores of C. difficile")
        .add();
    let toxin = m
        .state(&format!("colon.toxin.{}", segment.name), "1")
        .typical(1.0)
        .initial(0.0)
        .doc("toxin of C. difficile, 1 at 1e7 CFU/g")
        .add();
    let swallowed = m.input(SPORES, "CFU/d", 0.0, "spores of C. difficile swallowed")
        * m.parameter("strains.cell_mass", "g/CFU");
    m.rate(spores, swallowed - segment.washout * spores);
    account.enters(swallowed, c.biomass_content());
    account.leaves(segment.washout * spores, c.biomass_content());
    let half = m.parameter("colon.germination_half", "mM");
    let level = bile.primary_level;
    let germination = m.parameter("colon.germination", "1/d") * level / (level + half);
    m.process("colon.germination", "g/d", germination * spores)
        .uses(spores, 1.0)
        .makes(vegetative, 1.0)
        .balanced("C")
        .balanced("e")
        .doc("germination on primary bile acids")
        .add();
    m.process(
        "colon.sporulation",
        "g/d",
        m.parameter("colon.sporulation", "1/d") * vegetative,
    )
    .uses(vegetative, 1.0)
    .makes(spores, 1.0)
    .balanced("C")
    .balanced("e")
    .doc("sporulation")
    .add();
    let density = m.parameter("colon.water_density", "g/L");
    let load = vegetative / m.parameter("strains.cell_mass", "g/CFU") / (density * segment.water);
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
    Some(spores)
}
