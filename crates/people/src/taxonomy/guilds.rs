//! The project's taxon table: which functional guild a taxon belongs to, and its traits.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::error::{PeopleError, Result};

use super::lineage::Lineage;
use super::rank::Rank;

/// Taxon table shipped with the project (`catalogue/taxa.csv`).
pub(crate) const SHIPPED: &str = include_str!("../../../../catalogue/taxa.csv");

/// Functional guilds of the colon model; `None` means known to belong to no guild of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Guild {
    /// Bacteroides and relatives: generalists, fibre and mucin.
    Bac,
    /// Prevotella and relatives.
    Pre,
    /// Ruminococcus bromii and relatives: resistant starch.
    Rum,
    /// Other degraders of fibre and starch.
    Fib,
    /// Bifidobacterium.
    Bif,
    /// Coriobacteriia.
    Col,
    /// Lactobacillales, Streptococcus and Enterococcus included.
    Lab,
    /// Roseburia, Agathobacter and other butyrate producers.
    Ros,
    /// Butyrate producers that use lactate.
    Ana,
    /// Faecalibacterium.
    Fae,
    /// Propionate producers.
    Prp,
    /// Blautia and other acetogens and Clostridia.
    Bla,
    /// Methanogens.
    Met,
    /// Sulfate reducers and other makers of hydrogen sulfide.
    Srb,
    /// Akkermansia.
    Akk,
    /// Enterobacteriaceae and other carriers of hexa-acylated lipopolysaccharide.
    Ent,
    /// Clostridioides difficile.
    Cdi,
    /// Yeasts.
    Yea,
    /// In the table, in no guild of the model.
    None,
}

impl Guild {
    /// All guilds of the model, without `None`.
    pub const ALL: [Self; 18] = [
        Self::Bac,
        Self::Pre,
        Self::Rum,
        Self::Fib,
        Self::Bif,
        Self::Col,
        Self::Lab,
        Self::Ros,
        Self::Ana,
        Self::Fae,
        Self::Prp,
        Self::Bla,
        Self::Met,
        Self::Srb,
        Self::Akk,
        Self::Ent,
        Self::Cdi,
        Self::Yea,
    ];

    /// Code, as in the model's state names.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Bac => "BAC",
            Self::Pre => "PRE",
            Self::Rum => "RUM",
            Self::Fib => "FIB",
            Self::Bif => "BIF",
            Self::Col => "COL",
            Self::Lab => "LAB",
            Self::Ros => "ROS",
            Self::Ana => "ANA",
            Self::Fae => "FAE",
            Self::Prp => "PRP",
            Self::Bla => "BLA",
            Self::Met => "MET",
            Self::Srb => "SRB",
            Self::Akk => "AKK",
            Self::Ent => "ENT",
            Self::Cdi => "CDI",
            Self::Yea => "YEA",
            Self::None => "none",
        }
    }

    /// Name in words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bac => "Bacteroides group",
            Self::Pre => "Prevotella group",
            Self::Rum => "Ruminococcus bromii group (resistant starch)",
            Self::Fib => "other fibre degraders",
            Self::Bif => "Bifidobacterium",
            Self::Col => "Coriobacteriia",
            Self::Lab => "lactic acid bacteria, streptococci, enterococci",
            Self::Ros => "Roseburia group (butyrate)",
            Self::Ana => "butyrate producers that use lactate",
            Self::Fae => "Faecalibacterium (butyrate)",
            Self::Prp => "propionate producers",
            Self::Bla => "Blautia group and other Clostridia",
            Self::Met => "methanogens",
            Self::Srb => "hydrogen sulfide producers",
            Self::Akk => "Akkermansia",
            Self::Ent => "Enterobacteriaceae and relatives",
            Self::Cdi => "Clostridioides difficile",
            Self::Yea => "yeasts",
            Self::None => "listed, in no guild of the model",
        }
    }

    /// Name of at most 20 letters, for tables and legends.
    #[must_use]
    pub const fn short_name(self) -> &'static str {
        match self {
            Self::Bac => "Bacteroides group",
            Self::Pre => "Prevotella group",
            Self::Rum => "R. bromii group",
            Self::Fib => "other fibre users",
            Self::Bif => "Bifidobacterium",
            Self::Col => "Coriobacteriia",
            Self::Lab => "lactic acid bacteria",
            Self::Ros => "Roseburia group",
            Self::Ana => "lactate to butyrate",
            Self::Fae => "Faecalibacterium",
            Self::Prp => "propionate producers",
            Self::Bla => "Blautia, Clostridia",
            Self::Met => "methanogens",
            Self::Srb => "H2S producers",
            Self::Akk => "Akkermansia",
            Self::Ent => "Enterobacteriaceae",
            Self::Cdi => "C. difficile",
            Self::Yea => "yeasts",
            Self::None => "in no guild",
        }
    }

    /// Position in [`Guild::ALL`]; `None` for [`Guild::None`].
    #[must_use]
    pub fn index(self) -> Option<usize> {
        Self::ALL.iter().position(|guild| *guild == self)
    }

    fn from_code(code: &str) -> Option<Self> {
        if code.eq_ignore_ascii_case("none") {
            return Some(Self::None);
        }
        Self::ALL
            .into_iter()
            .find(|guild| guild.code().eq_ignore_ascii_case(code))
    }
}

