//! Which row holds which, and whether rows of higher rank are sums of the rows below: nothing is counted twice.

use std::collections::HashMap;

use crate::error::{PeopleError, Result};
use crate::taxonomy::{Rank, Style, undotted};

use super::cohort::{Cohort, Counting};
use super::resolve::{Kind, Taxon};

/// Samples looked at; more would tell no more.
const MOST_SAMPLES: usize = 200;

/// Relates the rows of a cohort; returns whether rows of higher rank are sums.
///
/// # Errors
/// When single names of several ranks cannot be told apart by their numbers.
pub fn relate_rows(cohort: &mut Cohort, taxa: &mut [Taxon]) -> Result<bool> {
    if cohort.counting == Counting::Exclusive {
        return Ok(false);
    }
    let texts: Vec<String> = cohort
        .features
        .iter()
        .map(|feature| {
            let text = feature.lineage.as_deref().unwrap_or(&feature.id);
            let text = text.trim().trim_matches('"').trim();
            undotted(text).unwrap_or_else(|| text.to_owned())
        })
        .collect();
    if cohort.counting == Counting::Unknown {
        higher_ranks_of_single_names(cohort, taxa, &texts)?;
    }
    let closure = find_parents(cohort.counting, taxa, &texts);
    if taxa.iter().all(|taxon| taxon.parent.is_none()) {
        return Ok(false);
    }
    let cumulative = match cohort.counting {
        Counting::Cumulative => true,
        _ => judge_sums(
            cohort,
            taxa,
            closure,
            texts.iter().all(|text| is_single(text)),
        )?,
    };
    for taxon in taxa.iter_mut() {
        if cumulative {
            taxon.below |= taxon.lineage.is_below_species() && taxon.parent.is_some();
        } else {
            taxon.parent = None;
        }
    }
    Ok(cumulative)
}

/// The sign between the parts of a lineage; `None` for a single name.
fn separator(text: &str) -> Option<char> {
    ['|', ';']
        .into_iter()
        .find(|sign| text.contains(*sign))
        .or_else(|| (text.contains("__") && text.contains(',')).then_some(','))
}

fn is_single(text: &str) -> bool {
    separator(text).is_none()
}

/// Sets the parents; returns the share of lineages whose direct parent is there.
fn find_parents(counting: Counting, taxa: &mut [Taxon], texts: &[String]) -> f64 {
    let keys: Vec<String> = texts.iter().map(|text| path(text)).collect();
    let mut index: HashMap<&str, u32> = HashMap::with_capacity(keys.len());
    let mut shared = 0_usize;
    for (at, key) in (0_u32..).zip(&keys) {
        if index.insert(key, at).is_some() {
            shared += 1;
        }
    }
    // many rows of one lineage are sequences or strains of it, not ranks
    if shared * 20 > keys.len() && counting == Counting::Unknown {
        return 0.0;
    }
    let genera = GenusRows::of(taxa, texts);
    let (mut direct, mut deep) = (0_usize, 0_usize);
    for (at, text) in texts.iter().enumerate() {
        let found = if is_single(text) {
            genera.of_species(&taxa[at], text)
        } else {
            deep += usize::from(keys[at].contains('\u{1}'));
            nearest_prefix(&keys[at], &index).map(|(parent, first)| {
                direct += usize::from(first);
                parent
            })
        };
        taxa[at].parent = found.filter(|parent| *parent as usize != at);
    }
    direct as f64 / deep.max(1) as f64
}

/// The row of the longest lineage that this lineage begins with, and whether it is just one rank above.
fn nearest_prefix(path: &str, index: &HashMap<&str, u32>) -> Option<(u32, bool)> {
    let mut rest = path;
    let mut first = true;
    while let Some(cut) = rest.rfind('\u{1}') {
        rest = &rest[..cut];
        if let Some(&parent) = index.get(rest) {
            return Some((parent, first));
        }
        first = false;
    }
    None
}

/// Rows of genera by single names.
struct GenusRows {
    /// By the name as the file writes it, without mark and brackets.
    written: HashMap<String, u32>,
    /// By the name used today.
    today: HashMap<String, u32>,
}

impl GenusRows {
    fn of(taxa: &[Taxon], texts: &[String]) -> Self {
        let (mut written, mut today) = (HashMap::new(), HashMap::new());
        for (at, (taxon, text)) in (0_u32..).zip(taxa.iter().zip(texts)) {
            if is_single(text)
                && taxon.rank == Some(Rank::Genus)
                && !names_a_species(taxon, text)
                && let Some(genus) = taxon.lineage.genus()
            {
                written.entry(bare_name(text)).or_insert(at);
                today.entry(genus.to_owned()).or_insert(at);
            }
        }
        Self { written, today }
    }

