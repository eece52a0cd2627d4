//! Units of every expression, in one pass over the pool.

use super::brief::brief;
use super::equations::{Equation, Equations, Kind};
use super::{Findings, Rule, Severity};
use crate::Network;
use crate::expr::{Binary, ExprId, Node, Unary};
use gutskin_units::Unit;

/// What is known of an expression's unit.
#[derive(Clone, Debug)]
pub(super) enum Measure {
    /// Not known, or wrong and reported already: fits everything.
    Unknown,
    /// A literal 0 (or ∞): fits every unit.
    Nought,
    /// Known.
    Known(Unit),
}

impl Measure {
    fn of(unit: &Option<Unit>) -> Measure {
        unit.clone().map_or(Measure::Unknown, Measure::Known)
    }

    pub(super) fn one() -> Measure {
        Measure::Known(Unit::dimensionless())
    }
}

/// What is wrong with an expression, and what to do.
pub(super) struct Wrong {
    pub message: String,
    pub mend: String,
}

/// The units inferred so far.
pub(super) struct Inference<'n> {
    pub network: &'n Network,
    measures: Vec<Measure>,
}

pub(super) fn check(equations: &Equations<'_>, findings: &mut Findings) {
    let network = equations.network;
    let inference = Inference::new(network, |id, wrong| {
        if equations.holds(id) {
            let message = format!("in \"{}\", {}", brief(network, id), wrong.message);
            let place = equations.place(id);
            findings.add(Severity::Error, Rule::Units, place, message, wrong.mend);
        }
    });
    for equation in &equations.list {
        if let Err(wrong) = inference.equation(equation) {
            findings.add(
                Severity::Error,
                Rule::Units,
                &equation.place,
                wrong.message,
                wrong.mend,
            );
        }
    }
    inference.process_terms(findings);
}

/// The unit of every expression of the pool, where it follows from what is declared and nothing is wrong with it.
pub(crate) fn inferred(network: &Network) -> Vec<Option<Unit>> {
    let known = |measure| match measure {
        Measure::Known(unit) => Some(unit),
        _ => None,
    };
    let inference = Inference::new(network, |_, _| {});
    inference.measures.into_iter().map(known).collect()
}

impl<'n> Inference<'n> {
    fn new(network: &'n Network, mut report: impl FnMut(ExprId, Wrong)) -> Self {
        let mut this = Inference {
            network,
            measures: Vec::with_capacity(network.pool.len()),
        };
        for i in 0..network.pool.len() {
            let id = ExprId(u32::try_from(i).unwrap_or(u32::MAX));
            let measure = this.infer(id).unwrap_or_else(|wrong| {
                report(id, wrong);
                Measure::Unknown
            });
            this.measures.push(measure);
        }
        this
    }
}

