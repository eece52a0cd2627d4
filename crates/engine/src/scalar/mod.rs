//! The scalar solver: one patient at a time, with pivoting factorisations.

pub(crate) mod advance;
pub(crate) mod agenda;
pub(crate) mod controller;
pub(crate) mod invariants;
mod linear;
mod newton;
mod patient;
mod rodas4;
mod rodas5p;
pub(crate) mod rosenbrock;
mod solve;
mod stability;
mod steady;
mod tableau;

pub use solve::Solver;
pub use tableau::{MAXIMUM_STAGES, Tableau};
