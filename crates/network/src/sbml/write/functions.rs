//! The named smooth functions as function definitions.

use super::{Writer, roots};
use crate::expr::{ExprId, Function, Node, Pool, WINDOW_STEPS, window_pieces};
use crate::sbml::graft::reachable;
use crate::sbml::mathml::{MathWriter, Symbols, math};
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
        let nodes = reachable(&self.network.pool, &roots(self.network));
        let called: BTreeSet<Function> = nodes
            .iter()
            .filter_map(|(_, n)| match n {
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

/// The pH window in pieces: written out, four nested Newton steps would be a hundred thousand elements.
fn define_window(out: &mut Lines, names: &[&str], [middle, step, product]: [String; 3]) {
    let corners = &names[1..];
    let list: String = corners.iter().map(|c| format!("<ci>{c}</ci>")).collect();
    let call = |id: &str, first: &str| format!("<apply><ci>{id}</ci>{first}{list}</apply>");
    define(out, "ph_window_middle", corners, &middle);
    define(out, "ph_window_step", names, &step);
    define(out, "ph_window_product", names, &product);
    let top = (0..WINDOW_STEPS).fold(call("ph_window_middle", ""), |x, _| {
        call("ph_window_step", &x)
    });
    let ratio = format!(
        "<apply><divide/>{}{}</apply>",
        call("ph_window_product", "<ci>x</ci>"),
        call("ph_window_product", &top)
    );
    define(out, "ph_window", names, &ratio);
}
