//! What a row or column label seems to be: a taxon, a feature id, a sample, or something else.

use crate::taxonomy::{Rank, Vocabulary};

/// Kinds of identifiers that stand for a sequence and need a taxonomy file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdKind {
    /// MD5 of a sequence, as QIIME 2 writes.
    Md5,
    /// The sequence itself, as DADA2 writes.
    Sequence,
    /// OTU or ASV with a number.
    Otu,
    /// A genome, bin or contig put together from shotgun reads, with a number.
    Genome,
    /// A bare number (Greengenes id, feature number).
    Number,
    /// NCBI taxonomy id.
    NcbiTaxid,
}

impl IdKind {
    /// Name in words, plural.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5 sums of sequences",
            Self::Sequence => "DNA sequences",
            Self::Otu => "OTU or ASV numbers",
            Self::Genome => "numbers of genomes, bins or contigs",
            Self::Number => "bare numbers",
            Self::NcbiTaxid => "NCBI taxonomy ids",
        }
    }
}

/// What a label seems to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// A lineage with rank marks or separators.
    Lineage,
    /// A name that the taxon table or the synonym list knows.
    Known,
    /// Shaped like a species name.
    Binomial,
    /// An identifier of a sequence.
    Id(IdKind),
    /// "Unclassified" in one of its forms.
    Unclassified,
    /// Anything else.
    Other,
}

/// Judges a label.
#[must_use]
pub fn judge(text: &str, words: &Vocabulary) -> Label {
    let text = text.trim().trim_matches('"').trim();
    if words.names.get(text).is_some() {
        return Label::Known;
    }
    let recased = words.recased(text);
    let text = recased.as_deref().unwrap_or(text);
    if is_unclassified(text) {
        return Label::Unclassified;
    }
    if let Some(kind) = id_kind(text) {
        return Label::Id(kind);
    }
    if is_lineage(text) {
        return Label::Lineage;
    }
    let lineage = words.lineage(text, &[]);
    if words.taxa.assign(&lineage).is_some()
        || matches!(
            lineage.finest(),
            Some((
                Rank::Domain | Rank::Phylum | Rank::Class | Rank::Order | Rank::Family,
                _
            ))
        )
    {
        return Label::Known;
    }
    if lineage.species().is_some() && text.len() < 80 {
        return Label::Binomial;
    }
    Label::Other
}

fn is_lineage(text: &str) -> bool {
    let marked = [
        "k__", "d__", "p__", "c__", "o__", "f__", "g__", "s__", "t__", "D_0__", "sk__",
    ]
    .iter()
    .any(|mark| {
        text.starts_with(mark)
            || text.contains(&format!(";{mark}"))
            || text.contains(&format!("|{mark}"))
    });
    let lower = text.to_ascii_lowercase();
    let unmarked = [
        "bacteria;",
        "archaea;",
        "bacteria|",
        "archaea|",
        "bacteria(",
        "root;",
        "cellular organisms;",
    ]
    .iter()
    .any(|start| lower.starts_with(start));
    marked || unmarked
}

/// Labels of the pool that a profiler could not name: `Unassigned`, `k__Unknown`, and lineages of nothing else
/// (`Unassigned;__;__`, `NA;NA`, `unknown(100);unknown_unclassified(100)`).
#[must_use]
pub fn is_unclassified(text: &str) -> bool {
    let parts: Vec<String> = text.split([';', '|']).map(bare_part).collect();
    let empty_ranks = text.contains("__") && parts.iter().all(|part| part.is_empty());
    // `k__;p__;c__` names no pool; a single empty label or sign neither
    let is_word = |part: &String| part.chars().any(char::is_alphabetic);
    !empty_ranks
        && parts.iter().all(|part| is_no_name(part))
        && (parts.len() > 1
            || parts
                .iter()
                .any(|part| is_word(part) || names_the_unnamed(part)))
}

