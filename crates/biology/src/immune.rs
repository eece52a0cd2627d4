//! Set-points of cytokines, C-reactive protein, regulatory and helper T cells, and the drives handed to the skins.

use crate::barrier::Leak;
use crate::body::{Frame, power, saturation};
use crate::endotoxin::Transfer;
use gutskin_network::{Expr, LinkGrade};

/// Bounded z-scores.
pub(crate) struct Drives<'m> {
    pub tone: Expr<'m>,
    pub th2: Expr<'m>,
    pub th17: Expr<'m>,
}

/// Adds immunity.
pub(crate) fn add<'m>(
    f: &Frame<'_, 'm, '_>,
    leak: &Leak<'m>,
    transfer: &Transfer<'m>,
) -> Drives<'m> {
    let (m, p) = (f.m, f.pools);
    cytokines(f, transfer);
    regulatory(f);
    let damping = f.plain("immune.treg_exponent");
    let on = f.link(
        ("treg_to_immune", "immune", "immune"),
        damping,
        LinkGrade::Assumption,
        "tone and Th × Treg^−0.5",
    );
    let held = power(p.treg, -(on * damping));
    let through = f.plain("immune.tone_inflammation_exponent");
    let on = f.link(
        ("inflammation_to_tone", "barrier", "immune"),
        through,
        LinkGrade::HumanTrial,
        "tone × Im^0.2 (I3)",
    );
    m.rate(
        p.tone,
        (transfer.low_grade * power(p.inflammation, on * through) * held - p.tone)
            / m.parameter("immune.tone_time", "d"),
    );
    let time = m.parameter("immune.helper_time", "d");
    let cortisol = m.find("hpa.cortisol_relative");
    let tilt = f.plain("immune.cortisol_tilt");
    let on_tilt = f.link(
        ("cortisol_to_helpers", "hpa", "immune"),
        tilt,
        LinkGrade::Assumption,
        "Th2 × ((cortisol + steroid)/reference)^0.2, Th1 × its inverse (I5)",
    );
    let e2 = f.plain("immune.th2_exponent");
    let on = f.link(
        ("leak_to_th2", "barrier", "immune"),
        e2,
        LinkGrade::Assumption,
        "Th2 × leak^0.3 (I5)",
    );
    m.rate(
        p.th2,
        (power(leak.effective, on * e2) * held * power(cortisol, on_tilt * tilt) - p.th2) / time,
    );
    m.rate(
        p.th1,
        (transfer.low_grade * held * power(cortisol, -(on_tilt * tilt)) - p.th1) / time,
    );
    let e17 = f.plain("immune.th17_exponent");
    let on = f.link(
        ("inflammation_to_th17", "barrier", "immune"),
        e17,
        LinkGrade::Assumption,
        "Th17 × Im^0.3 (I6)",
    );
    m.rate(
        p.th17,
        (power(p.inflammation, on * e17) * transfer.low_grade * held - p.th17) / time,
    );
    let bound = f.plain("immune.drive_bound");
    m.rate(
        p.scfa_slow,
        (f.gut.scfa_signal.bounded(bound) - p.scfa_slow) / m.parameter("immune.drive_time", "d"),
    );
    f.show("immune.scfa_z", "1", "S_c, bounded, 7-day (C6)");
    let skin = f.plain("immune.helper_skin");
    let on = f.link(
        ("severity_to_helpers", "skin", "immune"),
        skin,
        LinkGrade::HumanObservation,
        "serum Th17 and Th2 × (1 + 0.5v), in the observable only (S2)",
    );
    m.observe(
        "immune.th17",
        "1",
        f.plain("immune.th17_own") * p.th17 * (1.0 + on * skin * f.skin.psoriasis),
        "serum marker of Th17",
    );
    m.observe(
        "immune.th2",
        "1",
        f.plain("immune.th2_own") * p.th2 * (1.0 + on * skin * f.skin.eczema),
        "serum marker of Th2",
    );
    let drive = |name: &str, x: Expr<'m>, scale: &str, doc: &str| {
        let z = m.variable(name, "1", (x.ln() / f.plain(scale)).bounded(bound), doc);
        f.show(name, "1", doc);
        z
    };
    f.show("immune.tone", "1", "low-grade systemic tone");
    f.show("immune.treg", "1", "regulatory T cells");
    f.show("immune.th1_bias", "1", "systemic Th1 bias");
    Drives {
        tone: drive("immune.drive_tone", p.tone, "immune.tone_sd_ln", "G (I4)"),
        th2: drive("immune.drive_th2", p.th2, "immune.th2_sd_ln", "T2 (I5)"),
        th17: drive("immune.drive_th17", p.th17, "immune.th17_sd_ln", "B17 (I6)"),
    }
}

