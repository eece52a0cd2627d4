//! What a change of an arm moves: one input by value, or the inputs of an exposure or diet by name and dose.

use super::ScenarioError;
use super::file;
use super::resolve::Resolver;
use gutskin_biology::catalogue::{DietRow, diets, shipped_exposures};
use gutskin_network::Network;
use gutskin_units::Unit;
use toml::Spanned;

type Result<T> = std::result::Result<T, ScenarioError>;

/// What one change of an arm asks for.
pub(super) struct Moves {
    /// Inputs and their values.
    pub inputs: Vec<(u32, f64)>,
    /// How long it lasts where the arm does not say, d.
    pub usual_length: Option<f64>,
}

impl Resolver<'_> {
    /// Looks up what a change moves.
    pub(super) fn moves(&self, raw: &Spanned<file::Change>, network: &Network) -> Result<Moves> {
        let change = raw.as_ref();
        if change.interval.is_some() && change.drug.is_none() {
            return Err(self.error(raw.span(), "an interval belongs to a drug"));
        }
        if let Some(name) = &change.diet {
            let others = [&change.input, &change.value, &change.exposure, &change.drug];
            if others.iter().any(|o| o.is_some()) {
                return Err(self
                    .error(raw.span(), "a change that names a diet takes no input, value, exposure or drug")
                    .with_help("write diet = \"western\" with a dose where it is not the whole pattern; put the rest into an [[arm.change]] of its own"));
            }
            return self.diet(name, self.dose(raw)?, network);
        }
        match (&change.input, &change.value, &change.exposure) {
            (None, None, None) if change.drug.is_some() && change.dose.is_none() => Ok(Moves {
                inputs: Vec::new(),
                usual_length: None,
            }),
            _ if change.drug.is_some() => Err(self
                .error(raw.span(), "a change that names a drug takes no input, value, exposure or dose")
                .with_help("write drug = \"dupilumab\", and start, stop and interval where they differ from the usual")),
            (Some(input), Some(value), None) if change.dose.is_none() => {
                let index = self.input(input, network)?;
                let unit = unit_of(network, index);
                let value = self.quantity(value.as_ref(), &value.span(), &unit)?;
                Ok(Moves {
                    inputs: vec![(index, value)],
                    usual_length: None,
                })
            }
            (None, None, Some(name)) => {
                self.exposure(name, self.dose(raw)?, network)
            }
            _ => Err(self
                .error(raw.span(), "a change names an input and its value, or an exposure, a diet or a drug")
                .with_help(
                    "write input = \"input.milk\" and value = \"400 g/d\", exposure = \"milk\" with a dose (1 is the usual one), diet = \"western\", or drug = \"dupilumab\"",
                )),
        }
    }

    fn dose(&self, raw: &Spanned<file::Change>) -> Result<f64> {
        let dose = raw.as_ref().dose.as_ref().map_or(1.0, |d| *d.as_ref());
        if dose.is_finite() {
            return Ok(dose);
        }
        Err(self.error(raw.span(), format!("the dose is {dose}")))
    }

    /// The inputs of a diet pattern; the dose scales the distance from usual.
    fn diet(&self, name: &Spanned<String>, dose: f64, network: &Network) -> Result<Moves> {
        let all = diets().map_err(|e| self.error(name.span(), e.to_string()))?;
        let rows: Vec<&DietRow> = all.iter().filter(|d| d.id == *name.as_ref()).collect();
        if rows.is_empty() {
            return Err(self.unknown("diet", name, all.iter().map(|d| d.id.as_str())));
        }
        let grams = Unit::parse("g/d").map_err(|e| self.error(name.span(), e.to_string()))?;
        let set = |row: &&DietRow| {
            let Some(index) = network.input(&row.input) else {
                return Err(self.missing(name, ("diet", &row.id), &row.input, network));
            };
            let value = grams.convert(row.value, &unit_of(network, index));
            let value =
                value.map_err(|e| self.error(name.span(), format!("diet \"{}\": {e}", row.id)))?;
            let usual = network.inputs[index as usize].default;
            Ok((index, usual + dose * (value - usual)))
        };
        Ok(Moves {
            inputs: rows.iter().map(set).collect::<Result<_>>()?,
            usual_length: None,
        })
    }

    fn input(&self, name: &Spanned<String>, network: &Network) -> Result<u32> {
        network.input(name.as_ref()).ok_or_else(|| {
            let known = network.inputs.iter().map(|i| i.name.as_str());
            self.unknown("input", name, known)
        })
    }

    /// The inputs of an exposure; the dose scales the distance from an input's default.
    fn exposure(&self, name: &Spanned<String>, dose: f64, network: &Network) -> Result<Moves> {
        let all = shipped_exposures().map_err(|e| self.error(name.span(), e.to_string()))?;
        let Some(found) = all.iter().find(|e| e.id == *name.as_ref()) else {
            return Err(self.unknown("exposure", name, all.iter().map(|e| e.id.as_str())));
        };
        let inputs = found
            .inputs
            .iter()
            .map(|(input, value)| {
                let Some(index) = network.input(input) else {
                    return Err(self.missing(name, ("exposure", &found.id), input, network));
                };
                let unit = unit_of(network, index);
                let value = value.unit.convert(value.value, &unit).map_err(|e| {
                    self.error(name.span(), format!("exposure \"{}\": {e}", found.id))
                })?;
                let usual = network.inputs[index as usize].default;
                Ok((index, usual + dose * (value - usual)))
            })
            .collect::<Result<_>>()?;
        Ok(Moves {
            inputs,
            usual_length: found.duration,
        })
    }

    fn missing(
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
        .with_help("name a model that holds what it acts on, for example axis_ad")
    }
}

fn unit_of(network: &Network, index: u32) -> Unit {
    let input = &network.inputs[index as usize];
    input.unit.clone().unwrap_or_else(Unit::dimensionless)
}
