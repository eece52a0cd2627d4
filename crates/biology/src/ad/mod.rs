//! Eczema: barrier, infiltrated pathogens, T helper cells and cytokines of the lesion.
//!
//! The core is the published quantitative model with its virtual population (Miyano 2022); the gut enters through Th2
//! priming, influx and recovery. `susceptibility` runs from 0 (healthy controls) to 1 (patients): healthy skin is the
//! same equations.

mod aureus;
mod cytokines;

use crate::catalogue::SkinDrug;
use crate::drives::AdDrives;
use crate::grade;
use crate::therapy::{self, Therapy};
use gutskin_network::{BuildErrors, Builder, Expr, LinkGrade, LinkSpec, Network, ParameterTable};

/// What the eczema module offers to others.
#[derive(Clone, Copy)]
pub struct Eczema<'m> {
    /// Barrier integrity, 0 to 1.
    pub barrier: Expr<'m>,
    /// Factor of sleep loss and stress on barrier repair.
    pub repair: Expr<'m>,
    /// EASI points.
    pub easi: Expr<'m>,
    /// Itch, points of 10.
    pub itch: Expr<'m>,
}

/// Eczema alone, drives held by the scenario, with these drugs.
///
/// # Errors
/// Every parameter that is missing or has the wrong kind of unit.
pub fn network(table: &ParameterTable, drugs: &[&SkinDrug]) -> Result<Network, BuildErrors> {
    let m = Builder::new("ad", "d", table);
    let drives = AdDrives::clamped(&m);
    let therapy = therapy::add(&m, drugs);
    let susceptibility = m.parameter("ad.susceptibility", "1");
    let skin = Integrity::declare(&m);
    let eczema = add(&m, skin, drives, &therapy, susceptibility);
    scores(&m, &eczema);
    let mut network = m.finish()?;
    therapy::cite(&mut network, drugs);
    Ok(network)
}

/// Effects of the body on rates, each 1 at neutral drives.
struct Influence<'m> {
    priming: Expr<'m>,
    influx: Expr<'m>,
    recovery: Expr<'m>,
    repair: Expr<'m>,
}

/// The states that the scores read; declared before the body, which hears the severity.
#[derive(Clone, Copy)]
pub struct Integrity<'m> {
    barrier: Expr<'m>,
    pathogen: Expr<'m>,
    /// EASI points.
    pub easi: Expr<'m>,
    /// Itch, points of 10.
    pub itch: Expr<'m>,
}

impl<'m> Integrity<'m> {
    /// Declares barrier and pathogens, EASI and itch.
    pub fn declare(m: &'m Builder<'_>) -> Self {
        let barrier = m
            .state("ad.barrier", "1")
            .typical(0.5)
            .initial(0.593)
            .doc("integrity of the epidermal barrier, 0 to 1")
            .add();
        let pathogen = m
            .state("ad.pathogen", "1")
            .typical(0.2)
            .initial(0.407)
            .doc("infiltrated pathogens and antigens, 0 to 1")
            .add();
        let number = |name: &str| m.parameter(&format!("score.{name}"), "1");
        let easi = m.variable(
            "score.easi",
            "1",
            number("easi_scale") * (pathogen + 1.0 - barrier),
            "EASI, 0 to 72 points",
        );
        Self {
            barrier,
            pathogen,
            easi,
            itch: number("itch_top") * (1.0 - (-(easi / number("itch_scale"))).exp()),
        }
    }
}

/// Adds the module.
pub fn add<'m>(
    m: &'m Builder<'_>,
    skin: Integrity<'m>,
    drives: AdDrives<'m>,
    therapy: &Therapy<'m>,
    susceptibility: Expr<'m>,
) -> Eczema<'m> {
    let influence = influence(m, drives);
    let shift = |name: &str| {
        m.parameter(&format!("ad.healthy_{name}"), "1")
            .pow(1.0 - susceptibility)
    };
    let Integrity {
        barrier,
        pathogen,
        easi,
        itch,
    } = skin;
    let lesion = cytokines::add(m, pathogen, &influence, therapy, &shift);
    recovery(m, barrier, pathogen, &lesion, &influence, therapy, &shift);
    clearance(m, barrier, pathogen, &lesion, &influence, &shift);
    aureus::add(m, barrier, &lesion, &shift);
    m.observe("score.easi", "1", easi, "EASI, 0 to 72 points");
    m.observe("ad.barrier", "1", barrier, "barrier integrity");
    Eczema {
        barrier,
        repair: influence.repair,
        easi,
        itch,
    }
}

