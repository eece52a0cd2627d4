//! States of the segments, flow between them, what enters, water and pH.

use super::context::{Cast, Context, Segment};
use super::layout::Layout;
use crate::catalogue::Absorption;
use crate::stages;
use gutskin_network::Expr;
use std::collections::BTreeMap;

/// Prefix of the rows of the frozen reference state.
pub(super) const REFERENCE: &str = "reference.";

/// Creates all states with transport between segments.
pub(super) fn segments<'m>(
    c: &Context<'m, '_>,
    cast: &Cast,
    layout: Layout,
    transit: Expr<'m>,
) -> Vec<Segment<'m>> {
    let mut found: Vec<Segment<'m>> = Vec::new();
    for name in layout.segments() {
        let segment = states(c, cast, name, transit);
        water(c, cast, &segment, found.last());
        acidity(c, cast, &segment);
        transport(c, &segment, found.last());
        mucosal_exchange(c, &segment, cast);
        found.push(segment);
    }
    found
}

/// Value of the frozen reference state, or a start from which the steady state is found.
pub(crate) fn reference(c: &Context<'_, '_>, name: &str, otherwise: f64) -> f64 {
    c.table
        .get(&c.layout.reference(&format!("{REFERENCE}{name}")))
        .map_or(otherwise, |entry| entry.value)
}

fn states<'m>(
    c: &Context<'m, '_>,
    cast: &Cast,
    segment: &'static str,
    transit: Expr<'m>,
) -> Segment<'m> {
    let biomass_content = c.catalogue.biomass;
    // A newborn starts with traces of everything.
    let begun = c.table.get(stages::INOCULUM).map_or(1.0, |p| p.value);
    let state = |what: &str, unit: &str, typical: f64, start: f64, holds: (f64, f64), doc: &str| {
        let name = format!("colon.{what}.{segment}");
        let start = begun * reference(c, &name, start);
        c.m.state(&name, unit)
            .typical(typical)
            .initial(start)
            .holds("C", holds.0)
            .holds("e", holds.1)
            .doc(doc)
            .add()
    };
    let mut biomass = BTreeMap::new();
    let mut mucosal = BTreeMap::new();
    for group in &cast.groups {
        let typical = group.weighted(|g| g.typical);
        let resident = group.members.iter().any(|(g, _)| g.resident);
        let start = if resident { typical } else { 0.0 };
        let label = &group.members[0].0.label;
        let holds = (biomass_content.carbon, biomass_content.electrons);
        let lumen = state(
            &group.name,
            "gDW",
            typical,
            start,
            holds,
            &format!("{label} in the lumen"),
        );
        biomass.insert(group.name.clone(), lumen);
        if group.weighted(|g| g.mucosal_affinity) > 0.0 {
            let what = format!("{}_mucosal", group.name);
            let doc = format!("{label} in mucus");
            let mucus = state(&what, "gDW", 0.1 * typical, 0.1 * start, holds, &doc);
            mucosal.insert(group.name.clone(), mucus);
        }
    }
    let substrates = cast
        .substrates
        .iter()
        .map(|s| {
            let start = if s.resident { 1.0 } else { 0.0 };
            let state = state(&s.name, "g", 1.0, start, (s.carbon, s.electrons), &s.label);
            (s.name.clone(), state)
        })
        .collect();
    let metabolites = cast
        .metabolites
        .iter()
        .map(|x| {
            let state = state(
                &x.name,
                &x.unit,
                x.typical,
                x.typical,
                (x.carbon, x.electrons),
                &x.label,
            );
            (x.name.clone(), state)
        })
        .collect();
    let plain = |what: &str, unit: &str, typical: f64, start: f64, doc: &str| {
        let name = format!("colon.{what}.{segment}");
        let start = reference(c, &name, start);
        c.m.state(&name, unit)
            .typical(typical)
            .initial(start)
            .doc(doc)
            .add()
    };
    let water = plain("water", "L", 0.1, 0.1, "water");
    let ph = plain("ph", "pH", 1.0, 6.2, "pH");
    let inert = plain("inert", "g", 3.0, 3.0, "solids that nobody ferments");
    let time = c.m.parameter(&format!("colon.transit_time.{segment}"), "d");
    let of_age = c.size().transit();
    let washout = c.m.variable(
        &format!("colon.washout.{segment}"),
        "1/d",
        1.0 / (time * of_age * transit),
        "share of the contents that moves on per day",
    );
    c.m.observe(
        &format!("colon.washout_rate.{segment}"),
        "1/d",
        washout,
        "share of the contents that moves on per day",
    );
    let ahead = format!("colon.microbes_handed_on.{segment}");
    let microbes_out = if c.table.get(&ahead).is_some() {
        c.m.parameter(&ahead, "1") * washout
    } else {
        washout
    };
    Segment {
        name: segment,
        water,
        washout,
        microbes_out,
        ph,
        biomass,
        mucosal,
        substrates,
        metabolites,
        inert,
        added: Vec::new(),
    }
}

