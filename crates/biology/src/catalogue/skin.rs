//! Drugs of the skin: how long they stay, and what they do to which part of a skin module.

use super::table::{CatalogueError, Provenance, Row, Table, hint};
use gutskin_network::{Action, Change, Network, Target};

/// Name and text of the table of drugs.
pub const SKIN_DRUGS: (&str, &str) = (
    "catalogue/skin_drugs.csv",
    include_str!("../../../../catalogue/skin_drugs.csv"),
);

/// Name and text of the table of their targets.
pub const SKIN_DRUG_TARGETS: (&str, &str) = (
    "catalogue/skin_drug_targets.csv",
    include_str!("../../../../catalogue/skin_drug_targets.csv"),
);

/// Parts of the skin modules that a drug may act on: condition, target.
pub const TARGETS: &[(&str, &str)] = &[
    ("ad", "recovery"),
    ("ad", "il4"),
    ("ad", "il13"),
    ("ad", "il17"),
    ("ad", "il22"),
    ("ad", "il31"),
    ("ad", "tslp"),
    ("ad", "ox40l"),
    ("pso", "il23"),
    ("pso", "il17"),
    ("pso", "tnf"),
    ("pso", "plaque"),
    ("acne", "sebum"),
    ("acne", "gland"),
    ("acne", "androgen"),
    ("acne", "kill"),
    ("acne", "follicular"),
    ("acne", "keratinisation"),
    ("acne", "comedolysis"),
];

/// How long a drug stays.
#[derive(Clone, Debug, PartialEq)]
pub enum SkinKinetics {
    /// Exposure relative to steady use, 0 to 1: rises while taken, falls when stopped.
    Exposure {
        /// Time constant of the rise under the labelled regimen (loading doses included), d.
        onset: f64,
        /// Half-life of the fall, d.
        washout: f64,
    },
    /// Depot, plasma, and where given a peripheral compartment and saturable loss.
    Doses {
        /// Absorption, 1/d.
        absorption: f64,
        /// Share that reaches plasma.
        available: f64,
        /// Volume of plasma, L.
        volume: f64,
        /// Linear loss, 1/d.
        loss: f64,
        /// To and from the periphery, 1/d.
        exchange: [f64; 2],
        /// Largest saturable loss, mg/L/d.
        saturable: f64,
        /// Concentration of half of it, mg/L.
        saturable_half: f64,
        /// First dose, mg.
        loading: f64,
        /// Later doses, mg.
        dose: f64,
        /// Between doses, d.
        interval: f64,
    },
}

/// What a drug does to one target.
#[derive(Clone, Debug, PartialEq)]
pub struct SkinEffect {
    /// Part of the skin module.
    pub target: String,
    /// Potency: exposure (1, or mg/L) times this is q, and the effect is ceiling·q/(1 + q).
    pub potency: f64,
    /// Spread of its logarithm between patients.
    pub potency_sd_ln: f64,
    /// Largest effect: a share for what is lowered, a size for what is added.
    pub ceiling: f64,
    /// Where the numbers come from.
    pub provenance: Provenance,
}

/// A drug of the skin.
#[derive(Clone, Debug, PartialEq)]
pub struct SkinDrug {
    /// Name in scenarios.
    pub id: String,
    /// Shortest and longest time between doses that was tried, d, where that is known.
    pub interval_studied: Option<[f64; 2]>,
    /// What it is.
    pub agent: String,
    /// Module it acts in (`ad`, `pso`, `acne`).
    pub condition: String,
    /// Its row in the table of drugs, where it reaches the microbes of the gut too.
    pub gut_drug: Option<String>,
    /// Dose and interval in words.
    pub regimen: String,
    /// How long it stays.
    pub kinetics: SkinKinetics,
    /// What it does.
    pub effects: Vec<SkinEffect>,
    /// Where the kinetics come from.
    pub provenance: Provenance,
}

