//! Writes every export of synthetic models (and of an SBML file, where one is given) into a directory, for validation
//! by other tools: `cargo run -p gutskin-network --example samples -- <directory> [model.xml]`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../tests/common/mod.rs"]
mod common;

use common::random_network::recipes;
use common::sample::sample;
use gutskin_network::{Network, Schedule, export, sbml};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use std::path::Path;

/// All exports of one model, as `<name>.xml`, `.md`, `.tex`, `.json`, `.dot` and `.compartments.dot`.
fn save(directory: &Path, name: &str, (network, schedule): (Network, Schedule)) {
    let files = [
        ("xml", sbml::write(&network, &schedule)),
        ("md", export::markdown(&network)),
        ("tex", export::latex(&network)),
        ("json", export::graph_json(&network)),
        ("dot", export::graph_dot(&network)),
        ("compartments.dot", export::compartments_dot(&network)),
    ];
    for (ending, text) in files {
        std::fs::write(directory.join(format!("{name}.{ending}")), text).unwrap();
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let directory = arguments.next().expect("a directory is needed");
    let directory = Path::new(&directory);
    std::fs::create_dir_all(directory).unwrap();
    if let Some(file) = arguments.next() {
        let text = std::fs::read_to_string(file).unwrap();
        let imported = sbml::read(&text).unwrap_or_else(|e| panic!("{e}"));
        return save(directory, "imported", (imported.network, imported.schedule));
    }
    save(directory, "sample", sample());
    let mut runner = TestRunner::deterministic();
    for i in 0..40 {
        let recipe = recipes().new_tree(&mut runner).unwrap().current();
        save(directory, &format!("random_{i:02}"), recipe.build());
    }
}
