//! The tables of the ecosystem: metabolites, pools, guilds, routes, kinetics.

use super::exposures::SCORES;
use super::table::{CatalogueError, Provenance, Quantity, Row, Table, hint};
use gutskin_units::Unit;

/// How a metabolite leaves through the lining.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absorption {
    /// A short-chain fatty acid: absorbed with the others, above the floor of the segment.
    Scfa,
    /// Proportional to concentration, relative to the permeability of short-chain fatty acids.
    Passive,
    /// First order in the amount.
    Clearance,
    /// Not absorbed.
    None,
}

/// A dissolved product or electron acceptor.
#[derive(Clone, Debug)]
pub struct Metabolite {
    /// Name.
    pub name: String,
    /// Name for people.
    pub label: String,
    /// Unit of amount: `mmol` or `g`.
    pub unit: String,
    /// Carbon per unit, mmol.
    pub carbon: f64,
    /// Electrons per unit, mmol; negative for acceptors.
    pub electrons: f64,
    /// Nitrogen per unit, mmol.
    pub nitrogen: f64,
    /// Weight in the linear pH law.
    pub acid_weight: f64,
    /// How it is absorbed.
    pub absorption: Absorption,
    /// Relative permeability.
    pub permeability: f64,
    /// Its coefficient of variation between people.
    pub permeability_cv: f64,
    /// First-order clearance.
    pub clearance: Quantity,
    /// Its coefficient of variation between people.
    pub clearance_cv: f64,
    /// Leaves as gas (breath, flatus)?
    pub gas: bool,
    /// Concentration at which it limits a route that also needs it, mmol/L.
    pub limiting: f64,
    /// Its coefficient of variation between people.
    pub limiting_cv: f64,
    /// Inflow with diet and secretions.
    pub inflow: Quantity,
    /// Its coefficient of variation between people.
    pub inflow_cv: f64,
    /// Typical amount, for tolerances.
    pub typical: f64,
    /// Where the row comes from.
    pub provenance: Provenance,
    /// Line of the table.
    pub(crate) line: usize,
}

/// A substrate pool, counted in grams.
#[derive(Clone, Debug)]
pub struct Substrate {
    /// Name.
    pub name: String,
    /// Name for people.
    pub label: String,
    /// Part of every colon, or only where a scenario feeds it?
    pub resident: bool,
    /// Carbon, mmol/g.
    pub carbon: f64,
    /// Electrons, mmol/g.
    pub electrons: f64,
    /// Nitrogen, mmol/g.
    pub nitrogen: f64,
    /// Half-saturation.
    pub half_saturation: Quantity,
    /// Its coefficient of variation.
    pub half_saturation_cv: f64,
    /// Biomass per gram used.
    pub yields: Quantity,
    /// Its coefficient of variation.
    pub yield_cv: f64,
    /// Pool whose kinetics it takes where a guild has no row of its own, and the factor on growth.
    pub like: Option<(String, f64)>,
    /// Water held per gram.
    pub water_held: Quantity,
    /// Its coefficient of variation between people.
    pub water_held_cv: f64,
    /// Secreted by the host, not eaten?
    pub host: bool,
    /// `fibre`, `sugar`, `protein`, `mucin` or `debris`.
    pub class: String,
    /// Where the row comes from.
    pub provenance: Provenance,
    /// Line of the table.
    pub(crate) line: usize,
}

