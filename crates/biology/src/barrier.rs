//! Mucus, junctions, mast cells, enterocytes, inflammation of the lining, food antigen.

use crate::body::{Frame, Mode, power, saturation};
use crate::hpa::Stress;
use crate::window::{Reading, mean_of_window};
use gutskin_network::{Builder, Expr, LinkGrade, LinkSpec};

/// What passes the barrier.
pub(crate) struct Leak<'m> {
    /// Leak of the large bowel: junctions, mast cells and injury together.
    pub effective: Expr<'m>,
    /// The same without short events, which the daily mode spreads over the day.
    pub resting: Expr<'m>,
    /// What short events of the daily mode do.
    pub events: Option<Events<'m>>,
}

/// Short events in the daily mode: each opens the bowel at once, which then closes by an exponential.
pub(crate) struct Events<'m> {
    /// Leak that an event adds at its height.
    pub height: Expr<'m>,
    /// Events a day over the rate of closing: what of the day they fill if each stood at its height.
    pub share: Expr<'m>,
}

/// Activation of mast cells.
struct Mast<'m> {
    /// With the mean of what events leave.
    now: Expr<'m>,
    resting: Expr<'m>,
    /// Activation that an event leaves, and events a day over the rate at which it goes.
    events: Option<(Expr<'m>, Expr<'m>)>,
}

/// What butyrate at the surface does; the colon hears of the mucin, so this stands before the barrier.
#[derive(Clone, Copy)]
pub struct Butyrate<'m> {
    /// h(B).
    pub effect: Expr<'m>,
    /// h(B) of the reference person.
    pub usual: Expr<'m>,
    /// Mucin secretion over the reference.
    pub mucin_factor: Expr<'m>,
}

impl<'m> Butyrate<'m> {
    /// At this concentration at the surface, mM.
    pub fn at(m: &'m Builder<'_>, surface: Expr<'m>) -> Self {
        let half = m.parameter("barrier.butyrate_half_effect", "mmol/L");
        let usual = saturation(
            m.parameter("barrier.surface_butyrate_reference", "mmol/L"),
            half,
        );
        let effect = m.variable(
            "barrier.butyrate_effect",
            "1",
            saturation(surface, half),
            "h(B)",
        );
        let gain = m.parameter("barrier.mucin_gain", "1");
        let on = m.link(LinkSpec {
            name: "butyrate_to_mucin",
            from: "colon",
            to: "barrier",
            gain: Some(gain),
            grade: LinkGrade::Animal,
            on: true,
            doc: "mucin secretion × (1 + m·(h(B) − h(B0))) (B3)",
        });
        let mucin_factor = m.variable(
            "barrier.mucin_factor",
            "1",
            1.0 + on * gain * (effect - usual),
            "mucin secretion over the reference",
        );
        Self {
            effect,
            usual,
            mucin_factor,
        }
    }
}

/// Adds the barrier.
pub(crate) fn add<'m>(f: &Frame<'_, 'm, '_>, stress: &Stress<'m>) -> Leak<'m> {
    let (m, p, env) = (f.m, f.pools, f.environment);
    let Butyrate {
        effect: h,
        usual,
        mucin_factor,
    } = f.gut.butyrate;
    let emulsifier = f.plain("barrier.emulsifier_effect");
    let on = f.link(
        ("emulsifier_to_mucus", "input", "barrier"),
        emulsifier,
        LinkGrade::HumanTrial,
        "mucus target × (1 − gain·emulsifier): one small trial",
    );
    m.rate(
        p.mucus,
        (mucin_factor / f.gut.mucus_foraging * (1.0 - on * emulsifier * env.emulsifier) - p.mucus)
            / m.parameter("barrier.mucus_time", "d"),
    );
    junctions(f, h, usual);
    let mast = mast_cells(f, stress);
    injury(f);
    let gain = f.plain("barrier.mast_gain");
    let injured = 1.0 + f.plain("barrier.injury_leak") * p.injury;
    let opened = (1.0 + gain * mast.now) * injured;
    let effective = m.variable(
        "barrier.leak_effective",
        "1",
        p.leak * opened,
        "leak of the large bowel: junctions, mast cells and injury together",
    );
    let share = f.plain("barrier.small_bowel_share");
    let eaten = m.variable(
        "barrier.leak_eaten",
        "1",
        share * p.leak_small * opened + (1.0 - share) * effective,
        "leak for what is eaten, sugars and food antigen: mostly that of the small bowel",
    );
    inflammation(f, effective);
    antigen(f, eaten);
    markers(f, effective, eaten);
    Leak {
        effective,
        resting: p.leak * ((1.0 + gain * mast.resting) * injured),
        events: mast.events.map(|(left, share)| Events {
            height: p.leak * injured * gain * left,
            share,
        }),
    }
}

