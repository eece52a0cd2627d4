//! Random networks: recipes that shrink, and the network that a recipe gives through the builder.
//!
//! ```ignore
//! proptest! {
//!     #[test]
//!     fn holds(recipe in random_network::recipes()) {
//!         let (network, schedule) = recipe.build();
//!     }
//! }
//! ```

use gutskin_network::expr::Function;
use gutskin_network::{
    Action, Builder, Change, Expr, LinkGrade, LinkSpec, Mark, Network, Parameter, ParameterTable,
    Schedule, Spread, Target,
};
use gutskin_units::Unit;
use proptest::prelude::*;

/// An expression; `Symbol(k)` is the k-th thing that exists where it stands, counted round.
#[derive(Clone, Debug)]
pub enum Recipe {
    Literal(f64),
    Symbol(u16),
    Unary(u8, Box<Recipe>),
    Binary(u8, Box<Recipe>, Box<Recipe>),
    IfLess(Box<[Recipe; 4]>),
    Call(u8, Vec<Recipe>),
}

/// A declared thing: a spelling for its name, a unit and words.
#[derive(Clone, Debug)]
pub struct Thing {
    pub spelling: u8,
    pub unit: u8,
    pub doc: String,
}

#[derive(Clone, Debug)]
pub struct StateRecipe {
    pub thing: Thing,
    pub typical: f64,
    pub initial: Recipe,
    pub rate: Recipe,
    pub signed: bool,
    pub carbon: Option<f64>,
}

#[derive(Clone, Debug)]
pub struct ParameterRecipe {
    pub thing: Thing,
    pub value: f64,
    pub spread: u8,
    pub mark: u8,
}

#[derive(Clone, Debug)]
pub struct ProcessRecipe {
    pub thing: Thing,
    pub rate: Recipe,
    pub terms: Vec<(u16, Recipe)>,
    pub balanced: bool,
}

/// A whole model.
#[derive(Clone, Debug)]
pub struct NetworkRecipe {
    pub states: Vec<StateRecipe>,
    pub parameters: Vec<ParameterRecipe>,
    pub inputs: Vec<(Thing, f64)>,
    pub switches: Vec<(Thing, bool)>,
    pub links: Vec<(Thing, u8, bool)>,
    pub variables: Vec<(Thing, Recipe)>,
    pub processes: Vec<ProcessRecipe>,
    /// `None` observes a symbol under its own name.
    pub observables: Vec<(Thing, u16, Option<Recipe>)>,
    pub invariants: Vec<(Thing, Vec<(u16, f64)>)>,
    pub changes: Vec<(u8, bool, u16, u8, f64)>,
}

/// Spellings of names that must stay distinct in every form that has its own alphabet.
const SPELLINGS: [&str; 8] = [
    "leak",
    "leak.prox",
    "leak_prox",
    "leak__prox",
    "leak_.prox",
    "leak._prox",
    "Leak",
    "_x_",
];
const UNITS: [&str; 12] = [
    "1",
    "d",
    "mmol",
    "mmol/L",
    "1/d",
    "pg/mL",
    "gDW",
    "CFU",
    "score",
    "ratio",
    "%",
    "mmol/(L d)",
];
const GRADES: [LinkGrade; 5] = [
    LinkGrade::HumanTrial,
    LinkGrade::HumanObservation,
    LinkGrade::Animal,
    LinkGrade::InVitro,
    LinkGrade::Assumption,
];
const MARKS: [Mark; 4] = [Mark::Read, Mark::Computed, Mark::Fitted, Mark::Assumed];

fn literal() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => -4.0..4.0f64,
        2 => prop::sample::select(vec![0.0, 1.0, 2.0, 0.5, -1.0, 1e-300, 1e300, 0.1, 1e15, 1e21, 1e-7]),
        1 => prop::num::f64::NORMAL,
    ]
}