/// A functional guild.
#[derive(Clone, Debug)]
pub struct GuildRow {
    /// Name.
    pub name: String,
    /// Name for people.
    pub label: String,
    /// Part of every colon?
    pub resident: bool,
    /// Niche capacity κ.
    pub capacity: Quantity,
    /// Its coefficient of variation between people.
    pub capacity_cv: f64,
    /// Corners of the pH window.
    pub ph: [f64; 4],
    /// Standard deviation of the shift of the window.
    pub ph_shift_sd: f64,
    /// Biomass that arrives with food and saliva.
    pub immigration: Quantity,
    /// Its coefficient of variation between people.
    pub immigration_cv: f64,
    /// Also lives in the mouth, so that it arrives more where the stomach does not kill?
    pub oral: bool,
    /// Secondary bile acids at which growth is down to half; absent where they do not matter.
    pub bile_half: Option<Quantity>,
    /// Affinity to the mucosa; 1 is that of guilds that live there.
    pub mucosal_affinity: f64,
    /// Its coefficient of variation between people.
    pub mucosal_affinity_cv: f64,
    /// Weight as a carrier of active lipopolysaccharide.
    pub lps_agonist: f64,
    /// Its coefficient of variation between people.
    pub lps_agonist_cv: f64,
    /// Weight as a carrier of lipopolysaccharide that blocks.
    pub lps_antagonist: f64,
    /// Its coefficient of variation between people.
    pub lps_antagonist_cv: f64,
    /// Forages on mucus?
    pub mucus_forager: bool,
    /// Comes late in life, with the food of the family? Its niche grows with the child.
    pub late: bool,
    /// Share that dehydroxylates bile acids.
    pub bile_trait: f64,
    /// Grows better with vitamin D?
    pub vitamin_d: bool,
    /// Column of the drug table.
    pub drug_column: String,
    /// Guild of the lean colon.
    pub lean: String,
    /// Strains in a usual person.
    pub strains: f64,
    /// Mean share of reads in healthy western adults, %.
    pub reference_share: f64,
    /// Typical biomass of a segment, gDW.
    pub typical: f64,
    /// Where the row comes from.
    pub provenance: Provenance,
}

/// What amount of substrate a route is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// One mmol hexose (24 electrons) of the substrate.
    Hexose,
    /// One mmol of the substrate.
    Millimole,
    /// One gram of the substrate.
    Gram,
}

/// Stoichiometry of catabolism.
#[derive(Clone, Debug)]
pub struct Route {
    /// Name.
    pub name: String,
    /// Amount it is written for.
    pub per: Per,
    /// Metabolites made (positive) and also used (negative).
    pub terms: Vec<(String, f64)>,
    /// Takes up carbon dioxide?
    pub fixes_carbon: bool,
    /// Where the row comes from.
    pub provenance: Provenance,
    /// Line of the table.
    pub(crate) line: usize,
}

/// How growth on a substrate stands beside growth on the others that a guild uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    /// It stands in for the others: what is plenty holds back growth on the rest.
    Substitute,
    /// It is used beside them; only those that are used so hold back one another.
    CoUsed,
    /// An electron acceptor, which nothing holds back.
    Acceptor,
}

/// Growth of a guild on a substrate.
#[derive(Clone, Debug)]
pub struct KineticRow {
    /// Guild.
    pub guild: String,
    /// Pool or metabolite.
    pub substrate: String,
    /// Largest growth rate.
    pub growth: Quantity,
    /// Its coefficient of variation.
    pub growth_cv: f64,
    /// Half-saturation where it differs from the pool's.
    pub half_saturation: Option<Quantity>,
    /// Its coefficient of variation; that of the pool where it does not say.
    pub half_saturation_cv: Option<f64>,
    /// Yield where it differs from the pool's.
    pub yields: Option<Quantity>,
    /// Its coefficient of variation; that of the pool where it does not say.
    pub yield_cv: Option<f64>,
    /// Route.
    pub route: String,
    /// How it stands beside the guild's other substrates.
    pub beside: Beside,
    /// Where the row comes from.
    pub provenance: Provenance,
    /// Line of the table.
    pub(crate) line: usize,
}

