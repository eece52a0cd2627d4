//! From the rows of a file to taxa: names, guilds, traits, and which row holds which.

use std::collections::HashMap;

use crate::error::{PeopleError, Result};
use crate::taxonomy::{Assignment, Domain, Guild, Lineage, Matched, Rank, Style, Vocabulary};

use super::cohort::{Cohort, Format, RawFeature};
use super::method::{self, Method, Unit};
use super::nesting;
use super::read::labels::{self, IdKind, Tally};
use super::rules::Rules;
use super::text::{Text, visible};

/// What lives in a stool sample, and what only passed through the sequencer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Bacteria, archaea.
    Microbe,
    /// Fungi.
    Fungus,
    /// Host and other eukaryotes.
    Eukaryote,
    /// Viruses.
    Virus,
    /// Rows such as `root`, which say nothing.
    Unplaced,
}

/// Phyla of the ratio that is reported and never scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhylumClass {
    /// Bacillota, formerly Firmicutes.
    Bacillota,
    /// Bacteroidota, formerly Bacteroidetes.
    Bacteroidota,
    /// Any other, or unknown.
    Other,
}

/// Functions that the table's traits tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Functions {
    /// Makes butyrate.
    pub butyrate: bool,
    /// Makes propionate.
    pub propionate: bool,
    /// Opportunist: pathobiont of the gut or of the mouth.
    pub opportunist: bool,
}

/// A row of the file, understood.
#[derive(Debug, Clone)]
pub struct Taxon {
    /// Name to show.
    pub name: Text,
    /// Lineage.
    pub lineage: Lineage,
    /// Kind of organism.
    pub kind: Kind,
    /// Guild; `None` where the table does not list the taxon.
    pub guild: Option<Guild>,
    /// Level at which the table knew it.
    pub matched: Option<Matched>,
    /// Functions.
    pub functions: Functions,
    /// Marker sets it belongs to.
    pub markers: Vec<usize>,
    /// Phylum for the ratio.
    pub phylum: PhylumClass,
    /// Row that holds this row, where rows are cumulative.
    pub parent: Option<u32>,
    /// Finest rank of the row.
    pub rank: Option<Rank>,
    /// Whether the row is a species, named or not (`s__Blautia_sp_CAG_257`).
    pub species_row: bool,
    /// Left out because the row above holds it (strains below species).
    pub below: bool,
}

/// A cohort with its rows understood.
#[derive(Debug)]
pub struct Resolved {
    /// The file's content.
    pub cohort: Cohort,
    /// One taxon a feature.
    pub taxa: Vec<Taxon>,
    /// Method.
    pub method: Method,
    /// What is counted for diversity.
    pub unit: Unit,
    /// Whether rows of higher rank hold the rows below.
    pub cumulative: bool,
    /// Style of most names.
    pub style: Style,
}