fn markers<'m>(f: &Frame<'_, 'm, '_>, large: Expr<'m>, eaten: Expr<'m>) {
    let (m, p) = (f.m, f.pools);
    // Urine is gathered for hours; means over the day have no hours.
    let gathered = |now: Expr<'m>, name: &str, hours: &str| match f.mode {
        Mode::Daily => now,
        Mode::WithinDay => {
            let doc = "leak over the hours of a sugar test";
            mean_of_window(m, Reading { name, doc }, now, m.parameter(hours, "d"))
        }
    };
    m.observe(
        "barrier.lactulose_mannitol",
        "1",
        f.plain("barrier.lactulose_mannitol_reference")
            * gathered(eaten, "barrier.sugars", "barrier.sugar_test"),
        "lactulose/mannitol ratio of the last 2 h, mostly small bowel; assay error ln SD 0.4",
    );
    m.observe(
        "barrier.lactulose_mannitol_late",
        "1",
        f.plain("barrier.lactulose_mannitol_late_reference")
            * gathered(large, "barrier.sugars_late", "barrier.sugar_test_late"),
        "lactulose/mannitol ratio of 8 to 24 h, the last 16: large bowel",
    );
    m.observe(
        "barrier.ifabp",
        "pg/mL",
        m.parameter("barrier.ifabp_reference", "pg/mL") * (1.0 + p.injury),
        "I-FABP in plasma; kits differ tenfold",
    );
    m.observe("barrier.zonulin_kit", "ng/mL", m.parameter("barrier.zonulin_reference", "ng/mL") * power(eaten, f.plain("barrier.zonulin_exponent")), "zonulin kit: UNRELIABLE, does not measure zonulin and fails against sugar tests; prior around no relation");
    m.observe(
        "barrier.calprotectin",
        "ug/g",
        m.parameter("barrier.calprotectin_reference", "ug/g")
            * power(p.inflammation, f.plain("barrier.calprotectin_exponent")),
        "faecal calprotectin (assumed relation)",
    );
}

