//! Weights and thresholds from `catalogue/profile_rules.toml`, and marker taxa.

use std::collections::HashMap;

use serde::Deserialize;

use crate::error::{PeopleError, Result};
use crate::taxonomy::{Lineage, Rank, Style};

use super::communities::Community;

pub(crate) const RULES: &str = include_str!("../../../../catalogue/profile_rules.toml");
pub(crate) const MARKERS: &str = include_str!("../../../../catalogue/sample_markers.csv");

#[derive(Debug, Deserialize)]
struct RuleFile {
    parameter: Vec<RuleRow>,
}

#[derive(Debug, Deserialize)]
struct RuleRow {
    name: String,
    value: f64,
}

/// Numbers by name.
#[derive(Debug, Clone)]
pub struct Rules {
    values: HashMap<String, f64>,
    markers: Markers,
    communities: Vec<Community>,
}

impl Rules {
    /// The rules that ship with the project.
    ///
    /// # Errors
    /// When a shipped file is damaged.
    pub fn shipped() -> Result<Self> {
        let file: RuleFile = toml::from_str(RULES).map_err(|error| PeopleError::Table {
            table: "catalogue/profile_rules.toml".to_owned(),
            place: "whole file".to_owned(),
            problem: error.to_string(),
            advice: "Correct it".to_owned(),
        })?;
        Ok(Self {
            values: file
                .parameter
                .into_iter()
                .map(|row| (row.name, row.value))
                .collect(),
            markers: Markers::shipped()?,
            communities: Community::shipped()?,
        })
    }

    /// A number by its name.
    ///
    /// # Errors
    /// When the file has no such name.
    pub fn value(&self, name: &str) -> Result<f64> {
        self.values
            .get(name)
            .copied()
            .ok_or_else(|| PeopleError::Table {
                table: "catalogue/profile_rules.toml".to_owned(),
                place: format!("`{name}`"),
                problem: "it is missing".to_owned(),
                advice: "Restore the entry".to_owned(),
            })
    }

    /// Mock communities by their nominal composition.
    #[must_use]
    pub fn communities(&self) -> &[Community] {
        &self.communities
    }

    /// Marker taxa.
    #[must_use]
    pub const fn markers(&self) -> &Markers {
        &self.markers
    }
}

/// Taxa that tell where a sample may come from, in sets (`oral`, `mouse`, `mock:…`).
#[derive(Debug, Clone)]
pub struct Markers {
    kinds: Vec<String>,
    by_name: HashMap<(Rank, String), Vec<usize>>,
    sizes: Vec<usize>,
}

impl Markers {
    fn shipped() -> Result<Self> {
        let mut markers = Self {
            kinds: Vec::new(),
            by_name: HashMap::new(),
            sizes: Vec::new(),
        };
        let mut reader = csv::Reader::from_reader(MARKERS.as_bytes());
        for (index, record) in reader.records().enumerate() {
            let bad = |problem: String| PeopleError::Table {
                table: "catalogue/sample_markers.csv".to_owned(),
                place: format!("row {}", index + 2),
                problem,
                advice: "Correct that row".to_owned(),
            };
            let record = record.map_err(|error| bad(error.to_string()))?;
            let (Some(kind), Some(rank), Some(taxon)) = (
                record.get(0),
                record.get(1).and_then(Rank::from_name),
                record.get(2),
            ) else {
                return Err(bad("kind, rank or taxon is missing".to_owned()));
            };
            let position = match markers.kinds.iter().position(|known| known == kind) {
                Some(position) => position,
                None => {
                    markers.kinds.push(kind.to_owned());
                    markers.sizes.push(0);
                    markers.kinds.len() - 1
                }
            };
            markers.sizes[position] += 1;
            markers
                .by_name
                .entry((rank, taxon.to_owned()))
                .or_default()
                .push(position);
        }
        Ok(markers)
    }

    /// Names of the sets.
    #[must_use]
    pub fn kinds(&self) -> &[String] {
        &self.kinds
    }

    /// Number of members of a set.
    #[must_use]
    pub fn size(&self, set: usize) -> usize {
        self.sizes[set]
    }

    /// Sets that a lineage belongs to, by its species, genus or family. A probe group of the HITChip (`… et rel.`) is
    /// named after one species and holds its relatives, so that its species decides nothing: `Prevotella melaninogenica
    /// et rel.` in stool is not a species of the mouth.
    #[must_use]
    pub fn sets_of(&self, lineage: &Lineage) -> Vec<usize> {
        let mut sets = Vec::new();
        let ranks = match lineage.style() {
            Style::HitChip => &[Rank::Genus, Rank::Family][..],
            _ => &[Rank::Species, Rank::Genus, Rank::Family],
        };
        for &rank in ranks {
            if let Some(found) = lineage
                .at(rank)
                .and_then(|name| self.by_name.get(&(rank, name.to_owned())))
            {
                sets.extend(found);
            }
        }
        sets.sort_unstable();
        sets.dedup();
        sets
    }
}
