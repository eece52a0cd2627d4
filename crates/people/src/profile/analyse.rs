//! From an understood cohort to one report a sample.

mod against;
mod markers;
mod notes;

use std::collections::HashMap;

use rayon::prelude::*;

use crate::error::{PeopleError, Result};
use crate::taxonomy::{Guild, Matched, Vocabulary};

use super::cohort::Cohort;
use super::detect::{Detector, Seen};
use super::diversity::{Diversity, diversity};
use super::indices::gmwi2::{Gmwi2, Prepared, Score};
use super::indices::lps::LpsWeights;
use super::method::{Method, Unit};
use super::readings::{RawSample, Samples};
use super::reference::{Reference, Spread};
use super::resolve::{Kind, PhylumClass, Resolved, Taxon, resolve};
use super::rules::Rules;
use super::sample::{LeftOut, Mapping, SampleReport, Scale, Shares, WarningKind};
use super::scale::{Scratch, judge_scale};
use super::text::Text;

/// Names with indices.
#[derive(Debug, Clone, Default)]
pub struct Names {
    index: HashMap<String, u32>,
    names: Vec<String>,
}

impl Names {
    /// Index of a name, new or known.
    pub fn index(&mut self, name: &str) -> u32 {
        if let Some(&at) = self.index.get(name) {
            return at;
        }
        let at = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.index.insert(name.to_owned(), at);
        self.names.push(name.to_owned());
        at
    }

    /// All names, by index.
    #[must_use]
    pub fn all(&self) -> &[String] {
        &self.names
    }
}

/// Everything that analysing needs beside the profiles.
#[derive(Debug)]
pub struct Analyser {
    /// Names and guilds.
    pub words: Vocabulary,
    /// Thresholds and markers.
    pub rules: Rules,
    /// References, the first that fits is used.
    pub references: Vec<Reference>,
    /// Method named by the user.
    pub method: Option<Method>,
    /// Keep compositions at the file's own unit.
    pub keep_composition: bool,
    gmwi2: Gmwi2,
    lps: LpsWeights,
}

/// The reports of one file.
#[derive(Debug)]
pub struct FileReport {
    /// Name of the file.
    pub file: String,
    /// Format in words.
    pub format: &'static str,
    /// Method.
    pub method: Method,
    /// Database or program version from the header.
    pub database: Option<String>,
    /// What the reader assumed or met.
    pub notes: Vec<String>,
    /// Samples.
    pub samples: Vec<SampleReport>,
}

impl Analyser {
    /// An analyser with what ships with the project; `references` may begin with a user's own.
    ///
    /// # Errors
    /// When a shipped file is damaged.
    pub fn new(words: Vocabulary, references: Vec<Reference>) -> Result<Self> {
        let rules = Rules::shipped()?;
        let mean = Reference::shipped()?
            .into_iter()
            .find(|reference| reference.spread == Spread::StudyMeans)
            .map(|reference| reference.guild_means)
            .unwrap_or_default();
        let lps = LpsWeights::new(&rules, |guild| {
            mean.get(guild.code()).copied().unwrap_or(0.0)
        })?;
        let gmwi2 = Gmwi2::shipped(rules.value("gmwi2.presence")?)?;
        Ok(Self {
            words,
            rules,
            references,
            method: None,
            keep_composition: false,
            gmwi2,
            lps,
        })
    }

    /// Analyses one file's cohort.
    ///
    /// # Errors
    /// When no sample of it can be analysed.
    pub fn analyse(
        &self,
        cohort: Cohort,
        genera: &mut Names,
        rows: &mut Names,
    ) -> Result<FileReport> {
        let mut resolved = resolve(cohort, &self.words, &self.rules, self.method)?;
        let scale = judge_scale(&mut resolved)?;
        let readings = std::mem::replace(&mut resolved.cohort.samples, Samples::none());
        let view = View::new(self, &resolved, scale, genera, rows)?;
        let mut samples: Vec<SampleReport> = Vec::with_capacity(readings.len());
        for batch in readings.batches() {
            samples.par_extend(batch?.into_par_iter().map_init(
                || Scratch::new(&resolved),
                |scratch, sample| view.report(&sample, scratch),
            ));
        }
        if let Some(first) = samples.first()
            && samples.iter().all(|sample| sample.refused.is_some())
        {
            return Err(PeopleError::NotAProfile {
                file: resolved.cohort.file.clone(),
                seems: format!("a {} without gut microbes: {}", resolved.cohort.format.name(), first.refused.clone().unwrap_or_default()),
                needed: "A stool profile needs bacteria or archaea; check the sample, the database, and the removal of host reads".to_owned(),
            });
        }
        let mut notes = resolved.cohort.notes.clone();
        notes.extend(view.notes(&samples));
        Ok(FileReport {
            file: resolved.cohort.file.clone(),
            format: resolved.cohort.format.name(),
            method: resolved.method,
            database: resolved.cohort.database.clone(),
            notes,
            samples,
        })
    }

