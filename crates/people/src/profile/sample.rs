//! What is said of one sample.

use std::hash::{Hash, Hasher};

use serde::Serialize;

use crate::taxonomy::Guild;

use super::diversity::Diversity;
use super::indices::lps::LpsPotential;
use super::method::{Method, Unit};
use super::reference::Position;
use super::text::Text;

/// Scale of the values in a file, judged from the sums of its samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Reads or other counts.
    Counts,
    /// Shares of one.
    Fraction,
    /// Percentages.
    Percent,
    /// Cells per gram of stool.
    CellsPerGram,
    /// None of these; only proportions are used.
    Arbitrary,
}

impl Scale {
    /// Name in words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Counts => "counts",
            Self::Fraction => "shares of 1",
            Self::Percent => "percentages",
            Self::CellsPerGram => "cells per gram",
            Self::Arbitrary => "numbers of no known scale",
        }
    }
}

/// Kind of a warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WarningKind {
    /// Perhaps no stool.
    NonGut,
    /// Perhaps an infant's.
    Infant,
    /// Perhaps after antibiotics.
    PostAntibiotic,
    /// Perhaps a mouse's.
    Mouse,
    /// Perhaps a mock community, a control, or contamination.
    Mock,
    /// Few reads.
    LowDepth,
    /// Much unclassified or unmapped.
    Unmapped,
    /// Host or other eukaryotes.
    Host,
    /// A load that no stool has.
    Load,
}

/// A warning, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// Kind.
    pub kind: WarningKind,
    /// What was seen and what it may mean.
    pub text: String,
}

/// Shares of the whole file column that are not part of the composition.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct LeftOut {
    /// Not classified by the profiler.
    pub unclassified: f64,
    /// Host and other eukaryotes, fungi excepted.
    pub eukaryotes: f64,
    /// Viruses.
    pub viruses: f64,
}

/// How well the taxon table knows the sample.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Mapping {
    /// Share in a guild of the model.
    pub in_guild: f64,
    /// Share listed, but in no guild of the model.
    pub no_guild: f64,
    /// Share of taxa that are not listed.
    pub unlisted: f64,
    /// Share known by species.
    pub by_species: f64,
    /// Share known by genus.
    pub by_genus: f64,
    /// Share known by family only.
    pub by_family: f64,
    /// Largest taxa outside the guilds, with their shares.
    pub largest_unmapped: Box<[(Text, f64)]>,
}

/// A dysbiosis distance with what it is measured against.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Dysbiosis {
    /// Bray–Curtis distance to the mean of the reference, 0 to 1.
    pub distance: f64,
    /// Identifier of the reference.
    pub reference: Text,
    /// Where the distance lies among the reference's own people.
    pub position: Position,
    /// 90th percentile of the reference's own people, each against the others.
    pub threshold: f64,
    /// Whether the distance is beyond it.
    pub beyond: bool,
}

/// A metric beside its reference.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Compared {
    /// Name of the metric.
    pub metric: &'static str,
    /// Value of the sample, over the taxa that the reference can see.
    pub value: f64,
    /// What the reference counts: by it the value may differ from that over the file's own rows.
    pub unit: Unit,
    /// Identifier of the reference.
    pub reference: Text,
    /// Place among the reference's people.
    pub position: Position,
}

/// Shares by index, sorted by it; 12 bytes each, as there may be many samples.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shares {
    index: Box<[u32]>,
    share: Box<[f64]>,
}

impl Shares {
    /// Pairs of index and share, and how many.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (u32, f64)> + '_ {
        self.index.iter().copied().zip(self.share.iter().copied())
    }

    /// The share of an index; 0 where it is not there.
    #[must_use]
    pub fn of(&self, index: u32) -> f64 {
        self.index
            .binary_search(&index)
            .map_or(0.0, |at| self.share[at])
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }
}

impl From<Vec<(u32, f64)>> for Shares {
    /// From pairs in any order.
    fn from(mut pairs: Vec<(u32, f64)>) -> Self {
        pairs.sort_unstable_by_key(|pair| pair.0);
        Self {
            index: pairs.iter().map(|pair| pair.0).collect(),
            share: pairs.iter().map(|pair| pair.1).collect(),
        }
    }
}

