//! What people are beside parameters and habits, and the table of their courses of antibiotics.
#![allow(clippy::unwrap_used)]

use gutskin_biology::parameter_table;
use gutskin_biology::stages::of_age;
use gutskin_people::courses::{courses, read};
use gutskin_people::drawing::{Life, Lives, Wanted};

const METHANE: &str = "trait.methane_absent";

const PEOPLE: u32 = 2_000;

fn adults() -> Wanted<'static> {
    Wanted {
        condition: "ad",
        antibiotics: true,
        ..Wanted::default()
    }
}

fn drawn(wanted: Wanted<'_>) -> (Lives, Vec<Life>) {
    let lives = Lives::new(&parameter_table().unwrap(), wanted).unwrap();
    let all = (0..PEOPLE).map(|number| lives.draw(3, number)).collect();
    (lives, all)
}

/// Within four standard errors of a share.
fn agrees(share: f64, count: usize, of: usize) -> bool {
    let error = (share * (1.0 - share) / of as f64).sqrt();
    (count as f64 / of as f64 - share).abs() <= 4.0 * error
}

#[test]
fn shares_of_people_are_those_of_the_tables() {
    let table = parameter_table().unwrap();
    let (lives, all) = drawn(adults());
    for (at, (name, share)) in lives.traits().into_iter().enumerate() {
        let has = all.iter().filter(|life| Lives::traits_of(life)[at]);
        assert!(agrees(share, has.count(), all.len()), "{name}");
    }
    let named: Vec<&str> = lives.traits().iter().map(|(name, _)| *name).collect();
    let of = |name: &str| table.get(name).unwrap().value;
    for name in ["trait.antibiotics", "trait.breastfed", METHANE] {
        let at = named.iter().position(|n| *n == name).unwrap();
        assert_eq!(lives.traits()[at].1, of(name));
    }
    // By the odds of those who are ill: hardly more than of all.
    let caesarean = lives.traits()[0].1;
    let all_births = of("trait.caesarean");
    assert!(caesarean > all_births && caesarean < all_births * of("early.ratio_caesarean"));
    let had: Vec<(usize, f64)> = all.iter().filter_map(|life| life.course).collect();
    for (at, course) in lives.courses().iter().enumerate() {
        let took = had.iter().filter(|(place, _)| *place == at).count();
        assert!(agrees(course.share, took, had.len()), "{}", course.drug);
    }
    let year = lives.longest_ago();
    assert!(had.iter().all(|(_, days)| (0.0..=year).contains(days)));
    let recent = had.iter().filter(|(_, days)| *days < year / 4.0).count();
    assert!(agrees(0.25, recent, had.len()));
}

#[test]
fn ages_are_between_their_bounds_and_about_those_of_trials() {
    for (ages, mean) in [
        (None, 36.6),
        (Some([18.0, 30.0]), 24.3),
        (Some([110.0, 120.0]), 115.0),
    ] {
        let (lives, all) = drawn(Wanted { ages, ..adults() });
        let [low, high] = lives.ages();
        assert_eq!(ages.unwrap_or([18.0, 65.0]), [low, high]);
        assert!(all.iter().all(|life| (low..=high).contains(&life.age)));
        let sum: f64 = all.iter().map(|life| life.age).sum();
        assert!((sum / f64::from(PEOPLE) - mean).abs() < 1.2, "{ages:?}");
    }
}

#[test]
fn children_have_no_courses_and_infants_are_fed_as_their_stage_says() {
    let of = |age: f64, formula: bool| {
        let stage = of_age(age, formula);
        drawn(Wanted { stage, ..adults() }).1
    };
    let child = of(6.0, false);
    assert!(child.iter().all(|life| life.course.is_none()));
    assert!(child.iter().all(|life| (3.0..=12.0).contains(&life.age)));
    let fed = child.iter().filter(|life| life.breastfed).count();
    assert!(agrees(0.81, fed, child.len()));
    assert!(of(0.3, false).iter().all(|life| life.breastfed));
    assert!(of(0.3, true).iter().all(|life| !life.breastfed));
}

#[test]
fn a_life_is_a_function_of_seed_and_number_and_of_nothing_else() {
    let (lives, all) = drawn(adults());
    assert_eq!(lives.draw(3, 1_234), all[1_234]);
    assert!(lives.draw(4, 1_234) != all[1_234]);
    // Without courses everything else of a person stays.
    let (_, none) = drawn(Wanted {
        antibiotics: false,
        ..adults()
    });
    for (with, mut without) in all.into_iter().zip(none) {
        assert!(without.course.is_none());
        without.course = with.course;
        assert_eq!(with, without);
    }
}

#[test]
fn shipped_courses_are_drugs_of_the_catalogue_and_their_shares_add_up() {
    let all = courses().unwrap();
    assert!(all.len() >= 8);
    assert!((all.iter().map(|c| c.share).sum::<f64>() - 1.0).abs() < 1e-12);
}

#[test]
fn rows_that_say_nothing_are_refused_with_a_mend() {
    let of = |row: &str| {
        let text = format!("drug,share,days,source,mark,note\n{row}\n");
        read("own.csv", &text).unwrap_err().to_string()
    };
    for (row, part) in [
        ("amoxicilin,1,7,x,read,", "Did you mean \"amoxicillin\"?"),
        ("amoxicillin,0,7,x,read,", "above 0"),
        ("amoxicillin,1,inf,x,read,", "above 0"),
        ("amoxicillin,1,7,x,certain,", "is no mark"),
        ("amoxicillin,1,7,,read,", "no source"),
        ("amoxicillin,1,7,x,read,\namoxicillin,1,7,x,read,", "twice"),
        ("amoxicillin,one,7,x,read,", "line 2"),
    ] {
        let said = of(row);
        assert!(said.contains(part), "{row}: {said}");
    }
}
