//! Models as equations: expressions, states, parameters, checks, export.
//!
//! A model is written once, with a [`Builder`], as ordinary Rust arithmetic over [`Expr`] handles. The result is a
//! [`Network`]: a plain description (states with rates, parameters with sources, inputs, switches, observables) from
//! which everything else is derived: Jacobian, compiled programs, SBML, documentation.
//!
//! This crate knows no biology and does no IO; readers take text, writers return text.

mod builder;
pub mod check;
pub mod export;
pub mod expr;
mod hash;
mod model;
mod naming;
pub mod overrides;
pub mod parameters;
pub mod sbml;
mod schedule;
mod sort;
pub mod text;

pub use builder::{BuildErrors, Builder, LinkSpec, Process, StateSpec};
pub use check::{CheckReport, Finding, Rule, Severity, check};
pub use expr::{Expr, ExprId, Pool};
pub use model::{
    Input, InvariantSpec, Link, LinkGrade, Network, Observable, Parameter, ProcessSpec, State,
    Switch, Variable,
};
pub use naming::{is_name, nearest};
pub use parameters::{Mark, ParameterEntry, ParameterFileError, ParameterTable, Spread};
pub use schedule::{Action, Change, Schedule, ScheduleError, Target};
