//! The joined axis: colon, body and one skin, every link real.
//!
//! The order of writing breaks the circle: what the skin shows (severity) is declared first, then the states of the
//! body, then the colon, then the equations of the body, at last those of the skin. Every signal of the body reaches
//! the skin through a route that can be cut, and all of them through one switch: off is the null model.

mod routes;

use crate::ad::{self, Integrity};
use crate::barrier::Butyrate;
use crate::body::{Body, Gut, Mode, Skin, power};
use crate::catalogue::{Catalogue, SkinDrug};
use crate::colon::{self, ColonOptions, Offers, Signals};
use crate::plasma::{self, Plasma};
use crate::pso::{self, Plaque};
use crate::therapy::{self, Therapy};
use crate::{acne, skin};
use gutskin_network::{BuildErrors, Builder, Expr, LinkGrade, LinkSpec, Network, ParameterTable};
use routes::Reaching;
pub use routes::{HORMONE_ROUTE, IMMUNE_ROUTE, NERVOUS_ROUTE, NULL_MODEL, ROUTES};

/// Which skin stands at the end of the axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SkinKind {
    /// Eczema.
    Eczema,
    /// Plaque psoriasis.
    Psoriasis,
    /// Acne.
    Acne,
    /// Healthy skin.
    Healthy,
}

impl SkinKind {
    /// Its word in names of models.
    pub fn word(self) -> &'static str {
        match self {
            SkinKind::Eczema => "ad",
            SkinKind::Psoriasis => "pso",
            SkinKind::Acne => "acne",
            SkinKind::Healthy => "healthy",
        }
    }
}

/// What is in an axis.
#[derive(Clone, Debug)]
pub struct AxisOptions<'a> {
    /// The skin.
    pub skin: SkinKind,
    /// Daily means, or the clock within the day.
    pub mode: Mode,
    /// What is in the colon.
    pub colon: ColonOptions,
    /// Drugs of the skin that a scenario may give.
    pub drugs: Vec<&'a SkinDrug>,
    /// Whether body and skin act back on colon and body; where not, the inputs `clamped.*` stand for them.
    pub returns: bool,
}

impl AxisOptions<'_> {
    /// The residents, no drugs, daily.
    pub fn plain(skin: SkinKind) -> Self {
        Self {
            skin,
            mode: Mode::Daily,
            colon: ColonOptions::default(),
            drugs: Vec::new(),
            returns: true,
        }
    }
}

/// The skin before its equations: what the body hears of it.
enum Surface<'m> {
    Eczema(Integrity<'m>),
    Psoriasis(Plaque<'m>),
    Acne,
    Healthy(Integrity<'m>),
}

/// A network of the whole axis.
///
/// # Errors
/// Everything that does not fit: parameters that are missing, names that are not in the tables.
pub fn network(
    table: &ParameterTable,
    catalogue: &Catalogue,
    options: &AxisOptions<'_>,
) -> Result<Network, BuildErrors> {
    let within = match options.mode {
        Mode::Daily => "",
        Mode::WithinDay => "_within_day",
    };
    let lean = options.colon.layout.suffix();
    let name = format!("axis_{}{within}{lean}", options.skin.word());
    let m = Builder::new(&name, "d", table);
    let surface = Surface::declare(&m, options.skin);
    let shown = surface.severity(&m);
    let severity = if options.returns {
        shown
    } else {
        Skin::clamped(&m)
    };
    let body = Body::declare(&m, options.mode, &severity);
    let heard = body.signals(&m);
    let (back, acid_suppression) = ([heard.vitamin_d, heard.stress], heard.acid_suppression);
    let (signals, held_mucin) = if options.returns {
        (heard, None)
    } else {
        let held = Signals {
            acid_suppression,
            ..Signals::clamped(&m)
        };
        (held, Some(colon::clamped_mucin(&m)))
    };
    let butyrate = std::cell::Cell::new(None);
    let mucin = |at_surface| {
        let effect = Butyrate::at(&m, held_butyrate(&m, at_surface));
        butyrate.set(Some(effect));
        held_mucin.unwrap_or(effect.mucin_factor)
    };
    let offers = colon::add(&m, table, catalogue, &options.colon, &signals, &mucin)?;
    let plasma = plasma::add(&m, &offers);
    let butyrate = butyrate
        .get()
        .unwrap_or_else(|| Butyrate::at(&m, offers.surface_butyrate));
    let gut = gut(&m, &offers, &plasma, butyrate);
    let offered = body.finish(&m, &gut, &severity);
    let reaching = Reaching::new(&m, (options, catalogue), &offered);
    let therapy = therapy::add(&m, &options.drugs);
    surface.finish(&m, &reaching, &therapy);
    returns(&m, &shown, butyrate.mucin_factor, back);
    let mut network = m.finish()?;
    therapy::cite(&mut network, &options.drugs);
    colon::cite_formulas(&mut network);
    Ok(network)
}

impl<'m> Surface<'m> {
    fn declare(m: &'m Builder<'_>, kind: SkinKind) -> Self {
        match kind {
            SkinKind::Eczema => Surface::Eczema(Integrity::declare(m)),
            SkinKind::Psoriasis => Surface::Psoriasis(Plaque::declare(m)),
            SkinKind::Acne => Surface::Acne,
            SkinKind::Healthy => Surface::Healthy(Integrity::declare(m)),
        }
    }

    /// S1 to S4. Acne counts as 0, and so does healthy skin, whose EASI is the noise floor of the score.
    fn severity(&self, m: &'m Builder<'_>) -> Skin<'m> {
        let zero = m.constant(0.0);
        let (psoriasis, eczema, itch) = match self {
            Surface::Eczema(skin) => (
                zero,
                skin.easi / m.parameter("axis.easi_unit", "1"),
                skin.itch,
            ),
            Surface::Psoriasis(skin) => {
                (skin.pasi / m.parameter("axis.pasi_unit", "1"), zero, zero)
            }
            Surface::Acne | Surface::Healthy(_) => (zero, zero, zero),
        };
        let acute_answer = match self {
            Surface::Eczema(_) => m.parameter("people.eczema_stress_gain", "1"),
            _ => m.constant(1.0),
        };
        Skin {
            psoriasis,
            eczema,
            wounding: m.input(
                "input.wounding",
                "1",
                0.0,
                "hyaluronan fragments of a wound, 0 without (S3)",
            ),
            quality_of_life: m.parameter("axis.quality_of_life_unit", "1") * (psoriasis + eczema),
            itch,
            acute_answer,
        }
    }

    fn finish(self, m: &'m Builder<'_>, reaching: &Reaching<'m>, therapy: &Therapy<'m>) {
        match self {
            Surface::Eczema(integrity) => {
                let susceptibility = m.parameter("ad.susceptibility", "1");
                let eczema = ad::add(m, integrity, reaching.eczema(), therapy, susceptibility);
                ad::scores(m, &eczema);
            }
            Surface::Healthy(integrity) => {
                let susceptibility = m.parameter("skin.susceptibility", "1");
                let drives = reaching.eczema();
                let eczema = ad::add(m, integrity, drives, therapy, susceptibility);
                ad::scores(m, &eczema);
                skin::stripping(m, &eczema, drives);
            }
            Surface::Psoriasis(plaque) => pso::add(m, plaque, reaching.psoriasis(), therapy),
            Surface::Acne => acne::add(m, reaching.acne(), therapy),
        }
    }
}

/// What goes back, to be read.
fn returns<'m>(
    m: &'m Builder<'_>,
    skin: &Skin<'m>,
    mucin: Expr<'m>,
    [vitamin_d, stress]: [Expr<'m>; 2],
) {
    for (name, value, doc) in [
        (
            "axis.mucin_factor",
            mucin,
            "mucin secretion over the reference (B3)",
        ),
        (
            "axis.vitamin_d_ratio",
            vitamin_d,
            "25(OH)D over its reference (B6)",
        ),
        ("axis.psoriasis_severity", skin.psoriasis, "PASI/12 (S1)"),
        ("axis.eczema_severity", skin.eczema, "EASI/21 (S1)"),
        (
            "axis.quality_of_life",
            skin.quality_of_life,
            "DLQI, points (S4)",
        ),
        ("axis.itch", skin.itch, "itch, points of 10 (S4)"),
        ("axis.stress", stress, "stress that the colon hears (B4)"),
    ] {
        m.observe(name, "1", value, doc);
    }
}

/// A way from the colon into the body that can be cut: then the signal stays at its reference.
fn way<'m>(
    m: &'m Builder<'_>,
    (name, to): (&str, &str),
    gain: Expr<'m>,
    grade: LinkGrade,
    doc: &str,
) -> Expr<'m> {
    m.link(LinkSpec {
        name,
        from: "colon",
        to,
        gain: Some(gain),
        grade,
        on: true,
        doc,
    })
}

