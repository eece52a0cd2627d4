//! What the body does to the skin: bounded, partly slow drives, all neutral at their default.
//!
//! A raw z-score z becomes 3·tanh(z/3); short-chain fatty acids, antigen, stress and body mass then pass a first-order
//! filter of seven days (tone, Th2 and Th17 are seven-day states where they are made).

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

/// Drives of eczema; raw z-scores.
#[derive(Clone, Copy)]
pub struct AdDrives<'m> {
    /// G: low-grade systemic tone.
    pub tone: Expr<'m>,
    /// T2: systemic Th2 bias.
    pub th2: Expr<'m>,
    /// S_c: short-chain fatty acids in plasma.
    pub scfa: Expr<'m>,
    /// z_A: food antigen that crosses the gut; acts in sensitised people only.
    pub antigen: Expr<'m>,
    /// Stress z: twice the stress score.
    pub stress: Expr<'m>,
    /// Sleep lost, h a night.
    pub sleep_loss: Expr<'m>,
}

impl<'m> AdDrives<'m> {
    /// All drives held by the scenario.
    pub fn clamped(m: &'m Builder<'_>) -> Self {
        Self {
            tone: clamped(m, "tone", 0.0, "G: z-score of low-grade systemic tone"),
            th2: clamped(m, "th2", 0.0, "T2: z-score of systemic Th2 bias"),
            scfa: clamped(m, "scfa", 0.0, "S_c: z-score of plasma fatty acids"),
            antigen: clamped(m, "antigen", 0.0, "z-score of food antigen"),
            stress: clamped(m, "stress", 0.0, "stress z"),
            sleep_loss: m.input("clamped.sleep_loss", "h", 0.0, "sleep lost a night, hours"),
        }
    }
}

/// Drives of psoriasis; raw z-scores.
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
        Self {
            tone: clamped(m, "tone", 0.0, "G: z-score of low-grade systemic tone"),
            th17: clamped(m, "th17", 0.0, "B17: z-score of systemic Th17 bias"),
            body_mass: clamped(m, "body_mass", 0.0, "z-score of body mass over own"),
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
    /// G: low-grade systemic tone, z-score.
    pub tone: Expr<'m>,
    /// IGF-1 over own value on the reference diet.
    pub igf: Expr<'m>,
    /// Free androgens over own value on the reference diet.
    pub androgen: Expr<'m>,
}

impl<'m> AcneDrives<'m> {
    /// All drives held by the scenario.
    pub fn clamped(m: &'m Builder<'_>) -> Self {
        Self {
            tone: clamped(m, "tone", 0.0, "G: z-score of low-grade systemic tone"),
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
