//! Growth, fermentation and death of the guilds.

use super::context::{Cast, Context, Group, Segment};
use super::interface::Host;
use super::lumen::{biomass_content, content};
use crate::catalogue::{GuildRow, KineticRow, Per, Route};
use gutskin_network::{Expr, Spread};
use std::collections::BTreeMap;

/// Adds growth on every substrate and lysis.
pub(super) fn add<'m>(c: &Context<'m, '_>, cast: &Cast, segments: &[Segment<'m>], host: &Host<'m>) {
    for segment in segments {
        for group in &cast.groups {
            for (guild, share) in &group.members {
                let share = member_share(c, group, guild, *share);
                fermentation(c, cast, segment, group, guild, share, host);
            }
            lysis(c, segment, group);
        }
    }
}

/// Share of a member in the biomass of its group; 1 where the group is the guild.
pub(super) fn member_share<'m>(
    c: &Context<'m, '_>,
    group: &Group,
    guild: &GuildRow,
    share: f64,
) -> Option<Expr<'m>> {
    (group.members.len() > 1).then(|| {
        c.fixed(
            &format!("colon.member_share.{}", guild.name),
            share,
            "1",
            &guild.provenance,
            "share in the biomass of its lean guild",
        )
    })
}

/// A substrate that a guild uses here.
struct Use<'m> {
    substrate: String,
    growth: Expr<'m>,
    saturation: Expr<'m>,
    yields: Expr<'m>,
    route: Route,
    acceptor: bool,
}

fn fermentation<'m>(
    c: &Context<'m, '_>,
    cast: &Cast,
    segment: &Segment<'m>,
    group: &Group,
    guild: &GuildRow,
    share: Option<Expr<'m>>,
    host: &Host<'m>,
) {
    let Some(active) = segment.active(&group.name) else {
        return;
    };
    let biomass = share.map_or(active, |s| s * active);
    let uses = uses(c, cast, segment, guild);
    let mut competition = c.m.constant(1.0);
    for used in uses.iter().filter(|u| !u.acceptor) {
        competition = competition + used.saturation;
    }
    let vigour = vigour(c, segment, guild, biomass, host);
    for used in &uses {
        let relative = if used.acceptor {
            used.saturation / (1.0 + used.saturation)
        } else {
            used.saturation / competition
        };
        let growth = used.growth * relative * vigour * biomass;
        ferment(c, segment, group, guild, used, growth);
    }
}

/// What every path of a guild is multiplied by: pH, crowding, vitamin D.
fn vigour<'m>(
    c: &Context<'m, '_>,
    segment: &Segment<'m>,
    guild: &GuildRow,
    biomass: Expr<'m>,
    host: &Host<'m>,
) -> Expr<'m> {
    let capacity = c.quantity(
        &format!("colon.capacity.{}", guild.name),
        &guild.capacity,
        "g/L",
        guild.capacity_cv,
        &guild.provenance,
        "niche capacity κ",
    );
    let crowding = 1.0 / (1.0 + biomass / segment.water / capacity);
    let shift = c.cell(
        &format!("colon.ph_shift.{}", guild.name),
        0.0,
        "1",
        Spread::Normal {
            sd: guild.ph_shift_sd,
        },
        &guild.provenance,
        "shift of the pH window",
    );
    let corners = [0, 1, 2, 3].map(|i| {
        c.fixed(
            &format!("colon.ph_corner{}.{}", i + 1, guild.name),
            guild.ph[i],
            "1",
            &guild.provenance,
            "corner of the pH window",
        )
    });
    let acidity = (segment.ph - shift).ph_window(corners);
    if guild.vitamin_d {
        crowding * acidity * host.vitamin_d_growth
    } else {
        crowding * acidity
    }
}

