//! Small helpers over the XML tree, and the bounds that hostile texts meet.

use super::SbmlError;
use roxmltree::{Document, ParsingOptions};

/// An element of the document.
pub(super) type Xml<'d> = roxmltree::Node<'d, 'd>;

/// Longest text that is read, in bytes.
const MAX_BYTES: usize = 256 << 20;
/// Most XML nodes that are read.
const MAX_NODES: u32 = 16_000_000;

fn outside(line: u32, message: String) -> SbmlError {
    SbmlError {
        line,
        element: "document".to_owned(),
        message,
    }
}

/// Parses the text, refusing document types (and so entities) and too much of it.
pub(super) fn parse(text: &str) -> Result<Document<'_>, SbmlError> {
    if text.len() > MAX_BYTES {
        let message = format!(
            "the text has {} bytes; at most {MAX_BYTES} are read",
            text.len()
        );
        return Err(outside(1, message));
    }
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: MAX_NODES,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(text, options)
        .map_err(|e| outside(e.pos().row, format!("not readable as XML: {e}")))
}

/// An error at a node.
pub(super) fn fail(node: Xml<'_>, message: impl Into<String>) -> SbmlError {
    SbmlError {
        line: node.document().text_pos_at(node.range().start).row,
        element: describe(node),
        message: message.into(),
    }
}

/// The element with the id that a reader would look for.
fn describe(node: Xml<'_>) -> String {
    let key = |n: &Xml<'_>| {
        ["id", "variable", "symbol", "species"]
            .iter()
            .find_map(|a| n.attribute(*a).map(str::to_owned))
    };
    let tag = |n: &Xml<'_>| n.tag_name().name().to_owned();
    match node.ancestors().find_map(|n| Some((n, key(&n)?))) {
        Some((n, id)) if n == node => format!("{} \"{id}\"", tag(&n)),
        Some((n, id)) => format!("<{}> in {} \"{id}\"", tag(&node), tag(&n)),
        None => format!("<{}>", tag(&node)),
    }
}

/// Child elements.
pub(super) fn elements(node: Xml<'_>) -> impl Iterator<Item = Xml<'_>> {
    node.children().filter(roxmltree::Node::is_element)
}

/// Child elements of that name in the parent's own namespace.
pub(super) fn named<'d>(node: Xml<'d>, name: &'static str) -> impl Iterator<Item = Xml<'d>> {
    let space = node.tag_name().namespace();
    elements(node).filter(move |n| n.tag_name().name() == name && n.tag_name().namespace() == space)
}

/// The items of a list (`listOfParameters` and the like) of a parent; empty where the list is missing.
pub(super) fn items<'d>(parent: Xml<'d>, list: &'static str) -> impl Iterator<Item = Xml<'d>> {
    let space = parent.tag_name().namespace();
    named(parent, list)
        .flat_map(elements)
        .filter(move |n| n.tag_name().namespace() == space)
}

/// An attribute that must stand.
pub(super) fn required<'d>(node: Xml<'d>, attribute: &str) -> Result<&'d str, SbmlError> {
    node.attribute(attribute)
        .ok_or_else(|| fail(node, format!("the attribute \"{attribute}\" is missing")))
}

/// A finite number.
pub(super) fn finite(node: Xml<'_>, what: &str, text: &str) -> Result<f64, SbmlError> {
    match text.trim().parse::<f64>() {
        Ok(v) if v.is_finite() => Ok(v),
        Ok(v) => Err(fail(
            node,
            format!("{what} is {v}; a finite number is needed"),
        )),
        Err(_) => Err(fail(
            node,
            format!("{what} is \"{text}\"; a number is needed"),
        )),
    }
}

/// A finite number in an attribute, where it stands.
pub(super) fn number(node: Xml<'_>, attribute: &str) -> Result<Option<f64>, SbmlError> {
    node.attribute(attribute)
        .map(|text| finite(node, attribute, text))
        .transpose()
}

/// A truth value in an attribute, where it stands.
pub(super) fn boolean(node: Xml<'_>, attribute: &str) -> Result<Option<bool>, SbmlError> {
    match node.attribute(attribute).map(str::trim) {
        None => Ok(None),
        Some("true" | "1") => Ok(Some(true)),
        Some("false" | "0") => Ok(Some(false)),
        Some(other) => Err(fail(
            node,
            format!("{attribute} is \"{other}\"; true or false is needed"),
        )),
    }
}

/// All text inside a node.
pub(super) fn inner_text(node: Xml<'_>) -> String {
    node.descendants()
        .filter(roxmltree::Node::is_text)
        .filter_map(|n| n.text())
        .collect()
}
