//! The colon: segments in series, an ecosystem of guilds that ferment, compete and feed each other.
//!
//! Everything that is specific to a guild, fibre or metabolite is a row of the tables in `catalogue/`; this module
//! turns rows into equations. Amounts are per person: biomass gDW, substrates g, metabolites mmol, water L.

mod absorption;
mod context;
mod growth;
mod interface;
mod layout;
mod lumen;
mod stool;

use context::Account;
pub(crate) use context::{Context, Group, Segment};
pub use interface::{Host, Offers, Signals};
pub use layout::Layout;
pub(crate) use lumen::reference;

use crate::catalogue::Catalogue;
use crate::{bile, plasma};
use gutskin_network::{BuildErrors, Builder, Network, ParameterTable};

/// What is in the colon of a network, beyond the residents.
#[derive(Clone, Debug, Default)]
pub struct ColonOptions {
    /// Full (three segments) or lean (one).
    pub layout: Layout,
    /// Guilds that are not resident and shall be present (C. difficile, yeasts).
    pub guilds: Vec<String>,
    /// Pools that are not resident and shall be fed (psyllium, human milk oligosaccharides …).
    pub pools: Vec<String>,
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
    let context = Context::new(m, catalogue, table);
    let mut account = Account::new(m.constant(0.0));
    let transit = stool::transit(&context, host);
    let segments = lumen::segments(&context, &cast, options.layout, transit.factor);
    lumen::inflow(&context, &cast, &segments, host, &mut account);
    growth::add(&context, &cast, &segments, host);
    let absorbed = absorption::add(&context, &cast, &segments, &mut account);
    let stool = stool::add(&context, &cast, &segments, transit, &mut account);
    let bile = bile::add(&context, &cast.groups, &segments, host, m.constant(1.0));
    Ok(interface::add(
        &context,
        &cast,
        &segments,
        &absorbed,
        stool.as_ref(),
        &bile,
        &account,
        host,
        options,
    ))
}
