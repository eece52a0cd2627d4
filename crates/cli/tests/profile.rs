//! `gutskin profile` as a user runs it: exit codes, JSON, files, messages.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../people/tests/golden")
        .join(name)
}

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gutskin"))
        .arg("profile")
        .args(arguments)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn json_has_the_promised_shape() {
    let done = run(&[golden("counts_hdf5.biom").to_str().unwrap(), "--json"]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let value: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    let samples = value["samples"].as_array().unwrap();
    assert_eq!(samples.len(), 12);
    assert_eq!(samples[0]["id"], "S01");
    assert!(
        samples[0]["gmwi2"].is_null()
            && samples[0]["gmwi2_note"]
                .as_str()
                .unwrap()
                .contains("MetaPhlAn 3")
    );
    assert!(samples[0]["guilds"]["BIF"].is_number());
    assert!(value["ordination"]["coordinates"].is_array());
}

#[test]
fn the_terminal_table_fits_100_columns() {
    for files in [vec!["counts.tsv"], vec!["table.qza", "taxonomy.qza"]] {
        let paths: Vec<PathBuf> = files.into_iter().map(golden).collect();
        let arguments: Vec<&str> = paths.iter().map(|path| path.to_str().unwrap()).collect();
        let done = run(&arguments);
        assert!(done.status.success(), "{}", text(&done.stderr));
        let printed = text(&done.stdout);
        let widest = printed
            .lines()
            .map(|line| line.chars().count())
            .max()
            .unwrap();
        assert!(widest <= 100, "{widest} columns");
        assert!(printed.contains("not medical advice") && printed.contains("What was assumed"));
    }
}

#[test]
fn groups_are_compared_and_files_written() {
    let folder = tempfile::tempdir().unwrap();
    let metadata = folder.path().join("m.tsv");
    let rows: String = (1..=12)
        .map(|at| {
            format!(
                "S{at:02}\t{}\tp{}\t{}e10\n",
                if at <= 6 { "a" } else { "b" },
                (at - 1) % 6,
                at
            )
        })
        .collect();
    std::fs::write(&metadata, format!("sample\tarm\tperson\tload\n{rows}")).unwrap();
    let out = folder.path().join("out");
    let table = golden("counts.tsv");
    let arguments = [
        table.to_str().unwrap(),
        "--metadata",
        metadata.to_str().unwrap(),
        "--group",
        "arm",
        "--paired",
        "person",
        "--load",
        "load",
        "--out",
        out.to_str().unwrap(),
        "--json",
    ];
    let done = run(&arguments);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let value: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(value["comparison"]["contrasts"][0]["from_count"], 6);
    assert_eq!(value["samples"][11]["load_cells_per_gram"], 12e10);
    for name in [
        "report.html",
        "summary.json",
        "receipt.json",
        "samples.parquet",
        "values.parquet",
        "guilds.svg",
        "ordination.svg",
        "strips.svg",
    ] {
        assert!(out.join(name).metadata().unwrap().len() > 300, "{name}");
    }
    let page = std::fs::read_to_string(out.join("report.html")).unwrap();
    for loaded in ["src=\"http", "<link", "url(http", "@import", "<script src"] {
        assert!(
            !page.contains(loaded),
            "the page must open offline: {loaded}"
        );
    }
    let receipt = std::fs::read(out.join("receipt.json")).unwrap();
    let receipt: serde_json::Value = serde_json::from_slice(&receipt).unwrap();
    assert_eq!(
        receipt["files"][0]["bytes"],
        table.metadata().unwrap().len()
    );
    assert_eq!(receipt["files"][1]["sha256"].as_str().unwrap().len(), 64);
    assert!(receipt["tables_sha256"]["catalogue/taxa.csv"].is_string());
    assert_eq!(page.matches("<svg").count(), 3);
    let again = run(&arguments);
    assert_eq!(
        done.stdout, again.stdout,
        "the same run gives the same bytes"
    );
}

/// A guild that one group lacks and the other has, however little, is up in the other.
#[test]
fn absent_against_present_is_never_down() {
    let folder = tempfile::tempdir().unwrap();
    let (table, metadata) = (folder.path().join("t.tsv"), folder.path().join("m.tsv"));
    let share = |taxon: usize, sample: usize| match taxon {
        0 => 60.0 - (sample % 7) as f64,
        1 => 20.0 + (sample % 7) as f64,
        2 if sample < 8 => 0.0,
        2 => 0.002 + 0.0001 * sample as f64,
        _ if (sample + taxon).is_multiple_of(3) => 0.0,
        _ => 0.05 * taxon as f64,
    };
    let names = [
        "Bacteroides",
        "Faecalibacterium",
        "Akkermansia",
        "Roseburia",
        "Blautia",
        "Bifidobacterium",
        "Prevotella",
        "Collinsella",
        "Escherichia",
        "Desulfovibrio",
        "Methanobrevibacter",
        "Ruminococcus bromii",
        "Dialister",
    ];
    let header: String = (0..16).map(|s| format!("\tS{s}")).collect();
    let rows: String = names
        .iter()
        .enumerate()
        .map(|(t, name)| {
            let cells: String = (0..16).map(|s| format!("\t{:.5}", share(t, s))).collect();
            format!("{name}{cells}\n")
        })
        .collect();
    std::fs::write(&table, format!("taxon{header}\n{rows}")).unwrap();
    let groups: String = (0..16)
        .map(|s| format!("S{s}\t{}\tp{}\n", if s < 8 { "a" } else { "b" }, s % 8))
        .collect();
    std::fs::write(&metadata, format!("sample\tarm\tperson\n{groups}")).unwrap();
    let common = [
        table.to_str().unwrap(),
        "--metadata",
        metadata.to_str().unwrap(),
        "--group",
        "arm",
        "--json",
    ];
    for extra in [&[][..], &["--paired", "person"]] {
        let done = run(&[&common[..], extra].concat());
        assert!(done.status.success(), "{}", text(&done.stderr));
        let value: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
        let effects = value["comparison"]["contrasts"][0]["effects"]
            .as_array()
            .unwrap();
        let guild = effects.iter().find(|e| e["feature"] == "AKK").unwrap();
        assert_eq!(guild["delta"], 1.0, "{guild}");
        assert!(guild["fold"].as_f64().unwrap() > 1.0, "{guild}");
    }
}

#[test]
fn failures_exit_with_one_and_say_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let table = golden("counts.tsv");
    let table = table.to_str().unwrap();
    let metadata = folder.path().join("m.tsv");
    std::fs::write(&metadata, "sample\tarm\nS01\ta\nS02\tb\n").unwrap();
    let other = folder.path().join("other.tsv");
    std::fs::write(&other, "sample\tarm\nX1\ta\nX2\tb\n").unwrap();
    let (metadata, other) = (metadata.to_str().unwrap(), other.to_str().unwrap());
    for (arguments, expected) in [
        (vec!["/nowhere/at/all.tsv"], "cannot be read"),
        (vec![metadata], "--metadata"),
        (vec![table, table], "Each sample may come once"),
        (
            vec![table, "--metadata", metadata, "--group", "amr"],
            "Did you mean `arm`",
        ),
        (
            vec![
                table,
                "--metadata",
                metadata,
                "--group",
                "arm",
                "--allow-missing",
            ],
            "groups of at least",
        ),
        (
            vec![table, "--metadata", metadata, "--group", "arm"],
            "10 of 12 samples have no row in",
        ),
        (
            vec![table, "--metadata", other],
            "12 of 12 samples have no row in",
        ),
        (vec![table, "--metadata", other], "such as `X1`, `X2`"),
        (vec![table, "--method", "sanger"], "unknown method"),
        (vec![table, "--group", "arm"], "--metadata"),
        (
            vec![golden("taxonomy.qza").to_str().unwrap()],
            "no profile was given",
        ),
    ] {
        let done = run(&arguments);
        assert!(!done.status.success(), "{arguments:?}");
        let message: String = text(&done.stderr)
            .split(|c: char| c.is_whitespace() || c == '│')
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
        assert!(message.contains(expected), "{arguments:?}: {message}");
    }
}

