//! Strains that are eaten: they share the niche of their guild with a handicap, and keep a niche of their own in
//! permissive people.

use crate::catalogue::{Catalogue, Quantity, StrainRow};
use crate::colon::{Account, Context, Segment};
use gutskin_network::{BuildErrors, Expr, Spread, nearest};
use gutskin_units::Unit;

/// A strain in the network.
pub(crate) struct Added<'m> {
    /// Its row.
    pub row: StrainRow,
    /// Biomass by segment, gDW.
    pub biomass: Vec<Expr<'m>>,
}

/// The rows of these strains.
///
/// # Errors
/// Names that are not in the table, with the nearest that is.
pub(crate) fn rows(catalogue: &Catalogue, names: &[String]) -> Result<Vec<StrainRow>, BuildErrors> {
    let mut errors = Vec::new();
    let mut found = Vec::new();
    for name in names {
        match catalogue.strains.iter().find(|s| &s.id == name) {
            Some(strain) => found.push(strain.clone()),
            None => {
                let hint = nearest(name, catalogue.strains.iter().map(|s| s.id.as_str()))
                    .map_or(String::new(), |n| format!("; did you mean \"{n}\"?"));
                errors.push(format!("strain \"{name}\" is not in the tables{hint}"));
            }
        }
    }
    if errors.is_empty() {
        Ok(found)
    } else {
        Err(BuildErrors(errors))
    }
}

/// Adds states, transport and dose of each strain. Growth is the guild's, see the colon.
pub(crate) fn add<'m>(
    c: &Context<'m, '_>,
    segments: &mut [Segment<'m>],
    rows: &[StrainRow],
    account: &mut Account<'m>,
) -> Vec<Added<'m>> {
    rows.iter()
        .map(|row| one(c, segments, row, account))
        .collect()
}

fn one<'m>(
    c: &Context<'m, '_>,
    segments: &mut [Segment<'m>],
    row: &StrainRow,
    account: &mut Account<'m>,
) -> Added<'m> {
    let m = c.m;
    let content = c.catalogue.biomass;
    let mut biomass: Vec<Expr<'m>> = Vec::new();
    let mut arriving = arrival(c, row);
    account.enters(arriving, c.biomass_content());
    for segment in segments {
        let state = m
            .state(&format!("strains.{}.{}", row.id, segment.name), "gDW")
            .typical(1e-3)
            .initial(0.0)
            .holds("C", content.carbon)
            .holds("e", content.electrons)
            .doc(&row.strain)
            .add();
        m.rate(state, arriving - segment.microbes_out * state);
        arriving = segment.microbes_out * state;
        biomass.push(state);
        segment.added.push(state);
    }
    Added {
        row: row.clone(),
        biomass,
    }
}

/// Live cells that reach the colon, gDW/d.
fn arrival<'m>(c: &Context<'m, '_>, row: &StrainRow) -> Expr<'m> {
    let m = c.m;
    let dose = m.input(
        &format!("input.strain.{}", row.id),
        "CFU/d",
        0.0,
        &format!("{} eaten, live cells", row.strain),
    );
    let survival = match row.survival {
        Some(value) => {
            let share = Quantity {
                value: value.max(f64::MIN_POSITIVE),
                unit: Unit::dimensionless(),
            };
            let (name, doc) = (
                format!("strains.survival.{}", row.id),
                "share alive in the colon",
            );
            c.quantity(&name, &share, "1", row.survival_cv, &row.provenance, doc)
        }
        None => m.parameter("strains.survival_unknown", "1"),
    };
    dose * survival * m.parameter("strains.cell_mass", "g/CFU")
}

/// 1 in people in whom the strain has a niche of its own, else 0.
pub(crate) fn permissive<'m>(c: &Context<'m, '_>, row: &StrainRow) -> Expr<'m> {
    let name = format!("strains.permissive.{}", row.id);
    let cell = |value: f64, spread: Spread, doc: &str| {
        c.cell(&name, value, "1", spread, &row.provenance, doc)
    };
    let share = row.permissive_share;
    if share <= 0.0 || share >= 1.0 {
        let doc = "1 in people in whom the strain has a niche of its own, else 0";
        return cell(share, Spread::Fixed, doc);
    }
    // A rank that people have evenly: the strain stays in that share of them, those of the highest ranks.
    let evenly = Spread::Uniform {
        low: 0.0,
        high: 1.0,
    };
    let doc = "the strain has a niche of its own in people for whom this is above 1 less permissive_share";
    let rank = cell(0.5, evenly, doc);
    let doc = "share of people in whom the strain has a niche of its own";
    let name = format!("strains.permissive_share.{}", row.id);
    let share = c.fixed(&name, share, "1", &row.provenance, doc);
    (1.0 - share).if_less(rank, 1.0, 0.0)
}

/// C9: share of the niche in stool, load/(load + 1e7 CFU/g).
pub(crate) fn occupancy<'m>(
    c: &Context<'m, '_>,
    added: &Added<'m>,
    segments: &[Segment<'m>],
) -> Expr<'m> {
    let m = c.m;
    let (Some(biomass), Some(segment)) = (added.biomass.last(), segments.last()) else {
        return c.zero();
    };
    let density = m.parameter("colon.water_density", "g/L");
    let load = m.variable(
        &format!("strains.{}_load", added.row.id),
        "CFU/g",
        *biomass / m.parameter("strains.cell_mass", "g/CFU") / (density * segment.water),
        "live cells per gram of stool",
    );
    m.observe(
        &format!("strains.{}_load", added.row.id),
        "CFU/g",
        load,
        "live cells per gram of stool",
    );
    let half = m.parameter("strains.half_occupancy", "CFU/g");
    let occupancy = load / (load + half);
    m.observe(
        &format!("strains.{}_occupancy", added.row.id),
        "1",
        occupancy,
        "occupancy of the strain (C9)",
    );
    occupancy
}