    fn reference_for(&self, method: Method, unit: Unit) -> Option<&Reference> {
        self.references.iter().find(|reference| {
            reference.method == method
                && reference.spread == Spread::People
                && (reference.unit == unit || reference.unit == Unit::Genus)
        })
    }
}

/// All that the samples of one file share.
struct View<'a> {
    analyser: &'a Analyser,
    resolved: &'a Resolved,
    scale: Scale,
    genus_of: Vec<Option<u32>>,
    row_of: Vec<Option<u32>>,
    key_of: Vec<Option<u32>>,
    reference: Option<&'a Reference>,
    reference_composition: Vec<(u32, f64)>,
    gmwi2: std::result::Result<Prepared, Text>,
    gmwi2_caution: Option<Text>,
    file: Text,
    reference_id: Text,
    no_reference: Text,
    detector: Detector<'a>,
    counted: Vec<bool>,
    there: f64,
}

impl<'a> View<'a> {
    fn new(
        analyser: &'a Analyser,
        resolved: &'a Resolved,
        scale: Scale,
        genera: &mut Names,
        rows: &mut Names,
    ) -> Result<Self> {
        let taxa = &resolved.taxa;
        let genus_of = taxa
            .iter()
            .map(|taxon| {
                taxon
                    .lineage
                    .genus()
                    .filter(|_| taxon.kind == Kind::Microbe)
                    .map(|genus| genera.index(genus))
            })
            .collect();
        let reference = analyser.reference_for(resolved.method, resolved.unit);
        let mut keys: HashMap<String, u32> = HashMap::new();
        let mut reference_composition = Vec::new();
        if let Some(reference) = reference {
            for (name, share) in &reference.composition {
                let at = keys.len() as u32;
                keys.insert(name.clone(), at);
                reference_composition.push((at, *share));
            }
        }
        let key_unit = reference.map_or(resolved.unit, |reference| reference.unit);
        let mut key_of = Vec::with_capacity(taxa.len());
        for (taxon, feature) in taxa.iter().zip(&resolved.cohort.features) {
            let name = composition_key(taxon, &feature.id, key_unit);
            key_of.push(name.and_then(|name| {
                let limited = reference.is_some_and(|reference| reference.list_limited);
                match keys.get(&name) {
                    Some(&at) => Some(at),
                    None if limited => None,
                    None => {
                        let at = keys.len() as u32;
                        keys.insert(name, at);
                        Some(at)
                    }
                }
            }));
        }
        let row_of = if analyser.keep_composition {
            taxa.iter()
                .zip(&resolved.cohort.features)
                .map(|(taxon, feature)| {
                    composition_key(taxon, &feature.id, resolved.unit).map(|name| rows.index(&name))
                })
                .collect()
        } else {
            vec![None; taxa.len()]
        };
        let gmwi2 = if scale == Scale::Percent || resolved.method != Method::Metaphlan3 {
            analyser.gmwi2.prepare(&resolved.cohort, resolved.method)
        } else {
            Err("GMWI2 needs MetaPhlAn's own percentages".to_owned())
        };
        let no_reference = format!(
            "no reference for this method ({}, {})",
            resolved.method.name(),
            resolved.unit.plural()
        );
        Ok(Self {
            analyser,
            resolved,
            scale,
            genus_of,
            row_of,
            key_of,
            reference,
            reference_composition,
            gmwi2_caution: (gmwi2.as_ref().ok())
                .and_then(|prepared| prepared.note.as_deref())
                .map(Text::from),
            gmwi2: gmwi2.map_err(Text::from),
            file: Text::from(resolved.cohort.file.as_str()),
            reference_id: reference.map_or_else(Text::default, |found| found.id.as_str().into()),
            no_reference: no_reference.into(),
            detector: Detector::new(&analyser.rules)?,
            counted: counted_rows(resolved),
            there: analyser.rules.value("warn.marker_there")?,
        })
    }

