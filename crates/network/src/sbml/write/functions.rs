//! The named smooth functions as function definitions.

use super::Writer;
use crate::expr::{ExprId, Function, Node, Pool, WINDOW_STEPS, window_pieces};
use crate::sbml::mathml::{MathWriter, Symbols, WINDOW_MIDDLE, WINDOW_PRODUCT, WINDOW_STEP, math};
use crate::sbml::xml_text::{Lines, attribute};
use std::collections::{BTreeSet, HashMap};

/// The arguments of a function, by number of placeholder.
struct Arguments(&'static [&'static str]);

impl Symbols for Arguments {
    fn id(&self, node: Node) -> &str {
        match node {
            Node::Parameter(i) => self.0.get(i as usize).copied().unwrap_or(""),
            _ => "",
        }
    }
}

fn define(out: &mut Lines, id: &str, arguments: &[&str], body: &str) {
    out.element("functionDefinition", &attribute("id", id), |out| {
        let bound: String = arguments
            .iter()
            .map(|a| format!("<bvar><ci>{a}</ci></bvar>"))
            .collect();
        out.line(&math(&format!("<lambda>{bound}{body}</lambda>")));
    });
}

impl Writer<'_> {
    /// Definitions of the functions that the model calls.
    pub(super) fn functions(&self, out: &mut Lines) {
        let called: BTreeSet<Function> = self
            .nodes
            .iter()
            .filter_map(|n| match n {
                Node::Call(function, _) => Some(*function),
                _ => None,
            })
            .collect();
        for function in called {
            self.function(out, function);
        }
    }

    fn function(&self, out: &mut Lines, function: Function) {
        let names = function.arguments();
        let symbols = Arguments(names);
        let mut pool = Pool::new();
        let placeholders: Vec<ExprId> = (0..names.len())
            .map(|i| pool.intern(Node::Parameter(u32::try_from(i).unwrap_or(u32::MAX))))
            .collect();
        let body_of = |pool: &Pool, id: ExprId| {
            let writer = MathWriter {
                pool,
                symbols: &symbols,
                apart: &HashMap::new(),
                tops: &HashMap::new(),
                units: self.network.time_unit.is_some(),
            };
            let mut text = String::new();
            writer.expression(id, &mut text);
            text
        };
        if function == Function::PhWindow {
            if let Ok(arguments) = <[ExprId; 5]>::try_from(placeholders) {
                let pieces = window_pieces(&mut pool, arguments);
                define_window(out, names, pieces.map(|p| body_of(&pool, p)));
            }
            return;
        }
        let body = function.expand(&mut pool, &placeholders);
        define(out, function.name(), names, &body_of(&pool, body));
    }
}

/// The pH window takes its maximum as a sixth argument: functions cannot name intermediates, and four Newton steps
/// written into one another would be a hundred thousand elements a call.
fn define_window(out: &mut Lines, names: &[&str], [middle, step, product]: [String; 3]) {
    let corners = &names[1..];
    define(out, WINDOW_MIDDLE, corners, &middle);
    define(out, WINDOW_STEP, names, &step);
    define(out, WINDOW_PRODUCT, names, &product);
    let list: String = corners.iter().map(|c| format!("<ci>{c}</ci>")).collect();
    let at = |x: &str| format!("<apply><ci>{WINDOW_PRODUCT}</ci><ci>{x}</ci>{list}</apply>");
    let ratio = format!("<apply><divide/>{}{}</apply>", at("x"), at("top"));
    let arguments: Vec<&str> = names.iter().copied().chain(["top"]).collect();
    define(out, Function::PhWindow.name(), &arguments, &ratio);
}

/// The maxima of pH windows, each in Newton steps that are parameters of their own.
#[derive(Default)]
pub(super) struct Peaks {
    /// Identifier of the last step, by corners.
    pub tops: HashMap<[ExprId; 4], String>,
    /// Corners in order of first use.
    order: Vec<[ExprId; 4]>,
}

impl Peaks {
    pub(super) fn new(nodes: &[Node]) -> Self {
        let mut this = Self::default();
        for node in nodes {
            if let Node::Call(Function::PhWindow, [_, corners @ ..]) = node
                && !this.tops.contains_key(corners)
            {
                this.order.push(*corners);
                let last = step_id(this.order.len(), WINDOW_STEPS);
                this.tops.insert(*corners, last);
            }
        }
        this
    }

    /// The corners, as often as they are written.
    pub(super) fn roots(&self) -> impl Iterator<Item = ExprId> {
        self.order.iter().flatten().flat_map(|&c| [c, c])
    }

    /// The first corner of each window.
    pub(super) fn corners(&self) -> impl Iterator<Item = &ExprId> {
        self.order.iter().map(|corners| &corners[0])
    }

    /// Identifiers of all steps, each with the corners of its window, whose unit it shares.
    pub(super) fn ids(&self) -> impl Iterator<Item = (String, &[ExprId; 4])> {
        let windows = self.order.iter().enumerate();
        windows
            .flat_map(|(w, corners)| (1..=WINDOW_STEPS).map(move |s| (step_id(w + 1, s), corners)))
    }
}

fn step_id(window: usize, step: usize) -> String {
    format!("_peak_{window}_{step}")
}

impl Writer<'_> {
    /// Identifier and `<math>` of each Newton step, of the windows whose corners stand still or of the others.
    pub(super) fn peak_steps(&self, still: bool) -> Vec<(String, String)> {
        let mut steps = Vec::new();
        for (i, corners) in self.peaks.order.iter().enumerate() {
            if self.still.all(corners) != still {
                continue;
            }
            let mut list = String::new();
            for &corner in corners {
                self.math_writer().expression(corner, &mut list);
            }
            let mut x = format!("<apply><ci>{WINDOW_MIDDLE}</ci>{list}</apply>");
            for step in 1..=WINDOW_STEPS {
                let id = step_id(i + 1, step);
                let body = format!("<apply><ci>{WINDOW_STEP}</ci>{x}{list}</apply>");
                x = format!("<ci>{id}</ci>");
                steps.push((id, math(&body)));
            }
        }
        steps
    }
}
