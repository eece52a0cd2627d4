//! Names of microbes: parsing of lineages from every database that profilers use, one canonical
//! name a taxon, and the functional guild each belongs to.

mod cases;
mod clean;
mod dots;
mod guilds;
mod lineage;
mod rank;
mod synonyms;

pub(crate) use dots::undotted;
pub(crate) use guilds::SHIPPED as TAXA;
pub use guilds::{Assignment, Guild, Matched, TaxonEntry, TaxonTable};
pub use lineage::{Domain, Lineage, Style};
pub use rank::Rank;
pub(crate) use synonyms::SHIPPED as SYNONYMS;
pub use synonyms::{NameMap, Synonyms};

use crate::error::Result;
use cases::Cases;

/// Everything needed to understand a name.
#[derive(Debug, Clone)]
pub struct Vocabulary {
    /// Old names → canonical names.
    pub synonyms: Synonyms,
    /// Taxa → guilds and traits.
    pub taxa: TaxonTable,
    /// A user's own names → taxa.
    pub names: NameMap,
    cases: Cases,
}

impl Vocabulary {
    /// The lists that ship with the project, no user map.
    ///
    /// # Errors
    /// When a shipped file is damaged.
    pub fn shipped() -> Result<Self> {
        let (synonyms, taxa) = (Synonyms::shipped()?, TaxonTable::shipped()?);
        Ok(Self {
            cases: Cases::of(&synonyms, &taxa),
            synonyms,
            taxa,
            names: NameMap::default(),
        })
    }

    /// A name or lineage all in capitals or in small letters, in the case in which databases write it (`BACTEROIDES DOREI`
    /// as `Bacteroides dorei`); `None` where it is in that case already, where the user maps it, or where none of its
    /// words is known.
    #[must_use]
    pub fn recased(&self, text: &str) -> Option<String> {
        match self.names.get(text.trim()) {
            Some(_) => None,
            None => self.cases.recased(text),
        }
    }

    /// Reads a name or lineage, after the user's map.
    #[must_use]
    pub fn lineage(&self, text: &str, rank_names: &[Option<Rank>]) -> Lineage {
        match self.names.get(text.trim()) {
            Some(taxon) => Lineage::parse(taxon, &[], &self.synonyms),
            None => Lineage::parse(text, rank_names, &self.synonyms),
        }
    }
}
