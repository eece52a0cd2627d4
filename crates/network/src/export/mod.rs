//! A model as pages and pictures: equations as Markdown and LaTeX, the graph of dependencies as JSON and DOT.

mod compose;
mod formula;
mod graph;
mod latex;
mod markdown;
mod sheet;

pub use graph::{compartments_dot, graph_dot, graph_json, parameter_uses};
pub use latex::latex;
pub use markdown::markdown;

/// The module of a name: what stands in front of its first dot, or `model` for a name without one.
pub fn module(name: &str) -> &str {
    name.split_once('.').map_or("model", |(module, _)| module)
}
