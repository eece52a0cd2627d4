//! Person files: what is understood, and how each kind of bad input is refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use gutskin_biology::parameter_table;
use gutskin_people::person::{PersonError, read};

const GOOD: &str = r#"
[person]
name = "example"
date = 2026-03-01
age = 34
sex = "female"
weight = "68 kg"
height = "171 cm"
condition = "ad"

[[score]]
name = "easi"
value = 18.5
date = 2026-02-20

[[reading]]
name = "crp"
value = "2.4 mg/L"

[questionnaire]
pss10 = [3, 2, 3, 1, 2, 3, 1, 2, 3, nan]
isi = 12

[diet]
pattern = "western"

[[drug]]
name = "ciprofloxacin"
from = 2025-11-02
until = 2025-11-08

[[profile]]
file = "stool.tsv"
date = 2026-02-01
"#;

fn refusal(text: &str) -> PersonError {
    let table = parameter_table().unwrap();
    match read("person.toml", text, &table) {
        Err(error) => error,
        Ok(person) => panic!("accepted: {person:?}"),
    }
}

/// The refusal as a reader sees it: place, fault, mend.
fn shown(text: &str) -> String {
    let error = refusal(text);
    let offset = error.offset().unwrap_or(0);
    let line = text[..offset].matches('\n').count() + 1;
    let column = text[..offset]
        .chars()
        .rev()
        .take_while(|c| *c != '\n')
        .count()
        + 1;
    format!(
        "line {line}, column {column}: {}\n  {}",
        error.message,
        error.help.as_deref().unwrap_or("(no mend)")
    )
}

#[test]
fn a_whole_person_is_understood_in_units_of_the_model() {
    let table = parameter_table().unwrap();
    let person = read("person.toml", GOOD, &table).unwrap();
    assert_eq!(person.readings.len(), 2);
    assert_eq!(person.readings[0].what.observable, "score.easi");
    assert_eq!(person.readings[0].day, -9.0);
    assert_eq!(person.readings[1].value, 2.4);
    // Nine answers with 4, 5, 7, 8 reversed sum to 24; the tenth counts as their mean.
    let (stress, _) = person.habits.stress.unwrap();
    assert!((stress - 240.0 / 9.0).abs() < 1e-9, "{stress}");
    assert!((person.habits.sleep_loss.unwrap().0 - 3.0 * 12.0 / 28.0).abs() < 1e-12);
    assert_eq!(person.habits.inputs["input.diet.starch"], 8.0);
    assert_eq!(person.drugs[0].until, Some(-112.0));
    assert_eq!(person.profiles[0].day, -28.0);
    let grams = GOOD.replace("2.4 mg/L", "0.24 mg/dL");
    let same = read("person.toml", &grams, &table).unwrap();
    assert!((same.readings[1].value - 2.4).abs() < 1e-12);
}

/// By molar mass, or by units of activity.
#[test]
fn units_of_another_dimension_in_which_laboratories_report_are_converted() {
    let table = parameter_table().unwrap();
    let of = |name: &str, value: &str| {
        let told = format!("name = \"{name}\"\nvalue = \"{value}\"");
        let text = GOOD.replace("name = \"crp\"\nvalue = \"2.4 mg/L\"", &told);
        read("person.toml", &text, &table).unwrap().readings[1].value
    };
    for (name, value, expected) in [
        ("vitamin_d", "20 ng/mL", 49.92),
        ("vitamin_d", "20 ug/L", 49.92),
        ("vitamin_d", "50 nmol/L", 50.0),
        ("cortisol", "10 ug/dL", 275.9),
        ("cortisol_saliva", "0.3 ug/dL", 8.277),
        ("insulin", "60 pmol/L", 10.0),
        ("igf1", "20 nmol/L", 153.0),
        ("lal", "0.03 EU/mL", 3.0),
    ] {
        let found = of(name, value);
        assert!(
            (found / expected - 1.0).abs() < 1e-3,
            "{name} {value}: {found}"
        );
    }
}