fn cytokines<'m>(f: &Frame<'_, 'm, '_>, transfer: &Transfer<'m>) {
    let (m, p, skin) = (f.m, f.pools, f.skin);
    let ts = f.plain("immune.skin_tnf");
    let parts = ["il6", "crp_psoriasis", "crp_eczema"];
    let [six, protein_psoriasis, protein_eczema] =
        parts.map(|of| f.plain(&format!("immune.skin_{of}")));
    let on = f.link_of(
        ("severity_to_cytokines", "skin", "immune"),
        (ts, &[six, protein_psoriasis, protein_eczema]),
        LinkGrade::HumanObservation,
        "set-points: TNF × (1 + 0.25v), IL-6 × (1 + 0.35v), CRP × (1 + 0.5v) or 0.4v (S1)",
    );
    let severity = on * (skin.psoriasis + skin.eczema);
    let e = f.plain("immune.tnf_treg_exponent");
    let on_treg = f.link(
        ("treg_to_tnf", "immune", "immune"),
        e,
        LinkGrade::Assumption,
        "TNF set-point × Treg^−0.5",
    );
    let trained = training(f);
    let tnf = m.parameter("immune.tnf_reference", "pg/mL")
        * transfer.low_grade
        * trained.tnf
        * power(p.treg, -(on_treg * e))
        * (1.0 + ts * severity);
    let sleep = m.parameter("immune.sleep_il6", "d/h");
    let on_sleep = f.link(
        ("sleep_to_il6", "input", "immune"),
        sleep,
        LinkGrade::HumanTrial,
        "IL-6 set-point × (1 + 0.10 per hour lost); trials conflict (I14)",
    );
    let weight = f.plain("immune.bmi_il6");
    let on_weight = f.link(
        ("bmi_to_il6", "input", "immune"),
        weight,
        LinkGrade::HumanObservation,
        "IL-6 set-point × (1 + 0.35·BMI z) (I15)",
    );
    let lost = m.find("metabolic.sleep_lost");
    let bare = transfer.low_grade
        * trained.il6
        * (1.0 + on_sleep * sleep * lost)
        * above_zero(
            1.0 + on_weight * weight * p.bmi_slow,
            f.plain("immune.bmi_corner"),
        );
    let il6 = m.parameter("immune.il6_reference", "pg/mL") * bare * (1.0 + six * severity);
    m.rate(p.tnf, m.parameter("acute.tnf_loss", "1/d") * (tnf - p.tnf));
    m.rate(p.il6, m.parameter("acute.il6_loss", "1/d") * (il6 - p.il6));
    m.rate(
        p.il10,
        m.parameter("acute.il10_loss", "1/d")
            * (m.parameter("immune.il10_reference", "pg/mL") - p.il10),
    );
    // Never below zero: IL-6 under its set-point does not take the acute-phase protein away.
    let above = (p.il6 - il6).smooth_plus(m.parameter("immune.liver_corner", "pg/mL"));
    m.rate(
        p.liver,
        m.parameter("immune.liver_rate", "1/d")
            * (above / (above + m.parameter("immune.liver_half", "pg/mL")) - p.liver),
    );
    let crp = m.parameter("immune.crp_reference", "mg/L")
        * power(bare, f.plain("immune.crp_exponent"))
        * (1.0 + on * (protein_psoriasis * skin.psoriasis + protein_eczema * skin.eczema));
    m.rate(
        p.crp,
        m.parameter("immune.crp_loss", "1/d")
            * (crp + m.parameter("immune.crp_gain", "mg/L") * p.liver - p.crp),
    );
    for (name, unit, doc) in [
        ("immune.tnf", "pg/mL", "TNF in plasma"),
        ("immune.il6", "pg/mL", "IL-6 in plasma"),
        ("immune.il10", "pg/mL", "IL-10 in plasma"),
        (
            "immune.crp",
            "mg/L",
            "C-reactive protein; assay error below 10 %",
        ),
    ] {
        f.show(name, unit, doc);
    }
}

