//! The stress axis: CRH, ACTH, cortisol, gland masses (Karin 2020), with the acute drive added to the clock's.

use crate::body::{Frame, Mode, Skin};
use crate::window::{Reading, mean_of_day};
use gutskin_network::{Builder, Expr, LinkGrade, LinkSpec};

/// Drives of stress.
pub(crate) struct Stress<'m> {
    /// Chronic share on top of the clock's drive.
    pub chronic: Expr<'m>,
    /// Acute drive of the mind and of infused CRH.
    pub acute: Expr<'m>,
    /// Drive of exercise; it moves the axis, not the mast cells.
    pub exercise: Expr<'m>,
    /// Height of the drive of one event as `acute` would have it, for the daily mode.
    pub event: Expr<'m>,
    /// Daily mean of `acute` from events, in the daily mode.
    pub event_load: Expr<'m>,
    /// Drive of cytokines.
    pub cytokine: Expr<'m>,
}

/// Cortisol as others see it.
pub(crate) struct Cortisol<'m> {
    /// What acts on cytokines, nmol/L.
    pub acting: Expr<'m>,
}

/// Perceived stress, 0 in the reference person; the colon hears it too.
pub(crate) fn level<'m>(m: &'m Builder<'_>, score: Expr<'m>, skin: &Skin<'m>) -> Expr<'m> {
    let plain = |name: &str| m.parameter(name, "1");
    let s4 = plain("hpa.quality_of_life_stress");
    let on = m.link(LinkSpec {
        name: "severity_to_stress",
        from: "skin",
        to: "hpa",
        gain: Some(s4),
        grade: LinkGrade::Assumption,
        on: false,
        doc: "PSS +2 per 10 DLQI (S4)",
    });
    let raw = (score + on * s4 * skin.quality_of_life - plain("hpa.stress_score_reference"))
        / plain("hpa.stress_score_width");
    let (floor, ceiling) = (plain("hpa.stress_floor"), plain("hpa.stress_ceiling"));
    let eps = plain("smoothing.width");
    let between = |s: Expr<'m>| (s - floor).smooth_plus(eps) - (s - ceiling).smooth_plus(eps);
    m.variable(
        "hpa.stress",
        "1",
        between(raw) - between(m.constant(0.0)),
        "perceived stress, 0 in the reference person: (score − 13)/13 between −1 and 2 with rounded corners",
    )
}

