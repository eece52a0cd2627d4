//! Do the routes close in carbon and electrons?

use super::table::CatalogueError;
use super::{Catalogue, KineticRow, Per, Route, TABLES, stem_of};

/// Largest relative gap in electrons that a row of the table may have before it is scaled to close exactly.
const LARGEST_GAP: f64 = 0.05;

/// Content of one unit of a substrate: carbon, electrons, nitrogen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Content {
    /// Carbon, mmol.
    pub carbon: f64,
    /// Electrons, mmol.
    pub electrons: f64,
    /// Nitrogen, mmol.
    pub nitrogen: f64,
}

/// Electrons of a mmol of hexose.
pub const HEXOSE_ELECTRONS: f64 = 24.0;

impl Catalogue {
    /// Content of a unit of a pool (g) or metabolite (mmol or g).
    pub fn content(&self, name: &str) -> Option<Content> {
        let pool = self.substrates.iter().find(|s| s.name == name);
        let metabolite = self.metabolites.iter().find(|m| m.name == name);
        pool.map(|s| Content {
            carbon: s.carbon,
            electrons: s.electrons,
            nitrogen: s.nitrogen,
        })
        .or_else(|| {
            metabolite.map(|m| Content {
                carbon: m.carbon,
                electrons: m.electrons,
                nitrogen: m.nitrogen,
            })
        })
    }

    /// Electrons of what a route's terms hold, per amount it is written for.
    pub fn route_electrons(&self, route: &Route) -> f64 {
        self.sum(route, |c| c.electrons)
    }

    /// Carbon of what a route's terms hold.
    pub fn route_carbon(&self, route: &Route) -> f64 {
        self.sum(route, |c| c.carbon)
    }

    fn sum(&self, route: &Route, of: impl Fn(Content) -> f64) -> f64 {
        let terms = route.terms.iter();
        terms
            .map(|(name, amount)| self.content(name).map_or(0.0, &of) * amount)
            .sum()
    }

    /// Checks that each pairing of substrate and route closes in electrons within a few percent (the rest is scaled
    /// away), and that carbon is left over for carbon dioxide where the route does not fix it; and that routes which no
    /// row of kinetics uses would close with something.
    pub(super) fn check_balance(&self, owners: &Owners<'_>) -> Result<(), CatalogueError> {
        for row in &self.kinetics {
            let (Some(route), Some(content)) =
                (self.route(&row.route), self.content(&row.substrate))
            else {
                continue;
            };
            let is_pool = self.substrates.iter().any(|s| s.name == row.substrate);
            if (route.per == Per::Millimole) == is_pool {
                let message = format!(
                    "route \"{}\" is not written for an amount of {}; a pool needs a route per hexose or per g, a metabolite one per mmol",
                    route.name, row.substrate
                );
                return Err(owners.fault("kinetics", row.line, message));
            }
            check_electrons(self, route, content)
                .and_then(|()| self.check_carbon(route, content, row))
                .map_err(|message| owners.blame(self, (route, row), message))?;
        }
        self.check_idle(owners)
    }

    /// Routes that no row of kinetics uses.
    fn check_idle(&self, owners: &Owners<'_>) -> Result<(), CatalogueError> {
        let used = |route: &Route| self.kinetics.iter().any(|k| k.route == route.name);
        for route in self.routes.iter().filter(|r| !used(r)) {
            let pools = self.substrates.iter().map(|s| s.name.as_str());
            let metabolites = self.metabolites.iter().map(|m| m.name.as_str());
            let mut eaten: Vec<&str> = match route.per {
                Per::Hexose | Per::Gram => pools.collect(),
                Per::Millimole => metabolites.collect(),
            };
            eaten.retain(|name| route.terms.iter().all(|(made, _)| made != name));
            let closes = |name: &&str| {
                let content = self.content(name);
                content.is_some_and(|c| check_electrons(self, route, c).is_ok())
            };
            if eaten.iter().any(closes) {
                continue;
            }
            let what = match route.per {
                Per::Hexose => format!("{HEXOSE_ELECTRONS} mmol electrons of a hexose"),
                Per::Gram => "the electrons of a gram of any pool".to_owned(),
                Per::Millimole => "the electrons of a mmol of any metabolite".to_owned(),
            };
            let message = format!(
                "route \"{}\", which no row of kinetics uses, makes {:.2} mmol electrons: not {what} within {} %; change its products, or take it out",
                route.name,
                self.route_electrons(route),
                100.0 * LARGEST_GAP
            );
            return Err(owners.fault("routes", route.line, message));
        }
        Ok(())
    }