pub(super) fn metabolites(file: &str, text: &str) -> Result<Vec<Metabolite>, CatalogueError> {
    let needed = [
        "metabolite",
        "label",
        "unit",
        "carbon",
        "electrons",
        "nitrogen",
        "acid_weight",
        "absorption",
        "permeability",
        "clearance",
        "clearance_unit",
        "gas",
        "limiting",
        "limiting_unit",
        "inflow",
        "inflow_unit",
        "typical",
        "source",
        "mark",
    ];
    let table = Table::read(file, text, &needed)?;
    let mut found: Vec<Metabolite> = Vec::new();
    for row in table.rows() {
        let name = row.name("metabolite")?;
        unique(&row, &name, found.iter().map(|m| m.name.as_str()))?;
        let unit = match row.required("unit")? {
            unit @ ("mmol" | "g") => unit.to_owned(),
            other => return Err(row.fault(format!("\"unit\" is \"{other}\"; write mmol or g"))),
        };
        let absorption = match row.required("absorption")? {
            "scfa" => Absorption::Scfa,
            "passive" => Absorption::Passive,
            "clearance" => Absorption::Clearance,
            "none" => Absorption::None,
            other => {
                return Err(row.fault(format!(
                    "\"absorption\" is \"{other}\"; write scfa, passive, clearance or none"
                )));
            }
        };
        found.push(Metabolite {
            label: row.required("label")?.to_owned(),
            inflow: row.quantity("inflow", &format!("{unit}/d"))?,
            inflow_cv: cv_or_none(&row, "inflow")?,
            unit: unit.clone(),
            carbon: row.non_negative("carbon")?,
            electrons: row.number("electrons")?,
            nitrogen: row.non_negative("nitrogen")?,
            acid_weight: row.non_negative("acid_weight")?,
            absorption,
            permeability: row.non_negative("permeability")?,
            permeability_cv: cv_or_none(&row, "permeability")?,
            clearance: row.quantity("clearance", "1/d")?,
            clearance_cv: cv_or_none(&row, "clearance")?,
            gas: row.flag("gas")?,
            limiting: limiting(&row, &unit)?,
            limiting_cv: cv_or_none(&row, "limiting")?,
            typical: row.positive("typical")?,
            provenance: row.provenance()?,
            line: row.line(),
            name,
        });
    }
    Ok(found)
}

/// Concentration at which a metabolite limits, in its own unit per litre.
fn limiting(row: &Row<'_>, unit: &str) -> Result<f64, CatalogueError> {
    let wanted = format!("{unit}/L");
    let limiting = positive_quantity(row, "limiting", &wanted)?;
    let wanted = Unit::parse(&wanted).map_err(|e| row.fault(e.to_string()))?;
    let value = limiting.unit.convert(limiting.value, &wanted);
    value.map_err(|e| row.fault(e.to_string()))
}

pub(super) fn substrates(file: &str, text: &str) -> Result<Vec<Substrate>, CatalogueError> {
    let needed = [
        "pool",
        "label",
        "resident",
        "carbon",
        "electrons",
        "nitrogen",
        "content_unit",
        "half_saturation",
        "half_saturation_unit",
        "half_saturation_cv",
        "yield",
        "yield_unit",
        "yield_cv",
        "like",
        "like_factor",
        "water_held",
        "water_held_unit",
        "host",
        "class",
        "source",
        "mark",
    ];
    let table = Table::read(file, text, &needed)?;
    let mut found: Vec<Substrate> = Vec::new();
    let mut likes = Vec::new();
    for row in table.rows() {
        let name = row.name("pool")?;
        unique(&row, &name, found.iter().map(|s| s.name.as_str()))?;
        row.unit("content", "mmol/g")?;
        let like = match row.text("like") {
            "" => None,
            other => Some((other.to_owned(), row.positive("like_factor")?)),
        };
        if let Some((other, _)) = &like {
            likes.push((other.clone(), row));
        }
        let class = row.required("class")?;
        if !["fibre", "sugar", "protein", "mucin", "debris"].contains(&class) {
            return Err(row.fault(format!(
                "\"class\" is \"{class}\"; write fibre, sugar, protein, mucin or debris"
            )));
        }
        found.push(Substrate {
            label: row.required("label")?.to_owned(),
            resident: row.flag("resident")?,
            carbon: row.positive("carbon")?,
            electrons: row.positive("electrons")?,
            nitrogen: row.non_negative("nitrogen")?,
            half_saturation: positive_quantity(&row, "half_saturation", "g/L")?,
            half_saturation_cv: row.non_negative("half_saturation_cv")?,
            yields: positive_quantity(&row, "yield", "g/g")?,
            yield_cv: row.non_negative("yield_cv")?,
            like,
            water_held: row.quantity("water_held", "mL/g")?,
            water_held_cv: cv_or_none(&row, "water_held")?,
            host: row.flag("host")?,
            class: class.to_owned(),
            provenance: row.provenance()?,
            line: row.line(),
            name,
        });
    }
    for (other, row) in likes {
        if !found.iter().any(|s| s.name == other) {
            let hint = hint(&other, found.iter().map(|s| s.name.as_str()));
            return Err(row.fault(format!(
                "\"like\" names pool \"{other}\", which does not stand here{hint}"
            )));
        }
    }
    Ok(found)
}

