//! A lineage as any database writes it, read into seven ranks with one name each.

use serde::Serialize;

use super::clean;
use super::dots::undotted;
use super::rank::Rank;
use super::synonyms::Synonyms;

/// Names of domains as databases write them.
const DOMAINS: &[(&str, Domain)] = &[
    ("bacteria", Domain::Bacteria),
    ("eubacteria", Domain::Bacteria),
    ("archaea", Domain::Archaea),
    ("eukaryota", Domain::Eukaryota),
    ("eukarya", Domain::Eukaryota),
    ("eukaryotes", Domain::Eukaryota),
    ("viruses", Domain::Viruses),
    ("virus", Domain::Viruses),
    ("fungi", Domain::Fungi),
];

/// Phyla met in stool under any of their names; used where a lineage carries no rank marks.
pub(super) const PHYLA: &[&str] = &[
    "Firmicutes",
    "Bacillota",
    "Bacteroidetes",
    "Bacteroidota",
    "Proteobacteria",
    "Pseudomonadota",
    "Actinobacteria",
    "Actinobacteriota",
    "Actinomycetota",
    "Fusobacteria",
    "Fusobacteriota",
    "Verrucomicrobia",
    "Verrucomicrobiota",
    "Cyanobacteria",
    "Cyanobacteriota",
    "Spirochaetes",
    "Spirochaetota",
    "Synergistetes",
    "Synergistota",
    "Tenericutes",
    "Mycoplasmatota",
    "Lentisphaerae",
    "Lentisphaerota",
    "Euryarchaeota",
    "Methanobacteriota",
    "Thermoproteota",
    "Crenarchaeota",
    "Thermoplasmatota",
    "Campylobacterota",
    "Desulfobacterota",
    "Thermodesulfobacteriota",
    "Elusimicrobia",
    "Elusimicrobiota",
    "Deferribacteres",
    "Deferribacterota",
    "Saccharibacteria",
    "Patescibacteria",
    "Candidatus Saccharibacteria",
    "Acidobacteria",
    "Acidobacteriota",
    "Chloroflexi",
    "Chloroflexota",
    "Planctomycetes",
    "Planctomycetota",
    "Deinococcota",
    "Deinococcus-Thermus",
    "Gemmatimonadetes",
    "Nitrospirae",
    "Ascomycota",
    "Basidiomycota",
    "Chordata",
    "Streptophyta",
    "Bacteroidaeota",
    "Thermotogae",
    "Aquificae",
    "Chlamydiae",
    "Uroviricota",
    "Pisuviricota",
];

/// Classes met in stool, which nothing in their names tells from genera.
pub(super) const CLASSES: &[&str] = &[
    "Clostridia",
    "Bacilli",
    "Bacteroidia",
    "Negativicutes",
    "Erysipelotrichia",
    "Erysipelotrichi",
    "Coriobacteriia",
    "Verrucomicrobiae",
    "Fusobacteriia",
    "Mollicutes",
    "Tissierellia",
    "Actinomycetes",
    "Actinomycetia",
    "Desulfovibrionia",
    "Campylobacteria",
    "Methanobacteria",
    "Melainabacteria",
    "Vampirivibrionia",
    "Alphaproteobacteria",
    "Betaproteobacteria",
    "Gammaproteobacteria",
    "Deltaproteobacteria",
    "Epsilonproteobacteria",
];

/// The domain a clade belongs to; fungi are told apart from other eukaryotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Domain {
    /// Bacteria.
    Bacteria,
    /// Archaea.
    Archaea,
    /// Fungi.
    Fungi,
    /// Eukaryotes other than fungi: host, food, parasites.
    Eukaryota,
    /// Viruses.
    Viruses,
    /// Not said.
    Unknown,
}

/// The way a database writes its lineages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    /// `k__…|p__…|…`, as MetaPhlAn writes.
    Metaphlan,
    /// `d__…;p__Bacillota_A;…`, the Genome Taxonomy Database.
    Gtdb,
    /// `d__…; p__…` or `D_0__…`, SILVA.
    Silva,
    /// `k__…; p__…; g__; s__`, Greengenes before 2022.
    Greengenes,
    /// Greengenes 2, with numbers behind the names.
    Greengenes2,
    /// `Bacteria(100);…`, mothur.
    Mothur,
    /// Names without rank marks, in order of rank (RDP, SILVA in DADA2, NCBI).
    Positional,
    /// `… et rel.`, probe groups of the HITChip.
    HitChip,
    /// A single name.
    Name,
}

