//! What a change of an arm moves: one input by value, or the inputs of what the catalogue names, by dose or amount.

use super::ScenarioError;
use super::file;
use super::resolve::Resolver;
use super::timeline::Effect;
use crate::ingredients::{far_above, impossible};
use crate::models::holder;
use gutskin_biology::catalogue::DietRow;
use gutskin_network::Network;
use gutskin_units::Unit;
use std::ops::Range;
use toml::Spanned;

type Result<T> = std::result::Result<T, ScenarioError>;

/// What one change of an arm asks for.
#[derive(Default)]
pub(super) struct Moves {
    /// Inputs and what happens to them.
    pub inputs: Vec<(u32, Effect)>,
    /// How long it lasts where the arm does not say, d.
    pub usual_length: Option<f64>,
}

const NAMED: &str = "write input = \"input.milk\" and value = \"400 g/d\", or one of exposure, diet, food, prebiotic, synbiotic, strain, drug with a name of `gutskin catalogue`";

/// Only patterns of feeding set it.
const MILK_OLIGOSACCHARIDES: &str = "input.diet.hmo";

impl Resolver<'_> {
    /// Looks up what a change moves.
    pub(super) fn moves(&self, raw: &Spanned<file::Change>, network: &Network) -> Result<Moves> {
        let (kind, name) = self.named(raw)?;
        self.fitting_keys(raw, kind)?;
        let moves = self.moved(raw, (kind, name), network)?;
        self.possible(raw, &moves, network)?;
        Ok(moves)
    }

    /// Refuses what would take an input beyond what it can be.
    fn possible(
        &self,
        raw: &Spanned<file::Change>,
        moves: &Moves,
        network: &Network,
    ) -> Result<()> {
        for (index, effect) in &moves.inputs {
            let Some(input) = network.inputs.get(*index as usize) else {
                continue;
            };
            let value = effect.on(input.default);
            let Some(fault) = impossible(&input.name, value, input.unit.as_ref()) else {
                continue;
            };
            let span = raw
                .as_ref()
                .value
                .as_ref()
                .map_or(raw.span(), Spanned::span);
            return Err(self
                .error(span, fault)
                .with_help("write a value within these bounds"));
        }
        Ok(())
    }

    fn moved(
        &self,
        raw: &Spanned<file::Change>,
        (kind, name): (&'static str, &Spanned<String>),
        network: &Network,
    ) -> Result<Moves> {
        let change = raw.as_ref();
        match kind {
            "input" => {
                let index = self.input(name, network)?;
                let unit = unit_of(network, index);
                let Some(value) = &change.value else {
                    let help = format!("write value = \"… {unit}\"");
                    return Err(self
                        .error(raw.span(), "a change of an input needs a value")
                        .with_help(help));
                };
                let place = value.span();
                let value = self.quantity(value.as_ref(), &place, &unit)?;
                let usual = network
                    .inputs
                    .get(index as usize)
                    .map_or(0.0, |i| i.default);
                let doubt = below_nothing(name.as_ref(), value, &unit)
                    .or_else(|| far_above(name.as_ref(), (value, usual), &unit));
                self.edible_amount(name, (&place, value), &unit)?;
                if let Some(doubt) = doubt {
                    self.warn(place, &doubt);
                }
                Ok(Moves {
                    inputs: vec![(index, Effect::Set(value))],
                    usual_length: None,
                })
            }
            "exposure" => self.exposure(raw, name, network),
            "diet" => self.diet(raw, name, network),
            "food" | "prebiotic" => self.eaten(kind, raw, name, network),
            "synbiotic" => self.together(raw, name, network),
            "strain" => self.strain(raw, name, network),
            _ => self.gut_drug(raw, name, network),
        }
    }

    /// Refuses more of what is eaten than a person can eat.
    fn edible_amount(
        &self,
        name: &Spanned<String>,
        (place, value): (&Range<usize>, f64),
        unit: &Unit,
    ) -> Result<()> {
        /// More of one thing a day, without the water of its food, is a typing error, g/d.
        const MOST: f64 = 2_000.0;
        let grams = Unit::parse("g/d").and_then(|grams| unit.convert(value, &grams));
        if !self.of_person || !grams.is_ok_and(|grams| grams > MOST) {
            return Ok(());
        }
        Err(self
            .error(
                place.clone(),
                format!(
                    "{value} {unit} of \"{}\": nobody eats so much",
                    name.as_ref()
                ),
            )
            .with_help(format!(
                "look at value and unit: up to {MOST} g/d is simulated for a person"
            )))
    }

    /// The one thing that a change names, with its kind.
    pub(super) fn named<'c>(
        &self,
        raw: &'c Spanned<file::Change>,
    ) -> Result<(&'static str, &'c Spanned<String>)> {
        let named = raw.as_ref().named();
        match named.as_slice() {
            [one] => Ok(*one),
            [] => Err(self
                .error(raw.span(), "a change names what it gives")
                .with_help(NAMED)),
            [(first, _), (second, name), ..] => Err(self
                .error(
                    name.span(),
                    format!(
                        "a change that names {} {first} takes no {second}",
                        article(first)
                    ),
                )
                .with_help("put each into an [[arm.change]] of its own")),
        }
    }

    /// Refuses keys that mean nothing for this kind of change.
    fn fitting_keys(&self, raw: &Spanned<file::Change>, kind: &str) -> Result<()> {
        let change = raw.as_ref();
        let refuse = |span, key: &str, owner: &str| {
            Err(self.error(
                span,
                format!(
                    "{} {key} belongs to {owner}, not to {} {kind}",
                    article(key),
                    article(kind)
                ),
            ))
        };
        match (
            &change.value,
            &change.interval,
            &change.dose,
            &change.amount,
        ) {
            (Some(value), ..) if kind != "input" => refuse(value.span(), "value", "an input"),
            (_, Some(interval), ..) if kind != "drug" => {
                refuse(interval.span(), "interval", "a drug")
            }
            (.., Some(dose), _) if kind == "input" => {
                refuse(dose.span(), "dose", "what the catalogue names")
            }
            (.., Some(amount)) if !["food", "prebiotic", "strain", "drug"].contains(&kind) => {
                refuse(amount.span(), "amount", "food, prebiotic, strain or drug")
            }
            (.., Some(dose), Some(_)) => Err(self
                .error(dose.span(), "dose and amount say the same thing twice")
                .with_help("keep one: dose counts usual doses, amount has a unit")),
            _ => Ok(()),
        }
    }

    pub(super) fn dose(&self, raw: &Spanned<file::Change>) -> Result<f64> {
        let dose = raw.as_ref().dose.as_ref().map_or(1.0, |d| *d.as_ref());
        if dose.is_finite() {
            return Ok(dose);
        }
        let place = raw.as_ref().dose.as_ref();
        Err(self
            .error(
                place.map_or(raw.span(), Spanned::span),
                format!("the dose is {dose}, which is no amount"),
            )
            .with_help("write a number: 1 is the usual dose"))
    }

    /// The inputs of a diet pattern; the dose scales the distance from usual.
    fn diet(
        &self,
        raw: &Spanned<file::Change>,
        name: &Spanned<String>,
        network: &Network,
    ) -> Result<Moves> {
        let dose = self.dose(raw)?;
        let all = self
            .ingredients()
            .tables
            .diets()
            .map_err(|e| self.error(name.span(), e.to_string()))?;
        let rows: Vec<&DietRow> = all.iter().filter(|d| d.id == *name.as_ref()).collect();
        if rows.is_empty() {
            return Err(self.unknown("diet", name, all.iter().map(|d| d.id.as_str())));
        }
        if dose < 0.0 {
            return Err(self
                .error(name.span(), format!("the dose of a diet is {dose}"))
                .with_help("1 is the whole pattern, 0 the usual diet; name another pattern for the opposite"));
        }
        self.within_studied(
            raw,
            (name.as_ref(), dose, "of the whole pattern"),
            (Some([0.0, 1.0]), None),
        )?;
        // patterns for the young say what milk they hold
        let of_the_young = rows.iter().any(|row| row.input == MILK_OLIGOSACCHARIDES);
        if self.of_children() && !of_the_young {
            return Err(self
                .error(name.span(), format!("diet \"{}\" is told in grams of an adult's food, which no child eats", name.as_ref()))
                .with_help("name foods or prebiotics with their amounts, inputs such as input.diet.starch, or a pattern for the young (gutskin catalogue --kind diet)"));
        }
        if self.does_nothing(name, &rows, &all, network) {
            return Ok(Moves::default());
        }
        let all = rows.iter().map(|row| row.input.as_str());
        let held = self.held(name, ("diet", name.as_ref()), all, network)?;
        let set = |(row, index): (&&DietRow, Option<u32>)| {
            let index = index?;
            let value = row.unit.convert(row.value, &unit_of(network, index));
            let value =
                value.map_err(|e| self.error(name.span(), format!("diet \"{}\": {e}", row.id)));
            Some(value.map(|v| (index, Effect::Toward(v, dose))))
        };
        Ok(Moves {
            inputs: rows
                .iter()
                .zip(held)
                .filter_map(set)
                .collect::<Result<_>>()?,
            usual_length: None,
        })
    }

    /// A pattern whose parts act elsewhere only, in a model that holds what other patterns move: it is eaten there too,
    /// to no effect, which is said.
    fn does_nothing(
        &self,
        name: &Spanned<String>,
        rows: &[&DietRow],
        all: &[DietRow],
        network: &Network,
    ) -> bool {
        let held = |row: &DietRow| network.input(&row.input).is_some();
        if rows.iter().any(|row| held(row)) || !all.iter().any(held) {
            return false;
        }
        let inputs: Vec<&str> = rows.iter().map(|row| row.input.as_str()).collect();
        let text = format!(
            "diet \"{}\" moves {}, none of which model \"{}\" has: it does nothing there; {}",
            name.as_ref(),
            inputs.join(", "),
            network.name,
            where_it_acts(inputs.first().copied().unwrap_or_default())
        );
        self.warn_once(name.span(), &text);
        true
    }

    /// Which inputs of something eaten the model holds. A part of a model does without the others, which is said; one that
    /// holds none is the wrong one.
    pub(super) fn held<'i>(
        &self,
        name: &Spanned<String>,
        named: (&str, &str),
        inputs: impl Iterator<Item = &'i str>,
        network: &Network,
    ) -> Result<Vec<Option<u32>>> {
        let found: Vec<(&str, Option<u32>)> = inputs.map(|i| (i, network.input(i))).collect();
        let missing: Vec<&str> = found
            .iter()
            .filter(|f| f.1.is_none())
            .map(|f| f.0)
            .collect();
        match missing.first() {
            Some(_) if missing.len() == found.len() => {
                Err(self.missing(name, named, &missing.join("\", \""), network))
            }
            Some(_) => {
                self.warn_once(
                    name.span(),
                    &format!(
                        "{} \"{}\" also moves {}, which model \"{}\" does not have; that part is left out",
                        named.0,
                        named.1,
                        missing.join(", "),
                        network.name
                    ),
                );
                Ok(found.into_iter().map(|f| f.1).collect())
            }
            None => Ok(found.into_iter().map(|f| f.1).collect()),
        }
    }

    fn input(&self, name: &Spanned<String>, network: &Network) -> Result<u32> {
        network.input(name.as_ref()).ok_or_else(|| {
            let known = network.inputs.iter().map(|i| i.name.as_str());
            self.unknown("input", name, known)
        })
    }

    /// The inputs of an exposure; the dose scales the distance from an input's default.
    fn exposure(
        &self,
        raw: &Spanned<file::Change>,
        name: &Spanned<String>,
        network: &Network,
    ) -> Result<Moves> {
        let dose = self.dose(raw)?;
        let all = self
            .ingredients()
            .tables
            .exposures()
            .map_err(|e| self.error(name.span(), e.to_string()))?;
        let Some(found) = all.iter().find(|e| e.id == *name.as_ref()) else {
            return Err(self.unknown("exposure", name, all.iter().map(|e| e.id.as_str())));
        };
        self.within_studied(
            raw,
            (&found.id, dose, "usual doses"),
            (found.studied, Some(1.0)),
        )?;
        let inputs = found
            .inputs
            .iter()
            .map(|(input, value)| {
                let Some(index) = placed(network, input) else {
                    return Err(self.missing(name, ("exposure", &found.id), input, network));
                };
                let unit = unit_of(network, index);
                let value = value.unit.convert(value.value, &unit).map_err(|e| {
                    self.error(name.span(), format!("exposure \"{}\": {e}", found.id))
                })?;
                Ok((index, Effect::Toward(value, dose)))
            })
            .collect::<Result<_>>()?;
        Ok(Moves {
            inputs,
            usual_length: found.duration,
        })
    }

    pub(super) fn missing(
        &self,
        name: &Spanned<String>,
        (kind, id): (&str, &str),
        input: &str,
        network: &Network,
    ) -> ScenarioError {
        self.error(
            name.span(),
            format!(
                "{kind} \"{id}\" moves \"{input}\", which model \"{}\" does not have",
                network.name
            ),
        )
        .with_help(where_it_acts(input))
    }
}

/// Advice on inputs that a model does not hold, of which the first is looked for in the others.
fn where_it_acts(inputs: &str) -> String {
    let first = inputs.split('"').next().unwrap_or_default();
    // Strains and pools stand in any colon that is asked to hold them.
    let model = holder(first).unwrap_or("axis_ad");
    format!("name a model that holds what it acts on, for example {model}")
}

/// The input of that name; what acts in the first segment of the colon does so in the first of the lean one.
fn placed(network: &Network, input: &str) -> Option<u32> {
    let of_lean = || network.input(&format!("{}.upper", input.strip_suffix(".prox")?));
    network.input(input).or_else(of_lean)
}

pub(super) fn unit_of(network: &Network, index: u32) -> Unit {
    let input = &network.inputs[index as usize];
    input.unit.clone().unwrap_or_else(Unit::dimensionless)
}

fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'e', 'i', 'o']) {
        "an"
    } else {
        "a"
    }
}

/// What is doubtful about a negative amount of something; indices without a unit may be negative.
pub(super) fn below_nothing(name: &str, value: f64, unit: &Unit) -> Option<String> {
    (value < 0.0 && !unit.is_dimensionless())
        .then(|| format!("{value} {unit} of \"{name}\" is less than nothing"))
}