impl SkinDrug {
    /// The changes that stand for taking this drug from `start` to `stop` in a network that holds it; none where the
    /// network does not hold it. `interval` replaces the labelled interval.
    pub fn taken(
        &self,
        network: &Network,
        start: f64,
        stop: f64,
        interval: Option<f64>,
    ) -> Vec<Change> {
        match &self.kinetics {
            SkinKinetics::Exposure { .. } => {
                let Some(input) = network.input(&format!("drugs.{}.taken", self.id)) else {
                    return Vec::new();
                };
                let set = |time: f64, value: f64| Change {
                    time,
                    target: Target::Input(input),
                    action: Action::Set(value),
                };
                vec![set(start, 1.0), set(stop, 0.0)]
            }
            SkinKinetics::Doses {
                available,
                loading,
                dose,
                interval: labelled,
                ..
            } => {
                let Some(state) = network.state(&format!("drugs.{}.depot", self.id)) else {
                    return Vec::new();
                };
                let every = interval.unwrap_or(*labelled);
                let mut changes = Vec::new();
                let mut time = start;
                while time < stop {
                    let amount = if changes.is_empty() { *loading } else { *dose };
                    changes.push(Change {
                        time,
                        target: Target::State(state),
                        action: Action::Add(amount * available),
                    });
                    time += every;
                }
                changes
            }
        }
    }
}

/// The shipped drugs.
///
/// # Errors
/// A fault in a shipped table, with file and line.
pub fn shipped() -> Result<Vec<SkinDrug>, CatalogueError> {
    read(SKIN_DRUGS, SKIN_DRUG_TARGETS)
}

/// Reads both tables, each given as file and text.
///
/// # Errors
/// The first fault found, with file, line and what to do.
pub fn read(
    (file, text): (&str, &str),
    (targets_file, targets_text): (&str, &str),
) -> Result<Vec<SkinDrug>, CatalogueError> {
    let table = Table::read(
        file,
        text,
        &["id", "condition", "kinetics", "source", "mark"],
    )?;
    let mut drugs: Vec<SkinDrug> = Vec::new();
    for row in table.rows() {
        let drug = drug(&row)?;
        if drugs.iter().any(|d| d.id == drug.id) {
            return Err(row.fault(format!("\"{}\" stands twice; keep one row", drug.id)));
        }
        drugs.push(drug);
    }
    let needed = ["drug", "target", "potency", "ceiling", "source", "mark"];
    let table = Table::read(targets_file, targets_text, &needed)?;
    for row in table.rows() {
        let (id, effect) = (row.name("drug")?, effect(&row)?);
        let known: Vec<String> = drugs.iter().map(|d| d.id.clone()).collect();
        let Some(drug) = drugs.iter_mut().find(|d| d.id == id) else {
            let hint = hint(&id, known.iter().map(String::as_str));
            return Err(row.fault(format!("no drug is called \"{id}\"{hint}")));
        };
        let own = TARGETS.iter().filter(|(c, _)| *c == drug.condition);
        if !own.clone().any(|(_, t)| *t == effect.target) {
            let hint = hint(&effect.target, own.map(|(_, t)| *t));
            return Err(row.fault(format!(
                "module \"{}\" has no target \"{}\"{hint}",
                drug.condition, effect.target
            )));
        }
        if drug.effects.iter().any(|e| e.target == effect.target) {
            return Err(row.fault(format!(
                "\"{id}\" acts on \"{}\" twice; keep one row",
                effect.target
            )));
        }
        drug.effects.push(effect);
    }
    if let Some(idle) = drugs.iter().find(|d| d.effects.is_empty()) {
        return Err(CatalogueError {
            file: targets_file.to_owned(),
            line: 1,
            message: format!("\"{}\" has no target; add a row for it", idle.id),
        });
    }
    Ok(drugs)
}