/// C1.
fn held_butyrate<'m>(m: &'m Builder<'_>, at_surface: Expr<'m>) -> Expr<'m> {
    let usual = m.parameter("colon.surface_butyrate_reference", "mM");
    let on = way(
        m,
        ("butyrate_to_surface", "barrier"),
        usual,
        LinkGrade::Assumption,
        "butyrate at the surface = B0·(distal butyrate/reference) (C1)",
    );
    usual + on * (at_surface - usual)
}

/// C2 to C8.
fn gut<'m>(
    m: &'m Builder<'_>,
    offers: &Offers<'m>,
    plasma: &Plasma<'m>,
    butyrate: Butyrate<'m>,
) -> Gut<'m> {
    let lps = way(
        m,
        ("lps_to_barrier", "barrier"),
        m.parameter("colon.lps_exponent", "1"),
        LinkGrade::Assumption,
        "activity of luminal lipopolysaccharide Lum = a^γ·(1 + w)/(1 + w·n) (C2)",
    );
    let demand = m.parameter("barrier.foraging_exponent", "1");
    let foraging = way(
        m,
        ("foraging_to_mucus", "barrier"),
        demand,
        LinkGrade::Animal,
        "mucus target / demand of mucus foragers, bounded (C3)",
    );
    let heard = m.parameter("immune.scfa_signal_gain", "1");
    let signal = m.link(LinkSpec {
        name: "plasma_to_scfa_signal",
        from: "plasma",
        to: "immune",
        gain: Some(heard),
        grade: LinkGrade::Assumption,
        on: true,
        doc: "S_c = ln((Ac + 3 Pr + 10 Bu)/reference)/0.30 (C6)",
    });
    let reference = |name: &str, unit: &str| m.parameter(&offers.layout.reference(name), unit);
    let usual = ["acetate", "propionate", "butyrate"]
        .map(|acid| reference(&format!("colon.{acid}_absorbed_reference"), "umol/d"));
    let usual = (usual[0] + usual[1] + usual[2])
        / m.parameter("plasma.micromole_per_millimole", "umol/mmol");
    Gut {
        butyrate,
        lps_activity: 1.0 + lps * (offers.lps_activity - 1.0),
        mucus_foraging: 1.0 + foraging * (power(offers.mucus_foraging, demand) - 1.0),
        scfa_extra: offers.scfa_absorbed - usual,
        scfa_signal: signal * heard * plasma.scfa_z,
        aromatic: offers.aromatic / reference("colon.aromatic_reference", "mmol/d") - 1.0,
        secondary_bile: offers.secondary_bile / reference("bile.secondary_reference", "1") - 1.0,
    }
}
