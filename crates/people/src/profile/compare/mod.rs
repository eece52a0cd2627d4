//! Comparison of groups: effect sizes with intervals, tests, and the false discovery rate.

mod features;
mod stats;

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;
use serde::Serialize;

use crate::error::{PeopleError, Result};

use super::ordination::{Zeros, log_ratios};
use super::sample::SampleReport;
use features::{Feature, features};

pub use stats::{benjamini_hochberg, cliffs_delta, mann_whitney, sign_flip};

/// What a comparison needs to know.
#[derive(Debug, Clone)]
pub struct Design<'a> {
    /// Name of the group column.
    pub column: String,
    /// Group of each sample.
    pub groups: Vec<Option<&'a str>>,
    /// Subject of each sample, for paired comparisons.
    pub subjects: Option<Vec<Option<&'a str>>>,
    /// Seed of permutations and bootstrap.
    pub seed: u64,
}

/// The result of comparing all pairs of groups.
#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    /// Name of the group column.
    pub column: String,
    /// Groups with their number of samples.
    pub groups: Vec<(String, usize)>,
    /// Whether pairs within subjects were compared.
    pub paired: bool,
    /// One entry a pair of groups.
    pub contrasts: Vec<Contrast>,
    /// What was done and what to mind.
    pub notes: Vec<String>,
}

/// One group against another.
#[derive(Debug, Clone, Serialize)]
pub struct Contrast {
    /// The group that is subtracted.
    pub from: String,
    /// The group that it is subtracted from.
    pub to: String,
    /// Samples or subjects in `from`.
    pub from_count: usize,
    /// Samples or subjects in `to`.
    pub to_count: usize,
    /// Whole composition: share of squared Aitchison distances between the groups, and its p-value.
    pub whole: Option<(f64, f64)>,
    /// One entry a feature, strongest evidence first.
    pub effects: Vec<Effect>,
}

/// The difference in one feature.
#[derive(Debug, Clone, Serialize)]
pub struct Effect {
    /// Kind: `guild`, `genus` or `measure`.
    pub kind: &'static str,
    /// Name.
    pub feature: String,
    /// Mean in `from` (a share for guilds and genera).
    pub from_mean: f64,
    /// Mean in `to`.
    pub to_mean: f64,
    /// Difference of means; for guilds and genera of centred log-ratios (natural log).
    pub difference: f64,
    /// 95 % interval of the difference, by bootstrap.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
    /// Fold change that the difference of log-ratios stands for; `None` for measures.
    pub fold: Option<f64>,
    /// Cliff's delta; for pairs, share of subjects that rose minus share that fell.
    pub delta: f64,
    /// p-value.
    pub p: f64,
    /// False discovery rate over all features of this comparison (Benjamini–Hochberg).
    pub q: f64,
}

/// Compares every pair of groups.
///
/// # Errors
/// When there are fewer than two groups, or no subject is in both groups of any pair.
pub fn compare(
    samples: &[SampleReport],
    genera: &[String],
    design: &Design<'_>,
) -> Result<Comparison> {
    const MOST_GROUPS: usize = 8;
    const FEWEST: usize = 2;
    let usable: Vec<usize> = (0..samples.len())
        .filter(|at| samples[*at].refused.is_none() && design.groups[*at].is_some())
        .collect();
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for &at in &usable {
        *sizes
            .entry(design.groups[at].unwrap_or_default())
            .or_default() += 1;
    }
    let counted: Vec<(String, usize)> = sizes
        .iter()
        .map(|(name, count)| ((*name).to_owned(), *count))
        .collect();
    let names: Vec<&str> = sizes
        .iter()
        .filter(|(_, count)| **count >= FEWEST)
        .map(|(name, _)| *name)
        .collect();
    if names.len() < 2 || names.len() > MOST_GROUPS {
        return Err(PeopleError::Request {
            problem: format!(
                "column `{}` makes {} groups of at least {FEWEST} samples",
                design.column,
                names.len()
            ),
            advice: format!("Choose a column with 2 to {MOST_GROUPS} groups"),
        });
    }
    let mut notes = Vec::new();
    let mut contrasts = Vec::new();
    for (first, from) in names.iter().enumerate() {
        for to in &names[first + 1..] {
            let members: Vec<usize> = usable
                .iter()
                .copied()
                .filter(|at| design.groups[*at] == Some(from) || design.groups[*at] == Some(to))
                .collect();
            contrasts.push(contrast(
                samples, genera, design, &members, from, to, &mut notes,
            ));
        }
    }
    let contrasts: Vec<Contrast> = contrasts.into_iter().flatten().collect();
    if contrasts.is_empty() {
        return Err(PeopleError::Request {
            problem: "no subject has samples in both groups of any pair".to_owned(),
            advice: "Check the column named with --paired, or compare without it".to_owned(),
        });
    }
    let mut comparison = Comparison {
        column: design.column.clone(),
        groups: counted,
        paired: design.subjects.is_some(),
        contrasts,
        notes,
    };
    adjust(&mut comparison.contrasts);
    describe(&mut comparison, samples, &usable);
    Ok(comparison)
}