/// One row of the taxon table.
#[derive(Debug, Clone)]
pub struct TaxonEntry {
    /// Name in the table.
    pub taxon: String,
    /// Guild of the model.
    pub guild: Guild,
    /// Finer function, older than the model (`butyrate_producer`, `oral_pathobiont` …).
    pub function: String,
    /// Traits, marked or not.
    pub traits: Vec<String>,
    /// Why the assignment is unsure, where it is.
    pub note: Option<String>,
}

impl TaxonEntry {
    /// Whether a trait with this exact name is listed.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.traits.iter().any(|found| found == name)
    }

    /// Whether any trait begins so.
    #[must_use]
    pub fn has_prefix(&self, start: &str) -> bool {
        self.traits.iter().any(|found| found.starts_with(start))
    }
}

/// The level at which the table knew the taxon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Matched {
    /// Its species (or subspecies).
    Species,
    /// Its genus.
    Genus,
    /// Its family.
    Family,
}

/// The row that speaks for a taxon.
#[derive(Debug, Clone, Copy)]
pub struct Assignment<'a> {
    /// Level of the match.
    pub matched: Matched,
    /// Row of the table.
    pub entry: &'a TaxonEntry,
}

/// The taxon table, indexed by name.
#[derive(Debug, Clone)]
pub struct TaxonTable {
    entries: Vec<TaxonEntry>,
    species: HashMap<String, usize>,
    genera: HashMap<String, usize>,
    families: HashMap<String, usize>,
}

impl TaxonTable {
    /// The table that ships with the project.
    ///
    /// # Errors
    /// When the shipped file is damaged.
    pub fn shipped() -> Result<Self> {
        let mut table = Self {
            entries: Vec::new(),
            species: HashMap::new(),
            genera: HashMap::new(),
            families: HashMap::new(),
        };
        table.extend("catalogue/taxa.csv", SHIPPED)?;
        Ok(table)
    }

    /// Adds rows (columns `taxon,rank,guild,traits,…,model_guild`); rows with a known name replace.
    ///
    /// # Errors
    /// When a column is missing, or a rank or a guild is unknown.
    pub fn extend(&mut self, name: &str, text: &str) -> Result<()> {
        let mut reader = csv::ReaderBuilder::new()
            .comment(Some(b'#'))
            .from_reader(text.as_bytes());
        let headers = reader
            .headers()
            .map_err(|error| bad(name, "header", &error.to_string()))?
            .clone();
        let column = |wanted: &str| headers.iter().position(|header| header.trim() == wanted);
        let (Some(taxon), Some(rank), Some(guild)) =
            (column("taxon"), column("rank"), column("model_guild"))
        else {
            return Err(bad(
                name,
                "header",
                "the columns `taxon`, `rank` and `model_guild` are needed",
            ));
        };
        let columns = [
            column("guild"),
            column("traits"),
            column("guild_note"),
            column("synonyms"),
        ];
        for (index, record) in reader.records().enumerate() {
            let place = format!("row {}", index + 2);
            let record = record.map_err(|error| bad(name, &place, &error.to_string()))?;
            let field = |at: usize| record.get(at).unwrap_or_default().trim();
            let optional = |at: Option<usize>| at.map_or("", field);
            let guild = Guild::from_code(field(guild))
                .ok_or_else(|| bad(name, &place, &format!("unknown guild `{}`", field(guild))))?;
            let entry = TaxonEntry {
                taxon: field(taxon).to_owned(),
                guild,
                function: optional(columns[0]).to_owned(),
                traits: optional(columns[1])
                    .split(';')
                    .map(str::trim)
                    .filter(|text| !text.is_empty())
                    .map(str::to_owned)
                    .collect(),
                note: Some(optional(columns[2]).to_owned()).filter(|note| !note.is_empty()),
            };
            let position = self.entries.len();
            let names = match field(rank) {
                "species" | "subspecies" => &mut self.species,
                "genus" => &mut self.genera,
                "family" => &mut self.families,
                other => return Err(bad(name, &place, &format!("unknown rank `{other}`"))),
            };
            names.insert(entry.taxon.clone(), position);
            for synonym in optional(columns[3]).split(';').map(str::trim) {
                let plain = !synonym.is_empty() && !synonym.contains(['(', '[', '/']);
                if plain {
                    names.entry(synonym.to_owned()).or_insert(position);
                }
            }
            self.entries.push(entry);
        }
        Ok(())
    }

