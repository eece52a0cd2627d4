//! States of the segments, flow between them, what enters, water and pH.

use super::context::{Account, Cast, Context, Segment};
use super::interface::Host;
use super::layout::Layout;
use crate::catalogue::{GuildRow, Provenance};
use gutskin_network::{Expr, ParameterTable};
use std::collections::BTreeMap;

/// Prefix of the rows of the frozen reference state.
const REFERENCE: &str = "reference.";

/// Creates all states with transport between segments.
pub(super) fn segments<'m>(
    c: &Context<'m, '_>,
    cast: &Cast,
    layout: Layout,
    transit: Expr<'m>,
) -> Vec<Segment<'m>> {
    let mut found: Vec<Segment<'m>> = Vec::new();
    let weight = body_size(c);
    for name in layout.segments() {
        let segment = states(c, cast, name, transit);
        water(c, cast, &segment, found.last(), weight);
        acidity(c, cast, &segment);
        transport(c, &segment, found.last());
        mucosal_exchange(c, &segment, cast);
        found.push(segment);
    }
    found
}

/// Body weight relative to the reference person.
pub(super) fn body_size<'m>(c: &Context<'m, '_>) -> Expr<'m> {
    c.m.parameter("person.weight", "kg") / c.m.parameter("person.weight_reference", "kg")
}

/// Value of the frozen reference state, or a start from which the steady state is found.
pub(crate) fn reference(table: &ParameterTable, name: &str, otherwise: f64) -> f64 {
    table
        .get(&format!("{REFERENCE}{name}"))
        .map_or(otherwise, |entry| entry.value)
}

fn states<'m>(
    c: &Context<'m, '_>,
    cast: &Cast,
    segment: &'static str,
    transit: Expr<'m>,
) -> Segment<'m> {
    let biomass_content = c.catalogue.biomass;
    let state = |what: &str, unit: &str, typical: f64, start: f64, holds: (f64, f64), doc: &str| {
        let name = format!("colon.{what}.{segment}");
        let start = reference(c.table, &name, start);
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
        let start = reference(c.table, &name, start);
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
    let washout = c.m.variable(
        &format!("colon.washout.{segment}"),
        "1/d",
        1.0 / (time * c.m.parameter("person.transit_age_factor", "1") * transit),
        "share of the contents that moves on per day",
    );
    Segment {
        name: segment,
        water,
        washout,
        ph,
        biomass,
        mucosal,
        substrates,
        metabolites,
        inert,
    }
}

/// Water moves on and is absorbed, except what solids hold.
fn water<'m>(
    c: &Context<'m, '_>,
    cast: &Cast,
    segment: &Segment<'m>,
    before: Option<&Segment<'m>>,
    body_size: Expr<'m>,
) {
    let arriving = match before {
        Some(before) => before.washout * before.water,
        None => c.m.parameter("colon.water_inflow", "L/d") * body_size,
    };
    let held = c.m.variable(
        &format!("colon.water_held.{}", segment.name),
        "L",
        held_water(c, cast, segment),
        "water that solids hold",
    );
    let absorption = c.m.parameter(&format!("colon.water_absorption.{}", segment.name), "1/d");
    let epsilon = c.m.parameter("colon.water_epsilon", "L");
    let absorbed = absorption * (segment.water - held).smooth_plus(epsilon);
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
            0.0,
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
        m.parameter("colon.ph_zero", "pH") - m.parameter("colon.ph_slope", "L/mmol") * acids,
        "pH before it is clipped",
    );
    let target = linear.soft_clip(
        m.parameter("colon.ph_low", "pH"),
        m.parameter("colon.ph_high", "pH"),
    );
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

