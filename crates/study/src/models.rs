//! Which models a scenario can name.

use crate::Ingredients;
use gutskin_biology::axis::{self, AxisOptions, SkinKind};
use gutskin_biology::body::{self, Mode};
use gutskin_biology::catalogue::{Catalogue, CatalogueError, KnownInput, SkinDrug};
use gutskin_biology::colon::{ColonOptions, DIFFICILE, Layout};
use gutskin_network::{BuildErrors, Network, ParameterTable};
use gutskin_units::Unit;
use std::sync::OnceLock;
use thiserror::Error;

/// Names of the models that can be run.
pub const MODEL_NAMES: &[&str] = &[
    "thin",
    "colon",
    "colon_lean",
    "ad",
    "pso",
    "pso_switch",
    "acne",
    "skin",
    "early",
    "body",
    "body_within_day",
    "axis_ad",
    "axis_pso",
    "axis_acne",
    "axis_healthy",
    "axis_ad_lean",
    "axis_pso_lean",
    "axis_acne_lean",
    "axis_healthy_lean",
    "axis_ad_within_day",
    "axis_pso_within_day",
    "axis_acne_within_day",
    "axis_healthy_within_day",
];

/// Why a model could not be built.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum ModelError {
    /// A name that stands for no model.
    #[error("no model is named \"{name}\"; known: {}{}", MODEL_NAMES.join(", "), hint(name))]
    Unknown {
        /// The name asked for.
        name: String,
    },
    /// A table of the catalogue does not read.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// Mistakes in its equations or parameters.
    #[error(transparent)]
    Build(#[from] BuildErrors),
}

fn hint(name: &str) -> String {
    let near = gutskin_network::nearest(name, MODEL_NAMES.iter().copied());
    near.map_or(String::new(), |n| format!("; did you mean \"{n}\"?"))
}

/// Builds a model by name from a table of parameters.
///
/// # Errors
/// [`ModelError`].
pub fn build_model(name: &str, table: &ParameterTable) -> Result<Network, ModelError> {
    build_from(name, &Ingredients::of(table))
}

pub(crate) fn build_from(name: &str, from: &Ingredients) -> Result<Network, ModelError> {
    let table = &from.parameters;
    let drugs: Vec<&SkinDrug> = from.drugs.iter().collect();
    match name {
        "thin" => Ok(gutskin_biology::thin::network(table)?),
        "colon" | "colon_lean" => {
            let catalogue = from.tables.catalogue()?;
            let options = colon_of(layout(name).0, from, &catalogue);
            Ok(gutskin_biology::colon::network(
                table, &catalogue, &options,
            )?)
        }
        "ad" => Ok(gutskin_biology::ad::network(table, &drugs)?),
        "pso" => Ok(gutskin_biology::pso::network(table, &drugs)?),
        "pso_switch" => Ok(gutskin_biology::pso::switch::network(table)?),
        "acne" => Ok(gutskin_biology::acne::network(table, &drugs)?),
        "skin" => Ok(gutskin_biology::skin::network(table)?),
        "early" => Ok(gutskin_biology::early::network(table)?),
        "body" => Ok(body::network(table, Mode::Daily)?),
        "body_within_day" => Ok(body::network(table, Mode::WithinDay)?),
        _ => axis_model(name, from),
    }
}

/// The inputs of every model, with what a colon may be asked to hold: names that tables can move.
pub(crate) fn all_inputs() -> Result<&'static [KnownInput], ModelError> {
    static ALL: OnceLock<Vec<KnownInput>> = OnceLock::new();
    if let Some(known) = ALL.get() {
        return Ok(known);
    }
    let from = everything()?;
    let mut all: Vec<KnownInput> = Vec::new();
    for name in MODEL_NAMES {
        for input in build_from(name, &from)?.inputs {
            if all.iter().any(|known| known.name == input.name) {
                continue;
            }
            all.push(KnownInput {
                unit: input.unit.unwrap_or_else(Unit::dimensionless),
                name: input.name,
            });
        }
    }
    Ok(ALL.get_or_init(|| all))
}

