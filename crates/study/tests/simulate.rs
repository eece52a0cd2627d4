//! People through scenarios, and one thing varied.
#![allow(clippy::unwrap_used)]

use gutskin_biology::parameter_table;
use gutskin_study::scenario::{self, Scenario};
use gutskin_study::simulate::{Request, SimulateError, simulate};
use gutskin_study::sweep::{Vary, sweep};

const PSORIASIS: &str = include_str!("../../../examples/psoriasis-ixekizumab.toml");

fn psoriasis() -> Scenario {
    scenario::read("trial.toml", PSORIASIS, &parameter_table().unwrap()).unwrap()
}

fn request(names: &[&str], people: u32) -> Request {
    Request {
        names: names.iter().map(|n| (*n).to_owned()).collect(),
        people,
        every: 7.0,
    }
}

#[test]
fn one_person_has_no_spread_and_many_have() {
    let scenario = psoriasis();
    let one = simulate(
        &scenario,
        &request(&["score.pasi", "pso.plaque"], 0),
        &mut |_| {},
    )
    .unwrap();
    assert_eq!(one.len(), 4, "two names in two arms");
    for series in &one {
        assert_eq!(
            (series.days.len(), series.people, series.failed),
            (13, 1, 0)
        );
        assert_eq!(series.low, series.high);
    }
    let of = |name: &str, arm: &str| one.iter().find(|s| s.name == name && s.arm == arm).unwrap();
    // Nobody is treated in the first arm, so that a person at rest stays there.
    let rest = &of("score.pasi", "placebo").mean;
    assert!((rest[12] / rest[0] - 1.0).abs() < 1e-4);
    assert!(of("score.pasi", "ixekizumab").mean[12] < 0.5 * rest[0]);
    let many = simulate(&scenario, &request(&[], 20), &mut |_| {}).unwrap();
    assert!(many[0].low[0] < many[0].mean[0] && many[0].mean[0] < many[0].high[0]);
}

#[test]
fn a_wrong_name_is_told_with_the_nearest() {
    let error = simulate(&psoriasis(), &request(&["score.pasy"], 0), &mut |_| {}).unwrap_err();
    assert!(matches!(error, SimulateError::Unknown { .. }));
    assert!(
        error.to_string().contains("did you mean \"score.pasi\"?"),
        "{error}"
    );
    let rows = Request {
        every: 1e-9,
        ..request(&[], 0)
    };
    assert!(simulate(&psoriasis(), &rows, &mut |_| {}).is_err());
    // More people than memory holds are refused before anyone is followed.
    let crowd = request(&[], u32::MAX);
    let mut followed = 0;
    let error = simulate(&psoriasis(), &crowd, &mut |done| followed = done).unwrap_err();
    assert!(error.to_string().contains("up to"), "{error}");
    assert_eq!(followed, 0);
}

#[test]
fn power_grows_with_size_and_effect_with_dose() {
    let table = parameter_table().unwrap();
    let text = format!(
        "{PSORIASIS}\n[parameters]\n\"drugs.ixekizumab.il17.ceiling\" = 0.2\n[design]\npool = 160\nreplicates = 200"
    );
    let of = |text: &str, vary: &str| {
        let vary = Vary::parse(vary).unwrap();
        sweep(("trial.toml", text, &table), &[], &vary, &mut |_| {}).unwrap()
    };
    let sizes = of(&text, "size=10,60");
    let power = |i: usize| sizes[i].summary.comparisons[0].power;
    assert!(power(0) + 0.1 < power(1), "{} {}", power(0), power(1));
    let truth = |i: usize| sizes[i].summary.comparisons[0].effect;
    assert_eq!(truth(0), truth(1), "one pool");
    let small = text.replace("size = 200", "size = 10");
    let doses = of(&small, "dose=0..1:3");
    let effect = |i: usize| doses[i].summary.comparisons[0].effect.mean;
    assert!(effect(0).abs() < 1e-6, "no dose, no effect: {}", effect(0));
    assert!(effect(2) < effect(1) && effect(1) < 0.0);
    let ceilings = of(&small, "drugs.ixekizumab.il17.ceiling=0.1,0.4");
    assert!(
        ceilings[1].summary.comparisons[0].effect.mean
            < ceilings[0].summary.comparisons[0].effect.mean
    );
}

