//! Populations: courses of antibiotics that are over, and who is left as they were.
#![allow(clippy::unwrap_used)]

use gutskin_biology::parameter_table;
use gutskin_network::Spread;
use gutskin_study::population::{People, Population, Request, prepare};

fn of(request: &Request) -> (Population, People) {
    let table = parameter_table().unwrap();
    prepare(request, &table, None, &mut |_| {}).unwrap()
}

fn request(size: u32, antibiotics: bool) -> Request {
    Request {
        condition: "ad".to_owned(),
        size,
        antibiotics,
        ..Request::default()
    }
}

fn bits(row: &[f64]) -> Vec<u64> {
    row.iter().map(|value| value.to_bits()).collect()
}

/// Nobody is moved by the courses of others, nor by how many are drawn; who has one shows it.
#[test]
fn a_course_moves_who_has_it_and_nobody_else() {
    let (found, with) = of(&request(120, true));
    let (none, without) = of(&request(120, false));
    let (_, fewer) = of(&request(60, true));
    assert!(found.followed > 20 && found.not_followed == 0 && none.followed == 0);
    let column = |name: &str| {
        let columns = with.columns();
        columns.iter().position(|c| c.name == name).unwrap()
    };
    let [had, ended, share] =
        ["trait.antibiotics", "antibiotic_ended", "colon.share.BIF"].map(column);
    let mut moved = Vec::new();
    for number in 0..120 {
        let [mut a, b] = [&with, &without].map(|people| people.row(number));
        if number < 60 {
            assert_eq!(bits(&a), bits(&fewer.row(number)), "{number}");
            assert_eq!(with.antibiotic(number), fewer.antibiotic(number));
        }
        assert_eq!((b[had], without.antibiotic(number)), (0.0, ""));
        if with.antibiotic(number).is_empty() {
            assert_eq!(bits(&a), bits(&b), "{number}");
            continue;
        }
        assert_eq!(a[had], 1.0);
        assert!((0.0..=365.25).contains(&a[ended]));
        moved.push((a[ended], (a[share] / b[share]).ln().abs()));
        // Parameters, habits and other traits stay.
        (a[had], a[ended]) = (b[had], b[ended]);
        let first = a.len()
            - with
                .columns()
                .iter()
                .rev()
                .take_while(|c| c.meaning.starts_with("drawn"))
                .count();
        assert_eq!(bits(&a[first..]), bits(&b[first..]), "{number}");
    }
    assert_eq!(moved.len(), found.followed);
    assert!(moved.iter().any(|(_, by)| *by > 0.1), "{moved:?}");
}

/// Courses that would end tomorrow or later: whoever has one shows what they do at rest, so that the models with drugs rest where
/// the one without does, but for some tenths of a per cent.
#[test]
fn before_a_course_people_are_where_they_rest() {
    let mut table = parameter_table().unwrap();
    let ended = table.get_mut("history.antibiotics_ended").unwrap();
    ended.spread = Spread::Uniform {
        low: -4_000.0,
        high: 200.0,
    };
    for condition in ["ad", "pso"] {
        let of = |antibiotics: bool| {
            let request = Request {
                condition: condition.to_owned(),
                ..request(60, antibiotics)
            };
            prepare(&request, &table, None, &mut |_| {}).unwrap().1
        };
        let (with, without) = (of(true), of(false));
        let columns = with.columns();
        let ended = columns.iter().position(|c| c.name == "antibiotic_ended");
        let mut to_come = 0;
        for number in 0..60 {
            let [a, b] = [&with, &without].map(|people| people.row(number));
            if a[ended.unwrap()] > -30.0 || a[ended.unwrap()].is_nan() {
                continue;
            }
            to_come += 1;
            let shown = columns.iter().zip(a.iter().zip(&b));
            for (column, (a, b)) in shown.filter(|(c, _)| c.meaning.starts_with("today")) {
                let off = (a - b).abs() / b.abs().max(1e-6);
                assert!(off < 5e-3, "{condition} {number} {}: {a} {b}", column.name);
            }
        }
        assert!(to_come > 8, "{condition}: {to_come}");
    }
}

#[test]
fn courses_are_followed_in_every_condition_and_on_both_colons() {
    for (condition, full) in [("pso", false), ("acne", false), ("ad", true)] {
        let (found, _) = of(&Request {
            condition: condition.to_owned(),
            full,
            ..request(50, true)
        });
        assert!(found.followed > 5, "{condition}");
        assert_eq!(found.not_followed, 0, "{condition}");
        let methane = found
            .traits
            .iter()
            .filter(|t| t.name == "trait.methane_absent");
        assert_eq!(methane.count(), 1, "{condition}");
    }
}
