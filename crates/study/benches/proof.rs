//! Are people recovered? Simulated people in eczema, whose readings carry the noise of their assays and whose future is known,
//! as twins see them: how often the truth lies within the bands, with what chance leaves of that.
//!
//! `cargo bench --workspace --bench proof -- [--people N] [--sets N] [--seed N] [--pool N] [--profile] [--draws N] [--reads NAME,…] [--narrowing]`;
//! with `--pool` all share that many draws of the prior, without proposals; otherwise each is a twin of the command. Of 200 people
//! whose bands are right the share within the half lies outside the aims in one set of forty, so that several sets of people,
//! others in each, are judged together. Then what each kind of reading does to the forecast as now, alone and beside EASI, in 200
//! people from one shared sample of 3,000 draws (`--narrowing` is that alone). Fails where a share of all lies outside the aims, or
//! where a reading does not narrow the forecast that is not named as one that need not (`proof::NEUTRAL`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use gutskin_biology::parameter_table;
use gutskin_network::ParameterTable;
use gutskin_people::person::{Person, Readable, read, readables};
use gutskin_study::scenario::{Forecast, read_forecast};
use gutskin_study::statistics::Counts;
use gutskin_study::twin::Request;
use gutskin_study::twin::proof::{
    Coverage, NEUTRAL, Narrowing, Plan, Proof, by_pool, by_twins, narrowing,
};
use std::time::Instant;

const PERSON: &str = r#"[person]
date = 2026-03-01
age = 40
sex = "male"
condition = "ad"
[forecast]
duration = "12 wk"
visits = "12 wk"
[[option]]
name = "less stress"
[[option.change]]
input = "input.stress_score"
value = "8"
"#;

struct Asked {
    people: u32,
    sets: u64,
    seed: u64,
    pool: Option<u32>,
    profile: bool,
    draws: u32,
    reads: String,
    narrowing: bool,
}

fn asked() -> Asked {
    let mut asked = Asked {
        people: 200,
        sets: 3,
        seed: 1,
        pool: None,
        profile: false,
        draws: 500,
        reads: "easi,crp,calprotectin,cortisol".to_owned(),
        narrowing: false,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut next = || arguments.next().expect("a value");
        match argument.as_str() {
            "--people" => asked.people = next().parse().expect("a number"),
            "--sets" => asked.sets = next().parse().expect("a number"),
            "--seed" => asked.seed = next().parse().expect("a number"),
            "--pool" => asked.pool = Some(next().parse().expect("a number")),
            "--draws" => asked.draws = next().parse().expect("a number"),
            "--reads" => asked.reads = next(),
            "--profile" => asked.profile = true,
            "--narrowing" => asked.narrowing = true,
            "--bench" => {}
            other => panic!("no option is named {other}"),
        }
    }
    asked
}

fn show(proof: &Proof, start: Instant) {
    println!(
        "{} people, {} refused, worth {:.0} draws each, {:.0} s",
        proof.people,
        proof.refused,
        proof.effective,
        start.elapsed().as_secs_f64()
    );
    for arm in &proof.arms {
        let [half, most] = [arm.within_50, arm.within_90].map(percent);
        println!(
            "  {}: of {} within 50 %: {half}, within 90 %: {most}",
            arm.name, arm.within_50.people
        );
    }
}

/// A share with what chance leaves of it.
fn percent(counts: Counts) -> String {
    let chance = counts.wilson();
    let [share, low, high] = [chance.mean, chance.low, chance.high].map(|s| 100.0 * s);
    format!("{share:.1} % ({low:.1}-{high:.1})")
}

fn main() {
    let asked = asked();
    let table = parameter_table().unwrap();
    let blank = read("person.toml", PERSON, &table).unwrap();
    let forecast = read_forecast(("person.toml", PERSON), &blank, &table, &[]).unwrap();
    let known = readables(&table).unwrap();
    let named = |name: &str| known.iter().find(|r| r.id == name).unwrap().clone();
    let start = Instant::now();
    if asked.narrowing {
        return narrows((&forecast, &table, &blank), &known);
    }
    let set = |seed: u64| {
        let plan = Plan {
            forecast: &forecast,
            table: &table,
            blank: &blank,
            reads: asked.reads.split(',').map(named).collect(),
            profile: asked.profile,
            people: asked.people,
            seed,
        };
        let proof = recovered(&asked, &plan, start);
        println!("set {seed}:");
        show(&proof, start);
        proof
    };
    let sets: Vec<Proof> = (asked.seed..asked.seed + asked.sets).map(set).collect();
    let proof = Proof::of_all(&sets).expect("--sets 1 or more");
    println!("all:");
    show(&proof, start);
    if proof.narrowed.is_finite() {
        println!(
            "  width of the 90 % band over that without the last reading: {:.2}",
            proof.narrowed
        );
    }
    let missed = proof.arms.iter().filter(|arm| !within_aims(arm)).count();
    println!(
        "aims (42-58 % and 85-95 %): {} of {} forecasts within",
        proof.arms.len() - missed,
        proof.arms.len()
    );
    assert_eq!(missed, 0, "people are not recovered");
    narrows((&forecast, &table, &blank), &known);
}

/// What each kind of reading does, and whether it should.
fn narrows((forecast, table, blank): (&Forecast, &ParameterTable, &Person), known: &[Readable]) {
    const PEOPLE: u32 = 200;
    const POOL: u32 = 3_000;
    let usable = |r: &&Readable| r.inference && r.condition.as_deref().is_none_or(|c| c == "ad");
    let plan = Plan {
        forecast,
        table,
        blank,
        reads: known.iter().filter(usable).cloned().collect(),
        profile: false,
        people: PEOPLE,
        seed: 1,
    };
    println!(
        "spread of the forecast as now, by one reading alone over the prior, and by it and EASI over EASI:"
    );
    let all = narrowing(&plan, POOL).unwrap();
    for reading in &all {
        let [alone, added] = reading.errors.map(|error| 2.0 * error);
        println!(
            "  {:24} {:.3} (x/ {:.3})  {:.3} (x/ {:.3})",
            reading.reading,
            reading.alone,
            alone.exp(),
            reading.added,
            added.exp()
        );
    }
    println!("may be neutral: {}", NEUTRAL.join(", "));
    let faults: Vec<String> = all.iter().filter_map(Narrowing::fault).collect();
    assert!(faults.is_empty(), "{faults:?}");
}

fn recovered(asked: &Asked, plan: &Plan<'_>, start: Instant) -> Proof {
    if let Some(pool) = asked.pool {
        return by_pool(plan, pool).unwrap();
    }
    let request = Request {
        candidates: 4 * asked.draws,
        pilot: (asked.draws / 4).max(125),
        draws: asked.draws as usize,
        routes: false,
        apart: false,
        ..Request::default()
    };
    let mut progress = |proof: &Proof| {
        if proof.people.is_multiple_of(10) {
            show(proof, start);
        }
    };
    by_twins(plan, &request, &mut progress).unwrap()
}

/// The aims of the project.
fn within_aims(arm: &Coverage) -> bool {
    (0.42..=0.58).contains(&arm.within_50.share()) && (0.85..=0.95).contains(&arm.within_90.share())
}