pub(super) fn guilds(file: &str, text: &str) -> Result<Vec<GuildRow>, CatalogueError> {
    let needed = [
        "guild",
        "label",
        "resident",
        "capacity",
        "capacity_unit",
        "capacity_cv",
        "ph1",
        "ph2",
        "ph3",
        "ph4",
        "ph_shift_sd",
        "immigration",
        "immigration_unit",
        "oral",
        "bile_half",
        "bile_half_unit",
        "mucosal_affinity",
        "lps_agonist",
        "lps_antagonist",
        "mucus_forager",
        "bile_trait",
        "vitamin_d",
        "drug_column",
        "lean",
        "strains",
        "reference_share",
        "typical",
        "source",
        "mark",
    ];
    let table = Table::read(file, text, &needed)?;
    let mut found: Vec<GuildRow> = Vec::new();
    let mut rows = Vec::new();
    for row in table.rows() {
        rows.push(row);
        let name = row.name("guild")?;
        unique(&row, &name, found.iter().map(|g| g.name.as_str()))?;
        let ph = [
            row.number("ph1")?,
            row.number("ph2")?,
            row.number("ph3")?,
            row.number("ph4")?,
        ];
        if !ph.windows(2).all(|w| w[0] < w[1]) {
            return Err(row.fault(format!(
                "the pH corners {ph:?} do not rise; write ph1 < ph2 < ph3 < ph4"
            )));
        }
        found.push(GuildRow {
            label: row.required("label")?.to_owned(),
            resident: row.flag("resident")?,
            capacity: positive_quantity(&row, "capacity", "g/L")?,
            capacity_cv: row.non_negative("capacity_cv")?,
            ph,
            ph_shift_sd: row.non_negative("ph_shift_sd")?,
            immigration: row.quantity("immigration", "g/d")?,
            immigration_cv: cv_or_none(&row, "immigration")?,
            oral: row.flag("oral")?,
            bile_half: row.optional_quantity("bile_half", "mM")?,
            mucosal_affinity: row.non_negative("mucosal_affinity")?,
            mucosal_affinity_cv: cv_or_none(&row, "mucosal_affinity")?,
            lps_agonist: row.non_negative("lps_agonist")?,
            lps_agonist_cv: cv_or_none(&row, "lps_agonist")?,
            lps_antagonist: row.non_negative("lps_antagonist")?,
            lps_antagonist_cv: cv_or_none(&row, "lps_antagonist")?,
            mucus_forager: row.flag("mucus_forager")?,
            // Older tables do not say.
            late: !row.text("late").is_empty() && row.flag("late")?,
            bile_trait: row.non_negative("bile_trait")?,
            vitamin_d: row.flag("vitamin_d")?,
            drug_column: drug_column(&row)?,
            lean: row.name("lean")?,
            strains: strains(&row)?,
            reference_share: row.non_negative("reference_share")?,
            typical: row.positive("typical")?,
            provenance: row.provenance()?,
            name,
        });
    }
    for (guild, row) in found.iter().zip(rows) {
        lean_guild(guild, &found, &row)?;
    }
    Ok(found)
}

/// Guilds that no score of the drug table is about.
const NO_SCORE: &str = "clostridioides";

/// The column of the drug table whose scores are about the guild.
fn drug_column(row: &Row<'_>) -> Result<String, CatalogueError> {
    let column = row.required("drug_column")?;
    let names = SCORES.iter().copied().chain([NO_SCORE]);
    known(row, "column of the drug table", column, names)?;
    Ok(column.to_owned())
}

