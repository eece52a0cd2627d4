//! `gutskin trial` and its neighbours as a user runs them.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Output};

fn gutskin(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gutskin"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn small(folder: &Path) {
    gutskin(folder, &["init", "psoriasis", "--file", "full.toml"]);
    let text = std::fs::read_to_string(folder.join("full.toml")).unwrap();
    let text =
        text.replace("size = 100", "size = 6") + "\n[design]\nreplicates = 20\nmissing = 0.1\n";
    std::fs::write(folder.join("small.toml"), text).unwrap();
}

#[test]
fn a_receipt_gives_the_same_bytes_again() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    small(folder);
    out(&gutskin(
        folder,
        &[
            "trial",
            "small.toml",
            "--out",
            "a",
            "--seed",
            "5",
            "--set",
            "pso.t17_rate.spread=fixed",
        ],
    ));
    out(&gutskin(
        folder,
        &["trial", "--from-receipt", "a/receipt.json", "--out", "b"],
    ));
    for file in [
        "report.html",
        "summary.json",
        "receipt.json",
        "results.parquet",
        "effects.svg",
        "course.svg",
        "waterfall.svg",
    ] {
        let read = |run: &str| std::fs::read(folder.join(run).join(file)).unwrap();
        assert!(read("a") == read("b"), "{file} differs");
        assert!(!read("a").is_empty());
    }
    assert_eq!(out(&gutskin(folder, &["diff", "a", "b"])), "");
    out(&gutskin(
        folder,
        &["trial", "small.toml", "--out", "c", "--seed", "6"],
    ));
    let told = out(&gutskin(folder, &["diff", "a", "c"]));
    assert!(told.contains("seed: 5 | 6"), "{told}");
    assert!(
        told.contains("changes_from_outside.0: \"pso.t17_rate.spread=fixed\" | not there"),
        "{told}"
    );
    let page = std::fs::read_to_string(folder.join("a/report.html")).unwrap();
    for part in ["not medical advice", "Flow of people", "Links used", "<svg"] {
        assert!(page.contains(part), "{part}");
    }
}

#[test]
fn faults_end_with_their_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    small(folder);
    assert_eq!(
        gutskin(folder, &["check", "small.toml"]).status.code(),
        Some(0)
    );
    std::fs::write(folder.join("wrong.toml"), "[scenario]\nname = 3\n").unwrap();
    assert_eq!(
        gutskin(folder, &["check", "wrong.toml"]).status.code(),
        Some(1)
    );
    assert_eq!(gutskin(folder, &["check"]).status.code(), Some(2));
    // A file that is there is not overwritten.
    assert_eq!(
        gutskin(folder, &["init", "acne", "--file", "small.toml"])
            .status
            .code(),
        Some(1)
    );
    let unknown = gutskin(folder, &["catalogue", "dupilumap"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("did you mean \"dupilumab\"?"));
}

#[test]
fn the_catalogue_and_the_shell_are_served() {
    let here = Path::new(".");
    assert!(out(&gutskin(here, &["catalogue", "dupilumab"])).contains("drug = \"dupilumab\""));
    assert!(out(&gutskin(here, &["catalogue", "--kind", "exposure"])).contains("milk"));
    assert!(out(&gutskin(here, &["completions", "bash"])).contains("catalogue"));
    assert!(out(&gutskin(here, &["manual"])).contains("Exit codes"));
}

#[test]
fn courses_and_sweeps_are_tables() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    small(folder);
    let table = out(&gutskin(
        folder,
        &[
            "simulate",
            "small.toml",
            "--show",
            "score.pasi",
            "--every",
            "4 wk",
            "--out",
            "s",
        ],
    ));
    assert_eq!(table.lines().count(), 1 + 2 * 4, "{table}");
    assert!(folder.join("s/score.pasi.svg").exists() && folder.join("s/series.csv").exists());
    let table = out(&gutskin(
        folder,
        &["sweep", "small.toml", "--vary", "size=4,6", "--out", "w"],
    ));
    assert_eq!(table.lines().count(), 3, "{table}");
    assert!(folder.join("w/sweep.svg").exists());
}

