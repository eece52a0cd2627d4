//! Stool that is given: one's own, kept from before, or that of a donor.
//!
//! Microbes arrive in the first segment in the proportions of stool: a donor's in those of the reference person, one's own in those
//! that one's own niches make of them. Strains that were lost come back with either.

use super::ColonOptions;
use super::context::{Account, Cast, Context, Segment};
use gutskin_network::Expr;

/// Name of the input of stool of either kind.
pub(crate) const OWN: &str = "input.transplant.own";
/// As [`OWN`], from a donor.
pub(crate) const DONOR: &str = "input.transplant.donor";

/// Adds what arrives; returns how fast strains come back, 1/d. Nothing where the scenario gives none.
pub(super) fn add<'m>(
    c: &Context<'m, '_>,
    cast: &Cast,
    segments: &[Segment<'m>],
    options: &ColonOptions,
    account: &mut Account<'m>,
) -> Option<Expr<'m>> {
    let (Some(first), Some(last), true) = (segments.first(), segments.last(), options.transplants)
    else {
        return None;
    };
    let m = c.m;
    let own = m.input(OWN, "g/d", 0.0, "stool of one's own, kept from before");
    let donor = m.input(DONOR, "g/d", 0.0, "stool of a donor");
    let live = m.parameter("transplant.microbes", "g/g")
        * m.parameter("people.stool_transplant_share", "1");
    let (mut total, mut parts) = (c.zero(), Vec::new());
    for group in &cast.groups {
        let name = format!("reference.colon.{}.{}", group.name, last.name);
        // Guilds that are not resident are in nobody's reference.
        if c.table.get(&c.layout.reference(&name)).is_some() {
            let share = c.reference(&name, "g");
            total = total + share;
            parts.push((group, share));
        }
    }
    for (group, of_reference) in parts {
        let share = of_reference / total;
        let arriving = live * share * (donor + own * niche(c, group));
        c.m.rate(first.biomass[&group.name], arriving);
        account.enters(arriving, c.biomass_content());
    }
    let usual = m.parameter("transplant.usual", "g/d");
    let taken = m.parameter("transplant.strains_rate", "1/d");
    Some(taken * (own + donor) / usual)
}

/// The person's niches over those of the reference person, the members of a lean guild together.
fn niche<'m>(c: &Context<'m, '_>, group: &super::Group) -> Expr<'m> {
    let mut sum = c.zero();
    for (guild, share) in &group.members {
        let name = format!("colon.capacity.{}", guild.name);
        let own = c.quantity(
            &name,
            &guild.capacity,
            "g/L",
            guild.capacity_cv,
            &guild.provenance,
            "niche capacity κ",
        );
        let usual = c.quantity(
            &format!("transplant.usual_capacity.{}", guild.name),
            &guild.capacity,
            "g/L",
            0.0,
            &guild.provenance,
            "niche capacity κ of the reference person",
        );
        sum = sum + *share * own / usual;
    }
    sum
}
