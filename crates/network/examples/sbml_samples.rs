//! Writes synthetic SBML documents into a directory, for validation by other tools:
//! `cargo run -p gutskin-network --example sbml_samples -- <directory>`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../tests/common/mod.rs"]
mod common;

use common::random_network::recipes;
use common::sample::sample;
use gutskin_network::{Network, Schedule, sbml};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use std::path::Path;

fn main() {
    let directory = std::env::args().nth(1).expect("a directory is needed");
    let directory = Path::new(&directory);
    std::fs::create_dir_all(directory).unwrap();
    let save = |name: &str, (network, schedule): (Network, Schedule)| {
        let text = sbml::write(&network, &schedule);
        std::fs::write(directory.join(name), text).unwrap();
    };
    save("sample.xml", sample());
    let mut runner = TestRunner::deterministic();
    for i in 0..40 {
        let recipe = recipes().new_tree(&mut runner).unwrap().current();
        save(&format!("random_{i:02}.xml"), recipe.build());
    }
}
