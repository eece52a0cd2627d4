//! The body between gut and skin: barrier, endotoxin, acute chain, immunity, stress axis, hormones.
//!
//! Its modules depend on one another in circles, so all states are declared first (`Pools`) and every module then
//! adds its equations. Colon and skin are handles; alone they are clamped inputs.

mod environment;
mod pools;

pub(crate) use environment::Environment;
pub use environment::{Gut, Skin};
pub(crate) use pools::Pools;

use crate::colon::Signals;
use crate::{acute, barrier, endotoxin, hpa, immune, metabolic};
use gutskin_network::{BuildErrors, Builder, Expr, LinkGrade, LinkSpec, Network, ParameterTable};

/// How fast processes within a day are treated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Meals, cortisol and the cytokine chain as daily means: for weeks to years.
    #[default]
    Daily,
    /// Clock, cortisol pulses and the chain in full: for acute studies.
    WithinDay,
}

/// Observables that follow the hour, and what of them a reading in daily means is: two modes of one model are compared by
/// the latter.
pub const DAY_MEANS: &[(&str, &str)] = &[
    ("hpa.cortisol", "hpa.cortisol_mean"),
    ("hpa.cortisol_saliva", "hpa.cortisol_saliva_24h"),
    ("hpa.acth", "hpa.acth_24h"),
];

/// What the body offers to others.
#[derive(Clone, Copy)]
pub struct BodyOffers<'m> {
    /// G: bounded z-score of the systemic tone (I4).
    pub tone: Expr<'m>,
    /// T2: bounded z-score of the Th2 bias (I5).
    pub th2: Expr<'m>,
    /// B17: bounded z-score of the Th17 bias (I6).
    pub th17: Expr<'m>,
    /// S_c: bounded, slow z-score of short-chain fatty acids in plasma.
    pub scfa: Expr<'m>,
    /// z_A: bounded, slow z-score of food antigen, 0 in people who are not sensitised (I7).
    pub antigen: Expr<'m>,
    /// Bounded, slow z-score of stress.
    pub stress: Expr<'m>,
    /// Bounded, slow z-score of body mass index.
    pub bmi: Expr<'m>,
    /// Seven-day mean of the presence of bacterial DNA (I8).
    pub dna: Expr<'m>,
    /// IGF-1 over the own value on the reference diet (I15).
    pub igf1_ratio: Expr<'m>,
    /// Free androgen over the own value on the reference diet (I15).
    pub androgen_ratio: Expr<'m>,
    /// Stress z of the moment, neither bounded by 3 nor slowed.
    pub stress_now: Expr<'m>,
    /// Sleep lost, h/d (I14, S4).
    pub sleep_lost: Expr<'m>,
}

/// A network of the body alone, colon and skin clamped.
///
/// # Errors
/// Every parameter that is missing or has the wrong kind of unit.
pub fn network(table: &ParameterTable, mode: Mode) -> Result<Network, BuildErrors> {
    let name = match mode {
        Mode::Daily => "body",
        Mode::WithinDay => "body_within_day",
    };
    let m = Builder::new(name, "d", table);
    let (gut, skin) = (Gut::clamped(&m), Skin::clamped(&m));
    Body::declare(&m, mode, &skin).finish(&m, &gut, &skin);
    m.finish()
}

/// The states of the body and what scenarios set: the first half, before colon and skin are written.
pub struct Body<'m> {
    mode: Mode,
    environment: Environment<'m>,
    pools: Pools<'m>,
    stress_level: Expr<'m>,
}

impl<'m> Body<'m> {
    /// Declares states and inputs.
    pub fn declare(m: &'m Builder<'_>, mode: Mode, skin: &Skin<'m>) -> Self {
        let environment = Environment::declare(m, mode);
        let stress_level = hpa::level(m, environment.stress_score, skin);
        Self {
            mode,
            pools: Pools::declare(m, mode),
            environment,
            stress_level,
        }
    }

