//! The readings of a file's samples: sparse values, written in any order and read sample by sample. A bounded number
//! of them is held; the others wait in a temporary file, so that memory does not grow with the table.

mod runs;

use crate::error::{PeopleError, Result};
use runs::Runs;

/// One sample: sparse values by feature.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RawSample {
    /// Name of the sample.
    pub id: String,
    /// Feature indices.
    pub features: Vec<u32>,
    /// Values, beside `features`, in the file's own scale.
    pub values: Vec<f64>,
    /// What the profiler could not classify, in the file's own scale.
    pub unclassified: f64,
    /// Share that clades hold beyond the rows below them, where rows are missing.
    pub missing: f64,
}

/// What is held of a sample beside its values.
#[derive(Debug)]
struct Head {
    id: Box<str>,
    values: u32,
    unclassified: f64,
    missing: f64,
}

/// A value at its place.
#[derive(Debug, Clone, Copy)]
struct Cell {
    sample: u32,
    feature: u32,
    value: f64,
}

/// Takes in readings, in any order.
#[derive(Debug)]
pub struct Recorder {
    file: String,
    heads: Vec<Head>,
    cells: Vec<Cell>,
    runs: Runs,
    /// Most values held in memory.
    held: usize,
}

impl Recorder {
    /// An empty recorder; `file` names the profiles in messages, `held` is the number of values kept in memory.
    #[must_use]
    pub fn new(file: &str, held: usize) -> Self {
        Self {
            file: file.to_owned(),
            heads: Vec::new(),
            cells: Vec::new(),
            runs: Runs::default(),
            held: held.max(1),
        }
    }

    /// Number of samples.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.heads.len()
    }

    /// Name of a sample.
    #[must_use]
    pub fn id(&self, sample: usize) -> &str {
        &self.heads[sample].id
    }

    /// Adds a sample without values; returns its index.
    pub fn sample(&mut self, id: &str) -> usize {
        self.heads.push(Head {
            id: id.into(),
            values: 0,
            unclassified: 0.0,
            missing: 0.0,
        });
        self.heads.len() - 1
    }

    /// Adds a value.
    ///
    /// # Errors
    /// When the temporary file cannot be written.
    pub fn value(&mut self, sample: usize, feature: u32, value: f64) -> Result<()> {
        if self.cells.len() >= self.held {
            sort(&mut self.cells);
            let written = self.runs.write(&self.cells);
            written.map_err(|source| no_room(&self.file, &source))?;
            self.cells.clear();
        }
        self.heads[sample].values += 1;
        self.cells.push(Cell {
            sample: sample as u32,
            feature,
            value,
        });
        Ok(())
    }

    /// Adds to what the profiler could not classify in a sample.
    pub fn unclassified(&mut self, sample: usize, value: f64) {
        self.heads[sample].unclassified += value;
    }

    /// The readings, to be read sample by sample; `merge` adds up values of the same feature within a sample.
    #[must_use]
    pub fn finish(mut self, merge: bool) -> Samples {
        sort(&mut self.cells);
        self.cells.shrink_to_fit();
        Samples {
            file: self.file,
            heads: self.heads,
            cells: self.cells,
            runs: self.runs,
            held: self.held,
            merge,
        }
    }
}

/// By sample; within it in the order of writing.
fn sort(cells: &mut [Cell]) {
    if !cells.is_sorted_by_key(|cell| cell.sample) {
        cells.sort_by_key(|cell| cell.sample);
    }
}

fn no_room(file: &str, source: &std::io::Error) -> PeopleError {
    PeopleError::Unusable {
        file: file.to_owned(),
        problem: format!(
            "its readings do not fit into a temporary file in {}: {source}",
            std::env::temp_dir().display()
        ),
        advice: "They take 16 bytes for each value that is not 0: make room there, or name another folder in the environment as TMPDIR".to_owned(),
    }
}

/// The readings of a file, sample by sample.
#[derive(Debug)]
pub struct Samples {
    file: String,
    heads: Vec<Head>,
    /// Those written last, by sample.
    cells: Vec<Cell>,
    runs: Runs,
    held: usize,
    merge: bool,
}

impl Samples {
    /// No samples.
    #[must_use]
    pub fn none() -> Self {
        Recorder::new("", 1).finish(false)
    }

