//! The states of the body.

use super::Mode;
use gutskin_network::{Builder, Expr};

/// All states that every mode has, and those within the day.
pub(crate) struct Pools<'m> {
    pub mucus: Expr<'m>,
    pub leak: Expr<'m>,
    pub leak_small: Expr<'m>,
    pub injury: Expr<'m>,
    pub inflammation: Expr<'m>,
    pub antigen: Expr<'m>,
    pub fat: Expr<'m>,
    pub bound: Expr<'m>,
    pub active: Expr<'m>,
    pub dna: Expr<'m>,
    pub dna_week: Expr<'m>,
    pub tolerance: Expr<'m>,
    pub tnf: Expr<'m>,
    pub il6: Expr<'m>,
    pub il10: Expr<'m>,
    pub liver: Expr<'m>,
    pub crp: Expr<'m>,
    pub tnf_usual: Expr<'m>,
    pub il6_usual: Expr<'m>,
    pub pituitary: Expr<'m>,
    pub adrenal: Expr<'m>,
    pub practice: Expr<'m>,
    pub trained: Expr<'m>,
    pub stress_slow: Expr<'m>,
    pub strain: Expr<'m>,
    pub mast: Expr<'m>,
    pub steroid: Expr<'m>,
    pub hair: Expr<'m>,
    pub tone: Expr<'m>,
    pub treg: Expr<'m>,
    pub th1: Expr<'m>,
    pub th2: Expr<'m>,
    pub th17: Expr<'m>,
    pub scfa_slow: Expr<'m>,
    pub antigen_slow: Expr<'m>,
    pub bmi_slow: Expr<'m>,
    pub insulin_resistance: Expr<'m>,
    pub igf1: Expr<'m>,
    pub shbg: Expr<'m>,
    pub vitamin_d: Expr<'m>,
    /// In the daily mode: acute drives as their mean over about a day.
    pub load_day: Option<Expr<'m>>,
    /// In the daily mode: the share of own cortisol that a steroid leaves, as its mean over about a day.
    pub steroid_day: Option<Expr<'m>>,
    pub within_day: Option<WithinDay<'m>>,
}

/// States that the daily mode closes.
#[derive(Clone, Copy)]
pub(crate) struct WithinDay<'m> {
    pub receptor: Expr<'m>,
    pub transit: [Expr<'m>; 3],
    pub il8: Expr<'m>,
    pub fever: Expr<'m>,
    pub crh: Expr<'m>,
    pub acth: Expr<'m>,
    pub cortisol_ln: Expr<'m>,
    pub cortisol_day: Expr<'m>,
}

