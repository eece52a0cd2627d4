//! The routes from body to skin, each with a switch, and the switch that closes them all.

use super::{AxisOptions, SkinKind};
use crate::body::BodyOffers;
use crate::catalogue::{Catalogue, StrainRow};
use crate::drives::{AcneDrives, AdDrives, PsoDrives};
use gutskin_network::{Builder, Expr, LinkGrade, LinkSpec, Mark, Parameter, Spread};
use gutskin_units::Unit;

/// Off: nothing of the body reaches the skin, which is the null model.
pub const NULL_MODEL: &str = "axis.body_to_skin";
/// Systemic tone, Th2, Th17, fatty acids, food antigen, bacterial DNA, body mass.
pub const IMMUNE_ROUTE: &str = "axis.immune_route";
/// Stress and sleep.
pub const NERVOUS_ROUTE: &str = "axis.nervous_route";
/// IGF-1 and androgens.
pub const HORMONE_ROUTE: &str = "axis.hormone_route";

/// The routes from body to skin, each with its switch and in words; the null model closes them all.
pub const ROUTES: [(&str, &str); 3] = [
    (
        IMMUNE_ROUTE,
        "immune route (tone, Th2, Th17, fatty acids, antigen)",
    ),
    (NERVOUS_ROUTE, "nervous route (stress, sleep)"),
    (HORMONE_ROUTE, "hormone route (IGF-1, androgens)"),
];

/// What of the body reaches the skin.
pub(super) struct Reaching<'m> {
    tone: Expr<'m>,
    th2: Expr<'m>,
    th17: Expr<'m>,
    follicular: Expr<'m>,
    scfa: Expr<'m>,
    antigen: Expr<'m>,
    dna: Expr<'m>,
    body_mass: Expr<'m>,
    stress: Expr<'m>,
    stress_now: Expr<'m>,
    sleep_loss: Expr<'m>,
    igf: Expr<'m>,
    androgen: Expr<'m>,
}

impl<'m> Reaching<'m> {
    pub fn new(
        m: &'m Builder<'_>,
        (options, catalogue): (&AxisOptions<'_>, &Catalogue),
        body: &BodyOffers<'m>,
    ) -> Self {
        let all = m.switch(
            NULL_MODEL,
            true,
            "all routes from body to skin; off is the null model",
        );
        let route = |name: &str, here: bool, doc: &str| {
            if here {
                all * m.switch(name, true, doc)
            } else {
                all
            }
        };
        let (nerves, hormones) = match options.skin {
            SkinKind::Eczema | SkinKind::Healthy => (true, false),
            SkinKind::Psoriasis => (false, false),
            SkinKind::Acne => (false, true),
        };
        let immune = route(
            IMMUNE_ROUTE,
            true,
            "tone, Th2, Th17, fatty acids, antigen, bacterial DNA, body mass",
        );
        let nervous = route(NERVOUS_ROUTE, nerves, "stress and sleep");
        let hormone = route(HORMONE_ROUTE, hormones, "IGF-1 and androgens");
        let direct = options
            .colon
            .strains
            .iter()
            .fold(m.constant(0.0), |sum, strain| {
                let row = catalogue.strains.iter().find(|s| s.id == *strain);
                sum + direct(m, strain, row)
            });
        Self {
            tone: immune * body.tone,
            th2: immune * (body.th2 - direct),
            th17: immune * (body.th17 - direct),
            follicular: immune * (body.tone - direct),
            scfa: immune * body.scfa,
            antigen: immune * body.antigen,
            dna: immune * body.dna,
            body_mass: immune * body.bmi,
            stress: nervous * body.stress,
            stress_now: nervous * body.stress_now,
            sleep_loss: nervous * body.sleep_lost,
            igf: 1.0 + hormone * (body.igf1_ratio - 1.0),
            androgen: 1.0 + hormone * (body.androgen_ratio - 1.0),
        }
    }

    pub fn eczema(&self) -> AdDrives<'m> {
        AdDrives {
            tone: self.tone,
            th2: self.th2,
            scfa: self.scfa,
            antigen: self.antigen,
            stress: self.stress,
            stress_now: self.stress_now,
            sleep_loss: self.sleep_loss,
        }
    }

    pub fn psoriasis(&self) -> PsoDrives<'m> {
        PsoDrives {
            tone: self.tone,
            th17: self.th17,
            body_mass: self.body_mass,
            bacterial_dna: self.dna,
        }
    }

    pub fn acne(&self) -> AcneDrives<'m> {
        AcneDrives {
            tone: self.follicular,
            igf: self.igf,
            androgen: self.androgen,
        }
    }
}

/// Where the direct effect of strains stands.
const SOURCE: &str = "GutskinAxis2026";

/// C9: what a strain does beside its products, by its occupancy.
fn direct<'m>(m: &'m Builder<'_>, strain: &str, row: Option<&StrainRow>) -> Expr<'m> {
    let own = m.add_parameter(own_effect(strain, row));
    // What trials of the strain say stands in place of what strains have.
    let told = row.is_some_and(|r| r.direct_effect.is_some());
    let (gain, size) = if told {
        (own, own)
    } else {
        let shared = m.parameter("strains.direct_effect", "1");
        (shared, shared + own)
    };
    let on = m.link(LinkSpec {
        name: &format!("{strain}_to_immune"),
        from: "strains",
        to: "immune",
        gain: Some(gain),
        grade: LinkGrade::Assumption,
        on: true,
        doc: "T2, B17 and follicular drive − δ·occupancy (C9)",
    });
    let load = m.find(&format!("strains.{strain}_load"));
    let half = m.parameter("strains.half_occupancy", "CFU/g");
    on * size * load / (load + half)
}

/// A strain's own direct effect: that of its row, or nothing beyond what strains have.
fn own_effect(strain: &str, row: Option<&StrainRow>) -> Parameter {
    let told = row.and_then(|r| Some((r.direct_effect?, &r.provenance)));
    let (value, spread, source, mark, doc) = match told {
        Some(([value, sd], from)) => {
            let spread = if sd > 0.0 {
                Spread::Normal { sd }
            } else {
                Spread::Fixed
            };
            let doc = format!(
                "direct effect of {strain} (C9), from its row of the strains, in place of that of strains"
            );
            (value, spread, from.source.clone(), from.mark, doc)
        }
        None => {
            let doc = format!(
                "what {strain} does beyond the direct effect of strains (C9); no trial of it is taken over"
            );
            (0.0, Spread::Fixed, SOURCE.to_owned(), Mark::Assumed, doc)
        }
    };
    Parameter {
        name: format!("strains.direct_effect.{strain}"),
        value,
        unit: Some(Unit::dimensionless()),
        spread,
        source,
        mark,
        doc,
    }
}
