//! The tables of what people take: drugs, kill strengths, strains.

use super::ecosystem::{GuildRow, cv_or_none, known, positive_quantity, unique};
use super::table::{CatalogueError, Provenance, Quantity, Row, Table};
use gutskin_units::Unit;
use std::collections::BTreeMap;

/// Score columns of the drug table, in the order of the shipped file.
pub(super) const SCORES: &[&str] = &[
    "bacteroidota",
    "prevotella",
    "butyrate_clostridia",
    "negativicutes",
    "bifidobacteria",
    "lactobacilli",
    "akkermansia",
    "enterobacteria",
    "enterococci",
    "h2s_methanogens",
    "fungi",
];

/// A drug.
#[derive(Clone, Debug)]
pub struct Drug {
    /// Name in networks and scenarios.
    pub id: String,
    /// Name for people.
    pub agent: String,
    /// Pharmacological class.
    pub class: String,
    /// What it is given for.
    pub indication: String,
    /// Usual dose as written.
    pub dose_text: String,
    /// Usual daily dose.
    pub dose: Quantity,
    /// Smallest and largest usual daily dose, mg/d, where that is known.
    pub studied: Option<[f64; 2]>,
    /// Length of a course as written, d.
    pub course_days: String,
    /// Share of the dose that is active in the colon.
    pub luminal_share: f64,
    /// Its coefficient of variation between people.
    pub luminal_share_cv: f64,
    /// Half-life of its release into the lumen.
    pub half_life: Quantity,
    /// Its coefficient of variation between people.
    pub half_life_cv: f64,
    /// Column of the kill table, where it has one.
    pub kill_column: Option<String>,
    /// Factor on transit times.
    pub transit_factor: f64,
    /// What it adds to inputs at its usual dose.
    pub adds: Vec<(String, Quantity)>,
    /// Scores from −3 to +3 by column.
    pub scores: BTreeMap<String, f64>,
    /// Are negative scores kill? Otherwise all are only what was seen.
    pub scores_kill: bool,
    /// Where the row comes from.
    pub provenance: Provenance,
}

impl Drug {
    /// Does it do anything in the gut that the model knows: kill, a change of transit, something it adds?
    #[must_use]
    pub fn acts(&self) -> bool {
        self.kill_column.is_some()
            || self.transit_factor != 1.0
            || !self.adds.is_empty()
            || self.scores_kill && self.scores.values().any(|score| *score < 0.0)
    }

    /// Is it an antibiotic: has it strengths of kill of its own, or a strong fall of bacteria that stands for one?
    #[must_use]
    pub fn is_antibiotic(&self) -> bool {
        /// A fall that is more than what drugs of other kinds are seen with.
        const STRONG: f64 = -2.0;
        let bacteria = self.scores.iter().filter(|(group, _)| *group != "fungi");
        let falls = bacteria.filter(|(_, score)| **score <= STRONG).count() > 0;
        self.kill_column.is_some() || self.scores_kill && falls
    }
}

/// Kill strengths of one guild.
#[derive(Clone, Debug)]
pub struct KillRow {
    /// Guild, or `BCL`, the bile-dehydroxylating trait.
    pub guild: String,
    /// Coefficient of variation.
    pub cv: f64,
    /// Kill at full effect by column, 1/d.
    pub kills: BTreeMap<String, Quantity>,
    /// Columns whose losses last longer than others'.
    pub lasting: Vec<String>,
    /// Where the row comes from.
    pub provenance: Provenance,
}

/// A strain or product that is eaten.
#[derive(Clone, Debug)]
pub struct StrainRow {
    /// Name in networks and scenarios.
    pub id: String,
    /// Name for people.
    pub strain: String,
    /// Species.
    pub species: String,
    /// Guild whose niche it shares.
    pub guild: String,
    /// Product or use.
    pub product: String,
    /// Usual daily dose of live cells; absent where it is not known in CFU.
    pub dose: Option<Quantity>,
    /// Smallest and largest daily dose that was studied, CFU/d, where that is known.
    pub studied: Option<[f64; 2]>,
    /// Share alive in faeces; absent where unknown.
    pub survival: Option<f64>,
    /// Its coefficient of variation between people.
    pub survival_cv: f64,
    /// Time to loss after the last dose; absent where unknown.
    pub persistence: Option<Quantity>,
    /// Share of people in whom it persists.
    pub permissive_share: f64,
    /// What it does beside its products (C9), with the standard deviation of what is known of it; absent where no trial
    /// says.
    pub direct_effect: Option<[f64; 2]>,
    /// Proposed effects, as written.
    pub effects: String,
    /// Trials, as written.
    pub trials: String,
    /// Where the row comes from.
    pub provenance: Provenance,
}

