//! From tokens to declarations, in which names are not looked up yet.

use super::clauses::{DOC, KINDS, Spelled, UNIT, VALUE};
use super::formula::{Formula, Tokens};
use super::lexer::Kind;
use super::{FORMAT, TextError, Wrong};
use crate::expr::ExprId;
use crate::model::{
    Input, InvariantSpec, Link, LinkGrade, Observable, Parameter, ProcessSpec, State, Switch,
};
use crate::parameters::{Mark, Spread};
use gutskin_units::Unit;
use std::collections::BTreeMap;

/// A declaration with what its names have to become, and where it stands.
pub(super) struct Declared<T, R> {
    pub item: T,
    pub at: usize,
    pub rest: R,
}

pub(super) struct StateRest<'t> {
    pub initial: Formula<'t>,
    pub initial_at: usize,
    pub rate: Formula<'t>,
}

pub(super) struct ProcessRest<'t> {
    pub rate: Formula<'t>,
    pub terms: Vec<(Spelled, Formula<'t>)>,
}

pub(super) struct LinkRest {
    pub switch: Spelled,
    pub gain: Option<Spelled>,
    pub also: Vec<Spelled>,
}

/// A named intermediate before it has a number.
pub(super) struct VariableDraft {
    pub name: String,
    pub unit: Option<Unit>,
    pub doc: String,
}

/// Everything that a text declares.
#[derive(Default)]
pub(super) struct Declarations<'t> {
    pub model: Option<(String, Option<Unit>)>,
    pub states: Vec<Declared<State, StateRest<'t>>>,
    pub parameters: Vec<Declared<Parameter, ()>>,
    pub inputs: Vec<Declared<Input, ()>>,
    pub switches: Vec<Declared<Switch, ()>>,
    pub variables: Vec<Declared<VariableDraft, Formula<'t>>>,
    pub observables: Vec<Declared<Observable, Formula<'t>>>,
    pub processes: Vec<Declared<ProcessSpec, ProcessRest<'t>>>,
    pub invariants: Vec<Declared<InvariantSpec, Vec<(Spelled, f64)>>>,
    pub links: Vec<Declared<Link, LinkRest>>,
    pub citations: BTreeMap<String, String>,
    /// Parts that are put where their names stand.
    pub parts: Vec<Declared<&'t str, Formula<'t>>>,
}

/// Stands where an expression will be.
const LATER: ExprId = ExprId(0);

/// Reads all declarations.
pub(super) fn read(text: &str) -> Result<Declarations<'_>, TextError> {
    let mut declarations = Declarations::default();
    Tokens::new(text)
        .and_then(|mut tokens| declarations.read(&mut tokens))
        .map_err(|wrong| wrong.placed(text))?;
    Ok(declarations)
}

fn missing(at: usize, declaration: &str, clause: &str) -> Wrong {
    Wrong::new(at, format!("{declaration} without {clause}"), clause)
}

impl<'t> Declarations<'t> {
    fn read(&mut self, t: &mut Tokens<'t>) -> Result<(), Wrong> {
        loop {
            let token = t.peek();
            if token.kind == Kind::End {
                break;
            }
            let at = token.at();
            let known = |word: &str| KINDS.into_iter().find(|k| *k == word);
            match t.one_of("a declaration", &KINDS, known)? {
                "model" => self.model(t, at)?,
                "parameter" => self.parameter(t)?,
                "input" => self.input(t)?,
                "switch" => self.switch(t)?,
                "link" => self.link(t)?,
                "let" => self.part(t)?,
                "variable" => self.variable(t)?,
                "state" => self.state(t)?,
                "process" => self.process(t)?,
                "observable" => self.observable(t)?,
                "invariant" => self.invariant(t)?,
                _ => self.citation(t)?,
            }
        }
        if self.model.is_none() {
            let mend = "begin the text with the model's name, as in: model example clock [d]";
            return Err(t.unexpected("a declaration of the model").mend(mend));
        }
        Ok(())
    }

