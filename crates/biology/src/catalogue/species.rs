//! Strains of one's own: does the guild fit the species?

use super::ecosystem::GuildRow;
use super::exposures::StrainRow;
use super::table::{CatalogueError, Row, Table};
use super::{TABLES, stem_of};
use gutskin_network::nearest;
use std::collections::{BTreeMap, BTreeSet};

const TAXA: (&str, &str) = (
    "catalogue/taxa.csv",
    include_str!("../../../../catalogue/taxa.csv"),
);
const SYNONYMS: (&str, &str) = (
    "catalogue/taxon_synonyms.csv",
    include_str!("../../../../catalogue/taxon_synonyms.csv"),
);
/// What the table of taxa writes where a taxon is in no guild of the model.
const NO_GUILD: &str = "none";

/// Guilds of what the table of taxa knows.
struct Taxa {
    /// Species and subspecies, by name.
    species: BTreeMap<String, String>,
    /// Genera, by name, with those of all their species.
    genera: BTreeMap<String, BTreeSet<String>>,
}

impl Taxa {
    fn read() -> Result<Self, CatalogueError> {
        let needed = ["taxon", "rank", "model_guild"];
        let mut taxa = Self {
            species: BTreeMap::new(),
            genera: BTreeMap::new(),
        };
        for row in Table::read(TAXA.0, TAXA.1, &needed)?.rows() {
            let (name, guild) = (row.required("taxon")?, row.required("model_guild")?);
            let genus = match row.text("rank") {
                "genus" => name,
                "species" | "subspecies" => {
                    taxa.species.insert(name.to_owned(), guild.to_owned());
                    name.split_whitespace().next().unwrap_or_default()
                }
                _ => continue,
            };
            let guilds = taxa.genera.entry(genus.to_owned()).or_default();
            guilds.insert(guild.to_owned());
        }
        for row in Table::read(SYNONYMS.0, SYNONYMS.1, &["rank", "from", "to"])?.rows() {
            let (from, to) = (row.required("from")?, row.required("to")?);
            if let Some(guild) = taxa.species.get(to).cloned() {
                taxa.species.entry(from.to_owned()).or_insert(guild);
            }
            if let ("genus", Some(guilds)) = (row.text("rank"), taxa.genera.get(to).cloned()) {
                taxa.genera.entry(from.to_owned()).or_insert(guilds);
            }
        }
        Ok(taxa)
    }

    /// Guilds that a strain of that species, or of one of several, may be in; nothing where none of it is known.
    fn guilds_of(&self, species: &str) -> Option<BTreeSet<String>> {
        let words: Vec<&str> = words(species).collect();
        let mut guilds = BTreeSet::new();
        for (i, word) in words.iter().enumerate() {
            let second = words.get(i + 1).copied().unwrap_or_default();
            match self.species.get(&format!("{word} {second}")) {
                Some(guild) => {
                    guilds.insert(guild.clone());
                }
                None => guilds.extend(self.genera.get(*word).into_iter().flatten().cloned()),
            }
        }
        (!guilds.is_empty()).then_some(guilds)
    }

    fn is_guild(&self, guild: &str) -> bool {
        self.genera.values().any(|guilds| guilds.contains(guild))
    }

    /// A genus, or a species of a known genus, that is written nearly so.
    fn alike(&self, species: &str) -> Option<&str> {
        let genus = words(species).next()?;
        nearest(genus, self.genera.keys().map(String::as_str))
    }
}

/// The words of a cell, whatever stands between them.
fn words(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(|c: char| !(c.is_alphabetic() || c == '-'))
        .filter(|word| !word.is_empty())
}

/// Species and guild of the rows that ship.
fn shipped() -> BTreeSet<(String, String)> {
    let text = TABLES.iter().find(|(file, _)| stem_of(file) == "strains");
    let table = text.map(|(file, text)| Table::read(file, text, &[]));
    let Some(Ok(table)) = table else {
        return BTreeSet::new();
    };
    let pair = |row: Row<'_>| (row.text("species").to_owned(), row.text("guild").to_owned());
    table.rows().map(pair).collect()
}

/// Refuses strains in a guild that their species is not in, and species whose name looks like a slip of the pen; says what
/// is to be said of species that no table knows.
pub(super) fn check(
    (file, text): (&str, &str),
    strains: &[StrainRow],
    guilds: &[GuildRow],
) -> Result<Vec<String>, CatalogueError> {
    let mut remarks = Vec::new();
    if TABLES.iter().any(|(_, shipped)| *shipped == text) {
        return Ok(remarks);
    }
    let taxa = Taxa::read()?;
    let table = Table::read(file, text, &[])?;
    let shipped = shipped();
    let ships = |s: &StrainRow| shipped.contains(&(s.species.clone(), s.guild.clone()));
    for (row, strain) in table.rows().zip(strains).filter(|(_, s)| !ships(s)) {
        let (id, species, guild) = (&strain.id, &strain.species, &strain.guild);
        let Some(right) = taxa.guilds_of(species) else {
            let unknown = format!(
                "species \"{species}\" of strain \"{id}\" is of no genus of catalogue/taxa.csv"
            );
            const BRACKETS: &str =
                "name a relative in brackets, as in Alkalihalobacillus (Bacillus) clausii";
            if let Some(near) = taxa.alike(species) {
                return Err(row.fault(format!(
                    "{unknown}; did you mean \"{near}\"? Where another genus is meant, {BRACKETS}"
                )));
            }
            let remark = row.fault(format!(
                "{unknown}, so that nothing says whether guild {guild} is right; {BRACKETS}"
            ));
            remarks.push(remark.to_string());
            continue;
        };
        // Guilds of one's own are in no table of taxa.
        if right.contains(guild) || right.contains(NO_GUILD) || !taxa.is_guild(guild) {
            continue;
        }
        let here = |name: &&String| guilds.iter().any(|g| g.name == **name);
        let right: Vec<&str> = right.iter().filter(here).map(String::as_str).collect();
        return Err(row.fault(format!(
            "strain \"{id}\" is in guild {guild}, but by catalogue/taxa.csv \"{species}\" is in {}; write that guild, or the species that is meant",
            right.join(" or ")
        )));
    }
    Ok(remarks)
}
