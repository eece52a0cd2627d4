//! Scenarios, trials, the evidence ledger.
//!
//! One scenario schema serves trials, simulations, twins and evidence; [`scenario`] reads and checks it. [`trial`]
//! runs it; [`checks`] runs acceptance windows, [`claims`] the statements about the axis. Nothing here knows how results are drawn.

mod bursts;
pub mod checks;
pub mod claims;
pub mod evidence;
mod followed;
mod ingredients;
mod kernels;
pub mod measured;
mod models;
pub mod population;
pub mod scenario;
pub mod simulate;
pub mod statistics;
pub mod sweep;
pub mod trial;
pub mod twin;

pub use bursts::Bursts;
pub use followed::Effort;
pub use ingredients::{ChangeError, Ingredients, REFERENCE_PERSON};
pub use kernels::{kernel_source, use_kernels};
pub use models::{MODEL_NAMES, ModelError, build_model};
