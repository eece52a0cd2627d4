//! `gutskin twin` and `gutskin population` as a user runs them.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const PERSON: &str = "[person]\ndate = 2026-03-01\nage = 40\nsex = \"male\"\ncondition = \"pso\"\n";

fn gutskin(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gutskin"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
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

/// What is said of a refusal.
fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1));
    // Lines are wrapped where they end.
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    said.split_whitespace()
        .filter(|w| *w != "│")
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn the_same_file_and_seed_give_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(
        folder.join("p.toml"),
        format!("{PERSON}[forecast]\nduration = \"4 wk\"\n"),
    )
    .unwrap();
    let run = |out_folder: &str| {
        out(&gutskin(
            folder,
            &[
                "twin",
                "p.toml",
                "--draws",
                "50",
                "--quick",
                "--option",
                "drug=ixekizumab",
                "--out",
                out_folder,
            ],
        ))
    };
    let said = run("a");
    assert!(
        said.contains("drug=ixekizumab") && said.contains("not medical advice"),
        "{said}"
    );
    assert_eq!(said.replace("a/report", "b/report"), run("b"));
    for file in [
        "report.html",
        "summary.json",
        "draws.parquet",
        "receipt.json",
    ] {
        let of = |part: &str| fs::read(folder.join(part).join(file)).unwrap();
        assert_eq!(of("a"), of("b"), "{file}");
        assert!(!of("a").is_empty());
    }
    let summary: serde_json::Value =
        serde_json::from_slice(&fs::read(folder.join("a/summary.json")).unwrap()).unwrap();
    // Ixekizumab clears psoriasis within weeks in nearly everybody.
    assert!(summary["arms"][1]["effect"]["better"].as_f64().unwrap() > 0.9);
}

#[test]
fn a_profile_that_is_no_gut_is_refused_in_the_person_file() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let lineage = |family: &str, genus: &str| {
        format!("k__Bacteria;p__Firmicutes;c__Bacilli;o__Bacillales;f__{family};g__{genus}")
    };
    let skin = format!(
        "taxon\tswab\n{}\t52000\n{}\t31000\nk__Bacteria;p__Actinobacteria;c__Actinomycetia;o__Corynebacteriales;f__Corynebacteriaceae;g__Corynebacterium\t17000\n",
        "k__Bacteria;p__Actinobacteria;c__Actinomycetia;o__Propionibacteriales;f__Propionibacteriaceae;g__Cutibacterium",
        lineage("Staphylococcaceae", "Staphylococcus"),
    );
    fs::write(folder.join("skin.tsv"), skin).unwrap();
    let with = |profile: &str| {
        fs::write(folder.join("p.toml"), format!("{PERSON}{profile}")).unwrap();
        refused(&gutskin(folder, &["twin", "p.toml"]))
    };
    let said = with("[[profile]]\nfile = \"skin.tsv\"\n");
    assert!(
        said.contains("is not taken for the stool of a person of this age"),
        "{said}"
    );
    assert!(said.contains("p.toml:7:8"), "{said}");
    let said = with("[[profile]]\nfile = \"nothing.tsv\"\n");
    assert!(said.contains("nothing.tsv: cannot be read"), "{said}");
    assert!(
        said.contains("p.toml:7:8") && said.contains("holds p.toml, skin.tsv"),
        "{said}"
    );
    let said = with("[[profile]]\nfile = \"skim.tsv\"\n");
    assert!(said.contains("did you mean \"skin.tsv\"?"), "{said}");
    assert!(said.contains("beside the person file"), "{said}");
    let said = with("[[profile]]\nfile = \"nowhere/skin.tsv\"\n");
    assert!(said.contains("there is no folder"), "{said}");
    let said = with("[[profile]]\nfile = \".\"\n");
    assert!(said.contains("is a folder: name a file in it"), "{said}");
    let said = with("[[profile]]\nfile = \"skin.tsv\"\nsample = \"swap\"\n");
    assert!(said.contains("did you mean \"swab\"?"), "{said}");
}

