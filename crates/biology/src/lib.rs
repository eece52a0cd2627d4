//! The gut–skin axis in equations, one module a compartment.
//!
//! Numbers live in `parameters/*.toml` (one file a source) and `catalogue/*.csv`; this crate turns them into a
//! [`Network`](gutskin_network::Network). It does not solve anything.

pub mod acne;
mod acute;
pub mod ad;
pub mod assay;
pub mod axis;
mod barrier;
mod bile;
pub mod body;
pub mod catalogue;
pub mod checks;
pub mod colon;
pub mod drives;
mod drugs;
pub mod early;
mod endotoxin;
mod files;
pub mod grade;
mod hpa;
mod immune;
mod metabolic;
pub mod plasma;
pub mod pso;
pub mod references;
pub mod skin;
pub mod stages;
mod strains;
pub mod therapy;
pub mod thin;
mod window;

pub use files::parameter_table;