    /// The row that holds a species: the genus as the file writes it (`Bacteroides` for `Bacteroides dorei`), else the
    /// genus where the species is placed today (`Phocaeicola`).
    fn of_species(&self, taxon: &Taxon, text: &str) -> Option<u32> {
        if !names_a_species(taxon, text) {
            return None;
        }
        let bare = bare_name(text);
        let name = taxon.lineage.binomial_as_written().unwrap_or(&bare);
        let written = name
            .split(' ')
            .find(|word| !says_unknown(word))
            .unwrap_or_default();
        self.written
            .get(written)
            .or_else(|| self.today.get(taxon.lineage.genus()?))
            .copied()
    }
}

/// `Bacteroides dorei`, `s__…`, `Bacteroides sp. X`, `Bacteroides unclassified`; probe groups are none.
fn names_a_species(taxon: &Taxon, text: &str) -> bool {
    if taxon.lineage.style() == Style::HitChip {
        return false;
    }
    let bare = bare_name(text);
    let unnamed = bare.split(' ').nth(1).is_some_and(|word| {
        matches!(
            word.trim_end_matches('.'),
            "sp" | "spp" | "cf" | "aff" | "unclassified" | "noname" | "bacterium" | "genomosp"
        )
    });
    let stands_for_one = bare
        .split_once(' ')
        .is_some_and(|(first, _)| says_unknown(first));
    taxon.lineage.species().is_some() || text.starts_with("s__") || unnamed || stands_for_one
}

/// The first word of `unclassified Bacteroides` and the like.
fn says_unknown(word: &str) -> bool {
    ["unclassified", "uncultured", "unidentified"]
        .iter()
        .any(|unknown| word.eq_ignore_ascii_case(unknown))
}

/// A single name without its rank mark, brackets and underscores.
fn bare_name(text: &str) -> String {
    text.split_once("__")
        .map_or(text, |(_, bare)| bare)
        .replace('_', " ")
        .replace(['[', ']'], "")
        .trim()
        .to_owned()
}

/// Parts of a lineage joined by a sign that no name holds.
fn path(text: &str) -> String {
    let separator = separator(text).unwrap_or(';');
    let mut parts: Vec<&str> = text.split(separator).map(str::trim).collect();
    while parts
        .last()
        .is_some_and(|part| part.is_empty() || part.ends_with("__"))
    {
        parts.pop();
    }
    parts.join("\u{1}")
}

/// Rows of families and above beside rows of genera or species, all by single names: which family holds which genus is
/// not said, but the sums tell whether the higher ranks say the same once more.
fn higher_ranks_of_single_names(
    cohort: &mut Cohort,
    taxa: &mut [Taxon],
    texts: &[String],
) -> Result<()> {
    let ranks: Vec<Option<Rank>> = taxa
        .iter()
        .zip(texts)
        .map(|(taxon, text)| match (taxon.kind, taxon.rank) {
            // `Lachnospiraceae bacterium 1_1_57FAA` is a species whose genus is not known
            (Kind::Microbe | Kind::Fungus, Some(rank)) if is_single(text) => {
                let one_word = !bare_name(text).contains(' ');
                Some(if one_word {
                    rank.min(Rank::Genus)
                } else {
                    Rank::Genus
                })
            }
            _ => None,
        })
        .collect();
    let higher: Vec<Rank> = Rank::ALL
        .into_iter()
        .filter(|rank| *rank < Rank::Genus && ranks.contains(&Some(*rank)))
        .collect();
    if higher.is_empty() || !ranks.contains(&Some(Rank::Genus)) {
        return Ok(());
    }
    // species are left out of these sums: their genera may hold them
    let fine: Vec<bool> = genera_alone(taxa, texts, &ranks);
    let sums = RankSums::of(cohort, &ranks, &fine)?;
    let names = |ranks: &[Rank]| {
        ranks
            .iter()
            .map(|rank| rank.name())
            .collect::<Vec<_>>()
            .join(", ")
    };
    if sums.repeat(&higher) {
        leave_out(cohort, taxa, &ranks, &fine)?;
        cohort.notes.push(format!(
            "the rows of the ranks {} add up to as much as the genera: they hold the same once more and are left out; what they hold beyond the genera is taken as unclassified",
            names(&higher)
        ));
        return Ok(());
    }
    if sums.outweigh(&higher) {
        return Err(PeopleError::Malformed {
            file: cohort.file.clone(),
            place: "names of the rows".to_owned(),
            found: format!("single names of several ranks ({}, genus), the higher ones with more than the genera together", names(&higher)),
            expected: "rows of one rank, or lineages".to_owned(),
            advice: "The rows of higher rank may hold the genera or stand beside them, and nothing tells which: write lineages (`f__Lachnospiraceae;g__Roseburia`), or keep the rows of one rank".to_owned(),
        });
    }
    cohort.notes.push(format!(
        "rows of the ranks {} beside genera are taken as reads that stop there (they hold less than the genera)",
        names(&higher)
    ));
    Ok(())
}

