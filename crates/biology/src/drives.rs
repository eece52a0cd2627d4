//! What the body does to the skin: bounded, partly slow drives, all neutral at their default.
//!
//! The skins take drives as they act. In the joined axis the body bounds and slows them where they are made. Where a
//! scenario holds them instead (`clamped`), the same is done here: a raw z-score z becomes 3·tanh(z/3); short-chain
//! fatty acids, antigen, stress and body mass then pass a first-order filter of seven days.

use gutskin_network::{Builder, Expr};

/// Bounds a raw z-score.
pub fn bounded<'m>(m: &'m Builder<'_>, z: Expr<'m>) -> Expr<'m> {
    z.bounded(m.parameter("immune.drive_bound", "1"))
}

/// Bounds a raw z-score and slows it; the state is called `name`.
pub fn slow<'m>(m: &'m Builder<'_>, name: &str, z: Expr<'m>) -> Expr<'m> {
    let time = m.parameter("drive.filter_time", "d");
    let state = m
        .state(name, "1")
        .typical(1.0)
        .initial(0.0)
        .signed()
        .doc("bounded drive after its seven-day filter")
        .add();
    m.rate(state, (bounded(m, z) - state) / time);
    state
}

/// A drive held by the scenario in the input `clamped.<name>`, neutral by default.
pub fn clamped<'m>(m: &'m Builder<'_>, name: &str, neutral: f64, doc: &str) -> Expr<'m> {
    m.input(&format!("clamped.{name}"), "1", neutral, doc)
}

/// Drives of eczema, bounded; those of fatty acids, antigen and stress also slowed.
#[derive(Clone, Copy)]
pub struct AdDrives<'m> {
    /// G: low-grade systemic tone.
    pub tone: Expr<'m>,
    /// T2: systemic Th2 bias.
    pub th2: Expr<'m>,
    /// S_c: short-chain fatty acids in plasma.
    pub scfa: Expr<'m>,
    /// z_A: food antigen that crosses the gut, 0 in people who are not sensitised.
    pub antigen: Expr<'m>,
    /// Stress z: twice the stress score.
    pub stress: Expr<'m>,
    /// Stress z of the moment, not slowed.
    pub stress_now: Expr<'m>,
    /// Sleep lost, h/d.
    pub sleep_loss: Expr<'m>,
}

impl<'m> AdDrives<'m> {
    /// All drives held by the scenario.
    pub fn clamped(m: &'m Builder<'_>) -> Self {
        let tone = clamped(m, "tone", 0.0, "G: z-score of low-grade systemic tone");
        let th2 = clamped(m, "th2", 0.0, "T2: z-score of systemic Th2 bias");
        let scfa = clamped(m, "scfa", 0.0, "S_c: z-score of plasma fatty acids");
        // The body hands over 0 where nobody is sensitised; what is held is asked of who that is.
        let antigen = m.parameter("ad.food_sensitised", "1")
            * clamped(m, "antigen", 0.0, "z-score of food antigen");
        let stress = clamped(m, "stress", 0.0, "stress z");
        Self {
            tone: bounded(m, tone),
            th2: bounded(m, th2),
            scfa: slow(m, "drive.scfa", scfa),
            antigen: slow(m, "drive.antigen", antigen),
            stress: slow(m, "drive.stress", stress),
            stress_now: stress,
            sleep_loss: m.input(
                "clamped.sleep_loss",
                "h/d",
                0.0,
                "sleep lost, hours a night",
            ),
        }
    }
}

/// Drives of psoriasis, bounded; that of body mass also slowed.
#[derive(Clone, Copy)]
pub struct PsoDrives<'m> {
    /// G: low-grade systemic tone.
    pub tone: Expr<'m>,
    /// B17: systemic Th17 bias.
    pub th17: Expr<'m>,
    /// Body-mass z.
    pub body_mass: Expr<'m>,
    /// Seven-day mean of the presence of bacterial DNA in blood.
    pub bacterial_dna: Expr<'m>,
}

impl<'m> PsoDrives<'m> {
    /// All drives held by the scenario.
    pub fn clamped(m: &'m Builder<'_>) -> Self {
        let tone = clamped(m, "tone", 0.0, "G: z-score of low-grade systemic tone");
        let th17 = clamped(m, "th17", 0.0, "B17: z-score of systemic Th17 bias");
        let body_mass = clamped(m, "body_mass", 0.0, "z-score of body mass over own");
        Self {
            tone: bounded(m, tone),
            th17: bounded(m, th17),
            body_mass: slow(m, "drive.body_mass", body_mass),
            bacterial_dna: clamped(
                m,
                "bacterial_dna",
                0.0,
                "seven-day mean of bacterial DNA in blood",
            ),
        }
    }
}

/// Drives of acne.
#[derive(Clone, Copy)]
pub struct AcneDrives<'m> {
    /// G: low-grade systemic tone, bounded.
    pub tone: Expr<'m>,
    /// IGF-1 over own value on the reference diet.
    pub igf: Expr<'m>,
    /// Free androgens over own value on the reference diet.
    pub androgen: Expr<'m>,
}

impl<'m> AcneDrives<'m> {
    /// All drives held by the scenario.
    pub fn clamped(m: &'m Builder<'_>) -> Self {
        let tone = clamped(m, "tone", 0.0, "G: z-score of low-grade systemic tone");
        Self {
            tone: bounded(m, tone),
            igf: clamped(m, "igf", 1.0, "IGF-1 over own reference-diet value"),
            androgen: clamped(
                m,
                "androgen",
                1.0,
                "free androgens over own reference-diet value",
            ),
        }
    }
}
