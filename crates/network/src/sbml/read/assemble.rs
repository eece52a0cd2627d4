//! From symbols to a network.

use super::annotation;
use super::symbols::{Class, Symbol, Symbols};
use crate::expr::{Binary, ExprId, Node, Pool};
use crate::model::{Input, Network, Observable, Parameter, State, Switch, Variable};
use crate::parameters::{Mark, Spread};
use crate::sbml::SbmlError;
use crate::sbml::graft::{graft, reachable};
use crate::sbml::mathml::{Functions, MathReader};
use crate::sbml::units::UnitTable;
use crate::sbml::xml::{Xml, elements, fail, inner_text};
use crate::sort::order;
use std::collections::{BTreeMap, HashMap};

/// A network being put together.
pub(super) struct Assembly<'d, 'f> {
    model: Xml<'d>,
    pub symbols: Symbols<'d>,
    functions: &'f Functions,
    budget: usize,
    pub pool: Pool,
    /// The expression of each symbol, once it is known.
    pub expressions: Vec<Option<ExprId>>,
    variables: Vec<Variable>,
    initial: Vec<ExprId>,
    rates: Vec<ExprId>,
}

fn index(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

impl<'d, 'f> Assembly<'d, 'f> {
    /// Numbers the states, parameters, inputs and switches in the order of the document.
    pub(super) fn new(
        model: Xml<'d>,
        symbols: Symbols<'d>,
        functions: &'f Functions,
        budget: usize,
    ) -> Self {
        let mut pool = Pool::new();
        let mut counts = [0_u32; 4];
        let expressions = symbols
            .list
            .iter()
            .map(|s| {
                let (slot, node): (usize, fn(u32) -> Node) = match s.class {
                    Class::State => (0, Node::State),
                    Class::Parameter => (1, Node::Parameter),
                    Class::Input => (2, Node::Input),
                    Class::Switch => (3, Node::Switch),
                    _ => return None,
                };
                let id = pool.intern(node(counts[slot]));
                counts[slot] += 1;
                Some(id)
            })
            .collect();
        Self {
            model,
            symbols,
            functions,
            budget,
            pool,
            expressions,
            variables: Vec::new(),
            initial: Vec::new(),
            rates: Vec::new(),
        }
    }

    /// Reads the `<math>` of an element, with the local parameters of symbol `of` where it has any.
    pub(super) fn math(
        &mut self,
        element: Xml<'d>,
        of: Option<usize>,
    ) -> Result<ExprId, SbmlError> {
        self.reading(of, |reader| reader.math_of(element))
    }

    /// Reads one MathML expression.
    pub(super) fn expression(&mut self, node: Xml<'d>) -> Result<ExprId, SbmlError> {
        self.reading(None, |reader| reader.number(node))
    }

    fn reading<R>(
        &mut self,
        of: Option<usize>,
        read: impl FnOnce(&mut MathReader<'_>) -> Result<R, SbmlError>,
    ) -> Result<R, SbmlError> {
        let (symbols, expressions) = (&self.symbols, &self.expressions);
        let look_up = |id: &str| {
            let local = of.and_then(|s| symbols.list[s].locals.get(id));
            let i = local.or_else(|| symbols.index.get(id))?;
            expressions[*i]
        };
        let peak = |id: &str| {
            let symbol = &symbols.list[*symbols.index.get(id)?];
            let definition = symbol.rule.or(symbol.initial);
            definition.filter(|_| symbol.class == Class::Peak)
        };
        let mut reader =
            MathReader::new(&mut self.pool, &look_up, self.functions, &mut self.budget)
                .with_peaks(&peak);
        read(&mut reader)
    }

    /// Everything that an expression defines, each after what it uses.
    pub(super) fn definitions(&mut self) -> Result<(), SbmlError> {
        let defined: Vec<usize> = (0..self.symbols.list.len())
            .filter(|&i| self.symbols.list[i].class.is_defined())
            .collect();
        let position: HashMap<usize, usize> =
            defined.iter().enumerate().map(|(p, &i)| (i, p)).collect();
        let needs: Vec<Vec<usize>> = defined
            .iter()
            .map(|&i| self.uses(&self.symbols.list[i], &position))
            .collect();
        let sorted = order(&needs).map_err(|cycle| self.loop_error(&cycle, &defined))?;
        for p in sorted {
            self.define(defined[p])?;
        }
        Ok(())
    }

    fn uses(&self, symbol: &Symbol<'d>, position: &HashMap<usize, usize>) -> Vec<usize> {
        let Some(element) = symbol.rule.or(symbol.initial) else {
            return Vec::new();
        };
        elements(element)
            .filter(|n| n.tag_name().name() == "math")
            .flat_map(|m| m.descendants())
            .filter(|n| n.is_element() && n.tag_name().name() == "ci")
            .filter_map(|n| {
                let text = inner_text(n);
                let id = text.trim();
                if symbol.locals.contains_key(id) {
                    return None;
                }
                position.get(self.symbols.index.get(id)?).copied()
            })
            .collect()
    }

    fn loop_error(&self, cycle: &[usize], defined: &[usize]) -> SbmlError {
        let symbol = |p: usize| &self.symbols.list[defined[p]];
        let names: Vec<&str> = cycle.iter().map(|&p| symbol(p).id).collect();
        let first = symbol(cycle[0]);
        let at = first.rule.or(first.initial).unwrap_or(first.node);
        fail(
            at,
            format!(
                "the assignment rules form a loop: {}; make one of them a state",
                names.join(" → ")
            ),
        )
    }

    fn define(&mut self, i: usize) -> Result<(), SbmlError> {
        let symbol = &self.symbols.list[i];
        let element = symbol.rule.or(symbol.initial).unwrap_or(symbol.node);
        let frozen = symbol.rule.is_none();
        let definition = self.math(element, Some(i))?;
        if frozen && self.moves(definition) {
            let message = "not supported: the initial assignment of a constant that depends on something that changes";
            return Err(fail(element, message));
        }
        let symbol = &self.symbols.list[i];
        self.expressions[i] = Some(if symbol.class == Class::Variable {
            let number = index(self.variables.len());
            let node = self.pool.intern(Node::Variable(number, definition));
            self.variables.push(Variable {
                name: symbol.name.clone(),
                unit: symbol.unit.clone(),
                definition,
                node,
                doc: symbol.doc.clone(),
            });
            node
        } else {
            definition
        });
        Ok(())
    }

    /// Whether an expression depends on a state, an input or the clock.
    fn moves(&self, id: ExprId) -> bool {
        reachable(&self.pool, &[id])
            .iter()
            .any(|(_, n)| matches!(n, Node::State(_) | Node::Input(_) | Node::Time))
    }

    /// Initial values and rates of the states.
    pub(super) fn states(&mut self) -> Result<(), SbmlError> {
        for i in self.of_class(Class::State) {
            let rate = self.rate(i)?;
            self.rates.push(rate);
            let initial = self.start(i)?;
            self.initial.push(initial);
        }
        self.start_values_of_parameters_only()
    }

    fn of_class(&self, class: Class) -> Vec<usize> {
        (0..self.symbols.list.len())
            .filter(|&i| self.symbols.list[i].class == class)
            .collect()
    }

    fn rate(&mut self, i: usize) -> Result<ExprId, SbmlError> {
        if let Some(rule) = self.symbols.list[i].rule {
            return self.math(rule, None);
        }
        let zero = self.pool.constant(0.0);
        let Some(species) = &self.symbols.list[i].pool else {
            return Ok(zero);
        };
        let (flows, amount) = (species.flows.clone(), species.amount);
        let mut sum = zero;
        for (reaction, coefficient) in flows {
            let flow = self.expressions[reaction].unwrap_or(zero);
            let coefficient = self.pool.constant(coefficient);
            let term = self.pool.binary(Binary::Mul, coefficient, flow);
            sum = self.pool.binary(Binary::Add, sum, term);
        }
        if amount {
            return Ok(sum);
        }
        let size = self.size_of_compartment(i)?;
        Ok(self.pool.binary(Binary::Div, sum, size))
    }

    /// The size of the compartment of species i, which must be constant.
    fn size_of_compartment(&self, i: usize) -> Result<ExprId, SbmlError> {
        let symbol = &self.symbols.list[i];
        let id = symbol.pool.as_ref().map_or("", |p| p.compartment);
        let Some(&compartment) = self.symbols.index.get(id) else {
            return Err(fail(
                symbol.node,
                format!("the compartment \"{id}\" is not declared"),
            ));
        };
        let size = self.expressions[compartment].filter(|&e| !self.moves(e));
        size.ok_or_else(|| {
            fail(
                symbol.node,
                format!(
                    "not supported: a concentration in the compartment \"{id}\" of changing size"
                ),
            )
        })
    }

    /// The value at the start of symbol i.
    fn start(&mut self, i: usize) -> Result<ExprId, SbmlError> {
        let symbol = &self.symbols.list[i];
        if let Some(element) = symbol.initial {
            return self.math(element, None);
        }
        if let Some(value) = symbol.value {
            return Ok(self.pool.constant(value));
        }
        let given = symbol
            .pool
            .as_ref()
            .map(|p| (p.amount, p.initial_amount, p.initial_concentration));
        match given {
            Some((true, Some(v), _) | (false, None, Some(v))) => Ok(self.pool.constant(v)),
            Some((false, Some(v), _)) => {
                let (value, size) = (self.pool.constant(v), self.size_of_compartment(i)?);
                Ok(self.pool.binary(Binary::Div, value, size))
            }
            Some((true, None, Some(v))) => {
                let (value, size) = (self.pool.constant(v), self.size_of_compartment(i)?);
                Ok(self.pool.binary(Binary::Mul, value, size))
            }
            _ => Err(fail(
                symbol.node,
                "it has no value at the start; give one or an initial assignment",
            )),
        }
    }

    /// Initial assignments may name states (meaning their own initial values), inputs and the clock (meaning 0): these
    /// are put in, until only parameters and switches are left.
    fn start_values_of_parameters_only(&mut self) -> Result<(), SbmlError> {
        let inputs = self.input_defaults()?;
        for _ in 0..=self.initial.len() {
            if !self.initial.iter().any(|&e| self.moves(e)) {
                return Ok(());
            }
            let nodes = reachable(&self.pool, &self.initial);
            let initial = self.initial.clone();
            let done = graft(&mut self.pool, &nodes, |pool, node| match node {
                Node::State(i) => initial.get(i as usize).copied(),
                Node::Input(i) => inputs.get(i as usize).map(|&v| pool.constant(v)),
                Node::Time => Some(pool.constant(0.0)),
                _ => None,
            });
            for e in &mut self.initial {
                *e = done.get(e).copied().unwrap_or(*e);
            }
        }
        Err(fail(
            self.model,
            "the initial assignments of states form a loop",
        ))
    }

    fn input_defaults(&mut self) -> Result<Vec<f64>, SbmlError> {
        let mut values = Vec::new();
        for i in self.of_class(Class::Input) {
            let start = self.start(i)?;
            let value = self.pool.as_constant(start).ok_or_else(|| {
                let message = "not supported: the start of an input that depends on other symbols";
                fail(self.symbols.list[i].node, message)
            })?;
            values.push(value);
        }
        Ok(values)
    }

    fn constant_value(&mut self, i: usize) -> Result<f64, SbmlError> {
        let start = self.start(i)?;
        self.pool.as_constant(start).ok_or_else(|| {
            let message = "not supported: a constant concentration or amount that depends on the compartment's size";
            fail(self.symbols.list[i].node, message)
        })
    }

    /// The finished network.
    pub(super) fn network(mut self, units: &UnitTable) -> Result<Network, SbmlError> {
        let note = annotation::of_model(self.model);
        let states = self.state_list()?;
        let parameters = self.parameter_list()?;
        let inputs = self.input_list()?;
        let switches = self.switch_list()?;
        let mut network = Network {
            name: self.model.attribute("id").unwrap_or("model").to_owned(),
            time_unit: units.of(self.model, "timeUnits")?,
            pool: Pool::new(),
            states,
            parameters,
            inputs,
            switches,
            variables: std::mem::take(&mut self.variables),
            observables: Vec::new(),
            processes: Vec::new(),
            invariants: Vec::new(),
            links: Vec::new(),
            citations: BTreeMap::new(),
        };
        match note {
            None => network.observables = self.states_as_observables(&network.states),
            Some(note) => {
                network.name = note.attribute("name").unwrap_or_default().to_owned();
                network.time_unit = units.of(note, "time")?;
                network.observables = annotation::observables(note, &self, units)?;
                network.processes = annotation::processes(note, &mut self, units)?;
                network.invariants = annotation::invariants(note, &self)?;
                network.links = annotation::links(note, &self)?;
                network.citations = annotation::citations(note)?;
            }
        }
        network.pool = self.pool;
        Ok(network)
    }

    fn parameter_list(&mut self) -> Result<Vec<Parameter>, SbmlError> {
        let mut list = Vec::new();
        for i in self.of_class(Class::Parameter) {
            let value = self.constant_value(i)?;
            let s = &self.symbols.list[i];
            let (source, mark, spread) = match s.mark {
                Some(node) => annotation::parameter(node, value)?,
                None => (String::new(), Mark::Assumed, Spread::Fixed),
            };
            list.push(Parameter {
                name: s.name.clone(),
                value,
                unit: s.unit.clone(),
                spread,
                source,
                mark,
                doc: s.doc.clone(),
            });
        }
        Ok(list)
    }

    fn input_list(&mut self) -> Result<Vec<Input>, SbmlError> {
        let defaults = self.input_defaults()?;
        let of_input = self.of_class(Class::Input).into_iter().zip(defaults);
        let input = |(i, default): (usize, f64)| {
            let s = &self.symbols.list[i];
            Input {
                name: s.name.clone(),
                unit: s.unit.clone(),
                default,
                doc: s.doc.clone(),
            }
        };
        Ok(of_input.map(input).collect())
    }

    fn switch_list(&mut self) -> Result<Vec<Switch>, SbmlError> {
        let mut list = Vec::new();
        for i in self.of_class(Class::Switch) {
            let value = self.constant_value(i)?;
            let s = &self.symbols.list[i];
            if value != 0.0 && value != 1.0 {
                return Err(fail(s.node, format!("a switch is 0 or 1, not {value}")));
            }
            list.push(Switch {
                name: s.name.clone(),
                default: value == 1.0,
                doc: s.doc.clone(),
            });
        }
        Ok(list)
    }

    fn states_as_observables(&self, states: &[State]) -> Vec<Observable> {
        states
            .iter()
            .zip(self.of_class(Class::State))
            .map(|(s, i)| Observable {
                name: s.name.clone(),
                unit: s.unit.clone(),
                expression: self.expressions[i].unwrap_or(s.rate),
                doc: s.doc.clone(),
            })
            .collect()
    }

    fn state_list(&self) -> Result<Vec<State>, SbmlError> {
        let of_state = self.of_class(Class::State).into_iter();
        of_state
            .zip(self.initial.iter().zip(&self.rates))
            .map(|(i, (&initial, &rate))| {
                let s = &self.symbols.list[i];
                let size = self.pool.as_constant(initial).map_or(0.0, f64::abs);
                let known = s.mark.map(annotation::state).transpose()?;
                let mark = known.unwrap_or(annotation::StateMark {
                    typical: if size > 0.0 { size } else { 1.0 },
                    non_negative: false,
                    holds: Vec::new(),
                });
                Ok(State {
                    name: s.name.clone(),
                    unit: s.unit.clone(),
                    typical: mark.typical,
                    initial,
                    rate,
                    non_negative: mark.non_negative,
                    holds: mark.holds,
                    doc: s.doc.clone(),
                })
            })
            .collect()
    }
}
