//! What comes suddenly, by the hour of the day, in daily means and by the clock: the fit of its weight
//! (`cargo test --workspace --profile quick --lib -- --ignored the_hours_fitted --nocapture` prints the rows for
//! `parameters/GutskinBody2026.toml`) and how well both modes agree.

use super::bench::{HOUR, STEP, course, daily, expose, mean, percent, times, within_day};
use super::least_squares::{cost, least_squares};
use super::modes::thrice_a_week;
use crate::checks::Lab;
use crate::checks::lab::setting;
use gutskin_engine::Change;

/// What comes suddenly; the weight is fitted to all but the last.
const SUDDEN: [&str; 4] = [
    "stress_acute",
    "crh_injection",
    "exercise_acute",
    "exercise_heat",
];
/// Hours of the day at which each is looked at.
const PLACES: usize = 12;
/// Parameters that the fit moves; phases are in hours.
const MOVED: [&str; 6] = [
    "hpa.hour_level",
    "hpa.hour_first",
    "hpa.hour_first_phase",
    "hpa.hour_second",
    "hpa.hour_second_phase",
    "hpa.hour_brake",
];

/// Mean cortisol over two weeks of three events each, at hours of the day, event by event.
fn means(lab: &mut Lab) -> Vec<f64> {
    const DAYS: f64 = 14.0;
    let outputs = times(2.0 * STEP, DAYS - 2.0 * STEP, 4.0 * STEP);
    let mut all = Vec::new();
    for exposure in SUDDEN {
        for hour in (0..24).step_by(24 / PLACES) {
            let events = thrice_a_week(lab, exposure, (2, f64::from(hour))).unwrap();
            lab.begin();
            let solution = lab.run(DAYS, &outputs, events).unwrap();
            all.push(mean(&course(lab, &solution, "hpa.cortisol").unwrap()));
        }
    }
    all
}

#[test]
#[ignore = "a fit of some minutes, run when the stress axis changes"]
fn the_hours_fitted() {
    const FITTED: usize = (SUDDEN.len() - 1) * PLACES;
    let clock = means(&mut within_day().unwrap());
    let mut lab = daily().unwrap();
    // Percent of cortisol.
    let mut residuals = |at: &[f64]| -> Vec<f64> {
        for (name, value) in MOVED.iter().zip(at) {
            let unit = if name.ends_with("phase") { HOUR } else { 1.0 };
            lab.set_parameter(name, value * unit).unwrap();
        }
        let pairs = means(&mut lab).into_iter().zip(&clock);
        pairs.map(|(slow, clock)| percent(slow, *clock)).collect()
    };
    let shipped = MOVED.map(|name| setting(name).unwrap());
    let old = residuals(&shipped);
    let found = least_squares(&shipped, |at| residuals(at)[..FITTED].to_vec());
    let new = residuals(&found.at);
    for (name, value) in MOVED.iter().zip(&found.at) {
        println!("{name} = {value:.4}");
    }
    for (k, name) in SUDDEN.iter().enumerate() {
        let own = PLACES * k..PLACES * (k + 1);
        println!(
            "{name}: shipped {:.1?}\n  fitted {:.1?}",
            &old[own.clone()],
            &new[own]
        );
    }
    let [old, new] = [old, new].map(|r| cost(&r[..FITTED]));
    println!("sum of squares: shipped {old:.2}, fitted {new:.2}");
    assert!(
        old < 1.2 * new + 1.0,
        "the shipped weight no longer describes the clock"
    );
}

/// Four weeks of three speeches each, at this hour of the day.
pub(super) fn speeches(lab: &Lab, hour: f64) -> Vec<Change> {
    thrice_a_week(lab, "stress_acute", (4, hour)).unwrap()
}

/// Mean of 24-h cortisol over these days in both modes, under what is given.
fn cortisol(given: impl Fn(&Lab) -> Vec<Change>, (start, stop): (f64, f64)) -> [f64; 2] {
    [within_day().unwrap(), daily().unwrap()].map(|mut lab| {
        let changes = given(&lab);
        let outputs = times(start + 2.0 * STEP, stop - 2.0 * STEP, 4.0 * STEP);
        let solution = lab.run(stop, &outputs, changes).unwrap();
        mean(&course(&lab, &solution, "hpa.cortisol").unwrap())
    })
}

