//! Drugs of the skin in a network: how much is there, and what it does to its targets.

use crate::catalogue::{Provenance, SkinDrug, SkinKinetics};
use gutskin_network::{Builder, Expr, Network, Parameter, Spread};
use gutskin_units::Unit;
use std::collections::BTreeMap;

/// Effects of all drugs of a network, by target.
#[derive(Clone, Default)]
pub struct Therapy<'m> {
    /// Product of 1 − effect.
    left: BTreeMap<String, Expr<'m>>,
    /// Sum of effects.
    added: BTreeMap<String, Expr<'m>>,
}

impl<'m> Therapy<'m> {
    /// What the drugs leave of a target: 1 without a drug, else the product of 1 − effect.
    pub fn left(&self, m: &'m Builder<'_>, target: &str) -> Expr<'m> {
        self.left
            .get(target)
            .copied()
            .unwrap_or_else(|| m.constant(1.0))
    }

    /// What the drugs add to a target: 0 without a drug, else the sum of effects.
    pub fn added(&self, m: &'m Builder<'_>, target: &str) -> Expr<'m> {
        self.added
            .get(target)
            .copied()
            .unwrap_or_else(|| m.constant(0.0))
    }

    /// Whether any drug acts on the target.
    pub fn touches(&self, target: &str) -> bool {
        self.added.contains_key(target)
    }
}

/// Enters the sources of these drugs, as their tables write them, into the citations of a finished network.
pub fn cite(network: &mut Network, drugs: &[&SkinDrug]) {
    for drug in drugs {
        let effects = drug.effects.iter().map(|e| &e.provenance);
        for p in effects.chain([&drug.provenance]) {
            network.citations.insert(p.source.clone(), p.source.clone());
        }
    }
}

/// Adds these drugs: input or depot, exposure, effects.
pub fn add<'m>(m: &'m Builder<'_>, drugs: &[&SkinDrug]) -> Therapy<'m> {
    let mut therapy = Therapy::default();
    for drug in drugs {
        let exposure = exposure(m, drug);
        for effect in &drug.effects {
            let name = |what: &str| format!("drugs.{}.{}.{what}", drug.id, effect.target);
            let spread = if effect.potency_sd_ln > 0.0 {
                Spread::LogNormal {
                    sd_ln: effect.potency_sd_ln,
                }
            } else {
                Spread::Fixed
            };
            let unit = match drug.kinetics {
                SkinKinetics::Exposure { .. } => "1",
                SkinKinetics::Doses { .. } => "L/mg",
            };
            let p = &effect.provenance;
            let potency = parameter(m, &name("potency"), (effect.potency, unit), spread, p);
            let ceiling = (effect.ceiling, "1");
            let ceiling = parameter(m, &name("ceiling"), ceiling, Spread::Fixed, p);
            let q = potency * exposure;
            let size = m.variable(
                &name("effect"),
                "1",
                ceiling * q / (1.0 + q),
                &format!("effect of {} on {}", drug.id, effect.target),
            );
            let left = therapy.left(m, &effect.target) * (1.0 - size);
            let added = therapy.added(m, &effect.target) + size;
            therapy.left.insert(effect.target.clone(), left);
            therapy.added.insert(effect.target.clone(), added);
        }
    }
    therapy
}

fn parameter<'m>(
    m: &'m Builder<'_>,
    name: &str,
    (value, unit): (f64, &str),
    spread: Spread,
    provenance: &Provenance,
) -> Expr<'m> {
    m.add_parameter(Parameter {
        name: name.to_owned(),
        value,
        unit: Unit::parse(unit).ok(),
        spread,
        source: provenance.source.clone(),
        mark: provenance.mark,
        doc: provenance.note.clone(),
    })
}

fn exposure<'m>(m: &'m Builder<'_>, drug: &SkinDrug) -> Expr<'m> {
    let fixed = |what: &str, value: f64, unit: &str| {
        let name = format!("drugs.{}.{what}", drug.id);
        parameter(m, &name, (value, unit), Spread::Fixed, &drug.provenance)
    };
    let state = |what: &str, unit: &str, typical: f64| {
        m.state(&format!("drugs.{}.{what}", drug.id), unit)
            .typical(typical)
            .initial(0.0)
            .doc(&format!("{} of {}", what, drug.agent))
            .add()
    };
    match &drug.kinetics {
        SkinKinetics::Exposure { onset, washout } => {
            let taken = m.input(
                &format!("drugs.{}.taken", drug.id),
                "1",
                0.0,
                &format!("dose over the usual one: {} {}", drug.agent, drug.regimen),
            );
            let exposure = state("exposure", "1", 1.0);
            let rise = fixed("onset", *onset, "d");
            // Half-life to rate.
            let fall = fixed("washout", std::f64::consts::LN_2 / washout, "1/d");
            // In the time of onset while the usual dose or more is taken, in that of washout once nothing is.
            let rising = taken.min(1.0);
            m.rate(
                exposure,
                (taken - exposure) * (rising / rise + (1.0 - rising) * fall),
            );
            exposure
        }
        SkinKinetics::Doses {
            absorption,
            volume,
            loss,
            exchange: [to, from],
            saturable,
            saturable_half,
            ..
        } => {
            let depot = state("depot", "mg", 100.0);
            let plasma = state("plasma", "mg/L", 50.0);
            let absorption = fixed("absorption", *absorption, "1/d");
            let volume = fixed("volume", *volume, "L");
            m.rate(depot, -(absorption * depot));
            m.rate(
                plasma,
                absorption * depot / volume - fixed("loss", *loss, "1/d") * plasma,
            );
            if *saturable > 0.0 {
                let largest = fixed("saturable", *saturable, "mg/L/d");
                let half = fixed("saturable_half", *saturable_half, "mg/L");
                m.rate(plasma, -(largest * plasma / (half + plasma)));
            }
            if *to > 0.0 {
                let periphery = state("periphery", "mg/L", 50.0);
                let out = fixed("to_periphery", *to, "1/d") * plasma;
                let back = fixed("from_periphery", *from, "1/d") * periphery;
                m.rate(periphery, out - back);
                m.rate(plasma, back - out);
            }
            plasma
        }
    }
}
