#![allow(clippy::unwrap_used)]

use super::*;
use gutskin_biology::axis::{AxisOptions, SkinKind, network};
use gutskin_biology::catalogue::Catalogue;
use gutskin_biology::parameter_table;

const FILE: &str = r#"
[person]
date = 2026-03-01
age = 34
sex = "female"
weight = "68 kg"
height = "171 cm"
condition = "ad"
[questionnaire]
pss10 = 24
[diet]
medas = 4
"#;

#[test]
fn what_is_told_moves_habits_and_what_is_not_keeps_its_prior() {
    let table = parameter_table().unwrap();
    let catalogue = Catalogue::shipped().unwrap();
    let axis = network(&table, &catalogue, &AxisOptions::plain(SkinKind::Eczema)).unwrap();
    let person = crate::person::read("p.toml", FILE, &table).unwrap();
    let anyone = Drawing::new(&axis, &table, "ad", None).unwrap();
    let this = Drawing::new(&axis, &table, "ad", Some(&person)).unwrap();
    let of = |drawing: &Drawing, name: &str| -> Vec<f64> {
        let index = axis.input(name).unwrap() as usize;
        (0..400).map(|n| drawing.draw(3, n).inputs[index]).collect()
    };
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
    let sd =
        |v: &[f64]| (v.iter().map(|x| (x - mean(v)).powi(2)).sum::<f64>() / v.len() as f64).sqrt();
    let (before, after) = (
        of(&anyone, "input.stress_score"),
        of(&this, "input.stress_score"),
    );
    assert!((mean(&after) - 22.6).abs() < 0.6, "{}", mean(&after));
    assert!(sd(&after) < 0.5 * sd(&before));
    // Sleep is not told, and goes with stress.
    let sleep = |drawing: &Drawing| mean(&of(drawing, "input.sleep_loss"));
    assert!(sleep(&this) > sleep(&anyone) + 0.15);
    let bmi = of(&this, "input.bmi");
    assert!(
        bmi.iter()
            .all(|&z| (z - (68.0 / 1.71f64.powi(2) - 23.0) / 4.5).abs() < 1e-9)
    );
    assert!(sd(&of(&this, "input.diet.pectin")) < sd(&of(&anyone, "input.diet.pectin")));
    let weight = axis.parameter("person.weight").unwrap() as usize;
    assert!((0..20).all(|n| this.draw(3, n).parameters[weight] == 68.0));
}

#[test]
fn absent_guilds_have_no_biomass_and_no_immigration() {
    let table = parameter_table().unwrap();
    let catalogue = Catalogue::shipped().unwrap();
    let axis = network(&table, &catalogue, &AxisOptions::plain(SkinKind::Eczema)).unwrap();
    let drawing = Drawing::new(&axis, &table, "ad", None).unwrap();
    let immigration = axis.parameter("colon.immigration.RUM").unwrap() as usize;
    let states: Vec<u32> = (0u32..)
        .zip(&axis.states)
        .filter(|(_, s)| s.name.starts_with("colon.RUM."))
        .map(|(i, _)| i)
        .collect();
    assert!(!states.is_empty());
    let mut without = 0;
    for number in 0..500 {
        let person = drawing.draw(1, number);
        let absent = states.iter().all(|s| person.absent.contains(s));
        assert_eq!(absent, person.parameters[immigration] == 0.0);
        without += u32::from(absent);
    }
    assert!((75..125).contains(&without), "{without}");
}

#[test]
fn an_eaten_strain_has_a_niche_in_its_share_of_people_or_as_is_told() {
    let table = parameter_table().unwrap();
    let catalogue = Catalogue::shipped().unwrap();
    let mut options = AxisOptions::plain(SkinKind::Eczema);
    options.colon.strains.push("ah1206".to_owned());
    let axis = network(&table, &catalogue, &options).unwrap();
    let of = |name: &str| axis.parameter(name).unwrap() as usize;
    let rank = of("strains.permissive.ah1206");
    let share = axis.parameters[of("strains.permissive_share.ah1206")].value;
    let with_niche = |told: &str| {
        let text = FILE.replace("sex =", &format!("{told}\nsex ="));
        let person = crate::person::read("p.toml", &text, &table).unwrap();
        let drawing = Drawing::new(&axis, &table, "ad", Some(&person)).unwrap();
        let has = |n: &u32| drawing.draw(5, *n).parameters[rank] > 1.0 - share;
        (0..400).filter(has).count()
    };
    assert_eq!(with_niche("free_niche = true"), 400);
    assert_eq!(with_niche("free_niche = false"), 0);
    let untold = with_niche("");
    assert!(
        (90..150).contains(&untold),
        "{untold} of 400, share {share}"
    );
}
