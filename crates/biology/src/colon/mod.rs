//! The colon: segments in series, an ecosystem of guilds that ferment, compete and feed each other.
//!
//! Everything that is specific to a guild, fibre or metabolite is a row of the tables in `catalogue/`; this module
//! turns rows into equations. Amounts are per person: biomass gDW, substrates g, metabolites mmol, water L.

mod absorption;
mod context;
mod death;
mod difficile;
mod diversity;
mod growth;
mod inflow;
mod interface;
mod layout;
mod lumen;
mod reference;
mod size;
mod stool;
mod transplant;

pub(crate) use context::{Account, Cast, Context, Group, Segment, lognormal};
pub(crate) use interface::acid_suppression;
pub use interface::{Host, Offers, Signals};
pub use layout::Layout;
pub(crate) use lumen::reference;
pub use reference::lay_reference;
pub use size::Size;

/// Inputs of stool that is given, which stand in a network only where [`ColonOptions::transplants`] asks for them.
pub const TRANSPLANTS: [&str; 2] = [transplant::OWN, transplant::DONOR];

use crate::catalogue::{Catalogue, Substrate};
use crate::{bile, drugs, plasma, strains};
use gutskin_network::{BuildErrors, Builder, Expr, Network, ParameterTable};

/// Input of swallowed spores, which stands in a network only where [`ColonOptions::guilds`] names [`DIFFICILE`].
pub const SPORES: &str = difficile::SPORES;
/// Guild of C. difficile.
pub const DIFFICILE: &str = difficile::GUILD;

/// Laws of the uptake of fatty acids: closures between what is made and what stool holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Uptake {
    /// In proportion to what is above the floor of the segment; the shipped model.
    #[default]
    Floor,
    /// Besides, water that is absorbed carries acids along.
    Drag,
    /// The lining that is in use grows with the contents.
    Recruited,
}

impl Uptake {
    /// Every law with its name in scenarios.
    pub const ALL: [(&str, Self); 3] = [
        ("floor", Self::Floor),
        ("drag", Self::Drag),
        ("recruited", Self::Recruited),
    ];
}

/// What is in the colon of a network, beyond the residents.
#[derive(Clone, Debug, Default)]
pub struct ColonOptions {
    /// Full (three segments) or lean (two).
    pub layout: Layout,
    /// Guilds that are not resident and shall be present (C. difficile, yeasts).
    pub guilds: Vec<String>,
    /// Pools that are not resident and shall be fed (psyllium, human milk oligosaccharides …).
    pub pools: Vec<String>,
    /// Drugs that a scenario may give.
    pub drugs: Vec<String>,
    /// Strains that a scenario may give.
    pub strains: Vec<String>,
    /// How the lining takes up fatty acids.
    pub uptake: Uptake,
    /// Stool of one's own or of a donor may be given.
    pub transplants: bool,
    /// Adds cumulative sums of what enters and leaves, for the balance of a run; such a network has no steady state.
    pub ledger: bool,
}

impl ColonOptions {
    /// What the parameters ask for: pools that are not resident and are part of the usual food.
    #[must_use]
    pub fn of(table: &ParameterTable, catalogue: &Catalogue) -> Self {
        let eaten = |pool: &&Substrate| {
            let usual = table.get(&format!("diet.reference_{}", pool.name));
            !pool.resident && usual.is_some_and(|p| p.value > 0.0)
        };
        let pools = catalogue.substrates.iter().filter(eaten);
        Self {
            pools: pools.map(|pool| pool.name.clone()).collect(),
            ..Self::default()
        }
    }
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
    let name = format!("colon{}", options.layout.suffix());
    let m = Builder::new(&name, "d", table);
    let signals = Signals {
        acid_suppression: acid_suppression(&m),
        ..Signals::clamped(&m)
    };
    let mucin = clamped_mucin(&m);
    let offers = add(&m, table, catalogue, options, &signals, &|_| mucin)?;
    plasma::add(&m, &offers);
    let mut network = m.finish()?;
    cite_formulas(&mut network);
    Ok(network)
}

/// The citation of numbers that follow from chemical formulas.
pub(crate) fn cite_formulas(network: &mut Network) {
    network.citations.insert(
        "formula".to_owned(),
        "follows from the chemical formulas of biomass and hexose".to_owned(),
    );
}

/// Mucin secretion held by the scenario.
pub(crate) fn clamped_mucin<'m>(m: &'m Builder<'_>) -> Expr<'m> {
    m.input(
        "clamped.mucin_factor",
        "1",
        1.0,
        "mucin secretion over the reference",
    )
}

/// Writes the colon with bile into `m` and returns what it offers to other modules. `signals` is what the body does to
/// the colon; `mucin` gives the secretion of mucin over the reference for the butyrate at the surface (mM).
///
/// # Errors
/// Names of the options that are not in the tables.
pub fn add<'m>(
    m: &'m Builder<'_>,
    table: &'m ParameterTable,
    catalogue: &'m Catalogue,
    options: &ColonOptions,
    signals: &Signals<'m>,
    mucin: &dyn Fn(Expr<'m>) -> Expr<'m>,
) -> Result<Offers<'m>, BuildErrors> {
    let cast = layout::cast(catalogue, options)?;
    let drug_rows = drugs::rows(catalogue, &options.drugs)?;
    let strain_rows = strains::rows(catalogue, &options.strains)?;
    let context = Context::new(m, catalogue, table, options);
    let mut account = Account::new(m.constant(0.0));
    let mut host = Host::from_signals(m, signals);
    let transit = stool::transit(&context, &host);
    let mut segments = lumen::segments(&context, &cast, options.layout, transit.factor);
    let surface_butyrate = interface::surface_butyrate(&context, &segments);
    host.mucin_factor = mucin(surface_butyrate);
    let host = &host;
    inflow::add(&context, &cast, &segments, host, &mut account);
    let added = strains::add(&context, &mut segments, &strain_rows, &mut account);
    let slowed = slowed_recovery(&context, &added, &segments);
    let pressure = drugs::add(&context, &cast, &segments, &drug_rows);
    let transplant = transplant::add(&context, &cast, &segments, options, &mut account);
    let survival = strains::survival(&context, &cast, &pressure, slowed, transplant);
    let bile = bile::add(&context, &cast.groups, &segments, host, survival.bile_trait);
    let inhibited = |g: &Group| g.members.iter().any(|(row, _)| row.bile_half.is_some());
    if cast.groups.iter().any(inhibited) {
        interface::bile_link(m);
    }
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
        surface_butyrate,
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
