//! Scenario files: the example reads, every mistake is named with its place and the mend.
#![allow(clippy::unwrap_used, clippy::panic)]

use gutskin_biology::parameter_table;
use gutskin_network::overrides::Override;
use gutskin_network::{Action, Target};
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
    let text = EXAMPLE
        .replace("value = \"60 g/d\"", "value = \"-60 g/d\"")
        .replace("size = 200", "size = 4");
    let scenario = read(&text).unwrap();
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
    let list = [Override::parse("diet.fibre=-5").unwrap()];
    let text = EXAMPLE.replace("size = 200", "size = 2");
    let scenario =
        scenario::read_with("trial.toml", &text, &parameter_table().unwrap(), &list).unwrap();
    let error = run(&scenario, &mut |_| {}).unwrap_err();
    assert!(matches!(error, TrialError::NoSteadyState { .. }), "{error}");
    assert!(error.to_string().contains("the first: "), "{error}");
}

#[test]
fn less_than_nothing_is_warned_of_where_it_stands() {
    let text = EXAMPLE.replace("value = \"60 g/d\"", "value = \"-60 g/d\"");
    let line = text.lines().position(|l| l.contains("-60 g/d")).unwrap() + 1;
    let expected = format!("trial.toml:{line}: -60 g/d of \"diet.fibre\" is less than nothing");
    assert_eq!(read(&text).unwrap().warnings, [expected]);
    let list = [Override::parse("diet.fibre=-5").unwrap()];
    let scenario =
        scenario::read_with("trial.toml", EXAMPLE, &parameter_table().unwrap(), &list).unwrap();
    assert_eq!(scenario.warnings.len(), 1, "{:?}", scenario.warnings);
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

/// The example on the body, with another change in its second arm.
fn exposed(change: &str) -> Result<Scenario, ScenarioError> {
    let text = EXAMPLE
        .replace("model = \"thin\"", "model = \"body\"")
        .replace("\"acne.inflammatory\"", "\"immune.crp\"")
        .replace("input = \"diet.fibre\"\nvalue = \"60 g/d\"", change);
    read(&text)
}

#[test]
fn an_exposure_moves_its_inputs_by_name_and_dose() {
    let s = exposed("exposure = \"milk\"\ndose = 2\nstart = \"7 d\"").unwrap();
    let changes = s.arms[1].schedule.changes();
    // Three weeks of twice the extra milk: 200 + 2·200 g/d, then as before.
    let seen: Vec<(f64, Action)> = changes.iter().map(|c| (c.time, c.action)).collect();
    assert_eq!(
        seen,
        [(7.0, Action::Set(600.0)), (28.0, Action::Set(200.0))]
    );
    let short = exposed("exposure = \"milk\"\nstop = \"3 d\"").unwrap();
    assert_eq!(short.arms[1].schedule.changes()[1].time, 3.0);
}

#[test]
fn a_diet_sets_all_inputs_of_its_pattern() {
    let on_axis = |change: &str| {
        read(
            &EXAMPLE
                .replace("model = \"thin\"", "model = \"axis_acne\"")
                .replace("input = \"diet.fibre\"\nvalue = \"60 g/d\"", change),
        )
    };
    let whole = on_axis("diet = \"western\"").unwrap();
    let half = on_axis("diet = \"western\"\ndose = 0.5").unwrap();
    let (whole_arm, half_arm) = (&whole.arms[1].schedule, &half.arms[1].schedule);
    assert_eq!(
        (whole_arm.changes().len(), half_arm.changes().len()),
        (12, 12)
    );
    for (a, b) in whole_arm.changes().iter().zip(half_arm.changes()) {
        let (Target::Input(input), Action::Set(all), Action::Set(some)) =
            (a.target, a.action, b.action)
        else {
            panic!("{a:?}");
        };
        let usual = whole.network.inputs[input as usize].default;
        assert!((some - f64::midpoint(usual, all)).abs() < 1e-9 * all.max(1.0));
    }
    for (change, message) in [
        ("diet = \"westren\"", "no diet is named"),
        ("diet = \"western\"\ndrug = \"retinoid\"", "takes no drug"),
    ] {
        // Told before the model matters, so that the small one does.
        let text = EXAMPLE.replace("input = \"diet.fibre\"\nvalue = \"60 g/d\"", change);
        let e = read(&text).unwrap_err();
        assert!(e.message.contains(message), "{}", e.message);
    }
    let thin = EXAMPLE.replace(
        "input = \"diet.fibre\"\nvalue = \"60 g/d\"",
        "diet = \"western\"",
    );
    assert!(
        read(&thin)
            .unwrap_err()
            .message
            .contains("which model \"thin\" does not have")
    );
}

#[test]
fn mistakes_in_exposures_are_named() {
    for (change, message) in [
        ("exposure = \"milc\"", "no exposure is named \"milc\""),
        (
            "exposure = \"milk\"\ninput = \"input.milk\"",
            "a change that names an input takes no exposure",
        ),
        (
            "input = \"input.milk\"",
            "a change of an input needs a value",
        ),
    ] {
        let e = exposed(change).unwrap_err();
        assert!(e.message.contains(message), "{}", e.message);
    }
    let text = EXAMPLE.replace(
        "input = \"diet.fibre\"\nvalue = \"60 g/d\"",
        "exposure = \"milk\"",
    );
    let e = read(&text).unwrap_err();
    let message = "moves \"input.milk\", which model \"thin\" does not have";
    assert!(e.message.contains(message), "{}", e.message);
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

/// An eczema trial on the axis whose second arm has these changes.
fn on_axis(changes: &str) -> Result<Scenario, ScenarioError> {
    read(&format!(
        "[scenario]
name = \"gut\"
model = \"axis_ad_lean\"
condition = \"ad\"
care = \"none\"
duration = \"12 wk\"
visits = \"4 wk\"
[population]
size = 20
[[arm]]
name = \"placebo\"
[[arm]]
name = \"treated\"
{changes}
[endpoint]
observable = \"score.easi\"
measure = \"change\"
"
    ))
}

/// Values of an input over time in the treated arm.
fn course(scenario: &Scenario, input: &str) -> Vec<(f64, f64)> {
    let index = scenario.network.input(input).unwrap();
    let changes = scenario.arms[1].schedule.changes().iter();
    changes
        .filter(|c| c.target == Target::Input(index))
        .map(|c| match c.action {
            Action::Set(value) => (c.time, value),
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn strains_prebiotics_and_foods_add_up_with_a_diet() {
    let s = on_axis(
        "[[arm.change]]
strain = \"lgg\"
dose = 2
[[arm.change]]
food = \"kefir_milk\"
amount = \"120 g/d\"
start = \"4 wk\"
[[arm.change]]
diet = \"western\"
stop = \"8 wk\"
[[arm.change]]
prebiotic = \"inulin\"
dose = 0.5
start = \"2 wk\"
[[arm.change]]
prebiotic = \"psyllium\"
",
    )
    .unwrap();
    assert_eq!(course(&s, "input.strain.lgg"), [(0.0, 2e10)]);
    // The microbes of food come along as a strain of their own; half a serving of 2.4e10 cells.
    let kefir = course(&s, "input.strain.wcfs1");
    assert!(kefir.len() == 1 && kefir[0].0 == 28.0 && (kefir[0].1 / 1.2e10 - 1.0).abs() < 1e-12);
    // 2 g/d of the Western pattern, 5.2 more from day 14, and what is usual under the fibre after day 56.
    let fructan = course(&s, "input.diet.fructan");
    let usual = s.network.inputs[s.network.input("input.diet.fructan").unwrap() as usize].default;
    assert_eq!(fructan[0], (0.0, 2.0));
    assert!((fructan[1].1 - 7.2).abs() < 1e-12 && fructan[1].0 == 14.0);
    assert!((fructan[2].1 - (usual + 5.2)).abs() < 1e-12 && fructan[2].0 == 56.0);
    // Psyllium is no part of an everyday colon: the pool was added.
    assert_eq!(course(&s, "input.diet.psyllium"), [(0.0, 10.0)]);
}

#[test]
fn drugs_reach_gut_and_skin_as_their_tables_say() {
    let s = on_axis("[[arm.change]]\ndrug = \"amoxicillin\"\nstart = \"1 wk\"\nstop = \"2 wk\"")
        .unwrap();
    let course = course(&s, "input.drug.amoxicillin");
    assert!(
        course.len() == 2 && course[0].1 > 100.0 && course[1] == (14.0, 0.0),
        "{course:?}"
    );
    let acne = EXAMPLE.replace("model = \"thin\"", "model = \"axis_acne_lean\"");
    let from = acne.find("[[arm.change]]").unwrap();
    let to = from + acne[from..].find("\n\n").unwrap();
    let acne = format!(
        "{}[[arm.change]]\ndrug = \"doxycycline\"{}",
        &acne[..from],
        &acne[to..]
    );
    let s = match read(&acne) {
        Ok(s) => s,
        Err(e) => panic!("{e}"),
    };
    for input in [
        "input.drug.doxycycline_full_dose",
        "drugs.doxycycline.taken",
    ] {
        assert!(s.network.input(input).is_some(), "{input}");
        assert!(!self::course(&s, input).is_empty(), "{input}");
    }
}

#[test]
fn mistakes_in_what_is_eaten_are_named() {
    let cases = [
        (
            "strain = \"lgx\"",
            "no strain is named \"lgx\"",
            "did you mean \"lgg\"?",
        ),
        ("food = \"kefir\"", "no food is named", "did you mean"),
        (
            "prebiotic = \"inulim\"",
            "no prebiotic",
            "did you mean \"inulin\"?",
        ),
        (
            "strain = \"lgg\"\namount = \"5 g/d\"",
            "cannot convert",
            "CFU/d",
        ),
        ("strain = \"lgg\"\ndose = -1", "the dose is -1", ""),
        (
            "food = \"natto\"\namount = \"-5 g/d\"",
            "nothing or more",
            "",
        ),
        (
            "food = \"natto\"\nstrain = \"lgg\"",
            "a change that names a food takes no strain",
            "[[arm.change]]",
        ),
        (
            "strain = \"lgg\"\nvalue = \"5 g/d\"",
            "a value belongs to an input",
            "",
        ),
        (
            "strain = \"lgg\"\ndose = 1\namount = \"1e9 CFU/d\"",
            "twice",
            "keep one",
        ),
        (
            "diet = \"western\"\namount = \"5 g/d\"",
            "an amount belongs to",
            "",
        ),
        (
            "strain = \"l_92_heat_killed\"",
            "no usual dose of live cells",
            "amount",
        ),
        (
            "drug = \"amoxicilin\"",
            "or of the gut",
            "did you mean \"amoxicillin\"?",
        ),
        (
            "drug = \"amoxicillin\"\ninterval = \"1 wk\"",
            "by the day",
            "",
        ),
    ];
    for (change, message, help) in cases {
        let error = on_axis(&format!("[[arm.change]]\n{change}")).unwrap_err();
        let advice = error.help.clone().unwrap_or_default();
        assert!(
            error.message.contains(message),
            "{change}: {}",
            error.message
        );
        assert!(advice.contains(help), "{change}: {advice}");
        assert!(error.offset().is_some(), "{change}");
    }
}

#[test]
fn what_acts_in_the_gut_needs_a_model_with_one() {
    let text = EXAMPLE.replace("model = \"thin\"", "model = \"ad\"");
    let text = text.replace("condition = \"acne\"", "condition = \"ad\"");
    let text = text.replace("acne.inflammatory", "score.easi");
    let from = text.find("[[arm.change]]").unwrap();
    let to = from + text[from..].find("\n\n").unwrap();
    for change in [
        "drug = \"amoxicillin\"",
        "strain = \"lgg\"",
        "food = \"kefir_milk\"",
    ] {
        let text = format!("{}[[arm.change]]\n{change}{}", &text[..from], &text[to..]);
        let error = read(&text).unwrap_err();
        let advice = error.help.unwrap_or_default();
        assert!(
            advice.contains("axis_ad"),
            "{change}: {} {advice}",
            error.message
        );
    }
}

#[test]
fn amounts_that_nobody_studied_are_warned_of_once_with_their_line() {
    let with = |change: &str| {
        on_axis(&format!("[[arm.change]]\n{change}"))
            .unwrap()
            .warnings
    };
    let warned = with("strain = \"m_16v\"\namount = \"1e12 CFU/d\"");
    assert_eq!(
        warned,
        [
            "trial.toml:16: 1e12 CFU/d of \"m_16v\" was not studied, as far as the catalogue knows; 1e9 to 1e10 CFU/d was"
        ]
    );
    assert_eq!(with("prebiotic = \"inulin\"\ndose = 4").len(), 1);
    for fine in [
        "strain = \"m_16v\"\namount = \"5e9 CFU/d\"",
        "strain = \"m_16v\"",
        "prebiotic = \"inulin\"\namount = \"5 g/d\"",
        "drug = \"amoxicillin\"",
    ] {
        assert!(with(fine).is_empty(), "{fine}");
    }
}

#[test]
fn a_taper_fades_out_what_is_given() {
    let s =
        on_axis("[[arm.change]]\nexposure = \"corticosteroid\"\nstop = \"4 wk\"\ntaper = \"2 wk\"")
            .unwrap();
    let course = course(&s, "input.steroid");
    assert_eq!(
        (course.len(), course[0], course[9]),
        (10, (0.0, 1.0), (28.0, 0.0))
    );
    assert!(course.windows(2).all(|p| p[1].1 < p[0].1), "{course:?}");
    let error = on_axis("[[arm.change]]\nexposure = \"milk\"\nstop = \"1 wk\"\ntaper = \"2 wk\"")
        .unwrap_err();
    assert!(error.message.contains("does not fit"), "{}", error.message);
}

#[test]
fn cells_of_every_table_can_be_changed() {
    let with = |cell: &str, change: &str| {
        let text = format!("[[arm.change]]\n{change}\n[catalogue]\n\"{cell}\"");
        on_axis(&text.replace(
            "[catalogue]",
            "[[secondary]]\nobservable = \"score.easi\"\nmeasure = \"change\"\n[catalogue]",
        ))
    };
    let s = with(
        "foods.oats_rolled_dry.fructans_g\" = 10 #",
        "food = \"oats_rolled_dry\"\namount = \"100 g/d\"",
    )
    .unwrap();
    let usual = s.network.inputs[s.network.input("input.diet.fructan").unwrap() as usize].default;
    let fructan = course(&s, "input.diet.fructan")[0].1;
    assert!((fructan - usual - 8.7).abs() < 1e-9, "{fructan}");
    let s = with("strains.lgg.dose\" = 5e9 #", "strain = \"lgg\"").unwrap();
    assert_eq!(course(&s, "input.strain.lgg")[0].1, 5e9);
    let s = with(
        "exposures.meditation.value\" = 2 #",
        "exposure = \"meditation\"",
    )
    .unwrap();
    assert_eq!(course(&s, "input.practice")[0].1, 2.0);
    // What somebody sets is marked as theirs.
    let s = with("guilds.BAC.capacity\" = 3 #", "strain = \"lgg\"").unwrap();
    let own = s
        .network
        .parameters
        .iter()
        .find(|p| p.source == "override")
        .unwrap();
    assert!(own.name.contains("BAC"), "{}", own.name);
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

#[test]
fn a_drug_of_skin_and_gut_has_no_dose_that_would_reach_only_one() {
    for model in ["acne", "axis_acne_lean"] {
        for change in ["dose = 2", "amount = \"400 mg/d\""] {
            let text = EXAMPLE
                .replace("model = \"thin\"", &format!("model = \"{model}\""))
                .replace(
                    "input = \"diet.fibre\"\nvalue = \"60 g/d\"",
                    &format!("drug = \"doxycycline\"\n{change}"),
                );
            let error = read(&text).unwrap_err();
            assert!(
                error.message.contains("usual"),
                "{model}: {}",
                error.message
            );
        }
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