/// A reference of one's own is made and then used.
#[test]
fn a_reference_is_made_and_used() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.toml");
    let table = golden("counts.tsv");
    let made = Command::new(env!("CARGO_BIN_EXE_gutskin"))
        .args([
            "profile-reference",
            table.to_str().unwrap(),
            "--genus",
            "--id",
            "own",
            "-o",
            file.to_str().unwrap(),
        ])
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", text(&made.stderr));
    let done = run(&[
        table.to_str().unwrap(),
        "--reference",
        file.to_str().unwrap(),
        "--json",
    ]);
    let value: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    let first = &value["samples"][0];
    assert_eq!(
        first["dysbiosis"]["reference"],
        "own",
        "{}",
        text(&done.stderr)
    );
    assert!(
        first["compared"][0]["position"]["percentile"]
            .as_f64()
            .unwrap()
            >= 1.0
    );
}

/// A table of twelve samples and its metadata, ready for `--group arm`.
fn cohort(folder: &Path, metadata: &str) -> (String, String) {
    let (table, file) = (folder.join("t.tsv"), folder.join("m.tsv"));
    std::fs::copy(golden("counts.tsv"), &table).unwrap();
    std::fs::write(&file, metadata).unwrap();
    (
        table.to_str().unwrap().to_owned(),
        file.to_str().unwrap().to_owned(),
    )
}