fn junctions<'m>(f: &Frame<'_, 'm, '_>, h: Expr<'m>, usual: Expr<'m>) {
    let (m, p, env) = (f.m, f.pools, f.environment);
    let gain = f.plain("barrier.butyrate_gain");
    let on = f.link(
        ("butyrate_to_leak", "colon", "barrier"),
        gain,
        LinkGrade::InVitro,
        "leak of the large bowel × (1 + a·h(B0))/(1 + a·h(B))",
    );
    let butyrate = 1.0 + on * ((1.0 + gain * usual) / (1.0 + gain * h) - 1.0);
    let elasticity = f.plain("barrier.inflammation_exponent");
    let on = f.link(
        ("inflammation_to_leak", "barrier", "barrier"),
        elasticity,
        LinkGrade::InVitro,
        "leak of the large bowel × Im^0.5",
    );
    let inflamed = power(p.inflammation, on * elasticity);
    let exponent = f.plain("barrier.vitamin_d_exponent");
    let on = f.link(
        ("vitamin_d_to_leak", "metabolic", "barrier"),
        exponent,
        LinkGrade::HumanTrial,
        "leak × (25(OH)D/50)^−0.1",
    );
    let vitamin = power(
        p.vitamin_d / m.parameter("metabolic.vitamin_d_reference", "nmol/L"),
        -(on * exponent),
    );
    let exponent = f.plain("barrier.cortisol_exponent");
    let on = f.link(
        ("cortisol_to_leak", "hpa", "barrier"),
        exponent,
        LinkGrade::Assumption,
        "leak × ((24-h cortisol + steroid)/reference)^0.05 (I12)",
    );
    let cortisol = power(m.find("hpa.cortisol_relative"), on * exponent);
    let gluten = f.plain("barrier.gluten_effect");
    let on = f.link(
        ("gluten_to_leak", "input", "barrier"),
        gluten,
        LinkGrade::InVitro,
        "leak of the small bowel × (1 + gain·gluten): biopsies only",
    );
    let smoking = f.plain("barrier.smoking_effect");
    let on_smoking = f.link(
        ("smoking_to_leak", "input", "barrier"),
        smoking,
        LinkGrade::Assumption,
        "leak × (1 + gain·smoking): no known effect",
    );
    let air = f.plain("barrier.air_pollution_effect");
    let on_air = f.link(
        ("air_pollution_to_leak", "input", "barrier"),
        air,
        LinkGrade::Assumption,
        "leak × (1 + gain·particles): no known effect",
    );
    let acid = f.plain("barrier.acid_suppression_effect");
    let on_acid = f.link(
        ("acid_suppression_to_leak", "input", "barrier"),
        acid,
        LinkGrade::Assumption,
        "leak × (1 + gain·suppression) in both bowels: no known effect there",
    );
    let both = vitamin
        * cortisol
        * (1.0 + on_smoking * smoking * env.smoking)
        * (1.0 + on_air * air * env.air_pollution)
        * (1.0 + on_acid * acid * env.acid_suppression);
    let time = m.parameter("barrier.relaxation_time", "d");
    m.rate(p.leak, (butyrate * inflamed * both - p.leak) / time);
    m.rate(
        p.leak_small,
        (both * (1.0 + on * gluten * env.gluten) - p.leak_small) / time,
    );
    f.show("barrier.leak", "1", "leak of the junctions, large bowel");
    f.show(
        "barrier.leak_small",
        "1",
        "leak of the junctions, small bowel",
    );
}

fn mast_cells<'m>(f: &Frame<'_, 'm, '_>, stress: &Stress<'m>) -> Mast<'m> {
    let (m, env) = (f.m, f.environment);
    let half = f.plain("barrier.mast_half");
    let (on_rate, off_rate) = (
        m.parameter("barrier.mast_on", "1/d"),
        m.parameter("barrier.mast_off", "1/d"),
    );
    let on = f.link_of(
        ("stress_to_mast_cells", "hpa", "barrier"),
        (half, &[f.plain("barrier.mast_gain")]),
        LinkGrade::HumanTrial,
        "mast cells by peripheral CRH: drive²/(K² + drive²), blocked by cromoglycate",
    );
    let hill = |drive: Expr<'m>| {
        on * (1.0 - env.cromoglycate) * drive * drive / (half * half + drive * drive)
    };
    let chronic = stress.chronic * f.plain("hpa.clock_mean");
    let drive = hill(stress.acute + chronic)
        + allergy(f, f.plain("barrier.mast_gain") * on_rate / off_rate);
    // In both modes: what is set for minutes, by name or by hand, leaves what it leaves.
    let cells = f.pools.mast;
    m.rate(cells, on_rate * drive * (1.0 - cells) - off_rate * cells);
    match f.mode {
        Mode::WithinDay => Mast {
            now: cells,
            resting: cells,
            events: None,
        },
        Mode::Daily => {
            let lasts = m.parameter("hpa.event_duration", "d");
            let charge = 1.0 - (-(on_rate * hill(stress.event) * lasts)).exp();
            let share = env.acute_events / off_rate;
            Mast {
                now: cells + share * charge,
                resting: cells,
                events: Some((charge, share)),
            }
        }
    }
}

/// What food antigen above the usual does to mast cells of sensitised people (I7).
///
/// `reach` is the leak that cells would make at rest if all went at the rate of full drive, over that at which they calm down.
/// Written by the slope that is seen, of leak with antigen: cells that wake faster or leak more need more antigen for it.
fn allergy<'m>(f: &Frame<'_, 'm, '_>, reach: Expr<'m>) -> Expr<'m> {
    let (m, p, env) = (f.m, f.pools, f.environment);
    let slope = f.plain("barrier.antigen_slope");
    let on = f.link(
        ("antigen_to_mast_cells", "barrier", "barrier"),
        slope,
        LinkGrade::HumanTrial,
        "mast cells by antigen above the usual, d/(K + d), K by the slope of leak with antigen, in sensitised people only; blocked by cromoglycate (I7)",
    );
    // Of first order: by a steeper law the leak that mast cells make would bring the antigen that keeps them awake.
    let above = (p.antigen - 1.0).smooth_plus(m.parameter("smoothing.width", "1"));
    on * env.sensitised * (1.0 - env.cromoglycate) * slope * above / (reach + slope * above)
}

