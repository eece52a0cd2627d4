//! What is read of the body by the clock and in daily means, and closures of short events.

use super::super::Lab;
use super::bench::{HOUR, STEP, bolus, course, daily, expose, mean, times, within_day};
use super::hours::speeches;

/// Values of an observable over these times, from the end of a day that has gone as usual.
fn after_a_day(lab: &mut Lab, name: &str, days: &[f64]) -> Vec<f64> {
    lab.run(3.0, &[], Vec::new()).unwrap();
    let solution = lab.run(days[days.len() - 1], days, Vec::new()).unwrap();
    course(lab, &solution, name).unwrap()
}

#[test]
fn the_mean_of_a_day_is_the_same_at_every_hour() {
    let hours = times(0.0, 1.0, 0.5 * HOUR);
    let now = after_a_day(&mut within_day().unwrap(), "hpa.cortisol", &hours);
    let true_mean = mean(&now[1..]);
    for name in [
        "hpa.cortisol_mean",
        "hpa.cortisol_saliva_24h",
        "hpa.acth_24h",
    ] {
        let found = after_a_day(&mut within_day().unwrap(), name, &hours);
        let own = mean(&found);
        for (hour, value) in hours.iter().zip(&found) {
            assert!(
                (value / own - 1.0).abs() < 0.02,
                "{name} {hour}: {value} {own}"
            );
        }
        if name == "hpa.cortisol_mean" {
            assert!((own / true_mean - 1.0).abs() < 0.01, "{own} {true_mean}");
        }
    }
}

#[test]
fn a_day_under_another_drive_is_in_the_mean_of_that_day() {
    let mut lab = within_day().unwrap();
    lab.run(3.0, &[], Vec::new()).unwrap();
    lab.set_input("input.stress_score", 39.0).unwrap();
    let solution = lab.run(1.0, &times(0.0, 1.0, STEP), Vec::new()).unwrap();
    let gone = mean(&course(&lab, &solution, "hpa.cortisol").unwrap());
    let read = lab.read("hpa.cortisol_mean").unwrap();
    assert!(
        gone > 200.0 && (read / gone - 1.0).abs() < 0.03,
        "{read} {gone}"
    );
}

/// Leak for what is eaten is no observable; the kit follows it by a power at every moment.
fn eaten(lab: &Lab, solution: &gutskin_engine::Solution) -> Vec<f64> {
    let power = lab.parameter("barrier.zonulin_exponent").unwrap();
    let usual = lab.parameter("barrier.zonulin_reference").unwrap();
    let kit = course(lab, solution, "barrier.zonulin_kit").unwrap();
    kit.iter().map(|z| (z / usual).powf(1.0 / power)).collect()
}

#[test]
fn a_sugar_test_gathers_two_hours_and_a_late_one_sixteen() {
    const START: f64 = 1.0 + 10.0 * HOUR;
    let mut lab = within_day().unwrap();
    lab.set_parameter("barrier.zonulin_exponent", 1.0).unwrap();
    let speech = expose(&lab, "stress_acute", 1.0, (START, None)).unwrap();
    for (after, window, name, own) in [
        (
            2.0,
            2.0,
            "barrier.lactulose_mannitol",
            "barrier.lactulose_mannitol_reference",
        ),
        (
            3.0,
            2.0,
            "barrier.lactulose_mannitol",
            "barrier.lactulose_mannitol_reference",
        ),
        (
            5.0,
            2.0,
            "barrier.lactulose_mannitol",
            "barrier.lactulose_mannitol_reference",
        ),
        (
            16.0,
            16.0,
            "barrier.lactulose_mannitol_late",
            "barrier.lactulose_mannitol_late_reference",
        ),
    ] {
        lab.begin();
        let end = START + after * HOUR;
        let outputs = times(end - window * HOUR, end, STEP);
        let solution = lab.run(end, &outputs, speech.clone()).unwrap();
        let open = eaten(&lab, &solution);
        let expected = mean(&open) * lab.parameter(own).unwrap();
        let found = lab.read(name).unwrap();
        assert!(
            // What is as old as the window is long is on its rounded edge.
            (found / expected - 1.0).abs()
                < if after == window && after > 2.0 {
                    0.06
                } else {
                    0.03
                },
            "{name} {after} h: {found} {expected}"
        );
        // No reading of that moment.
        let instant = open[open.len() - 1] / mean(&open);
        assert!((instant - 1.0).abs() > 0.04, "{name} {after} h: {instant}");
    }
}