#[test]
fn what_is_named_for_minutes_moves_the_mean_of_cortisol_alike_in_both_modes() {
    let gap = |[clock, slow]: [f64; 2]| (slow / clock - 1.0).abs();
    for hour in [0.0, 4.0, 8.0, 12.0, 15.0, 18.0, 20.0, 23.0] {
        let found = cortisol(|lab| speeches(lab, hour), (14.0, 28.0));
        assert!(gap(found) < 0.02, "speeches at {hour}: {found:?}");
    }
    // Prednisolone in the morning: one dose, and one each day for two weeks.
    for (dose, within) in [(0.1, 0.05), (1.0 / 3.0, 0.05), (1.0, 0.12)] {
        let once = cortisol(|lab| doses(lab, dose, 8.0, 1), (1.0, 4.0));
        let daily = cortisol(|lab| doses(lab, dose, 8.0, 13), (7.0, 14.0));
        assert!(gap(once) < 0.05, "{dose} once: {once:?}");
        assert!(gap(daily) < within, "{dose} each day: {daily:?}");
    }
}

#[test]
#[ignore = "a table to look at"]
fn cortisol_of_speeches_and_doses_by_hour() {
    let change = |[clock, slow]: [f64; 2]| (clock, 100.0 * (slow / clock - 1.0));
    println!("usual {:?}", change(cortisol(|_| Vec::new(), (14.0, 28.0))));
    for hour in [0.0, 4.0, 8.0, 12.0, 15.0, 18.0, 20.0, 22.0, 23.5] {
        let speech = cortisol(|lab| speeches(lab, hour), (14.0, 28.0));
        println!("speeches {hour}: {:.1?}", change(speech));
    }
    for dose in [0.1, 0.333, 1.0] {
        for hour in [0.0, 6.0, 8.0, 12.0, 20.0] {
            let one = cortisol(|lab| doses(lab, dose, hour, 1), (1.0, 4.0));
            let all = cortisol(|lab| doses(lab, dose, hour, 13), (7.0, 14.0));
            println!(
                "{} mg at {hour}: once {:.1?}, each day {:.1?}",
                dose * 30.0,
                change(one),
                change(all)
            );
        }
    }
}

/// Prednisolone by mouth at this hour, in doses of 30 mg, on so many days from the second.
fn doses(lab: &Lab, dose: f64, hour: f64, days: u32) -> Vec<Change> {
    let one = |day: u32| {
        let at = f64::from(day) + hour * HOUR;
        expose(lab, "corticosteroid_dose", dose, (at, None)).unwrap()
    };
    (1..=days).flat_map(one).collect()
}
/// What is named for minutes to hours, three times a week at these hours: means of two weeks in daily means over the clock's.
#[test]
#[ignore = "a table to look at"]
fn short_exposures_by_hour() {
    const READ: [&str; 7] = [
        "immune.tnf",
        "immune.il6",
        "immune.crp",
        "hpa.cortisol_mean",
        "endotoxin.lal",
        "immune.th17",
        "barrier.lactulose_mannitol",
    ];
    for name in [
        "stress_acute",
        "exercise_acute",
        "fat_meal",
        "alcohol",
        "food_challenge",
        "crh_injection",
        "nsaid_ibuprofen",
    ] {
        for hour in [8.0, 15.0, 20.0] {
            let [clock, slow] = [within_day().unwrap(), daily().unwrap()].map(|mut lab| {
                lab.set_input("input.sensitised", 1.0).unwrap();
                let given = thrice_a_week(&lab, name, (4, hour)).unwrap();
                let outputs = times(14.0, 28.0, 4.0 * STEP);
                let solution = lab.run(28.0, &outputs, given).unwrap();
                READ.map(|n| mean(&course(&lab, &solution, n).unwrap()))
            });
            let gaps: Vec<f64> = (clock.iter().zip(slow))
                .map(|(c, s)| 100.0 * (s / c - 1.0))
                .collect();
            println!("{name} {hour}: {gaps:.1?}");
        }
    }
}