#[test]
fn values_that_do_not_fit_are_told() {
    let table = parameter_table().unwrap();
    let fault = |vary: &str| {
        let vary = Vary::parse(vary).unwrap();
        let found = sweep(("trial.toml", PSORIASIS, &table), &[], &vary, &mut |_| {});
        found.unwrap_err().to_string()
    };
    assert!(fault("size=few").contains("whole number"));
    assert!(fault("dose=-1").contains("0 or more"));
    assert!(
        fault("pso.t18_rate=1").contains("t17_rate"),
        "{}",
        fault("pso.t18_rate=1")
    );
    assert!(fault("duration=3 kg").contains("kg"));
}

/// The body in one of its modes for so many days, a speech at 15:00 of one of them in the second arm.
fn speech(model: &str, (days, day): (u32, f64), windows: &str) -> String {
    let start = day + 0.625;
    format!(
        r#"
[scenario]
name = "A speech"
model = "{model}"
condition = "ad"
duration = "{days} d"
visits = "1 d"
[population]
size = 2
[[arm]]
name = "none"
[[arm]]
name = "speech"
[[arm.change]]
exposure = "stress_acute"
start = "{start} d"
{windows}
[endpoint]
observable = "hpa.cortisol"
measure = "change"
"#
    )
}

fn cortisol(text: &str) -> [Vec<f64>; 2] {
    let scenario = scenario::read("speech.toml", text, &parameter_table().unwrap()).unwrap();
    let quarter = Request {
        names: Vec::new(),
        people: 0,
        every: 1.0 / 96.0,
    };
    let all = simulate(&scenario, &quarter, &mut |_| {}).unwrap();
    [all[0].mean.clone(), all[1].mean.clone()]
}

fn highest(values: &[f64]) -> f64 {
    values.iter().copied().fold(0.0, f64::max)
}

const DAY: usize = 96;

#[test]
fn a_model_with_the_clock_starts_at_rest_and_stays_there() {
    let [none, _] = cortisol(&speech("body_within_day", (6, 3.0), ""));
    for day in 0..6 {
        let day = &none[day * DAY..(day + 1) * DAY];
        let peak = highest(day);
        assert!((390.0..460.0).contains(&peak), "{peak}");
        let mean = day.iter().sum::<f64>() / 96.0;
        assert!((160.0..215.0).contains(&mean), "{mean}");
    }
    let drift = highest(&none[5 * DAY..6 * DAY]) / highest(&none[..DAY]) - 1.0;
    assert!(drift.abs() < 0.005, "{drift}");
}

#[test]
fn a_window_in_a_long_run_of_daily_means_is_lived_by_the_clock() {
    let window = "[[window]]\nstart = \"20 d\"\nstop = \"21 d\"";
    let [none, given] = cortisol(&speech("body", (30, 20.0), window));
    let [_, clock] = cortisol(&speech("body_within_day", (6, 3.0), ""));
    let (speech, same) = (20 * DAY + 60, 3 * DAY + 60);
    // Two hours from 15:00: the same course as where the clock runs all along, and well above the day without.
    for i in 0..8 {
        let gap = given[speech + i] / clock[same + i] - 1.0;
        assert!(gap.abs() < 0.02, "{i}: {gap}");
    }
    assert!(highest(&given[speech..speech + 8]) > 1.5 * highest(&none[speech..speech + 8]));
    // Daily means before the clock starts and after it ends.
    let rest = none[0];
    assert!((160.0..215.0).contains(&rest));
    for &value in none[..17 * DAY].iter().chain(&none[21 * DAY..]) {
        assert!((value / rest - 1.0).abs() < 0.02, "{value} {rest}");
    }
    assert!(none.iter().chain(&given).all(|v| v.is_finite() && *v > 0.0));
}

