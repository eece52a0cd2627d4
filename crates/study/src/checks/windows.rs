//! Which windows stand for a model: what it was to be judged by before it was built.

use gutskin_biology::checks::{Check, CheckKind, checks};
use serde::Serialize;

/// Windows of one part of the model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Windows {
    /// Part: `gut`, `body`, a condition, or `cross` for what parts do to each other.
    pub module: &'static str,
    /// Rows that a fit or an input used.
    pub calibration: usize,
    /// Rows that no fit used.
    pub validation: usize,
}

/// Parts of the joined axis beside the skin.
const AXIS: [&str; 3] = ["gut", "body", "cross"];
/// Skins with windows of their own.
const SKINS: [&str; 3] = ["ad", "pso", "acne"];

/// The windows that judge the parts of a model by name; none for models that no row is about.
#[must_use]
pub fn windows_of(model: &str, condition: &str) -> Vec<Windows> {
    let joined = model.starts_with("axis");
    let own = model == condition || joined;
    let skins = SKINS.into_iter().filter(|skin| own && *skin == condition);
    let parts = skins.chain(AXIS.into_iter().filter(|_| joined));
    let rows = checks().unwrap_or_default();
    let count = |module: &str, kind: CheckKind| {
        let of = |row: &&Check| row.module == module && row.kind == kind;
        rows.iter().filter(of).count()
    };
    let of = |module: &'static str| Windows {
        module,
        calibration: count(module, CheckKind::Calibration),
        validation: count(module, CheckKind::Validation),
    };
    parts.map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_is_judged_by_its_parts_and_a_skin_by_its_own() {
        let modules = |model, condition| -> Vec<&str> {
            let windows = windows_of(model, condition);
            assert!(windows.iter().all(|w| w.calibration + w.validation > 0));
            windows.iter().map(|w| w.module).collect()
        };
        assert_eq!(
            modules("axis_ad_lean", "ad"),
            ["ad", "gut", "body", "cross"]
        );
        assert_eq!(modules("pso", "pso"), ["pso"]);
        assert!(modules("thin", "acne").is_empty());
    }
}