/// Expressions without named functions nested too deep.
pub fn recipe() -> impl Strategy<Value = Recipe> {
    let leaf = prop_oneof![
        1 => literal().prop_map(Recipe::Literal),
        3 => any::<u16>().prop_map(Recipe::Symbol)
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            2 => (0u8..9, inner.clone()).prop_map(|(k, a)| Recipe::Unary(k, a.into())),
            5 => (0u8..7, inner.clone(), inner.clone())
                .prop_map(|(k, a, b)| Recipe::Binary(k, a.into(), b.into())),
            1 => [inner.clone(), inner.clone(), inner.clone(), inner.clone()]
                .prop_map(|parts| Recipe::IfLess(parts.into())),
            1 => (0u8..9, prop::collection::vec(inner, 5)).prop_map(|(k, a)| Recipe::Call(k, a)),
        ]
    })
}

fn thing() -> impl Strategy<Value = Thing> {
    let doc = prop_oneof![
        4 => Just(String::new()),
        4 => "[a-zA-Z0-9 ,.]{1,20}",
        2 => "[a-z<>&\"'#|$%_{}^~ \\\\\n\t=;\\[\\]()*äµ→é²-]{1,20}",
    ];
    (0u8..8, 0u8..12, doc).prop_map(|(spelling, unit, doc)| Thing {
        spelling,
        unit,
        doc,
    })
}

fn state() -> impl Strategy<Value = StateRecipe> {
    (
        thing(),
        1e-9..1e9f64,
        recipe(),
        recipe(),
        any::<bool>(),
        prop::option::of(0.1..10.0f64),
    )
        .prop_map(
            |(thing, typical, initial, rate, signed, carbon)| StateRecipe {
                thing,
                typical,
                initial,
                rate,
                signed,
                carbon,
            },
        )
}

fn parameter() -> impl Strategy<Value = ParameterRecipe> {
    (thing(), literal(), 0u8..6, 0u8..4).prop_map(|(thing, value, spread, mark)| ParameterRecipe {
        thing,
        value,
        spread,
        mark,
    })
}

fn process() -> impl Strategy<Value = ProcessRecipe> {
    let terms = prop::collection::vec((any::<u16>(), recipe()), 0..3);
    (thing(), recipe(), terms, any::<bool>()).prop_map(|(thing, rate, terms, balanced)| {
        ProcessRecipe {
            thing,
            rate,
            terms,
            balanced,
        }
    })
}

/// Models of a few states, parameters and everything else that a network can hold.
pub fn recipes() -> impl Strategy<Value = NetworkRecipe> {
    use prop::collection::vec;
    let symbols = (
        vec(state(), 1..5),
        vec(parameter(), 0..5),
        vec((thing(), literal()), 0..3),
        vec((thing(), any::<bool>()), 0..3),
        vec((thing(), 0u8..5, any::<bool>()), 0..3),
    );
    let rest = (
        vec((thing(), recipe()), 0..5),
        vec(process(), 0..3),
        vec((thing(), any::<u16>(), prop::option::of(recipe())), 0..4),
        vec((thing(), vec((any::<u16>(), literal()), 0..3)), 0..2),
        vec(
            (0u8..4, any::<bool>(), any::<u16>(), 0u8..3, literal()),
            0..8,
        ),
    );
    (symbols, rest).prop_map(|(symbols, rest)| NetworkRecipe {
        states: symbols.0,
        parameters: symbols.1,
        inputs: symbols.2,
        switches: symbols.3,
        links: symbols.4,
        variables: rest.0,
        processes: rest.1,
        observables: rest.2,
        invariants: rest.3,
        changes: rest.4,
    })
}

impl Thing {
    fn name(&self, kind: &str, i: usize) -> String {
        let spelling = SPELLINGS[self.spelling as usize % SPELLINGS.len()];
        format!("{kind}{i}.{spelling}")
    }

    fn unit(&self) -> &'static str {
        UNITS[self.unit as usize % UNITS.len()]
    }
}