/// Water moves on and is absorbed, except what solids hold.
fn water<'m>(
    c: &Context<'m, '_>,
    cast: &Cast,
    segment: &Segment<'m>,
    before: Option<&Segment<'m>>,
) {
    let arriving = match before {
        Some(before) => before.washout * before.water,
        None => c.m.parameter("colon.water_inflow", "L/d") * c.size().water(),
    };
    c.m.variable(
        &format!("colon.water_held.{}", segment.name),
        "L",
        held_water(c, cast, segment),
        "water that solids hold",
    );
    let absorbed = water_absorbed(c, segment);
    c.m.rate(
        segment.water,
        arriving - segment.washout * segment.water - absorbed,
    );
    c.m.observe(
        &format!("colon.water_absorbed.{}", segment.name),
        "L/d",
        absorbed,
        "water absorbed",
    );
}

/// Water that is absorbed, L/d: what solids do not hold.
pub(super) fn water_absorbed<'m>(c: &Context<'m, '_>, segment: &Segment<'m>) -> Expr<'m> {
    let held = c.m.find(&format!("colon.water_held.{}", segment.name));
    let absorption =
        c.m.parameter(&format!("colon.water_absorption.{}", segment.name), "1/d");
    let epsilon = c.m.parameter("colon.water_epsilon", "L");
    absorption * (segment.water - held).smooth_plus(epsilon)
}

fn held_water<'m>(c: &Context<'m, '_>, cast: &Cast, segment: &Segment<'m>) -> Expr<'m> {
    let m = c.m;
    let by_microbes = m.parameter("colon.biomass_water_held", "L/g");
    let mut held = m.parameter("colon.inert_water_held", "L/g") * segment.inert;
    for biomass in segment.biomass.values() {
        held = held + by_microbes * *biomass;
    }
    for pool in &cast.substrates {
        let per_gram = c.quantity(
            &format!("colon.water_held_by.{}", pool.name),
            &pool.water_held,
            "L/g",
            pool.water_held_cv,
            &pool.provenance,
            "water held by the pool",
        );
        held = held + per_gram * segment.substrates[&pool.name];
    }
    held
}

/// pH follows the acids.
fn acidity<'m>(c: &Context<'m, '_>, cast: &Cast, segment: &Segment<'m>) {
    let m = c.m;
    let mut acids = c.zero();
    for metabolite in cast.metabolites.iter().filter(|x| x.acid_weight > 0.0) {
        let weight = c.fixed(
            &format!("colon.acid_weight.{}", metabolite.name),
            metabolite.acid_weight,
            "1",
            &metabolite.provenance,
            "weight in the linear pH law",
        );
        acids = acids + weight * segment.metabolites[&metabolite.name] / segment.water;
    }
    let linear = m.variable(
        &format!("colon.ph_linear.{}", segment.name),
        "pH",
        linear_ph(c, segment.name, acids),
        "pH before it is clipped",
    );
    // The logistic clip of slope 1, written with tanh so that far-off states stay finite.
    let (low, high) = (
        m.parameter("colon.ph_low", "pH"),
        m.parameter("colon.ph_high", "pH"),
    );
    let (middle, half) = ((low + high) / 2.0, (high - low) / 2.0);
    let target = middle + (linear - middle).bounded(half);
    m.rate(
        segment.ph,
        (target - segment.ph) / m.parameter("colon.ph_time", "d"),
    );
    m.observe(
        &format!("colon.ph_linear.{}", segment.name),
        "pH",
        linear,
        "pH before it is clipped",
    );
    m.observe(
        &format!("colon.ph.{}", segment.name),
        "pH",
        segment.ph,
        "pH",
    );
}

