//! What the parts of the colon share while they are written: builder, tables, segments, guilds, accounts.

use super::layout::Layout;
use super::size::Size;
use super::{ColonOptions, Uptake};
use crate::catalogue::{Catalogue, GuildRow, Metabolite, Provenance, Quantity, Substrate};
use gutskin_network::{Builder, Expr, Mark, Parameter, ParameterTable, Spread};
use gutskin_units::Unit;
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, HashMap};

/// Builder, tables and parameters made from table cells.
pub(crate) struct Context<'m, 't> {
    pub m: &'m Builder<'t>,
    pub catalogue: &'m Catalogue,
    pub table: &'m ParameterTable,
    pub layout: Layout,
    pub uptake: Uptake,
    size: OnceCell<Size<'m>>,
    made: RefCell<HashMap<String, Expr<'m>>>,
}

impl<'m, 't> Context<'m, 't> {
    pub fn new(
        m: &'m Builder<'t>,
        catalogue: &'m Catalogue,
        table: &'m ParameterTable,
        options: &ColonOptions,
    ) -> Self {
        Self {
            m,
            table,
            catalogue,
            layout: options.layout,
            uptake: options.uptake,
            size: OnceCell::new(),
            made: RefCell::default(),
        }
    }

    /// How large this body is.
    pub fn size(&self) -> Size<'m> {
        *self.size.get_or_init(|| Size::new(self))
    }

    /// A value of the reference person, by the layout's own reference state.
    pub fn reference(&self, name: &str, unit: &str) -> Expr<'m> {
        self.m.parameter(&self.layout.reference(name), unit)
    }

    /// A parameter from a table cell; the same expression when asked twice.
    pub fn cell(
        &self,
        name: &str,
        value: f64,
        unit: &str,
        spread: Spread,
        provenance: &Provenance,
        doc: &str,
    ) -> Expr<'m> {
        if let Some(known) = self.made.borrow().get(name) {
            return *known;
        }
        if self.table.get(name).is_some() {
            // A parameter file may say otherwise than the table: life stages do.
            let expr = self.m.parameter(name, unit);
            self.made.borrow_mut().insert(name.to_owned(), expr);
            return expr;
        }
        let expr = self.m.add_parameter(Parameter {
            name: name.to_owned(),
            value,
            unit: Unit::parse(unit).ok(),
            spread,
            source: provenance.source.clone(),
            mark: provenance.mark,
            doc: doc.to_owned(),
        });
        self.made.borrow_mut().insert(name.to_owned(), expr);
        expr
    }

    /// A parameter from a cell with a unit, converted to `unit`.
    pub fn quantity(
        &self,
        name: &str,
        quantity: &Quantity,
        unit: &str,
        cv: f64,
        provenance: &Provenance,
        doc: &str,
    ) -> Expr<'m> {
        // Units were checked to be of the right kind when the table was read.
        let value = Unit::parse(unit)
            .ok()
            .and_then(|u| quantity.unit.convert(quantity.value, &u).ok())
            .unwrap_or(f64::NAN);
        self.cell(name, value, unit, lognormal(cv, value), provenance, doc)
    }

    /// A number of a table that has a spread and a unit of its own.
    pub fn spread(
        &self,
        name: &str,
        (value, cv): (f64, f64),
        unit: &str,
        provenance: &Provenance,
        doc: &str,
    ) -> Expr<'m> {
        self.cell(name, value, unit, lognormal(cv, value), provenance, doc)
    }

    /// A number of a table without spread.
    pub fn fixed(
        &self,
        name: &str,
        value: f64,
        unit: &str,
        provenance: &Provenance,
        doc: &str,
    ) -> Expr<'m> {
        self.cell(name, value, unit, Spread::Fixed, provenance, doc)
    }

    /// A number that follows from formulas (content of biomass and hexose).
    pub fn formula(&self, name: &str, value: f64, unit: &str, doc: &str) -> Expr<'m> {
        let provenance = Provenance {
            source: "formula".to_owned(),
            mark: Mark::Computed,
            note: String::new(),
        };
        self.fixed(name, value, unit, &provenance, doc)
    }

    /// Carbon and electrons of a unit of a pool (per g) or metabolite (per mmol, or g where it is counted in g).
    pub fn content(&self, name: &str) -> (Expr<'m>, Expr<'m>) {
        let catalogue = self.catalogue;
        let pool = catalogue.substrate(name).map(|s| ("mmol/g", &s.provenance));
        let metabolite = || {
            catalogue.metabolite(name).map(|x| {
                let unit = if x.unit == "g" { "mmol/g" } else { "1" };
                (unit, &x.provenance)
            })
        };
        let (Some(held), Some((unit, provenance))) =
            (catalogue.content(name), pool.or_else(metabolite))
        else {
            return (self.zero(), self.zero());
        };
        let of = |what: &str, value: f64| {
            let doc = format!("{what} of a unit of {name}");
            self.fixed(
                &format!("colon.{what}_of.{name}"),
                value,
                unit,
                provenance,
                &doc,
            )
        };
        (of("carbon", held.carbon), of("electrons", held.electrons))
    }

    /// Carbon and electrons of a gram of dry microbes.
    pub fn biomass_content(&self) -> (Expr<'m>, Expr<'m>) {
        let content = self.catalogue.biomass;
        let of = |what: &str, value: f64| {
            let doc = format!("{what} of dry microbes");
            self.formula(&format!("colon.{what}_of.biomass"), value, "mmol/g", &doc)
        };
        (
            of("carbon", content.carbon),
            of("electrons", content.electrons),
        )
    }

    pub fn zero(&self) -> Expr<'m> {
        self.m.constant(0.0)
    }
}

