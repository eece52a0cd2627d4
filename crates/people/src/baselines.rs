//! Published baselines, the rows of `catalogue/baselines.csv`.

use crate::error::{PeopleError, Result};
use gutskin_network::Mark;
use serde::{Deserialize, Serialize};

/// Name and text of the table.
pub const BASELINES: (&str, &str) = (
    "catalogue/baselines.csv",
    include_str!("../../../catalogue/baselines.csv"),
);

/// On which scale a baseline is normal.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Scale {
    /// As it is.
    Linear,
    /// Its logarithm.
    Log,
}

/// Whether people are weighted to it.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Use {
    /// They are.
    Match,
    /// It is kept out of weighting and shown beside.
    Test,
}

/// One published baseline.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Baseline {
    /// Name.
    pub id: String,
    /// Name in words.
    pub title: String,
    /// Condition whose people it is of; empty for all.
    pub condition: String,
    /// Observable of the model.
    pub observable: String,
    /// Its unit.
    pub unit: String,
    /// Scale.
    pub scale: Scale,
    /// Mean, or median on the logarithmic scale.
    pub centre: f64,
    /// Standard deviation, on the scale.
    pub spread: f64,
    /// What its method sees at least: less is read as this.
    pub least: Option<f64>,
    /// Whether people are weighted to it.
    #[serde(rename = "use")]
    pub used: Use,
    /// Where it was published.
    pub source: String,
    /// `read`, `computed`, `fitted` or `assumed`.
    pub mark: String,
    /// What to know.
    pub note: String,
}

impl Baseline {
    /// Standard deviations of the baseline between a value and its centre.
    #[must_use]
    pub fn z(&self, value: f64) -> f64 {
        match self.scale {
            Scale::Linear => (value - self.centre) / self.spread,
            Scale::Log => {
                let seen = value.max(self.least.unwrap_or(f64::MIN_POSITIVE));
                (seen / self.centre).ln() / self.spread
            }
        }
    }

    /// Where its numbers come from, in a word: `read`, `computed`, or `from memory` for those that nobody has looked up.
    #[must_use]
    pub fn origin(&self) -> &str {
        if self.mark == Mark::Assumed.word() {
            "from memory"
        } else {
            &self.mark
        }
    }

    /// The value at so many standard deviations.
    #[must_use]
    pub fn at(&self, z: f64) -> f64 {
        match self.scale {
            Scale::Linear => self.centre + z * self.spread,
            Scale::Log => self.centre * (z * self.spread).exp(),
        }
    }
}

/// The baselines of people of a condition.
///
/// # Errors
/// A fault of the table.
pub fn baselines(condition: &str) -> Result<Vec<Baseline>> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(BASELINES.1.as_bytes());
    let mut all = Vec::new();
    for row in reader.deserialize::<Baseline>() {
        let row = row.map_err(|e| PeopleError::Table {
            table: BASELINES.0.to_owned(),
            place: "rows".to_owned(),
            problem: e.to_string(),
            advice: "Mend the row".to_owned(),
        })?;
        if row.condition.is_empty() || row.condition == condition {
            all.push(row);
        }
    }
    Ok(all)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_from_memory_is_called_so() {
        for condition in ["ad", "pso", "acne"] {
            for b in baselines(condition).unwrap() {
                let said = b.source.contains("from memory");
                assert_eq!(said, b.origin() == "from memory", "{}", b.id);
            }
        }
        let skin = |b: &Baseline| b.condition == "acne";
        let acne = baselines("acne").unwrap();
        assert!(
            acne.iter()
                .filter(|b| skin(b))
                .all(|b| b.origin() == "from memory")
        );
    }

    #[test]
    fn about_half_of_the_baselines_of_each_condition_is_kept_out() {
        for condition in ["ad", "pso", "acne"] {
            let all = baselines(condition).unwrap();
            let matched = all.iter().filter(|b| b.used == Use::Match).count();
            assert!(
                2 * matched <= all.len() + 1,
                "{condition}: {matched} of {}",
                all.len()
            );
            assert!(3 * matched >= all.len(), "{condition}");
            for b in &all {
                assert!(
                    b.spread > 0.0 && (b.z(b.at(1.3)) - 1.3).abs() < 1e-9,
                    "{}",
                    b.id
                );
                assert!(
                    !b.source.is_empty() && gutskin_network::Mark::from_word(&b.mark).is_some()
                );
            }
        }
    }
}