/// The linear pH law, and what a segment that stands for two stands above it.
fn linear_ph<'m>(c: &Context<'m, '_>, segment: &str, acids: Expr<'m>) -> Expr<'m> {
    let m = c.m;
    let law = m.parameter("colon.ph_zero", "pH") - m.parameter("colon.ph_slope", "L/mmol") * acids;
    let above = format!("colon.ph_above.{segment}");
    if c.table.get(&above).is_some() {
        law + m.parameter(&above, "pH")
    } else {
        law
    }
}

/// Everything in the lumen moves on with the flow.
fn transport<'m>(c: &Context<'m, '_>, segment: &Segment<'m>, before: Option<&Segment<'m>>) {
    let moved = |out: fn(&Segment<'m>) -> Expr<'m>, of: fn(&Segment<'m>) -> Vec<Expr<'m>>| {
        let here = of(segment);
        let there = before.map(of);
        for (i, amount) in here.iter().enumerate() {
            let mut rate = -(out(segment) * *amount);
            if let (Some(there), Some(before)) = (&there, before) {
                rate = rate + out(before) * there[i];
            }
            c.m.rate(*amount, rate);
        }
    };
    moved(
        |s| s.microbes_out,
        |s| s.biomass.values().copied().collect(),
    );
    moved(|s| s.washout, |s| s.substrates.values().copied().collect());
    moved(|s| s.washout, |s| vec![s.inert]);
    for (name, amount) in &segment.metabolites {
        let leaves = |s: &Segment<'m>| {
            let flow = s.washout * s.metabolites[name];
            handed_on(c, s.name, name).map_or(flow, |share| share * flow)
        };
        let left = -leaves(segment);
        let rate = before.map_or(left, |before| left + leaves(before));
        c.m.rate(*amount, rate);
    }
}

/// What a segment hands on of an acid over what its mean level would carry: where one segment stands for two, the lining
/// has taken up acids on the way, and less than the mean is left at the end.
fn handed_on<'m>(c: &Context<'m, '_>, segment: &str, metabolite: &str) -> Option<Expr<'m>> {
    let name = format!("colon.handed_on.{segment}");
    let row = c.catalogue.metabolite(metabolite)?;
    let permeates = matches!(row.absorption, Absorption::Scfa | Absorption::Passive);
    (permeates && c.table.get(&name).is_some()).then(|| c.m.parameter(&name, "1"))
}

/// Exchange with mucus, from which nothing is washed out.
fn mucosal_exchange<'m>(c: &Context<'m, '_>, segment: &Segment<'m>, cast: &Cast) {
    let m = c.m;
    let exchange = m.parameter("colon.mucosal_exchange", "1/d");
    let capacity = m.parameter("colon.mucosal_capacity", "g")
        * m.parameter(&format!("colon.area_share.{}", segment.name), "1");
    let mut total = c.zero();
    for mucus in segment.mucosal.values() {
        total = total + *mucus;
    }
    let room = 1.0 / (1.0 + total / capacity);
    for group in &cast.groups {
        let (Some(mucus), Some(lumen)) = (
            segment.mucosal.get(&group.name),
            segment.biomass.get(&group.name),
        ) else {
            continue;
        };
        let provenance = &group.members[0].0.provenance;
        let affinity = c.spread(
            &format!("colon.mucosal_affinity.{}", group.name),
            (
                group.weighted(|g| g.mucosal_affinity),
                group.weighted_cv(|g| g.mucosal_affinity, |g| g.mucosal_affinity_cv),
            ),
            "1",
            provenance,
            "affinity to mucus",
        );
        m.process(
            &format!("colon.attachment.{}.{}", group.name, segment.name),
            "gDW/d",
            exchange * (affinity * room * *lumen - *mucus),
        )
        .uses(*lumen, 1.0)
        .makes(*mucus, 1.0)
        .balanced("C")
        .balanced("e")
        .doc("attachment to mucus less shedding")
        .add();
    }
}
