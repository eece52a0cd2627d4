//! Writing a model: the side of the crate that biology sees.

use crate::expr::{Arena, Expr, ExprId, IntoExpr, Node};
use crate::model::{
    Input, InvariantSpec, Link, LinkGrade, Network, Observable, Parameter, ProcessSpec, State,
    Switch, Variable,
};
use crate::parameters::{Mark, ParameterTable, Spread};
use gutskin_units::Unit;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::fmt;

/// Everything that was wrong while a model was written, all at once.
#[derive(Clone, Debug, PartialEq)]
pub struct BuildErrors(pub Vec<String>);

impl fmt::Display for BuildErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} mistake(s) in the model:", self.0.len())?;
        for message in &self.0 {
            write!(f, "\n  - {message}")?;
        }
        Ok(())
    }
}

impl std::error::Error for BuildErrors {}

#[derive(Default)]
struct Parts {
    states: Vec<State>,
    parameters: Vec<Parameter>,
    inputs: Vec<Input>,
    switches: Vec<Switch>,
    variables: Vec<Variable>,
    observables: Vec<Observable>,
    processes: Vec<ProcessSpec>,
    invariants: Vec<InvariantSpec>,
    links: Vec<Link>,
    names: HashMap<String, ExprId>,
    errors: Vec<String>,
}

/// Writes a model. Methods take `&self`, so that handles stay usable while more is added; mistakes are collected and
/// reported together by [`Builder::finish`].
///
/// ```
/// use gutskin_network::{Builder, ParameterTable};
/// let mut table = ParameterTable::new();
/// table.read_toml("example.toml", r#"
///     source = { key = "Example", citation = "none" }
///     [[parameter]]
///     name = "pool.loss"
///     value = 0.5
///     unit = "1/h"
///     spread = { kind = "fixed" }
///     mark = "assumed"
/// "#).unwrap();
/// let m = Builder::new("example", "d", &table);
/// let pool = m.state("pool.amount", "mmol").typical(10.0).initial(10.0).doc("what is in the pool").add();
/// let loss = m.parameter("pool.loss", "1/d"); // read as 12 per day
/// m.rate(pool, -(loss * pool));
/// let network = m.finish().unwrap();
/// assert_eq!(network.parameters[0].value, 12.0);
/// ```
pub struct Builder<'t> {
    name: String,
    time_unit: Option<Unit>,
    arena: Arena,
    table: &'t ParameterTable,
    parts: RefCell<Parts>,
}

impl<'t> Builder<'t> {
    /// Starts a model whose clock runs in `time_unit` and whose parameters come from `table`.
    pub fn new(name: &str, time_unit: &str, table: &'t ParameterTable) -> Self {
        let this = Self {
            name: name.to_owned(),
            time_unit: None,
            arena: Arena::default(),
            table,
            parts: RefCell::default(),
        };
        let time_unit = this.unit(time_unit, "the clock");
        Self { time_unit, ..this }
    }

    fn error(&self, message: String) {
        self.parts.borrow_mut().errors.push(message);
    }

    fn unit(&self, text: &str, of: &str) -> Option<Unit> {
        match Unit::parse(text) {
            Ok(unit) => Some(unit),
            Err(e) => {
                self.error(format!("unit of {of}: {e}"));
                None
            }
        }
    }

    fn register(&self, name: &str, id: ExprId) {
        if !crate::is_name(name) {
            self.error(format!(
                "\"{name}\" is not a name; expected module.name with letters, digits, _ and dots"
            ));
        }
        let old = self.parts.borrow_mut().names.insert(name.to_owned(), id);
        if old.is_some() {
            self.error(format!(
                "the name \"{name}\" is used twice; every name stands for one thing"
            ));
        }
    }