fn recovery<'m>(
    m: &'m Builder<'_>,
    barrier: Expr<'m>,
    pathogen: Expr<'m>,
    lesion: &cytokines::Lesion<'m>,
    influence: &Influence<'m>,
    therapy: &Therapy<'m>,
    shift: &dyn Fn(&str) -> Expr<'m>,
) {
    let rate = |name: &str| m.parameter(&format!("ad.{name}"), "1/d");
    let block = |name: &str, level: Expr<'m>| {
        1.0 + m.parameter(&format!("ad.recovery_block_{name}"), "1") * level
    };
    let care = m.input(
        "input.care",
        "1",
        0.0,
        "placebo and background care from study start: scale of the fitted recovery",
    );
    // Carriers of a filaggrin loss build the barrier more slowly.
    let carrier = m.parameter("ad.filaggrin_loss", "1");
    let filaggrin = m.parameter("ad.filaggrin_factor", "1").pow(carrier);
    let own = (rate("recovery_base") * influence.recovery * shift("recovery_base")
        + rate("recovery_il22") * lesion.il22 * shift("recovery_il22"))
        * filaggrin;
    let built = (own + care * rate("recovery_care")) * influence.repair
        + rate("recovery_base") * therapy.added(m, "recovery");
    let blocked = block("il4", lesion.il4)
        * block("il13", lesion.il13)
        * block("il17", lesion.il17)
        * block("il22", lesion.il22)
        * block("il31", lesion.il31);
    let damage = rate("damage_base")
        * shift("damage_base")
        * (1.0 + m.parameter("ad.damage_pathogen", "1") * pathogen)
        + rate("damage_il31") * shift("damage_il31") * lesion.il31;
    let speed = m.parameter("ad.barrier_speed", "1");
    m.rate(
        barrier,
        speed * ((1.0 - barrier) * built / blocked - barrier * damage),
    );
}

fn clearance<'m>(
    m: &'m Builder<'_>,
    barrier: Expr<'m>,
    pathogen: Expr<'m>,
    lesion: &cytokines::Lesion<'m>,
    influence: &Influence<'m>,
    shift: &dyn Fn(&str) -> Expr<'m>,
) {
    let number = |name: &str| m.parameter(&format!("ad.{name}"), "1");
    let carrier = m.parameter("ad.filaggrin_loss", "1");
    let keeps = number("influx_block_barrier")
        * shift("influx_block_barrier")
        * number("filaggrin_factor").pow(carrier);
    let loss = m.parameter("ad.pathogen_loss", "1/d");
    let flare = flare(m);
    let raises = |name: &str, level: Expr<'m>| 1.0 + number(&format!("clearance_{name}")) * level;
    let blocks =
        |name: &str, level: Expr<'m>| 1.0 + number(&format!("clearance_block_{name}")) * level;
    let unit = m.parameter("ad.clearance_rate", "1/d");
    let cleared = unit
        * raises("innate", pathogen)
        * raises("il17", lesion.il17)
        * raises("il22", lesion.il22)
        * raises("ifng", lesion.ifng)
        / (blocks("il4", lesion.il4) * blocks("il13", lesion.il13));
    m.rate(
        pathogen,
        loss * influence.influx * (1.0 + flare) / (1.0 + keeps * barrier)
            - pathogen * (cleared + loss),
    );
}

/// A flare: the scenario's pulse, rounded off by a day or two.
fn flare<'m>(m: &'m Builder<'_>) -> Expr<'m> {
    let pulse = m.input(
        "input.flare",
        "1",
        0.0,
        "influx added by a flare, over the usual influx",
    );
    let flare = m
        .state("ad.flare", "1")
        .typical(1.0)
        .initial(0.0)
        .doc("influx added by a flare, rounded off")
        .add();
    m.rate(flare, (pulse - flare) / m.parameter("ad.flare_time", "d"));
    flare
}

