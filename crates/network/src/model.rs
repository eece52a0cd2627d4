//! The finished description of a model.

use crate::expr::{ExprId, Names, Pool};
use crate::parameters::{Mark, Spread};
use gutskin_units::Unit;
use std::collections::BTreeMap;

/// A quantity that changes in time by its rate.
#[derive(Clone, Debug)]
pub struct State {
    /// Full name, `module.name[.segment]`.
    pub name: String,
    /// Unit, where known.
    pub unit: Option<Unit>,
    /// Typical size, in its unit: absolute tolerances are a small share of it.
    pub typical: f64,
    /// Value at the start: an expression of parameters, switches and literals only.
    pub initial: ExprId,
    /// dState/dt, in its unit per time unit.
    pub rate: ExprId,
    /// True where the equations keep it at or above zero, so that a value below −atol is an error of the solver.
    pub non_negative: bool,
    /// Content of elements per unit of state (element, amount), for balances.
    pub holds: Vec<(String, f64)>,
    /// What it is.
    pub doc: String,
}

/// A number that does not change in time but may differ between people.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Full name.
    pub name: String,
    /// Central value, in its unit.
    pub value: f64,
    /// Unit, where known.
    pub unit: Option<Unit>,
    /// Spread, in its unit.
    pub spread: Spread,
    /// Key of the source.
    pub source: String,
    /// Where the number comes from.
    pub mark: Mark,
    /// What it is.
    pub doc: String,
}

/// A number that a scenario sets at scheduled times.
#[derive(Clone, Debug)]
pub struct Input {
    /// Full name.
    pub name: String,
    /// Unit, where known.
    pub unit: Option<Unit>,
    /// Value where no scenario sets it.
    pub default: f64,
    /// What it is.
    pub doc: String,
}

/// A named 0/1 factor that cuts a path.
#[derive(Clone, Debug)]
pub struct Switch {
    /// Full name.
    pub name: String,
    /// On unless said otherwise?
    pub default: bool,
    /// What it cuts.
    pub doc: String,
}

/// A named intermediate.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Full name.
    pub name: String,
    /// Unit, where known.
    pub unit: Option<Unit>,
    /// What it stands for.
    pub definition: ExprId,
    /// The node that refers to it.
    pub node: ExprId,
    /// What it is.
    pub doc: String,
}

/// A quantity that results report.
#[derive(Clone, Debug)]
pub struct Observable {
    /// Full name.
    pub name: String,
    /// Unit, where known.
    pub unit: Option<Unit>,
    /// Its value.
    pub expression: ExprId,
    /// What it is and how it is measured.
    pub doc: String,
}

/// A flow between states with its stoichiometry. Its terms are part of the states' rates already.
#[derive(Clone, Debug)]
pub struct ProcessSpec {
    /// Full name.
    pub name: String,
    /// Unit of the rate, where known.
    pub unit: Option<Unit>,
    /// How fast it runs.
    pub rate: ExprId,
    /// (state, coefficient): units of state made (positive) or used (negative) per unit of the process.
    pub terms: Vec<(u32, ExprId)>,
    /// Elements that must balance over the terms.
    pub balanced: Vec<String>,
    /// What it is.
    pub doc: String,
}

/// A linear combination of states that stays constant while no input and no jump acts.
#[derive(Clone, Debug)]
pub struct InvariantSpec {
    /// Full name.
    pub name: String,
    /// (state, weight).
    pub terms: Vec<(u32, f64)>,
    /// What it says.
    pub doc: String,
}

/// Strength of the evidence behind a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkGrade {
    /// Human trial.
    HumanTrial,
    /// Human observation.
    HumanObservation,
    /// Animal experiment.
    Animal,
    /// In vitro.
    InVitro,
    /// Assumption.
    Assumption,
}

impl LinkGrade {
    /// The short code of the evidence tables: HT, HO, AN, IV, AS.
    pub fn code(self) -> &'static str {
        match self {
            LinkGrade::HumanTrial => "HT",
            LinkGrade::HumanObservation => "HO",
            LinkGrade::Animal => "AN",
            LinkGrade::InVitro => "IV",
            LinkGrade::Assumption => "AS",
        }
    }

    /// The grade of a code.
    pub fn from_code(code: &str) -> Option<LinkGrade> {
        [
            LinkGrade::HumanTrial,
            LinkGrade::HumanObservation,
            LinkGrade::Animal,
            LinkGrade::InVitro,
            LinkGrade::Assumption,
        ]
        .into_iter()
        .find(|g| g.code() == code)
    }
}

