//! How the markers of the body are measured: what a kit or a laboratory makes of the true value.
//!
//! A reading is truth × scale × error. The scale belongs to a study, the error to a sample; both are lognormal, their
//! sizes stand in `parameters/GutskinAssays2026.toml`.

use gutskin_network::{ParameterTable, Spread};
use thiserror::Error;

/// Assays and the observables that they read.
pub const ASSAYS: &[(&str, &str)] = &[
    ("lactulose_mannitol", "barrier.lactulose_mannitol"),
    ("zonulin_kit", "barrier.zonulin_kit"),
    ("lbp", "endotoxin.lbp"),
    ("lal", "endotoxin.lal"),
    ("ifabp", "barrier.ifabp"),
    ("calprotectin", "barrier.calprotectin"),
    ("crp", "immune.crp"),
    ("il6", "immune.il6"),
    ("tnf", "immune.tnf"),
    ("il10", "immune.il10"),
    ("cortisol", "hpa.cortisol"),
    ("cortisol_saliva", "hpa.cortisol_saliva"),
    ("cortisol_hair", "hpa.cortisol_hair"),
    ("igf1", "metabolic.igf1"),
    ("insulin", "metabolic.insulin"),
    ("homa_ir", "metabolic.homa_ir"),
    ("vitamin_d", "metabolic.vitamin_d"),
    ("bacterial_dna", "endotoxin.dna"),
];

/// Assays that say yes or no: which they are, what they read, and the parameter above which their reading says yes.
pub const DETECTED: &[(&str, &str, &str)] =
    &[("bacterial_dna", "endotoxin.dna", "assay.dna_detected")];

/// Assays that do not measure what their name says; no inference may rest on them.
pub const UNRELIABLE: &[&str] = &["zonulin_kit"];

/// The observation model of one marker.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Assay {
    /// The observable that it reads.
    pub observable: &'static str,
    /// Spread of studies, ln SD.
    pub scale_sd_ln: f64,
    /// Spread of samples, ln SD.
    pub error_sd_ln: f64,
    /// Whether inference may rest on it.
    pub reliable: bool,
}

/// A name that is no assay, or an assay without its parameters.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum AssayError {
    /// No such assay.
    #[error("no assay is called \"{name}\"; known: {}", known())]
    Unknown {
        /// Name asked for.
        name: String,
    },
    /// A row is missing in the parameter files.
    #[error(
        "parameter \"{row}\" stands in no parameter file; add it with its unit, spread and mark"
    )]
    Missing {
        /// The row.
        row: String,
    },
}

fn known() -> String {
    let names: Vec<&str> = ASSAYS.iter().map(|a| a.0).collect();
    names.join(", ")
}

impl Assay {
    /// The assay of that name.
    ///
    /// # Errors
    /// [`AssayError`].
    pub fn named(table: &ParameterTable, name: &str) -> Result<Self, AssayError> {
        let Some((_, observable)) = ASSAYS.iter().find(|a| a.0 == name) else {
            return Err(AssayError::Unknown {
                name: name.to_owned(),
            });
        };
        let row = |what: &str| {
            let row = format!("assay.{name}_{what}");
            table.get(&row).ok_or(AssayError::Missing { row })
        };
        let scale_sd_ln = match row("scale")?.spread {
            Spread::LogNormal { sd_ln } => sd_ln,
            _ => 0.0,
        };
        Ok(Self {
            observable,
            scale_sd_ln,
            error_sd_ln: row("error")?.value,
            reliable: !UNRELIABLE.contains(&name),
        })
    }

    /// What is reported of `truth`, given a standard normal number of the study and one of the sample.
    pub fn reading(&self, truth: f64, study: f64, sample: f64) -> f64 {
        truth * (self.scale_sd_ln * study + self.error_sd_ln * sample).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::{Mode, network};

    #[test]
    fn every_assay_has_its_rows_and_reads_an_observable_of_the_body() {
        let table = crate::parameter_table().unwrap();
        let body = network(&table, Mode::Daily).unwrap();
        for (name, observable) in ASSAYS {
            let assay = Assay::named(&table, name).unwrap();
            assert!(assay.error_sd_ln > 0.0, "{name}");
            assert!(body.observable(observable).is_some(), "{observable}");
        }
        for (name, observable, limit) in DETECTED {
            assert_eq!(Assay::named(&table, name).unwrap().observable, *observable);
            assert!(table.get(limit).unwrap().value > 0.0);
        }
        assert!(!Assay::named(&table, "zonulin_kit").unwrap().reliable);
        let wrong = Assay::named(&table, "zonulin").unwrap_err().to_string();
        assert!(wrong.contains("zonulin_kit"), "{wrong}");
    }

    #[test]
    fn a_reading_is_the_truth_where_nothing_is_drawn_and_scales_with_it() {
        let table = crate::parameter_table().unwrap();
        let lal = Assay::named(&table, "lal").unwrap();
        assert!((lal.reading(3.0, 0.0, 0.0) - 3.0).abs() < 1e-15);
        let (one, two) = (lal.reading(3.0, 1.0, -1.0), lal.reading(6.0, 1.0, -1.0));
        assert!((two / one - 2.0).abs() < 1e-12);
        assert!((one / 3.0).ln() - (lal.scale_sd_ln - lal.error_sd_ln) < 1e-12);
    }
}
