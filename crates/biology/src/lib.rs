//! The gut–skin axis in equations, one module a compartment.
//!
//! Numbers live in `parameters/*.toml` (one file a source) and `catalogue/*.csv`; this crate turns them into a
//! [`Network`](gutskin_network::Network). It does not solve anything.

mod bile;
pub mod catalogue;
pub mod checks;
pub mod colon;
mod drugs;
mod files;
pub mod plasma;
mod strains;
pub mod thin;

pub use files::parameter_table;
