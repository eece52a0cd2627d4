//! Acne: sebum, C. acnes, follicular tone, microcomedones, comedones and inflamed lesions of the face.

use crate::catalogue::SkinDrug;
use crate::drives::AcneDrives;
use crate::grade;
use crate::therapy::{self, Therapy};
use gutskin_network::{BuildErrors, Builder, Expr, LinkGrade, LinkSpec, Network, ParameterTable};

/// Acne alone, drives held by the scenario, with these drugs.
///
/// # Errors
/// Every parameter that is missing or has the wrong kind of unit.
pub fn network(table: &ParameterTable, drugs: &[&SkinDrug]) -> Result<Network, BuildErrors> {
    let m = Builder::new("acne", "d", table);
    let drives = AcneDrives::clamped(&m);
    let therapy = therapy::add(&m, drugs);
    add(&m, drives, &therapy);
    let mut network = m.finish()?;
    therapy::cite(&mut network, drugs);
    Ok(network)
}

/// Adds the module.
pub fn add<'m>(m: &'m Builder<'_>, drives: AcneDrives<'m>, therapy: &Therapy<'m>) {
    let sebum = sebum(m, drives, therapy);
    let relative = sebum / m.parameter("acne.sebum_reference", "1");
    let bacteria = bacteria(m, relative, therapy);
    let tone = follicle(m, drives, bacteria, therapy);
    lesions(m, relative, tone, therapy);
}

/// Sebum rate, 1 in healthy adults; hormones and drugs act on what glands make.
fn sebum<'m>(m: &'m Builder<'_>, drives: AcneDrives<'m>, therapy: &Therapy<'m>) -> Expr<'m> {
    let number = |name: &str| m.parameter(&format!("acne.{name}"), "1");
    let own = number("sebum_trait");
    let sebum = m
        .state("acne.sebum", "1")
        .typical(1.0)
        .initial(own)
        .doc("sebum rate, 1 in healthy adults")
        .add();
    let width = m.parameter("smoothing.width", "1");
    let link = |name: &str, gain: &str, doc: &str| {
        let gain = number(gain);
        let on = m.link(LinkSpec {
            name,
            from: "metabolic",
            to: "acne",
            gain: Some(gain),
            grade: LinkGrade::HumanTrial,
            on: true,
            doc,
        });
        on * gain
    };
    let by_igf = link("igf_to_sebum", "igf_exponent", "sebum × (IGF-1 ratio)^0.9");
    let by_androgen = link(
        "androgen_to_sebum",
        "androgen_exponent",
        "sebum × (free androgen ratio)^0.7",
    );
    // One at the reference whatever the smoothing.
    let power = |ratio: Expr<'m>, exponent: Expr<'m>| {
        ratio.smooth_pow(exponent, width) / m.constant(1.0).smooth_pow(exponent, width)
    };
    let hormones = power(drives.igf, by_igf)
        * power(drives.androgen, by_androgen)
        * therapy.left(m, "androgen");
    let glands = glands(m, therapy);
    m.rate(
        sebum,
        (own * glands * hormones * therapy.left(m, "sebum") - sebum)
            / m.parameter("acne.sebum_time", "d"),
    );
    m.observe("acne.sebum", "1", sebum, "sebum rate, 1 in healthy adults");
    sebum
}

/// Share of the glands that a drug has not made shrink for long.
fn glands<'m>(m: &'m Builder<'_>, therapy: &Therapy<'m>) -> Expr<'m> {
    if !therapy.touches("gland") {
        return m.constant(1.0);
    }
    let gone = m
        .state("acne.gland_loss", "1")
        .typical(0.3)
        .initial(0.0)
        .doc("share of sebum capacity lost beyond the course of a drug")
        .add();
    let limit = m.parameter("acne.gland_loss_limit", "1");
    let shrink = m.parameter("acne.gland_shrink_time", "d");
    let regrow = m.parameter("acne.gland_regrow_time", "d");
    m.rate(
        gone,
        therapy.added(m, "gland") * (limit - gone) / shrink - gone / regrow,
    );
    1.0 - gone
}