/// A part of a lineage in small letters, without quotes, mark of rank and mothur's confidence.
fn bare_part(part: &str) -> String {
    let part = part.trim().trim_matches('"').trim();
    let part = match part.rsplit_once('(') {
        Some((name, confidence))
            if confidence
                .trim_end_matches(')')
                .bytes()
                .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'%')) =>
        {
            name
        }
        _ => part,
    };
    let name = match part.split_once("__") {
        // a genus that a database calls uncultured is part of the community
        Some((mark, name))
            if mark.len() <= 3
                && (!name.eq_ignore_ascii_case("uncultured")
                    || matches!(mark, "k" | "d" | "sk" | "D_0")) =>
        {
            name
        }
        _ => part,
    };
    name.trim().to_ascii_lowercase()
}

/// Whether a part of a lineage says nothing or names the unnamed, numbered or not (`NA_1`, `Unclassified.2`).
fn is_no_name(part: &str) -> bool {
    let said = |part: &str| says_nothing(part) || names_the_unnamed(part);
    let bare = part.trim_end_matches(|sign: char| sign.is_ascii_digit() || "_. <>%".contains(sign));
    said(part) || (bare.chars().any(char::is_alphabetic) && said(bare))
}

/// Words that stand where there is no name.
fn says_nothing(part: &str) -> bool {
    matches!(
        part,
        "" | "_"
            | "__"
            | "-"
            | "."
            | "?"
            | "na"
            | "<na>"
            | "nan"
            | "n/a"
            | "#n/a"
            | "none"
            | "null"
            | "other"
            | "others"
    )
}

/// Words for what has no name.
fn names_the_unnamed(part: &str) -> bool {
    let part = part.strip_suffix("_unclassified").unwrap_or(part);
    if is_pooled(part) {
        return true;
    }
    matches!(
        part,
        "unknown"
            | "rest"
            | "remainder"
            | "remaining"
            | "unclassified"
            | "unmapped"
            | "unassigned"
            | "-1"
            | "no_hit"
            | "no hit"
            | "no blast hit"
            | "unidentified"
            | "uncultured"
            | "unclassified reads"
            | "unclassified sequences"
            | "unassignable"
            | "not assigned"
            | "no match"
            | "no hits"
            | "ambiguous_taxa"
    )
}

/// What a table pools without saying of which group: `Other bacteria`, `others <1%`, `Low abundance`. `Other Bacteroides`
/// are those of a genus.
fn is_pooled(part: &str) -> bool {
    const POOLED: &[&str] = &[
        "other",
        "others",
        "unknown",
        "all",
        "rare",
        "minor",
        "low",
        "remaining",
    ];
    const OF_ALL: &[&str] = &[
        "bacteria",
        "bacterium",
        "archaea",
        "microbes",
        "organisms",
        "taxa",
        "taxon",
        "genera",
        "genus",
        "species",
        "family",
        "families",
        "phylum",
        "phyla",
        "others",
        "abundance",
    ];
    let mut words = part
        .split(|sign: char| !sign.is_alphabetic())
        .filter(|word| !word.is_empty());
    words.next().is_some_and(|first| POOLED.contains(&first))
        && words.all(|word| OF_ALL.contains(&word))
        && part.chars().any(|sign| !sign.is_alphabetic())
}

/// A lineage that says nothing: empty, or made of nothing but words for no name. Reads with it are unclassified.
#[must_use]
pub fn is_no_lineage(text: &str) -> bool {
    let mut parts = text.split([';', '|']).map(bare_part);
    parts.all(|part| is_no_name(&part) || part == "root" || part == "cellular organisms")
}

/// Whether a label by itself names a taxon or its lineage.
#[must_use]
pub fn names_a_taxon(label: &str, words: &Vocabulary) -> bool {
    matches!(
        judge(label, words),
        Label::Known | Label::Binomial | Label::Lineage
    )
}