/// One false discovery rate over all contrasts and features: they are looked at together.
fn adjust(contrasts: &mut [Contrast]) {
    let p: Vec<f64> = contrasts
        .iter()
        .flat_map(|contrast| contrast.effects.iter().map(|effect| effect.p))
        .collect();
    let q = benjamini_hochberg(&p);
    for (effect, q) in contrasts
        .iter_mut()
        .flat_map(|contrast| contrast.effects.iter_mut())
        .zip(q)
    {
        effect.q = q;
    }
    for contrast in contrasts {
        contrast.effects.sort_by(|a, b| {
            a.p.total_cmp(&b.p)
                .then(b.delta.abs().total_cmp(&a.delta.abs()))
                .then(a.feature.cmp(&b.feature))
        });
    }
}

fn describe(comparison: &mut Comparison, samples: &[SampleReport], usable: &[usize]) {
    comparison.notes.push(
        "Fold changes are those of centred log-ratios (zeros replaced by half the smallest share of any sample; in the ordination and in the distances of whole compositions by 1/D², D the number of genera, as scikit-bio does: this has weight where many lack a genus); a rise of one may be the fall of the others in absolute cells".to_owned(),
    );
    comparison.notes.push(if comparison.paired {
        "Paired: means of each subject's samples in either group; sign-flip test of the mean difference of log-ratios (exact up to 16 subjects); delta = share of subjects that rose minus share that fell".to_owned()
    } else {
        "Unpaired: Mann–Whitney test of the shares (by permutation up to 60 samples, else by its normal approximation); delta = Cliff's delta of the shares".to_owned()
    });
    comparison.notes.push("Intervals are bootstrap percentiles (2,000 draws); q is the false discovery rate over all features and contrasts".to_owned());
    let methods: std::collections::HashSet<_> =
        usable.iter().map(|at| samples[*at].method).collect();
    if methods.len() > 1 {
        comparison.notes.push("The samples come from different methods: differences between methods are larger than most differences between people".to_owned());
    }
    small_groups(comparison);
}

/// Groups too small for a test or an interval to say much.
fn small_groups(comparison: &mut Comparison) {
    const FEW: usize = 5;
    let mut small: Vec<String> = Vec::new();
    let single: Vec<&str> = comparison
        .groups
        .iter()
        .filter(|(_, count)| *count < 2)
        .map(|(name, _)| name.as_str())
        .collect();
    if !single.is_empty() {
        let text = format!("Not compared, with a single sample: {}", single.join(", "));
        comparison.notes.push(text);
    }
    for contrast in &comparison.contrasts {
        for (name, count) in [
            (&contrast.from, contrast.from_count),
            (&contrast.to, contrast.to_count),
        ] {
            let text = if comparison.paired {
                format!("{} → {} ({count} pairs)", contrast.from, contrast.to)
            } else {
                format!("{name} ({count})")
            };
            if count < FEW && !small.contains(&text) {
                small.push(text);
            }
        }
    }
    if !small.is_empty() {
        comparison.notes.push(format!(
            "Caution, fewer than {FEW}: {}. Bootstrap intervals are too narrow with so few, and p cannot be small ({} at best)",
            small.join(", "),
            if comparison.paired {
                "three pairs: 0.25"
            } else {
                "three against three: 0.1"
            }
        ));
    }
}