    fn model(&mut self, t: &mut Tokens<'t>, at: usize) -> Result<(), Wrong> {
        if self.model.is_some() {
            return Err(Wrong::new(at, "model a second time", "one model in a text"));
        }
        let name = t.name("the name of the model")?.text;
        let mut clock = None;
        t.clauses("the model", &["clock", "format"], |t, clause| {
            if clause == "clock" {
                clock = t.unit()?;
                return Ok(());
            }
            let wrong = t.unexpected(format!("format {FORMAT}"));
            if t.number()? == f64::from(FORMAT) {
                return Ok(());
            }
            Err(wrong.mend("a newer program wrote this text; read it with that"))
        })?;
        self.model = Some((name, clock));
        Ok(())
    }

    fn parameter(&mut self, t: &mut Tokens<'t>) -> Result<(), Wrong> {
        let name = t.symbol("the name of a parameter")?;
        let told = format!("parameter {}", name.text);
        let (mut value, mut mark, mut spread_at) = (None, None, name.at);
        let (mut unit, mut spread) = (None, Spread::Fixed);
        let (mut source, mut doc) = (String::new(), String::new());
        let allowed = [VALUE, UNIT, "spread", "mark", "source", DOC];
        t.clauses(&told, &allowed, |t, clause| {
            match clause {
                VALUE => value = Some(t.number()?),
                UNIT => unit = t.unit()?,
                "spread" => {
                    spread_at = t.peek().at();
                    spread = t.spread()?;
                }
                "mark" => {
                    let words = [Mark::Read, Mark::Computed, Mark::Fitted, Mark::Assumed];
                    mark = Some(t.one_of("a mark", &words.map(Mark::word), Mark::from_word)?);
                }
                "source" => source = t.name("the key of a source")?.text,
                _ => doc = t.doc()?,
            }
            Ok(())
        })?;
        let value = value.ok_or_else(|| missing(name.at, &told, VALUE))?;
        let mark = mark.ok_or_else(|| {
            missing(name.at, &told, "mark").mend("say mark read, computed, fitted or assumed")
        })?;
        spread
            .check(value)
            .map_err(|e| Wrong::new(spread_at, "this spread", "one that fits").mend(e))?;
        self.parameters.push(Declared {
            at: name.at,
            rest: (),
            item: Parameter {
                name: name.text,
                value,
                unit,
                spread,
                source,
                mark,
                doc,
            },
        });
        Ok(())
    }

    fn input(&mut self, t: &mut Tokens<'t>) -> Result<(), Wrong> {
        let name = t.symbol("the name of an input")?;
        let told = format!("input {}", name.text);
        let (mut value, mut unit, mut doc) = (None, None, String::new());
        t.clauses(&told, &[VALUE, UNIT, DOC], |t, clause| {
            match clause {
                VALUE => value = Some(t.number()?),
                UNIT => unit = t.unit()?,
                _ => doc = t.doc()?,
            }
            Ok(())
        })?;
        let default = value.ok_or_else(|| missing(name.at, &told, VALUE))?;
        self.inputs.push(Declared {
            at: name.at,
            rest: (),
            item: Input {
                name: name.text,
                unit,
                default,
                doc,
            },
        });
        Ok(())
    }

    fn switch(&mut self, t: &mut Tokens<'t>) -> Result<(), Wrong> {
        let name = t.symbol("the name of a switch")?;
        let told = format!("switch {}", name.text);
        let (mut value, mut doc) = (None, String::new());
        t.clauses(&told, &[VALUE, DOC], |t, clause| {
            if clause == DOC {
                doc = t.doc()?;
                return Ok(());
            }
            let of = |word: &str| match word {
                "on" => Some(true),
                "off" => Some(false),
                _ => None,
            };
            value = Some(t.one_of("where the switch stands", &["on", "off"], of)?);
            Ok(())
        })?;
        let default = value.ok_or_else(|| missing(name.at, &told, VALUE))?;
        self.switches.push(Declared {
            at: name.at,
            rest: (),
            item: Switch {
                name: name.text,
                default,
                doc,
            },
        });
        Ok(())
    }

