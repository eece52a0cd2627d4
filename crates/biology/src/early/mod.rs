//! Early life: hazards of onset and remission of eczema in one child, from birth.
//!
//! Both hazards are integrated as states; who falls ill when is decided against unit exponentials drawn beforehand.

use crate::drives::{bounded, clamped};
use gutskin_network::{BuildErrors, Builder, Expr, LinkGrade, LinkSpec, Network, ParameterTable};

/// The child's hazards alone, risk factors held by the scenario.
///
/// # Errors
/// Every parameter that is missing or has the wrong kind of unit.
pub fn network(table: &ParameterTable) -> Result<Network, BuildErrors> {
    let m = Builder::new("early", "d", table);
    build(&m);
    m.finish()
}

fn build(m: &Builder<'_>) {
    let age = m
        .state("early.age", "d")
        .typical(100.0)
        .initial(0.0)
        .doc("age")
        .add();
    let day = m.constant(1.0);
    m.rate(age, day);
    let ill = m.input("early.ill", "1", 0.0, "1 while the child has eczema");
    let onset = hazard_state(
        m,
        "onset_hazard",
        "hazard of onset gathered while free of eczema",
    );
    let risk = risk(m, age);
    m.rate(onset, (1.0 - ill) * base(m, age) * risk);
    let since = m
        .state("early.time_ill", "d")
        .typical(100.0)
        .initial(0.0)
        .doc("time since onset")
        .add();
    m.rate(since, ill);
    let remission = hazard_state(
        m,
        "remission_hazard",
        "hazard of remission gathered while ill",
    );
    let (early, late) = (
        m.parameter("early.remission_first", "1/d"),
        m.parameter("early.remission_later", "1/d"),
    );
    let width = m.parameter("early.age_width", "d");
    let changed = ((since - m.parameter("early.remission_change", "d")) / width).logistic();
    m.rate(remission, ill * (early + (late - early) * changed));
    m.observe("early.risk", "1", risk, "product of hazard ratios");
    m.observe(
        "early.onset_hazard",
        "1",
        onset,
        "cumulative hazard of onset",
    );
    m.observe(
        "early.incidence",
        "1",
        1.0 - (-onset).exp(),
        "chance that eczema has begun by now",
    );
    m.observe(
        "early.persistence",
        "1",
        (-remission).exp(),
        "chance that eczema that began with the study (early.ill = 1) is still there",
    );
    m.observe(
        "early.remission_hazard",
        "1",
        remission,
        "cumulative hazard of remission",
    );
}

fn hazard_state<'m>(m: &'m Builder<'_>, name: &str, doc: &str) -> Expr<'m> {
    m.state(&format!("early.{name}"), "1")
        .typical(0.1)
        .initial(0.0)
        .doc(doc)
        .add()
}

/// Base hazard by age: three levels, the steps rounded.
fn base<'m>(m: &'m Builder<'_>, age: Expr<'m>) -> Expr<'m> {
    let rate = |name: &str| m.parameter(&format!("early.{name}"), "1/d");
    let (infant, toddler, child) = (
        rate("onset_infant"),
        rate("onset_toddler"),
        rate("onset_child"),
    );
    infant
        + (toddler - infant) * older(m, age, "infant_until")
        + (child - toddler) * older(m, age, "toddler_until")
}

/// 0 before an age, 1 after it, the step rounded.
fn older<'m>(m: &'m Builder<'_>, age: Expr<'m>, than: &str) -> Expr<'m> {
    let days = |name: &str| m.parameter(&format!("early.{name}"), "d");
    ((age - days(than)) / days("age_width")).logistic()
}

/// The most that an input has been in the first year: what happened then raises the hazard for good, also when it is over.
fn remembered<'m>(m: &'m Builder<'_>, age: Expr<'m>, name: &str, doc: &str) -> Expr<'m> {
    let now = m.input(&format!("early.{name}"), "1", 0.0, doc);
    let had = m
        .state(&format!("early.{name}_had"), "1")
        .typical(1.0)
        .initial(0.0)
        .doc(&format!("{doc}; remembered"))
        .add();
    let first_year = 1.0 - older(m, age, "infant_until");
    // Next to nothing below 0, where a rounded corner would forget.
    let gap = now - had;
    let more = gap * (gap / m.parameter("smoothing.width", "1")).logistic();
    m.rate(
        had,
        first_year * more / m.parameter("early.memory_time", "d"),
    );
    had
}

/// Product of hazard ratios, each to the power of its factor.
fn risk<'m>(m: &'m Builder<'_>, age: Expr<'m>) -> Expr<'m> {
    let ratio =
        |name: &str, factor: Expr<'m>| m.parameter(&format!("early.ratio_{name}"), "1").pow(factor);
    let factor = |name: &str, doc: &str| m.input(&format!("early.{name}"), "1", 0.0, doc);
    let carried = ratio(
        "filaggrin",
        factor("filaggrin_loss", "1 in carriers of a filaggrin loss"),
    );
    let antibiotics = ratio(
        "antibiotics",
        remembered(
            m,
            age,
            "antibiotics",
            "1 while a course is taken in the first year",
        ),
    ) * ratio(
        "antibiotic_course",
        remembered(
            m,
            age,
            "antibiotic_courses",
            "courses beyond the first in the first year, so far",
        ),
    );
    let birth = ratio(
        "maternal_antibiotics",
        factor("maternal_antibiotics", "1 with antibiotics in pregnancy"),
    ) * ratio(
        "caesarean",
        factor("caesarean", "1 after caesarean section"),
    );
    let family = ratio("family", factor("family", "1 with eczema in the family"));
    let prevention = ratio(
        "probiotic",
        factor("probiotic", "1 with probiotics in pregnancy and infancy"),
    ) * ratio("emollient", factor("emollient", "1 with daily emollient"));
    let link = |name: &str, from: &str, gain: Expr<'m>, doc: &str| {
        m.link(LinkSpec {
            name,
            from,
            to: "early",
            gain: Some(gain),
            grade: LinkGrade::HumanObservation,
            on: true,
            doc,
        })
    };
    let gain = m.parameter("early.ratio_bifidobacteria", "1");
    let on = link(
        "bifidobacteria_to_onset",
        "colon",
        gain,
        "hazard × ratio^(share of the normal bifidobacteria that is missing)",
    );
    let missing = clamped(
        m,
        "bifidobacteria_missing",
        0.0,
        "share of the normal bifidobacteria that is missing, 0 to 1",
    );
    let bifidobacteria = gain.pow(on * missing);
    let gain = m.parameter("early.ratio_diversity", "1");
    let on = link(
        "diversity_to_onset",
        "colon",
        gain,
        "hazard × ratio^(−diversity z)",
    );
    let diversity = clamped(
        m,
        "diversity",
        0.0,
        "z-score of diversity in the first weeks",
    );
    let diverse = gain.pow(-(on * bounded(m, diversity)));
    carried * antibiotics * birth * family * prevention * bifidobacteria * diverse
}