pub(super) fn drugs(
    file: &str,
    text: &str,
    kills: &[KillRow],
) -> Result<Vec<Drug>, CatalogueError> {
    let mut needed = vec![
        "id",
        "agent",
        "class",
        "dose",
        "dose_unit",
        "studied_low",
        "studied_high",
        "luminal_share",
        "half_life",
        "half_life_unit",
        "kill_column",
        "transit_factor",
        "source",
        "mark",
    ];
    needed.extend(SCORES);
    let table = Table::read(file, text, &needed)?;
    let mut found: Vec<Drug> = Vec::new();
    for row in table.rows() {
        let id = row.name("id")?;
        unique(&row, &id, found.iter().map(|d| d.id.as_str()))?;
        let kill_column = match row.text("kill_column") {
            "" => None,
            column => {
                let columns = kills.first().into_iter().flat_map(|k| k.kills.keys());
                known(&row, "kill column", column, columns.map(String::as_str))?;
                Some(column.to_owned())
            }
        };
        found.push(Drug {
            agent: row.required("agent")?.to_owned(),
            class: row.text("class").to_owned(),
            indication: row.text("indication").to_owned(),
            dose_text: row.text("dose_text").to_owned(),
            dose: positive_quantity(&row, "dose", "mg/d")?,
            studied: row.range("studied")?,
            course_days: row.text("course_days").to_owned(),
            luminal_share: share(&row, "luminal_share")?,
            luminal_share_cv: cv_or_none(&row, "luminal_share")?,
            half_life: positive_quantity(&row, "half_life", "h")?,
            half_life_cv: cv_or_none(&row, "half_life")?,
            kill_column,
            transit_factor: row.positive("transit_factor")?,
            adds: Vec::new(),
            scores: scores(&row)?,
            scores_kill: scores_kill(&row)?,
            provenance: row.provenance()?,
            id,
        });
    }
    Ok(found)
}

/// Enters what drugs add to inputs.
pub(super) fn drug_inputs(
    file: &str,
    text: &str,
    drugs: &mut [Drug],
) -> Result<(), CatalogueError> {
    let needed = ["drug", "input", "value", "unit", "source", "mark", "note"];
    let table = Table::read(file, text, &needed)?;
    for row in table.rows() {
        let id = row.required("drug")?;
        known(&row, "drug", id, drugs.iter().map(|d| d.id.as_str()))?;
        let input = row.required("input")?.to_owned();
        let unit = Unit::parse(row.required("unit")?);
        let unit = unit.map_err(|e| row.fault(format!("\"unit\": {e}; write for example g/d")))?;
        let value = row.non_negative("value")?;
        row.provenance()?;
        let Some(drug) = drugs.iter_mut().find(|d| d.id == id) else {
            continue;
        };
        if drug.adds.iter().any(|(name, _)| *name == input) {
            return Err(row.fault(format!("\"{id}\" adds to {input} twice; keep one row")));
        }
        drug.adds.push((input, Quantity { value, unit }));
    }
    Ok(())
}

/// Older tables do not say that their scores are kill.
fn scores_kill(row: &Row<'_>) -> Result<bool, CatalogueError> {
    match row.text("scores_are") {
        "" | "kill" => Ok(true),
        "seen" => Ok(false),
        other => Err(row.fault(format!(
            "\"scores_are\" is \"{other}\"; write kill where negative scores are what the drug does to microbes, seen where they are only what was observed"
        ))),
    }
}

fn scores(row: &Row<'_>) -> Result<BTreeMap<String, f64>, CatalogueError> {
    let mut found = BTreeMap::new();
    for column in SCORES {
        let score = row.optional_number(column)?.unwrap_or(0.0);
        if score.abs() > 3.0 {
            return Err(row.fault(format!(
                "score \"{column}\" is {score}; scores run from -3 to 3"
            )));
        }
        found.insert((*column).to_owned(), score);
    }
    Ok(found)
}

