//! Scenario files: the example reads, every mistake is named with its place and the mend.
#![allow(clippy::unwrap_used, clippy::panic)]

use gutskin_biology::parameter_table;
use gutskin_network::overrides::Override;
use gutskin_network::{Action, Change, Schedule, Target};
use gutskin_study::scenario::{self, Scenario, ScenarioError};
use gutskin_study::trial::{TrialError, run, summarise};
use proptest::prelude::*;

const EXAMPLE: &str = include_str!("../../../examples/acne-fibre.toml");

fn read(text: &str) -> Result<Scenario, ScenarioError> {
    scenario::read("trial.toml", text, &parameter_table().unwrap())
}

fn small(size: usize) -> String {
    EXAMPLE.replace("size = 200", &format!("size = {size}"))
}

#[test]
fn the_example_reads() {
    let s = read(EXAMPLE).unwrap();
    assert_eq!((s.duration, s.visits.len(), s.arms.len()), (84.0, 7, 2));
    assert_eq!(s.arms[1].schedule.changes().len(), 1);
}

#[test]
fn every_example_reads() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        // Persons and their profiles stand here too.
        if !text.contains("\n[scenario]") {
            continue;
        }
        if let Err(e) = read(&text) {
            panic!("{}: {e}", path.display());
        }
        count += 1;
    }
    assert!(count >= 10, "{count}");
}

#[test]
fn mistakes_are_named_with_place_and_mend() {
    let cases = [
        (
            "condition = \"acne\"",
            "condition = \"acme\"",
            "no condition is named \"acme\"",
            "did you mean \"acne\"?",
        ),
        (
            "model = \"thin\"",
            "model = \"full\"",
            "no model is named \"full\"",
            "known: thin",
        ),
        ("\"12 wk\"", "\"12 kg\"", "cannot convert", "write a time"),
        (
            "visits = \"2 wk\"",
            "visits = \"0 wk\"",
            "visits every 0 d over 84 d",
            "time between visits",
        ),
        (
            "size = 200",
            "size = 1",
            "1 people in an arm are not possible",
            "",
        ),
        (
            "size = 200",
            "size = -4",
            "-4 people in an arm are not possible",
            "",
        ),
        ("size = 200", "size = 4.5", "expected a whole number", ""),
        (
            "seed = 2026",
            "seed = -1",
            "expected a whole number of 0 or more",
            "",
        ),
        ("\"12 wk\"", "\"1e30 y\"", "a length of", "0 to 36525 d"),
        (
            "visits = \"2 wk\"",
            "visits = \"1 y\"",
            "visits every 365.25 d, but the study lasts 84 d",
            "the end is always a visit",
        ),
        (
            "value = \"60 g/d\"",
            "value = \"60 g/d\"\nstart = \"-1 wk\"",
            "starts on day -7",
            "randomisation",
        ),
        (
            "value = \"60 g/d\"",
            "value = \"60 g/d\"\nstop = \"20 wk\"",
            "stops on day 140, after the study ends on day 84",
            "leave stop out",
        ),
        (
            "low = 20\nhigh = 50",
            "low = 50\nhigh = 20",
            "nobody has a value between 50 and 20",
            "",
        ),
        (
            "input = \"diet.fibre\"",
            "input = \"diet.fiber\"",
            "no input is named \"diet.fiber\"",
            "did you mean \"diet.fibre\"?",
        ),
        (
            "value = \"60 g/d\"",
            "value = \"60 mg/L\"",
            "cannot convert",
            "10 g/d",
        ),
        (
            "value = \"60 g/d\"",
            "value = \"60 g/d\"\nstart = \"10 wk\"\nstop = \"2 wk\"",
            "stops on day 14, not after it starts on day 70",
            "start before stop",
        ),
        (
            "name = \"more fibre\"",
            "name = \"usual diet\"",
            "two arms are named",
            "",
        ),
        (
            "measure = \"percent_change\"",
            "measure = \"percent_chnge\"",
            "no measure is named",
            "did you mean \"percent_change\"?",
        ),
        (
            "measure = \"percent_change\"",
            "measure = \"change\"\nat = \"3 wk\"",
            "no visit after entry on day 21",
            "visit",
        ),
        (
            "seed = 2026",
            "seed = 2026\nsead = 1",
            "unknown field `sead`",
            "",
        ),
    ];
    for (from, to, message, help) in cases {
        assert!(EXAMPLE.contains(from), "{from}");
        let text = EXAMPLE.replacen(from, to, 1);
        let e = read(&text).expect_err(to);
        assert!(e.message.contains(message), "{to}: {}", e.message);
        assert!(
            e.help.clone().unwrap_or_default().contains(help),
            "{to}: {:?}",
            e.help
        );
        assert!(e.offset().is_some(), "{to}: no place");
    }
}

