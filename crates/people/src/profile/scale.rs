//! Sums of samples: what each row holds alone, and the scale that the sums tell.

use crate::error::{PeopleError, Result};

use super::readings::RawSample;
use super::resolve::Resolved;
use super::sample::Scale;

/// Leaf values of a sample, by taxon.
pub struct Scratch {
    /// Value of each row that is in no row below it.
    pub own: Vec<f64>,
    below: Vec<f64>,
}

impl Scratch {
    /// Room for the rows of a cohort.
    #[must_use]
    pub fn new(resolved: &Resolved) -> Self {
        Self {
            own: vec![0.0; resolved.taxa.len()],
            below: vec![0.0; resolved.taxa.len()],
        }
    }

    /// Leaves the value of each row that is in no row below it in `own`.
    pub fn fill(&mut self, sample: &RawSample, resolved: &Resolved) {
        const ROUNDING: f64 = 1e-3;
        self.own.fill(0.0);
        for (&feature, &value) in sample.features.iter().zip(&sample.values) {
            self.own[feature as usize] += value;
        }
        if !resolved.cumulative {
            return;
        }
        self.below.fill(0.0);
        for (at, taxon) in resolved.taxa.iter().enumerate() {
            if taxon.below {
                self.own[at] = 0.0;
            } else if let Some(parent) = taxon.parent {
                self.below[parent as usize] += self.own[at];
            }
        }
        for (own, below) in self.own.iter_mut().zip(&self.below) {
            if *below > 0.0 {
                let rest = *own - below;
                *own = if rest > *own * ROUNDING { rest } else { 0.0 };
            }
        }
    }
}

/// Sum of a sample's column.
fn total(sample: &RawSample, resolved: &Resolved) -> f64 {
    let rows: f64 = sample
        .features
        .iter()
        .zip(&sample.values)
        .filter(|(feature, _)| {
            !resolved.cumulative || resolved.taxa[**feature as usize].parent.is_none()
        })
        .map(|(_, value)| value)
        .sum();
    rows + sample.unclassified
}

/// Judges the scale from the sums of the samples, and says why.
///
/// # Errors
/// When all values are zero, or only say whether something is there.
pub fn judge_scale(resolved: &mut Resolved) -> Result<Scale> {
    let numbers = Numbers::of(resolved)?;
    let sums = &numbers.sums;
    if sums.iter().any(|sum| !sum.is_finite()) {
        return Err(PeopleError::Unusable {
            file: resolved.cohort.file.clone(),
            problem: "the values of a sample add up to more than a number can hold".to_owned(),
            advice: "No count or abundance is so large: check the export".to_owned(),
        });
    }
    let (Some(&smallest), Some(&largest)) = (sums.first(), sums.last()) else {
        return Err(PeopleError::Unusable {
            file: resolved.cohort.file.clone(),
            problem: "it holds zeros only".to_owned(),
            advice: "Check the export, or the filter before it".to_owned(),
        });
    };
    let median = sums[sums.len() / 2];
    numbers.refuse_presence(&resolved.cohort.file)?;
    let near = |target: f64| {
        sums.iter()
            .filter(|sum| (*sum / target - 1.0).abs() < 0.02)
            .count()
            * 10
            >= sums.len() * 9
    };
    let scale = if median >= 1e9 {
        Scale::CellsPerGram
    } else if numbers.whole
        && !(resolved.cohort.percentages && largest <= 102.0)
        && !(near(100.0) && sums.len() > 1)
        && largest > 1.5
    {
        Scale::Counts
    } else if near(1.0) || largest <= 1.02 {
        Scale::Fraction
    } else if near(100.0) || (largest <= 102.0 && median > 2.0) {
        Scale::Percent
    } else {
        Scale::Arbitrary
    };
    let range = format!("sample sums {} to {}", short(smallest), short(largest));
    let note = match scale {
        Scale::Counts => format!("values are taken as counts ({range})"),
        Scale::CellsPerGram => format!("values are taken as cells per gram ({range})"),
        Scale::Fraction if near(1.0) => "values are shares of 1".to_owned(),
        Scale::Percent if near(100.0) => "values are percentages".to_owned(),
        Scale::Fraction | Scale::Percent => format!(
            "values are taken as {}, but do not add up ({range}): rows were left out of the table; what is there is taken as the whole",
            scale.name()
        ),
        Scale::Arbitrary => format!(
            "the values are neither counts nor shares ({range}); only their proportions are used"
        ),
    };
    resolved.cohort.notes.push(note);
    let adds_up = near(1.0) || near(100.0);
    if !adds_up && scale != Scale::Counts && numbers.seem_logarithms() {
        resolved.cohort.notes.push(
            "the values look like logarithms (all small, and close to one another): if they are, every share here is wrong; give the values as they were before".to_owned(),
        );
    }
    Ok(scale)
}

