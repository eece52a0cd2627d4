//! Solves networks: stiff integration, steady states, ensembles.
pub mod lanes;
pub mod program;
pub mod random;