/// A name with digits that is no code of a database for a genus (`UCG-002`, `UBA1819`): an id that a program gave
/// (`OTU_97.12`, `Bin3`).
fn is_numbered(label: &str) -> bool {
    const CODES: &[&str] = &[
        "UBA", "DTU", "CAG", "UCG", "GCA", "GCF", "NK4A", "RUG", "SFEL", "CHKCI", "FE20",
    ];
    label.bytes().any(|byte| byte.is_ascii_digit())
        && !CODES.iter().any(|code| label.contains(code))
}

/// Whether a label without a lineage stands for a taxon all the same: a name that the project knows, or one that looks
/// like a genus (`Catenibacillus`); a number or code of a feature does not.
#[must_use]
pub fn may_name_a_taxon(label: &str, words: &Vocabulary) -> bool {
    match judge(label, words) {
        Label::Known | Label::Binomial | Label::Lineage => true,
        Label::Other => !is_numbered(label) && words.lineage(label, &[]).finest().is_some(),
        Label::Id(_) | Label::Unclassified => false,
    }
}

/// Names that databases give to what they cannot name better, and codes of clones that stand for genera (`5-7N15`,
/// `cc_115`): no known taxa, yet part of the community. Words of other columns (`dose`, `day0_weight`) are none.
#[must_use]
pub fn stands_for_a_taxon(text: &str) -> bool {
    const CODE_LETTERS: usize = 4;
    let lower = text.trim().trim_matches('"').to_ascii_lowercase();
    let word = |wanted: &str| {
        lower
            .split(|sign: char| !sign.is_alphanumeric())
            .any(|word| word == wanted)
    };
    let placeholder = [
        "uncultured",
        "unidentified",
        "unclassified",
        "unknown",
        "incertae",
        "metagenome",
        "bacterium",
        "other",
        "others",
        "group",
        "cluster",
        "clade",
    ];
    let is_code = lower.bytes().any(|byte| byte.is_ascii_digit())
        && lower.bytes().any(|byte| byte.is_ascii_alphabetic())
        && lower
            .split(|sign: char| !sign.is_alphabetic())
            .all(|letters| letters.len() <= CODE_LETTERS);
    placeholder.iter().any(|wanted| word(wanted)) || lower.starts_with("vadin") || is_code
}

/// Names that stand in tables of taxa beside these and are none: sums, measures of diversity, facts about the person.
#[must_use]
pub fn is_no_taxon(text: &str) -> bool {
    let name = text
        .trim()
        .trim_matches('"')
        .to_ascii_lowercase()
        .replace(['_', '-', '.'], " ");
    matches!(
        name.trim(),
        "total"
            | "totals"
            | "grand total"
            | "gesamt"
            | "summe"
            | "somme"
            | "totaal"
            | "sum"
            | "sums"
            | "mean"
            | "median"
            | "sd"
            | "total reads"
            | "total counts"
            | "total count"
            | "read count"
            | "reads"
            | "depth"
            | "library size"
            | "shannon"
            | "simpson"
            | "inverse simpson"
            | "invsimpson"
            | "richness"
            | "evenness"
            | "pielou"
            | "chao1"
            | "ace"
            | "faith pd"
            | "observed"
            | "observed otus"
            | "observed asvs"
            | "observed features"
            | "observed species"
            | "alpha diversity"
            | "f/b ratio"
            | "fb ratio"
            | "gmwi2"
            | "gmhi"
            | "age"
            | "sex"
            | "gender"
            | "bmi"
            | "weight"
            | "height"
            | "ph"
            | "crp"
            | "calprotectin"
            | "visit"
            | "timepoint"
            | "time point"
            | "day"
            | "week"
            | "month"
            | "year"
            | "latitude"
            | "longitude"
    )
}

/// Names that are no taxa, whether they stand in rows or in columns: sums and measures; and where the others are known
/// `by_names`, words that neither the taxon table nor the shape of the name tells to be one (`dose`, `day0_weight`).
#[must_use]
pub fn is_left_out(name: &str, by_names: bool, words: &Vocabulary) -> bool {
    if words.names.get(name).is_some() || is_unclassified(name) {
        return false;
    }
    is_no_taxon(name)
        || (by_names
            && judge(name, words) == Label::Other
            && words.lineage(name, &[]).finest().is_none()
            && !stands_for_a_taxon(name))
}