#[test]
fn hair_remembers_weeks_and_blood_a_day() {
    let mut lab = daily().unwrap();
    lab.rest().unwrap();
    let rested = ["hpa.cortisol_hair", "hpa.cortisol_mean"].map(|n| lab.read(n).unwrap());
    lab.set_input("input.stress_score", 26.0).unwrap();
    let mut rise = |days: f64| {
        lab.run(days, &[], Vec::new()).unwrap();
        let now = ["hpa.cortisol_hair", "hpa.cortisol_mean"].map(|n| lab.read(n).unwrap());
        [now[0] / rested[0] - 1.0, now[1] / rested[1] - 1.0]
    };
    let week = rise(7.0);
    assert!(
        week[1] > 0.05 && week[0] > 0.0 && week[0] < 0.3 * week[1],
        "{week:?}"
    );
    let year = rise(365.0);
    assert!((year[0] / year[1] - 1.0).abs() < 0.05, "{year:?}");
    // Somebody whose glands make more has more in hair too.
    let before = lab.read("hpa.cortisol_hair").unwrap();
    let own = lab.parameter("hpa.cortisol_scale").unwrap();
    lab.set_parameter("hpa.cortisol_scale", 1.2 * own).unwrap();
    let more = lab.read("hpa.cortisol_hair").unwrap() / before;
    assert!((more / 1.2 - 1.0).abs() < 1e-9, "{more}");
}

#[test]
fn limulus_lysate_sees_what_is_infused_and_what_bursts_bring() {
    const START: f64 = 1.0 + 9.0 * HOUR;
    let mut lab = within_day().unwrap();
    let given = bolus(&lab, START, 1.0).unwrap();
    let outputs = [START - HOUR, START + 0.1 * HOUR, START + 8.0 * HOUR];
    let solution = lab.run(START + 9.0 * HOUR, &outputs, vec![given]).unwrap();
    let seen = course(&lab, &solution, "endotoxin.lal").unwrap();
    // 1 ng/kg is 23 pg/mL, gone in hours.
    assert!((18.0..24.0).contains(&(seen[1] - seen[0])), "{seen:?}");
    assert!((seen[2] / seen[0] - 1.0).abs() < 0.1, "{seen:?}");
    let mut lab = daily().unwrap();
    lab.rest().unwrap();
    let usual = lab.read("endotoxin.lal").unwrap();
    let dna = lab.state_index("endotoxin.bacterial_dna").unwrap();
    lab.state[dna] += 1.0;
    lab.run(0.2, &[], Vec::new()).unwrap();
    assert!(lab.read("endotoxin.lal").unwrap() > usual + 0.1);
}

#[test]
fn a_score_of_26_is_a_strain_of_one_and_scores_are_held_between_minus_one_and_two() {
    let mut lab = daily().unwrap();
    let half = lab.parameter("smoothing.width").unwrap();
    for (score, strain) in [
        (0.0, -1.0),
        (13.0, 0.0),
        (20.0, 7.0 / 13.0),
        (26.0, 1.0),
        (39.0, 2.0),
    ] {
        lab.set_input("input.stress_score", score).unwrap();
        // 2·s, of the moment.
        let found = lab.read("hpa.stress_now").unwrap() / 2.0;
        assert!((found - strain).abs() < half, "{score}: {found}");
    }
}

/// Highest gain of a loop over allergen loads in sensitised people.
#[test]
fn no_loop_of_a_sensitised_person_reaches_one_half_at_any_load_of_allergen() {
    let mut highest: (f64, f64) = (0.0, 0.0);
    for load in [1.0, 1.1, 1.3, 1.6, 2.0, 2.4, 3.0, 5.0, 10.0, 30.0] {
        let mut lab = daily().unwrap();
        lab.set_input("input.sensitised", 1.0).unwrap();
        lab.set_input("input.allergen", load).unwrap();
        for (_, gain) in super::invariants::loop_gains(&mut lab).unwrap() {
            if gain > highest.0 {
                highest = (gain, load);
            }
        }
    }
    println!(
        "highest gain {:.3} at {} times the allergen",
        highest.0, highest.1
    );
    assert!(highest.0 > 0.15 && highest.0 < 0.5, "{highest:?}");
}