    /// What the colon hears of the body.
    pub fn signals(&self, m: &'m Builder<'_>) -> Signals<'m> {
        Signals {
            inflammation: self.pools.inflammation,
            stress: self.stress_level,
            vitamin_d: metabolic::vitamin_d_ratio(m, &self.pools),
            acid_suppression: self.environment.acid_suppression,
        }
    }

    /// Writes all equations and returns what the body offers to the skin.
    pub fn finish(self, m: &'m Builder<'_>, gut: &Gut<'m>, skin: &Skin<'m>) -> BodyOffers<'m> {
        let Self {
            mode,
            environment,
            pools,
            stress_level,
        } = self;
        let frame = Frame {
            m,
            mode,
            gut,
            skin,
            environment: &environment,
            pools: &pools,
            stress_level,
        };
        hpa::sleep(&frame);
        let stress = hpa::stress(&frame);
        let steroid = hpa::add(&frame, &stress);
        let leak = barrier::add(&frame, &stress);
        let transfer = endotoxin::add(&frame, &leak);
        acute::add(&frame, &steroid, &transfer);
        let drives = immune::add(&frame, &leak, &transfer);
        let hormones = metabolic::add(&frame);
        BodyOffers {
            tone: drives.tone,
            th2: drives.th2,
            th17: drives.th17,
            scfa: pools.scfa_slow,
            antigen: pools.antigen_slow,
            stress: pools.stress_slow,
            stress_now: m.find("hpa.stress_now"),
            bmi: pools.bmi_slow,
            dna: pools.dna_week,
            igf1_ratio: hormones.igf1_ratio,
            androgen_ratio: hormones.androgen_ratio,
            sleep_lost: m.find("metabolic.sleep_lost"),
        }
    }
}

/// What the modules of the body share while they are written.
pub(crate) struct Frame<'a, 'm, 't> {
    pub m: &'m Builder<'t>,
    pub mode: Mode,
    pub gut: &'a Gut<'m>,
    pub skin: &'a Skin<'m>,
    pub environment: &'a Environment<'m>,
    pub pools: &'a Pools<'m>,
    pub stress_level: Expr<'m>,
}

impl<'m> Frame<'_, 'm, '_> {
    /// A number without unit.
    pub fn plain(&self, name: &str) -> Expr<'m> {
        self.m.parameter(name, "1")
    }

    /// A link that is on by default.
    pub fn link(
        &self,
        (name, from, to): (&str, &str, &str),
        gain: Expr<'m>,
        grade: LinkGrade,
        doc: &str,
    ) -> Expr<'m> {
        self.link_set((name, from, to), gain, grade, true, doc)
    }

    /// A link.
    pub fn link_set(
        &self,
        (name, from, to): (&str, &str, &str),
        gain: Expr<'m>,
        grade: LinkGrade,
        on: bool,
        doc: &str,
    ) -> Expr<'m> {
        self.m.link(LinkSpec {
            name,
            from,
            to,
            gain: Some(gain),
            grade,
            on,
            doc,
        })
    }

    /// A link of several parts that one switch cuts together: a gain each, the first of them apart.
    pub fn link_of(
        &self,
        (name, from, to): (&str, &str, &str),
        (gain, also): (Expr<'m>, &[Expr<'m>]),
        grade: LinkGrade,
        doc: &str,
    ) -> Expr<'m> {
        let spec = LinkSpec {
            name,
            from,
            to,
            gain: Some(gain),
            grade,
            on: true,
            doc,
        };
        self.m.link_of(spec, also)
    }

    /// Observes something that has a name already.
    pub fn show(&self, name: &str, unit: &str, doc: &str) {
        self.m.observe(name, unit, self.m.find(name), doc);
    }
}

/// x^p of something that stays above zero.
pub(crate) fn power<'m>(x: Expr<'m>, p: Expr<'m>) -> Expr<'m> {
    (x.ln() * p).exp()
}

/// x/(x + half) to the power 1.
pub(crate) fn saturation<'m>(x: Expr<'m>, half: Expr<'m>) -> Expr<'m> {
    x / (x + half)
}