/// The guild that stands for this one in the lean colon: itself, one that it shares with others, or one that ships.
fn lean_guild(guild: &GuildRow, all: &[GuildRow], row: &Row<'_>) -> Result<(), CatalogueError> {
    /// Of conventions §7, where they are not guilds of the full colon.
    const JOINT: [&str; 3] = ["LAC", "BUT", "H2U"];
    let shared = all.iter().filter(|g| g.lean == guild.lean).count() > 1;
    if shared || guild.lean == guild.name || JOINT.contains(&guild.lean.as_str()) {
        return Ok(());
    }
    let others = all.iter().filter(|g| g.name != guild.name);
    let names: Vec<&str> = others.map(|g| g.lean.as_str()).collect();
    Err(row.fault(format!(
        "\"lean\" is \"{}\", which stands for no other guild{}; write {} if it stands for itself in the lean colon",
        guild.lean,
        hint(&guild.lean, names.into_iter()),
        guild.name
    )))
}

/// Strains of a guild: each is a term of the diversity that is read.
fn strains(row: &Row<'_>) -> Result<f64, CatalogueError> {
    const MOST: f64 = 1000.0;
    let strains = row.positive("strains")?;
    if strains > MOST {
        return Err(row.fault(format!(
            "\"strains\" is {strains}; a guild stands for {MOST} strains at most"
        )));
    }
    Ok(strains)
}

pub(super) fn routes(
    file: &str,
    text: &str,
    metabolites: &[Metabolite],
) -> Result<Vec<Route>, CatalogueError> {
    let fixed = ["route", "per", "fixes_carbon", "source", "mark", "note"];
    let table = Table::read(file, text, &fixed[..5])?;
    let columns = table.other_columns(&fixed);
    let mut found: Vec<Route> = Vec::new();
    for row in table.rows() {
        let name = row.name("route")?;
        unique(&row, &name, found.iter().map(|r| r.name.as_str()))?;
        let per = match row.required("per")? {
            "hexose" => Per::Hexose,
            "mmol" => Per::Millimole,
            "g" => Per::Gram,
            other => {
                return Err(row.fault(format!("\"per\" is \"{other}\"; write hexose, mmol or g")));
            }
        };
        let mut terms = Vec::new();
        for column in &columns {
            if !metabolites.iter().any(|m| &m.name == column) {
                let hint = hint(column, metabolites.iter().map(|m| m.name.as_str()));
                return Err(row.fault(format!(
                    "column \"{column}\" is not a metabolite of the metabolite table{hint}"
                )));
            }
            if let Some(amount) = row.optional_number(column)?
                && amount != 0.0
            {
                terms.push((column.clone(), amount));
            }
        }
        if terms.is_empty() {
            return Err(row.fault("the route makes nothing; give at least one product"));
        }
        found.push(Route {
            name,
            per,
            terms,
            fixes_carbon: row.flag("fixes_carbon")?,
            provenance: row.provenance()?,
            line: row.line(),
        });
    }
    Ok(found)
}

pub(super) fn kinetics(
    file: &str,
    text: &str,
    (metabolites, substrates, guilds, routes): (&[Metabolite], &[Substrate], &[GuildRow], &[Route]),
) -> Result<Vec<KineticRow>, CatalogueError> {
    let needed = [
        "guild",
        "substrate",
        "growth",
        "growth_unit",
        "growth_cv",
        "half_saturation",
        "half_saturation_unit",
        "yield",
        "yield_unit",
        "route",
        "source",
        "mark",
    ];
    let table = Table::read(file, text, &needed)?;
    let mut found: Vec<KineticRow> = Vec::new();
    for row in table.rows() {
        let guild = row.name("guild")?;
        known(
            &row,
            "guild",
            &guild,
            guilds.iter().map(|g| g.name.as_str()),
        )?;
        let substrate = row.name("substrate")?;
        let names = || {
            let pools = substrates.iter().map(|s| s.name.as_str());
            pools.chain(metabolites.iter().map(|m| m.name.as_str()))
        };
        known(&row, "substrate", &substrate, names())?;
        if found
            .iter()
            .any(|k| k.guild == guild && k.substrate == substrate)
        {
            return Err(row.fault(format!("{guild} on {substrate} stands twice; keep one row")));
        }
        let route = row.name("route")?;
        known(
            &row,
            "route",
            &route,
            routes.iter().map(|r| r.name.as_str()),
        )?;
        let (concentration, yields) = if substrates.iter().any(|s| s.name == substrate) {
            ("g/L", "g/g")
        } else {
            ("mmol/L", "g/mmol")
        };
        let half_saturation = row.optional_quantity("half_saturation", concentration)?;
        let yields = row.optional_quantity("yield", yields)?;
        if concentration == "mmol/L" && (half_saturation.is_none() || yields.is_none()) {
            return Err(row.fault(format!(
                "growth on the metabolite \"{substrate}\" needs \"half_saturation\" and \"yield\" in this row"
            )));
        }
        let half_saturation_cv = spread_of(&row, "half_saturation", half_saturation.as_ref())?;
        let yield_cv = spread_of(&row, "yield", yields.as_ref())?;
        let beside = beside(&row, &substrate, metabolites)?;
        found.push(KineticRow {
            guild,
            substrate,
            growth: row.quantity("growth", "1/d")?,
            growth_cv: row.non_negative("growth_cv")?,
            half_saturation,
            half_saturation_cv,
            yields,
            yield_cv,
            route,
            beside,
            provenance: row.provenance()?,
            line: row.line(),
        });
    }
    if found.is_empty() {
        // Every colon would be sterile without a word.
        return Err(CatalogueError {
            file: file.to_owned(),
            line: 1,
            message: "the table has no rows, so that no guild grows on anything; write one row for each guild and substrate, or leave out --own-table for it".to_owned(),
        });
    }
    Ok(found)
}

