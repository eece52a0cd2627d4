//! Growth, fermentation and death of the guilds.

use super::context::{Cast, Context, Group, Segment};
use super::interface::Host;
use crate::catalogue::{Beside, GuildRow, KineticRow, Per, Quantity, Route, Substrate};
use crate::drugs::Pressure;
use crate::strains::{Added, Survival, permissive};
use gutskin_network::{Expr, Spread};
use std::collections::BTreeMap;

/// What acts on guilds from outside.
pub(super) struct Influences<'a, 'm> {
    /// The body.
    pub host: &'a Host<'m>,
    /// Drugs.
    pub pressure: &'a Pressure<'m>,
    /// Strains that survive.
    pub survival: &'a Survival<'m>,
    /// Strains that are eaten.
    pub added: &'a [Added<'m>],
    /// Secondary bile acids by segment, mmol/L.
    pub secondary_bile: &'a [Expr<'m>],
}

/// A place of growth: the segment and its number.
#[derive(Clone, Copy)]
pub(super) struct Place<'a, 'm> {
    pub index: usize,
    pub segment: &'a Segment<'m>,
}

/// Adds growth of residents and of strains that are eaten.
pub(super) fn add<'m>(
    c: &Context<'m, '_>,
    cast: &Cast,
    segments: &[Segment<'m>],
    influences: &Influences<'_, 'm>,
) {
    for (index, segment) in segments.iter().enumerate() {
        let place = Place { index, segment };
        for group in &cast.groups {
            for (guild, share) in &group.members {
                let share = member_share(c, group, guild, *share);
                residents(c, cast, place, group, (guild, share), influences);
            }
        }
        for added in influences.added {
            eaten_strain(c, cast, place, added, influences);
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
    beside: Beside,
}

/// What growth on a substrate is divided by: one, and the saturations of all that stand in one sum with it.
fn competition<'m>(c: &Context<'m, '_>, uses: &[Use<'m>], used: &Use<'m>) -> Expr<'m> {
    let one = c.m.constant(1.0);
    if used.beside == Beside::Acceptor {
        return one + used.saturation;
    }
    uses.iter()
        .filter(|u| u.beside == used.beside)
        .fold(one, |sum, u| sum + u.saturation)
}

/// Biomass of a resident guild in lumen and mucus; zero where it is not in this colon.
fn resident<'m>(c: &Context<'m, '_>, cast: &Cast, segment: &Segment<'m>, guild: &str) -> Expr<'m> {
    for group in &cast.groups {
        for (member, share) in &group.members {
            if member.name == guild
                && let Some(active) = segment.active(&group.name)
            {
                return member_share(c, group, member, *share).map_or(active, |s| s * active);
            }
        }
    }
    c.zero()
}

fn residents<'m>(
    c: &Context<'m, '_>,
    cast: &Cast,
    place: Place<'_, 'm>,
    group: &Group,
    (guild, share): (&GuildRow, Option<Expr<'m>>),
    influences: &Influences<'_, 'm>,
) {
    let Some(active) = place.segment.active(&group.name) else {
        return;
    };
    let biomass = share.map_or(active, |s| s * active);
    let (crowding, fitness) = vigour(c, place, guild, biomass, influences);
    let grows = fitness * crowding * founded(c, biomass);
    let target = (guild.name.as_str(), place.segment.biomass[&group.name]);
    paths(c, cast, place.segment, guild, target, grows);
}

/// A strain that is eaten grows like its guild, with a handicap in the shared niche and, in permissive people, a niche
/// of its own.
fn eaten_strain<'m>(
    c: &Context<'m, '_>,
    cast: &Cast,
    place: Place<'_, 'm>,
    added: &Added<'m>,
    influences: &Influences<'_, 'm>,
) {
    let m = c.m;
    let Some(guild) = c.catalogue.guild(&added.row.guild) else {
        return;
    };
    let biomass = added.biomass[place.index];
    let shared = resident(c, cast, place.segment, &guild.name);
    let (crowding, fitness) = vigour(c, place, guild, shared, influences);
    let own_capacity = m.parameter("strains.own_capacity", "g/L");
    let own = 1.0 / (1.0 + biomass / place.segment.water / own_capacity);
    let permissive = permissive(c, &added.row);
    let handicap = m.parameter("strains.relative_growth", "1");
    let grows = fitness * (handicap * crowding + permissive * own) * founded(c, biomass);
    paths(
        c,
        cast,
        place.segment,
        guild,
        (&added.row.id, biomass),
        grows,
    );
}

/// The part of a population that grows: less than one cell founds none. Without this a guild that is absent could grow
/// from rounding in people whose colon would welcome it.
fn founded<'m>(c: &Context<'m, '_>, biomass: Expr<'m>) -> Expr<'m> {
    let cell = biomass / c.m.parameter("colon.founding_mass", "g");
    biomass * cell * cell / (1.0 + cell * cell)
}

/// Growth on every substrate, given what all of them are multiplied by.
fn paths<'m>(
    c: &Context<'m, '_>,
    cast: &Cast,
    segment: &Segment<'m>,
    guild: &GuildRow,
    target: (&str, Expr<'m>),
    grows: Expr<'m>,
) {
    let uses = uses(c, cast, segment, guild);
    for used in &uses {
        let relative = used.saturation / competition(c, &uses, used);
        ferment(c, segment, target, used, used.growth * relative * grows);
    }
}

