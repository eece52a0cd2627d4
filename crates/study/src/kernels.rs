//! Kernels compiled ahead of time that people may be followed with.

use gutskin_engine::lanes::{CompiledKernels, Ensemble, LaneProgram, TooLarge, emit};
use gutskin_engine::program::{Program, ProgramOptions};
use std::sync::{Arc, OnceLock};

/// Rust source of the kernels of a shipped model, for the build of `gutskin-compiled`.
///
/// # Errors
/// Where the model is not known, does not compile, or is too large for lanes.
pub fn kernel_source(name: &str) -> Result<String, Box<dyn std::error::Error>> {
    let table = gutskin_biology::parameter_table()?;
    let network = crate::build_model(name, &table)?;
    let program = Program::new(&network, &ProgramOptions::default())?;
    Ok(emit(&LaneProgram::for_kernels(Arc::new(program))?))
}

static AT_HAND: OnceLock<&'static [&'static CompiledKernels]> = OnceLock::new();

/// Makes compiled kernels known to everything that follows people from now on; only the first list counts. Programs that
/// none of them belongs to are interpreted, as all are where nothing is made known.
pub fn use_kernels(kernels: &'static [&'static CompiledKernels]) {
    AT_HAND.get_or_init(|| kernels);
}

/// A program for lanes, with the kernels that belong to it.
pub(crate) fn lanes(program: &Arc<Program>) -> Result<Arc<LaneProgram>, TooLarge> {
    let kernels = AT_HAND.get().copied().unwrap_or_default();
    LaneProgram::with_kernels(program.clone(), kernels).map(Arc::new)
}

/// Method of integration, class of arithmetic and kind of kernels, for receipts: results are the same bytes where all
/// are.
pub(crate) fn method(ensemble: &Ensemble) -> String {
    let kernels = if ensemble.is_compiled() {
        ", compiled"
    } else {
        ""
    };
    format!("Rodas5P, lanes, {:?}{kernels}", ensemble.class())
}
