//! The speed and accuracy case: a model of the planned size and shape, in SBML, with varied patients and a reference
//! solution. Not biology.
//!
//! The reader understands what that file uses: parameters, assignment rules, rate rules and events that set one
//! parameter to a number when the time passes a number.

mod math;
mod sbml;
mod tables;

pub use sbml::{Event, Model, read_model};
pub use tables::{Patient, Reference, read_patients, read_reference};

use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why the case cannot be read.
#[derive(Debug, Error)]
pub enum SurrogateError {
    /// A file that cannot be read.
    #[error("{path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file with other contents than expected.
    #[error("{place}: {problem}")]
    Content {
        /// File, element or column.
        place: String,
        /// What was found and expected.
        problem: String,
    },
}

impl SurrogateError {
    pub(crate) fn content(place: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Content {
            place: place.into(),
            problem: problem.into(),
        }
    }
}

/// Model, patients and reference.
#[derive(Debug)]
pub struct Surrogate {
    /// The model.
    pub model: Model,
    /// The patients.
    pub patients: Vec<Patient>,
    /// The reference solution.
    pub reference: Reference,
}

impl Surrogate {
    /// Last day of a run.
    pub const LAST_DAY: f64 = 196.0;

    /// The folder that holds the case: `bench` within `GUTSKIN_SHARED`, or within `../shared` beside the workspace;
    /// `None` where there is none.
    #[must_use]
    pub fn folder() -> Option<PathBuf> {
        let shared = std::env::var_os("GUTSKIN_SHARED").map_or_else(
            || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
            PathBuf::from,
        );
        let folder = shared.join("bench");
        folder.join("surrogate.xml.gz").is_file().then_some(folder)
    }

    /// Reads all three files; `typical` is the typical size of every state.
    ///
    /// # Errors
    /// [`SurrogateError`] names the file or element.
    pub fn read(folder: &Path, typical: f64) -> Result<Self, SurrogateError> {
        let model = read_model(&folder.join("surrogate.xml.gz"), typical)?;
        let patients = read_patients(&folder.join("surrogate_patients.csv"), &model.network)?;
        let reference = read_reference(&folder.join("surrogate_reference.csv.gz"), &model.network)?;
        Ok(Self {
            model,
            patients,
            reference,
        })
    }
}
