//! What the tests of every room share, and nothing that ships.
//!
//! * [`shared`] and [`shared_text`] find test data that live beside the
//!   project; where they are absent, the reason is printed and the test skips:
//!
//!   ```
//!   # fn test() {
//!   let Some(table) = gutskin_testing::shared_text("checks.csv") else {
//!       return;
//!   };
//!   assert!(table.starts_with("id,module,"));
//!   # }
//!   # test();
//!   ```
//! * [`baseline`] compares a result with the one stored under `baselines/`,
//!   number by number.
//! * [`project_root`] is the root of the workspace.
//!
//! These are test helpers: they panic with a message where a test must fail.

mod baseline;
mod compare;
mod shared_data;

pub use baseline::{UPDATE_VARIABLE, baseline, baseline_within};
pub use compare::Tolerance;
pub use shared_data::{SHARED_VARIABLE, shared, shared_text};

use std::path::{Path, PathBuf};

/// The root of the workspace: the folder that holds `crates/`.
pub fn project_root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = here.ancestors().nth(2).unwrap_or(here);
    root.to_path_buf()
}
