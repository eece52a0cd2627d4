//! What can be read of a person: the rows of `catalogue/readings.csv`, with the noise that parameters declare.

use crate::error::{PeopleError, Result};
use gutskin_network::{ParameterTable, Spread};
use serde::Deserialize;
use std::f64::consts::{FRAC_1_SQRT_2, PI};

pub(crate) const READINGS: (&str, &str) = (
    "catalogue/readings.csv",
    include_str!("../../../../catalogue/readings.csv"),
);

#[derive(Debug, Deserialize)]
struct Row {
    id: String,
    title: String,
    kind: String,
    condition: String,
    observable: String,
    unit: String,
    scale: String,
    error: String,
    points: String,
    people: String,
    low: f64,
    high: f64,
    inference: String,
    other_unit: String,
    factor: Option<f64>,
}

/// Noise of a reading: r = v·exp(σ·z) + p·z, one standard normal z.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Noise {
    /// σ, standard deviation of the logarithm.
    pub sd_ln: f64,
    /// p, in the unit of the reading.
    pub points: f64,
}

impl Noise {
    /// What is read for a value under a standard normal number.
    #[must_use]
    pub fn read(&self, value: f64, z: f64) -> f64 {
        (value * (self.sd_ln * z).exp() + self.points * z).max(0.0)
    }

    /// Standard deviation of readings around a value, to first order.
    #[must_use]
    pub fn around(&self, value: f64) -> f64 {
        self.sd_ln * value.abs() + self.points
    }

    /// ln of the density of a reading over √(2π), given the value; minus infinity where the value cannot give it. A reading of
    /// 0 is all that would have fallen below.
    #[must_use]
    pub fn log_density(&self, reading: f64, value: f64) -> f64 {
        if !(value.is_finite() && value >= 0.0) {
            return f64::NEG_INFINITY;
        }
        let Some(z) = self.number(reading, value) else {
            return f64::NEG_INFINITY;
        };
        if reading <= 0.0 && self.points > 0.0 {
            let below = 0.5 * libm::erfc(-z * FRAC_1_SQRT_2);
            return below.ln() + 0.5 * (2.0 * PI).ln();
        }
        let slope = self.sd_ln * value * (self.sd_ln * z).exp() + self.points;
        -0.5 * z * z - slope.ln()
    }

    /// Chance that a value is read as this or less; nothing where the value cannot be.
    #[must_use]
    pub fn chance_up_to(&self, reading: f64, value: f64) -> Option<f64> {
        let possible = value.is_finite() && value >= 0.0;
        // Beyond what any number gives, the reading is surely on its side.
        let far = if reading < value { 0.0 } else { 1.0 };
        possible.then(|| {
            let z = self.number(reading, value);
            z.map_or(far, |z| 0.5 * libm::erfc(-z * FRAC_1_SQRT_2))
        })
    }

    /// The standard normal number that makes this reading of the value: the reading rises with it.
    fn number(&self, reading: f64, value: f64) -> Option<f64> {
        let made = |z: f64| value * (self.sd_ln * z).exp() + self.points * z;
        /// Beyond this a density is nothing.
        const FAR: f64 = 40.0;
        let (mut low, mut high) = (-FAR, FAR);
        if !(made(low) <= reading && made(high) >= reading) {
            return None;
        }
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if made(middle) < reading {
                low = middle;
            } else {
                high = middle;
            }
        }
        Some(0.5 * (low + high))
    }
}

/// One thing that can be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Readable {
    /// Name in person files.
    pub id: String,
    /// Name in words.
    pub title: String,
    /// Whether it is a score of a condition.
    pub score: bool,
    /// The condition that has it; nothing where everybody has.
    pub condition: Option<String>,
    /// Observable of the model.
    pub observable: String,
    /// Unit of the observable.
    pub unit: String,
    /// Noise of a reading from any laboratory, of anybody.
    pub noise: Noise,
    /// Noise of readings of one person and laboratory among themselves.
    pub within: Noise,
    /// Parameters of that noise: spread between laboratories, error of a sample, error in points, and in points what people
    /// at one value of the model differ by; empty where there is none.
    pub parameters: [String; 4],
    /// Readings that can be: others are typing errors.
    pub bounds: [f64; 2],
    /// Whether inference may rest on it.
    pub inference: bool,
    /// A unit of another dimension in which laboratories report it too, and how many of `unit` one of it is.
    pub other: Option<(String, f64)>,
}

