//! What acts on the body from outside: colon, skin, life.

use super::Mode;
use crate::barrier::Butyrate;
use gutskin_network::{Builder, Expr};

/// What the colon hands over (C1–C7).
#[derive(Clone, Copy)]
pub struct Gut<'m> {
    /// C1: butyrate at the surface and what it does.
    pub butyrate: Butyrate<'m>,
    /// C2: activity of lipopolysaccharide, 1 in the reference person.
    pub lps_activity: Expr<'m>,
    /// C3: demand of mucus foragers, 1 in the reference person.
    pub mucus_foraging: Expr<'m>,
    /// C4: short-chain fatty acids absorbed above the reference, mmol/d.
    pub scfa_extra: Expr<'m>,
    /// C6: S_c, neither bounded nor slowed.
    pub scfa_signal: Expr<'m>,
    /// C7: aromatic products relative to the reference, minus 1.
    pub aromatic: Expr<'m>,
    /// C8: share of secondary bile acids relative to the reference, minus 1.
    pub secondary_bile: Expr<'m>,
}

impl<'m> Gut<'m> {
    /// The colon held at the reference; scenarios can move the inputs `clamped.*`.
    pub fn clamped(m: &'m Builder<'_>) -> Self {
        let surface = m.input_from_table(
            "clamped.surface_butyrate",
            "mmol/L",
            "barrier.surface_butyrate_reference",
            "butyrate at the surface (C1)",
        );
        Self {
            butyrate: Butyrate::at(m, surface),
            lps_activity: m.input("clamped.lps_activity", "1", 1.0, "lipopolysaccharide (C2)"),
            mucus_foraging: m.input("clamped.mucus_foraging", "1", 1.0, "mucus foragers (C3)"),
            scfa_extra: m.input(
                "clamped.scfa_extra",
                "mmol/d",
                0.0,
                "short-chain fatty acids absorbed above the reference (C4)",
            ),
            scfa_signal: m.input("clamped.scfa_signal", "1", 0.0, "S_c (C6)"),
            aromatic: m.input("clamped.aromatic", "1", 0.0, "aromatic products − 1 (C7)"),
            secondary_bile: m.input(
                "clamped.secondary_bile",
                "1",
                0.0,
                "share of secondary bile acids over the reference − 1 (C8)",
            ),
        }
    }
}

/// What the skin hands over (S1–S4).
#[derive(Clone, Copy)]
pub struct Skin<'m> {
    /// PASI/12.
    pub psoriasis: Expr<'m>,
    /// EASI/21.
    pub eczema: Expr<'m>,
    /// Fragments of hyaluronan from wounds, 0 without.
    pub wounding: Expr<'m>,
    /// Dermatology life quality index, points.
    pub quality_of_life: Expr<'m>,
    /// Itch, points of 10.
    pub itch: Expr<'m>,
    /// Answer to acute stress over that of people without this skin.
    pub acute_answer: Expr<'m>,
}

impl<'m> Skin<'m> {
    /// Healthy skin; scenarios can move the inputs `clamped.*`.
    pub fn clamped(m: &'m Builder<'_>) -> Self {
        Self {
            psoriasis: m.input("clamped.psoriasis_severity", "1", 0.0, "PASI/12 (S1)"),
            eczema: m.input("clamped.eczema_severity", "1", 0.0, "EASI/21 (S1)"),
            wounding: m.input("clamped.wounding", "1", 0.0, "hyaluronan fragments (S3)"),
            quality_of_life: m.input("clamped.dlqi", "1", 0.0, "DLQI, points (S4)"),
            itch: m.input("clamped.itch", "1", 0.0, "itch, points of 10 (S4)"),
            acute_answer: m.constant(1.0),
        }
    }
}

