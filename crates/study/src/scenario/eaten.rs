//! What is eaten or swallowed and acts in the gut: foods and prebiotics, strains, drugs of the gut.

use super::exposure::{Moves, unit_of};
use super::file::Change;
use super::resolve::Resolver;
use super::timeline::Effect;
use super::{ScenarioError, drug::Given};
use gutskin_biology::catalogue::{Catalogue, Drug, Eaten, Synbiotic};
use gutskin_biology::colon::{ColonOptions, DIFFICILE, SPORES, TRANSPLANTS};
use gutskin_network::Network;
use gutskin_units::Unit;
use std::ops::Range;
use toml::Spanned;

type Result<T> = std::result::Result<T, ScenarioError>;

/// Inputs of a strain, of a pool of food, of a drug.
const STRAIN: &str = "input.strain.";
const POOL: &str = "input.diet.";
const DRUG: &str = "input.drug.";

impl Resolver<'_> {
    /// What the colon must hold, beside its residents, for the changes of these arms to act.
    pub(super) fn in_colon(
        &self,
        changes: &[&Spanned<Change>],
        given: &Given,
    ) -> Result<ColonOptions> {
        let mut options = ColonOptions {
            drugs: given.gut.clone(),
            ..ColonOptions::default()
        };
        if !self.usual.is_empty() {
            let catalogue = self.ingredients().tables.catalogue();
            let catalogue = catalogue.map_err(|e| self.error(0..0, e.to_string()))?;
            for input in &self.usual {
                need(&mut options, &catalogue, input);
            }
        }
        for (kind, name) in changes.iter().flat_map(|c| c.as_ref().named()) {
            match kind {
                "strain" => {
                    let strains = self.catalogue(name)?.strains;
                    let mut known = strains.iter().map(|s| s.id.as_str());
                    if !known.clone().any(|id| id == name.as_ref()) {
                        return Err(self.unknown("strain", name, &mut known));
                    }
                    add(&mut options.strains, name.as_ref());
                }
                _ => {
                    let catalogue = self.catalogue(name)?;
                    for input in self.inputs_of(kind, name)? {
                        need(&mut options, &catalogue, &input);
                    }
                }
            }
        }
        Ok(options)
    }

    /// The inputs that something moves by its name, as far as they may have to be made.
    fn inputs_of(&self, kind: &str, name: &Spanned<String>) -> Result<Vec<String>> {
        let names = |eaten: Eaten| eaten.adds.into_iter().map(|add| add.0);
        Ok(match kind {
            "food" | "prebiotic" => names(self.eatable(kind, name)?).collect(),
            "synbiotic" => {
                let mut inputs = Vec::new();
                for component in self.synbiotic(name)?.components {
                    let part = Spanned::new(name.span(), component.name);
                    if component.strain {
                        inputs.push(format!("{STRAIN}{}", part.as_ref()));
                    } else {
                        inputs.extend(names(self.eatable("prebiotic", &part)?));
                    }
                }
                inputs
            }
            "input" => vec![name.as_ref().clone()],
            "exposure" => {
                let all = self.ingredients().tables.exposures();
                let all = all.map_err(|e| self.error(name.span(), e.to_string()))?;
                let named = all.into_iter().filter(|e| e.id == *name.as_ref());
                named.flat_map(|e| e.inputs).map(|moved| moved.0).collect()
            }
            "diet" => {
                let all = self.ingredients().tables.diets();
                let all = all.map_err(|e| self.error(name.span(), e.to_string()))?;
                let rows = all.into_iter().filter(|d| d.id == *name.as_ref());
                rows.map(|d| d.input).collect()
            }
            _ => Vec::new(),
        })
    }

    /// A synbiotic of the catalogue.
    fn synbiotic(&self, name: &Spanned<String>) -> Result<Synbiotic> {
        let all = self.ingredients().tables.synbiotics();
        let all = all.map_err(|e| self.error(name.span(), e.to_string()))?;
        let found = all.iter().find(|s| s.id == *name.as_ref()).cloned();
        found.ok_or_else(|| self.unknown("synbiotic", name, all.iter().map(|s| s.id.as_str())))
    }

    /// Strains and prebiotics together, each in its usual amount times the dose.
    pub(super) fn together(
        &self,
        raw: &Spanned<Change>,
        name: &Spanned<String>,
        network: &Network,
    ) -> Result<Moves> {
        let dose = self.dose_of_more(raw)?;
        self.within_studied(raw, (name.as_ref(), dose, "usual doses"), (None, Some(1.0)))?;
        let mut moves = Moves::default();
        for component in self.synbiotic(name)?.components {
            let amount = dose * component.amount;
            let part = Spanned::new(name.span(), component.name);
            if component.strain {
                let input = format!("{STRAIN}{}", part.as_ref());
                let Some(index) = network.input(&input) else {
                    return Err(self.missing(name, ("synbiotic", name.as_ref()), &input, network));
                };
                moves.inputs.push((index, Effect::Add(amount)));
            } else {
                let eaten = self.eatable("prebiotic", &part)?;
                moves
                    .inputs
                    .extend(self.added("prebiotic", name, &eaten, amount, network)?);
            }
        }
        Ok(moves)
    }

    /// A food or prebiotic of the catalogue.
    fn eatable(&self, kind: &str, name: &Spanned<String>) -> Result<Eaten> {
        let from = self.ingredients();
        let all = if kind == "food" {
            from.tables.foods(&from.parameters)
        } else {
            from.tables.prebiotics()
        };
        let all = all.map_err(|e| self.error(name.span(), e.to_string()))?;
        let found = all.iter().find(|e| e.id == *name.as_ref()).cloned();
        found.ok_or_else(|| self.unknown(kind, name, all.iter().map(|e| e.id.as_str())))
    }

    /// What a food or prebiotic adds to the inputs.
    pub(super) fn eaten(
        &self,
        kind: &str,
        raw: &Spanned<Change>,
        name: &Spanned<String>,
        network: &Network,
    ) -> Result<Moves> {
        let eaten = self.eatable(kind, name)?;
        let grams = match (&raw.as_ref().amount, eaten.usual) {
            (Some(amount), _) => self.amount(amount, "g/d")?,
            (None, Some(usual)) => {
                if self.of_children() {
                    let text = format!(
                        "\"{}\" in {usual} g/d, its usual amount for adults: give an amount for the age",
                        eaten.id
                    );
                    self.warn(name.span(), &text);
                }
                self.dose_of_more(raw)? * usual
            }
            (None, None) => {
                return Err(self
                    .error(
                        name.span(),
                        format!("\"{}\" has no usual serving", eaten.id),
                    )
                    .with_help("give the amount, for example amount = \"50 g/d\""));
            }
        };
        if kind == "food" {
            let place = raw.as_ref().amount.as_ref().unwrap_or(name).span();
            self.can_be_taken(&place, (&eaten.id, grams, "g/d"), eaten.usual)?;
        }
        let usual = eaten.usual.filter(|_| kind != "food");
        self.within_studied(raw, (&eaten.id, grams, "g/d"), (eaten.studied, usual))?;
        /// Foods have no studied range; more servings a day than these nobody eats.
        const MOST_SERVINGS: f64 = 10.0;
        if let Some(usual) = eaten
            .usual
            .filter(|usual| kind == "food" && grams > MOST_SERVINGS * usual)
        {
            let text = format!(
                "{} g/d of \"{}\" is {} usual servings a day: was another unit meant?",
                plain(grams),
                eaten.id,
                plain((grams / usual).round())
            );
            self.warn(name.span(), &text);
        }
        Ok(Moves {
            inputs: self.added(kind, name, &eaten, grams, network)?,
            usual_length: None,
        })
    }

    /// What so many grams a day add to the inputs.
    fn added(
        &self,
        kind: &str,
        name: &Spanned<String>,
        eaten: &Eaten,
        grams: f64,
        network: &Network,
    ) -> Result<Vec<(u32, Effect)>> {
        let named = (kind, eaten.id.as_str());
        let all = eaten.adds.iter().map(|add| add.0.as_str());
        let held = self.held(name, named, all, network)?;
        let adds = eaten.adds.iter().zip(held);
        let add = |((_, value, unit), index): (&(String, f64, Unit), Option<u32>)| {
            let index = index?;
            let value = unit.convert(*value, &unit_of(network, index));
            let value =
                value.map_err(|e| self.error(name.span(), format!("{kind} \"{}\": {e}", eaten.id)));
            Some(value.map(|v| (index, Effect::Add(grams * v))))
        };
        adds.filter_map(add).collect()
    }

    /// Live cells of a strain.
    pub(super) fn strain(
        &self,
        raw: &Spanned<Change>,
        name: &Spanned<String>,
        network: &Network,
    ) -> Result<Moves> {
        let input = format!("{STRAIN}{}", name.as_ref());
        let Some(index) = network.input(&input) else {
            return Err(self.missing(name, ("strain", name.as_ref()), &input, network));
        };
        let cells = match &raw.as_ref().amount {
            Some(amount) => self.amount(amount, "CFU/d")?,
            None => self.dose_of_more(raw)? * self.usual_cells(name)?,
        };
        let strains = self.catalogue(name)?.strains;
        let row = strains.iter().find(|s| s.id == *name.as_ref());
        self.within_studied(
            raw,
            (name.as_ref(), cells, "CFU/d"),
            (row.and_then(|s| s.studied), self.usual_cells(name).ok()),
        )?;
        Ok(Moves {
            inputs: vec![(index, Effect::Add(cells))],
            usual_length: None,
        })
    }

    /// The usual dose of a strain, CFU/d.
    fn usual_cells(&self, name: &Spanned<String>) -> Result<f64> {
        let catalogue = self.catalogue(name)?;
        let row = catalogue.strains.iter().find(|s| s.id == *name.as_ref());
        let dose = row.and_then(|s| s.dose.as_ref()).map_or(0.0, |d| d.value);
        if dose > 0.0 {
            return Ok(dose);
        }
        Err(self
            .error(
                name.span(),
                format!("no usual dose of live cells is known for \"{}\"", name.as_ref()),
            )
            .with_help("give the amount, for example amount = \"1e10 CFU/d\"; gutskin catalogue shows what was given"))
    }

    /// A drug by its dose in the lumen of the gut; nothing for one that acts elsewhere only.
    pub(super) fn gut_drug(
        &self,
        raw: &Spanned<Change>,
        name: &Spanned<String>,
        network: &Network,
    ) -> Result<Moves> {
        let change = raw.as_ref();
        let id = self.id_in_gut(name)?;
        if id.is_none() || self.is_in_skin(name, network)? {
            self.usual_only(change, name)?;
        }
        let Some(id) = id else {
            return Ok(Moves::default());
        };
        let Some(index) = network.input(&format!("{DRUG}{id}")) else {
            return Ok(Moves::default());
        };
        let value = match &change.amount {
            Some(amount) => self.amount(amount, "mg/d")?,
            None => self.dose_of_more(raw)? * self.usual_milligrams(&id, name)?,
        };
        let mut inputs = vec![(index, Effect::Set(value))];
        let catalogue = self.catalogue(name)?;
        let row = catalogue.drugs.iter().find(|d| d.id == id);
        for (input, added) in row.iter().flat_map(|d| &d.adds) {
            let Some(index) = network.input(input) else {
                let text = format!(
                    "\"{id}\" moves {input} too, which model \"{}\" does not have; left out",
                    network.name
                );
                self.warn_once(name.span(), &text);
                continue;
            };
            let unit = unit_of(network, index);
            let at_usual = added.unit.convert(added.value, &unit);
            let at_usual = at_usual.map_err(|e| self.error(name.span(), e.to_string()))?;
            let usual = self.usual_milligrams(&id, name)?;
            inputs.push((index, Effect::Add(at_usual * value / usual)));
        }
        let usual = self.usual_milligrams(&id, name).ok();
        let studied = row.and_then(|d| d.studied);
        self.within_studied(raw, (&id, value, "mg/d"), (studied, usual))?;
        let transit = network.input("input.transit_factor");
        if let (Some(row), Some(transit)) = (row.filter(|d| d.transit_factor != 1.0), transit) {
            // By dose: none leaves transit alone, twice the usual one does twice as much to its logarithm.
            let usual = self.usual_milligrams(&id, name)?;
            inputs.push((transit, Effect::Set(row.transit_factor.powf(value / usual))));
        }
        Ok(Moves {
            inputs,
            usual_length: None,
        })
    }

    /// Does the skin of this network hold the drug, at the regimen of its label?
    fn is_in_skin(&self, name: &Spanned<String>, network: &Network) -> Result<bool> {
        let all = self.ingredients().tables.skin_drugs();
        let all = all.map_err(|e| self.error(name.span(), e.to_string()))?;
        let drug = all.iter().find(|d| d.id == *name.as_ref());
        Ok(drug.is_some_and(|d| !d.taken(network, 0.0, 1.0, None).is_empty()))
    }

    /// Refuses amounts of a drug that is known by its usual regimen only.
    fn usual_only(&self, change: &Change, name: &Spanned<String>) -> Result<()> {
        match &change.amount {
            Some(amount) => Err(self
                .error(
                    amount.span(),
                    format!("\"{}\" is known by its usual regimen", name.as_ref()),
                )
                .with_help("give a dose, in multiples of the usual one: dose = 0.5")),
            None => Ok(()),
        }
    }

    fn usual_milligrams(&self, id: &str, name: &Spanned<String>) -> Result<f64> {
        let catalogue = self.catalogue(name)?;
        let row = catalogue.drugs.iter().find(|d| d.id == id);
        Ok(row.map_or(0.0, |d| d.dose.value))
    }

    /// The drugs that do something in the gut.
    pub(super) fn gut_drugs(&self, name: &Spanned<String>) -> Result<Vec<Drug>> {
        let catalogue = self.catalogue(name)?;
        Ok(catalogue.drugs.into_iter().filter(Drug::acts).collect())
    }

    /// The tables with the changes of the scenario.
    fn catalogue(&self, name: &Spanned<String>) -> Result<Catalogue> {
        let catalogue = self.ingredients().tables.catalogue();
        catalogue.map_err(|e| self.error(name.span(), e.to_string()))
    }

    /// Refuses what nobody can take where it is of a person, and warns of an amount that nobody has studied.
    pub(super) fn within_studied(
        &self,
        raw: &Spanned<Change>,
        (id, amount, unit): (&str, f64, &str),
        (studied, usual): (Option<[f64; 2]>, Option<f64>),
    ) -> Result<()> {
        let change = raw.as_ref();
        let place = change.amount.as_ref().map(Spanned::span);
        let place = place.or_else(|| change.dose.as_ref().map(Spanned::span));
        // The usual dose needs no warning.
        let Some(place) = place else { return Ok(()) };
        let most = studied.map(|[_, high]| high).or(usual);
        self.can_be_taken(&place, (id, amount, unit), most)?;
        match studied {
            Some(range) => self.not_studied(place, (id, amount, unit), range),
            None => self.many(place, (id, amount, unit), usual),
        }
        Ok(())
    }

    /// Refuses more of something for a person than anybody can take; `most` is what was studied, or is usual.
    pub(super) fn can_be_taken(
        &self,
        place: &Range<usize>,
        (id, amount, unit): (&str, f64, &str),
        most: Option<f64>,
    ) -> Result<()> {
        /// More than this times what was studied is a typing error …
        const MANY: f64 = 100.0;
        /// … but fewer cells a day than these are in some product.
        const CELLS: f64 = 1e13;
        let Some(most) = most.filter(|most| self.of_person && *most > 0.0) else {
            return Ok(());
        };
        let bound = match unit {
            "CFU/d" => CELLS.max(MANY * most),
            _ => MANY * most,
        };
        if amount.abs() <= bound {
            return Ok(());
        }
        Err(self
            .error(
                place.clone(),
                format!(
                    "{} {unit} of \"{id}\" is {} times what was studied or is usual ({} {unit}): nobody takes so much",
                    plain(amount),
                    plain((amount.abs() / most).round()),
                    plain(most)
                ),
            )
            .with_help(format!(
                "look at amount and unit: up to {} {unit} is simulated for a person",
                plain(bound)
            )))
    }

    fn not_studied(
        &self,
        place: Range<usize>,
        (id, amount, unit): (&str, f64, &str),
        [low, high]: [f64; 2],
    ) {
        /// Published amounts are rounded.
        const SLACK: f64 = 1e-6;
        if amount > 0.0 && (amount < low * (1.0 - SLACK) || amount > high * (1.0 + SLACK)) {
            let range = if low == high {
                plain(low)
            } else {
                format!("{} to {}", plain(low), plain(high))
            };
            self.warn(
                place,
                &format!("{} {unit} of \"{id}\" was not studied, as far as the catalogue knows; {range} {unit} was", plain(amount)),
            );
        }
    }

    /// Warns of far more than usual of something whose studied range the catalogue does not know.
    fn many(&self, place: Range<usize>, (id, amount, unit): (&str, f64, &str), usual: Option<f64>) {
        /// Doses between these shares of the usual one are common.
        const COMMON: f64 = 3.0;
        let Some(usual) = usual.filter(|u| *u > 0.0) else {
            return;
        };
        if amount > COMMON * usual || amount > 0.0 && amount < usual / COMMON {
            let beside = match unit {
                "usual doses" => String::new(),
                _ => format!("; the usual dose is {} {unit}", plain(usual)),
            };
            let text = format!(
                "{} {unit} of \"{id}\": the catalogue knows no range that was studied{beside}",
                plain(amount)
            );
            self.warn(place, &text);
        }
    }

    fn amount(&self, amount: &Spanned<String>, unit: &str) -> Result<f64> {
        let unit = Unit::parse(unit).map_err(|e| self.error(amount.span(), e.to_string()))?;
        let value = self.quantity(amount.as_ref(), &amount.span(), &unit)?;
        if value < 0.0 {
            return Err(self
                .error(amount.span(), "an amount is nothing or more")
                .with_help("leave the change out where nothing is given"));
        }
        Ok(value)
    }

    /// A dose of something that is given: none is less than nothing.
    pub(super) fn dose_of_more(&self, raw: &Spanned<Change>) -> Result<f64> {
        let dose = self.dose(raw)?;
        if dose < 0.0 {
            let place = raw.as_ref().dose.as_ref();
            return Err(self
                .error(
                    place.map_or(raw.span(), Spanned::span),
                    format!("the dose is {dose}; nothing or more is given"),
                )
                .with_help("1 is the usual dose; leave the change out where nothing is given"));
        }
        Ok(dose)
    }
}

/// A number as people write it: counts of cells by their power of ten.
pub(crate) fn plain(value: f64) -> String {
    if value >= 1e6 {
        format!("{value:e}")
    } else {
        value.to_string()
    }
}

fn add(names: &mut Vec<String>, name: &str) {
    if !names.iter().any(|n| n == name) {
        names.push(name.to_owned());
    }
}

/// What an input needs to exist: the strain or the pool that it feeds.
pub(crate) fn need(options: &mut ColonOptions, catalogue: &Catalogue, input: &str) {
    if let Some(strain) = input.strip_prefix(STRAIN) {
        if catalogue.strains.iter().any(|s| s.id == strain) {
            add(&mut options.strains, strain);
        }
    } else if TRANSPLANTS.contains(&input) {
        options.transplants = true;
    } else if input == SPORES {
        add(&mut options.guilds, DIFFICILE);
    } else if let Some(pool) = input.strip_prefix(POOL) {
        let row = catalogue.substrates.iter().find(|s| s.name == pool);
        if row.is_some_and(|s| !s.resident) {
            add(&mut options.pools, pool);
        }
    }
}
