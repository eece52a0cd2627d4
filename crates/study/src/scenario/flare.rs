//! What comes by chance. Flares of eczema: pulses of influx, at most one a month, each person's own and the same in every arm.
//! Bursts of bacterial DNA.

use super::ScenarioError;
use super::resolve::Resolver;
use crate::bursts::{AS_MEAN, Bursts, possible};
use gutskin_network::overrides::Override;
use gutskin_network::{Network, ParameterTable, Spread};
use std::ops::Range;
use toml::Spanned;

/// How often, how strongly and for how long.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flares {
    /// Input that holds the pulse.
    pub input: u32,
    /// Chance in a month, and spread of its logarithm between people.
    pub rate: [f64; 2],
    /// Influx added, over the usual, and spread of its logarithm between people.
    pub size: [f64; 2],
    /// Shortest and longest length, d: each flare has its own in between.
    pub length: [f64; 2],
}

impl Resolver<'_> {
    /// How bursts of bacterial DNA come.
    pub(super) fn bursts(
        &self,
        asked: Option<&Spanned<String>>,
        network: &Network,
        changes: &[Override],
    ) -> Result<Bursts, ScenarioError> {
        let changed = changes.iter().any(|c| c.name == AS_MEAN);
        let Some(asked) = asked else {
            // Whoever sets the share of the mean gets that share.
            let usual = Bursts::usual(network);
            return Ok(if changed { Bursts::None } else { usual });
        };
        if changed {
            let message = format!("\"{AS_MEAN}\" is set beside bursts, which sets it too");
            return Err(self
                .error(asked.span(), message)
                .with_help("keep one of them"));
        }
        self.one_of("way of bursts", asked, &Bursts::ALL.map(|(name, _)| name))?;
        let known = |(name, _): &&(&str, Bursts)| *name == asked.as_ref();
        let how = Bursts::ALL.iter().find(known).map_or(Bursts::None, |b| b.1);
        if how != Bursts::None && !possible(network) {
            let message = format!(
                "the model \"{}\" has no bursts of bacterial DNA",
                network.name
            );
            return Err(self.error(asked.span(), message).with_help(
                "they come from the lining of the gut: take body or a joined axis, or leave them out",
            ));
        }
        Ok(how)
    }

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
        let entry = |what: &str| {
            let name = format!("ad.flare_{what}");
            table.get(&name).ok_or_else(|| {
                self.error(
                    span.clone(),
                    format!("parameter \"{name}\" stands in no parameter file"),
                )
            })
        };
        let of = |what: &str| -> Result<[f64; 2], ScenarioError> {
            let entry = entry(what)?;
            let spread = match entry.spread {
                Spread::LogNormal { sd_ln } => sd_ln,
                _ => 0.0,
            };
            Ok([entry.value, spread])
        };
        let length = entry("length")?;
        Ok(Some(Flares {
            input,
            rate: of("rate")?,
            size: of("size")?,
            length: match length.spread {
                Spread::Uniform { low, high } => [low, high],
                _ => [length.value; 2],
            },
        }))
    }
}
