//! The project's own parameter files, compiled in.

use gutskin_network::{ParameterFileError, ParameterTable};

const FILES: &[(&str, &str)] = &[
    (
        "parameters/AcetateTurnover1998.toml",
        include_str!("../../../parameters/AcetateTurnover1998.toml"),
    ),
    (
        "parameters/AcneOpenLabelYear.toml",
        include_str!("../../../parameters/AcneOpenLabelYear.toml"),
    ),
    (
        "parameters/Arnoldini2024.toml",
        include_str!("../../../parameters/Arnoldini2024.toml"),
    ),
    (
        "parameters/Boets2017.toml",
        include_str!("../../../parameters/Boets2017.toml"),
    ),
    (
        "parameters/Dobreva2021.toml",
        include_str!("../../../parameters/Dobreva2021.toml"),
    ),
    (
        "parameters/GutskinAssays2026.toml",
        include_str!("../../../parameters/GutskinAssays2026.toml"),
    ),
    (
        "parameters/GutskinAxis2026.toml",
        include_str!("../../../parameters/GutskinAxis2026.toml"),
    ),
    (
        "parameters/GutskinBody2026.toml",
        include_str!("../../../parameters/GutskinBody2026.toml"),
    ),
    (
        "parameters/GutskinColon2026.toml",
        include_str!("../../../parameters/GutskinColon2026.toml"),
    ),
    (
        "parameters/GutskinColonLean2026.toml",
        include_str!("../../../parameters/GutskinColonLean2026.toml"),
    ),
    (
        "parameters/GutskinPeople2026.toml",
        include_str!("../../../parameters/GutskinPeople2026.toml"),
    ),
    (
        "parameters/GutskinSkin2026.toml",
        include_str!("../../../parameters/GutskinSkin2026.toml"),
    ),
    (
        "parameters/GutskinThin2026.toml",
        include_str!("../../../parameters/GutskinThin2026.toml"),
    ),
    (
        "parameters/Kettle2023.toml",
        include_str!("../../../parameters/Kettle2023.toml"),
    ),
    (
        "parameters/Miyano2022.toml",
        include_str!("../../../parameters/Miyano2022.toml"),
    ),
    (
        "parameters/MiyanoAureus2022.toml",
        include_str!("../../../parameters/MiyanoAureus2022.toml"),
    ),
    (
        "parameters/PlaceboAcne.toml",
        include_str!("../../../parameters/PlaceboAcne.toml"),
    ),
    (
        "parameters/Shmarov2022.toml",
        include_str!("../../../parameters/Shmarov2022.toml"),
    ),
    (
        "parameters/Stephen1987.toml",
        include_str!("../../../parameters/Stephen1987.toml"),
    ),
    (
        "parameters/TransitMarkers2011.toml",
        include_str!("../../../parameters/TransitMarkers2011.toml"),
    ),
    (
        "parameters/reference_state.toml",
        include_str!("../../../parameters/reference_state.toml"),
    ),
    (
        "parameters/reference_state_lean.toml",
        include_str!("../../../parameters/reference_state_lean.toml"),
    ),
];

/// Every parameter the project ships, with its source.
///
/// # Errors
/// A fault in a shipped file, with file and line; the tests keep that from happening.
pub fn parameter_table() -> Result<ParameterTable, ParameterFileError> {
    let mut table = ParameterTable::new();
    for (file, text) in FILES {
        table.read_toml(file, text)?;
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_parameter_has_a_cited_source() {
        let table = parameter_table().unwrap();
        assert!(!table.is_empty());
        for entry in table.iter() {
            let cited = table.citations().get(&entry.source);
            assert!(
                cited.is_some_and(|c| !c.is_empty()),
                "{} cites \"{}\"",
                entry.name,
                entry.source
            );
        }
    }

    #[test]
    fn every_file_of_the_folder_is_compiled_in() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../parameters");
        let mut found: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|e| format!("parameters/{}", e.unwrap().file_name().to_string_lossy()))
            .filter(|f| f.ends_with(".toml"))
            .collect();
        found.sort();
        let listed: Vec<&str> = FILES.iter().map(|f| f.0).collect();
        assert_eq!(found, listed);
    }
}
