//! Stool: what leaves, how much it weighs, and how its mass sets transit.

use super::context::{Account, Cast, Context, Segment};
use super::interface::Host;
use super::lumen::reference;
use crate::body::power;
use gutskin_network::Expr;

/// Stool mass over time and what it does to transit.
#[derive(Clone, Copy)]
pub(super) struct Transit<'m> {
    /// Wet stool that transit is used to, g/d.
    pub stool: Expr<'m>,
    /// Factor on transit times.
    pub factor: Expr<'m>,
}

/// What leaves.
pub(crate) struct Stool<'m> {
    /// Wet mass, g/d.
    pub wet: Expr<'m>,
    /// Dry mass, g/d.
    pub dry: Expr<'m>,
    /// Water, g/d.
    pub water: Expr<'m>,
    /// Microbes, gDW/d.
    pub microbes: Expr<'m>,
}

/// Transit as a function of a stool state whose rate is set by [`add`].
pub(super) fn transit<'m>(c: &Context<'m, '_>, host: &Host<'m>) -> Transit<'m> {
    let m = c.m;
    let normal = m.parameter("colon.stool_reference", "g/d");
    let name = "colon.stool_recent";
    let stool = m
        .state(name, "g/d")
        .typical(100.0)
        .initial(reference(c, name, 118.0))
        .doc("wet stool of the last day")
        .add();
    let exponent = m.parameter("colon.transit_exponent", "1") * host.on_transit;
    let usual = normal * c.size().water();
    // What was seen of a drug's transit holds what the stool that it moves does in turn: that part does not act twice.
    let of_drug = power(
        host.transit_drug,
        m.parameter("colon.stool_by_drug_transit", "1"),
    );
    let by_mass = power(stool * of_drug / usual, -exponent);
    let factor = m.variable(
        "colon.transit_factor",
        "1",
        by_mass * host.stress_transit * host.transit_drug * of_feed(c),
        "transit time relative to usual",
    );
    Transit { stool, factor }
}

/// What the feed does to transit beside its mass: infants on formula are faster than those on breast milk.
fn of_feed<'m>(c: &Context<'m, '_>) -> Expr<'m> {
    let usual = "feed.reference_transit";
    let doc = "transit on the feed over that on breast milk";
    c.m.input_from_table("input.feed.transit", "1", usual, doc) / c.m.parameter(usual, "1")
}

pub(super) fn add<'m>(
    c: &Context<'m, '_>,
    cast: &Cast,
    segments: &[Segment<'m>],
    transit: Transit<'m>,
    account: &mut Account<'m>,
) -> Option<Stool<'m>> {
    let m = c.m;
    let last = segments.last()?;
    let mut microbes = c.zero();
    for biomass in last.biomass.values().chain(&last.added) {
        microbes = microbes + last.washout * *biomass;
    }
    account.leaves(microbes, c.biomass_content());
    let mut dry = microbes + last.washout * last.inert;
    for pool in &cast.substrates {
        let flow = last.washout * last.substrates[&pool.name];
        dry = dry + flow;
        account.leaves(flow, c.content(&pool.name));
    }
    for metabolite in &cast.metabolites {
        let flow = last.washout * last.metabolites[&metabolite.name];
        if metabolite.unit == "g" {
            dry = dry + flow;
        }
        account.leaves(flow, c.content(&metabolite.name));
    }
    let density = m.parameter("colon.water_density", "g/L");
    let water = density * last.washout * last.water;
    let wet = m.variable("colon.stool_wet", "g/d", dry + water, "wet stool");
    let time = m.parameter("colon.transit_response_time", "d");
    m.rate(transit.stool, (wet - transit.stool) / time);
    Some(Stool {
        wet,
        dry,
        water,
        microbes,
    })
}