pub(crate) fn lognormal(cv: f64, value: f64) -> Spread {
    if cv > 0.0 && value > 0.0 {
        Spread::LogNormal {
            sd_ln: (1.0 + cv * cv).ln().sqrt(),
        }
    } else {
        Spread::Fixed
    }
}

/// Running sums of what enters and leaves the lumen.
#[derive(Clone, Copy)]
pub(crate) struct Account<'m> {
    pub carbon_in: Expr<'m>,
    pub carbon_out: Expr<'m>,
    pub electrons_in: Expr<'m>,
    pub electrons_out: Expr<'m>,
}

impl<'m> Account<'m> {
    pub fn new(zero: Expr<'m>) -> Self {
        Self {
            carbon_in: zero,
            carbon_out: zero,
            electrons_in: zero,
            electrons_out: zero,
        }
    }

    /// Books an inflow of something with this content per unit.
    pub fn enters(&mut self, flow: Expr<'m>, (carbon, electrons): (Expr<'m>, Expr<'m>)) {
        self.carbon_in = self.carbon_in + carbon * flow;
        self.electrons_in = self.electrons_in + electrons * flow;
    }

    /// Books an outflow.
    pub fn leaves(&mut self, flow: Expr<'m>, (carbon, electrons): (Expr<'m>, Expr<'m>)) {
        self.carbon_out = self.carbon_out + carbon * flow;
        self.electrons_out = self.electrons_out + electrons * flow;
    }
}

/// A guild of the network: one guild of the table, or several with fixed shares of one biomass (lean).
#[derive(Clone, Debug)]
pub(crate) struct Group {
    /// Name in states.
    pub name: String,
    /// Guilds of the table and their shares of the biomass.
    pub members: Vec<(GuildRow, f64)>,
}

impl Group {
    /// Coefficient of variation of a share-weighted number: that of the members by what they hold of it.
    pub fn weighted_cv(&self, of: impl Fn(&GuildRow) -> f64, cv: impl Fn(&GuildRow) -> f64) -> f64 {
        let whole = self.weighted(&of);
        if whole > 0.0 {
            self.weighted(|row| of(row) * cv(row)) / whole
        } else {
            0.0
        }
    }

    /// Share-weighted number of a guild row.
    pub fn weighted(&self, of: impl Fn(&GuildRow) -> f64) -> f64 {
        self.members.iter().map(|(g, share)| share * of(g)).sum()
    }
}

/// States of one segment.
pub(crate) struct Segment<'m> {
    /// `prox`, `trans`, `dist`, or `upper` and `dist`.
    pub name: &'static str,
    /// Water, L.
    pub water: Expr<'m>,
    /// Washout, 1/d.
    pub washout: Expr<'m>,
    /// Share of its microbes that moves on, 1/d: in a segment that stands for two they are densest where they leave.
    pub microbes_out: Expr<'m>,
    /// pH.
    pub ph: Expr<'m>,
    /// Biomass in the lumen, gDW, by group.
    pub biomass: BTreeMap<String, Expr<'m>>,
    /// Biomass in mucus, gDW, by group.
    pub mucosal: BTreeMap<String, Expr<'m>>,
    /// Substrates, g.
    pub substrates: BTreeMap<String, Expr<'m>>,
    /// Metabolites, mmol (or g).
    pub metabolites: BTreeMap<String, Expr<'m>>,
    /// Solids that nobody ferments, g.
    pub inert: Expr<'m>,
    /// Biomass of strains that are eaten, gDW.
    pub added: Vec<Expr<'m>>,
}

impl<'m> Segment<'m> {
    /// Biomass in lumen and mucus.
    pub fn active(&self, group: &str) -> Option<Expr<'m>> {
        let lumen = self.biomass.get(group)?;
        Some(match self.mucosal.get(group) {
            Some(mucus) => *lumen + *mucus,
            None => *lumen,
        })
    }

    /// Amount of a substrate or metabolite.
    pub fn amount(&self, name: &str) -> Option<Expr<'m>> {
        self.substrates
            .get(name)
            .or_else(|| self.metabolites.get(name))
            .copied()
    }

    /// Concentration of a substrate (g/L) or metabolite (mmol/L).
    pub fn concentration(&self, name: &str) -> Option<Expr<'m>> {
        Some(self.amount(name)? / self.water)
    }

    /// Concentration of a metabolite, zero where it is not in the tables.
    pub fn level(&self, name: &str, zero: Expr<'m>) -> Expr<'m> {
        self.concentration(name).unwrap_or(zero)
    }
}

/// Which rows of the tables are in this colon.
pub(crate) struct Cast {
    pub groups: Vec<Group>,
    pub substrates: Vec<Substrate>,
    pub metabolites: Vec<Metabolite>,
}
