//! Rows that are not there: a MetaPhlAn profile that was cut is refused, one from which rows were filtered is read with a
//! loud remark.
//!
//! MetaPhlAn follows every clade down to the same rank, so a clade that holds more than the rows below it lacks some.
//! Where these stood tells the two apart: a cut leaves nothing behind its place, a filter leaves gaps all over.

use std::collections::HashMap;

use crate::error::{PeopleError, Result};
use crate::profile::cohort::Cohort;
use crate::profile::readings::RawSample;

/// Orders that the rows keep; few rows may keep several.
#[derive(Debug, Clone, Copy)]
struct Orders {
    /// All clades of a rank, then those of the next, as MetaPhlAn writes.
    ranks: bool,
    /// By the letters of the lineages, as tables of many samples are sorted.
    letters: bool,
    /// Each clade, then all that it holds.
    branches: bool,
}

/// The rows of a file as a tree.
struct Tree {
    depth: Vec<usize>,
    above: Vec<Option<usize>>,
    /// Clades that should hold rows.
    inner: Vec<bool>,
    deepest: usize,
    orders: Orders,
    /// Whether some row's own parent is not there, which no cut does: parents stand first.
    orphans: bool,
}

/// What one clade lacks in the sample where it lacks most.
#[derive(Debug, Clone, Copy, Default)]
struct Gap {
    sample: usize,
    own: f64,
    below: f64,
}

impl Gap {
    fn missing(self) -> f64 {
        self.own - self.below
    }
}

/// Judges what clades hold beside what the rows below them hold.
///
/// # Errors
/// When the file was cut.
pub fn check(cohort: &mut Cohort) -> Result<()> {
    let tree = Tree::of(cohort);
    let (gaps, missing) = gaps(cohort, &tree)?;
    let Some(worst) = (0..gaps.len())
        .filter(|at| gaps[*at].own > 0.0)
        .max_by(|a, b| gaps[*a].missing().total_cmp(&gaps[*b].missing()))
    else {
        return Ok(());
    };
    if tree.was_cut(cohort, &gaps)? {
        return Err(cut(cohort, worst, gaps[worst]));
    }
    remark(cohort, worst, &missing);
    Ok(())
}

impl Tree {
    fn of(cohort: &Cohort) -> Self {
        let ids: Vec<&str> = cohort.features.iter().map(|f| f.id.as_str()).collect();
        let index: HashMap<&str, usize> =
            ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
        let depth: Vec<usize> = ids.iter().map(|id| depth(id)).collect();
        let above: Vec<Option<usize>> = ids.iter().map(|id| nearest_above(id, &index)).collect();
        let deepest = depth.iter().copied().max().unwrap_or(0);
        let orphans = ids.iter().any(|id| {
            id.rsplit_once('|').is_some_and(|(parent, _)| {
                id.contains("__") && !is_viral(id) && !index.contains_key(parent)
            })
        });
        let inner = ids
            .iter()
            .zip(&depth)
            .map(|(id, depth)| id.contains("__") && *depth < deepest && !is_viral(id))
            .collect();
        let orders = orders(&ids, &depth, &above);
        Self {
            depth,
            above,
            inner,
            deepest,
            orders,
            orphans,
        }
    }

    /// Whether all that is missing would stand behind the last row.
    fn was_cut(&self, cohort: &Cohort, gaps: &[Gap]) -> Result<bool> {
        let open: Vec<usize> = (0..gaps.len()).filter(|at| gaps[*at].own > 0.0).collect();
        if self.orphans {
            return Ok(false);
        }
        let behind = self.orders.letters && letters_end(cohort, &open)
            || self.orders.branches && self.last_branch_holds(&open);
        let above_the_last_rank =
            self.orders.ranks && open.iter().all(|at| self.depth[*at] + 1 == self.deepest);
        Ok(behind || above_the_last_rank && self.runs_below_its_last_row(cohort, gaps)?)
    }

    /// Whether all these clades hold the last row, or are it.
    fn last_branch_holds(&self, open: &[usize]) -> bool {
        let mut branch = Vec::new();
        let mut at = self.depth.len().checked_sub(1);
        while let Some(row) = at {
            branch.push(row);
            at = self.above[row];
        }
        open.iter().all(|at| branch.contains(at))
    }

    /// Rows stand by falling share within a rank. A filter leaves out what is small at every rank; where a clade smaller
    /// than the last row of the last rank is there without rows below, the smaller rows of the last rank were cut off.
    fn runs_below_its_last_row(&self, cohort: &Cohort, gaps: &[Gap]) -> Result<bool> {
        let mut least = vec![f64::INFINITY; cohort.samples.len()];
        for (least, sample) in least.iter_mut().zip(cohort.samples.iter()) {
            let sample = sample?;
            for (&feature, &value) in sample.features.iter().zip(&sample.values) {
                if self.depth[feature as usize] == self.deepest {
                    *least = least.min(value);
                }
            }
        }
        Ok(gaps
            .iter()
            .any(|gap| gap.own > 0.0 && gap.below == 0.0 && gap.own <= least[gap.sample]))
    }
}

/// Whether what stands below each of these clades could come behind the last row by its letters.
fn letters_end(cohort: &Cohort, open: &[usize]) -> bool {
    let last = cohort.features.last().map_or("", |last| last.id.as_str());
    open.iter().all(|at| {
        let end = format!("{}|\u{10ffff}", cohort.features[*at].id);
        end.as_str() > last
    })
}

fn orders(ids: &[&str], depth: &[usize], above: &[Option<usize>]) -> Orders {
    Orders {
        ranks: depth.windows(2).all(|pair| pair[0] <= pair[1]),
        letters: ids.windows(2).all(|pair| pair[0] < pair[1]),
        branches: are_branches(above),
    }
}