/// The rows of the kinetic table that count here, pools that are like another included.
fn uses<'m>(
    c: &Context<'m, '_>,
    cast: &Cast,
    segment: &Segment<'m>,
    guild: &GuildRow,
) -> Vec<Use<'m>> {
    let mut found = Vec::new();
    for pool in &cast.substrates {
        let row = |name: &str| {
            c.catalogue
                .kinetics
                .iter()
                .find(|k| k.guild == guild.name && k.substrate == name)
        };
        let like = pool.like.as_ref();
        let (row, factor) = match (row(&pool.name), like) {
            (Some(row), _) => (row, 1.0),
            (None, Some((other, factor))) => match row(other) {
                Some(row) => (row, *factor),
                None => continue,
            },
            (None, None) => continue,
        };
        let growth = growth_parameter(c, guild, row, &pool.name, factor);
        let half = c.quantity(
            &format!("colon.half_saturation.{}", pool.name),
            &pool.half_saturation,
            "g/L",
            pool.half_saturation_cv,
            &pool.provenance,
            "half-saturation of growth",
        );
        let yields = c.quantity(
            &format!("colon.yield.{}", pool.name),
            &pool.yields,
            "g/g",
            pool.yield_cv,
            &pool.provenance,
            "biomass per gram used",
        );
        let (Some(level), Some(route)) = (
            segment.concentration(&pool.name),
            c.catalogue.route(&row.route),
        ) else {
            continue;
        };
        found.push(Use {
            substrate: pool.name.clone(),
            growth,
            saturation: level / half,
            yields,
            route: route.clone(),
            acceptor: false,
        });
    }
    for metabolite in &cast.metabolites {
        let rows = &c.catalogue.kinetics;
        let Some(row) = rows
            .iter()
            .find(|k| k.guild == guild.name && k.substrate == metabolite.name)
        else {
            continue;
        };
        let (Some(half), Some(yields)) = (&row.half_saturation, &row.yields) else {
            continue;
        };
        let name = format!("{}.{}", guild.name, metabolite.name);
        let provenance = &row.provenance;
        let half = c.quantity(
            &format!("colon.half_saturation.{name}"),
            half,
            "mmol/L",
            0.0,
            provenance,
            "half-saturation",
        );
        let yields = c.quantity(
            &format!("colon.yield.{name}"),
            yields,
            "g/mmol",
            0.0,
            provenance,
            "biomass per mmol used",
        );
        let (Some(level), Some(route)) = (
            segment.concentration(&metabolite.name),
            c.catalogue.route(&row.route),
        ) else {
            continue;
        };
        found.push(Use {
            substrate: metabolite.name.clone(),
            growth: growth_parameter(c, guild, row, &metabolite.name, 1.0),
            saturation: level / half,
            yields,
            route: route.clone(),
            acceptor: metabolite.electrons < 0.0,
        });
    }
    found
}

fn growth_parameter<'m>(
    c: &Context<'m, '_>,
    guild: &GuildRow,
    row: &KineticRow,
    substrate: &str,
    factor: f64,
) -> Expr<'m> {
    let mut growth = row.growth.clone();
    growth.value *= factor;
    c.quantity(
        &format!("colon.growth.{}.{substrate}", guild.name),
        &growth,
        "1/d",
        row.growth_cv,
        &row.provenance,
        "largest growth rate",
    )
}

/// One path as a process: substrate to biomass, products, carbon dioxide and ammonia, closed in carbon and electrons.
fn ferment<'m>(
    c: &Context<'m, '_>,
    segment: &Segment<'m>,
    group: &Group,
    guild: &GuildRow,
    used: &Use<'m>,
    growth: Expr<'m>,
) {
    let Some(substrate) = segment.amount(&used.substrate) else {
        return;
    };
    let Some(amounts) = amounts(c, used) else {
        return;
    };
    let mut rate = growth / used.yields;
    for (name, coefficient) in &used.route.terms {
        if *coefficient < 0.0 {
            rate = rate * limited(c, segment, name);
        }
    }
    if used.route.fixes_carbon {
        rate = rate * limited(c, segment, "carbon_dioxide");
    }
    let unit = if c.catalogue.substrate(&used.substrate).is_some() {
        "g/d"
    } else {
        "mmol/d"
    };
    let mut process =
        c.m.process(
            &format!(
                "colon.fermentation.{}.{}.{}",
                guild.name, used.substrate, segment.name
            ),
            unit,
            rate,
        )
        .uses(substrate, 1.0)
        .makes(segment.biomass[&group.name], used.yields)
        .balanced("C")
        .balanced("e");
    for (name, amount) in amounts {
        if let Some(metabolite) = segment.metabolites.get(&name) {
            process = process.makes(*metabolite, amount);
        }
    }
    process
        .doc("growth on the substrate and its fermentation")
        .add();
}

/// Saturation of a route by something that it also needs.
fn limited<'m>(c: &Context<'m, '_>, segment: &Segment<'m>, name: &str) -> Expr<'m> {
    let (Some(level), Some(row)) = (segment.concentration(name), c.catalogue.metabolite(name))
    else {
        return c.m.constant(1.0);
    };
    let half = c.fixed(
        &format!("colon.limiting.{name}"),
        row.limiting,
        "mmol/L",
        &row.provenance,
        "concentration that halves a route which also needs it",
    );
    level / (level + half)
}

