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
    let one = simulate(&scenario, &request(&["score.pasi", "pso.plaque"], 0)).unwrap();
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
    let many = simulate(&scenario, &request(&[], 20)).unwrap();
    assert!(many[0].low[0] < many[0].mean[0] && many[0].mean[0] < many[0].high[0]);
}

#[test]
fn a_wrong_name_is_told_with_the_nearest() {
    let error = simulate(&psoriasis(), &request(&["score.pasy"], 0)).unwrap_err();
    assert!(matches!(error, SimulateError::Unknown { .. }));
    assert!(
        error.to_string().contains("did you mean \"score.pasi\"?"),
        "{error}"
    );
    let rows = Request {
        every: 1e-9,
        ..request(&[], 0)
    };
    assert!(simulate(&psoriasis(), &rows).is_err());
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
