//! What enters the colon: diet, secretions, gases of the lining, immigration.

use super::context::{Account, Cast, Context, Segment};
use super::interface::Host;
use crate::catalogue::{Absorption, GuildRow};
use gutskin_network::Expr;

/// Diet, secretions, immigration.
pub(super) fn add<'m>(
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
        let content = c.content(&pool.name);
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
    c.m.rate(first.inert, c.size().flow(inert(c)));
    for metabolite in &cast.metabolites {
        let content = c.content(&metabolite.name);
        let unit = format!("{}/d", metabolite.unit);
        if metabolite.inflow.value > 0.0 {
            let flow = c.quantity(
                &format!("colon.inflow.{}", metabolite.name),
                &metabolite.inflow,
                &unit,
                metabolite.inflow_cv,
                &metabolite.provenance,
                "inflow with diet and secretions",
            );
            let flow = c.size().flow(flow);
            c.m.rate(first.metabolites[&metabolite.name], flow);
            account.enters(flow, content);
        }
        if metabolite.absorption == Absorption::Scfa {
            for segment in segments {
                let name = format!("input.infused.{}.{}", metabolite.name, segment.name);
                let doc = format!("{} infused into the segment", metabolite.label);
                let flow = c.m.input(&name, &unit, 0.0, &doc);
                c.m.rate(segment.metabolites[&metabolite.name], flow);
                account.enters(flow, content);
            }
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
            row.immigration_cv,
            &row.provenance,
            "arrival with food and saliva",
        );
        let flow = if row.oral {
            flow * host.oral_arrival
        } else {
            flow
        };
        c.m.rate(first.biomass[&group.name], flow);
        account.enters(flow, c.biomass_content());
    }
}

/// Solids that nobody ferments: the person's own, in the proportion in which the feed holds more or less of them than usual.
fn inert<'m>(c: &Context<'m, '_>) -> Expr<'m> {
    let m = c.m;
    let usual = "feed.reference_inert";
    let doc = "solids of the feed that nobody ferments, per 2200 kcal/d in children";
    let fed = m.input_from_table("input.feed.inert", "g/d", usual, doc);
    m.parameter("colon.inert_inflow", "g/d") * (fed / m.parameter(usual, "g/d"))
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
    m.parameter("colon.mucin_inflow", "g/d") * c.size().area(c) * host.mucin_factor * share
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
                    * c.size().area(c)
                    * share
                    * (1.0 - host.on_oxygen * stopped),
            )
        }
        "nitrate" => {
            let width = m.parameter("colon.nitrate_width", "1");
            let above = width * ((host.inflammation - 1.0) / width).softplus();
            Some(
                m.parameter("colon.nitrate_supply", "mmol/d")
                    * c.size().area(c)
                    * share
                    * host.on_nitrate
                    * above,
            )
        }
        "sulfate" => {
            let of_mucin =
                m.parameter("colon.mucin_sulfate", "mmol/g") * secretion(c, segment, host);
            Some(if segment.name == segments.first()?.name {
                of_mucin + m.parameter("bile.taurine", "1") * c.size().flow(host.bile_inflow)
            } else {
                of_mucin
            })
        }
        _ => None,
    }
}