fn words(bytes: &[u8]) -> String {
    text(bytes).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn repeated_subjects_small_groups_and_gaps_are_remarked() {
    let folder = tempfile::tempdir().unwrap();
    let rows: String = (1..=12)
        .map(|at| {
            let load = if at == 3 {
                String::new()
            } else {
                format!("{at}e10")
            };
            let arm = if at <= 3 { "few" } else { "many" };
            format!("S{at:02}\t{arm}\tp{}\t{load}\n", at % 6)
        })
        .collect();
    let (table, metadata) = cohort(
        folder.path(),
        &format!("sample\tarm\tsubject\tload\n{rows}"),
    );
    let common = [
        table.as_str(),
        "--metadata",
        &metadata,
        "--group",
        "arm",
        "--load",
        "load",
    ];
    let done = run(&common);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let printed = words(&done.stdout);
    for part in [
        "12 samples of 6 subjects (column `subject`) are compared as if independent",
        "--paired subject",
        "Caution, fewer than 5: few (3)",
        "`load_cells_per_gram` is missing in 1 of 12 samples and is compared in the others",
        "1/D²",
    ] {
        assert!(printed.contains(part), "{part}: {printed}");
    }
    let paired = run(&[&common[..], &["--paired", "subject"]].concat());
    let printed = words(&paired.stdout);
    assert!(!printed.contains("as if independent"), "{printed}");
    for part in [
        "is compared in the subjects that have it on both sides",
        "left out, with samples in only one of the two: 3 subjects",
        "Caution, fewer than 5: few → many (3 pairs)",
        "three pairs: 0.25",
    ] {
        assert!(printed.contains(part), "{part}: {printed}");
    }
    let gap = text(&std::fs::read(&metadata).unwrap()).replacen("\tp1\t", "\t\t", 1);
    std::fs::write(&metadata, gap).unwrap();
    let paired = run(&[&common[..], &["--paired", "subject"]].concat());
    let printed = words(&paired.stdout);
    assert!(
        printed.contains("without a subject in the metadata: 1 samples"),
        "{printed}"
    );
    let value = run(&[&common[..], &["--json"]].concat());
    let value: serde_json::Value = serde_json::from_slice(&value.stdout).unwrap();
    let effects = value["comparison"]["contrasts"][0]["effects"]
        .as_array()
        .unwrap();
    let load = effects
        .iter()
        .find(|e| e["feature"] == "load_cells_per_gram")
        .unwrap();
    assert_eq!(load["from_mean"], 1.5e10, "{load}");
    assert!(value["ordination"]["zero_share"].as_f64().unwrap() > 0.0);
}

#[test]
fn an_absurd_load_is_warned_of() {
    let folder = tempfile::tempdir().unwrap();
    let rows: String = (1..=12)
        .map(|at| format!("S{at:02}\t{}\n", if at == 1 { "90" } else { "9e10" }))
        .collect();
    let (table, metadata) = cohort(folder.path(), &format!("sample\tload\n{rows}"));
    let done = run(&[&table, "--metadata", &metadata, "--load", "load", "--json"]);
    let value: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    let warned = |at: usize| {
        let warnings = value["samples"][at]["warnings"].as_array().unwrap();
        warnings.iter().any(|warning| warning["kind"] == "load")
    };
    assert!(warned(0) && !warned(1));
}

/// Fifty against fifty without overlap: p is far below what four decimals show.
#[test]
fn tiny_p_values_are_not_printed_as_zero() {
    let folder = tempfile::tempdir().unwrap();
    let (table, metadata) = (folder.path().join("t.tsv"), folder.path().join("m.tsv"));
    let mut rows = "sample\tBacteroides\tRoseburia\tBlautia\n".to_owned();
    let mut groups = "sample\tarm\n".to_owned();
    for at in 0..100 {
        let first = if at < 50 { 1000 + at } else { 5000 + at };
        rows.push_str(&format!("S{at}\t{first}\t{}\t900\n", 2000 + at));
        groups.push_str(&format!("S{at}\t{}\n", if at < 50 { "a" } else { "b" }));
    }
    std::fs::write(&table, rows).unwrap();
    std::fs::write(&metadata, groups).unwrap();
    let out = folder.path().join("out");
    let done = run(&[
        table.to_str().unwrap(),
        "--metadata",
        metadata.to_str().unwrap(),
        "--group",
        "arm",
        "--out",
        out.to_str().unwrap(),
    ]);
    let printed = text(&done.stdout);
    assert!(printed.contains("<0.0001"), "{printed}");
    assert!(!printed.contains(" 0.0000"), "{printed}");
    let page = std::fs::read_to_string(out.join("report.html")).unwrap();
    assert!(page.contains("&lt;0.0001") && page.contains("1/D²"));
}

/// For 16S the reference counts genera: the percentile is that of the genus Shannon, and is called so.
#[test]
fn the_percentile_of_shannon_says_over_what() {
    let paths: Vec<PathBuf> = ["table.qza", "taxonomy.qza"]
        .into_iter()
        .map(golden)
        .collect();
    let files: Vec<&str> = paths.iter().map(|path| path.to_str().unwrap()).collect();
    let done = run(&files);
    let printed = words(&done.stdout);
    assert!(
        printed.contains("pct: percentile of Shannon over genera"),
        "{printed}"
    );
    let value = run(&[&files[..], &["--json"]].concat());
    let value: serde_json::Value = serde_json::from_slice(&value.stdout).unwrap();
    let sample = &value["samples"][0];
    assert_eq!(sample["compared"][0]["metric"], "shannon");
    assert_eq!(sample["compared"][0]["unit"], "genus");
    let (beside, genus) = (
        sample["compared"][0]["value"].as_f64().unwrap(),
        sample["genus_diversity"]["shannon"].as_f64().unwrap(),
    );
    assert!((beside - genus).abs() < 1e-9, "{beside} {genus}");
}

/// A result without some of its files would look whole.
#[test]
fn nothing_is_written_where_a_later_file_fails() {
    let folder = tempfile::tempdir().unwrap();
    let bad = folder.path().join("bad.tsv");
    std::fs::write(&bad, "taxon\tZ\nRoseburia\t-1\nBacteroides\t3\n").unwrap();
    let good = golden("counts.tsv");
    let out = folder.path().join("out");
    let files = [good.to_str().unwrap(), bad.to_str().unwrap()];
    for more in [vec![], vec!["--json"], vec!["--out", out.to_str().unwrap()]] {
        let done = run(&[&files[..], &more[..]].concat());
        assert!(!done.status.success());
        assert!(done.stdout.is_empty(), "{}", text(&done.stdout));
        let error = text(&done.stderr);
        assert!(
            error.contains("nothing is written") && error.contains("bad.tsv"),
            "{error}"
        );
    }
    assert!(!out.exists());
}

/// A sample without a row in the metadata is an error that says which name was perhaps meant; `--allow-missing` goes on.
#[test]
fn names_that_differ_between_table_and_metadata_are_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let (table, metadata) = (folder.path().join("t.tsv"), folder.path().join("m.tsv"));
    std::fs::write(
        &table,
        "taxon\tdonor01\tdonor02\nBacteroides\t60\t30\nRoseburia\t40\t70\n",
    )
    .unwrap();
    std::fs::write(&metadata, "sample\tarm\ndonor01\ta\ndonor03\tb\n").unwrap();
    let given = [
        table.to_str().unwrap(),
        "--metadata",
        metadata.to_str().unwrap(),
    ];
    let refused = run(&given);
    let message = text(&refused.stderr).replace(['\n', '│'], " ");
    assert!(!refused.status.success());
    for part in [
        "1 of 2 samples have no row",
        "`donor03` for `donor02`",
        "--allow-missing",
    ] {
        assert!(message.contains(part), "{part}: {message}");
    }
    assert!(
        run(&[&given[..], &["--allow-missing"]].concat())
            .status
            .success()
    );
}