/// Rows that count as genera: genera, and species whose genus has no row.
fn genera_alone(taxa: &[Taxon], texts: &[String], ranks: &[Option<Rank>]) -> Vec<bool> {
    let genera = GenusRows::of(taxa, texts);
    taxa.iter()
        .zip(texts)
        .zip(ranks)
        .map(|((taxon, text), rank)| {
            *rank == Some(Rank::Genus) && genera.of_species(taxon, text).is_none()
        })
        .collect()
}

/// Sums of each rank in each of the samples looked at.
struct RankSums {
    /// By rank: one sum a sample.
    by_rank: HashMap<Rank, Vec<f64>>,
    genera: Vec<f64>,
    whole: Vec<f64>,
}

impl RankSums {
    fn of(cohort: &Cohort, ranks: &[Option<Rank>], fine: &[bool]) -> Result<Self> {
        let count = cohort.samples.len().min(MOST_SAMPLES);
        let mut sums = Self {
            by_rank: HashMap::new(),
            genera: vec![0.0; count],
            whole: vec![0.0; count],
        };
        for (at, sample) in cohort.samples.iter().take(count).enumerate() {
            let sample = sample?;
            sums.whole[at] = sample.unclassified;
            for (&feature, &value) in sample.features.iter().zip(&sample.values) {
                let feature = feature as usize;
                sums.whole[at] += value;
                match ranks[feature] {
                    Some(rank) if rank < Rank::Genus => {
                        sums.by_rank.entry(rank).or_insert_with(|| vec![0.0; count])[at] += value;
                    }
                    _ if fine[feature] => sums.genera[at] += value,
                    _ => {}
                }
            }
        }
        Ok(sums)
    }

    fn of_rank(&self, rank: Rank) -> &[f64] {
        self.by_rank.get(&rank).map_or(&[], Vec::as_slice)
    }

    /// Whether some higher rank holds as much as the genera or as another higher rank, or adds up to a whole alone.
    fn repeat(&self, higher: &[Rank]) -> bool {
        let same = |one: &[f64], other: &[f64]| {
            most(one.iter().zip(other), |&(&one, &other): &(&f64, &f64)| {
                one > 0.0 && (one / other - 1.0).abs() < 0.01
            })
        };
        let within = |part: &[f64], whole: &[f64]| {
            most(part.iter().zip(whole), |&(&part, &whole): &(&f64, &f64)| {
                part <= whole * 1.01
            })
        };
        if adds_up(&self.whole) {
            return false;
        }
        higher.iter().enumerate().any(|(at, rank)| {
            let sums = self.of_rank(*rank);
            same(sums, &self.genera)
                || (adds_up(sums) && within(&self.genera, sums))
                || higher[at + 1..]
                    .iter()
                    .any(|other| same(sums, self.of_rank(*other)))
        })
    }

    /// Whether a higher rank holds more than the genera, in most samples.
    fn outweigh(&self, higher: &[Rank]) -> bool {
        !adds_up(&self.whole)
            && higher.iter().any(|rank| {
                most(
                    self.of_rank(*rank).iter().zip(&self.genera),
                    |(one, genera)| one >= genera,
                )
            })
    }
}

/// Whether sums are those of shares of one or of percentages.
fn adds_up(sums: &[f64]) -> bool {
    most(sums.iter().copied(), |sum| {
        (sum - 1.0).abs() < 0.02 || (sum - 100.0).abs() < 2.0
    })
}

/// Whether nine of ten fulfil a condition.
fn most<T>(items: impl ExactSizeIterator<Item = T>, test: impl Fn(&T) -> bool) -> bool {
    let count = items.len();
    count > 0 && items.filter(|item| test(item)).count() * 10 >= count * 9
}