    fn report(&self, sample: &RawSample, scratch: &mut Scratch) -> SampleReport {
        scratch.fill(sample, self.resolved);
        let sums = Sums::of(&self.resolved.taxa, &scratch.own);
        let whole = sums.microbes
            + sums.fungi
            + sums.eukaryotes
            + sums.viruses
            + sums.unplaced
            + sample.unclassified;
        let mut report = self.empty(sample, whole);
        report.left_out = LeftOut {
            unclassified: ratio(sample.unclassified + sums.unplaced, whole),
            eukaryotes: ratio(sums.eukaryotes, whole),
            viruses: ratio(sums.viruses, whole),
        };
        let living = sums.microbes + sums.fungi;
        if sums.microbes <= 0.0 || living <= 0.0 {
            report.refused = Some(self.why_empty(&report, &scratch.own, whole));
            return report;
        }
        self.composition(&mut report, scratch, living);
        self.diversities(&mut report, scratch);
        self.indices(&mut report, sample);
        self.against_reference(&mut report, scratch);
        report.warnings = self.detector.warnings(&Seen {
            report: &report,
            markers: self.markers(scratch, living),
            mock: self.mock_members(scratch),
            genera: self.marker_genera(scratch, living),
            reads: (self.scale == Scale::Counts).then_some(living),
            missing: sample.missing,
            like: self.like(scratch, living),
        });
        caution_index(&mut report);
        report
    }

    fn empty(&self, sample: &RawSample, whole: f64) -> SampleReport {
        let none = diversity(&[], false);
        SampleReport {
            id: sample.id.clone(),
            file: self.file.clone(),
            refused: None,
            method: self.resolved.method,
            unit: self.resolved.unit,
            scale: self.scale,
            total: whole,
            load_cells_per_gram: (self.scale == Scale::CellsPerGram).then_some(whole),
            left_out: LeftOut::default(),
            guilds: [0.0; 18],
            mapping: Mapping::default(),
            diversity: none,
            genus_diversity: none,
            genus_share: 0.0,
            butyrate_producers: 0.0,
            propionate_producers: 0.0,
            scfa_producers: 0.0,
            lps: self.analyser.lps.potential(|_| 0.0),
            opportunists: 0.0,
            largest_opportunists: Box::default(),
            firmicutes_bacteroidetes: None,
            gmwi2: None,
            gmwi2_clades: None,
            gmwi2_note: None,
            dysbiosis: None,
            dysbiosis_note: None,
            compared: Vec::new(),
            reference_note: None,
            warnings: Vec::new(),
            genera: Shares::default(),
            composition: Shares::default(),
        }
    }

    /// What is there instead of gut microbes.
    fn why_empty(&self, report: &SampleReport, own: &[f64], whole: f64) -> String {
        if whole <= 0.0 {
            return format!("the sample `{}` holds zeros only", report.id);
        }
        let mut there: Vec<(f64, &str)> = own
            .iter()
            .zip(&self.resolved.taxa)
            .filter(|(value, _)| **value > 0.0)
            .map(|(value, taxon)| (*value, taxon.name.as_str()))
            .collect();
        there.sort_by(|a, b| b.0.total_cmp(&a.0));
        let named: Vec<String> = there
            .iter()
            .take(4)
            .map(|(value, name)| format!("{name} {}", percent(value / whole)))
            .collect();
        format!(
            "no bacteria or archaea in `{}`; {} unclassified, the rest: {}",
            report.id,
            percent(report.left_out.unclassified),
            if named.is_empty() {
                "nothing".to_owned()
            } else {
                named.join(", ")
            }
        )
    }