    /// A literal. Biological numbers are parameters; this is for 1, 2, ½ in formulas.
    pub fn constant(&self, value: f64) -> Expr<'_> {
        self.arena.constant(value)
    }

    /// The clock.
    pub fn time(&self) -> Expr<'_> {
        self.arena.time()
    }

    /// The thing that was declared under `name` earlier (state, parameter, input, switch or variable). A name that
    /// does not stand is a mistake reported by [`Builder::finish`].
    pub fn find(&self, name: &str) -> Expr<'_> {
        let found = self.parts.borrow().names.get(name).copied();
        match found {
            Some(id) => self.arena.expr(id),
            None => {
                let nearest = {
                    let parts = self.parts.borrow();
                    crate::nearest(name, parts.names.keys().map(String::as_str)).map(str::to_owned)
                };
                let hint = nearest.map_or(String::new(), |n| format!("; did you mean \"{n}\"?"));
                self.error(format!("nothing is declared under \"{name}\"{hint}"));
                self.arena.constant(f64::NAN)
            }
        }
    }

    /// Declares a state; finish with [`StateSpec::add`].
    pub fn state<'b>(&'b self, name: &str, unit: &str) -> StateSpec<'b, 't> {
        let zero = self.arena.constant(0.0).id();
        StateSpec {
            builder: self,
            state: State {
                name: name.to_owned(),
                unit: self.unit(unit, name),
                typical: 1.0,
                initial: zero,
                rate: zero,
                non_negative: true,
                holds: Vec::new(),
                doc: String::new(),
            },
        }
    }

    /// The parameter of that name from the table, converted once to `unit`. Asking twice gives the same expression.
    pub fn parameter(&self, name: &str, unit: &str) -> Expr<'_> {
        let known = self.parts.borrow().names.get(name).copied();
        if let Some(id) = known {
            self.check_same_unit(name, unit, id);
            return self.arena.expr(id);
        }
        let Some((value, factor)) = self.converted(name, unit) else {
            return self.arena.constant(f64::NAN);
        };
        let Some(entry) = self.table.get(name) else {
            return self.arena.constant(f64::NAN);
        };
        self.add_parameter(Parameter {
            name: name.to_owned(),
            value,
            unit: self.unit(unit, name),
            spread: entry.spread.scaled(factor),
            source: entry.source.clone(),
            mark: entry.mark,
            doc: entry.note.clone(),
        })
    }

    /// Value of a table entry in `unit`, and the factor from its own unit. Reports what is wrong.
    fn converted(&self, name: &str, unit: &str) -> Option<(f64, f64)> {
        let Some(entry) = self.table.get(name) else {
            let hint = self
                .table
                .nearest(name)
                .map_or(String::new(), |n| format!("; did you mean \"{n}\"?"));
            self.error(format!(
                "parameter \"{name}\" stands in no parameter file{hint}"
            ));
            return None;
        };
        let wanted = self.unit(unit, name)?;
        let converted = entry
            .unit
            .convert(entry.value, &wanted)
            .and_then(|value| Ok((value, entry.unit.convert(1.0, &wanted)?)));
        converted
            .map_err(|e| self.error(format!("parameter \"{name}\" ({}): {e}", entry.origin)))
            .ok()
    }

    fn check_same_unit(&self, name: &str, unit: &str, id: ExprId) {
        let Node::Parameter(i) = self.arena.with(|p| p.node(id)) else {
            self.error(format!("\"{name}\" is declared, but is not a parameter"));
            return;
        };
        let Some(wanted) = self.unit(unit, name) else {
            return;
        };
        let stands = self.parts.borrow().parameters[i as usize].unit.clone();
        if let Some(stands) = stands
            && !stands.same(&wanted)
        {
            self.error(format!(
                "parameter \"{name}\" is used in \"{stands}\" and in \"{wanted}\"; one model uses one unit"
            ));
        }
    }

    /// A parameter that stands in no file (imported models, tests).
    pub fn add_parameter(&self, parameter: Parameter) -> Expr<'_> {
        let index = next_index(self.parts.borrow().parameters.len());
        let expr = self
            .arena
            .expr(self.arena.with(|p| p.intern(Node::Parameter(index))));
        self.register(&parameter.name, expr.id());
        self.parts.borrow_mut().parameters.push(parameter);
        expr
    }

    /// A plain number as a parameter without unit, source or spread (tests, imported models).
    pub fn number(&self, name: &str, value: f64) -> Expr<'_> {
        self.add_parameter(Parameter {
            name: name.to_owned(),
            value,
            unit: None,
            spread: Spread::Fixed,
            source: String::new(),
            mark: Mark::Assumed,
            doc: String::new(),
        })
    }

    /// An input that scenarios set at scheduled times.
    pub fn input(&self, name: &str, unit: &str, default: f64, doc: &str) -> Expr<'_> {
        let unit = self.unit(unit, name);
        let index = next_index(self.parts.borrow().inputs.len());
        let expr = self
            .arena
            .expr(self.arena.with(|p| p.intern(Node::Input(index))));
        self.register(name, expr.id());
        self.parts.borrow_mut().inputs.push(Input {
            name: name.to_owned(),
            unit,
            default,
            doc: doc.to_owned(),
        });
        expr
    }

    /// An input whose default is the table's value of `parameter`, converted to `unit`.
    pub fn input_from_table(&self, name: &str, unit: &str, parameter: &str, doc: &str) -> Expr<'_> {
        let default = self
            .converted(parameter, unit)
            .map_or(f64::NAN, |(value, _)| value);
        self.input(name, unit, default, doc)
    }

    /// A switch: 1 where on, 0 where off.
    pub fn switch(&self, name: &str, default: bool, doc: &str) -> Expr<'_> {
        let index = next_index(self.parts.borrow().switches.len());
        let expr = self
            .arena
            .expr(self.arena.with(|p| p.intern(Node::Switch(index))));
        self.register(name, expr.id());
        self.parts.borrow_mut().switches.push(Switch {
            name: name.to_owned(),
            default,
            doc: doc.to_owned(),
        });
        expr
    }

    /// Declares a coupling between compartments and its switch (named `link.<name>`); multiply the effect by the
    /// result. `gain` is the parameter that scales the effect.
    pub fn link(&self, link: LinkSpec<'_, '_>) -> Expr<'_> {
        self.link_of(link, &[])
    }

    /// The same for a coupling of several parts that one switch cuts together: `also` are the gains of the others.
    pub fn link_of(&self, link: LinkSpec<'_, '_>, also: &[Expr<'_>]) -> Expr<'_> {
        let switch_name = format!("link.{}", link.name);
        let on = self.switch(&switch_name, link.on, link.doc);
        let parameter = |g: &Expr<'_>| match self.arena.with(|p| p.node(g.id())) {
            Node::Parameter(i) => Some(i),
            _ => {
                self.error(format!("gain of link \"{}\" is not a parameter", link.name));
                None
            }
        };
        let gain = link.gain.as_ref().and_then(parameter);
        let also = also.iter().filter_map(parameter).collect();
        let mut parts = self.parts.borrow_mut();
        let switch = next_index(parts.switches.len()).saturating_sub(1);
        parts.links.push(Link {
            name: link.name.to_owned(),
            from: link.from.to_owned(),
            to: link.to.to_owned(),
            switch,
            gain,
            also,
            grade: link.grade,
            doc: link.doc.to_owned(),
        });
        on
    }

    /// Names an intermediate.
    pub fn variable(&self, name: &str, unit: &str, definition: Expr<'_>, doc: &str) -> Expr<'_> {
        let unit = self.unit(unit, name);
        self.add_variable(name, unit, definition.id(), doc)
    }

    pub(crate) fn add_variable(
        &self,
        name: &str,
        unit: Option<Unit>,
        definition: ExprId,
        doc: &str,
    ) -> Expr<'_> {
        let index = next_index(self.parts.borrow().variables.len());
        let node = self
            .arena
            .with(|p| p.intern(Node::Variable(index, definition)));
        self.register(name, node);
        self.parts.borrow_mut().variables.push(Variable {
            name: name.to_owned(),
            unit,
            definition,
            node,
            doc: doc.to_owned(),
        });
        self.arena.expr(node)
    }

    /// Adds a term to dState/dt.
    pub fn rate(&self, state: Expr<'_>, term: Expr<'_>) {
        self.add_rate(state.id(), term.id());
    }

    fn add_rate(&self, state: ExprId, term: ExprId) {
        let Some(i) = self.state_index(state) else {
            return;
        };
        let before = self.parts.borrow().states[i as usize].rate;
        let after = self
            .arena
            .with(|p| p.binary(crate::expr::Binary::Add, before, term));
        self.parts.borrow_mut().states[i as usize].rate = after;
    }

    fn state_index(&self, id: ExprId) -> Option<u32> {
        match self.arena.with(|p| p.node(id)) {
            Node::State(i) => Some(i),
            _ => {
                self.error("a rate or process names something that is not a state".to_owned());
                None
            }
        }
    }

    /// Declares a process: a rate that makes and uses states. Finish with [`Process::add`].
    pub fn process<'b>(&'b self, name: &str, unit: &str, rate: Expr<'b>) -> Process<'b, 't> {
        Process {
            builder: self,
            name: name.to_owned(),
            unit: self.unit(unit, name),
            rate,
            terms: Vec::new(),
            balanced: Vec::new(),
            doc: String::new(),
        }
    }

    /// Declares an observable.
    pub fn observe(&self, name: &str, unit: &str, expression: Expr<'_>, doc: &str) {
        let unit = self.unit(unit, name);
        // An observable may carry the name of the state or variable it shows.
        let shows = self.parts.borrow().names.get(name).copied();
        if shows.is_none() {
            self.register(name, expression.id());
        } else if shows != Some(expression.id()) {
            self.error(format!(
                "observable \"{name}\" has the name of something else; give it its own"
            ));
        }
        self.parts.borrow_mut().observables.push(Observable {
            name: name.to_owned(),
            unit,
            expression: expression.id(),
            doc: doc.to_owned(),
        });
    }

    /// Declares a linear combination of states that stays constant.
    pub fn invariant(&self, name: &str, terms: &[(Expr<'_>, f64)], doc: &str) {
        let terms = terms
            .iter()
            .filter_map(|(e, w)| Some((self.state_index(e.id())?, *w)))
            .collect();
        self.parts.borrow_mut().invariants.push(InvariantSpec {
            name: name.to_owned(),
            terms,
            doc: doc.to_owned(),
        });
    }

    /// The finished network.
    ///
    /// # Errors
    /// Every mistake made while writing, together. Deeper checks (units, balance, unused names) are
    /// [`mod@crate::check`]'s work.
    pub fn finish(self) -> Result<Network, BuildErrors> {
        let parts = self.parts.into_inner();
        if !parts.errors.is_empty() {
            return Err(BuildErrors(parts.errors));
        }
        let citations = cited(self.table, &parts.parameters);
        Ok(Network {
            name: self.name,
            time_unit: self.time_unit,
            pool: self.arena.into_pool(),
            states: parts.states,
            parameters: parts.parameters,
            inputs: parts.inputs,
            switches: parts.switches,
            variables: parts.variables,
            observables: parts.observables,
            processes: parts.processes,
            invariants: parts.invariants,
            links: parts.links,
            citations,
        })
    }
}

/// Full citations of the sources that these parameters name; the table holds those of every model.
fn cited(table: &ParameterTable, parameters: &[Parameter]) -> BTreeMap<String, String> {
    let known = table.citations();
    parameters
        .iter()
        .filter_map(|p| known.get_key_value(&p.source))
        .map(|(key, citation)| (key.clone(), citation.clone()))
        .collect()
}

fn next_index(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// What [`Builder::link`] needs to know.
pub struct LinkSpec<'x, 'e> {
    /// Name, for example `leak-to-tone`.
    pub name: &'x str,
    /// Compartment it leaves.
    pub from: &'x str,
    /// Compartment it enters.
    pub to: &'x str,
    /// The parameter that scales it.
    pub gain: Option<Expr<'e>>,
    /// Evidence.
    pub grade: LinkGrade,
    /// On unless a scenario says otherwise?
    pub on: bool,
    /// The formula in words.
    pub doc: &'x str,
}

/// A state being declared.
pub struct StateSpec<'b, 't> {
    builder: &'b Builder<'t>,
    state: State,
}

impl<'b> StateSpec<'b, '_> {
    /// Typical size, in the state's unit; sets its absolute tolerance.
    pub fn typical(mut self, size: f64) -> Self {
        if !(size.is_finite() && size > 0.0) {
            self.builder.error(format!(
                "typical size of \"{}\" is {size}; it must be positive",
                self.state.name
            ));
        }
        self.state.typical = size;
        self
    }

    /// Value at the start: a number, or an expression of parameters.
    pub fn initial(mut self, value: impl IntoExpr<'b>) -> Self {
        self.state.initial = value.into_expr(&self.builder.arena).id();
        self
    }

    /// May be negative (logarithms, z-scores).
    pub fn signed(mut self) -> Self {
        self.state.non_negative = false;
        self
    }

    /// Content of an element per unit of state.
    pub fn holds(mut self, element: &str, amount: f64) -> Self {
        self.state.holds.push((element.to_owned(), amount));
        self
    }

    /// What it is.
    pub fn doc(mut self, text: &str) -> Self {
        text.clone_into(&mut self.state.doc);
        self
    }

    /// Adds the state and returns its handle.
    pub fn add(self) -> Expr<'b> {
        let builder = self.builder;
        let index = next_index(builder.parts.borrow().states.len());
        let expr = builder
            .arena
            .expr(builder.arena.with(|p| p.intern(Node::State(index))));
        builder.register(&self.state.name, expr.id());
        builder.parts.borrow_mut().states.push(self.state);
        expr
    }
}