/// The report of one sample.
#[derive(Debug, Clone, Serialize)]
pub struct SampleReport {
    /// Name.
    pub id: String,
    /// File.
    pub file: Text,
    /// Why nothing could be said, where nothing could.
    pub refused: Option<String>,
    /// Method.
    pub method: Method,
    /// What diversity counts.
    pub unit: Unit,
    /// Scale of the values.
    pub scale: Scale,
    /// Sum of the sample's column in that scale, unclassified included.
    pub total: f64,
    /// Cells per gram of stool, where given.
    pub load_cells_per_gram: Option<f64>,
    /// Shares left out of the composition.
    pub left_out: LeftOut,
    /// Shares of the guilds, in the order of [`Guild::ALL`]; shares of bacteria, archaea and fungi.
    #[serde(serialize_with = "guild_map")]
    pub guilds: [f64; 18],
    /// How well the table knows the sample.
    pub mapping: Mapping,
    /// Diversity over the rows of the file's own unit.
    pub diversity: Diversity,
    /// Diversity over named genera.
    pub genus_diversity: Diversity,
    /// Share of reads or abundance with a genus.
    pub genus_share: f64,
    /// Share of butyrate producers, by the table's traits.
    pub butyrate_producers: f64,
    /// Share of propionate producers, by the table's traits.
    pub propionate_producers: f64,
    /// Share that makes either.
    pub scfa_producers: f64,
    /// Lipopolysaccharide potential.
    pub lps: LpsPotential,
    /// Share of opportunists.
    pub opportunists: f64,
    /// Largest opportunists.
    pub largest_opportunists: Box<[(Text, f64)]>,
    /// Bacillota over Bacteroidota; reported, never scored.
    pub firmicutes_bacteroidetes: Option<f64>,
    /// GMWI2.
    pub gmwi2: Option<f64>,
    /// Clades that entered it.
    pub gmwi2_clades: Option<usize>,
    /// Why there is no GMWI2, or a caution.
    pub gmwi2_note: Option<Text>,
    /// Dysbiosis distance.
    pub dysbiosis: Option<Dysbiosis>,
    /// Why there is none.
    pub dysbiosis_note: Option<Text>,
    /// Metrics beside the reference of the same method.
    pub compared: Vec<Compared>,
    /// Why there is no comparison.
    pub reference_note: Option<Text>,
    /// Warnings.
    pub warnings: Vec<Warning>,
    /// Genus composition: index into the analysis' genus names, share.
    #[serde(skip)]
    pub genera: Shares,
    /// Composition at the file's own unit, kept only on request.
    #[serde(skip)]
    pub composition: Shares,
}

impl SampleReport {
    /// A number that samples of the same values share, and hardly any others.
    pub(super) fn fingerprint(&self) -> u64 {
        let mut hasher = std::collections::hash_map::DefaultHasher::new();
        let numbers = [self.total, self.left_out.unclassified].map(f64::to_bits);
        numbers.hash(&mut hasher);
        for (genus, share) in self.genera.iter() {
            (genus, share.to_bits()).hash(&mut hasher);
        }
        hasher.finish()
    }

    /// A metric beside its reference.
    #[must_use]
    pub fn beside(&self, metric: &str) -> Option<&Compared> {
        self.compared
            .iter()
            .find(|compared| compared.metric == metric)
    }

    /// Shannon over the reference's unit, where that is another than the file's own (genera for sequence variants).
    #[must_use]
    pub fn shannon_of_the_reference(&self) -> Option<&Compared> {
        self.beside("shannon")
            .filter(|compared| compared.unit != self.unit)
    }

    /// Share of a guild; 0 for [`Guild::None`].
    #[must_use]
    pub fn guild(&self, guild: Guild) -> f64 {
        guild.index().map_or(0.0, |at| self.guilds[at])
    }
}

fn guild_map<S: serde::Serializer>(guilds: &[f64; 18], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(
        Guild::ALL
            .iter()
            .zip(guilds)
            .map(|(guild, share)| (guild.code(), share)),
    )
}