/// A coupling between compartments: what `model links` lists.
#[derive(Clone, Debug)]
pub struct Link {
    /// Name, for example `leak-to-tone`.
    pub name: String,
    /// Compartment it leaves.
    pub from: String,
    /// Compartment it enters.
    pub to: String,
    /// Its switch.
    pub switch: u32,
    /// The parameter that scales it, where there is one.
    pub gain: Option<u32>,
    /// Further parameters that scale parts of it.
    pub also: Vec<u32>,
    /// Evidence.
    pub grade: LinkGrade,
    /// The formula in words.
    pub doc: String,
}

/// A model: everything that a simulation, an export or a page of documentation needs.
#[derive(Clone, Debug)]
pub struct Network {
    /// Name of the model.
    pub name: String,
    /// Unit of the clock, where known.
    pub time_unit: Option<Unit>,
    /// Expressions.
    pub pool: Pool,
    /// States.
    pub states: Vec<State>,
    /// Parameters.
    pub parameters: Vec<Parameter>,
    /// Inputs.
    pub inputs: Vec<Input>,
    /// Switches.
    pub switches: Vec<Switch>,
    /// Named intermediates, each after those it uses.
    pub variables: Vec<Variable>,
    /// Observables.
    pub observables: Vec<Observable>,
    /// Processes.
    pub processes: Vec<ProcessSpec>,
    /// Linear invariants.
    pub invariants: Vec<InvariantSpec>,
    /// Couplings between compartments.
    pub links: Vec<Link>,
    /// Citations by source key.
    pub citations: BTreeMap<String, String>,
}

macro_rules! finder {
    ($method:ident, $field:ident, $what:literal) => {
        #[doc = concat!("Index of the ", $what, " of that name.")]
        pub fn $method(&self, name: &str) -> Option<u32> {
            self.$field
                .iter()
                .position(|x| x.name == name)
                .and_then(|i| u32::try_from(i).ok())
        }
    };
}

impl Network {
    finder!(state, states, "state");
    finder!(parameter, parameters, "parameter");
    finder!(input, inputs, "input");
    finder!(switch, switches, "switch");
    finder!(variable, variables, "variable");
    finder!(observable, observables, "observable");

    /// Central values of all parameters.
    pub fn parameter_values(&self) -> Vec<f64> {
        self.parameters.iter().map(|p| p.value).collect()
    }

    /// Default values of all inputs.
    pub fn input_values(&self) -> Vec<f64> {
        self.inputs.iter().map(|i| i.default).collect()
    }

    /// Default values (0 or 1) of all switches.
    pub fn switch_values(&self) -> Vec<f64> {
        self.switches
            .iter()
            .map(|s| f64::from(u8::from(s.default)))
            .collect()
    }

    /// Every name in the model with what kind of thing it names.
    pub fn names(&self) -> impl Iterator<Item = (&str, &'static str)> {
        self.states
            .iter()
            .map(|x| (x.name.as_str(), "state"))
            .chain(
                self.parameters
                    .iter()
                    .map(|x| (x.name.as_str(), "parameter")),
            )
            .chain(self.inputs.iter().map(|x| (x.name.as_str(), "input")))
            .chain(self.switches.iter().map(|x| (x.name.as_str(), "switch")))
            .chain(self.variables.iter().map(|x| (x.name.as_str(), "variable")))
            .chain(
                self.observables
                    .iter()
                    .map(|x| (x.name.as_str(), "observable")),
            )
    }

    /// The infix text of an expression of this model.
    pub fn text(&self, id: ExprId) -> String {
        crate::expr::precedence_text(&self.pool, self, id)
    }
}

fn at<T>(list: &[T], i: u32, name: impl Fn(&T) -> &str) -> &str {
    list.get(i as usize).map_or("?", name)
}

impl Names for Network {
    fn state(&self, i: u32) -> &str {
        at(&self.states, i, |x| &x.name)
    }
    fn parameter(&self, i: u32) -> &str {
        at(&self.parameters, i, |x| &x.name)
    }
    fn input(&self, i: u32) -> &str {
        at(&self.inputs, i, |x| &x.name)
    }
    fn switch(&self, i: u32) -> &str {
        at(&self.switches, i, |x| &x.name)
    }
    fn variable(&self, i: u32) -> &str {
        at(&self.variables, i, |x| &x.name)
    }
}
