//! From declarations to a network: names looked up, definitions sorted, expressions built.

use super::clauses::Spelled;
use super::declarations::{Declarations, Declared};
use super::formula::{Formula, Step};
use super::{TextError, Wrong, quoted};
use crate::expr::{ExprId, Function, Node, Pool};
use crate::model::{Network, Variable};
use crate::sort::order;
use std::collections::{HashMap, HashSet};

/// Most names of a loop that a message lists.
const LONGEST_LOOP: usize = 20;

/// What a name stands for.
#[derive(Clone, Copy, PartialEq)]
enum Meaning {
    State(u32),
    Parameter(u32),
    Input(u32),
    Switch(u32),
    /// A variable, by its place among the definitions.
    Variable(usize),
}

struct Assembly<'d> {
    names: HashMap<&'d str, Meaning>,
    parts: HashMap<&'d str, usize>,
    pool: Pool,
    /// Expressions of variables, then of parts, once they are known.
    definitions: Vec<Option<ExprId>>,
    /// Nodes known not to change in time.
    fixed: HashSet<ExprId>,
}

fn index(i: usize) -> u32 {
    u32::try_from(i).unwrap_or(u32::MAX)
}

/// The network of the declarations of a text.
pub(super) fn assemble(text: &str, declarations: Declarations<'_>) -> Result<Network, TextError> {
    build(declarations).map_err(|wrong| wrong.placed(text))
}

fn build(mut d: Declarations<'_>) -> Result<Network, Wrong> {
    let (name, time_unit) = d.model.take().unwrap_or_default();
    let mut a = Assembly::new(&d)?;
    let variables = a.define(&d)?;
    let states: Vec<_> = d
        .states
        .iter()
        .map(|s| {
            Ok((
                a.initial(s.rest.initial_at, &s.rest.initial)?,
                a.formula(&s.rest.rate)?,
            ))
        })
        .collect::<Result<_, Wrong>>()?;
    let observables = d.observables.iter().map(|o| a.formula(&o.rest));
    let observables: Vec<_> = observables.collect::<Result<_, Wrong>>()?;
    let processes = d.processes.iter().map(|p| {
        let terms = p
            .rest
            .terms
            .iter()
            .map(|(s, c)| Ok((a.state(s)?, a.formula(c)?)));
        let terms = terms.collect::<Result<Vec<_>, Wrong>>()?;
        Ok((a.formula(&p.rest.rate)?, terms))
    });
    let processes: Vec<_> = processes.collect::<Result<_, Wrong>>()?;
    let invariants = d.invariants.iter().map(|i| {
        let terms = i.rest.iter().map(|(s, w)| Ok((a.state(s)?, *w)));
        terms.collect::<Result<Vec<_>, Wrong>>()
    });
    let invariants: Vec<_> = invariants.collect::<Result<_, Wrong>>()?;
    let links = d.links.iter().map(|l| {
        let gain = l.rest.gain.as_ref().map(|g| a.parameter(g)).transpose()?;
        let also = l.rest.also.iter().map(|g| a.parameter(g));
        let also = also.collect::<Result<Vec<_>, Wrong>>()?;
        Ok((a.switch(&l.rest.switch)?, gain, also))
    });
    let links: Vec<_> = links.collect::<Result<_, Wrong>>()?;
    let pool = a.pool;
    Ok(Network {
        name,
        time_unit,
        pool,
        states: filled(d.states, states, |s, (initial, rate)| {
            (s.initial, s.rate) = (initial, rate);
        }),
        parameters: d.parameters.into_iter().map(|p| p.item).collect(),
        inputs: d.inputs.into_iter().map(|p| p.item).collect(),
        switches: d.switches.into_iter().map(|p| p.item).collect(),
        variables,
        observables: filled(d.observables, observables, |o, e| o.expression = e),
        processes: filled(d.processes, processes, |p, (rate, terms)| {
            (p.rate, p.terms) = (rate, terms);
        }),
        invariants: filled(d.invariants, invariants, |i, terms| i.terms = terms),
        links: filled(d.links, links, |l, (switch, gain, also)| {
            (l.switch, l.gain, l.also) = (switch, gain, also);
        }),
        citations: d.citations,
    })
}

fn filled<T, R, V>(list: Vec<Declared<T, R>>, values: Vec<V>, fill: impl Fn(&mut T, V)) -> Vec<T> {
    let item = |(mut declared, value): (Declared<T, R>, V)| {
        fill(&mut declared.item, value);
        declared.item
    };
    list.into_iter().zip(values).map(item).collect()
}