impl Inference<'_> {
    pub(super) fn measure(&self, id: ExprId) -> &Measure {
        &self.measures[id.index()]
    }

    fn infer(&self, id: ExprId) -> Result<Measure, Wrong> {
        let n = self.network;
        Ok(match n.pool.node(id) {
            Node::Constant(bits) => match f64::from_bits(bits) {
                v if v == 0.0 || !v.is_finite() => Measure::Nought,
                _ => Measure::one(),
            },
            Node::Time => Measure::of(&n.time_unit),
            Node::State(i) => Measure::of(&n.states[i as usize].unit),
            Node::Parameter(i) => Measure::of(&n.parameters[i as usize].unit),
            Node::Input(i) => Measure::of(&n.inputs[i as usize].unit),
            Node::Switch(_) => Measure::one(),
            Node::Variable(i, definition) => match &n.variables[i as usize].unit {
                Some(unit) => Measure::Known(unit.clone()),
                None => self.measure(definition).clone(),
            },
            Node::Unary(op, a) => self.unary(op, a)?,
            Node::Binary(Binary::Mul, a, b) => product(self.measure(a), self.measure(b)),
            Node::Binary(Binary::Div, a, b) => quotient(self.measure(a), self.measure(b)),
            Node::Binary(Binary::Pow, a, b) => self.power(a, b)?,
            Node::Binary(_, a, b) => self.same(&[a, b])?,
            Node::Select {
                left,
                right,
                then,
                otherwise,
                ..
            } => {
                self.same(&[left, right])?;
                self.same(&[then, otherwise])?
            }
            Node::Call(function, arguments) => {
                self.call(function, &arguments[..function.arity()])?
            }
        })
    }

    fn unary(&self, op: Unary, a: ExprId) -> Result<Measure, Wrong> {
        match op {
            Unary::Neg | Unary::Abs | Unary::Floor => Ok(self.measure(a).clone()),
            Unary::Sqrt => Ok(match self.measure(a) {
                Measure::Known(unit) => Measure::Known(unit.sqrt()),
                other => other.clone(),
            }),
            Unary::Exp | Unary::Ln | Unary::Tanh | Unary::Sin | Unary::Cos => {
                self.dimensionless(a, "argument")?;
                Ok(Measure::one())
            }
        }
    }

    /// Requires one unit, dimension and factor, of all; gives it.
    pub(super) fn same(&self, list: &[ExprId]) -> Result<Measure, Wrong> {
        let mut found: Option<(ExprId, &Unit)> = None;
        for &id in list {
            if let Measure::Known(unit) = self.measure(id) {
                match found {
                    Some((first, expected)) if !unit.same(expected) => {
                        let left = format!("\"{}\"", brief(self.network, first));
                        let right = format!("\"{}\"", brief(self.network, id));
                        return Err(differ((&left, expected), (&right, unit)));
                    }
                    Some(_) => {}
                    None => found = Some((id, unit)),
                }
            }
        }
        let all_nought = list
            .iter()
            .all(|&id| matches!(self.measure(id), Measure::Nought));
        Ok(match found {
            Some((_, unit)) => Measure::Known(unit.clone()),
            None if all_nought => Measure::Nought,
            None => Measure::Unknown,
        })
    }

    pub(super) fn dimensionless(&self, id: ExprId, what: &str) -> Result<(), Wrong> {
        match self.measure(id) {
            Measure::Known(unit) if !unit.is_dimensionless() => Err(Wrong {
                message: format!(
                    "the {what} \"{}\" is in {}; it must be a plain number",
                    brief(self.network, id),
                    named(unit)
                ),
                mend: "divide it by a reference quantity of the same unit".to_owned(),
            }),
            _ => Ok(()),
        }
    }

    pub(super) fn power(&self, base: ExprId, exponent: ExprId) -> Result<Measure, Wrong> {
        self.dimensionless(exponent, "exponent")?;
        let unit = match self.measure(base) {
            Measure::Known(unit) if unit.is_dimensionless() => return Ok(Measure::one()),
            Measure::Known(unit) => unit,
            other => return Ok(other.clone()),
        };
        let Some(literal) = self.network.pool.as_constant(exponent) else {
            return Err(Wrong {
                message: format!(
                    "the base \"{}\" is in {}, and the exponent \"{}\" is not a literal, so that the unit of the power is not known",
                    brief(self.network, base),
                    named(unit),
                    brief(self.network, exponent)
                ),
                mend: "divide the base by a reference quantity of the same unit".to_owned(),
            });
        };
        unit.pow(literal).map(Measure::Known).map_err(|e| Wrong {
            message: e.to_string(),
            mend: "divide the base by a reference quantity of the same unit".to_owned(),
        })
    }

    fn equation(&self, equation: &Equation) -> Result<(), Wrong> {
        let n = self.network;
        let (declared, what) = match equation.kind {
            Kind::Variable(i) => (n.variables[i].unit.clone(), "the declared unit"),
            Kind::Observable(i) => (n.observables[i].unit.clone(), "the declared unit"),
            Kind::ProcessRate(i) => (n.processes[i].unit.clone(), "the declared unit"),
            Kind::Initial(i) if n.pool.as_constant(equation.id).is_none() => {
                (n.states[i].unit.clone(), "the state's unit")
            }
            Kind::Rate(i) => (
                per_time(n, &n.states[i].unit),
                "the state's unit per time unit",
            ),
            Kind::Initial(_) | Kind::Coefficient => (None, ""),
        };
        match (declared, self.measure(equation.id)) {
            (Some(declared), Measure::Known(found)) if !found.same(&declared) => {
                let left = format!("\"{}\"", brief(n, equation.id));
                Err(differ((&left, found), (what, &declared)))
            }
            _ => Ok(()),
        }
    }

    /// coefficient × rate must be in the state's unit per time unit.
    fn process_terms(&self, findings: &mut Findings) {
        let n = self.network;
        for process in &n.processes {
            for &(state, coefficient) in &process.terms {
                let state = &n.states[state as usize];
                let term = product(self.measure(coefficient), self.measure(process.rate));
                if let (Measure::Known(found), Some(expected)) = (term, per_time(n, &state.unit))
                    && !found.same(&expected)
                {
                    let left = format!("coefficient \"{}\" × rate", brief(n, coefficient));
                    let right = format!("the unit of \"{}\" per time unit", state.name);
                    let wrong = differ((&left, &found), (&right, &expected));
                    findings.add(
                        Severity::Error,
                        Rule::Units,
                        format!("process {}", process.name),
                        wrong.message,
                        wrong.mend,
                    );
                }
            }
        }
    }
}

fn per_time(network: &Network, unit: &Option<Unit>) -> Option<Unit> {
    Some(unit.as_ref()?.div(network.time_unit.as_ref()?))
}

fn product(a: &Measure, b: &Measure) -> Measure {
    match (a, b) {
        (Measure::Nought, _) | (_, Measure::Nought) => Measure::Nought,
        (Measure::Known(a), Measure::Known(b)) => Measure::Known(a.mul(b)),
        _ => Measure::Unknown,
    }
}

fn quotient(a: &Measure, b: &Measure) -> Measure {
    match (a, b) {
        (Measure::Nought, _) => Measure::Nought,
        (Measure::Known(a), Measure::Known(b)) => Measure::Known(a.div(b)),
        _ => Measure::Unknown,
    }
}

fn named(unit: &Unit) -> String {
    format!("\"{unit}\" ({})", unit.dimension())
}

fn differ(left: (&str, &Unit), right: (&str, &Unit)) -> Wrong {
    let message = format!(
        "{} is in {}, {} is {}",
        left.0,
        named(left.1),
        right.0,
        named(right.1)
    );
    if left.1.same_dimension(right.1) {
        let ratio = left.1.convert(1.0, right.1).unwrap_or(f64::NAN);
        return Wrong {
            message: format!("{message}: the same dimension, but a factor of {ratio} apart"),
            mend: "convert one side: declare both in one unit, or multiply by a parameter whose unit is the ratio"
                .to_owned(),
        };
    }
    Wrong {
        message: format!("{message}: the dimensions differ"),
        mend: "look for a missing or surplus factor, or a wrong declared unit".to_owned(),
    }
}
