//! Bursts of bacterial DNA in courses: as their mean and one by one.
#![allow(clippy::unwrap_used)]

use gutskin_biology::parameter_table;
use gutskin_study::Bursts;
use gutskin_study::scenario::{self, Scenario};
use gutskin_study::simulate::{Request, Series, simulate};

/// People with twice the usual lipopolysaccharide, in whom bursts are common; from day 7 on, one arm takes what injures the lining.
fn leaky(bursts: &str, more: &str) -> Scenario {
    let text = format!(
        "[scenario]\nname = \"leaky\"\nmodel = \"body\"\ncondition = \"pso\"\nduration = \"28 d\"\nvisits = \"1 d\"\nseed = 4\n\
         [population]\nsize = 2\n[inputs]\n\"clamped.lps_activity\" = 2.0\n\
         [[arm]]\nname = \"as usual\"\n[[arm]]\nname = \"also as usual\"\n\
         [[arm]]\nname = \"injured\"\n[[arm.change]]\nexposure = \"nsaid_indomethacin\"\nstart = \"7 d\"\nstop = \"28 d\"\n\
         [endpoint]\nobservable = \"endotoxin.dna\"\nmeasure = \"change\"\n\
         [design]\nbursts = \"{bursts}\"\n{more}"
    );
    scenario::read("leaky.toml", &text, &parameter_table().unwrap()).unwrap()
}

/// DNA and hazard, arm by arm.
fn seen(scenario: &Scenario, people: u32) -> Vec<Series> {
    let request = Request {
        names: ["endotoxin.dna", "endotoxin.burst_hazard"]
            .map(str::to_owned)
            .to_vec(),
        people,
        every: 0.5,
    };
    let series = simulate(scenario, &request, &mut |_| {}).unwrap();
    assert!(series.iter().all(|s| s.failed == 0), "{series:?}");
    series
}

fn over_time(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[test]
fn drawn_one_by_one_they_make_what_their_mean_makes() {
    let (drawn, mean) = (leaky("drawn", ""), leaky("mean", ""));
    let people = 120;
    let (one_by_one, as_mean) = (seen(&drawn, people), seen(&mean, people));
    for arm in [0, 4] {
        let (found, expected) = (
            over_time(&one_by_one[arm].mean),
            over_time(&as_mean[arm].mean),
        );
        assert!(expected > 0.2, "{expected}");
        assert!(
            (found / expected - 1.0).abs() < 0.1,
            "arm {arm}: {found} for {expected}"
        );
    }
    // What is a steady flow in one is nothing or much in the other.
    assert!(one_by_one[0].low[40] < 0.1 * as_mean[0].mean[40]);
    assert!(over_time(&seen(&leaky("none", ""), 5)[0].high) < 1e-12);
}

#[test]
fn arms_that_are_alike_have_the_same_bursts_and_more_hazard_has_more() {
    let series = seen(&leaky("drawn", ""), 40);
    let [usual, also, injured] = [0, 2, 4].map(|i| &series[i].mean);
    assert_eq!(usual, also);
    let before = usual.iter().zip(injured.iter()).take(13);
    // The solver's steps look ahead, the person does not.
    before.for_each(|(a, b)| {
        assert!(
            (a / b - 1.0).abs() < 1e-6,
            "before the first dose: {a}, {b}"
        )
    });
    assert!(over_time(&injured[14..]) > 1.02 * over_time(&usual[14..]));
    assert_eq!(series, seen(&leaky("drawn", ""), 40));
}

#[test]
fn they_go_on_through_windows_and_under_the_clock() {
    let window = leaky("drawn", "[[window]]\nstart = \"5 d\"\nstop = \"8 d\"\n");
    let (series, daily) = (seen(&window, 30), seen(&leaky("drawn", ""), 30));
    // Same hours and same chances; only the hazard differs by what the clock does to the lining.
    let (windowed, whole) = (over_time(&series[0].mean), over_time(&daily[0].mean));
    assert!(
        (windowed / whole - 1.0).abs() < 0.1,
        "{windowed} for {whole}"
    );
    assert_eq!(series[0].mean[..3], daily[0].mean[..3]);
}

#[test]
fn they_come_as_their_mean_in_psoriasis_unless_told_otherwise() {
    let table = parameter_table().unwrap();
    let text = include_str!("../../../examples/psoriasis-mediterranean.toml");
    let usual = scenario::read("p.toml", text, &table).unwrap();
    assert_eq!(usual.bursts, Bursts::Mean);
    let eczema = include_str!("../../../examples/eczema-synbiotic.toml");
    assert_eq!(
        scenario::read("e.toml", eczema, &table).unwrap().bursts,
        Bursts::None
    );
    let wrong = scenario::read(
        "p.toml",
        &text.replace("[design]", "[design]\nbursts = \"often\""),
        &table,
    );
    assert!(wrong.is_err());
    let own = format!("{text}\n[inputs]\n\"input.bursts_as_mean\" = \"0.5\"\n");
    let half = scenario::read("p.toml", &own, &table).unwrap();
    let at = half.network.input("input.bursts_as_mean").unwrap() as usize;
    assert_eq!(
        (half.bursts, half.network.inputs[at].default),
        (Bursts::None, 0.5)
    );
    let both = own.replace("[design]", "[design]\nbursts = \"mean\"");
    assert!(scenario::read("p.toml", &both, &table).is_err());
    let thin = include_str!("../../../examples/acne-fibre.toml");
    let refused = scenario::read(
        "a.toml",
        &format!("{thin}\n[design]\nbursts = \"drawn\"\n"),
        &table,
    );
    assert!(
        refused
            .unwrap_err()
            .to_string()
            .contains("no bursts of bacterial DNA")
    );
}