/// Understands the rows of a cohort.
///
/// # Errors
/// When most features are identifiers without a taxonomy, or no taxa at all.
pub fn resolve(
    mut cohort: Cohort,
    words: &Vocabulary,
    rules: &Rules,
    method: Option<Method>,
) -> Result<Resolved> {
    refuse_unnamed(&cohort, words)?;
    remark_unused_names(&mut cohort, words);
    recase(&mut cohort, words);
    let with_lineages = cohort.features.iter().any(|f| f.lineage.is_some());
    let (mut unplaced, mut renamed, mut overruled, mut contradicted) = (0_usize, 0, 0, 0);
    let mut styles: HashMap<Style, usize> = HashMap::new();
    let mut taxa = Vec::with_capacity(cohort.features.len());
    for feature in &cohort.features {
        let lineage = match &feature.lineage {
            Some(text) => {
                let mut lineage = words.lineage(text, &cohort.rank_names);
                match refine(&mut lineage, &feature.id, words) {
                    Beside::Agrees => {}
                    Beside::Renames => renamed += 1,
                    Beside::Overruled => overruled += 1,
                    Beside::Contradicts => contradicted += 1,
                }
                lineage
            }
            None => words.lineage(&feature.id, &[]),
        };
        *styles.entry(lineage.style()).or_default() += 1;
        let mut taxon = taxon(feature, lineage, words, rules);
        if with_lineages
            && feature.lineage.is_none()
            && !labels::may_name_a_taxon(&feature.id, words)
        {
            taxon.kind = Kind::Unplaced;
            taxon.guild = None;
            unplaced += 1;
        }
        taxa.push(taxon);
    }
    if unplaced > 0 {
        cohort.notes.push(format!(
            "{unplaced} features have no lineage where others have one: they count as unclassified"
        ));
    }
    if renamed > 0 {
        cohort.notes.push(format!(
            "{renamed} species are of another genus than the lineages beside them, as databases differ: the species hold"
        ));
    }
    if overruled > 0 {
        cohort.notes.push(format!(
            "{overruled} names are of another genus than the lineages beside them, or in no table: the lineages hold"
        ));
    }
    if contradicted > 0 {
        cohort.notes.push(format!(
            "{contradicted} names are of another phylum than the lineages beside them: the lineages hold"
        ));
    }
    let mut styles: Vec<(Style, usize)> = styles.into_iter().collect();
    styles.sort_by_key(|(style, count)| (std::cmp::Reverse(*count), *style as usize));
    let ids = Tally::of(
        cohort
            .features
            .iter()
            .filter(|feature| feature.lineage.is_some())
            .map(|feature| feature.id.as_str()),
        words,
    );
    let sequences = matches!(ids.id_kind, Some(IdKind::Md5 | IdKind::Sequence)) && ids.are_ids();
    let numbered = matches!(ids.id_kind, Some(IdKind::Otu)) && ids.are_ids();
    let (guessed, why) = method::guess(&cohort, &styles, sequences || numbered, ids.are_numbers());
    if method.is_none() {
        cohort
            .notes
            .insert(0, format!("method: {} (from {why})", guessed.name()));
    }
    let method = stated_or_named(&mut cohort, guessed, method);
    // bare numbers are those of OTUs (Greengenes) only where something else tells 16S
    let otus = numbered || (ids.are_numbers() && method == Method::Amplicon16s);
    let cumulative = nesting::relate_rows(&mut cohort, &mut taxa)?;
    let ranks: Vec<Option<Rank>> = leaf_ranks(&taxa, cumulative);
    let unit = method::unit(method, sequences, otus, &ranks);
    let style = styles.first().map_or(Style::Name, |(style, _)| *style);
    Ok(Resolved {
        cohort,
        taxa,
        method,
        unit,
        cumulative,
        style,
    })
}

/// What became of a name beside a lineage.
enum Beside {
    /// It tells nothing more, or added genus and species to a lineage that agrees.
    Agrees,
    /// It is of another genus of the same phylum, which databases name differently: the name holds.
    Renames,
    /// It is another genus, or a species of one that no table lists: the lineage holds.
    Overruled,
    /// It is of another phylum: the lineage holds.
    Contradicts,
}

/// A name that tells more than the lineage beside it adds its genus and species, also where the databases name the genus
/// differently (*Ruminococcus torques* under `g__Mediterraneibacter`).
fn refine(lineage: &mut Lineage, id: &str, words: &Vocabulary) -> Beside {
    if lineage.species().is_some() || !labels::names_a_taxon(id, words) {
        return Beside::Agrees;
    }
    let name = words.lineage(id, &[]);
    let Some(genus) = name.genus() else {
        return Beside::Agrees;
    };
    let same_genus = lineage.genus().is_none_or(|known| known == genus);
    let listed = words.taxa.assign(&name).map(|found| found.entry.guild);
    if !same_genus && (name.species().is_none() || listed.is_none()) {
        return Beside::Overruled;
    }
    let of_lineage = words.taxa.assign(lineage).map(|found| found.entry.guild);
    let phyla = [phylum_of(lineage, of_lineage), phylum_of(&name, listed)];
    if let [Some(one), Some(other)] = phyla
        && one != other
    {
        return Beside::Contradicts;
    }
    // an older name of the genus is no contradiction
    let written = name.binomial_as_written();
    let written = written.and_then(|text| text.split(' ').next());
    let renamed = !same_genus && written != lineage.genus();
    lineage.refine(&name);
    if renamed {
        Beside::Renames
    } else {
        Beside::Agrees
    }
}

