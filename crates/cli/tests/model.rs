//! `gutskin model` as a user runs it: models and arms that leave as files and come back.
#![allow(clippy::unwrap_used)]

use gutskin_network::{Action, sbml};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/acne-fibre.toml")
}

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gutskin"))
        .arg("model")
        .args(arguments)
        .output()
        .unwrap()
}

fn export(arguments: &[&str]) -> Output {
    let example = example();
    let mut all = vec!["export", "--scenario", example.to_str().unwrap()];
    all.extend(arguments);
    run(&all)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn an_arm_leaves_as_sbml_with_its_changes_and_comes_back() {
    let done = export(&["--arm", "more fibre", "--format", "sbml"]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let arm = sbml::read(&text(&done.stdout)).unwrap();
    let changes = arm.schedule.changes();
    assert_eq!(changes.len(), 1);
    assert_eq!(
        (changes[0].time, changes[0].action),
        (0.0, Action::Set(60.0))
    );

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("arm.xml");
    std::fs::write(&file, &done.stdout).unwrap();
    let path = file.to_str().unwrap();
    let again = run(&["--model", path, "export", "--format", "sbml"]);
    assert_eq!(text(&again.stdout), text(&done.stdout), "events are kept");

    let comparator = export(&["--format", "sbml"]);
    let comparator = sbml::read(&text(&comparator.stdout)).unwrap();
    assert!(comparator.schedule.changes().is_empty());
}

#[test]
fn what_cannot_be_exported_says_so() {
    let unknown = export(&["--arm", "more fiber", "--format", "sbml"]);
    assert!(!unknown.status.success());
    let message = text(&unknown.stderr);
    assert!(
        message.contains("did you mean \"more fibre\"?"),
        "{message}"
    );
    assert!(message.contains("usual diet, more fibre"), "{message}");

    let as_text = export(&[]);
    assert!(!as_text.status.success());
    assert!(text(&as_text.stderr).contains("add --format sbml"));

    let folder = tempfile::tempdir().unwrap();
    let of_folder = run(&["--model", folder.path().to_str().unwrap(), "check"]);
    assert!(!of_folder.status.success());
    let message = text(&of_folder.stderr);
    assert!(message.contains("cannot read"), "{message}");
}

/// docs/blooms.md holds what the command prints; GUTSKIN_UPDATE_BASELINES=1 writes it anew.
#[test]
fn the_blooms_of_the_documentation_are_those_of_the_command() {
    const FENCE: &str = "```\n";
    let done = Command::new(env!("CARGO_BIN_EXE_gutskin"))
        .args(["evidence", "--blooms"])
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", text(&done.stderr));
    let printed = text(&done.stdout);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/blooms.md");
    let page = std::fs::read_to_string(&file).unwrap();
    let parts: Vec<&str> = page.split(FENCE).collect();
    assert_eq!(parts.len(), 3, "docs/blooms.md has one block of the table");
    if std::env::var("GUTSKIN_UPDATE_BASELINES").as_deref() == Ok("1") {
        let (before, after) = (parts[0], parts[2]);
        std::fs::write(&file, format!("{before}{FENCE}{printed}{FENCE}{after}")).unwrap();
        return;
    }
    assert_eq!(
        parts[1], printed,
        "write docs/blooms.md anew with GUTSKIN_UPDATE_BASELINES=1 and say in docs/misses.md how many come out"
    );
}
