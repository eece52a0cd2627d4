//! One canonical name a taxon: the project's synonym list, and maps that a user brings.

use std::collections::HashMap;

use crate::error::{PeopleError, Result};

use super::rank::Rank;

/// Synonyms shipped with the project (`catalogue/taxon_synonyms.csv`).
pub(crate) const SHIPPED: &str = include_str!("../../../../catalogue/taxon_synonyms.csv");

/// Old name → name used here, a rank at a time.
#[derive(Debug, Clone)]
pub struct Synonyms {
    by_rank: HashMap<(Rank, String), String>,
}

impl Synonyms {
    /// The list that ships with the project.
    ///
    /// # Errors
    /// When the shipped file is damaged.
    pub fn shipped() -> Result<Self> {
        Self::parse("catalogue/taxon_synonyms.csv", SHIPPED)
    }

    /// Reads a list with the columns `rank,from,to` (further columns are ignored).
    ///
    /// # Errors
    /// When a column is missing or a rank is unknown.
    pub fn parse(table: &str, text: &str) -> Result<Self> {
        let mut by_rank = HashMap::new();
        let mut reader = csv::ReaderBuilder::new()
            .comment(Some(b'#'))
            .flexible(true)
            .from_reader(text.as_bytes());
        for (index, record) in reader.records().enumerate() {
            let place = format!("row {}", index + 2);
            let record = record.map_err(|error| bad(table, &place, &error.to_string()))?;
            let (Some(rank), Some(from), Some(to)) = (record.get(0), record.get(1), record.get(2))
            else {
                return Err(bad(table, &place, "fewer than three columns"));
            };
            let rank = Rank::from_name(rank)
                .ok_or_else(|| bad(table, &place, &format!("unknown rank `{rank}`")))?;
            by_rank.insert((rank, from.trim().to_owned()), to.trim().to_owned());
        }
        Ok(Self { by_rank })
    }

    /// The canonical name of `name` at `rank`; `None` where the list is silent.
    #[must_use]
    pub fn canonical(&self, rank: Rank, name: &str) -> Option<&str> {
        self.by_rank
            .get(&(rank, name.to_owned()))
            .map(String::as_str)
    }

    /// Names of all ranks, old and new.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let pairs = self.by_rank.iter();
        pairs.flat_map(|((_, from), to)| [from.as_str(), to.as_str()])
    }

    /// Number of synonyms.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_rank.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_rank.is_empty()
    }
}

/// Names as a user's files write them → taxon or lineage to read instead.
#[derive(Debug, Clone, Default)]
pub struct NameMap {
    names: HashMap<String, String>,
}

impl NameMap {
    /// Reads a table with the columns `name` and `taxon`, separated by tabs or commas.
    ///
    /// # Errors
    /// When a line has not two columns, or a name stands twice with different taxa.
    pub fn parse(table: &str, text: &str) -> Result<Self> {
        let mut names: HashMap<String, String> = HashMap::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim_end();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let separator = if line.contains('\t') { '\t' } else { ',' };
            let Some((name, taxon)) = line.split_once(separator) else {
                return Err(bad(
                    table,
                    &format!("line {}", index + 1),
                    "one column where two (name, taxon) are needed",
                ));
            };
            let trim = |text: &str| text.trim().trim_matches('"').to_owned();
            if index == 0 && trim(name).eq_ignore_ascii_case("name") {
                continue;
            }
            let (name, taxon) = (trim(name), trim(taxon));
            if let Some(before) = names.insert(name.clone(), taxon.clone())
                && before != taxon
            {
                return Err(bad(
                    table,
                    &format!("line {}", index + 1),
                    &format!("`{name}` a second time, with `{taxon}` after `{before}`"),
                ));
            }
        }
        Ok(Self { names })
    }

    /// What to read instead of `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.names.get(name).map(String::as_str)
    }

    /// Names that are none of these, sorted.
    #[must_use]
    pub fn unused<'n>(&self, ids: impl Iterator<Item = &'n str>) -> Vec<&str> {
        let ids: std::collections::HashSet<&str> = ids.collect();
        let mut unused: Vec<&str> = (self.names.keys())
            .map(String::as_str)
            .filter(|name| !ids.contains(name))
            .collect();
        unused.sort_unstable();
        unused
    }

    /// Number of names mapped.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether nothing is mapped.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

fn bad(table: &str, place: &str, problem: &str) -> PeopleError {
    PeopleError::Table {
        table: table.to_owned(),
        place: place.to_owned(),
        problem: problem.to_owned(),
        advice: "Correct that row".to_owned(),
    }
}