#[test]
fn foods_of_a_day_become_what_reaches_the_colon() {
    let table = parameter_table().unwrap();
    let day = "[[diet.food]]\nname = \"oats_rolled_dry\"\namount = \"400 g/d\"\n";
    let text = GOOD.replace("[diet]\npattern = \"western\"\n", day);
    let person = read("person.toml", &text, &table).unwrap();
    let inputs = &person.habits.inputs;
    assert!((inputs["input.diet.beta_glucan"] - 16.0).abs() < 1e-9);
    // More than the 28 g of resistant starch: 13 % of what is digestible.
    assert!((inputs["input.diet.starch"] - 0.13 * 4.0 * (67.7 - 10.1 - 0.99)).abs() < 1e-9);
    assert!((inputs["input.diet.fat"] - 26.08).abs() < 1e-9);
}

#[test]
fn children_have_the_life_stage_of_their_age() {
    let table = parameter_table().unwrap();
    let of = |age: &str, more: &str| {
        let text = format!(
            "[person]\ndate = 2026-03-01\nage = {age}\nsex = \"male\"\ncondition = \"ad\"\n{more}"
        );
        read("person.toml", &text, &table).unwrap()
    };
    let stage = |age: &str, more: &str| of(age, more).stage.map(|s| s.id);
    let formula = "feeding = \"formula\"\n";
    assert_eq!(stage("0.3", formula), Some("infant_formula"));
    assert_eq!(stage("0.3", ""), Some("infant_breastfed"));
    assert_eq!(stage("0.7", formula), Some("infant_weaning"));
    assert_eq!(stage("2", ""), Some("toddler"));
    assert_eq!(stage("11.9", ""), Some("child"));
    assert_eq!(stage("12", ""), None);
    let said = |age: &str, more: &str, words: &str| {
        let notes = of(age, more).notes;
        notes.iter().any(|n| n.contains(words))
    };
    assert!(said("7", "", "life stage child"));
    assert!(said("14", "", "adolescents"));
    assert!(!said("30", "", "life stage"));
    assert!(said("0.3", "", "breast milk is taken"));
    assert!(said("7", formula, "feeding is told and not used"));
    assert!(!said("0.3", formula, "told and not used: no equation"));
    let energy = |age: &str| {
        let own = of(age, "").table(&table).unwrap();
        own.get("person.energy_intake").map(|p| p.value)
    };
    assert!(energy("7").is_some() && energy("30").is_none());
    // A child's day of foods need not add up to an adult's.
    let foods = "[[diet.food]]\nname = \"oats_rolled_dry\"\namount = \"100 g/d\"\n";
    assert!(of("7", foods).habits.inputs["input.diet.beta_glucan"] > 0.0);
}

