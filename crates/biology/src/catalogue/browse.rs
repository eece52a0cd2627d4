//! The catalogue as people look through it: every entry with all that its table says, evidence included.

use super::table::Table;
use super::{
    Catalogue, CatalogueError, DIETS, EXPOSURES, FOODS, PREBIOTICS, SKIN_DRUG_TARGETS, SKIN_DRUGS,
    SYNBIOTICS, TABLES,
};
use crate::parameter_table;
use crate::stages::STAGES;
use gutskin_network::{ParameterFileError, ParameterTable};

/// What entries may be.
pub const KINDS: [&str; 9] = [
    "food",
    "prebiotic",
    "synbiotic",
    "diet",
    "strain",
    "drug",
    "exposure",
    "skin drug",
    "life stage",
];

/// An entry of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is, one of [`KINDS`].
    pub kind: &'static str,
    /// Name in files.
    pub id: String,
    /// Name in words.
    pub title: String,
    /// The rows that describe it, each as column and cell; empty cells are left out.
    pub rows: Vec<Vec<(String, String)>>,
}

impl Entry {
    /// The section of a scenario in which it is named.
    #[must_use]
    pub fn section(&self) -> &'static str {
        match self.kind {
            "life stage" => "[scenario]",
            _ => "[[arm.change]]",
        }
    }

    /// How a change of an arm in a scenario, or its head, names it; nothing where scenarios cannot use it.
    #[must_use]
    pub fn in_scenario(&self) -> Option<String> {
        match self.kind {
            "diet" => Some(format!("diet = \"{}\"", self.id)),
            "exposure" => Some(format!("exposure = \"{}\"", self.id)),
            "food" => Some(format!("food = \"{}\"", self.id)),
            "prebiotic" => Some(format!("prebiotic = \"{}\"", self.id)),
            "synbiotic" => Some(format!("synbiotic = \"{}\"", self.id)),
            "life stage" => Some(format!("life_stage = \"{}\"", self.id)),
            "strain" => Some(format!("strain = \"{}\"", self.id)),
            "drug" => Some(format!("drug = \"{}\"", self.id)),
            "skin drug" => Some(format!("drug = \"{}\"", self.id)),
            _ => None,
        }
    }
}

/// Every entry, table by table.
///
/// # Errors
/// A fault in a shipped table, with file and line.
pub fn entries() -> Result<Vec<Entry>, CatalogueError> {
    let table = |name: &str| TABLES.iter().copied().find(|(file, _)| *file == name);
    let mut all = Vec::new();
    read(&mut all, "food", FOODS, "food")?;
    read(&mut all, "prebiotic", PREBIOTICS, "prebiotic")?;
    read(&mut all, "synbiotic", SYNBIOTICS, "synbiotic")?;
    read(&mut all, "diet", DIETS, "id")?;
    for (kind, file, title) in [
        ("strain", "catalogue/strains.csv", "strain"),
        ("drug", "catalogue/drugs.csv", "agent"),
    ] {
        if let Some(found) = table(file) {
            read(&mut all, kind, found, title)?;
        }
    }
    read(&mut all, "exposure", EXPOSURES, "exposure")?;
    read(&mut all, "skin drug", SKIN_DRUGS, "agent")?;
    effects_of_skin_drugs(&mut all)?;
    added_by_drugs(&mut all)?;
    kills_of_drugs(&mut all)?;
    life_stages(&mut all)?;
    Ok(all)
}

/// Adds the entries of a table; rows of one id belong together.
fn read(
    all: &mut Vec<Entry>,
    kind: &'static str,
    (file, text): (&str, &str),
    title: &str,
) -> Result<(), CatalogueError> {
    let table = Table::read(file, text, &["id", title])?;
    let columns = table.other_columns(&["id", title]);
    for row in table.rows() {
        let id = row.required("id")?;
        let cells = cells(&columns, |column| row.text(column));
        match all.iter_mut().find(|e| e.kind == kind && e.id == id) {
            Some(entry) => entry.rows.push(cells),
            None => all.push(Entry {
                kind,
                id: id.to_owned(),
                title: row.text(title).to_owned(),
                rows: vec![cells],
            }),
        }
    }
    Ok(())
}

