//! The tables that readings of profiles rest on, for receipts.

use crate::profile::{indices::gmwi2, reference, rules};
use crate::taxonomy;

/// Name and text of every table that ships with this crate.
pub fn tables() -> impl Iterator<Item = (&'static str, &'static str)> {
    [
        ("catalogue/taxa.csv", taxonomy::TAXA),
        ("catalogue/taxon_synonyms.csv", taxonomy::SYNONYMS),
        ("catalogue/profile_rules.toml", rules::RULES),
        ("catalogue/sample_markers.csv", rules::MARKERS),
        ("catalogue/gmwi2_coefficients.tsv", gmwi2::COEFFICIENTS),
    ]
    .into_iter()
    .chain(reference::SHIPPED.iter().copied())
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_are_of_files_with_that_text() {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../");
        for (name, text) in super::tables() {
            assert_eq!(
                std::fs::read_to_string(format!("{root}{name}")).unwrap(),
                text,
                "{name}"
            );
        }
    }
}