#[test]
fn bad_input_is_refused_with_place_and_mend() {
    let change = |from: &str, to: &str| {
        assert!(GOOD.contains(from), "{from}");
        GOOD.replacen(from, to, 1)
    };
    let cases = [
        ("an impossible age", change("age = 34", "age = 340")),
        ("a child on an adult's diet", change("age = 34", "age = 9")),
        ("a reading of tomorrow", change("2026-02-20", "2026-03-20")),
        (
            "a drug that ends before it begins",
            change("until = 2025-11-08", "until = 2025-10-08"),
        ),
        (
            "a drug before birth",
            change("from = 2025-11-02", "from = 1985-11-02"),
        ),
        ("a day that is none", change("2026-02-20", "2026-02-31")),
        ("a unit of the wrong kind", change("2.4 mg/L", "2.4 nmol/L")),
        (
            "a reading without a unit",
            change("\"2.4 mg/L\"", "\"2.4\""),
        ),
        ("a weight in centimetres", change("68 kg", "68 cm")),
        ("a weight that nobody has", change("68 kg", "6800 kg")),
        ("a reading that nobody has", change("2.4 mg/L", "24 g/L")),
        (
            "a unit that no laboratory has",
            change(
                "\"crp\"\nvalue = \"2.4 mg/L\"",
                "\"vitamin_d\"\nvalue = \"20 IU/L\"",
            ),
        ),
        ("half a point of insomnia", change("isi = 12", "isi = 12.5")),
        ("half a point of sleep", change("isi = 12", "psqi = 6.5")),
        (
            "a food with a wrong letter",
            change(
                "pattern = \"western\"",
                "[[diet.food]]\nname = \"bananna\"\namount = \"200 g/d\"",
            ),
        ),
        (
            "a word of a food with a wrong letter",
            change(
                "pattern = \"western\"",
                "[[diet.food]]\nname = \"oatz\"\namount = \"200 g/d\"",
            ),
        ),
        ("an unknown drug", change("ciprofloxacin", "ciprofloxacine")),
        ("an unknown reading", change("\"crp\"", "\"cpr\"")),
        (
            "an unknown food",
            change(
                "pattern = \"western\"",
                "[[diet.food]]\nname = \"oats_roled_dry\"\namount = \"400 g/d\"",
            ),
        ),
        (
            "foods of less than a day",
            change(
                "pattern = \"western\"",
                "[[diet.food]]\nname = \"oats_rolled_dry\"\namount = \"40 g/d\"",
            ),
        ),
        ("an unknown diet", change("western", "westren")),
        (
            "a diet told twice",
            change("pattern = \"western\"", "pattern = \"western\"\nmedas = 5"),
        ),
        (
            "a score of another condition",
            change("\"easi\"", "\"pasi\""),
        ),
        ("an unknown score", change("\"easi\"", "\"esai\"")),
        ("a score beyond its range", change("18.5", "92")),
        ("an unknown condition", change("\"ad\"", "\"eczema\"")),
        (
            "a condition with a wrong letter",
            change("\"ad\"", "\"Psoriasys\""),
        ),
        ("a condition by its name", change("\"ad\"", "\"psoriasis\"")),
        (
            "a condition that is not simulated",
            change("\"ad\"", "\"rosacea\""),
        ),
        ("a weight in pounds", change("68 kg", "150 lb")),
        ("a height in feet and inches", change("171 cm", "5 ft 7 in")),
        ("a weight without quotes", change("\"68 kg\"", "68")),
        (
            "a profile of after today",
            change("date = 2026-02-01", "date = 2026-04-01"),
        ),
        ("an unknown sex", change("\"female\"", "\"femal\"")),
        (
            "an answer beyond its range",
            change("[3, 2, 3,", "[3, 7, 3,"),
        ),
        ("too few answers", change("[3, 2, 3,", "[3,")),
        (
            "three missing answers",
            change("[3, 2, 3,", "[nan, nan, 3,"),
        ),
        ("a sum beyond its range", change("isi = 12", "isi = 29")),
        ("stress told twice", change("isi = 12", "pss4 = 5")),
        (
            "one thing twice on a day",
            change(
                "[questionnaire]",
                "[[reading]]\nname = \"crp\"\nvalue = \"3 mg/L\"\n[questionnaire]",
            ),
        ),
        ("a score before birth", change("2026-02-20", "1985-02-20")),
        ("a score of long ago", change("2026-02-20", "1700-02-20")),
        (
            "a profile before birth",
            change(
                "[questionnaire]",
                "[[profile]]\nfile = \"p.tsv\"\ndate = 1985-02-15\n[questionnaire]",
            ),
        ),
        (
            "one profile twice on a day",
            change(
                "[questionnaire]",
                "[[profile]]\nfile = \"p.tsv\"\n[[profile]]\nfile = \"p.tsv\"\n[questionnaire]",
            ),
        ),
        (
            "a person of long ago",
            change("date = 2026-03-01", "date = 1700-03-01"),
        ),
        (
            "one drug twice on the same days",
            format!("{GOOD}[[drug]]\nname = \"ciprofloxacin\"\nfrom = 2025-11-08\n"),
        ),
        ("a body that nobody has", change("68 kg", "20 kg")),
        ("a grown weight at two", change("age = 34", "age = 2")),
        (
            "a MEDAS beyond its range",
            change("pattern = \"western\"", "medas = 15"),
        ),
        (
            "a food by one word of it",
            change(
                "pattern = \"western\"",
                "[[diet.food]]\nname = \"oats\"\namount = \"400 g/d\"",
            ),
        ),
        ("a drug by its trade", change("ciprofloxacin", "Dupixent")),
        ("a key that is none", change("sex = ", "gender = ")),
        ("no date", change("date = 2026-03-01\n", "")),
    ];
    let all: Vec<String> = cases
        .iter()
        .map(|(what, text)| format!("{what}\n  {}\n", shown(text)))
        .collect();
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn every_refusal_of_a_mangled_file_says_something() {
    let table = parameter_table().unwrap();
    for cut in 0..GOOD.len() {
        if let Some(start) = GOOD.get(..cut)
            && let Err(error) = read("person.toml", start, &table)
        {
            assert!(!error.message.is_empty());
        }
    }
}

#[test]
fn what_has_no_date_and_old_profiles_are_noted() {
    let table = parameter_table().unwrap();
    let notes = |text: &str| read("person.toml", text, &table).unwrap().notes;
    let has = |notes: &[String], said: &str| notes.iter().any(|n| n.contains(said));
    let today = notes(GOOD);
    assert!(
        has(
            &today,
            "without a date, taken as of today (2026-03-01): crp"
        ),
        "{today:?}"
    );
    let dated = GOOD.replace("2.4 mg/L\"", "2.4 mg/L\"\ndate = 2026-02-20");
    assert!(!has(&notes(&dated), "without a date"));
    let undated = GOOD.replace("date = 2026-02-01\n", "");
    assert!(has(&notes(&undated), "crp, stool.tsv"));
    let old = notes(&GOOD.replace("date = 2026-02-01", "date = 2003-02-01"));
    assert!(
        has(&old, "stool.tsv is 23 years old") && has(&old, "leave it out"),
        "{old:?}"
    );
    let recent = notes(&GOOD.replace("date = 2026-02-01", "date = 2024-02-01"));
    assert!(
        has(&recent, "is 759 days old and is taken for today's usual"),
        "{recent:?}"
    );
}

/// What is possible and doubtful is noted.
#[test]
fn doubtful_foods_and_readings_of_two_times_are_noted() {
    let table = parameter_table().unwrap();
    let noted = |text: &str, words: &str| {
        let notes = read("person.toml", text, &table).unwrap().notes;
        notes.iter().any(|n| n.contains(words))
    };
    let oil = |grams: &str| {
        let foods = format!(
            "[[diet.food]]\nname = \"olive_oil\"\namount = \"{grams} g/d\"\n[[diet.food]]\nname = \"oats_rolled_dry\"\namount = \"300 g/d\"\n"
        );
        GOOD.replace("[diet]\npattern = \"western\"\n", &foods)
    };
    assert!(noted(&oil("4900"), "usual servings"));
    assert!(noted(&oil("4900"), "kcal a day"));
    assert!(!noted(&oil("40"), "usual servings") && !noted(&oil("40"), "kcal a day"));
    let second = |value: &str, date: &str| {
        format!("{GOOD}[[score]]\nname = \"easi\"\nvalue = {value}\ndate = {date}\n")
    };
    let words = "leave the older one out";
    assert!(noted(&second("2", "2025-12-01"), words));
    assert!(!noted(&second("17", "2025-12-01"), words));
    assert!(!noted(&second("2", "2026-02-10"), words));
}

#[test]
fn ages_with_decimals_are_told_to_a_month() {
    let table = parameter_table().unwrap();
    let of = |age: &str, day: &str| {
        let text = format!(
            "[person]\ndate = 2026-03-01\nage = {age}\nsex = \"male\"\ncondition = \"ad\"\n[[score]]\nname = \"easi\"\nvalue = 4\ndate = {day}\n"
        );
        read("person.toml", &text, &table).is_ok()
    };
    assert!(of("2", "2023-03-05") && !of("2", "2023-02-01"));
    assert!(of("0.5", "2025-08-20") && !of("0.5", "2025-07-01"));
}

#[test]
fn what_is_told_beside_readings_is_kept_in_words() {
    let table = parameter_table().unwrap();
    let person = read("person.toml", GOOD, &table).unwrap();
    let of = |what: &str| {
        let found = person.told.iter().find(|t| t.what == what).unwrap();
        (found.value.clone(), found.date.clone())
    };
    assert_eq!(of("Age").0, "34 years");
    assert_eq!(of("Sleep").0, "ISI 12 of 28");
    assert_eq!(of("Diet").0, "western");
    assert_eq!(
        of("Drug"),
        (
            "ciprofloxacin".to_owned(),
            "2025-11-02 to 2025-11-08".to_owned()
        )
    );
    assert!(person.told.iter().any(|t| t.what == "Body mass index"));
}
