//! Unit definitions.

use super::SbmlError;
use super::xml::{Xml, fail, items, number, required};
use super::xml_text::{Lines, attribute, double};
use crate::model::Network;
use gutskin_units::Unit;
use std::collections::{HashMap, HashSet};

/// Unit definitions of a model by id.
pub(super) struct UnitTable {
    units: HashMap<String, Unit>,
}

impl UnitTable {
    /// Reads `listOfUnitDefinitions`.
    pub(super) fn read(model: Xml<'_>) -> Result<Self, SbmlError> {
        let mut units = HashMap::new();
        for node in items(model, "listOfUnitDefinitions") {
            let id = required(node, "id")?;
            let unit = definition(node)?;
            if units.insert(id.to_owned(), unit).is_some() {
                return Err(fail(node, format!("the unit id \"{id}\" stands twice")));
            }
        }
        Ok(Self { units })
    }

    /// The unit that an attribute of `node` names, where it stands.
    pub(super) fn of(&self, node: Xml<'_>, attribute: &str) -> Result<Option<Unit>, SbmlError> {
        let Some(id) = node.attribute(attribute) else {
            return Ok(None);
        };
        if let Some(unit) = self.units.get(id) {
            return Ok(Some(unit.clone()));
        }
        match base(id) {
            Some(unit) => Ok(Some(unit)),
            None => Err(fail(node, format!("the unit \"{id}\" is not defined"))),
        }
    }
}

/// A unit that SBML knows without a definition.
fn base(kind: &str) -> Option<Unit> {
    let text = match kind {
        "dimensionless" | "radian" | "steradian" => "1",
        "item" => "count",
        "ampere" => "A",
        "becquerel" | "hertz" => "1/s",
        "candela" | "lumen" => "cd",
        "coulomb" => "A*s",
        "farad" => "A^2*s^4/(kg*m^2)",
        "gram" => "g",
        "gray" | "sievert" => "m^2/s^2",
        "henry" => "kg*m^2/(s^2*A^2)",
        "joule" => "kg*m^2/s^2",
        "katal" => "mol/s",
        "kelvin" => "K",
        "kilogram" => "kg",
        "litre" => "L",
        "lux" => "cd/m^2",
        "metre" => "m",
        "mole" => "mol",
        "newton" => "kg*m/s^2",
        "ohm" => "kg*m^2/(s^3*A^2)",
        "pascal" => "kg/(m*s^2)",
        "second" => "s",
        "siemens" => "s^3*A^2/(kg*m^2)",
        "tesla" => "kg/(s^2*A)",
        "volt" => "kg*m^2/(s^3*A)",
        "watt" => "kg*m^2/s^3",
        "weber" => "kg*m^2/(s^2*A)",
        _ => return None,
    };
    Unit::parse(text).ok()
}

/// The unit of a definition: the text in its name where that stands for the same thing, else the product of the parts.
fn definition(node: Xml<'_>) -> Result<Unit, SbmlError> {
    let mut product = Unit::dimensionless();
    for part in items(node, "listOfUnits") {
        let kind = required(part, "kind")?;
        let unit =
            base(kind).ok_or_else(|| fail(part, format!("not supported: unit kind \"{kind}\"")))?;
        let exponent = number(part, "exponent")?.unwrap_or(1.0);
        let scale = number(part, "scale")?.unwrap_or(0.0);
        let multiplier = number(part, "multiplier")?.unwrap_or(1.0);
        let factor = Unit::parse(&format!("{multiplier:e}"))
            .and_then(|m| Ok(m.mul(&Unit::parse("10")?.pow(scale)?)))
            .map_err(|e| {
                fail(
                    part,
                    format!("multiplier {multiplier} and scale {scale}: {e}"),
                )
            })?;
        let powered = factor
            .mul(&unit)
            .pow(exponent)
            .map_err(|e| fail(part, e.to_string()))?;
        product = product.mul(&powered);
    }
    if !product.is_representable() {
        return Err(fail(node, "the unit is out of range"));
    }
    let written = node.attribute("name").and_then(|t| Unit::parse(t).ok());
    Ok(match written {
        Some(unit) if same_in_sbml(&unit, &product) => unit,
        _ => product,
    })
}