fn drug(row: &Row<'_>) -> Result<SkinDrug, CatalogueError> {
    let condition = row.required("condition")?;
    if !TARGETS.iter().any(|(c, _)| *c == condition) {
        return Err(row.fault(format!(
            "\"condition\" is \"{condition}\"; write ad, pso or acne"
        )));
    }
    let kinetics = match row.required("kinetics")? {
        "exposure" => SkinKinetics::Exposure {
            onset: row.positive("onset_d")?,
            washout: row.positive("washout_half_life_d")?,
        },
        "doses" => SkinKinetics::Doses {
            absorption: row.positive("absorption_per_d")?,
            available: row.positive("available")?,
            volume: row.positive("volume_l")?,
            loss: row.non_negative("loss_per_d")?,
            exchange: [
                row.non_negative("to_periphery_per_d")?,
                row.non_negative("from_periphery_per_d")?,
            ],
            saturable: row.non_negative("saturable_mg_per_l_d")?,
            saturable_half: row.positive("saturable_half_mg_per_l")?,
            loading: row.positive("loading_mg")?,
            dose: row.positive("dose_mg")?,
            interval: row.positive("interval_d")?,
        },
        other => {
            return Err(row.fault(format!(
                "\"kinetics\" is \"{other}\"; write exposure or doses"
            )));
        }
    };
    Ok(SkinDrug {
        id: row.name("id")?,
        interval_studied: row.range("interval_studied")?,
        agent: row.text("agent").to_owned(),
        condition: condition.to_owned(),
        gut_drug: Some(row.text("gut_drug").to_owned()).filter(|id| !id.is_empty()),
        regimen: row.text("regimen").to_owned(),
        kinetics,
        effects: Vec::new(),
        provenance: row.provenance()?,
    })
}

fn effect(row: &Row<'_>) -> Result<SkinEffect, CatalogueError> {
    Ok(SkinEffect {
        target: row.required("target")?.to_owned(),
        potency: row.positive("potency")?,
        potency_sd_ln: row.non_negative("potency_sd_ln")?,
        ceiling: row.positive("ceiling")?,
        provenance: row.provenance()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_tables_read_and_hold_every_anchor() {
        let drugs = shipped().unwrap();
        for id in [
            "dupilumab",
            "tralokinumab",
            "lebrikizumab",
            "nemolizumab",
            "topical_steroid",
            "emollient",
            "secukinumab",
            "ixekizumab",
            "brodalumab",
            "guselkumab",
            "risankizumab",
            "ustekinumab",
            "adalimumab",
            "etanercept",
            "infliximab",
            "apremilast",
            "methotrexate",
            "nb_uvb",
            "isotretinoin",
            "doxycycline",
            "minocycline",
            "sarecycline",
            "benzoyl_peroxide",
            "retinoid",
            "clascoterone",
        ] {
            assert!(drugs.iter().any(|d| d.id == id), "{id}");
        }
    }

    #[test]
    fn faults_name_file_line_and_mend() {
        let drugs = "id,condition,kinetics,onset_d,washout_half_life_d,source,mark\n\
                     a,pso,exposure,1,2,x,assumed\n";
        let targets = |row: &str| {
            let text = format!("drug,target,potency,potency_sd_ln,ceiling,source,mark\n{row}\n");
            read(("d.csv", drugs), ("t.csv", &text))
                .unwrap_err()
                .to_string()
        };
        let unknown = targets("b,il23,1,0,1,x,assumed");
        assert!(
            unknown.contains("t.csv:2") && unknown.contains("\"b\""),
            "{unknown}"
        );
        let target = targets("a,il24,1,0,1,x,assumed");
        assert!(target.contains("did you mean \"il23\""), "{target}");
        let negative = targets("a,il23,-1,0,1,x,assumed");
        assert!(negative.contains("above zero"), "{negative}");
        let kind = read(
            ("d.csv", &drugs.replace("exposure", "magic")),
            ("t.csv", ""),
        )
        .unwrap_err()
        .to_string();
        assert!(
            kind.contains("d.csv:2") && kind.contains("exposure or doses"),
            "{kind}"
        );
    }
}
