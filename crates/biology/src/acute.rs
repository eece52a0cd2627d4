//! The monocyte–cytokine chain after endotoxin.

use crate::body::{Frame, power};
use crate::endotoxin::Transfer;
use crate::hpa::Cortisol;
use gutskin_network::{Expr, LinkGrade};

/// Adds the chain; it drives TNF, IL-6 and IL-10 above their set-points.
pub(crate) fn add<'m>(f: &Frame<'_, 'm, '_>, cortisol: &Cortisol<'m>, transfer: &Transfer<'m>) {
    let (m, p) = (f.m, f.pools);
    let (half, order) = (
        m.parameter("acute.signal_half", "pg/mL"),
        f.plain("acute.signal_order"),
    );
    let trace = m.parameter("acute.signal_trace", "pg/mL");
    let seen = p.within_day.map_or(transfer.acute, |fast| fast.receptor);
    let relative = (seen + trace) / half;
    let raised = power(relative, order);
    let signal = m.variable(
        "acute.signal",
        "1",
        raised / (1.0 + raised),
        "receptor signal",
    );
    let free = signal * (1.0 - p.tolerance);
    m.rate(
        p.tolerance,
        m.parameter("acute.tolerance_on", "1/d") * free
            - m.parameter("acute.tolerance_off", "1/d") * p.tolerance,
    );
    let (second, third) = match p.within_day {
        Some(fast) => {
            let [a, b, c] = fast.transit;
            let step = m.parameter("acute.transit_rate", "1/d");
            m.rate(
                fast.receptor,
                m.parameter("acute.receptor_rate", "1/d") * (transfer.acute - fast.receptor),
            );
            m.rate(a, step * (free - a));
            m.rate(b, step * (a - b));
            m.rate(c, m.parameter("acute.late_rate", "1/d") * (b - c));
            (b, c)
        }
        None => (free, free),
    };
    let common = f.plain("acute.monocyte_response");
    fever(f);
    let hill4 = |half: Expr<'m>| {
        let r = cortisol.acting / half;
        r * r * r * r
    };
    let halves = ["tnf", "il6", "il10"];
    let [tnf_half, il6_half, il10_half] =
        halves.map(|of| m.parameter(&format!("acute.cortisol_{of}_half"), "nmol/L"));
    let lift = f.plain("acute.cortisol_il10_gain");
    let on = f.link_of(
        ("cortisol_to_cytokines", "hpa", "acute"),
        (tnf_half, &[il6_half, il10_half, lift]),
        LinkGrade::HumanTrial,
        "TNF / (1 + (cortisol/K)⁴), IL-6 and IL-8 less, IL-10 more (I13)",
    );
    let tnf_held = 1.0 / (1.0 + on * hill4(tnf_half));
    let late = cortisol.acting / il6_half;
    let il6_held = 1.0 / (1.0 + on * late * late);
    let lifted = hill4(il10_half);
    let il10_lifted = 1.0 + on * lift * lifted / (1.0 + lifted);
    let tolerant = (1.0 - p.tolerance).smooth_pow(
        f.plain("acute.tnf_tolerance"),
        m.parameter("smoothing.width", "1"),
    );
    let tnf = m.parameter("acute.tnf_gain", "pg/mL") * common * second * tolerant * tnf_held;
    let il6 = m.parameter("acute.il6_gain", "pg/mL") * common * third * il6_held;
    let il10 = m.parameter("acute.il10_gain", "pg/mL") * third * il10_lifted;
    m.rate(p.tnf, m.parameter("acute.tnf_loss", "1/d") * tnf);
    m.rate(p.il6, m.parameter("acute.il6_loss", "1/d") * il6);
    m.rate(p.il10, m.parameter("acute.il10_loss", "1/d") * il10);
    if let Some(fast) = p.within_day {
        let usual = m.parameter("immune.il8_reference", "pg/mL");
        let il8 = usual + m.parameter("acute.il8_gain", "pg/mL") * third * il6_held;
        m.rate(
            fast.il8,
            m.parameter("acute.il8_loss", "1/d") * (il8 - fast.il8),
        );
        f.show(
            "immune.il8",
            "pg/mL",
            "IL-8 in plasma; read only, by the clock only",
        );
    }
}

/// Body temperature after cytokines above their own usual levels (Dobreva 2021): read only, by the clock only.
fn fever<'m>(f: &Frame<'_, 'm, '_>) {
    let (m, p) = (f.m, f.pools);
    let Some(fast) = p.within_day else {
        return;
    };
    let corner = m.parameter("hpa.cytokine_corner", "pg/mL");
    let part = |above: Expr<'m>, of: &str| {
        let half = m.parameter(&format!("acute.temperature_{of}_half"), "pg/mL");
        let order = f.plain(&format!("acute.temperature_{of}_order"));
        let raised = power(above.smooth_plus(corner) / half, order);
        f.plain(&format!("acute.temperature_{of}")) * raised / (1.0 + raised)
    };
    let calm = m.parameter("immune.il10_reference", "pg/mL");
    let drive = part(p.tnf - p.tnf_usual, "tnf") + part(p.il6 - p.il6_usual, "il6")
        - part(p.il10 - calm, "il10");
    m.rate(
        fast.fever,
        (m.parameter("acute.temperature_reach", "K") * drive - fast.fever)
            / m.parameter("acute.temperature_time", "d"),
    );
    f.show(
        "acute.temperature_rise",
        "K",
        "rise of body temperature by cytokines, without its rhythm of the day; read only, by the clock only",
    );
}
