//! What is wrong, doubtful or worth knowing in a finished network.
//!
//! [`check`] never changes a network and needs no solver. Its findings say where (the equation by name), what was
//! found, and how to mend it. The rules are those of [`Rule`]; what each accepts:
//!
//! * **Units.** Literals are dimensionless, a literal 0 fits any unit, and an unknown unit fits everything, so that an
//!   imported model without units stays quiet. Sums, comparisons, branches, `min` and `max` need one unit on all sides,
//!   dimension and factor. Arguments of `exp`, `ln`, `tanh`, `sin`, `cos`, `logistic`, `softplus` and exponents are
//!   dimensionless; a base with a unit needs a literal exponent. A definition has the unit that is declared; a rate has
//!   the state's unit per time unit; so has coefficient × rate of a process. An initial value that is one literal is
//!   read in the state's unit.
//! * **Balance.** Every state of a process with `balanced` elements must declare how much of the element it holds; a
//!   content of nothing is declared as 0, so that a forgotten one is found. Coefficients may depend on parameters,
//!   switches and inputs, not on states or the clock. Σ coefficient × content must vanish, relative 1e-8, at central
//!   values. The rate of a state must hold every term of its processes, as written (terms are compared, not values).
//! * **Invariants.** Σ weight × rate must vanish, relative 1e-10 of the sum of the absolute terms, at random points of
//!   the states (fixed seed), at central parameter values, with inputs at their defaults or all at 0.
//! * **Smoothness.** `abs`, `floor`, `min`, `max`, `if`, powers that are not whole and square roots count where they
//!   depend on a state or the clock and can come to their corner: a base or argument that is a sum with a part that
//!   does not move (such as `x² + eps²`) is taken as kept away from it.

mod balance;
mod brief;
mod equations;
mod finite;
mod functions;
mod invariants;
mod names;
mod numbers;
mod processes;
mod smooth;
mod structure;
pub(crate) mod units;

use crate::Network;
use equations::Equations;
pub use invariants::unconditional;
use serde::Serialize;
use std::fmt;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The model is wrong.
    Error,
    /// Probably a mistake, or a risk for the solver.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// The word printed for it.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// The rule that a finding breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// Parts of the network refer to each other and stand under one name each.
    Structure,
    /// Units agree.
    Units,
    /// Initial values depend on parameters, switches and literals only.
    Initial,
    /// Numbers are finite, sizes positive, spreads fit their values.
    Numbers,
    /// Every number has unit, source and mark.
    Provenance,
    /// Everything declared is used.
    Unused,
    /// Every state changes, and something reads it.
    Idle,
    /// Declared elements balance over processes.
    Balance,
    /// Declared linear invariants hold.
    Invariant,
    /// Equations are smooth.
    Smooth,
}

impl Rule {
    /// The word printed for it.
    pub fn word(self) -> &'static str {
        match self {
            Rule::Structure => "structure",
            Rule::Units => "units",
            Rule::Initial => "initial",
            Rule::Numbers => "numbers",
            Rule::Provenance => "provenance",
            Rule::Unused => "unused",
            Rule::Idle => "idle",
            Rule::Balance => "balance",
            Rule::Invariant => "invariant",
            Rule::Smooth => "smooth",
        }
    }
}

/// One thing found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The rule it breaks.
    pub rule: Rule,
    /// Where: the equation or declaration by name.
    pub place: String,
    /// What was found, and what was expected.
    pub message: String,
    /// What to do; may be empty for notes.
    pub mend: String,
}

/// All findings about a network, the worst first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckReport {
    /// Name of the model.
    pub model: String,
    /// Number of errors.
    pub errors: usize,
    /// Number of warnings.
    pub warnings: usize,
    /// Number of notes.
    pub notes: usize,
    /// The findings: errors, then warnings, then notes; within those by rule, then in the order of the model.
    pub findings: Vec<Finding>,
}

impl CheckReport {
    /// True where no error was found.
    pub fn passed(&self) -> bool {
        self.errors == 0
    }

    /// The findings of one severity.
    pub fn of(&self, severity: Severity) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |f| f.severity == severity)
    }

    /// The report as JSON.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap_or(serde_json::Value::Null)
    }
}

impl fmt::Display for CheckReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |n: usize, word: &str| match n {
            1 => format!("1 {word}"),
            n => format!("{n} {word}s"),
        };
        writeln!(
            f,
            "check of \"{}\": {}, {}, {}",
            self.model,
            plural(self.errors, "error"),
            plural(self.warnings, "warning"),
            plural(self.notes, "note")
        )?;
        for finding in &self.findings {
            write!(
                f,
                "\n{:<8}{:<11}{}\n    {}\n",
                finding.severity.word(),
                finding.rule.word(),
                finding.place,
                finding.message
            )?;
            if !finding.mend.is_empty() {
                writeln!(f, "    → {}", finding.mend)?;
            }
        }
        Ok(())
    }
}

/// Where findings are collected.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(
        &mut self,
        severity: Severity,
        rule: Rule,
        place: impl Into<String>,
        message: impl Into<String>,
        mend: impl Into<String>,
    ) {
        self.0.push(Finding {
            severity,
            rule,
            place: place.into(),
            message: message.into(),
            mend: mend.into(),
        });
    }
}

/// Checks a network. Where its parts do not fit together (an index that leads nowhere, a name used twice), only that is
/// reported, since nothing else can be said of it.
pub fn check(network: &Network) -> CheckReport {
    let mut findings = Findings::default();
    structure::check(network, &mut findings);
    if findings.0.is_empty() {
        let equations = Equations::new(network);
        units::check(&equations, &mut findings);
        numbers::check(&equations, &mut findings);
        finite::check(&equations, &mut findings);
        names::check(&equations, &mut findings);
        balance::check(&equations, &mut findings);
        processes::check(network, &mut findings);
        invariants::check(&equations, &mut findings);
        smooth::check(&equations, &mut findings);
    }
    let mut findings = findings.0;
    findings.sort_by_key(|f| (f.severity, f.rule));
    let count = |severity| findings.iter().filter(|f| f.severity == severity).count();
    CheckReport {
        model: network.name.clone(),
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        notes: count(Severity::Note),
        findings,
    }
}
