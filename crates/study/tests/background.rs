//! Who enters by age and by what is kept out, and what everybody is on before a trial begins.
#![allow(clippy::unwrap_used)]

use gutskin_biology::parameter_table;
use gutskin_study::scenario::{self, Scenario};
use gutskin_study::trial::{TrialRun, run};

fn text(population: &str, more: &str) -> String {
    format!(
        r#"
[scenario]
name = "Trial"
model = "axis_ad_lean"
condition = "ad"
care = "none"
duration = "8 wk"
visits = "4 wk"
seed = 7

[population]
size = 4
{population}

[[arm]]
name = "usual"

[[arm]]
name = "inulin"
[[arm.change]]
prebiotic = "inulin"

[endpoint]
observable = "score.easi"
measure = "change"

[[secondary]]
observable = "colon.share.BUT"
measure = "change"

[design]
pool = 8
replicates = 10
{more}
"#
    )
}

fn read(population: &str, more: &str) -> Scenario {
    let text = text(population, more);
    scenario::read("trial.toml", &text, &parameter_table().unwrap()).unwrap()
}

fn run_of(population: &str, more: &str) -> TrialRun {
    run(&read(population, more), &mut |_| {}).unwrap()
}

/// True values of an endpoint in the first arm, person by person: at entry and at the end.
fn ends(run: &TrialRun, endpoint: usize) -> Vec<[f64; 2]> {
    let of = |p: &gutskin_study::trial::Patient| {
        let values = &p.arms[0].as_ref().unwrap().values[endpoint];
        [values[0], *values.last().unwrap()]
    };
    run.patients.iter().map(of).collect()
}

fn mean(values: &[[f64; 2]], at: usize) -> f64 {
    values.iter().map(|v| v[at]).sum::<f64>() / values.len() as f64
}

#[test]
fn a_habit_of_everybody_is_a_usual_input() {
    let background =
        "[[population.background]]\ninput = \"input.diet.saturated_fat\"\nvalue = \"60 g/d\"";
    let habit = run_of(background, "");
    let usual = run_of("", "[inputs]\n\"input.diet.saturated_fat\" = \"60 g/d\"");
    let without = run_of("", "");
    assert_eq!(ends(&habit, 0), ends(&usual, 0));
    assert_ne!(ends(&habit, 0), ends(&without, 0));
    // Nobody changes while nothing does.
    for [entry, end] in ends(&habit, 0) {
        assert!((entry - end).abs() < 1e-3 * entry, "{entry} {end}");
    }
}

#[test]
fn a_course_before_the_study_is_over_and_remembered() {
    let course = |start: &str, stop: &str| {
        format!(
            "[[population.background]]\ndrug = \"clindamycin_oral\"\nstart = \"{start}\"\nstop = \"{stop}\""
        )
    };
    let without = ends(&run_of("", ""), 1);
    let late = ends(&run_of(&course("-20 d", "-10 d"), ""), 1);
    let early = ends(&run_of(&course("-300 d", "-290 d"), ""), 1);
    let far = |found: &[[f64; 2]]| {
        let pairs = found.iter().zip(&without);
        pairs.map(|(f, w)| (f[0] - w[0]).abs()).sum::<f64>()
    };
    assert!(
        far(&late) > 2.0 * far(&early),
        "{late:?} {early:?} {without:?}"
    );
    assert!(far(&early) > 0.0);
}

#[test]
fn doses_of_everybody_go_on_through_the_study() {
    let drug = "[[population.background]]\ndrug = \"dupilumab\"";
    let on = ends(&run_of(drug, ""), 0);
    let off = ends(&run_of("", ""), 0);
    assert!(mean(&on, 0) < 0.75 * mean(&off, 0), "{on:?} {off:?}");
    let drift = mean(&on, 1) / mean(&on, 0);
    assert!((drift - 1.0).abs() < 0.1, "{on:?}");
    let named = read(drug, "").population.background.told;
    assert_eq!(named, ["drug dupilumab, throughout"]);
}

#[test]
fn who_is_kept_out_does_not_enter() {
    let rule = "[[population.exclude]]\nobservable = \"score.scorad\"\nlow = 20\nhigh = 40";
    let scenario = read(rule, "");
    let run = run(&scenario, &mut |_| {}).unwrap();
    assert!(run.screened > run.patients.len());
    let all = run_of("", "");
    let kept: Vec<u32> = run.patients.iter().map(|p| p.draw).collect();
    let drawn: Vec<u32> = all.patients.iter().map(|p| p.draw).collect();
    assert_ne!(kept, drawn);
}

#[test]
fn ages_say_the_life_stage() {
    let of = |population: &str| {
        let scenario = read(population, "");
        let grown = scenario.warnings.iter().filter(|w| w.contains("as adults"));
        (scenario.life_stage, grown.count())
    };
    let child = Some("child".to_owned());
    assert_eq!(of("age = { low = \"5 y\", high = \"8 y\" }"), (child, 0));
    let toddler = Some("toddler".to_owned());
    assert_eq!(
        of("age = { low = \"60 wk\", high = \"2 y\" }"),
        (toddler, 0)
    );
    assert_eq!(of("age = { low = \"18 y\", high = \"65 y\" }"), (None, 0));
    assert_eq!(of("age = { low = \"14 y\" }"), (None, 1));
}