#[test]
fn measurements_are_laid_over_courses_and_scored() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    small(folder);
    std::fs::write(
        folder.join("mine.csv"),
        "arm,name,day,value,sd\n,score.pasi,0,15,5\n,score.pasi,28,9,5\n",
    )
    .unwrap();
    let arguments = ["simulate", "small.toml", "--data", "mine.csv"];
    let output = gutskin(folder, &arguments);
    out(&output);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        told.contains("simulated less measured") && told.contains("score.pasi"),
        "{told}"
    );
    let json = out(&gutskin(
        folder,
        &[&arguments[..], &["--json", "--out", "course"]].concat(),
    ));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["scores"][0]["points"], 2);
    let figure = std::fs::read_to_string(folder.join("course/score.pasi.svg")).unwrap();
    assert!(figure.contains("<circle"));
    std::fs::write(folder.join("mine.csv"), "name,day,value\nscore.passi,0,1\n").unwrap();
    let output = gutskin(
        folder,
        &[&arguments[..], &["--show", "score.pasi"]].concat(),
    );
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        !output.status.success() && told.contains("mine.csv:2") && told.contains("score.pasi"),
        "{told}"
    );
}

#[test]
fn nothing_unfinished_is_left_beside_results() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    small(folder);
    out(&gutskin(folder, &["trial", "small.toml", "--out", "a"]));
    assert!(folder.join("a/summary.json").exists());
    assert!(!folder.join("a/.unfinished").exists());
}

#[test]
fn names_do_not_steer_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    small(folder);
    let text = std::fs::read_to_string(folder.join("small.toml")).unwrap();
    let text = format!("{text}\n[parameters]\n\"a\\u001b[31mb\\u202ec\" = 1\n");
    std::fs::write(folder.join("steers.toml"), &text).unwrap();
    for arguments in [
        vec!["check", "steers.toml"],
        vec!["check", "small.toml", "--set", "a\u{1b}[31mb\u{202e}=1"],
        vec!["check", "no\u{1b}[31mfile.toml"],
    ] {
        let output = gutskin(folder, &arguments);
        assert!(!output.status.success());
        let told = String::from_utf8(output.stderr).unwrap();
        let steers = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!told.contains(steers), "{told:?}");
        assert!(told.contains("\\u{1b}[31m"), "{told}");
    }
}

#[test]
fn a_change_that_takes_a_value_away_is_told_before_anything_runs() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    out(&gutskin(folder, &["init", "gut"]));
    let told = gutskin(
        folder,
        &["check", "gut.toml", "--set", "immune.tone_sd_ln=0"],
    );
    let told = String::from_utf8(told.stderr).unwrap();
    assert!(told.contains("immune.tone_sd_ln"), "{told}");
    assert!(told.contains("no finite value"), "{told}");
}

#[test]
fn a_trial_of_the_whole_axis_shows_the_community_and_every_day() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    out(&gutskin(folder, &["init", "gut"]));
    let text = std::fs::read_to_string(folder.join("gut.toml")).unwrap();
    let text = text
        .replace("size = 40", "size = 2")
        .replace("12 wk", "4 wk");
    let text = format!("{text}\n[design]\npool = 12\nreplicates = 20\n");
    std::fs::write(folder.join("few.toml"), text).unwrap();
    out(&gutskin(
        folder,
        &["trial", "few.toml", "--out", "o", "--daily"],
    ));
    let read = |file: &str| std::fs::read(folder.join("o").join(file)).unwrap();
    assert!(read("daily.parquet").starts_with(b"PAR1"));
    assert!(
        String::from_utf8(read("guilds.svg"))
            .unwrap()
            .contains("BIF")
    );
    let summary: serde_json::Value = serde_json::from_slice(&read("summary.json")).unwrap();
    for arm in summary["arms"].as_array().unwrap() {
        for when in ["entry", "later"] {
            let guilds = arm["guilds"].as_array().unwrap();
            let sum: f64 = guilds.iter().map(|g| g[when].as_f64().unwrap()).sum();
            assert!((sum - 1.0).abs() < 1e-9, "{sum}");
        }
    }
    let page = String::from_utf8(read("report.html")).unwrap();
    for part in [
        "Community in the gut",
        "Appendix: methods",
        "ICH M15",
        "V&amp;V 40",
    ] {
        assert!(page.contains(part), "{part}");
    }
}