fn effects_of_skin_drugs(all: &mut [Entry]) -> Result<(), CatalogueError> {
    let (file, text) = SKIN_DRUG_TARGETS;
    let table = Table::read(file, text, &["drug"])?;
    let columns = table.other_columns(&["drug"]);
    for row in table.rows() {
        let id = row.required("drug")?;
        let found = all.iter_mut().find(|e| e.kind == "skin drug" && e.id == id);
        if let Some(entry) = found {
            entry.rows.push(cells(&columns, |column| row.text(column)));
        }
    }
    Ok(())
}

/// What drugs of the gut add to inputs.
fn added_by_drugs(all: &mut [Entry]) -> Result<(), CatalogueError> {
    let Some((file, text)) = (TABLES.iter().copied()).find(|t| t.0 == "catalogue/drug_inputs.csv")
    else {
        return Ok(());
    };
    let table = Table::read(file, text, &["drug"])?;
    let columns = table.other_columns(&["drug"]);
    for row in table.rows() {
        let id = row.required("drug")?;
        if let Some(entry) = all.iter_mut().find(|e| e.kind == "drug" && e.id == id) {
            entry.rows.push(cells(&columns, |column| row.text(column)));
        }
    }
    Ok(())
}

/// What drugs of the gut kill, which their row alone does not say.
fn kills_of_drugs(all: &mut [Entry]) -> Result<(), CatalogueError> {
    let catalogue = Catalogue::shipped()?;
    let parameters = parameter_table().map_err(fault)?;
    for drug in &catalogue.drugs {
        if let Some(entry) = (all.iter_mut()).find(|e| e.kind == "drug" && e.id == drug.id) {
            let told = crate::drugs::in_words(&catalogue, &parameters, drug);
            entry.rows.push(told);
        }
    }
    Ok(())
}

fn fault(e: ParameterFileError) -> CatalogueError {
    CatalogueError {
        file: e.file,
        line: e.line,
        message: e.message,
    }
}

/// Life stages, each parameter a row.
fn life_stages(all: &mut Vec<Entry>) -> Result<(), CatalogueError> {
    for stage in STAGES {
        let mut table = ParameterTable::new();
        // What its children are compared with follows from the rest.
        let own = stage.files.iter().filter(|f| !f.0.contains("/reference_"));
        for (file, text) in own {
            table.overlay_toml(file, text).map_err(fault)?;
        }
        let row = |p: &gutskin_network::ParameterEntry| {
            [
                ("parameter", p.name.clone()),
                ("value", format!("{} {}", p.value, p.unit)),
                ("spread", p.spread.to_string()),
                ("source", p.source.clone()),
                ("mark", p.mark.to_string()),
                ("note", p.note.clone()),
            ]
            .map(|(column, cell)| (column.to_owned(), cell))
            .to_vec()
        };
        all.push(Entry {
            kind: "life stage",
            id: stage.id.to_owned(),
            title: stage.title.to_owned(),
            rows: table.iter().map(row).collect(),
        });
    }
    Ok(())
}

fn cells<'r>(columns: &[String], text: impl Fn(&str) -> &'r str) -> Vec<(String, String)> {
    let filled = columns.iter().map(|c| (c.clone(), text(c).to_owned()));
    filled.filter(|(_, cell)| !cell.is_empty()).collect()
}

/// Which of these names have the words of a wrong one in their own name, title or trade names; few at most.
#[must_use]
pub fn by_words<'k>(wrong: &str, known: &[&'k str]) -> Vec<&'k str> {
    by(wrong, known, &|word, own| word == own)
}