/// The phylum as named today, from the lineage or, where it has none, from the guild.
fn phylum_of(lineage: &Lineage, guild: Option<Guild>) -> Option<&'static str> {
    const STARTS: &[(&str, &str)] = &[
        ("Firmicutes", "Bacillota"),
        ("Bacillota", "Bacillota"),
        ("Bacteroid", "Bacteroidota"),
        ("Actino", "Actinomycetota"),
        ("Proteobacteria", "Pseudomonadota"),
        ("Pseudomonadota", "Pseudomonadota"),
        ("Verruco", "Verrucomicrobiota"),
    ];
    if let Some(name) = lineage.at(Rank::Phylum) {
        let known = STARTS.iter().find(|(start, _)| name.starts_with(start));
        return known.map(|(_, phylum)| *phylum);
    }
    match guild? {
        Guild::Bif => Some("Actinomycetota"),
        Guild::Ent => Some("Pseudomonadota"),
        Guild::Akk => Some("Verrucomicrobiota"),
        guild => match phylum_class(lineage, Some(guild)) {
            PhylumClass::Bacillota => Some("Bacillota"),
            PhylumClass::Bacteroidota => Some("Bacteroidota"),
            PhylumClass::Other => None,
        },
    }
}

/// Names all in capitals or in small letters are read in the case of the databases, where these know them.
fn recase(cohort: &mut Cohort, words: &Vocabulary) {
    let mut example = None;
    let mut count = 0_usize;
    for feature in &mut cohort.features {
        let text = feature.lineage.as_mut().unwrap_or(&mut feature.id);
        let Some(new) = words.recased(text) else {
            continue;
        };
        count += 1;
        let old = std::mem::replace(text, new);
        example.get_or_insert_with(|| {
            let shown = super::read::shorten;
            format!("`{}` as `{}`", shown(&old), shown(text))
        });
    }
    if let Some(example) = example {
        cohort.recased = true;
        cohort.notes.push(format!(
            "{count} of {} names are all in capitals or in small letters and are read in the usual case ({example}); names that no list here knows may differ from those of a reference",
            cohort.features.len()
        ));
    }
}

/// Names that the user maps and that this file does not hold: perhaps written in another way.
fn remark_unused_names(cohort: &mut Cohort, words: &Vocabulary) {
    if words.names.is_empty() {
        return;
    }
    let ids = (cohort.features.iter())
        .flat_map(|feature| [Some(feature.id.as_str()), feature.lineage.as_deref()])
        .flatten();
    let unused = words.names.unused(ids);
    let Some(first) = unused.first() else { return };
    let note = format!(
        "{} of the {} names of --names occur nowhere in this file, such as `{}`: they do nothing here",
        unused.len(),
        words.names.len(),
        super::read::shorten(first)
    );
    cohort.notes.push(note);
}

/// A header that names MetaPhlAn's database is not overruled by the user.
fn stated_or_named(cohort: &mut Cohort, guessed: Method, named: Option<Method>) -> Method {
    let Some(named) = named else {
        return guessed;
    };
    let stated = cohort
        .database
        .as_deref()
        .filter(|database| database.starts_with("mpa_v") && guessed != named)
        .map(str::to_owned);
    match stated {
        Some(database) => {
            cohort.notes.insert(
                0,
                format!(
                    "method: {}, by the database in the header ({database}); the header holds, not the named {}",
                    guessed.name(),
                    named.name()
                ),
            );
            guessed
        }
        None => named,
    }
}

/// Ranks of the rows that no other row is part of.
fn leaf_ranks(taxa: &[Taxon], cumulative: bool) -> Vec<Option<Rank>> {
    let mut inner = vec![false; taxa.len()];
    if cumulative {
        for taxon in taxa.iter().filter(|taxon| !taxon.below) {
            if let Some(parent) = taxon.parent {
                inner[parent as usize] = true;
            }
        }
    }
    taxa.iter()
        .zip(inner)
        .filter(|(taxon, inner)| {
            !inner && !taxon.below && matches!(taxon.kind, Kind::Microbe | Kind::Fungus)
        })
        .map(|(taxon, _)| taxon.rank)
        .collect()
}