/// A lineage in seven ranks, cleaned and in canonical names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lineage {
    ranks: [Option<Box<str>>; 7],
    subspecies: Option<Box<str>>,
    binomial_as_written: Option<Box<str>>,
    domain: Domain,
    style: Style,
    below_species: bool,
}

impl Lineage {
    /// Reads a lineage or a single name.
    ///
    /// `rank_names` names the rank of each part where the file says so (empty if it does not).
    #[must_use]
    pub fn parse(text: &str, rank_names: &[Option<Rank>], synonyms: &Synonyms) -> Self {
        let text = text.trim().trim_matches('"').trim();
        let restored = undotted(text);
        let text = restored.as_deref().unwrap_or(text);
        let parts = split(text);
        let style = style_of(text, &parts);
        let mut raw: [Option<&str>; 7] = [None; 7];
        let mut below_species = false;
        let mut lineage = Self {
            ranks: Default::default(),
            subspecies: None,
            binomial_as_written: None,
            domain: Domain::Unknown,
            style,
            below_species: false,
        };
        if !rank_names.is_empty() && parts.len() > 1 {
            for (part, rank) in parts.iter().zip(rank_names) {
                if let Some(rank) = rank
                    && !part.is_empty()
                {
                    raw[rank.index()] = Some(part);
                }
            }
            lineage.domain = domain_among(&parts);
        } else if parts.iter().any(|part| prefix(part).is_some()) {
            for part in &parts {
                match prefix(part) {
                    Some((Prefix::Rank(rank), name)) => raw[rank.index()] = Some(name),
                    Some((Prefix::Strain, _)) => below_species = true,
                    _ => {}
                }
            }
            lineage.domain = domain_among(&parts);
        } else if parts.len() > 1 {
            place_by_position(&parts, &mut raw);
            lineage.domain = domain_among(&parts);
        } else {
            place_single(text, &mut raw);
        }
        lineage.below_species = below_species;
        lineage.fill(raw, synonyms);
        lineage
    }

    fn fill(&mut self, raw: [Option<&str>; 7], synonyms: &Synonyms) {
        for rank in [
            Rank::Domain,
            Rank::Phylum,
            Rank::Class,
            Rank::Order,
            Rank::Family,
        ] {
            if let Some(name) = raw[rank.index()].and_then(clean::group_name) {
                let name = if is_s24_7(&name) {
                    "S24-7".to_owned()
                } else {
                    name
                };
                let name = synonyms
                    .canonical(rank, &name)
                    .map_or(name.clone(), str::to_owned);
                self.ranks[rank.index()] = Some(name.into());
            }
        }
        if self.domain == Domain::Unknown
            && let Some(name) = &self.ranks[0]
        {
            self.domain = domain_of(name);
        }
        if raw[Rank::Family.index()].is_none()
            && let Some(name) = raw[Rank::Genus.index()]
            && let Some(first) = clean::strip(name).split(['_', ' ']).next()
            && first.ends_with("aceae")
        {
            self.ranks[Rank::Family.index()] = Some(first.into());
        }
        self.fill_genus_and_species(
            raw[Rank::Genus.index()],
            raw[Rank::Species.index()],
            synonyms,
        );
    }

