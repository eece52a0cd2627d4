//! What arms are given: exposures, diets, foods, prebiotics, strains and drugs, by name and amount.
#![allow(clippy::unwrap_used, clippy::panic)]

use gutskin_biology::catalogue::input_bounds;
use gutskin_biology::colon::ColonOptions;
use gutskin_biology::parameter_table;
use gutskin_network::overrides::Override;
use gutskin_network::{Action, Target};
use gutskin_study::Ingredients;
use gutskin_study::scenario::{self, Scenario, ScenarioError};
use gutskin_units::Unit;

const EXAMPLE: &str = include_str!("../../../examples/acne-fibre.toml");

fn read(text: &str) -> Result<Scenario, ScenarioError> {
    scenario::read("trial.toml", text, &parameter_table().unwrap())
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

/// What acts on a part that the model does not have: all of it is named, and a model that has it.
#[test]
fn what_acts_elsewhere_names_a_model_that_holds_it() {
    for (model, change, names, mend) in [
        (
            "axis_ad_lean",
            "exposure = \"tape_stripping\"",
            ["input.tape_stripping", "axis_ad_lean"],
            "for example skin",
        ),
        (
            "axis_ad_lean",
            "exposure = \"scfa_colonic_20g\"",
            ["clamped.scfa_extra", "axis_ad_lean"],
            "for example body",
        ),
    ] {
        let error = read(&on_gut(model, change)).unwrap_err();
        let help = error.help.clone().unwrap_or_default();
        for name in names {
            assert!(error.message.contains(name), "{}", error.message);
        }
        assert!(help.ends_with(mend), "{help}");
    }
}

/// A trial of 12 weeks on this model, read by what the colon shows.
fn on_gut(model: &str, change: &str) -> String {
    format!(
        "[scenario]\nname = \"gut\"\nmodel = \"{model}\"\ncondition = \"ad\"\nduration = \"12 wk\"\nvisits = \"4 wk\"\n[population]\nsize = 20\n[[arm]]\nname = \"none\"\n[[arm]]\nname = \"treated\"\n[[arm.change]]\n{change}\n[endpoint]\nobservable = \"colon.strains\"\nmeasure = \"change\"\nbetter = \"higher\"\n"
    )
}

/// A diet pattern of which a colon sees nothing is eaten there too, to no effect, and that is said.
#[test]
fn a_diet_that_the_colon_does_not_see_is_warned_of() {
    for model in ["colon", "colon_lean"] {
        let found = read(&on_gut(model, "diet = \"elimination\"")).unwrap();
        let told = found.warnings.join("\n");
        for words in [
            "input.milk",
            "input.allergen",
            "does nothing there",
            "for example axis_ad",
        ] {
            assert!(told.contains(words), "{words}: {told}");
        }
        let begun = found.arms.iter().map(|a| a.schedule.changes().len());
        assert_eq!(begun.sum::<usize>(), 0, "{model}");
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
            "trial.toml:16:10: 1e12 CFU/d of \"m_16v\" was not studied, as far as the catalogue knows; 1e9 to 1e10 CFU/d was"
        ]
    );
    assert_eq!(with("prebiotic = \"inulin\"\ndose = 4").len(), 1);
    assert_eq!(with("synbiotic = \"m16v_gos_fos\"\ndose = 20").len(), 1);
    assert_eq!(
        with("input = \"input.diet.starch\"\nvalue = \"1e6 g/d\"").len(),
        1
    );
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

/// Shares beyond 0 to 1 and amounts below nothing are refused by every road, with the bounds and where it was asked for.
#[test]
fn inputs_beyond_what_they_can_be_are_refused() {
    let table = parameter_table().unwrap();
    let text = |change: &str| {
        format!(
            "[scenario]\nname = \"x\"\nmodel = \"body\"\ncondition = \"ad\"\nduration = \"7 d\"\nvisits = \"7 d\"\n[population]\nsize = 2\n\
             [[arm]]\nname = \"a\"\n[[arm]]\nname = \"b\"\n[[arm.change]]\n{change}\n\
             [endpoint]\nobservable = \"immune.crp\"\nmeasure = \"change\"\n"
        )
    };
    let told = |change: &str, list: &[Override]| {
        let read = scenario::read_with("x.toml", &text(change), &table, list);
        read.err().map(|e| e.message)
    };
    let usual = "exposure = \"milk\"";
    for (change, expected) in [
        ("input = \"input.omega3\"\nvalue = \"1.5 1\"", "0 to 1"),
        (
            "input = \"input.milk\"\nvalue = \"-1 kg/d\"",
            "-1000 g/d, but it can be 0 g/d or more",
        ),
        (
            "exposure = \"stress_chronic\"\ndose = 3",
            "52, but it can be 0 to 40",
        ),
        ("exposure = \"vitamin_d\"\ndose = -1", "-2000 IU/d"),
        (
            "exposure = \"sleep_restriction\"\ndose = 4",
            "10 h/d, but it can be 0 to 8 h/d",
        ),
    ] {
        let message = told(change, &[]).unwrap();
        assert!(message.contains(expected), "{message}");
    }
    assert_eq!(told(usual, &[]), None);
    for set in ["input.smoking=-1", "input.sensitised=2", "clamped.itch=11"] {
        let list = [Override::parse(set).unwrap()];
        let message = told(usual, &list).unwrap();
        assert!(message.contains("but it can be"), "{message}");
    }
}
#[test]
fn transit_under_a_drug_follows_its_dose() {
    let transit = |amount: &str| {
        let change = format!(
            "[[arm.change]]\ndrug = \"osmotic_laxative_peg_3350\"\namount = \"{amount} mg/d\""
        );
        course(&on_axis(&change).unwrap(), "input.transit_factor")
    };
    assert_eq!(transit("17000"), [(0.0, 0.8)]);
    assert_eq!(transit("0"), [(0.0, 1.0)]);
    let twice = transit("34000")[0].1;
    assert!((twice - 0.64).abs() < 1e-12, "{twice}");
}

/// What is less than nothing is refused wherever it comes from: the command line, an input, an amount, a dose beyond the whole way.
#[test]
fn less_than_nothing_is_refused() {
    for (change, says) in [
        (
            "input = \"input.diet.starch\"\nvalue = \"-5 g/d\"",
            "would be -5 g/d, but it can be 0 g/d or more",
        ),
        (
            "input = \"input.transit_factor\"\nvalue = \"-1\"",
            "but it can be 0.01 or more",
        ),
        (
            "food = \"kefir_milk\"\namount = \"-5 g/d\"",
            "nothing or more",
        ),
        (
            "drug = \"metformin\"\namount = \"-5 mg/d\"",
            "nothing or more",
        ),
        ("strain = \"lgg\"\ndose = -1", "nothing or more"),
        ("diet = \"western\"\ndose = -1", "the dose of a diet is -1"),
        (
            "diet = \"western\"\ndose = 3",
            "\"input.diet.starch\" would be -8 g/d, but it can be 0 g/d or more",
        ),
        (
            "exposure = \"low_glycaemic_load\"\ndose = 4",
            "\"input.glycaemic_load\" would be",
        ),
    ] {
        let e = on_axis(&format!("[[arm.change]]\n{change}")).unwrap_err();
        assert!(e.message.contains(says), "{change}: {}", e.message);
        assert!(e.offset().is_some(), "{change} has no place");
    }
    let table = parameter_table().unwrap();
    for (change, says) in [
        (
            "input.diet.starch=-5 g/d",
            "--set input.diet.starch=-5 g/d: \"input.diet.starch\" would be -5 g/d",
        ),
        ("input.transit_factor=-1", "but it can be 0.01 or more"),
        (
            "colon.ph_slope=-0.01 L/mmol",
            "of \"colon.ph_slope\" is less than nothing; write zero or more",
        ),
        ("colon.lysis=-1 L/g/d", "a lognormal needs a positive value"),
        ("catalogue.kinetics.BAC.starch.growth=-1", "zero or more"),
    ] {
        let list = [Override::parse(change).unwrap()];
        let mut from = Ingredients::of(&table);
        let e = from
            .changed_model("colon_lean", &list, &|_| false)
            .unwrap_err();
        assert!(e.to_string().contains(says), "{change}: {e}");
    }
    // Every input of amounts has bounds: none is below nothing unseen.
    let options = ColonOptions {
        guilds: vec!["CDI".to_owned()],
        drugs: vec!["metformin".to_owned()],
        strains: vec!["lgg".to_owned()],
        transplants: true,
        ..ColonOptions::default()
    };
    let mut from = Ingredients::of(&table);
    from.colon = options;
    let bounds = input_bounds().unwrap();
    for input in from.model("axis_ad").unwrap().inputs {
        let unit = input.unit.unwrap_or_else(Unit::dimensionless);
        let amount = unit.convert(1.0, &Unit::dimensionless()).is_err();
        let bound = bounds.iter().any(|b| b.are_of(&input.name));
        assert!(bound || !amount, "{} {unit}", input.name);
    }
}

#[test]
fn a_drug_of_skin_and_gut_acts_in_the_gut_of_a_model_without_skin() {
    let text = "[scenario]\nname = \"gut\"\nmodel = \"colon_lean\"\ncondition = \"acne\"\nduration = \"12 wk\"\nvisits = \"4 wk\"\n[population]\nsize = 20\n[[arm]]\nname = \"none\"\n[[arm]]\nname = \"treated\"\n[[arm.change]]\ndrug = \"minocycline\"\n[endpoint]\nobservable = \"colon.strains\"\nmeasure = \"change\"\nbetter = \"higher\"\n";
    let s = read(text).unwrap();
    assert_eq!(course(&s, "input.drug.minocycline"), [(0.0, 100.0)]);
    assert!(
        s.warnings.iter().any(|w| w.contains("in the skin")),
        "{:?}",
        s.warnings
    );
    let idle = read(&text.replace("minocycline", "retinoid")).unwrap_err();
    assert!(idle.message.contains("does not hold"), "{}", idle.message);
}

#[test]
fn foods_and_inputs_beyond_all_eating_are_warned_of() {
    let one = "food = \"oats_rolled_dry\"\namount = \"390 g/d\"";
    let told = |text: &str| read(text).unwrap().warnings.join("\n");
    let once = told(&on_gut("colon", one));
    assert!(!once.contains("together"), "{once}");
    // Each is less than ten servings; a dozen of them nobody eats.
    let many = [one; 12].join("\n[[arm.change]]\n");
    let many = told(&on_gut("colon", &many));
    assert!(
        many.contains("foods of the arm \"treated\" together: input.diet.")
            && many.contains("was another unit meant?"),
        "{many}"
    );
    let inputs = on_gut("colon", one).replace(
        "[endpoint]",
        "[inputs]\n\"input.diet.starch\" = \"2000 g/d\"\n[endpoint]",
    );
    let inputs = told(&inputs);
    assert!(
        inputs.contains("input.diet.starch of 2000 g/d is") && inputs.contains("trial.toml"),
        "{inputs}"
    );
    let usual = on_gut("colon", one).replace(
        "[endpoint]",
        "[inputs]\n\"input.diet.starch\" = \"12 g/d\"\n[endpoint]",
    );
    assert!(!told(&usual).contains("another unit"));
}