/// What a row of kinetics says in `co_used`; older tables lack the column.
fn beside(
    row: &Row<'_>,
    substrate: &str,
    metabolites: &[Metabolite],
) -> Result<Beside, CatalogueError> {
    let co_used = !row.text("co_used").is_empty() && row.flag("co_used")?;
    let accepts = |m: &Metabolite| m.name == substrate && m.electrons < 0.0;
    match (metabolites.iter().any(accepts), co_used) {
        (true, true) => Err(row.fault(format!(
            "\"co_used\" is yes, but \"{substrate}\" accepts electrons and stands apart from all that is eaten anyway; leave the cell empty"
        ))),
        (true, false) => Ok(Beside::Acceptor),
        (false, true) => Ok(Beside::CoUsed),
        (false, false) => Ok(Beside::Substitute),
    }
}

/// A coefficient of variation in `<column>_cv`; older tables lack the column.
fn optional_cv(row: &Row<'_>, column: &str) -> Result<Option<f64>, CatalogueError> {
    let column = format!("{column}_cv");
    match row.text(&column) {
        "" => Ok(None),
        _ => row.non_negative(&column).map(Some),
    }
}

/// As [`optional_cv`], none where the cell is empty.
pub(super) fn cv_or_none(row: &Row<'_>, column: &str) -> Result<f64, CatalogueError> {
    Ok(optional_cv(row, column)?.unwrap_or(0.0))
}

/// The spread of a number that a row of kinetics may have of its own and that must be above zero.
fn spread_of(
    row: &Row<'_>,
    column: &str,
    of: Option<&Quantity>,
) -> Result<Option<f64>, CatalogueError> {
    if of.is_some_and(|q| q.value <= 0.0) {
        return Err(row.fault(format!("\"{column}\" must be above zero")));
    }
    let cv = optional_cv(row, column)?;
    if cv.is_some() && of.is_none() {
        return Err(row.fault(format!(
            "\"{column}_cv\" is the spread of a \"{column}\" that this row does not have; give both, or leave both to the pool"
        )));
    }
    Ok(cv)
}

pub(super) fn positive_quantity(
    row: &Row<'_>,
    column: &str,
    wanted: &str,
) -> Result<Quantity, CatalogueError> {
    row.positive(column)?;
    row.quantity(column, wanted)
}

pub(super) fn unique<'n>(
    row: &Row<'_>,
    name: &str,
    mut found: impl Iterator<Item = &'n str>,
) -> Result<(), CatalogueError> {
    if found.any(|other| other == name) {
        return Err(row.fault(format!("\"{name}\" stands twice; keep one row")));
    }
    Ok(())
}

pub(super) fn known<'n>(
    row: &Row<'_>,
    column: &str,
    name: &str,
    names: impl Iterator<Item = &'n str> + Clone,
) -> Result<(), CatalogueError> {
    if names.clone().any(|other| other == name) {
        return Ok(());
    }
    Err(row.fault(format!(
        "{column} \"{name}\" is not known{}",
        hint(name, names)
    )))
}