/// What scenarios set.
pub(crate) struct Environment<'m> {
    pub stress_score: Expr<'m>,
    pub acute_stress: Expr<'m>,
    pub acute_events: Expr<'m>,
    pub crh: Expr<'m>,
    pub practice: Expr<'m>,
    pub sleep_loss: Expr<'m>,
    pub exercise: Expr<'m>,
    pub nsaid: Expr<'m>,
    pub cromoglycate: Expr<'m>,
    pub emulsifier: Expr<'m>,
    pub gluten: Expr<'m>,
    pub smoking: Expr<'m>,
    pub air_pollution: Expr<'m>,
    pub acid_suppression: Expr<'m>,
    pub saturated_fat: Expr<'m>,
    pub omega3: Expr<'m>,
    pub alcohol: Expr<'m>,
    pub steroid: Expr<'m>,
    pub steroid_clamp: Expr<'m>,
    pub glycaemic_load: Expr<'m>,
    pub milk: Expr<'m>,
    pub whey: Expr<'m>,
    pub vitamin_d: Expr<'m>,
    pub uvb: Expr<'m>,
    pub bmi: Expr<'m>,
    pub allergen: Expr<'m>,
    pub sensitised: Expr<'m>,
    pub endotoxin: Expr<'m>,
    pub training: Expr<'m>,
    pub bursts_as_mean: Expr<'m>,
}

impl<'m> Environment<'m> {
    pub fn declare(m: &'m Builder<'_>, mode: Mode) -> Self {
        let plain = |name: &str, doc: &str| m.input(&format!("input.{name}"), "1", 0.0, doc);
        Self {
            stress_score: m.input_from_table(
                "input.stress_score",
                "1",
                "hpa.stress_score_reference",
                "perceived stress, PSS-10 points",
            ),
            acute_stress: plain("acute_stress", "drive of an acute stressor, HPA units"),
            acute_events: match mode {
                Mode::Daily => m.input(
                    "input.acute_stress_events",
                    "1/d",
                    0.0,
                    "public-speech-like events, in the daily mode",
                ),
                Mode::WithinDay => m.constant(0.0),
            },
            crh: plain("crh", "infused CRH, HPA units"),
            practice: plain("practice", "meditation or yoga, 1 the usual course"),
            sleep_loss: m.input("input.sleep_loss", "h/d", 0.0, "sleep below 8 h a night"),
            exercise: plain("exercise", "1 at 60–70 % of the maximum, in the cool"),
            nsaid: plain("nsaid", "1 at ibuprofen 400 mg twice"),
            cromoglycate: plain("cromoglycate", "share of mast cells blocked"),
            emulsifier: plain("emulsifier", "1 at carboxymethylcellulose 15 g/d"),
            gluten: plain("gluten", "1 at a gluten load"),
            smoking: plain("smoking", "1 at 20 cigarettes a day"),
            air_pollution: plain("air_pollution", "fine particles, 1 at +10 µg/m³"),
            acid_suppression: crate::colon::acid_suppression(m),
            saturated_fat: m.input_from_table(
                "input.diet.saturated_fat",
                "g/d",
                "diet.reference_saturated_fat",
                "saturated-rich fat eaten",
            ),
            omega3: plain("omega3", "share of the fat replaced by n-3"),
            alcohol: plain("alcohol", "blood alcohol over 0.08 %"),
            steroid: plain("steroid", "corticosteroid, in units of 180 nmol/L cortisol"),
            steroid_clamp: plain(
                "steroid_clamp",
                "cortisol infused that acts on cytokines, units",
            ),
            glycaemic_load: m.input("input.glycaemic_load", "1", 1.0, "over the reference diet"),
            milk: m.input_from_table("input.milk", "g/d", "diet.reference_milk", "milk drunk"),
            whey: m.input("input.whey", "g/d", 0.0, "whey protein"),
            vitamin_d: m.input("input.vitamin_d", "IU/d", 0.0, "vitamin D taken"),
            uvb: m.input("input.uvb", "1/d", 0.0, "narrow-band UVB sessions"),
            bmi: plain("bmi", "body mass index, z-score"),
            allergen: m.input(
                "input.allergen",
                "1",
                1.0,
                "food allergen over the reference",
            ),
            sensitised: plain("sensitised", "1 in people with food allergy"),
            endotoxin: m.input("input.endotoxin", "pg/mL/d", 0.0, "endotoxin infused"),
            training: plain("training", "regular moderate training"),
            bursts_as_mean: plain(
                "bursts_as_mean",
                "share of the bursts of bacterial DNA that flows in as their mean",
            ),
        }
    }
}