    fn fill_genus_and_species(
        &mut self,
        genus: Option<&str>,
        species: Option<&str>,
        synonyms: &Synonyms,
    ) {
        let genus_name = genus.and_then(clean::group_name);
        let mut name = clean::species_name(species.unwrap_or_default(), genus_name.as_deref());
        let mut genus_only = false;
        // SILVA names some genera by a misplaced species: `[Ruminococcus] gnavus group`
        if name.binomial.is_none()
            && let Some(old) = genus_name
                .as_deref()
                .and_then(|group| group.strip_suffix(" group"))
                .and_then(|group| clean::species_name(group, None).binomial)
            && (synonyms.canonical(Rank::Species, &old).is_some()
                || genus.is_some_and(|written| !written.contains('[')))
        {
            genus_only = synonyms.canonical(Rank::Species, &old).is_some();
            name.binomial = Some(old);
        }
        // HITChip and some 16S tables put a binomial where the genus belongs
        if species.is_none()
            && name.binomial.is_none()
            && let Some(binomial) = genus_name
                .as_deref()
                .filter(|group| !group.ends_with(" group"))
                .and_then(|group| clean::species_name(group, None).binomial)
        {
            name.binomial = Some(binomial);
        }
        if let Some(old) = name.binomial.take() {
            let new = canonical_binomial(&old, synonyms);
            name.genus = new.split(' ').next().map(str::to_owned);
            self.binomial_as_written = Some(old.into());
            if !genus_only {
                self.ranks[Rank::Species.index()] = Some(new.into());
            }
        } else if let Some(old) = name.genus.take() {
            let old = self.misplaced(genus, &old).unwrap_or(old);
            name.genus = Some(
                synonyms
                    .canonical(Rank::Genus, &old)
                    .map_or(old, str::to_owned),
            );
        }
        self.subspecies = name.subspecies.map(Into::into);
        self.ranks[Rank::Genus.index()] = name
            .genus
            .filter(|name| !clean::is_unknown(name))
            .map(Into::into);
    }

    /// A genus in brackets is one that its family contradicts (Greengenes: `f__Lachnospiraceae; g__[Ruminococcus]`). With
    /// its family it keeps the brackets, so that it is not taken for the genus proper.
    fn misplaced(&self, written: Option<&str>, name: &str) -> Option<String> {
        let bracketed = clean::strip(written?).starts_with('[');
        (bracketed && self.at(Rank::Family).is_some()).then(|| format!("[{name}]"))
    }

    /// Canonical name at a rank.
    #[must_use]
    pub fn at(&self, rank: Rank) -> Option<&str> {
        self.ranks[rank.index()].as_deref()
    }

    /// Canonical genus.
    #[must_use]
    pub fn genus(&self) -> Option<&str> {
        self.at(Rank::Genus)
    }

    /// Canonical species, `Genus epithet`.
    #[must_use]
    pub fn species(&self) -> Option<&str> {
        self.at(Rank::Species)
    }

    /// Subspecies, where one is named.
    #[must_use]
    pub fn subspecies(&self) -> Option<&str> {
        self.subspecies.as_deref()
    }

    /// The binomial before synonyms were applied.
    #[must_use]
    pub fn binomial_as_written(&self) -> Option<&str> {
        self.binomial_as_written.as_deref()
    }

    /// The finest rank with a name.
    #[must_use]
    pub fn finest(&self) -> Option<(Rank, &str)> {
        Rank::ALL
            .into_iter()
            .rev()
            .find_map(|rank| self.at(rank).map(|name| (rank, name)))
    }

    /// Takes genus and species of a name that stands beside the lineage.
    pub fn refine(&mut self, name: &Lineage) {
        for rank in [Rank::Genus, Rank::Species] {
            self.ranks[rank.index()].clone_from(&name.ranks[rank.index()]);
        }
        self.subspecies.clone_from(&name.subspecies);
        self.binomial_as_written
            .clone_from(&name.binomial_as_written);
    }

    /// Domain.
    #[must_use]
    pub const fn domain(&self) -> Domain {
        self.domain
    }

    /// Sets the domain where the lineage itself does not say it.
    pub const fn set_domain(&mut self, domain: Domain) {
        self.domain = domain;
    }

    /// How the lineage was written.
    #[must_use]
    pub const fn style(&self) -> Style {
        self.style
    }

    /// Whether the row stands below the species (`t__SGB…`, strains).
    #[must_use]
    pub const fn is_below_species(&self) -> bool {
        self.below_species
    }
}

fn canonical_binomial(old: &str, synonyms: &Synonyms) -> String {
    if let Some(new) = synonyms.canonical(Rank::Species, old) {
        return new.to_owned();
    }
    match old.split_once(' ') {
        Some((genus, epithet)) => synonyms
            .canonical(Rank::Genus, genus)
            .map_or_else(|| old.to_owned(), |new| format!("{new} {epithet}")),
        None => old.to_owned(),
    }
}

enum Prefix {
    Rank(Rank),
    Strain,
    Other,
}