    /// Number of samples.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.heads.len()
    }

    /// Whether there is no sample.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.heads.is_empty()
    }

    /// Names of the samples.
    pub fn ids(&self) -> impl Iterator<Item = &str> + Clone {
        self.heads.iter().map(|head| &*head.id)
    }

    /// Name of a sample.
    #[must_use]
    pub fn id(&self, sample: usize) -> &str {
        &self.heads[sample].id
    }

    /// Whether no sample has a value.
    #[must_use]
    pub fn are_empty(&self) -> bool {
        self.heads.iter().all(|head| head.values == 0)
    }

    /// Whether some sample has something unclassified.
    #[must_use]
    pub fn hold_unclassified(&self) -> bool {
        self.heads.iter().any(|head| head.unclassified > 0.0)
    }

    /// Sets the share that is missing of each sample.
    pub fn set_missing(&mut self, shares: &[f64]) {
        for (head, share) in self.heads.iter_mut().zip(shares) {
            head.missing = *share;
        }
    }

    /// The samples one by one. Each is an error where the temporary file cannot be read.
    pub fn iter(&self) -> impl Iterator<Item = Result<RawSample>> {
        let groups = (0..self.heads.len()).step_by(runs::GROUP);
        groups.flat_map(|first| match self.group(first) {
            Ok(samples) => samples.into_iter().map(Ok).collect(),
            Err(error) => vec![Err(error)],
        })
    }

    /// The samples in batches, each of few enough that they hold no more than a recorder does (or of one sample).
    pub fn batches(&self) -> impl Iterator<Item = Result<Vec<RawSample>>> {
        let mut samples = self.iter().peekable();
        std::iter::from_fn(move || {
            let mut batch = vec![match samples.next()? {
                Ok(sample) => sample,
                Err(error) => return Some(Err(error)),
            }];
            let mut held = batch[0].values.len();
            while let Some(Ok(next)) = samples.peek() {
                held += next.values.len().max(SMALLEST_SAMPLE);
                if held > self.held {
                    break;
                }
                batch.extend(samples.next().and_then(Result::ok));
            }
            Some(Ok(batch))
        })
    }

    /// The same samples after a change of each.
    ///
    /// # Errors
    /// When the temporary file cannot be read or written.
    pub fn changed(&self, mut change: impl FnMut(&mut RawSample)) -> Result<Self> {
        let mut changed = Recorder::new(&self.file, self.held);
        for sample in self.iter() {
            let mut sample = sample?;
            change(&mut sample);
            let at = changed.sample(&sample.id);
            changed.unclassified(at, sample.unclassified);
            changed.heads[at].missing = sample.missing;
            for (&feature, &value) in sample.features.iter().zip(&sample.values) {
                changed.value(at, feature, value)?;
            }
        }
        Ok(changed.finish(self.merge))
    }

    /// The samples of one group.
    fn group(&self, first: usize) -> Result<Vec<RawSample>> {
        let heads = self.heads.iter().skip(first).take(runs::GROUP);
        let mut samples: Vec<RawSample> = heads.map(Head::without_values).collect();
        let end = first + samples.len();
        let mut add = |cell: Cell| {
            let sample = &mut samples[cell.sample as usize - first];
            sample.features.push(cell.feature);
            sample.values.push(cell.value);
        };
        let read = self.runs.read(first, &mut add);
        read.map_err(|source| no_room(&self.file, &source))?;
        let at = |sample: usize| {
            let before = |cell: &Cell| (cell.sample as usize) < sample;
            self.cells.partition_point(before)
        };
        self.cells[at(first)..at(end)].iter().copied().for_each(add);
        if self.merge {
            samples.iter_mut().for_each(merge_repeated);
        }
        Ok(samples)
    }
}

/// What the smallest of samples counts for in a batch, in values.
const SMALLEST_SAMPLE: usize = 64;

impl Head {
    fn without_values(&self) -> RawSample {
        RawSample {
            id: self.id.to_string(),
            features: Vec::with_capacity(self.values as usize),
            values: Vec::with_capacity(self.values as usize),
            unclassified: self.unclassified,
            missing: self.missing,
        }
    }
}

/// Adds up values of the same feature within a sample.
fn merge_repeated(sample: &mut RawSample) {
    let mut order: Vec<usize> = (0..sample.features.len()).collect();
    order.sort_by_key(|&at| sample.features[at]);
    let mut features: Vec<u32> = Vec::with_capacity(order.len());
    let mut values: Vec<f64> = Vec::with_capacity(order.len());
    for at in order {
        match (features.last(), values.last_mut()) {
            (Some(&last), Some(sum)) if last == sample.features[at] => *sum += sample.values[at],
            _ => {
                features.push(sample.features[at]);
                values.push(sample.values[at]);
            }
        }
    }
    sample.features = features;
    sample.values = values;
}

#[cfg(test)]
mod tests;