    fn composition(&self, report: &mut SampleReport, scratch: &Scratch, living: f64) {
        let mut unmapped: Vec<(usize, f64)> = Vec::new();
        let mut opportunists: Vec<(usize, f64)> = Vec::new();
        let (mut bacillota, mut bacteroidota) = (0.0, 0.0);
        let mut genera: HashMap<u32, f64> = HashMap::new();
        let mut rows: HashMap<u32, f64> = HashMap::new();
        for (at, (taxon, value)) in self.living(scratch) {
            let share = value / living;
            match taxon.guild.map(|guild| (guild, guild.index())) {
                Some((_, Some(guild))) => {
                    report.guilds[guild] += share;
                    report.mapping.in_guild += share;
                }
                Some((_, None)) => {
                    report.mapping.no_guild += share;
                    unmapped.push((at, share));
                }
                None => {
                    report.mapping.unlisted += share;
                    unmapped.push((at, share));
                }
            }
            match taxon.matched {
                Some(Matched::Species) => report.mapping.by_species += share,
                Some(Matched::Genus) => report.mapping.by_genus += share,
                Some(Matched::Family) => report.mapping.by_family += share,
                None => {}
            }
            report.butyrate_producers += if taxon.functions.butyrate { share } else { 0.0 };
            report.propionate_producers += if taxon.functions.propionate {
                share
            } else {
                0.0
            };
            report.scfa_producers += if taxon.functions.butyrate || taxon.functions.propionate {
                share
            } else {
                0.0
            };
            if taxon.functions.opportunist {
                report.opportunists += share;
                opportunists.push((at, share));
            }
            match taxon.phylum {
                PhylumClass::Bacillota => bacillota += share,
                PhylumClass::Bacteroidota => bacteroidota += share,
                PhylumClass::Other => {}
            }
            if let Some(genus) = self.genus_of[at] {
                *genera.entry(genus).or_default() += share;
            }
            if let Some(row) = self.row_of[at] {
                *rows.entry(row).or_default() += share;
            }
        }
        report.firmicutes_bacteroidetes = (bacteroidota > 0.0).then(|| bacillota / bacteroidota);
        report.mapping.largest_unmapped = self.largest(unmapped);
        report.largest_opportunists = self.largest(opportunists);
        report.genera = sorted(genera).into();
        report.genus_share = report.genera.iter().map(|pair| pair.1).sum::<f64>() + 0.0;
        report.composition = sorted(rows).into();
        let guilds = report.guilds;
        report.lps = self
            .analyser
            .lps
            .potential(|guild: Guild| guild.index().map_or(0.0, |at| guilds[at]));
    }