/// `g__Roseburia` → genus, `Roseburia`; also `D_5__Roseburia` and `sk__Bacteria`.
fn prefix(part: &str) -> Option<(Prefix, &str)> {
    let part = part.trim().trim_matches('"').trim();
    let (head, name) = part.split_once("__")?;
    let mut letters = head.chars();
    match (letters.next(), letters.next(), head.len()) {
        (Some('t'), None, _) => Some((Prefix::Strain, name)),
        (Some(letter), None, _) => Some(match Rank::from_letter(letter) {
            Some(rank) => (Prefix::Rank(rank), name),
            None if letter.is_ascii_lowercase() => (Prefix::Other, name),
            None => return None,
        }),
        (Some('s'), Some('k'), 2) => Some((Prefix::Rank(Rank::Domain), name)),
        (Some('D'), Some('_'), 3) => {
            let level: usize = head[2..].parse().ok()?;
            Some(match Rank::ALL.get(level) {
                Some(rank) => (Prefix::Rank(*rank), name),
                None => (Prefix::Other, name),
            })
        }
        _ => None,
    }
}

fn split(text: &str) -> Vec<&str> {
    let separator = if text.contains('|') {
        '|'
    } else if text.contains(';') {
        ';'
    } else if text.contains(',') && text.contains("__") {
        ','
    } else {
        return vec![text];
    };
    let mut parts: Vec<&str> = text.split(separator).map(clean::strip).collect();
    while parts.last().is_some_and(|part| part.is_empty()) {
        parts.pop();
    }
    parts
}

fn style_of(text: &str, parts: &[&str]) -> Style {
    if text.contains(" et rel.") || text.contains(" at rel.") {
        return Style::HitChip;
    }
    if text.contains("(100)") || (text.contains(");") && text.contains('(')) {
        return Style::Mothur;
    }
    let marked = parts.iter().any(|part| prefix(part).is_some());
    if !marked {
        return if parts.len() > 1 {
            Style::Positional
        } else {
            Style::Name
        };
    }
    if text.contains('|') {
        return Style::Metaphlan;
    }
    if text.starts_with("D_0__") {
        return Style::Silva;
    }
    let numbered = parts.iter().any(|part| {
        part.rsplit_once('_')
            .is_some_and(|(_, tail)| tail.len() >= 5 && tail.bytes().all(|b| b.is_ascii_digit()))
    });
    if numbered {
        return Style::Greengenes2;
    }
    if text.starts_with("d__") {
        let split_names = parts
            .iter()
            .any(|part| clean::without_database_suffix(part).len() < part.len());
        return if split_names || !text.contains("; ") {
            Style::Gtdb
        } else {
            Style::Silva
        };
    }
    if text.starts_with("k__") {
        return Style::Greengenes;
    }
    let split_names = text
        .split(' ')
        .any(|word| clean::without_database_suffix(word).len() < word.len());
    if split_names {
        Style::Gtdb
    } else {
        Style::Name
    }
}

fn domain_of(name: &str) -> Domain {
    let lower = name.to_lowercase();
    DOMAINS
        .iter()
        .find(|(known, _)| *known == lower)
        .map_or(Domain::Unknown, |(_, domain)| *domain)
}

fn domain_among(parts: &[&str]) -> Domain {
    let mut found = Domain::Unknown;
    for part in parts.iter().take(16) {
        let name = prefix(part).map_or(*part, |(_, name)| name);
        match domain_of(clean::strip(name)) {
            Domain::Unknown => {
                if matches!(name, "Ascomycota" | "Basidiomycota") {
                    found = Domain::Fungi;
                }
            }
            domain => found = domain,
        }
    }
    found
}

fn is_phylum(name: &str) -> bool {
    PHYLA.contains(&clean::without_database_suffix(name))
}

/// Lineages without rank marks: anchored at the domain or the phylum where one is recognised,
/// and by the endings of family and order names in lists longer than seven.
fn place_by_position<'a>(parts: &[&'a str], raw: &mut [Option<&'a str>; 7]) {
    let first_domain = parts
        .iter()
        .position(|part| domain_of(part) != Domain::Unknown);
    let start = match first_domain {
        Some(position) => position,
        None => match parts.iter().position(|part| is_phylum(part)) {
            Some(position) => {
                return place_in_order(&parts[position..], 1, raw);
            }
            None => return place_by_shape(parts, raw),
        },
    };
    let parts = &parts[start..];
    let in_order =
        parts.len() <= 7 && (parts.len() < 2 || is_phylum(parts[1]) || parts[1].is_empty());
    if in_order {
        place_in_order(parts, 0, raw);
    } else {
        raw[0] = Some(parts[0]);
        place_by_shape(&parts[1..], raw);
    }
}