/// Peaks of TNF, IL-6 and IL-10 after 4 ng/kg, so many hours after a dose of prednisolone.
fn challenged(mg: f64) -> [f64; 3] {
    const START: f64 = 1.0 + 9.0 * HOUR;
    let mut lab = within_day().unwrap();
    let mut given = expose(
        &lab,
        "corticosteroid_dose",
        mg / 30.0,
        (START - 2.0 * HOUR, None),
    )
    .unwrap();
    given.push(bolus(&lab, START, 4.0).unwrap());
    let outputs = times(START, START + 8.0 * HOUR, STEP);
    let solution = lab.run(START + 9.0 * HOUR, &outputs, given).unwrap();
    ["immune.tnf", "immune.il6", "immune.il10"].map(|n| {
        course(&lab, &solution, n)
            .unwrap()
            .into_iter()
            .fold(0.0, f64::max)
    })
}

#[test]
fn prednisolone_by_mouth_holds_cytokines_down_by_its_dose() {
    let all = [0.0, 3.0, 10.0, 30.0].map(challenged);
    let over = |k: usize| all.map(|c| c[k] / all[0][k]);
    let (tnf, il6, il10) = (over(0), over(1), over(2));
    println!("TNF {tnf:.3?} IL-6 {il6:.3?} IL-10 {il10:.3?}");
    assert!(tnf.windows(2).all(|w| w[1] < w[0]));
    // IL-6 by less, IL-10 the other way; small doses take about as much cortisol away as they bring.
    assert!(tnf[3] < 0.2 && (0.8..0.96).contains(&il6[3]) && il10[3] > 2.0);
}

#[test]
fn a_dose_of_steroid_is_the_same_amount_in_both_modes() {
    let sums = [daily().unwrap(), within_day().unwrap()].map(|mut lab| {
        let given = expose(&lab, "corticosteroid_dose", 1.0, (1.3, None)).unwrap();
        let i = lab.state_index("hpa.steroid").unwrap();
        let step = 0.25 * HOUR;
        let outputs = times(step, 12.0, step);
        let solution = lab.run(12.0, &outputs, given).unwrap();
        let rows = 0..solution.trajectory.len();
        rows.map(|r| solution.trajectory.states(r)[i] * step)
            .sum::<f64>()
    });
    // 30 mg at 10 mg a unit and day.
    assert!(
        sums.iter().all(|s| (s / 3.0 - 1.0).abs() < 0.03),
        "{sums:?}"
    );
}

/// Means of mast cells' leak and of the hazard of bursts over two weeks of three speeches each: by the clock, in daily means
/// where the exposure is named, and there by its rate.
fn events(link: bool) -> [[f64; 2]; 3] {
    const NAMES: [&str; 2] = ["barrier.zonulin_kit", "endotoxin.burst_hazard"];
    let means = |lab: &mut Lab, changes, step: f64| {
        let outputs = times(14.0 + 0.5 * step, 28.0 - 0.5 * step, step);
        let solution = lab.run(28.0, &outputs, changes).unwrap();
        NAMES.map(|n| mean(&course(lab, &solution, n).unwrap()))
    };
    let (mut clock, mut slow) = (within_day().unwrap(), daily().unwrap());
    for lab in [&mut clock, &mut slow] {
        let i = lab.network.switch("link.acute_stress_to_hpa").unwrap();
        lab.switches[i as usize] = f64::from(u8::from(link));
        lab.set_parameter("barrier.zonulin_exponent", 1.0).unwrap();
    }
    let given = speeches(&clock, 15.0);
    let by_clock = means(&mut clock, given, HOUR / 6.0);
    let given = speeches(&slow, 15.0);
    let named = means(&mut slow, given, HOUR / 6.0);
    slow.begin();
    slow.set_input("input.acute_stress_events", 3.0 / 7.0)
        .unwrap();
    [by_clock, named, means(&mut slow, Vec::new(), 0.5)]
}

#[test]
fn short_stress_opens_the_gut_and_brings_bursts_alike_in_both_modes() {
    for (link, within) in [(true, 0.05), (false, 0.01)] {
        let [clock, named, rate] = events(link);
        println!("{link}: {clock:?} {named:?} {rate:?}");
        for k in 0..2 {
            for slow in [named, rate] {
                let gap = slow[k] / clock[k] - 1.0;
                assert!(gap.abs() < within, "{link} {k}: {slow:?} {clock:?}");
            }
        }
    }
}