/// Whether each row's parent is the last open row that holds it.
fn are_branches(above: &[Option<usize>]) -> bool {
    let mut open: Vec<usize> = Vec::new();
    for (at, parent) in above.iter().enumerate() {
        match parent {
            None => open.clear(),
            Some(parent) => {
                while open.last().is_some_and(|last| last != parent) {
                    open.pop();
                }
                if open.is_empty() {
                    return false;
                }
            }
        }
        open.push(at);
    }
    true
}

/// Viruses are left aside: real profiles hold viral clades without rows below or above.
fn is_viral(id: &str) -> bool {
    id.starts_with("k__Viruses")
}

/// Depth of a clade in its lineage; strains count as their species.
fn depth(id: &str) -> usize {
    id.split('|')
        .filter(|part| !part.starts_with("t__"))
        .count()
}

/// The nearest clade above that has a row of its own.
fn nearest_above(id: &str, index: &HashMap<&str, usize>) -> Option<usize> {
    let mut rest = id;
    while let Some((above, _)) = rest.rsplit_once('|') {
        if let Some(&at) = index.get(above) {
            return Some(at);
        }
        rest = above;
    }
    None
}

/// The largest gap of each clade, and the share that all gaps of a sample have of it.
fn gaps(cohort: &Cohort, tree: &Tree) -> Result<(Vec<Gap>, Vec<f64>)> {
    let count = cohort.features.len();
    let mut gaps = vec![Gap::default(); count];
    let mut missing = vec![0.0; cohort.samples.len()];
    let digit = last_digit(cohort)?;
    let mut own = vec![0.0; count];
    let mut below = vec![0.0; count];
    let mut children = vec![0_u32; count];
    for (sample, reading) in cohort.samples.iter().enumerate() {
        let reading = reading?;
        own.fill(0.0);
        below.fill(0.0);
        children.fill(0);
        let mut largest = 0.0_f64;
        for (&feature, &value) in reading.features.iter().zip(&reading.values) {
            let feature = feature as usize;
            own[feature] += value;
            largest = largest.max(value);
            if let Some(parent) = tree.above[feature] {
                below[parent] += value;
                children[parent] += 1;
            }
        }
        for at in (0..count).filter(|at| tree.inner[*at]) {
            // MetaPhlAn's own sums hold to two units of the fifth decimal of a percentage
            let slack = 3e-7 * largest + 0.55 * digit * f64::from(children[at] + 1);
            let gap = Gap {
                sample,
                own: own[at],
                below: below[at],
            };
            if gap.missing() > slack {
                missing[sample] += gap.missing();
                if gap.missing() > gaps[at].missing() {
                    gaps[at] = gap;
                }
            }
        }
        missing[sample] /= whole(cohort, &reading);
    }
    Ok((gaps, missing))
}

/// The unit of the last decimal that the values are written with, at least that of the fifth.
fn last_digit(cohort: &Cohort) -> Result<f64> {
    const MOST: i32 = 5;
    const LOOKED_AT: usize = 2000;
    let mut values = Vec::new();
    for sample in cohort.samples.iter() {
        values.extend(sample?.values);
        if values.len() >= LOOKED_AT {
            break;
        }
    }
    values.truncate(LOOKED_AT);
    Ok((0..MOST)
        .map(|decimals| 10_f64.powi(-decimals))
        .find(|unit| {
            values.iter().all(|value| {
                let steps = value / unit;
                (steps - steps.round()).abs() <= 1e-9 * steps.abs().max(1.0)
            })
        })
        .unwrap_or_else(|| 10_f64.powi(-MOST)))
}

fn cut(cohort: &Cohort, at: usize, gap: Gap) -> PeopleError {
    PeopleError::Malformed {
        file: cohort.file.clone(),
        place: format!(
            "sample `{}`, clade `{}`",
            cohort.samples.id(gap.sample),
            super::table::shorten(&cohort.features[at].id)
        ),
        found: format!("{} in the rows below it together", gap.below),
        expected: format!(
            "its own {}, as MetaPhlAn follows every clade down to the same rank",
            gap.own
        ),
        advice: "All that is missing would stand behind the last row: the file was cut short. Copy it again, or make it again with the profiler; where the last rows were left out on purpose, keep the rows of one rank only".to_owned(),
    }
}

/// Says what is missing, of the whole and of each sample (as shares of it).
fn remark(cohort: &mut Cohort, worst: usize, missing: &[f64]) {
    let concerned = missing.iter().filter(|share| **share > 0.0).count();
    let largest = missing.iter().copied().fold(0.0, f64::max);
    let text = format!(
        "ROWS ARE MISSING in {concerned} of {} samples, up to {} of one: clades such as `{}` hold more than the rows below them, so the table was filtered or edited. What is missing counts at the clade above; taxa and diversity are too low, shares of guilds may be; GMWI2 is refused",
        cohort.samples.len(),
        crate::profile::analyse::percent(largest),
        super::table::shorten(&cohort.features[worst].id)
    );
    cohort.notes.insert(0, text);
    cohort.filtered = true;
    cohort.samples.set_missing(missing);
}

/// What a sample holds together: its clades of the highest rank and what was not classified.
fn whole(cohort: &Cohort, sample: &RawSample) -> f64 {
    let top: f64 = sample
        .features
        .iter()
        .zip(&sample.values)
        .filter(|(feature, _)| !cohort.features[**feature as usize].id.contains('|'))
        .map(|(_, value)| value)
        .sum();
    let largest = sample.values.iter().copied().fold(0.0, f64::max);
    (top + sample.unclassified)
        .max(largest)
        .max(f64::MIN_POSITIVE)
}
