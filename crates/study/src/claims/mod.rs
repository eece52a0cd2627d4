//! The statements about the axis, each shown by running: cause on, effect read, then the named path cut.
//!
//! What is said and its windows are data (`checks/claims.csv`, the rows `claim-…` of `checks/checks.csv`); here are the
//! experiments, small files by theme. A sample of 200 people stands for the cohorts of the rows, as the table of windows asks;
//! their stories are told one by one and solved together, in lanes.

mod bench;
mod composite;
mod drugs;
mod ecosystem;
mod foods;
mod immune;
mod lean;
mod outcome;
mod placebo;
mod producers;
mod skin;
mod stress;
mod trials;
mod western;

pub use lean::{LeanRow, lean_against_full, lean_elsewhere};
pub use outcome::{ClaimOutcome, ClaimPart, ClaimTable, run};

use crate::checks::Experiment;

/// Experiments by theme.
pub(crate) static ROOMS: &[&[Experiment]] = &[
    composite::EXPERIMENTS,
    drugs::EXPERIMENTS,
    ecosystem::EXPERIMENTS,
    foods::EXPERIMENTS,
    immune::EXPERIMENTS,
    placebo::EXPERIMENTS,
    producers::EXPERIMENTS,
    skin::EXPERIMENTS,
    stress::EXPERIMENTS,
    trials::EXPERIMENTS,
    western::EXPERIMENTS,
];