    fn part(&mut self, t: &mut Tokens<'t>) -> Result<(), Wrong> {
        let token = t.peek();
        let name = token.raw(t.text);
        if token.kind != Kind::Word || !name.starts_with('_') {
            return Err(t.unexpected("the name of a part, which begins with _"));
        }
        t.take();
        t.require("=")?;
        let rest = t.formula()?;
        t.clauses(&format!("let {name}"), &[], |_, _| Ok(()))?;
        self.parts.push(Declared {
            item: name,
            at: token.at(),
            rest,
        });
        Ok(())
    }

    /// What variables and observables are: name, unit, expression, text.
    fn defined(
        t: &mut Tokens<'t>,
        kind: &str,
    ) -> Result<Declared<VariableDraft, Formula<'t>>, Wrong> {
        let name = t.symbol(&format!("the name of the {kind}"))?;
        let told = format!("{kind} {}", name.text);
        let (mut value, mut unit, mut doc) = (None, None, String::new());
        t.clauses(&told, &[UNIT, VALUE, DOC], |t, clause| {
            match clause {
                VALUE => value = Some(t.formula()?),
                UNIT => unit = t.unit()?,
                _ => doc = t.doc()?,
            }
            Ok(())
        })?;
        Ok(Declared {
            rest: value.ok_or_else(|| missing(name.at, &told, VALUE))?,
            at: name.at,
            item: VariableDraft {
                name: name.text,
                unit,
                doc,
            },
        })
    }

    fn variable(&mut self, t: &mut Tokens<'t>) -> Result<(), Wrong> {
        self.variables.push(Self::defined(t, "variable")?);
        Ok(())
    }

    fn observable(&mut self, t: &mut Tokens<'t>) -> Result<(), Wrong> {
        let Declared { item, at, rest } = Self::defined(t, "observable")?;
        let item = Observable {
            name: item.name,
            unit: item.unit,
            expression: LATER,
            doc: item.doc,
        };
        self.observables.push(Declared { item, at, rest });
        Ok(())
    }

    fn state(&mut self, t: &mut Tokens<'t>) -> Result<(), Wrong> {
        let name = t.symbol("the name of a state")?;
        let told = format!("state {}", name.text);
        let (mut initial, mut rate, mut typical) = (None, None, None);
        let mut state = State {
            name: name.text,
            unit: None,
            typical: 1.0,
            initial: LATER,
            rate: LATER,
            non_negative: true,
            holds: Vec::new(),
            doc: String::new(),
        };
        let allowed = [UNIT, "typical", "signed", "holds", "initial", "rate", DOC];
        t.clauses(&told, &allowed, |t, clause| {
            let at = t.peek().at();
            match clause {
                UNIT => state.unit = t.unit()?,
                "typical" => typical = Some((t.number()?, at)),
                "signed" => state.non_negative = false,
                "holds" => {
                    state.holds = t.listed(|t| Ok((t.name("an element")?.text, t.number()?)))?;
                }
                "initial" => initial = Some((t.formula()?, at)),
                "rate" => rate = Some(t.formula()?),
                _ => state.doc = t.doc()?,
            }
            Ok(())
        })?;
        let (initial, initial_at) = initial.ok_or_else(|| missing(name.at, &told, "initial"))?;
        let (typical, typical_at) = typical.ok_or_else(|| missing(name.at, &told, "typical"))?;
        if typical.is_nan() || typical <= 0.0 {
            let found = format!("a typical size of {typical}");
            return Err(Wrong::new(typical_at, found, "a number above zero"));
        }
        state.typical = typical;
        self.states.push(Declared {
            item: state,
            at: name.at,
            rest: StateRest {
                initial,
                initial_at,
                rate: rate.ok_or_else(|| missing(name.at, &told, "rate"))?,
            },
        });
        Ok(())
    }

    fn process(&mut self, t: &mut Tokens<'t>) -> Result<(), Wrong> {
        let name = t.name("the name of a process")?;
        let told = format!("process {}", name.text);
        let (mut rate, mut terms) = (None, Vec::new());
        let mut process = ProcessSpec {
            name: name.text,
            unit: None,
            rate: LATER,
            terms: Vec::new(),
            balanced: Vec::new(),
            doc: String::new(),
        };
        let allowed = [UNIT, VALUE, "changes", "balanced", DOC];
        t.clauses(&told, &allowed, |t, clause| {
            match clause {
                UNIT => process.unit = t.unit()?,
                VALUE => rate = Some(t.formula()?),
                "changes" => {
                    terms = t.listed(|t| {
                        let state = t.name("a state")?;
                        t.one_of("an amount after by", &["by"], |w| (w == "by").then_some(()))?;
                        Ok((state, t.formula()?))
                    })?;
                }
                "balanced" => process.balanced = t.listed(|t| Ok(t.name("an element")?.text))?,
                _ => process.doc = t.doc()?,
            }
            Ok(())
        })?;
        let rate = rate.ok_or_else(|| missing(name.at, &told, VALUE))?;
        self.processes.push(Declared {
            item: process,
            at: name.at,
            rest: ProcessRest { rate, terms },
        });
        Ok(())
    }

    fn invariant(&mut self, t: &mut Tokens<'t>) -> Result<(), Wrong> {
        let name = t.name("the name of an invariant")?;
        let (mut weights, mut doc) = (Vec::new(), String::new());
        let told = format!("invariant {}", name.text);
        t.clauses(&told, &["weights", DOC], |t, clause| {
            if clause == DOC {
                doc = t.doc()?;
            } else {
                weights = t.listed(|t| Ok((t.name("a state")?, t.number()?)))?;
            }
            Ok(())
        })?;
        self.invariants.push(Declared {
            item: InvariantSpec {
                name: name.text,
                terms: Vec::new(),
                doc,
            },
            at: name.at,
            rest: weights,
        });
        Ok(())
    }

    fn link(&mut self, t: &mut Tokens<'t>) -> Result<(), Wrong> {
        let name = t.name("the name of a link")?;
        let told = format!("link {}", name.text);
        let (mut from, mut to, mut switch) = (None, None, None);
        let (mut gain, mut also, mut grade, mut doc) = (None, Vec::new(), None, String::new());
        let allowed = ["from", "to", "cut_by", "gain", "also", "grade", DOC];
        t.clauses(&told, &allowed, |t, clause| {
            match clause {
                "from" => from = Some(t.name("a compartment")?.text),
                "to" => to = Some(t.name("a compartment")?.text),
                "cut_by" => switch = Some(t.name("a switch")?),
                "gain" => gain = Some(t.name("a parameter")?),
                "also" => also = t.listed(|t| t.name("a parameter"))?,
                "grade" => {
                    let codes = ["HT", "HO", "AN", "IV", "AS"];
                    grade = Some(t.one_of("a grade", &codes, LinkGrade::from_code)?);
                }
                _ => doc = t.doc()?,
            }
            Ok(())
        })?;
        let no = |clause| missing(name.at, &told, clause);
        self.links.push(Declared {
            at: name.at,
            rest: LinkRest {
                switch: switch.ok_or_else(|| no("cut_by"))?,
                gain,
                also,
            },
            item: Link {
                from: from.ok_or_else(|| no("from"))?,
                to: to.ok_or_else(|| no("to"))?,
                switch: 0,
                gain: None,
                also: Vec::new(),
                grade: grade.ok_or_else(|| no("grade"))?,
                doc,
                name: name.text,
            },
        });
        Ok(())
    }

    fn citation(&mut self, t: &mut Tokens<'t>) -> Result<(), Wrong> {
        let key = t.name("the key of a source")?;
        let citation = t.doc()?;
        if self.citations.insert(key.text.clone(), citation).is_some() {
            let found = format!("citation {} a second time", key.text);
            return Err(Wrong::new(key.at, found, "one citation for a source"));
        }
        Ok(())
    }
}