/// Stress as drives.
pub(crate) fn stress<'m>(f: &Frame<'_, 'm, '_>) -> Stress<'m> {
    let (m, env, p) = (f.m, f.environment, f.pools);
    let eps = m.parameter("smoothing.width", "1");
    let level = f.stress_level;
    let slope = f.plain("hpa.chronic_slope");
    let on = f.link(
        ("stress_to_chronic_drive", "input", "hpa"),
        slope,
        LinkGrade::Assumption,
        "clock's drive × (1 + 0.2·max(s, 0)) (I9)",
    );
    let training = f.plain("hpa.training_effect");
    let on_training = f.link(
        ("training_to_stress", "input", "hpa"),
        training,
        LinkGrade::Assumption,
        "chronic drive × (1 − gain·training): no known size",
    );
    let relief = f.plain("hpa.practice_effect");
    let on_practice = f.link(
        ("practice_to_stress", "input", "hpa"),
        relief,
        LinkGrade::HumanTrial,
        "chronic drive × (1 − 0.1·practice), built up over 90 d",
    );
    let chronic = m.variable(
        "hpa.chronic_drive",
        "1",
        on * slope
            * level.smooth_plus_zero(eps)
            * (1.0 - on_practice * relief * p.practice)
            * (1.0 - on_training * training * env.training),
        "chronic share on top of the clock's drive",
    );
    let damping = f.plain("hpa.scfa_damping");
    let half = m.parameter("hpa.scfa_half", "mmol/d");
    let on = f.link(
        ("scfa_to_stress", "colon", "hpa"),
        damping,
        LinkGrade::HumanTrial,
        "stress gain × (1 − 0.3·d/(d + 30)) (I11)",
    );
    let extra = f.gut.scfa_extra.smooth_plus_zero(eps * half);
    let own = f.plain("hpa.stress_gain") * f.skin.acute_answer;
    let gain = own * (1.0 - on * damping * extra / (extra + half));
    let slope = f.plain("hpa.acute_slope");
    let on_event = f.link(
        ("acute_stress_to_hpa", "input", "hpa"),
        slope,
        LinkGrade::HumanTrial,
        "drive + own gain·acute stress (a speech is 12 units for 15 min), added to the clock's (I9)",
    );
    let on_event = on_event * slope;
    let acute = on_event * gain * env.acute_stress + env.crh;
    let event = on_event * gain * f.plain("hpa.event_drive");
    let event_load = match f.mode {
        Mode::Daily => event * m.parameter("hpa.event_duration", "d") * env.acute_events,
        Mode::WithinDay => m.constant(0.0),
    };
    let strain = f.plain("hpa.exercise_drive");
    let on_strain = f.link(
        ("exercise_to_hpa", "input", "hpa"),
        strain,
        LinkGrade::HumanTrial,
        "drive + gain·exercise, added to the clock's",
    );
    let exercise = on_strain * strain * env.exercise;
    let cytokine_gain = f.plain("hpa.cytokine_gain");
    let on = f.link(
        ("cytokines_to_hpa", "immune", "hpa"),
        cytokine_gain,
        LinkGrade::HumanTrial,
        "40·[ΔTNF/(ΔTNF + 50) + ΔIL6/(ΔIL6 + 100)], Δ above the own 14-day mean (I10)",
    );
    let above = |now: Expr<'m>, usual: Expr<'m>, half: &str| {
        let half = m.parameter(half, "pg/mL");
        let delta = (now - usual).smooth_plus_zero(m.parameter("hpa.cytokine_corner", "pg/mL"));
        delta / (delta + half)
    };
    let cytokine = on
        * cytokine_gain
        * (above(p.tnf, p.tnf_usual, "hpa.tnf_half") + above(p.il6, p.il6_usual, "hpa.il6_half"));
    let memory = m.parameter("hpa.cytokine_memory", "d");
    m.rate(p.tnf_usual, (p.tnf - p.tnf_usual) / memory);
    m.rate(p.il6_usual, (p.il6 - p.il6_usual) / memory);
    m.rate(
        p.practice,
        (env.practice - p.practice) / m.parameter("hpa.practice_time", "d"),
    );
    let bound = f.plain("immune.drive_bound");
    let z = (f.plain("hpa.stress_z_scale") * level).bounded(bound);
    m.rate(
        p.stress_slow,
        (z - p.stress_slow) / m.parameter("immune.drive_time", "d"),
    );
    f.show("hpa.stress_slow", "1", "stress as the skin's nerves see it");
    let speech = f.plain("hpa.event_drive");
    // What is felt, whether or not the glands answer: that is another link.
    let felt = match f.mode {
        Mode::Daily => gain * m.parameter("hpa.event_duration", "d") * env.acute_events,
        Mode::WithinDay => m.constant(0.0),
    };
    let lately = gain * env.acute_stress / speech + felt;
    m.rate(
        p.strain,
        (lately - p.strain) / m.parameter("hpa.strain_time", "d"),
    );
    let nerves = f.plain("hpa.acute_nerves");
    let on_nerves = f.link(
        ("acute_stress_to_nerves", "hpa", "skin"),
        nerves,
        LinkGrade::HumanTrial,
        "stress z of the moment + gain·strain of an acute stressor: slower repair of stripped skin",
    );
    m.variable(
        "hpa.stress_now",
        "1",
        f.plain("hpa.stress_z_scale") * level + on_nerves * nerves * p.strain,
        "stress z of the moment",
    );
    f.show(
        "hpa.stress_now",
        "1",
        "stress z of the moment, as stripped skin sees it",
    );
    Stress {
        chronic,
        acute,
        exercise,
        event,
        event_load,
        cytokine,
    }
}