impl<'d> Assembly<'d> {
    fn new(d: &'d Declarations<'_>) -> Result<Self, Wrong> {
        let mut names = HashMap::new();
        let mut add = |name: &'d str, at: usize, meaning| match names.insert(name, meaning) {
            None => Ok(()),
            Some(_) => Err(twice(name, at)),
        };
        for (i, x) in d.states.iter().enumerate() {
            add(&x.item.name, x.at, Meaning::State(index(i)))?;
        }
        for (i, x) in d.parameters.iter().enumerate() {
            add(&x.item.name, x.at, Meaning::Parameter(index(i)))?;
        }
        for (i, x) in d.inputs.iter().enumerate() {
            add(&x.item.name, x.at, Meaning::Input(index(i)))?;
        }
        for (i, x) in d.switches.iter().enumerate() {
            add(&x.item.name, x.at, Meaning::Switch(index(i)))?;
        }
        for (i, x) in d.variables.iter().enumerate() {
            add(&x.item.name, x.at, Meaning::Variable(i))?;
        }
        let mut parts = HashMap::new();
        for (i, x) in d.parts.iter().enumerate() {
            if parts.insert(x.item, d.variables.len() + i).is_some() {
                return Err(twice(x.item, x.at));
            }
        }
        Ok(Self {
            names,
            parts,
            pool: Pool::new(),
            definitions: vec![None; d.variables.len() + d.parts.len()],
            fixed: HashSet::new(),
        })
    }

    /// Builds the definitions of variables and parts, each after those it uses.
    fn define(&mut self, d: &'d Declarations<'_>) -> Result<Vec<Variable>, Wrong> {
        let formulas: Vec<&Formula<'_>> = d.variables.iter().map(|v| &v.rest).collect();
        let formulas: Vec<_> = formulas
            .into_iter()
            .chain(d.parts.iter().map(|p| &p.rest))
            .collect();
        let needs: Vec<Vec<usize>> = formulas.iter().map(|f| self.needs(f)).collect();
        let sorted = order(&needs).map_err(|cycle| loop_error(d, &cycle))?;
        let mut variables = Vec::with_capacity(d.variables.len());
        for i in sorted {
            let definition = self.formula(formulas[i])?;
            let Some(v) = d.variables.get(i) else {
                self.definitions[i] = Some(definition);
                continue;
            };
            let number = index(variables.len());
            let node = self.pool.intern(Node::Variable(number, definition));
            self.definitions[i] = Some(node);
            variables.push(Variable {
                name: v.item.name.clone(),
                unit: v.item.unit.clone(),
                definition,
                node,
                doc: v.item.doc.clone(),
            });
        }
        Ok(variables)
    }

    fn needs(&self, formula: &Formula<'_>) -> Vec<usize> {
        let need = |step: &Step<'_>| match step {
            Step::Name(name, _) => match self.names.get(name.as_ref()) {
                Some(Meaning::Variable(i)) => Some(*i),
                _ => None,
            },
            Step::Part(name, _) => self.parts.get(name).copied(),
            _ => None,
        };
        formula.iter().filter_map(need).collect()
    }

    /// Builds an expression as it is written, without rewriting.
    fn formula(&mut self, formula: &Formula<'_>) -> Result<ExprId, Wrong> {
        let mut stack: Vec<ExprId> = Vec::new();
        // Never used: the parser gives every step its operands.
        let nothing = self.pool.constant(0.0);
        for step in formula {
            let mut operand = || stack.pop().unwrap_or(nothing);
            let id = match step {
                Step::Number(value) => self.pool.constant(*value),
                Step::Time => self.pool.intern(Node::Time),
                Step::Name(name, at) => self.named(name, *at)?,
                Step::Part(name, at) => self.part(name, *at)?,
                Step::Unary(op) => {
                    let a = operand();
                    self.pool.intern(Node::Unary(*op, a))
                }
                Step::Binary(op) => {
                    let (b, a) = (operand(), operand());
                    self.pool.intern(Node::Binary(*op, a, b))
                }
                Step::Select(relation, swapped) => {
                    let (otherwise, then, b, a) = (operand(), operand(), operand(), operand());
                    let (left, right) = if *swapped { (b, a) } else { (a, b) };
                    self.pool.intern(Node::Select {
                        relation: *relation,
                        left,
                        right,
                        then,
                        otherwise,
                    })
                }
                Step::Call(function) => {
                    let mut arguments = [nothing; Function::MAX_ARGUMENTS];
                    let n = function.arity();
                    for slot in arguments[..n].iter_mut().rev() {
                        *slot = operand();
                    }
                    self.pool.call(*function, &arguments[..n])
                }
            };
            stack.push(id);
        }
        Ok(stack.pop().unwrap_or(nothing))
    }

    /// The value of a state at the start, which must not depend on anything that changes.
    fn initial(&mut self, at: usize, formula: &Formula<'_>) -> Result<ExprId, Wrong> {
        let id = self.formula(formula)?;
        let mut stack = vec![id];
        while let Some(id) = stack.pop() {
            if !self.fixed.insert(id) {
                continue;
            }
            let node = self.pool.node(id);
            if matches!(node, Node::State(_) | Node::Input(_) | Node::Time) {
                let found = "an initial value that depends on a state, an input or the time";
                return Err(Wrong::new(at, found, "parameters, switches and numbers"));
            }
            stack.extend(node.operands());
        }
        Ok(id)
    }

    fn look_up(&self, name: &str, at: usize) -> Result<Meaning, Wrong> {
        self.names.get(name).copied().ok_or_else(|| {
            Wrong::new(at, quoted(name), "a declared name")
                .mend(format!("nothing is declared under {}", quoted(name)))
                .did_you_mean(name, self.names.keys().copied())
        })
    }

    fn named(&mut self, name: &str, at: usize) -> Result<ExprId, Wrong> {
        let node = match self.look_up(name, at)? {
            Meaning::State(i) => Node::State(i),
            Meaning::Parameter(i) => Node::Parameter(i),
            Meaning::Input(i) => Node::Input(i),
            Meaning::Switch(i) => Node::Switch(i),
            Meaning::Variable(i) => {
                let known = self.definitions.get(i).copied().flatten();
                return known.ok_or_else(|| Wrong::new(at, quoted(name), "a defined variable"));
            }
        };
        Ok(self.pool.intern(node))
    }

    fn part(&self, name: &str, at: usize) -> Result<ExprId, Wrong> {
        let i = self.parts.get(name);
        let known = i.and_then(|i| self.definitions.get(*i).copied().flatten());
        known.ok_or_else(|| {
            Wrong::new(at, quoted(name), "the name of a let")
                .mend("names that begin with _ are those of let")
                .did_you_mean(name, self.parts.keys().copied())
        })
    }

    fn of_kind(
        &self,
        name: &Spelled,
        kind: &str,
        of: impl Fn(Meaning) -> Option<u32>,
    ) -> Result<u32, Wrong> {
        if let Some(&meaning) = self.names.get(name.text.as_str()) {
            return of(meaning).ok_or_else(|| {
                let found = format!("{}, which is not a {kind}", quoted(&name.text));
                Wrong::new(name.at, found, format!("the name of a {kind}"))
            });
        }
        let alike = self.names.iter().filter(|(_, m)| of(**m).is_some());
        Err(
            Wrong::new(name.at, quoted(&name.text), format!("the name of a {kind}"))
                .did_you_mean(&name.text, alike.map(|(n, _)| *n)),
        )
    }

    fn state(&self, name: &Spelled) -> Result<u32, Wrong> {
        self.of_kind(name, "state", |m| match m {
            Meaning::State(i) => Some(i),
            _ => None,
        })
    }

    fn parameter(&self, name: &Spelled) -> Result<u32, Wrong> {
        self.of_kind(name, "parameter", |m| match m {
            Meaning::Parameter(i) => Some(i),
            _ => None,
        })
    }

    fn switch(&self, name: &Spelled) -> Result<u32, Wrong> {
        self.of_kind(name, "switch", |m| match m {
            Meaning::Switch(i) => Some(i),
            _ => None,
        })
    }
}

fn twice(name: &str, at: usize) -> Wrong {
    Wrong::new(at, format!("{} a second time", quoted(name)), "a new name")
        .mend("every name stands for one thing")
}

/// The error of definitions that need each other.
fn loop_error(d: &Declarations<'_>, cycle: &[usize]) -> Wrong {
    let name = |i: usize| match d.variables.get(i) {
        Some(v) => v.item.name.as_str(),
        None => d.parts.get(i - d.variables.len()).map_or("?", |p| p.item),
    };
    let at = |i: usize| match d.variables.get(i) {
        Some(v) => v.at,
        None => d.parts.get(i - d.variables.len()).map_or(0, |p| p.at),
    };
    let mut names: Vec<&str> = cycle.iter().map(|&i| name(i)).collect();
    if names.len() > LONGEST_LOOP {
        names.splice(LONGEST_LOOP / 2..names.len() - LONGEST_LOOP / 2, ["…"]);
    }
    let found = format!("an algebraic loop: {}", names.join(" → "));
    let first = cycle.first().map_or(0, |&i| at(i));
    Wrong::new(first, found, "definitions that do not need themselves")
        .mend("make one of them a state")
}
