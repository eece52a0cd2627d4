//! Models as equations: expressions, states, parameters, checks, export.
