//! The seven main ranks.

use serde::{Deserialize, Serialize};

/// A main rank of the taxonomy, coarsest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rank {
    /// Domain, superkingdom or, in older databases, kingdom.
    Domain,
    /// Phylum.
    Phylum,
    /// Class.
    Class,
    /// Order.
    Order,
    /// Family.
    Family,
    /// Genus.
    Genus,
    /// Species.
    Species,
}

impl Rank {
    /// All ranks, coarsest first.
    pub const ALL: [Self; 7] = [
        Self::Domain,
        Self::Phylum,
        Self::Class,
        Self::Order,
        Self::Family,
        Self::Genus,
        Self::Species,
    ];

    /// Position, 0 for the domain, 6 for the species.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The rank of a prefix letter such as the `g` of `g__Roseburia`.
    #[must_use]
    pub fn from_letter(letter: char) -> Option<Self> {
        Some(match letter.to_ascii_lowercase() {
            'd' | 'k' => Self::Domain,
            'p' => Self::Phylum,
            'c' => Self::Class,
            'o' => Self::Order,
            'f' => Self::Family,
            'g' => Self::Genus,
            's' => Self::Species,
            _ => return None,
        })
    }

    /// The rank of an English name such as `genus` or `superkingdom`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name.trim().to_ascii_lowercase().as_str() {
            "domain" | "superkingdom" | "kingdom" | "realm" => Self::Domain,
            "phylum" => Self::Phylum,
            "class" => Self::Class,
            "order" => Self::Order,
            "family" => Self::Family,
            "genus" => Self::Genus,
            "species" => Self::Species,
            _ => return None,
        })
    }

    /// Name in the singular, lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Domain => "domain",
            Self::Phylum => "phylum",
            Self::Class => "class",
            Self::Order => "order",
            Self::Family => "family",
            Self::Genus => "genus",
            Self::Species => "species",
        }
    }
}