fn injury(f: &Frame<'_, '_, '_>) {
    let (m, p, env) = (f.m, f.pools, f.environment);
    let exercise = m.parameter("barrier.exercise_injury", "1/d");
    let nsaid = m.parameter("barrier.nsaid_injury", "1/d");
    let both = m.parameter("barrier.injury_synergy", "1/d");
    let on_exercise = f.link_of(
        ("exercise_to_injury", "input", "barrier"),
        (exercise, &[both]),
        LinkGrade::HumanTrial,
        "injury by exercise, and its synergy with anti-inflammatory drugs",
    );
    let on_nsaid = f.link_of(
        ("nsaid_to_injury", "input", "barrier"),
        (nsaid, &[both]),
        LinkGrade::HumanTrial,
        "injury by anti-inflammatory drugs, and their synergy with exercise",
    );
    let (e, n) = (on_exercise * env.exercise, on_nsaid * env.nsaid);
    m.rate(
        p.injury,
        exercise * e + nsaid * n + both * e * n
            - m.parameter("barrier.injury_repair", "1/d") * p.injury,
    );
}

fn inflammation<'m>(f: &Frame<'_, 'm, '_>, leak: Expr<'m>) {
    let (m, p) = (f.m, f.pools);
    let exponent = f.plain("barrier.contact_exponent");
    let on = f.link(
        ("contact_to_inflammation", "colon", "barrier"),
        exponent,
        LinkGrade::Assumption,
        "Im target (Lum·leak/mucus)^0.3",
    );
    let contact = power(f.gut.lps_activity * leak / p.mucus, on * exponent);
    let exponent = f.plain("barrier.treg_exponent");
    let on = f.link(
        ("treg_to_inflammation", "immune", "barrier"),
        exponent,
        LinkGrade::Assumption,
        "Im target × Treg^−0.5",
    );
    let held = power(p.treg, -(on * exponent));
    let gain = f.plain("barrier.wounding_gain");
    let on = f.link(
        ("wounding_to_inflammation", "skin", "barrier"),
        gain,
        LinkGrade::Animal,
        "Im target × (1 + 0.1·HA) (S3)",
    );
    m.rate(
        p.inflammation,
        (contact * held * (1.0 + on * gain * f.skin.wounding) - p.inflammation)
            / m.parameter("barrier.inflammation_time", "d"),
    );
    f.show(
        "barrier.inflammation",
        "1",
        "inflammation of the lining, Im",
    );
}

fn antigen<'m>(f: &Frame<'_, 'm, '_>, leak: Expr<'m>) {
    let (m, p, env) = (f.m, f.pools, f.environment);
    let scale = f.plain("barrier.antigen_sd_ln");
    let through_leak = f.plain("barrier.antigen_leak_exponent");
    let on = f.link(
        ("leak_to_antigen", "barrier", "barrier"),
        through_leak,
        LinkGrade::HumanObservation,
        "antigen that passes = intake × leak for what is eaten/mucus (I7)",
    );
    let passed = 1.0 + on * (power(leak, through_leak) / p.mucus - 1.0);
    m.rate(
        p.antigen,
        m.parameter("barrier.antigen_turnover", "1/d") * (env.allergen * passed - p.antigen),
    );
    let z = (env.sensitised * p.antigen.ln() / scale).bounded(f.plain("immune.drive_bound"));
    m.rate(
        p.antigen_slow,
        (z - p.antigen_slow) / m.parameter("immune.drive_time", "d"),
    );
    f.show("barrier.antigen", "1", "food antigen that passes");
    f.show(
        "barrier.antigen_z",
        "1",
        "z_A: food antigen in sensitised people",
    );
}
