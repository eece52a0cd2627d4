//! The thin line through the whole house: one fibre → butyrate → leak → systemic tone → acne lesions.
//!
//! A handful of equations with the units, links and switches of the whole axis. Each compartment is replaced by its
//! own module as that is built.

use gutskin_network::{BuildErrors, Builder, Expr, LinkGrade, LinkSpec, Network, ParameterTable};

/// Name of the input that holds the fibre reaching the colon.
pub const FIBRE_INPUT: &str = "diet.fibre";

/// The thin model.
///
/// # Errors
/// Every parameter that is missing or has the wrong kind of unit.
pub fn network(table: &ParameterTable) -> Result<Network, BuildErrors> {
    let m = Builder::new("thin", "d", table);
    let butyrate = colon(&m);
    let leak = barrier(&m, butyrate);
    let drive = immune(&m, leak);
    acne(&m, drive);
    m.finish()
}

/// Fibre in, butyrate out; both leave with transit.
fn colon<'m>(m: &'m Builder<'_>) -> Expr<'m> {
    let intake = m.input_from_table(
        FIBRE_INPUT,
        "g/d",
        "diet.reference_fibre",
        "fermentable fibre that reaches the colon",
    );
    let fermentation = m.parameter("colon.fermentation_rate", "1/d");
    let transit = m.parameter("colon.transit_time", "d");
    let produced = m.parameter("colon.butyrate_yield", "mmol/g");
    let absorption = m.parameter("colon.butyrate_absorption", "1/d");
    let fibre = m
        .state("colon.fibre", "g")
        .typical(10.0)
        .initial(0.0)
        .doc("fermentable fibre in the colon")
        .add();
    let butyrate = m
        .state("colon.butyrate", "mmol")
        .typical(3.0)
        .initial(0.0)
        .doc("butyrate in the colon")
        .add();
    m.rate(fibre, intake - fibre / transit);
    m.process("colon.fermentation", "g/d", fermentation * fibre)
        .uses(fibre, 1.0)
        .makes(butyrate, produced)
        .doc("fermentation of fibre to butyrate")
        .add();
    m.rate(butyrate, -(absorption * butyrate) - butyrate / transit);
    m.observe(
        "colon.butyrate_absorbed",
        "mmol/d",
        absorption * butyrate,
        "butyrate absorbed by the colon",
    );
    butyrate
}

/// Junctions follow butyrate at the surface.
fn barrier<'m>(m: &'m Builder<'_>, butyrate: Expr<'m>) -> Expr<'m> {
    let reference_amount = m.parameter("colon.butyrate_reference", "mmol");
    let reference = m.parameter("barrier.surface_butyrate_reference", "mmol/L");
    let half = m.parameter("barrier.butyrate_half_effect", "mmol/L");
    let gain = m.parameter("barrier.butyrate_gain", "1");
    let time = m.parameter("barrier.relaxation_time", "d");
    let on = m.link(LinkSpec {
        name: "butyrate_to_leak",
        from: "colon",
        to: "barrier",
        gain: Some(gain),
        grade: LinkGrade::Assumption,
        on: true,
        doc: "leak falls with butyrate at the surface as (1 + a·h(B0))/(1 + a·h(B)), h(B) = B/(B + K)",
    });
    let surface = m.variable(
        "barrier.butyrate",
        "mmol/L",
        reference * butyrate / reference_amount,
        "butyrate at the surface",
    );
    let h = |b: Expr<'m>| b / (b + half);
    let effect = (1.0 + gain * h(reference)) / (1.0 + gain * h(surface));
    let target = m.variable(
        "barrier.leak_target",
        "1",
        1.0 + on * (effect - 1.0),
        "leak towards which the junctions move",
    );
    let leak = m
        .state("barrier.leak", "1")
        .typical(1.0)
        .initial(1.0)
        .doc("leak of the colon's lining, 1 in the reference person")
        .add();
    m.rate(leak, (target - leak) / time);
    m.observe("barrier.leak", "1", leak, "leak of the colon's lining");
    leak
}