/// Everything in the lumen moves on with the flow.
fn transport<'m>(c: &Context<'m, '_>, segment: &Segment<'m>, before: Option<&Segment<'m>>) {
    let moved = |of: fn(&Segment<'m>) -> Vec<Expr<'m>>| {
        let here = of(segment);
        let there = before.map(of);
        for (i, amount) in here.iter().enumerate() {
            let mut rate = -(segment.washout * *amount);
            if let (Some(there), Some(before)) = (&there, before) {
                rate = rate + before.washout * there[i];
            }
            c.m.rate(*amount, rate);
        }
    };
    moved(|s| s.biomass.values().copied().collect());
    moved(|s| s.substrates.values().copied().collect());
    moved(|s| s.metabolites.values().copied().collect());
    moved(|s| vec![s.inert]);
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
        let affinity = c.fixed(
            &format!("colon.mucosal_affinity.{}", group.name),
            group.weighted(|g| g.mucosal_affinity),
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

/// Diet, secretions, immigration.
pub(super) fn inflow<'m>(
    c: &Context<'m, '_>,
    cast: &Cast,
    segments: &[Segment<'m>],
    host: &Host<'m>,
    account: &mut Account<'m>,
) {
    let Some(first) = segments.first() else {
        return;
    };
    for pool in &cast.substrates {
        let content = (
            content(
                c,
                &pool.name,
                "carbon",
                pool.carbon,
                "mmol/g",
                &pool.provenance,
            ),
            content(
                c,
                &pool.name,
                "electrons",
                pool.electrons,
                "mmol/g",
                &pool.provenance,
            ),
        );
        if pool.host {
            for segment in segments {
                let flow = secretion(c, segment, host);
                c.m.rate(segment.substrates[&pool.name], flow);
                account.enters(flow, content);
            }
        } else if pool.class != "debris" {
            let flow = eaten(c, &pool.name, &pool.label);
            c.m.rate(first.substrates[&pool.name], flow);
            account.enters(flow, content);
        }
    }
    c.m.rate(first.inert, c.m.parameter("colon.inert_inflow", "g/d"));
    for metabolite in &cast.metabolites {
        let content = (
            content(
                c,
                &metabolite.name,
                "carbon",
                metabolite.carbon,
                "1",
                &metabolite.provenance,
            ),
            content(
                c,
                &metabolite.name,
                "electrons",
                metabolite.electrons,
                "1",
                &metabolite.provenance,
            ),
        );
        let unit = format!("{}/d", metabolite.unit);
        if metabolite.inflow.value > 0.0 {
            let flow = c.quantity(
                &format!("colon.inflow.{}", metabolite.name),
                &metabolite.inflow,
                &unit,
                0.0,
                &metabolite.provenance,
                "inflow with diet and secretions",
            );
            c.m.rate(first.metabolites[&metabolite.name], flow);
            account.enters(flow, content);
        }
        for segment in segments {
            if let Some(flow) = from_lining(c, &metabolite.name, segment, segments, host) {
                c.m.rate(segment.metabolites[&metabolite.name], flow);
                account.enters(flow, content);
            }
        }
    }
    for group in &cast.groups {
        let row: &GuildRow = &group.members[0].0;
        let flow = c.quantity(
            &format!("colon.immigration.{}", group.name),
            &row.immigration,
            "g/d",
            0.0,
            &row.provenance,
            "arrival with food and saliva",
        );
        c.m.rate(first.biomass[&group.name], flow);
        account.enters(flow, biomass_content(c));
    }
}

/// Carbon or electrons of a unit of something, as a parameter.
pub(super) fn content<'m>(
    c: &Context<'m, '_>,
    what: &str,
    of: &str,
    value: f64,
    unit: &str,
    provenance: &Provenance,
) -> Expr<'m> {
    let doc = format!("{of} of a unit of {what}");
    c.fixed(
        &format!("colon.{of}_of.{what}"),
        value,
        unit,
        provenance,
        &doc,
    )
}

/// Carbon and electrons of biomass.
pub(super) fn biomass_content<'m>(c: &Context<'m, '_>) -> (Expr<'m>, Expr<'m>) {
    let content = c.catalogue.biomass;
    (
        c.formula(
            "colon.carbon_of.biomass",
            content.carbon,
            "mmol/g",
            "carbon of dry microbes",
        ),
        c.formula(
            "colon.electrons_of.biomass",
            content.electrons,
            "mmol/g",
            "electrons of dry microbes",
        ),
    )
}

/// Amount of a pool that reaches the colon, set by scenarios.
fn eaten<'m>(c: &Context<'m, '_>, pool: &str, label: &str) -> Expr<'m> {
    let name = format!("input.diet.{pool}");
    let reference = format!("diet.reference_{pool}");
    let doc = format!("{label} that reaches the colon");
    if c.table.get(&reference).is_some() {
        c.m.input_from_table(&name, "g/d", &reference, &doc)
    } else {
        c.m.input(&name, "g/d", 0.0, &doc)
    }
}

/// Mucin secreted into a segment.
fn secretion<'m>(c: &Context<'m, '_>, segment: &Segment<'m>, host: &Host<'m>) -> Expr<'m> {
    let m = c.m;
    let share = m.parameter(&format!("colon.area_share.{}", segment.name), "1");
    m.parameter("colon.mucin_inflow", "g/d") * area_factor(c) * host.mucin_factor * share
}

/// Absorbing and secreting area relative to the reference person.
pub(super) fn area_factor<'m>(c: &Context<'m, '_>) -> Expr<'m> {
    body_size(c).pow(c.m.parameter("person.area_exponent", "1"))
}

/// What the lining releases: oxygen held back by butyrate (B2), nitrate of inflammation (B1), sulfate of mucin and bile.
fn from_lining<'m>(
    c: &Context<'m, '_>,
    metabolite: &str,
    segment: &Segment<'m>,
    segments: &[Segment<'m>],
    host: &Host<'m>,
) -> Option<Expr<'m>> {
    let m = c.m;
    let share = m.parameter(&format!("colon.area_share.{}", segment.name), "1");
    match metabolite {
        "oxygen" => {
            let last = segments.last()?;
            let butyrate = last.level("butyrate", c.zero());
            let half = m.parameter("colon.k_oxygen", "mmol/L");
            let stopped = m.parameter("colon.oxygen_butyrate", "1") * butyrate / (butyrate + half);
            Some(
                m.parameter("colon.oxygen_leak", "mmol/d")
                    * area_factor(c)
                    * share
                    * (1.0 - host.on_oxygen * stopped),
            )
        }
        "nitrate" => {
            let width = m.parameter("colon.nitrate_width", "1");
            let above = width * ((host.inflammation - 1.0) / width).softplus();
            Some(
                m.parameter("colon.nitrate_supply", "mmol/d")
                    * area_factor(c)
                    * share
                    * host.on_nitrate
                    * above,
            )
        }
        "sulfate" => {
            let of_mucin =
                m.parameter("colon.mucin_sulfate", "mmol/g") * secretion(c, segment, host);
            Some(if segment.name == segments.first()?.name {
                of_mucin + m.parameter("bile.taurine", "1") * host.bile_inflow
            } else {
                of_mucin
            })
        }
        _ => None,
    }
}