impl<'m> Pools<'m> {
    pub fn declare(m: &'m Builder<'_>, mode: Mode) -> Self {
        let one =
            |name: &str, doc: &str| m.state(name, "1").typical(1.0).initial(1.0).doc(doc).add();
        let share =
            |name: &str, doc: &str| m.state(name, "1").typical(0.1).initial(0.0).doc(doc).add();
        let score = |name: &str, doc: &str| {
            m.state(name, "1")
                .typical(1.0)
                .initial(0.0)
                .signed()
                .doc(doc)
                .add()
        };
        let from = |name: &str, unit: &str, parameter: &str, size: f64, doc: &str| {
            m.state(name, unit)
                .typical(size)
                .initial(m.parameter(parameter, unit))
                .doc(doc)
                .add()
        };
        let bound = m.parameter("endotoxin.bound_reference", "pg/mL");
        let active = bound * m.parameter("endotoxin.bioactive_share", "1");
        let gate = m.parameter("endotoxin.gate", "pg/mL");
        let tnf = "immune.tnf_reference";
        let il6 = "immune.il6_reference";
        Self {
            mucus: one("barrier.mucus", "mucus, 1 in the reference person"),
            leak: one(
                "barrier.leak",
                "leak of the junctions of the large bowel, 1 in the reference person",
            ),
            leak_small: one(
                "barrier.leak_small",
                "leak of the junctions of the small bowel, 1 in the reference person",
            ),
            injury: share("barrier.injury", "injury of enterocytes"),
            inflammation: one("barrier.inflammation", "inflammation of the lining, Im"),
            antigen: one(
                "barrier.antigen",
                "food antigen that passes, over the reference",
            ),
            fat: m
                .state("endotoxin.fat", "g")
                .typical(1.0)
                .initial(
                    m.parameter("diet.reference_saturated_fat", "g/d")
                        / m.parameter("endotoxin.fat_absorption", "1/d"),
                )
                .doc("fat being absorbed")
                .add(),
            bound: from(
                "endotoxin.bound",
                "pg/mL",
                "endotoxin.bound_reference",
                3.0,
                "endotoxin that LAL sees",
            ),
            active: m
                .state("endotoxin.active", "pg/mL")
                .typical(0.06)
                .initial(active)
                .doc("bioactive endotoxin")
                .add(),
            dna: share(
                "endotoxin.bacterial_dna",
                "bacterial DNA of bursts; a burst adds 1",
            ),
            dna_week: share(
                "endotoxin.bacterial_dna_week",
                "7-day mean of bacterial DNA",
            ),
            tolerance: share("acute.tolerance", "desensitisation of monocytes"),
            tnf: from("immune.tnf", "pg/mL", tnf, 1.0, "TNF in plasma"),
            il6: from("immune.il6", "pg/mL", il6, 1.0, "IL-6 in plasma"),
            il10: from(
                "immune.il10",
                "pg/mL",
                "immune.il10_reference",
                0.3,
                "IL-10 in plasma",
            ),
            liver: share("immune.liver", "acute-phase signal of the liver"),
            crp: from(
                "immune.crp",
                "mg/L",
                "immune.crp_reference",
                1.0,
                "C-reactive protein",
            ),
            tnf_usual: from("hpa.tnf_usual", "pg/mL", tnf, 1.0, "own 14-day mean of TNF"),
            il6_usual: from(
                "hpa.il6_usual",
                "pg/mL",
                il6,
                1.0,
                "own 14-day mean of IL-6",
            ),
            pituitary: one("hpa.pituitary_mass", "functional mass of the pituitary"),
            adrenal: one("hpa.adrenal_mass", "functional mass of the adrenals"),
            practice: share("hpa.practice", "what a course of meditation has built up"),
            trained: share("immune.training", "what regular training has built up"),
            stress_slow: score("hpa.stress_slow", "bounded 7-day z-score of stress"),
            strain: share(
                "hpa.strain",
                "what acute stress leaves for about an hour, over a speech that lasts",
            ),
            mast: share("barrier.mast_cells", "activation of mast cells"),
            steroid: share(
                "hpa.steroid",
                "steroid in plasma, units of 180 nmol/L cortisol",
            ),
            hair: one(
                "hpa.hair",
                "cortisol that a segment of hair holds, relative",
            ),
            tone: one("immune.tone", "low-grade systemic tone"),
            treg: one("immune.treg", "regulatory T cells"),
            th1: one("immune.th1_bias", "systemic Th1 bias"),
            th2: one("immune.th2_bias", "systemic Th2 bias"),
            th17: one("immune.th17_bias", "systemic Th17 bias"),
            scfa_slow: score("immune.scfa_z", "S_c, bounded, 7-day (C6)"),
            antigen_slow: score("barrier.antigen_z", "z_A, bounded, 7-day (I7)"),
            bmi_slow: score(
                "metabolic.bmi_z",
                "z-score of body mass index, bounded, 7-day",
            ),
            insulin_resistance: one("metabolic.insulin_resistance", "over the reference person"),
            igf1: from(
                "metabolic.igf1",
                "ng/mL",
                "metabolic.igf1_reference",
                200.0,
                "total IGF-1",
            ),
            shbg: one("metabolic.shbg", "sex hormone-binding globulin"),
            vitamin_d: from(
                "metabolic.vitamin_d",
                "nmol/L",
                "metabolic.vitamin_d_own",
                50.0,
                "25(OH)D",
            ),
            load_day: (mode == Mode::Daily)
                .then(|| share("hpa.load_day", "acute drive, mean over about a day")),
            steroid_day: (mode == Mode::Daily).then(|| {
                one(
                    "hpa.steroid_day",
                    "share of own cortisol that a steroid leaves, mean over about a day",
                )
            }),
            within_day: (mode == Mode::WithinDay).then(|| WithinDay {
                receptor: m
                    .state("acute.receptor", "pg/mL")
                    .typical(0.06)
                    .initial(active * active * active / (active * active + gate * gate))
                    .doc("receptor signal")
                    .add(),
                transit: ["acute.transit1", "acute.transit2", "acute.transit3"].map(|n| {
                    m.state(n, "1")
                        .typical(1e-3)
                        .initial(0.0)
                        .doc("monocytes on their way")
                        .add()
                }),
                il8: from(
                    "immune.il8",
                    "pg/mL",
                    "immune.il8_reference",
                    3.0,
                    "IL-8 in plasma",
                ),
                fever: m
                    .state("acute.temperature_rise", "K")
                    .typical(0.1)
                    .initial(0.0)
                    .signed()
                    .doc("rise of body temperature by cytokines")
                    .add(),
                crh: from("hpa.crh", "1", "hpa.crh_midnight", 1.0, "CRH"),
                acth: from("hpa.acth", "1", "hpa.acth_midnight", 1.0, "ACTH"),
                cortisol_ln: m
                    .state("hpa.cortisol_ln", "1")
                    .typical(1.0)
                    .initial(m.parameter("hpa.cortisol_midnight", "1").ln())
                    .signed()
                    .doc("logarithm of cortisol")
                    .add(),
                cortisol_day: from(
                    "hpa.cortisol_day",
                    "1",
                    "hpa.cortisol_day_midnight",
                    1.0,
                    "24-h mean of cortisol",
                ),
            }),
        }
    }
}
