//! Finds the project's real test files, which are not part of the project.

use std::path::PathBuf;

/// Path of a file under `shared/`, or `None` (with a printed reason) where it is absent.
pub fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("GUTSKIN_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    let full = root.join(path);
    if full.exists() {
        Some(full)
    } else {
        eprintln!("skipped: {} is not there", full.display());
        None
    }
}