/// What a unit of substrate becomes, apart from biomass. The products share what biomass leaves of the electrons; the
/// row of the table is scaled so that they hold it exactly; carbon dioxide takes the carbon that is left, ammonia the
/// nitrogen.
fn amounts<'m>(c: &Context<'m, '_>, used: &Use<'m>) -> Option<BTreeMap<String, Expr<'m>>> {
    let held = c.catalogue.content(&used.substrate)?;
    let pool = c.catalogue.substrate(&used.substrate);
    let provenance = &used.route.provenance;
    let unit = if pool.is_some() { "mmol/g" } else { "1" };
    let carbon_in = content(c, &used.substrate, "carbon", held.carbon, unit, provenance);
    let electrons_in = content(
        c,
        &used.substrate,
        "electrons",
        held.electrons,
        unit,
        provenance,
    );
    let (biomass_carbon, biomass_electrons) = biomass_content(c);
    let share = 1.0 - used.yields * biomass_electrons / electrons_in;
    let mut electrons = c.zero();
    let mut products = Vec::new();
    for (name, amount) in &used.route.terms {
        let row = c.catalogue.metabolite(name)?;
        let coefficient_unit = match (used.route.per, row.unit.as_str()) {
            (Per::Gram, "mmol") => "mmol/g",
            _ => "1",
        };
        let parameter = c.fixed(
            &format!("colon.route.{}.{name}", used.route.name),
            *amount,
            coefficient_unit,
            provenance,
            "amount of the route's row, before scaling",
        );
        let content_unit = if row.unit == "g" { "mmol/g" } else { "1" };
        electrons = electrons
            + parameter
                * content(
                    c,
                    name,
                    "electrons",
                    row.electrons,
                    content_unit,
                    &row.provenance,
                );
        products.push((name.clone(), parameter, row, content_unit));
    }
    // Per unit of substrate: (electrons to share out) / (electrons of the row as written).
    let scale = share * electrons_in / electrons;
    let mut carbon_left = carbon_in - used.yields * biomass_carbon;
    let mut nitrogen_left = held.nitrogen - used_yield(c, used) * c.catalogue.biomass.nitrogen;
    let row_scale = held.electrons / c.catalogue.route_electrons(&used.route);
    let mut found = BTreeMap::new();
    for (name, parameter, row, content_unit) in products {
        let amount = scale * parameter;
        carbon_left = carbon_left
            - amount
                * content(
                    c,
                    &name,
                    "carbon",
                    row.carbon,
                    content_unit,
                    &row.provenance,
                );
        let written = used
            .route
            .terms
            .iter()
            .find(|(n, _)| *n == name)
            .map_or(0.0, |t| t.1);
        nitrogen_left -= written * row_scale * row.nitrogen;
        found.insert(name, amount);
    }
    found.insert("carbon_dioxide".to_owned(), carbon_left);
    if nitrogen_left > 0.0 {
        let ammonia = c.fixed(
            &format!("colon.ammonia_of.{}.{}", used.route.name, used.substrate),
            nitrogen_left,
            unit,
            provenance,
            "nitrogen that is left as ammonia; where biomass needs more than the substrate holds, the host supplies it",
        );
        found.insert("ammonia".to_owned(), ammonia);
    }
    Some(found)
}

fn used_yield(c: &Context<'_, '_>, used: &Use<'_>) -> f64 {
    let pool = c.catalogue.substrate(&used.substrate);
    pool.map_or(0.0, |p| p.yields.value)
}

/// What a forager would take of mucin if it were plentiful, given what else it has to eat, g/d of growth.
pub(super) fn mucin_demand<'m>(
    c: &Context<'m, '_>,
    cast: &Cast,
    segment: &Segment<'m>,
    guild: &GuildRow,
    biomass: Expr<'m>,
    host: &Host<'m>,
) -> Expr<'m> {
    let uses = uses(c, cast, segment, guild);
    let mut others = c.m.constant(1.0);
    let mut growth = c.zero();
    for used in uses.iter().filter(|u| !u.acceptor) {
        if used.substrate == "mucin" {
            growth = used.growth;
        } else {
            others = others + used.saturation;
        }
    }
    growth * biomass * vigour(c, segment, guild, biomass, host) / others
}

/// Cells die with their density and are left as debris.
fn lysis<'m>(c: &Context<'m, '_>, segment: &Segment<'m>, group: &Group) {
    let (Some(lumen), Some(debris)) = (
        segment.biomass.get(&group.name),
        segment.substrates.get("debris"),
    ) else {
        return;
    };
    let constant = c.m.parameter("colon.lysis", "L/g/d");
    c.m.process(
        &format!("colon.lysis.{}.{}", group.name, segment.name),
        "gDW/d",
        constant * *lumen * *lumen / segment.water,
    )
    .uses(*lumen, 1.0)
    .makes(*debris, 1.0)
    .balanced("C")
    .balanced("e")
    .doc("background lysis")
    .add();
}