fn contrast(
    samples: &[SampleReport],
    genera: &[String],
    design: &Design<'_>,
    members: &[usize],
    from: &str,
    to: &str,
    notes: &mut Vec<String>,
) -> Option<Contrast> {
    let in_to: Vec<bool> = members
        .iter()
        .map(|at| design.groups[*at] == Some(to))
        .collect();
    let mut said = Vec::new();
    let paired = design.subjects.is_some();
    let features = features(samples, genera, members, &in_to, paired, &mut said);
    notes.extend(
        said.into_iter()
            .map(|note| format!("{from} → {to}: {note}")),
    );
    let pairs = match &design.subjects {
        None => None,
        Some(subjects) => {
            let pairs = pair_up(members, subjects, &in_to);
            let unused = unpaired(members, subjects, &in_to);
            if unused > 0 {
                notes.push(format!("{from} → {to}: left out, with samples in only one of the two: {unused} subjects"));
            }
            let nameless = members.iter().filter(|at| subjects[**at].is_none()).count();
            if nameless > 0 {
                notes.push(format!(
                    "{from} → {to}: left out, without a subject in the metadata: {nameless} samples"
                ));
            }
            if pairs.len() < 2 {
                return None;
            }
            Some(pairs)
        }
    };
    let compared: Vec<Option<Effect>> = features
        .par_iter()
        .enumerate()
        .map(|(index, feature)| {
            let stream = u32::try_from(index).unwrap_or(u32::MAX);
            match &pairs {
                Some(pairs) => paired_effect(feature, pairs, design.seed, stream),
                None => Some(unpaired_effect(feature, &in_to, design.seed, stream)),
            }
        })
        .collect();
    for (feature, _) in features
        .iter()
        .zip(&compared)
        .filter(|(_, effect)| effect.is_none())
    {
        notes.push(format!(
            "{from} → {to}: `{}` is not compared: fewer than two subjects have it on both sides",
            feature.name
        ));
    }
    let effects: Vec<Effect> = compared.into_iter().flatten().collect();
    let compositions: Vec<_> = members.iter().map(|at| &samples[*at].genera).collect();
    let rows = log_ratios(&compositions, Zeros::Customary).rows;
    let whole = stats::permanova(&rows, &in_to, pairs.as_deref(), design.seed);
    let (from_count, to_count) = match &pairs {
        Some(pairs) => (pairs.len(), pairs.len()),
        None => (
            in_to.iter().filter(|to| !**to).count(),
            in_to.iter().filter(|to| **to).count(),
        ),
    };
    Some(Contrast {
        from: from.to_owned(),
        to: to.to_owned(),
        from_count,
        to_count,
        whole,
        effects,
    })
}

/// Positions (within the members) of each subject's samples in either group.
type Pairs = Vec<(Vec<usize>, Vec<usize>)>;

fn by_subject<'a>(
    members: &[usize],
    subjects: &[Option<&'a str>],
    in_to: &[bool],
) -> BTreeMap<&'a str, (Vec<usize>, Vec<usize>)> {
    let mut found: BTreeMap<&str, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for (position, at) in members.iter().enumerate() {
        if let Some(subject) = subjects[*at] {
            let entry = found.entry(subject).or_default();
            if in_to[position] {
                entry.1.push(position)
            } else {
                entry.0.push(position)
            }
        }
    }
    found
}

fn pair_up(members: &[usize], subjects: &[Option<&str>], in_to: &[bool]) -> Pairs {
    by_subject(members, subjects, in_to)
        .into_values()
        .filter(|(from, to)| !from.is_empty() && !to.is_empty())
        .collect()
}