/// Crowding in the guild's niche, and what else every path is multiplied by: pH, vitamin D, drugs, bile acids.
fn vigour<'m>(
    c: &Context<'m, '_>,
    place: Place<'_, 'm>,
    guild: &GuildRow,
    residents: Expr<'m>,
    influences: &Influences<'_, 'm>,
) -> (Expr<'m>, Expr<'m>) {
    let mut capacity = c.quantity(
        &format!("colon.capacity.{}", guild.name),
        &guild.capacity,
        "g/L",
        guild.capacity_cv,
        &guild.provenance,
        "niche capacity κ",
    );
    if let (true, Some(maturity)) = (guild.late, c.size().maturity()) {
        capacity = capacity * maturity;
    }
    if let Some(niche) = influences.survival.niche.get(&guild.name) {
        capacity = capacity * *niche;
    }
    let mut density = residents;
    for added in influences
        .added
        .iter()
        .filter(|a| a.row.guild == guild.name)
    {
        density = density + added.biomass[place.index];
    }
    let crowding = 1.0 / (1.0 + density / place.segment.water / capacity);
    let mut fitness = acidity(c, place.segment, guild);
    if guild.vitamin_d {
        fitness = fitness * influences.host.vitamin_d_growth;
    }
    if let Some(inhibition) = influences.pressure.inhibition.get(&guild.name) {
        fitness = fitness * inhibition[place.index];
    }
    if let Some(half) = &guild.bile_half {
        let half = c.quantity(
            &format!("colon.bile_half.{}", guild.name),
            half,
            "mM",
            0.0,
            &guild.provenance,
            "secondary bile acids that halve growth",
        );
        let on = c.m.find("link.secondary_bile_to_growth");
        let ratio = influences.secondary_bile[place.index] / half;
        fitness = fitness / (1.0 + on * ratio * ratio);
    }
    (crowding, fitness)
}

/// The guild's pH window at the segment's pH.
fn acidity<'m>(c: &Context<'m, '_>, segment: &Segment<'m>, guild: &GuildRow) -> Expr<'m> {
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
    (segment.ph - shift).ph_window(corners)
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
        let (half, yields) = of_pool(c, guild, pool, row);
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
            beside: row.beside,
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
            row.half_saturation_cv.unwrap_or(0.0),
            provenance,
            "half-saturation",
        );
        let yields = c.quantity(
            &format!("colon.yield.{name}"),
            yields,
            "g/mmol",
            row.yield_cv.unwrap_or(0.0),
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
            beside: row.beside,
        });
    }
    found
}

/// Half-saturation (g/L) and yield (g/g) on a pool: the guild's own where its row says so, else the pool's.
fn of_pool<'m>(
    c: &Context<'m, '_>,
    guild: &GuildRow,
    pool: &Substrate,
    row: &KineticRow,
) -> (Expr<'m>, Expr<'m>) {
    let own = format!("{}.{}", guild.name, pool.name);
    let of = |what: &str,
              of_guild: (&Option<Quantity>, Option<f64>),
              of_pool: (&Quantity, f64),
              unit,
              doc| {
        let (name, (quantity, cv), from) = match of_guild {
            (Some(quantity), cv) => (&own, (quantity, cv.unwrap_or(of_pool.1)), &row.provenance),
            (None, _) => (&pool.name, of_pool, &pool.provenance),
        };
        c.quantity(
            &format!("colon.{what}.{name}"),
            quantity,
            unit,
            cv,
            from,
            doc,
        )
    };
    let half = of(
        "half_saturation",
        (&row.half_saturation, row.half_saturation_cv),
        (&pool.half_saturation, pool.half_saturation_cv),
        "g/L",
        "half-saturation of growth",
    );
    let yields = of(
        "yield",
        (&row.yields, row.yield_cv),
        (&pool.yields, pool.yield_cv),
        "g/g",
        "biomass per gram used",
    );
    (half, yields)
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
    (label, biomass): (&str, Expr<'m>),
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
                label, used.substrate, segment.name
            ),
            unit,
            rate,
        )
        .uses(substrate, 1.0)
        .makes(biomass, used.yields)
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
    let half = c.spread(
        &format!("colon.limiting.{name}"),
        (row.limiting, row.limiting_cv),
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
    let (carbon_in, electrons_in) = c.content(&used.substrate);
    let (biomass_carbon, biomass_electrons) = c.biomass_content();
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
        electrons = electrons + parameter * c.content(name).1;
        products.push((name.clone(), parameter, row));
    }
    // Per unit of substrate: (electrons to share out) / (electrons of the row as written).
    let scale = share * electrons_in / electrons;
    let mut carbon_left = carbon_in - used.yields * biomass_carbon;
    let mut nitrogen_left = held.nitrogen - used_yield(c, used) * c.catalogue.biomass.nitrogen;
    let row_scale = held.electrons / c.catalogue.route_electrons(&used.route);
    let mut found = BTreeMap::new();
    for (name, parameter, row) in products {
        let amount = scale * parameter;
        carbon_left = carbon_left - amount * c.content(&name).0;
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
    place: Place<'_, 'm>,
    guild: &GuildRow,
    biomass: Expr<'m>,
    influences: &Influences<'_, 'm>,
) -> Expr<'m> {
    let uses = uses(c, cast, place.segment, guild);
    let Some(mucin) = uses.iter().find(|u| u.substrate == "mucin") else {
        return c.zero();
    };
    let others = uses
        .iter()
        .filter(|u| u.beside == mucin.beside && u.substrate != "mucin")
        .fold(c.m.constant(1.0), |sum, u| sum + u.saturation);
    let (crowding, fitness) = vigour(c, place, guild, biomass, influences);
    mucin.growth * biomass * crowding * fitness / others
}