#[test]
fn overrides_reach_the_model_and_are_checked() {
    let with = |part: &str| read(&format!("{EXAMPLE}\n{part}"));
    let s =
        with("[parameters]\n\"acne.follicular_gain\" = 0.2\n\"barrier.relaxation_time\" = \"1 d\"")
            .unwrap();
    let value =
        |name: &str| s.network.parameters[s.network.parameter(name).unwrap() as usize].value;
    assert_eq!(
        (
            value("acne.follicular_gain"),
            value("barrier.relaxation_time")
        ),
        (0.2, 1.0)
    );
    for (part, message) in [
        (
            "[parameters]\n\"acne.folicular_gain\" = 0.2",
            "did you mean \"acne.follicular_gain\"?",
        ),
        (
            "[parameters]\n\"barrier.relaxation_time\" = \"1 kg\"",
            "cannot convert",
        ),
        (
            "[parameters]\n\"acne.follicular_gain\" = 7.0",
            "hold the value",
        ),
        (
            "[switches]\n\"link.tone_to_acme\" = false",
            "did you mean \"link.tone_to_acne\"?",
        ),
        ("[inputs]\n\"diet.fibre\" = \"3 kg\"", "kg"),
        (
            "[priors]\n\"acne.follicular_gain\" = \"lognormall(sd_ln=1)\"",
            "did you mean \"lognormal\"",
        ),
        (
            "[catalogue]\n\"guilds.BACC.capacity\" = 3",
            "did you mean \"BAC\"",
        ),
        (
            "[catalogue]\n\"guilds.BAC.capacity\" = 3",
            "does not use the table cell",
        ),
        (
            "[priors]\n\"acne.follicular_gain\" = \"lognormal(cv=-2)\"",
            "must be zero or more",
        ),
        (
            "[parameters]\n\"pso.pasi_clinic_mean\" = 3",
            "does not use the parameter",
        ),
        (
            "[[population.correlation]]\nfirst = \"acne.follicular_gain\"\nsecond = \"acne.follicular_gain\"\nrho = 0.5",
            "correlation",
        ),
    ] {
        let e = with(part).expect_err(part);
        assert!(e.message.contains(message), "{part}: {}", e.message);
        assert!(e.offset().is_some(), "{part}: no place");
    }
}

#[test]
fn changes_from_outside_win_over_the_file() {
    let set = |texts: &[&str]| {
        let list: Vec<_> = texts.iter().map(|t| Override::parse(t).unwrap()).collect();
        let text = format!("{EXAMPLE}\n[parameters]\n\"acne.follicular_gain\" = 0.2");
        scenario::read_with("trial.toml", &text, &parameter_table().unwrap(), &list)
    };
    let s = set(&[
        "acne.follicular_gain=0.1",
        "link.leak_to_tone=off",
        "acne.placebo_ratio=0.5",
    ])
    .unwrap();
    let gain = s.network.parameter("acne.follicular_gain").unwrap();
    let parameter = &s.network.parameters[gain as usize];
    assert_eq!(
        (parameter.value, parameter.source.as_str()),
        (0.1, "override")
    );
    assert_eq!(
        s.switches[s.network.switch("link.leak_to_tone").unwrap() as usize],
        0.0
    );
    assert_eq!(s.endpoint.observation.placebo_ratio, 0.5);
    for (text, message) in [
        (
            "acne.folicular_gain=0.1",
            "did you mean \"acne.follicular_gain\"",
        ),
        ("barrier.relaxation_time=1 kg", "kg"),
        ("link.leak_to_tone=maybe", "maybe"),
    ] {
        let e = set(&[text]).unwrap_err();
        assert!(e.message.contains(message), "{}", e.message);
    }
}

#[test]
fn an_arm_that_nobody_completes_has_no_result_but_a_named_reason() {
    // No file can ask for less than nothing.
    let mut scenario = read(&small(4)).unwrap();
    let changes = scenario.arms[1].schedule.changes().iter().map(|c| Change {
        action: Action::Set(-60.0),
        ..*c
    });
    scenario.arms[1].schedule = Schedule::sorted(changes.collect()).unwrap();
    let summary = summarise(&scenario, &run(&scenario, &mut |_| {}).unwrap());
    let arm = summary.empty_arm().unwrap();
    assert_eq!(
        (arm.name.as_str(), arm.completed, arm.failed),
        ("more fibre", 0, 40)
    );
    let reason = arm.first_failure.as_deref().unwrap();
    assert!(reason.contains("(colon.fibre)"), "{reason}");
    assert!(!summary.comparisons[0].has_result());
}