/// Sleep lost, by itself or by itch (S4).
pub(crate) fn sleep(f: &Frame<'_, '_, '_>) {
    let m = f.m;
    let itch = m.parameter("hpa.itch_sleep_loss", "h/d");
    let on = f.link_set(
        ("itch_to_sleep", "skin", "input"),
        itch,
        LinkGrade::Assumption,
        false,
        "0.15 h lost per point of itch (S4)",
    );
    m.variable(
        "metabolic.sleep_lost",
        "h/d",
        f.environment.sleep_loss + on * itch * f.skin.itch,
        "sleep lost",
    );
}

/// A steroid by mouth comes and goes.
fn steroid_level(f: &Frame<'_, '_, '_>) {
    let loss = f.m.parameter("hpa.steroid_loss", "1/d");
    let level = f.pools.steroid;
    f.m.rate(level, loss * (f.environment.steroid - level));
}

/// What the steroid adds to the cortisol that the glands feel.
fn steroid<'m>(f: &Frame<'_, 'm, '_>) -> Expr<'m> {
    let gain = f.plain("hpa.steroid_at_glands");
    let on = f.link(
        ("steroid_to_hpa", "input", "hpa"),
        gain,
        LinkGrade::Assumption,
        "steroid adds to the cortisol that the glands feel, own cortisol falls (I13)",
    );
    on * gain * f.pools.steroid
}

/// The share by which short nights flatten the clock, towards the even drive that gives the same mean of cortisol.
fn flattening<'m>(f: &Frame<'_, 'm, '_>) -> Expr<'m> {
    let m = f.m;
    let gain = m.parameter("hpa.sleep_flattening", "d/h");
    let on = f.link(
        ("sleep_to_clock", "input", "hpa"),
        gain,
        LinkGrade::HumanTrial,
        "clock's drive flattens by 1 − exp(−gain·hours lost): evening up, morning down, mean as before; within the day only",
    );
    1.0 - (-(on * gain * m.find("metabolic.sleep_lost"))).exp()
}

/// Glands and cortisol.
pub(crate) fn add<'m>(f: &Frame<'_, 'm, '_>, stress: &Stress<'m>) -> Cortisol<'m> {
    let (m, p) = (f.m, f.pools);
    let scale = m.parameter("hpa.cortisol_scale", "nmol/L");
    let (crh_mean, acth_mean) = (f.plain("hpa.crh_mean"), f.plain("hpa.acth_mean"));
    steroid_level(f);
    let steroid = steroid(f);
    let Levels {
        crh,
        acth,
        cortisol,
        now,
        mean,
    } = match f.mode {
        Mode::WithinDay => within_day(f, stress, steroid),
        Mode::Daily => daily(f, stress, steroid),
    };
    m.rate(
        p.pituitary,
        p.pituitary * (crh / crh_mean - 1.0) * m.parameter("hpa.pituitary_turnover", "1/d"),
    );
    m.rate(
        p.adrenal,
        p.adrenal * (acth / acth_mean - 1.0) * m.parameter("hpa.adrenal_turnover", "1/d"),
    );
    let external = p.steroid + f.environment.steroid_clamp;
    // A steroid takes the place of the cortisol that it holds down.
    m.variable(
        "hpa.cortisol_relative",
        "1",
        (cortisol + external) / acth_mean,
        "24-h mean of cortisol, and steroid, over the reference",
    );
    m.observe(
        "hpa.cortisol_mean",
        "nmol/L",
        scale * mean,
        "24-h mean of serum cortisol",
    );
    m.observe("hpa.cortisol", "nmol/L", scale * now, "serum cortisol, own");
    m.observe("hpa.acth", "1", acth, "ACTH");
    m.observe(
        "hpa.acth_24h",
        "1",
        mean / p.adrenal,
        "24-h mean of ACTH, from that of cortisol and the mass of the adrenals",
    );
    let free = f.plain("hpa.saliva_share") * scale;
    m.observe(
        "hpa.cortisol_saliva",
        "nmol/L",
        free * now,
        "salivary cortisol: a constant free share (assumed)",
    );
    m.observe(
        "hpa.cortisol_saliva_24h",
        "nmol/L",
        free * mean,
        "24-h mean of salivary cortisol",
    );
    // A memory that fades, as old on average as what a segment holds.
    m.rate(
        p.hair,
        (cortisol / acth_mean - p.hair) * (2.0 / m.parameter("hpa.hair_window", "d")),
    );
    m.observe(
        "hpa.cortisol_hair",
        "1",
        p.hair * scale / m.parameter("hpa.cortisol_scale_usual", "nmol/L"),
        "hair cortisol over that of the reference person: the mean over what a segment of hair holds (assumed)",
    );
    Cortisol {
        acting: scale * (now + external),
    }
}

