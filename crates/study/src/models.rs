//! Which models a scenario can name.

use gutskin_network::{BuildErrors, Network, ParameterTable};
use thiserror::Error;

/// Names of the models that can be run.
pub const MODEL_NAMES: &[&str] = &["thin"];

/// Why a model could not be built.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum ModelError {
    /// A name that stands for no model.
    #[error("no model is named \"{name}\"; known: {}", MODEL_NAMES.join(", "))]
    Unknown {
        /// The name asked for.
        name: String,
    },
    /// Mistakes in its equations or parameters.
    #[error(transparent)]
    Build(#[from] BuildErrors),
}

/// Builds a model by name from a table of parameters.
///
/// # Errors
/// [`ModelError`].
pub fn build_model(name: &str, table: &ParameterTable) -> Result<Network, ModelError> {
    match name {
        "thin" => Ok(gutskin_biology::thin::network(table)?),
        _ => Err(ModelError::Unknown {
            name: name.to_owned(),
        }),
    }
}
