//! Mistakes in scenario files, each with the line and column it is told at, what is said, and the mend. Those of designs
//! and endpoints stand in `designs.rs`.
#![allow(clippy::unwrap_used, clippy::panic)]

use gutskin_biology::parameter_table;
use gutskin_study::scenario;
use std::fmt::Write;

const ECZEMA: &str = r#"[scenario]
name = "Trial"
question = "Does it help?"
model = "axis_ad_lean"
condition = "ad"
duration = "12 wk"
visits = "4 wk"
seed = 1

[population]
size = 20

[[population.include]]
observable = "score.easi"
low = 10

[[arm]]
name = "usual"

[[arm]]
name = "given"

[[arm.change]]
prebiotic = "inulin"

[endpoint]
observable = "score.scorad"
measure = "change"
"#;

/// What is told of a file, with its place.
fn told(text: &str) -> String {
    let fault = match scenario::read("trial.toml", text, &parameter_table().unwrap()) {
        Ok(read) if !read.warnings.is_empty() => {
            return format!("warning: {}", read.warnings.join("\nwarning: "));
        }
        Ok(_) => panic!("reads without a word:\n{text}"),
        Err(fault) => fault,
    };
    let place = fault.offset().map_or("nowhere".to_owned(), |offset| {
        let before = &text[..offset];
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        format!("{line}:{column}")
    });
    assert_ne!(place, "nowhere", "{}", fault.message);
    // Lists of all that is known grow; their beginning is enough here.
    let mend: String = fault.help.unwrap_or_default().chars().take(120).collect();
    format!("{place}  {}\n  mend: {mend}", fault.message)
}

/// The file with one line of it written otherwise.
fn all(changes: &[(&str, &str)]) -> String {
    let mut out = String::new();
    for (from, to) in changes {
        assert!(ECZEMA.contains(from), "{from}");
        let text = ECZEMA.replacen(from, to, 1);
        writeln!(out, "{to}\n  {}\n", told(&text)).unwrap();
    }
    out
}

#[test]
fn the_file_without_a_mistake_reads() {
    let read = scenario::read("trial.toml", ECZEMA, &parameter_table().unwrap()).unwrap();
    assert!(read.warnings.is_empty(), "{:?}", read.warnings);
}

#[test]
fn of_the_scenario() {
    insta::assert_snapshot!(all(&[
        ("[scenario]\n", "[scenario\n"),
        ("[scenario]", "[scenari]"),
        ("name = \"Trial\"", "nam = \"Trial\""),
        ("name = \"Trial\"", "name = \"a\\u001b[2J\""),
        ("name = \"Trial\"\n", ""),
        ("model = \"axis_ad_lean\"", "model = \"axis_da_lean\""),
        ("model = \"axis_ad_lean\"", "model = \"axis_pso_lean\""),
        ("condition = \"ad\"", "condition = \"eczema\""),
        ("condition = \"ad\"", "condition = \"healthy\""),
        (
            "condition = \"ad\"",
            "condition = \"ad\"\ncare = \"steroids\""
        ),
        (
            "condition = \"ad\"",
            "condition = \"ad\"\nlife_stage = \"infant\""
        ),
        (
            "condition = \"ad\"",
            "condition = \"ad\"\nlife_stage = \"birth_breastfed\""
        ),
        (
            "condition = \"ad\"",
            "condition = \"ad\"\nguilds = [\"YAE\"]"
        ),
        (
            "condition = \"ad\"",
            "condition = \"ad\"\nuptake = \"fast\""
        ),
        ("duration = \"12 wk\"", "duration = \"12\""),
        ("duration = \"12 wk\"", "duration = \"12 kg\""),
        ("duration = \"12 wk\"", "duration = \"0 wk\""),
        ("duration = \"12 wk\"", "duration = \"-12 wk\""),
        ("duration = \"12 wk\"", "duration = \"1e9 y\""),
        ("visits = \"4 wk\"", "visits = \"20 wk\""),
        ("visits = \"4 wk\"", "visits = \"1 min\""),
        ("seed = 1", "seed = 1.5"),
        ("seed = 1", "seed = 1\nseed = 2"),
        ("visits = \"4 wk\"\n", ""),
    ]));
}

#[test]
fn of_the_population() {
    insta::assert_snapshot!(all(&[
        ("size = 20", "size = 1"),
        ("size = 20", "size = 1e12"),
        ("size = 20", "size = \"many\""),
        (
            "observable = \"score.easi\"",
            "observable = \"score.eeasi\""
        ),
        ("low = 10", "low = 30\nhigh = 20"),
        ("low = 10", "low = \"10 mm\""),
        ("low = 10", "lower = 10"),
        ("size = 20", "size = 20\nage = { low = \"18 yrs old\" }"),
        (
            "size = 20",
            "size = 20\nage = { low = \"30 y\", high = \"20 y\" }"
        ),
        (
            "size = 20",
            "size = 20\nage = { low = \"2 y\", high = \"8 y\" }"
        ),
        ("size = 20", "size = 20\nage = { high = \"20 wk\" }"),
        ("size = 20", "size = 20\nage = { low = \"12 y\" }"),
        (
            "seed = 1\n\n[population]",
            "seed = 1\nlife_stage = \"child\"\n\n[population]\nage = { low = \"18 y\" }",
        ),
    ]));
    let background = |lines: &str| format!("size = 20\n\n[[population.background]]\n{lines}");
    let lines = [
        "drug = \"dupilumub\"",
        "drug = \"dupilumab\"\ntaper = \"2 wk\"",
        "drug = \"dupilumab\"\nstart = \"-4 wk\"",
        "drug = \"clindamycin_oral\"\nstart = \"0 d\"\nstop = \"10 d\"",
        "drug = \"clindamycin_oral\"\nstart = \"-10 y\"\nstop = \"-9 y\"",
        "exposure = \"stress_acute\"",
        "diet = \"western\"\n\n[[population.background]]\ndiet = \"mediterranean\"",
        "drug = \"dupilumab\"\n\n[[population.background]]\ndrug = \"dupilumab\"",
        "input = \"input.milk\"\nvalue = \"-20 g/d\"",
    ];
    let lines: Vec<String> = lines.iter().map(|l| background(l)).collect();
    let changes: Vec<(&str, &str)> = (lines.iter()).map(|l| ("size = 20", l.as_str())).collect();
    insta::assert_snapshot!("of_the_background", all(&changes));
}