    fn check_carbon(
        &self,
        route: &Route,
        content: Content,
        row: &KineticRow,
    ) -> Result<(), String> {
        let yields = self.yield_of(row);
        let share = 1.0 - yields * self.biomass.electrons / content.electrons;
        if share <= 0.0 {
            return Err(format!(
                "yield {yields} of {} on {} needs more electrons than the substrate holds; lower it",
                row.guild, row.substrate
            ));
        }
        if route.fixes_carbon {
            return Ok(());
        }
        // Per electron, so that it holds for every yield: biomass holds less carbon per electron than the products'
        // share would need only where the products take more carbon than comes in.
        let scale = content.electrons / self.route_electrons(route);
        let left = content.carbon
            - yields * self.biomass.carbon
            - share * scale * self.route_carbon(route);
        if left < -1e-9 {
            return Err(format!(
                "route \"{}\" on {} makes {:.3} mmol more carbon than it takes in; \
                 use products with fewer carbon atoms, or set \"fixes_carbon\" to yes",
                route.name, row.substrate, -left
            ));
        }
        Ok(())
    }
}

fn check_electrons(catalogue: &Catalogue, route: &Route, content: Content) -> Result<(), String> {
    let expected = match route.per {
        Per::Hexose => HEXOSE_ELECTRONS,
        Per::Millimole | Per::Gram => content.electrons,
    };
    let found = catalogue.route_electrons(route);
    let gap = (found / expected - 1.0).abs();
    if gap.is_nan() || gap > LARGEST_GAP {
        return Err(format!(
            "route \"{}\" makes {found:.2} mmol electrons of {expected:.2} that go in; \
             change its products until they agree within {} %",
            route.name,
            100.0 * LARGEST_GAP
        ));
    }
    Ok(())
}

/// The files and texts of the tables: whose row is at fault where several meet.
pub(super) struct Owners<'t> {
    /// In the order of [`TABLES`]: name of the file and text.
    texts: &'t [(&'t str, &'t str)],
}

impl<'t> Owners<'t> {
    pub fn new(texts: &'t [(&'t str, &'t str)]) -> Self {
        Self { texts }
    }

    /// Name of the file of a table.
    fn file(&self, stem: &str) -> &'t str {
        let at = TABLES.iter().position(|(file, _)| stem_of(file) == stem);
        at.and_then(|i| self.texts.get(i)).map_or("", |t| t.0)
    }

    /// Is this row of a table one that does not ship?
    fn is_own(&self, stem: &str, line: usize) -> bool {
        let mut tables = TABLES.iter().zip(self.texts);
        let Some((shipped, own)) = tables.find(|(shipped, _)| stem_of(shipped.0) == stem) else {
            return false;
        };
        let row = own.1.lines().nth(line.saturating_sub(1));
        row.is_some_and(|row| !shipped.1.lines().any(|known| known == row))
    }

    fn fault(&self, stem: &str, line: usize, message: String) -> CatalogueError {
        CatalogueError {
            file: self.file(stem).to_owned(),
            line,
            message,
        }
    }

    /// The error at the row that is not one of the project's own, the route itself first.
    fn blame(
        &self,
        catalogue: &Catalogue,
        (route, row): (&Route, &KineticRow),
        message: String,
    ) -> CatalogueError {
        if self.is_own("routes", route.line) {
            return self.fault("routes", route.line, message);
        }
        let made = route.terms.iter().map(|term| term.0.as_str());
        for name in std::iter::once(row.substrate.as_str()).chain(made) {
            let pool = catalogue.substrate(name).map(|s| ("pools", "pool", s.line));
            let other = || catalogue.metabolite(name);
            let met = pool.or_else(|| other().map(|m| ("metabolites", "metabolite", m.line)));
            let Some((stem, kind, line)) = met.filter(|(stem, _, line)| self.is_own(stem, *line))
            else {
                continue;
            };
            let text = format!(
                "with the carbon and electrons that stand here for {kind} \"{name}\", {message}, or the content of \"{name}\""
            );
            return self.fault(stem, line, text);
        }
        if self.is_own("kinetics", row.line) {
            let text = format!(
                "{} on {}: {message}, or name another route",
                row.guild, row.substrate
            );
            return self.fault("kinetics", row.line, text);
        }
        self.fault("routes", route.line, message)
    }
}
