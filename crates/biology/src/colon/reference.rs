//! The reference person of a changed model, frozen in a file of one's own.

use super::lumen::REFERENCE;
use gutskin_network::{ParameterFileError, ParameterTable};

/// Begins the source of the frozen states that ship.
const SOURCE: &str = "GutskinReference";

/// Lays a file that `gutskin model reference` wrote for a changed model over the reference that ships. Gives back the
/// names of the references in it that models divide by.
///
/// # Errors
/// A file that does not read, or one that says something else than references and states.
pub fn lay_reference(
    table: &mut ParameterTable,
    file: &str,
    text: &str,
) -> Result<Vec<String>, ParameterFileError> {
    let mut own = ParameterTable::new();
    own.read_toml(file, text)?;
    let mut divided_by = Vec::new();
    for entry in own.iter() {
        if entry.name.starts_with(REFERENCE) {
            continue;
        }
        let shipped = table.get(&entry.name);
        if !shipped.is_some_and(|p| p.source.starts_with(SOURCE)) {
            let line = entry.origin.rsplit(':').next().and_then(|l| l.parse().ok());
            return Err(ParameterFileError {
                file: file.to_owned(),
                line: line.unwrap_or(1),
                message: format!(
                    "\"{}\" is no reference of the reference person; expected a file that gutskin model reference wrote, and --set or --with for other parameters",
                    entry.name
                ),
            });
        }
        divided_by.push(entry.name.clone());
    }
    table.overlay_toml(file, text)?;
    Ok(divided_by)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameter_table;

    fn laid(name: &str) -> Result<ParameterTable, String> {
        let mut table = parameter_table().unwrap();
        let text = format!(
            "[source]\nkey = \"GutskinReferenceOwn\"\ncitation = \"mine\"\n\n[[parameter]]\nname = \"{name}\"\nvalue = 5.0\nunit = \"mM\"\nspread = {{ kind = \"fixed\" }}\nmark = \"computed\"\nnote = \"mine\"\n"
        );
        lay_reference(&mut table, "mine.toml", &text).map_err(|e| e.to_string())?;
        Ok(table)
    }

    #[test]
    fn references_are_laid_over_and_nothing_else() {
        let table = laid("colon.scfa_level_reference").unwrap();
        let entry = table.get("colon.scfa_level_reference").unwrap();
        assert_eq!(
            (entry.value, entry.source.as_str()),
            (5.0, "GutskinReferenceOwn")
        );
        assert!(laid("reference.colon.biomass.OWN.prox").is_ok());
        let told = laid("colon.ph_zero").unwrap_err();
        assert!(
            told.contains("mine.toml:5") && told.contains("--set or --with"),
            "{told}"
        );
    }
}