#[test]
fn options_of_the_command_line_are_checked_like_those_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("p.toml"), PERSON).unwrap();
    let with = |option: &str| refused(&gutskin(folder, &["twin", "p.toml", "--option", option]));
    assert!(with("drug=ixekizumb").contains("did you mean \"ixekizumab\"?"));
    assert!(with("ixekizumab").contains("without a ="));
    assert!(with("diet=western,dose=much").contains("p.toml:"));
    assert!(with("diet=western,start=2").contains("12 wk"));
    // What a trial warns of nobody takes.
    for (option, said) in [
        (
            "prebiotic=fos,amount=10000 g/d",
            "10000 g/d of \"fos\" is 667 times what was studied or is usual (15 g/d): nobody takes so much",
        ),
        (
            "drug=ixekizumab,dose=1000",
            "up to 100 usual doses is simulated for a person",
        ),
        ("diet=western,dose=1000", "nobody takes so much"),
        ("exposure=vitamin_d,dose=5000", "nobody takes so much"),
        ("strain=lgg,amount=1e16 CFU/d", "nobody takes so much"),
        ("food=banana_ripe,amount=100 kg/d", "of \"banana_ripe\""),
        (
            "input=input.diet.fructan,value=10 kg/d",
            "up to 2000 g/d is simulated for a person",
        ),
    ] {
        assert!(with(option).contains(said), "{}", with(option));
    }
}

/// What antibiotics do to the gut is too strong: what they do without is told beside the answer, also where little is computed.
#[test]
fn an_antibiotic_is_told_with_what_it_does_without_the_gut() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let text = PERSON.replace("\"pso\"", "\"acne\"");
    fs::write(
        folder.join("p.toml"),
        format!("{text}[forecast]\nduration = \"8 wk\"\n"),
    )
    .unwrap();
    let said = out(&gutskin(
        folder,
        &[
            "twin",
            "p.toml",
            "--draws",
            "50",
            "--quick",
            "--option",
            "drug=doxycycline",
            "--option",
            "drug=isotretinoin",
            "--out",
            "a",
        ],
    ));
    assert!(
        said.contains("warning: “drug=doxycycline” gives an antibiotic"),
        "{said}"
    );
    assert!(!said.contains("“drug=isotretinoin” gives"), "{said}");
    let summary = fs::read_to_string(folder.join("a/summary.json")).unwrap();
    let summary: serde_json::Value = serde_json::from_str(&summary).unwrap();
    let antibiotics = summary["antibiotics"].as_array().unwrap();
    assert_eq!(antibiotics.len(), 1);
    let of = |name: &str| antibiotics[0][name].as_f64().unwrap();
    assert!(
        of("without") < of("whole") - 1.0 && of("without") < -2.0,
        "{antibiotics:?}"
    );
    let page = fs::read_to_string(folder.join("a/report.html")).unwrap();
    assert!(page.contains("too strong in this model"));
    let receipt = fs::read_to_string(folder.join("a/receipt.json")).unwrap();
    assert!(receipt.contains("\"draws\": 50"), "{receipt}");
    // In the history too.
    let past = "[[drug]]\nname = \"amoxicillin\"\nfrom = 2026-02-01\nuntil = 2026-02-08\n";
    fs::write(folder.join("q.toml"), format!("{text}{past}")).unwrap();
    let said = out(&gutskin(
        folder,
        &[
            "twin",
            "q.toml",
            "--draws",
            "50",
            "--quick",
            "--option",
            "drug=isotretinoin",
        ],
    ));
    assert!(
        said.contains("\"amoxicillin\" of the history is an antibiotic"),
        "{said}"
    );
}

#[test]
fn a_day_ahead_of_the_clock_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let text = PERSON.replace("2026-03-01", "2926-03-01");
    let text =
        format!("{text}[[score]]\nname = \"pasi\"\nvalue = 12\n[forecast]\nduration = \"2 wk\"\n");
    fs::write(folder.join("p.toml"), text).unwrap();
    let said = out(&gutskin(
        folder,
        &["twin", "p.toml", "--draws", "50", "--quick"],
    ));
    assert!(
        said.contains("days ahead of this machine's clock"),
        "{said}"
    );
    assert!(
        said.contains("taken as of today (2926-03-01): pasi"),
        "{said}"
    );
}