pub(super) fn kills(
    file: &str,
    text: &str,
    guilds: &[GuildRow],
) -> Result<Vec<KillRow>, CatalogueError> {
    let fixed = ["guild", "unit", "cv", "lasting", "source", "mark", "note"];
    let table = Table::read(file, text, &fixed[..6])?;
    let columns = table.other_columns(&fixed);
    let mut found: Vec<KillRow> = Vec::new();
    for row in table.rows() {
        let guild = row.name("guild")?;
        unique(&row, &guild, found.iter().map(|k| k.guild.as_str()))?;
        let names = guilds.iter().map(|g| g.name.as_str()).chain([TRAIT]);
        known(&row, "guild", &guild, names)?;
        let lasting: Vec<String> = words(row.text("lasting"));
        for name in &lasting {
            known(&row, "column", name, columns.iter().map(String::as_str))?;
        }
        let unit = row.unit_in("unit", "1/d")?;
        let mut kills = BTreeMap::new();
        for column in &columns {
            kills.insert(
                column.clone(),
                Quantity {
                    value: row.non_negative(column)?,
                    unit: unit.clone(),
                },
            );
        }
        found.push(KillRow {
            cv: row.non_negative("cv")?,
            kills,
            lasting,
            provenance: row.provenance()?,
            guild,
        });
    }
    Ok(found)
}

/// Name of the bile-dehydroxylating trait in the kill table.
pub(crate) const TRAIT: &str = "BCL";

pub(super) fn strains(
    file: &str,
    text: &str,
    guilds: &[GuildRow],
) -> Result<Vec<StrainRow>, CatalogueError> {
    let needed = [
        "id",
        "strain",
        "species",
        "guild",
        "dose",
        "dose_unit",
        "studied_low",
        "studied_high",
        "survival",
        "survival_cv",
        "persistence",
        "persistence_unit",
        "permissive_share",
        "source",
        "mark",
    ];
    let table = Table::read(file, text, &needed)?;
    let mut found: Vec<StrainRow> = Vec::new();
    for row in table.rows() {
        let id = row.name("id")?;
        unique(&row, &id, found.iter().map(|s| s.id.as_str()))?;
        let guild = row.name("guild")?;
        known(
            &row,
            "guild",
            &guild,
            guilds.iter().map(|g| g.name.as_str()),
        )?;
        let species = row.text("species");
        if species.is_empty() {
            return Err(row.fault(format!(
                "strain \"{id}\" has no species; write it in \"species\", for example Bifidobacterium longum"
            )));
        }
        let survival = match row.text("survival") {
            "" => None,
            _ => Some(share(&row, "survival")?),
        };
        let survival_cv = match survival {
            None => 0.0,
            Some(_) => row.non_negative("survival_cv")?,
        };
        found.push(StrainRow {
            strain: row.required("strain")?.to_owned(),
            species: species.to_owned(),
            guild,
            product: row.text("product").to_owned(),
            dose: row.optional_quantity("dose", "CFU/d")?,
            studied: row.range("studied")?,
            survival,
            survival_cv,
            persistence: row.optional_quantity("persistence", "d")?,
            permissive_share: share(&row, "permissive_share")?,
            direct_effect: direct_effect(&row)?,
            effects: row.text("effects").to_owned(),
            trials: row.text("trials").to_owned(),
            provenance: row.provenance()?,
            id,
        });
    }
    Ok(found)
}

/// Effect and standard deviation; older tables lack the columns.
fn direct_effect(row: &Row<'_>) -> Result<Option<[f64; 2]>, CatalogueError> {
    let (effect, sd) = ("direct_effect", "direct_effect_sd");
    match (row.optional_number(effect)?, row.text(sd)) {
        (None, "") => Ok(None),
        (Some(value), text) if !text.is_empty() => Ok(Some([value, row.non_negative(sd)?])),
        _ => Err(row.fault(format!(
            "\"{effect}\" and \"{sd}\" go together: fill in both (an sd of 0 where it is known exactly), or neither"
        ))),
    }
}

fn share(row: &Row<'_>, column: &str) -> Result<f64, CatalogueError> {
    let value = row.non_negative(column)?;
    if value > 1.0 {
        return Err(row.fault(format!("\"{column}\" is {value}; a share is at most 1")));
    }
    Ok(value)
}

fn words(text: &str) -> Vec<String> {
    text.split(';')
        .map(str::trim)
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}
