//! Which method made a profile: diversity and references hold within one method only.

use serde::{Deserialize, Serialize};

use crate::taxonomy::{Rank, Style};

use super::cohort::{Cohort, Format};

/// A method, as far as profiles show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Shotgun, MetaPhlAn 2.
    Metaphlan2,
    /// Shotgun, MetaPhlAn 3 (databases v30 and v31).
    Metaphlan3,
    /// Shotgun, MetaPhlAn 4 (databases vJan21 and later).
    Metaphlan4,
    /// Shotgun, MetaPhlAn of an unknown version.
    Metaphlan,
    /// Shotgun, Kraken 2.
    Kraken2,
    /// Shotgun, KrakenUniq.
    KrakenUniq,
    /// Shotgun, Centrifuge or Kraken 1.
    Centrifuge,
    /// Shotgun, Bracken.
    Bracken,
    /// 16S rRNA amplicons.
    #[serde(rename = "16s")]
    Amplicon16s,
    /// HITChip phylogenetic microarray.
    HitChip,
    /// Cannot be told.
    Unknown,
}

impl Method {
    /// All methods that a user can name.
    pub const NAMED: [Self; 9] = [
        Self::Metaphlan2,
        Self::Metaphlan3,
        Self::Metaphlan4,
        Self::Kraken2,
        Self::KrakenUniq,
        Self::Centrifuge,
        Self::Bracken,
        Self::Amplicon16s,
        Self::HitChip,
    ];

    /// Identifier used in files and options.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Metaphlan2 => "metaphlan2",
            Self::Metaphlan3 => "metaphlan3",
            Self::Metaphlan4 => "metaphlan4",
            Self::Metaphlan => "metaphlan",
            Self::Kraken2 => "kraken2",
            Self::KrakenUniq => "krakenuniq",
            Self::Centrifuge => "centrifuge",
            Self::Bracken => "bracken",
            Self::Amplicon16s => "16s",
            Self::HitChip => "hitchip",
            Self::Unknown => "unknown",
        }
    }

    /// Name in words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Metaphlan2 => "MetaPhlAn 2",
            Self::Metaphlan3 => "MetaPhlAn 3",
            Self::Metaphlan4 => "MetaPhlAn 4",
            Self::Metaphlan => "MetaPhlAn of unknown version",
            Self::Kraken2 => "Kraken 2",
            Self::KrakenUniq => "KrakenUniq",
            Self::Centrifuge => "Centrifuge or Kraken 1",
            Self::Bracken => "Bracken",
            Self::Amplicon16s => "16S amplicons",
            Self::HitChip => "HITChip",
            Self::Unknown => "unknown method",
        }
    }
}

/// What is counted when diversity is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Species.
    Species,
    /// Genera.
    Genus,
    /// Families and above.
    Family,
    /// Amplicon sequence variants.
    Asv,
    /// Operational taxonomic units.
    Otu,
    /// Probe groups of a microarray.
    ProbeGroup,
    /// Rows of several ranks.
    Mixed,
}

impl Unit {
    /// Name in the plural.
    #[must_use]
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Species => "species",
            Self::Genus => "genera",
            Self::Family => "families",
            Self::Asv => "sequence variants",
            Self::Otu => "OTUs",
            Self::ProbeGroup => "probe groups",
            Self::Mixed => "rows of mixed rank",
        }
    }
}

/// Guesses the method from format, header and the style of names; says why. Features named by bare numbers tell nothing:
/// they may be Greengenes ids, NCBI taxonomy ids, or the row numbers of a spreadsheet.
#[must_use]
pub fn guess(
    cohort: &Cohort,
    styles: &[(Style, usize)],
    ids_are_sequences: bool,
    ids_are_numbers: bool,
) -> (Method, String) {
    let most = styles
        .iter()
        .max_by_key(|(_, count)| *count)
        .map(|(style, _)| *style);
    match cohort.format {
        Format::Kraken2 => (
            Method::Kraken2,
            "the report's columns and rank letters".to_owned(),
        ),
        Format::KrakenMpaStyle => (
            Method::Kraken2,
            "counts by lineage, as kreport2mpa writes from Kraken reports".to_owned(),
        ),
        Format::KrakenUniq => (Method::KrakenUniq, "the report's header".to_owned()),
        Format::Centrifuge => (
            Method::Centrifuge,
            "the report's columns and rank codes".to_owned(),
        ),
        Format::Bracken => (Method::Bracken, "the table's header".to_owned()),
        Format::Mothur => (Method::Amplicon16s, "mothur's format".to_owned()),
        Format::Metaphlan => metaphlan(cohort),
        _ if written_by(cohort, "kraken") => (
            Method::Unknown,
            "the header, which names kraken-biom: shotgun, but Kraken or Bracken is not said; name it with --method".to_owned(),
        ),
        _ if ids_are_sequences => (
            Method::Amplicon16s,
            "features are sequences, their MD5 sums, or numbered OTUs".to_owned(),
        ),
        _ => match most {
            Some(Style::HitChip) => (
                Method::HitChip,
                "probe-group names (`… et rel.`)".to_owned(),
            ),
            Some(Style::Greengenes) if is_shotgun_in_marks(cohort, ids_are_numbers) => (
                Method::Unknown,
                "lineages with marks of ranks whose species are named throughout, as no 16S database does; name it with --method".to_owned(),
            ),
            Some(Style::Greengenes | Style::Greengenes2 | Style::Silva | Style::Mothur) => (
                Method::Amplicon16s,
                "lineages in the style of a 16S database".to_owned(),
            ),
            Some(Style::Metaphlan) => metaphlan(cohort),
            _ if metaphlan2_names(cohort) && !holds_counts(cohort) => (
                Method::Metaphlan2,
                "names such as `… unclassified` and `… noname`, as MetaPhlAn 2 writes".to_owned(),
            ),
            _ => (
                Method::Unknown,
                "nothing in the file says how it was made; name it with --method".to_owned(),
            ),
        },
    }
}