/// What `check` warns of in a trial, a twin tells everywhere.
#[test]
fn what_is_doubtful_about_options_is_told_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(
        folder.join("p.toml"),
        format!("{PERSON}[forecast]\nduration = \"2 wk\"\n"),
    )
    .unwrap();
    let said = out(&gutskin(
        folder,
        &[
            "twin",
            "p.toml",
            "--draws",
            "50",
            "--quick",
            "--option",
            "drug=ixekizumab,dose=50",
            "--option",
            "prebiotic=fos,amount=500 g/d",
            "--out",
            "a",
        ],
    ));
    let doubts = [
        "--option drug=ixekizumab,dose=50: \"ixekizumab\" is known at its usual dose only",
        "--option prebiotic=fos,amount=500 g/d: 500 g/d of \"fos\"",
    ];
    let json = |file: &str| {
        let text = fs::read_to_string(folder.join("a").join(file)).unwrap();
        serde_json::from_str::<serde_json::Value>(&text).unwrap()
    };
    let page = fs::read_to_string(folder.join("a/report.html")).unwrap();
    for doubt in doubts {
        assert!(said.contains(doubt), "{said}");
        let lists = [
            json("summary.json")["notes"].clone(),
            json("receipt.json")["warnings"].clone(),
        ];
        for list in lists {
            let has = |w: &serde_json::Value| w.as_str().is_some_and(|w| w.starts_with(doubt));
            assert!(list.as_array().unwrap().iter().any(has), "{list}");
        }
        let escaped = doubt.replace('"', "&quot;");
        assert!(page.contains(&escaped), "{escaped}");
    }
    assert!(page.contains("40 years"));
}

#[test]
fn a_population_is_kept_and_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let run = || {
        let printed = out(&gutskin(
            folder,
            &[
                "population",
                "--condition",
                "pso",
                "--size",
                "60",
                "--cache",
                "kept",
                "--json",
            ],
        ));
        let read: serde_json::Value = serde_json::from_str(&printed).unwrap();
        read
    };
    let (first, mut second) = (run(), run());
    assert_eq!(first["from_cache"], false);
    assert_eq!(second["from_cache"], true);
    second["from_cache"] = false.into();
    assert_eq!(first, second);
    let of = |used: &str| {
        let all = first["baselines"].as_array().unwrap();
        all.iter().filter(|b| b["use"] == used).count()
    };
    assert!(of("match") >= 5 && of("test") >= 5);
    assert_eq!(fs::read_dir(folder.join("kept")).unwrap().count(), 1);
}

/// A population of 60 in psoriasis, kept in `kept`.
const POPULATION: [&str; 7] = [
    "population",
    "--condition",
    "pso",
    "--size",
    "60",
    "--cache",
    "kept",
];

#[test]
fn people_of_a_population_are_written_and_can_be_asked_for_by_severity() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let population = POPULATION.map(|word| if word == "60" { "300" } else { word });
    let with = |more: &[&str]| gutskin(folder, &[&population, more].concat());
    let said = out(&with(&["--out", "a"]));
    assert!(said.contains("people.parquet"), "{said}");
    out(&with(&["--out", "b"]));
    for file in ["people.parquet", "receipt.json"] {
        let of = |part: &str| fs::read(folder.join(part).join(file)).unwrap();
        assert_eq!(of("a"), of("b"), "{file}");
        assert!(!of("a").is_empty());
    }
    let table = fs::read(folder.join("a/people.parquet")).unwrap();
    assert!(table.starts_with(b"PAR1"));
    for name in [
        "left_out",
        "score.pasi",
        "habit.bmi_z",
        "trait.male",
        "trait.methane_absent",
        "trait.caesarean",
        "trait.filaggrin_loss",
        "antibiotic",
        "antibiotic_ended",
        "age",
        "hpa.stress_gain",
    ] {
        let found = table.windows(name.len()).any(|w| w == name.as_bytes());
        assert!(found, "{name}");
    }
    let receipt = fs::read_to_string(folder.join("a/receipt.json")).unwrap();
    for name in ["correlations", "antibiotic_courses"] {
        assert!(receipt.contains(&format!("catalogue/{name}.csv")));
    }
    let read = |text: String| -> serde_json::Value { serde_json::from_str(&text).unwrap() };
    let all = read(out(&with(&["--json"])));
    let some = read(out(&with(&[
        "--json",
        "--severity",
        "12..",
        "--include",
        "PASI ..40",
    ])));
    assert_eq!(some["from_cache"], true);
    let count = |v: &serde_json::Value| v.as_u64().unwrap();
    let out_of = |at: usize| count(&some["screened_out"][at][1]);
    assert_eq!(some["screened_out"][0][0], "PASI of 12 or more");
    assert!(count(&some["included"]) + out_of(0) + out_of(1) >= count(&all["included"]));
    assert!(count(&some["included"]) < count(&all["included"]));
    let said = refused(&with(&["--severity", "20..21"]));
    assert!(
        said.contains("are let in (") && said.contains("should do)"),
        "{said}"
    );
    let said = refused(&with(&["--severity", "71.9..72"]));
    assert!(
        said.contains("nobody is let in") && said.contains("Widen the range"),
        "{said}"
    );
}