#[test]
fn of_what_arms_give() {
    let given = "prebiotic = \"inulin\"";
    let changes: Vec<(&str, &str)> = [
        "prebiotic = \"inuline\"",
        "drug = \"dupilumub\"",
        "drug = \"guselkumab\"",
        "drug = \"dupilumab\"\ninterval = \"0 d\"",
        "drug = \"dupilumab\"\ndose = 2",
        "drug = \"doxycycline_full_dose\"\namount = \"5 g/d\"",
        "strain = \"lggg\"",
        "strain = \"lgg\"\namount = \"1e10\"",
        "strain = \"lgg\"\namount = \"1e14 CFU/d\"",
        "food = \"kefir_mlk\"\namount = \"200 g/d\"",
        "food = \"kefir_milk\"\namount = \"200 mmol/d\"",
        "food = \"kefir_milk\"\namount = \"-200 g/d\"",
        "diet = \"mediteranean\"",
        "diet = \"mediterranean\"\ndose = -1",
        "exposure = \"sauna\"",
        "exposure = \"stress_exam\"\ndose = \"two\"",
        "exposure = \"sleep_restriction\"\ndose = 9",
        "exposure = \"vitamin_d\"\ndose = 50",
        "drug = \"dupilumab\"\ninterval = \"1 d\"",
        "food = \"kefir_milk\"\namount = \"20 kg/d\"",
        "diet = \"mediterranean\"\ndose = 3",
        "synbiotic = \"none\"",
        "input = \"input.diet.fructan\"",
        "input = \"input.diet.fructaan\"\nvalue = \"5 g/d\"",
        "input = \"input.diet.fructan\"\nvalue = \"5 mmol/L\"",
        "input = \"input.diet.fructan\"\nvalue = \"-5 g/d\"",
        "value = \"5 g/d\"",
        "prebiotic = \"inulin\"\nfood = \"kefir_milk\"",
        "prebiotic = \"inulin\"\nvalue = \"5 g/d\"",
        "prebiotic = \"inulin\"\namount = \"500 g/d\"",
        "prebiotic = \"inulin\"\namount = \"5 g/d\"\ndose = 1",
        "prebiotic = \"inulin\"\nstart = \"-2 wk\"",
        "prebiotic = \"inulin\"\nstart = \"14 wk\"",
        "prebiotic = \"inulin\"\nstart = \"6 wk\"\nstop = \"2 wk\"",
        "prebiotic = \"inulin\"\nstop = \"20 wk\"",
        "prebiotic = \"inulin\"\nstop = \"4 wk\"\ntaper = \"6 wk\"",
        "drug = \"dupilumab\"\n[[arm.change]]\ndrug = \"dupilumab\"",
        "prebiotic = \"inulin\"\nstrt = \"2 wk\"",
    ]
    .into_iter()
    .map(|to| (given, to))
    .collect();
    insta::assert_snapshot!(all(&changes));
    insta::assert_snapshot!(
        "of_arms",
        all(&[
            ("name = \"given\"", "name = \"usual\""),
            ("[[arm]]\nname = \"usual\"\n", ""),
        ])
    );
}

#[test]
fn of_endpoints_and_parameters() {
    let end = "measure = \"change\"\n";
    insta::assert_snapshot!(all(&[
        (
            "observable = \"score.scorad\"",
            "observable = \"score.pasi\""
        ),
        ("observable = \"score.scorad\"", "observable = \"scorad\""),
        (end, "measure = \"mean\"\n"),
        (end, "measure = \"change\"\nat = \"5 wk\"\n"),
        (end, "measure = \"change\"\nbetter = \"smaller\"\n"),
        (
            end,
            "measure = \"responder\"\nresponse = { improvement = 100 }\n"
        ),
        (
            end,
            "measure = \"change\"\n[parameters]\n\"ad.gain_th3\" = 1\n"
        ),
        (
            end,
            "measure = \"change\"\n[parameters]\n\"ad.gain_th2\" = \"1 kg\"\n"
        ),
        (
            end,
            "measure = \"change\"\n[parameters]\n\"colon.transit_time\" = 1.25\n"
        ),
        (
            end,
            "measure = \"change\"\n[priors]\n\"ad.gain_th2\" = { kind = \"gamma\" }\n"
        ),
        (
            end,
            "measure = \"change\"\n[switches]\nth2_to_primin = false\n"
        ),
        (
            end,
            "measure = \"change\"\n[inputs]\n\"input.sleep_loss\" = \"20 h/d\"\n"
        ),
        (end, "measure = \"change\"\n[design]\nbursts = \"many\"\n"),
        (end, "measure = \"change\"\n[[window]]\nstart = \"3 wk\"\n"),
    ]));
}