/// Whether two units are one in SBML, which knows no CFU, cells or scores, only items.
fn same_in_sbml(a: &Unit, b: &Unit) -> bool {
    let rebuilt = |u: &Unit| {
        u.to_sbml_parts()
            .into_iter()
            .try_fold(Unit::dimensionless(), |product, part| {
                let factor = Unit::parse(&format!("{:e}", part.multiplier)).ok()?;
                let ten = Unit::parse("10").ok()?.pow(f64::from(part.scale)).ok()?;
                let unit = base(part.kind.as_str())?;
                let powered = factor.mul(&ten).mul(&unit).pow(part.exponent).ok()?;
                Some(product.mul(&powered))
            })
    };
    matches!((rebuilt(a), rebuilt(b)), (Some(a), Some(b)) if a.same(&b))
}

/// Identifiers for the units that a network uses, by their text.
pub(super) struct UnitIds {
    ids: HashMap<String, String>,
    order: Vec<Unit>,
}

impl UnitIds {
    /// Collects the units of everything in the network, then `more`.
    pub(super) fn new<'u>(n: &'u Network, more: impl Iterator<Item = &'u Unit>) -> Self {
        let mut this = Self {
            ids: HashMap::new(),
            order: Vec::new(),
        };
        let mut taken = HashSet::new();
        let units = (n.time_unit.iter())
            .chain(n.states.iter().filter_map(|x| x.unit.as_ref()))
            .chain(n.parameters.iter().filter_map(|x| x.unit.as_ref()))
            .chain(n.inputs.iter().filter_map(|x| x.unit.as_ref()))
            .chain(n.variables.iter().filter_map(|x| x.unit.as_ref()))
            .chain(n.observables.iter().filter_map(|x| x.unit.as_ref()))
            .chain(n.processes.iter().filter_map(|x| x.unit.as_ref()))
            .chain(more);
        for unit in units {
            let text = unit.to_string();
            if this.ids.contains_key(&text) {
                continue;
            }
            let readable = unit_id(&text);
            let mut id = readable.clone();
            let mut again = 1;
            while !taken.insert(id.clone()) {
                again += 1;
                id = format!("{readable}_{again}");
            }
            this.ids.insert(text, id);
            this.order.push(unit.clone());
        }
        this
    }

    /// The identifier of a unit of the network.
    pub(super) fn id(&self, unit: &Unit) -> &str {
        self.ids
            .get(&unit.to_string())
            .map_or("dimensionless", String::as_str)
    }

    /// Writes the definitions.
    pub(super) fn write(&self, out: &mut Lines) {
        for unit in &self.order {
            let attributes = attribute("id", self.id(unit)) + &attribute("name", &unit.to_string());
            out.element("unitDefinition", &attributes, |out| {
                out.element("listOfUnits", "", |out| {
                    for part in unit.to_sbml_parts() {
                        let attributes = attribute("kind", part.kind.as_str())
                            + &attribute("exponent", &double(part.exponent))
                            + &attribute("scale", &part.scale.to_string())
                            + &attribute("multiplier", &double(part.multiplier));
                        out.element("unit", &attributes, |_| {});
                    }
                });
            });
        }
    }
}

/// A readable identifier, not yet unique.
fn unit_id(text: &str) -> String {
    let mut id = String::from("unit_");
    for c in text.chars() {
        match c {
            c if c.is_ascii_alphanumeric() => id.push(c),
            '/' => id.push_str("_per_"),
            '%' => id.push_str("percent"),
            'µ' | 'μ' => id.push('u'),
            _ => id.push('_'),
        }
    }
    id
}
