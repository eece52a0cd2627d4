//! The end of a table of numbers: a file that was cut within its last line is refused where anything tells.

use crate::error::{PeopleError, Result};
use crate::profile::cohort::Cohort;
use crate::profile::readings::RawSample;

use super::table::shorten;

/// How many numbers must have the same decimals before one with fewer tells anything.
const ENOUGH: usize = 20;

/// What is seen of the numbers of a table, line by line.
#[derive(Debug, Default)]
pub struct Ending {
    /// Decimals that all numbers with a point have so far; `None` once two differ.
    decimals: Option<Option<usize>>,
    counted: usize,
    last: String,
    line: u64,
}

impl Ending {
    /// Takes in the last field of a line, and what came before it.
    pub fn line(&mut self, number: u64, last: &str) {
        let before = std::mem::replace(&mut self.last, last.to_owned());
        self.line = number;
        if let Some(decimals) = decimals(&before) {
            self.counted += 1;
            self.decimals = match self.decimals {
                None => Some(Some(decimals)),
                Some(known) => Some(known.filter(|known| *known == decimals)),
            };
        }
    }

    /// Judges the last line of a file that does not end it; remarks on it where nothing tells whether it was cut.
    ///
    /// # Errors
    /// When its last number was cut.
    pub fn judge(&self, cohort: &mut Cohort) -> Result<()> {
        if self.last.parse::<f64>().is_err() {
            return Ok(());
        }
        let file = cohort.file.clone();
        let cut = |expected: String| PeopleError::Malformed {
            file: file.clone(),
            place: format!("line {}, the last", self.line),
            found: format!("an end right behind `{}`", shorten(&self.last)),
            expected,
            advice: "The file was cut short: copy it again; if it is whole, end its last line"
                .to_owned(),
        };
        if self.last.ends_with('.') {
            return Err(cut(
                "digits behind the point, and the end of the line".to_owned()
            ));
        }
        if let Some(Some(usual)) = self.decimals
            && self.counted >= ENOUGH
            && decimals(&self.last).unwrap_or(0) < usual
        {
            return Err(cut(format!(
                "a number with {usual} decimals, as all above, and the end of the line"
            )));
        }
        if let Some((sum, whole)) = lacks_to_a_whole(cohort)? {
            return Err(cut(format!(
                "the end of the line, and values that add up to {whole} as in the other samples (not {sum:.4})"
            )));
        }
        cohort.notes.push(format!(
            "the last line ({}) does not end: if the file was cut there, its last number (`{}`) may lack digits",
            self.line,
            shorten(&self.last)
        ));
        Ok(())
    }
}

fn decimals(text: &str) -> Option<usize> {
    let (_, behind) = text.split_once('.')?;
    behind
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then_some(behind.len())
}

/// Where all samples but the last add up to 1 or 100 and the last does not: its sum, and the whole.
fn lacks_to_a_whole(cohort: &Cohort) -> Result<Option<(f64, f64)>> {
    const FEWEST: usize = 2;
    let sum = |sample: RawSample| sample.values.iter().sum::<f64>() + sample.unclassified;
    let sums: Vec<f64> = (cohort.samples.iter())
        .map(|sample| sample.map(sum))
        .collect::<Result<_>>()?;
    let Some((last, others)) = sums.split_last() else {
        return Ok(None);
    };
    Ok([1.0, 100.0]
        .into_iter()
        .find(|whole| {
            let near = |sum: &f64| (sum / whole - 1.0).abs() < 5e-4;
            others.len() >= FEWEST && others.iter().all(near) && !near(last)
        })
        .map(|whole| (*last, whole)))
}
