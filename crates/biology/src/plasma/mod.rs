//! Short-chain fatty acids in plasma.

use crate::colon::Offers;
use gutskin_network::{Builder, Expr, LinkGrade, LinkSpec};

/// What plasma offers to others.
#[derive(Clone, Copy)]
pub struct Plasma<'m> {
    /// Acetate, propionate, butyrate, µmol/L (C5).
    pub levels: [Expr<'m>; 3],
    /// S_c: logarithm of the weighted sum over the reference, in standard deviations (C6), neither bounded nor slowed.
    pub scfa_z: Expr<'m>,
}

/// Adds the three acids: endogenous appearance, what the colon delivers (held at the reference where the link is cut),
/// clearance.
pub fn add<'m>(m: &'m Builder<'_>, offers: &Offers<'m>) -> Plasma<'m> {
    let on = m.link(LinkSpec {
        name: "scfa_to_plasma",
        from: "colon",
        to: "plasma",
        gain: Some(m.parameter("plasma.acetate_available", "1")),
        grade: LinkGrade::HumanTrial,
        on: true,
        doc: "appearance in plasma = share of what is absorbed + endogenous (C4, C5)",
    });
    let clearance = offers
        .size
        .clearance(m.parameter("plasma.clearance", "L/d"));
    let volume = offers.size.volume(m.parameter("plasma.volume", "L"));
    let mut levels = Vec::new();
    let mut weighted = m.constant(0.0);
    let mut usual = m.constant(0.0);
    for (i, acid) in ["acetate", "propionate", "butyrate"]
        .into_iter()
        .enumerate()
    {
        let normal = m.parameter(&format!("plasma.{acid}_reference"), "umol/L");
        let state = m
            .state(&format!("plasma.{acid}"), "umol/L")
            .typical(10.0)
            .initial(normal)
            .doc(&format!("{acid} in arterialised plasma (C5)"))
            .add();
        let available = m.parameter(&format!("plasma.{acid}_available"), "1");
        let name = format!("colon.{acid}_absorbed_reference");
        let absorbed_reference = m.parameter(&offers.layout.reference(&name), "umol/d");
        // Endogenous appearance closes the reference; in people whose colon alone would give more it is nothing.
        let missing = clearance * normal - available * absorbed_reference;
        let endogenous = missing.smooth_plus(m.parameter("plasma.endogenous_epsilon", "umol/d"));
        let per_millimole = m.parameter("plasma.micromole_per_millimole", "umol/mmol");
        let change = offers.absorbed[i] * per_millimole - absorbed_reference;
        let delivered = available * (absorbed_reference + on * change);
        m.rate(state, (endogenous + delivered - clearance * state) / volume);
        m.observe(
            &format!("plasma.{acid}"),
            "umol/L",
            state,
            "in arterialised plasma (C5)",
        );
        let weight = m.parameter(&format!("plasma.weight_{acid}"), "1");
        weighted = weighted + weight * state;
        usual = usual + weight * normal;
        levels.push(state);
    }
    let spread = m.parameter("plasma.scfa_sd_ln", "1");
    let scfa_z = m.variable(
        "immune.scfa_signal",
        "1",
        (weighted / usual).ln() / spread,
        "S_c before it is bounded and slowed (C6)",
    );
    m.observe(
        "immune.scfa_signal",
        "1",
        scfa_z,
        "S_c before it is bounded and slowed (C6)",
    );
    Plasma {
        levels: [levels[0], levels[1], levels[2]],
        scfa_z,
    }
}