/// Hormones, units.
struct Levels<'m> {
    crh: Expr<'m>,
    acth: Expr<'m>,
    /// Mean of cortisol over about a day, as leak, T cells and insulin hear it.
    cortisol: Expr<'m>,
    now: Expr<'m>,
    /// Mean over 24 h, as it is read.
    mean: Expr<'m>,
}

fn within_day<'m>(f: &Frame<'_, 'm, '_>, stress: &Stress<'m>, steroid: Expr<'m>) -> Levels<'m> {
    let (m, p) = (f.m, f.pools);
    let Some(fast) = p.within_day else {
        let one = m.constant(1.0);
        return Levels {
            crh: one,
            acth: one,
            cortisol: one,
            now: one,
            mean: one,
        };
    };
    let day = m.parameter("hpa.day", "d");
    let clock = (f.plain("hpa.clock_level") + waves(f, "hpa.clock")).exp();
    let clock = clock + flattening(f) * (f.plain("hpa.clock_even") - clock);
    let own = fast.cortisol_ln.exp();
    let felt = own + steroid;
    let ratio = felt / f.plain("hpa.receptor_half");
    let brake = 1.0 / (1.0 + ratio * ratio * ratio);
    let drive = clock * (1.0 + stress.chronic) + stress.acute + stress.exercise + stress.cytokine;
    m.rate(
        fast.crh,
        m.parameter("hpa.crh_turnover", "1/d") * (drive * brake / felt - fast.crh),
    );
    m.rate(
        fast.acth,
        m.parameter("hpa.acth_turnover", "1/d") * (fast.crh * p.pituitary * brake - fast.acth),
    );
    m.rate(
        fast.cortisol_ln,
        m.parameter("hpa.cortisol_turnover", "1/d") * (fast.acth * p.adrenal / own - 1.0),
    );
    m.rate(fast.cortisol_day, (own - fast.cortisol_day) / day);
    let read = Reading {
        name: "hpa.cortisol_24h",
        doc: "mean of cortisol over 24 h, as it is read",
    };
    let mean = mean_of_day(m, read, own, (day, f.plain("hpa.acth_mean")));
    Levels {
        crh: fast.crh,
        acth: fast.acth,
        cortisol: fast.cortisol_day,
        now: own,
        mean,
    }
}

/// Two harmonics of the day.
fn waves<'m>(f: &Frame<'_, 'm, '_>, name: &str) -> Expr<'m> {
    let m = f.m;
    let turn = std::f64::consts::TAU;
    let wave = |harmonic: f64, which: &str| {
        let size = f.plain(&format!("{name}_{which}"));
        let phase = m.parameter(&format!("{name}_{which}_phase"), "d");
        size * (harmonic * turn * (m.time() - phase) / m.parameter("hpa.day", "d")).cos()
    };
    wave(1.0, "first") + wave(2.0, "second")
}