/// The expression of a recipe over `symbols`.
pub fn build<'b>(m: &'b Builder<'_>, symbols: &[Expr<'b>], r: &Recipe) -> Expr<'b> {
    let e = |r: &Recipe| build(m, symbols, r);
    match r {
        Recipe::Literal(v) => m.constant(*v),
        Recipe::Symbol(_) if symbols.is_empty() => m.constant(1.5),
        Recipe::Symbol(k) => symbols[*k as usize % symbols.len()],
        Recipe::Unary(k, a) => {
            let a = e(a);
            match k {
                0 => -a,
                1 => a.exp(),
                2 => a.ln(),
                3 => a.sqrt(),
                4 => a.tanh(),
                5 => a.sin(),
                6 => a.cos(),
                7 => a.abs(),
                _ => a.floor(),
            }
        }
        Recipe::Binary(k, a, b) => {
            let (a, b) = (e(a), e(b));
            match k {
                0 => a + b,
                1 => a - b,
                2 => a * b,
                3 => a / b,
                4 => a.pow(b),
                5 => a.min(b),
                _ => a.max(b),
            }
        }
        Recipe::IfLess(parts) => e(&parts[0]).if_less(e(&parts[1]), e(&parts[2]), e(&parts[3])),
        Recipe::Call(k, list) => {
            let a: Vec<Expr<'b>> = list.iter().map(e).collect();
            call(Function::ALL[*k as usize % Function::ALL.len()], &a)
        }
    }
}

fn call<'b>(f: Function, a: &[Expr<'b>]) -> Expr<'b> {
    match f {
        Function::SmoothPlus => a[0].smooth_plus(a[1]),
        Function::SmoothPlusZero => a[0].smooth_plus_zero(a[1]),
        Function::SmoothPow => a[0].smooth_pow(a[1], a[2]),
        Function::Logistic => a[0].logistic(),
        Function::Softplus => a[0].softplus(),
        Function::SoftClip => a[0].soft_clip(a[1], a[2]),
        Function::SoftCap => a[0].soft_cap(a[1]),
        Function::Bounded => a[0].bounded(a[1]),
        Function::PhWindow => a[0].ph_window([a[1], a[2], a[3], a[4]]),
    }
}

impl ParameterRecipe {
    fn spread(&self) -> (f64, Spread) {
        let v = self.value;
        let positive = v.abs().clamp(1e-100, 1e100);
        match self.spread {
            0 => (v, Spread::Fixed),
            1 => (v, Spread::Normal { sd: positive }),
            2 => (positive, Spread::LogNormal { sd_ln: 0.3 }),
            3 => (
                positive,
                Spread::Uniform {
                    low: 0.0,
                    high: positive * 2.0,
                },
            ),
            4 => (
                positive,
                Spread::LogUniform {
                    low: positive / 3.0,
                    high: positive * 2.0,
                },
            ),
            _ => (
                positive,
                Spread::TruncatedNormal {
                    sd: 0.1,
                    low: 0.0,
                    high: positive * 1.5,
                },
            ),
        }
    }
}

impl NetworkRecipe {
    /// The network and its schedule.
    pub fn build(&self) -> (Network, Schedule) {
        let mut table = ParameterTable::new();
        table.cite(
            "Example2020",
            "Example A. On <examples> & \"quotes\". 2020.",
        );
        let m = Builder::new("random.model", "d", &table);
        let fixed = self.fixed_symbols(&m);
        let states = self.state_symbols(&m, &fixed);
        let mut symbols = fixed;
        symbols.extend(&states);
        symbols.push(m.time());
        for (i, (thing, default)) in self.inputs.iter().enumerate() {
            let name = thing.name("i", i);
            symbols.push(m.input(&name, thing.unit(), *default, &thing.doc));
        }
        for (i, (thing, definition)) in self.variables.iter().enumerate() {
            let definition = build(&m, &symbols, definition);
            let name = thing.name("v", i);
            symbols.push(m.variable(&name, thing.unit(), definition, &thing.doc));
        }
        for (s, state) in states.iter().zip(&self.states) {
            m.rate(*s, build(&m, &symbols, &state.rate));
        }
        self.add_processes(&m, &states, &symbols);
        self.add_read_outs(&m, &states, &symbols);
        let network = m.finish().expect("recipes give models without mistakes");
        let schedule = self.schedule(&network);
        (network, schedule)
    }

