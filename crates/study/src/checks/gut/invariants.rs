//! What must hold of every colon, whoever it belongs to: one place of rest, plausible people, a year without failure.
//! The windows have no rows for these; they are measured by the ignored tests below.

use super::super::CheckError;
use super::people::adult;
use super::{SEGMENTS, colon};
use gutskin_biology::colon::ColonOptions;

/// What came of drawing many people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drawn {
    /// People drawn.
    pub people: usize,
    /// Of them, with linear pH outside 4.5–8 or fatty acids outside 5–250 mM in a segment.
    pub implausible: usize,
    /// Of them, without a steady state in reach.
    pub restless: usize,
}

/// Draws people `from..to` of a seed with their own diets and judges each at rest.
///
/// # Errors
/// The network does not build, or a run fails.
pub fn draw_people(seed: u64, from: u32, to: u32) -> Result<Drawn, CheckError> {
    let mut lab = colon(&ColonOptions::default())?;
    let mut drawn = Drawn::default();
    for person in from..to {
        drawn.people += 1;
        if !adult(&mut lab, seed, person)? {
            drawn.restless += 1;
            continue;
        }
        let mut plausible = true;
        for segment in SEGMENTS {
            let ph = lab.read(&format!("colon.ph_linear.{segment}"))?;
            let acids = lab.read(&format!("colon.scfa_total.{segment}"))?;
            plausible &= (4.5..=8.0).contains(&ph) && (5.0..=250.0).contains(&acids);
        }
        drawn.implausible += usize::from(!plausible);
    }
    Ok(drawn)
}

#[cfg(test)]
mod tests {
    use super::super::super::Lab;
    use super::*;

    /// All residents present, C. difficile and eaten strains absent, every amount times a factor over four decades.
    #[test]
    #[ignore = "a measurement of some minutes"]
    fn one_place_of_rest_from_100_starts() {
        let mut lab = colon(&ColonOptions::default()).unwrap();
        lab.rest().unwrap();
        let rest = lab.state.clone();
        for start in 0..100 {
            lab.reset();
            for (i, resting) in rest.iter().enumerate() {
                let name = lab.network.states[i].name.clone();
                let scaled =
                    !(name.contains(".ph.") || name.contains("stool") || name.contains("load"));
                if scaled {
                    let exponent = 4.0 * Lab::uniform(100, start, &name) - 2.0;
                    lab.state[i] = resting * 10f64.powf(exponent);
                }
            }
            lab.rest().unwrap();
            for (i, spec) in lab.network.states.iter().enumerate() {
                let gap = (lab.state[i] - rest[i]).abs() / (spec.typical + rest[i]);
                assert!(
                    gap < 1e-3,
                    "start {start}: {} {} {}",
                    spec.name,
                    lab.state[i],
                    rest[i]
                );
            }
        }
    }

    #[test]
    #[ignore = "a measurement of some minutes"]
    fn fewer_than_one_in_a_hundred_people_are_implausible() {
        const PEOPLE: u32 = 10_000;
        let half = std::thread::spawn(|| draw_people(10, 0, PEOPLE / 2));
        let other = draw_people(10, PEOPLE / 2, PEOPLE).unwrap();
        let half = half.join().unwrap().unwrap();
        let wrong = half.implausible + half.restless + other.implausible + other.restless;
        println!("{half:?} {other:?}");
        assert!(wrong < PEOPLE as usize / 100, "{half:?} {other:?}");
    }

    /// A year of weeks that alternate between much and no fibre, for 20 people: no failure, nothing below −atol.
    #[test]
    #[ignore = "a measurement of some minutes"]
    fn a_year_of_swings_does_not_fail() {
        let mut lab = colon(&ColonOptions::default()).unwrap();
        for person in 0..20 {
            assert!(adult(&mut lab, 365, person).unwrap());
            let usual = lab.input("input.diet.starch").unwrap();
            let mut changes = Vec::new();
            for week in 0..52 {
                let value = if week % 2 == 0 { 3.0 * usual } else { 0.0 };
                changes.push(
                    lab.input_change(7.0 * f64::from(week), "input.diet.starch", value)
                        .unwrap(),
                );
            }
            let days: Vec<f64> = (0..=365).map(f64::from).collect();
            let solution = lab.run(365.0, &days, changes).unwrap();
            for row in 0..days.len() {
                for (x, spec) in solution
                    .trajectory
                    .states(row)
                    .iter()
                    .zip(&lab.network.states)
                {
                    let floor = if spec.non_negative {
                        -1e-6 * spec.typical
                    } else {
                        f64::NEG_INFINITY
                    };
                    assert!(
                        *x >= floor,
                        "person {person} day {row}: {} is {x}",
                        spec.name
                    );
                }
            }
        }
    }
}
