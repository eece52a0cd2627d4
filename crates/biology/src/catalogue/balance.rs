//! Do the routes close in carbon and electrons?

use super::table::CatalogueError;
use super::{Catalogue, KineticRow, Per, Route};

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
    /// away), and that carbon is left over for carbon dioxide where the route does not fix it.
    pub(super) fn check_balance(
        &self,
        routes_file: &str,
        kinetics_file: &str,
    ) -> Result<(), CatalogueError> {
        for row in &self.kinetics {
            let fault = |file: &str, line: usize, message: String| CatalogueError {
                file: file.to_owned(),
                line,
                message,
            };
            let (Some(route), Some(content)) =
                (self.route(&row.route), self.content(&row.substrate))
            else {
                continue;
            };
            let is_pool = self.substrates.iter().any(|s| s.name == row.substrate);
            if (route.per == Per::Millimole) == is_pool {
                return Err(fault(
                    kinetics_file,
                    row.line,
                    format!(
                        "route \"{}\" is not written for an amount of {}; a pool needs a route per hexose or per g, a metabolite one per mmol",
                        route.name, row.substrate
                    ),
                ));
            }
            self.check_electrons(route, content)
                .and_then(|()| self.check_carbon(route, content, row))
                .map_err(|message| fault(routes_file, route.line, message))?;
        }
        Ok(())
    }

    fn check_electrons(&self, route: &Route, content: Content) -> Result<(), String> {
        let expected = match route.per {
            Per::Hexose => HEXOSE_ELECTRONS,
            Per::Millimole | Per::Gram => content.electrons,
        };
        let found = self.route_electrons(route);
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

    fn check_carbon(
        &self,
        route: &Route,
        content: Content,
        row: &KineticRow,
    ) -> Result<(), String> {
        if route.fixes_carbon {
            return Ok(());
        }
        // Per electron, so that it holds for every yield: biomass holds less carbon per electron than the products'
        // share would need only where the products take more carbon than comes in.
        let scale = content.electrons / self.route_electrons(route);
        let yields = self.yield_of(row);
        let share = 1.0 - yields * self.biomass.electrons / content.electrons;
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
        if share <= 0.0 {
            return Err(format!(
                "yield {yields} of {} on {} needs more electrons than the substrate holds; lower it",
                row.guild, row.substrate
            ));
        }
        Ok(())
    }
}
