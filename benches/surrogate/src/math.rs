//! Content MathML → expressions.

use gutskin_network::expr::Expr;
use roxmltree::Node;

use crate::SurrogateError;

/// The expression of a MathML element; `find` gives the expression of a name.
pub(crate) fn expression<'b>(
    node: Node<'_, '_>,
    constant: &dyn Fn(f64) -> Expr<'b>,
    find: &dyn Fn(&str) -> Expr<'b>,
) -> Result<Expr<'b>, SurrogateError> {
    match node.tag_name().name() {
        "math" => match node.children().find(Node::is_element) {
            Some(child) => expression(child, constant, find),
            None => Err(SurrogateError::content("math", "it is empty")),
        },
        "cn" => number(node).map(constant),
        "ci" => Ok(find(text(node))),
        "apply" => apply(node, constant, find),
        other => Err(SurrogateError::content(
            other,
            "this element is not understood",
        )),
    }
}

/// The number of a `cn` element.
pub(crate) fn number(node: Node<'_, '_>) -> Result<f64, SurrogateError> {
    let parts: Vec<&str> = node
        .descendants()
        .filter(|child| child.is_text())
        .filter_map(|child| child.text())
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    let value = match parts.as_slice() {
        [mantissa] => mantissa.parse::<f64>(),
        [mantissa, exponent] => format!("{mantissa}e{exponent}").parse::<f64>(),
        _ => return Err(SurrogateError::content("cn", "one or two numbers expected")),
    };
    value.map_err(|e| SurrogateError::content("cn", format!("{parts:?}: {e}")))
}

pub(crate) fn text<'d>(node: Node<'d, '_>) -> &'d str {
    node.text().unwrap_or_default().trim()
}

fn apply<'b>(
    node: Node<'_, '_>,
    constant: &dyn Fn(f64) -> Expr<'b>,
    find: &dyn Fn(&str) -> Expr<'b>,
) -> Result<Expr<'b>, SurrogateError> {
    let mut children = node.children().filter(Node::is_element);
    let operator = children.next().map_or("", |child| child.tag_name().name());
    let arguments = children
        .map(|child| expression(child, constant, find))
        .collect::<Result<Vec<_>, _>>()?;
    let unknown = || {
        let problem = format!("\"{operator}\" with {} arguments", arguments.len());
        Err(SurrogateError::content("apply", problem))
    };
    match (operator, arguments.as_slice()) {
        ("plus", [first, rest @ ..]) => Ok(rest.iter().fold(*first, |sum, &x| sum + x)),
        ("times", [first, rest @ ..]) => Ok(rest.iter().fold(*first, |product, &x| product * x)),
        ("minus", [a]) => Ok(-*a),
        ("minus", [a, b]) => Ok(*a - *b),
        ("divide", [a, b]) => Ok(*a / *b),
        ("power", [a, b]) => Ok(a.pow(*b)),
        ("exp", [a]) => Ok(a.exp()),
        ("ln", [a]) => Ok(a.ln()),
        _ => unknown(),
    }
}