/// Means over the day from surfaces fitted to the within-day equations. What lasts minutes counts by its mean over a
/// day, for at its height the surfaces know nothing of it.
fn daily<'m>(f: &Frame<'_, 'm, '_>, stress: &Stress<'m>, steroid: Expr<'m>) -> Levels<'m> {
    let (m, p) = (f.m, f.pools);
    let clock = f.plain("hpa.clock_mean");
    let now = stress.acute + stress.exercise;
    let lately = match p.load_day {
        Some(state) => {
            let more = sudden(f, now, stress, state);
            m.rate(state, (now + more - state) / m.parameter("hpa.day", "d"));
            state
        }
        None => now,
    };
    let load = lately + stress.event_load + stress.cytokine;
    let steroid = even_steroid(f, steroid);
    let axes = [
        ("chronic", (1.0 + stress.chronic).ln()),
        ("load", (1.0 + load / clock).ln()),
        ("pituitary", p.pituitary.ln()),
        ("adrenal", p.adrenal.ln()),
        ("steroid", steroid),
    ];
    let surface = |of: &str, mean: &str| {
        let mut sum = m.constant(0.0);
        for (i, (a, x)) in axes.iter().enumerate() {
            sum = sum + f.plain(&format!("hpa.surface_{of}.{a}")) * *x;
            for (b, y) in &axes[i..] {
                sum = sum + f.plain(&format!("hpa.surface_{of}.{a}_{b}")) * *x * *y;
            }
        }
        f.plain(mean) * sum.exp()
    };
    let crh = surface("crh", "hpa.crh_mean");
    let cortisol = m.variable(
        "hpa.cortisol_day",
        "1",
        surface("cortisol", "hpa.acth_mean"),
        "24-h mean of cortisol, units",
    );
    Levels {
        crh,
        acth: cortisol / p.adrenal,
        cortisol,
        now: cortisol,
        mean: cortisol,
    }
}

/// What a drive that comes suddenly counts more, or less, than an even one of the same mean: what is over before
/// cortisol has answered meets no brake, and in the evening a low clock. What lasts counts as even.
fn sudden<'m>(
    f: &Frame<'_, 'm, '_>,
    now: Expr<'m>,
    stress: &Stress<'m>,
    lately: Expr<'m>,
) -> Expr<'m> {
    let by_hour = (f.plain("hpa.hour_level") + waves(f, "hpa.hour")).exp();
    // Within an hour of exercise the brake is there.
    let braked = 1.0 + f.plain("hpa.hour_brake") * by_hour * f.environment.exercise;
    let counts = by_hour * (stress.acute + stress.exercise / braked);
    let corner = f.plain("hpa.hour_corner");
    let share = (now - lately).smooth_plus_zero(corner) / (now + corner);
    f.m.variable(
        "hpa.sudden_load",
        "1",
        share * (counts - now),
        "what a sudden drive counts beyond its mean, by the hour",
    )
}

/// The even level of steroid that leaves the same of own cortisol over about a day as one that comes and goes: the axis
/// follows within hours and answers less than in proportion, so that its answers are averaged and not the level.
fn even_steroid<'m>(f: &Frame<'_, 'm, '_>, now: Expr<'m>) -> Expr<'m> {
    let m = f.m;
    let Some(left) = f.pools.steroid_day else {
        return now;
    };
    let first = -f.plain("hpa.surface_cortisol.steroid");
    let second = -f.plain("hpa.surface_cortisol.steroid_steroid");
    let leaves = (-(now * (first + second * now))).exp();
    // What a level takes away goes by what the clock would have made at that hour.
    let by_hour = 1.0 + waves(f, "hpa.steroid_hour");
    m.rate(
        left,
        by_hour * (leaves - left) / m.parameter("hpa.day", "d"),
    );
    let trace = f.plain("hpa.steroid_trace");
    // Nothing leaves more than all, from wherever a search for rest starts.
    let held = -((left + trace) / (1.0 + trace)).ln();
    let held = held.smooth_plus_zero(m.parameter("smoothing.width", "1"));
    2.0 * held / (first + (first * first + 4.0 * second * held).sqrt())
}
