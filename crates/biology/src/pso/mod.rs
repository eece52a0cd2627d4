//! Psoriasis: innate/IL-23 axis, T17 activity, resident memory and plaque, all 1 at the patient's own untreated state.
//!
//! Resident memory follows T17 activity with saturation, so that the plaque keeps a stable state under every drive.

pub mod switch;

use crate::catalogue::SkinDrug;
use crate::drives::PsoDrives;
use crate::grade;
use crate::therapy::{self, Therapy};
use gutskin_network::{BuildErrors, Builder, Expr, LinkGrade, LinkSpec, Network, ParameterTable};

/// Psoriasis alone, drives held by the scenario, with these drugs.
///
/// # Errors
/// Every parameter that is missing or has the wrong kind of unit.
pub fn network(table: &ParameterTable, drugs: &[&SkinDrug]) -> Result<Network, BuildErrors> {
    let m = Builder::new("pso", "d", table);
    let drives = PsoDrives::clamped(&m);
    let therapy = therapy::add(&m, drugs);
    let plaque = Plaque::declare(&m);
    add(&m, plaque, drives, &therapy);
    let mut network = m.finish()?;
    therapy::cite(&mut network, drugs);
    Ok(network)
}

/// The state that PASI reads; declared before the body, which hears the severity.
#[derive(Clone, Copy)]
pub struct Plaque<'m> {
    plaque: Expr<'m>,
    /// PASI points.
    pub pasi: Expr<'m>,
}

impl<'m> Plaque<'m> {
    /// Declares plaque and PASI.
    pub fn declare(m: &'m Builder<'_>) -> Self {
        let plaque = m
            .state("pso.plaque", "1")
            .typical(1.0)
            .initial(1.0)
            .doc("plaque; PASI over own untreated PASI at zero drives")
            .add();
        let own = m.parameter("pso.pasi_untreated", "1");
        Self {
            plaque,
            pasi: m.variable("score.pasi", "1", own * plaque, "PASI, 0 to 72 points"),
        }
    }
}

/// Adds the module.
pub fn add<'m>(
    m: &'m Builder<'_>,
    Plaque { plaque, pasi }: Plaque<'m>,
    drives: PsoDrives<'m>,
    therapy: &Therapy<'m>,
) {
    let number = |name: &str| m.parameter(&format!("pso.{name}"), "1");
    let rate = |name: &str| m.parameter(&format!("pso.{name}"), "1/d");
    let state = |name: &str, doc: &str| {
        m.state(&format!("pso.{name}"), "1")
            .typical(1.0)
            .initial(1.0)
            .doc(doc)
            .add()
    };
    let innate = state("innate", "innate and IL-23 axis");
    let t17 = state("t17", "T17 activity of the lesion");
    let memory = state("memory", "resident memory");
    let drive = systemic(m, drives);

    let free = number("free_innate");
    // What drugs against tumour necrosis factor leave of a signal that carries this share of it.
    let without_tnf = |share: &str| {
        if therapy.touches("tnf") {
            1.0 - number(share) * (1.0 - therapy.left(m, "tnf"))
        } else {
            m.constant(1.0)
        }
    };
    let stimulus = (free * drive + (1.0 - free) * plaque) * without_tnf("tnf_share_innate");
    m.rate(innate, rate("innate_rate") * (stimulus - innate));
    m.rate(
        t17,
        rate("t17_rate") * (memory * innate * therapy.left(m, "il23") - t17),
    );
    let (lasting, half) = (number("memory_floor"), number("memory_half"));
    let fed = lasting + (1.0 - lasting) * t17 * (1.0 + half) / (t17 + half);
    m.rate(memory, rate("memory_rate") * (fed - memory));
    let signal = t17 * therapy.left(m, "il17") * without_tnf("tnf_share_plaque");
    let (steepness, middle) = (number("plaque_steepness"), number("plaque_half"));
    let width = m.parameter("smoothing.width", "1");
    // Scaled so that the untreated plaque is exactly 1.
    let hill = |x: Expr<'m>| {
        let raised = x.smooth_pow(steepness, width);
        raised / (raised + middle.pow(steepness))
    };
    let formed = hill(signal) / hill(m.constant(1.0)) * therapy.left(m, "plaque");
    m.rate(plaque, rate("plaque_rate") * (formed - plaque));
    m.observe("score.pasi", "1", pasi, "PASI, 0 to 72 points");
    let doc = "PGA before it is rounded: bands of PASI (0 or 1 up to 3, the others assumed)";
    grade::observe(m, "pga", (pasi, "1"), doc);
    m.observe(
        "pso.plaque",
        "1",
        plaque,
        "plaque over own untreated plaque",
    );
}

/// D_sys: what the body adds to the innate axis, 1 at neutral drives.
fn systemic<'m>(m: &'m Builder<'_>, drives: PsoDrives<'m>) -> Expr<'m> {
    let link = |name: &str, from: &str, gain: &str, doc: &str| {
        let gain = m.parameter(&format!("pso.{gain}"), "1");
        let on = m.link(LinkSpec {
            name,
            from,
            to: "pso",
            gain: Some(gain),
            grade: LinkGrade::HumanObservation,
            on: true,
            doc,
        });
        on * gain
    };
    let b1 = link(
        "tone_to_psoriasis",
        "immune",
        "gain_tone",
        "D_sys × exp(β1·G)",
    );
    let b2 = link(
        "th17_to_psoriasis",
        "immune",
        "gain_th17",
        "D_sys × exp(β2·B17)",
    );
    let b3 = link(
        "body_mass_to_psoriasis",
        "metabolic",
        "gain_body_mass",
        "D_sys × exp(β3·body-mass z)",
    );
    let b4 = link(
        "bacterial_dna_to_psoriasis",
        "endotoxin",
        "gain_bacterial_dna",
        "D_sys × exp(β4·bacterial DNA), its 7-day mean",
    );
    let direct = m.input(
        "clamped.drive",
        "1",
        1.0,
        "factor on D_sys that a scenario may hold directly",
    );
    m.variable(
        "pso.drive",
        "1",
        direct
            * (b1 * drives.tone
                + b2 * drives.th17
                + b3 * drives.body_mass
                + b4 * drives.bacterial_dna)
                .exp(),
        "systemic drive D_sys",
    )
}
