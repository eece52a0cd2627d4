//! What a run has finished, written down batch by batch, so that a run that was broken off goes on with the same bytes.

use super::run::{Course, Patient, Rescued};
use crate::Effort;
use serde::{Deserialize, Serialize};

/// Where finished batches are kept. A batch that cannot be read back is simulated again.
pub trait Journal {
    /// The text of a batch that is there already.
    fn load(&mut self, batch: usize) -> Option<String>;
    /// Keeps the text of a batch, whole or not at all.
    fn save(&mut self, batch: usize, text: &str);
}

/// Keeps nothing.
pub struct NoJournal;

impl Journal for NoJournal {
    fn load(&mut self, _: usize) -> Option<String> {
        None
    }

    fn save(&mut self, _: usize, _: &str) {}
}

/// What a batch adds to a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Batch {
    pub patients: Vec<Patient>,
    pub screened: usize,
    pub without_steady_state: usize,
    /// Of these, those whose slowest time constant is above three years.
    pub too_slow: usize,
    pub first_without: Option<String>,
    /// What it took.
    pub effort: Effort,
}

/// Numbers as their bits: text keeps every one, also those that are none.
type Bits = Vec<u64>;

#[derive(Serialize, Deserialize)]
struct Written {
    /// Method and class of arithmetic: others give other bytes.
    method: String,
    patients: Vec<WrittenPatient>,
    screened: usize,
    without_steady_state: usize,
    too_slow: usize,
    first_without: Option<String>,
    effort: Effort,
}

#[derive(Serialize, Deserialize)]
struct WrittenPatient {
    draw: u32,
    arms: Vec<Result<WrittenCourse, String>>,
    placebo: Vec<Bits>,
    noise: Bits,
    without_care: Option<Bits>,
    traits: Bits,
    adherence: u64,
}

#[derive(Serialize, Deserialize)]
struct WrittenCourse {
    values: Vec<Bits>,
    rescued: Option<(usize, Vec<Bits>)>,
    guilds: Vec<[u64; 2]>,
}

fn bits(values: &[f64]) -> Bits {
    values.iter().map(|v| v.to_bits()).collect()
}

fn numbers(bits: &[u64]) -> Vec<f64> {
    bits.iter().map(|b| f64::from_bits(*b)).collect()
}

fn table(rows: &[Vec<f64>]) -> Vec<Bits> {
    rows.iter().map(|row| bits(row)).collect()
}

fn rows(table: &[Bits]) -> Vec<Vec<f64>> {
    table.iter().map(|row| numbers(row)).collect()
}

impl Batch {
    /// As text; nothing where it cannot be written, which numbers and names always can.
    pub fn write(&self, method: &str) -> Option<String> {
        let written = Written {
            method: method.to_owned(),
            patients: self.patients.iter().map(WrittenPatient::of).collect(),
            screened: self.screened,
            without_steady_state: self.without_steady_state,
            too_slow: self.too_slow,
            first_without: self.first_without.clone(),
            effort: self.effort,
        };
        serde_json::to_string(&written).ok()
    }

    /// A batch that the same method wrote; nothing where the text is no such batch.
    pub fn read(text: &str, method: &str) -> Option<Self> {
        let written: Written = serde_json::from_str(text).ok()?;
        (written.method == method).then(|| Self {
            patients: written
                .patients
                .iter()
                .map(WrittenPatient::patient)
                .collect(),
            screened: written.screened,
            without_steady_state: written.without_steady_state,
            too_slow: written.too_slow,
            first_without: written.first_without,
            effort: written.effort,
        })
    }
}

impl WrittenPatient {
    fn of(patient: &Patient) -> Self {
        let course = |c: &Course| WrittenCourse {
            values: table(&c.values),
            rescued: c.rescued.as_ref().map(|r| (r.visit, table(&r.values))),
            guilds: c.guilds.iter().map(|g| g.map(f64::to_bits)).collect(),
        };
        Self {
            draw: patient.draw,
            arms: (patient.arms.iter())
                .map(|arm| arm.as_ref().map(course).map_err(Clone::clone))
                .collect(),
            placebo: table(&patient.placebo),
            noise: bits(&patient.noise),
            without_care: patient.without_care.as_ref().map(|v| bits(v)),
            traits: bits(&patient.traits),
            adherence: patient.adherence.to_bits(),
        }
    }

    fn patient(&self) -> Patient {
        let course = |c: &WrittenCourse| Course {
            values: rows(&c.values),
            rescued: c.rescued.as_ref().map(|(visit, values)| Rescued {
                visit: *visit,
                values: rows(values),
            }),
            guilds: c.guilds.iter().map(|g| g.map(f64::from_bits)).collect(),
        };
        Patient {
            draw: self.draw,
            arms: (self.arms.iter())
                .map(|arm| arm.as_ref().map(course).map_err(Clone::clone))
                .collect(),
            placebo: rows(&self.placebo),
            noise: numbers(&self.noise),
            without_care: self.without_care.as_ref().map(|v| numbers(v)),
            traits: numbers(&self.traits),
            adherence: f64::from_bits(self.adherence),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_comes_back_bit_by_bit_and_only_to_its_method() {
        let batch = Batch {
            patients: vec![Patient {
                draw: 7,
                arms: vec![
                    Ok(Course {
                        values: vec![vec![0.1 + 0.2, -0.0, 1e-310]],
                        rescued: Some(Rescued {
                            visit: 1,
                            values: vec![vec![f64::INFINITY]],
                        }),
                        guilds: vec![[0.25, 0.1]],
                    }),
                    Err("steps".to_owned()),
                ],
                placebo: vec![vec![0.7]],
                noise: vec![1.0 / 3.0],
                without_care: None,
                traits: vec![],
                adherence: 0.9,
            }],
            screened: 9,
            without_steady_state: 1,
            too_slow: 1,
            first_without: Some("reason".to_owned()),
            effort: Effort {
                accepted: 5,
                rejected: 6,
                solves: 2,
                pivoted: 1,
            },
        };
        let text = batch.write("lanes").unwrap();
        assert_eq!(Batch::read(&text, "lanes"), Some(batch));
        assert_eq!(Batch::read(&text, "scalar"), None);
        assert_eq!(Batch::read(&text[..text.len() - 1], "lanes"), None);
    }
}