/// A steroid that goes on before, in and after a window holds cortisol down alike on the day after it.
#[test]
fn what_lasts_over_a_window_goes_on_after_it() {
    let lasting = |windows: &str| {
        let text = speech("body", (30, 12.0), windows).replace("stress_acute", "corticosteroid");
        let [none, given] = cortisol(&text);
        (given[21 * DAY + 1], none[0])
    };
    let (after, usual) = lasting("[[window]]\nstart = \"20 d\"\nstop = \"21 d\"");
    let (plain, _) = lasting("");
    println!("{after:.1} {plain:.1} {usual:.1}");
    assert!(plain < 0.75 * usual, "{plain} {usual}");
    assert!((after / plain - 1.0).abs() < 0.03, "{after} {plain}");
}

/// A week in which something happens within a window is that of the model by the clock: what was lived there does not
/// come again in the daily means that follow.
#[test]
fn a_week_with_a_window_is_that_of_the_clock() {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    for (exposure, hour, within) in [
        ("stress_acute", 0.625, 0.01),
        ("exercise_acute", 0.83, 0.02),
        ("corticosteroid_dose", 0.33, 0.03),
        ("corticosteroid_dose", 0.2, 0.03),
        ("corticosteroid_dose", 0.83, 0.04),
    ] {
        let text = |model: &str, days, day: f64, window: &str| {
            // The day's fraction that `speech` adds is taken off.
            speech(model, (days, day + hour - 0.625), window).replace("stress_acute", exposure)
        };
        let window = "[[window]]\nstart = \"20 d\"\nstop = \"21 d\"";
        let [none, given] = cortisol(&text("body", 30, 20.0, window));
        let [still, clock] = cortisol(&text("body_within_day", 12, 3.0, ""));
        let week = |values: &[f64], from: usize| mean(&values[from * DAY..(from + 7) * DAY]);
        let in_window = week(&given, 20) / week(&none, 20) - 1.0;
        let by_clock = week(&clock, 3) / week(&still, 3) - 1.0;
        println!("{exposure} {hour}: {in_window:.4} {by_clock:.4}");
        assert!(by_clock.abs() > 0.005, "{exposure}: {by_clock}");
        assert!(
            (in_window - by_clock).abs() < within,
            "{exposure} at {hour}: {in_window} {by_clock}"
        );
    }
}

#[test]
fn events_shorter_than_a_day_are_warned_of_where_a_day_is_one() {
    let read = |text: &str| scenario::read("speech.toml", text, &parameter_table().unwrap());
    let warned = |model: &str, windows: &str| {
        let scenario = read(&speech(model, (30, 20.0), windows)).unwrap();
        scenario
            .warnings
            .iter()
            .any(|w| w.contains("takes a day as one"))
    };
    assert!(warned("body", ""));
    assert!(!warned("body_within_day", ""));
    let window = "[[window]]\nstart = \"20 d\"\nstop = \"21 d\"";
    assert!(!warned("body", window));
    assert!(warned(
        "body",
        &window.replace("20", "2").replace("21", "3")
    ));
    for (model, window, problem) in [
        ("body_within_day", window, "has the clock all along"),
        ("body", &*window.replace("21", "31"), "is not possible"),
        ("body", &*window.replace("21", "19"), "is not possible"),
    ] {
        let error = read(&speech(model, (30, 20.0), window))
            .unwrap_err()
            .to_string();
        assert!(error.contains(problem), "{error}");
    }
}

/// A flux is asked for by the name of its process, and is the rate of that.
#[test]
fn a_flux_is_the_rate_of_its_process() {
    let text = include_str!("../../../examples/acne-fibre.toml");
    let scenario = scenario::read("trial.toml", text, &parameter_table().unwrap()).unwrap();
    let names = ["colon.fermentation", "colon.fibre"];
    let found = simulate(&scenario, &request(&names, 0), &mut |_| {}).unwrap();
    let network = &scenario.network;
    let rate = network.parameter("colon.fermentation_rate").unwrap() as usize;
    let (flux, fibre) = (&found[0], &found[1]);
    assert_eq!((flux.name.as_str(), flux.unit.as_str()), (names[0], "g/d"));
    for (flux, fibre) in flux.mean.iter().zip(&fibre.mean) {
        assert!((flux / (network.parameters[rate].value * fibre) - 1.0).abs() < 1e-9);
    }
}
