//! Lipopolysaccharide potential: the agonist load of a community over that of the reference.

use serde::Serialize;

use crate::error::Result;
use crate::taxonomy::Guild;

use super::super::rules::Rules;

/// Agonist and antagonist lipopolysaccharide by guild share.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LpsPotential {
    /// Share of carriers of hexa-acylated lipopolysaccharide (guild ENT).
    pub hexa_acylated_share: f64,
    /// Share of carriers of weak, hypo-acylated lipopolysaccharide (guilds BAC and PRE).
    pub hypo_acylated_share: f64,
    /// Agonist load over that of the mean western adult.
    pub agonist_ratio: f64,
}

/// Weights of the guilds in the agonist load, and the load of the reference.
#[derive(Debug, Clone, Copy)]
pub struct LpsWeights {
    enterobacteria: f64,
    sulfide: f64,
    bacteroidota: f64,
    reference: f64,
}

impl LpsWeights {
    /// Weights from the rules; `reference` gives the guild shares of the reference community.
    ///
    /// # Errors
    /// When a rule is missing.
    pub fn new(rules: &Rules, reference: impl Fn(Guild) -> f64) -> Result<Self> {
        let mut weights = Self {
            enterobacteria: rules.value("lps.weight_enterobacteria")?,
            sulfide: rules.value("lps.weight_sulfide")?,
            bacteroidota: rules.value("lps.weight_bacteroidota")?,
            reference: 1.0,
        };
        weights.reference = weights.load(&reference);
        Ok(weights)
    }

    fn load(&self, share: &impl Fn(Guild) -> f64) -> f64 {
        self.enterobacteria * share(Guild::Ent)
            + self.sulfide * share(Guild::Srb)
            + self.bacteroidota * (share(Guild::Bac) + share(Guild::Pre))
    }

    /// Potential of a community.
    #[must_use]
    pub fn potential(&self, share: impl Fn(Guild) -> f64) -> LpsPotential {
        LpsPotential {
            hexa_acylated_share: share(Guild::Ent),
            hypo_acylated_share: share(Guild::Bac) + share(Guild::Pre),
            agonist_ratio: if self.reference > 0.0 {
                self.load(&share) / self.reference
            } else {
                f64::NAN
            },
        }
    }
}