/// What the values of a file are like, seen in one reading.
struct Numbers {
    /// Sums of the samples that are not empty, by size.
    sums: Vec<f64>,
    /// Whether all values are whole numbers.
    whole: bool,
    smallest: f64,
    largest: f64,
    /// Values that are not 0.
    count: usize,
    samples: usize,
    /// Fewest and most values of a sample that has any.
    fewest: usize,
    most: usize,
    /// Whether within each sample all values are the same.
    alike: bool,
}

impl Numbers {
    fn of(resolved: &Resolved) -> Result<Self> {
        let samples = &resolved.cohort.samples;
        let mut seen = Self {
            sums: Vec::with_capacity(samples.len()),
            whole: true,
            smallest: f64::INFINITY,
            largest: 0.0,
            count: 0,
            samples: samples.len(),
            fewest: usize::MAX,
            most: 0,
            alike: true,
        };
        for sample in samples.iter() {
            seen.take(&sample?, resolved);
        }
        seen.sums.sort_by(f64::total_cmp);
        Ok(seen)
    }

    fn take(&mut self, sample: &RawSample, resolved: &Resolved) {
        let sum = total(sample, resolved);
        if sum > 0.0 {
            self.sums.push(sum);
        }
        if sample.values.is_empty() {
            return;
        }
        for &value in &sample.values {
            self.whole &= value.fract() == 0.0;
            self.smallest = self.smallest.min(value);
            self.largest = self.largest.max(value);
        }
        self.count += sample.values.len();
        self.fewest = self.fewest.min(sample.values.len());
        self.most = self.most.max(sample.values.len());
        self.alike &= all_alike(sample);
    }

    /// Whether all values are small and within so narrow a range as logarithms of abundances are; abundances themselves
    /// differ by orders of magnitude.
    fn seem_logarithms(&self) -> bool {
        const LARGEST: f64 = 12.0;
        const RANGE: f64 = 12.0;
        const FEW_TAXA: f64 = 5.0;
        self.count as f64 / self.samples.max(1) as f64 >= FEW_TAXA
            && self.largest > 1.0
            && self.largest <= LARGEST
            && self.largest < RANGE * self.smallest
    }

    /// Refuses tables of presence, absence or traits: no real counts of several taxa are all one, and no real shares are
    /// all the same within each sample.
    fn refuse_presence(&self, file: &str) -> Result<()> {
        const FEW_TAXA: usize = 5;
        let one_value = self.smallest == self.largest;
        let differ = self.most > self.fewest;
        let said = if one_value && self.largest == 1.0 && self.most > 1 {
            "every value is 0 or 1".to_owned()
        } else if one_value && differ && self.most > 1 {
            format!("every value is 0 or {}", self.largest)
        } else if self.fewest >= FEW_TAXA && differ && self.alike {
            "within each sample all values that are not 0 are the same".to_owned()
        } else {
            return Ok(());
        };
        Err(PeopleError::Unusable {
            file: file.to_owned(),
            problem: format!("{said}: it seems a table of presence or traits, which tells that a taxon is there and nothing of how much"),
            advice: "No share, diversity or index can be had from it: give how much there is of each taxon, as counts, shares or cells per gram".to_owned(),
        })
    }
}

fn all_alike(sample: &RawSample) -> bool {
    let first = sample.values.first().copied().unwrap_or(0.0);
    sample
        .values
        .iter()
        .all(|value| (value / first - 1.0).abs() < 1e-6)
}

fn short(value: f64) -> String {
    if value >= 1e6 {
        format!("{value:.2e}")
    } else if value >= 100.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.3}")
    }
}