#[test]
fn people_without_a_steady_state_keep_the_reason() {
    // No file can ask for less than nothing.
    let mut scenario = read(&small(2)).unwrap();
    let fibre = scenario.network.input("diet.fibre").unwrap();
    scenario.network.inputs[fibre as usize].default = -5.0;
    let error = run(&scenario, &mut |_| {}).unwrap_err();
    assert!(matches!(error, TrialError::NoSteadyState { .. }), "{error}");
    assert!(error.to_string().contains("the first: "), "{error}");
}

#[test]
fn less_than_nothing_is_refused_where_it_stands() {
    let text = EXAMPLE.replace("value = \"60 g/d\"", "value = \"-60 g/d\"");
    let error = read(&text).unwrap_err();
    let said = error.to_string();
    assert!(
        said.contains("\"diet.fibre\" would be -60 g/d, but it can be 0 g/d or more"),
        "{said}"
    );
    assert_eq!(error.offset(), text.find("\"-60 g/d\""));
    let list = [Override::parse("diet.fibre=-5").unwrap()];
    let error = scenario::read_with("trial.toml", EXAMPLE, &parameter_table().unwrap(), &list);
    let said = error.unwrap_err().to_string();
    assert!(
        said.contains("--set diet.fibre=-5: \"diet.fibre\" would be -5 g/d"),
        "{said}"
    );
}

#[test]
fn overlapping_changes_are_refused() {
    let text = EXAMPLE.replace(
        "value = \"60 g/d\"",
        "value = \"60 g/d\"\nstop = \"6 wk\"\n[[arm.change]]\ninput = \"diet.fibre\"\nvalue = \"50 g/d\"\nstart = \"5 wk\"",
    );
    assert!(
        read(&text)
            .unwrap_err()
            .message
            .contains("already set from day 0 to day 42")
    );
}

#[test]
fn a_cut_link_removes_the_whole_effect() {
    let text = format!("{}\n[switches]\n\"link.tone_to_acne\" = false", small(10));
    let s = read(&text).unwrap();
    let summary = summarise(&s, &run(&s, &mut |_| {}).unwrap());
    assert!(
        summary.comparisons[0].effect.mean.abs() < 1e-6,
        "{}",
        summary.comparisons[0].effect.mean
    );
    let s = read(&small(10)).unwrap();
    let summary = summarise(&s, &run(&s, &mut |_| {}).unwrap());
    assert!(summary.comparisons[0].effect.mean < -0.1);
}

#[test]
fn same_seed_same_result_and_another_seed_another() {
    let result = |seed: u64| {
        let mut s = read(&small(8)).unwrap();
        s.seed = seed;
        serde_json::to_string(&summarise(&s, &run(&s, &mut |_| {}).unwrap())).unwrap()
    };
    assert_eq!(result(1), result(1));
    assert_ne!(result(1), result(2));
}

#[test]
fn an_empty_population_is_an_error_that_says_how_many() {
    let text = small(2).replace("low = 20", "low = 49.9999999");
    let s = read(&text).unwrap();
    let e = run(&s, &mut |_| {}).unwrap_err();
    assert!(
        matches!(e, TrialError::EmptyPopulation { wanted: 20, .. }),
        "{e}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn no_text_makes_the_reader_panic(cut in 0usize..1500, insert in "\\PC{0,12}") {
        let at = (0..=cut.min(EXAMPLE.len())).rev().find(|&i| EXAMPLE.is_char_boundary(i)).unwrap();
        let _ = read(&format!("{}{insert}{}", &EXAMPLE[..at], &EXAMPLE[at..]));
        let _ = read(&EXAMPLE[..at]);
    }
}

#[test]
fn names_cannot_steer_a_terminal() {
    let error = read(&EXAMPLE.replace("name = \"usual diet\"", "name = \"usual \\u001b[31m\""))
        .unwrap_err();
    assert!(
        error.message.contains("control characters"),
        "{}",
        error.message
    );
}

