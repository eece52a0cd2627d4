//! The colon: segments in series, an ecosystem of guilds that ferment, compete and feed each other.
//!
//! Everything that is specific to a guild, fibre or metabolite is a row of the tables in `catalogue/`; this module
//! turns rows into equations. Amounts are per person: biomass gDW, substrates g, metabolites mmol, water L.

mod absorption;
mod context;
mod death;
mod difficile;
mod growth;
mod inflow;
mod interface;
mod layout;
mod lumen;
mod stool;

pub(crate) use context::{Account, Cast, Context, Group, Segment};
pub use interface::{Host, Offers, Signals};
pub use layout::Layout;
pub(crate) use lumen::reference;

use crate::catalogue::Catalogue;
use crate::{bile, drugs, plasma, strains};
use gutskin_network::{BuildErrors, Builder, Expr, Network, ParameterTable};

/// What is in the colon of a network, beyond the residents.
#[derive(Clone, Debug, Default)]
pub struct ColonOptions {
    /// Full (three segments) or lean (one).
    pub layout: Layout,
    /// Guilds that are not resident and shall be present (C. difficile, yeasts).
    pub guilds: Vec<String>,
    /// Pools that are not resident and shall be fed (psyllium, human milk oligosaccharides …).
    pub pools: Vec<String>,
    /// Drugs that a scenario may give.
    pub drugs: Vec<String>,
    /// Strains that a scenario may give.
    pub strains: Vec<String>,
    /// Adds cumulative sums of what enters and leaves, for the balance of a run; such a network has no steady state.
    pub ledger: bool,
}

/// A network of the colon alone, with the rest of the body clamped.
///
/// # Errors
/// Everything that does not fit: parameters that are missing, names that are not in the tables.
pub fn network(
    table: &ParameterTable,
    catalogue: &Catalogue,
    options: &ColonOptions,
) -> Result<Network, BuildErrors> {
    let m = Builder::new("colon", "d", table);
    let host = Host::clamped(&m);
    let offers = add(&m, table, catalogue, options, &host)?;
    plasma::add(&m, &offers);
    m.finish()
}

/// Writes the colon with bile into `m` and returns what it offers to other modules.
///
/// # Errors
/// Names of the options that are not in the tables.
pub fn add<'m>(
    m: &'m Builder<'_>,
    table: &'m ParameterTable,
    catalogue: &'m Catalogue,
    options: &ColonOptions,
    host: &Host<'m>,
) -> Result<Offers<'m>, BuildErrors> {
    let cast = layout::cast(catalogue, options)?;
    let drug_rows = drugs::rows(catalogue, &options.drugs)?;
    let strain_rows = strains::rows(catalogue, &options.strains)?;
    let context = Context::new(m, catalogue, table);
    let mut account = Account::new(m.constant(0.0));
    let transit = stool::transit(&context, host);
    let mut segments = lumen::segments(&context, &cast, options.layout, transit.factor);
    inflow::add(&context, &cast, &segments, host, &mut account);
    let added = strains::add(&context, &mut segments, &strain_rows, &mut account);
    let slowed = slowed_recovery(&context, &added, &segments);
    let pressure = drugs::add(&context, &cast, &segments, &drug_rows);
    let survival = strains::survival(&context, &cast, &pressure, slowed);
    let bile = bile::add(&context, &cast.groups, &segments, host, survival.bile_trait);
    interface::bile_link(m);
    let influences = growth::Influences {
        host,
        pressure: &pressure,
        survival: &survival,
        added: &added,
        secondary_bile: &bile.secondary_levels,
    };
    growth::add(&context, &cast, &segments, &influences);
    death::add(&context, &cast, &segments, &influences);
    difficile::add(&context, &segments, &bile, &mut account);
    let absorbed = absorption::add(&context, &cast, &segments, &mut account);
    let stool = stool::add(&context, &cast, &segments, transit, &mut account);
    let outcome = interface::Outcome {
        absorbed: &absorbed,
        stool: stool.as_ref(),
        bile: &bile,
        account: &account,
        influences: &influences,
        ledger: options.ledger,
    };
    Ok(interface::add(&context, &cast, &segments, &outcome))
}

/// Lactic acid bacteria that are eaten hold back the return of residents after antibiotics.
fn slowed_recovery<'m>(
    c: &Context<'m, '_>,
    added: &[strains::Added<'m>],
    segments: &[Segment<'m>],
) -> Expr<'m> {
    let m = c.m;
    let mut slowed = m.constant(1.0);
    for strain in added {
        let occupancy = strains::occupancy(c, strain, segments);
        if strain.row.guild == "LAB" {
            slowed = slowed * (1.0 - m.parameter("strains.recovery_hindrance", "1") * occupancy);
        }
    }
    slowed
}
