//! Flares of eczema: pulses of influx, at most one a month, each person's own and the same in every arm.

use super::ScenarioError;
use super::resolve::Resolver;
use gutskin_network::{Network, ParameterTable, Spread};
use std::ops::Range;

/// How often, how strongly and for how long.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flares {
    /// Input that holds the pulse.
    pub input: u32,
    /// Chance in a month, and spread of its logarithm between people.
    pub rate: [f64; 2],
    /// Influx added, over the usual, and spread of its logarithm between people.
    pub size: [f64; 2],
    /// Length, d.
    pub length: f64,
}

impl Resolver<'_> {
    /// The flares of the parameters, where the design asks for them.
    pub(super) fn flares(
        &self,
        asked: bool,
        span: Range<usize>,
        (network, table): (&Network, &ParameterTable),
    ) -> Result<Option<Flares>, ScenarioError> {
        if !asked {
            return Ok(None);
        }
        let Some(input) = network.input("input.flare") else {
            let message = format!("the model \"{}\" has no flares", network.name);
            return Err(self
                .error(span, message)
                .with_help("flares are those of eczema: take ad or axis_ad, or leave them out"));
        };
        let of = |what: &str| -> Result<[f64; 2], ScenarioError> {
            let name = format!("ad.flare_{what}");
            let entry = table.get(&name).ok_or_else(|| {
                self.error(
                    span.clone(),
                    format!("parameter \"{name}\" stands in no parameter file"),
                )
            })?;
            let spread = match entry.spread {
                Spread::LogNormal { sd_ln } => sd_ln,
                _ => 0.0,
            };
            Ok([entry.value, spread])
        };
        Ok(Some(Flares {
            input,
            rate: of("rate")?,
            size: of("size")?,
            length: of("length")?[0],
        }))
    }
}