/// The same where a letter of each word may be wrong, or two of a long one.
#[must_use]
pub fn by_misspelt_words<'k>(wrong: &str, known: &[&'k str]) -> Vec<&'k str> {
    by(wrong, known, &is_near)
}

fn by<'k>(wrong: &str, known: &[&'k str], same: &dyn Fn(&str, &str) -> bool) -> Vec<&'k str> {
    /// Shorter words stand in too much.
    const SHORTEST: usize = 3;
    /// More than these are a list.
    const MOST: usize = 3;
    let wrong = words(wrong);
    if wrong.is_empty() || wrong.iter().any(|w| w.chars().count() < SHORTEST) {
        return Vec::new();
    }
    let all = entries().unwrap_or_default();
    let has = |name: &str| {
        let named = all.iter().filter(|e| e.id == name);
        let cells = named.flat_map(|e| {
            let cells = e.rows.iter().flatten();
            let trade = cells.filter(|(column, _)| column == "trade_names");
            trade
                .map(|(_, cell)| cell.as_str())
                .chain([e.title.as_str(), e.id.as_str()])
        });
        let own: Vec<String> = cells.flat_map(words).collect();
        wrong.iter().all(|w| own.iter().any(|own| same(w, own)))
    };
    let mut found: Vec<&'k str> = Vec::new();
    for name in known.iter().copied().filter(|name| has(name)) {
        if found.len() < MOST && !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

/// Are these the same word but for a letter, or two where it is long?
fn is_near(word: &str, own: &str) -> bool {
    /// Shorter words are near too much.
    const SHORT: usize = 3;
    const LONG: usize = 7;
    let length = own.chars().count();
    let allowed = match length {
        ..SHORT => 0,
        SHORT..LONG => 1,
        _ => 2,
    };
    strsim::damerau_levenshtein(word, own) <= allowed
}

/// Words in small letters, without the s of a plural.
fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let all = lower.split(|c: char| !c.is_alphanumeric());
    let singular = |w: &str| w.strip_suffix('s').unwrap_or(w).to_owned();
    all.filter(|w| !w.is_empty()).map(singular).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_entries_and_drugs_have_their_effects() {
        let all = entries().unwrap();
        for kind in KINDS {
            assert!(all.iter().any(|e| e.kind == kind), "{kind}");
        }
        let of_skin = |e: &&Entry| e.kind == "skin drug" && e.id == "dupilumab";
        let drug = all.iter().find(of_skin).unwrap();
        let has = |column: &str| drug.rows.iter().flatten().any(|(c, _)| c == column);
        assert!(has("target") && has("source") && has("mark"));
        assert_eq!(drug.in_scenario().unwrap(), "drug = \"dupilumab\"");
    }

    /// By hand from catalogue/kills.csv and the scores of catalogue/drugs.csv.
    #[test]
    fn drugs_say_what_they_kill_and_why() {
        let all = entries().unwrap();
        let cell = |id: &str, column: &str| {
            let drug = all.iter().find(|e| e.kind == "drug" && e.id == id).unwrap();
            let found = drug.rows.iter().flatten().find(|(c, _)| c == column);
            found.map(|(_, cell)| cell.clone())
        };
        let table = cell("ciprofloxacin", "kill by the kill table").unwrap();
        assert!(
            table.contains("ENT 25 1/d") && table.contains("BCL 5 1/d"),
            "{table}"
        );
        assert_eq!(cell("ciprofloxacin", "kill by scores"), None);
        let scores = cell("prednisolone_oral_steroids", "kill by scores").unwrap();
        assert_eq!(scores, "RUM, FIB, ROS, FAE, ANA, BLA, BCL 1.5 1/d");
        assert!(cell("prednisolone_oral_steroids", "what that means").is_some());
        for none in ["metformin", "osmotic_laxative_peg_3350"] {
            assert_eq!(cell(none, "kill in the model").unwrap(), "none", "{none}");
        }
    }
}
