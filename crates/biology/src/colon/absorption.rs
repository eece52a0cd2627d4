//! What the lining takes up: short-chain fatty acids above the floor of the segment, other products by permeability or
//! clearance.

use super::Uptake;
use super::context::{Account, Cast, Context, Segment};
use super::lumen::water_absorbed;
use crate::catalogue::{Absorption, Metabolite};
use gutskin_network::Expr;
use std::collections::BTreeMap;

/// Flows through the lining, by metabolite, summed over segments; and by segment.
pub(crate) struct Absorbed<'m> {
    /// All segments, mmol/d.
    pub total: BTreeMap<String, Expr<'m>>,
    /// Each segment in turn.
    pub by_segment: Vec<BTreeMap<String, Expr<'m>>>,
}

pub(super) fn add<'m>(
    c: &Context<'m, '_>,
    cast: &Cast,
    segments: &[Segment<'m>],
    account: &mut Account<'m>,
) -> Absorbed<'m> {
    let induction = induction(c, cast, segments);
    let mut total: BTreeMap<String, Expr<'m>> = BTreeMap::new();
    let mut by_segment = Vec::new();
    for segment in segments {
        let area =
            c.m.parameter(&format!("colon.permeability_area.{}", segment.name), "L/d")
                * c.size().area(c)
                * induction
                * recruited(c, segment);
        let above = c.m.variable(
            &format!("colon.scfa_uptake.{}", segment.name),
            "L/d",
            area * above_floor(c, cast, segment),
            "volume cleared of short-chain fatty acids",
        );
        let carried = carried(c, segment);
        let mut here = BTreeMap::new();
        for metabolite in &cast.metabolites {
            let Some(mut flow) = flow(c, segment, metabolite, area, above) else {
                continue;
            };
            let amount = segment.metabolites[&metabolite.name];
            if let (Some(carried), Absorption::Scfa) = (carried, metabolite.absorption) {
                flow = flow + carried * amount / segment.water;
            }
            c.m.rate(amount, -flow);
            account.leaves(flow, c.content(&metabolite.name));
            let sum = total
                .get(&metabolite.name)
                .map_or(flow, |before| *before + flow);
            total.insert(metabolite.name.clone(), sum);
            here.insert(metabolite.name.clone(), flow);
        }
        by_segment.push(here);
    }
    Absorbed { total, by_segment }
}

/// Sum of short-chain fatty acids, mmol/L.
pub(super) fn scfa_level<'m>(c: &Context<'m, '_>, cast: &Cast, segment: &Segment<'m>) -> Expr<'m> {
    let mut sum = c.zero();
    for metabolite in cast
        .metabolites
        .iter()
        .filter(|x| x.absorption == Absorption::Scfa)
    {
        sum = sum + segment.metabolites[&metabolite.name] / segment.water;
    }
    sum
}

/// Share of the acids that the law J = PA·(C − C0)+ lets through.
fn above_floor<'m>(c: &Context<'m, '_>, cast: &Cast, segment: &Segment<'m>) -> Expr<'m> {
    let m = c.m;
    let level = m.variable(
        &format!("colon.scfa_total.{}", segment.name),
        "mM",
        scfa_level(c, cast, segment),
        "acetate, propionate and butyrate together",
    );
    let floor = m.parameter(&format!("colon.absorption_floor.{}", segment.name), "mM");
    let epsilon = m.parameter("colon.absorption_epsilon", "mM");
    let trace = m.parameter("colon.absorption_trace", "mM");
    (level - floor).smooth_plus(epsilon) / (level + trace)
}

/// Uptake rises with the load over weeks, by a power that is zero unless a scenario or a draw says otherwise.
fn induction<'m>(c: &Context<'m, '_>, cast: &Cast, segments: &[Segment<'m>]) -> Expr<'m> {
    let m = c.m;
    let Some(last) = segments.last() else {
        return m.constant(1.0);
    };
    let reference = c.reference("colon.scfa_level_reference", "mM");
    let load = m
        .state("colon.uptake_load", "1")
        .typical(1.0)
        .initial(1.0)
        .doc("short-chain fatty acids that the lining is used to, over the reference")
        .add();
    let time = m.parameter("colon.uptake_induction_time", "d");
    m.rate(load, (scfa_level(c, cast, last) / reference - load) / time);
    let power = m.parameter("colon.uptake_induction", "1");
    let epsilon = m.parameter("colon.uptake_trace", "1");
    load.smooth_pow(power, epsilon)
}

/// Water that carries acids along as it is absorbed, L/d; nothing but in that closure.
fn carried<'m>(c: &Context<'m, '_>, segment: &Segment<'m>) -> Option<Expr<'m>> {
    (c.uptake == Uptake::Drag)
        .then(|| c.m.parameter("colon.solvent_drag", "1") * water_absorbed(c, segment))
}

/// Lining in use over that of the reference person; 1 but in that closure.
fn recruited<'m>(c: &Context<'m, '_>, segment: &Segment<'m>) -> Expr<'m> {
    let m = c.m;
    if c.uptake != Uptake::Recruited {
        return m.constant(1.0);
    }
    let usual = c.reference(&format!("reference.colon.water.{}", segment.name), "L");
    let exponent = m.parameter("colon.area_recruited", "1");
    let epsilon = m.parameter("colon.uptake_trace", "1");
    (segment.water / usual).smooth_pow(exponent, epsilon)
}

fn flow<'m>(
    c: &Context<'m, '_>,
    segment: &Segment<'m>,
    metabolite: &Metabolite,
    area: Expr<'m>,
    above: Expr<'m>,
) -> Option<Expr<'m>> {
    let name = &metabolite.name;
    let level = segment.concentration(name)?;
    let permeability = || {
        c.spread(
            &format!("colon.permeability.{name}"),
            (metabolite.permeability, metabolite.permeability_cv),
            "1",
            &metabolite.provenance,
            "permeability relative to short-chain fatty acids",
        )
    };
    match metabolite.absorption {
        Absorption::Scfa => Some(permeability() * above * level),
        Absorption::Passive => Some(permeability() * area * level),
        Absorption::Clearance => {
            let clearance = c.quantity(
                &format!("colon.clearance.{name}"),
                &metabolite.clearance,
                "1/d",
                metabolite.clearance_cv,
                &metabolite.provenance,
                "first-order clearance through lining and gas",
            );
            Some(clearance * segment.metabolites[name])
        }
        Absorption::None => None,
    }
}