/// A slow systemic tone follows what leaks in; the drive is its z-score, bounded.
fn immune<'m>(m: &'m Builder<'_>, leak: Expr<'m>) -> Expr<'m> {
    let elasticity = m.parameter("immune.endotoxin_elasticity", "1");
    let time = m.parameter("immune.tone_time", "d");
    let scale = m.parameter("immune.tone_sd_ln", "1");
    let bound = m.parameter("immune.drive_bound", "1");
    let on = m.link(LinkSpec {
        name: "leak_to_tone",
        from: "barrier",
        to: "immune",
        gain: Some(elasticity),
        grade: LinkGrade::HumanTrial,
        on: true,
        doc: "tone follows (endotoxin/reference)^gL; endotoxin is proportional to leak here",
    });
    let tone = m
        .state("immune.tone", "1")
        .typical(1.0)
        .initial(1.0)
        .doc("low-grade systemic tone, 1 in the reference person")
        .add();
    let width = m.parameter("smoothing.width", "1");
    m.rate(
        tone,
        (leak.smooth_pow(on * elasticity, width) - tone) / time,
    );
    m.observe("immune.tone", "1", tone, "low-grade systemic tone");
    let drive = m.variable(
        "immune.drive",
        "1",
        (tone.ln() / scale).bounded(bound),
        "G: bounded z-score of the tone",
    );
    m.observe("immune.drive", "1", drive, "G: bounded z-score of the tone");
    drive
}

/// Follicular tone, microcomedones, lesions, at a constant sebum rate.
fn acne<'m>(m: &'m Builder<'_>, drive: Expr<'m>) {
    let gain = m.parameter("acne.follicular_gain", "1");
    let on = m.link(LinkSpec {
        name: "tone_to_acne",
        from: "immune",
        to: "acne",
        gain: Some(gain),
        grade: LinkGrade::HumanObservation,
        on: true,
        doc: "follicular inflammation × (1 + b·G)",
    });
    let baseline = m.parameter("acne.follicular_baseline", "1");
    let follicular_time = m.parameter("acne.follicular_time", "d");
    let formation = m.parameter("acne.microcomedo_formation", "lesions/d");
    let exponent = m.parameter("acne.microcomedo_follicular_exponent", "1");
    let times = [
        m.parameter("acne.microcomedo_time", "d"),
        m.parameter("acne.comedo_time", "d"),
        m.parameter("acne.inflammatory_time", "d"),
    ];
    let comedo_share = m.parameter("acne.comedo_share", "1");
    let direct_share = m.parameter("acne.direct_share", "1");
    let conversion = m.parameter("acne.conversion_share", "1");
    let limit = m.parameter("acne.conversion_limit", "1");
    let width = m.parameter("smoothing.width", "1");

    let follicular = m
        .state("acne.follicular_tone", "1")
        .typical(1.0)
        .initial(1.0)
        .doc("inflammatory tone of follicles, 1 in reference acne")
        .add();
    let lesion = |name: &str, size: f64, doc: &str| {
        m.state(name, "lesions")
            .typical(size)
            .initial(size)
            .doc(doc)
            .add()
    };
    let micro = lesion("acne.microcomedones", 110.0, "microcomedones, not visible");
    let comedones = lesion(
        "acne.non_inflammatory",
        50.0,
        "non-inflammatory lesions of the face",
    );
    let inflamed = lesion(
        "acne.inflammatory",
        30.0,
        "inflammatory lesions of the face",
    );

    m.rate(
        follicular,
        (baseline * (1.0 + on * gain * drive) - follicular) / follicular_time,
    );
    let maturing = micro / times[0];
    let healing = comedones / times[1];
    m.rate(
        micro,
        formation * follicular.smooth_pow(exponent, width) - maturing,
    );
    m.rate(comedones, comedo_share * maturing - healing);
    let converting = (conversion * follicular).soft_cap(limit) * healing;
    m.rate(
        inflamed,
        direct_share * follicular * maturing + converting - inflamed / times[2],
    );
    m.observe(
        "acne.inflammatory",
        "lesions",
        inflamed,
        "inflammatory lesions of the face",
    );
    m.observe(
        "acne.non_inflammatory",
        "lesions",
        comedones,
        "non-inflammatory lesions of the face",
    );
}

#[cfg(test)]
mod tests {
    #[test]
    fn builds_from_the_shipped_parameters() {
        let table = crate::parameter_table().unwrap();
        let network = super::network(&table).unwrap();
        assert_eq!(network.states.len(), 8);
        assert_eq!(network.links.len(), 3);
        let report = gutskin_network::check::check(&network);
        assert!(report.findings.is_empty(), "{report}");
    }
}