    /// Finds the row that speaks for a lineage: species, else genus, else family.
    #[must_use]
    pub fn assign(&self, lineage: &Lineage) -> Option<Assignment<'_>> {
        let species = [
            lineage.subspecies(),
            lineage.species(),
            lineage.binomial_as_written(),
        ];
        for name in species.into_iter().flatten() {
            if let Some(&at) = self.species.get(name) {
                return Some(self.assignment(Matched::Species, at));
            }
        }
        if let Some(&at) = lineage.genus().and_then(|name| self.genera.get(name)) {
            return Some(self.assignment(Matched::Genus, at));
        }
        let family = lineage.at(Rank::Family)?;
        let &at = self.families.get(family)?;
        Some(self.assignment(Matched::Family, at))
    }

    fn assignment(&self, matched: Matched, at: usize) -> Assignment<'_> {
        Assignment {
            matched,
            entry: &self.entries[at],
        }
    }

    /// Names of all ranks.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let lists = [&self.species, &self.genera, &self.families];
        lists
            .into_iter()
            .flat_map(HashMap::keys)
            .map(String::as_str)
    }

    /// Whether a genus is listed.
    #[must_use]
    pub fn knows_genus(&self, genus: &str) -> bool {
        self.genera.contains_key(genus)
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether the table is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

fn bad(table: &str, place: &str, problem: &str) -> PeopleError {
    PeopleError::Table {
        table: table.to_owned(),
        place: place.to_owned(),
        problem: problem.to_owned(),
        advice: "Correct it; the columns are explained in catalogue/taxa.md".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::taxonomy::Synonyms;

    fn guild_of(text: &str) -> Option<(Matched, Guild)> {
        let table = TaxonTable::shipped().unwrap();
        let lineage = Lineage::parse(text, &[], &Synonyms::shipped().unwrap());
        table
            .assign(&lineage)
            .map(|found| (found.matched, found.entry.guild))
    }

    #[test]
    fn the_shipped_table_is_whole() {
        assert_eq!(TaxonTable::shipped().unwrap().len(), 586);
    }

    #[test]
    fn species_before_genus_before_family() {
        assert_eq!(
            guild_of("Eubacterium siraeum"),
            Some((Matched::Species, Guild::Fib))
        );
        assert_eq!(
            guild_of("Eubacterium sp. X"),
            Some((Matched::Genus, Guild::Ros))
        );
        assert_eq!(
            guild_of("f__Lachnospiraceae; g__; s__").map(|found| found.0),
            Some(Matched::Family)
        );
        assert_eq!(guild_of("Nonsensia absurda"), None);
    }

    #[test]
    fn a_user_row_replaces_a_shipped_row() {
        let mut table = TaxonTable::shipped().unwrap();
        table
            .extend("mine.csv", "taxon,rank,model_guild\nRoseburia,genus,FIB\n")
            .unwrap();
        let lineage = Lineage::parse("g__Roseburia", &[], &Synonyms::shipped().unwrap());
        assert_eq!(table.assign(&lineage).unwrap().entry.guild, Guild::Fib);
        let error = table
            .extend(
                "mine.csv",
                "taxon,rank,model_guild\nRoseburia,genus,NONESUCH\n",
            )
            .unwrap_err();
        assert!(error.to_string().contains("row 2"), "{error}");
    }
}