/// A process being declared.
pub struct Process<'b, 't> {
    builder: &'b Builder<'t>,
    name: String,
    unit: Option<Unit>,
    rate: Expr<'b>,
    terms: Vec<(ExprId, ExprId)>,
    balanced: Vec<String>,
    doc: String,
}

impl<'b> Process<'b, '_> {
    /// Uses `amount` of a state per unit of the process.
    pub fn uses(mut self, state: Expr<'b>, amount: impl IntoExpr<'b>) -> Self {
        let amount = -amount.into_expr(&self.builder.arena);
        self.terms.push((state.id(), amount.id()));
        self
    }

    /// Makes `amount` of a state per unit of the process.
    pub fn makes(mut self, state: Expr<'b>, amount: impl IntoExpr<'b>) -> Self {
        let amount = amount.into_expr(&self.builder.arena);
        self.terms.push((state.id(), amount.id()));
        self
    }

    /// Declares that an element balances over the process: the check computes it.
    pub fn balanced(mut self, element: &str) -> Self {
        self.balanced.push(element.to_owned());
        self
    }

    /// What it is.
    pub fn doc(mut self, text: &str) -> Self {
        text.clone_into(&mut self.doc);
        self
    }

    /// Adds the process's terms to the rates of its states.
    pub fn add(self) {
        let builder = self.builder;
        let mut terms = Vec::with_capacity(self.terms.len());
        for (state, coefficient) in self.terms {
            let Some(index) = builder.state_index(state) else {
                continue;
            };
            let term = builder.arena.expr(coefficient) * self.rate;
            builder.add_rate(state, term.id());
            terms.push((index, coefficient));
        }
        builder.parts.borrow_mut().processes.push(ProcessSpec {
            name: self.name,
            unit: self.unit,
            rate: self.rate.id(),
            terms,
            balanced: self.balanced,
            doc: self.doc,
        });
    }
}