/// C. acnes load, 1 in reference acne.
fn bacteria<'m>(m: &'m Builder<'_>, sebum: Expr<'m>, therapy: &Therapy<'m>) -> Expr<'m> {
    let load = m
        .state("acne.c_acnes", "1")
        .typical(1.0)
        .initial(1.0)
        .doc("C. acnes of the follicles, 1 in reference acne")
        .add();
    let growth = m.parameter("acne.c_acnes_growth", "1/d");
    let exponent = m.parameter("acne.c_acnes_sebum_exponent", "1");
    let width = m.parameter("smoothing.width", "1");
    let capacity = sebum.smooth_pow(exponent, width);
    m.rate(load, growth * load * (1.0 - load / capacity));
    if therapy.touches("kill") {
        let unit = m.parameter("acne.kill_unit", "1/d");
        m.rate(load, -(unit * therapy.added(m, "kill") * load));
    }
    m.observe("acne.c_acnes", "1", load, "C. acnes load");
    load
}

/// Inflammatory tone of follicles.
fn follicle<'m>(
    m: &'m Builder<'_>,
    drives: AcneDrives<'m>,
    bacteria: Expr<'m>,
    therapy: &Therapy<'m>,
) -> Expr<'m> {
    let number = |name: &str| m.parameter(&format!("acne.{name}"), "1");
    let gain = number("follicular_gain");
    let on = m.link(LinkSpec {
        name: "tone_to_acne",
        from: "immune",
        to: "acne",
        gain: Some(gain),
        grade: LinkGrade::HumanObservation,
        on: true,
        doc: "follicular inflammation × (1 + b·G)",
    });
    let baseline = number("follicular_baseline");
    let tone = m
        .state("acne.follicular_tone", "1")
        .typical(1.0)
        .initial(baseline)
        .doc("inflammatory tone of follicles, 1 in reference acne")
        .add();
    let share = number("follicular_c_acnes_share");
    let target = baseline
        * ((1.0 - share) + share * bacteria)
        * (1.0 + on * gain * drives.tone)
        * therapy.left(m, "follicular");
    m.rate(
        tone,
        (target - tone) / m.parameter("acne.follicular_time", "d"),
    );
    tone
}

/// Microcomedones mature into comedones or inflame; comedones heal or inflame; inflamed lesions heal.
fn lesions<'m>(m: &'m Builder<'_>, sebum: Expr<'m>, tone: Expr<'m>, therapy: &Therapy<'m>) {
    let number = |name: &str| m.parameter(&format!("acne.{name}"), "1");
    let time = |name: &str| m.parameter(&format!("acne.{name}"), "d");
    let lesion = |name: &str, size: f64, doc: &str| {
        m.state(&format!("acne.{name}"), "lesions")
            .typical(size)
            .initial(size)
            .doc(doc)
            .add()
    };
    let micro = lesion("microcomedones", 110.0, "microcomedones, not visible");
    let comedones = lesion(
        "non_inflammatory",
        50.0,
        "non-inflammatory lesions of the face",
    );
    let inflamed = lesion("inflammatory", 30.0, "inflammatory lesions of the face");
    let width = m.parameter("smoothing.width", "1");
    let formed = m.parameter("acne.microcomedo_formation", "lesions/d")
        * sebum
        * sebum
        * tone.smooth_pow(number("microcomedo_follicular_exponent"), width)
        * therapy.left(m, "keratinisation");
    let maturing = micro / time("microcomedo_time");
    let ending = comedones / time("comedo_time");
    m.rate(micro, formed - maturing);
    m.rate(
        comedones,
        number("comedo_share") * maturing - (1.0 + therapy.added(m, "comedolysis")) * ending,
    );
    let direct = number("direct_share") * tone * maturing;
    let converting =
        (number("conversion_share") * tone).soft_cap(number("conversion_limit")) * ending;
    m.rate(
        inflamed,
        direct + converting - inflamed / time("inflammatory_time"),
    );
    for (name, count, doc) in [
        ("inflammatory", inflamed, "inflammatory lesions of the face"),
        (
            "non_inflammatory",
            comedones,
            "non-inflammatory lesions of the face",
        ),
    ] {
        m.observe(&format!("acne.{name}"), "lesions", count, doc);
    }
    let burden = inflamed + m.parameter("score.acne_comedo_weight", "1") * comedones;
    m.observe(
        "score.acne_burden",
        "lesions",
        burden,
        "IL + 0.3·NIL, from which IGA is cut",
    );
    let doc = "IGA of acne before it is rounded, cut from the burden of lesions";
    grade::observe(m, "acne_iga", (burden, "lesions"), doc);
    m.observe(
        "acne.from_comedones",
        "1",
        converting / (direct + converting),
        "share of new inflamed lesions that were comedones",
    );
}