fn place_in_order<'a>(parts: &[&'a str], offset: usize, raw: &mut [Option<&'a str>; 7]) {
    for (position, part) in parts.iter().enumerate() {
        if let Some(slot) = raw.get_mut(position + offset)
            && !part.is_empty()
        {
            *slot = Some(part);
        }
    }
}

fn place_by_shape<'a>(parts: &[&'a str], raw: &mut [Option<&'a str>; 7]) {
    let mut after_family = false;
    for part in parts {
        let name = clean::strip(part);
        if name.is_empty() {
            continue;
        }
        let one_word = !name.contains(' ');
        if is_phylum(name) {
            raw[Rank::Phylum.index()] = Some(part);
        } else if one_word && name.ends_with("ales") {
            raw[Rank::Order.index()] = Some(part);
        } else if one_word && name.ends_with("aceae") {
            raw[Rank::Family.index()] = Some(part);
            after_family = true;
        } else if clean::species_name(name, None).binomial.is_some() {
            raw[Rank::Species.index()] = Some(part);
        } else if after_family && clean::looks_like_genus(name) && !name.ends_with("deae") {
            raw[Rank::Genus.index()] = Some(part);
        }
    }
}

/// The old name of the Muribaculaceae: a clone's code, alone or behind its order (`Bacteroidales S24-7 group`).
fn is_s24_7(name: &str) -> bool {
    let bare = name.strip_prefix("Bacteroidales ").unwrap_or(name);
    let bare = bare.strip_suffix(" group").unwrap_or(bare);
    matches!(bare, "S24-7" | "S24.7")
}

/// A single name: binomial, family, order, phylum or genus, by its shape.
fn place_single<'a>(text: &'a str, raw: &mut [Option<&'a str>; 7]) {
    let name = clean::strip(text);
    let readable = name.replace('_', " ").replace(['[', ']'], "");
    let mut words = readable.split(' ').filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default();
    let first_written = name
        .split([' ', '_'])
        .next()
        .unwrap_or(name)
        .trim_matches(['[', ']']);
    // `Escherichia/Shigella`: genera that the marker cannot tell apart
    if text.contains('/') && text.split('/').all(clean::looks_like_genus) {
        raw[Rank::Genus.index()] = Some(text);
    } else if is_s24_7(&readable) {
        raw[Rank::Family.index()] = Some("S24-7");
    } else if domain_of(first) != Domain::Unknown && words.next().is_none() {
        raw[Rank::Domain.index()] = Some(text);
    } else if is_phylum(first) {
        raw[Rank::Phylum.index()] = Some(first_written);
    } else if CLASSES.contains(&first) {
        raw[Rank::Class.index()] = Some(first_written);
    } else if first.ends_with("aceae") {
        raw[Rank::Family.index()] = Some(first_written);
        if readable.ends_with(" group") {
            raw[Rank::Genus.index()] = Some(text);
        }
    } else if first.ends_with("ales") {
        raw[Rank::Order.index()] = Some(first_written);
    } else if [
        "uncultured ",
        "unclassified ",
        "unidentified ",
        "other ",
        "unknown ",
    ]
    .iter()
    .any(|start| readable.to_lowercase().starts_with(start))
    {
        place_single(
            &text[text.len().min(text.find([' ', '_']).map_or(0, |at| at + 1))..],
            raw,
        );
    } else if clean::species_name(name, None).binomial.is_some() {
        if readable.ends_with(" group") {
            raw[Rank::Genus.index()] = Some(text);
        } else {
            raw[Rank::Species.index()] = Some(text);
        }
    } else if readable.contains("(sensu stricto)") || readable.contains("sensu stricto") {
        raw[Rank::Genus.index()] = Some(text);
    } else if clean::looks_like_genus(first) {
        raw[Rank::Genus.index()] = if readable.contains(" et rel") || !readable.contains(' ') {
            Some(text)
        } else {
            Some(first_written)
        };
    }
}

#[cfg(test)]
mod tests;
