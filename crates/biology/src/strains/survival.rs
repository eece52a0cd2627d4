//! Two pools of strains per guild: active and lost for long.

use crate::catalogue::TRAIT;
use crate::colon::{Cast, Context};
use crate::drugs::Pressure;
use gutskin_network::Expr;
use std::collections::BTreeMap;

/// Strains that are there.
pub(crate) struct Survival<'m> {
    /// Factor on the niche of each guild.
    pub niche: BTreeMap<String, Expr<'m>>,
    /// Share of strains active, by guild.
    pub active: BTreeMap<String, Expr<'m>>,
    /// Share of the bile-dehydroxylating strains active.
    pub bile_trait: Expr<'m>,
}

/// Adds the pools of every guild that a drug touches; `slowed` multiplies recovery, `given` is how fast stool that is given brings
/// strains back.
pub(crate) fn survival<'m>(
    c: &Context<'m, '_>,
    cast: &Cast,
    pressure: &Pressure<'m>,
    slowed: Expr<'m>,
    given: Option<Expr<'m>>,
) -> Survival<'m> {
    let m = c.m;
    let mut found = Survival {
        niche: BTreeMap::new(),
        active: BTreeMap::new(),
        bile_trait: m.constant(1.0),
    };
    let names = cast
        .groups
        .iter()
        .flat_map(|g| &g.members)
        .map(|(g, _)| g.name.clone());
    for name in names.chain([TRAIT.to_owned()]) {
        let Some(kill) = pressure.mean_kill(&name) else {
            continue;
        };
        let lasting = pressure.lasting.get(&name).copied();
        let active = pools(c, &name, (kill, lasting), (slowed, given));
        if name == TRAIT {
            found.bile_trait = active;
        } else {
            let trace = m.parameter("strains.niche_trace", "1");
            let exponent = m.parameter("strains.niche_exponent", "1");
            let niche = (active + trace).smooth_pow(exponent, trace);
            found.niche.insert(name.clone(), niche);
            found.active.insert(name, active);
        }
    }
    found
}

fn pools<'m>(
    c: &Context<'m, '_>,
    name: &str,
    (kill, lasting): (Expr<'m>, Option<Expr<'m>>),
    (slowed, given): (Expr<'m>, Option<Expr<'m>>),
) -> Expr<'m> {
    let m = c.m;
    let active = m
        .state(&format!("strains.active.{name}"), "1")
        .typical(1.0)
        .initial(1.0)
        .doc("share of the strains that is active")
        .add();
    let lost = m
        .state(&format!("strains.lost.{name}"), "1")
        .typical(0.1)
        .initial(0.0)
        .doc("share of the strains that only years bring back")
        .add();
    let threshold = m.parameter("strains.kill_threshold", "1/d");
    let width = m.parameter("strains.kill_width", "1/d");
    // Exactly nothing without kill.
    let at_rest = (-threshold).smooth_plus(width);
    let excess = (kill - threshold).smooth_plus(width) - at_rest;
    let loss = m.parameter("strains.extinction", "1") * excess * active;
    let share = lasting.unwrap_or_else(|| m.parameter("strains.permanent_share", "1"));
    let recovery = m.parameter("strains.recovery", "1/d") * slowed;
    let reseeding = m.parameter("strains.reseeding", "1/d");
    m.rate(active, recovery * (1.0 - lost - active) - loss);
    m.rate(lost, share * loss - reseeding * lost);
    if let Some(given) = given {
        m.rate(active, given * (1.0 - active));
        m.rate(lost, -(given * lost));
    }
    m.observe(
        &format!("strains.active_share.{name}"),
        "1",
        active,
        "share of the strains that is active",
    );
    active
}
