//! Death of microbes: with their density, and by drugs.

use super::context::{Cast, Context, Segment};
use super::growth::{Influences, member_share};
use gutskin_network::Expr;

/// Adds lysis of every guild and strain; what dies becomes debris.
pub(super) fn add<'m>(
    c: &Context<'m, '_>,
    cast: &Cast,
    segments: &[Segment<'m>],
    influences: &Influences<'_, 'm>,
) {
    let constant = c.m.parameter("colon.lysis", "L/g/d");
    for (index, segment) in segments.iter().enumerate() {
        for group in &cast.groups {
            let lumen = segment.biomass[&group.name];
            let mut kill: Option<Expr<'m>> = None;
            for (guild, share) in &group.members {
                let Some(kills) = influences.pressure.kill.get(&guild.name) else {
                    continue;
                };
                let share = member_share(c, group, guild, *share);
                let here = share.map_or(kills[index], |s| s * kills[index]);
                kill = Some(kill.map_or(here, |k| k + here));
            }
            let density = constant * lumen / segment.water;
            let rate = kill.map_or(density, |k| density + k);
            die(c, segment, &group.name, lumen, rate);
            if let (Some(mucus), Some(kill)) = (segment.mucosal.get(&group.name), kill) {
                let reaches = c.m.parameter("drugs.mucosal_reach", "1");
                die(
                    c,
                    segment,
                    &format!("{}_mucosal", group.name),
                    *mucus,
                    reaches * kill,
                );
            }
        }
        for added in influences.added {
            let biomass = added.biomass[index];
            let density = constant * biomass / segment.water;
            let kills = influences.pressure.kill.get(&added.row.guild);
            let rate = kills.map_or(density, |k| density + k[index]);
            die(c, segment, &added.row.id, biomass, rate);
        }
    }
}

fn die<'m>(
    c: &Context<'m, '_>,
    segment: &Segment<'m>,
    name: &str,
    biomass: Expr<'m>,
    rate: Expr<'m>,
) {
    let Some(debris) = c
        .catalogue
        .substrates
        .iter()
        .find(|s| s.class == "debris")
        .and_then(|s| segment.substrates.get(&s.name))
    else {
        return;
    };
    c.m.process(
        &format!("colon.lysis.{name}.{}", segment.name),
        "g/d",
        rate * biomass,
    )
    .uses(biomass, 1.0)
    .makes(*debris, 1.0)
    .balanced("C")
    .balanced("e")
    .doc("death; what is left is debris")
    .add();
}
