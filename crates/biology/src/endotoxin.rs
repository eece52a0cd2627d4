//! Translocation: endotoxin that assays see, endotoxin that acts, bursts of bacterial DNA.

use crate::barrier::Leak;
use crate::body::{Frame, power};
use gutskin_network::{Expr, LinkGrade};

/// What endotoxin does.
pub(crate) struct Transfer<'m> {
    /// (E/E0)^gL, the low-grade effect.
    pub low_grade: Expr<'m>,
    /// What the acute arm sees, pg/mL (I2).
    pub acute: Expr<'m>,
}

/// Adds endotoxin.
pub(crate) fn add<'m>(f: &Frame<'_, 'm, '_>, leak: &Leak<'m>) -> Transfer<'m> {
    let (m, p, env) = (f.m, f.pools, f.environment);
    let absorption = m.parameter("endotoxin.fat_absorption", "1/d");
    m.rate(p.fat, env.saturated_fat - absorption * p.fat);
    let fat_gain = m.parameter("endotoxin.fat_gain", "d/g");
    let on = f.link(
        ("fat_to_endotoxin", "input", "endotoxin"),
        fat_gain,
        LinkGrade::HumanTrial,
        "flow × (1 + fF·(fat absorbed − reference)/40 g/h) (I1)",
    );
    let omega = f.plain("endotoxin.omega3_effect");
    let on_omega = f.link(
        ("omega3_to_endotoxin", "input", "endotoxin"),
        omega,
        LinkGrade::HumanTrial,
        "fat absorbed × (1 − gain·share of n-3): above 1, n-3 lowers",
    );
    let fat = 1.0
        + on * fat_gain
            * (absorption * p.fat * (1.0 - on_omega * omega * env.omega3)
                - m.parameter("diet.reference_saturated_fat", "g/d"));
    let alcohol = f.plain("endotoxin.alcohol_gain");
    let on_alcohol = f.link(
        ("alcohol_to_endotoxin", "input", "endotoxin"),
        alcohol,
        LinkGrade::HumanTrial,
        "flow × (1 + 0.5·blood alcohol/0.08 %); studies disagree",
    );
    let (through_leak, through_mucus) = (
        f.plain("endotoxin.leak_exponent"),
        f.plain("endotoxin.mucus_exponent"),
    );
    let on = f.link_of(
        ("leak_to_endotoxin", "barrier", "endotoxin"),
        (through_leak, &[through_mucus]),
        LinkGrade::Assumption,
        "flow × Lum·leak/mucus (I1)",
    );
    let contact = 1.0
        + on * (f.gut.lps_activity
            * power(leak.effective, through_leak)
            * power(p.mucus, -through_mucus)
            - 1.0);
    let (usual, loss, clearance) = (
        m.parameter("endotoxin.bound_reference", "pg/mL"),
        m.parameter("endotoxin.bound_loss", "1/d"),
        m.parameter("endotoxin.active_loss", "1/d"),
    );
    let flow = contact * fat * (1.0 + on_alcohol * alcohol * env.alcohol);
    let share = f.plain("endotoxin.bioactive_share");
    m.rate(p.bound, loss * (usual * flow - p.bound));
    m.rate(
        p.active,
        clearance
            * (share * usual * flow + m.parameter("endotoxin.burst_size", "pg/mL") * p.dna
                - p.active)
            + env.endotoxin,
    );
    bursts(f, leak);
    m.observe(
        "endotoxin.lal",
        "pg/mL",
        p.bound + p.active,
        "endotoxin by LAL, all that is in plasma: bound, and what acts (infused or by bursts too); assay scale 0.3–10",
    );
    m.observe(
        "endotoxin.lbp",
        "ug/mL",
        m.parameter("endotoxin.lbp_reference", "ug/mL")
            * power(p.bound / usual, f.plain("endotoxin.lbp_exponent")),
        "lipopolysaccharide-binding protein (assumed relation)",
    );
    let elasticity = f.plain("immune.endotoxin_elasticity");
    let on = f.link(
        ("endotoxin_to_immune", "endotoxin", "immune"),
        elasticity,
        LinkGrade::HumanTrial,
        "(E/E0)^gL on tone and set-points (I3)",
    );
    let gate = m.parameter("endotoxin.gate", "pg/mL");
    let on_gate = f.link(
        ("endotoxin_to_acute", "endotoxin", "acute"),
        gate,
        LinkGrade::Assumption,
        "the acute arm sees E·E²/(E² + 0.5²) (I2)",
    );
    let square = p.active * p.active;
    Transfer {
        low_grade: m.variable(
            "endotoxin.low_grade",
            "1",
            power(p.active / (share * usual), on * elasticity),
            "(E/E0)^gL",
        ),
        acute: m.variable(
            "endotoxin.gated",
            "pg/mL",
            on_gate * p.active * square / (square + gate * gate),
            "what the acute arm sees",
        ),
    }
}

/// softplus(x), as its mean over the day where short events lift x by `height`, from where it falls back as an exponential:
/// by Gauss–Legendre over the heights that it passes.
fn mean_softplus<'m>(x: Expr<'m>, height: Expr<'m>, share: Expr<'m>) -> Expr<'m> {
    const HEIGHTS: [(f64, f64); 3] = [
        (0.112_701_665_379_258_3, 5.0 / 18.0),
        (0.5, 4.0 / 9.0),
        (0.887_298_334_620_741_7, 5.0 / 18.0),
    ];
    let mut mean = x.softplus();
    for (part, weight) in HEIGHTS {
        // softplus(x + d) − softplus(x), written so that a wide-open gut does not overflow.
        let d = part * height;
        let low = (-d).exp();
        let more = d + (low + x.logistic() * (1.0 - low)).ln();
        mean = mean + (weight / part) * share * more;
    }
    mean
}

fn bursts<'m>(f: &Frame<'_, 'm, '_>, leak: &Leak<'m>) {
    let (m, p) = (f.m, f.pools);
    let rate = m.parameter("endotoxin.burst_rate", "1/d");
    let on = f.link(
        ("leak_to_bursts", "barrier", "endotoxin"),
        rate,
        LinkGrade::HumanObservation,
        "bursts of bacterial DNA: λ0·softplus(leak·Lum/mucus − 1.3) (I8)",
    );
    let (threshold, width) = (
        f.plain("endotoxin.burst_threshold"),
        f.plain("endotoxin.burst_width"),
    );
    let contact = f.gut.lps_activity / p.mucus;
    let above = |leak: Expr<'m>| (leak * contact - threshold) / width;
    let excess = match &leak.events {
        None => above(leak.effective).softplus(),
        Some(events) => mean_softplus(
            above(leak.resting),
            events.height * contact / width,
            events.share,
        ),
    };
    let hazard = on * rate * width * excess;
    m.observe(
        "endotoxin.burst_hazard",
        "1/d",
        hazard,
        "hazard of a burst, which adds 1 to endotoxin.bacterial_dna",
    );
    // Whoever runs the model draws the others one by one.
    m.rate(
        p.dna,
        f.environment.bursts_as_mean * hazard - m.parameter("endotoxin.dna_loss", "1/d") * p.dna,
    );
    f.show(
        "endotoxin.bacterial_dna_week",
        "1",
        "7-day mean of bacterial DNA",
    );
    m.rate(
        p.dna_week,
        (p.dna - p.dna_week) / m.parameter("endotoxin.dna_memory", "d"),
    );
    m.observe(
        "endotoxin.dna",
        "1",
        p.dna,
        "bacterial DNA in blood; positive above the detection limit (assumed 0.25)",
    );
}