fn influence<'m>(m: &'m Builder<'_>, drives: AdDrives<'m>) -> Influence<'m> {
    let link = |name: &str, from: &str, gain: &str, grade: LinkGrade, doc: &str| {
        let gain = m.parameter(&format!("ad.{gain}"), "1");
        let on = m.link(LinkSpec {
            name,
            from,
            to: "ad",
            gain: Some(gain),
            grade,
            on: true,
            doc,
        });
        on * gain
    };
    use LinkGrade::{Animal, Assumption, HumanObservation};
    let AdDrives {
        tone,
        th2,
        scfa,
        antigen,
        stress,
        ..
    } = drives;
    let a1 = link(
        "th2_to_priming",
        "immune",
        "gain_th2",
        HumanObservation,
        "Th2 priming × exp(α1·T2)",
    );
    let a2 = link(
        "scfa_to_priming",
        "plasma",
        "gain_scfa_priming",
        Animal,
        "Th2 priming × exp(−α2·S_c)",
    );
    let a3 = link(
        "tone_to_influx",
        "immune",
        "gain_tone",
        HumanObservation,
        "influx × exp(α3·G)",
    );
    let a3f = link(
        "antigen_to_influx",
        "barrier",
        "gain_antigen",
        HumanObservation,
        "influx × exp(α3f·z_A) in people sensitised to food",
    );
    let a4 = link(
        "scfa_to_recovery",
        "plasma",
        "gain_scfa_recovery",
        Assumption,
        "barrier recovery × exp(α4·S_c)",
    );
    let a5 = link(
        "stress_to_recovery",
        "hpa",
        "gain_stress",
        Assumption,
        "barrier recovery × exp(−α5·stress z): the nervous route",
    );
    let sleep = m.parameter("ad.gain_sleep", "d/h");
    let asleep = m.link(LinkSpec {
        name: "sleep_to_recovery",
        from: "input",
        to: "ad",
        gain: Some(sleep),
        grade: LinkGrade::HumanTrial,
        on: true,
        doc: "barrier recovery × exp(−0.05·hours of sleep lost)",
    });
    let repair = (-(asleep * sleep * drives.sleep_loss)).exp();
    Influence {
        priming: (a1 * th2 - a2 * scfa).exp(),
        influx: (a3 * tone + a3f * antigen).exp(),
        recovery: (a4 * scfa - a5 * stress).exp(),
        repair,
    }
}

/// Adds the clinical scores that follow from EASI and the barrier.
pub fn scores<'m>(m: &'m Builder<'_>, eczema: &Eczema<'m>) {
    let number = |name: &str| m.parameter(&format!("score.{name}"), "1");
    let width = m.parameter("smoothing.width", "1");
    let power = |base: &str, slope: &str, exponent: &str| {
        number(base) + number(slope) * eczema.easi.smooth_pow(number(exponent), width)
    };
    let saturating =
        |top: &str, half: &str| number(top) * (1.0 - (-(eczema.easi / number(half))).exp());
    let limit = number("scorad_limit");
    let scorad = power("scorad_base", "scorad_slope", "scorad_exponent").soft_cap(limit);
    let oscorad = power("oscorad_base", "oscorad_slope", "oscorad_exponent");
    let itch = eczema.itch;
    let poem = saturating("poem_top", "poem_scale");
    m.observe("score.scorad", "1", scorad, "SCORAD, 0 to 103 points");
    m.observe("score.oscorad", "1", oscorad, "objective SCORAD, 0 to 83");
    let extent = (number("extent_slope") * eczema.easi).soft_cap(number("extent_limit"));
    let intensity = (oscorad - number("extent_weight") * extent) / number("intensity_weight");
    m.observe(
        "score.extent",
        "1",
        extent,
        "extent of eczema, % of the body (SCORAD A)",
    );
    m.observe(
        "score.intensity",
        "1",
        intensity,
        "intensity of signs, 0 to 18 (SCORAD B)",
    );
    m.observe(
        "score.symptoms",
        "1",
        scorad - oscorad,
        "itch and sleep, 0 to 20 (SCORAD C)",
    );
    m.observe("score.poem", "1", poem, "POEM, 0 to 28 points");
    let doc =
        "IGA before it is rounded: bands of EASI (clear 0.1, almost clear 1, mild 7, moderate 21)";
    grade::observe(m, "iga", (eczema.easi, "1"), doc);
    m.observe("score.itch", "1", itch, "itch, numerical scale 0 to 10");
    let sleep = m.parameter("score.sleep_per_itch", "h");
    m.observe(
        "score.sleep_lost",
        "h",
        sleep * itch,
        "sleep lost to itch, h a night (S4; fed back only where the body takes it)",
    );
    m.observe(
        "score.tewl",
        "g/m^2/h",
        tewl(m, eczema.barrier),
        "transepidermal water loss",
    );
}

/// Water loss through a barrier of this integrity.
pub fn tewl<'m>(m: &'m Builder<'_>, barrier: Expr<'m>) -> Expr<'m> {
    let base = m.parameter("score.tewl_base", "g/m^2/h");
    let slope = m.parameter("score.tewl_slope", "g/m^2/h");
    let exponent = m.parameter("score.tewl_exponent", "1");
    let width = m.parameter("smoothing.width", "1");
    base + slope * (1.0 - barrier).smooth_pow(exponent, width)
}