#[test]
fn rules_for_people_that_say_nothing_are_refused_with_a_mend() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let with = |more: &[&str]| refused(&gutskin(folder, &[&POPULATION, more].concat()));
    for (rule, part) in [
        ("PASY 12..30", "Did you mean \"pasi\"?"),
        ("PASI 30..12", "Write 12..30"),
        ("PASI 80..90", "runs from 0 to 72"),
        ("PASI", "no range"),
        ("12..30", "--severity"),
    ] {
        let said = with(&["--include", rule]);
        assert!(said.contains(part), "{rule}: {said}");
    }
}

/// Numbers of a population that no course of antibiotics moves, as texts.
fn population(folder: &Path, more: &[&str]) -> serde_json::Value {
    let printed = out(&gutskin(
        folder,
        &[&["population", "--size", "120", "--json"], more].concat(),
    ));
    serde_json::from_str(&printed).unwrap()
}

#[test]
fn what_people_are_is_told_as_asked_drawn_and_weighted() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let all = population(folder, &["--no-cache"]);
    let share = |of: &serde_json::Value, name: &str, how: &str| {
        let traits = of["traits"].as_array().unwrap();
        let found = traits.iter().find(|t| t["name"] == name);
        found.unwrap()[how].as_f64().unwrap()
    };
    for (name, asked) in [
        ("trait.bromii_absent", 0.2),
        ("trait.methane_absent", 0.6),
        ("trait.male", 0.5),
        ("trait.antibiotics", 0.301),
        ("trait.filaggrin_loss", 0.191),
    ] {
        assert_eq!(share(&all, name, "asked"), asked, "{name}");
        let error = (asked * (1.0 - asked) / 120.0).sqrt();
        assert!((share(&all, name, "drawn") - asked).abs() < 4.0 * error);
        assert!((0.0..=1.0).contains(&share(&all, name, "weighted")));
    }
    let had = (120.0 * share(&all, "trait.antibiotics", "drawn")).round();
    assert_eq!(all["followed"].as_f64().unwrap(), had);
    assert_eq!(all["not_followed"], 0);
    assert_eq!(all["ages"]["asked"], serde_json::json!([18.0, 65.0]));
    let said = out(&gutskin(
        folder,
        &["population", "--size", "120", "--no-cache"],
    ));
    for part in [
        "antibiotics in the last year",
        "age, 18 to 65 years",
        "move nothing: no equation reads them",
        "the lean colon has no methanogens",
        "loss in filaggrin",
        "the published spreads of the barrier hold carriers",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

/// A stage has one population, whose people are not weighted: baselines are those of adults.
#[test]
fn children_are_drawn_by_stage_and_ages_across_stages_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let child = population(folder, &["--no-cache", "--age", "6-11"]);
    assert_eq!(child["life_stage"], "child");
    assert_eq!(child["baselines"], serde_json::json!([]));
    assert_eq!(child["followed"], 0);
    assert!((child["effective_share"].as_f64().unwrap() - 1.0).abs() < 1e-9);
    let with = |more: &[&str]| refused(&gutskin(folder, &[&["population"], more].concat()));
    assert!(with(&["--age", "6-18"]).contains("several life stages"));
    assert!(with(&["--age", "0-0.4"]).contains("--feeding formula"));
    assert!(with(&["--age", "old"]).contains("--age 18-65"));
}

/// What follows from ages and courses is kept apart from what does not, and a folder that cannot be written is told.
#[test]
fn prepared_people_are_kept_by_their_ages_and_courses() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let of = |more: &[&str]| population(folder, &[&["--cache", "kept"], more].concat());
    let with = of(&[]);
    assert_eq!(with["from_cache"], false);
    let others: [&[&str]; 3] = [
        &["--antibiotics", "none"],
        &["--age", "20-30"],
        &["--age", "6-11"],
    ];
    for more in others {
        assert_eq!(of(more)["from_cache"], false, "{more:?}");
        assert_eq!(of(more)["from_cache"], true, "{more:?}");
    }
    let mut again = of(&[]);
    assert_eq!(again["from_cache"], true);
    again["from_cache"] = false.into();
    assert_eq!(again, with);
    fs::write(folder.join("file"), "").unwrap();
    let output = gutskin(folder, &["population", "--size", "60", "--cache", "file"]);
    out(&output);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(said.matches("could not be kept").count(), 1, "{said}");
}