    fn fixed_symbols<'b>(&self, m: &'b Builder<'_>) -> Vec<Expr<'b>> {
        let mut symbols = Vec::new();
        for (i, p) in self.parameters.iter().enumerate() {
            let (value, spread) = p.spread();
            symbols.push(m.add_parameter(Parameter {
                name: p.thing.name("p", i),
                value,
                unit: (p.thing.unit > 1).then(|| Unit::parse(p.thing.unit()).unwrap()),
                spread,
                source: if p.mark == 0 { "Example2020" } else { "" }.to_owned(),
                mark: MARKS[p.mark as usize % MARKS.len()],
                doc: p.thing.doc.clone(),
            }));
        }
        for (i, (thing, on)) in self.switches.iter().enumerate() {
            symbols.push(m.switch(&thing.name("w", i), *on, &thing.doc));
        }
        for (i, (thing, grade, on)) in self.links.iter().enumerate() {
            let gain = symbols
                .first()
                .copied()
                .filter(|_| !self.parameters.is_empty());
            let several = self.parameters.len().min(i % 3);
            let also = symbols[..several].to_vec();
            let link = LinkSpec {
                name: &thing.name("l", i),
                from: "s0",
                to: "somewhere else",
                gain,
                grade: GRADES[*grade as usize % GRADES.len()],
                on: *on,
                doc: &thing.doc,
            };
            symbols.push(m.link_of(link, &also));
        }
        symbols
    }

    fn state_symbols<'b>(&self, m: &'b Builder<'_>, fixed: &[Expr<'b>]) -> Vec<Expr<'b>> {
        let declare = |(i, s): (usize, &StateRecipe)| {
            let mut spec = m
                .state(&s.thing.name("s", i), s.thing.unit())
                .typical(s.typical)
                .initial(build(m, fixed, &s.initial))
                .doc(&s.thing.doc);
            if s.signed {
                spec = spec.signed();
            }
            if let Some(amount) = s.carbon {
                spec = spec.holds("C", amount).holds("e-", amount / 3.0);
            }
            spec.add()
        };
        self.states.iter().enumerate().map(declare).collect()
    }

    fn add_processes<'b>(&self, m: &'b Builder<'_>, states: &[Expr<'b>], symbols: &[Expr<'b>]) {
        for (i, p) in self.processes.iter().enumerate() {
            let rate = build(m, symbols, &p.rate);
            let mut process = m
                .process(&p.thing.name("r", i), p.thing.unit(), rate)
                .doc(&p.thing.doc);
            for (j, (state, amount)) in p.terms.iter().enumerate() {
                let state = states[*state as usize % states.len()];
                let amount = build(m, symbols, amount);
                process = match j % 2 {
                    0 => process.uses(state, amount),
                    _ => process.makes(state, amount),
                };
            }
            if p.balanced {
                process = process.balanced("C");
            }
            process.add();
        }
    }

    fn add_read_outs<'b>(&self, m: &'b Builder<'_>, states: &[Expr<'b>], symbols: &[Expr<'b>]) {
        let mut shown = vec![false; states.len()];
        for (i, (thing, k, expression)) in self.observables.iter().enumerate() {
            let which = *k as usize % states.len();
            match expression {
                Some(r) => {
                    let expression = build(m, symbols, r);
                    m.observe(&thing.name("o", i), thing.unit(), expression, &thing.doc);
                }
                None if !std::mem::replace(&mut shown[which], true) => {
                    let name = self.states[which].thing.name("s", which);
                    m.observe(&name, thing.unit(), states[which], &thing.doc);
                }
                None => {}
            }
        }
        for (i, (thing, terms)) in self.invariants.iter().enumerate() {
            let terms: Vec<(Expr<'b>, f64)> = terms
                .iter()
                .map(|(k, w)| (states[*k as usize % states.len()], *w))
                .collect();
            m.invariant(&thing.name("c", i), &terms, &thing.doc);
        }
    }

    fn schedule(&self, network: &Network) -> Schedule {
        let change = |&(time, of_state, which, action, value): &(u8, bool, u16, u8, f64)| {
            let pick = |n: usize| u32::from(which) % u32::try_from(n).unwrap();
            let target = if of_state || network.inputs.is_empty() {
                Target::State(pick(network.states.len()))
            } else {
                Target::Input(pick(network.inputs.len()))
            };
            Change {
                time: f64::from(time) * 1.5,
                target,
                action: match action {
                    0 => Action::Set(value),
                    1 => Action::Add(value),
                    _ => Action::Multiply(value),
                },
            }
        };
        Schedule::sorted(self.changes.iter().map(change).collect()).unwrap()
    }
}