fn unpaired(members: &[usize], subjects: &[Option<&str>], in_to: &[bool]) -> usize {
    by_subject(members, subjects, in_to)
        .values()
        .filter(|(from, to)| from.is_empty() || to.is_empty())
        .count()
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len();
    if count == 0 {
        0.0
    } else {
        values.sum::<f64>() / count as f64
    }
}

fn unpaired_effect(feature: &Feature, in_to: &[bool], seed: u64, stream: u32) -> Effect {
    let pick = |values: &[f64], wanted: bool| -> Vec<f64> {
        values
            .iter()
            .zip(in_to)
            .filter(|(value, to)| **to == wanted && value.is_finite())
            .map(|(value, _)| *value)
            .collect()
    };
    let (from, to) = (pick(&feature.values, false), pick(&feature.values, true));
    let difference = mean(to.iter().copied()) - mean(from.iter().copied());
    let (low, high) = stats::bootstrap_two(&from, &to, seed, stream);
    // Ranks are those of the shares themselves: what stands in for a zero must decide no order.
    let (shown_from, shown_to) = (pick(&feature.shown, false), pick(&feature.shown, true));
    Effect {
        kind: feature.kind,
        feature: feature.name.clone(),
        from_mean: mean(shown_from.iter().copied()),
        to_mean: mean(shown_to.iter().copied()),
        difference,
        low,
        high,
        fold: (feature.kind != "measure").then(|| difference.exp()),
        delta: cliffs_delta(&shown_from, &shown_to),
        p: mann_whitney(&shown_from, &shown_to, seed, stream),
        q: 1.0,
    }
}

/// The effect within pairs; `None` where fewer than two pairs have the measure on both sides.
fn paired_effect(feature: &Feature, pairs: &Pairs, seed: u64, stream: u32) -> Option<Effect> {
    let average = |values: &[f64], positions: &[usize]| {
        let there: Vec<f64> = positions
            .iter()
            .map(|at| values[*at])
            .filter(|value| value.is_finite())
            .collect();
        (!there.is_empty()).then(|| mean(there.iter().copied()))
    };
    let both = |values: &[f64]| -> Vec<(f64, f64)> {
        pairs
            .iter()
            .filter_map(|(from, to)| Some((average(values, from)?, average(values, to)?)))
            .collect()
    };
    let shown = both(&feature.shown);
    if shown.len() < 2 {
        return None;
    }
    let differences: Vec<f64> = both(&feature.values)
        .iter()
        .map(|(from, to)| to - from)
        .collect();
    let difference = mean(differences.iter().copied());
    let (low, high) = stats::bootstrap_one(&differences, seed, stream);
    let rose = shown.iter().filter(|(from, to)| to > from).count() as f64;
    let fell = shown.iter().filter(|(from, to)| to < from).count() as f64;
    Some(Effect {
        kind: feature.kind,
        feature: feature.name.clone(),
        from_mean: mean(shown.iter().map(|pair| pair.0)),
        to_mean: mean(shown.iter().map(|pair| pair.1)),
        difference,
        low,
        high,
        fold: (feature.kind != "measure").then(|| difference.exp()),
        delta: (rose - fell) / shown.len() as f64,
        p: sign_flip(&differences, seed, stream),
        q: 1.0,
    })
}

/// A p-value or false discovery rate as it is printed: never as a bare row of zeros.
#[must_use]
pub fn p_text(p: f64, digits: usize) -> String {
    let least = 10_f64.powi(-i32::try_from(digits).unwrap_or(4));
    if p < least {
        format!("<{least:.digits$}")
    } else {
        format!("{p:.digits$}")
    }
}

/// Groups as indices, for figures.
#[must_use]
pub fn group_index<'a>(groups: &[Option<&'a str>]) -> (Vec<&'a str>, Vec<Option<usize>>) {
    let mut names: Vec<&str> = groups.iter().flatten().copied().collect();
    names.sort_unstable();
    names.dedup();
    let index: HashMap<&str, usize> = names
        .iter()
        .enumerate()
        .map(|(at, name)| (*name, at))
        .collect();
    (
        names,
        groups
            .iter()
            .map(|group| group.and_then(|group| index.get(group).copied()))
            .collect(),
    )
}