/// Whether the header names a program.
fn written_by(cohort: &Cohort, program: &str) -> bool {
    let header = cohort.database.as_deref().unwrap_or_default();
    header.starts_with("generated by") && header.to_lowercase().contains(program)
}

/// Lineages such as `k__…; s__…` that Greengenes did not write: species with their genus (`s__Bacteroides_uniformis`), or,
/// beside bare numbers (which may be taxonomy ids), a species in nearly every row.
fn is_shotgun_in_marks(cohort: &Cohort, ids_are_numbers: bool) -> bool {
    let (mut rows, mut named, mut binomial) = (0_usize, 0_usize, 0_usize);
    for feature in &cohort.features {
        let text = feature.lineage.as_deref().unwrap_or(&feature.id);
        let part = |mark: &str| {
            let mut parts = text.split([';', ',']).map(str::trim);
            parts.find_map(|part| part.strip_prefix(mark)).unwrap_or("")
        };
        let (genus, species) = (part("g__"), part("s__"));
        rows += 1;
        named += usize::from(!species.is_empty());
        let with_genus = !genus.is_empty() && species.len() > genus.len();
        binomial += usize::from(with_genus && species.starts_with(genus));
    }
    (binomial > 0 && binomial * 2 >= named) || (ids_are_numbers && named * 5 >= rows * 4)
}

fn metaphlan(cohort: &Cohort) -> (Method, String) {
    let database = cohort.database.as_deref().unwrap_or_default();
    if let Some(rest) = database.strip_prefix("mpa_v") {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        let method = match digits.as_str() {
            "" => Method::Metaphlan4,
            "30" | "31" | "293" | "296" => Method::Metaphlan3,
            _ => Method::Metaphlan2,
        };
        return (method, format!("the database in the header, {database}"));
    }
    let any = |test: &dyn Fn(&str) -> bool| cohort.features.iter().any(|feature| test(&feature.id));
    if any(&|id| id.contains("|t__SGB") || id.contains("_SGB") || id.contains("g__GGB")) {
        (
            Method::Metaphlan4,
            "clades named SGB or GGB; the header names no database".to_owned(),
        )
    } else if any(&|id| {
        id.contains("_noname") || id.ends_with("_unclassified") && id.contains("|s__")
    }) {
        (
            Method::Metaphlan2,
            "names with `noname` or species named `unclassified`; the header names no database"
                .to_owned(),
        )
    } else {
        (
            Method::Metaphlan,
            "the header names no database, so the version is not known: name it with --method, for instance --method metaphlan3".to_owned(),
        )
    }
}

/// Whether the first samples hold whole numbers only, which MetaPhlAn does not write.
fn holds_counts(cohort: &Cohort) -> bool {
    const LOOKED_AT: usize = 20;
    let samples = cohort.samples.iter().take(LOOKED_AT);
    let mut values = samples.flatten().flat_map(|sample| sample.values);
    values.all(|value| value.fract() == 0.0)
}

fn metaphlan2_names(cohort: &Cohort) -> bool {
    /// MetaPhlAn 2 says `unclassified` of species of a genus; classifiers of 16S say it of whatever they stop at.
    const HIGHER: [&str; 9] = [
        "Bacteria",
        "Archaea",
        "Firmicutes",
        "Bacteroidetes",
        "Proteobacteria",
        "Actinobacteria",
        "Clostridia",
        "Bacilli",
        "Bacteroidia",
    ];
    let mut marked = 0_usize;
    for feature in &cohort.features {
        let id = feature.id.replace('_', " ");
        if let Some(name) = id.strip_suffix(" unclassified") {
            let higher =
                name.ends_with("aceae") || name.ends_with("ales") || HIGHER.contains(&name);
            if higher || name.contains(';') {
                return false;
            }
            marked += 1;
        } else {
            marked += usize::from(id.contains(" noname"));
        }
    }
    marked * 20 >= cohort.features.len() && marked > 0
}

/// What is counted: by the identifiers, or by the rank of most rows.
#[must_use]
pub fn unit(method: Method, asv: bool, otu: bool, ranks: &[Option<Rank>]) -> Unit {
    if method == Method::HitChip {
        return Unit::ProbeGroup;
    }
    if asv {
        return Unit::Asv;
    }
    if otu {
        return Unit::Otu;
    }
    let count = |wanted: &dyn Fn(Rank) -> bool| {
        ranks.iter().flatten().filter(|rank| wanted(**rank)).count()
    };
    let total = ranks.len().max(1);
    if matches!(
        method,
        Method::Metaphlan | Method::Metaphlan2 | Method::Metaphlan3 | Method::Metaphlan4
    ) && count(&|rank| rank == Rank::Species) * 2 >= total
    {
        return Unit::Species;
    }
    if count(&|rank| rank == Rank::Species) * 5 >= total * 4 {
        Unit::Species
    } else if count(&|rank| rank == Rank::Genus) * 5 >= total * 4 {
        Unit::Genus
    } else if count(&|rank| rank <= Rank::Family) * 5 >= total * 4 {
        Unit::Family
    } else {
        Unit::Mixed
    }
}