/// All rows, with noise from the parameters.
///
/// # Errors
/// A fault of the table, or a parameter that it names and that is not there.
pub fn readables(table: &ParameterTable) -> Result<Vec<Readable>> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(READINGS.1.as_bytes());
    let rows = reader.deserialize::<Row>();
    rows.map(|row| readable(table, row.map_err(|e| fault(&e.to_string()))?))
        .collect()
}

fn fault(problem: &str) -> PeopleError {
    PeopleError::Table {
        table: READINGS.0.to_owned(),
        place: "rows".to_owned(),
        problem: problem.to_owned(),
        advice: "Mend the row".to_owned(),
    }
}

fn readable(table: &ParameterTable, row: Row) -> Result<Readable> {
    let missing = |name: &str| fault(&format!("no parameter is called {name}"));
    let value = |name: &str| -> Result<f64> {
        if name.is_empty() {
            return Ok(0.0);
        }
        table
            .get(name)
            .map(|p| p.value)
            .ok_or_else(|| missing(name))
    };
    let scale = match row.scale.as_str() {
        "" => 0.0,
        name => match table.get(name).ok_or_else(|| missing(name))?.spread {
            Spread::LogNormal { sd_ln } => sd_ln,
            _ => 0.0,
        },
    };
    let within = Noise {
        sd_ln: value(&row.error)?,
        points: value(&row.points)?,
    };
    Ok(Readable {
        noise: Noise {
            sd_ln: scale.hypot(within.sd_ln),
            points: value(&row.people)?.hypot(within.points),
        },
        within,
        parameters: [row.scale, row.error, row.points, row.people],
        score: row.kind == "score",
        condition: Some(row.condition).filter(|c| !c.is_empty()),
        bounds: [row.low, row.high],
        other: row.factor.map(|factor| (row.other_unit, factor)),
        inference: row.inference == "yes",
        id: row.id,
        title: row.title,
        observable: row.observable,
        unit: row.unit,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_reading_has_noise_and_a_unit() {
        let table = gutskin_biology::parameter_table().unwrap();
        let all = readables(&table).unwrap();
        assert!(all.iter().filter(|r| r.score).count() >= 5);
        for r in &all {
            assert!(r.noise.sd_ln + r.noise.points > 0.0, "{}", r.id);
            assert!(r.bounds[0] < r.bounds[1], "{}", r.id);
            let unit = gutskin_units::Unit::parse(&r.unit).unwrap();
            if let Some((other, factor)) = &r.other {
                let other = gutskin_units::Unit::parse(other).unwrap();
                assert!(unit.convert(1.0, &other).is_err(), "{}", r.id);
                assert!(*factor > 0.0 && factor.is_finite(), "{}", r.id);
            }
        }
        assert!(
            !all.iter()
                .find(|r| r.id == "zonulin_kit")
                .unwrap()
                .inference
        );
    }

    #[test]
    fn densities_of_readings_integrate_to_one_and_are_centred_on_the_value() {
        let noise = Noise {
            sd_ln: 0.12,
            points: 1.0,
        };
        let step = 0.01;
        let density = |i: i32| noise.log_density(f64::from(i) * step, 20.0).exp();
        let raw: f64 = (1..10_000).map(|i| density(i) * step).sum();
        let sum = raw / (2.0 * std::f64::consts::PI).sqrt();
        assert!((sum - 1.0).abs() < 1e-6, "{sum}");
        let best = (1..10_000)
            .max_by(|a, b| density(*a).total_cmp(&density(*b)))
            .unwrap();
        assert!((f64::from(best) * step - 20.0).abs() < 1.5);
        assert_eq!(noise.log_density(20.0, f64::NAN), f64::NEG_INFINITY);
    }

    #[test]
    fn a_low_value_is_read_as_nothing_as_often_as_its_density_says() {
        let noise = Noise {
            sd_ln: 0.12,
            points: 1.0,
        };
        let step = 0.001;
        let density = |i: i32| noise.log_density((f64::from(i) + 0.5) * step, 0.7).exp();
        let above: f64 = (0..10_000).map(|i| density(i) * step).sum();
        let of_nothing = noise.log_density(0.0, 0.7).exp();
        let sum = (above + of_nothing) / (2.0 * std::f64::consts::PI).sqrt();
        assert!((sum - 1.0).abs() < 1e-5, "{sum}");
    }
}
