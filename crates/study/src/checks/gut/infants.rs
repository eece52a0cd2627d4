//! Infants: breast milk against formula, and the community of the first eighteen months.

use super::super::{CheckError, Lab, RowValues};
use super::composition::{percent, shares, shares_at};
use super::reference::{child, child_in};
use gutskin_biology::catalogue::diets;
use gutskin_biology::colon::{ColonOptions, Layout};
use gutskin_network::Change;

const BREAST: &str = "infant_breastfed";
const FORMULA: &str = "infant_formula";

/// What is read of an infant at rest.
struct Infant {
    ph: f64,
    bifidobacteria: f64,
    dry_per_weight: f64,
    lactate: f64,
    propionate: f64,
    butyrate: f64,
}

fn infant(stage: &str) -> Result<Infant, CheckError> {
    let mut lab = child_in(Layout::Full, stage)?;
    Ok(Infant {
        ph: lab.read("colon.ph.dist")?,
        bifidobacteria: percent(&shares(&mut lab), "BIF"),
        dry_per_weight: lab.read("colon.stool_dry")? / lab.read("person.weight_now")?,
        lactate: lab.read("colon.lactate_level.dist")?,
        propionate: lab.read("colon.propionate_level.dist")?,
        butyrate: lab.read("colon.butyrate_level.dist")?,
    })
}

/// Row 30: infants of 3 to 4 months at rest.
pub(super) fn feeding() -> Result<RowValues, CheckError> {
    let (breast, formula) = (infant(BREAST)?, infant(FORMULA)?);
    Ok(vec![
        ("gut-30a", breast.ph),
        ("gut-30b", formula.ph),
        ("gut-30c", breast.bifidobacteria),
        ("gut-30d", breast.dry_per_weight),
        ("gut-30e", formula.dry_per_weight),
        ("gut-30f", breast.lactate - formula.lactate),
        ("gut-30g", formula.propionate - breast.propionate),
        ("gut-30h", formula.butyrate - breast.butyrate),
    ])
}

/// The inputs of a diet pattern from a day on.
fn from_day(lab: &Lab, pattern: &str, day: f64) -> Result<Vec<Change>, CheckError> {
    let rows = diets()?;
    let held = rows
        .iter()
        .filter(|row| row.id == pattern && lab.input_index(&row.input).is_ok());
    held.map(|row| lab.input_change(day, &row.input, row.value))
        .collect()
}

/// Row 31: from birth on breast milk, food of the family from half a year, weaned at a year; read at 9 and 18 months.
pub(super) fn succession() -> Result<RowValues, CheckError> {
    const MONTH: f64 = 30.4;
    let mut lab = child("birth_breastfed", ColonOptions::default())?;
    let mut changes = from_day(&lab, "complementary_food", 6.0 * MONTH)?;
    changes.extend(from_day(&lab, "family_food_one_year", 12.0 * MONTH)?);
    let days = [9.0 * MONTH, 18.0 * MONTH];
    let solution = lab.run(days[1], &days, changes)?;
    let sum = |row: usize, guilds: &[&str]| -> f64 {
        let all = shares_at(&lab, &solution, row);
        guilds.iter().map(|g| percent(&all, g)).sum()
    };
    let early = ["BIF", "LAB", "ENT"];
    let late = ["BAC", "ROS", "FAE", "ANA", "RUM", "BLA"];
    Ok(vec![
        ("gut-31a", sum(1, &early) - sum(0, &early)),
        ("gut-31b", sum(1, &late) - sum(0, &late)),
    ])
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// An infant of a stage at rest on a feed.
    fn fed(stage: &str, feed: &str) -> Lab {
        let options = ColonOptions {
            pools: vec!["hmo".to_owned()],
            ..ColonOptions::default()
        };
        let mut lab = child(stage, options).unwrap();
        for row in diets().unwrap().iter().filter(|row| row.id == feed) {
            // Fat rich in saturated acids is the body's.
            if lab.input_index(&row.input).is_ok() {
                lab.set_input(&row.input, row.value).unwrap();
            }
        }
        lab.rest().unwrap();
        lab
    }

    /// Followed from birth to two years on the food of the family, a child has about the transit of the toddler at rest.
    #[test]
    fn transit_of_a_child_from_birth_becomes_that_of_the_toddler() {
        const MONTH: f64 = 30.4;
        let mut toddler = child_in(Layout::Full, "toddler").unwrap();
        let mut lab = child("birth_breastfed", ColonOptions::default()).unwrap();
        let mut changes = from_day(&lab, "complementary_food", 6.0 * MONTH).unwrap();
        changes.extend(from_day(&lab, "family_food_one_year", 12.0 * MONTH).unwrap());
        let days = [3.7 * MONTH, 9.0 * MONTH, 730.0];
        let solution = lab.run(730.0, &days, changes).unwrap();
        let i = lab.observable_index("colon.transit_time").unwrap();
        let at: Vec<f64> = (0..days.len())
            .map(|row| solution.trajectory.observables(row)[i])
            .collect();
        let of = |stage: &str| -> f64 {
            let mut lab = child_in(Layout::Full, stage).unwrap();
            lab.read("colon.transit_time").unwrap()
        };
        println!(
            "{at:?} {} {} {}",
            of(BREAST),
            of("infant_weaning"),
            toddler.read("colon.transit_time").unwrap()
        );
        for what in ["BLA", "BIF", "BAC"] {
            let name = format!("colon.share.{what}");
            let i = lab.observable_index(&name).unwrap();
            let course: Vec<f64> = (0..days.len())
                .map(|row| solution.trajectory.observables(row)[i])
                .collect();
            println!("{what} {course:?} {}", toddler.read(&name).unwrap());
        }
        let rests = toddler.read("colon.transit_time").unwrap();
        assert!((at[2] / rests - 1.0).abs() < 0.25, "{at:?} {rests}");
    }

    #[test]
    fn a_feed_laid_over_an_infant_makes_the_infant_of_that_feed() {
        let read = [
            "colon.scfa_absorbed",
            "colon.scfa_total.dist",
            "colon.ph.dist",
            "colon.stool_wet",
            "colon.stool_dry",
            "colon.transit_time",
            "colon.share.BIF",
            "colon.share.BAC",
            "colon.share.ENT",
        ];
        let mut moved: f64 = 0.0;
        for (own, other, feed) in [
            (BREAST, FORMULA, "infant_formula"),
            (FORMULA, BREAST, "breast_milk"),
        ] {
            let mut before = child_in(Layout::Full, own).unwrap();
            let mut expected = child_in(Layout::Full, other).unwrap();
            let mut found = fed(own, feed);
            for name in read {
                let (found, expected) = (found.read(name).unwrap(), expected.read(name).unwrap());
                assert!(
                    (found / expected - 1.0).abs() < 0.1,
                    "{own} on {feed}: {name} is {found}, of {other} {expected}"
                );
                moved = moved.max((before.read(name).unwrap() / expected - 1.0).abs());
            }
        }
        assert!(moved > 0.5, "{moved}");
    }
}
