//! Glycaemic load, milk, weight, sun: insulin resistance, IGF-1, SHBG, 25(OH)D.

use crate::body::{Frame, Pools, power};
use gutskin_network::{Builder, Expr, LinkGrade};

/// What hormones hand over.
pub(crate) struct Hormones<'m> {
    pub igf1_ratio: Expr<'m>,
    pub androgen_ratio: Expr<'m>,
}

/// Adds hormones.
pub(crate) fn add<'m>(f: &Frame<'_, 'm, '_>) -> Hormones<'m> {
    let (m, p, env) = (f.m, f.pools, f.environment);
    let e = f.plain("metabolic.load_ir_exponent");
    let on = f.link(
        ("glycaemic_load_to_ir", "input", "metabolic"),
        e,
        LinkGrade::HumanTrial,
        "insulin resistance × load^0.3",
    );
    let load = power(env.glycaemic_load, on * e);
    let sleep = m.parameter("metabolic.sleep_ir", "d/h");
    let on = f.link(
        ("sleep_to_ir", "input", "metabolic"),
        sleep,
        LinkGrade::HumanTrial,
        "insulin resistance × (1 + 0.10 per hour lost) (I14)",
    );
    let slept = 1.0 + on * sleep * m.find("metabolic.sleep_lost");
    let c = f.plain("metabolic.cortisol_ir_exponent");
    let on = f.link(
        ("cortisol_to_ir", "hpa", "metabolic"),
        c,
        LinkGrade::Assumption,
        "insulin resistance × ((cortisol + steroid)/reference)^0.3",
    );
    let stressed = power(m.find("hpa.cortisol_relative"), on * c);
    let t = f.plain("metabolic.tnf_ir_exponent");
    let on = f.link(
        ("tnf_to_ir", "immune", "metabolic"),
        t,
        LinkGrade::Assumption,
        "insulin resistance × (TNF/reference)^0.1",
    );
    let inflamed = power(p.tnf / m.parameter("immune.tnf_reference", "pg/mL"), on * t);
    let w = f.plain("metabolic.bmi_ir");
    let on = f.link(
        ("bmi_to_ir", "input", "metabolic"),
        w,
        LinkGrade::Assumption,
        "insulin resistance × e^(0.3·BMI z)",
    );
    let heavy = (on * w * p.bmi_slow).exp();
    let time = m.parameter("metabolic.hormone_time", "d");
    m.rate(
        p.insulin_resistance,
        (load * slept * stressed * inflamed * heavy - p.insulin_resistance) / time,
    );
    let own = m.parameter("metabolic.igf1_reference", "ng/mL");
    let e = f.plain("metabolic.load_igf1_exponent");
    let on_load = f.link(
        ("glycaemic_load_to_igf1", "input", "metabolic"),
        e,
        LinkGrade::HumanTrial,
        "IGF-1 × load^0.17 (I15)",
    );
    let slope = m.parameter("metabolic.milk_igf1", "ng*d/mL/g");
    let on_milk = f.link(
        ("milk_to_igf1", "input", "metabolic"),
        slope,
        LinkGrade::HumanTrial,
        "IGF-1 + 0.05 ng/mL per g/d of milk (I15)",
    );
    let whey = m.parameter("metabolic.whey_igf1", "d/g");
    let on_whey = f.link(
        ("whey_to_igf1", "input", "metabolic"),
        whey,
        LinkGrade::HumanTrial,
        "IGF-1 × (1 + 0.08 at 30 g/d of whey)",
    );
    let target = own * power(env.glycaemic_load, on_load * e) * (1.0 + on_whey * whey * env.whey)
        + on_milk * slope * (env.milk - m.parameter("diet.reference_milk", "g/d"));
    m.rate(p.igf1, (target - p.igf1) / time);
    let s = f.plain("metabolic.ir_shbg_exponent");
    let on = f.link(
        ("ir_to_shbg", "metabolic", "metabolic"),
        s,
        LinkGrade::HumanObservation,
        "SHBG = resistance^−0.3 (I15)",
    );
    m.rate(
        p.shbg,
        (power(p.insulin_resistance, -(on * s)) - p.shbg) / m.parameter("metabolic.shbg_time", "d"),
    );
    m.rate(
        p.bmi_slow,
        (env.bmi.bounded(f.plain("immune.drive_bound")) - p.bmi_slow)
            / m.parameter("immune.drive_time", "d"),
    );
    vitamin_d(f);
    let igf1_ratio = m.variable(
        "metabolic.igf1_ratio",
        "1",
        p.igf1 / own,
        "IGF-1 over the own reference",
    );
    let androgen_ratio = m.variable(
        "metabolic.androgen_ratio",
        "1",
        1.0 / p.shbg,
        "free androgen over the own reference",
    );
    let homa = f.plain("metabolic.homa_reference") * p.insulin_resistance;
    m.observe("metabolic.homa_ir", "1", homa, "HOMA-IR");
    // Both are of one person: insulin is what the index means at the person's own glucose.
    let insulin = m.parameter("metabolic.homa_scale", "mIU*mmol/L^2") * homa
        / m.parameter("metabolic.fasting_glucose", "mmol/L");
    m.observe(
        "metabolic.insulin",
        "mIU/L",
        insulin,
        "fasting insulin, at constant glucose (assumed)",
    );
    f.show("metabolic.igf1", "ng/mL", "total IGF-1");
    f.show("metabolic.igf1_ratio", "1", "IGF-1 over the own reference");
    f.show(
        "metabolic.androgen_ratio",
        "1",
        "free androgen over the own reference",
    );
    f.show("metabolic.vitamin_d", "nmol/L", "25(OH)D");
    Hormones {
        igf1_ratio,
        androgen_ratio,
    }
}

/// 25(OH)D over its reference.
pub(crate) fn vitamin_d_ratio<'m>(m: &'m Builder<'_>, p: &Pools<'m>) -> Expr<'m> {
    p.vitamin_d / m.parameter("metabolic.vitamin_d_reference", "nmol/L")
}

fn vitamin_d(f: &Frame<'_, '_, '_>) {
    let (m, p, env) = (f.m, f.pools, f.environment);
    let dose = m.parameter("metabolic.uvb_dose", "nmol/L");
    let on = f.link(
        ("uvb_to_vitamin_d", "skin", "metabolic"),
        dose,
        LinkGrade::HumanTrial,
        "25(OH)D per session, more where it is low (S3)",
    );
    let low = power(
        m.parameter("metabolic.vitamin_d_reference", "nmol/L") / p.vitamin_d,
        f.plain("metabolic.uvb_exponent"),
    );
    let slope = m.parameter("metabolic.vitamin_d_slope", "nmol*d/L/IU");
    let loss = m.parameter("metabolic.vitamin_d_loss", "1/d");
    let own = m.parameter("metabolic.vitamin_d_own", "nmol/L");
    let on_intake = f.link(
        ("supplement_to_vitamin_d", "input", "metabolic"),
        slope,
        LinkGrade::HumanTrial,
        "25(OH)D + 0.015 nmol/L per IU/d at rest",
    );
    m.rate(
        p.vitamin_d,
        loss * (own + on_intake * slope * env.vitamin_d - p.vitamin_d) + on * dose * low * env.uvb,
    );
}
