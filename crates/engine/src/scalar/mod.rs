//! The scalar solver: one patient at a time, with pivoting factorisations.

mod advance;
mod agenda;
mod controller;
mod linear;
mod newton;
mod patient;
mod rodas4;
mod rodas5p;
mod rosenbrock;
mod solve;
mod stability;
mod steady;
mod tableau;

pub use solve::Solver;
pub use tableau::{MAXIMUM_STAGES, Tableau};