/// Takes the rows above genus out of every sample; what they hold beyond the genera is unclassified.
fn leave_out(
    cohort: &mut Cohort,
    taxa: &mut [Taxon],
    ranks: &[Option<Rank>],
    fine: &[bool],
) -> Result<()> {
    for (taxon, rank) in taxa.iter_mut().zip(ranks) {
        taxon.below |= rank.is_some_and(|rank| rank < Rank::Genus);
    }
    cohort.samples = cohort.samples.changed(|sample| {
        let mut higher: HashMap<Rank, f64> = HashMap::new();
        let mut kept = (Vec::new(), Vec::new());
        let mut genera = 0.0;
        for (&feature, &value) in sample.features.iter().zip(&sample.values) {
            match ranks[feature as usize] {
                Some(rank) if rank < Rank::Genus => *higher.entry(rank).or_default() += value,
                _ => {
                    genera += if fine[feature as usize] { value } else { 0.0 };
                    kept.0.push(feature);
                    kept.1.push(value);
                }
            }
        }
        let most = higher.into_values().fold(0.0, f64::max);
        let rest = most - genera;
        if rest > 0.01 * most {
            sample.unclassified += rest;
        }
        (sample.features, sample.values) = kept;
    })?;
    Ok(())
}

/// Sums or not, by the numbers: a row below its children ends the matter; else totals, else closure.
fn judge_sums(
    cohort: &mut Cohort,
    taxa: &[Taxon],
    closure: f64,
    single_names: bool,
) -> Result<bool> {
    let evidence = Evidence::of(cohort, taxa)?;
    let (cumulative, why) = if evidence.broken * 50 > evidence.held + evidence.broken {
        (false, "some hold less than the rows below them")
    } else if adds_up(&evidence.leaves) && !adds_up(&evidence.all) {
        (true, "only so do the shares add up to a whole")
    } else if adds_up(&evidence.all) {
        (false, "only so do the shares add up to a whole")
    } else if closure >= 0.9 {
        (true, "none holds less than the rows below it")
    } else if single_names {
        (
            true,
            "none holds less than the species of its name; nothing else in the table tells it",
        )
    } else {
        (false, "the ranks between are not all there")
    };
    cohort.notes.push(if !cumulative {
        format!("rows of higher rank are taken as reads that stop at that rank ({why})")
    } else if single_names {
        format!("rows of genera are taken as sums of their species ({why}); what they hold beyond these counts as `genus, species unknown`")
    } else {
        format!("rows of higher rank are taken as sums of the rows below ({why}); only what is not in a row below is counted again")
    });
    Ok(cumulative)
}

/// What the numbers say of rows and the rows below them.
#[derive(Default)]
struct Evidence {
    held: usize,
    broken: usize,
    all: Vec<f64>,
    leaves: Vec<f64>,
}

impl Evidence {
    fn of(cohort: &Cohort, taxa: &[Taxon]) -> Result<Self> {
        let mut found = Self::default();
        let mut own = vec![0.0; taxa.len()];
        let mut below = vec![0.0; taxa.len()];
        let mut children = vec![0_u32; taxa.len()];
        for sample in cohort.samples.iter().take(MOST_SAMPLES) {
            let sample = sample?;
            own.fill(0.0);
            below.fill(0.0);
            children.fill(0);
            for (&feature, &value) in sample.features.iter().zip(&sample.values) {
                own[feature as usize] += value;
                if let Some(parent) = taxa[feature as usize].parent {
                    below[parent as usize] += value;
                    children[parent as usize] += 1;
                }
            }
            let total: f64 = own.iter().sum();
            let whole = sample.values.iter().all(|value| value.fract() == 0.0);
            // shares printed with two decimals of a per cent
            let rounding = if whole { 0.0 } else { 5e-5 * total };
            for at in (0..taxa.len()).filter(|at| below[*at] > 0.0) {
                let slack = own[at] * 0.01 + f64::from(children[at] + 1) * rounding + 1e-9;
                if below[at] > own[at] + slack {
                    found.broken += 1;
                } else {
                    found.held += 1;
                }
            }
            found.all.push(total + sample.unclassified);
            let rest = own
                .iter()
                .zip(&below)
                .map(|(own, below)| (own - below).max(0.0));
            found.leaves.push(rest.sum::<f64>() + sample.unclassified);
        }
        Ok(found)
    }
}
