//! Bile acids: primary ones enter, dehydroxylating bacteria make them secondary.

use crate::colon::{Context, Group, Host, Segment, reference};
use gutskin_network::Expr;

/// What bile offers to others.
#[derive(Clone)]
pub(crate) struct Bile<'m> {
    /// Share of secondary bile acids in the last segment (C8).
    pub secondary_fraction: Expr<'m>,
    /// Primary bile acids by segment, mmol/L; germination of spores reads them.
    pub primary_levels: Vec<Expr<'m>>,
    /// Secondary bile acids by segment, mmol/L.
    pub secondary_levels: Vec<Expr<'m>>,
}

/// Adds both pools in each segment. `trait_share` is the share of the carriers that is alive and able.
pub(crate) fn add<'m>(
    c: &Context<'m, '_>,
    groups: &[Group],
    segments: &[Segment<'m>],
    host: &Host<'m>,
    trait_share: Expr<'m>,
) -> Bile<'m> {
    let m = c.m;
    let absorption = m.parameter("bile.absorption", "1/d");
    let constant = m.parameter("bile.dehydroxylation", "L/g/d");
    let half = m.parameter("bile.dehydroxylation_half", "mM");
    let mut before: Option<(Expr<'m>, Expr<'m>, Expr<'m>)> = None;
    let mut last = (c.zero(), c.zero());
    let (mut primary_levels, mut secondary_levels) = (Vec::new(), Vec::new());
    for segment in segments {
        let pool = |name: &str, start: f64, doc: &str| {
            let name = format!("bile.{name}.{}", segment.name);
            let start = reference(c, &name, start);
            m.state(&name, "mmol")
                .typical(0.1)
                .initial(start)
                .doc(doc)
                .add()
        };
        let primary = pool("primary", 0.1, "primary bile acids");
        let secondary = pool("secondary", 0.1, "secondary bile acids");
        let arriving = before.map_or((c.size().flow(host.bile_inflow), c.zero()), |(p, s, v)| {
            (v * p, v * s)
        });
        m.rate(
            primary,
            arriving.0 - (segment.washout + absorption) * primary,
        );
        m.rate(
            secondary,
            arriving.1 - (segment.washout + absorption) * secondary,
        );
        let mut carriers = c.zero();
        for group in groups {
            let share = group.weighted(|g| g.bile_trait);
            if share > 0.0 {
                let weight = c.fixed(
                    &format!("bile.carrier_share.{}", group.name),
                    share,
                    "1",
                    &group.members[0].0.provenance,
                    "share that dehydroxylates bile acids",
                );
                carriers = carriers + weight * segment.biomass[&group.name];
            }
        }
        let rate = constant * trait_share * (carriers / segment.water) * primary
            / (1.0 + primary / segment.water / half);
        m.process(
            &format!("bile.dehydroxylation.{}", segment.name),
            "mmol/d",
            rate,
        )
        .uses(primary, 1.0)
        .makes(secondary, 1.0)
        .doc("7α-dehydroxylation")
        .add();
        before = Some((primary, secondary, segment.washout));
        last = (primary / segment.water, secondary / segment.water);
        primary_levels.push(last.0);
        secondary_levels.push(last.1);
    }
    let trace = m.parameter("bile.trace", "mM");
    let secondary_fraction = m.variable(
        "bile.secondary_fraction",
        "1",
        last.1 / (last.0 + last.1 + trace),
        "share of secondary bile acids in the last segment (C8)",
    );
    m.observe(
        "bile.secondary_fraction",
        "1",
        secondary_fraction,
        "share of secondary bile acids in the last segment (C8)",
    );
    m.observe(
        "bile.primary_level",
        "mM",
        last.0,
        "primary bile acids in the last segment",
    );
    m.observe(
        "bile.secondary_level",
        "mM",
        last.1,
        "secondary bile acids in the last segment",
    );
    Bile {
        secondary_fraction,
        primary_levels,
        secondary_levels,
    }
}