/// Of the usual dose a drug may be given more or less, in skin and gut alike; milligrams would reach the gut only.
#[test]
fn a_dose_reaches_skin_and_gut_alike() {
    let text = |model: &str, change: &str| {
        EXAMPLE
            .replace("model = \"thin\"", &format!("model = \"{model}\""))
            .replace(
                "input = \"diet.fibre\"\nvalue = \"60 g/d\"",
                &format!("drug = \"doxycycline\"\n{change}"),
            )
    };
    for model in ["acne", "axis_acne_lean"] {
        let error = read(&text(model, "amount = \"400 mg/d\"")).unwrap_err();
        assert!(
            error.message.contains("usual"),
            "{model}: {}",
            error.message
        );
        let scenario = read(&text(model, "dose = 2")).unwrap();
        let given = |input: &str| {
            let index = scenario.network.input(input)?;
            let mut changes = scenario.arms[1].schedule.changes().iter();
            let change = changes.find(|c| c.target == Target::Input(index))?;
            Some(change.action.apply(0.0))
        };
        assert_eq!(given("drugs.doxycycline.taken"), Some(2.0), "{model}");
        if model != "acne" {
            let once = read(&text(model, "")).unwrap();
            let gut = |i: &&gutskin_network::Input| i.name.starts_with("input.drug.doxycycline");
            let gut = once.network.inputs.iter().find(gut).unwrap().name.clone();
            let index = once.network.input(&gut).unwrap();
            let usual = once.arms[1].schedule.changes().iter();
            let usual = usual
                .clone()
                .find(|c| c.target == Target::Input(index))
                .unwrap();
            let twice = given(&gut).unwrap();
            assert!((twice / usual.action.apply(0.0) - 2.0).abs() < 1e-9);
        }
        let warned = |w: &String| w.contains("usual dose only");
        assert!(
            scenario.warnings.iter().any(warned),
            "{:?}",
            scenario.warnings
        );
    }
}

/// Each count of acne has its own vehicle and the natural course; bacteria have neither; assessments are grades.
#[test]
fn endpoints_of_acne_and_laboratories_have_their_own_observation() {
    let text = include_str!("../../../examples/acne-low-glycaemic.toml");
    let table = parameter_table().unwrap();
    let of = |name: &str| {
        let (head, tail) = text.split_once("[endpoint]").unwrap();
        let line = tail.lines().find(|l| l.starts_with("observable")).unwrap();
        let changed = tail.replace(line, &format!("observable = \"{name}\""));
        let scenario = scenario::read("x.toml", &format!("{head}[endpoint]{changed}"), &table);
        scenario.unwrap().endpoint.observation
    };
    let value = |name: &str| table.get(name).unwrap().value;
    let (inflamed, comedones) = (of("acne.inflammatory"), of("acne.non_inflammatory"));
    assert_eq!(
        inflamed.placebo_ratio,
        value("acne.placebo_ratio_inflammatory")
    );
    assert_eq!(
        comedones.placebo_ratio,
        value("acne.placebo_ratio_non_inflammatory")
    );
    assert!((inflamed.natural * 365.25 - 0.9_f64.ln()).abs() < 1e-4);
    let bacteria = of("acne.c_acnes");
    assert_eq!((bacteria.placebo_ratio, bacteria.natural), (1.0, 0.0));
    assert!(of("score.acne_iga").grades.is_some());
    let protein = of("immune.crp");
    assert_eq!(
        (protein.placebo_ratio, protein.noise_sd_ln),
        (1.0, value("assay.crp_error"))
    );
}

#[test]
fn open_label_care_in_acne_has_a_course_of_its_own_and_says_so() {
    let table = parameter_table().unwrap();
    let value = |name: &str| table.get(name).unwrap().value;
    let of = |care: &str| {
        let text = small(2)
            .replace("model = \"thin\"", "model = \"acne\"")
            .replace(
                "condition = \"acne\"",
                &format!("condition = \"acne\"\ncare = \"{care}\""),
            );
        let start = text.find("[[arm.change]]").unwrap();
        let end = text.find("[endpoint]").unwrap();
        read(&format!(
            "{}[[arm.change]]\ndrug = \"retinoid\"\n{}",
            &text[..start],
            &text[end..]
        ))
        .unwrap()
    };
    let yearly = |s: &Scenario| s.endpoint.observation.natural * 365.25;
    let (blinded, open, low) = (of("vehicle"), of("open_label"), of("open_label_low"));
    assert!((yearly(&blinded) - value("acne.natural_course")).abs() < 1e-4);
    for (s, ratio) in [(&open, ""), (&low, "_low")] {
        assert!((yearly(s) - value("acne.natural_course_open_label")).abs() < 1e-3);
        let ratio = value(&format!("acne.placebo_ratio_inflammatory{ratio}"));
        assert_eq!(s.endpoint.observation.placebo_ratio, ratio);
        assert!(
            s.warnings.iter().any(|w| w.contains("open-label")),
            "{:?}",
            s.warnings
        );
    }
    assert!(blinded.warnings.is_empty(), "{:?}", blinded.warnings);
}
