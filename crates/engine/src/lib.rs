//! Solves networks: stiff integration, steady states, ensembles.
