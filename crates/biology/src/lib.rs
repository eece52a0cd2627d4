//! The gut–skin axis in equations, one module a compartment.
//!
//! Numbers live in `parameters/*.toml` (one file a source) and `catalogue/*.csv`; this crate turns them into a
//! [`Network`](gutskin_network::Network). It does not solve anything.

pub mod acne;
pub mod ad;
mod bile;
pub mod catalogue;
pub mod checks;
pub mod colon;
pub mod drives;
mod drugs;
pub mod early;
mod files;
pub mod plasma;
pub mod pso;
pub mod skin;
mod strains;
pub mod therapy;
pub mod thin;

pub use files::parameter_table;
