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

/// In eczema, of a person of whom this is told.
fn eczema(told: &str) -> (Network, Drawing) {
    let table = parameter_table().unwrap();
    let catalogue = Catalogue::shipped().unwrap();
    let axis = network(&table, &catalogue, &AxisOptions::plain(SkinKind::Eczema)).unwrap();
    let text = FILE.replace(
        "condition = \"ad\"\n",
        &format!("condition = \"ad\"\n{told}\n"),
    );
    let person = crate::person::read("p.toml", &text, &table).unwrap();
    let drawing = Drawing::new(&axis, &table, "ad", Some(&person)).unwrap();
    (axis, drawing)
}

fn mean(values: &[(f64, f64)]) -> f64 {
    let weight: f64 = values.iter().map(|v| v.0).sum();
    values.iter().map(|(w, v)| w * v).sum::<f64>() / weight
}

#[test]
fn carriers_of_a_filaggrin_loss_lie_lower_and_nobody_is_moved() {
    const PEOPLE: u32 = 8_000;
    let (axis, drawing) = eczema("");
    let people: Vec<Individual> = (0..PEOPLE).map(|n| drawing.draw(5, n)).collect();
    let carries = |p: &Individual| p.traits.contains(&(FILAGGRIN, true));
    let asked = drawing
        .traits()
        .iter()
        .find(|t| t.0 == FILAGGRIN)
        .unwrap()
        .1;
    assert_eq!(asked, 0.191);
    let carriers = people.iter().filter(|p| carries(p)).count() as f64;
    let n = f64::from(PEOPLE);
    let error = (asked * (1.0 - asked) / n).sqrt();
    assert!((carriers / n - asked).abs() < 3.0 * error, "{carriers}");
    let factor = axis.parameter("ad.filaggrin_factor").unwrap() as usize;
    let effect = axis.parameters[factor].value.ln();
    let gap = |name: &str| {
        let at = axis.parameter(name).unwrap() as usize;
        let of = |wanted: bool| -> Vec<f64> {
            let of = people.iter().filter(|p| carries(p) == wanted);
            of.map(|p| p.parameters[at].ln()).collect()
        };
        let of = [of(true), of(false)].map(|all| {
            let mean = all.iter().sum::<f64>() / all.len() as f64;
            let square = all.iter().map(|v| (v - mean).powi(2)).sum::<f64>();
            (mean, square / (all.len() as f64).powi(2))
        });
        (of[0].0 - of[1].0, (of[0].1 + of[1].1).sqrt())
    };
    // Three independent spreads hold 86 % of the effect in all at once (by quadrature).
    for name in [
        "ad.recovery_base",
        "ad.recovery_il22",
        "ad.influx_block_barrier",
    ] {
        let (gap, error) = gap(name);
        assert!(
            (gap - 0.864 * effect).abs() < 3.5 * error,
            "{name}: {gap} ± {error}"
        );
    }
    let (gap, error) = gap("ad.damage_base");
    assert!(gap.abs() < 3.5 * error, "{gap} ± {error}");
    // What the barrier of a person is does not depend on what is told of it.
    for told in [true, false] {
        let (_, told_so) = eczema(&format!("filaggrin_loss = {told}"));
        for person in &people[..50] {
            let same = told_so.draw(5, person.number);
            assert_eq!(same.parameters, person.parameters);
            assert_eq!(same.inputs, person.inputs);
            assert_eq!(carries(&same), told);
        }
    }
}

#[test]
fn a_filaggrin_loss_that_is_told_weighs_people_as_it_is_drawn() {
    let (axis, anyone) = eczema("");
    let at = axis.parameter("ad.recovery_il22").unwrap() as usize;
    let people: Vec<Individual> = (0..4_000).map(|n| anyone.draw(6, n)).collect();
    let plain: Vec<(f64, f64)> = people
        .iter()
        .map(|p| (1.0, p.parameters[at].ln()))
        .collect();
    assert_eq!(anyone.log_told(&people[0]), 0.0);
    assert!(anyone.target_told(people.iter()).is_none());
    let told = [true, false].map(|carries| {
        let (_, drawing) = eczema(&format!("filaggrin_loss = {carries}"));
        let weighed = people
            .iter()
            .map(|p| (drawing.log_told(p).exp(), p.parameters[at].ln()));
        let weighed: Vec<(f64, f64)> = weighed.collect();
        let share = weighed.iter().map(|w| w.0).sum::<f64>() / weighed.len() as f64;
        // As a reading it has the mean and spread of those who carry, or do not.
        let target = drawing.target_told(people.iter()).unwrap();
        let precision = 1.0 + target.noise.powi(-2);
        let normal = target.read / target.noise.powi(2) / precision;
        let distances = target
            .predicted
            .iter()
            .zip(&weighed)
            .map(|(u, w)| (w.0, *u));
        let distances: Vec<(f64, f64)> = distances.collect();
        assert!((mean(&distances) - normal).abs() < 0.05, "{normal}");
        (share, mean(&weighed))
    });
    let [(carriers, low), (others, high)] = told;
    assert!((carriers + others - 1.0).abs() < 1e-9);
    assert!((carriers - 0.191).abs() < 0.02, "{carriers}");
    assert!(
        low < mean(&plain) - 0.25 && high > mean(&plain) + 0.04,
        "{told:?}"
    );
}
