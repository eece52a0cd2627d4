//! What opens the barrier: speech, hormone, drugs, exercise, fat.

use super::super::{CheckError, Lab, RowValues};
use super::bench::{HOUR, STEP, before, course, expose, mean, peak, percent, times, within_day};
use gutskin_engine::Change;

/// Lactulose/mannitol ratio of the two hours after `start`, on the second day.
fn two_hours(lab: &mut Lab, start: f64, changes: Vec<Change>) -> Result<f64, CheckError> {
    lab.begin();
    let inputs = lab.inputs.clone();
    let end = start + 2.0 * HOUR;
    let solution = lab.run(end, &[end], before(end, changes))?;
    lab.inputs = inputs;
    Ok(mean(&course(lab, &solution, "barrier.lactulose_mannitol")?))
}

/// Row 17.
pub(super) fn sugar_test() -> Result<RowValues, CheckError> {
    const START: f64 = 1.0 + 15.0 * HOUR;
    let mut lab = within_day()?;
    let usual = two_hours(&mut lab, START, Vec::new())?;
    let speech = expose(&lab, "stress_acute", 1.0, (START, None))?;
    let hormone = expose(&lab, "crh_injection", 1.0, (START, None))?;
    // The first dose the evening before, the second an hour before the test.
    let drug = expose(&lab, "nsaid_indomethacin", 1.0, (START - 15.0 * HOUR, None))?;
    let mut blocked = expose(&lab, "cromoglycate", 1.0, (0.0, Some(START + 6.0 * HOUR)))?;
    blocked.extend(speech.iter().copied());
    let mut fold = |given: Vec<Change>| -> Result<f64, CheckError> {
        Ok(two_hours(&mut lab, START, given)? / usual)
    };
    Ok(vec![
        ("body-17a", fold(speech)?),
        ("body-17b", fold(blocked)?),
        ("body-17c", fold(hormone)?),
        ("body-17d", fold(drug)?),
    ])
}

/// Row 18: the mean of 200 men of the study's kind, one fat meal at 09:00 of the second day.
pub(super) fn fat_meal() -> Result<RowValues, CheckError> {
    const MEN: u32 = 200;
    const START: f64 = 1.0 + 9.0 * HOUR;
    let mut lab = within_day()?;
    let outputs = times(START, START + 8.0 * HOUR, STEP);
    let (mut rise, mut tnf_rise) = (vec![0.0; outputs.len()], vec![0.0; outputs.len()]);
    for person in 0..MEN {
        lab.draw(18, person);
        lab.begin();
        let given = expose(&lab, "fat_meal", 1.0, (START, None))?;
        let solution = lab.run(START + 9.0 * HOUR, &outputs, given)?;
        for (name, sums) in [("endotoxin.lal", &mut rise), ("immune.tnf", &mut tnf_rise)] {
            let own = course(&lab, &solution, name)?;
            for (sum, now) in sums.iter_mut().zip(&own) {
                *sum += percent(*now, own[0]) / f64::from(MEN);
            }
        }
    }
    let (at, highest) = peak(&rise);
    let largest = tnf_rise
        .iter()
        .fold(0.0, |a: f64, b| if b.abs() > a.abs() { *b } else { a });
    Ok(vec![
        ("body-18a", highest),
        ("body-18b", at as f64 * STEP / HOUR),
        ("body-18c", rise[(5.0 * HOUR / STEP).round() as usize]),
        ("body-18d", largest),
    ])
}

/// Row 20: ibuprofen the evening before and the morning, an hour of cycling, both.
pub(super) fn enterocytes() -> Result<RowValues, CheckError> {
    const START: f64 = 1.0 + 9.0 * HOUR;
    let mut lab = within_day()?;
    let drug = expose(&lab, "nsaid_ibuprofen", 1.0, (START - 12.0 * HOUR, None))?;
    let cycling = expose(&lab, "exercise_acute", 1.0, (START, None))?;
    let both: Vec<Change> = drug.iter().chain(&cycling).copied().collect();
    let outputs = times(START, START + 4.0 * HOUR, STEP);
    let mut highest = |given: Vec<Change>| -> Result<f64, CheckError> {
        lab.begin();
        let inputs = lab.inputs.clone();
        let end = START + 5.0 * HOUR;
        let solution = lab.run(end, &outputs, before(end, given))?;
        lab.inputs = inputs;
        Ok(peak(&course(&lab, &solution, "barrier.ifabp")?).1)
    };
    let rest = highest(Vec::new())?;
    Ok(vec![
        ("body-20a", highest(drug)? / rest),
        ("body-20b", highest(cycling)? / rest),
        ("body-20c", highest(both)? / rest),
    ])
}

#[cfg(test)]
mod tests {
    use super::super::bench::daily;
    use super::*;

    /// Sugar ratio of two hours after the offending food over that without, by the clock.
    fn challenged(sensitised: f64, blocked: f64) -> f64 {
        const START: f64 = 1.0 + 9.0 * HOUR;
        let mut lab = within_day().unwrap();
        lab.set_input("input.sensitised", sensitised).unwrap();
        lab.set_input("input.cromoglycate", blocked).unwrap();
        let usual = two_hours(&mut lab, START, Vec::new()).unwrap();
        let food = expose(&lab, "food_challenge", 1.0, (START, None)).unwrap();
        two_hours(&mut lab, START, food).unwrap() / usual
    }

    #[test]
    fn the_offending_food_opens_the_gut_of_sensitised_people_unless_mast_cells_are_blocked() {
        let open = challenged(1.0, 0.0);
        assert!(open > 1.5 && open < 4.5, "{open}");
        assert!((challenged(0.0, 0.0) - 1.0).abs() < 1e-3);
        assert!(challenged(1.0, 0.95) < 1.0 + 0.4 * (open - 1.0));
    }

    #[test]
    fn butyrate_is_felt_in_the_large_bowel_and_gluten_in_the_small_one() {
        let rests = |input: &str, value: f64| {
            let mut lab = daily().unwrap();
            lab.set_input(input, value).unwrap();
            lab.rest().unwrap();
            ["barrier.leak_small", "barrier.leak"].map(|name| lab.read(name).unwrap())
        };
        let [small, large] = rests("clamped.surface_butyrate", 0.0);
        assert!((small - 1.0).abs() < 0.02 && large > 1.3, "{small} {large}");
        let [small, large] = rests("input.gluten", 1.0);
        assert!(
            small > 1.05 && (large - 1.0).abs() < 0.02,
            "{small} {large}"
        );
    }
}
