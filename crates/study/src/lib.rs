//! Scenarios, trials, the evidence ledger.