/// A model that holds an input, a joined axis where one does; none where no model does.
pub(crate) fn holder(input: &str) -> Option<&'static str> {
    let from = everything().ok()?;
    let holds = |name: &&str| build_from(name, &from).is_ok_and(|n| n.input(input).is_some());
    ["axis_ad"]
        .into_iter()
        .chain(MODEL_NAMES.iter().copied())
        .find(holds)
}

/// The project's own, with what a colon holds only where it is asked for.
fn everything() -> Result<Ingredients, ModelError> {
    let table = gutskin_biology::parameter_table().map_err(|e| BuildErrors(vec![e.to_string()]))?;
    let mut from = Ingredients::of(&table);
    from.colon.transplants = true;
    from.colon.guilds = vec![DIFFICILE.to_owned()];
    Ok(from)
}

/// Does the model of that name hold a colon?
pub(crate) fn has_colon(name: &str) -> bool {
    name.starts_with("colon") || name.starts_with("axis_")
}

/// The same model in its other mode: by the clock where it has daily means, and the other way round; none where it has
/// one mode only.
pub(crate) fn other_mode(name: &str) -> Option<String> {
    const CLOCK: &str = "_within_day";
    if has_clock(name) {
        return Some(name.replace(CLOCK, ""));
    }
    let (_, rest) = layout(name);
    let suffix = name.strip_prefix(rest).unwrap_or_default();
    (rest == "body" || rest.starts_with("axis_")).then(|| format!("{rest}{CLOCK}{suffix}"))
}

/// Does the model of that name have the clock within the day?
pub(crate) fn has_clock(name: &str) -> bool {
    name.contains("_within_day")
}

/// The skin that the model of that name holds, or that of the children it begins with; none where it holds none.
pub(crate) fn skin_of(name: &str) -> Option<&str> {
    let name = name.strip_prefix("axis_").unwrap_or(name);
    let parts = ["_lean", "_within_day", "_switch"];
    let skin = (parts.iter()).fold(name, |rest, end| rest.strip_suffix(end).unwrap_or(rest));
    match skin {
        "ad" | "pso" | "acne" | "healthy" => Some(skin),
        "skin" | "early" => Some("healthy"),
        _ => None,
    }
}

/// Detail of the colon that a name asks for, and the name without it.
fn layout(name: &str) -> (Layout, &str) {
    match name.strip_suffix(Layout::Lean.suffix()) {
        Some(rest) => (Layout::Lean, rest),
        None => (Layout::Full, name),
    }
}

/// Does the model of that name hold the lean colon?
pub(crate) fn is_lean(name: &str) -> bool {
    layout(name).0 == Layout::Lean
}

/// `axis_<skin>`, `axis_<skin>_within_day`, or one of them with `_lean`.
fn axis_model(name: &str, from: &Ingredients) -> Result<Network, ModelError> {
    let unknown = || ModelError::Unknown {
        name: name.to_owned(),
    };
    let (layout, rest) = layout(name);
    let rest = rest.strip_prefix("axis_").ok_or_else(unknown)?;
    let (word, mode) = match rest.strip_suffix("_within_day") {
        Some(word) => (word, Mode::WithinDay),
        None => (rest, Mode::Daily),
    };
    let skin = [
        SkinKind::Eczema,
        SkinKind::Psoriasis,
        SkinKind::Acne,
        SkinKind::Healthy,
    ]
    .into_iter()
    .find(|s| s.word() == word)
    .ok_or_else(unknown)?;
    let catalogue = from.tables.catalogue()?;
    let options = AxisOptions {
        mode,
        colon: colon_of(layout, from, &catalogue),
        drugs: from.drugs.iter().collect(),
        ..AxisOptions::plain(skin)
    };
    Ok(axis::network(&from.parameters, &catalogue, &options)?)
}

/// What a colon is to hold: what was asked for, and the pools of the usual food.
fn colon_of(layout: Layout, from: &Ingredients, catalogue: &Catalogue) -> ColonOptions {
    let mut options = ColonOptions {
        layout,
        ..from.colon.clone()
    };
    for pool in ColonOptions::of(&from.parameters, catalogue).pools {
        if !options.pools.contains(&pool) {
            options.pools.push(pool);
        }
    }
    options
}