    fn living<'s>(
        &'s self,
        scratch: &'s Scratch,
    ) -> impl Iterator<Item = (usize, (&'s Taxon, f64))> {
        self.resolved
            .taxa
            .iter()
            .zip(&scratch.own)
            .enumerate()
            .filter(|(_, (taxon, value))| {
                **value > 0.0 && matches!(taxon.kind, Kind::Microbe | Kind::Fungus)
            })
            .map(|(at, (taxon, value))| (at, (taxon, *value)))
    }

    /// The largest by name; rows of one name are added up.
    fn largest(&self, shares: Vec<(usize, f64)>) -> Box<[(Text, f64)]> {
        const SHOWN: usize = 5;
        let mut sums: HashMap<&Text, (usize, f64)> = HashMap::with_capacity(shares.len());
        for (at, share) in shares {
            sums.entry(&self.resolved.taxa[at].name)
                .or_insert((at, 0.0))
                .1 += share;
        }
        let mut named: Vec<(&Text, (usize, f64))> = sums.into_iter().collect();
        named.sort_by(|(_, a), (_, b)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        named
            .into_iter()
            .take(SHOWN)
            .map(|(name, (_, share))| (name.clone(), share))
            .collect()
    }

    fn diversities(&self, report: &mut SampleReport, scratch: &Scratch) {
        let counts = self.scale == Scale::Counts;
        let values: Vec<f64> = scratch
            .own
            .iter()
            .zip(&self.counted)
            .zip(&self.resolved.taxa)
            .filter(|((value, counted), taxon)| {
                **value > 0.0 && **counted && taxon.kind == Kind::Microbe
            })
            .map(|((value, _), _)| *value)
            .collect();
        report.diversity = diversity(&values, counts);
        let genera: Vec<f64> = report.genera.iter().map(|pair| pair.1).collect();
        report.genus_diversity = Diversity {
            chao1: None,
            ..diversity(&genera, false)
        };
    }

    fn indices(&self, report: &mut SampleReport, sample: &RawSample) {
        match &self.gmwi2 {
            Err(reason) => report.gmwi2_note = Some(reason.clone()),
            Ok(prepared) => match prepared.score(sample) {
                Score::Value { score, clades } => {
                    report.gmwi2 = Some(score);
                    report.gmwi2_clades = Some(clades);
                    report.gmwi2_note.clone_from(&self.gmwi2_caution);
                }
                Score::Refused(reason) => report.gmwi2_note = Some(reason.into()),
            },
        }
    }
}

/// The index was fitted on adults' stool; of anything else its number says nothing.
pub(super) fn caution_index(report: &mut SampleReport) {
    let other = report.warnings.iter().find_map(|warning| {
        Some(match warning.kind {
            WarningKind::NonGut => "perhaps no stool",
            WarningKind::Mock => "perhaps no person's sample",
            WarningKind::Mouse => "perhaps a mouse's",
            WarningKind::Infant => "perhaps an infant's",
            _ => return None,
        })
    });
    if let (Some(_), Some(other)) = (report.gmwi2, other) {
        report.gmwi2_note = Some(
            format!(
                "GMWI2 was fitted on the stool of adults; of a sample that is {other} it says nothing"
            )
            .into(),
        );
    }
}

/// Rows that diversity counts: where the file has rows of all ranks, species rows and rows with none below them; else
/// every row. Of a classifier's report only species rows count: reads that stop above are no further taxa.
fn counted_rows(resolved: &Resolved) -> Vec<bool> {
    let stops = matches!(
        resolved.method,
        Method::Kraken2 | Method::KrakenUniq | Method::Centrifuge
    );
    let any_species = resolved.taxa.iter().any(|taxon| taxon.species_row);
    if !(resolved.cumulative || stops) || !any_species {
        return vec![true; resolved.taxa.len()];
    }
    let mut leaf = vec![!stops; resolved.taxa.len()];
    for parent in resolved.taxa.iter().filter_map(|taxon| taxon.parent) {
        leaf[parent as usize] = false;
    }
    resolved
        .taxa
        .iter()
        .zip(leaf)
        .map(|(taxon, leaf)| taxon.species_row || leaf)
        .collect()
}

/// The name by which a row is compared with a reference.
#[must_use]
pub fn composition_key(taxon: &Taxon, id: &str, unit: Unit) -> Option<String> {
    match unit {
        Unit::Genus => taxon.lineage.genus().map(str::to_owned),
        Unit::Species => taxon.lineage.species().map(str::to_owned).or_else(|| {
            let last = id.rsplit(['|', ';']).next().unwrap_or(id).trim();
            Some(last.strip_prefix("s__").unwrap_or(last).replace('_', " "))
        }),
        _ => Some(id.to_owned()),
    }
}

struct Sums {
    microbes: f64,
    fungi: f64,
    eukaryotes: f64,
    viruses: f64,
    unplaced: f64,
}

impl Sums {
    fn of(taxa: &[Taxon], own: &[f64]) -> Self {
        let mut sums = Self {
            microbes: 0.0,
            fungi: 0.0,
            eukaryotes: 0.0,
            viruses: 0.0,
            unplaced: 0.0,
        };
        for (taxon, value) in taxa.iter().zip(own) {
            match taxon.kind {
                Kind::Microbe => sums.microbes += value,
                Kind::Fungus => sums.fungi += value,
                Kind::Eukaryote => sums.eukaryotes += value,
                Kind::Virus => sums.viruses += value,
                Kind::Unplaced => sums.unplaced += value,
            }
        }
        sums
    }
}

fn sorted(map: HashMap<u32, f64>) -> Vec<(u32, f64)> {
    let mut pairs: Vec<(u32, f64)> = map.into_iter().collect();
    pairs.sort_by_key(|pair| pair.0);
    pairs
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// A share as a percentage with sensible digits.
#[must_use]
pub fn percent(share: f64) -> String {
    let value = 100.0 * share;
    if value == 0.0 {
        "0 %".to_owned()
    } else if value < 0.1 || (value > 99.9 && value < 100.0) {
        format!("{value:.2} %")
    } else {
        format!("{value:.1} %")
    }
}
