//! Function definitions: read once as templates, put in place of every call.

use super::{MathReader, WINDOW_MIDDLE, WINDOW_PRODUCT, WINDOW_STEP};
use crate::expr::{Binary, ExprId, Function, Node, Pool, window_pieces};
use crate::sbml::graft::{graft, reachable};
use crate::sbml::xml::{Xml, elements, fail, inner_text, items, required};
use crate::sbml::{SbmlError, read::order};
use std::collections::HashMap;

/// One function definition. Its arguments stand as parameters 0, 1, … of a pool of their own.
struct Template {
    arity: usize,
    body: ExprId,
    nodes: Vec<(ExprId, Node)>,
    /// Set where the body is that of one of this crate's smooth functions.
    known: Option<Function>,
}

/// The function definitions of a model.
#[derive(Default)]
pub(in crate::sbml) struct Functions {
    templates: HashMap<String, Template>,
    /// How many of the pieces of the pH window are defined as this crate defines them.
    window_pieces: usize,
}

impl Functions {
    /// Reads `listOfFunctionDefinitions`, in an order in which each stands after those it calls.
    pub(in crate::sbml) fn read(model: Xml<'_>, budget: &mut usize) -> Result<Self, SbmlError> {
        let definitions: Vec<Xml<'_>> = items(model, "listOfFunctionDefinitions").collect();
        let mut index = HashMap::new();
        for (i, &node) in definitions.iter().enumerate() {
            let id = required(node, "id")?;
            if index.insert(id, i).is_some() {
                return Err(fail(node, format!("the id \"{id}\" stands twice")));
            }
        }
        let calls = definitions
            .iter()
            .map(|d| {
                d.descendants()
                    .filter(|n| n.is_element() && n.tag_name().name() == "ci")
                    .filter_map(|n| index.get(inner_text(n).trim()).copied())
                    .collect()
            })
            .collect::<Vec<Vec<usize>>>();
        let sorted = order(&calls).map_err(|cycle| {
            let names: Vec<&str> = cycle
                .iter()
                .filter_map(|&i| definitions[i].attribute("id"))
                .collect();
            fail(
                definitions[cycle[0]],
                format!(
                    "functions call each other in a circle: {}",
                    names.join(" → ")
                ),
            )
        })?;
        let mut this = Self::default();
        let mut pool = Pool::new();
        for i in sorted {
            this.add(definitions[i], &mut pool, budget)?;
        }
        Ok(this)
    }

    fn add(&mut self, node: Xml<'_>, pool: &mut Pool, budget: &mut usize) -> Result<(), SbmlError> {
        let id = required(node, "id")?;
        let lambda = elements(node)
            .find(|n| n.tag_name().name() == "math")
            .and_then(|m| elements(m).next())
            .filter(|n| n.tag_name().name() == "lambda")
            .ok_or_else(|| fail(node, "a function definition needs a <lambda> in its <math>"))?;
        let mut arguments: HashMap<String, ExprId> = HashMap::new();
        let mut placeholders = Vec::new();
        let mut body = None;
        for part in elements(lambda) {
            if part.tag_name().name() == "bvar" {
                let name = inner_text(part).trim().to_owned();
                let slot = u32::try_from(placeholders.len()).unwrap_or(u32::MAX);
                let placeholder = pool.intern(Node::Parameter(slot));
                placeholders.push(placeholder);
                if arguments.insert(name.clone(), placeholder).is_some() {
                    return Err(fail(part, format!("the argument \"{name}\" stands twice")));
                }
            } else if body.replace(part).is_some() {
                return Err(fail(
                    part,
                    "a <lambda> has one body; a second one stands here",
                ));
            }
        }
        let body = body.ok_or_else(|| fail(lambda, "the <lambda> has no body"))?;
        let look_up = |name: &str| arguments.get(name).copied();
        let mut reader = MathReader::new(pool, &look_up, self, budget);
        let body = reader.number(body)?;
        let known = Function::from_name(id)
            .filter(|f| f.arity() == placeholders.len() && f.expand(pool, &placeholders) == body);
        if is_window_piece(pool, id, &placeholders, body) {
            self.window_pieces += 1;
        }
        let template = Template {
            arity: placeholders.len(),
            body,
            nodes: reachable(pool, &[body]),
            known,
        };
        self.templates.insert(id.to_owned(), template);
        Ok(())
    }

    /// True for the pH window with its maximum as sixth argument, where all its pieces are as this crate writes them.
    pub(super) fn is_window(&self, id: &str) -> bool {
        id == Function::PhWindow.name() && self.window_pieces == 4
    }

    /// True where a function of that id is defined.
    pub(in crate::sbml) fn contains(&self, id: &str) -> bool {
        self.templates.contains_key(id)
    }

    /// All ids.
    pub(in crate::sbml) fn ids(&self) -> impl Iterator<Item = &str> {
        self.templates.keys().map(String::as_str)
    }

    /// A call, written out.
    pub(super) fn call(
        &self,
        pool: &mut Pool,
        node: Xml<'_>,
        id: &str,
        arguments: &[ExprId],
        budget: &mut usize,
    ) -> Result<ExprId, SbmlError> {
        let Some(template) = self.templates.get(id) else {
            let hint = crate::nearest(id, self.ids())
                .map_or(String::new(), |n| format!("; did you mean \"{n}\"?"));
            return Err(fail(
                node,
                format!("the function \"{id}\" is not defined{hint}"),
            ));
        };
        if template.arity != arguments.len() {
            let message = format!(
                "\"{id}\" takes {} argument(s), not {}",
                template.arity,
                arguments.len()
            );
            return Err(fail(node, message));
        }
        if let Some(function) = template.known {
            return Ok(pool.call(function, arguments));
        }
        *budget = budget.checked_sub(template.nodes.len()).ok_or_else(|| {
            fail(
                node,
                "the function definitions unfold into too large an expression",
            )
        })?;
        let done = graft(pool, &template.nodes, |_, node| match node {
            Node::Parameter(i) => arguments.get(i as usize).copied(),
            _ => None,
        });
        Ok(done.get(&template.body).copied().unwrap_or(template.body))
    }
}

/// Whether a body is that of one of the four functions that make up the pH window.
fn is_window_piece(pool: &mut Pool, id: &str, arguments: &[ExprId], body: ExprId) -> bool {
    let expected = match (id, arguments) {
        (WINDOW_MIDDLE, &[a, b, c, d]) => window_pieces(pool, [a, a, b, c, d])[0],
        (WINDOW_STEP, &[x, a, b, c, d]) => window_pieces(pool, [x, a, b, c, d])[1],
        (WINDOW_PRODUCT, &[x, a, b, c, d]) => window_pieces(pool, [x, a, b, c, d])[2],
        ("ph_window", &[x, a, b, c, d, top]) => {
            let value = window_pieces(pool, [x, a, b, c, d])[2];
            let peak = window_pieces(pool, [top, a, b, c, d])[2];
            pool.binary(Binary::Div, value, peak)
        }
        _ => return false,
    };
    expected == body
}
