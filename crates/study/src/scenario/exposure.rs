//! What a change of an arm moves: one input by value, or the inputs of an exposure by name and dose.

use super::ScenarioError;
use super::file;
use super::resolve::Resolver;
use gutskin_biology::catalogue::{Exposure, shipped_exposures};
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
                let dose = change.dose.as_ref().map_or(1.0, |d| *d.as_ref());
                if !dose.is_finite() {
                    return Err(self.error(raw.span(), format!("the dose is {dose}")));
                }
                self.exposure(name, dose, network)
            }
            _ => Err(self
                .error(raw.span(), "a change names an input and its value, or an exposure, or a drug")
                .with_help(
                    "write input = \"input.milk\" and value = \"400 g/d\", exposure = \"milk\" with a dose (1 is the usual one), or drug = \"dupilumab\"",
                )),
        }
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
                    return Err(self.missing(name, found, input, network));
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
        found: &Exposure,
        input: &str,
        network: &Network,
    ) -> ScenarioError {
        self.error(
            name.span(),
            format!(
                "exposure \"{}\" moves \"{input}\", which model \"{}\" does not have",
                found.id, network.name
            ),
        )
        .with_help("name a model that holds what it acts on, for example axis_ad")
    }
}

fn unit_of(network: &Network, index: u32) -> Unit {
    let input = &network.inputs[index as usize];
    input.unit.clone().unwrap_or_else(Unit::dimensionless)
}