/// Names that are left out, each with what it holds.
pub type LeftOut = Vec<(String, f64)>;

/// The remark on names that are left out as no taxa, with what they hold of all values.
#[must_use]
pub fn left_out_note(what: &str, names: &[(String, f64)], whole: f64) -> String {
    const SHOWN: usize = 6;
    let shown: Vec<String> = names
        .iter()
        .take(SHOWN)
        .map(|(name, _)| format!("`{}`", super::table::shorten(name)))
        .collect();
    let sum: f64 = names.iter().map(|pair| pair.1).sum();
    format!(
        "{} {what} are no taxa by their name and are left out ({} of all values): {}{}; to keep one, name its taxon with --names, or write `g__` before it",
        names.len(),
        crate::profile::analyse::percent(if sum > 0.0 { sum / (sum + whole) } else { 0.0 }),
        shown.join(", "),
        if names.len() > SHOWN { " …" } else { "" }
    )
}

fn id_kind(text: &str) -> Option<IdKind> {
    let hex = text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
    if hex {
        return Some(IdKind::Md5);
    }
    if text.len() >= 18
        && text
            .bytes()
            .all(|b| matches!(b.to_ascii_uppercase(), b'A' | b'C' | b'G' | b'T' | b'N'))
    {
        return Some(IdKind::Sequence);
    }
    let lower = text.to_ascii_lowercase();
    if let Some(rest) = lower
        .strip_prefix("ncbi:txid")
        .or_else(|| lower.strip_prefix("txid"))
        && rest.bytes().all(|b| b.is_ascii_digit())
    {
        return Some(IdKind::NcbiTaxid);
    }
    for start in [
        "gg_otu_",
        "new.referenceotu",
        "new.cleanup.referenceotu",
        "denovo",
        "zotu",
        "otu",
        "asv",
        "sv",
        "seq",
        "feature",
        "uniq",
        "mag",
        "bin",
        "cluster",
        "contig",
        "phylotype",
    ] {
        if let Some(rest) = lower.strip_prefix(start) {
            let rest = rest.trim_start_matches(['_', '-', ' ', '.']);
            let digits = |b: u8| b.is_ascii_digit() || b == b'.';
            if !rest.is_empty() && rest.bytes().all(digits) {
                let genome = matches!(start, "mag" | "bin" | "contig");
                return Some(if genome { IdKind::Genome } else { IdKind::Otu });
            }
        }
    }
    (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())).then_some(IdKind::Number)
}

/// Counts of judged labels.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tally {
    /// Lineages.
    pub lineages: usize,
    /// Known names.
    pub known: usize,
    /// Binomials not in the table.
    pub binomials: usize,
    /// Identifiers that are no bare numbers.
    pub ids: usize,
    /// Bare numbers.
    pub numbers: usize,
    /// All labels but "unclassified".
    pub total: usize,
    /// The kind of identifier seen last.
    pub id_kind: Option<IdKind>,
}