/// What training makes of set-points, as factors.
struct Trained<'m> {
    tnf: Expr<'m>,
    il6: Expr<'m>,
}

fn training<'m>(f: &Frame<'_, 'm, '_>) -> Trained<'m> {
    let (m, trained) = (f.m, f.pools.trained);
    m.rate(
        trained,
        (f.environment.training - trained) / m.parameter("immune.training_time", "d"),
    );
    let (tnf, il6) = (
        f.plain("immune.training_tnf"),
        f.plain("immune.training_il6"),
    );
    let on = f.link_of(
        ("training_to_cytokines", "input", "immune"),
        (tnf, &[il6]),
        LinkGrade::HumanTrial,
        "set-points of TNF and IL-6, and with it of C-reactive protein, × exp(−gain·training), built up over weeks",
    );
    let factor = |gain: Expr<'m>| (-(on * gain * trained)).exp();
    Trained {
        tnf: factor(tnf),
        il6: factor(il6),
    }
}

fn regulatory(f: &Frame<'_, '_, '_>) {
    let (m, p) = (f.m, f.pools);
    let half = m.parameter("barrier.butyrate_half_effect", "mmol/L");
    let usual = saturation(
        m.parameter("barrier.surface_butyrate_reference", "mmol/L"),
        half,
    );
    let butyrate = f.plain("immune.butyrate_treg");
    let on = f.link(
        ("butyrate_to_treg", "colon", "immune"),
        butyrate,
        LinkGrade::Animal,
        "Treg target + 0.5·(h(B) − h(B0))/h(B0)",
    );
    let vitamin = f.plain("immune.vitamin_d_treg");
    let on_vitamin = f.link(
        ("vitamin_d_to_treg", "metabolic", "immune"),
        vitamin,
        LinkGrade::Assumption,
        "Treg target + 0.1·(25(OH)D/50 − 1)",
    );
    let aromatic = f.plain("immune.aromatic_treg");
    let on_aromatic = f.link_set(
        ("aromatic_to_treg", "colon", "immune"),
        aromatic,
        LinkGrade::Assumption,
        false,
        "Treg target + 0.05·aromatic (C7)",
    );
    let bile = f.plain("immune.secondary_bile_treg");
    let on_bile = f.link(
        ("secondary_bile_to_treg", "bile", "immune"),
        bile,
        LinkGrade::Assumption,
        "Treg target + gain·(share of secondary bile acids − 1): no known effect (C8)",
    );
    let target = 1.0
        + on_bile * bile * f.gut.secondary_bile
        + on * butyrate * (f.gut.butyrate.effect - usual) / usual
        + on_vitamin
            * vitamin
            * (p.vitamin_d / m.parameter("metabolic.vitamin_d_reference", "nmol/L") - 1.0)
        + on_aromatic * aromatic * f.gut.aromatic;
    m.rate(
        p.treg,
        (above_zero(target, f.plain("immune.treg_corner")) - p.treg)
            / m.parameter("immune.treg_time", "d"),
    );
}

/// A factor that is 1 in the reference person and stays above zero, rounded over `corner`.
fn above_zero<'m>(factor: Expr<'m>, corner: Expr<'m>) -> Expr<'m> {
    let usual = (1.0 + (1.0 + corner * corner).sqrt()) / 2.0;
    factor.smooth_plus(corner) / usual
}