fn refuse_unnamed(cohort: &Cohort, words: &Vocabulary) -> Result<()> {
    let ids = cohort.features.iter().map(|feature| feature.id.as_str());
    super::read::refuse_functions(&cohort.file, ids)?;
    let unnamed: Vec<&str> = cohort
        .features
        .iter()
        .filter(|feature| feature.lineage.is_none())
        .map(|feature| feature.id.as_str())
        .collect();
    let placed = |feature: &RawFeature| {
        let lineage = feature.lineage.as_deref();
        lineage.is_some_and(|text| !labels::is_no_lineage(text))
    };
    if cohort.features.iter().any(placed) {
        return Ok(());
    }
    let tally = Tally::of(unnamed.iter().copied(), words);
    if tally.are_taxa()
        || (tally.taxa() >= 0.5
            && cohort.format != Format::BiomHdf5
            && cohort.format != Format::BiomJson)
    {
        return Ok(());
    }
    let sample_names = cohort.samples.ids();
    let example = unnamed.first().copied().unwrap_or_default();
    let (seems, needed) = if let Some(other) =
        labels::guess_other(sample_names).or_else(|| labels::guess_other(unnamed.iter().copied()))
    {
        (
            other.to_owned(),
            "A profile names taxa or sequence features of microbes".to_owned(),
        )
    } else if let Some(kind) = tally
        .id_kind
        .filter(|_| tally.are_ids() || tally.are_numbers())
    {
        (
            format!(
                "a feature table whose {} features are named by {} (such as `{}`), without a taxonomy",
                cohort.features.len(),
                kind.name(),
                super::read::shorten(example)
            ),
            taxonomy_needed(kind),
        )
    } else {
        (
            format!("a table of {} features that are no taxa (such as `{}`)", cohort.features.len(), super::read::shorten(example)),
            "A profile names taxa, as lineages or names; give a taxonomy file beside the table if its features have one".to_owned(),
        )
    };
    Err(PeopleError::NotAProfile {
        file: cohort.file.clone(),
        seems,
        needed,
    })
}

fn taxonomy_needed(kind: IdKind) -> String {
    match kind {
        IdKind::NcbiTaxid => "Write the names or lineages beside the ids (taxpasta: --add-name --add-lineage), or give a table of id and lineage as a further file".to_owned(),
        _ => "Give the taxonomy as a further file (QIIME 2: taxonomy.qza or its taxonomy.tsv; mothur: .cons.taxonomy; or a table of id and lineage)".to_owned(),
    }
}

fn taxon(feature: &RawFeature, mut lineage: Lineage, words: &Vocabulary, rules: &Rules) -> Taxon {
    let id = feature.id.as_str();
    let text = feature.lineage.as_deref().unwrap_or(id);
    let assignment = words.taxa.assign(&lineage);
    let markers = rules.markers().sets_of(&lineage);
    let kind = kind_of(text, &lineage, assignment.as_ref(), &markers, rules);
    if lineage.domain() == Domain::Unknown && kind == Kind::Microbe {
        lineage.set_domain(Domain::Bacteria);
    }
    let guild = assignment
        .map(|found| found.entry.guild)
        .filter(|_| matches!(kind, Kind::Microbe | Kind::Fungus));
    let rank = lineage.finest().map(|(rank, _)| rank);
    Taxon {
        name: Text::from(&*visible(&display_name(id, &lineage))),
        kind,
        guild,
        matched: assignment
            .filter(|_| guild.is_some())
            .map(|found| found.matched),
        functions: assignment
            .filter(|_| guild.is_some())
            .map(functions)
            .unwrap_or_default(),
        markers,
        phylum: phylum_class(&lineage, guild),
        parent: None,
        rank,
        species_row: lineage.species().is_some() || is_species_row(id),
        below: false,
        lineage,
    }
}

/// A row that ends at a species mark with something behind it.
fn is_species_row(id: &str) -> bool {
    let mut parts = id.rsplit(['|', ';']).map(str::trim);
    parts
        .find(|part| !part.starts_with("t__"))
        .and_then(|part| part.strip_prefix("s__"))
        .is_some_and(|name| !name.is_empty())
}