impl Tally {
    /// Judges many labels.
    pub fn of<'a>(labels: impl Iterator<Item = &'a str>, words: &Vocabulary) -> Self {
        let mut tally = Self::default();
        for label in labels {
            match judge(label, words) {
                Label::Lineage => tally.lineages += 1,
                Label::Known => tally.known += 1,
                Label::Binomial => tally.binomials += 1,
                Label::Id(IdKind::Number) => {
                    tally.numbers += 1;
                    tally.id_kind.get_or_insert(IdKind::Number);
                }
                Label::Id(kind) => {
                    tally.ids += 1;
                    tally.id_kind = Some(kind);
                }
                Label::Unclassified => continue,
                Label::Other => {}
            }
            tally.total += 1;
        }
        tally
    }

    /// Share of labels that name taxa.
    #[must_use]
    pub fn taxa(&self) -> f64 {
        share(self.lineages + self.known + self.binomials, self.total)
    }

    /// Whether the labels are taxa, judged with care: binomials alone do not suffice.
    #[must_use]
    pub fn are_taxa(&self) -> bool {
        share(self.lineages, self.total) >= 0.5
            || (share(self.lineages + self.known, self.total) >= 0.15 && self.taxa() >= 0.3)
    }

    /// Whether the labels are identifiers of sequences.
    #[must_use]
    pub fn are_ids(&self) -> bool {
        share(self.ids, self.total) >= 0.5
    }

    /// Whether the labels are bare numbers.
    #[must_use]
    pub fn are_numbers(&self) -> bool {
        share(self.numbers, self.total) >= 0.5
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

/// Whether rows are functions split by organism, as HUMAnN writes (`UniRef90_X|g__Y.s__Z`, `PWY-1|unclassified`), or
/// functions alone; says which.
#[must_use]
pub fn guess_functions<'a>(labels: impl Iterator<Item = &'a str>) -> Option<&'static str> {
    let (mut genes, mut pathways, mut others, mut total) = (0_usize, 0_usize, 0_usize, 0_usize);
    for label in labels {
        let (function, organism) = label.split_once('|').unwrap_or((label, ""));
        let pool = ["UNMAPPED", "UNINTEGRATED", "UNGROUPED", "READS_UNMAPPED"].contains(&function);
        let split = organism.starts_with("g__") || organism == "unclassified";
        if pool && !split {
            continue;
        }
        total += 1;
        if function.starts_with("UniRef") {
            genes += 1;
        } else if function.contains("PWY") || (pool && split) {
            pathways += 1;
        } else if split && !function.contains("__") {
            others += 1;
        }
    }
    if (genes + pathways + others) * 3 < total || total == 0 || genes + pathways + others == 0 {
        return None;
    }
    Some(if genes >= pathways.max(others) {
        "a table of gene families, whole or by organism (HUMAnN)"
    } else if pathways >= others {
        "a table of pathways, whole or by organism (HUMAnN)"
    } else {
        "a table of functions by organism (HUMAnN, regrouped)"
    })
}

/// A guess at what a table of other things is, from its labels.
#[must_use]
pub fn guess_other<'a>(labels: impl Iterator<Item = &'a str> + Clone) -> Option<&'static str> {
    let count = labels.clone().count().max(1);
    let most = |test: &dyn Fn(&str) -> bool| {
        labels.clone().filter(|label| test(label)).count() * 3 >= count
    };
    let coded = |label: &str, start: char, digits: usize| {
        let mut chars = label.chars();
        chars.next() == Some(start)
            && label.len() > digits
            && label[1..].bytes().take(digits).all(|b| b.is_ascii_digit())
    };
    if most(&|label| {
        label.to_ascii_lowercase().contains(".mzml")
            || label.to_ascii_lowercase().contains(".mzxml")
    }) {
        return Some("a table of mass-spectrometry features (its samples are mzML files)");
    }
    if most(&|label| {
        label.starts_with("HILIC")
            || label.starts_with("REV_")
            || label.starts_with("C18")
            || label.starts_with("C8-")
            || label.contains("HMDB")
    }) {
        return Some("a table of metabolites");
    }
    if most(&|label| label.is_ascii() && coded(label, 'K', 5)) {
        return Some("a table of KEGG gene families");
    }
    if most(&|label| {
        label.starts_with("UniRef") || label.starts_with("PWY") || label.contains("PWY-")
    }) {
        return Some("a table of gene families or pathways (HUMAnN)");
    }
    if most(&|label| label.starts_with("ENSG") || label.starts_with("ENSMUSG")) {
        return Some("a table of host genes");
    }
    if most(&|label| label.is_ascii() && coded(label, 'M', 3) && label.contains('T')) {
        return Some("a table of mass-spectrometry features");
    }
    None
}