fn display_name(id: &str, lineage: &Lineage) -> String {
    let last = id.rsplit(['|', ';']).next().unwrap_or(id).trim();
    let bare = last
        .split_once("__")
        .map_or(last, |(_, bare)| bare)
        .replace('_', " ");
    if matches!(lineage.domain(), Domain::Viruses) {
        return super::read::shorten(&bare);
    }
    match lineage.finest() {
        Some((Rank::Species, name)) => name.to_owned(),
        Some((Rank::Genus, name)) => {
            // a bin or an unnamed species keeps the name that tells it apart
            if bare.starts_with(name) && bare.len() > name.len() {
                bare
            } else {
                name.to_owned()
            }
        }
        Some((rank, name)) => format!("{name} ({} only)", rank.name()),
        None => super::read::shorten(id),
    }
}

fn kind_of(
    text: &str,
    lineage: &Lineage,
    assignment: Option<&Assignment<'_>>,
    markers: &[usize],
    rules: &Rules,
) -> Kind {
    if is_organelle(text) {
        return Kind::Eukaryote;
    }
    match lineage.domain() {
        Domain::Bacteria | Domain::Archaea => Kind::Microbe,
        Domain::Fungi => Kind::Fungus,
        Domain::Eukaryota => match assignment {
            Some(found) if found.entry.guild == Guild::Yea => Kind::Fungus,
            _ => Kind::Eukaryote,
        },
        Domain::Viruses => Kind::Virus,
        Domain::Unknown if labels::is_no_lineage(text) => Kind::Unplaced,
        Domain::Unknown => {
            let lower = text.to_lowercase();
            let host = markers.iter().any(|set| {
                matches!(
                    rules.markers().kinds()[*set].as_str(),
                    "host" | "food_plant"
                )
            });
            if host || lower == "eukaryota" {
                Kind::Eukaryote
            } else if let Some(found) = assignment {
                if found.entry.guild == Guild::Yea {
                    Kind::Fungus
                } else {
                    Kind::Microbe
                }
            } else if lower.contains("virus")
                || lower.contains("phage")
                || lower.contains("viridae")
            {
                Kind::Virus
            } else if lineage.finest().is_none() && text.trim() == "1" {
                Kind::Unplaced
            } else {
                Kind::Microbe
            }
        }
    }
}

/// Chloroplasts and mitochondria: 16S databases place them among bacteria, the cells they come from are food or host.
#[must_use]
pub fn is_organelle(text: &str) -> bool {
    text.split(['|', ';', ',']).any(|part| {
        let part = part.trim().trim_matches('"');
        let name = part.rsplit_once("__").map_or(part, |(_, name)| name);
        let name = name.split('(').next().unwrap_or(name).trim();
        [
            "chloroplast",
            "chloroplasts",
            "mitochondria",
            "mitochondrion",
        ]
        .iter()
        .any(|organelle| name.eq_ignore_ascii_case(organelle))
    })
}

fn functions(found: Assignment<'_>) -> Functions {
    let entry = found.entry;
    let makes = |acid: &str, exceptions: &[&str]| {
        entry
            .traits
            .iter()
            .any(|text| text.starts_with(acid) && !exceptions.contains(&text.as_str()))
    };
    Functions {
        butyrate: makes("butyrate", &["butyrate_some"]) && !entry.has("no_butyrate"),
        propionate: makes("propionate", &["propionate_propanediol_some"]),
        opportunist: matches!(
            entry.function.as_str(),
            "proteobacteria_pathobiont"
                | "proteobacteria_like_pathobiont"
                | "proteolytic_pathobiont"
                | "oral_pathobiont"
        ) || entry.has("pathobiont")
            || entry.has("pathogen"),
    }
}

/// The phylum, or what the guild implies where the file names no phylum.
fn phylum_class(lineage: &Lineage, guild: Option<Guild>) -> PhylumClass {
    match lineage.at(Rank::Phylum) {
        Some("Bacillota") => PhylumClass::Bacillota,
        Some("Bacteroidota") => PhylumClass::Bacteroidota,
        Some(name) if name.starts_with("Bacillota") || name.starts_with("Firmicutes") => {
            PhylumClass::Bacillota
        }
        Some(_) => PhylumClass::Other,
        None => match guild {
            Some(Guild::Bac | Guild::Pre) => PhylumClass::Bacteroidota,
            Some(
                Guild::Rum
                | Guild::Fib
                | Guild::Lab
                | Guild::Ros
                | Guild::Ana
                | Guild::Fae
                | Guild::Bla
                | Guild::Cdi,
            ) => PhylumClass::Bacillota,
            _ => PhylumClass::Other,
        },
    }
}
